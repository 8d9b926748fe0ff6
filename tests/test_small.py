"""Small numbers: what readers outside see of a count by an attribute of persons, and that every such count goes that way."""

from __future__ import annotations

import ast
import re

import pytest
import worlds
from worlds import PERIOD, expectations

from pipelines import small
from pipelines.expectations.notice import LANGUAGES
from pipelines.language.languages import language as language_of
from pipelines.notice import amendments
from pipelines.notice.amendments import Amendment
from pipelines.record import collect as ropa
from pipelines.record import sections as ropa_sections
from pipelines.small import FEWEST_HIDDEN, MARK, SMALLEST_SHOWN

PIPELINES = worlds.ROOT / "pipelines"


# The rule, to the count


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ([], []),
        ([0], [0]),
        ([1], [None]),
        ([4], [None]),
        ([5], [5]),
        ([0, 5, 400], [0, 5, 400]),
        ([4, 5, 400], [None, None, 400]),  # five alone with four: a total would tell the four
        ([400, 4], [None, None]),
        ([1, 4, 5], [None, None, 5]),
        ([1, 2, 3, 4, 5], [None, None, None, None, 5]),
        ([0, 1], [0, None]),  # nobody is nobody
        ([0, 3, 9, 9], [0, None, None, 9]),
    ],
)
def test_counts_under_five_are_hidden_and_never_one_alone(counts, shown):
    assert list(small.cover(dict(enumerate(counts))).values()) == shown


def test_the_constants_are_these():
    assert (SMALLEST_SHOWN, FEWEST_HIDDEN) == (5, 2)


def test_a_covered_count_in_a_text():
    assert (small.shown(5), small.shown(0), small.shown(None)) == ("5", "0", MARK)


# Where it applies


def test_the_record_of_processing_hides_how_few_have_a_kind_of_data(tmp_path):
    people = "\n".join(f"B{number} | Virtanen Matti | 04012345{number:02} | ." for number in range(10, 18))
    worlds.write(
        tmp_path / PERIOD,
        customers=f"customer_number | name | phone | email\nA1 | Aalto Liisa | 0407654321 | aalto@example.fi\n{people}",
    )
    with worlds.judged(tmp_path) as world:
        world.findings("past-retention")
        record = ropa.collect(world.connection, world.opened())
    customers = next(each for each in record["datasets"] if each["dataset"] == "customers")
    values = {each["category"]: each["values"] for each in customers["categories"]}
    assert values["pd:EmailAddress"] == MARK
    assert all(value == MARK or value == 0 or value >= SMALLEST_SHOWN for value in values.values())
    assert MARK in values.values() and 9 in values.values() and 0 in values.values()
    for language in LANGUAGES:
        section = ropa_sections.sections(record, None, language)[2]
        assert str(SMALLEST_SHOWN) in section.lines[0] and MARK in section.lines[0]
        assert any(row[-1] == MARK for row in section.rows)


def test_proposals_to_amend_the_notice_hide_how_few_they_are_about(tmp_path):
    odd = "\n".join(f"T{n} | VesikantaPlus | Muu Oy | kesätyö" for n in range(7))
    worlds.write(
        tmp_path / PERIOD,
        user_accounts=f"account_id | system | organisation | role\nX1 | KeyAqua | Yksi Oy | siivous\n{odd}",
        customers="customer_number\nA1",
    )
    with worlds.judged(tmp_path) as world:
        found = [
            one
            for one in amendments.proposals(world.connection, world.context, world.loaded.notice)
            if one.kind == "role"
        ]
    assert found and {one.told for one in found} == {None}  # one, and seven, which a total would tell apart from it
    for one in found:
        data = amendments.as_data(one, language_of("en"), {})
        assert data["records"] is None
        assert str(one.records) not in re.sub(r"\W", " ", data["text"].replace(one.value, "")).split()
        assert MARK in data["text"]


def test_a_count_that_is_large_enough_is_told():
    one = Amendment("role", "access", "user_accounts", "x", 5)
    assert (one.told, "5" in one.text(language_of("en"), {})) == (5, True)


# The guard: a new table for readers outside that counts rows of the registry goes through it, or says here why not

OUTSIDE = (
    "report/page.py", "report/facts.py", "desk/report.py", "report/figures.py", "report/statement_grid.py", "notice/conformity.py", "notice/verdicts.py",
    "notice/facts.py", "notice/amendments.py", "notice/released.py", "record/collect.py", "record/files.py", "record/jsonld.py", "job/bundle.py",
    "job/bundle_readme.py",
    "ledger/findings_files.py", "outputs.py",
)  # fmt: skip
EXEMPT = {
    "notice/amendments.py": "sums over datasets, hidden where released.categories hides a part",
    "notice/facts.py": "adds up the values that are on no list to one number, the evidence of a statement",
}
# Relations of the registry that say how records stand, not what a person is like.
NOT_OF_PERSONS = {"retention", "schedule", "active_holds", "holds"}


def texts(name: str) -> list[str]:
    """The string constants of a module, each f-string as one."""
    tree = ast.parse((PIPELINES / name).read_text("utf-8"))
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            found.append("".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.append(node.value)
    return found


def breaks_down_persons(sql: str) -> bool:
    """Whether it counts rows of the registry by a column of theirs."""
    sql = re.sub(r"--[^\n]*|/\*.*?\*/", "", sql, flags=re.DOTALL).lower()
    tables = set(re.findall(r"\b(?:registry|latest)\.(\w+|\{)", sql)) - NOT_OF_PERSONS
    return bool(tables) and "count(" in sql and "group by" in sql


@pytest.mark.parametrize("name", OUTSIDE)
def test_every_module_that_writes_for_readers_outside_covers_small_numbers(name):
    counting = any(breaks_down_persons(text) for text in texts(name))
    covering = "small.cover(" in (PIPELINES / name).read_text("utf-8")
    assert counting == (covering or name in EXEMPT), "use pipelines.small.cover, or say in EXEMPT why not"


def test_the_guard_sees_what_it_should():
    assert breaks_down_persons("select postal_code, count(*) from registry.customers group by all")
    assert breaks_down_persons("select x, count(*) from registry.{} group by x")
    assert not breaks_down_persons("select state, count(*) from registry.retention group by state")
    assert not breaks_down_persons("select rule, count(*) from results.findings group by rule")
    assert {name for name in OUTSIDE if any(map(breaks_down_persons, texts(name)))} >= {
        "notice/released.py",
        "notice/amendments.py",
    }


def test_no_sql_of_the_report_or_the_notice_counts_persons_by_what_they_are_like():
    files = [*(PIPELINES / "report" / "sql").glob("*.sql"), *(PIPELINES / "notice" / "sql").glob("*.sql")]
    assert len(files) > 10
    assert [path.name for path in files if breaks_down_persons(path.read_text("utf-8"))] == []


def test_the_modules_that_hand_something_out_are_all_looked_at():
    """Whoever calls `outputs.write_…` writes for somebody: looked at above, or for the keepers and the person concerned."""
    writers = {
        path.relative_to(PIPELINES).as_posix()
        for path in PIPELINES.rglob("*.py")
        if re.search(r"outputs\.write_", path.read_text("utf-8"))
    }
    inside = {
        "ledger/worklists.py": "record by record, for the keepers of the systems",
        "job/run.py": "puts the stages together",
        "report/undrawn.py": "a page without a number, in place of the report",
        "ledger/periods.py": "the same files again",
        "job/profiling.py": "names, numbers and tables of DuckDB's profiles, for whoever runs it",
        "desk/lab.py": "settings of JupyterLab",
        "desk/app/serving.py": "the notebook that the desk is, without outputs",
        "desk/app/sending_acts.py": "a worklist that came back, on its way into the reader",
        "init/start.py": "drafts of expectations: headers, and how many cells look like what",
        "commands/worklists.py": "a calendar of days, which names no person",
        "ledger/letters.py": "a message to a keeper with the keeper's own worklist",
        "desk/schedule.py": "what the scheduler runs, and days of runs that failed",
    }
    rest = {
        name for name in writers - set(OUTSIDE) - set(inside) if not name.startswith(("person/", "second_opinion/"))
    }
    assert rest == set()


def test_there_is_a_notice_to_amend():
    assert expectations().notice is not None
