"""What seals the log of look-ups: a key that only the home's key opens, and an anchor in the database.

Both are in the workbench database: a key derived from its secret, which `vahti key rotate` copies like any other row,
so that entries from before a rotation can still be checked; and the number and seal of the last entry.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import duckdb

from pipelines.errors import BusyError
from pipelines.home import store
from pipelines.sql import one_value

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

CONTEXT = b"rekisterivahti: log of look-ups, 1"
TABLE = "create table if not exists workbench.ledger.log_anchor (entries bigint, seal varchar)"


@dataclass
class Seal:
    """`key`: for the entries' HMAC (empty: the home has no database); `entries` and `last`: the anchor, 0 and empty if
    there is none. `connection` is None if another program has the database open: the next entry anchors then."""

    key: bytes = b""
    entries: int = 0
    last: str = ""
    connection: duckdb.DuckDBPyConnection | None = None

    def of(self, text: bytes) -> str:
        """HMAC-SHA256 of an entry's text."""
        return hmac.new(self.key, text, hashlib.sha256).hexdigest()

    def anchor(self, entries: int, last: str) -> None:
        """Stores the number and the seal of the last entry."""
        if self.connection is None:
            return
        with store.transaction(self.connection):
            self.connection.execute("delete from workbench.ledger.log_anchor")
            self.connection.execute("insert into workbench.ledger.log_anchor values (?, ?)", [entries, last])


@contextlib.contextmanager
def writing(home: store.Home) -> Iterator[Seal]:
    """The seal, with a connection for anchoring unless another process has the database open."""
    with contextlib.ExitStack() as stack:
        try:
            connection = stack.enter_context(store.workbench(home))
        except BusyError:
            yield reading(home)
            return
        connection.execute(TABLE)
        seal = _read(connection)
        seal.connection = connection
        yield seal


def reading(home: store.Home) -> Seal:
    """The seal, for verification."""
    if not home.workbench.exists():
        return Seal()
    with store.looking(home) as connection:
        return _read(connection)


def _read(connection: DuckDBPyConnection) -> Seal:
    secret = one_value(connection, "select secret from workbench.ledger.secrets")
    key = hmac.new(str(secret).encode(), CONTEXT, hashlib.sha256).digest()
    try:
        row = connection.execute("select entries, seal from workbench.ledger.log_anchor").fetchone()
    except duckdb.CatalogException:  # a home whose log has no anchor yet
        row = None
    return Seal(key, *row) if row else Seal(key)
