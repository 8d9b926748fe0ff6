"""The contracts say what the specification of the exports says, other tools can read them, and a broken one is told."""

import copy
import json
from importlib.resources import files

import jsonschema_rs
import little
import pytest
import yaml
from oracle.layouts import DATASETS, PLACEHOLDERS  # written by hand from the specification, not from the contracts

from pipelines.errors import ExpectationsError
from pipelines.expectations.contract import Contract
from pipelines.expectations.contract_reader import load_contract, load_contracts
from pipelines.expectations.load import load

# From the rule `feed-stale`.
FRESHNESS = {
    "invoices": ("invoiced_on", 100),
    "meter_readings": ("read_on", 400),
    "ledger": ("voucher_date", 100),
    "consumption": ("month", 100),
    "companies": ("updated_on", 400),
    "e_invoice_addresses": ("updated_on", 400),
}
# From the rule `invalid-value`, for any dataset that has the column.
FORMATS = {
    "personal_identity_code": "identity-code",
    "business_id": "business-id",
    "bank_account": "iban",
    "property_id": "property-id",
    "postal_code": "postal-code",
    "phone": "phone",
    "email": "email",
    "reference_number": "reference-number",
}
# Columns that another dataset's customers or connections are found by.
LINKS = {"customer_number": ("customers", "customer_number"), "connection_number": ("connections", "connection_number")}


# What they say


def test_there_is_one_contract_for_each_of_the_eighteen_exports(contracts):
    assert len(contracts) == 18
    assert {contract.id: contract.file for contract in contracts} == {
        f"{dataset.system}.{dataset.name}": dataset.file for dataset in DATASETS.values()
    }


def by_dataset(contracts, name: str) -> Contract:
    return next(contract for contract in contracts if contract.dataset == name)


@pytest.mark.parametrize("name", sorted(DATASETS))
def test_headers_names_types_keys_and_lists_are_those_of_the_specification(contracts, name):
    contract, dataset = by_dataset(contracts, name), DATASETS[name]
    said = [
        (
            one.header,
            one.name,
            {"boolean": "yes/no"}.get(one.type, one.type),
            one.required,
            frozenset(one.valid_values) or None,
        )
        for one in contract.columns
    ]
    assert said == [(one.header, one.name, one.type, one.required, one.values) for one in dataset.columns]
    assert [one.name for one in contract.keys] == [dataset.key]


@pytest.mark.parametrize("name", sorted(DATASETS))
def test_encodings_delimiters_and_placeholders_are_those_of_the_specification(contracts, name):
    contract, dataset = by_dataset(contracts, name), DATASETS[name]
    assert {value.lower() for value in contract.missing_values} == PLACEHOLDERS
    assert contract.kind == ("xlsx" if dataset.file.endswith(".xlsx") else "csv")
    if contract.kind == "csv":
        assert contract.encoding.replace("windows-1252", "cp1252") == dataset.encoding
        assert contract.delimiter == dataset.delimiter
    for one in contract.columns:
        if one.type == "decimal":
            assert (one.decimal_separator, one.grouping_separator) == (",", " ")
        if one.type == "boolean":
            assert (one.true_value, one.false_value) == ("K", "E")


def test_freshness_is_asked_of_six_datasets(contracts):
    assert {contract.dataset: contract.freshness for contract in contracts if contract.freshness} == FRESHNESS


def test_formats_are_asked_of_the_columns_that_the_rule_names_and_of_no_others(contracts):
    text = [one for contract in contracts for one in contract.columns if one.type == "text"]
    assert {(one.name, one.format) for one in text if one.format} == set(FORMATS.items())
    assert [one.name for one in text if one.name in FORMATS and not one.format] == []


def test_every_customer_or_connection_number_is_linked_to_billing(contracts):
    for contract in contracts:
        for one in contract.columns:
            if one.name in LINKS and contract.dataset != LINKS[one.name][0]:
                assert one.references == LINKS[one.name], contract.id


def test_every_column_is_classified_and_every_personal_one_has_a_category(contracts, own_contracts):
    for contract in (*contracts, *own_contracts):
        for item in yaml.safe_load(contract.path.read_text("utf-8"))["schema"][0]["properties"]:
            assert item["classification"] in ("personal", "not-personal", "public"), item["name"]
            assert (item["classification"] == "personal") == bool(item.get("tags")), item["name"]
            assert item["description"]


def test_the_controllers_own_file_is_described_too(own_contracts):
    (holds,) = own_contracts
    assert (holds.file, holds.freshness) == ("holds.csv", None)


# Other tools read them


@pytest.fixture(scope="module")
def standard():
    schema = json.loads(files("datacontract").joinpath("schemas/odcs-3.1.0.schema.json").read_text("utf-8"))
    return jsonschema_rs.validator_for(schema)


def test_all_pass_the_standards_own_schema(standard, contracts, own_contracts):
    for contract in (*contracts, *own_contracts):
        standard.validate(yaml.safe_load(contract.path.read_text("utf-8")))


def test_all_pass_datacontract_lint(contracts, own_contracts):
    from datacontract.data_contract import DataContract

    for contract in (*contracts, *own_contracts):
        run = DataContract(data_contract_file=str(contract.path)).lint()
        assert run.has_passed(), [(check.name, check.reason) for check in run.checks]


# What the reader gives


def test_contracts_come_ordered_by_id_whatever_their_files_are_called(contracts):
    assert [contract.id for contract in contracts] == sorted(contract.id for contract in contracts)


def test_a_small_contract_has_sensible_defaults(write):
    contract = load_contract(write(lambda document: None))
    assert (contract.encoding, contract.delimiter, contract.kind, contract.missing_values) == ("utf-8", ";", "csv", ())
    number, since, amount, active = contract.columns
    assert (number.key, number.required, number.personal, number.categories) == (True, False, True, ())
    assert (since.type, amount.type, amount.sql_type, active.type) == ("date", "decimal", "decimal(18,4)", "boolean")


@pytest.mark.parametrize(
    ("word", "personal"), [("personal", True), ("restricted", True), ("not-personal", False), ("public", False)]
)
def test_only_a_column_that_is_said_not_to_be_personal_or_to_be_public_is_not(write, word, personal):
    assert (
        load_contract(write(lambda document: column(document).update(classification=word))).columns[0].personal
        is personal
    )


# Broken ones: one message with file, place and remedy

SMALL = """
apiVersion: v3.1.0
kind: DataContract
id: club.members
version: 1.0.0
status: active
domain: club
description: {purpose: Members.}
schema:
  - name: members
    physicalName: members.csv
    physicalType: csv
    customProperties: []
    properties:
      - {name: number, physicalName: Number, logicalType: string, primaryKey: true}
      - {name: since, physicalName: Since, logicalType: date, logicalTypeOptions: {format: d.M.yyyy}}
      - {name: amount, physicalName: Amount, logicalType: number, physicalType: 'decimal(18,4)'}
      - name: active
        physicalName: Active
        logicalType: boolean
        customProperties: [{property: trueValue, value: 'yes'}, {property: falseValue, value: 'no'}]
slaProperties:
  - {property: freshness, value: 100, unit: d, element: members.since}
"""


def table(document: dict) -> dict:
    return document["schema"][0]


def column(document: dict, place: int = 0) -> dict:
    return table(document)["properties"][place]


@pytest.fixture
def write(tmp_path):
    """Writes SMALL with a change made to it and returns its path."""

    def write(change, name: str = "club.members.odcs.yaml"):
        document = copy.deepcopy(yaml.safe_load(SMALL))
        change(document)
        (tmp_path / name).write_text(yaml.safe_dump(document, allow_unicode=True, sort_keys=False), "utf-8")
        return tmp_path / name

    return write


def put(value, *steps):
    """A change: sets the value at a path; `...` takes the key away."""

    def change(document):
        for step in steps[:-1]:
            document = document[step]
        if value is ...:
            del document[steps[-1]]
        elif isinstance(document, list) and steps[-1] == len(document):
            document.append(value)
        else:
            document[steps[-1]] = value

    return change


T, P = ("schema", 0), ("schema", 0, "properties")


def option(name: str, value):
    return put([{"property": name, "value": value}], *T, "customProperties")


def separators(**values):
    return put([{"property": name, "value": value} for name, value in values.items()], *P, 2, "customProperties")


def fresh(**changes):
    return lambda document: document["slaProperties"][0].update(changes)


# mistake: (change, place, words of the problem)
BROKEN = {
    "no version of the standard": (put(..., "apiVersion"), "top level", "apiVersion"),
    "no id": (put(..., "id"), "top level", "id"),
    "an id that is not domain and name": (put("club.other", "id"), "id", "differs from domain and name"),
    "no domain": (put(..., "domain"), "domain", "is missing"),
    "no schema": (put(..., "schema"), "schema", "is missing"),
    "two tables": (lambda document: document["schema"].append(copy.deepcopy(table(document))), "schema", "2 tables"),
    "no file": (put(..., *T, "physicalName"), "schema.0.physicalName", "is missing"),
    "a file in a folder": (put("../members.csv", *T, "physicalName"), "schema.0.physicalName", "plain file name"),
    "a file in a Windows folder": (put("..\\members.csv", *T, "physicalName"), "schema.0.physicalName", "plain file"),
    "a file of no name": (put(" ", *T, "physicalName"), "schema.0.physicalName", "is missing"),
    "a file of dots": (put("..", *T, "physicalName"), "schema.0.physicalName", "plain file name"),
    "no kind of file": (put(..., *T, "physicalType"), "schema.0.physicalType", "is missing"),
    "an unknown kind of file": (put("ods", *T, "physicalType"), "schema.0.physicalType", "unknown kind"),
    "no columns": (put([], *P), "schema.0.properties", "is missing"),
    "no name of a column": (put(..., *P, 0, "name"), "schema.0.properties.0", "name"),
    "no header": (put(..., *P, 0, "physicalName"), "schema.0.properties.0.physicalName", "is missing"),
    "a blank header": (put("  ", *P, 0, "physicalName"), "schema.0.properties.0.physicalName", "is missing"),
    "no type": (put(..., *P, 0, "logicalType"), "schema.0.properties.0.logicalType", "is missing"),
    "a type that cannot be read": (
        put("array", *P, 0, "logicalType"),
        "schema.0.properties.0.logicalType",
        "cannot read",
    ),
    "a type nobody knows": (put("varchar", *P, 0, "logicalType"), "schema.0.properties.0.logicalType", "varchar"),
    "a header twice": (
        put(" Since ", *P, 0, "physicalName"),
        "schema.0.properties",
        "two columns with the header 'Since'",
    ),
    "a name twice": (put("since", *P, 0, "name"), "schema.0.properties", "two columns with the name 'since'"),
    "no primary key": (put(..., *P, 0, "primaryKey"), "schema.0.properties", "no primary key"),
    "an unknown encoding": (option("encoding", "utf-99"), "schema.0.encoding", "unknown encoding 'utf-99'"),
    "a delimiter with a letter": (option("delimiter", ";a"), "schema.0.delimiter", "one ASCII character"),
    "no delimiter": (option("delimiter", ""), "schema.0.delimiter", "one ASCII character"),
    "a quote for a delimiter": (option("delimiter", '"'), "schema.0.delimiter", "one ASCII character"),
    "a line end for a delimiter": (option("delimiter", "\n"), "schema.0.delimiter", "one ASCII character"),
    "a letter for a delimiter": (option("delimiter", "x"), "schema.0.delimiter", "one ASCII character"),
    "a number for a delimiter": (option("delimiter", 5), "schema.0.customProperties.delimiter", "is no text"),
    "one placeholder that is no list": (
        option("missingValues", "-"),
        "schema.0.customProperties.missingValues",
        "no list",
    ),
    "a placeholder that is no text": (
        option("missingValues", ["-", 0]),
        "schema.0.customProperties.missingValues",
        "0 is no text",
    ),
    "no placeholders": (option("missingValues", None), "schema.0.customProperties.missingValues", "is no list"),
    "an address of no column": (option("address", ["street"]), "schema.0.address", "no column 'street'"),
    "a sheet that is a number": (option("sheet", 1), "schema.0.customProperties.sheet", "is no text"),
    "an unknown property": (option("colour", "blue"), "schema.0.customProperties.colour", "unknown property"),
    "an unknown property of a column": (
        separators(colour="x"),
        "schema.0.properties.2.customProperties.colour",
        "unknown",
    ),
    "an unknown format": (
        put({"format": "hetu"}, *P, 0, "logicalTypeOptions"),
        "schema.0.properties.0.logicalTypeOptions.format",
        "hetu",
    ),
    "an unknown format of dates": (
        put({"format": "MM/dd/yy"}, *P, 1, "logicalTypeOptions"),
        "schema.0.properties.1.logicalTypeOptions.format",
        "MM/dd/yy",
    ),
    "a date without a format": (
        put(..., *P, 1, "logicalTypeOptions"),
        "schema.0.properties.1.logicalTypeOptions.format",
        "None",
    ),
    "a check that nothing makes": (
        put({"maxLength": 5}, *P, 0, "logicalTypeOptions"),
        "schema.0.properties.0.logicalTypeOptions.maxLength",
        "not checked",
    ),
    "a decimal of no digits": (
        put("decimal(0,0)", *P, 2, "physicalType"),
        "schema.0.properties.2.physicalType",
        "no decimal",
    ),
    "a decimal of too many": (
        put("decimal(39,2)", *P, 2, "physicalType"),
        "schema.0.properties.2.physicalType",
        "no decimal",
    ),
    "more decimals than digits": (
        put("decimal(3,4)", *P, 2, "physicalType"),
        "schema.0.properties.2.physicalType",
        "no decimal",
    ),
    "a decimal called float": (put("float", *P, 2, "physicalType"), "schema.0.properties.2.physicalType", "no decimal"),
    "a decimal separator of two": (
        separators(decimalSeparator=",,"),
        "schema.0.properties.2.decimalSeparator",
        "cannot be",
    ),
    "a regular expression for a separator": (
        separators(groupingSeparator="]"),
        "schema.0.properties.2.groupingSeparator",
        "cannot be",
    ),
    "one separator for both": (
        separators(decimalSeparator=",", groupingSeparator=","),
        "schema.0.properties.2.groupingSeparator",
        "cannot be",
    ),
    "yes and no unsaid": (put(..., *P, 3, "customProperties"), "schema.0.properties.3.trueValue", "is missing"),
    "no unsaid": (
        lambda document: column(document, 3)["customProperties"].pop(),
        "schema.0.properties.3.falseValue",
        "is missing",
    ),
    "yes that YAML takes for a truth": (
        put(True, *P, 3, "customProperties", 0, "value"),
        "schema.0.properties.3.customProperties.trueValue",
        "True is no text",
    ),
    "yes and no the same": (
        put("no", *P, 3, "customProperties", 0, "value"),
        "schema.0.properties.3.falseValue",
        "the same",
    ),
    "a list of values that is none": (
        put([{"metric": "invalidValues", "mustBe": 0, "arguments": {"validValues": []}}], *P, 0, "quality"),
        "schema.0.properties.0.quality.0.arguments.validValues",
        "no list",
    ),
    "a list of numbers": (
        put([{"metric": "invalidValues", "mustBe": 0, "arguments": {"validValues": [1]}}], *P, 0, "quality"),
        "schema.0.properties.0.quality.0.arguments.validValues",
        "1 is no text",
    ),
    "a quality that nothing checks": (
        put([{"metric": "nullValues", "mustBe": 0}], *P, 0, "quality"),
        "schema.0.properties.0.quality.0",
        "is checked here",
    ),
    "a relationship to nothing": (
        put([{"type": "foreignKey", "to": "members"}], *P, 1, "relationships"),
        "schema.0.properties.1.relationships.0.to",
        "members",
    ),
    "freshness on no date": (fresh(element="members.number"), "slaProperties.0.element", "no date column"),
    "freshness on no column": (fresh(element="members.nothing"), "slaProperties.0.element", "no date column"),
    "freshness on another dataset": (fresh(element="claims.since"), "slaProperties.0.element", "no date column"),
    "freshness in months": (fresh(unit="mo"), "slaProperties.0", "whole number of days"),
    "freshness in half days": (fresh(value=1.5), "slaProperties.0", "whole number of days"),
    "freshness of a day that never comes": (fresh(value=-1), "slaProperties.0", "whole number of days"),
    "required in words": (put("yes", *P, 0, "required"), "schema.0.properties.0.required", "boolean"),
}
BROKEN |= {
    f"a name that is {name!r}": (put(name, *P, 1, "name"), "schema.0.properties.1.name", "is no name")
    for name in (
        "Since",
        "a b",
        'a"b',
        "1st",
        "since;",
        "line",
        "file",
        "sha256",
        "record_key",
        "unreadable",
        "undeclared_1",
    )
}


@pytest.mark.parametrize(("change", "place", "problem"), BROKEN.values(), ids=BROKEN.keys())
def test_a_mistake_in_a_contract_is_told_with_file_place_and_remedy(write, change, place, problem):
    path = write(change)
    with pytest.raises(ExpectationsError) as told:
        load_contract(path)
    error = told.value
    assert (error.file, error.place, error.exit_code) == (str(path), place, 4)
    assert problem in error.problem and error.remedy
    assert str(error).count("\n") == 1


LEVELS = {
    "the contract": ((), "top level"),
    "its description": (("description",), "description"),
    "the table": (T, "schema.0"),
    "a column": ((*P, 0), "schema.0.properties.0"),
    "the options of a type": ((*P, 1, "logicalTypeOptions"), "schema.0.properties.1.logicalTypeOptions"),
    "a quality": ((*P, 0, "quality", 0), "schema.0.properties.0.quality.0"),
    "the arguments of a quality": ((*P, 0, "quality", 0, "arguments"), "schema.0.properties.0.quality.0.arguments"),
    "a relationship": ((*P, 0, "relationships", 0), "schema.0.properties.0.relationships.0"),
    "a property of a column": ((*P, 3, "customProperties", 0), "schema.0.properties.3.customProperties.0"),
    "a service level": (("slaProperties", 0), "slaProperties.0"),
}


@pytest.mark.parametrize(("steps", "place"), LEVELS.values(), ids=LEVELS.keys())
def test_an_unknown_key_is_told_at_every_level(write, steps, place):
    def whole(document):
        quality = {"metric": "invalidValues", "mustBe": 0, "arguments": {"validValues": ["a"]}}
        column(document).update(quality=[quality], relationships=[{"type": "foreignKey", "to": "members.number"}])

    def change(document):
        whole(document)
        put("blue", *steps, "colour")(document)

    load_contract(write(whole))
    with pytest.raises(ExpectationsError, match="colour") as told:
        load_contract(write(change))
    assert told.value.place in (place, f"{place}.colour")


# YAML that is not what it should be: (text, place, problem)
YAML = {
    "a tab": ("kind:\n\tname: x\n", "line 2, column 1", "cannot start any token"),
    "a bracket left open": ("a: [1, 2\nb: 3\n", "line 2, column 2", "expected"),
    "a key twice": ("a: 1\nb: {c: 1, c: 2}\n", "line 2, column 11", "key 'c' stands twice"),
    "a key that is a list": ("? [a, b]\n: 1\n", "line 1, column 3", "key is no word"),
    "a key that is a number": ("5: x\n", "line 1, column 1", "key is no word"),
    "nothing": ("", "", "holds no mapping"),
    "a list": ("- a\n", "", "holds no mapping"),
    "two documents": ("a: 1\n---\nb: 1\n", "line 2, column 1", "another document"),
    "a tag": ("a: !!python/object/apply:os.system [ls]\n", "line 1, column 4", "is a tag to YAML"),
    "a control character": ("a: \0\n", "line 1, column 4", "control characters are not allowed"),
    "an alias": ("a: 1\nc: *a\n", "line 2, column 4", "aliases are not allowed"),
    "an anchor": ("a: &a {b: 1}\nc: 1\n", "line 1, column 4", "is an anchor to YAML"),
    "a merge": ("a: 1\nc: {<<: *a}\n", "line 2, column 9", "aliases are not allowed"),
    "a billion laughs": (
        "a: &a [x,x]\n"
        + "".join(f"{b}: &{b} [{','.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)),
        "line 1, column 4",
        "is an anchor to YAML",
    ),
    "brackets without end": ("[" * 100_000, "line 1, column 51", "nested too deeply"),
    "mappings without end": ("{a: " * 5_000, "line 1, column 201", "nested too deeply"),
}


@pytest.mark.parametrize(("text", "place", "problem"), YAML.values(), ids=YAML.keys())
def test_broken_yaml_is_told_with_line_and_column(tmp_path, text, place, problem):
    path = tmp_path / "a.odcs.yaml"
    path.write_text(text)
    with pytest.raises(ExpectationsError, match=problem) as told:
        load_contract(path)
    assert (told.value.file, told.value.place, bool(told.value.remedy)) == (str(path), place, True)


def test_a_contract_in_another_encoding_or_none_at_all_is_told(tmp_path):
    path = tmp_path / "a.odcs.yaml"
    with pytest.raises(ExpectationsError, match="file not found"):
        load_contract(path)
    path.write_bytes("Päättyi".encode("cp1252"))
    with pytest.raises(ExpectationsError, match="cannot be read.*\n.*save it as UTF-8"):
        load_contract(path)
    with pytest.raises(ExpectationsError, match="no contracts found"):
        load_contracts(tmp_path / "nowhere")


# Contracts together


def other(**changes):
    """A change that makes SMALL another contract, and then some."""

    def change(document):
        put("guests", *T, "name")(document)
        put("guests.csv", *T, "physicalName")(document)
        document.update(id="club.guests", slaProperties=[])
        for steps, value in changes.items():
            put(value, *T, steps)(document)
        document["id"] = f"{document['domain']}.{table(document)['name']}"

    return change


def test_a_file_of_the_controllers_own_that_an_export_describes_already_is_told(tmp_path):
    folder = little.expectations(tmp_path)
    (folder / "own.odcs.yaml").write_bytes((folder / "contracts" / "vesikanta.claims.odcs.yaml").read_bytes())
    with pytest.raises(ExpectationsError, match="dataset 'claims' is also described in vesikanta.claims.odcs.yaml"):
        load(folder)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (other(name="members"), "dataset 'members' is also described in a.odcs.yaml"),
        (other(physicalName="members.csv"), "file 'members.csv' is also described"),
        (other(physicalName="Members.CSV"), "file '[mM]embers.(csv|CSV)' is also described"),
    ],
)
def test_two_contracts_for_one_dataset_or_file_are_told(write, tmp_path, change, problem):
    write(lambda document: None, "b.odcs.yaml")
    write(change, "a.odcs.yaml")
    with pytest.raises(ExpectationsError, match=problem):
        load_contracts(tmp_path)


@pytest.mark.parametrize("to", ["guests.nothing", "nobody.number"])
def test_a_relationship_to_nowhere_is_told(write, tmp_path, to):
    write(put([{"type": "foreignKey", "to": to}], *P, 1, "relationships"))
    write(other(), "guests.odcs.yaml")
    with pytest.raises(ExpectationsError, match=f"relationship to {to}, which no contract declares") as told:
        load_contracts(tmp_path)
    assert told.value.place == "column since"


def test_a_relationship_to_another_contracts_column_is_fine(write, tmp_path):
    write(put([{"type": "foreignKey", "to": "guests.number"}], *P, 0, "relationships"))
    write(other(), "guests.odcs.yaml")
    assert load_contracts(tmp_path)[1].columns[0].references == ("guests", "number")
