"""What leaves the workbench. The only module that writes files outside the databases; keys, kinds, counts and dates only."""

from __future__ import annotations

from pathlib import Path

from pipelines.findings import COLUMNS
from pipelines.sql import literal


def write_findings(connection, folder: Path) -> None:
    """`findings.csv` (UTF-8, comma, LF, ISO dates) and `findings.parquet`, sorted; same input, same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    columns = ", ".join(column if column == "due_on" else f"nullif({column}, '') as {column}" for column in COLUMNS)
    query = f"select {columns} from results.findings order by rule, system, dataset, results.findings.record_key, results.findings.field"
    connection.execute(f"copy ({query}) to {literal(folder / 'findings.csv')} (header, delimiter ',')")
    connection.execute(f"copy ({query}) to {literal(folder / 'findings.parquet')} (format parquet, compression zstd)")


def write_text(folder: Path, name: str, text: str) -> Path:
    """One text file, UTF-8 and LF."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="\n")
    return path
