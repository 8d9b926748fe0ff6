"""Rules on completeness, validity and staleness."""

from .catalogue import on
from .layouts import DATASETS
from .values import (
    VALIDITY,
    add_years,
    address_form,
    differ,
    email_form,
    is_iban,
    is_temporary_identity_code,
    joined_address_form,
    line_form,
    name_form,
    phone_form,
)
from .world import World

PORTAL_FORMS = {
    "email": email_form,
    "phone": phone_form,
    "street_address": line_form,
    "postal_code": line_form,
    "city": line_form,
}
# Whether a copy or a change is older than the confirmation; a mismatch reads it too, as it leaves those aside.
CONFIRMATION = "customers: customer_number customer_until contact_confirmed_on"
MAP_AGE_INPUTS = ("map_customers: customer_number imported_on", CONFIRMATION)
PORTAL_AGE_INPUTS = ("accounts: customer_number contact_changed_on", CONFIRMATION)
MAP_INPUTS = [  # a part whose columns the period lacks is not compared
    ("name", "map_customers: name", "customers: name"),
    ("phone", "map_customers: phone", "customers: phone"),
    ("address", "map_customers: address", "customers: street_address postal_code city"),
]


# Completeness


def required_missing(world: World):
    for name, dataset in DATASETS.items():
        required = [column.name for column in dataset.columns if column.required and world.has(name, column.name)]
        for record in world.records(name):
            for field in required:
                if record[field] is None:
                    yield on("required-missing", record, field)


def conditional_missing(world: World):
    rule = "conditional-missing"
    if world.reads(rule, "business_id", "customers: customer_type business_id"):
        for customer in world.records("customers"):
            if customer["customer_type"] == "Y" and customer["business_id"] is None:
                yield on(rule, customer, "business_id")
    if world.reads(rule, "e_invoice", "customers: e_invoice_address e_invoice_operator"):
        for customer in world.records("customers"):
            missing = [field for field in ("e_invoice_address", "e_invoice_operator") if customer[field] is None]
            if len(missing) == 1:
                yield on(rule, customer, missing[0])
    if world.reads(rule, "ended_on", "connections: status ended_on"):
        for connection in world.records("connections"):
            if connection["status"] == "päättynyt" and connection["ended_on"] is None:
                yield on(rule, connection, "ended_on")
    if world.reads(rule, "original_agreement_number", "agreements: agreement_type original_agreement_number"):
        for agreement in world.records("agreements"):
            if agreement["agreement_type"] == "lisäliittymäsopimus" and agreement["original_agreement_number"] is None:
                yield on(rule, agreement, "original_agreement_number")
    if world.reads(rule, "contact_confirmed_on", "customers: customer_until contact_confirmed_on"):
        for customer in world.records("customers"):
            if world.is_current(customer) and customer["contact_confirmed_on"] is None:
                yield on(rule, customer, "contact_confirmed_on")


def refund_account_missing(world: World):
    rule = "refund-account-missing"
    if world.reads(rule, "", "invoices: refund_due customer_number", "customers: customer_number bank_account"):
        for invoice in world.records("invoices"):
            customer = world.customer_of(invoice)
            if (
                invoice["refund_due"] == "K"
                and customer
                and not (customer["bank_account"] and is_iban(customer["bank_account"]))
            ):
                yield on(rule, invoice)


def agreement_missing(world: World):
    rule = "agreement-missing"
    if world.reads(rule, "", "connections: status agreement_number", "agreements: agreement_number"):
        for connection in world.records("connections"):
            number = connection["agreement_number"]
            if connection["status"] == "voimassa" and number and not world.last("agreements", number):
                yield on(rule, connection, "agreement_number")


def attachment_missing(world: World):
    for field in ("site_plan", "floor_plan"):
        if world.reads("attachment-missing", field, f"agreements: {field}"):
            for agreement in world.records("agreements"):
                if agreement[field] == "E":
                    yield on("attachment-missing", agreement, field)


def original_agreement_missing(world: World):
    rule = "original-agreement-missing"
    if world.reads(rule, "", "agreements: agreement_number agreement_type original_agreement_number"):
        for agreement in world.records("agreements"):
            original = agreement["original_agreement_number"]
            if (
                agreement["agreement_type"] == "lisäliittymäsopimus"
                and original
                and not world.last("agreements", original)
            ):
                yield on(rule, agreement, "original_agreement_number")


def contract_missing(world: World):
    rule = "contract-missing"
    if world.reads(rule, "", "customers: customer_number customer_until", "connections: customer_number"):
        for customer in world.records("customers"):
            number = customer["customer_number"]
            if number and world.is_current(customer) and number not in world.by("connections", "customer_number"):
                yield on(rule, customer)


# Validity


def invalid_value(world: World):
    for name, dataset in DATASETS.items():
        for record in world.records(name):
            for field in VALIDITY.keys() & dataset.names():
                if record[field] is not None and not VALIDITY[field](record[field]):
                    yield on("invalid-value", record, field)


def temporary_identity_code(world: World):
    rule = "temporary-identity-code"
    if world.synthetic_data or not world.reads(rule, "", "customers: personal_identity_code"):
        return
    for customer in world.records("customers"):
        if customer["personal_identity_code"] and is_temporary_identity_code(customer["personal_identity_code"]):
            yield on(rule, customer, "personal_identity_code")


# Staleness


def map_differences(row, customer) -> list[str]:
    """Fields of the map's copy that differ from billing."""
    billing_address = joined_address_form(customer["street_address"], customer["postal_code"], customer["city"])
    pairs = {
        "name": (name_form(row["name"]), name_form(customer["name"])),
        "address": (address_form(row["address"]), billing_address),
        "phone": (phone_form(row["phone"]), phone_form(customer["phone"])),
    }
    return [field for field, (copy, original) in pairs.items() if differ(copy, original)]


def portal_differences(account, customer) -> list[str]:
    return [field for field, form in PORTAL_FORMS.items() if differ(form(account[field]), form(customer[field]))]


def contact_unconfirmed(world: World):
    rule = "contact-unconfirmed"
    if world.reads(rule, "", "customers: customer_until contact_confirmed_on"):
        for customer in world.records("customers"):
            confirmed = customer["contact_confirmed_on"]
            if world.is_current(customer) and confirmed and add_years(confirmed, 3) < world.as_of:
                yield on(rule, customer, "contact_confirmed_on", detail=f"confirmed {confirmed}")


def stale_map_copies(world: World):
    """Map rows older than the customer's last confirmation that differ from it, with the fields that do."""
    rule = "map-copy-stale"
    if not world.reads(rule, "", *MAP_AGE_INPUTS):
        return
    for part in MAP_INPUTS:
        world.reads(rule, *part)
    for row in world.records("map_customers"):
        customer = world.customer_of(row)
        if (
            not customer
            or not world.is_current(customer)
            or not row["imported_on"]
            or not customer["contact_confirmed_on"]
        ):
            continue
        if row["imported_on"] < customer["contact_confirmed_on"] and (differing := map_differences(row, customer)):
            yield row, differing


def map_copy_stale(world: World):
    for row, differing in stale_map_copies(world):
        yield on("map-copy-stale", row, "imported_on", detail=", ".join(differing))


def unpropagated_changes(world: World):
    """Accounts changed after the customer's last confirmation, with the fields that differ from billing."""
    rule = "portal-change-not-propagated"
    if not world.reads(rule, "", *PORTAL_AGE_INPUTS):
        return
    for field in PORTAL_FORMS:
        world.reads(rule, field, f"accounts: {field}", f"customers: {field}")
    for account in world.records("accounts"):
        customer, changed = world.customer_of(account), account["contact_changed_on"]
        if not customer or not world.is_current(customer) or not changed:
            continue
        confirmed = customer["contact_confirmed_on"]
        if (confirmed is None or changed > confirmed) and (differing := portal_differences(account, customer)):
            yield account, differing


def portal_change_not_propagated(world: World):
    for account, differing in unpropagated_changes(world):
        for field in differing:
            yield on("portal-change-not-propagated", account, field, detail=f"changed {account['contact_changed_on']}")


def account_dormant(world: World):
    rule = "account-dormant"
    if world.reads(
        rule, "", "accounts: customer_number last_login_on created_on", "customers: customer_number customer_until"
    ):
        for account in world.records("accounts"):
            customer, last = world.customer_of(account), account["last_login_on"] or account["created_on"]
            if customer and world.is_current(customer) and last and add_years(last, 2) < world.as_of:
                yield on(rule, account, "last_login_on", detail=f"last {last}")


def retention_review_overdue(world: World):
    rule = "retention-review-overdue"
    if world.reads(rule, "", "agreements: retention_reviewed_on agreed_on"):
        for agreement in world.records("agreements"):
            last = agreement["retention_reviewed_on"] or agreement["agreed_on"]
            if last and add_years(last, 5) < world.as_of:
                yield on(rule, agreement, "retention_reviewed_on", detail=f"last {last}")


RULES = [
    required_missing,
    conditional_missing,
    refund_account_missing,
    agreement_missing,
    attachment_missing,
    original_agreement_missing,
    contract_missing,
    invalid_value,
    temporary_identity_code,
    contact_unconfirmed,
    map_copy_stale,
    portal_change_not_propagated,
    account_dormant,
    retention_review_overdue,
]
