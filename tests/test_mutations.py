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


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: contract.dataset)
def test_a_byte_of_an_export_that_changed(place, contract):
    data = (PERIOD / contract.file).read_bytes()
    names = {column.header for column in contract.columns}
    for seed in range(SEEDS):
        landed = place(mutated(data, seed), contract)
        assert landed.status in ("read", "refused", "no header line"), seed
        if landed.status == "read":
            assert landed.books[0] == landed.books[1] + landed.books[2], seed
            assert all(name in names or name.startswith("column ") for name, *_ in landed.columns), seed
