"""The disposal schedule: what each record's last day is, and the rules that follow from it."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from .catalogue import finding, on
from .layouts import DATASETS
from .reading import Record
from .values import add_months, add_years, end_of_year
from .world import World

ACTIVE, DUE, HELD = "active", "due", "held"
NOT_RUNNING, TRIGGER_MISSING, NO_CRITERION = "not running", "trigger missing", "no criterion"
UNTIL_FURTHER_NOTICE = ("connections", "agreements")


def invoice_last_day(invoiced_on: dt.date) -> dt.date:
    """The financial year is the calendar year: both offsets lead to the same 31 December."""
    return add_years(end_of_year(invoiced_on), 6)


def ledger_last_day(financial_year_end: dt.date) -> dt.date:
    return add_years(financial_year_end, 10)


def claim_last_day(resolved_on: dt.date) -> dt.date:
    return add_years(resolved_on, 3)


@dataclass(frozen=True)
class RetentionClass:
    """`reference` is the time reference; `awaits` says that its event may still be to come."""

    dataset: str
    reference: str
    last_day: Callable[[dt.date], dt.date]
    awaits: bool = False
    of_customer: bool = False
    subject: str = "customer_number"  # what a hold finds the record by
    also: str = ""


CLASSES = [
    RetentionClass("invoices", "invoiced_on", invoice_last_day),
    RetentionClass("ledger", "financial_year_end", ledger_last_day, also="company"),
    RetentionClass("meter_readings", "read_on", invoice_last_day, subject="connection_number"),
    RetentionClass("consumption", "month", lambda day: add_years(day, 3), subject="customer_number connection_number"),
    RetentionClass("messages", "sent_at", lambda moment: add_years(moment.date(), 2)),
    RetentionClass("accounts", "customer_until", lambda day: add_months(day, 12), awaits=True, of_customer=True),
    RetentionClass("claims", "resolved_on", claim_last_day, awaits=True),
    RetentionClass("installer_disclosures", "disclosed_on", lambda day: add_years(day, 1)),
    RetentionClass("user_accounts", "ended_on", lambda day: add_years(day, 1), awaits=True, subject=""),
    RetentionClass("requests", "answered_on", lambda day: add_years(day, 3), awaits=True),
    RetentionClass("consents", "withdrawn_on", lambda day: add_years(day, 3), awaits=True),
    RetentionClass("map_customers", "customer_until", lambda day: add_months(day, 12), awaits=True, of_customer=True),
]
CUSTOMER_READS = (
    "customers: customer_number customer_until",
    "connections: customer_number status",
    "claims: customer_number resolved_on",
    "invoices: customer_number invoiced_on",
    "ledger: company customer_number open_amount financial_year_end",
)


@dataclass(frozen=True)
class Fate:
    """What the schedule says of one record as of the day."""

    record: Record
    start: dt.date | None
    last_day: dt.date | None
    state: str
    reason: str = ""


def _class_records(world: World, name: str) -> list[Record]:
    return world.own_ledger if name == "ledger" else world.records(name)


def _class_reads(kind: RetentionClass) -> list[str]:
    reference = "" if kind.of_customer else kind.reference
    inputs = [f"{kind.dataset}: {kind.subject} {reference} {kind.also}"]
    if kind.of_customer:
        inputs.append(f"customers: customer_number {kind.reference}")
    if "connection_number" in kind.subject:
        inputs.append("connections: connection_number customer_number")
    return inputs


def _running(world: World, record: Record, start: dt.date, last_day: dt.date, reason: str = "") -> Fate:
    if world.is_held(record):
        return Fate(record, start, last_day, HELD, reason)
    return Fate(record, start, last_day, DUE if world.as_of > last_day else ACTIVE, reason)


def _fate(world: World, kind: RetentionClass, record: Record) -> Fate:
    bearer = world.customer_of(record) if kind.of_customer else record
    start = bearer[kind.reference] if bearer else None
    if start is None:
        if (
            bearer
            and kind.awaits
            and kind.reference not in bearer.unreadable
            and not _is_stuck(world, kind.dataset, record)
        ):
            return Fate(record, None, None, NOT_RUNNING)
        return Fate(record, None, None, TRIGGER_MISSING)
    if kind.awaits and start > world.as_of:
        return Fate(record, start, kind.last_day(start), NOT_RUNNING)
    return _running(world, record, start, kind.last_day(start))


def _is_stuck(world: World, name: str, record: Record) -> bool:
    """A claim or user account that waits for its event without hope."""
    if name == "claims":
        return bool(record["opened_on"]) and add_years(record["opened_on"], 5) < world.as_of
    if name == "user_accounts":
        dates = [day for day in (record["last_login_on"], record["granted_on"]) if day]
        return all(add_years(day, 3) < world.as_of for day in dates)
    return False


# Customers: gone when nothing holds them any more.


def _has_no_customer_until(world: World, customer: Record) -> bool:
    """Unreadable, or missing although every connection that it had has ended."""
    if "customer_until" in customer.unreadable:
        return True
    number = customer["customer_number"]
    if customer["customer_until"] is not None or not number:
        return False
    statuses = {connection["status"] for connection in world.by("connections", "customer_number").get(number, [])}
    return "voimassa" not in statuses and "päättynyt" in statuses


def _blockers(world: World, number: str):
    yield any(
        connection["status"] == "voimassa" for connection in world.by("connections", "customer_number").get(number, [])
    )
    ledger = world.own_ledger_of("customer_number", number)
    yield any(row["open_amount"] or row["financial_year_end"] is None for row in ledger)
    yield any(claim["resolved_on"] is None for claim in world.by("claims", "customer_number").get(number, []))
    yield any(invoice["invoiced_on"] is None for invoice in world.by("invoices", "customer_number").get(number, []))


def _last_days(world: World, customer: Record) -> list[tuple[dt.date, str]]:
    number = customer["customer_number"]
    days = [(add_years(customer["customer_until"], 3), "customer_until")]
    days += [
        (invoice_last_day(row["invoiced_on"]), "invoices")
        for row in world.by("invoices", "customer_number").get(number, [])
    ]
    days += [
        (ledger_last_day(row["financial_year_end"]), "ledger") for row in world.own_ledger_of("customer_number", number)
    ]
    days += [
        (claim_last_day(row["resolved_on"]), "claims") for row in world.by("claims", "customer_number").get(number, [])
    ]
    return days


def _customer_fate(world: World, customer: Record) -> Fate | None:
    number, until = customer["customer_number"], customer["customer_until"]
    if not number:
        return None
    if _has_no_customer_until(world, customer):
        return Fate(customer, None, None, TRIGGER_MISSING)
    if not world.is_former(customer) or any(_blockers(world, number)):
        return Fate(customer, until, None, NOT_RUNNING)
    last_day, reason = max(_last_days(world, customer), key=lambda day: day[0])
    return _running(world, customer, until, last_day, reason)


def fates(world: World):
    """One fate per record of every class that can be evaluated."""
    rule = "past-retention"
    for kind in CLASSES:
        if world.reads(rule, kind.dataset, *_class_reads(kind)):
            yield from (_fate(world, kind, record) for record in _class_records(world, kind.dataset))
    if world.reads(rule, "customers", *CUSTOMER_READS):
        yield from (fate for customer in world.records("customers") if (fate := _customer_fate(world, customer)))
    for name in UNTIL_FURTHER_NOTICE:
        yield from (Fate(record, None, None, NO_CRITERION) for record in world.records(name))


# The rules


def past_retention(world: World):
    for fate in fates(world):
        if fate.state == DUE:
            yield on("past-retention", fate.record, due_on=fate.last_day, detail=fate.reason)


def trigger_missing(world: World):
    rule = "trigger-missing"
    for kind in CLASSES:
        required = {column.name for column in DATASETS[kind.dataset].columns if column.required}
        if kind.reference in required and world.reads(
            rule, kind.dataset, f"{kind.dataset}: {kind.reference} {kind.also}"
        ):
            for record in _class_records(world, kind.dataset):
                if record[kind.reference] is None:
                    yield on(rule, record, kind.reference)
    waiting = [("claims", "resolved_on", "opened_on"), ("user_accounts", "ended_on", "last_login_on granted_on")]
    for name, reference, others in waiting:
        if world.reads(rule, name, f"{name}: {reference} {others}"):
            for record in world.records(name):
                if record[reference] is None and _is_stuck(world, name, record):
                    yield on(rule, record, reference)


def customer_trigger_missing(world: World):
    rule = "trigger-missing"
    readable = world.reads(rule, "customers (unreadable)", "customers: customer_until")
    connected = world.reads(rule, "customers", "customers: customer_number", "connections: customer_number status")
    for customer in world.records("customers") if readable else []:
        if "customer_until" in customer.unreadable or (connected and _has_no_customer_until(world, customer)):
            yield on(rule, customer, "customer_until")


def retention_criterion_missing(world: World):
    for name in UNTIL_FURTHER_NOTICE:
        yield finding("retention-criterion-missing", DATASETS[name])


def deleted_early(world: World):
    rule = "deleted-early"
    kinds = [
        ("invoices", "invoiced_on", invoice_last_day),
        ("ledger", "financial_year_end", ledger_last_day),
        ("agreements", None, None),
    ]
    if world.previous is None:
        world.not_evaluated.add((rule, "", "previous period"))
        return
    for name, reference, last_day_of in kinds:
        key = DATASETS[name].key
        needed = [key] + [reference] * bool(reference) + ["company"] * (name == "ledger")
        if not world.previous.reads(rule, f"{name} before", f"{name}: {' '.join(needed)}") or not world.reads(
            rule, name, f"{name}: {key}"
        ):
            continue
        kept = world.by(name, key).keys() | world.tables[name].rejected_cells
        for record in _class_records(world.previous, name):
            last_day = last_day_of(record[reference]) if reference and record[reference] else None
            is_early = reference is None or (last_day is not None and last_day >= world.as_of)
            if record[key] and record[key] not in kept and is_early:
                yield on(rule, record, due_on=last_day)
    world.not_evaluated |= {entry for entry in world.previous.not_evaluated if entry[0] == rule}


RULES = [past_retention, trigger_missing, customer_trigger_missing, retention_criterion_missing, deleted_early]
