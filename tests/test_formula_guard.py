"""One guard for every CSV file: no spreadsheet takes a cell for a formula."""

import duckdb
import pytest
import worlds
from hypothesis import given
from hypothesis import strategies as st
from subject_homes import home_of

from pipelines import outputs
from pipelines import person as subject

# OWASP, "CSV Injection": cells that begin with these, full-width ones among them, run; blanks before them do not help.
SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
BEFORE = ("", " ", "  ", "\t", "\r\n", "\n", "\u00a0", "\u3000", "\ufeff", "\u200b", "\x0b")
CELLS = [f"{before}{sign}1+1" for before in BEFORE for sign in SIGNS] + ["=cmd|' /C calc'!A0", "'=1+1", " '=1+1"]


@pytest.mark.parametrize("cell", CELLS, ids=ascii)
def test_every_prefix_of_owasps_list_is_guarded(cell):
    assert outputs.guarded(cell) == f"'{cell}" == outputs.guarded(cell, numbers_stay=True)


@pytest.mark.parametrize("cell", ["1000123", "A-1", "plain", "a=b", "12+1", "Mäki @ Salo", "", "232-401-12-1"])
def test_ordinary_cells_stay_as_they_are(cell):
    assert outputs.guarded(cell) == cell
    assert [outputs.guarded(other) for other in (5, None, True)] == [5, None, True]


@pytest.mark.parametrize("cell", ["+358 40 1234567", "+358401234567", "-5", "-12,50"])
def test_a_phone_or_an_amount_stays_one_for_the_person_who_gets_it_and_is_guarded_for_the_keeper(cell):
    assert outputs.guarded(cell, numbers_stay=True) == cell and outputs.guarded(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["+1+1", "-1-1", "+358 40 1234567*2", "-5=cmd", "+ 5"])
def test_what_only_begins_as_a_number_is_guarded(cell):
    assert outputs.guarded(cell, numbers_stay=True) == f"'{cell}"


@given(st.text(alphabet=st.characters(exclude_categories=("Cs",)), max_size=12))
def test_the_guard_is_the_same_in_sql_and_comes_off_again(text):
    query = "select $1::varchar as cell"
    (found,) = duckdb.execute(outputs.guarded_rows(query, "cell"), [text]).fetchone()
    assert found == outputs.guarded(text)
    assert outputs.guarded(text).removeprefix("'") == text or not outputs.guarded(text).startswith("'")


def test_packages_are_guarded_by_it(tmp_path):
    message = "message_id | customer_number | text\nV1 | A1 | ＝1+1"
    home = home_of(tmp_path, customers="customer_number\nA1", messages=message)
    with subject.at(home, worlds.expectations()) as place:
        subject.package(place, "A1", tmp_path / "out", why="access request", keep_others=True)
    assert '"\'＝1+1"' in (tmp_path / "out" / "records.csv").read_text("utf-8")
