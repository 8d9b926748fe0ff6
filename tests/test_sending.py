"""Worklists handed over: the sheet in the keeper's language, the draft, what comes back in a folder, who has not answered, and the
calendar. What a sheet holds and how rows are judged is in test_worklists.py."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import io
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import icalendar
import little
import pytest
import python_calamine
import subsets
import worlds

from pipelines.errors import ExpectationsError, UnknownError, WorklistError
from pipelines.expectations.load import load
from pipelines.home import store
from pipelines.job import calendar
from pipelines.ledger import acceptances, answers, letters, reported, worklist_sheets, worklists
from pipelines.notice import attestations

WORD = "kolme pientä lintua"
PERIOD = worlds.PERIOD


@pytest.fixture(scope="module")
def taken_in(tmp_path_factory) -> Path:
    """A home with one small period of all exports."""
    with subsets.quick():
        return subsets.taken_in(tmp_path_factory.mktemp("sent"), subsets.Case("all", subsets.ALL))[0]


@pytest.fixture
def home(taken_in, tmp_path) -> store.Home:
    return store.open_existing(shutil.copytree(taken_in, tmp_path / "home"))


def sheet(home: store.Home, keeper: str = "customer-service") -> Path:
    return home.reports(PERIOD) / "worklists" / f"{keeper}.xlsx"


def cells(content: bytes) -> list[list[str]]:
    return python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def filled(content: bytes, marks_: dict[int, tuple[str, str]]) -> list[list[str]]:
    """The sheet's cells with what a keeper wrote under Done and Remark, by number of the row."""
    table = cells(content)
    top = next(place for place, row in enumerate(table) if "Fingerprint" in row)
    done, remark = (table[top].index(worklist_sheets.HEADERS[name]["fi"]) for name in ("Done", "Remark"))
    for number, (mark, text) in marks_.items():
        table[top + number][done], table[top + number][remark] = mark, text
    return table


def saved(path: Path, table: list[list[str]]) -> Path:
    """The table as a spreadsheet program saves it: XLSX, ODS or CSV with semicolons, by the name."""
    if path.suffix == ".csv":
        path.write_text("\n".join(";".join(f'"{cell}"' for cell in row) for row in table), "utf-8-sig")
    elif path.suffix == ".ods":
        path.write_bytes(ods(table))
    else:
        import xlsxwriter

        with xlsxwriter.Workbook(path) as book:
            page = book.add_worksheet()
            for line, row in enumerate(table):
                page.write_row(line, 0, row)
    return path


def ods(table: list[list[str]]) -> bytes:
    """An OpenDocument spreadsheet of texts."""
    from xml.sax.saxutils import escape

    def cell(text: str) -> str:
        return f'<table:table-cell office:value-type="string"><text:p>{escape(text)}</text:p></table:table-cell>'

    rows = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in table)
    names = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text", "manifest")
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("mimetype", kind)
        entry = f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
        archive.writestr("META-INF/manifest.xml", f"<manifest:manifest {names}>{entry}</manifest:manifest>")
        archive.writestr(
            "content.xml",
            f"<office:document-content {names}><office:body><office:spreadsheet><table:table table:name='1'>{rows}"
            "</table:table></office:spreadsheet></office:body></office:document-content>",
        )
    return target.getvalue()


def answer(home: store.Home, keeper: str = "customer service") -> answers.Answer:
    return next(each for each in answers.answered(home) if each.keeper == keeper)


# The sheet


@pytest.mark.parametrize("code", ["en", "fi", "sv"])
def test_a_sheet_speaks_its_keepers_language_and_says_what_to_do_by_when_and_whom_to_ask(home, code):
    from pipelines.language import languages
    from pipelines.ledger import worklists

    with store.reading(home, PERIOD) as connection:
        to = worklists.handing(connection, "customer service")
        assert (to.speech.code, to.return_by, to.email) == (
            "fi",
            dt.date(2026, 7, 14),
            "asiakaspalvelu@vesihuolto.example",
        )
        rows = worklists.entries(connection, "customer service")
        spoken = worklist_sheets.Handing(
            to.controller, to.keeper, worklists.spoken(connection, code), to.return_by, "N. N."
        )
    table = cells(worklist_sheets.workbook(spoken, rows))
    text = "\n".join(map(str, table[: len(worklist_sheets.introduction(spoken)) + 1]))
    yes, no = worklist_sheets.YES_NO[code]
    day = languages.language(code).day(spoken.return_by)
    assert all(word in text for word in (f"{yes} = ", f"{no} = ", day, "N. N.", to.controller))
    body = table[len(worklist_sheets.introduction(spoken)) + 2 :]
    assert body[0] == [worklist_sheets.HEADERS[name][code] for name in worklist_sheets.WIDTHS]
    assert len(body) == len(rows) + 1 and [row[0] for row in body[1:]] == [row[-2] for row in body[1:]]
    if code != "en":
        seen = {cell for row in table for cell in row[:10]}
        assert not seen & {"customers", "messages", "missing-export", "What is wrong", "high"}
        assert not any(row["title"] in seen or row["todo"] in seen for row in rows)


def test_a_sheet_is_protected_prints_landscape_and_hides_what_only_the_reader_needs(home):
    with zipfile.ZipFile(sheet(home)) as book:
        page, names = book.read("xl/worksheets/sheet1.xml").decode(), book.read("xl/workbook.xml").decode()
    assert "<sheetProtection" in page and 'orientation="landscape"' in page and 'paperSize="9"' in page
    assert 'fitToHeight="0"' in page and "_xlnm.Print_Titles" in names and "_xlnm.Print_Area" in names
    assert page.count('hidden="1"') == len(worklist_sheets.HIDDEN)
    assert "<dataValidation " in page and "K,E" in page


def test_a_row_sorted_apart_from_its_fingerprint_shows_by_its_number(home, tmp_path):
    table = filled(sheet(home).read_bytes(), {1: ("K", ""), 2: ("E", "")})
    top = next(place for place, row in enumerate(table) if "Fingerprint" in row)
    for row in (table[top + 1], table[top + 2]):
        row[2] = "same"  # the same record, so that only the number tells
    table[top + 1][-2:], table[top + 2][-2:] = table[top + 2][-2:], table[top + 1][-2:]
    outcome = reported.import_worklist(home, saved(tmp_path / "a.xlsx", table))
    assert (outcome.done, outcome.not_done, len(outcome.questions)) == (0, 0, 2)


# The draft


def test_a_draft_has_the_sheet_encrypted_and_no_key_in_clear(home):
    import msoffcrypto

    (made,) = letters.drafts(home, keepers=["customer service"], password=WORD)
    (path,) = letters.write(home, PERIOD, [made])
    assert path.stat().st_mode & 0o777 == 0o600 and path.parent.stat().st_mode & 0o777 == 0o700
    mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert (mail["To"], mail["X-Unsent"], mail["Date"]) == ("asiakaspalvelu@vesihuolto.example", "1", None)
    assert mail["Subject"] == "Työlista 30.6.2026"
    body = mail.get_body().get_content()
    assert "salasanalla" in body and "14.7.2026" in body and WORD not in path.read_text("utf-8")
    (attached,) = mail.iter_attachments()
    assert attached.get_filename() == "asiakaspalvelu-2026-06-30.xlsx"
    content = attached.get_content()
    assert content[:2] != b"PK" and b"A1" not in content[:8]
    book, plain = msoffcrypto.OfficeFile(io.BytesIO(content)), io.BytesIO()
    book.load_key(password=WORD)
    book.decrypt(plain)
    assert cells(plain.getvalue()) == cells(sheet(home).read_bytes())


def test_a_draft_of_a_long_list_has_its_overview_and_every_sheet_each_encrypted(home, monkeypatch):
    monkeypatch.setattr(worklists, "MOST_ROWS", 1)
    (made,) = letters.drafts(home, keepers=["customer service"], password=WORD)
    mail = email.message_from_bytes(letters.message(made), policy=email.policy.default)
    names = [each.get_filename() for each in mail.iter_attachments()]
    assert names[0] == "asiakaspalvelu-2026-06-30.xlsx" and names[1].startswith("asiakaspalvelu-2026-06-30-01-")
    assert len(names) == made.rows + 1
    assert all(each.get_content()[:4] == b"\xd0\xcf\x11\xe0" for each in mail.iter_attachments())
    assert f"Ne ovat {made.rows} tiedostossa" in mail.get_body().get_content()


@pytest.mark.parametrize("word", ["", "short"])
def test_no_draft_is_written_without_a_password(home, word):
    with pytest.raises(WorklistError, match="holds keys"):
        letters.drafts(home, password=word)
    assert not (home.path / "outbox").exists()


def test_a_keeper_without_a_worklist_is_not_known(home):
    with pytest.raises(UnknownError, match="no keeper with a worklist 'custmer service'") as error:
        letters.drafts(home, keepers=["custmer service"], password=WORD)
    assert "did you mean customer service" in str(error.value)


# What comes back


@pytest.mark.parametrize("name", ["back.xlsx", "back.ods", "back.csv"])
def test_answers_come_back_half_filled_in_sorted_with_columns_moved_and_rows_gone(home, tmp_path, name):
    table = filled(
        sheet(home).read_bytes(), {1: ("K", ""), 3: ("", "kysytty 1.7."), 4: ("1.7.2026", ""), 5: ("e", "ei löydy")}
    )
    top = next(place for place, row in enumerate(table) if "Fingerprint" in row)
    head, body = table[top], table[top + 1 :]
    body = sorted([*body[:1], *body[2:6]], key=lambda row: row[3])
    order = [*range(len(head))][::-1]
    moved = [["", *(row[place] for place in order)] for row in [*table[:top], head, *body]]
    outcome = reported.import_worklist(home, saved(tmp_path / name, moved))
    assert (outcome.done, outcome.not_done, outcome.remarks, outcome.questions) == (2, 1, 2, ())
    said = answer(home)
    assert (said.done, said.not_done, said.remark, said.state) == (2, 1, 1, answers.PART)
    assert said.waiting == said.rows - 4 and said.files == (name,)


def test_a_folder_is_read_in_file_by_file_and_what_cannot_be_read_stays(home):
    there = answers.folder(home)
    there.mkdir()
    saved(there / "a.xlsx", filled(sheet(home).read_bytes(), {1: ("K", "")}))
    (there / "b.xlsx").write_bytes(b"no workbook")
    saved(there / "c.csv", filled(sheet(home, "office").read_bytes(), {1: ("E", "odottaa")}))
    (there / "~$a.xlsx").write_bytes(b"open in a program")
    (there / "notes.docx").write_bytes(b"something else")
    found = list(answers.import_folder(home, there))
    assert [(each.name, bool(each.outcome)) for each in found] == [("a.xlsx", True), ("b.xlsx", False), ("c.csv", True)]
    assert sorted(path.name for path in there.iterdir()) == ["b.xlsx", "notes.docx", "read", "~$a.xlsx"]
    assert sorted(path.name for path in (there / "read").iterdir()) == ["a.xlsx", "c.csv"]
    assert (answer(home).done, answer(home, "office").not_done) == (1, 1)
    saved(there / "a.xlsx", filled(sheet(home).read_bytes(), {2: ("K", "")}))
    list(answers.import_folder(home, there))
    assert (there / "read" / "a (2).xlsx").exists() and answer(home).done == 2


def test_who_has_not_answered_comes_first_and_is_reminded(home, tmp_path):
    office = answer(home, "office")
    everything = dict.fromkeys(range(1, office.rows + 1), ("K", ""))
    reported.import_worklist(
        home, saved(tmp_path / "office.xlsx", filled(sheet(home, "office").read_bytes(), everything))
    )
    reported.import_worklist(home, saved(tmp_path / "cs.xlsx", filled(sheet(home).read_bytes(), {1: ("K", "")})))
    found = answers.answered(home)
    assert [each.keeper for each in found][-2:] == ["customer service", "office"]
    assert {each.state for each in found[:-2]} == {answers.NOTHING}
    made = {each.keeper: each for each in letters.drafts(home, password=WORD, remind=True)}
    assert "office" not in made and "customer service" in made
    assert "Muistutus" in made["customer service"].subject
    assert f"{answer(home).waiting} riviä odottaa vielä vastaustasi" in made["customer service"].body


# The calendar


def test_the_calendar_has_every_kind_of_day_and_names_nobody(home):
    notice = load(worlds.EXPECTATIONS).notice
    word = attestations.Attestation("N24", "Managing director", dt.date(2026, 6, 30), dt.date(2027, 1, 31), "")
    attestations.give(home, notice, word)
    acceptances.accept(
        home,
        [],
        rule="missing-export" if False else "contact-mismatch",
        by="Officer",
        until=dt.date(2026, 8, 31),
        reason="the board weighs both addresses until August",
    )
    found = calendar.events(home, worlds.EXPECTATIONS)
    kinds = {event.kind for event in found}
    assert kinds >= {
        calendar.REQUEST,
        calendar.ATTESTATION,
        calendar.ACCEPTANCE,
        calendar.DISPOSAL,
        calendar.REVIEW,
        calendar.WORKLISTS,
    }
    assert [event.day for event in found if event.kind == calendar.REQUEST] == [dt.date(2026, 2, 2)]
    assert [event.day for event in found if event.kind == calendar.ATTESTATION] == [dt.date(2027, 1, 31)]
    assert all(event.day > dt.date(2026, 6, 30) for event in found if event.kind == calendar.DISPOSAL)
    ics = calendar.as_ics(found, "Kauhajoki; all, of it", dt.date(2026, 6, 30))
    assert ics == calendar.as_ics(
        calendar.events(home, worlds.EXPECTATIONS), "Kauhajoki; all, of it", dt.date(2026, 6, 30)
    )
    read = icalendar.Calendar.from_ical(ics)
    assert [(str(each["UID"]), each["DTSTART"].dt, str(each["SUMMARY"])) for each in read.walk("VEVENT")] == [
        (event.uid, event.day, event.title) for event in found
    ]
    assert len({event.uid for event in found}) == len(found)
    assert all(len(line) <= 75 for line in ics.split(b"\r\n"))
    for value in (b"Virtanen", b"131052", b"0407654321", b"A1"):
        assert value not in ics


def test_an_agreements_last_day_is_in_the_calendar(home, tmp_path):
    with store.reopening(home, PERIOD) as connection:
        connection.execute("update registry.processors set agreement_valid_until = date '2026-12-31'")
    (event,) = [
        each for each in calendar.events(home, worlds.EXPECTATIONS, code="fi") if each.kind == calendar.AGREEMENT
    ]
    assert (event.day, event.title) == (dt.date(2026, 12, 31), "Sopimus päättyy: Keypro Oy")


# What would end a line of the file, hide, or turn other letters, in an export and in words that somebody wrote.
HOSTILE = "T1\r\nEND:VEVENT\rBEGIN:VALARM\nEVIL:1\x85EVIL:2\u2028EVIL:3\x0bEVIL:4\x00\x1b\u202eevil"


def test_no_number_and_no_name_begins_a_line_of_the_calendar(home):
    with store.reopening(home, PERIOD) as connection:
        connection.execute(
            "update registry.processors set agreement_valid_until = date '2026-12-31', supplier = $1", [HOSTILE]
        )
    found = [each for each in calendar.events(home, worlds.EXPECTATIONS) if each.kind == calendar.AGREEMENT]
    assert found and all(each.title.isprintable() for each in found)
    ics = calendar.as_ics(found, HOSTILE, dt.date(2026, 6, 30)).decode("utf-8")
    unfolded = ics.replace("\r\n ", "")
    assert not [line for line in unfolded.splitlines() if line.startswith("EVIL")]
    assert unfolded.count("BEGIN:VALARM") - unfolded.count("⟩BEGIN:VALARM") == len(found)
    assert not set(unfolded.replace("\r\n", "")) & set("\r\n\x00\x0b\x1b\x85\u2028\u202e")


def test_no_word_of_the_configuration_begins_a_header_of_a_draft(home):
    with store.reading(home, PERIOD) as connection:
        to = worklists.handing(connection, worklists.keepers(connection)[0])
        evil = "office\r\nBcc: other@example.fi\u202e"
        one = letters.draft(connection, replace(to, controller=evil, ask=evil), PERIOD, WORD)
    mail = email.message_from_bytes(letters.message(one), policy=email.policy.SMTP)
    assert mail["Bcc"] is None and mail["To"] == (to.email or None)
    assert "\u202e" not in mail.get_body().get_content()
    assert not any(line.startswith("Bcc") for line in mail.get_body().get_content().splitlines())


def test_a_sheet_shows_what_hides_by_its_code(home):
    with store.reading(home, PERIOD) as connection:
        keeper = worklists.keepers(connection)[0]
        to, rows = worklists.handing(connection, keeper), worklists.entries(connection, keeper)
    content = worklist_sheets.workbook(to, [row | {"record_key": "A\u202e1\x07", "remark": "\u200bx"} for row in rows])
    shown = [cell for row in cells(content) for cell in row]
    assert "A⟨U+202E⟩1⟨U+0007⟩" in shown and "⟨U+200B⟩x" in shown


# The configuration


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("worklists: 3", "is no mapping"),
        ("worklists: {return_within: 0}", "no number of days"),
        ("worklists: {ask: {de: wen}}", "no text by language"),
        ("worklists: {keepers: {custmer service: {language: fi}}}", "did you mean customer service"),
        ("worklists: {keepers: {customer service: {language: de}}}", "no language"),
        ("worklists: {keepers: {customer service: {email: 'a@b.fi, c@d.fi'}}}", "no one mail address"),
        ("worklists: {keepers: {customer service: {phone: '1'}}}", "no mapping of"),
        ("agreements: {dataset: claims}", "is no list"),
        ("agreements: [{dataset: clams, name: x, until: y}]", "is no dataset"),
        ("agreements: [{dataset: claims, name: x, until: y}]", "no column 'x'"),
        ("agreements: [{dataset: customers, name: name, until: customer_until}]", "is personal"),
    ],
)
def test_what_is_wrong_in_the_configuration_is_told(tmp_path, written, said):
    folder = little.expectations(tmp_path / "expectations")
    with (folder / "controller.yaml").open("a", encoding="utf-8") as file:
        file.write(written + "\n")
    with pytest.raises(ExpectationsError) as error:
        load(folder)
    assert said in str(error.value)
