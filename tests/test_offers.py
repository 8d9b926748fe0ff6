"""Offers: looked at, decided or knowingly left open; and what is asked for where the register cannot say."""

import json

import pytest
import worlds
from subject_homes import home_of
from test_subject import WORLD

from pipelines import person as subject
from pipelines.errors import VahtiError
from pipelines.person import holding


@pytest.fixture
def place(tmp_path):
    with subject.at(home_of(tmp_path / "world", **WORLD), worlds.expectations()) as opened:
        yield opened


def test_a_package_waits_for_answers_or_says_what_was_left_open(place, tmp_path):
    with pytest.raises(VahtiError, match="nobody has said yes or no"):
        subject.package(place, "A1", tmp_path / "out", why="access request")
    assert not (tmp_path / "out").exists()
    subject.package(place, "A1", tmp_path / "out", why="access request", leave_offers_open=True)
    made = json.loads((tmp_path / "out" / "certificate.json").read_text("utf-8"))
    assert "ledger/T1B" in {offer["member"] for offer in made["offers_left_open"]}
    assert made["offered_not_included"] == len(made["offers_left_open"])


def test_an_offer_is_looked_at_masked_and_says_what_agrees_and_what_contradicts(place):
    found = subject.offer(place, "ledger/T1B", "A1")
    assert "another given name" in found.attrs["why"]
    assert "Virtanen" not in found.to_string() and "Maija" not in found.to_string()


def test_a_decision_that_contradicts_an_earlier_one_is_refused_and_nothing_is_lost(place):
    subject.decide(place, "ledger/T1B", "customers/A1", "no")
    with pytest.raises(VahtiError, match="contradicts the earlier answer"):
        subject.decide(place, "ledger/T1B", "customers/A1", "yes")
    assert place.said[("customers/A1", "ledger/T1B")] == "no"


@pytest.mark.parametrize("flag", ["E", ".", "K"])
def test_whoever_may_be_protected_is_taken_to_be(tmp_path, flag):
    home = home_of(
        tmp_path,
        customers=f"customer_number | protected_address\nA1 | {flag}",
        ledger="voucher_number | customer_number\nT9 | B9",
    )
    with subject.at(home, worlds.expectations()) as place:
        assert holding.protected(place, ["A1", "B9"]) == ({"B9"} if flag == "E" else {"A1", "B9"})


def test_without_the_customers_export_everybody_may_be_protected(tmp_path):
    home = home_of(tmp_path, ledger="voucher_number | customer_number | name\nT9 | B9 | Salo Pekka")
    with subject.at(home, worlds.expectations()) as place, pytest.raises(VahtiError, match="protected"):
        subject.package(place, "B9", tmp_path / "out", why="access request")
