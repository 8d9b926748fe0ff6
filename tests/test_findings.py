"""findings.csv equals the answer key and the oracle, rule by rule; what a feed lacks is not held against records."""

from __future__ import annotations

import copy
import csv
import datetime as dt
import os
import re
import shutil
from pathlib import Path

import duckdb
import oracle
import pytest
import worlds
from oracle.catalogue import RULES, collapsed
from oracle.layouts import DATASETS
from oracle.reading import Record, Table
from worlds import BEFORE, EXPECTATIONS, PERIOD, SAMPLES, expectations, judged, told

from pipelines import tree
from pipelines.errors import ExpectationsError
from pipelines.expectations.rule import Part
from pipelines.home import store
from pipelines.job import run
from pipelines.ledger import findings_files, looking
from pipelines.registry import build as registry
from pipelines.rules import findings
from pipelines.rules.findings import COLUMNS
from pipelines.rules.parts import parts_of
from pipelines.samples import write_samples

PERIODS = ("2025-12-31", "2026-03-31", "2026-06-30")
STRUCTURE = {rule for rule, (category, _) in RULES.items() if category == "structure"}


# One period after another, against key and oracle


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    return worlds.home_of_samples(tmp_path_factory)


@pytest.fixture(scope="module")
def found(home) -> dict[str, list[dict]]:
    """The rows of findings.csv on the repository's samples, by period; a reference read back as the customer it stands for."""
    known, found = store.open_existing(home), {}
    for period in PERIODS:
        found[period] = read(home / "reports" / period)
        for row in found[period]:
            if row["customer_number"].startswith("R"):
                row["customer_number"] = looking.one(known, row["customer_number"], period)["customer_number"]
    return found


def read(folder: Path) -> list[dict]:
    with (folder / "findings.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def findings_of(exports: Path, period: str) -> list[dict]:
    with judged(exports, period) as world:
        return world.findings()


@pytest.mark.parametrize("rule", sorted(RULES))
def test_each_rule_finds_what_the_answer_key_of_the_samples_says(found, rule):
    for period in PERIODS:
        assert told(found[period], rule) == told(worlds.answer_key(SAMPLES)[period], rule), period


@pytest.mark.parametrize("period", PERIODS)
def test_product_and_oracle_find_the_same_in_the_samples(found, period):
    assert told(found[period]) == told(worlds.expected(SAMPLES / "exports", period))


@pytest.mark.parametrize(("seed", "customers", "periods"), [(7, 300, 2), (11, 1200, 1)])
def test_other_worlds_are_found_out_just_as_exactly(tmp_path, seed, customers, periods):
    write_samples(tmp_path, customers, seed, periods)
    period = PERIODS[periods - 1]
    told_here = told(findings_of(tmp_path / "exports", period))
    assert told_here == told(worlds.answer_key(tmp_path)[period])
    assert told_here == told(worlds.expected(tmp_path / "exports", period))


def test_a_finding_is_one_rule_on_one_field_of_one_record(found):
    for rows in found.values():
        named = [(row["rule"], row["dataset"], row["record_key"], row["field"]) for row in rows]
        assert len(named) == len(set(named))


def test_category_and_usual_severity_are_those_of_the_catalogue(found):
    usual = {rule.id: (rule.category, rule.severity) for rule in expectations().rules}
    assert (
        usual | {"field-not-needed": RULES["field-not-needed"], "duplicate-person": RULES["duplicate-person"]} == RULES
    )
    assert {row["severity"] for rows in found.values() for row in rows} == {"high", "medium", "low"}


def test_another_as_of_day_moves_every_deadline(found):
    """Three months later, with the same files."""
    with judged(SAMPLES / "exports", PERIODS[0], as_of="2026-09-30") as world:
        rows = world.findings()
    assert told(rows) == told(worlds.expected(SAMPLES / "exports", PERIODS[0], as_of="2026-09-30"))
    assert told(rows) != told(found[PERIODS[0]])


# The files


def test_the_csv_begins_with_the_columns_of_the_spec_and_goes_on_with_the_ledgers(home):
    header = (home / "reports" / PERIOD / "findings.csv").read_text("utf-8").splitlines()[0].split(",")
    assert header[:10] == list(COLUMNS)
    assert ",".join(COLUMNS) == "rule,category,severity,system,dataset,record_key,field,customer_number,due_on,detail"
    assert header[10:] == list(findings_files.LEDGER_COLUMNS)


@pytest.mark.parametrize("period", PERIODS)
def test_the_csv_is_utf8_with_lf_and_iso_dates_and_sorted(home, found, period):
    content = (home / "reports" / period / "findings.csv").read_bytes()
    assert not content.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in content
    assert all(row["due_on"] == "" or dt.date.fromisoformat(row["due_on"]) for row in found[period])
    order = [(row["rule"], row["system"], row["dataset"], row["record_key"], row["field"]) for row in found[period]]
    assert order == sorted(order)


@pytest.mark.parametrize("period", PERIODS)
def test_the_parquet_file_holds_the_same_rows(home, found, period):
    parquet = duckdb.sql(f"from '{home / 'reports' / period / 'findings.parquet'}'")
    rows = [tuple("" if value is None else str(value) for value in row) for row in parquet.fetchall()]
    assert parquet.columns == list(found[period][0])
    assert rows == [tuple(row.values()) for row in read(home / "reports" / period)]


def test_the_same_exports_give_the_same_bytes(home, tmp_path):
    """Whatever the files' times, the threads and the memory."""
    period = PERIODS[0]
    shutil.copytree(SAMPLES / "exports" / period, tmp_path / "exports" / period)
    for path in (tmp_path / "exports" / period).iterdir():
        os.utime(path, (1_000_000_000, 1_000_000_000))
    with worlds.light():
        run.run(tmp_path / "home", tmp_path / "exports", EXPECTATIONS, threads=1, memory="500MB")
    for name in ("findings.csv", "findings.parquet"):
        again = (tmp_path / "home" / "reports" / period / name).read_bytes()
        assert again == (home / "reports" / period / name).read_bytes()


def test_no_personal_value_is_in_a_finding(home):
    """Names, addresses, identity codes, phones, accounts and texts of the samples' customers."""
    text = (home / "reports" / PERIOD / "findings.csv").read_text("utf-8")
    columns = "name, street_address, personal_identity_code, phone, email, bank_account, notes"
    with store.reading(store.open_existing(home), PERIOD) as connection:
        rows = connection.execute(f"select {columns} from registry.customers").fetchall()
    values = {value for row in rows for value in row if value and len(value) > 6}
    assert len(values) > 1000
    assert [value for value in values if value in text] == []


# What the feed lacks


class Feed:
    """One world of 300 customers, from which files and columns can be taken, on both sides."""

    def __init__(self, exports: Path, world: worlds.Judged):
        self.world, self.connection = world, world.connection
        self.oracle = oracle.world_of(exports, BEFORE)
        self.complete = world.findings()
        self.reads: dict[str, set[str]] = {}
        for part in parts_of(self.connection, world.loaded):
            read = self.read_by(part.sql) if part.sql else set()
            if not part.dataset or part.rule in world.loaded.domain_rules or read & set(DATASETS) - {part.dataset}:
                self.reads.setdefault(part.rule.id, set()).update({*read, part.dataset})

    def read_by(self, sql: str) -> set[str]:
        """The datasets that a SELECT reads, by itself or through shared relations."""
        relations = {relation.name: relation.sql for relation in self.world.loaded.relations}
        tables = {table for _, table in tree.tables(tree.parse(self.connection, sql))}
        if "retention" in tables:
            return set(DATASETS)
        return tables.union(*(self.read_by(relations[table]) for table in tables & relations.keys()))

    def concerns(self, rule: str, dataset: str, of: str) -> bool:
        """Whether a rule's findings on one dataset could be others without something of another dataset."""
        return of in self.reads[rule] if rule in self.reads else dataset == of

    def without(self, dataset: str, column: str = "") -> tuple[list[dict], set[str]]:
        """(findings, rules not evaluated) on the feed without a column, or without a whole file."""
        self.connection.execute("begin")
        try:
            self.take_away(dataset, column)
            here = worlds.derive(self.connection, self.world.context, self.world.loaded)
            parts = parts_of(self.connection, here.loaded)
            here.evaluate([part for part in parts if self.concerns(part.rule.id, part.dataset, dataset)])
            rows = here.rows(f"select {', '.join(COLUMNS)} from results.findings")
            rows += [row for row in self.complete if not self.concerns(row["rule"], row["dataset"], dataset)]
            return rows, here.not_evaluated()
        finally:
            self.connection.execute("rollback")

    def take_away(self, dataset: str, column: str) -> None:
        execute = self.connection.execute
        if column:
            execute(
                "update feed.columns set status = 'missing' where (dataset, column_name) = ($1, $2)", [dataset, column]
            )
        else:
            for table in ("feed.columns", "feed.rejected_cells", "raw.rejected_rows"):
                execute(f"delete from {table} where dataset = $1", [dataset])
            execute("update feed.files set status = 'missing' where dataset = $1", [dataset])
        execute(f"drop view if exists latest.{dataset}; drop table if exists registry.{dataset}")
        contract = next(one for one in self.world.loaded.contracts if one.dataset == dataset)
        present = registry.columns_present(self.connection).get(dataset, ())
        if present:
            registry.build_table(self.connection, contract, [one for one in contract.columns if one.name in present])

    def oracle_without(self, dataset: str, column: str = "") -> list[dict]:
        """What the oracle finds there."""
        world, table = copy.copy(self.oracle), copy.copy(self.oracle.tables[dataset])
        if column:
            table.columns = table.columns - {column}
            table.records = [
                Record(one.dataset, one.line, {**one.values, column: None}, one.unreadable - {column})
                for one in table.records
            ]
        else:
            table = Table(table.dataset)
        world.tables, world.not_evaluated, world._groups = {**world.tables, dataset: table}, set(), {}
        world.__dict__.pop("own_ledger", None)
        return collapsed([one for rule in oracle.RULES for one in rule(world)])


@pytest.fixture(scope="module")
def feed(tmp_path_factory):
    samples = tmp_path_factory.mktemp("feed")
    write_samples(samples, 300, 5, 2)
    with judged(samples / "exports", BEFORE) as world:
        yield Feed(samples / "exports", world)


ALL_COLUMNS = [(name, column.name) for name, dataset in sorted(DATASETS.items()) for column in dataset.columns]
READ = set(re.findall(r"\w+", " ".join(path.read_text("utf-8") for path in EXPECTATIONS.rglob("*.sql"))))
# Of the columns that no rule names, every fourth.
COLUMNS_OF_FILES = [
    (name, column) for number, (name, column) in enumerate(ALL_COLUMNS) if column in READ or number % 4 == 0
]
# Rules that read a column for their detail only: without it they are not evaluated, where the oracle still is.
ONLY_FOR_DETAIL: dict[tuple[str, str], set[str]] = {
    ("requests", "kind"): {"request-overdue"},
    ("user_accounts", "system"): {"access-dormant"},
}


def check(feed: Feed, dataset: str, column: str = "") -> None:
    """Nothing new but on the structure; the same as the oracle; and what could not be evaluated is said."""
    rows, not_evaluated = feed.without(dataset, column)
    complete = {identity(row) for row in feed.complete}
    without_keys = column == DATASETS[dataset].key
    new = {identity(row) for row in rows if row["rule"] not in STRUCTURE} - complete
    assert {one for one in new if not (without_keys and one[1] == dataset)} == set()
    silent = ONLY_FOR_DETAIL.get((dataset, column), set())
    assert silent <= not_evaluated
    assert told(rows) == told(row for row in feed.oracle_without(dataset, column) if row["rule"] not in silent)
    gone = {row["rule"] for row in feed.complete} - {row["rule"] for row in rows} - STRUCTURE
    assert gone <= not_evaluated


def identity(row: dict) -> tuple:
    return row["rule"], row["dataset"], row["record_key"], row["field"]


@pytest.mark.parametrize("dataset", sorted(DATASETS))
def test_without_a_file_nothing_is_found_that_was_not_there_before(feed, dataset):
    check(feed, dataset)


@pytest.mark.parametrize(("dataset", "column"), COLUMNS_OF_FILES, ids=map(".".join, COLUMNS_OF_FILES))
def test_without_a_column_nothing_is_found_that_was_not_there_before(feed, dataset, column):
    check(feed, dataset, column)


def test_a_file_and_a_column_really_taken_away(tmp_path):
    """The same through the files, once."""
    write_samples(tmp_path, 300, 5, 1)
    exports, period = tmp_path / "exports", PERIODS[0]
    (exports / period / "ytj_yritykset.csv").unlink()
    consents = exports / period / "suostumukset.csv"
    rows = [line.split(";") for line in consents.read_text("utf-8").splitlines()]
    consents.write_text("\n".join(";".join(row[:4] + row[5:]) for row in rows), "utf-8")
    with judged(exports, period) as world:
        assert told(world.findings()) == told(worlds.expected(exports, period))
        assert {"register-mismatch", "consent-withdrawn-in-use"} <= world.not_evaluated()
        # Consents' own class cannot be built; the schedule itself can still be read, and no part is counted twice.
        assert "past-retention" in world.not_evaluated() and "retention-criterion-missing" not in world.not_evaluated()
        twice = "select rule, part from results.evaluations group by all having count(*) > 1"
        assert world.connection.execute(twice).fetchall() == []
        assert world.found("missing-column") == ["Peruttu withdrawn_on"]


def test_a_column_that_nobody_declared_is_one_finding_and_changes_nothing_else(tmp_path):
    write_samples(tmp_path, 300, 5, 1)
    exports, period = tmp_path / "exports", PERIODS[0]
    before = told(findings_of(exports, period))
    claims = exports / period / "vesikanta_reklamaatiot.csv"
    lines = claims.read_bytes().split(b"\r\n" if b"\r\n" in claims.read_bytes() else b"\n")
    claims.write_bytes(
        b"\n".join(line + (b";Mielipide" if not number else b";x") * bool(line) for number, line in enumerate(lines))
    )
    after = told(findings_of(exports, period))
    new = [one for one in after if one not in before]
    assert [(one[0], one[4], one[5], one[6]) for one in new] == [
        ("undeclared-column", "claims", "column 6", "column 6")
    ]
    assert len(after) == len(before) + 1


# The parts of a rule run as one statement in a small period, each alone in a large one.


@pytest.fixture(scope="module")
def small_world(tmp_path_factory):
    exports = tmp_path_factory.mktemp("small")
    worlds.write(
        exports / PERIOD,
        customers="customer_number|name|phone\nA1|Virtanen Matti|12\nA2|.|.",
        claims="claim_number|customer_number|opened_on\nR1|A1|.\nR2|A9|1.1.2019",
    )
    with judged(exports) as world:
        yield world


def a_part(number: int, sql: str | None, dataset: str = "claims", missing: str = "") -> Part:
    rule = next(rule for rule in expectations().rules if rule.id == "orphan-record")
    return Part(rule, number, sql, dataset, "", missing=missing)


def told_by(world, parts, monkeypatch, few: int) -> tuple[list[dict], list[dict]]:
    """Findings and evaluations, of parts that run together up to this many records."""
    monkeypatch.setattr(findings, "FEW_RECORDS", few)
    world.evaluate(parts)
    return (
        world.rows(f"select {', '.join(COLUMNS)}, occurrences from results.findings order by all"),
        world.rows("from results.evaluations order by all"),
    )


def test_all_rules_tell_the_same_together_and_alone(small_world, monkeypatch):
    parts = list(parts_of(small_world.connection, small_world.loaded))
    together, alone = (told_by(small_world, parts, monkeypatch, few) for few in (1000, 0))
    assert together == alone and together[0]
    assert {row["status"] for row in together[1]} == {"evaluated", "not evaluated"}


def test_each_part_keeps_its_own_type_of_detail_and_its_own_number(small_world, monkeypatch):
    head = "select record_key, '' as field,"
    parts = [
        a_part(1, f"{head} 5 as detail from registry.claims where record_key = 'R1'"),
        a_part(2, f"{head} 1.50 as detail, date '2026-01-01' as due_on from registry.claims where record_key = 'R2'"),
        a_part(
            3, f"{head} true as detail, timestamp '2026-01-02 10:00:00' as due_on from registry.customers", "customers"
        ),
        a_part(4, f"{head} 'no' as detail from registry.claims where false"),
    ]
    together, alone = (told_by(small_world, parts, monkeypatch, few) for few in (1000, 0))
    assert together == alone
    assert {row["detail"] for row in together[0]} == {"5", "1.50", "true"}
    assert [row["offences"] for row in together[1]] == [1, 1, 2, 0]


def test_a_part_that_lacks_a_column_keeps_none_of_the_others_from_running(small_world, monkeypatch):
    parts = [
        a_part(1, "select record_key, 'name' as field from registry.customers where name is null", "customers"),
        a_part(2, "select record_key, 'x' as field from registry.claims where never_exported is null"),
        a_part(3, "select record_key, 'y' as field from registry.invoices", "invoices"),
        a_part(4, None, "claims", missing="export missing"),
    ]
    together, alone = (told_by(small_world, parts, monkeypatch, few) for few in (1000, 0))
    assert together == alone
    assert [row["reason"] for row in together[1]] == ["", findings.LACKS, findings.LACKS, "export missing"]
    assert [(row["record_key"], row["field"]) for row in together[0]] == [("A2", "name")]


def test_the_rule_at_fault_is_named_whether_its_parts_run_together_or_alone(small_world, monkeypatch):
    parts = [
        a_part(1, "select record_key, 'name' as field from registry.customers", "customers"),
        a_part(2, "select record_key, cast(record_key as integer) as detail from registry.claims"),
    ]
    for few in (1000, 0):
        with pytest.raises(ExpectationsError) as error:
            told_by(small_world, parts, monkeypatch, few)
        assert "orphan-record" in str(error.value) and "ConversionException" in str(error.value)
        assert small_world.rows("from results.evaluations") == []
    small_world.evaluate([])
