"""The log of look-ups: whole, or it says where it is not."""

import contextlib
import json
import multiprocessing
import os
import random
from pathlib import Path

import pytest
import worlds
from subject_homes import home_of
from test_subject import MAIJA, MATTI, WORLD
from typer.testing import CliRunner

from pipelines import person as subject
from pipelines.commands.main import app
from pipelines.errors import BusyError, LogError, VahtiError
from pipelines.home import store
from pipelines.person import anchor, log, seal

NEW = "9b04c1f72e8d53a6107be94fd2683ca5f1874e0b6d92c35ae8407d1bf6593c2a"


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
    workers = [context.Process(target=_write, args=(str(home.path), 6)) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    verdict = log.verify(home)
    assert (verdict.entries, verdict.line) == (18, 0)


@pytest.mark.parametrize(
    "reason",
    [
        f"asked by {MATTI}", "mail to matti@a.example", "call 040 123 4567", "FI21 1234 5600 0007 85",
        *(f"asked by {MATTI.replace('-', dash)}" for dash in ("–", "—", "‑", "−", "－", " - ", "--", "\u200b-")),
        *(f"asked by {MATTI.replace('-', mark)}" for mark in ("", " ", ".", "/", "~", "_", ":")),
        f"asked by {MATTI[:2]}.{MATTI[2:4]}.{MATTI[4:]}", "call 040.123.4567", "call 040/1234567", "mail matti(at)a.example",
        "call ٠٤٠ ١٢٣ ٤٥٦٧", "call +46 70 123 45 67", "call (+358) 40 123 4567", "call ０４０ 123 4567", "call 040\u00a0123–4567",
    ],
)  # fmt: skip
def test_a_reason_with_a_value_in_it_is_refused(home, reason):
    with pytest.raises(VahtiError, match="personal value"):
        log.append(home, "search", why=reason)
    assert not log.path(home).exists()


def test_a_reason_that_names_a_request_is_taken(home):
    for reason in (
        "request TP1000959 of 2.6.2026",
        "task 12 – customers of 1.1.2026 - 31.5.2026",
        "§ 15 (3), dnro 42-2026",
        "case 2026/061234, dnro 010203/2026, invoices 02.06.2026-30.06.2026",
        "ticket 3112261234 of 1.1.2026",
    ):
        log.append(home, "search", why=reason)
    assert log.verify(home).entries == 5


def test_looking_up_leaves_keys_and_counts_and_no_value(tmp_path):
    home = home_of(tmp_path, **WORLD)
    with subject.at(home, worlds.expectations()) as place:
        for query in ("Virtanen Matti", MATTI, "0401234567", "Topeekantie 3"):
            subject.candidates(place, query, by="officer")
        subject.records(place, "A1")
        subject.reveal(place, "A1", why="request TP1")
        subject.package(place, "A1", tmp_path / "out", why="access request", leave_offers_open=True)
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


# The seal: who has the folder but not the key can change nothing unseen


def head_of(home) -> Path:
    return log.path(home).with_name("audit.head")


def cut_with_its_head(home, lines, older):
    log.path(home).write_bytes(b"".join(lines[:3]))
    last = json.loads(lines[2])
    head_of(home).write_text(json.dumps({"n": 3, "hash": last["hash"]}) + "\n")


def restored_from_a_copy(home, lines, older):
    for path, content in older.items():
        path.write_bytes(content)


def both_deleted(home, lines, older):
    log.path(home).unlink()
    head_of(home).unlink()


def cut_and_head_deleted(home, lines, older):
    log.path(home).write_bytes(b"".join(lines[:-1]))
    head_of(home).unlink()


def forged(lines, sealed: bool) -> list[dict]:
    """The whole log again with other reasons, chained as one can without the key."""
    previous, made = log.FIRST, []
    for line in lines:
        entry = json.loads(line) | {"why": "nothing to see", "previous": previous}
        if not sealed:
            entry.pop("sealed", None)
        entry["hash"] = previous = log.digest(entry, seal.Seal(b"guessed"))
        made.append(entry)
    return made


def written_anew(home, lines, older, sealed=True):
    made = forged(lines, sealed)
    log.path(home).write_bytes(b"".join(log._written(entry) + b"\n" for entry in made))
    head_of(home).write_text(json.dumps({"n": made[-1]["n"], "hash": made[-1]["hash"]}) + "\n")


def written_anew_as_an_old_one(home, lines, older):
    written_anew(home, lines, older, sealed=False)


ATTACKS = [
    cut_with_its_head, restored_from_a_copy, both_deleted, cut_and_head_deleted, written_anew,
    written_anew_as_an_old_one,
]  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_is_done_to_log_and_head_together_is_noticed_then_and_ever_after(home, attack):
    filled(home, 2)
    older = {path: path.read_bytes() for path in (log.path(home), head_of(home))}
    attack(home, filled(home, 3), older)
    assert log.verify(home).line
    log.append(home, "search", by="officer")
    assert log.verify(home).line


# The anchor that has left the house


def leaves(kind: str, home, folder: Path) -> str:
    """What is given to `vahti log verify --anchor`."""
    from pipelines.job import bundle

    if kind == "text":
        return anchor.of_home(home)
    path = (
        folder
        / {
            "bundle": "bundle-2026-06-30.zip",
            "check": "log_check.json",
            "certificate": "certificate.json",
            "report": "report.html",
        }[kind]
    )
    check = json.dumps(bundle.log_check(home.path)).encode()
    content = {
        "bundle": lambda: bundle.zipped({"log_check.json": check, "sbom.cdx.json": b"{}"}, "2026-06-30"),
        "check": lambda: check,
        "certificate": lambda: json.dumps({"log": {"entry": 5, "hash": log.entries(home)[4]["hash"]}}).encode(),
        "report": f'<p>1:2</p><td class="sum">{anchor.of_home(home)}</td>'.encode,
    }[kind]()
    path.write_bytes(content)
    return str(path)


def verified(home, *more: str):
    return CliRunner().invoke(app, ["log", "verify", "--home", str(home.path), *more])


@pytest.mark.parametrize("kind", ["bundle", "check", "certificate", "report", "text"])
def test_a_home_put_back_to_an_older_copy_is_noticed_by_what_had_left_it(home, tmp_path, kind):
    """The end cut off, and log, head and database as they were before: nothing in the home can tell."""
    filled(home, 2)
    older = {path: path.read_bytes() for path in (log.path(home), head_of(home), home.workbench)}
    filled(home, 3)
    given = leaves(kind, home, tmp_path)
    filled(home, 1)
    assert "It goes on from the 5 entries" in verified(home, "--anchor", given).output
    restored_from_a_copy(home, [], older)
    assert verified(home).exit_code == 0
    caught = verified(home, "--anchor", given).exception
    assert isinstance(caught, LogError) and "had 5 entries when the anchor was taken, and it has 2 now" in str(caught)
    log.append(home, "values", by="officer", why="request TP2")  # within one second, a search would be the same entry
    filled(home, 3)
    assert verified(home).exit_code == 0
    assert "entry 5 is another one now" in str(verified(home, "--anchor", given).exception)


def test_a_bundle_of_a_home_that_nobody_had_looked_into_fits_every_log(home, tmp_path):
    given = leaves("bundle", home, tmp_path)
    assert leaves("text", home, tmp_path) == ""
    filled(home, 2)
    assert verified(home, "--anchor", given).exit_code == 0


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"[1]", b"{}", b"5:abc", b"\xff" * 100])
@pytest.mark.parametrize("name", ["a.zip", "log_check.json", "report.html"])
def test_what_is_no_anchor_is_one_message(home, tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    caught = verified(home, "--anchor", str(tmp_path / name)).exception
    assert isinstance(caught, VahtiError) and caught.place == "--anchor" and caught.remedy


def tampered(chance: random.Random, lines: list[bytes]) -> bytes:
    """The log with one thing changed by somebody who has not the key."""
    whole, at, other = b"".join(lines), chance.randrange(len(lines)), chance.randrange(len(lines))
    kind = chance.choice(["byte", "cut", "out", "twice", "swap", "forge", "field"])
    if kind == "byte":
        changed = bytearray(whole)
        changed[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
        return bytes(changed)
    if kind == "cut":
        return whole[: chance.randrange(len(whole) - 1)]
    if kind == "out":
        return b"".join(lines[:at] + lines[at + 1 + chance.randrange(3) :])
    if kind == "twice":
        return b"".join([*lines[:other], lines[at], *lines[other:]])
    if kind == "swap":
        lines = list(lines)
        lines[at], lines[(at + 1) % len(lines)] = lines[(at + 1) % len(lines)], lines[at]
        return b"".join(lines)
    if kind == "forge":
        made = forged(lines, chance.random() < 0.5)
        return b"".join([*lines[:at], *(log._written(entry) + b"\n" for entry in made[at:])])
    entry = json.loads(lines[at])
    entry[chance.choice(["by", "why", "at", "what", "numbers", "n", "previous", "new"])] = "other"
    return b"".join([*lines[:at], log._written(entry) + b"\n", *lines[at + 1 :]])


def test_hundreds_of_random_tamperings_are_noticed(home):
    """600 of them, or as many as VAHTI_TAMPERINGS says: `make tamper` asks for ten thousand."""
    lines, chance = filled(home, 8), random.Random(16)
    known, whole = seal.reading(home), b"".join(lines)
    assert not log.follow(log.path(home), known).line
    for number in range(int(os.environ.get("VAHTI_TAMPERINGS", "600"))):
        changed = tampered(chance, lines)
        log.path(home).write_bytes(changed)
        head_of(home).unlink(missing_ok=True)
        assert changed != whole and log.follow(log.path(home), known).line, (number, changed)


def begun_unsealed(home, count: int = 3) -> None:
    """A log as versions before the seal wrote it."""
    previous, log_lines = log.FIRST, []
    for number in range(1, count + 1):
        entry = {"n": number, "at": f"2025-01-0{number}T08:00:00+00:00", "by": "a", "why": "", "what": "search"}
        entry["previous"] = previous
        entry["hash"] = previous = log.digest(entry, seal.Seal())
        log_lines.append(log._written(entry) + b"\n")
    log.path(home).write_bytes(b"".join(log_lines))


def test_a_log_begun_before_the_seal_is_continued_and_says_so(home):
    begun_unsealed(home)
    assert log.verify(home).notes == ("The log was begun before its entries were sealed: the first 3 are not.",)
    lines = filled(home, 2)
    verdict = log.verify(home)
    assert (verdict.entries, verdict.line, len(verdict.notes)) == (5, 0, 1)
    run = CliRunner().invoke(app, ["log", "verify", "--home", str(home.path)])
    assert run.exit_code == 0 and "begun before its entries were sealed" in run.output
    begun_unsealed(home, 4)  # its old entries written anew, the sealed ones as they were
    assert rewritten(home, [*log.path(home).read_bytes().splitlines(keepends=True)[:3], *lines[3:]]).line == 0
    other = json.loads(lines[0]) | {"by": "b"}
    other["hash"] = log.digest(other, seal.Seal())
    assert rewritten(home, [log._written(other) + b"\n", *lines[1:]]).line == 2


def test_a_clock_that_goes_back_is_said(home, monkeypatch):
    for moment in ("2026-06-02T08:00:00+00:00", "2026-06-01T08:00:00+00:00", "2026-06-03T08:00:00+00:00"):
        monkeypatch.setattr(log, "_now", lambda moment=moment: moment)
        log.append(home, "search", by="officer")
    verdict = log.verify(home)
    assert verdict.line == 0 and verdict.notes == ("The clock goes back before entry 2.",)


def test_entries_stay_sealed_when_the_key_is_changed(tmp_path, monkeypatch):
    from pipelines.home import rotation

    home = home_of(tmp_path, **WORLD)
    filled(home := store.open_existing(home), 2)
    monkeypatch.setenv("VAHTI_NEW_KEY", NEW)
    rotation.rotate(home)
    monkeypatch.setenv("VAHTI_KEY", NEW)
    assert (log.verify(home).entries, log.verify(home).line) == (2, 0)
    filled(home, 1)
    assert (log.verify(home).entries, log.verify(home).line) == (3, 0)


def test_a_log_whose_database_is_gone_is_not_called_whole(home):
    filled(home, 2)
    home.workbench.unlink()
    assert "cannot be checked" in log.verify(home).problem


def test_a_look_while_another_has_the_database_is_sealed_and_anchored_by_the_next(home, monkeypatch):
    filled(home, 2)

    @contextlib.contextmanager
    def busy(home):
        raise BusyError("another program has it open")
        yield

    with monkeypatch.context() as patch:
        patch.setattr(store, "workbench", busy)
        log.append(home, "search", by="officer")
    assert seal.reading(home).entries == 2 and log.verify(home).entries == 3 and not log.verify(home).line
    filled(home, 1)
    assert seal.reading(home).entries == 4 and not log.verify(home).line


def test_a_query_of_ones_own_is_a_look_and_its_text_is_not_in_the_log(tmp_path):
    from pipelines.desk.workbench import Workbench

    home = home_of(tmp_path, **WORLD)
    with subject.at(home, worlds.expectations()) as place:
        bench = Workbench(place.opened, "en")
    bench.sql("select name from registry.customers where name = 'Virtanen'")
    assert [entry["what"] for entry in log.entries(bench.home)] == ["sql"]
    assert b"Virtanen" not in log.path(bench.home).read_bytes()


def test_every_look_at_the_desk_is_in_the_log_and_without_a_reason_there_is_none(tmp_path):
    from pipelines.desk.app.desk import Desk
    from pipelines.desk.app.session import Session
    from pipelines.expectations.opened import open_period

    folder = home_of(tmp_path / "world", **WORLD)
    home, desk = store.open_existing(folder), Desk(Session(open_period(folder, worlds.EXPECTATIONS), "en"))

    def seen(html: str) -> list[str]:
        """What it shows of anybody: names in any form that says more than a letter, and records."""
        return [each for each in ("irtanen", "orhonen", "Topeekantie", "K1", "R1") if each in html]

    desk.page("/people")
    for why in ("", "  ", f"asked by {MATTI}"):
        for act, values in (("search", {"query": "A1"}), ("look", {"number": "A1"})):
            assert seen(desk.act(act, values | {"why": why}).html) == []
        assert seen(desk.page("/person/A1").html) == [] and seen(desk.page("/people").html) == []
    assert log.entries(home) == []
    looks = [
        (lambda: desk.act("search", {"query": "Virtanen", "why": "request TP1"}), ["search"]),
        (lambda: desk.act("look", {"number": "A1", "why": "request TP1"}), ["records", "offers"]),
        (lambda: desk.page("/requests"), ["requests"]),
        (
            lambda: desk.act("offer", {"number": "A1", "member": "ledger/T3", "answer": "no", "by": "Deputy"}),
            ["decide", "records", "offers"],
        ),
        (
            lambda: desk.act("answer", {"number": "A1", "folder": str(tmp_path / "out"), "by": "Deputy", "open": "1"}),
            ["package"],
        ),
    ]
    for look, expected in looks:
        before = len(log.entries(home))
        page = look()
        made = log.entries(home)[before:]
        # The page that follows is drawn anew, which is a look of its own.
        assert (
            set(expected) <= {entry["what"] for entry in made} <= {*expected, "records", "offers", "masked redactions"}
        ), page.html
        assert {entry["why"] for entry in made} <= {"request TP1", ""}
    assert (tmp_path / "out").exists() and log.verify(home).line == 0
