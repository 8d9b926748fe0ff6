"""A report that cannot be drawn: the period is taken in all the same, the page says why, the exit code is its own."""

from __future__ import annotations

import json

import little
import pytest
from little import PERIODS, Place

from pipelines.errors import HomeError
from pipelines.home import store

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
