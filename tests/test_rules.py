"""A rule is one file: what it must say of itself, what its SELECT may read, and that a new one needs no Python."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import little
import pytest
import worlds
from little import PERIODS, Place
from worlds import PERIOD, expectations, judged

from pipelines.errors import ExpectationsError
from pipelines.expectations.context import Context
from pipelines.expectations.controller import load_controller
from pipelines.expectations.load import load
from pipelines.expectations.rule import CATEGORIES, load_contract_rules, load_rule
from pipelines.home import store
from pipelines.language.languages import language
from pipelines.rules import working_days
from pipelines.rules.rulecheck import check_all, check_file

# Front matter

GOOD = little.rule(little.OPEN_CLAIM)


def refused(tmp_path, text: str, name: str = "a-rule.sql") -> tuple[str, str]:
    """(place, problem) of the message about a rule's front matter."""
    path = tmp_path / name
    with pytest.raises(ExpectationsError) as caught:
        load_rule(path, text)
    assert caught.value.file == str(path)
    assert caught.value.remedy
    return caught.value.place, caught.value.problem


def test_what_a_rule_says_of_itself(tmp_path):
    rule = load_rule(tmp_path / "a-rule.sql", GOOD)
    assert (rule.id, rule.category, rule.severity, rule.dataset) == ("a-rule", "staleness", "high", "claims")
    assert (rule.notice, rule.owner, rule.review_by) == ((), "customer service", dt.date(2027, 6, 30))
    assert rule.sql == little.OPEN_CLAIM


@pytest.mark.parametrize(
    "key", ["title", "category", "severity", "why", "todo", "mandate", "owner", "reviewed", "review_by"]
)
def test_front_matter_must_be_complete(tmp_path, key):
    text = "".join(line for line in GOOD.splitlines(keepends=True) if not line.startswith(f"{key}:"))
    assert refused(tmp_path, text) == ("front matter", f"`{key}` is missing")


@pytest.mark.parametrize(
    ("old", "new", "place", "problem"),
    [
        ("/*", "--", "line 1", "no front matter"),
        ("title: A claim", "title: A claim: it", "line 2", "front matter is not YAML"),
        ("notice: []", "notice: [N01", "line 9", "front matter is not YAML"),
        ("severity: high", "severity: grave", "front matter", "`severity: grave` is not one of high, medium, low"),
        ("category: staleness", "category: age", "front matter", "`category: age` is not one of structure, "),
        ("severity: high", "severity: high\nabout: cats", "front matter", "`about: cats` is not one of record, feed"),
        ("owner:", "keeper: me\nowner:", "front matter", "unknown key `keeper`"),
        ("notice: []", "notice: N01", "front matter", "`notice` is no list"),
        ("reviewed: 2026-06-01", "reviewed: yesterday", "front matter", "`reviewed` is no date"),
        ("review_by: 2027-06-30", "review_by: 2027", "front matter", "`review_by` is no date"),
    ],
)
def test_a_mistake_in_the_front_matter_names_its_place(tmp_path, old, new, place, problem):
    found = refused(tmp_path, GOOD.replace(old, new, 1))
    assert found[0] == place
    assert found[1].startswith(problem)


@pytest.mark.parametrize("name", ["A-Rule.sql", "a_rule.sql", "1st.sql", "a--rule.sql", "sääntö.sql"])
def test_the_file_name_is_the_rules_name(tmp_path, name):
    assert refused(tmp_path, GOOD, name)[0] == "file name"


def test_no_rule_may_take_a_contract_rules_name(tmp_path):
    folder = little.expectations(tmp_path / "expectations")
    (folder / "rules" / "duplicate-key.sql").write_text(GOOD, "utf-8")
    with pytest.raises(ExpectationsError, match="is the name of a contract rule"):
        load(folder)


def test_every_rule_of_the_project_is_complete_and_fit():
    loaded = expectations()
    assert {rule.category for rule in loaded.rules} == set(CATEGORIES)
    assert all(rule.why.endswith(".") and rule.todo.endswith(".") for rule in loaded.rules)
    assert len(load_contract_rules()) + len(loaded.domain_rules) == len({rule.id for rule in loaded.rules})
    check_all(loaded)


@pytest.mark.parametrize(("day", "overdue"), [("2027-06-29", False), ("2027-06-30", False), ("2027-07-01", True)])
def test_a_rule_is_overdue_the_day_after_its_review_date(tmp_path, day, overdue):
    assert load_rule(tmp_path / "a-rule.sql", GOOD).review_overdue(dt.date.fromisoformat(day)) == overdue


# The SELECT. Line 13 of the file is its first.


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return load(little.expectations(tmp_path_factory.mktemp("small") / "expectations"))


MISTAKES = {
    "a delete": ("delete from registry.claims", 13, "is not a single SELECT", "write one SELECT"),
    "two statements": (
        f"{little.OPEN_CLAIM};\nselect 1",
        13,
        "is not a single SELECT: 2 statements",
        "write one SELECT",
    ),
    "no statement": ("-- nothing", 13, "is not a single SELECT", "write one SELECT"),
    "a syntax error": (
        "select record_key\nfrom registry.claims\nwhere where opened_on < $as_of",
        15,
        "is not a single SELECT",
        "write one SELECT",
    ),
    "a syntax error after letters of two bytes": (
        "select record_key,\n  'ääöö' as detail\nfrom from registry.claims",
        15,
        "is not a single SELECT",
        "write one SELECT",
    ),
    "raw text": ("select record_key\nfrom raw.vesikanta_claims", 14, "reads raw.vesikanta_claims", "registry"),
    "results": ("select record_key\nfrom results.findings", 14, "reads results.findings", "registry"),
    "the catalogue": (
        "select table_name as record_key\nfrom information_schema.tables",
        14,
        "reads information_schema.tables",
        "registry",
    ),
    "settings": (
        "select name as record_key\nfrom duckdb_settings()",
        14,
        "calls duckdb_settings() in FROM",
        "registry",
    ),
    "a table without its schema": ("select record_key\nfrom claims", 14, "reads claims", "registry"),
    "a file by a function": (
        "select a as record_key\nfrom read_csv('/etc/passwd')",
        14,
        "calls read_csv() in FROM",
        "registry",
    ),
    "a file by its name": ("select a as record_key\nfrom 'x.csv'", 14, "reads x.csv", "registry"),
    "a table deep inside": (
        "select record_key\nfrom registry.claims as r\nwhere exists (\n  select 1 from raw.rejected_rows)",
        16,
        "reads raw.rejected_rows",
        "registry",
    ),
    "another database": (
        "select record_key\nfrom workbench.registry.claims",
        14,
        "reads workbench.registry.claims",
        "registry",
    ),
    "a wrong column": (
        "select\n  record_key\nfrom registry.claims\nwhere closed_on is null",
        16,
        "closed_on",
        "name tables and columns",
    ),
    "a wrong table": ("select record_key\nfrom registry.birds", 14, "birds", "name tables and columns"),
    "a wrong function": (
        "select record_key\nfrom registry.claims\nwhere is_bird(claim_number)",
        15,
        "is_bird",
        "name tables and columns",
    ),
    "a wrong type": (
        "select record_key\nfrom registry.claims\nwhere opened_on < 7",
        15,
        "Binder Error",
        "name tables and columns",
    ),
    "an unknown parameter": (
        "select record_key\nfrom registry.claims\nwhere opened_on < $today",
        15,
        "unknown parameter $today",
        "$as_of",
    ),
    "the clock": ("select record_key\nfrom registry.claims\nwhere opened_on < now()", 15, "calls now", "$as_of"),
    "the clock as a word": (
        "select record_key\nfrom registry.claims\nwhere opened_on < current_date",
        15,
        "calls current_date",
        "$as_of",
    ),
    "chance": ("select record_key\nfrom registry.claims\nwhere random() < 0.1", 15, "calls random", "$as_of"),
    "a column of nobody's in a subquery": (
        "select record_key\nfrom registry.claims\nwhere 1 in (\n  select customer_number from registry.customers)",
        16,
        "column customer_number in a subquery is named without its table",
        "table.customer_number",
    ),
    "a column of nobody's in a join": (
        "select record_key\nfrom registry.customers as c\njoin (\n  select customer_number from registry.claims) as x on true",
        16,
        "column customer_number in a subquery is named without its table",
        "table.customer_number",
    ),
}


def faults(small, tmp_path, sql: str, **front: str) -> ExpectationsError:
    path = tmp_path / "a-rule.sql"
    path.write_text(little.rule(sql, **front), "utf-8")
    with pytest.raises(ExpectationsError) as caught:
        check_file(small, path)
    assert caught.value.file == str(path)
    return caught.value


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_in_the_select_names_line_and_remedy(small, tmp_path, mistake):
    sql, line, problem, remedy = MISTAKES[mistake]
    error = faults(small, tmp_path, sql)
    assert error.place == f"line {line}", error
    assert problem in error.problem
    assert remedy in error.remedy


@pytest.mark.parametrize(
    ("sql", "dataset", "place", "problem"),
    [
        ("select claim_number from registry.claims", "claims", "part 1", "selects no record_key"),
        ("select * from registry.claims", "claims", "part 1", "selects no record_key"),
        ("select record_key, 1 as why from registry.claims", "claims", "part 1", "selects a column 'why'"),
        ("select record_key from registry.claims", "''", "part 1", "names no dataset"),
        ("select record_key from registry.claims", "birds", "front matter", "no dataset 'birds'"),
        ("select 'birds' as dataset, record_key from registry.claims", "''", "part 1", "no dataset 'birds'"),
        (
            f"{little.OPEN_CLAIM} union all select record_key, 1 as x from registry.claims",
            "claims",
            "part 2",
            "selects a column 'x'",
        ),
        ("select record_key, 'grave' as severity from registry.claims", "claims", "part 1", "no severity 'grave'"),
    ],
)
def test_what_a_rule_must_select(small, tmp_path, sql, dataset, place, problem):
    error = faults(small, tmp_path, sql, dataset=dataset)
    assert (error.place, error.problem) == (place, problem)
    assert error.remedy


@pytest.mark.parametrize(
    "sql",
    [
        little.OPEN_CLAIM,
        "with old as (select * from registry.claims where opened_on < $as_of) select record_key from old",
        "select record_key from latest.claims where claim_number in (select k.name from registry.customers as k)",
        "select record_key from previous.registry.claims",
        "select record_key, list_transform([claim_number], lambda x: upper(x))[1] as detail from registry.claims",
        "select d.dataset, '' as record_key from feed.files as d",
        f"{little.OPEN_CLAIM};",
    ],
)
def test_what_a_rule_may_read(small, tmp_path, sql):
    path = tmp_path / "a-rule.sql"
    path.write_text(little.rule(sql), "utf-8")
    assert check_file(small, path).id == "a-rule"


@pytest.mark.parametrize(("name", "problem"), [("none.sql", "cannot be read"), ("latin.sql", "cannot be read")])
def test_a_file_that_is_no_text_is_a_message(small, tmp_path, name, problem):
    (tmp_path / "latin.sql").write_bytes(b"\xff\xfe")
    with pytest.raises(ExpectationsError, match=problem):
        check_file(small, tmp_path / name)


@pytest.mark.parametrize(
    "name", ["rules/claim-unanswered.sql", "relations/some.sql", "locale/fi/LC_MESSAGES/expectations.po"]
)
@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b'msgid "a"\nnonsense\n'])
def test_a_file_of_the_expectations_that_is_not_what_it_should_be_is_a_message(tmp_path, name, content):
    folder = little.expectations(tmp_path / "expectations")
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)
    with pytest.raises(ExpectationsError) as caught:
        check_all(load(folder))
        language("fi", folder)
    assert caught.value.file.endswith(name) and caught.value.remedy


# A new rule is one new file


def test_a_new_rule_shows_up_without_any_python(tmp_path, monkeypatch):
    little.quiet(monkeypatch)
    place = Place(tmp_path)
    little.exports(place.exports, PERIODS[0])
    little.expectations(place.expectations)
    nameless = "select record_key, 'phone' as field from registry.customers where phone is null"
    text = little.rule(nameless, title="A customer without a phone", severity="low", dataset="customers")
    (place.expectations / "rules" / "phone-missing.sql").write_text(text, "utf-8")
    place.run()
    rows = [line for line in place.findings(PERIODS[0]).decode().splitlines() if line.startswith("phone-missing")]
    assert [row.split(",")[:8] for row in rows] == [
        ["phone-missing", "staleness", "low", "vesikanta", "customers", key, "phone", key] for key in ("A2", "A3")
    ]


# Parts: the branches of a union all, each evaluated by itself


def evaluations(world, rule: str) -> list[tuple]:
    sql = "select part, dataset, field, status from results.evaluations where rule = '{}' order by part"
    return [tuple(row.values()) for row in world.rows(sql.format(rule))]


def test_each_branch_is_evaluated_or_not_by_itself(tmp_path):
    """Without customers, orphans of connections are still found."""
    worlds.write(
        tmp_path / PERIOD,
        connections="connection_number\nK1",
        agreements="agreement_number | connection_number\nS1 | K9",
    )
    with judged(tmp_path) as world:
        assert world.found("orphan-record") == ["S1 connection_number"]
        evaluated = {part[1:] for part in evaluations(world, "orphan-record") if part[3] == "evaluated"}
        assert evaluated == {("agreements", "connection_number", "evaluated")}
        assert len(evaluations(world, "orphan-record")) == 14


def test_a_branch_needs_only_the_shared_expressions_that_it_reads(tmp_path):
    """duplicate-person looks at identity codes although the export has no business ids."""
    header = "customer_number | personal_identity_code\n"
    worlds.write(tmp_path / PERIOD, customers=header + "A1 | 131052-308T\nA2 | 131052-308t")
    path = tmp_path / PERIOD / "vesikanta_asiakkaat.csv"
    path.write_bytes(path.read_bytes().replace(b"Y-tunnus", b"Tunnus"))
    with judged(tmp_path) as world:
        assert world.found("duplicate-person") == ["A1 personal_identity_code", "A2 personal_identity_code"]
        statuses = {part[2]: part[3] for part in evaluations(world, "duplicate-person")}
        assert statuses == {"personal_identity_code": "evaluated", "business_id": "not evaluated"}


def test_a_rule_of_the_previous_period_waits_for_one(tmp_path):
    worlds.write(tmp_path / PERIOD, invoices="invoice_number\nL1")
    with judged(tmp_path) as world:
        assert world.found("deleted-early") == []
        assert "deleted-early" in world.not_evaluated()


def test_a_country_whose_holidays_nobody_knows_has_weekends_only(tmp_path):
    """5 and 6 December 2026 are a Saturday and a Sunday, the 6th Finland's Independence Day; 24 December is a Thursday."""
    days = {}
    for country in ("FI", "XX"):
        controller = replace(expectations().controller, country=country)
        context = Context(dt.date(2026, 12, 31), expectations().contracts, controller)
        with store.scratch() as connection:
            connection.execute("create schema config")
            working_days.build(connection, context)
            days[country] = {day for (day, _) in connection.execute("from config.working_days").fetchall()}
    assert {dt.date(2026, 12, 5), dt.date(2026, 12, 24)} <= days["FI"]
    assert dt.date(2026, 12, 5) in days["XX"] and dt.date(2026, 12, 24) not in days["XX"] and days["XX"] < days["FI"]


@pytest.mark.parametrize("country", ["Finland", "fi", "", "F1"])
def test_a_country_is_two_letters(tmp_path, country):
    path = tmp_path / "controller.yaml"
    text = (worlds.EXPECTATIONS / "controller.yaml").read_text("utf-8")
    path.write_text(text.replace("country: FI", f"country: '{country}'"), "utf-8")
    with pytest.raises(ExpectationsError) as caught:
        load_controller(path)
    assert caught.value.place == "country" and caught.value.remedy
