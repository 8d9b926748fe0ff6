"""Rules between systems."""

from collections import defaultdict

from .catalogue import on
from .quality import (
    MAP_AGE_INPUTS,
    MAP_INPUTS,
    PORTAL_AGE_INPUTS,
    PORTAL_FORMS,
    map_differences,
    portal_differences,
    stale_map_copies,
    unpropagated_changes,
)
from .retention import invoice_last_day
from .values import business_id_form, differ, is_business_id, is_identity_code, name_form
from .world import World

CONNECTION_USERS = ("meter_readings", "consumption", "agreements")
CUSTOMER_USERS = (
    "connections",
    "invoices",
    "claims",
    "ledger",
    "map_customers",
    "messages",
    "accounts",
    "consumption",
    "installer_disclosures",
    "requests",
    "consents",
)


def orphan_record(world: World):
    rule = "orphan-record"
    for name in CONNECTION_USERS:
        if world.reads(
            rule, f"{name}.connection_number", f"{name}: connection_number", "connections: connection_number"
        ):
            for record in world.records(name):
                if record["connection_number"] and not world.last("connections", record["connection_number"]):
                    yield on(rule, record, "connection_number")
    for name in CUSTOMER_USERS:
        own = " company" if name == "ledger" else ""
        if world.reads(rule, f"{name}.customer_number", f"{name}: customer_number{own}", "customers: customer_number"):
            for record in world.own_ledger if own else world.records(name):
                if record["customer_number"] and not world.customer_of(record):
                    yield on(rule, record, "customer_number")


def map_mismatch(world: World):
    rule = "contact-mismatch"
    if not world.reads(rule, "map_customers", *MAP_AGE_INPUTS):
        return
    for part in MAP_INPUTS:
        world.reads(rule, f"map_customers.{part[0]}", *part[1:])
    stale = {id(row) for row, _ in stale_map_copies(world)}
    for row in world.records("map_customers"):
        customer = world.customer_of(row)
        for field in map_differences(row, customer) if customer and id(row) not in stale else []:
            yield on(rule, row, field)


def ledger_mismatch(world: World):
    rule = "contact-mismatch"
    if world.reads(
        rule, "ledger", "ledger: company customer_number name open_amount", "customers: customer_number name"
    ):
        for row in world.own_ledger:
            customer = world.customer_of(row)
            if row["open_amount"] and customer and differ(name_form(row["name"]), name_form(customer["name"])):
                yield on(rule, row, "name")


def portal_mismatch(world: World):
    rule = "contact-mismatch"
    if not world.reads(rule, "accounts", *PORTAL_AGE_INPUTS):
        return
    for field in PORTAL_FORMS:
        world.reads(rule, f"accounts.{field}", f"accounts: {field}", f"customers: {field}")
    unpropagated = {id(account) for account, _ in unpropagated_changes(world)}
    for account in world.records("accounts"):
        customer = world.customer_of(account)
        for field in portal_differences(account, customer) if customer and id(account) not in unpropagated else []:
            yield on(rule, account, field)


def invoice_not_in_ledger(world: World):
    rule = "invoice-not-in-ledger"
    if world.reads(rule, "", "invoices: invoice_number", "ledger: company invoice_number"):
        for invoice in world.records("invoices"):
            if invoice["invoice_number"] and not world.own_ledger_of("invoice_number", invoice["invoice_number"]):
                yield on(rule, invoice)


def ledger_not_in_billing(world: World):
    rule = "ledger-not-in-billing"
    if world.reads(rule, "", "ledger: company invoice_number voucher_date", "invoices: invoice_number"):
        for row in world.own_ledger:
            erased_rightly = row["voucher_date"] and invoice_last_day(row["voucher_date"]) < world.as_of
            if row["invoice_number"] and not world.last("invoices", row["invoice_number"]) and not erased_rightly:
                yield on(rule, row, "invoice_number")


def amount_mismatch(world: World):
    rule = "amount-mismatch"
    if world.reads(rule, "", "invoices: invoice_number amount", "ledger: company invoice_number amount"):
        for invoice in world.records("invoices"):
            amounts = [row["amount"] for row in world.own_ledger_of("invoice_number", invoice["invoice_number"])]
            if not amounts or invoice["amount"] is None or None in amounts:
                continue
            if abs(invoice["amount"] - sum(amounts)) * 100 >= 1:
                yield on(rule, invoice, "amount")


def duplicate_person(world: World):
    rule = "duplicate-person"
    identifiers = [
        ("personal_identity_code", is_identity_code, str.upper, "high"),
        ("business_id", is_business_id, business_id_form, "low"),
    ]
    for field, is_valid, form, severity in identifiers:
        if not world.reads(rule, field, f"customers: customer_number {field}"):
            continue
        bearers = defaultdict(list)
        for customer in world.records("customers"):
            if customer["customer_number"] and customer[field] and is_valid(customer[field]):
                bearers[form(customer[field])].append(customer)
        for customers in bearers.values():
            numbers = {customer["customer_number"] for customer in customers}
            for customer in customers if len(numbers) > 1 else []:
                yield on(rule, customer, field, severity=severity, detail=f"{len(numbers)} customers")


def register_mismatch(world: World):
    rule = "register-mismatch"
    companies = {business_id_form(company["business_id"]): company for company in world.records("companies")}
    for field, own, theirs in (("name", " name", " name"), ("business_id", "", " status")):
        inputs = f"customers: customer_type business_id{own}", f"companies: business_id{theirs}"
        if not world.reads(rule, field, *inputs):
            continue
        for customer in world.records("customers"):
            number = customer["business_id"]
            known = customer["customer_type"] == "Y" and number and is_business_id(number)
            company = companies.get(business_id_form(number)) if known else None
            if not company:
                continue
            if field == "name" and differ(name_form(customer["name"]), name_form(company["name"])):
                yield on(rule, customer, field)
            if field == "business_id" and company["status"] == "lakannut":
                yield on(rule, customer, field)


def e_invoice_mismatch(world: World):
    rule, field = "e-invoice-mismatch", "e_invoice_address"
    listed = world.reads(rule, "address", f"customers: customer_type {field}", f"e_invoice_addresses: {field}")
    compared = world.reads(rule, "business_id", "customers: business_id", "e_invoice_addresses: business_id")
    for customer in world.records("customers") if listed else []:
        if customer["customer_type"] != "Y" or not customer[field]:
            continue
        entry = world.last("e_invoice_addresses", customer[field])
        if not entry:
            yield on(rule, customer, field, detail="not listed")
        elif compared and differ(business_id_form(customer["business_id"]), business_id_form(entry["business_id"])):
            yield on(rule, customer, field, detail="another business id")


RULES = [
    orphan_record,
    map_mismatch,
    ledger_mismatch,
    portal_mismatch,
    invoice_not_in_ledger,
    ledger_not_in_billing,
    amount_mismatch,
    duplicate_person,
    register_mismatch,
    e_invoice_mismatch,
]
