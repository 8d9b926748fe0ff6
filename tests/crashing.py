"""Kills what works on a home, again and again, and says what was left. A process of its own:

    python tests/crashing.py FOLDER OPERATION KILLS SEED EVERY
    python tests/crashing.py FOLDER OPERATION sizes DISK SIZE …     the same with a disk, or files, of SIZE bytes more

FOLDER holds `exports`, `expectations` and `home`. OPERATION is a name of OPERATIONS. Every kill works on a fresh copy of
the home in a child that was forked after everything was imported: half of the children kill themselves at the n-th step
that counts (a file renamed, removed, made or forced to disk, a database attached or closed, its tables made, a transaction
ended), the others are
killed once they have used a random share of the processor time that the operation takes: on a busy machine, too, that
is a moment of its work. Prints one JSON object a kill.

    old, new   sums of the home before, and after an operation that nobody killed
    after      the same after the kill, once the next command has tidied up
    untouched  whether every file of the home is then, to the byte, as it was before: done again it ends as `new` did
    rerun      the same once the operation was done again, where it had not been done and the home is not untouched: after
               every EVERYth kill, and after the first whatever it left
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import random
import secrets
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

PERIODS = ("2025-12-31", "2026-03-31", "2026-06-30")
# Tables that only people fill: what is in them must never be lost.
DECISIONS = ("acceptances", "withdrawals", "reports")


def light() -> None:
    """Without what has no part in bringing a period into force, and takes seconds."""
    from pipelines import second_opinion as checkpoint
    from pipelines.notice import conformity
    from pipelines.record import collect as ropa
    from pipelines.report import page as report

    checkpoint.apart.MOST_BYTES = 0
    checkpoint.run = report.write = ropa.take_in = lambda *arguments, **more: None
    conformity.take_in = lambda *arguments, **more: ({}, None)


def first_run(folder: Path) -> None:
    from pipelines.job.run import run

    run(folder / "home", folder / "exports", folder / "expectations", period=PERIODS[0], threads=1)


def run(folder: Path) -> None:
    from pipelines.job.run import run as run_periods

    run_periods(folder / "home", folder / "exports", folder / "expectations", period=PERIODS[1], threads=1)


def replace(folder: Path) -> None:
    """The first of two periods, by exports that say something else."""
    from pipelines.job.run import run

    run(folder / "home", folder / "other", folder / "expectations", period=PERIODS[0], replace=True, threads=1)


def accept(folder: Path) -> None:
    import datetime as dt

    from pipelines.home import store
    from pipelines.job.refresh import refresh
    from pipelines.ledger import acceptances

    acceptances.accept(
        store.open_home(folder / "home"),
        [],
        rule="required-missing",
        dataset="customers",
        reason="is being mended by the office now",
        until=dt.date(2026, 3, 31),
        by="officer",
    )
    refresh(store.open_home(folder / "home"))


def import_worklist(folder: Path) -> None:
    from pipelines.home import store
    from pipelines.job.refresh import refresh
    from pipelines.ledger import reported

    reported.import_worklist(store.open_home(folder / "home"), folder / "filled.csv")
    refresh(store.open_home(folder / "home"))


OPERATIONS: dict[str, Callable[[Path], None]] = {
    "first_run": first_run, "run": run, "replace": replace, "accept": accept, "import": import_worklist,
}  # fmt: skip


def state(folder: Path) -> dict[str, object]:
    """What counts: files of the reports, periods taken in, rows of the ledger, findings; and people's decisions."""
    from pipelines.home import store

    home = store.open_home(folder / "home")
    files = {
        path.relative_to(home.path).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted((home.path / "reports").rglob("*"))
        if path.is_file()
    }
    rows, decided, known = {}, {}, []
    for table, found in tables(home) if home.workbench.exists() else ():
        if found:
            rows[table] = hashlib.sha256(repr(found).encode()).hexdigest()
        if table == "main.periods":
            known = found
        if table.removeprefix("ledger.") in DECISIONS:
            decided[table] = sorted(map(repr, found))
    whole = json.dumps([files, rows, known], sort_keys=True)
    return {"sum": hashlib.sha256(whole.encode()).hexdigest(), "decided": decided, "parts": files | rows}


def tables(home) -> Iterator[tuple[str, list]]:
    """(name, rows) of every table of the workbench, and of those of the periods that everything else is made from."""
    from pipelines.home import store

    with store.workbench(home, read_only=True) as connection:
        names = connection.execute(
            "select schema_name || '.' || table_name from duckdb_tables() where database_name = 'workbench'"
            " and table_name <> 'secrets' order by all"
        ).fetchall()
        for (name,) in names:
            yield name, connection.execute(f"select * from workbench.{name} order by all").fetchall()
        for number, path in enumerate(sorted((home.path / "periods").iterdir())):
            store.attach(connection, home, path, f"p{number}", read_only=True)
            for name in ("results.findings", "ledger.states"):
                yield (
                    f"{path.stem} {name}",
                    connection.execute(f"select * from p{number}.{name} order by all").fetchall(),
                )


def contents(folder: Path) -> dict[str, str]:
    """Every file of a home and the sum of its bytes."""
    files = [path for path in sorted((folder / "home").rglob("*")) if path.is_file()]
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def tidied(folder: Path) -> dict[str, object]:
    """The state once the next command has looked at the home."""
    from pipelines.home import store
    from pipelines.job.refresh import refresh

    home = store.open_home(folder / "home")
    refresh(home)
    left = [
        path.name for path in home.path.iterdir() if path.name == "tmp" or path.name.endswith((".json.part", ".wal"))
    ]
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
    from pipelines.home import connections, store

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
    shutil.rmtree = step(shutil.rmtree)
    for name in ("attach", "close"):  # where they are called: by the store, and where connections are made
        stepped = step(getattr(connections, name))
        setattr(store, name, stepped)
        setattr(connections, name, stepped)
    connections.run_script = step(connections.run_script)
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
    """Whether a child was killed before it was done: at a step, or by us after so much processor time."""
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
    while limit is not None or used(child) < delay:
        done, status = os.waitpid(child, 0 if limit is not None else os.WNOHANG)
        if done:
            return os.WIFSIGNALED(status)
        time.sleep(0.002)
    os.kill(child, signal.SIGKILL)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def used(process: int) -> float:
    """Seconds of processor time that a process, not yet waited for, has used so far; as clock_getcpuclockid(3) has it."""
    return time.clock_gettime((~process << 3) | 2)


def copied(folder: Path, number: object, disk: Path | None = None) -> Path:
    """The same place elsewhere, with a home of its own."""
    place = (disk or folder) / f"copy-{number}"
    place.mkdir()
    if (folder / "home").exists():
        shutil.copytree(folder / "home", place / "home")
    for name in ("exports", "other", "expectations", "filled.csv"):
        if (folder / name).exists():
            (place / name).symlink_to(folder / name)
    return place


def sparing(space: int, disk: Path | None) -> Callable[[], None]:
    """Leaves that many bytes: on the disk, or to any one file. Gives what frees the disk again."""
    if disk is None:
        import resource

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (space, resource.RLIM_INFINITY))
        return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    free = os.statvfs(disk)
    filler = disk / "filler"
    filler.write_bytes(bytes(max(free.f_bavail * free.f_frsize - space, 0)))
    return filler.unlink


def full_disk(folder: Path, name: str, sizes: list[int], disk: Path | None) -> None:
    """An operation with less space than it needs; prints one JSON object a size, as `main` does."""
    operation = prepared(folder, name)
    fresh = copied(folder, "new")
    old = forked(lambda: state(folder))["result"]
    forked(lambda: operation(fresh))
    new = forked(lambda: tidied(fresh))["result"]
    for size in sizes:
        place = copied(folder, f"size-{size}", disk)

        def tried(place=place, size=size):
            free = sparing(size, disk)
            try:
                operation(place)
            finally:
                free()

        tried = forked(tried)
        told = {"operation": name, "limit": size, "steps": 0, "delay": 0, "old": old, "new": new, "tried": tried}
        print(json.dumps(told | {"after": forked(lambda place=place: tidied(place)), "rerun": None}), flush=True)
        shutil.rmtree(place)
    shutil.rmtree(fresh)


def prepared(folder: Path, name: str) -> Callable[[Path], None]:
    """The operation, done once in this process so that everything it needs is imported."""
    light()
    secrets.token_hex = lambda size: "5a" * size  # two homes of the same exports are the same
    warm = copied(folder, f"{name}-warm")
    OPERATIONS[name](warm)
    tidied(warm)
    shutil.rmtree(warm)
    return OPERATIONS[name]


def main(folder: Path, name: str, kills: int, seed: int, every: int) -> None:
    """The kills of one operation, at steps spread over it and at random times."""
    operation, dice = prepared(folder, name), random.Random(f"{seed} {name}")
    fresh = copied(folder, f"{name}-new")
    old = forked(lambda: state(folder) if (folder / "home").exists() else {"sum": "", "decided": {}})["result"]

    def measured():
        steps, began = counted(10**9), time.process_time()
        operation(fresh)
        return steps[0], time.process_time() - began

    steps, seconds = forked(measured)["result"]
    new, before = forked(lambda: tidied(fresh))["result"], contents(folder)
    by_step = (
        {round(place * steps / (kills // 2 + 1)) for place in range(kills // 2 + 1)}
        if kills < 2 * steps
        else set(range(steps))
    )
    plan = [(limit, 0.0) for limit in sorted(by_step)] + [
        (None, dice.uniform(0, seconds)) for _ in range(kills - len(by_step))
    ]
    for number, (limit, delay) in enumerate(plan):
        place = copied(folder, f"{name}-{number}")
        was_killed = killed(lambda place=place: operation(place), limit, delay)
        # A first run that was killed early has left no home, or one in which nothing counts.
        after = forked(lambda place=place: tidied(place))
        untouched = contents(place) == before
        wanted = number == 0 or (number % every == 0 and not untouched)
        again = wanted and after.get("result", {}).get("sum") != new["sum"]
        rerun = forked(lambda place=place: (operation(place), tidied(place))[1]) if again else None
        told = {
            "operation": name,
            "limit": limit,
            "delay": delay,
            "steps": steps,
            "killed": was_killed,
            "untouched": untouched,
            "old": old,
            "new": new,
        }
        print(json.dumps(told | {"after": after, "rerun": rerun}), flush=True)
        shutil.rmtree(place)
    shutil.rmtree(fresh)


if __name__ == "__main__":
    where, what, *rest = sys.argv[1:]
    if rest[0] == "sizes":
        full_disk(Path(where), what, [*map(int, rest[2:])], Path(rest[1]) if rest[1] else None)
    else:
        main(Path(where), what, *map(int, rest))
