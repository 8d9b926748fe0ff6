"""Worklists: what a keeper gets, and what comes back from a spreadsheet."""

import csv
import datetime as dt
import io
import random
from pathlib import Path

import pytest
import python_calamine

from pipelines.errors import VahtiError
from pipelines.home import store
from pipelines.language import languages
from pipelines.ledger import reported, worklist_sheets, worklists
from pipelines.sql import insert

DATA = Path(__file__).parent / "data"
PERIOD = "2026-06-30"
HOSTILE = [
    '=HYPERLINK("http://x","y")', "+1", "-5", "@SUM(1)", "\t=1", "\r=1", "'=1", " =1", "=cmd|' /C calc'!A0", 
    "0001234", "1E5", "2026-01-02", "Ääkkönen, \"x\"; y", "line\nbreak", "x" * 40_000, "\x00\x1b[31m", "",
]  # fmt: skip


def row(number: int, key: str = "A1", **more: str) -> tuple[str, ...]:
    """One row of the CSV file."""
    entry = dict.fromkeys(worklists.COLUMNS, "") | {
        "Fingerprint": f"v{number:016}", "Period": PERIOD, "System": "KeyAqua", "Dataset": "messages", "Record": key,
        "Field": "text",         "Severity": "high", "By": "2026-07-30", "State": "open", "Rule": "past-retention",
    }  # fmt: skip
    return tuple((entry | more).values())


def entry(row: tuple[str, ...]) -> dict:
    """The same as `entries` returns it."""
    found = dict(zip(worklists.COLUMNS.values(), row, strict=True))
    days = {name: dt.date.fromisoformat(found[name]) if found[name] else None for name in ("due_on", "act_by")}
    return found | days


def workbook(rows, code: str = "fi", **more) -> bytes:
    """The sheet, as its keeper is handed it, with what the rows say under Tehty and Huomautus filled in."""
    to = worklist_sheets.Handing(
        "A small one", "network maintenance", languages.language(code), dt.date(2026, 7, 14), **more
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(worklist_sheets, "rows_of", filled_in([each[-2] for each in rows]))
        return worklist_sheets.workbook(to, [entry(each) for each in rows])


def filled_in(done: list[str]):
    """`rows_of` with what stands under Done."""
    place, made = list(worklist_sheets.WIDTHS).index("Done"), worklist_sheets.rows_of
    return lambda rows, speech: [
        (*cells[:place], mark, *cells[place + 1 :]) for cells, mark in zip(made(rows, speech), done, strict=False)
    ]


def text(rows) -> str:
    return worklists.text([entry(each) for each in rows])


def home_that_knows(tmp_path, *identities: tuple[str, str, str, str, str]) -> store.Home:
    """A home whose newest period has the findings (fingerprint, dataset, record key, field, rule)."""
    home = store.open_home(tmp_path / "home")
    with store.workbench(home) as connection:
        insert(connection, "periods", [(PERIOD, '{"as_of": "2026-06-30"}')])
        insert(connection, "ledger.periods", [(PERIOD, dt.date(2026, 6, 30))])
        insert(connection, "ledger.found", [
            (PERIOD, mark, "finding", False, rule, "retention", "high", "keyaqua", dataset, key, field, "",
             None, "", "", [], None)
            for mark, dataset, key, field, rule in identities
        ])  # fmt: skip
    return home


def known(*rows: tuple[str, ...]) -> list[tuple[str, ...]]:
    places = [list(worklists.COLUMNS).index(name) for name in ("Fingerprint", "Dataset", "Record", "Field", "Rule")]
    return [tuple(each[place] for place in places) for each in rows]


def heard(home: store.Home) -> dict[str, tuple]:
    """{fingerprint: (is_done, remark)} as the ledger has it."""
    with store.workbench(home, read_only=True) as connection:
        rows = connection.execute("select fingerprint, is_done, remark from ledger.reports order by number").fetchall()
    return {mark: (done, remark) for mark, done, remark in rows}


def filled(rows, **cells: tuple[str, str]) -> list[tuple[str, ...]]:
    """The rows with (Tehty, Huomautus) by number."""
    return [(*each[:-2], *cells.get(f"n{int(each[0][1:])}", ("", ""))) for each in rows]


def save(tmp_path, content: str | bytes, name: str = "list.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


# -- what goes out


@pytest.fixture
def period(tmp_path):
    """A period with one finding of each kind that matters here."""
    with store.scratch() as connection:
        connection.execute("create schema ledger")
        connection.execute("create schema results")
        connection.execute(
            "create table ledger.systems as select 'keyaqua' as system, 'KeyAqua' as name,"
            " 'network maintenance' as keeper"
        )
        connection.execute(
            "create table results.rules as select 'past-retention' as rule, 'Kept too long' as title,"
            " 'Erase\n  it.' as todo"
        )
        connection.execute("""
            create table ledger.states as
            select 'v' || n as fingerprint, '2026-06-30' as period, 'keyaqua' as system, 'messages' as dataset,
                'M' || n as record_key, '' as field, 'high' as severity, rule,
                date '2026-01-01' as due_on, date '2026-07-30' as act_by,
                state, is_there, is_there and state <> 'accepted' as is_open, 3 as rank, 3 as risk,
                'network maintenance' as who, '' as remark
            from (values (1, 'past-retention', 'open', true), (2, 'past-retention', 'accepted', true),
                (3, 'past-retention', 'resolved', false), (4, 'art-19', 'new', true)) as v(n, rule, state, is_there)
        """)
        connection.execute("create table ledger.periods as select '2026-06-30' as period, date '2026-06-30' as as_of")
        connection.execute("create table ledger.standing as select distinct period, who, is_open from ledger.states")
        yield connection


def test_a_keeper_gets_what_is_there_and_not_accepted(period, tmp_path):
    paths = worklists.write(period, tmp_path)
    assert [path.name for path in paths] == ["network-maintenance.xlsx", "network-maintenance.csv"]
    rows = list(csv.DictReader(paths[1].open(encoding="utf-8", newline="")))
    assert [(each["Record"], each["What is wrong"], each["What to do"]) for each in rows] == [
        ("M4", "A value that billing has erased or corrected", rows[0]["What to do"]),
        ("M1", "Kept too long", "Erase it."),
    ]
    assert [each["By"] for each in rows] == ["2026-07-30"] * 2 and rows[0]["Tehty"] == rows[0]["Huomautus"] == ""


def test_the_same_rows_are_the_same_bytes(period, tmp_path):
    first, second = (worklists.write(period, tmp_path / name) for name in "ab")
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


def test_a_workbook_that_does_not_hold_all_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(worklist_sheets, "MOST_ROWS", 3)
    rows = filled([row(number, f"M{number}") for number in range(5)], n0=("K", ""))
    content = workbook(rows, "en")
    cells = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert "2 more, less urgent, are in the CSV file" in cells[-1]
    assert text(rows).count("\n") == 6
    home = home_that_knows(tmp_path, *known(*rows))
    assert reported.import_worklist(home, save(tmp_path, content, "list.xlsx")).questions == ()


def test_no_cell_of_the_workbook_is_anything_but_text():
    content = workbook([row(number, key) for number, key in enumerate(HOSTILE)])
    import zipfile

    with zipfile.ZipFile(io.BytesIO(content)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet and "<hyperlink" not in sheet and ' t="n"' not in sheet
    cells = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    place, head = (
        list(worklist_sheets.WIDTHS).index("Record"),
        1 + next(n for n, each in enumerate(cells) if "Tietue" in each),
    )
    assert [each[place] for each in cells[head : head + 10]] == [
        *HOSTILE[:4],
        "⟨U+0009⟩=1",
        "⟨U+000D⟩=1",
        *HOSTILE[6:10],
    ]
    assert all(isinstance(cell, str) for each in cells for cell in each)


# -- what comes back


def test_what_the_keeper_wrote_is_heard_once(tmp_path):
    rows = [row(number, f"M{number}") for number in range(6)]
    home = home_that_knows(tmp_path, *known(*rows))
    back = filled(
        rows, n0=("K", ""), n1=("kyllä", "poistettu"), n2=("15.7.2026", ""), n3=("E", "odottaa"), n4=("", "kysy")
    )
    path = save(tmp_path, workbook(back), "list.xlsx")
    outcome = reported.import_worklist(home, path)
    assert (outcome.done, outcome.not_done, outcome.remarks, outcome.untouched, outcome.questions) == (3, 1, 3, 1, ())
    expected = {
        "v0000000000000000": (True, ""), "v0000000000000001": (True, "poistettu"), "v0000000000000002": (True, ""),
        "v0000000000000003": (False, "odottaa"), "v0000000000000004": (None, "kysy"),
    }  # fmt: skip
    assert heard(home) == expected
    reported.import_worklist(home, path)
    with store.workbench(home, read_only=True) as connection:
        assert connection.execute("select count(*) from ledger.reports").fetchone() == (5,)


@pytest.mark.parametrize("file", ["worklist_libreoffice.xlsx", "worklist_libreoffice.csv"])
def test_a_list_that_libreoffice_saved(tmp_path, file):
    """Filled in and saved by LibreOffice 7.4: a typed date, keys like numbers, dates and formulas."""
    home = home_that_knows(tmp_path, *(
        (f"v000000000000000{number}", *identity) for number, identity in enumerate([
            ("map_customers", "0001234", "name", "contact-mismatch"),
            ("map_customers", '=HYPERLINK("http://x")', "phone", "copy-without-source"),
            ("messages", "1E5", "", "past-retention"),
            ("messages", "2026-01-02", "text", "identifier-in-free-text"),
            ("messages", "-5", "phone", "invalid-value"),
            ("messages", 'Ääkkönen, "x"', "", "past-retention"),
        ], 1)
    ))  # fmt: skip
    outcome = reported.import_worklist(home, DATA / file)
    assert (outcome.done, outcome.not_done, outcome.remarks, outcome.untouched, outcome.questions) == (4, 1, 2, 1, ())
    assert heard(home)["v0000000000000001"] == (True, "korjattu järjestelmään")
    assert heard(home)["v0000000000000004"] == (False, "odottaa toimittajaa; kysytty 1.7.")


def as_csv(rows, head=tuple(worklists.COLUMNS), delimiter=",") -> str:
    target = io.StringIO()
    writer = csv.writer(target, delimiter=delimiter)
    writer.writerow(head)
    writer.writerows(rows)
    return target.getvalue()


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "windows-1252", "utf-16"])
def test_rows_and_columns_in_any_order_some_of_them_gone_and_others_added(tmp_path, delimiter, encoding):
    rows = [row(number, f"M{number}") for number in range(9)]
    home = home_that_knows(tmp_path, *known(*rows))
    back = filled(rows, n3=("K", "käyty läpi"), n7=("x", ""))[2:]
    random.Random(1).shuffle(back)
    order = [*range(len(worklists.COLUMNS))][::-1]
    head = ["Oma sarake", *(list(worklists.COLUMNS)[place] for place in order if place != 3)]
    body = [["omaa", *(each[place] for place in order if place != 3)] for each in back]
    outcome = reported.import_worklist(home, save(tmp_path, as_csv(body, head, delimiter).encode(encoding)))
    assert (outcome.done, outcome.untouched, outcome.questions) == (2, 5, ())
    assert heard(home) == {"v0000000000000003": (True, "käyty läpi"), "v0000000000000007": (True, "")}


@pytest.mark.parametrize("name", ["list.csv", "list.xlsx"])
def test_a_hostile_key_comes_back_as_it_was(tmp_path, name):
    rows = [row(number, key) for number, key in enumerate(HOSTILE)]
    home = home_that_knows(tmp_path, *known(*rows))
    back = [(*each[:-2], "K", "") for each in rows]
    content = text(back) if name.endswith("csv") else workbook(back)
    outcome = reported.import_worklist(home, save(tmp_path, content, name))
    assert (outcome.done, outcome.questions) == (len(rows), ())


def test_a_key_that_a_spreadsheet_took_for_a_number_is_still_known(tmp_path):
    rows = [row(1, "0001234")]
    home = home_that_knows(tmp_path, *known(*rows))
    back = [tuple("1234" if cell == "0001234" else cell for cell in filled(rows, n1=("K", ""))[0])]
    assert reported.import_worklist(home, save(tmp_path, as_csv(back))).done == 1


def test_rows_that_do_not_fit_are_named_and_the_others_taken(tmp_path):
    rows = [row(number, f"M{number}") for number in range(5)]
    home = home_that_knows(tmp_path, *known(*rows[:4]))
    back = filled(rows, n0=("K", ""), n1=("huomenna", "ehkä"), n2=("K", ""), n4=("K", ""))
    back[2] = (*back[2][:4], "M3", *back[2][5:])  # its fingerprint sorted apart from its key
    back.append((*back[0][:-2], "E", ""))  # says the opposite of its first row
    outcome = reported.import_worklist(home, save(tmp_path, as_csv(back)))
    assert heard(home) == {"v0000000000000000": (True, ""), "v0000000000000001": (None, "huomenna ehkä")}
    assert [question.split(":")[0] for question in outcome.questions] == ["row 3", "row 4", "row 6", "row 7"]
    assert not any(word in question for question in outcome.questions for word in ("huomenna", "ehkä", "M3"))


@pytest.mark.parametrize(
    ("content", "name", "problem"),
    [
        (b"", "x.csv", "is no worklist"),
        (b"Nimi;Tehty\nA;K\n", "x.csv", "is no worklist"),
        (b"PK\x03\x04 not a zip", "x.xlsx", "not a readable spreadsheet"),
        (b"Fingerprint,Tehty,Tehty\nv1,K,E\n", "x.csv", "has the column Tehty twice"),
        (as_csv(filled([row(77)], n77=("K", ""))).encode(), "x.csv", "none of its fingerprints is this home's"),
        (bytes(range(256)) * 4, "x.bin", "is no worklist|neither a spreadsheet"),
    ],
)
def test_a_file_that_is_no_worklist_of_this_home_changes_nothing(tmp_path, content, name, problem):
    home = home_that_knows(tmp_path, *known(row(1)))
    with pytest.raises(VahtiError, match=problem):
        reported.import_worklist(home, save(tmp_path, content, name))
    assert heard(home) == {}


def test_a_file_that_is_not_there_is_one_message(tmp_path):
    home = home_that_knows(tmp_path, *known(row(1)))
    with pytest.raises(VahtiError, match="cannot be read"):
        reported.import_worklist(home, tmp_path / "none.xlsx")
