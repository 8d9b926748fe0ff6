"""A report that cannot be drawn: the period is taken in all the same, the page says why, the exit code is its own."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import little
import pytest
from little import PERIODS, Place

from pipelines.errors import HomeError
from pipelines.home import store
from pipelines.job.refresh import refresh
from pipelines.ledger import looking
from pipelines.report import kept, page, undrawn

WRITE = page.write

TITLES = {
    "en": "The report could not be drawn.",
    "fi": "Raporttia ei saatu tehtyä.",
    "sv": "Rapporten kunde inte göras.",
}


@pytest.fixture
def place(tmp_path, monkeypatch) -> Place:
    little.quiet(monkeypatch)
    place = Place(tmp_path)
    little.exports(place.exports, PERIODS[0])
    little.expectations(place.expectations)
    return place


def breaking(monkeypatch, error: BaseException) -> None:
    def broken(*arguments, **more):
        raise error

    monkeypatch.setattr("pipelines.report.page.write", broken)


@pytest.mark.parametrize("language", TITLES)
def test_the_findings_count_and_the_page_says_why(place, monkeypatch, capsys, language):
    controller = place.expectations / "controller.yaml"
    controller.write_text(f"language: {language}\n" + controller.read_text("utf-8"), "utf-8")
    breaking(monkeypatch, KeyError("Virtanen Matti"))
    code, out, err = little.command(monkeypatch, capsys, *place.arguments())
    assert code == 13
    assert f"taken in, but the report could not be drawn: {PERIODS[0]} (KeyError" in err
    assert PERIODS[0] in out and list(store.periods(place.opened())) == [PERIODS[0]]
    assert place.findings(PERIODS[0]).count(b"\n") > 1
    page = (place.home / "reports" / PERIODS[0] / "report.html").read_text("utf-8")
    assert f'<html lang="{language}">' in page
    assert TITLES[language] in page and "KeyError" in page
    assert "Virtanen" not in page + out + err


def test_the_next_run_has_nothing_to_do_and_fails_on_nothing(place, monkeypatch, capsys):
    breaking(monkeypatch, ValueError())
    little.command(monkeypatch, capsys, *place.arguments())
    code, out, _ = little.command(monkeypatch, capsys, *place.arguments("--fail-on", "never"))
    assert code == 0 and "Nothing to do." in out


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), HomeError("damaged")])
def test_a_fault_of_the_disk_or_the_home_still_ends_the_run(place, monkeypatch, capsys, error):
    breaking(monkeypatch, error)
    code, _, _ = little.command(monkeypatch, capsys, *place.arguments())
    assert code == 5
    assert store.periods(place.opened()) == {}


def test_a_scheduled_run_that_drew_no_report_is_noted(place):
    from pipelines.desk import schedule

    place.run()
    codes = {"run": 13, "report": 0}
    assert schedule.once(place.home, place.exports, place.expectations, call=lambda words: codes[words[1]]) == 13
    assert json.loads((place.home / schedule.FAILED).read_text("utf-8")) == {PERIODS[0]: 13}


# A decision, whose report is drawn again


@pytest.fixture(scope="module")
def drawn(tmp_path_factory) -> Place:
    """A home whose newest report is drawn, also in the other languages and as a PDF."""
    with pytest.MonkeyPatch.context() as patch:
        little.quiet(patch)
        patch.setattr("pipelines.report.page.write", WRITE)
        place = Place(tmp_path_factory.mktemp("drawn"))
        little.exports(place.exports, *PERIODS[:2])
        little.expectations(place.expectations)
        place.run()
    folder = place.home / "reports" / PERIODS[1]
    with store.reopening(place.opened(), PERIODS[1]) as connection:
        drawn = kept.kept(connection)["report"]
        for language in ("fi", "sv"):
            kept.keep(connection, f"report.{language}", drawn | {"language": language})
            (folder / f"report.{language}.html").write_text("as it was", "utf-8")
    (folder / "report.pdf").write_bytes(b"of before")
    return place


def break_templates(monkeypatch, tmp_path, how: str) -> None:
    """The summary's template reads what there is not, or is gone."""
    package = tmp_path / "package"
    shutil.copytree(Path(page.__file__).parent / "templates", package / "report" / "templates")
    broken = package / "report" / "templates" / "report_summary.jinja"
    broken.unlink()
    if how != "gone":
        broken.write_text("{{ nothing.there }}", "utf-8")
    monkeypatch.setattr(page, "files", lambda name: package)
    monkeypatch.setattr(undrawn, "PRODUCT", package)
    page._template.cache_clear()


@pytest.fixture
def decided(drawn, tmp_path, monkeypatch):
    yield drawn.copied(tmp_path / "copy")
    page._template.cache_clear()


def accepting(place: Place) -> list[str]:
    (mark, *_) = [row["fingerprint"] for row in looking.states(place.opened()) if row["is_there"]]
    words = ["accept", mark, "--reason", "the board weighed it and mends it by autumn", "--until", PERIODS[1]]
    return [
        *words,
        "--by",
        "officer",
        "--second",
        "director",
        "--home",
        place.home,
        "--expectations",
        place.expectations,
    ]


@pytest.mark.parametrize("how", ["undefined", "gone"])
def test_a_decision_is_in_force_though_its_report_cannot_be_drawn(decided, tmp_path, monkeypatch, capsys, how):
    break_templates(monkeypatch, tmp_path, how)
    words = accepting(decided)
    code, out, err = little.command(monkeypatch, capsys, *words)
    assert code == 13 and "A0001: accepted 1 finding until" in out
    assert f"kept and in force, but the report could not be drawn again: {PERIODS[1]}" in err
    assert [row["fingerprint"] for row in looking.states(decided.opened()) if row["state"] == "accepted"] == [words[1]]
    folder = decided.home / "reports" / PERIODS[1]
    for language, file in (("en", "report.html"), ("fi", "report.fi.html"), ("sv", "report.sv.html")):
        written = (folder / file).read_text("utf-8")
        assert TITLES[language] in written and f'<html lang="{language}">' in written
    assert not (folder / "report.pdf").exists()
    assert decided.findings(PERIODS[1]).count(b",accepted,") == 1
    code, out, err = little.command(
        monkeypatch,
        capsys,
        "accept",
        "--withdraw",
        "A0001",
        "--reason",
        "the board thought again",
        "--by",
        "officer",
        "--home",
        decided.home,
    )
    assert (code, out) == (0, "Withdrawn for 1 finding\n"), "the page says already that it is not drawn"


def test_a_decision_draws_each_report_anew_and_only_what_it_changes(decided, monkeypatch, capsys):
    folder = decided.home / "reports" / PERIODS[1]
    with store.reopening(decided.opened(), PERIODS[1]) as connection:
        before = kept.kept(connection)
    code, _, _ = little.command(monkeypatch, capsys, *accepting(decided))
    assert code == 0
    for report, heading in (("report", "Who has to act"), ("report.fi", "Kenen on toimittava"), ("report.sv", "Vem")):
        text, blocks = (folder / f"{report}.html").read_text("utf-8"), before[report]
        assert all(blocks[name] in text for name in (*page.UNDECIDED, "kept"))
        assert [name for name in page.DECIDED if blocks[name] in text] == [], report
        assert heading in text


def test_a_report_without_its_blocks_is_not_left_as_it_was(decided, monkeypatch, capsys):
    """An earlier version kept none: the page would tell what is no longer so."""
    with store.reopening(decided.opened(), PERIODS[1]) as connection:
        connection.execute("drop table results.report_blocks")
    code, _, err = little.command(monkeypatch, capsys, *accepting(decided))
    assert code == 13 and "vahti report" in err
    assert TITLES["en"] in (decided.home / "reports" / PERIODS[1] / "report.html").read_text("utf-8")


def test_a_worklist_is_taken_in_though_no_file_can_be_written_again(decided, tmp_path, monkeypatch, capsys):
    """Nothing that is made of the ledger keeps it from taking answers; the next command that writes makes it up."""
    (mark, *_) = [row["fingerprint"] for row in looking.states(decided.opened()) if row["is_there"]]
    sent_back = tmp_path / "back.csv"
    sent_back.write_text(f"Fingerprint,Tehty,Huomautus\n{mark},K,ok\n", "utf-8")
    with monkeypatch.context() as broken:
        broken.setattr("pipelines.ledger.findings_files.write_findings", lambda *arguments: {}["nothing"])
        words = ("worklist", "import", sent_back, "--home", decided.home)
        code, out, err = little.command(broken, capsys, *words)
        assert (code, out) == (13, "1 reported done, 0 not done, 1 remark, 0 rows untouched\n")
        assert "nor findings.csv and worklists: KeyError in" in err
    marked = [row["fingerprint"] for row in looking.states(decided.opened()) if row["state"] == "reported done"]
    assert marked == [mark]
    refresh(decided.opened())
    assert "reported done" in decided.findings(PERIODS[1]).decode()


def test_a_run_says_which_later_report_could_not_be_drawn_again(decided, monkeypatch, capsys, tmp_path):
    little.quiet(monkeypatch)
    break_templates(monkeypatch, tmp_path, "undefined")
    words = decided.arguments("--replace", "--period", PERIODS[0])
    code, _, err = little.command(monkeypatch, capsys, *words)
    assert code == 13 and f"could not be drawn: {PERIODS[1]} (UndefinedError" in err
