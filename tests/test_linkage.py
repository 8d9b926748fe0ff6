"""Who is offered as maybe the same person, and why: names apart, addresses in levels, texts that name somebody."""

import people
import pytest
import worlds
from subject_homes import home_of, take_in

from pipelines import person as subject
from pipelines.errors import VahtiError
from pipelines.home import store
from pipelines.person import linkage, model
from pipelines.registry import functions
from pipelines.sql import render, run_script

# Everybody whose given names and surnames this register knows, so that it can tell one from the other.
CROWD = "\n".join(
    f"{surname[0]}{given[0]} | {surname} {given} | . | . | Harjutie {len(surname)} {given[0]} | H"
    for surname in ("Lehto", "Koivu", "Vuori")
    for given in ("Aino", "Eino", "Maija", "Johannes")
)
WORLD = {
    "customers": f"""
        customer_number | name              | phone        | email           | street_address | customer_type
        A1              | Virtanen Johannes Olavi | 040 123 4567 | j@a.example | Topeekantie 3 A 5 | H
        A2              | Virtanen Maija    | 040 123 4567 | m@a.example     | Topeekantie 3 A 5 | H
        A3              | Mäki-Kala Aino    | 050 765 4321 | .               | Rantatie 9 | H
        A4              | Tmi Aino Mäki-Kala | 050 765 4321 | .              | Rantatie 9 | Y
        A5              | Kuljetus Virtanen Oy | 040 123 4567 | .            | Topeekantie 3 A 5 | Y
        A6              | Virtanen Johannes kp | 040 123 4567 | .            | Topeekantie 3 A 5 | H
        {CROWD}
    """,
    "connections": """
        connection_number | customer_number | agreement_number | property_id  | site_address
        K1                | A1              | S1               | 232-401-12-1 | Topeekantie 3
    """,
    "agreements": """
        agreement_number | connection_number | party_name        | property_id   | original_agreement_number
        S1               | K1                | Johannes VIRTANEN | 232-401-12-1  | .
        S2               | .                 | Johannes VIRTANEN | 232-498-7-7   | S1
    """,
    "map_customers": """
        site_id | customer_number | name              | phone        | address
        initial | .               | J. Virtanen       | 0401234567   | Topeekantie 3 A 5, 61800 KAUHAJOKI
        called  | .               | Jussi VIRTANEN    | 0401234567   | Topeekantie 3 A 5, 61800 KAUHAJOKI
        second  | .               | Olavi VIRTANEN    | 0401234567   | Topeekantie 3 A 5, 61800 KAUHAJOKI
        before  | .               | Johannes KOIVU    | 0401234567   | Topeekantie 3 A 5, 61800 KAUHAJOKI
        slip    | .               | Johanes VIRTAMEN  | 0401234567   | Topeekantie 3 A 5, 61800 KAUHAJOKI
        part    | .               | Aino KALA         | 0507654321   | Rantatie 9, 61800 KAUHAJOKI
    """,
    "accounts": """
        account_id | customer_number | email         | phone | street_address | postal_code | city
        nameless   | .               | x9@b.example  | .     | Rantatie 9     | 61800       | Kauhajoki
    """,
    "claims": """
        claim_number | customer_number | description
        by-phone     | .               | Soitti Johannes Virtaselle, p. 040-123 4567, ei vastausta.
        by-home      | A77             | Olavi Virtasen lasku, Topeekantiellä 3 vuoto.
        of-another   | .               | Soitti Pekka Virtaselle, p. 040-123 4567.
        name-alone   | .               | Johannes Virtanen kävi.
        known        | LM              | Johannes Virtanen, p. 040 123 4567.
    """,
}


@pytest.fixture(scope="module")
def links(tmp_path_factory) -> dict[tuple[str, str], linkage.Link]:
    home = home_of(tmp_path_factory.mktemp("names"), **WORLD)
    with subject.at(home, worlds.expectations()) as place:
        return {(link.left, link.right): link for link in linkage.links(place)}


def why(links, one: str, other: str) -> str:
    link = links.get(tuple(sorted((one, other))))
    return link.why if link else ""


@pytest.mark.parametrize(
    "record, says",
    [
        ("initial", "the same surname; the initial; the same phone"),
        ("called", "the same surname; a call name of the given name"),
        ("second", "the same surname; one of the given names"),
        ("before", "the same given name; the same phone; the same address or property · but another surname"),
        ("slip", "surnames alike; given names that differ by a slip"),
    ],
)
def test_a_name_written_otherwise_is_offered_with_what_agrees(links, record, says):
    assert why(links, f"map_customers/{record}", "customers/A1").startswith(says)


@pytest.mark.parametrize("record", ["initial", "called", "second", "before", "slip"])
def test_the_others_of_the_household_are_not_offered_it(links, record):
    assert why(links, f"map_customers/{record}", "customers/A2") == ""


def test_a_part_of_a_double_name_a_sole_trader_and_a_nameless_account_are_offered(links):
    assert "a part of the surname" in why(links, "map_customers/part", "customers/A3")
    assert why(links, "customers/A3", "customers/A4").startswith("the same name")
    assert why(links, "accounts/nameless", "customers/A3").startswith("no name to compare; the same address")


def test_an_agreement_on_another_property_that_names_ones_own_is_offered(links):
    assert "a record that names the other's" in why(links, "agreements/S2", "customers/A1")


def test_a_firm_and_an_estate_are_nobody_elses(links):
    assert not [pair for pair in links if {"customers/A5", "customers/A6"} & {*pair} and "customers/A1" in pair]


@pytest.mark.parametrize("record, kinds", [("claims/by-phone", "phone"), ("?/A77", "address")])
def test_a_text_that_names_somebody_in_any_case_of_the_language_is_offered(links, record, kinds):
    assert why(links, record, "customers/A1") == f"the text has the person's name and {kinds}"


@pytest.mark.parametrize("record", ["of-another", "name-alone", "known"])
def test_a_text_without_the_name_or_anything_besides_it_is_not(links, record):
    assert why(links, f"claims/{record}", "customers/A1") == ""


def test_no_link_says_a_value(links):
    said = " ".join(link.why for link in links.values())
    assert not any(value in said for value in ("Virta", "Johannes", "0401", "040 1", "Topeek", "a.example"))


# The functions that names, days and homes are compared by


@pytest.fixture(scope="module")
def connection():
    with store.scratch() as opened:
        functions.install(opened)
        run_script(opened, render("person/macros.sql"))
        linkage.macros(opened)
        yield opened


@pytest.mark.parametrize(
    "expression, value",
    [
        ("ordered_words('Virtanen, Matti J.', '')", ["virtanen", "matti", "j"]),
        ("ordered_words('Mäki-Kala Aino c/o Salo Pekka', '')", ["maki-kala", "aino"]),
        ("ordered_words('T:mi Matti Virtanen', '')", ["matti", "virtanen"]),
        ("ordered_words('matti.virtanen77@example.fi', 'email')", ["matti", "virtanen"]),
        ("name_marks('Virtanen Matti kp.')", ["kp"]),
        ("birth_digits('9.4.1956')", "19560409"),
        ("birth_digits('1956-04-09')", "19560409"),
        ("birth_digits('090456-900X')", "19560409"),
        ("birth_digits('090406A900X')", "20060409"),
        ("birth_digits('tuntematon')", None),
        ("street_of('Topeekantie 3 A 5, 61800 KAUHAJOKI')", "topeekantie 3 a 5"),
        ("street_of('61800 Kauhajoki')", None),
        ("house_of('topeekantie 3 a 5')", "topeekantie 3"),
        ("postcode_of('Topeekantie 3 A 5, 61800 KAUHAJOKI')", "61800"),
        ("house_key('topeekantiella 3')", "topeek 3"),
        ("says(['virtaselle'], 'virtanen')", True),
        ("says(['virta'], 'virtanen')", False),
        ("says(['heikin'], 'heikki')", True),
        ("says(['lehdon'], 'lehto')", True),
        ("says(['lehtonen'], 'salo')", False),
    ],
)
def test_names_days_and_homes_are_read_as_people_write_them(connection, expression, value):
    assert connection.execute(f"select {expression}").fetchone()[0] == value


def test_call_names_are_folded_words_and_lead_to_another_name():
    for name, called in model.call_names():
        assert name != called and (name + called).isascii() and (name + called).islower()


def test_every_level_is_worth_something_and_no_comparison_loses_a_pair():
    for _, levels, rest in model.COMPARISONS.values():
        assert all(0 < level.m < 1 for level in levels)
        assert abs(sum(level.m for level in levels) + rest - 1) < 0.011
        # Twins (names alike) and initials do not get the same sentence.
        assert len({level.says for level in levels}) == len(levels)


# Registers whose truth is known


@pytest.mark.parametrize("seed", [1])
def test_nearly_everything_of_ones_own_is_offered_and_little_of_others(tmp_path, seed):
    """Of a register with every case: own records under no known number that have more than a name in common."""
    register = people.make(150, seed)
    register.write(tmp_path / "exports" / worlds.PERIOD)
    take_in(tmp_path / "home", tmp_path / "exports")
    with subject.at(tmp_path / "home", worlds.expectations()) as place:
        found = {pair for link in linkage.links(place) for pair in ((link.left, link.right), (link.right, link.left))}
    asked = dict(register.asked())
    who = {f"customers/{number}": person for number, person in asked.items()}
    loose = {
        f"?/{row.number}" if row.number else f"{row.dataset}/{row.key}": row
        for row in sorted(register.rows, key=lambda row: row.has_more_than_name)
        if row.number not in asked
    }
    who |= {member: row.who for member, row in loose.items()}
    own = {
        (one, other)
        for one in who
        for other, row in loose.items()
        if row.has_more_than_name and one.startswith("customers/") and who[one] == row.who
    }
    false = {(one, other) for one, other in found if one.startswith("customers/") and who[one] != who.get(other)}
    assert len(own) > 60
    assert len(own & found) / len(own) >= 0.98
    assert len(false) / len(asked) <= 0.5


# What the officer says of pairs, to measure the links by


def test_labels_are_kept_measure_the_links_and_join_nobody(tmp_path):
    few = {"customers": 5, "map_customers": 3}  # each label is written to the home and its log
    home = home_of(tmp_path, **{name: "\n".join(WORLD[name].strip().splitlines()[:n]) for name, n in few.items()})
    with subject.at(home, worlds.expectations()) as place:
        shown = subject.to_label(place, 1000)
        pairs = sorted(set(zip(shown.left, shown.right, strict=True)))
        assert subject.labelled(place)[1:] == (None, None)
        offered = {(link.left, link.right) for link in linkage.links(place)}
        assert offered & {*pairs} and {*pairs} - offered
        for pair in pairs:
            subject.label(place, *pair, "yes" if pair in offered else "no")
        assert len(subject.to_label(place, 1000)) == 0
        bands, precision, recall = subject.labelled(place)
        assert (precision, recall) == (1, 1)
        assert bands.pairs.sum() == bands.yes.sum() + bands.no.sum() == len(pairs)
        first = next(pair for pair in pairs if pair in offered)
        subject.label(place, *first, "do not know")
        bands, precision, _ = subject.labelled(place)
        assert bands.do_not_know.sum() == 1 and place.said == {}
        subject.label(place, *first, "no")
        assert subject.labelled(place)[1] < 1


def test_a_pair_to_label_is_masked_and_a_protected_person_shows_nothing(tmp_path):
    table = """
        customer_number | name           | phone        | street_address | protected_address
        B1              | Lylyharju Aino | 0401234567   | Rantatie 1     | K
        B2              | Lylyharju Aino | 0401234567   | Rantatie 1     | E
    """
    with subject.at(home_of(tmp_path, customers=table), worlds.expectations()) as place:
        shown = subject.to_label(place).set_index("what")
    assert shown.loc["name", ["left_value", "right_value"]].tolist() == ["•••", "A••• L•••"]
    assert shown.loc["phone", "right_value"] == "•••67"
    assert shown.loc["place", "compared"] == "the same address or property"


@pytest.mark.parametrize(
    "pair, answer, problem",
    [
        (("customers/A1", "map_customers/initial"), "perhaps", "no answer"),
        (("customers/A1", "customers/A999"), "yes", "no such pair"),
    ],
)
def test_a_label_of_nothing_or_of_no_meaning_is_refused(tmp_path, pair, answer, problem):
    home = home_of(tmp_path, **WORLD)
    with subject.at(home, worlds.expectations()) as place, pytest.raises(VahtiError, match=problem):
        subject.label(place, *pair, answer)
