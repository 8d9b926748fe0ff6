"""Great Expectations must find what we find, keep no value, and write the same bytes for the same input."""

import contextlib
import datetime as dt
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from worlds import PERIOD, ROOT, judged

from pipelines import second_opinion as checkpoint
from pipelines.expectations.rule import Rule
from pipelines.home import store
from pipelines.rules.parts import parts_of
from pipelines.samples import write_samples
from pipelines.second_opinion import plan

AS_OF = dt.date.fromisoformat(PERIOD)
OUTSIDE = r"<(script|link|img|iframe|object|embed|base)\b|@import|url\(|https?://|\ssrc="
SECRET = "Planted-Väinämöinen-42"
# Makes the checks of a period again, in a process of its own.
AGAIN = """
import pathlib, sys
sys.path.insert(0, "tests")
import worlds
from pipelines import second_opinion as checkpoint
from pipelines.rules.parts import parts_of
exports, out = map(pathlib.Path, sys.argv[1:])
with worlds.judged(exports) as judged:
    parts = tuple(parts_of(judged.connection, judged.loaded))
    judged.evaluate(parts)
    checkpoint.run(judged.connection, judged.context, judged.loaded, parts, judged.unavailable, out)
"""


@dataclass(frozen=True)
class Checked:
    """A period as it was checked. `written`: {path: text} of every file that came of it."""

    connection: object
    exports: Path
    written: dict[str, str]

    def rows(self, sql: str, *values: object) -> list[tuple]:
        return self.connection.execute(sql, values).fetchall()


@contextlib.contextmanager
def checked(exports: Path, reports: Path):
    with judged(exports) as period:
        parts = tuple(parts_of(period.connection, period.loaded))
        period.evaluate(parts)
        checkpoint.run(period.connection, period.context, period.loaded, parts, period.unavailable, reports)
        paths = sorted(path for path in reports.rglob("*") if path.is_file())
        written = {str(path.relative_to(reports)): path.read_text("utf-8") for path in paths}
        yield Checked(period.connection, exports, written)


@pytest.fixture(scope="module")
def period(tmp_path_factory):
    """The last period of a small sample, with the period before it and every planted problem."""
    folder = tmp_path_factory.mktemp("checkpoint")
    write_samples(folder / "sample", customers=300, seed=7, periods=3)
    with checked(folder / "sample" / "exports", folder / "reports") as found:
        yield found


@pytest.fixture(scope="module")
def written(period):
    return period.written


# What it finds


def test_agrees_with_our_own_evaluation_for_every_rule_and_dataset(period):
    rows = period.rows("select rule, dataset, offences, gx_unexpected, agrees from results.agreement")
    assert [row for row in rows if not row[4]] == []
    assert len(rows) > 200
    assert sum(row[2] for row in rows) > 100


def test_agreement_has_every_rule_and_dataset_that_was_evaluated(period):
    evaluated = "select rule, dataset from results.evaluations where status = 'evaluated' and dataset <> ''"
    assert period.rows(f"{evaluated} except select rule, dataset from results.agreement") == []
    found = "select distinct rule, dataset from results.findings"
    assert period.rows(f"{found} except select rule, dataset from results.agreement") == []


def test_findings_are_fewer_than_offences_only_where_a_key_repeats(period):
    rows = period.rows("select rule, dataset from results.agreement where findings <> offences")
    repeated = period.rows("select distinct rule, dataset from results.findings where occurrences > 1")
    assert sorted(rows) == sorted(repeated)


def test_what_was_not_evaluated_is_skipped_and_nothing_else(period):
    skipped = "select distinct rule, dataset from results.expectations where status = 'skipped' order by all"
    not_evaluated = "select distinct rule, dataset from results.evaluations where status = 'not evaluated' order by all"
    assert period.rows(skipped) == period.rows(not_evaluated) != []


def test_agrees_also_where_exports_are_missing_or_empty(period, tmp_path):
    exports = tmp_path / "exports"
    shutil.copytree(period.exports / PERIOD, exports / PERIOD)
    (exports / PERIOD / "vesikanta_liittymat.csv").unlink()
    (exports / PERIOD / "sopimusmapit.xlsx").unlink()
    claims = exports / PERIOD / "vesikanta_reklamaatiot.csv"
    claims.write_bytes(claims.read_bytes().splitlines(keepends=True)[0])
    with checked(exports, tmp_path / "reports") as found:
        assert found.rows("select * from results.agreement where not agrees") == []
        assert found.rows("select * from results.expectations where status = 'error'") == []
        assert found.rows("select * from results.expectations where status = 'skipped' and rule = 'past-retention'")


def test_no_check_ends_in_an_error(period):
    assert period.rows("select * from results.expectations where status = 'error'") == []


def test_a_status_follows_from_the_count(period):
    query = "select distinct status from results.expectations where unexpected_count {} 0"
    assert period.rows(query.format("=")) == [("success",)]
    assert period.rows(query.format(">")) == [("failed",)]


def test_native_expectations_count_without_our_sql(period):
    query = "select distinct expectation_type from results.expectations where rule = ? and status not in ('skipped')"
    assert period.rows(query, "required-missing") == [("expect_column_values_to_not_be_null",)]
    assert ("expect_table_columns_to_match_set",) in period.rows(query, "missing-column")


# What it writes


def test_a_suite_and_its_results_for_every_dataset(period, written):
    for (name,) in period.rows("select dataset from results.datasets"):
        for path in (
            f"gx/suites/{name}.json",
            f"gx/validation/{name}.json",
            f"data-docs/validations/{name}.html",
            f"data-docs/expectations/{name}.html",
        ):
            assert path in written


def test_plain_great_expectations_loads_every_suite(period, written):
    import great_expectations as gx

    loaded = 0
    for path, text in written.items():
        if path.startswith("gx/suites/"):
            suite = gx.ExpectationSuite(**json.loads(text))
            loaded += len(suite.expectations)
            assert {e.severity.value for e in suite.expectations} <= {"critical", "warning", "info"}
            assert all(e.meta["rule"] and e.description for e in suite.expectations)
            assert {type(e).__module__.split(".")[0] for e in suite.expectations} == {"great_expectations"}
    assert loaded == period.rows("select count(*) from results.expectations where status <> 'skipped'")[0][0]


def test_json_says_what_the_table_says(period, written):
    for path, text in written.items():
        if path.startswith("gx/validation/"):
            document = json.loads(text)
            failed = "select count(*) from results.expectations where dataset = ? and status = 'failed'"
            expected = period.rows(failed, document["suite_name"])[0][0]
            assert document["statistics"]["unsuccessful_expectations"] == expected
            assert document["meta"]["run_id"] == {"run_name": PERIOD, "run_time": f"{PERIOD}T00:00:00+00:00"}


def test_no_value_of_a_cell_is_in_any_file(period, written):
    kinds = "('pd:Name', 'pd:TelephoneNumber', 'pd:EmailAddress', 'pd:OfficialID', 'pd:BankAccount')"
    query = f"select distinct value from registry.subject_attributes where kind in {kinds} and length(value) >= 8"
    values = [value for (value,) in period.rows(query)]
    keys = period.rows("select distinct record_key from results.findings where length(record_key) >= 8")
    text = "\n".join(written.values())
    assert len(values) > 500
    assert [value for value in values if value in text] == []
    assert [key for (key,) in keys if key in text] == []


def test_data_docs_refer_to_nothing_outside_themselves(written):
    for path, text in written.items():
        if path.startswith("data-docs/"):
            assert not re.search(OUTSIDE, text), path
            for link in re.findall(r'href="([^"#]+)', text):
                target = os.path.normpath(Path(path).parent / link)
                assert target in written, f"{path} -> {link}"


def test_same_input_same_bytes_whatever_the_machine(period, tmp_path):
    environment = os.environ | {"PYTHONHASHSEED": "2", "TZ": "Asia/Tokyo"}
    command = [sys.executable, "-c", AGAIN, str(period.exports), str(tmp_path)]
    done = subprocess.run(command, check=True, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("", "")
    again = {path: (tmp_path / path).read_text("utf-8") for path in period.written}
    assert [path for path, text in period.written.items() if again[path] != text] == []
    text = "\n".join(period.written.values())
    assert str(ROOT) not in text
    assert str(period.exports.parent) not in text


def test_importing_the_room_does_not_import_great_expectations():
    code = "import sys, pipelines.job.run, pipelines.second_opinion.plan; sys.exit('great_expectations' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


# One dataset by hand


def rule(name: str, severity: str = "high") -> Rule:
    day = dt.date(2026, 6, 1)
    text = {"title": "A <title> & more", "category": "validity", "why": "why", "todo": "todo", "mandate": "law"}
    return Rule(
        id=name,
        path=Path(name),
        sql="",
        sql_line=1,
        severity=severity,
        notice=("N01",),
        owner="keeper",
        reviewed=day,
        review_by=day,
        **text,
    )


@pytest.fixture(scope="module")
def made():
    """{(rule, dataset): row} of checks on a table of 300 planted values, an empty and a missing one; what made them."""
    from pipelines.second_opinion import data_docs, results, suites

    connection = duckdb.connect()
    connection.execute("create schema registry; create schema feed")
    connection.execute(f"create table registry.people as select '{SECRET}' as name, null::date as born from range(300)")
    connection.execute("create table registry.nobody (name varchar)")
    connection.execute("create table feed.files as select 'absent' as dataset")
    people = {
        "cast-fails": "select name from registry.people where cast(name as date) is not null",
        "many-rows": "select * from registry.people",
        "braces": "from registry.people where regexp_matches(name, '[a-z]{2}:x|^P.{3}') and name not like '%:x'",
        "ordered": "select name from registry.people order by name limit 250",
        "unknown-table": "select * from registry.gone",
        "slices": "select * from registry.people where name[1:2] = 'Pl' and name::varchar is not null",
    }
    checks = [plan.Check(rule(name), 1, "people", "name", sql) for name, sql in people.items()]
    checks += [
        plan.Check(rule("required-missing"), 1, "people", "born", "select 1"),
        plan.Check(rule("required-missing"), 1, "nobody", "name", "select 1"),
        plan.Check(rule("missing-column"), 1, "people", "", "select 1"),
        plan.Check(rule("missing-export"), 1, "absent", "", "select * from feed.files"),
        plan.Check(rule("not-possible"), 1, "people", "", None),
    ]
    datasets = tuple(
        plan.Dataset(name, "system", f"{name}.csv", columns, name != "absent")
        for name, columns in (("people", ("name", "born", "shoe_size")), ("nobody", ("name",)), ("absent", ("name",)))
    )
    validated = suites.validate(connection, AS_OF, datasets, tuple(checks))
    by_key = {results.key(result): result for each in validated.validations.values() for result in each.results}
    rows = [results.row(check, by_key.get(check.key)) for check in checks]
    return {(row.rule, row.dataset): row for row in rows}, (validated, datasets, rows, data_docs, results)


def test_an_exception_is_an_error_and_not_a_failure(made):
    for name in ("cast-fails", "unknown-table"):
        row = made[0][name, "people"]
        assert (row.status, row.unexpected_count) == ("error", None)


def test_an_error_does_not_spoil_the_other_checks(made):
    assert {row.status for (name, _), row in made[0].items() if name not in ("cast-fails", "unknown-table")} == {
        "failed",
        "success",
        "skipped",
    }


def test_every_row_counts_also_beyond_the_two_hundredth(made):
    row = made[0]["many-rows", "people"]
    assert (row.status, row.unexpected_count, row.element_count) == ("failed", 300, 300)
    assert made[0]["ordered", "people"].unexpected_count == 250


def test_braces_colons_and_percent_signs_stay_what_they_are(made):
    assert made[0]["braces", "people"].unexpected_count == 300
    assert made[0]["slices", "people"].unexpected_count == 300


def test_an_empty_column_is_counted_by_the_native_expectation(made):
    row = made[0]["required-missing", "people"]
    assert (row.status, row.unexpected_count, row.element_count) == ("failed", 300, 300)


def test_an_empty_table_has_nothing_missing(made):
    row = made[0]["required-missing", "nobody"]
    assert (row.status, row.unexpected_count, row.element_count) == ("success", 0, 0)


def test_a_missing_column_is_counted_by_the_native_expectation(made):
    row = made[0]["missing-column", "people"]
    assert (row.status, row.unexpected_count, row.element_count) == ("failed", 1, 3)


def test_a_missing_export_is_checked_on_the_feed(made):
    row = made[0]["missing-export", "absent"]
    assert (row.status, row.unexpected_count, row.element_count) == ("failed", 1, 1)


def test_what_this_period_cannot_tell_is_skipped(made):
    assert made[0]["not-possible", "people"].status == "skipped"


def test_a_value_in_an_error_message_reaches_no_file(made, tmp_path):
    validated, datasets, rows, data_docs, results = made[1]
    results.write_json(validated, tmp_path / "gx")
    data_docs.write(validated, datasets, rows, AS_OF, tmp_path / "data-docs")
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) == 13
    for path in files:
        assert SECRET not in path.read_text("utf-8"), path
    page = (tmp_path / "data-docs" / "validations" / "people.html").read_text("utf-8")
    assert "could not be evaluated: ConversionException" in page
    assert "A &lt;title&gt; &amp; more" in page
    assert "A <title>" not in page
    assert "Traceback" not in page


def test_a_disagreement_is_said_in_a_sentence_and_agreement_is_silence():
    with store.scratch() as connection:
        from pipelines.second_opinion import results

        connection.execute("create schema results")
        connection.execute("create table results.agreement as select 'r' as rule, 'd' as dataset, true as agrees")
        assert results.disagreements(connection) == ()
        connection.execute("insert into results.agreement values ('r', 'e', false)")
        assert results.disagreements(connection) == ("Great Expectations does not agree with the findings: r on e",)
