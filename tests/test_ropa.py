"""The record of processing activities: what it says, its forms, its terms, and what changed since the period before."""

from __future__ import annotations

import copy
import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
import rdflib
import worlds
from pyshacl import validate
from worlds import BEFORE, EXPECTATIONS, PERIOD, SAMPLES, expectations

from pipelines.errors import ExpectationsError
from pipelines.expectations.notice import LANGUAGES
from pipelines.language.languages import language as language_of
from pipelines.language.vocabulary import PREFIXES, terms
from pipelines.record import collect as ropa
from pipelines.record import files as ropa_files
from pipelines.record import jsonld as ropa_jsonld
from pipelines.record import sections as ropa_sections
from pipelines.record.drift import drift
from pipelines.registry import build as registry

SHAPES = Path(ropa.__file__).parent / "data" / "ropa_shapes.ttl"
PERSONAL = "('pd:Name', 'pd:TelephoneNumber', 'pd:EmailAddress', 'pd:OfficialID', 'pd:BankAccount')"


@pytest.fixture(scope="module")
def records() -> dict[str, dict]:
    """The samples' record of each of two periods; nothing but the retention rule's findings is asked of the rules."""
    found = {}
    for period in (BEFORE, PERIOD):
        with worlds.judged(SAMPLES / "exports", period) as world:
            world.findings("past-retention")
            found[period] = ropa.collect(world.connection, world.opened(period))
            found["personal", period] = [
                value
                for (value,) in world.connection.execute(
                    f"select distinct value from registry.subject_attributes where kind in {PERSONAL}"
                    " and dataset in ('customers', 'user_accounts') and length(value) > 5 and value <> 'ei ole'"
                ).fetchall()
            ]
    return found


@pytest.fixture(scope="module")
def record(records) -> dict:
    return records[PERIOD]


# What it says (art. 30(1) (a) to (g))


def test_it_names_controller_contact_and_officer(record):
    assert record["controller"] == "Kauhajoen Vesihuolto Oy"
    assert record["contact"] and set(record["officer"]) == set(LANGUAGES)


def test_every_purpose_of_a_contract_with_personal_data_is_an_activity_on_a_legal_basis(record):
    declared = {one.purpose for one in expectations().contracts if any(column.personal for column in one.columns)}
    assert {each["purpose"] for each in record["activities"]} == declared
    for each in record["activities"]:
        assert each["legal_bases"] and each["categories"], each["purpose"]


def test_declared_stands_beside_observed(record):
    customers = next(each for each in record["datasets"] if each["dataset"] == "customers")
    names = next(each for each in customers["categories"] if each["category"] == "pd:Name")
    assert names["columns"] == ["name"] and 0 < names["values"] <= customers["records"] == 400
    assert customers["undeclared"] == ["column 12"]
    consents = next(each for each in record["datasets"] if each["dataset"] == "consents")
    assert consents["records"] is None and {each["values"] for each in consents["categories"]} == {None}


def test_processors_are_the_declared_ones_and_those_that_the_register_shows(record):
    by_name = {each["supplier"]: each for each in record["processors"]}
    assert by_name["Keypro Oy"] | {"service": ""} == {
        "supplier": "Keypro Oy",
        "service": "",
        "declared": True,
        "observed": True,
        "in_force": True,
    }
    assert not by_name["Testitalo Oy"]["declared"]
    assert not by_name["Viestipalvelu Kaiku Oy"]["in_force"]  # its agreement ended on 31 March


def test_every_class_of_the_schedule_has_its_time_limit_and_what_is_past_it(record):
    schedule = expectations().schedule
    by_class = {each["class"]: each for each in record["erasure"]}
    assert set(by_class) == {one.id for one in (*schedule.classes, schedule.subject)}
    assert by_class["vesikanta.invoices"]["period"] == "P6Y"
    assert by_class["paper.agreements"]["period"] == ""
    assert sum(each["past"] for each in record["erasure"]) > 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_workbench_itself_holds_and_how_long_is_in_it(record, language):
    assert record["workbench"] == {"periods_kept": expectations().controller.periods_kept}
    _ = language_of(language).gettext
    title = _("What the review tool itself holds")
    section = next(one for one in ropa_sections.sections(record, None, language) if one.title == title)
    assert len(section.rows) == 4 and section.lines == (_("Its databases are encrypted."),)
    assert "2" in section.rows[0][1]
    assert all(cell and "workbench" not in cell for row in section.rows for cell in row)  # a word for every key


def test_another_number_of_periods_kept_is_a_change(records):
    before, now = (copy.deepcopy(records[period]) for period in (BEFORE, PERIOD))
    now["workbench"]["periods_kept"] = 3
    assert ("workbench", "periods kept", "changed", "2", "3") in drift(before, now)
    del before["workbench"]  # kept by an earlier version
    assert ("workbench", "periods kept", "added", "", "3") in drift(before, now)


# Its forms


@pytest.fixture(scope="module")
def files(records, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("ropa")
    ropa_files.write(records[PERIOD], drift(records[BEFORE], records[PERIOD]), folder)
    return folder


def test_it_comes_as_html_and_pdf_in_three_languages_as_workbook_and_as_json_ld(files):
    pages = {f"ropa.{language}.{kind}" for language in LANGUAGES for kind in ("html", "pdf")}
    assert {path.name for path in files.iterdir()} == pages | {"ropa.xlsx", "ropa.jsonld"}


def test_the_same_record_gives_the_same_bytes(records, files, tmp_path):
    ropa_files.write(records[PERIOD], drift(records[BEFORE], records[PERIOD]), tmp_path)
    for path in files.iterdir():
        assert (tmp_path / path.name).read_bytes() == path.read_bytes(), path.name


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_in_its_language_and_refers_to_nothing_outside(files, language):
    page = (files / f"ropa.{language}.html").read_text("utf-8")
    for text in (
        "Record of processing activities",
        "Purposes of processing",
        "Categories of personal data",
        "Processors",
        "Transfers to third countries",
        "Time limits for erasure",
        "Security measures",
        "Changes since the last period",
    ):
        assert language_of(language).gettext(text) in page
    assert f'<html lang="{language}">' in page
    assert not any(mark in page for mark in ("<script", "<link", "src=", "http:", "https:"))


def test_no_form_holds_a_personal_value(records, files):
    book = zipfile.ZipFile(files / "ropa.xlsx")
    texts = [path.read_text("utf-8") for path in files.glob("*.html")] + [(files / "ropa.jsonld").read_text("utf-8")]
    texts += [book.read(name).decode() for name in book.namelist() if name.endswith(".xml")]
    assert not [value for value in records["personal", PERIOD] if any(value in text for text in texts)]


def test_a_cell_is_never_a_formula(record):
    spoilt = copy.deepcopy(record)
    spoilt["processors"][0]["service"] = "=1+1"
    documents = {"en": ropa_sections.sections(spoilt, None, "en")}
    book = zipfile.ZipFile(io.BytesIO(ropa_files.xlsx(spoilt, documents)))
    assert "<f>" not in book.read("xl/worksheets/sheet1.xml").decode()


def test_markup_in_a_name_is_only_text(record):
    spoilt = record | {"controller": "<b>Oy</b>"}
    assert "<b>" not in ropa_files.html(spoilt, ropa_sections.sections(spoilt, None, "en"), "en")


@pytest.mark.parametrize(
    ("period", "words"),
    [("P6Y", "6 years"), ("P1Y", "1 year"), ("P12M", "1 year"), ("P1Y6M", "1 year 6 months"), ("P30D", "30 days"),
     ("", "until further notice")],
)  # fmt: skip
def test_a_period_is_said_in_words(period, words):
    assert ropa_sections.duration(period, language_of("en")) == words


# JSON-LD in terms of the Data Privacy Vocabulary


def graph_of(record: dict) -> rdflib.Graph:
    return rdflib.Graph().parse(data=json.dumps(ropa_jsonld.jsonld(record)), format="json-ld")


def test_the_json_ld_says_what_the_record_says(record):
    graph, dpv = graph_of(record), rdflib.Namespace(PREFIXES["dpv"])
    assert len(list(graph.subjects(rdflib.RDF.type, dpv.DataProcessingRecord))) == 1
    purposes = {str(each).removeprefix(PREFIXES["dpv"]) for each in graph.objects(None, dpv.hasPurpose)}
    assert purposes == {each["purpose"].removeprefix("dpv:") for each in record["activities"]}


def test_every_term_of_the_json_ld_is_one_of_the_vocabulary(record):
    used = set()
    for triple in graph_of(record):
        for node in triple:
            for prefix in ("dpv", "pd", "eu-gdpr"):
                if str(node).startswith(PREFIXES[prefix]):
                    used.add(f"{prefix}:{str(node).removeprefix(PREFIXES[prefix])}")
    # `pd` and `eu-gdpr` lie below `dpv`, with a path before the hash.
    assert used and used <= terms().keys()


def test_the_json_ld_satisfies_the_shapes(record):
    conforms, _, report = validate(graph_of(record), shacl_graph=str(SHAPES), shacl_graph_format="turtle")
    assert conforms, report


@pytest.mark.parametrize(
    "spoil",
    [
        lambda record: record["activities"][0].update(legal_bases=[]),
        lambda record: record["activities"][0].update(categories=[]),
        lambda record: record.update(controller=""),
        lambda record: record.update(activities=[]),
        lambda record: record.update(measures=[]),
        lambda record: record.update(period="last-spring"),
        lambda record: [each.update(mandate="") for each in record["erasure"]] and None,
    ],
    ids=["no legal basis", "no categories", "no controller", "no activity", "no measure", "no date", "no mandate"],
)
def test_a_record_that_lacks_something_does_not_satisfy_them(record, spoil):
    spoilt = copy.deepcopy(record)
    spoil(spoilt)
    conforms, _, _ = validate(graph_of(spoilt), shacl_graph=str(SHAPES), shacl_graph_format="turtle")
    assert not conforms


def test_every_term_of_contracts_controller_and_notice_exists_and_is_of_its_kind():
    loaded = expectations()
    for contract in (*loaded.contracts, *loaded.own):
        assert "Purpose" in terms()[contract.purpose].kinds, contract.id
        assert not contract.data_subject or "HumanSubject" in terms()[contract.data_subject].kinds
        for column in contract.columns:
            for category in column.categories:
                assert "PersonalData" in terms()[category].kinds, (contract.id, column.name)
    assert set(registry.NORMAL_FORMS) <= terms().keys()
    bases = loaded.controller.record["legal_bases"]
    assert all("LegalBasis" in terms()[term].kinds for terms_ in bases.values() for term in terms_)
    says = loaded.notice.says
    assert {*says["purposes"], *says["categories"], *bases} <= terms().keys()


@pytest.mark.parametrize(("term", "problem"), [("dpv:Watering", "no term"), ("pd:Name", "is no Purpose")])
def test_a_term_that_the_vocabulary_does_not_know_is_told(record, term, problem):
    spoilt = copy.deepcopy(record)
    spoilt["activities"][0]["purpose"] = term
    with pytest.raises(ExpectationsError, match=problem):
        ropa.check_terms(spoilt, EXPECTATIONS)


# What changed


def test_drift_says_what_came_went_and_changed(record):
    now = copy.deepcopy(record)
    now["activities"] = [each for each in now["activities"] if each["purpose"] != "dpv:CustomerClaimsManagement"]
    now["processors"].append(
        {"supplier": "Uusi Oy", "service": "", "declared": False, "observed": True, "in_force": False}
    )
    now["erasure"][0]["period"] = "P7Y"
    assert drift(record, now) == [
        ("activities", "dpv:CustomerClaimsManagement", "removed", "eu-gdpr:A6-1-b, eu-gdpr:A6-1-f", ""),
        ("erasure", record["erasure"][0]["class"], "changed", "P6Y", "P7Y"),
        ("processors", "Uusi Oy", "added", "", "none in force"),
    ]
    assert drift(record, record) == []
    assert drift(None, record) is None


def test_the_samples_drift_in_what_they_were_made_to(records):
    changes = {
        (section, item): (kind, before, now)
        for section, item, kind, before, now in drift(records[BEFORE], records[PERIOD])
    }
    assert changes["undeclared", "customers: column 12"][0] == "added"
    assert changes["processors", "Viestipalvelu Kaiku Oy"] == ("changed", "in force", "none in force")
    assert changes["dataset", "consents"][2] == "not exported"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("changes", "text"), [(None, "There is no earlier period to compare with."), ([], "Nothing changed.")]
)
def test_without_a_difference_it_says_so(record, language, changes, text):
    assert ropa_sections.sections(record, changes, language)[-1].lines == (language_of(language).gettext(text),)


# Other controllers


def test_a_controller_that_says_nothing_more_still_has_a_record(tmp_path):
    loaded = expectations()
    controller = replace(loaded.controller, record={})
    bare = replace(loaded, controller=controller, notice=None)
    with worlds.judged(SAMPLES / "exports", PERIOD) as world:
        world.findings("past-retention")
        record = ropa.collect(world.connection, world.opened(PERIOD, bare))
    assert record["processors"] == [] and record["activities"]
    assert ropa_files.write(record, None, tmp_path)
