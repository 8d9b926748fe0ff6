"""Tasks that no rule of one period can see: erasure requests, and art. 19.

    erasure-request   a dataset still holds records of somebody who requested erasure, which no law requires to be kept
    art-19            another system still holds a value that the data subjects' own register has erased or corrected

A task is one per dataset, data subject and field. Values are compared as keyed hashes. Every later period checks whether an
old task still holds, as for a finding whose rule compares two periods.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pipelines.ledger import copies
from pipelines.ledger.hashes import fingerprint
from pipelines.ledger.periods import relate
from pipelines.registry import build as registry
from pipelines.sql import ident, insert, literal, one_row, one_value

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from pipelines.expectations.context import Context
    from pipelines.expectations.contract import Contract

ERASURE, ART_19 = "erasure-request", "art-19"


class Task(NamedTuple):
    """A kind of task, described like a rule; its owner is the keeper of the system."""

    category: str
    severity: str
    title: str
    todo: str
    term_hours: int
    risk: int


# A request must be answered within a month of receipt; the export may show it later.
TASKS = {
    ERASURE: Task(
        "rights", "high", "Records of somebody who asked for erasure",
        "Erase what no law wants kept, and answer the request (GDPR art. 17).", 14 * 24, 2,
    ),
    ART_19: Task(
        "rights", "medium", "A value that billing has erased or corrected",
        "Erase or correct it here too, or say why it stays (GDPR art. 19).", 30 * 24, 3,
    ),
}  # fmt: skip
# The controller's own SELECT of requests (record_key, customer_number), `expectations/relations/erasure_requests.sql`.
REQUESTS = "erasure_requests"


def find(connection: DuckDBPyConnection, context: Context, period: str, request_datasets: set[str]) -> None:
    """Adds this period's tasks to `ledger.found`, and where they were searched for to `ledger.looks` and `ledger.reads`.

    `request_datasets`: those of the requests themselves, which are kept to account for the answer.
    """
    copies.prepare(connection, context)
    note_looks(connection, period)
    connection.execute(
        "create or replace temp table asked as " + (asked(connection) or "select '' as customer_number where false")
    )
    changes(connection, context)
    # With those of earlier tasks, which `checks` looks for next.
    known = f"from drafts.ledger.found where kind = 'task' and period < {literal(period)}"
    values = one_value(
        connection, f"select (select count(*) from changed) + (select count(*) {known} and rule = {literal(ART_19)})"
    )
    everybody = f"select customer_number from asked union select customer_number from changed union select customer_number {known}"
    copies.gather(connection, everybody, values=bool(values))
    kept = ", ".join(literal(name) for name in ["", *sorted(request_datasets)])
    add(
        connection,
        period,
        ERASURE,
        f"""
        select s.system, s.dataset, s.customer_number, '' as field, '' as value_hash,
            count(distinct s.record_key) || ' records' as detail
        from standing as s join asked as a on a.customer_number = s.customer_number
        where not s.is_lawful and s.dataset not in ({kept})
        group by s.system, s.dataset, s.customer_number
    """,
    )
    add(
        connection,
        period,
        ART_19,
        f"""
        select s.system, s.dataset, s.customer_number, s.field, s.value_hash,
            min(c.change) || ' in the register, ' || count(distinct s.record_key) || ' records' as detail
        from standing as s join changed as c on c.customer_number = s.customer_number and c.value_hash = s.value_hash
        where s.system <> {literal(subject_contract(context).system)} and not s.is_current
        group by s.system, s.dataset, s.customer_number, s.field, s.value_hash
    """,
    )


def add(connection: DuckDBPyConnection, period: str, rule: str, sql: str) -> None:
    """The rows of one kind of task."""
    category, severity, *_ = TASKS[rule]
    connection.execute(
        f"""
        insert into ledger.found by name
        select $period as period, {fingerprint("$rule", "dataset", "customer_number", "field", "value_hash")} 
            as fingerprint, 'task' as kind, true as is_transition, $rule as rule, $category as category,
            $severity as severity, system, dataset,
            customer_number as record_key, field, customer_number, null::date as due_on, detail, value_hash,
            [keyed(customer_number)] as key_hashes, keyed(customer_number) as customer_hash
        from ({sql})
        """,
        {"period": period, "rule": rule, "category": category, "severity": severity},
    )


def note_looks(connection: DuckDBPyConnection, period: str) -> None:
    """Where the tasks were searched for."""
    datasets = connection.execute("select distinct dataset from ledger.holdings order by dataset").fetchall()
    rules = [(rule, dataset) for rule in TASKS for (dataset,) in datasets]
    insert(connection, "ledger.looks", [(period, rule, 1, dataset, "", True) for rule, dataset in rules])
    insert(connection, "ledger.reads", [(period, rule, 1, dataset, dataset, "rows") for rule, dataset in rules])


def asked(connection: DuckDBPyConnection) -> str:
    """SELECT of those who requested erasure; empty if this period or controller has none."""
    known = one_value(
        connection,
        "select count(*) from information_schema.tables where table_catalog = 'period'"
        " and table_schema = 'registry' and table_name = $1",
        [REQUESTS],
    )
    return (
        f"select distinct customer_number from registry.{REQUESTS} where customer_number is not null" if known else ""
    )


def subject_contract(context: Context) -> Contract:
    """The contract of the data subjects' own register."""
    return next(contract for contract in context.contracts if contract.dataset == context.controller.subject[0])


def changes(connection: DuckDBPyConnection, context: Context) -> None:
    """`changed`: (customer_number, value_hash, change) of every value that the data subjects' own register held in
    the previous period but not now. A customer who vanished counts only if the export is provably
    complete."""
    connection.execute(
        "create or replace temp table changed (customer_number varchar, value_hash varchar, change varchar)"
    )
    contract, key = subject_contract(context), context.controller.subject[1]
    now, before = (
        registry.columns_present(connection).get(contract.dataset, set()),
        previous_columns(connection, contract.dataset),
    )
    relate(connection, "feed_verdicts")
    complete = one_value(
        connection,
        "select bool_or(is_complete) from drafts.ledger.feed_verdicts"
        " where dataset = $1 and period = (select period from ledger.periods)",
        [contract.dataset],
    )
    if key not in now & before:
        return
    compared = list(copies.comparable(contract, now & before))
    for kind, _, value, normal in differing(connection, contract, key, compared):
        side = (
            f"(select r.{ident(key)} as key, {value} as value, {normal} as normal"
            f" from {{}}.{ident(contract.dataset)} as r where r.{ident(key)} is not null)"
        )
        erased = "when n.key is null then 'erased'" if complete else "when n.key is null then null"
        connection.execute(
            f"""
            insert into changed
            select key, value_hash, change from (
                select b.key, {copies.hashed(kind, "b.normal")} as value_hash,
                    {copies.hashed(kind, "n.normal")} as hash_now,
                    case {erased} when n.value is null then 'erased' else 'corrected' end as change
                from {side.format("previous.latest")} as b
                left join {side.format("latest")} as n on n.key = b.key
                where b.value is not null and n.value is distinct from b.value
            )
            where change is not null and value_hash is not null and hash_now is distinct from value_hash
              and key not in (
                select cell from feed.rejected_cells where dataset = {literal(contract.dataset)} and cell is not null
              )
            """
        )


def differing(connection: DuckDBPyConnection, contract: Contract, key: str, compared: list[tuple]) -> list[tuple]:
    """Those of the `compared` values that differ anywhere between the two periods: only their normal forms, whose SQL takes long
    to plan, are needed."""
    if not compared:
        return []
    rows = (
        f"select r.{ident(key)} as key, {', '.join(f'{value} as v{n}' for n, (_, _, value, _) in enumerate(compared))}"
    )
    differ = ", ".join(f"bool_or(b.v{n} is not null and n.v{n} is distinct from b.v{n})" for n in range(len(compared)))
    found = one_row(
        connection,
        f"select {differ} from ({rows} from previous.latest.{ident(contract.dataset)} as r) as b"
        f" left join ({rows} from latest.{ident(contract.dataset)} as r) as n on n.key = b.key where b.key is not null",
    )
    return [each for each, differs in zip(compared, found, strict=True) if differs]


def previous_columns(connection: DuckDBPyConnection, dataset: str) -> set[str]:
    """The declared columns of the previous period's export; none if there is no previous period."""
    attached = one_value(connection, "select count(*) from duckdb_databases() where database_name = 'previous'")
    if not attached:
        return set()
    rows = connection.execute(
        "select column_name from previous.feed.columns where dataset = $1 and status = 'declared'", [dataset]
    ).fetchall()
    return {name for (name,) in rows}
