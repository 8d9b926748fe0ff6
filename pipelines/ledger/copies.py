"""Who holds which data of whom: records that name a data subject, and their values as keyed hashes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pipelines.expectations.contract import Contract
from pipelines.registry import build as registry
from pipelines.sql import ident, insert, literal, one_value

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from pipelines.expectations.context import Context


def prepare(connection: DuckDBPyConnection, context: Context) -> None:
    """`ledger.holdings`: two SELECTs per dataset, of its records and of their comparable values, stored for later checks."""
    connection.execute("create or replace table ledger.holdings (dataset varchar, is_value boolean, sql varchar)")
    insert(connection, "ledger.holdings", list(queries(connection, context)))
    connection.execute("create or replace table ledger.subject (dataset varchar)")
    connection.execute("insert into ledger.subject values ($1)", [context.controller.subject[0]])


def queries(connection: DuckDBPyConnection, context: Context) -> Iterator[tuple[str, bool, str]]:
    """(dataset, whether it is about values, SELECT) for every dataset that names the data subject: its records, its values."""
    present, subject = registry.columns_present(connection), context.controller.subject
    for contract in context.contracts:
        number, join = registry.subject_number(contract, context.contracts, present, subject)
        columns = present.get(contract.dataset, set())
        if number.startswith("null") or not columns or (contract.dataset == subject[0] and subject[1] not in columns):
            continue
        head = (
            f"select {literal(contract.system)} as system, {literal(contract.dataset)} as dataset, r.record_key,"
            f" {number} as customer_number"
        )
        source = (
            f" from registry.{ident(contract.dataset)} as r{join}"
            f" where {number} in (select customer_number from concerned)"
        )
        yield contract.dataset, False, f"{head}, '' as field, '' as value_hash{source}"
        pairs = ", ".join(
            f"{{field: {literal(field)}, value_hash: {hashed(kind, normal)}}}"
            for kind, field, _, normal in comparable(contract, columns)
        )
        if pairs:
            yield (
                contract.dataset,
                True,
                (
                    "select * exclude pair, pair.field as field, pair.value_hash as value_hash"
                    f" from ({head}, unnest([{pairs}]) as pair{source}) where pair.value_hash is not null"
                ),
            )


def comparable(contract: Contract, present: set[str]) -> Iterator[tuple[str, str, str, str]]:
    """(kind, column, SQL of its text, SQL of its normal form) of every value that two systems can be compared by."""
    for column in contract.columns:
        kind = column.categories[0] if column.categories else ""
        if (
            column.personal
            and column.name in present
            and column.name not in contract.address
            and kind in registry.NORMAL_FORMS
        ):
            text = f"cast(r.{ident(column.name)} as varchar)"
            yield kind, column.name, text, registry.NORMAL_FORMS[kind].format(text)
    if contract.address and present.issuperset(contract.address):
        text = registry.joined_address([f"r.{ident(name)}" for name in contract.address])
        yield registry.ADDRESS, contract.address[0], text, registry.NORMAL_FORMS[registry.ADDRESS].format(text)


def hashed(kind: str, normal: str) -> str:
    """SQL of a value's keyed hash; null if it has no normal form."""
    return f"keyed({literal(kind)} || chr(31) || {normal})"


def gather(connection: DuckDBPyConnection, customers: str, *, values: bool) -> None:
    """`standing`: records of the customers in a SELECT and, on request, their values.

    is_lawful: a law, a hold or a continuing relationship keeps the record; is_current: the data subjects' own register
    says so.
    """
    connection.execute(f"create or replace temp table concerned as {customers}")
    connection.execute(
        "create or replace temp table held (system varchar, dataset varchar, record_key varchar,"
        " customer_number varchar, field varchar, value_hash varchar)"
    )
    anybody = one_value(connection, "select count(*) from concerned")
    for sql, is_value in connection.execute("select sql, is_value from ledger.holdings").fetchall() if anybody else ():
        if values or not is_value:
            connection.execute(f"insert into held by name {sql}")
    connection.execute(
        """
        create or replace temp table lawful as
        select distinct r.dataset, r.record_key
        from registry.retention as r
        left join registry.schedule as s on s.class = coalesce(nullif(r.set_by_class, ''), r.class)
        where r.customer_number in (select customer_number from concerned)
          and (r.state in ('held', 'not running', 'no criterion')
            or (s.kind = 'minimum' and (r.last_day is null or r.last_day >= (select as_of from ledger.periods))))
        """
        if anybody
        else "create or replace temp table lawful (dataset varchar, record_key varchar)"
    )
    connection.execute(
        """
        create or replace temp table standing as
        select h.*, l.record_key is not null as is_lawful, c.value_hash is not null as is_current
        from held as h
        left join lawful as l on l.dataset = h.dataset and l.record_key = h.record_key
        left join (
            select distinct customer_number, value_hash
            from held
            where value_hash <> '' and dataset in (select dataset from ledger.subject)
        ) as c on c.customer_number = h.customer_number and c.value_hash = h.value_hash
        """
    )
