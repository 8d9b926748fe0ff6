"""Soda Core on DuckDB: the same checks in its check language, on tables of text that DuckDB read from the files."""

import os
import tempfile
from pathlib import Path

import common
import duckdb
from soda.scan import Scan

connection = duckdb.connect()


def land(path, described) -> list[str]:
    """A table of the file's columns by the contract's names, a missing value null; the names that there are."""
    if described["kind"] == "xlsx":
        rows = common.sheet(path)
        names = [name or f"unnamed_{number}" for number, name in enumerate(rows[0])]
        connection.execute("create or replace table landed (" + ", ".join(f'"{name}" varchar' for name in names) + ")")
        with tempfile.NamedTemporaryFile("w", suffix=".csv", encoding="utf-8", delete=False) as file:
            import csv

            csv.writer(file).writerows(rows[1:])
        connection.execute(f"copy landed from '{file.name}' (header false, delimiter ',')")
        os.unlink(file.name)
    else:
        name = str(path)
        if described["encoding"] == "windows-1252":
            with tempfile.NamedTemporaryFile("wb", suffix=".csv", delete=False) as file:
                file.write(path.read_bytes().decode("cp1252", "replace").encode("utf-8"))
            name = file.name
        connection.execute(
            f"create or replace table landed as from read_csv('{name}', all_varchar = true, header = true, delim = '{described['delimiter']}',"
            " quote = '\"', escape = '\"', ignore_errors = true, null_padding = false)"
        )
        if name != str(path):
            Path(name).unlink()
    here = [row[0] for row in connection.execute("describe landed").fetchall()]
    names = {header.lower(): name for name, header in described["headers"].items()}
    missing = ", ".join("'" + value.replace("'", "''") + "'" for value in described["missing"])
    columns = []
    for header in here:
        name = names.get(header.lower())
        if name:
            cell = f'case when "{header}" in ({missing}) then null else "{header}" end'
            form = described["dates"].get(name)
            columns.append((name, f"cast(try_strptime({cell}, '{form}') as date)" if form else cell))
    listed = ", ".join(f'{cell} as "{name}"' for name, cell in columns)
    kept = f"coalesce({', '.join(cell for name, cell in columns if name not in described['dates'])}) is not null"  # blank lines
    connection.execute(f"create or replace table {described['dataset']} as select {listed} from landed where {kept}")
    return [name for name, _ in columns]


def checks(described, here, first_day, last_day) -> dict[str, str]:
    """{check's name: its SodaCL}: counts of offending rows, each of which fails where there are any."""
    found = {}
    for name in described["required"]:
        if name in here and name not in described["dates"]:
            found[f"required {name}"] = f"  - missing_count({name}) = 0"
    for name in described["unique"]:
        if name in here:
            found[f"unique {name}"] = f"  - duplicate_count({name}) = 0"
    for name, values in described["allowed"].items():
        if name in here:
            listed = ", ".join("'" + value.replace("'", "''") + "'" for value in values)
            found[f"allowed {name}"] = f"  - invalid_count({name}) = 0:\n      valid values: [{listed}]"
    for name in described["dates"]:
        if name in here:
            found[f"range {name}"] = (
                f"  - {name}_out_of_range = 0:\n      {name}_out_of_range query: |\n        select count(*) from {described['dataset']}"
                f" where {name} < date '{first_day}' or {name} > date '{last_day}'"
            )
    return found


def check(path, described, first_day, last_day) -> dict:
    here = land(path, described)
    wanted = checks(described, here, first_day, last_day)
    scan = Scan()
    scan.disable_telemetry()
    scan.add_duckdb_connection(connection)
    scan.set_data_source_name("duckdb")
    text = f"checks for {described['dataset']}:\n"
    for name, check_text in wanted.items():
        lines = check_text.split("\n")
        first = lines[0] if lines[0].endswith(":") else lines[0] + ":"
        text += "\n".join([first, f"      name: {name}", *lines[1:]]) + "\n"
    scan.add_sodacl_yaml_str(text)
    scan.execute()
    found = dict.fromkeys(("required", "unique", "allowed", "range"), 0)
    for result in scan.get_scan_results()["checks"]:
        found[result["name"].split()[0]] += int(float(result["diagnostics"]["value"] or 0))
    return found


common.run(check)
