"""What may not be the person's to see waits for the officer's word, field by field; without it nothing of it goes out."""

import csv
import html
import io
import json
import re
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
import worlds
from pypdf import PdfReader
from subject_homes import answered
from test_subject import MAIJA, WORLD
from typer.testing import CliRunner

from pipelines import person as subject
from pipelines.commands.main import app
from pipelines.errors import UnknownError, VahtiError
from pipelines.home import store
from pipelines.ledger import journal
from pipelines.person import holding, log, redact, spots

HOLDS = """
    hold_id | system | dataset | customer_number | reason                | from_date | until_date
    H1      | .      | .       | A1              | riita naapurin kanssa | 1.6.2026  | .
"""
WHY = "access request"
# What waits of A1: two names of others, another's number, a text that nobody has read, the reason of a hold.
WAITING = {
    ("customers/A1", "notes"), ("ledger/T1C", "name"), ("messages/V3", "phone"), ("messages/V1", "text"), ("messages/V3", "text"),
    ("holds/H1", "reason"),
}  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return answered(tmp_path_factory.mktemp("world"), **WORLD, holds=HOLDS)


@pytest.fixture
def home(made, tmp_path):
    return Path(shutil.copytree(made, tmp_path / "home"))


@pytest.fixture
def place(home):
    with subject.at(home, worlds.expectations()) as opened:
        yield opened


def package(place, folder: Path, **options) -> tuple[dict, dict, str]:
    """(values by record and field, certificate, the letter's text) of an answer to A1 in English."""
    subject.package(place, "A1", folder, why=WHY, language="en", leave_offers_open=True, **options)
    records = json.loads((folder / "records.json").read_text("utf-8"))
    values = {
        (f"{row['dataset']}/{row['record_key']}", field): value
        for row in records
        for field, value in row["values"].items()
    }
    page = re.sub(r"<style>.*?</style>|<[^>]+>", " ", (folder / "letter.html").read_text("utf-8"), flags=re.S)
    return values, json.loads((folder / "certificate.json").read_text("utf-8")), " ".join(html.unescape(page).split())


def decide(place, record: str, field: str, answer: str) -> None:
    subject.redact_field(place, "A1", record, field, answer, why="weighed with the officer", by="Officer")


def test_what_nobody_has_decided_stays_out_and_the_letter_is_a_draft_that_says_so(place, tmp_path):
    values, certificate, letter = package(place, tmp_path / "out")
    waiting = {(f"{row['dataset']}/{row['record_key']}", row["field"]) for row in certificate["redactions_waiting"]}
    assert waiting == WAITING
    assert values["ledger/T1C", "name"] == f"Virtanen Matti & {redact.Mark.NAME}"
    assert values["messages/V3", "phone"] == redact.Mark.DATA and values["holds/H1", "reason"] == redact.Mark.WAITING
    assert "Draft: not to be sent yet" in letter and f"wait for a decision: {len(WAITING)}" in letter
    assert f"not in this copy yet, is the content of fields: {len(WAITING)}" in letter


def test_a_text_that_nobody_has_read_is_in_no_file_that_goes_out(place, tmp_path):
    package(place, tmp_path / "out")
    files = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    said = {name: data.decode("utf-8") for name, data in files.items() if not name.endswith((".pdf", ".docx"))}
    said["letter.pdf"] = " ".join(page.extract_text() for page in PdfReader(tmp_path / "out" / "letter.pdf").pages)
    with zipfile.ZipFile(tmp_path / "out" / "letter.docx") as document:
        said["letter.docx"] = document.read("word/document.xml").decode("utf-8")
    assert said.keys() == files.keys() - {"certificate.pdf"}
    assert [name for name, text in said.items() if "Vesi poikki" in text or "Vaimo" in text] == []
    waiting = {name for name, text in said.items() if "not decided yet" in " ".join(text.split())}
    assert waiting >= {"letter.html", "letter.pdf", "letter.docx", "records.json", "records.csv"}


def test_the_preview_is_the_letter_that_would_go_out_with_what_was_said_of_each_value(place, tmp_path):
    decide(place, "messages/V3", "text", "release")
    decide(place, "messages/V1", "text", "withhold")
    decide(place, "customers/A1", "notes", "redact")
    letter = subject.preview(place, "A1", why=WHY, language="en")
    marked = [
        (word, value)
        for _, entries in letter.copy
        for entry in entries
        for (_, value), word in zip(entry.values, entry.words, strict=True)
        if word
    ]
    assert len(marked) == len(WAITING) and ("release", "Vesi poikki.") in marked
    assert ("withhold", "[redacted: withheld]") in marked and [word for word, _ in marked].count("waiting") == 3
    assert ("redact", "Vaimo [redacted: an identity code], puh. [redacted: a phone number]") in marked
    _, _, page = package(place, tmp_path / "out")
    assert all(value in page for _, value in marked)
    with pytest.raises(VahtiError, match="stated reason"):
        subject.preview(place, "A1", why=" ")
    assert [entry["why"] for entry in log.entries(place.home) if entry["what"] == "preview"] == [WHY]


def test_decided_it_goes_out_or_not_and_the_letter_can_be_sent(place, tmp_path):
    decide(place, "ledger/T1C", "name", "release")
    decide(place, "messages/V3", "phone", "redact")
    decide(place, "messages/V3", "text", "release")
    decide(place, "messages/V1", "text", "withhold")
    decide(place, "holds/H1", "reason", "redact")
    decide(place, "customers/A1", "notes", "release")
    values, certificate, letter = package(place, tmp_path / "out")
    assert (
        values["ledger/T1C", "name"] == "Virtanen Matti ja Maija" and values["messages/V3", "phone"] == redact.Mark.DATA
    )
    assert values["messages/V1", "text"] == redact.Mark.WITHHELD and values["messages/V3", "text"] == "Vesi poikki."
    assert values["holds/H1", "reason"] == redact.Mark.WITHHELD and "Draft" not in letter
    assert values["customers/A1", "notes"] == f"Vaimo {redact.Mark.CODE}, puh. 050 765 4321", "a code never goes out"
    assert certificate["redactions_waiting"] == [] and certificate["free_text_to_be_read_before_sending"] == []
    assert {row["answer"] for row in certificate["redactions_decided"]} == {"release", "redact", "withhold"}
    everything = "".join(
        path.read_text("utf-8") for path in (tmp_path / "out").iterdir() if path.suffix in (".json", ".csv", ".html")
    )
    assert MAIJA not in everything and "riita naapurin" not in everything


def test_a_word_taken_back_waits_again_and_another_value_is_another_place(place):
    decide(place, "ledger/T1C", "name", "release")
    decide(place, "ledger/T1C", "name", "withdrawn")
    waiting = {(record.member, spot.field) for record, spot in holding.gather(place, "A1").waiting}
    assert waiting == WAITING
    decide(place, "ledger/T1C", "name", "release")
    record = next(each for each in holding.gather(place, "A1").records if each.member == "ledger/T1C")
    own = redact.Own(frozenset(), frozenset())
    seen = spots.Seen(
        record.member,
        record.values,
        record.values | {"name": redact.Mark.NAME},
        {"name": redact.OTHERS},
        {"name": ("pd:Name",)},
    )
    assert [spot.answer for spot in spots.of(place, seen, own, "", ())] == ["release"]
    other = replace(seen, values=record.values | {"name": "Virtanen Matti ja Liisa"})
    assert [spot.answer for spot in spots.of(place, other, own, "", ())] == [""], "nobody has seen this one"


def test_the_list_is_masked_and_values_want_a_reason(place):
    shown = subject.redactions(place, "A1")
    assert {(row.record, row.field) for row in shown.itertuples()} == WAITING
    assert not any("Maija" in str(value) or "riita" in str(value) for value in shown.to_numpy().ravel())
    with pytest.raises(VahtiError, match="stated reason"):
        subject.redactions(place, "A1", reveal=True)
    values = subject.redactions(place, "A1", reveal=True, why=WHY).set_index("record")
    assert values.loc["holds/H1", "as_it_stands"] == "riita naapurin kanssa"
    assert values.loc["holds/H1", "as_it_goes_out"] == redact.Mark.WAITING
    assert not [entry for entry in log.entries(place.home) if "riita" in json.dumps(entry)]


@pytest.mark.parametrize(
    ("record", "field", "answer", "why", "fault"),
    [
        ("ledger/T1C", "name", "perhaps", "x", UnknownError),
        ("ledger/T1C", "amount", "release", "x", UnknownError),
        ("ledger/none", "name", "release", "x", UnknownError),
        ("ledger/T1C", "name", "release", " ", VahtiError),
        ("ledger/T1C", "name", "release", "Virtanen Matti 010170-900X", VahtiError),
    ],
)
def test_a_word_on_nothing_or_without_a_reason_is_refused_and_keeps_nothing(place, record, field, answer, why, fault):
    before = len(journal.entries(place.home))
    with pytest.raises(fault) as caught:
        subject.redact_field(place, "A1", record, field, answer, why=why)
    assert caught.value.remedy and len(journal.entries(place.home)) == before


def test_the_journal_and_the_log_have_every_word_with_day_name_and_reason(place):
    decide(place, "ledger/T1C", "name", "release")
    decide(place, "ledger/T1C", "name", "withdrawn")
    kept = [row for row in journal.entries(place.home) if row["what"].startswith("redaction")]
    assert [row["what"] for row in kept] == ["redaction release", "redaction withdrawn"] or [
        row["what"] for row in kept
    ] == ["redaction withdrawn", "redaction release"]
    assert {(row["decided_by"], row["reason"]) for row in kept} == {("Officer", "weighed with the officer")}
    assert all(row["decided_on"] for row in kept)
    assert [entry["answer"] for entry in log.entries(place.home) if entry["what"] == "redaction"] == [
        "release",
        "withdrawn",
    ]


def test_by_command_it_is_listed_decided_and_told(home, tmp_path):
    def run(*words: object):
        return CliRunner().invoke(app, ["subject", *map(str, words), "--customer", "A1", "--home", str(home)])

    listed = run("redactions")
    assert listed.exit_code == 0 and f"{len(WAITING)} of {len(WAITING)} wait for a decision" in listed.output
    assert "Maija" not in listed.output
    assert "ja Maija" in run("redactions", "--reveal", "--reason", WHY).output
    assert "Kept: ledger/T1C name: release" in run("redact", "ledger/T1C", "name", "release", "--reason", WHY).output
    assert f"{len(WAITING) - 1} of {len(WAITING)} wait for a decision" in run("redactions").output
    made = run("--package", tmp_path / "out", "--reason", WHY, "--leave-offers-open")
    assert "wait for your word, vahti subject redactions" in made.output and store.open_existing(home)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["Certificate of a search", "What waits for a decision", "customer A1", "Nothing."]),
        ("fi", ["Todistus", "Mikä odottaa ratkaisua", "Tositteen päivä"]),
        ("sv", ["Intyg", "Vad som väntar på beslut", "Verifikationsdatum"]),
    ],
)
def test_the_certificate_is_readable_by_people_and_fields_have_names(place, tmp_path, language, words):
    subject.package(place, "A1", tmp_path / "out", why=WHY, language=language)
    page = html.unescape(re.sub(r"<[^>]+>", " ", (tmp_path / "out" / "certificate.html").read_text("utf-8")))
    pdf = " ".join(page.extract_text() for page in PdfReader(tmp_path / "out" / "certificate.pdf").pages)
    rows = list(csv.DictReader(io.StringIO((tmp_path / "out" / "records.csv").read_text("utf-8"))))
    named = {row["field"]: row["field_in_words"] for row in rows}
    records = json.loads((tmp_path / "out" / "records.json").read_text("utf-8"))
    assert [text for text in words[:2] if text not in page or " ".join(text.split()) not in " ".join(pdf.split())] == []
    assert all(row["dataset_in_words"] and "_" not in row["field_in_words"] for row in rows)
    assert all(set(record["fields_in_words"]) == set(record["values"]) for record in records)
    assert named["personal_identity_code"] and (language == "en" or named["name"] != "name")
