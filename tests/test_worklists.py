"""Worklists: what a keeper gets, and what comes back from a spreadsheet."""

import csv
import datetime as dt
import io
import random
from pathlib import Path

import pytest
import python_calamine

from pipelines import outputs
from pipelines.errors import VahtiError, WorklistError
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
        "Fingerprint": f"v{number:016}",
        "Period": PERIOD,
        "System": "KeyAqua",
        "Dataset": "messages",
        "Record": key,
        "Field": "text",
        "Severity": "high",
        "By": "2026-07-30",
        "State": "open",
        "Rule": "past-retention",
    }
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
    """The CSV file of these rows, as `write` leaves it."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerows([worklists.COLUMNS, *([outputs.guarded(cell) for cell in each] for each in rows)])
    return file.getvalue()


def home_that_knows(tmp_path, *identities: tuple[str, str, str, str, str]) -> store.Home:
    """A home whose newest period has the findings (fingerprint, dataset, record key, field, rule)."""
    home = store.open_home(tmp_path / "home")
    with store.workbench(home) as connection:
        insert(connection, "periods", [(PERIOD, '{"as_of": "2026-06-30"}')])
        insert(connection, "ledger.periods", [(PERIOD, dt.date(2026, 6, 30))])
        insert(
            connection,
            "ledger.found",
            [
                (
                    PERIOD,
                    mark,
                    "finding",
                    False,
                    rule,
                    "retention",
                    "high",
                    "keyaqua",
                    dataset,
                    key,
                    field,
                    "",
                    None,
                    "",
                    "",
                    [],
                    None,
                )
                for mark, dataset, key, field, rule in identities
            ],
        )
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


@pytest.mark.parametrize(
    ("most", "files"),
    [
        (2, []),
        (1, ["network-maintenance-01-messages", "network-maintenance-02-messages", "network-maintenance-03-messages"]),
    ],
)
def test_a_list_too_long_for_one_sheet_is_an_overview_and_a_sheet_for_each_part(
    period, tmp_path, monkeypatch, most, files
):
    """By dataset and rule, and by the most rows that a sheet may have; the CSV file has them all."""
    monkeypatch.setattr(worklists, "MOST_ROWS", most)
    if most == 1:  # two of one rule: M1 and M2
        period.execute("update ledger.states set state = 'open', is_open = true where record_key = 'M2'")
    paths = worklists.write(period, tmp_path)
    assert [path.stem for path in paths] == ["network-maintenance", *files, "network-maintenance"]
    keys = [each["Record"] for each in csv.DictReader(paths[-1].open(encoding="utf-8", newline=""))]
    if not files:
        assert keys == ["M4", "M1"] == [each[1] for each in body(paths[0], "Record", "Record")]
        return
    assert keys == ["M4", "M1", "M2"] == [key for path in paths[1:-1] for _file, key in body(path, "Record", "Record")]
    assert [row[:2] for row in body(paths[0], "File", "Rows")] == [(path.name, "1") for path in paths[1:-1]]
    assert body(paths[0], "File", "Mend by")[0][1] == "30 Jul 2026"


def test_a_part_comes_back_as_any_list_and_an_overview_is_none(period, tmp_path, monkeypatch):
    monkeypatch.setattr(worklists, "MOST_ROWS", 1)
    overview, part, *_others = worklists.write(period, tmp_path)
    home = home_that_knows(tmp_path, ("v4", "messages", "M4", "", "art-19"))
    assert reported.import_worklist(home, part).untouched == 1
    with pytest.raises(WorklistError, match="is no worklist"):
        reported.import_worklist(home, overview)


def test_what_is_beyond_a_few_sheets_is_in_csv_files_and_comes_back_as_well(period, tmp_path, monkeypatch):
    monkeypatch.setattr(worklists, "MOST_ROWS", 1)
    monkeypatch.setattr(worklists, "MOST_IN_SHEETS", 1)
    overview, _sheet, part, everything = worklists.write(period, tmp_path)
    assert part.name == "network-maintenance-02-messages.csv"
    assert [name for (name,) in body(overview, "File")] == ["network-maintenance-01-messages.xlsx", part.name]
    lines = part.read_text("utf-8").splitlines()
    assert len(lines) == 2 and set(lines) < set(everything.read_text("utf-8").splitlines())
    home = home_that_knows(tmp_path, ("v1", "messages", "M1", "", "past-retention"))
    assert reported.import_worklist(home, part).untouched == 1


def body(path, *headers: str) -> list[tuple[str, ...]]:
    """The cells below these headers."""
    cells = python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    top = next(place for place, row in enumerate(cells) if set(headers) <= set(row))
    return [tuple(row[cells[top].index(header)] for header in headers) for row in cells[top + 1 :]]


def test_no_cell_of_the_csv_file_is_run_by_a_spreadsheet(period, tmp_path):
    for place, name in enumerate(("fingerprint", "record_key", "field", "remark", "system")):
        period.execute(f"update ledger.states set {name} = $1 || {name}", [HOSTILE[place]])
    _sheet, path = worklists.write(period, tmp_path)
    rows = list(csv.reader(path.open(encoding="utf-8", newline="")))[1:]
    hostile = [cell for row in rows for cell in row if cell.lstrip("'").startswith(tuple(HOSTILE[:5]))]
    assert len(hostile) == 10 and all(cell.startswith("'") for cell in hostile)


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
        "v0000000000000000": (True, ""),
        "v0000000000000001": (True, "poistettu"),
        "v0000000000000002": (True, ""),
        "v0000000000000003": (False, "odottaa"),
        "v0000000000000004": (None, "kysy"),
    }
    assert heard(home) == expected
    reported.import_worklist(home, path)
    with store.workbench(home, read_only=True) as connection:
        assert connection.execute("select count(*) from ledger.reports").fetchone() == (5,)


@pytest.mark.parametrize("file", ["worklist_libreoffice.xlsx", "worklist_libreoffice.csv"])
def test_a_list_that_libreoffice_saved(tmp_path, file):
    """Filled in and saved by LibreOffice 7.4: a typed date, keys like numbers, dates and formulas."""
    home = home_that_knows(
        tmp_path,
        *(
            (f"v000000000000000{number}", *identity)
            for number, identity in enumerate(
                [
                    ("map_customers", "0001234", "name", "contact-mismatch"),
                    ("map_customers", '=HYPERLINK("http://x")', "phone", "copy-without-source"),
                    ("messages", "1E5", "", "past-retention"),
                    ("messages", "2026-01-02", "text", "identifier-in-free-text"),
                    ("messages", "-5", "phone", "invalid-value"),
                    ("messages", 'Ääkkönen, "x"', "", "past-retention"),
                ],
                1,
            )
        ),
    )
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
