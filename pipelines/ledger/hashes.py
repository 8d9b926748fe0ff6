"""Names and values as hashes keyed with the home's secret."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.sql import literal, one_value

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def install_hash(connection: DuckDBPyConnection) -> None:
    """`keyed(text)`: 16 hexadecimal digits that reveal nothing without the home's secret."""
    secret = one_value(connection, "select secret from workbench.ledger.secrets")
    inner = f"sha256({literal(secret)} || text)"
    connection.execute(
        f"create or replace temp macro keyed(text) as substr(sha256({literal(secret)} || {inner}), 1, 16)"
    )


def fingerprint(*columns: str) -> str:
    """SQL of a fingerprint. It begins with a letter, so that no spreadsheet reads it as a number."""
    return f"'v' || keyed({' || chr(31) || '.join(columns)})"
