"""Kills what works on a home, again and again, and says what was left. A process of its own:

    python tests/crashing.py FOLDER OPERATION KILLS SEED

FOLDER holds `exports`, `expectations` and `home`. OPERATION is a name of OPERATIONS. Every kill works on a fresh copy of
the home in a child that was forked after everything was imported: half of the children kill themselves at the n-th step
that counts (a file renamed, removed, made or forced to disk, a database attached, a transaction ended), the others are
killed after a random time. Prints one JSON object a kill.

    old, new   sums of the home before, and after an operation that nobody killed
    after      the same after the kill, once the next command has tidied up
    rerun      the same once the operation was done again
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

PERIODS = ("2025-12-31", "2026-03-31", "2026-06-30")
# Tables that only people fill: what is in them must never be lost.
DECISIONS = ("acceptances", "withdrawals", "reports")


def light() -> None:
    """Without what has no part in bringing a period into force, and takes seconds."""
    from pipelines import checkpoint, conformity, report, ropa

    checkpoint.run = report.write = ropa.take_in = lambda *arguments, **more: None
    conformity.take_in = lambda *arguments, **more: {}


def first_run(folder: Path) -> None:
    from pipelines.run import run

    run(folder / "home", folder / "exports", folder / "expectations", period=PERIODS[0])


def run(folder: Path) -> None:
    from pipelines.run import run

    run(folder / "home", folder / "exports", folder / "expectations", period=PERIODS[1])


def replace(folder: Path) -> None:
    """The first of two periods, by exports that say something else."""
    from pipelines.run import run

    run(folder / "home", folder / "other", folder / "expectations", period=PERIODS[0], replace=True)


def accept(folder: Path) -> None:
    import datetime as dt

    from pipelines import store
    from pipelines.ledger import acceptances

    acceptances.accept(
        store.open_home(folder / "home"), [], rule="required-missing", dataset="customers",
        reason="is being mended", until=dt.date(2027, 1, 1), by="officer",
    )  # fmt: skip


def import_worklist(folder: Path) -> None:
    from pipelines import store
    from pipelines.ledger import marks

    marks.import_worklist(store.open_home(folder / "home"), folder / "filled.csv")


OPERATIONS: dict[str, Callable[[Path], None]] = {
    "first_run": first_run, "run": run, "replace": replace, "accept": accept, "import": import_worklist,
}  # fmt: skip


def state(folder: Path) -> dict[str, object]:
    """What counts: files of the reports, periods taken in, rows of the ledger, findings; and people's decisions."""
    from pipelines import store

    home = store.open_home(folder / "home")
    files = {
        path.relative_to(home.path).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted((home.path / "reports").rglob("*"))
        if path.is_file()
    }
    rows, decided = {}, {}
    known = store.periods(home)
    if known:
        with store.workbench(home, read_only=True) as connection:
            tables = connection.execute(
                "select schema_name || '.' || table_name from duckdb_tables() where database_name = 'workbench'"
                " and table_name <> 'secrets' order by all"
            ).fetchall()
            for (table,) in tables:
                found = connection.execute(f"select * from workbench.{table} order by all").fetchall()
                rows[table] = hashlib.sha256(repr(found).encode()).hexdigest()
                if table.split(".")[1] in DECISIONS:
                    decided[table] = sorted(map(repr, found))
        for period in known:
            with store.reading(home, period) as connection:
                for table in ("results.findings", "ledger.states"):
                    found = connection.execute(f"select * from {table} order by all").fetchall()
                    rows[f"{period} {table}"] = hashlib.sha256(repr(found).encode()).hexdigest()
    whole = json.dumps([files, rows, known], sort_keys=True)
    return {"sum": hashlib.sha256(whole.encode()).hexdigest(), "decided": decided, "parts": files | rows}


def tidied(folder: Path) -> dict[str, object]:
    """The state once the next command has looked at the home."""
    from pipelines import store

    home = store.open_home(folder / "home")
    with store.locked(home):
        pass
    left = [path.name for path in home.path.iterdir() if path.name == "tmp" or path.name.endswith((".json.part", ".wal"))]
    return state(folder) | {"left": left + [path.name for path in home.path.iterdir() if path.name == "commit.json"]}


def forked(work: Callable[[], object]) -> object:
    """What a forked child makes of it: a result, or the class and message of what it raised."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        try:
            try:
                told = {"result": work()}
            except BaseException as error:
                told = {"raised": f"{type(error).__name__}: {error}"}
            with open(writer, "w") as pipe:
                json.dump(told, pipe)
        finally:
            os._exit(0)
    os.close(writer)
    with open(reader) as pipe:
        text = pipe.read()
    os.waitpid(child, 0)
    return json.loads(text)


def counted(limit: int) -> list[int]:
    """Steps from here on; the one after `limit` of them is never made: the process is killed before it."""
    from pipelines import store

    steps = [0]

    def step(function):
        def stepped(*arguments, **more):
            steps[0] += 1
            if steps[0] > limit:
                os.kill(os.getpid(), signal.SIGKILL)
            return function(*arguments, **more)

        return stepped

    for name in ("replace", "rename", "unlink", "mkdir", "rmdir", "fsync"):
        setattr(os, name, step(getattr(os, name)))
    shutil.rmtree, store.attach, store.close = map(step, (shutil.rmtree, store.attach, store.close))
    transaction = store.transaction

    @contextlib.contextmanager
    def stepped(connection):
        with transaction(connection):
            yield
            step(lambda: None)()
        step(lambda: None)()

    store.transaction = stepped
    return steps


def killed(work: Callable[[], object], limit: int | None, delay: float) -> bool:
    """Whether a child was killed before it was done."""
    child = os.fork()
    if not child:
        try:
            null = os.open(os.devnull, os.O_WRONLY)
            os.dup2(null, 2)
            if limit is not None:
                counted(limit)
            work()
        finally:
            os._exit(0)
    deadline = time.monotonic() + (delay if limit is None else 60)
    while time.monotonic() < deadline:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.WIFSIGNALED(status)
        time.sleep(0.002)
    os.kill(child, signal.SIGKILL)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def copied(folder: Path, number: object) -> Path:
    """The same place elsewhere, with a home of its own."""
    place = folder / f"copy-{number}"
    place.mkdir()
    if (folder / "home").exists():
        shutil.copytree(folder / "home", place / "home")
    for name in ("exports", "other", "expectations", "filled.csv"):
        if (folder / name).exists():
            (place / name).symlink_to(folder / name)
    return place


def main(folder: Path, name: str, kills: int, seed: int) -> None:
    """The kills of one operation, at steps spread over it and at random times."""
    operation, dice = OPERATIONS[name], random.Random(f"{seed} {name}")
    import pandas  # noqa: F401  imported once, not by every child
    import python_calamine  # noqa: F401
    import xlsxwriter  # noqa: F401

    from pipelines import run as stages, worklists  # noqa: F401
    from pipelines.ledger import acceptances, marks  # noqa: F401

    light()
    fresh = copied(folder, f"{name}-new")
    old = forked(lambda: state(folder) if (folder / "home").exists() else {"sum": "", "decided": {}})["result"]

    def measured():
        steps, began = counted(10**9), time.monotonic()
        operation(fresh)
        return steps[0], time.monotonic() - began

    steps, seconds = forked(measured)["result"]
    new = forked(lambda: tidied(fresh))["result"]
    by_step = {round(place * steps / (kills // 2 + 1)) for place in range(kills // 2 + 1)} if kills < 2 * steps else set(range(steps))
    plan = [(limit, 0.0) for limit in sorted(by_step)] + [(None, dice.uniform(0, seconds)) for _ in range(kills - len(by_step))]
    for number, (limit, delay) in enumerate(plan):
        place = copied(folder, f"{name}-{number}")
        was_killed = killed(lambda: operation(place), limit, delay)
        # A first run that was killed early has left no home, or one in which nothing counts.
        after = forked(lambda: tidied(place))
        rerun = forked(lambda: (operation(place) if after.get("result", {}).get("sum") != new["sum"] else None, tidied(place))[1])
        told = {"operation": name, "limit": limit, "delay": delay, "steps": steps, "killed": was_killed, "old": old, "new": new}
        print(json.dumps(told | {"after": after, "rerun": rerun}), flush=True)
        shutil.rmtree(place)
    shutil.rmtree(fresh)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
