"""Great Expectations on pandas: the same checks as expectations, one suite per file."""

import common
import great_expectations as gx
import pandas as pd

KINDS = {
    "expect_column_values_to_not_be_null": "required", "expect_column_values_to_be_unique": "unique",
    "expect_column_values_to_be_in_set": "allowed", "expect_column_values_to_be_between": "range",
}  # fmt: skip
context = gx.get_context(mode="ephemeral")
context.variables.progress_bars = {"globally": False, "metric_calculations": False}
source = context.data_sources.add_pandas("pandas")


def frame(path, described) -> pd.DataFrame:
    """The file as text; a missing value is null."""
    if described["kind"] == "xlsx":
        rows = common.sheet(path)
        read = pd.DataFrame(rows[1:], columns=rows[0], dtype=object)
    else:
        encoding = {"windows-1252": "cp1252", "utf-8": "utf-8-sig"}.get(described["encoding"], described["encoding"])
        read = pd.read_csv(
            path,
            sep=described["delimiter"],
            dtype=str,
            encoding=encoding,
            encoding_errors="replace",
            on_bad_lines="skip",
            keep_default_na=False,
            index_col=False,
        )
    read = read.rename(columns={header: name for name, header in described["headers"].items()})
    return read.mask(read.isin(described["missing"])).dropna(how="all")


def check(path, described, first_day, last_day) -> dict:
    read = frame(path, described)
    for name, form in described["dates"].items():
        if name in read:
            read[name] = pd.to_datetime(read[name], format=form, errors="coerce")
    e = gx.expectations
    wanted = [
        e.ExpectColumnValuesToNotBeNull(column=name)
        for name in described["required"]
        if name in read and name not in described["dates"]
    ]
    wanted += [e.ExpectColumnValuesToBeUnique(column=name) for name in described["unique"] if name in read]
    wanted += [
        e.ExpectColumnValuesToBeInSet(column=name, value_set=values)
        for name, values in described["allowed"].items()
        if name in read
    ]
    wanted += [
        e.ExpectColumnValuesToBeBetween(
            column=name, min_value=pd.Timestamp(first_day), max_value=pd.Timestamp(last_day)
        )
        for name in described["dates"]
        if name in read
    ]
    if not wanted or read.empty:
        return {}
    batch = (
        source.add_dataframe_asset(described["dataset"])
        .add_batch_definition_whole_dataframe("all")
        .get_batch({"dataframe": read})
    )
    suite = gx.ExpectationSuite(name=described["dataset"], expectations=wanted)
    found = dict.fromkeys(KINDS.values(), 0)
    for result in batch.validate(
        suite, result_format={"result_format": "SUMMARY", "partial_unexpected_count": 0}
    ).results:
        found[KINDS[result.expectation_config.type]] += result.result.get("unexpected_count", 0)
    return found


common.run(check)
