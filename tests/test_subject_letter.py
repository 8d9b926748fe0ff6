"""The answer to a person as a letter that could be sent: from whom and to whom, all that art. 15 asks, data in words."""

import datetime as dt
import html
import io
import re
from dataclasses import replace
from pathlib import Path

import pytest
import worlds
from docx import Document
from pypdf import PdfReader
from subject_homes import answered, home_of
from test_subject import WORLD

from pipelines import person as subject
from pipelines import word
from pipelines.errors import ExpectationsError
from pipelines.expectations.load import load
from pipelines.person import settings, wording

# Art. 15(1)(a) to (h), and 15(2); in the order of the letter.
ASKED = {
    "en": ["What we use the data for", "What kinds of data", "Who receives it", "How long we keep it", "Your rights",
           "Your right to complain", "Where the data comes from", "Automated decisions", "Transfers outside the EU"],
    "fi": ["Mihin tietoja käytetään", "Millaisia tietoja", "Kenelle tietoja annetaan", "Kuinka kauan tietoja säilytetään", "Oikeutesi",
           "Oikeutesi tehdä valitus", "Mistä tiedot on saatu", "Automaattiset päätökset", "Tietojen siirto EU:n"],
    "sv": ["Vad uppgifterna används till", "Vilka slags uppgifter", "Vem som får uppgifterna", "Hur länge vi bevarar dem",
           "Dina rättigheter", "Din rätt att klaga", "Varifrån uppgifterna kommer", "Automatiserade beslut", "Överföring till länder"],
}  # fmt: skip
HEAD = {
    "en": ["Date: 30.6.2026", "Request: TP1", "Business ID: 0000000-0", "Yours sincerely", "Managing Director"],
    "fi": ["Päiväys: 30.6.2026", "Pyyntö: TP1", "Y-tunnus: 0000000-0", "Ystävällisin terveisin", "toimitusjohtaja"],
    "sv": ["Datum: 30.6.2026", "Begäran: TP1", "FO-nummer: 0000000-0", "Med vänlig hälsning", "verkställande direktör"],
}


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    made = answered(tmp_path_factory.mktemp("world"), **WORLD)
    with subject.at(made, worlds.expectations()) as place:
        for number in ("A1", "A2"):
            for row in subject.redactions(place, number).itertuples():
                subject.redact_field(place, number, row.record, row.field, "redact", why="read for the answer")
    return made


@pytest.fixture
def place(home):
    with subject.at(home, worlds.expectations()) as opened:
        yield opened


def texts(folder: Path) -> dict[str, str]:
    """The letter's text by form; blanks and line breaks are one space."""
    document = Document(io.BytesIO((folder / "letter.docx").read_bytes()))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    page = re.sub(r"<style>.*?</style>|<[^>]+>", " ", (folder / "letter.html").read_text("utf-8"), flags=re.S)
    found = {
        "docx": " ".join([*(paragraph.text for paragraph in document.paragraphs), *cells]),
        "html": html.unescape(page),
        "pdf": " ".join(page.extract_text() for page in PdfReader(folder / "letter.pdf").pages),
    }
    return {form: " ".join(text.split()) for form, text in found.items()}


@pytest.mark.parametrize("language", ASKED)
def test_every_form_of_it_says_who_writes_to_whom_and_all_that_is_asked(place, tmp_path, language):
    subject.package(place, "A1", tmp_path / "out", request="TP1", why="request TP1", language=language)
    to_whom = ["Kauhajoen Vesihuolto Oy", "Esimerkkikatu 1", "Virtanen Matti", "Topeekantie 3", "61800 KAUHAJOKI"]
    for form, text in texts(tmp_path / "out").items():
        assert [
            words
            for words in (*to_whom, *HEAD[language], *ASKED[language], "PL 800" if language == "fi" else "800")
            if words not in text
        ] == [], form
        assert wording.say(language, "draft") not in text
        starts = [text.index(heading) for heading in ASKED[language]]
        assert starts == sorted(starts)


@pytest.mark.parametrize("language", ASKED)
def test_nothing_in_it_is_a_raw_name_a_code_or_a_day_of_a_program(place, tmp_path, language):
    subject.package(place, "A1", tmp_path / "out", request="TP1", why="request TP1", language=language)
    for form, text in texts(tmp_path / "out").items():
        text = text.replace("records.json", "").replace("portable.json", "").replace("_" * 40, "")
        assert (
            re.findall(
                r"\d{4}-\d\d-\d\d|\b[a-z]+_[a-z_]+\b|\b(?:dpv|pd|eu-gdpr):\w+|\bP\d+[YMD]\b|\bTrue\b|\bNone\b", text
            )
            == []
        ), form


def test_what_the_controller_does_not_say_is_named_and_the_letter_a_draft(place, tmp_path):
    bare = replace(place.access, sender={}, automated={}, transfers={}, authority={})
    place.__dict__["access"] = bare
    made = subject.package(place, "A1", tmp_path / "out", why="access request", language="en")
    lacking = [
        "the controller's address",
        "the controller's business ID",
        "the contact details of the data protection officer",
        "the supervisory authority and its address",
        "whether decisions are made by automated means",
        "whether data goes to countries outside the EU",
        "who signs",
    ]
    for form, text in texts(tmp_path / "out").items():
        assert text.startswith("Draft: not to be sent yet") or "Draft: not to be sent yet" in text[:200], form
        assert [words for words in lacking if f"to be completed before sending: {words}" not in text] == [], form
        assert len(made.lacks) == len(lacking)
        assert "[to be completed before sending: whether decisions are made by automated means]" in text, form


def test_a_protected_persons_address_is_not_on_the_envelope(place, tmp_path):
    subject.package(place, "A2", tmp_path / "out", why="access request", confirm_protected=True, language="en")
    letter = texts(tmp_path / "out")["docx"]
    head = letter[: letter.index("Answer to your request")]
    address = next(
        r for r in subject.reveal(place, "A2", why="access request").itertuples() if r.field == "street_address"
    )
    assert address.value not in head and "A2" in head


def test_it_is_dated_as_it_is_told_and_twice_the_same(place, tmp_path):
    for name in ("one", "two"):
        subject.package(place, "A1", tmp_path / name, why="access request", dated=dt.date(2026, 7, 3), language="fi")
    for file in ("letter.docx", "letter.pdf", "letter.html"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()
    assert "Päiväys: 3.7.2026" in texts(tmp_path / "one")["pdf"]


def test_half_a_letter_or_a_control_of_an_export_spoils_no_document():
    assert word.plain("a\ud800b\nc\x01\u202ed") == "a⟨U+D800⟩b\nc⟨U+0001⟩⟨U+202E⟩d"


@pytest.mark.parametrize(("key", "value"), [("address", "one line"), ("fax", "06"), ("officer", "a name")])
def test_a_letterhead_that_is_none_is_one_message(tmp_path, key, value):
    loaded = load(worlds.EXPECTATIONS)
    access = {**loaded.controller.access, "sender": {key: value}}
    wrong = replace(loaded, controller=replace(loaded.controller, access=access))
    with pytest.raises(ExpectationsError) as caught:
        settings.load(wrong)
    assert caught.value.place == f"access.sender.{key}" and caught.value.remedy


@pytest.mark.parametrize("keep_others", [False, True])
def test_the_reason_of_a_legal_hold_goes_out_by_the_officers_word_only(tmp_path, keep_others):
    holds = """
        hold_id | system | dataset | customer_number | reason                    | from_date | until_date
        H1      | .      | .       | A1              | riita naapurin kanssa     | 1.6.2026  | .
    """
    home = home_of(tmp_path / "held", **WORLD, holds=holds)
    with subject.at(home, worlds.expectations()) as place:
        subject.package(
            place,
            "A1",
            tmp_path / "out",
            why="access request",
            language="fi",
            keep_others=keep_others,
            leave_offers_open=True,
        )
    everything = " ".join(
        [
            *texts(tmp_path / "out").values(),
            *(
                (tmp_path / "out" / name).read_text("utf-8")
                for name in ("records.json", "records.csv", "certificate.json")
            ),
        ]
    )
    assert "H1" in everything
    assert ("riita naapurin kanssa" in everything) is keep_others
    assert ("[poistettu: asiasta ei ole vielä päätetty]" in everything) is not keep_others
