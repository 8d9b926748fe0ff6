"""The floor: DuckDB alone lands the files of a folder as tables of text in a database file. `floor.py FOLDER CHECKS DATABASE`.

Files that DuckDB's reader does not take (bytes of Windows-1252) are decoded first; workbooks go through calamine, for
DuckDB has no reader of them without an extension. Nothing is checked, nothing is accounted for.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

import duckdb

sys.path.insert(0, str(Path(__file__).parent / "peers"))

from common import sheet

READ = (
    "create table {table} as select * from read_csv('{name}', all_varchar = true, header = true, delim = '{delimiter}',"
    " quote = '\"', escape = '\"', ignore_errors = true, null_padding = false)"
)


def land(connection, path: Path, described: dict) -> int:
    """One file as a table; its rows."""
    table = f'"{described["dataset"]}"'
    if described["kind"] == "xlsx":
        import pandas

        rows = sheet(path)
        frame = pandas.DataFrame(rows[1:], columns=[f"c{number}" for number in range(len(rows[0]))], dtype=object)
        connection.register("frame", frame)
        return connection.execute(f"create table {table} as select * from frame").fetchone()[0]
    sql = READ.format(table=table, name=path, delimiter=described["delimiter"])
    if described["encoding"] == "windows-1252":
        with tempfile.NamedTemporaryFile("wb", suffix=".csv") as file:
            file.write(path.read_bytes().decode("cp1252", "replace").encode("utf-8"))
            file.flush()
            return connection.execute(sql.replace(str(path), file.name)).fetchone()[0]
    return connection.execute(sql).fetchone()[0]


if __name__ == "__main__":
    folder, checks, database = map(Path, sys.argv[1:])
    database.unlink(missing_ok=True)
    with duckdb.connect(str(database)) as connection:
        files = json.loads(checks.read_text("utf-8"))["files"]
        rows = sum(land(connection, folder / described["file"], described) for described in files)
    print(json.dumps({"rows": rows, "bytes": database.stat().st_size}))
