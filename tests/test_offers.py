"""Offers: looked at, decided or knowingly left open; and what is asked for where the register cannot say."""

import io
import json

import little
import pytest
import worlds
from subject_homes import home_of, take_in
from test_subject import WORLD

from pipelines import person as subject
from pipelines.errors import VahtiError
from pipelines.home import purge, store
from pipelines.person import decisions, holding


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


def test_an_unknown_number_and_a_customer_without_one_are_looked_at_and_decided_on(tmp_path):
    home = home_of(
        tmp_path,
        customers="customer_number | name | phone | email\nA1 | Virtanen Matti | 0401234567 | m@a.example"
        "\n. | Virtanen Matti | 0401234567 | .",
        map_customers="site_id | customer_number | name | phone\nP1 | B9 | Virtanen Matti | 0401234567",
    )
    with subject.at(home, worlds.expectations()) as place:
        members = {member: member.partition("/")[0] for member in subject.offers(place, "A1")["member"]}
        assert sorted(members.values()) == ["?", "customers"]
        for member in members:
            assert len(subject.offer(place, member, "A1")) == 0 or member.startswith("customers/")
            shown = subject.offer(place, member, "A1", confirm_protected=True)
            assert "V••• M•••" in shown["value"].to_list() and shown.attrs["why"]
        for member in members:
            subject.decide(place, member, "customers/A1", "yes")
        assert len(subject.offers(place, "A1")) == 0
        assert len(subject.records(place, "A1")) == 3


def test_a_link_that_a_text_makes_is_asked_about_without_a_probability(tmp_path, monkeypatch, capsys):
    home = home_of(
        tmp_path,
        customers="customer_number | name | phone\nA1 | Virtanen Matti | 0401234567",
        claims="claim_number | customer_number | description\nC1 | . | Soittaja Matti Virtanen, puh. 040 1234567",
    )
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    code, out, err = little.command(monkeypatch, capsys, "subject", "links", "--ask", "--home", home)
    assert (code, "name and phone. One person?" in out) == (0, True), err
    assert decisions.answers(store.open_existing(home)) == {("claims/C1", "customers/A1"): "yes"}


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


# Bad input: one message, an exit code, nothing lost ----------------------------------------------------------------

SAID = (
    ("messages/V2", "customers/A4", "yes"),
    ("ledger/T1B", "customers/A1", "no"),
    ("customers/A1", "customers/A3", "yes"),
)
DECIDE = ["subject", "decide"]


@pytest.fixture(scope="module")
def answered(tmp_path_factory):
    """A home of two periods, the older one purged, with answers on pairs. Not to be changed."""
    folder = tmp_path_factory.mktemp("answered")
    for period in (worlds.BEFORE, worlds.PERIOD):
        worlds.write(folder / "exports" / period, **WORLD)
        home = take_in(folder / "home", folder / "exports", period)
    with subject.at(home, worlds.expectations()) as place:
        for left, right, answer in SAID:
            subject.decide(place, left, right, answer)
    purge.purge(store.open_existing(home), 1)
    return home


@pytest.mark.parametrize(
    ("words", "code", "said", "remedy"),
    [
        ([*DECIDE, "messages/V2", "customers/A4", "no"], 1, "contradicts the earlier answer, which was yes", "withdrawn"),
        ([*DECIDE, "customers/A1", "ledger/T1B", "yes"], 1, "contradicts the earlier answer, which was no", "withdrawn"),
        ([*DECIDE, "customers/A3", "ledger/T1B", "yes"], 1, "contradicts an earlier no", "withdraw one"),
        ([*DECIDE, "messages/V2", "customers/A5", "yes"], 1, "customers/A4 and customers/A5 would be one person", "decide"),
        ([*DECIDE, "customers/A1", "customers/A4", "yes", "--period", worlds.BEFORE], 5, "was purged", "vahti run --replace"),
        ([*DECIDE, "messages/V99", "customers/A4", "yes"], 14, "no messages/V99 in period", "vahti subject links"),
        ([*DECIDE, "ledger/T2", "customers/A1", "yes"], 14, "no ledger/T2 in period", "vahti subject links"),  # another company's
        (["subject", "offer", "messages/V99"], 14, "no messages/V99 in period", "vahti subject links"),
        (["subject", "offer", "?/A99", "--customer", "A1"], 14, "no ?/A99 in period", "vahti subject links"),
        (["subject", "--customer", "customers/A99"], 14, "no record of this customer number", "Searched"),
        (["subject", "--customer", "ledger/T1"], 14, "no record of this customer number", "Searched"),
        (["subject", "--customer", "A99", "--package", "out", "--reason", "request"], 14, "no record of this", "Searched"),
        (["subject", "nobody", "--package", "out", "--reason", "request"], 1, "nobody found", "another spelling"),
    ],
)  # fmt: skip
def test_bad_input_is_one_message_and_a_code_and_loses_nothing(
    answered, monkeypatch, capsys, tmp_path, words, code, said, remedy
):
    monkeypatch.chdir(tmp_path)
    got, _, err = little.command(monkeypatch, capsys, *words, "--home", answered, "--expectations", worlds.EXPECTATIONS)
    assert (got, said in err, remedy in err, "Traceback" in err) == (code, True, True, False), err
    assert decisions.answers(store.open_existing(answered)) == {decisions.pair(a, b): answer for a, b, answer in SAID}
    assert subject.verify_log(store.open_existing(answered)).line == 0 and not (tmp_path / "out").exists()


def test_a_record_that_was_said_to_be_of_two_makes_no_one_person_of_them(tmp_path):
    home = home_of(tmp_path, **WORLD)
    for number in ("A4", "A5"):  # as before such an answer was refused
        decisions.decide(store.open_existing(home), "messages/V2", f"customers/{number}", "yes", "", "", "")
    with subject.at(home, worlds.expectations()) as place:
        assert "A5" not in {record.record_key for record in holding.gather(place, "A4").records}
