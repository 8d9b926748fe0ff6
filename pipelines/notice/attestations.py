"""Attestations of statements that no export can show: kept in the workbench, added to, never changed."""

from __future__ import annotations

from pipelines.errors import AttestationError
from pipelines.expectations.notice import Attestation, Notice
from pipelines.home import store
from pipelines.known import checked
from pipelines.sql import one_value, render
from pipelines.text import names_somebody

COLUMNS = ("statement", "attested_by", "attested_on", "valid_until", "note")


def give(home: store.Home, notice: Notice, word: Attestation) -> None:
    """Adds one attestation; AttestationError for a statement that has evidence to check, or for days in the wrong order."""
    statement = notice.statement(word.statement)
    if statement is None:
        checked("statement to attest", word.statement, [each.id for each in notice.statements if each.attest])
    elif not statement.attest:
        raise AttestationError(f"{word.statement} is evidenced by checks", file=notice.path, remedy="see: vahti notice")
    if not word.by.strip():
        raise AttestationError("nobody attests", place="--by", remedy="name who gives the word, by role")
    if word.until < word.on:
        raise AttestationError(
            f"ends {word.until}, before it is given on {word.on}", place="--until", remedy="give a later day"
        )
    if names_somebody(word.note):
        raise AttestationError(
            "the note holds a personal value", place="--note", remedy="say what was seen, and name no person"
        )
    with store.locked(home), store.workbench(home) as connection:
        connection.execute(render("notice/attestations.sql"))
        connection.execute(
            "insert into attestations select (select count(*) from attestations) + 1, $1, $2, $3, $4, $5",
            [word.statement, word.by.strip(), word.on, word.until, word.note],
        )


def read(home: store.Home) -> list[Attestation]:
    """Every attestation, in the order of entry."""
    if not home.workbench.exists():
        return []
    with store.workbench(home, read_only=True) as connection:
        there = "select count(*) from duckdb_tables() where database_name = current_database() and table_name = 'attestations'"
        if not one_value(connection, there):
            return []
        rows = connection.execute(f"select {', '.join(COLUMNS)} from attestations order by entry").fetchall()
    return [Attestation(*row) for row in rows]
