"""Stage 2: `registry.*`, one typed table per dataset with the contract's English names.

A table has only the columns that its file has: SQL that reads a missing one does not bind, which is how the rules learn
that they cannot be evaluated. `record_key` is the primary key, or file:line if it is missing; `unreadable` lists the
columns whose text did not fit the declared type (their value is null, but not missing).
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pipelines import together
from pipelines.expectations import dates
from pipelines.expectations.contract import Column, Contract
from pipelines.home.store import transaction
from pipelines.landing import land as raw
from pipelines.registry import functions
from pipelines.sql import ident, literal, one_row, render

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# The SQL that normalises a kind of personal attribute, by its category in the W3C Data Privacy Vocabulary. Other kinds
# are compared unchanged.
# Timestamp patterns with their own macros, which also read fractions of a second.
PLAIN_TIMESTAMPS = (
    "d.M.yyyy H:mm", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd HH:mm:ssXXX", "yyyy-MM-dd'T'HH:mm:ssXXX",
)  # fmt: skip
NORMAL_FORMS = {
    "pd:Name": "normal_name({})",
    "pd:TelephoneNumber": "to_e164({})",
    "pd:EmailAddress": "normal_email({})",
    "pd:PhysicalAddress": "normal_address({})",
    "pd:OfficialID": "upper({})",
    "pd:BankAccount": "to_iban({})",
    "pd:HouseOwned": "to_property_id({})",
}
ADDRESS = "pd:PhysicalAddress"
# The record key of a record whose key is missing.
PLACE = "file || ':' || line"


def build(
    connection: DuckDBPyConnection,
    contracts: tuple[Contract, ...],
    subject: tuple[str, str],
    country: str = functions.HOME_REGION,
) -> None:
    """Creates all registry tables, their `latest` views and `registry.subject_attributes`, in the current database.

    `subject`: dataset and key column of the data subjects; `country`: whose identifiers and telephone numbers are known. Reads `raw` and `feed`.
    """
    with transaction(connection):  # each statement alone would be written to disk
        functions.install(connection, "main", country)
        connection.execute("create schema if not exists latest")
    present = columns_present(connection)
    tables = {
        contract.dataset: [column for column in contract.columns if column.name in present.get(contract.dataset, ())]
        for contract in contracts
    }
    jobs = [partial(build_table, contract=c, columns=tables[c.dataset]) for c in contracts if tables[c.dataset]]
    prepare_macros(connection)
    together.run(connection, jobs, prepare_macros)
    connection.execute(subject_attributes(contracts, present, subject))


def prepare_macros(connection: DuckDBPyConnection) -> None:
    """Creates the temporary macros that typing needs."""
    raw.prepare_macros(connection)
    connection.execute(render("registry/macros.sql"))


def columns_present(connection: DuckDBPyConnection) -> dict[str, set[str]]:
    """The declared columns that each export of this period has, by dataset."""
    rows = connection.execute(
        "select dataset, list(column_name) from feed.columns where status = 'declared' group by dataset"
    ).fetchall()
    return {dataset: set(names) for dataset, names in rows}


def build_table(connection: DuckDBPyConnection, contract: Contract, columns: list[Column]) -> None:
    """Creates one typed table, and a view `latest.<dataset>` with the file's last row for every key."""
    keys = [column for column in columns if column.key]
    missing = [value.lower() for value in contract.missing_values] or [""]
    connection.execute(
        render(
            "registry/table.sql",
            grain=contract.grain,
            table=contract.dataset,
            raw=contract.raw,
            missing=", ".join(literal(value) for value in missing),
            longest_missing=max(len(value.encode()) for value in missing),
            columns=[{"name": column.name, "parse": parse(column)} for column in columns],
            record_key=record_key(keys) if len(keys) == len(contract.keys) else PLACE,
        )
    )
    create_latest(connection, contract.dataset)


def create_latest(connection: DuckDBPyConnection, dataset: str) -> None:
    """`latest.<dataset>`: one row per record key. Costs nothing unless keys repeat."""
    table = f"registry.{ident(dataset)}"
    rows, keys = one_row(connection, f"select count(*), count(distinct record_key) from {table}")
    last = "" if rows == keys else " qualify row_number() over (partition by record_key order by line desc) = 1"
    connection.execute(f"create or replace view latest.{ident(dataset)} as select * from {table}{last}")


def record_key(keys: list[Column]) -> str:
    """SQL of the record key: the key's columns as text, or the place in the file if one of them is missing."""
    parts = [f"cast({ident(column.name)} as varchar)" for column in keys]
    return f"coalesce({' || chr(124) || '.join(parts)}, {PLACE})"


def parse(column: Column) -> str | None:
    """SQL that converts a column's text to its type, null if it does not fit; None for free text."""
    name = ident(column.name)
    match column.type:
        case "text" if column.valid_values:
            values = ", ".join(literal(value) for value in column.valid_values)
            return f"case when list_contains([{values}], {name}) then {name} end"  # `in` with many constants would be a join
        case "text":
            return None
        case "boolean":
            yes, no = literal(column.true_value), literal(column.false_value)
            return f"case {name} when {yes} then true when {no} then false end"
        case "decimal":
            return parse_decimal(column, name)
        case "month" | "date":
            known = {"yyyy-MM": "read_month", "yyyy-MM-dd": "read_iso_day", "d.M.yyyy": "read_day"}.get(
                column.format or ""
            )
            return f"{known}({name})" if known else f"cast({parse_pattern(name, column.format)} as date)"
        case "timestamp":
            return parse_timestamp(column, name)
    raise AssertionError(column.type)


def parse_timestamp(column: Column, name: str) -> str:
    """In the controller's zone; unchanged if neither text nor contract gives another."""
    local, zone = column.local_zone, column.zone or column.local_zone
    if column.format not in PLAIN_TIMESTAMPS:
        return parse_moment(column, name, zone)
    separator = literal("T" if "'T'" in (column.format or "") else " ")
    if (column.format or "").endswith("XXX"):
        return f"read_instant({name}, {separator}, {literal(zone)}, {literal(local)})"
    if column.format == "d.M.yyyy H:mm":
        read = f"read_minute({name})"
    else:
        read = f"read_iso_second({name})" if separator == "' '" else f"read_second({name}, {separator})"
    return read if zone == local else f"to_zone({read}, {literal(zone)}, {literal(local)})"


def parse_pattern(name: str, text: str | None) -> str:
    """SQL of the local time in a text of a given pattern; null if it does not fit."""
    found = dates.pattern(text or "")
    assert isinstance(found, dates.Pattern), text
    return f"read_pattern({name}, {literal(found.expression)}, {literal(found.strptime)})"


def parse_moment(column: Column, name: str, zone: str) -> str:
    """A time of any pattern, in the controller's zone."""
    local, plain = column.local_zone, parse_pattern(name, column.format)
    plain = plain if zone == local else f"to_zone({plain}, {literal(zone)}, {literal(local)})"
    if not dates.has_offset(column.format):
        return plain
    offset = literal(f"{dates.OFFSET}$")
    there = parse_pattern(f"regexp_replace({name}, {offset}, '')", column.format)
    return (
        f"case when regexp_matches({name}, {offset}) then to_zone({there}"
        f" - to_minutes(offset_minutes(regexp_extract({name}, {offset}))), 'UTC', {literal(local)}) else {plain} end"
    )


def parse_decimal(column: Column, name: str) -> str:
    """Digits in groups of three if a grouping separator is declared; a space also matches a no-break space."""
    spaces = "[ \u00a0\u202f]" if column.grouping_separator == " " else f"[{column.grouping_separator}]"
    whole = r"\d+" if not column.grouping_separator else rf"(?:\d+|\d{{1,3}}(?:{spaces}\d{{3}})+)"
    pattern = rf"-?{whole}(?:\{column.decimal_separator}\d+)?"
    digits = f"regexp_replace({name}, {literal(spaces)}, '', 'g')" if column.grouping_separator else name
    number = f"replace({digits}, {literal(column.decimal_separator)}, '.')"
    return f"case when regexp_full_match({name}, {literal(pattern)}) then try_cast({number} as {column.sql_type}) end"


def subject_attributes(contracts: tuple[Contract, ...], present: dict[str, set[str]], subject: tuple[str, str]) -> str:
    """SQL of the view `registry.subject_attributes`: one row per record and personal attribute that has a value."""
    selects = [
        attribute(contract, kind, value, normal, subject_number(contract, contracts, present, subject))
        for contract in contracts
        for kind, value, normal in personal_values(contract, present.get(contract.dataset, set()))
    ]
    empty = (
        "select null::varchar as system, null::varchar as dataset, null::varchar as record_key, null::varchar as"
        " customer_number, null::varchar as kind, null::varchar as value, null::varchar as normal_value where false"
    )
    return "create or replace view registry.subject_attributes as\n" + "\nunion all\n".join([empty, *selects])


def personal_values(contract: Contract, present: set[str]) -> list[tuple[str, str, str]]:
    """(category, SQL of its text, SQL of its normal form) of every personal column; parts of an address form one."""
    values = []
    for column in contract.columns:
        if not column.personal or column.name not in present or column.name in contract.address:
            continue
        kind = column.categories[0] if column.categories else "dpv:PersonalData"
        text = f"cast(r.{ident(column.name)} as varchar)"
        values.append((kind, text, NORMAL_FORMS.get(kind, "{}").format(text)))
    parts = [f"r.{ident(name)}" if name in present else "null::varchar" for name in contract.address]
    if present & set(contract.address):
        normal = NORMAL_FORMS[ADDRESS].format(joined_address(parts))
        values.append((ADDRESS, known_address(parts), normal))
    return values


def joined_address(parts: list[str]) -> str:
    """`street, postal code town`: null if a part is missing, because it cannot be compared then."""
    first, *rest = parts
    return f"{first} || ', ' || " + " || ' ' || ".join(rest) if rest else first


def known_address(parts: list[str]) -> str:
    """The same from the parts present: null only if all are missing."""
    first, *rest = parts
    town = f", nullif(concat_ws(' ', {', '.join(rest)}), '')" if rest else ""
    return f"nullif(concat_ws(', ', {first}{town}), '')"


def subject_number(
    contract: Contract, contracts: tuple[Contract, ...], present: dict[str, set[str]], subject: tuple[str, str]
) -> tuple[str, str]:
    """(SQL of the data subject's key, join it needs) for a record of this dataset, by the contracts' relationships."""
    columns = present.get(contract.dataset, set())
    if contract.dataset == subject[0]:
        return (f"r.{ident(subject[1])}" if subject[1] in columns else "null::varchar"), ""
    links = [(column.name, column.references) for column in contract.columns if column.name in columns]
    for name, target in links:
        if target == subject:
            return f"r.{ident(name)}", ""
    by_dataset = {other.dataset: other for other in contracts}
    for name, (dataset, key) in ((name, target) for name, target in links if target):
        for step in by_dataset[dataset].columns:
            if step.references == subject and {step.name, key} <= present.get(dataset, set()):
                join = f" left join latest.{ident(dataset)} as s on s.{ident(key)} = r.{ident(name)}"
                return f"s.{ident(step.name)}", join
    return "null::varchar", ""


def attribute(contract: Contract, kind: str, value: str, normal: str, subject: tuple[str, str]) -> str:
    """One SELECT of the view."""
    number, join = subject
    return (
        f"select {literal(contract.system)}, {literal(contract.dataset)}, r.record_key, {number}, {literal(kind)},"
        f" {value}, {normal} from registry.{ident(contract.dataset)} as r{join} where {value} is not null"
    )
