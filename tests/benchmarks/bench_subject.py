"""How much of a known person the workbench finds, how often it takes two people for one, and how long an answer
takes.

python tests/benchmarks/bench_subject.py [people] [customers for the speed of a package]

Precision and recall are of pairs that no key joins, at "probable"; "offered" is what the officer is asked about. FEBRL:
bench_febrl.py.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parent)]

import known_people  # noqa: E402
import worlds  # noqa: E402
from subject_homes import take_in  # noqa: E402

from pipelines import person as subject  # noqa: E402
from pipelines.person import holding, linkage, model  # noqa: E402
from pipelines.samples import write_samples  # noqa: E402

SAMPLE = 60


def people(folder: Path, count: int, seed: int) -> None:
    """Pairs of a register of known people, and the records that keys join."""
    world = known_people.write(folder / "exports" / worlds.PERIOD, worlds.EXPECTATIONS / "contracts", count, seed)
    take_in(folder / "home", folder / "exports")
    with subject.at(folder / "home", worlds.expectations()) as place:
        started = time.perf_counter()
        links = linkage.links(place)
        seconds = time.perf_counter() - started
        truth = world.pairs()
        probable = {
            (link.left, link.right)
            for link in links
            if link.is_probable and {link.left, link.right} <= world.who.keys()
        }
        offered = {(link.left, link.right) for link in links}
        right = sum(world.who[left] == world.who[right] for left, right in probable)
        print(
            f"{count} people, seed {seed}: {len(truth)} pairs without a key; precision {right / len(probable):.4f},"
            f" recall {len(probable & truth) / len(truth):.3f}, offered {len(offered & truth) / len(truth):.3f}"
            f" ({len(offered)} pairs); {seconds:.1f} s"
        )
        found, wanted, foreign = by_key(place, world)
        print(
            f"{count} people, seed {seed}: records that a key joins: {found} of {wanted} found,"
            f" {foreign} of somebody else"
        )


def by_key(place, world: known_people.World) -> tuple[int, int, int]:
    """(records found, records there are, records of somebody else) of some people, those under two numbers first."""
    numbers = {person.number: person.who for person in world.people}
    twice = [pair[0].partition("/")[2] for pair in sorted(world.keyed)]
    chosen = twice[: SAMPLE // 2] + random.Random(1).sample(sorted(numbers), SAMPLE // 2)
    found = wanted = foreign = 0
    for number in chosen:
        mine = {number} | {
            other.partition("/")[2] for pair in world.keyed if f"customers/{number}" in pair for other in pair
        }
        theirs = {
            (dataset, next(iter(row.values())))
            for dataset, rows in world.rows.items()
            if dataset not in ("messages", "ledger", "meter_readings")
            for row in rows
            if row["customer_number"] in mine
        } | {(name, f"{letter}{each}") for each in mine for name, letter in (("meter_readings", "R"), ("ledger", "T"))}
        records = holding.gather(place, number).records
        got = {(record.dataset, record.record_key) for record in records}
        found, wanted = found + len(theirs & got), wanted + len(theirs)
        foreign += sum(
            numbers.get(str(record.values.get("customer_number")), numbers[number]) != numbers[number]
            for record in records
        )
    return found, wanted, foreign


def package(folder: Path, customers: int) -> None:
    """The first package of a process and the second, at so many customers' rows: by the clock, and the processors' time,
    which other work on the machine hardly changes."""
    write_samples(folder, customers, 1, 1)
    take_in(folder / "home", folder / "exports", "2025-12-31")
    with Timed() as timed, subject.at(folder / "home", worlds.EXPECTATIONS) as place:
        rows = place.connection.execute("select sum(rows_registered)::bigint from feed.files").fetchone()[0]
        for name, number in (("cold", "1000123"), ("warm", "1000124")):
            subject.offers(place, number)
            print(f"what is offered at {rows:,} registry rows, links included, {name}: {timed.lap()}", flush=True)
            subject.package(place, number, folder / name, why="access request", leave_offers_open=True)
            print(f"a package at {rows:,} registry rows, {name}: {timed.lap()}", flush=True)


class Timed:
    """A watch: `lap()` says the time since the last, by the clock and of the processors."""

    def __enter__(self) -> Timed:
        self.last = (time.perf_counter(), time.process_time())
        return self

    def __exit__(self, *_: object) -> None: ...

    def lap(self) -> str:
        now = (time.perf_counter(), time.process_time())
        clock, processors = (end - start for end, start in zip(now, self.last, strict=True))
        self.last = now
        return f"{clock:.1f} s ({processors:.1f} s of processor time)"


def main(count: int = 20_000, customers: int = 77_000) -> None:
    """All figures."""
    for seed in (1, 4):
        with tempfile.TemporaryDirectory() as folder:
            people(Path(folder), count, seed)
    with tempfile.TemporaryDirectory() as folder:
        package(Path(folder), customers)


if __name__ == "__main__":
    assert model.PROBABLE > model.POSSIBLE
    main(*map(int, sys.argv[1:]))
