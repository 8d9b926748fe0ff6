"""`findings.csv`, `findings.parquet`, `ledger.csv`, `standing.csv` and `acceptances.csv`: a period's findings as handed out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pipelines import outputs, small
from pipelines.rules.findings import COLUMNS
from pipelines.sql import literal, one_value

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# What the ledger adds to a period's findings.
LEDGER_COLUMNS = ("state", "first_seen", "last_seen", "age_days", "periods_open")
# SQL of whether a record key contains its customer's number: as one of its parts, or anywhere unless it is short.
HOLDS_NUMBER = (
    "(list_contains(string_split(record_key, '|'), customer_number)"
    " or (length(customer_number) >= 4 and contains(record_key, customer_number)))"
)


def write_findings(connection: DuckDBPyConnection, folder: Path) -> None:
    """`findings.csv` (UTF-8, comma, LF, ISO dates) and `findings.parquet`, sorted; same input, same bytes.

    `ledger.csv` beside them has everything else in the ledger by this period, with the home's own fingerprints. What
    `results.reserved` lists is left out (`pipelines.notice.released`): a reference replaces the customer's number.
    """
    folder.mkdir(parents=True, exist_ok=True)
    order = "order by f.rule, f.system, f.dataset, f.record_key, f.field"
    columns = ", ".join(
        f"f.{column}" if column == "due_on" else f"nullif(f.{column}, '') as {column}" for column in COLUMNS
    )
    query = f"select {columns}, {', '.join(f'f.{each}' for each in LEDGER_COLUMNS)} from ({released(connection)}) as f {order}"
    guarded = outputs.guarded_rows(query, "record_key", "field", "customer_number", "detail")
    connection.execute(f"copy ({guarded}) to {literal(folder / 'findings.csv')} (header, delimiter ',')")
    connection.execute(f"copy ({query}) to {literal(folder / 'findings.parquet')} (format parquet, compression zstd)")
    telling = telling_rules(connection)
    others = (
        f"select fingerprint, kind, rule, category, severity, system, dataset, case when rule in ({telling}) and"
        f" {HOLDS_NUMBER} then fingerprint else record_key end as record_key,"
        " nullif(field, '') as field, due_on, state, first_seen, last_seen, resolved_on, age_days, periods_open, act_by,"
        " nullif(promise, '') as promise, nullif(reason, '') as reason from ledger.states where kind <> 'finding' or not is_found"
    )
    _write_standing(connection, folder)
    target = literal(folder / "ledger.csv")
    guarded = outputs.guarded_rows(f"select * from ({others}) as f {order}, f.fingerprint", "record_key", "field")
    connection.execute(f"copy ({guarded}) to {target} (header, delimiter ',')")


def released(connection: DuckDBPyConnection) -> str:
    """SQL of the period's findings, with the ledger's columns, as they are handed out."""
    reserved = "results.reserved"
    if not is_reserved(connection):  # a home of an earlier version has no list of what must not be released
        reserved = "(select *, customer_number <> '' as hides_customer, false as hides_key, true as hides_detail, '…' as reference from results.findings)"
    changed = {
        "record_key": "case when r.hides_key then r.reference else f.record_key end",
        "customer_number": "case when r.hides_customer then r.reference else f.customer_number end",
        "detail": f"case when r.hides_detail then {literal(small.MARK)} else f.detail end",
    }
    columns = ", ".join(f"{changed.get(column, f'f.{column}')} as {column}" for column in COLUMNS)
    return (
        f"select {columns}, {', '.join(f's.{each}' for each in LEDGER_COLUMNS)} from results.findings as f"
        " join ledger.states as s on s.kind = 'finding' and s.is_found and s.rule = f.rule and s.dataset = f.dataset"
        f" and s.record_key = f.record_key and s.field = f.field left join {reserved} as r on r.rule = f.rule"
        " and r.dataset = f.dataset and r.record_key = f.record_key and r.field = f.field"
    )


def telling_rules(connection: DuckDBPyConnection) -> str:
    """SQL of the rules whose findings alone reveal that a person's address is protected."""
    return "select rule from results.telling_rules" if is_reserved(connection) else "select null"


def is_reserved(connection: DuckDBPyConnection) -> bool:
    """Whether the period lists findings that are handed out only in part."""
    query = "select count(*) from duckdb_tables() where schema_name = 'results' and table_name = 'reserved'"
    return one_value(connection, f"{query} and database_name = current_database()") > 0


def _write_standing(connection: DuckDBPyConnection, folder: Path) -> None:
    """`standing.csv`, the period's numbers as they appear everywhere; `acceptances.csv`, what is accepted and by whom."""
    for name, query, texts in (
        ("standing", "select * from ledger.standing where period = (select period from ledger.periods)", ("who",)),
        (
            "acceptances",
            "select * replace (case when rule in ("
            + telling_rules(connection)
            + ") then fingerprint else record_key end"
            " as record_key) from ledger.in_force",
            ("record_key", "field", "accepted_by", "second_name", "reason"),
        ),
    ):
        guarded = outputs.guarded_rows(query, *texts)
        target = literal(folder / f"{name}.csv")
        connection.execute(f"copy (select * from ({guarded}) order by all) to {target} (header, delimiter ',')")
