"""One person, everything: who is found, what is taken to be theirs and why, and what is only offered."""

import shutil

import pytest
import worlds
from subject_homes import home_of, take_in

from pipelines import person as subject
from pipelines.commands import subject_shown
from pipelines.errors import VahtiError
from pipelines.person import holding, linkage, search


def coded(birth: str, individual: int) -> str:
    """An artificial identity code: individual numbers 900-999 are nobody's."""
    return f"{birth}-{individual}{'0123456789ABCDEFHJKLMNPRSTUVWXY'[int(f'{birth}{individual}') % 31]}"


MATTI, MAIJA, PEKKA = coded("010190", 900), coded("020285", 901), coded("030370", 902)

WORLD = {
    "customers": f"""
        customer_number | name           | personal_identity_code | phone        | email           | street_address
        A1              | Virtanen Matti | {MATTI}                | 040 123 4567 | matti@a.example | Topeekantie 3
        A2              | Virtanen Maija | {MAIJA}                | 050 765 4321 | maija@a.example | Topeekantie 3
        A3              | Korhonen Matti | {MATTI.lower()}        | .            | .               | Rantatie 9
        A4              | Salo Pekka     | {PEKKA}                | 06 231 0000  | .               | Koulutie 1
        A5              | Salo Liisa     | .                      | 06 231 0000  | .               | Koulutie 1
        A6              | Outo Nimi      | {PEKKA}                | .            | .               | Mäkitie 8
    """,
    "connections": """
        connection_number | customer_number | agreement_number | property_id  | site_address
        K1                | A1              | S1               | 232-401-12-1 | Topeekantie 3
        K4                | A4              | S4               | 232-401-12-4 | Koulutie 1
    """,
    "meter_readings": """
        reading_id | connection_number | read_on
        R1         | K1                | 1.6.2026
        R4         | K4                | 1.6.2026
        R4X        | K4                | 31.12.2019
    """,
    "agreements": """
        agreement_number | connection_number | party_name        | property_id
        S1               | K1                | Matti VIRTANEN    | 232-401-12-1
        S4               | .                 | Pekka SALO        | 232-401-12-4
    """,
    "ledger": """
        company | voucher_number | customer_number | name
        KVH     | T1             | A1              | Virtanen Matti
        KVH     | T1B            | A1              | Virtanen Maija
        KVH     | T1C            | A1              | Virtanen Matti ja Maija
        MUU     | T2             | A1              | Virtanen Matti
        .       | T3             | A1              | Virtanen Matti
    """,
    "messages": """
        message_id | customer_number | phone        | text
        V1         | .               | 0401234567   | Katko huomenna.
        V2         | .               | 06 2310000   | Katko huomenna.
        V3         | A1              | 0507654321   | Vesi poikki.
    """,
    "installer_disclosures": """
        disclosure_id | customer_number | recipient          | channel | fields
        L1            | A1              | LVI-Lähdeputki Oy  | puhelin | nimi
    """,
    "requests": """
        request_number | customer_number | kind      | received_on | answered_on
        TP1            | A1              | tarkastus | 1.6.2026    | .
        TP2            | A4              | tarkastus | 23.5.2026   | .
        TP3            | A4              | oikaisu   | 1.2.2026    | 3.2.2026
    """,
}


def with_column(table: str, name: str, *cells: str) -> str:
    """A compact table with one more column."""
    lines = table.strip().splitlines()
    return "\n".join(f"{line} | {cell}" for line, cell in zip(lines, (name, *cells), strict=True))


for column in (
    ("customer_since", "1.1.2010", "1.1.2010", "1.1.2015", "1.1.2020", "1.1.2020", "1.1.2020"),
    ("protected_address", "E", "K", "E", "E", "E", "E"),
    ("notes", f"Vaimo {MAIJA}, puh. 050 765 4321", ".", ".", ".", ".", "."),
):
    WORLD["customers"] = with_column(WORLD["customers"], *column)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return home_of(tmp_path_factory.mktemp("world"), **WORLD)


@pytest.fixture
def place(home):
    with subject.at(home, worlds.expectations()) as opened:
        yield opened


def matches(place, number: str) -> dict[str, str]:
    """record key → why it is the person's."""
    return {record.record_key: str(record.match) for record in holding.gather(place, number).records}


def offered(place, number: str) -> dict[str, str]:
    return {offer.record_key: offer.why for offer in holding.gather(place, number).offers}


# Who is found
# ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query, numbers",
    [
        ("A1", {"A1"}),
        ("matti  VIRTANEN", {"A1"}),
        ("virtanen", {"A1", "A2"}),
        (MATTI.lower(), {"A1", "A3"}),
        ("+358 40 1234567", {"A1"}),
        ("MATTI@A.example", {"A1"}),
        ("topeekantie 3, 61800 kauhajoki", {"A1", "A2"}),
        ("Topeekantie 3", {"A1", "A2"}),
        ("23240100120001", {"A1"}),
        ("K4", {"A4"}),
        ("nobody at all", set()),
        ("'; drop table registry.customers; --", set()),
    ],
)
def test_any_spelling_that_normalisation_folds_finds_the_person(place, query, numbers):
    assert {c.number for c in search.candidates(place, query) if c.number} == numbers


def test_candidates_are_masked_and_the_protected_come_first_with_nothing_shown(place):
    found = subject.candidates(place, "virtanen")
    assert list(found["customer_number"]) == ["A2", "A1"]
    assert list(found["protected"]) == ["PROTECTED", ""]
    assert list(found["name"]) == ["", "V••• M•••"]
    text = found.to_string()
    assert not any(value in text for value in ("Virtanen", "Maija", "Matti", "Topeekantie", "61800"))


@pytest.mark.parametrize("query", ["yli", "rahnasto", "Yli-Rahnasto", "rahnasto yli sari", "YLI RAHNASTO"])
def test_a_part_of_a_double_name_finds_the_whole(double, query):
    assert {c.number for c in search.candidates(double, query)} == {"B1"}


def test_search_says_that_it_stopped_and_how_many_there_are(double, monkeypatch):
    monkeypatch.setattr(search, "MOST", 2)
    found = subject.candidates(double, "Virtanen")
    assert len(found) == 2 and found.attrs["more"] == 1
    assert subject_shown.how_many(found).startswith("The first 2 of 3 candidates")
    assert subject.candidates(double, "Yli").attrs["more"] == 0 == subject.candidates(double, "Salo").attrs["more"]


@pytest.fixture(scope="module")
def double(tmp_path_factory):
    names = ("Yli-Rahnasto Sari", "Virtanen Aino", "Virtanen Eino", "Virtanen Oiva")
    rows = "\n".join(f"B{n} | {name}" for n, name in enumerate(names, 1))
    made = home_of(tmp_path_factory.mktemp("double"), customers=f"customer_number | name\n{rows}")
    with subject.at(made, worlds.expectations()) as opened:
        yield opened


# What is theirs
# -------------------------------------------------------------------------------------------------------


def test_every_system_answers_paper_and_messages_by_phone_too(place):
    assert matches(place, "A1") == {
        "A1": "own record: customer number A1",
        "A3": "own record: customer number A3 (same valid personal identity code as A1)",
        "K1": "names customer number A1",
        "R1": "names K1 of connections, which is of customer number A1",
        "S1": "names K1 of connections, which is of customer number A1",
        "T1": "names customer number A1",
        "T1C": "names customer number A1",
        "V1": "no number, but the person's phone number, which nobody else has",
        "V3": "names customer number A1",
        "L1": "names customer number A1",
        "TP1": "names customer number A1",
    }


def test_an_agreement_without_its_connection_is_found_by_the_connection_that_names_it(place):
    assert matches(place, "A4")["S4"] == "named by K4 of connections, which is of customer number A4"


def test_rows_of_another_company_are_not_even_offered(place):
    found = holding.gather(place, "A1")
    assert "T2" not in {r.record_key for r in found.records} | {o.record_key for o in found.offers}


def test_a_phone_that_two_share_joins_nobody(place):
    assert "V2" not in matches(place, "A4")
    assert offered(place, "A4")["V2"] == "no number, but the person's phone number, which others have too"


def test_what_dates_from_before_the_relationship_is_the_former_owners(place):
    assert "R4" in matches(place, "A4") and "R4X" not in matches(place, "A4")
    assert offered(place, "A4")["R4X"].endswith("but it dates from before the relationship")


def test_one_identity_code_and_two_names_with_nothing_in_common_join_nobody(place):
    assert "A6" not in matches(place, "A4")
    why = offered(place, "A4")["A6"]
    assert why == "same valid personal identity code as A4; but a name with nothing in common, another address"


def test_last_days_are_those_of_the_disposal_schedule(place):
    by_key = {record.record_key: record for record in holding.gather(place, "A1").records}
    assert by_key["T1"].last_day.isoformat() == "2036-12-31"
    assert by_key["K1"].last_day is None and by_key["K1"].retention["state"] == "no criterion"


def test_what_could_not_be_read_comes_as_it_stands_in_the_file(tmp_path):
    home = home_of(
        tmp_path,
        customers="customer_number | customer_since\nA1 | 31.2.2025",
        invoices="invoice_number | customer_number | amount\nI1 | A1 | 12,5x",
    )
    with subject.at(home, worlds.expectations()) as place:
        values = {record.record_key: record.values for record in holding.gather(place, "A1").records}
    assert (values["A1"]["customer_since"], values["I1"]["amount"]) == ("31.2.2025", "12,5x")


def test_two_people_under_one_number_are_not_mixed(tmp_path):
    home = home_of(
        tmp_path,
        customers=f"""
        customer_number | name           | personal_identity_code
        A1              | Salo Pekka     | {PEKKA}
        A1              | Virtanen Matti | {MATTI}
    """,
    )
    with subject.at(home, worlds.expectations()) as place:
        found = holding.gather(place, "A1")
    assert [record.values["name"] for record in found.records] == ["Virtanen Matti"]
    assert [offer.why for offer in found.offers] == [
        "line 2: the same number; but a name with nothing in common, another identity code, another day of birth"
    ]


def test_without_the_company_column_the_ledger_is_not_searched_and_the_certificate_says_so(tmp_path):
    worlds.write(tmp_path / "exports" / worlds.PERIOD, **WORLD)
    path = tmp_path / "exports" / worlds.PERIOD / "proeconomica_reskontra.csv"
    path.write_bytes(path.read_bytes().replace(b"Yritys", b"Firma", 1))
    home = take_in(tmp_path / "home", tmp_path / "exports")
    with subject.at(home, worlds.expectations()) as place:
        made = subject.package(place, "A1", tmp_path / "out", why="access request")
    assert "T1" not in {record.record_key for record in made.holding.records}
    assert {"reason": "not_shared", "system": "ProEconomica", "dataset": "ledger"} in made.certificate[
        "could_not_be_searched"
    ]


def test_a_new_system_is_covered_by_its_contract_alone(tmp_path):
    folder = tmp_path / "expectations"
    shutil.copytree(worlds.EXPECTATIONS, folder)
    old = (folder / "contracts" / "rights.consents.odcs.yaml").read_text("utf-8")
    new = (
        old.replace("rights.consents", "rights.visits")
        .replace("name: consents", "name: visits")
        .replace("suostumukset.csv", "kaynnit.csv")
    )
    (folder / "contracts" / "rights.visits.odcs.yaml").write_text(new, "utf-8")
    exports = worlds.write(tmp_path / "exports" / worlds.PERIOD, **WORLD)
    (exports / "kaynnit.csv").write_text(
        "Suostumus;Asiakasnumero;Tarkoitus;Annettu;Peruttu;Käytössä\nK77;A1;x;1.1.2026;;K\n", "utf-8"
    )
    loaded = worlds.expectations(folder)
    home = take_in(tmp_path / "home", tmp_path / "exports", loaded=loaded)
    with subject.at(home, loaded) as place:
        assert matches(place, "A1")["K77"] == "names customer number A1"


# The officer's word
# ---------------------------------------------------------------------------------------------------


def test_a_yes_joins_a_no_parts_and_both_are_kept(tmp_path):
    home = home_of(tmp_path, **WORLD)
    loaded = worlds.expectations()
    with subject.at(home, loaded) as place:
        subject.decide(place, "messages/V2", "customers/A4", "yes", why="request TP2")
        subject.decide(place, "customers/A1", "customers/A3", "no")
    with subject.at(home, loaded) as place:
        assert matches(place, "A4")["V2"] == "confirmed by the officer"
        assert "A3" not in matches(place, "A1")
        subject.decide(place, "customers/A1", "customers/A3", "withdrawn")
        assert "A3" in matches(place, "A1")
    with pytest.raises(VahtiError, match="no answer"), subject.at(home, loaded) as place:
        subject.decide(place, "customers/A1", "customers/A3", "perhaps")


def test_links_say_why_and_never_with_a_value(tmp_path):
    home = home_of(
        tmp_path,
        customers=f"""
        customer_number | name            | personal_identity_code | phone      | email      | street_address
        B1              | Lylyharju Aino  | {MATTI}                | 0401234567 | a@a.example | Rantatie 1
        B2              | LYLYHARJU Aino  | .                      | 0401234567 | a@a.example | Koulutie 5
        B3              | Lylyharju Eino  | .                      | 0401234567 | e@a.example | Rantatie 1
        B4              | Lylyharju Aino  | {MAIJA}                | 0401234567 | .          | Rantatie 1
        B5              | Lylyharju Oy    | .                      | 0401234567 | .          | Rantatie 1
    """,
        map_customers="site_id | customer_number | name | phone\nP1 | B99 | Muu Nimi | 0509998888",
    )
    with subject.at(home, worlds.expectations()) as place:
        found = {(link.left, link.right): link for link in linkage.links(place)}
        text = subject.links(place).to_string()
    assert found[("customers/B1", "customers/B2")].why.startswith("the same name; the same phone; the same email")
    assert ("customers/B1", "customers/B4") not in found  # father and son: two valid identity codes
    assert not found.get(("customers/B1", "customers/B3")) or not found[("customers/B1", "customers/B3")].is_probable
    assert not any(value in text for value in ("Lylyharju", "0401234567", "a@a.example", "Rantatie"))


def test_links_offer_and_never_include(tmp_path):
    home = home_of(
        tmp_path,
        customers="""
        customer_number | name            | phone      | email       | street_address
        B1              | Lylyharju Aino  | 0401234567 | a@a.example | Rantatie 1
        B2              | Lylyharju Aino  | 0401234567 | a@a.example | Koulutie 5
        B3              | Salo Pekka      | 0409999999 | p@a.example | Koulutie 7
    """,
    )
    with subject.at(home, worlds.expectations()) as place:
        assert set(subject.duplicates(place)["left"]) == {"customers/B1"}
        assert list(matches(place, "B1")) == ["B1"]
        assert list(subject.offers(place, "B1")["member"]) == ["customers/B2"]


# Requests
# -------------------------------------------------------------------------------------------------------------


def test_open_requests_have_their_last_day_a_working_day(place):
    found = subject.requests(place).set_index("request")
    assert list(found.index) == ["TP2", "TP1"]
    # 23.6.2026 is a Tuesday; 1.7.2026 a Wednesday.
    assert found.loc["TP2", "last_day"].isoformat() == "2026-06-23" and found.loc["TP2", "days_left"] == -7
    assert found.loc["TP1", "last_day"].isoformat() == "2026-07-01" and found.loc["TP1", "days_left"] == 1
    assert len(subject.requests(place, answered=True)) == 3
