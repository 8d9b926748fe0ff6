"""Killed at any moment, on a full disk: afterwards the home is the old one or the new one, what is done again completes,
and the ledger has lost nothing.

The home is its state: the files of its reports, byte for byte, the periods taken in, every row of the ledger, and the
findings of every period. It is compared once the next command has tidied up.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import crashing
import little
import pytest
from little import Place

from pipelines.home import connections, store
from pipelines.job.refresh import refresh
from pipelines.ledger import acceptances, worklist_files

SEED = 8
# In all at least fifty, over everything that writes to a home; `make soak` asks for more.
KILLS = {"first_run": 8, "run": 22, "replace": 10, "accept": 6, "import": 6}
# After every one of them the home is looked at; after every third the operation is done again.
EVERY = 3
SOAK = int(os.environ.get("VAHTI_SOAK_KILLS", "0"))


def lighter(patch: pytest.MonkeyPatch) -> None:
    for name in ("second_opinion.run", "report.page.write", "record.collect.take_in"):
        patch.setattr(f"pipelines.{name}", lambda *arguments, **more: None)
    patch.setattr("pipelines.notice.conformity.take_in", lambda *arguments, **more: ({}, None))


@pytest.fixture(scope="module")
def begun(tmp_path_factory) -> Path:
    """A home with one period of two, an acceptance, and a worklist that its keeper has filled in."""
    place = Place(tmp_path_factory.mktemp("crash"))
    little.exports(place.exports, *little.PERIODS[:2])
    little.expectations(place.expectations)
    with pytest.MonkeyPatch.context() as patch:
        lighter(patch)
        place.run(period=little.PERIODS[0])
        acceptances.accept(
            place.opened(),
            [],
            rule="claim-unanswered",
            dataset="claims",
            reason="the claim is in court until autumn",
            by="officer",
            until=dt.date(2026, 3, 31),
        )
        refresh(place.opened())
    worklist = next((place.home / "reports" / little.PERIODS[0] / "worklists").glob("*.csv"))
    rows = list(csv.reader(worklist.read_text("utf-8").splitlines()))
    for row in rows[1:]:
        row[rows[0].index(worklist_files.DONE)], row[rows[0].index(worklist_files.REMARK)] = "K", "mended"
    with (place.folder / "filled.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    other = place.folder / "other"
    shutil.copytree(place.exports, other)
    claims = other / little.PERIODS[0] / "vesikanta_reklamaatiot.csv"
    claims.write_bytes(claims.read_bytes().replace(b"R1;", b"R9;"))
    return place.folder


def told(folder: Path, operation: str, *more: object) -> list[dict]:
    command = [sys.executable, crashing.__file__, folder, operation, *more]
    done = subprocess.run(
        [*map(str, command)], check=False, capture_output=True, encoding="utf-8", cwd=little.worlds.ROOT
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def differences(one: dict) -> list[str]:
    """What is wrong after one kill."""
    where = f"{one['operation']}, step {one['limit']} of {one['steps']}, {one['delay']:.3f} s"
    wrong, old, new = [], one["old"], one["new"]
    for name, allowed in (("after", (old, new)), ("rerun", (new,))):
        if one[name] is None:
            continue
        found = one[name].get("result")
        if found is None:
            wrong.append(f"{where}: {name}: {one[name]['raised']}")
            continue
        empty = name == "after" and not old.get("parts") and not found["parts"]
        if found["sum"] not in {each["sum"] for each in allowed} and not empty:
            parts = [
                part for part in found["parts"] | new["parts"] if found["parts"].get(part) != new["parts"].get(part)
            ]
            wrong.append(f"{where}: {name}: neither old nor new: {parts}")
        if found["left"]:
            wrong.append(f"{where}: {name}: left {found['left']}")
        lost = [row for table, rows in old["decided"].items() for row in rows if row not in found["decided"][table]]
        if lost:
            wrong.append(f"{where}: {name}: lost {lost}")
    return wrong


def figures(operation: str, kills: list[dict], wrong: list[str]) -> str:
    """What `make soak` says of the kills of one operation."""
    at_steps = sum(one["limit"] is not None for one in kills)
    ends = Counter(one["after"].get("result", {}).get("sum") for one in kills)
    return (
        f"{operation}: {len(kills)} kills, {at_steps} of them at one of {kills[0]['steps']} steps; {sum(one['killed'] for one in kills)}"
        f" before it was done; left old {ends[kills[0]['old']['sum']]}, new {ends[kills[0]['new']['sum']]},"
        f" done again {sum(one['rerun'] is not None for one in kills)}, lost or mixed {len(wrong)}"
    )


@pytest.mark.skipif(sys.platform != "linux", reason="no processor time of another process here")
@pytest.mark.parametrize("operation", KILLS)
def test_a_kill_leaves_the_old_home_or_the_new_one_and_loses_nothing(begun, tmp_path, operation):
    folder = begun
    if operation == "first_run":
        folder = tmp_path
        for name in ("exports", "expectations"):
            shutil.copytree(begun / name, folder / name)
    kills = told(folder, operation, max(KILLS[operation], SOAK // len(KILLS)), SEED, 1 if SOAK else EVERY)
    wrong = [line for one in kills for line in differences(one)]
    print(figures(operation, kills, wrong))
    assert wrong == []
    assert sum(one["killed"] for one in kills) >= len(kills) * 0.6
    assert kills[0]["old"]["sum"] != kills[0]["new"]["sum"]


def test_notes_of_the_home_that_were_half_written_are_removed(begun, tmp_path):
    place = Place(begun).copied(tmp_path)
    for name in ("made_with.json.part", "commit.json.part"):
        (place.home / name).write_text("{", "utf-8")
    with store.locked(place.opened()):
        pass
    assert [*place.home.glob("*.part")] == []


# What makes the workbench database, in the order in which it does.
FIRST_STEPS = ("attach", "prepare_workbench", "run_script", "close", "settle")


@pytest.mark.parametrize("name", FIRST_STEPS)
def test_a_home_whose_first_run_died_while_its_database_was_made_is_as_none(tmp_path, monkeypatch, name):
    place = Place(tmp_path)
    home = place.opened()
    child = os.fork()
    if not child:
        try:
            done = getattr(connections, name)

            def die(*arguments, **more):
                done(*arguments, **more)
                os.kill(os.getpid(), signal.SIGKILL)

            setattr(connections, name, die)
            with store.locked(home), store.building(home, little.PERIODS[0], None):
                pass
        finally:
            os._exit(1)
    assert os.WIFSIGNALED(os.waitpid(child, 0)[1])
    assert refresh(home) == {}
    assert store.periods(home) == {}
    little.quiet(monkeypatch)
    little.exports(place.exports, little.PERIODS[0])
    little.expectations(place.expectations)
    assert [outcome.period for outcome in place.run()] == [little.PERIODS[0]]


def test_at_least_fifty_kills_are_made():
    assert sum(KILLS.values()) >= 50


# A disk that is full sooner or later

SIZES = (0, 4_000, 50_000, 300_000, 800_000, 1_500_000, 3_000_000, 12_000_000)


def is_told_and_left_whole(tries: list[dict]) -> None:
    assert [line for one in tries for line in differences(one)] == []
    raised = [one["tried"].get("raised", "") for one in tries]
    assert all(text == "" or ("HomeError" in text and "Remedy" in text) for text in raised), raised
    assert raised[0] and not raised[-1]


@pytest.mark.parametrize(("operation", "sizes"), [("run", SIZES), ("accept", (0, 4_000, 300_000, SIZES[-1]))])
def test_files_that_may_not_grow_end_in_a_message_and_leave_the_home(begun, operation, sizes):
    is_told_and_left_whole(told(begun, operation, "sizes", "", *sizes))


def test_a_disk_full_at_any_moment_ends_in_a_message_and_leaves_the_home(begun, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = [shutil.which("mount") or "mount", "-t", "tmpfs", "-o", "size=40m", "tmpfs", str(disk)]
    try:
        if subprocess.run(mount, check=False, capture_output=True).returncode:
            pytest.skip("may not mount a small file system here")
    except OSError:
        pytest.skip("there is no `mount` here")
    try:
        is_told_and_left_whole(told(begun, "run", "sizes", disk, *SIZES))
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=True)


# Real processes, by `make soak` only

OUT = {"stdout": subprocess.DEVNULL, "cwd": little.worlds.ROOT}


def command_of(place: Place, *more: str) -> list[str]:
    words = place.arguments("--period", little.PERIODS[1], "--fail-on", "never", *more)
    return [sys.executable, "-c", little.QUIET, *map(str, words)]


def processor_time(work) -> float:
    """Seconds that the processes which `work` starts and waits for take."""
    before = os.times()
    work()
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


@pytest.mark.skipif(not SOAK, reason="make soak")
def test_soak_the_command_itself_is_killed_at_random_moments(begun, tmp_path):
    dice, killed, untold = random.Random(SEED), 0, 0
    place = Place(begun).copied(tmp_path)
    decided = acceptances.acceptances(place.opened())
    whole = processor_time(
        lambda: subprocess.run(command_of(Place(begun).copied(tmp_path / "whole")), check=True, **OUT)
    )
    for number in range(SOAK // 5):
        # The newest again and again: once it is there, it is taken in anew.
        command = command_of(place, *(["--replace"] if number % 2 else []))
        with subprocess.Popen(command, stderr=subprocess.PIPE, **OUT) as process:
            moment = dice.uniform(0.1, 1) * whole
            while process.poll() is None and crashing.used(process.pid) < moment:
                time.sleep(0.01)
            killed += process.poll() is None
            process.send_signal(signal.SIGKILL)
            untold += b"Remedy" in process.stderr.read()
        refresh(place.opened())
        assert acceptances.acceptances(place.opened()) == decided
    print(
        f"processes of their own: {SOAK // 5} runs, {killed} killed before they were done, {untold} ended in a message"
    )
    assert untold == 0
    assert killed > SOAK // 20
    place.run()
