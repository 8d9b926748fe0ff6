"""Pandera on Polars: the same checks as one schema per file, validated lazily so that all failures are counted."""

import common
import pandera.errors
import pandera.polars as pa
import polars as pl

ENCODINGS = {"utf-8": "utf8-lossy", "windows-1252": "cp1252"}
KINDS = {"not_nullable": "required", "field_uniqueness": "unique"}


def frame(path, described) -> pl.DataFrame:
    if described["kind"] == "xlsx":
        rows = common.sheet(path)
        read = pl.DataFrame(
            rows[1:], schema=[(name or f"unnamed_{n}", pl.String) for n, name in enumerate(rows[0])], orient="row"
        )
    else:
        encoding = ENCODINGS[described["encoding"]]
        content = path if encoding == "utf8-lossy" else path.read_bytes().decode(encoding, "replace").encode("utf-8")
        read = pl.read_csv(
            content,
            separator=described["delimiter"],
            infer_schema=False,
            truncate_ragged_lines=True,
            encoding="utf8-lossy",
        )
    known = {header: name for name, header in described["headers"].items()}
    read = read.rename({header: known[header] for header in read.columns if header in known})
    read = read.with_columns(pl.when(pl.all().is_in(described["missing"])).then(None).otherwise(pl.all()).name.keep())
    return read.filter(~pl.all_horizontal(pl.all().is_null()))  # blank lines, which the other tools skip by themselves


def check(path, described, first_day, last_day) -> dict:
    read = frame(path, described)
    dates = {name: form for name, form in described["dates"].items() if name in read.columns}
    read = read.with_columns(pl.col(name).str.to_date(form, strict=False) for name, form in dates.items())
    between = pa.Check.in_range(
        pl.Series([first_day]).str.to_date()[0], pl.Series([last_day]).str.to_date()[0], name="range"
    )
    columns = {}
    for name in read.columns:
        checks = [pa.Check.isin(described["allowed"][name], name="allowed")] if name in described["allowed"] else []
        checks += [between] if name in dates else []
        required = name in described["required"] and name not in dates
        if checks or required or name in described["unique"]:
            columns[name] = pa.Column(checks=checks, nullable=not required, unique=name in described["unique"])
    found = dict.fromkeys(("required", "unique", "allowed", "range"), 0)
    try:
        pa.DataFrameSchema(columns).validate(read, lazy=True)
    except pandera.errors.SchemaErrors as error:
        for failure in error.schema_errors:
            kind = KINDS.get(failure.reason_code.name.lower()) or next(
                (k for k in ("allowed", "range", "not_null", "unique") if k in str(failure.check)), ""
            )
            kind = {"not_null": "required", "series_contains_nulls": "required"}.get(kind, kind)
            count = failure.failure_cases.height if hasattr(failure.failure_cases, "height") else 1
            found[kind or "required"] += count
    return found


common.run(check)
