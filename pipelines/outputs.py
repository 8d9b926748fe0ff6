"""What leaves the workbench. The only module that writes files outside the databases; keys, kinds, counts and dates only,
but for the access package: that names one person, and lies where the officer says."""

from __future__ import annotations

import os
import re
from pathlib import Path

from pipelines import small
from pipelines.errors import VahtiError
from pipelines.rules.findings import COLUMNS
from pipelines.sql import literal

# What the ledger adds to a period's findings.
LEDGER_COLUMNS = ("state", "first_seen", "last_seen", "age_days", "periods_open")
# SQL of whether a record key holds the number of its customer: as a part of its own, or anywhere in it, short ones aside.
HOLDS_NUMBER = (
    "(list_contains(string_split(record_key, '|'), customer_number)"
    " or (length(customer_number) >= 4 and contains(record_key, customer_number)))"
)
# How a cell begins that a spreadsheet takes for a formula, or that was guarded against it (OWASP, "CSV Injection"): a sign,
# full-width ones among them, whatever blank, line break or invisible letter stands before it. The same in Python and RE2.
BLANK = "\\x00-\\x20\\x7f-\xa0\xad\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u2064\u2066-\u2069\u3000\ufeff"
SIGNS = "=+\\-@'\\t\\r\\n\uff1d\uff0b\uff0d\uff20"
FORMULA = f"^[{BLANK}]*[{SIGNS}]"
GUARD = "'"
# A telephone number or an amount: no spreadsheet runs it.
NUMBER = re.compile(r"[+-][0-9]+(?: [0-9]+)*(?:[.,][0-9]+)?")


def write_findings(connection, folder: Path) -> None:
    """`findings.csv` (UTF-8, comma, LF, ISO dates) and `findings.parquet`, sorted; same input, same bytes.

    `ledger.csv` beside them: everything else that the ledger knows by this period, with the home's own fingerprints. What
    `results.reserved` names is left out (`pipelines.notice.released`): a reference stands for the customer's number.
    """
    folder.mkdir(parents=True, exist_ok=True)
    order = "order by f.rule, f.system, f.dataset, f.record_key, f.field"
    columns = ", ".join(
        f"f.{column}" if column == "due_on" else f"nullif(f.{column}, '') as {column}" for column in COLUMNS
    )
    query = f"select {columns}, {', '.join(f'f.{each}' for each in LEDGER_COLUMNS)} from ({released(connection)}) as f {order}"
    guarded = _guarded(query, "record_key", "field", "customer_number", "detail")
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
    guarded = _guarded(f"select * from ({others}) as f {order}, f.fingerprint", "record_key", "field")
    connection.execute(f"copy ({guarded}) to {target} (header, delimiter ',')")


def released(connection) -> str:
    """SQL of the period's findings, with what the ledger adds, as they are handed out."""
    reserved = "results.reserved"
    if not is_reserved(connection):  # a home of an earlier version: nothing said what may go out
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


def telling_rules(connection) -> str:
    """SQL of the rules whose findings tell by themselves that somebody's address is protected."""
    return "select rule from results.telling_rules" if is_reserved(connection) else "select null"


def is_reserved(connection) -> bool:
    """Whether the period says which of its findings are handed out in part only."""
    query = "select count(*) from duckdb_tables() where schema_name = 'results' and table_name = 'reserved'"
    return connection.execute(f"{query} and database_name = current_database()").fetchone()[0] > 0


def guarded(cell: object, numbers_stay: bool = False) -> object:
    """A cell of a CSV file: text with an apostrophe before it where a spreadsheet would run it, all else as it is."""
    if not isinstance(cell, str) or not re.match(FORMULA, cell) or (numbers_stay and NUMBER.fullmatch(cell)):
        return cell
    return GUARD + cell


def _write_standing(connection, folder: Path) -> None:
    """`standing.csv`, the period's numbers as every place tells them; `acceptances.csv`, what is accepted and on whose word."""
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
        guarded = _guarded(query, *texts)
        target = literal(folder / f"{name}.csv")
        connection.execute(f"copy (select * from ({guarded}) order by all) to {target} (header, delimiter ',')")


def _guarded(query: str, *columns: str) -> str:
    """The same rows for a CSV file: what comes from exports or rules, guarded as `guarded` does."""
    texts = ", ".join(
        f"case when regexp_matches({column}, {literal(FORMULA)}) then {literal(GUARD)} || {column} else {column} end"
        f" as {column}"
        for column in columns
    )
    return f"select * replace ({texts}) from ({query})"


def write_bytes(folder: Path, name: str, content: bytes) -> Path:
    """One binary file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(content)
    return path


def write_text(folder: Path, name: str, text: str) -> Path:
    """One text file, UTF-8 and LF."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def private_folder(folder: Path, home: Path) -> None:
    """A new folder that only its owner can open, for what names a person; VahtiError where it would mix with other things."""
    remedy = "name a new folder, outside the workbench home"
    if folder.resolve().is_relative_to(home.resolve()):
        raise VahtiError("lies in the workbench home", file=folder, remedy=remedy)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if folder.is_symlink() or any(folder.iterdir()):
            raise VahtiError("is not an empty folder", file=folder, remedy=remedy)
        folder.chmod(0o700)
    except OSError as error:
        raise VahtiError(f"cannot be made: {error.strerror}", file=folder, remedy=remedy) from None


def write_private(folder: Path, name: str, content: bytes) -> Path:
    """A new file that only its owner can read; VahtiError where it is there or cannot be written."""
    path = folder / name
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as handle:
            handle.write(content)
    except OSError as error:
        raise VahtiError(
            f"cannot be written: {error.strerror}",
            file=path,
            remedy="free disk space, and make the package again in a new folder",
        ) from None
    return path
