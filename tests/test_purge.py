"""The workbench's own retention: old periods' data go, what was found stays, and whoever asks for them is told."""

from __future__ import annotations

import shutil
from pathlib import Path

import little
import pytest
from little import PERIODS, Place

from pipelines import open_workbench
from pipelines.errors import ExpectationsError, HomeError
from pipelines.expectations.controller import PERIODS_KEPT, load_controller
from pipelines.home import purge, store
from pipelines.ledger import looking

FIRST, SECOND, NEWEST = PERIODS


@pytest.fixture(autouse=True)
def quiet(monkeypatch):
    little.quiet(monkeypatch)


def keeping(place: Place, kept: object) -> None:
    """Another number of periods in controller.yaml."""
    (place.expectations / "controller.yaml").write_text(
        little.CONTROLLER + f"workbench: {{periods_kept: {kept}}}\n", "utf-8"
    )


@pytest.fixture(scope="module")
def unpurged(tmp_path_factory) -> Place:
    """Three periods, all kept. Not to be changed."""
    place = Place(tmp_path_factory.mktemp("unpurged"))
    little.exports(place.exports)
    little.expectations(place.expectations)
    keeping(place, 3)
    with pytest.MonkeyPatch.context() as patch:
        little.quiet(patch)
        place.run()
    return place


@pytest.fixture
def place(unpurged, tmp_path) -> Place:
    return unpurged.copied(tmp_path)


@pytest.fixture
def purged(place) -> Place:
    with store.locked(place.opened()):
        assert purge.purge(place.opened(), 2) == [FIRST]
    keeping(place, 2)
    return place


@pytest.fixture
def vahti(monkeypatch, capsys):
    return lambda *words: little.command(monkeypatch, capsys, *words)


def there(place: Place) -> list[str]:
    """Periods that have their database."""
    return sorted(path.stem for path in (place.home / "periods").iterdir())


def notes(outcomes) -> list[str]:
    return [note for one in outcomes for note in one.notes if "purged" in note]


# How many


@pytest.mark.parametrize(("kept", "gone"), [(1, [FIRST, SECOND]), (2, [FIRST]), (3, []), (4, [])])
def test_so_many_newest_periods_are_kept(place, kept, gone):
    home = place.opened()
    assert purge.due(home, kept) == gone
    with store.locked(home):
        assert purge.purge(home, kept) == gone
        assert purge.purge(home, kept) == []
    assert there(place) == [period for period in PERIODS if period not in gone]


def test_two_are_kept_where_nobody_says_otherwise(unpurged, tmp_path):
    path = tmp_path / "controller.yaml"
    path.write_text(little.CONTROLLER, "utf-8")
    assert load_controller(path).periods_kept == PERIODS_KEPT == 2
    assert load_controller(little.worlds.EXPECTATIONS / "controller.yaml").periods_kept == 2


@pytest.mark.parametrize("kept", [0, -1, "two", 1.5, "true", "null", "[2]"])
def test_a_number_that_is_none_is_a_message(unpurged, tmp_path, kept):
    path = tmp_path / "controller.yaml"
    path.write_text(little.CONTROLLER + f"workbench: {{periods_kept: {kept}}}\n", "utf-8")
    with pytest.raises(ExpectationsError, match="how many periods are kept") as error:
        load_controller(path)
    assert "periods_kept: 2" in error.value.remedy


@pytest.mark.parametrize("text", ["workbench: {periods: 2}", "workbench: 2"])
def test_another_key_is_a_message(tmp_path, text):
    path = tmp_path / "controller.yaml"
    path.write_text(little.CONTROLLER + text + "\n", "utf-8")
    with pytest.raises(ExpectationsError, match="how many periods are kept"):
        load_controller(path)


# At a run


def test_a_run_purges_at_its_end_and_says_so(unpurged, tmp_path):
    place = Place(tmp_path)
    place.exports = unpurged.exports
    shutil.copytree(unpurged.expectations, place.expectations)
    keeping(place, 2)
    outcomes = place.run()
    assert there(place) == [SECOND, NEWEST]
    assert notes(outcomes) == [
        f"purged, as the 2 newest periods are kept: raw and registry data of {FIRST}; findings, counts and reports stay"
    ]
    assert outcomes[-1].notes[-1:] == tuple(notes(outcomes))
    for period in PERIODS:  # what was found is what is found where all is kept
        assert place.findings(period) == unpurged.findings(period)
    assert notes(place.run()) == []


def test_a_run_with_nothing_to_do_purges_too(place):
    keeping(place, 1)
    outcomes = place.run()
    assert [one.new for one in outcomes] == [False] * 3
    assert there(place) == [NEWEST]
    assert len(notes(outcomes)) == 1


def test_a_run_that_fails_purges_nothing(place):
    keeping(place, 1)
    path = place.exports / NEWEST / "vesikanta_asiakkaat.csv"
    path.write_bytes(path.read_bytes() + b"\n")
    with pytest.raises(Exception, match="changed"):
        place.run()
    assert there(place) == list(PERIODS)


def test_a_period_asked_for_by_name_is_looked_into_until_the_next_run(purged):
    before = purged.findings(FIRST)
    (outcome,) = purged.run(period=FIRST, replace=True)
    assert outcome.new and notes([outcome]) == []
    assert there(purged) == list(PERIODS)
    assert purged.findings(FIRST) == before
    assert len(notes(purged.run())) == 1
    assert there(purged) == [SECOND, NEWEST]


def test_a_period_whose_previous_one_was_purged_says_that_it_was_not_compared(purged):
    (outcome,) = purged.run(period=SECOND, replace=True)
    assert f"{SECOND}: was not compared with {FIRST}, whose registry was purged" in outcome.notes
    assert there(purged) == [SECOND, NEWEST]


# What stays


def test_nothing_of_the_period_is_left_but_what_was_found(place):
    """The file is gone from the disk, with what a killed process may have left beside it."""
    path = place.opened().database(FIRST)
    path.with_name(path.name + ".wal").write_bytes(b"left")
    before = {file: file.read_bytes() for file in (place.home / "reports").rglob("*") if file.is_file()}
    with store.locked(place.opened()):
        purge.purge(place.opened(), 2)
    assert [file.name for file in place.home.rglob(f"{FIRST}.duckdb*")] == []
    assert {file: file.read_bytes() for file in (place.home / "reports").rglob("*") if file.is_file()} == before
    assert list(store.periods(place.opened())) == list(PERIODS)


def test_the_ledger_and_trends_are_as_before(unpurged, purged):
    for period in PERIODS:
        assert looking.states(purged.opened(), period) == looking.states(unpurged.opened(), period)
    whole, rest = (open_workbench(one.home, expectations=one.expectations) for one in (unpurged, purged))
    for by in ("severity", "category", "rule", "system", "dataset", "state", "age"):
        assert rest.trends(by).df.equals(whole.trends(by).df), by
    assert rest.trends().df.columns.tolist() == ["severity", *PERIODS]
    assert rest.periods().df.equals(whole.periods().df)
    assert rest.changes().df.equals(whole.changes().df)


def test_the_oldest_period_left_is_not_called_the_first(purged, unpurged):
    second = open_workbench(purged.home, SECOND, expectations=purged.expectations)
    assert second.opened.previous is None
    assert len(second.changes()) > 0 and second.changes().note == ""
    first = open_workbench(unpurged.home, FIRST, expectations=unpurged.expectations)
    assert "first period" in first.changes().note


def test_the_page_of_the_oldest_period_left_says_why_nothing_is_compared(purged, monkeypatch):
    monkeypatch.undo()
    page = open_workbench(purged.home, SECOND, expectations=purged.expectations).report.page
    assert "the previous period was purged" in page
    assert "This is the first period" not in page


def test_outputs_of_later_periods_are_refreshed_without_the_purged_one(purged):
    """Taking a period in again makes the files of later ones out of date; those of a purged one stay as they are."""
    kept = {path.name: path.read_bytes() for path in purged.opened().reports(FIRST).iterdir() if path.is_file()}
    rows = looking.states(purged.opened())
    with store.locked(purged.opened()), store.workbench(purged.opened()) as connection:
        looking.make_stale(connection, FIRST)
    purged.run()
    assert {path.name: path.read_bytes() for path in purged.opened().reports(FIRST).iterdir() if path.is_file()} == kept
    assert looking.states(purged.opened()) == rows
    with store.looking(purged.opened()) as connection:
        assert connection.execute("select count(*) from ledger.stale_outputs").fetchone() == (0,)


# What is said of a period that is gone


@pytest.mark.parametrize("words", [("explain", "claims", "R1"), ("report",), ("subject", "show", "A1")])
def test_who_asks_for_a_purged_period_is_told_where_its_findings_are(purged, vahti, words):
    if words[0] == "subject":
        with pytest.raises(HomeError, match="was purged") as error:
            store.choose(purged.opened(), FIRST)
        assert str(purged.opened().reports(FIRST)) in error.value.remedy
        assert f"--replace --period {FIRST}" in error.value.remedy
        return
    more = ("--expectations", purged.expectations) if words[0] == "report" else ()
    code, out, err = vahti(*words, "--home", purged.home, "--period", FIRST, *more)
    assert (code, out) == (5, "")
    assert f"the registry of {FIRST} was purged" in err and "Remedy: its findings are in" in err


def test_findings_of_a_purged_period_are_listed(purged, vahti):
    code, out, _ = vahti("findings", "--home", purged.home, "--period", FIRST, "--all", "--format", "csv")
    assert code == 0 and "claim-unanswered" in out


# The command


def test_purge_says_what_would_go_and_then_what_went(place, vahti):
    keeping(place, 1)
    words = ("purge", "--home", place.home, "--expectations", place.expectations)
    code, out, err = vahti(*words, "--dry-run")
    told = f"urged: raw and registry data of {FIRST}, {SECOND}; findings, counts and reports stay. Only the newest period is kept.\n"
    assert (code, out, err) == (0, "Would be p" + told, "")
    assert there(place) == list(PERIODS)
    assert vahti(*words) == (0, "P" + told, "")
    assert there(place) == [NEWEST]
    assert vahti(*words) == (0, "Nothing to purge.\n", "")
    assert vahti(*words, "--dry-run") == (0, "Nothing to purge.\n", "")


def test_a_home_in_use_is_left_alone(place, vahti, monkeypatch):
    from filelock import FileLock

    keeping(place, 1)
    monkeypatch.setattr(store, "LOCK_WAIT_SECONDS", 0.1)
    with FileLock(place.home / ".lock"):
        assert vahti("purge", "--home", place.home, "--expectations", place.expectations)[0] == 6
    assert there(place) == list(PERIODS)


def test_a_purge_that_dies_is_finished_by_the_next(place, monkeypatch):
    class PowerCut(BaseException):
        """Nobody catches it."""

    unlink, done = Path.unlink, []

    def cut(path, **more):
        if path.suffix == ".duckdb" and done:
            raise PowerCut
        done.extend([path] if path.suffix == ".duckdb" else [])  # other files go, too
        unlink(path, **more)

    keeping(place, 1)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", cut)
        with pytest.raises(PowerCut):
            place.run()
    assert there(place) == [SECOND, NEWEST]
    assert len(looking.states(place.opened(), FIRST)) > 0
    place.run()
    assert there(place) == [NEWEST]
