"""Findings and tasks that only a comparison of periods showed, checked again in a later one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.ledger.copies import gather
from pipelines.ledger.hashes import install_hash
from pipelines.ledger.tasks import ART_19, ERASURE
from pipelines.sql import ident, literal, one_value

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def look_again(connection: DuckDBPyConnection, period: str, gathered: bool = False) -> None:
    """`ledger.checks`: whether each task, and each comparison finding of earlier periods, still holds.

    Reads `drafts` and the period's registry; skips what this period's files lack. `gathered`: `standing` already has the
    customers of earlier tasks.
    """
    install_hash(connection)
    connection.execute(
        f"""
        create or replace temp table known as
        select fingerprint, min(kind) as kind, min(rule) as rule, min(dataset) as dataset,
            min(record_key) as record_key,
            min(customer_number) as customer_number, min(value_hash) as value_hash, arg_max(due_on, period) as due_on
        from drafts.ledger.found
        where is_transition and period < {literal(period)}
          and dataset in (select dataset from ledger.feeds where status = 'read')
        group by fingerprint
        """
    )
    connection.execute("delete from ledger.checks")
    look_for_records(connection, period)
    look_for_tasks(connection, period, gathered)


def look_for_records(connection: DuckDBPyConnection, period: str) -> None:
    """Records that vanished too early: back, past their last day, or still missing."""
    for (dataset,) in connection.execute(
        "select distinct dataset from known where kind = 'finding' order by dataset"
    ).fetchall():
        connection.execute(
            f"""
            insert into ledger.checks
            select $1, fingerprint,
                record_key not in (select record_key from registry.{ident(dataset)})
                and coalesce(due_on >= (select as_of from ledger.periods), true),
                record_key in (select record_key from registry.{ident(dataset)})
            from known
            where kind = 'finding' and dataset = $2
              and record_key not in (select cell from feed.rejected_cells where dataset = $2 and cell is not null)
            """,
            [period, dataset],
        )


def look_for_tasks(connection: DuckDBPyConnection, period: str, gathered: bool) -> None:
    """Tasks: whether the dataset still holds what it should not."""
    if not gathered:
        values = one_value(connection, "select count(*) from known where rule = $1", [ART_19])
        gather(connection, "select distinct customer_number from known where kind = 'task'", values=bool(values))
    connection.execute(
        f"""
        insert into ledger.checks
        select $1, k.fingerprint, s.dataset is not null, false
        from known as k
        left join (
            select distinct {literal(ERASURE)} as rule, dataset, customer_number, '' as value_hash
            from standing
            where not is_lawful
            union
            select distinct {literal(ART_19)}, dataset, customer_number, value_hash
            from standing
            where not is_current
        ) as s
            on s.rule = k.rule and s.dataset = k.dataset and s.customer_number = k.customer_number
            and s.value_hash = k.value_hash
        where k.kind = 'task'
        """,
        [period],
    )
