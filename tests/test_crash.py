"""Killed at any moment, on a full disk: afterwards the home is the old one or the new one, what is done again completes,
and the ledger has lost nothing.

The home is its state: the files of its reports, byte for byte, the periods taken in, every row of the ledger, and the
findings of every period. It is compared once the next command has tidied up.
"""

from __future__ import annotations

import csv
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import crashing
import little
import pytest
from little import Place

from pipelines import store, worklists
from pipelines.errors import HomeError
from pipelines.ledger import acceptances

SEED = 8
# In all at least fifty, over everything that writes to a home; `make soak` asks for more.
KILLS = {"first_run": 8, "run": 24, "replace": 12, "accept": 8, "import": 8}
SOAK = int(os.environ.get("VAHTI_SOAK_KILLS", "0"))


def lighter(patch: pytest.MonkeyPatch) -> None:
    for name in ("checkpoint.run", "report.write", "ropa.take_in"):
        patch.setattr(f"pipelines.{name}", lambda *arguments, **more: None)
    patch.setattr("pipelines.conformity.take_in", lambda *arguments, **more: {})


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
            place.opened(), [], rule="claim-unanswered", dataset="claims", reason="in court", by="officer",
            until=__import__("datetime").date(2027, 1, 1),
        )  # fmt: skip
    worklist = next((place.home / "reports" / little.PERIODS[0] / "worklists").glob("*.csv"))
    rows = list(csv.reader(worklist.read_text("utf-8").splitlines()))
    for row in rows[1:]:
        row[rows[0].index(worklists.DONE)], row[rows[0].index(worklists.REMARK)] = "K", "mended"
    with (place.folder / "filled.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    other = place.folder / "other"
    shutil.copytree(place.exports, other)
    claims = other / little.PERIODS[0] / "vesikanta_reklamaatiot.csv"
    claims.write_bytes(claims.read_bytes().replace(b"R1;", b"R9;"))
    return place.folder


def kills(folder: Path, operation: str, count: int, seed: int = SEED) -> list[dict]:
    command = [sys.executable, crashing.__file__, folder, operation, count, seed]
    done = subprocess.run([*map(str, command)], check=False, capture_output=True, encoding="utf-8", cwd=little.worlds.ROOT)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def differences(told: dict) -> list[str]:
    """What is wrong after one kill."""
    where = f"{told['operation']}, step {told['limit']} of {told['steps']}, {told['delay']:.3f} s"
    wrong, old, new = [], told["old"], told["new"]
    for name, allowed in (("after", (old, new)), ("rerun", (new,))):
        found = told[name].get("result")
        if found is None:
            wrong.append(f"{where}: {name}: {told[name]['raised']}")
            continue
        empty = name == "after" and not found["parts"] and not old.get("parts")
        if found["sum"] not in {one["sum"] for one in allowed} and not empty:
            parts = [part for part in found["parts"] | new["parts"] if found["parts"].get(part) != new["parts"].get(part)]
            wrong.append(f"{where}: {name}: neither old nor new: {parts}")
        if found["left"]:
            wrong.append(f"{where}: {name}: left {found['left']}")
        lost = [row for table, rows in old["decided"].items() for row in rows if row not in found["decided"][table]]
        if lost:
            wrong.append(f"{where}: {name}: lost {lost}")
    return wrong


@pytest.mark.skipif(not hasattr(os, "fork"), reason="cannot fork here")
@pytest.mark.parametrize("operation", KILLS)
def test_a_kill_leaves_the_old_home_or_the_new_one_and_loses_nothing(begun, tmp_path, operation):
    folder = begun
    if operation == "first_run":
        folder = tmp_path
        for name in ("exports", "expectations"):
            shutil.copytree(begun / name, folder / name)
    told = kills(folder, operation, max(KILLS[operation], SOAK // len(KILLS)))
    assert [line for one in told for line in differences(one)] == []
    assert sum(one["killed"] for one in told) >= KILLS[operation] * 0.7
    assert told[0]["old"]["sum"] != told[0]["new"]["sum"]


def test_at_least_fifty_kills_are_made():
    assert sum(KILLS.values()) >= 60
