"""What the contract and the controller may say about the form of a value: which phones, which postal codes."""

from __future__ import annotations

import dataclasses
import shutil

import pytest
import worlds
from worlds import EXPECTATIONS, PERIOD, expectations, judged

from pipelines.errors import ExpectationsError
from pipelines.expectations.contract_reader import load_contract
from pipelines.expectations.controller import load_controller
from pipelines.landing import periods

CUSTOMERS = """customer_number | phone | postal_code | email | bank_account
A1 | 12345 | 61800 | a..b@x.fi | SE80500000000583982574660
A2 | 044123 | 61801 | x@127.0.0.1 | SE485000000005839825746
A3 | 018 12345 | 6180 | x@x.fi | SE4550000000058398257466
A4 | . | . | . | ."""


@pytest.fixture
def exports(tmp_path):
    worlds.write(tmp_path / PERIOD, customers=CUSTOMERS)
    return tmp_path


def told(world) -> dict[str, str]:
    """`record_key field`: detail of every value that cannot be right."""
    return {f"{one['record_key']} {one['field']}": one["detail"] for one in world.findings("invalid-value")}


def under(loaded, **changes):
    """The expectations with another controller."""
    return dataclasses.replace(loaded, controller=dataclasses.replace(loaded.controller, **changes))


def test_a_phone_is_valid_an_account_of_its_countrys_length_an_address_one_that_mail_takes(exports):
    with judged(exports) as world:
        assert told(world) == {
            "A1 phone": "no valid phone",
            "A2 phone": "no valid phone",
            "A3 postal_code": "no valid postal code",
            "A1 email": "no valid email",
            "A2 email": "no valid email",
            "A1 bank_account": "no valid iban",
            "A2 bank_account": "no valid iban",
        }
        assert worlds.told(world.findings("invalid-value")) == worlds.told(worlds.expected(exports), "invalid-value")


def test_a_contract_may_ask_for_possible_phones_only(exports, tmp_path):
    text = (EXPECTATIONS / "contracts" / "vesikanta.customers.odcs.yaml").read_text("utf-8")
    (tmp_path / "customers.odcs.yaml").write_text(text.replace("format: phone", "format: possible-phone"), "utf-8")
    contract = load_contract(tmp_path / "customers.odcs.yaml")
    loaded = expectations()
    others = tuple(contract if each.id == contract.id else each for each in loaded.contracts)
    with judged(exports, loaded=dataclasses.replace(loaded, contracts=others)) as world:
        assert not any("phone" in place for place in told(world))
    worlds.write(exports / PERIOD, customers="customer_number | phone\nA1 | 1")
    with judged(exports, loaded=dataclasses.replace(loaded, contracts=others)) as world:
        assert told(world) == {"A1 phone": "no possible phone"}


def test_postal_codes_are_looked_up_where_the_controller_brings_the_list(exports):
    with judged(exports, loaded=under(expectations(), postal_codes=("61800", "61850"))) as world:
        found = {place: detail for place, detail in told(world).items() if "postal" in place}
        assert found == {"A2 postal_code": "not in the list of postal codes", "A3 postal_code": "no valid postal code"}


@pytest.mark.parametrize(
    ("said", "content", "problem"),
    [
        ("postal_codes: codes.csv", b"postal_code;city\n61800;KAUHAJOKI\r\n00100;HELSINKI \xc4\n618501\n", None),
        ("postal_codes: codes.csv", b"none here\n", "holds no postal codes"),
        ("postal_codes: other.csv", b"61800\n", "cannot be read"),
        ("postal_codes: ../codes.csv", b"61800\n", "names no file"),
        ("postal_codes: [61800]", b"61800\n", "names no file"),
    ],
)
def test_the_file_of_postal_codes(tmp_path, said, content, problem):
    text = (EXPECTATIONS / "controller.yaml").read_text("utf-8")
    (tmp_path / "controller.yaml").write_text(f"{text}\n{said}\n", "utf-8")
    (tmp_path / "codes.csv").write_bytes(content)
    if problem is None:
        assert load_controller(tmp_path / "controller.yaml").postal_codes == ("00100", "61800")
    else:
        with pytest.raises(ExpectationsError, match=problem):
            load_controller(tmp_path / "controller.yaml")


def test_other_postal_codes_are_other_expectations(tmp_path):
    shutil.copy(EXPECTATIONS / "controller.yaml", tmp_path)
    (tmp_path / "codes.csv").write_text("61800\n")
    before = periods.digest_folder(tmp_path)
    (tmp_path / "codes.csv").write_text("61801\n")
    assert periods.digest_folder(tmp_path) != before


# Another country


def test_no_finnish_check_fires_at_a_controller_of_another_country(tmp_path):
    """It is told as not evaluated; what holds in every country is checked all the same."""
    customers = CUSTOMERS.replace(
        "| bank_account", "| bank_account | personal_identity_code | business_id | notes"
    ).replace("\nA4 | . | . | . | .", "")
    head, *rows = customers.splitlines()
    rows = [f"{row} | 131052-308U | 1234567-8 | ring 040 123 4567 or 131052-308T" for row in rows]
    worlds.write(tmp_path / PERIOD, customers="\n".join([head, *rows, rows[0].replace("A1", "A5")]))
    finnish = {"personal_identity_code", "business_id", "phone", "postal_code", "property_id", "reference_number"}
    with judged(tmp_path, loaded=under(expectations(), country="FI")) as world:
        found = {(one["rule"], one["field"]) for one in world.findings()}
        assert {("invalid-value", name) for name in finnish - {"property_id", "reference_number"}} <= found
        assert ("identifier-in-free-text", "notes") in found
    with judged(tmp_path, loaded=under(expectations(), country="XX", synthetic_data=False)) as world:
        fields = {one["field"] for one in world.findings("invalid-value")}
        assert fields == {"email", "bank_account"}
        rules = {one["rule"] for one in world.findings()}
        assert not rules & {"identifier-in-free-text", "temporary-identity-code", "duplicate-person"}
        silent = world.rows(
            "select distinct rule from results.evaluations where reason = 'no patterns of this country are known'"
        )
        assert {row["rule"] for row in silent} >= {
            "invalid-value",
            "identifier-in-free-text",
            "temporary-identity-code",
            "map-copy-stale",
        }
