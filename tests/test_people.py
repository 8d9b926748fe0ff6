"""Nobody else's data: over a small register with every case that mixes people up, what comes in unasked and what is
at least offered."""

import people
import pytest
import worlds
from people import measured
from subject_homes import take_in

from pipelines import person as subject

# Free text that names the person, and nothing else that does.
ONLY_IN_TEXT = {"claim with no number", "message that names nobody's number"}


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    folder = tmp_path_factory.mktemp("people")
    register = people.make(1)
    register.write(folder / "exports" / worlds.PERIOD)
    take_in(folder / "home", folder / "exports")
    with subject.at(folder / "home", worlds.expectations()) as place:
        return measured.of(place, register)


def test_nothing_of_anybody_else_comes_in_unasked(found):
    assert found.requests > 40 and found.included > 300
    assert found.wrong == []


def test_every_record_that_ones_keys_lead_to_is_found_and_nearly_all_come_in(found):
    assert found.missed_keyed == []
    assert {case for case, *_ in found.not_included} <= {"two people under one number"}


def test_whatever_has_more_than_the_name_in_common_is_at_least_offered(found):
    assert {case for case, *_ in found.missed} <= ONLY_IN_TEXT


def test_the_same_seed_gives_the_same_register_with_every_case(tmp_path):
    first, second = people.make(60), people.make(60)
    assert first.rows == second.rows and first.cells == second.cells
    one, two = (
        {path.name: path.read_bytes() for path in register.write(tmp_path / name).iterdir()}
        for name, register in (("a", first), ("b", second))
    )
    assert one == two
    assert {row.case for row in people.make(1).rows} >= {row.case for row in first.rows} - {"ordinary"}
    assert all(code[7:10] >= "900" for person in first.people if (code := person.code))
