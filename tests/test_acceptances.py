"""Who may accept what, for how long and on whose word; the log of look-ups as rows; remarks without values."""

from __future__ import annotations

import csv
import datetime as dt
import io
import shutil

import pytest
import worlds
from typer.testing import CliRunner

from pipelines.commands.main import app
from pipelines.errors import DecisionError, ExpectationsError, VahtiError
from pipelines.expectations.acceptance import Acceptance, load_acceptance
from pipelines.home import store
from pipelines.ledger import acceptances, controls, journal, looking
from pipelines.ledger.reported import sort_out
from pipelines.person import log, looks
from pipelines.text import masked

GROUND = "the board weighed it and erases it by autumn"


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> store.Home:
    """A home of the samples that tests may change."""
    copied = shutil.copytree(worlds.home_of_samples(tmp_path_factory), tmp_path_factory.mktemp("own") / "home")
    return store.open_existing(copied)


def given(**changes: object) -> dict:
    usual = {
        "rule": "past-retention",
        "reason": GROUND,
        "until": dt.date(2026, 9, 30),
        "by": "Officer",
        "second": "Director",
    }
    return {"fingerprints": []} | usual | changes


@pytest.mark.parametrize("reason", [
    "no time", "ok", "no time now, no time later, no time", "x", "because no time", "ei aikaa", "aaaa aaaa aaaa aaaa aaaa aaaa",
])  # fmt: skip
def test_a_reason_that_gives_no_ground_is_refused_and_it_is_said_why(home, reason):
    with pytest.raises(VahtiError, match="says too little"):
        acceptances.accept(home, **given(reason=reason))


def test_a_reason_that_names_a_person_is_refused(home):
    with pytest.raises(VahtiError, match="personal value"):
        acceptances.accept(home, **given(reason="the board knows 010190-900A and waits for autumn"))


@pytest.mark.parametrize(
    "until, fits", [(dt.date(2026, 9, 30), True), (dt.date(2026, 10, 1), False), (dt.date(2099, 12, 31), False)]
)
def test_an_acceptance_lasts_no_longer_than_its_severity_allows(home, until, fits):
    if fits:
        assert acceptances.accept(home, **given(until=until, dry_run=True))[1] > 0
    else:
        with pytest.raises(VahtiError, match="at most 2026-09-30"):
            acceptances.accept(home, **given(until=until, dry_run=True))


@pytest.mark.parametrize("second", ["", " ", "officer", "OFFICER "])
def test_unlawful_retention_needs_a_second_and_another_name(home, second):
    with pytest.raises(VahtiError, match="one person alone|same person"):
        acceptances.accept(home, **given(second=second))


def test_other_rules_need_one_name(home):
    assert acceptances.accept(home, **given(rule="contact-unconfirmed", second="", dry_run=True))[1] > 0


def test_a_dry_run_keeps_nothing(home):
    before = acceptances.acceptances(home)
    assert acceptances.accept(home, **given(dry_run=True))[1] > 0
    assert acceptances.acceptances(home) == before
    assert "accepted" not in {row["state"] for row in looking.states(home)}


def test_what_ends_soon_is_listed_with_both_names(home, tmp_path):
    own = store.open_existing(shutil.copytree(home.path, tmp_path / "home"))
    keys = [row["record_key"] for row in looking.states(own) if row["rule"] == "past-retention" and row["is_there"]][:1]
    arguments = ["--home", str(own.path), "--expectations", str(worlds.EXPECTATIONS)]
    words = ["--reason", GROUND, "--until", "2026-07-10", "--by", "Officer", "--second", "Director"]
    (tmp_path / "keys").write_text("\n".join(keys))
    said = CliRunner().invoke(
        app, ["accept", "--rule", "past-retention", "--keys", str(tmp_path / "keys"), *words, *arguments]
    )
    assert said.exit_code == 0, said.output
    listed = CliRunner().invoke(app, ["accept", "--ending", "10", "--format", "csv", *arguments]).stdout
    rows = list(csv.DictReader(io.StringIO(listed)))
    assert {(row["accepted_by"], row["second_name"], row["until_on"]) for row in rows} == {
        ("Officer", "Director", "2026-07-10")
    }
    table = CliRunner().invoke(app, ["accept", "--list", *arguments]).stdout  # one line, with the reason
    (line,) = [line for line in table.splitlines() if "A0001" in line]
    assert all(
        said in line for said in ("past-retention", "in force", " 1 ", "2026-07-10", "Officer", "Director", GROUND)
    )
    none = CliRunner().invoke(app, ["accept", "--ending", "9", "--format", "csv", *arguments]).stdout
    assert list(csv.DictReader(io.StringIO(none))) == []


@pytest.mark.parametrize("entry", [
    "P3M", {"shortest": {}}, {"longest": {"grave": "P1M"}}, {"longest": {"high": "3 months"}}, {"second_name": "past-retention"},
])  # fmt: skip
def test_terms_that_cannot_be_read_are_refused(entry):
    def fail(place, problem, remedy):
        raise ExpectationsError(problem, place=place, remedy=remedy)

    with pytest.raises(ExpectationsError):
        load_acceptance(entry, fail)


def test_a_controller_that_says_nothing_has_strict_terms():
    assert load_acceptance(None, None) == Acceptance() and Acceptance().longest["high"] == 3
    assert {"past-retention", "disclosure-of-protected", "rights"} <= set(Acceptance().second_name)
    assert controls.fault_of_reason(GROUND) == ""


def test_a_list_for_review_shows_what_hides_by_its_code():
    row = dict.fromkeys(acceptances.ACCEPTANCE_COLUMNS, "")
    text = acceptances.as_yaml([row | {"acceptance": "A0001", "reason": "a\u202eb\x1b", "record_key": "R\u2066"}])
    assert "a⟨U+202E⟩b⟨U+001B⟩" in text and "R⟨U+2066⟩" in text


# -- remarks


@pytest.mark.parametrize("value", [
    "010190-900A", "matti.virtanen@example.fi", "+358 40 123 4567", "040-123 4567", "(040) 1234567", "+46 70 123 45 67",
    "FI21 1234 5600 0007 85", "FI2112345600000785", "GB29 NWBK 6016 1331 9268 19", "010190–900A".replace("–", "-"), "０１０１９０-９００A",
])  # fmt: skip
def test_a_remark_keeps_no_value_and_the_command_says_so(value):
    row = {"line": 7, "fingerprint": "v1", "tehty": "E", "huomautus": f"asiakas {value} soitti", "verdict": "fits"}
    taken, outcome = sort_out([row])
    assert taken["v1"] == (False, "asiakas [masked] soitti")
    assert len(outcome.questions) == 1 and "row 7" in outcome.questions[0] and "masked" in outcome.questions[0]


@pytest.mark.parametrize("value", [
    "010190\u200b-900P", "0 1 0 1 9 0 - 9 0 0 P", "01.01.90-900P", "010190 900P", "040.123.4567", "matti(at)a.example", "٠٤٠ ١٢٣ ٤٥٦٧",
])  # fmt: skip
def test_nor_one_that_is_spelt_as_no_program_writes_it(value):
    row = {"line": 7, "fingerprint": "v1", "tehty": "E", "huomautus": f"asiakas {value} soitti", "verdict": "fits"}
    taken, outcome = sort_out([row])
    assert "[masked]" in taken["v1"][1] and not any(
        part in taken["v1"][1] for part in ("900", "90", "4567", "a.ex", "٤٥")
    )
    assert "row 7" in outcome.questions[0]
    reason = f"the board weighs the letter of customer {value} in its spring meeting"
    assert "personal value" in controls.fault_of_reason(reason)
    with pytest.raises(DecisionError, match="personal value"):
        journal.check("Officer", reason, "assign")


def test_a_remark_is_kept_on_one_line_with_nothing_hidden_and_no_longer_than_is_read():
    row = {"line": 7, "fingerprint": "v1", "tehty": "K", "verdict": "fits"}
    taken, _ = sort_out([row | {"huomautus": "a\r\nb\x85c\u2028d\x00\u202ee"}])
    assert taken["v1"] == (True, "a b c d⟨U+0000⟩⟨U+202E⟩e")
    taken, outcome = sort_out([row | {"huomautus": "x" * 30_000}])
    assert len(taken["v1"][1]) == 2_000 and "2000 characters" in outcome.questions[0]


@pytest.mark.parametrize(
    "text", ["poistettu 15.7.2026", "lasku 202600123", "odottaa toimittajaa; kysytty 1.7.", "K-2026-001 ok", ""]
)
def test_an_ordinary_remark_stays_as_it_is(text):
    assert masked(text) == text


# -- the log


def test_the_log_says_who_looked_at_whom_and_why(home):
    before = len(looks.looked(home))  # other tests looked at the home that this one was copied from
    log.append(home, "records", by="Officer", why="request TP1", numbers=["customers/1000123"], records=7)
    log.append(home, "values", by="=cmd", why="task 4", numbers=["customers/1000999"], records=2)
    rows = looks.looked(home, customer="1000123")
    assert [(row["who"], row["what"], row["whom"], row["why"]) for row in rows] == [
        ("Officer", "records", "customers/1000123", "request TP1")
    ]
    today = dt.date.fromisoformat(str(rows[0]["at"])[:10])
    assert looks.looked(home, who="officer", since=today, until=today) == rows
    assert looks.looked(home, until=today - dt.timedelta(1)) == [] == looks.looked(home, since=today + dt.timedelta(1))
    said = CliRunner().invoke(app, ["log", "--home", str(home.path), "--format", "csv", "--customer", "1000999"])
    assert [row["who"] for row in csv.DictReader(io.StringIO(said.stdout))] == ["'=cmd"]
    shown = CliRunner().invoke(app, ["log", "--home", str(home.path), "--customer", "1000123", "--who", "=cmd"])
    assert f"Nothing among the {before + 2} entries" in shown.stdout


def test_a_package_is_made_for_a_request_or_a_reason(home, tmp_path):
    arguments = ["subject", "--customer", "1000123", "--package", str(tmp_path / "out"), "--home", str(home.path)]
    said = CliRunner().invoke(app, arguments)
    assert said.exit_code == 2 and not (tmp_path / "out").exists()
