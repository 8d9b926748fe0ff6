"""The privacy notice as statements: whether each holds, what breaks it, what nobody can tell, what it does not say."""

from __future__ import annotations

import contextlib
import copy
import datetime as dt
import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
import worlds
from oracle.layouts import DATASETS
from worlds import BEFORE, EXPECTATIONS, PERIOD, SAMPLES, expectations

from pipelines.errors import ExpectationsError, VahtiError
from pipelines.expectations.load import load
from pipelines.expectations.notice import LANGUAGES, Attestation, disagreements, load_notice
from pipelines.expectations.opened import OpenedPeriod
from pipelines.home import guard, store
from pipelines.language.languages import language as language_of
from pipelines.notice import amendments, attestations, conformity
from pipelines.notice import verdicts as notice
from pipelines.notice.verdicts import Verdict
from pipelines.report import statement_grid as figures_notice
from pipelines.rules.parts import parts_of
from pipelines.samples.identifiers import iban, identity_code_of, reference_number, spare_business_id
from pipelines.samples.world import write_world

FIRM, ADDRESS = spare_business_id(1), "003711111111"

# A small clean world: every dataset has a record, and nothing in it breaks a rule but the notice's own weak spot (N39).
CLEAN: dict[str, list[dict[str, str]]] = {
    "customers": [
        {"customer_number": "A1", "personal_identity_code": identity_code_of(1, 1), "phone": "040 1234567",
         "email": "matti@example.fi", "bank_account": iban(1)},
        {"customer_number": "A2", "customer_type": "Y", "name": "Putki Oy", "business_id": FIRM, "contact_source": "YTJ",
         "e_invoice_address": ADDRESS, "e_invoice_operator": "OKOYFIHH"},
        {"customer_number": "A3", "name": "Laine Anna", "customer_until": "1.6.2026"},
    ],
    "connections": [
        {"connection_number": "K1", "agreement_number": "S1", "property_id": "232-401-1-1", "site_address": "Topeekantie 3"},
        {"connection_number": "K2", "customer_number": "A2", "agreement_number": "S2", "property_id": "232-401-1-2",
         "site_address": "Topeekantie 4"},
        {"connection_number": "K3", "customer_number": "A3", "agreement_number": "S3", "property_id": "232-401-1-3",
         "site_address": "Topeekantie 5", "status": "päättynyt", "ended_on": "1.6.2026"},
    ],
    "meter_readings": [{"reading_id": "R1", "meter_number": "M1", "reading": "10,0", "method": "etäluku"}],
    "invoices": [{"invoice_number": "L1", "due_on": "22.6.2026", "reference_number": reference_number(1001)}],
    "claims": [{"claim_number": "RE1", "resolved_on": "1.2.2026", "description": "Vesi oli sameaa."}],
    "ledger": [{"voucher_number": "T1", "invoice_number": "L1", "open_amount": "10,00"}],
    "map_customers": [{"site_id": "P1", "address": "Topeekantie 3, 61800 KAUHAJOKI", "phone": "0401234567"}],
    "messages": [{"message_id": "V1", "phone": "+358401234567", "text": "Vesi on poikki."}],
    "accounts": [{"account_id": "T1", "email": "matti@example.fi", "phone": "0401234567"}],
    "consumption": [{"row_id": "1", "consumption_m3": "4,0"}],
    "agreements": [
        {"agreement_number": f"S{n}", "binder": "Mappi 1", "agreement_type": "liittymäsopimus", "connection_number": f"K{n}",
         "property_id": f"232-401-1-{n}", "party_name": "Virtanen Matti"} for n in (1, 2, 3)
    ] + [
        {"agreement_number": "S4", "binder": "Mappi 1", "agreement_type": "lisäliittymäsopimus", "original_agreement_number": "S1",
         "property_id": "232-401-1-1", "party_name": "Virtanen Matti"},
    ],
    "installer_disclosures": [
        {"disclosure_id": "LU1", "recipient": "Pohjan Putki Ky", "channel": "puhelin", "fields": "nimi, osoite, puhelin"}],
    "user_accounts": [
        {"account_key": "1", "user_name": "a", "name": "Käyttäjä A"},
        {"account_key": "2", "user_name": "b", "name": "Käyttäjä B", "system": "VesikantaPlus", "role": "toimisto"},
        {"account_key": "3", "user_name": "c", "name": "Käyttäjä C", "system": "ProEconomica", "role": "toimisto"},
    ],
    "processors": [
        {"supplier": supplier, "service": "ohjelma", "agreement_signed_on": "1.1.2020", "test_use": "E"}
        for supplier in ("Kauhajoen kaupunki", "Keypro Oy", "CGI Suomi Oy", "Pohjan ICT-palvelut Oy")
    ],
    "requests": [
        {"request_number": f"TP{number}", "kind": kind, "answered_on": "10.6.2026", "extended": "E"}
        for number, kind in enumerate(("tarkastus", "oikaisu"))
    ],
    "consents": [{"consent_id": "SU1", "purpose": "kulutusvahti", "given_on": "1.1.2026", "in_use": "K"}],
    "companies": [{"business_id": FIRM, "name": "PUTKI OY", "status": "toiminnassa"}],
    "e_invoice_addresses": [{"e_invoice_address": ADDRESS, "business_id": FIRM, "name": "Putki Oy", "operator": "OKOYFIHH"}],
}  # fmt: skip


@dataclass
class Office:
    """The clean world, to be spoilt: `set` a cell, `add` a record like the first, a column, or another contract."""

    rows: dict[str, list[dict[str, str]]] = field(default_factory=lambda: copy.deepcopy(CLEAN))
    columns: list[tuple[str, str]] = field(default_factory=list)
    contracts: dict[str, dict] = field(default_factory=dict)
    missing: set[str] = field(default_factory=set)

    def set(self, dataset: str, place: int = 0, **cells: str) -> None:
        self.rows[dataset][place] |= cells

    def add(self, dataset: str, **cells: str) -> None:
        self.rows[dataset].append(self.rows[dataset][0] | cells)

    def write(self, folder: Path) -> None:
        worlds.write(
            folder, **{name: table(name, rows) for name, rows in self.rows.items() if name not in self.missing}
        )
        for dataset, header in self.columns:
            layout = DATASETS[dataset]
            path = folder / layout.file
            first, *lines = path.read_text(layout.encoding).splitlines()
            text = [first + layout.delimiter + header, *(line + layout.delimiter + "K" for line in lines)]
            path.write_text("\n".join(text) + "\n", layout.encoding)

    @contextlib.contextmanager
    def judged(self, folder: Path, **more) -> Iterator[tuple[object, object, list[Verdict]]]:
        """(connection, context, verdicts) of the one period."""
        self.write(folder / PERIOD)
        with worlds.judged(folder) as world:
            world.evaluate(parts_of(world.connection, world.loaded))
            contracts = tuple(replace(one, **self.contracts.get(one.dataset, {})) for one in world.context.contracts)
            context = replace(world.context, contracts=contracts)
            yield world.connection, context, notice.conformity(world.connection, context, world.loaded.notice, **more)


def table(dataset: str, rows: list[dict[str, str]]) -> str:
    """A compact table of records; what none of them names takes the usual value."""
    names = [column.name for column in DATASETS[dataset].columns if any(column.name in row for row in rows)]
    usual = worlds.DEFAULTS
    lines = [[row.get(name, usual.get(name, "")) or "." for name in names] for row in rows]
    return "\n".join(" | ".join(line) for line in [names, *lines])


def statuses(verdicts: list[Verdict]) -> dict[str, str]:
    return {verdict.id: verdict.status for verdict in verdicts}


def broken(verdicts: list[Verdict]) -> set[str]:
    return {verdict.id for verdict in verdicts if verdict.status == "broken"}


# One violation breaks exactly one statement


def customer(office: Office, **cells: str) -> None:
    """One more customer, with a connection."""
    bare = {"personal_identity_code": "", "email": "", "bank_account": ""}
    office.add("customers", customer_number="A4", **bare | cells)
    office.add("connections", connection_number="K4", customer_number="A4")


def refund(office: Office) -> None:
    office.set("invoices", customer_number="A3", refund_due="K")
    office.set("ledger", customer_number="A3", name="Laine Anna")


def invoice(office: Office, day: str, **cells: str) -> None:
    """One more invoice of that day, paid long ago, and its ledger row."""
    office.add("invoices", invoice_number="L2", invoiced_on=day, **cells)
    year_end = {"financial_year_end": f"31.12.{day[-4:]}"}
    office.add(
        "ledger", voucher_number="T2", invoice_number="L2", voucher_date=day, open_amount="0,00", **year_end, **cells
    )
    if cells:
        office.set("ledger", len(office.rows["ledger"]) - 1, name="Laine Anna")


def long_gone(office: Office) -> None:
    """A3 left three years ago, and an invoice alone keeps the record; the phone number stays all the same."""
    office.set("customers", 2, customer_until="1.6.2023", phone="0401234567")
    office.set("connections", 2, ended_on="1.6.2023")
    invoice(office, "1.6.2023", customer_number="A3")


def purpose(office: Office, dataset: str, term: str) -> None:
    office.contracts[dataset] = {"purpose": term}


def more_category(office: Office, dataset: str, category: str) -> None:
    """The dataset's contract declares one more column, of that category (the exports lack it: only the contract is asked)."""
    contract = next(one for one in expectations().contracts if one.dataset == dataset)
    column = replace(
        contract.columns[0], name="another", header="Muu", categories=(category,), personal=True, key=False
    )
    office.contracts[dataset] = {"columns": (*contract.columns, column)}


# By statement, every way in which this world can break it, each a violation of its own. A statement's are planted together.
PLANTS: dict[str, dict[str, Callable[[Office], None]]] = {
    "N01": {"a message to a customer whom billing does not know": lambda o: o.set("messages", customer_number="A9")},
    "N02": {
        "a customer without a name": lambda o: o.set("customers", 2, name=""),
        "a postal code of four digits": lambda o: o.set("customers", 2, postal_code="6180"),
    },
    "N03": {
        "an identity code with a wrong check character": lambda o: o.set(
            "customers", personal_identity_code="010190-9990"
        ),
        "an email without a domain": lambda o: o.set("customers", 2, email="anna@"),
        "an identity code on an organisation": lambda o: o.set(
            "customers", 1, personal_identity_code=identity_code_of(2, 1)
        ),
        "an email in the notes": lambda o: o.set("customers", notes="kysy: matti@example.fi"),
        "an undeclared column of customers": lambda o: o.columns.append(("customers", "Uskonto")),
        "a contract with another category": lambda o: more_category(o, "customers", "pd:Religion"),
    },
    "N04": {
        "an account that fails its check digits": lambda o: o.set("customers", bank_account="FI2112345600000786"),
        "a property identifier of 13 digits": lambda o: o.set("connections", property_id="2324010001000"),
    },
    "N05": {"a refund without an account": refund},
    "N06": {"a source that the notice does not name": lambda o: o.set("customers", contact_source="naapuri")},
    "N07": {"Finder for an organisation": lambda o: o.set("customers", 1, contact_source="Finder")},
    "N08": {
        "a person from the company register": lambda o: o.set("customers", contact_source="PRH"),
        "a company by another name": lambda o: o.set("companies", name="Hana Oy"),
        "an organisation without its id": lambda o: customer(o, customer_type="Y", name="Seura ry"),
    },
    "N09": {
        "an address that the register does not list": lambda o: o.set("customers", 1, e_invoice_address="003799"),
        "an e-invoice address without operator": lambda o: o.set("customers", 1, e_invoice_operator=""),
    },
    "N10": {"contact data confirmed long ago": lambda o: o.set("customers", contact_confirmed_on="1.6.2023")},
    "N11": {
        "a contract with a purpose of its own": lambda o: purpose(o, "claims", "dpv:ResearchAndDevelopment"),
        "an undeclared column of meter readings": lambda o: o.columns.append(("meter_readings", "Kerroin")),
    },
    "N12": {"messages for payment": lambda o: purpose(o, "messages", "dpv:PaymentManagement")},
    "N13": {
        "an offer by message": lambda o: o.set("messages", category="tarjous"),
        "a column of marketing permissions": lambda o: o.columns.append(("customers", "Markkinointilupa")),
        "a contract for marketing": lambda o: purpose(o, "accounts", "dpv:DirectMarketing"),
    },
    "N14": {"a supplier's account on the map": lambda o: o.set("user_accounts", organisation="Keypro Oy")},
    "N15": {"a recipient who is no installer": lambda o: o.set("installer_disclosures", recipient="Mainostoimisto Oy")},
    "N16": {
        "more than name, address and phone": lambda o: o.set("installer_disclosures", fields="nimi, henkilötunnus"),
        "a paper never destroyed": lambda o: o.set("installer_disclosures", channel="paperi", disclosed_on="1.5.2026"),
    },
    "N17": {
        "a supplier whose agreement ran out": lambda o: o.set("processors", agreement_valid_until="1.6.2026"),
        "tests with personal data": lambda o: o.set("processors", test_use="K"),
    },
    "N18": {
        "a supplier's account in billing": lambda o: o.set("user_accounts", 1, organisation="CGI Suomi Oy"),
        "an unused account in billing": lambda o: o.set("user_accounts", 1, granted_on="1.6.2025"),
    },
    "N19": {
        "an amount that differs": lambda o: o.set("ledger", amount="11,00"),
        "a ledger row without invoice": lambda o: o.add("ledger", voucher_number="T2", invoice_number="L2"),
    },
    "N20": {
        "another company's row": lambda o: o.add("ledger", voucher_number="T2", company="XYZ"),
        "an installer in the ledger": lambda o: o.set("user_accounts", 2, role="asentaja"),
    },
    "N21": {
        "another name on the map": lambda o: o.set("map_customers", name="Laine Matti"),
        "a phone that billing lacks": lambda o: o.add(
            "map_customers", site_id="P2", customer_number="A3", name="Laine Anna"
        ),
    },
    "N22": {
        "a message to no possible number": lambda o: o.set("messages", phone="12"),
        "a category that nobody declared": lambda o: o.set("messages", category="kokous"),
    },
    "N23": {
        "a change that never reached billing": lambda o: o.set(
            "accounts", contact_changed_on="20.6.2026", phone="0407654321"
        ),
        "an account of nobody": lambda o: o.add("accounts", account_id="T2", customer_number="A9"),
    },
    "N28": {"an access request not answered": lambda o: o.set("requests", received_on="1.5.2026", answered_on="")},
    "N29": {
        "a phone number on the invoice": lambda o: o.columns.append(("invoices", "Puhelin")),
        "an invoice contract with an account": lambda o: more_category(o, "invoices", "pd:BankAccount"),
    },
    "N30": {"a correction not made in time": lambda o: o.set("requests", 1, received_on="1.5.2026", answered_on="")},
    "N31": {
        "a partner without an entry": lambda o: o.rows["processors"].pop(),
        "a supplier whom nobody named": lambda o: o.add("processors", supplier="Uusi Oy"),
    },
    "N32": {"a consent withdrawn and in use": lambda o: o.set("consents", withdrawn_on="1.6.2026")},
    "N33": {
        "a customer without any connection": lambda o: o.add(
            "customers", customer_number="A4", personal_identity_code=""
        )
    },
    "N34": {"a reading of an unknown connection": lambda o: o.set("meter_readings", connection_number="K9")},
    "N35": {
        "a message kept three years": lambda o: o.add("messages", message_id="V2", sent_at="1.6.2023 12:00"),
        "a number written into a claim": lambda o: o.set("claims", description="soita 040 1234567"),
    },
    "N36": {"an invoice kept too long": lambda o: invoice(o, "1.6.2018")},
    "N37": {"an agreement not looked at for years": lambda o: o.set("agreements", agreed_on="1.6.2019")},
    "N38": {
        "one key on two rows": lambda o: o.add("claims"),
        "a date that is none": lambda o: o.set("accounts", last_login_on="31.2.2026"),
    },
    "N39": {
        "a connection without its agreement": lambda o: o.set("connections", agreement_number="S9"),
        "an agreement without a plan": lambda o: o.set("agreements", site_plan="E"),
    },
    "N40": {
        "an additional agreement without original": lambda o: o.set("agreements", 3, original_agreement_number="S9")
    },
    "N41": {"a former customer's phone": long_gone},
}
WEAK_SPOT = {"N39": 2}  # two classes of records are kept until further notice, whatever the exports hold


def test_a_clean_world_breaks_nothing_but_the_notices_own_weak_spot(tmp_path):
    with Office().judged(tmp_path) as (_, _, verdicts):
        assert broken(verdicts) == {"N39"}
        assert {verdict.found for verdict in verdicts if verdict.id == "N39"} == {
            (
                ("retention-criterion-missing", "agreements", "", 1),
                ("retention-criterion-missing", "connections", "", 1),
            )
        }
        others = {
            verdict.id: verdict.status for verdict in verdicts if verdict.id not in ("N24", "N25", "N26", "N27", "N39")
        }
        assert set(others.values()) == {"holds"}, others


def test_every_observable_statement_has_a_planted_violation():
    observable = {one.id for one in expectations().notice.statements if one.evidence or one.facts}
    assert set(PLANTS) == observable


@pytest.mark.parametrize("id", PLANTS)
def test_violations_of_one_statement_break_exactly_that_statement(tmp_path, id):
    office = Office()
    for plant in PLANTS[id].values():
        plant(office)
    with office.judged(tmp_path) as (_, _, verdicts):
        assert broken(verdicts) == {"N39", id}
        found = next(verdict for verdict in verdicts if verdict.id == id)
        assert found.findings == len(PLANTS[id]) + WEAK_SPOT.get(id, 0), found.found


def test_a_generated_world_without_plants_breaks_nothing_else_either(tmp_path):
    write_world(tmp_path, 300, 1, 1, planted=False)
    with worlds.judged(tmp_path / "exports", "2025-12-31") as world:
        world.evaluate(parts_of(world.connection, world.loaded))
        verdicts = notice.conformity(world.connection, world.context, world.loaded.notice)
        assert broken(verdicts) == {"N39"}
        assert "cannot tell" not in statuses(verdicts).values()


# What nobody can tell


@pytest.mark.parametrize(
    ("missing", "hidden", "unhurt"),
    [
        ("consents", {"N28", "N32"}, {"N02", "N19", "N40"}),
        ("map_customers", {"N21", "N28"}, {"N22", "N05"}),
        ("e_invoice_addresses", {"N09", "N28"}, {"N08", "N02"}),
        ("processors", {"N17", "N28", "N31"}, {"N16", "N18"}),
        ("installer_disclosures", {"N15", "N16", "N28"}, {"N17", "N36"}),
    ],
)
def test_a_statement_whose_feed_is_missing_neither_holds_nor_is_broken(tmp_path, missing, hidden, unhurt):
    office = Office(missing={missing})
    with office.judged(tmp_path) as (_, _, verdicts):
        told = statuses(verdicts)
        assert {id: told[id] for id in hidden} == dict.fromkeys(hidden, "cannot tell")
        assert {id: told[id] for id in unhurt} == dict.fromkeys(unhurt, "holds")
        assert broken(verdicts) == {"N39"}
        reason = next(verdict.hidden for verdict in verdicts if verdict.id == min(hidden - {"N28"}))
        assert any(missing in sentence for sentence in reason)


def test_what_was_found_counts_even_where_another_feed_is_missing(tmp_path):
    office = Office(missing={"consents"})
    office.set("messages", customer_number="A9")
    with office.judged(tmp_path) as (_, _, verdicts):
        assert statuses(verdicts)["N01"] == "broken"


def test_a_feed_without_records_is_not_health(tmp_path):
    office = Office()
    office.rows["consents"] = [{"consent_id": ""}]
    office.write(tmp_path / PERIOD)
    path = tmp_path / PERIOD / DATASETS["consents"].file
    path.write_text(path.read_text("utf-8").splitlines()[0] + "\n", "utf-8")
    with worlds.judged(tmp_path) as world:
        world.evaluate(parts_of(world.connection, world.loaded))
        assert statuses(notice.conformity(world.connection, world.context, world.loaded.notice))["N32"] == "cannot tell"


def test_the_first_period_is_not_blamed_for_having_none_before_it(tmp_path):
    with Office().judged(tmp_path) as (_, _, verdicts):
        assert statuses(verdicts)["N36"] == "holds"
    with Office().judged(tmp_path / "later", history={BEFORE: {"N36": ["holds", 0]}}) as (_, _, verdicts):
        assert statuses(verdicts)["N36"] == "cannot tell"


# Somebody's word


@pytest.mark.parametrize(
    ("on", "until", "status"),
    [
        ("2026-06-30", "2026-06-30", "attested"),  # the last day counts
        ("2026-06-01", "2026-06-29", "attestation expired"),  # the day after it
        ("2026-07-01", "2027-06-30", "not evidenced"),  # given later: nobody knew then
    ],
)
def test_a_word_is_good_from_the_day_it_is_given_to_its_last(tmp_path, on, until, status):
    word = Attestation("N26", "managing director", dt.date.fromisoformat(on), dt.date.fromisoformat(until))
    with Office().judged(tmp_path, attestations=[word]) as (_, _, verdicts):
        assert statuses(verdicts)["N26"] == status


def test_the_last_word_counts_and_of_one_day_the_one_entered_later(tmp_path):
    day, later = dt.date(2026, 6, 1), dt.date(2027, 1, 1)
    words = [Attestation("N26", "office", day, later), Attestation("N26", "office", day, day)]
    with Office().judged(tmp_path, attestations=words) as (_, _, verdicts):
        assert statuses(verdicts)["N26"] == "attestation expired"


def test_words_are_kept_in_the_home_and_never_on_what_checks_tell(tmp_path):
    home, the_notice = store.open_home(tmp_path / "home"), expectations().notice
    with store.locked(home):
        pass
    word = Attestation("N25", "office", dt.date(2026, 6, 30), dt.date(2027, 6, 30), "doors tried")
    attestations.give(home, the_notice, word)
    attestations.give(home, the_notice, replace(word, by=" managing director "))
    assert attestations.read(home) == [word, replace(word, by="managing director")]
    for wrong, problem in (
        (replace(word, statement="N05"), "evidenced by checks"),
        (replace(word, statement="N99"), "no statement"),
        (replace(word, until=dt.date(2026, 6, 29)), "before it is given"),
        (replace(word, by=" "), "nobody attests"),
    ):
        with pytest.raises(VahtiError, match=problem):
            attestations.give(home, the_notice, wrong)
    assert len(attestations.read(home)) == 2


# Over the periods


@pytest.mark.parametrize(
    ("past", "first_seen", "trend"),
    [
        ({}, PERIOD, ""),
        ({BEFORE: ["holds", 0]}, PERIOD, "new"),
        ({BEFORE: ["broken", 3]}, BEFORE, "falling"),
        ({BEFORE: ["broken", 1]}, BEFORE, "steady"),
        ({"2025-12-31": ["broken", 2], BEFORE: ["cannot tell", 0]}, "2025-12-31", "new"),
        ({"2025-12-31": ["broken", 2], BEFORE: ["holds", 0]}, PERIOD, "new"),
    ],
)
def test_a_broken_statement_knows_since_when_and_where_it_is_going(tmp_path, past, first_seen, trend):
    office = Office()
    office.set("messages", customer_number="A9")
    history = {period: {"N01": found} for period, found in past.items()}
    with office.judged(tmp_path, history=history, period=PERIOD) as (_, _, verdicts):
        one = verdicts[0]
        assert (one.id, one.first_seen, one.trend) == ("N01", first_seen, trend)


def test_what_lasts_from_one_period_to_the_next_breaks_without_delay(tmp_path):
    office = Office()
    office.set("customers", email="matti@")
    for period in (BEFORE, PERIOD):
        office.write(tmp_path / period)
    with store.scratch() as connection:
        connection.execute("attach ':memory:' as previous; use previous")
        worlds.read(connection, tmp_path, BEFORE, expectations())
        connection.execute("use period")
        worlds.read(connection, tmp_path, PERIOD, expectations())
        guard.lock(connection)
        connection.execute("use previous")
        worlds.begin(connection, dt.date.fromisoformat(BEFORE), expectations()).findings()
        connection.execute("use period")
        world = worlds.begin(connection, dt.date.fromisoformat(PERIOD), expectations())
        world.evaluate(parts_of(world.connection, world.loaded))
        notice.prepare(connection)
        verdicts = notice.conformity(connection, world.context, world.loaded.notice, history={BEFORE: {}})
        found = {verdict.id: verdict.found for verdict in verdicts}
        assert ("invalid-value", "customers", "email", 1) in found["N03"]
        assert ("invalid-value", "customers", "email", 1) in found["N38"]


# Rules and statements


def test_the_notice_has_all_statements_of_the_spec_in_three_languages():
    statements = expectations().notice.statements
    assert [one.id for one in statements] == [f"N{number:02d}" for number in range(1, 42)]
    for one in statements:
        assert set(one.text) == set(LANGUAGES) and len(set(one.text.values())) == 3, one.id
        assert not one.remark or set(one.remark) == set(LANGUAGES)
        assert one.systems


def test_rules_name_statements_and_statements_name_rules():
    assert disagreements(expectations().notice, expectations().rules) == []


def test_a_rule_nobody_needs_and_a_statement_nothing_evidences_are_reported():
    loaded = expectations()
    idle = replace(loaded.domain_rules[0], id="idle-rule", notice=())
    one_sided = replace(loaded.domain_rules[0], id="one-sided", notice=("N02",))
    bare = replace(loaded.notice.statements[0], id="N42", evidence=(), facts=())
    lost = replace(
        loaded.notice.statements[0], id="N43", evidence=(replace(loaded.notice.statements[0].evidence[0], rule="lost"),)
    )
    the_notice = replace(loaded.notice, statements=(*loaded.notice.statements, bare, lost))
    assert disagreements(the_notice, [*loaded.rules, idle, one_sided]) == [
        "N43: no rule lost",
        "idle-rule: no statement needs it",
        "one-sided names N02, which does not name it",
        "N42: nothing evidences it",
    ]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("datasets: [messages]", "datasets: [letters]", "no dataset 'letters'"),
        ("systems: [paper]", "systems: [attic]", "no system 'attic'"),
        ("- purposes_of:", "- purpose_of:", "is no fact"),
        ("list: processors, key: supplier", "list: partners, key: supplier", "no list 'partners'"),
        ("until: '2026-04-30'", "until: soon", "lacks a day"),
        ("lasting: true", "lasts: true", "unknown key"),
        ("  N02:", "  N/2:", "is no name for a statement"),
    ],
)
def test_a_broken_notice_is_told_with_its_place(tmp_path, old, new, problem):
    path = tmp_path / "notice.yaml"
    text = (EXPECTATIONS / "notice.yaml").read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    loaded = expectations()
    with pytest.raises(ExpectationsError, match=problem) as error:
        load_notice(path, loaded.contracts, loaded.controller, loaded.rules)
    assert error.value.place and error.value.remedy


def test_a_controller_without_a_notice_gets_by(tmp_path):
    shutil.copytree(EXPECTATIONS, tmp_path / "expectations")
    (tmp_path / "expectations" / "notice.yaml").unlink()
    assert load(tmp_path / "expectations").notice is None


# What the notice does not say


def proposals(folder: Path, office: Office) -> list[str]:
    with office.judged(folder) as (connection, context, _):
        found = amendments.proposals(connection, context, expectations().notice)
        return [
            f"{one.kind}: {one.value or '?'} ({one.records})"
            for one in found
            if one.kind not in ("category", "purpose", "system")
        ]


def test_a_clean_world_leaves_the_storage_period_to_be_said(tmp_path):
    assert proposals(tmp_path, Office()) == [
        "storage period: Connection agreements (4)",
        "storage period: Connections (3)",
    ]


def test_what_exports_show_and_the_notice_does_not_say_is_proposed(tmp_path):
    office = Office()
    office.set("messages", category="kokous")
    office.set("consents", purpose="asiakaskysely")
    office.set("user_accounts", organisation="Keypro Oy")
    office.set("installer_disclosures", recipient="Meikäläinen Matti")
    office.add("processors", supplier="Uusi Oy")
    office.columns.append(("meter_readings", "Kerroin"))
    assert proposals(tmp_path, office)[:6] == [
        "column: column 7 (1)",
        "consent purpose: asiakaskysely (1)",
        "message category: kokous (1)",
        "recipient: ? (1)",  # a column that the contract calls personal is counted, not quoted
        "role: KeyAqua (1)",
        "storage period: Connection agreements (4)",
    ]


def test_a_value_that_looks_personal_is_not_quoted(tmp_path):
    office = Office()
    office.set("messages", category="matti@example.fi")
    office.set("consents", purpose=identity_code_of(5, 1))
    found = proposals(tmp_path, office)
    assert "message category: ? (1)" in found and "consent purpose: ? (1)" in found


def test_every_proposal_is_a_sentence_in_every_language(tmp_path):
    with worlds.judged(SAMPLES / "exports", PERIOD) as world:
        world.evaluate(parts_of(world.connection, world.loaded))
        found = amendments.proposals(world.connection, world.context, world.loaded.notice)
        assert {one.kind for one in found} >= {
            "category",
            "column",
            "message category",
            "purpose",
            "role",
            "storage period",
            "supplier",
            "system",
        }
        for one in found:
            said = [one.text(language_of(code), world.context.controller.systems) for code in LANGUAGES]
            assert len(set(said)) == 3 and all(text.endswith(".") and "{" not in text for text in said)


# For the page and the command


def test_the_page_has_a_row_per_statement_and_a_picture_of_all_periods(tmp_path):
    past = {BEFORE: {f"N{number:02d}": ["holds", 0] for number in range(1, 42)}}
    with Office().judged(tmp_path, history=past, period=PERIOD) as (connection, context, verdicts):
        known = {name: {"statements": statements} for name, statements in past.items()}
        opened = OpenedPeriod(None, PERIOD, context.as_of, expectations(), known=known)
        for language in LANGUAGES:
            page = conformity.page(connection, opened, verdicts, language)
            assert [row["id"] for row in page["statements"]] == [verdict.id for verdict in verdicts]
            assert page["periods"] == [BEFORE, PERIOD] and page["grid"][38] == ["holds", "broken"]
            assert sum(page["counts"].values()) == 41
        picture = figures_notice.statement_grid(
            [row["id"] for row in page["statements"]], page["periods"], page["grid"], page["words"]
        )
        assert picture.startswith("<svg") and "<script" not in picture


def test_json_has_id_status_and_findings_and_no_personal_value(tmp_path):
    with worlds.judged(SAMPLES / "exports", PERIOD) as world:
        world.evaluate(parts_of(world.connection, world.loaded))
        verdicts = notice.conformity(world.connection, world.context, world.loaded.notice)
        text = json.dumps([notice.as_data(verdict) for verdict in verdicts], ensure_ascii=False)
        personal = world.connection.execute(
            "select distinct value from registry.subject_attributes where kind in ('pd:Name', 'pd:TelephoneNumber', 'pd:EmailAddress',"
            " 'pd:OfficialID', 'pd:BankAccount', 'pd:UID') and length(value) > 5"
        ).fetchall()
    data = json.loads(text)
    assert len(data) == 41 and {"id", "status", "findings"} <= data[0].keys()
    assert {one["status"] for one in data} <= set(notice.STATUSES)
    assert not [value for (value,) in personal if re.search(rf"\b{re.escape(value)}\b", text)]
