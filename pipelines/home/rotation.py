"""A new key for a home: every database and sealed notebook is rewritten with it, then all are exchanged at once.

    1  store the new key beside the old one (pipelines.home.keys)
    2  copy each database into HOME/tmp/rotated with the new key, and compare it row by row with its source; notebooks too
    3  write commit.json: from here on the new key counts, and the new salt of a typed one
    4  move the copies over the old databases, the new key and salt over the old ones, delete commit.json

A process that dies before 3 leaves the old key and the old databases; one that dies later is finished by whoever opens
the home next, which needs no key. The secret of the fingerprints is a row of the workbench database like any other:
findings keep their fingerprints.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.errors import HomeError
from pipelines.home import atomic, exchange, guard, keys, sealed, store
from pipelines.sql import ident, literal, one_row

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def rotate(home: store.Home) -> tuple[int, str]:
    """Gives the home a new key; returns (number of databases, where the key is kept).

    HomeError if there is nothing to encrypt, no new key, or a database does not open: then nothing has changed.
    """
    with store.locked(home):
        databases = [
            path for path in (home.workbench, *sorted(home.workbench.parent.glob("periods/*.duckdb"))) if path.exists()
        ]
        if not databases:
            raise HomeError("holds no database yet", file=home.path, remedy="take exports in first: vahti run")
        old = keys.key(home)
        salt = keys.new_salt()
        new, place = keys.prepare_new(home, salt)
        names = [path.relative_to(home.path).as_posix() for path in (*databases, *sealed.files(home))]
        for name in names:
            source, target = home.path / name, home.tmp / "rotated" / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if source in databases:
                copy(home, source, target, old, new)
            else:
                atomic.write(target, sealed.seal(sealed.unsealed(source.read_bytes(), old, source), new))
        entry = {"rotated": names, "key": place, "salt": salt}
        atomic.write(home.path / "commit.json", json.dumps(entry))
        exchange.finish(home, entry)
    return len(databases), place


def copy(home: store.Home, source: Path, target: Path, old: str, new: str) -> None:
    """Copies one database under another key; HomeError if a row differs between the two."""
    connection = store.connect(home)
    try:
        with guard.noticing_damage(source):
            store.attach(connection, home, source, "source", read_only=True, key=old)
            store.attach(connection, home, target, "target", key=new)
            connection.execute("copy from database source to target")
            if sums(connection, "source") != sums(connection, "target"):
                raise HomeError(
                    "could not be copied faithfully", file=source, remedy="report it; the old key still holds"
                )
            connection.execute("checkpoint target")
    finally:
        store.close(connection)


def sums(connection: DuckDBPyConnection, catalog: str) -> list[tuple]:
    """(schema, table, rows, a sum over them) of every table, and (schema, view, SQL) of every view."""
    tables = connection.execute(
        "select schema_name, table_name from duckdb_tables() where database_name = $1 order by all", [catalog]
    ).fetchall()
    found = [
        (
            *table,
            *one_row(
                connection, f"select count(*), sum(hash(r)) from {catalog}.{ident(table[0])}.{ident(table[1])} as r"
            ),
        )
        for table in tables
    ]
    views = connection.execute(
        f"select schema_name, view_name from duckdb_views() where database_name = {literal(catalog)} and not internal order by all"
    ).fetchall()
    return found + views
