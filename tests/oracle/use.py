"""Rules on minimisation, disclosure, access and rights."""

from .catalogue import on
from .freetext import kinds_in
from .layouts import DECLARED_CATEGORIES, DECLARED_SOURCES, DISCLOSABLE, OWN_COMPANY
from .values import add_days, add_months, add_years, next_working_day
from .world import World

UTILITY, TOWN = "Kauhajoen Vesihuolto Oy", "Kauhajoen kaupunki"


# Minimisation


def foreign_company_row(world: World):
    rule = "foreign-company-row"
    if world.reads(rule, "", "ledger: company"):
        for row in world.records("ledger"):
            if row["company"] not in (None, OWN_COMPANY):
                yield on(rule, row)


def copy_without_source(world: World):
    rule = "copy-without-source"
    if world.reads(rule, "", "map_customers: customer_number phone", "customers: customer_number phone"):
        for row in world.records("map_customers"):
            customer = world.customer_of(row)
            if row["phone"] and customer and not customer["phone"]:
                yield on(rule, row, "phone")


def identity_code_on_organisation(world: World):
    rule = "identity-code-on-organisation"
    if world.reads(rule, "", "customers: customer_type personal_identity_code"):
        for customer in world.records("customers"):
            if customer["customer_type"] == "Y" and customer["personal_identity_code"]:
                yield on(rule, customer)


def _is_finished(world: World, customer) -> bool:
    """Former for more than three years, nothing held, open or to be refunded."""
    number = customer["customer_number"]
    if not number or not world.is_former(customer) or add_years(customer["customer_until"], 3) >= world.as_of:
        return False
    return not (
        world.is_customer_held(number)
        or any(row["open_amount"] for row in world.own_ledger_of("customer_number", number))
        or any(claim["resolved_on"] is None for claim in world.by("claims", "customer_number").get(number, []))
        or any(invoice["refund_due"] == "K" for invoice in world.by("invoices", "customer_number").get(number, []))
    )


def field_not_needed(world: World):
    rule = "field-not-needed"
    others = (
        "ledger: company customer_number open_amount",
        "claims: customer_number resolved_on",
        "invoices: customer_number refund_due",
    )
    for field in ("personal_identity_code", "phone", "email", "bank_account", "notes"):
        if not world.reads(rule, field, f"customers: customer_number customer_until {field}", *others):
            continue
        for customer in world.records("customers"):
            if customer[field] and _is_finished(world, customer):
                severity = "high" if field == "personal_identity_code" else "medium"
                yield on(rule, customer, field, severity=severity)


def identifier_in_free_text(world: World):
    rule, strict = "identifier-in-free-text", ("identity code", "IBAN")
    texts = [
        ("customers", "notes", (*strict, "email", "phone")),
        ("claims", "description", (*strict, "email", "phone")),
        ("messages", "text", strict),
    ]
    for name, field, kinds in texts:
        if world.reads(rule, f"{name}.{field}", f"{name}: {field}"):
            for record in world.records(name):
                if record[field] and (found := kinds_in(record[field], kinds)):
                    yield on(rule, record, field, detail=", ".join(found))


def marketing_use(world: World):
    rule = "marketing-use"
    if world.reads(rule, "", "messages: category"):
        for message in world.records("messages"):
            if message["category"] and message["category"] not in DECLARED_CATEGORIES:
                yield on(rule, message)


def source_not_declared(world: World):
    rule = "source-not-declared"
    undeclared = world.reads(rule, "declared", "customers: contact_source")
    misplaced = world.reads(rule, "type", "customers: contact_source customer_type")
    for customer in world.records("customers") if undeclared else []:
        source, kind = customer["contact_source"], customer["customer_type"]
        misused = misplaced and (
            (kind == "Y" and source == "Finder") or (kind == "H" and source in ("PRH", "YTJ", "TIEKE"))
        )
        if source and (source not in DECLARED_SOURCES or misused):
            yield on(rule, customer, "contact_source")


# Disclosure


def _disclosed(disclosure) -> set[str]:
    return {name.strip().casefold() for name in (disclosure["fields"] or "").split(",")} - {""}


def disclosure_excess(world: World):
    rule = "disclosure-excess"
    if world.reads(rule, "", "installer_disclosures: fields"):
        for disclosure in world.records("installer_disclosures"):
            if _disclosed(disclosure) - DISCLOSABLE:
                yield on(rule, disclosure)


def disclosure_not_destroyed(world: World):
    rule = "disclosure-not-destroyed"
    if world.reads(rule, "", "installer_disclosures: channel disclosed_on destroyed_on"):
        for disclosure in world.records("installer_disclosures"):
            if disclosure["channel"] == "paperi" and disclosure["disclosed_on"]:
                last_day, destroyed = add_days(disclosure["disclosed_on"], 30), disclosure["destroyed_on"]
                if (destroyed or world.as_of) > last_day:
                    yield on(rule, disclosure, due_on=last_day)


def disclosure_of_protected(world: World):
    rule = "disclosure-of-protected"
    if world.reads(
        rule, "", "installer_disclosures: customer_number fields", "customers: customer_number protected_address"
    ):
        for disclosure in world.records("installer_disclosures"):
            customer = world.customer_of(disclosure)
            if customer and customer["protected_address"] == "K" and "osoite" in _disclosed(disclosure):
                yield on(rule, disclosure)


def processor_agreement_missing(world: World):
    rule = "processor-agreement-missing"
    signed = world.reads(rule, "signed", "processors: agreement_signed_on")
    valid = world.reads(rule, "valid", "processors: agreement_valid_until")
    for processor in world.records("processors"):
        ended = processor["agreement_valid_until"] and processor["agreement_valid_until"] < world.as_of
        if (signed and processor["agreement_signed_on"] is None) or (valid and ended):
            yield on(rule, processor)


def unsafe_test_data(world: World):
    rule = "test-data-personal"
    if world.reads(rule, "", "processors: test_use test_data_anonymised"):
        for processor in world.records("processors"):
            if processor["test_use"] == "K" and processor["test_data_anonymised"] != "K":
                yield on(rule, processor)


# Access


def _has_ended(world: World, account) -> bool:
    return account["ended_on"] is not None and account["ended_on"] <= world.as_of


def _is_allowed(system: str | None, organisation: str | None, role: str | None) -> bool:
    if not (system and organisation and role):
        return False
    if system in ("VesikantaPlus", "KeyAqua"):
        return organisation == UTILITY
    return system == "ProEconomica" and (
        (organisation == UTILITY and role in ("toimisto", "toimitusjohtaja"))
        or role == "kirjanpitäjä"
        or (organisation == TOWN and role == "pääkirjanpitäjä")
    )


def access_not_allowed(world: World):
    rule = "access-not-allowed"
    if world.reads(rule, "", "user_accounts: system organisation role ended_on"):
        for account in world.records("user_accounts"):
            if not _has_ended(world, account) and not _is_allowed(
                account["system"], account["organisation"], account["role"]
            ):
                yield on(rule, account)


def access_dormant(world: World):
    rule = "access-dormant"
    if world.reads(rule, "", "user_accounts: ended_on last_login_on granted_on"):
        for account in world.records("user_accounts"):
            last = account["last_login_on"] or account["granted_on"]
            if not _has_ended(world, account) and last and add_years(last, 1) < world.as_of:
                yield on(rule, account, detail=f"last {last}")


# Rights


def request_overdue(world: World):
    rule = "request-overdue"
    if world.reads(rule, "", "requests: received_on answered_on extended"):
        for request in world.records("requests"):
            if request["received_on"]:
                months = 3 if request["extended"] == "K" else 1
                last_day = next_working_day(add_months(request["received_on"], months))
                if (request["answered_on"] or world.as_of) > last_day:
                    yield on(rule, request, due_on=last_day)


def consent_withdrawn_in_use(world: World):
    rule = "consent-withdrawn-in-use"
    if world.reads(rule, "", "consents: withdrawn_on in_use"):
        for consent in world.records("consents"):
            if consent["withdrawn_on"] and consent["withdrawn_on"] <= world.as_of and consent["in_use"] == "K":
                yield on(rule, consent)


RULES = [
    foreign_company_row,
    copy_without_source,
    identity_code_on_organisation,
    field_not_needed,
    identifier_in_free_text,
    marketing_use,
    source_not_declared,
    disclosure_excess,
    disclosure_not_destroyed,
    disclosure_of_protected,
    processor_agreement_missing,
    unsafe_test_data,
    access_not_allowed,
    access_dormant,
    request_overdue,
    consent_withdrawn_in_use,
]
