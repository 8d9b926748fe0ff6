"""`make bench ROWS="100000 1000000 10000000" ROUNDS=3`: how fast the workbench is, beside DuckDB alone and what one would use instead.

Everything runs in one go on one machine, each thing in a process of its own, the rounds in turns; what counts is the
median of the rounds and the ratio of two of them. Writes docs/benchmarks.md, and its targets into the README.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import environments
import exports_at_size
import same_checks
import table
import texts

HERE = Path(__file__).parent
VAHTI = Path(sys.executable).with_name("vahti")
PEERS = {
    "gx_pandas": "Great Expectations on pandas",
    "soda_duckdb": "Soda Core on DuckDB",
    "pandera_polars": "Pandera on Polars",
}
TEXTS, TIMES_MORE = 2_000, 250


def measured(command: list, environment: dict | None = None) -> dict:
    """What a process prints last, with its `seconds` from start to end and its `peak_bytes` where it says none."""
    started = time.perf_counter()
    process = subprocess.Popen(
        list(map(str, command)), stdout=subprocess.PIPE, cwd=exports_at_size.ROOT, env=environment, text=True
    )
    output = process.stdout.read().strip()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        return {"failed": f"ended with {process.returncode}"}
    said = json.loads(output.splitlines()[-1]) if output.endswith("}") else {}
    return {"peak_bytes": usage.ru_maxrss * 1024} | said | {"seconds": time.perf_counter() - started}


def one_size(rows: int, rounds: int, peers: dict[str, Path], memory: str | None) -> dict[str, list[dict]]:
    """{what: its rounds} over exports of about so many rows."""
    folder, found = exports_at_size.folder(rows), defaultdict(list)
    with tempfile.TemporaryDirectory(dir=exports_at_size.KEPT) as scratch:
        place = Path(scratch)
        checks = place / "checks.json"
        checks.write_text(json.dumps(same_checks.document(folder), ensure_ascii=False), encoding="utf-8")
        apart = os.environ | {"XDG_CONFIG_HOME": str(place / "config")}
        for _ in range(rounds):
            found["floor"].append(measured([sys.executable, HERE / "floor.py", folder, checks, place / "floor.duckdb"]))
            (place / "floor.duckdb").unlink(missing_ok=True)
            run = [
                sys.executable,
                "-m",
                "tests.benchmarks.whole",
                folder.parent,
                place / "home",
                *([memory] if memory else []),
            ]
            found["run"].append(measured(run, apart))
            found["run again"].append(measured(run, apart))
            found["report"].append(measured([VAHTI, "report", "--home", place / "home"], apart))
            shutil.rmtree(place / "home", ignore_errors=True)
            found["same checks"].append(
                measured([sys.executable, "-m", "tests.benchmarks.same_checks_here", folder, checks])
            )
            for peer, python in peers.items():
                clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
                found[peer].append(measured([python, HERE / "peers" / f"{peer}.py", folder, checks], clean))
    return found


def samples(rounds: int) -> dict[str, list[dict]]:
    """{what: its rounds} on the samples of the repository, all three periods."""
    found = defaultdict(list)
    with tempfile.TemporaryDirectory(dir=exports_at_size.KEPT) as scratch:
        home, apart = Path(scratch) / "home", os.environ | {"XDG_CONFIG_HOME": str(Path(scratch) / "config")}
        for _ in range(rounds):
            found["help"].append(measured([VAHTI, "--help"], apart))
            run = measured(
                [
                    sys.executable,
                    "-m",
                    "tests.benchmarks.whole",
                    exports_at_size.ROOT / "data_samples" / "exports",
                    home,
                ],
                apart,
            )
            found["run"].append(run)
            found["report"].append(measured([VAHTI, "report", "--home", home], apart))
            shutil.rmtree(home)
    return found


def median(rounds: list[dict], key: str = "seconds") -> float | None:
    """Of the rounds that did not fail."""
    values = [each[key] for each in rounds if key in each]
    return statistics.median(values) if values else None


def exponent(sizes: dict[int, dict], what: str) -> float | None:
    """Of time over rows between the two largest sizes: 1 where twice the rows take twice as long. (At small sizes what a run
    costs in any case would flatter it.)"""
    points = [(rows, seconds) for rows, found in sorted(sizes.items()) if (seconds := median(found[what]))][-2:]
    if len(points) < 2:
        return None
    (rows, seconds), (more_rows, more_seconds) = points
    return math.log(more_seconds / seconds) / math.log(more_rows / rows)


def free_text(python: Path | None) -> dict[str, dict[str, dict]]:
    """{"codes" or "prose": {tool: texts per second, share found, false alarms}}, of ours and of Presidio."""
    made = {"codes": texts.made(TEXTS), "prose": texts.prose(TEXTS)}
    found = {
        "codes": {"here": here(made["codes"], "free_text_identity_code(note)")},
        "prose": {"here": here(made["prose"], "free_text_kinds(note) is not null")},
    }
    if python:
        said = peer(python, [[text for text, _ in each] for each in made.values()])
        for name, kind in (("one kind", "codes"), ("recognisers", "prose"), ("engine", "prose")):
            rate = {"rate": TEXTS / said[name]["seconds"]}
            found[kind][name] = rate | judged(made[kind], said[name]["hits"])
    return found


def here(made: list[tuple[str, bool]], judge: str) -> dict:
    """Ours, on one thread, as Presidio is."""
    import duckdb

    from pipelines.registry import functions

    connection = duckdb.connect(config={"threads": 1})
    functions.install(connection)
    connection.execute(
        "create table notes as select unnest($1) as note, unnest(range(len($1))) as place", [[text for text, _ in made]]
    )
    rows = connection.execute(f"select {judge} from notes order by place").fetchall()
    connection.execute(f"create table many as select note || ' ' || i as note from notes, range({TIMES_MORE}) as t(i)")
    started = time.perf_counter()
    connection.execute(f"select count(*) from many where {judge}").fetchone()
    rate = TEXTS * TIMES_MORE / (time.perf_counter() - started)
    return {"rate": rate} | judged(made, [hit for (hit,) in rows])


def peer(python: Path, lists: list[list[str]]) -> dict:
    """What Presidio says of lists of texts."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / f"{number}.json" for number in range(len(lists))]
        for path, content in zip(paths, lists, strict=True):
            path.write_text(json.dumps(content), encoding="utf-8")
        command = [str(python), str(HERE / "peers" / "presidio_text.py"), *map(str, paths)]
        output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return json.loads(output.strip().splitlines()[-1])


def one_person() -> list[str]:
    """The figures of the subject search, a line each."""
    lines = []
    for script in (["bench_subject.py"], ["bench_people.py", "2000", "200", "1", "2", "3"]):
        command = [sys.executable, HERE / script[0], *script[1:]]
        done = subprocess.run(command, check=True, capture_output=True, cwd=exports_at_size.ROOT, text=True)
        lines += [line.removeprefix("- ") for line in done.stdout.strip().splitlines()]
    return lines


def judged(made: list[tuple[str, bool]], hits: list[bool]) -> dict:
    """Recall, and false alarms among the texts without a code."""
    right = sum(hit and truth for (_, truth), hit in zip(made, hits, strict=True))
    false = sum(hit and not truth for (_, truth), hit in zip(made, hits, strict=True))
    with_code = sum(truth for _, truth in made)
    return {"found": right, "with_code": with_code, "false_alarms": false, "without_code": len(made) - with_code}


def main() -> None:
    """All of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--largest-rounds", type=int, help="of the largest size, where a round takes long")
    parser.add_argument("--memory", help="for vahti run")
    parser.add_argument("--no-peers", action="store_true", help="without the tools that others would use")
    parser.add_argument("--peers-up-to", type=int, default=10**9, help="most rows that the peers are given")
    parser.add_argument("--no-subject", action="store_true", help="without the figures of the subject search")
    parser.add_argument("--out", type=Path, default=exports_at_size.ROOT / "docs" / "benchmarks.md")
    arguments = parser.parse_args()
    exports_at_size.KEPT.mkdir(parents=True, exist_ok=True)
    pythons = {} if arguments.no_peers else {name: environments.python(name) for name in (*PEERS, "presidio_text")}
    sizes, small = {}, samples(max(3, arguments.rounds))
    for rows in sorted(arguments.rows):
        peers = {name: pythons[name] for name in PEERS if name in pythons and rows <= arguments.peers_up_to}
        rounds = (
            arguments.largest_rounds if arguments.largest_rounds and rows == max(arguments.rows) else arguments.rounds
        )
        sizes[rows] = one_size(rows, rounds, peers, arguments.memory)
        print(
            f"{rows:,} rows: "
            + ", ".join(f"{name} {median(found) or math.nan:.1f} s" for name, found in sizes[rows].items()),
            flush=True,
        )
    command = f'make bench ROWS="{" ".join(map(str, arguments.rows))}" ROUNDS={arguments.rounds}'
    command += f' BENCH="--largest-rounds {arguments.largest_rounds}"' if arguments.largest_rounds else ""
    found_in_text = free_text(pythons.get("presidio_text"))
    targets = table.targets(sizes, small, {what: exponent(sizes, what) for what in ("floor", "run")}, found_in_text)
    page = table.page(
        sizes, small, PEERS, found_in_text, targets, [] if arguments.no_subject else one_person(), command, arguments
    )
    page = "\n".join(filter(None, (page, table.reader_of(arguments.out))))
    arguments.out.parent.mkdir(exist_ok=True)
    arguments.out.write_text(page, encoding="utf-8")
    print(page)
    if arguments.out.name == "benchmarks.md":
        table.into_readme(exports_at_size.ROOT / "README.md", targets, command)


if __name__ == "__main__":
    main()
