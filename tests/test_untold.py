"""Where the register cannot say whose a record is, or who is protected, there is a question and never an inclusion: a
test for every such place of `pipelines/person`."""

from dataclasses import replace

import pytest
import worlds
from subject_homes import home_of, take_in
from test_subject import MATTI, WORLD

from pipelines import person as subject
from pipelines.errors import VahtiError
from pipelines.person import found, holding

CUSTOMERS = "vesikanta_asiakkaat.csv"
ONE = "customer_number | name | phone | {}\nA1 | Virtanen Matti | 0401234567 | {}"
MESSAGE = "message_id | customer_number | phone | sent_at\nV1 | . | 0401234567 | 1.6.2026 12:00"


def spoilt(folder, file: str, old: str, new: str, **tables: str):
    """A home whose file has another text in place of one."""
    exports = worlds.write(folder / "exports" / worlds.PERIOD, **tables)
    data = (exports / file).read_bytes()
    encoding = next(name for name in ("utf-8", "cp1252") if old.encode(name) in data)
    (exports / file).write_bytes(data.replace(old.encode(encoding), new.encode(encoding), 1))
    return take_in(folder / "home", folder / "exports")


def asked(home, number: str = "A1") -> tuple[set[str], dict[str, str]]:
    """(keys of the records included, why others are only offered)."""
    with subject.at(home, worlds.expectations()) as place:
        held = holding.gather(place, number)
    return {r.record_key for r in held.records}, {o.record_key: o.why for o in held.offers}


# Who is protected --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("old, new", [(";E;", ";ehkä;"), ("Turvakielto", "Muu"), ("Asiakasnumero", "Muu")])
def test_whoever_may_be_protected_gets_no_package_unconfirmed(tmp_path, old, new):
    home = spoilt(tmp_path, CUSTOMERS, old, new, customers=ONE.format("email", "."), ledger="customer_number\nA1")
    with subject.at(home, worlds.expectations()) as place:
        assert holding.protected(place, ["A1"]) == {"A1"}
        with pytest.raises(VahtiError, match="or the register cannot say"):
            subject.package(place, "A1", tmp_path / "out", why="access request")


def test_a_line_with_the_number_that_could_not_be_read_may_have_the_flag(tmp_path):
    customers = "customer_number | phone\nA1 | 0401234567\nA2 | 0501234567"
    home = spoilt(tmp_path, CUSTOMERS, "A2;", "A1;rivi poikki\nA2;", customers=customers)
    with subject.at(home, worlds.expectations()) as place:
        assert holding.protected(place, ["A1", "A2"]) == {"A1"}


@pytest.mark.parametrize("said, shielded", [("", {"A1"}), ("nobody", set())])
def test_a_controller_that_names_no_flag_has_said_nothing(tmp_path, said, shielded):
    with subject.at(home_of(tmp_path, customers="customer_number\nA1"), worlds.expectations()) as place:
        assert holding.protected(replace(place, access=replace(place.access, protected=said)), ["A1"]) == shielded


def test_nothing_is_shown_of_an_offered_record_of_somebody_protected(tmp_path):
    with subject.at(
        home_of(tmp_path, **WORLD, claims="claim_number | customer_number\nC2 | A2"), worlds.expectations()
    ) as p:
        shown = subject.offer(p, "claims/C2", "A1")
    assert shown.empty and shown.attrs["is_protected"]


# Whose a record is -------------------------------------------------------------------------------------------


def test_without_the_type_a_shared_code_joins_nobody_and_no_code_is_anybodys_own(tmp_path):
    customers = f"""
        customer_number | name           | personal_identity_code | email
        A1              | Virtanen Matti | {MATTI}                | m@a.example
        A2              | Virtanen Matti | {MATTI}                | m@a.example
    """
    (tmp_path / "whole").mkdir()
    assert asked(home_of(tmp_path / "whole", customers=customers))[0] == {"A1", "A2"}
    home = spoilt(tmp_path, CUSTOMERS, "Asiakastyyppi", "Muu", customers=customers)
    included, offers = asked(home)
    assert included == {"A1"} and "A2" in offers
    with subject.at(home, worlds.expectations()) as place:
        assert MATTI not in str(holding.gather(place, "A1").records)


def test_a_code_shared_by_one_whose_first_day_is_unknown_joins_nobody(tmp_path):
    customers = f"""
        customer_number | name           | personal_identity_code | email       | customer_since
        A1              | Virtanen Matti | {MATTI}                | m@a.example | 1.1.2010
        A2              | Virtanen Matti | {MATTI}                | m@a.example | .
    """
    included, offers = asked(home_of(tmp_path, customers=customers))
    assert included == {"A1"} and "A2" in offers


@pytest.mark.parametrize("since, read", [(".", "1.6.2026"), ("31.2.2010", "1.6.2026"), ("1.1.2010", "31.2.2026")])
def test_what_cannot_be_told_to_be_of_the_relationships_time_is_offered(tmp_path, since, read):
    included, offers = asked(
        home_of(
            tmp_path,
            customers=f"customer_number | customer_since\nA1 | {since}",
            connections="connection_number | customer_number\nK1 | A1",
            meter_readings=f"reading_id | connection_number | read_on\nR1 | K1 | {read}",
        )
    )
    assert "R1" not in included and offers["R1"].endswith(holding.UNKNOWN_TIME)


def test_without_the_first_days_column_it_is_offered_too(tmp_path):
    home = spoilt(tmp_path, CUSTOMERS, "Asiakkuus alkoi", "Muu", customers=ONE.format("email", "."), messages=MESSAGE)
    included, offers = asked(home)
    assert included == {"A1"} and offers["V1"].endswith(holding.UNKNOWN_TIME)


@pytest.mark.parametrize("until, included", [(".", True), ("31.12.2030", True), ("31.2.2025", False)])
def test_what_a_phone_leads_to_is_offered_where_the_last_day_cannot_be_read(tmp_path, until, included):
    home = home_of(tmp_path, customers=ONE.format("customer_until", until), messages=MESSAGE)
    held, offers = asked(home)
    assert ("V1" in held) == included and ("V1" in offers) != included


def test_without_the_last_days_column_it_is_offered_too(tmp_path):
    home = spoilt(tmp_path, CUSTOMERS, "Asiakkuus päättyi", "Muu", customers=ONE.format("email", "."), messages=MESSAGE)
    assert "V1" in asked(home)[1]


def test_an_unknown_number_on_records_of_two_people_is_nobodys(tmp_path):
    ledger = "voucher_number | customer_number | name\nT1 | B9 | Salo Pekka\nT2 | B9 | Niemi Aino"
    home = home_of(tmp_path, ledger=ledger, invoices="invoice_number | customer_number\nI1 | B9")
    included, offers = asked(home, "B9")
    assert included == set() and set(offers) == {"T1", "T2", "I1"}
    with subject.at(home, worlds.expectations()) as place, pytest.raises(VahtiError, match="certainly one person's"):
        subject.package(
            place, "B9", tmp_path / "out", why="access request", confirm_protected=True, leave_offers_open=True
        )


@pytest.mark.parametrize("name", [".", "***", "[poistettu]"])
def test_a_map_row_without_a_name_is_offered(tmp_path, name):
    rows = f"site_id | customer_number | name | phone\nP1 | . | {name} | 0401234567"
    included, offers = asked(home_of(tmp_path, customers=ONE.format("email", "."), map_customers=rows))
    assert included == {"A1"} and "name" in offers["P1"]


@pytest.mark.parametrize("lost", ["customers", "phones"])
def test_a_phone_is_nobodys_alone_where_the_customers_or_their_phones_are_missing(tmp_path, lost):
    tables = {
        "accounts": "account_id | customer_number | email | phone\nT1 | A1 | m@a.example | 0401234567",
        "map_customers": "site_id | customer_number | name | phone\nP0 | A1 | Virtanen Matti | 0401234567"
        "\nP1 | . | Virtanen Matti | 0401234567",
    }
    if lost == "phones":
        tables["customers"] = ONE.format("email", ".")
    home = spoilt(tmp_path, CUSTOMERS, "Puhelin", "Muu", **tables) if lost == "phones" else home_of(tmp_path, **tables)
    included, offers = asked(home)
    assert {"T1", "P0"} <= included and "P1" not in included and offers["P1"].endswith(found.UNSAID)


def test_a_phone_on_a_line_that_could_not_be_read_is_nobodys_alone(tmp_path):
    customers = ONE.format("email", ".") + "\nA2 | Salo Pekka | . | ."
    (tmp_path / "whole").mkdir()
    assert "V1" in asked(home_of(tmp_path / "whole", customers=customers, messages=MESSAGE))[0]
    home = spoilt(tmp_path, CUSTOMERS, "A2;", "A3;H;040 123 4567\nA2;", customers=customers, messages=MESSAGE)
    assert asked(home)[1]["V1"].endswith(found.UNREAD)


def test_a_row_of_a_shared_ledger_that_names_no_company_is_offered_and_told_of(tmp_path):
    with subject.at(home_of(tmp_path, **WORLD), worlds.expectations()) as place:
        held = holding.gather(place, "A1")
        why = {o.member: o.why for o in held.offers}["ledger/T3"]
        assert found.UNCLEAR in why and "the same name" in why
        assert "Virtanen" not in subject.offer(place, "ledger/T3", "A1").to_string()
        made = subject.package(place, "A1", tmp_path / "out", why="access request", leave_offers_open=True).certificate
        told = {item["reason"]: item for item in made["could_not_be_searched"] if item["dataset"] == "ledger"}
        assert told["not_clear"]["count"] == 1
        assert "ledger/T3" in {offer["member"] for offer in made["offers_left_open"]}
        subject.decide(place, "ledger/T3", "customers/A1", "yes")
        assert "T3" in {r.record_key for r in holding.gather(place, "A1").records}
        subject.decide(place, "ledger/T3", "customers/A1", "withdrawn")
        subject.decide(place, "ledger/T3", "customers/A1", "no")
        assert "ledger/T3" not in {o.member for o in holding.gather(place, "A1").offers}


# What the officer said ---------------------------------------------------------------------------------------


def test_an_answer_on_a_record_without_a_key_is_of_that_period_alone(tmp_path):
    rows = "message_id | customer_number | phone\n. | . | 0507654321"
    for period in (worlds.BEFORE, worlds.PERIOD):
        worlds.write(tmp_path / "exports" / period, customers=ONE.format("email", "."), messages=rows)
        home = take_in(tmp_path / "home", tmp_path / "exports", period)
    with subject.at(home, worlds.expectations(), worlds.BEFORE) as place:
        member = "messages/" + place.fetch("select record_key from registry.messages")[0]["record_key"]
        subject.decide(place, member, "customers/A1", "yes")
        assert member.partition("/")[2] in {r.record_key for r in holding.gather(place, "A1").records}
    with subject.at(home, worlds.expectations(), worlds.PERIOD) as place:
        assert {r.record_key for r in holding.gather(place, "A1").records} == {"A1"} and not place.said


# Requests ----------------------------------------------------------------------------------------------------


def test_a_request_that_names_no_customer_is_ground_for_a_package_once_somebody_says_whose_it_is(tmp_path):
    home = home_of(
        tmp_path,
        customers="customer_number\nA1",
        requests="request_number | customer_number | received_on\nTP5 | . | 1.6.2026\nTP6 | . | .",
    )
    with subject.at(home, worlds.expectations()) as place:
        with pytest.raises(VahtiError, match="names no customer"):
            subject.package(place, "A1", tmp_path / "out", request="TP5")
        subject.decide(place, "requests/TP5", "customers/A1", "yes")
        subject.package(place, "A1", tmp_path / "out", request="TP5")
        # Nobody can tell by when TP6 must be answered: it comes first.
        assert list(subject.requests(place)["request"]) == ["TP6", "TP5"]
