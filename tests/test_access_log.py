"""The log of look-ups: whole, or it says where it is not."""

import json
import multiprocessing
from pathlib import Path

import pytest
import worlds
from subject_homes import home_of
from test_subject import MAIJA, MATTI, WORLD
from typer.testing import CliRunner

from pipelines import person as subject
from pipelines.commands.main import app
from pipelines.errors import LogError, VahtiError
from pipelines.home import store
from pipelines.person import log


@pytest.fixture
def home(tmp_path) -> store.Home:
    return store.open_home(tmp_path / "home")


def filled(home, count: int = 5) -> list[bytes]:
    for number in range(count):
        log.append(home, "search", by="officer", why="request TP1", numbers=[f"customers/A{number}"])
    return log.path(home).read_bytes().splitlines(keepends=True)


def rewritten(home, lines: list[bytes]) -> log.Verdict:
    log.path(home).write_bytes(b"".join(lines))
    return log.verify(home)


def test_a_log_is_whole_from_its_first_entry_on(home):
    assert log.verify(home) == log.Verdict(0, log.FIRST)
    lines = filled(home)
    verdict = log.verify(home)
    assert (verdict.entries, verdict.line, verdict.head) == (5, 0, json.loads(lines[-1])["hash"])
    assert log.path(home).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "change, line",
    [
        (lambda lines: [*lines[:2], lines[2].replace(b"officer", b"someone"), *lines[3:]], 3),
        (lambda lines: lines[:2] + lines[3:], 3),
        (lambda lines: lines[1:], 1),
        (lambda lines: [lines[1], lines[0], *lines[2:]], 1),
        (lambda lines: [*lines[:3], lines[2], *lines[3:]], 4),
        (lambda lines: [*lines[:2], b"garbage\n", *lines[2:]], 3),
        (lambda lines: lines[:4], 5),
        (lambda lines: [], 1),
        (lambda lines: [*lines[:-1], lines[-1][:-20]], 5),
    ],
)
def test_it_says_at_which_line_it_was_touched(home, change, line):
    verdict = rewritten(home, change(filled(home)))
    assert verdict.line == line and verdict.problem


def test_a_log_that_is_gone_is_missed(home):
    filled(home)
    log.path(home).unlink()
    assert log.verify(home).problem == "the log is gone: 5 entries are missing"


def test_a_writer_that_died_is_noted_by_the_next_and_the_log_is_whole_again(home):
    lines = filled(home)
    log.path(home).write_bytes(b"".join(lines) + lines[0][:30])
    assert log.verify(home).line == 6
    assert log.append(home, "search", by="officer")["n"] == 6
    assert log.verify(home) == log.Verdict(6, log.verify(home).head)
    whole = log.path(home).read_bytes()
    assert (
        rewritten(home, [whole.replace(lines[0][:30] + b"\n", b"something else\n", 1)]).line == 1
        or log.verify(home).line == 6
    )


def test_a_last_line_whole_but_for_its_end_is_an_entry(home):
    lines = filled(home)
    log.path(home).write_bytes(b"".join(lines)[:-1])
    assert log.verify(home).line == 0
    log.append(home, "search", by="officer")
    assert log.verify(home).entries == 6 and log.verify(home).line == 0


def _write(folder: str, count: int) -> None:
    home = store.open_home(Path(folder))
    for _ in range(count):
        log.append(home, "search", by="officer", numbers=["x" * 200])


def test_writers_at_once_do_not_break_the_chain(home):
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_write, args=(str(home.path), 20)) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    verdict = log.verify(home)
    assert (verdict.entries, verdict.line) == (60, 0)


@pytest.mark.parametrize(
    "reason", [f"asked by {MATTI}", "mail to matti@a.example", "call 040 123 4567", "FI21 1234 5600 0007 85"]
)
def test_a_reason_with_a_value_in_it_is_refused(home, reason):
    with pytest.raises(VahtiError, match="personal value"):
        log.append(home, "search", why=reason)
    log.append(home, "search", why="request TP1000959 of 2.6.2026")


def test_looking_up_leaves_keys_and_counts_and_no_value(tmp_path):
    home = home_of(tmp_path, **WORLD)
    with subject.at(home, worlds.expectations()) as place:
        for query in ("Virtanen Matti", MATTI, "0401234567", "Topeekantie 3"):
            subject.candidates(place, query, by="officer")
        subject.records(place, "A1")
        subject.reveal(place, "A1", why="request TP1")
        subject.package(place, "A1", tmp_path / "out", leave_offers_open=True)
        subject.links(place)
    text = log.path(place.home).read_text("utf-8")
    assert not any(
        value in text for value in ("Virtanen", "Matti", MATTI, MAIJA, "1234567", "Topeekantie", "@a.example")
    )
    entries = [json.loads(line) for line in text.splitlines()]
    assert [entry["what"] for entry in entries] == ["search"] * 4 + ["records", "reveal", "package", "links"]
    assert entries[0]["kinds"] == ["pd:Name"] and entries[1]["kinds"] == ["pd:OfficialID"]
    assert all({"at", "by", "why", "previous", "hash"} <= entry.keys() for entry in entries)


def test_the_command_says_whether_it_is_whole(home):
    lines = filled(home)
    run = CliRunner().invoke(app, ["log", "verify", "--home", str(home.path)])
    assert run.exit_code == 0 and run.output.startswith("5 entries, the chain is whole.")
    log.path(home).write_bytes(b"".join(lines[1:]))
    with pytest.raises(LogError, match="line 1"):
        CliRunner().invoke(app, ["log", "verify", "--home", str(home.path)], catch_exceptions=False)


def test_nothing_else_in_the_product_reads_the_clock():
    """Dates come from the folders; the log alone asks what time it is."""
    import re

    readers = re.compile(
        r"datetime\.now|date\.today|time\.time\(|utcnow|current_date|current_timestamp|\bnow\(\)|today\(\)"
    )
    found = {
        path.name
        for path in (worlds.ROOT / "pipelines" / "person").rglob("*.py")
        if readers.search(path.read_text("utf-8"))
    }
    found |= {
        path.name
        for path in (worlds.ROOT / "pipelines" / "person" / "sql").glob("*.sql")
        if readers.search(path.read_text("utf-8"))
    }
    assert found == {"log.py"}


@pytest.mark.parametrize(
    "change", [lambda line: line.replace(b"{", b'{"by": "nobody", ', 1), lambda line: line.replace(b": ", b":  ", 1)]
)
def test_a_key_that_stands_twice_and_a_blank_more_are_noticed(tmp_path, change):
    from pipelines.home import store

    home = store.open_home(tmp_path / "home")
    for _ in range(3):
        log.append(home, "find", by="a")
    first, *rest = log.path(home).read_bytes().splitlines(keepends=True)
    log.path(home).write_bytes(change(first) + b"".join(rest))
    assert log.verify(home).line == 1


def test_a_home_that_others_could_read_is_closed_to_them(tmp_path):
    from pipelines.home import store

    (tmp_path / "home").mkdir(mode=0o755)
    (tmp_path / "home").chmod(0o755)
    store.open_home(tmp_path / "home")
    assert (tmp_path / "home").stat().st_mode & 0o777 == 0o700
