"""`make bench-people`: how much of one's own is included or offered, and how much of others', on made-up registers
whose truth is known, on FEBRL, and how often one person's records are on which level of a comparison.

python tests/benchmarks/bench_people.py [people] [requests of each register] [seed …]
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parent)]

import bench_febrl  # noqa: E402
import people  # noqa: E402
import worlds  # noqa: E402
from people import measured  # noqa: E402
from subject_homes import take_in  # noqa: E402

from pipelines import person as subject  # noqa: E402
from pipelines.person import linkage, model  # noqa: E402


def register(count: int, requests: int, seed: int) -> str:
    """One line: what so many requests, chosen at random, come to in a register of so many people."""
    made = people.make(count, seed)
    with tempfile.TemporaryDirectory() as folder:
        made.write(Path(folder) / "exports" / worlds.PERIOD)
        take_in(Path(folder) / "home", Path(folder) / "exports")
        with subject.at(Path(folder) / "home", worlds.expectations()) as place:
            started = time.perf_counter()
            linkage.links(place)
            seconds = time.perf_counter() - started
            numbers = sorted(number for number, _ in made.asked())
            chosen = random.Random(seed).sample(numbers, min(requests, len(numbers)))
            return f"{count} people, seed {seed}, links in {seconds:.1f} s; {measured.of(place, made, chosen)}"


def levels() -> list[str]:
    """A line per comparison: which share of one person's pairs in FEBRL 3 is on which level, and the model's m."""
    records = bench_febrl.rows(bench_febrl.SETS["FEBRL 3"])
    wanted, found = bench_febrl.truth(records), []

    def look(place) -> None:
        for name, (_, each, rest) in model.COMPARISONS.items():
            sql = (
                f"select gamma_{name}, count(*) / sum(count(*)) over () from predicted as p join wanted as w"
                " on [w.a, w.b] = list_sort([split_part(p.unique_id_l, '/', 2), split_part(p.unique_id_r, '/', 2)])"
                f" where gamma_{name} >= 0 group by 1 order by 1 desc"
            )
            place.connection.execute("create or replace temp table wanted (a varchar, b varchar)")
            linkage.insert(place.connection, "wanted", sorted(wanted))
            shares = dict(place.connection.execute(sql).fetchall())
            said = [f"{lv.says} {shares.get(len(each) - i, 0):.3f} ({lv.m})" for i, lv in enumerate(each)]
            if shares:
                found.append(f"{name}: {', '.join(said)}, none {shares.get(0, 0):.3f} ({rest})")

    bench_febrl.ours(records, True, look)
    return found


def main(count: int = 2000, requests: int = 300, *seeds: int) -> None:
    """All figures, a line each."""
    for seed in seeds or (1, 2, 3):
        print(f"- {register(count, requests, seed)}", flush=True)
    for line in (*bench_febrl.measured(), *levels()):
        print(f"- {line}", flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
