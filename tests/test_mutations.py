"""Any byte of an export flipped, put in, dropped or changed for its neighbour: it is read to its end, every line is accounted for,
and nothing but declared names and places stands where names of columns do. VAHTI_MUTATIONS says how many of them."""

import os
import random

import pytest
import worlds
from conftest import landing

PERIOD = worlds.SAMPLES / "exports" / "2025-12-31"
CONTRACTS = [
    one for one in worlds.expectations().contracts if one.kind == "csv" and one.dataset in ("claims", "requests")
]
SEEDS = int(os.environ.get("VAHTI_MUTATIONS", "48"))


def mutated(data: bytes, seed: int) -> bytes:
    chance = random.Random(seed)
    at, way, byte = (
        chance.randrange(len(data) - 1),
        seed % 4,
        bytes([chance.choice([chance.randrange(256), *b";\n\r\"'\0"])]),
    )
    head, tail = data[:at], data[at + 1 :]
    return {
        0: head + byte + tail,
        1: head + byte + data[at:],
        2: head + tail,
        3: head + data[at + 1 : at + 2] + data[at : at + 1] + tail[1:],
    }[way]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    with landing(tmp_path_factory.mktemp("mutated")) as place:
        yield place


def rows_of(place, contract) -> set[tuple]:
    return set(place.query(f"select * exclude (file, sha256, line) from raw.{contract.raw}"))


def is_near(row: tuple, originals: set[tuple]) -> bool:
    """Whether a row differs from one of the originals in the one cell that the byte is in, or in two side by side."""
    for other in originals if len(row) == len(next(iter(originals))) else ():
        places = [place for place, (a, b) in enumerate(zip(row, other, strict=True)) if a != b]
        if len(places) <= 1 or (len(places) == 2 and places[1] == places[0] + 1):
            return True
    return False


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: contract.dataset)
def test_a_byte_of_an_export_that_changed(place, contract):
    """And no cell comes under another's header: what is found of retention in a damaged row is what its own cells say."""
    data = (PERIOD / contract.file).read_bytes()
    names = {column.header for column in contract.columns}
    spoilt_already = {cell for _, cell in place(data, contract).rejected_cells}
    originals = rows_of(place, contract)
    assert originals
    for seed in range(SEEDS):
        landed = place(mutated(data, seed), contract)
        assert landed.status in ("read", "refused", "no header line"), seed
        if landed.status == "read":
            assert landed.books[0] == landed.books[1] + landed.books[2], seed
            assert all(name in names or name.startswith("column ") for name, *_ in landed.columns), seed
            rows = [row for row in rows_of(place, contract) - originals if row[0] not in spoilt_already]
            strange = [row for row in rows if not is_near(row, originals)]
            assert not strange, (seed, strange)
