"""`vahti init`: what is read out of exports, what is asked and not guessed, and that no cell gets into a draft."""

from __future__ import annotations

import csv
import re
import shutil
from pathlib import Path

import duckdb
import pytest
import worlds
import xlsxwriter
import yaml
from typer.testing import CliRunner

from pipelines.commands.main import app
from pipelines.errors import ExpectationsError, ExportsError, UnfitError
from pipelines.expectations import faults
from pipelines.expectations import load as loading
from pipelines.init import files, kinds, naming, shapes, start, survey, terminal, words
from pipelines.landing import encodings
from tests.benchmarks import inference, registers

ROOT = Path(__file__).parents[1]
PERIOD = "2026-06-30"


def exports(folder: Path, encoding: str = "utf-8", **texts: str) -> Path:
    """A period of exports, a file per keyword."""
    (folder / PERIOD).mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / PERIOD / f"{name}.csv").write_bytes(text.strip("\n").encode(encoding) + b"\n")
    return folder


def table(header: str, row: str, count: int = 30) -> str:
    """Rows that differ by their number: `{n}`, a day of a month `{d}`, `{m}`."""
    rows = (row.format(n=n, d=n % 28 + 1, m=n % 12 + 1, y=1950 + n) for n in range(count))
    return "\n".join([header, *rows])


def columns_of(folder: Path, country: str = "IE", **more) -> dict[str, survey.Typed]:
    """The columns of the only table."""
    found = survey.survey(folder, country, **more)
    return {each.name: each for each in found.columns[found.tables[0].dataset]}


def test_registers_of_other_sectors_are_guessed_well_enough():
    """The floor beneath `make bench-init`, on three of its registers, one of them held out."""
    some = [one for one in (*registers.SEEN, *registers.HELD_OUT) if one.name in ("choir", "housing", "charity")]
    told = inference.measured(tuple(some))
    wrong = [(figure, where) for figure, where, is_right in told if not is_right]
    assert len(told) == 125 and len(wrong) <= 2, wrong


@pytest.mark.parametrize("pattern", ["{n}.50", "{n},50"])
def test_amounts_that_look_like_months_are_numbers(tmp_path, pattern):
    """2026.50 has the shape of a year and a month."""
    rows = [pattern.format(n=2000 + n * 13) for n in range(40)]
    folder = exports(tmp_path, prices="\n".join(["No;Price", *(f"P{n};{row}" for n, row in enumerate(rows))]))
    assert columns_of(folder)["price"].column.type == "decimal"


MEMBERS = table("Member No,Name,Email,Joined,Left,Fee", "M{n},Ada Byrne,a{n}@mail.example,{d}/{m}/2020,,1{n}.50")


@pytest.fixture(scope="module")
def drafted(tmp_path_factory) -> tuple[start.Drafted, Path]:
    """A club of two tables, drafted in English."""
    folder = tmp_path_factory.mktemp("drafted")
    fees = table("Fee No,Member No,Issued,Paid,Amount", "F{n},M{n},2024-{m:02d}-01,yes,45.00")
    exports(folder / "exports", members=MEMBERS, fees=fees)
    return start.init(folder / "exports", folder / "mine", "IE", "en"), folder


def test_the_drafts_load_and_say_that_they_are_drafts(drafted):
    done, folder = drafted
    assert done.fault == ""
    loaded = loading.load(folder / "mine")
    assert loaded.controller.subject == ("members", "member_no")
    assert {c.id for c in loaded.contracts} == {"register.members", "register.fees"}
    for path in (folder / "mine" / "contracts").iterdir():
        assert yaml.safe_load(path.read_text("utf-8"))["status"] == "draft"
    fees = loaded.by_dataset["fees"]
    assert fees.column("member_no").references == ("members", "member_no")
    assert fees.column("issued").format == "yyyy-MM-dd"
    assert (fees.column("amount").type, fees.column("amount").personal) == ("decimal", False)


def test_each_guess_has_its_evidence_as_counts(drafted):
    text = (drafted[1] / "mine" / "INIT.md").read_text("utf-8")
    assert (
        "| members.csv | members | utf-8, `,` | 30 rows, 0 rejected, 6 columns; 5 delimiters in the headers, 31 of 31 lines of that width |"
        in text
    )
    assert "member_no refers to members.member_no: 30 of 30 different values are there." in text
    assert "30 of 30 values have the form: email" in text
    assert len(re.findall(r"^\d+\. ", text, re.M)) == drafted[0].questions > 3


def test_the_same_exports_give_the_same_bytes(drafted, tmp_path):
    done, folder = drafted
    start.init(folder / "exports", tmp_path / "again", "IE", "en")
    for path in sorted((folder / "mine").rglob("*")):
        if path.is_file():
            assert (tmp_path / "again" / path.relative_to(folder / "mine")).read_bytes() == path.read_bytes()


CANARY = "QuokkaZebra"


def test_no_cell_gets_into_a_draft(tmp_path):
    """A canary in every cell: of text, in lines before the headers, in rows that are rejected, in a workbook."""
    messy = f"Printed by {CANARY}1\n\n" + table(
        "Id;Nimi;Tila;Muuta", f"{CANARY}2x{{n}};{CANARY}3;{CANARY}4;{CANARY}5 {CANARY} on täällä nyt"
    )
    messy += f"\n{CANARY}6;{CANARY}7;{CANARY}8;{CANARY}9;{CANARY}10;{CANARY}11\n" + f'"{CANARY}12;{CANARY}'
    nameless = table(f"{CANARY}13,a@{CANARY}.example,1.2.2020", f"{CANARY}{{n}},b@{CANARY}.example,{{d}}.{{m}}.2020")
    exports(tmp_path / "exports", messy=messy, nameless=nameless)
    with xlsxwriter.Workbook(str(tmp_path / "exports" / PERIOD / "book.xlsx")) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Number", "Who"])
        for n in range(1, 20):
            sheet.write_row(n, 0, [f"{CANARY}{n}", f"{CANARY} {CANARY}"])
    done = start.init(tmp_path / "exports", tmp_path / "mine", "FI", "fi")
    assert {t.dataset for t in done.survey.tables} == {"messy", "nameless", "book"}
    for path in (tmp_path / "mine").rglob("*"):
        if path.is_file():
            assert CANARY.lower() not in path.read_text("utf-8").lower(), path
    names = {each.column.header for each in done.survey.columns["nameless"]}
    assert names == {"Column 1", "Column 2", "Column 3"}
    assert done.survey.table("messy").found.skip_rows == 2


@pytest.mark.parametrize("example", ["club", "shop"])
def test_no_cell_of_an_example_gets_into_a_draft(example, tmp_path):
    """Whatever stands in cells, but for words that headers and this program's own vocabulary have, too."""
    folder = ROOT / "examples" / example / "exports"
    done = start.init(folder, tmp_path / "mine", {"club": "IE", "shop": "NL"}[example], "en")
    said = "\n".join(path.read_text("utf-8") for path in (tmp_path / "mine").rglob("*") if path.is_file())
    headers = {word for t in done.survey.tables for c in t.contract.columns for word in naming.words(c.header)}
    own = {
        word
        for name in ("kinds", "people", "events")
        for listed in words.lists()[name].values()
        for each in listed
        for word in each.split()
    }
    cells = set()
    for path in sorted(folder.rglob("*.csv")):
        text = path.read_bytes().decode("utf-8" if example == "club" else "cp1252")
        rows = list(csv.reader(text.splitlines(), delimiter="," if example == "club" else ";"))
        cells |= {cell for row in rows[1:] for cell in row if len(cell) > 3}
    found = [
        cell
        for cell in cells
        if re.search(rf"(?<!\w){re.escape(cell)}(?!\w)", said) and not set(naming.words(cell)) <= headers | own
    ]
    assert found == []


DAYS = {
    "{d}/{m}/2020": "d/M/yyyy", "{m}/{d}/2020": "M/d/yyyy", "{d:02d}/{m:02d}/2020": "dd/MM/yyyy", "{d}.{m}.2020": "d.M.yyyy",
    "2020-{m:02d}-{d:02d}": "yyyy-MM-dd", "{d:02d}-{m:02d}-2020": "dd-MM-yyyy", "2020/{m:02d}/{d:02d}": "yyyy/MM/dd",
    "2020{m:02d}{d:02d}": "yyyyMMdd", "2020-{m:02d}": "yyyy-MM", "{m:02d}/2020": "MM/yyyy", "{d}.{m}.2020 9:05": "d.M.yyyy H:mm",
    "2020-{m:02d}-{d:02d} 09:05:{d:02d}": "yyyy-MM-dd HH:mm:ss", "2020-{m:02d}-{d:02d}T09:05:00Z": "yyyy-MM-dd'T'HH:mm:ssXXX",
    "2020-{m:02d}-{d:02d}T09:05:00.123+02:00": "yyyy-MM-dd'T'HH:mm:ss.SSSXXX", "{m}/{d}/2020 9:05 PM": "M/d/yyyy h:mm a",
}  # fmt: skip


def test_patterns_of_days_are_read_from_all_values(tmp_path):
    header = ";".join(f"Ordered on {n}" for n in range(len(DAYS)))
    found = columns_of(exports(tmp_path, t=table("Id;" + header, "A{n};" + ";".join(DAYS))))
    assert [found[f"ordered_on_{n}"].column.format for n in range(len(DAYS))] == list(DAYS.values())
    assert sum(each.unread for each in found.values()) == 0


def test_an_ambiguous_day_is_asked_and_never_guessed(tmp_path):
    text = table("Id;Sent;Back", "A{n};{m}/{m}/2020;{d}/{m}/2020")
    folder = exports(tmp_path / "exports", t=text)
    found = columns_of(folder)
    assert (found["sent"].column.type, found["sent"].question) == ("text", "day or month")
    assert found["sent"].proposed == "d/M/yyyy", "another column of the file tells; it is said, and still asked"
    done = start.init(folder, tmp_path / "mine", "IE", "en")
    assert "t.sent: does the day or the month stand first?" in (tmp_path / "mine" / "INIT.md").read_text("utf-8")
    assert start.init(folder, tmp_path / "mine", "IE", "en").questions == done.questions, "the template answers nothing"
    (tmp_path / "a.yaml").write_text("open: {days: {t.sent: M/d/yyyy}}\n", "utf-8")
    start.init(folder, tmp_path / "mine", "IE", "en", tmp_path / "a.yaml")
    assert loading.load(tmp_path / "mine").by_dataset["t"].column("sent").format == "M/d/yyyy"


def test_years_of_two_digits_stay_text_and_are_told(tmp_path):
    found = columns_of(exports(tmp_path, t=table("Id;Born", "A{n};{d:02d}.{m:02d}.58")))
    assert (found["born"].column.type, found["born"].question) == ("text", "years of two digits")


NUMBERS = {
    "1{n},50": (",", ""), "1{n}.50": (".", ""), "1 {n:03d},50": (",", " "), "1.{n:03d},5": (",", "."), "1,{n:03d}.50": (".", ","), "-{n}": (".", ""),
}  # fmt: skip


def test_numbers_are_read_as_they_are_written(tmp_path):
    header = ";".join(f"Amount {n}" for n in range(len(NUMBERS)))
    found = columns_of(exports(tmp_path, t=table("Id;" + header, "A{n};" + ";".join(NUMBERS))))
    columns = [found[f"amount_{n}"].column for n in range(len(NUMBERS))]
    assert [(c.type, c.decimal_separator, c.grouping_separator) for c in columns] == [
        ("decimal", *each) for each in NUMBERS.values()
    ]


def test_digits_that_are_codes_stay_text(tmp_path):
    text = table("Id;Postcode;Account number;Phone;Amount", "A{n};0{n:04d};{n};05551{n:04d};{n}")
    found = columns_of(exports(tmp_path, t=text))
    assert [found[name].column.type for name in ("postcode", "account_number", "phone", "amount")] == [
        "text",
        "text",
        "text",
        "decimal",
    ]


def test_yes_and_no_are_those_of_the_column(tmp_path):
    truths = [("Yes", "No"), ("K", "E"), ("ja", "nee"), ("1", "0"), ("TRUE", "FALSE")]
    rows = [";".join([f"A{n}", *(pair[not n % 3] for pair in truths)]) for n in range(30)]
    found = columns_of(exports(tmp_path, t="\n".join(["Id;" + ";".join(f"Active {n}" for n in range(5)), *rows])))
    columns = [found[f"active_{n}"].column for n in range(5)]
    assert [(c.type, c.true_value, c.false_value) for c in columns] == [("boolean", *pair) for pair in truths]


@pytest.mark.parametrize(
    ("encoding", "country", "text"),
    [
        ("utf-8", "FI", "Järvinen, Åkerström"), ("cp1252", "FI", "Järvinen, Åkerström"), ("cp1250", "PL", "Żółć gęślą jaźń"),
        ("cp1252", "FR", "Élodie Noël, à l’été"),
        ("cp850", "SE", "Björn Åkesson på Öland"), ("utf-16", "FI", "Järvinen"),
        ("cp1251", "PL", "Иванов Сергей"), ("iso8859-2", "PL", "Łódź, ściana, święto"),
    ],
)  # fmt: skip
def test_encodings_are_told_apart_by_what_they_would_say(encoding, country, text, tmp_path):
    content = "Name;City\n" + "\n".join(f"{text} {n};{text}" for n in range(20))
    seen = encodings.Seen()
    seen.look(content.encode(encoding))
    assert content.encode(encoding).decode(files.encoding_of(seen, country)) == content


def test_the_delimiter_is_counted_in_the_headers(tmp_path):
    """Where cells hold more commas than the file has semicolons, and lines are broken."""
    text = (
        "Id;Note;Sum\n"
        + "\n".join(f'A{n};"one, two, three, four, five";{n},50' for n in range(20))
        + "\nbroken, line, with, commas\n"
    )
    found = files.look(exports(tmp_path, t=text) / PERIOD / "t.csv", "FI")
    assert isinstance(found, files.Found) and found.delimiter == ";" and found.headers == ("Id", "Note", "Sum")


def test_headers_that_are_empty_or_stand_twice_are_asked(tmp_path):
    found = files.look(exports(tmp_path, t=table("Id;Name;;Name", "A{n};x;y;z")) / PERIOD / "t.csv", "FI")
    assert isinstance(found, files.Found)
    assert found.headers == ("Id", "Name", "", "") and found.doubts == ("empty header", "header twice")
    done = start.init(tmp_path, tmp_path / "mine", "FI", "en")
    assert done.fault == "" and [c.name for c in done.survey.table("t").contract.columns] == ["id", "name"]


def test_a_key_of_several_columns_is_found(tmp_path):
    rows = "\n".join(f"B{n // 3};{n % 3};{n % 7},50" for n in range(60))
    found = survey.survey(exports(tmp_path, lines=f"Order;Line no;Price\n{rows}"), "NL")
    assert found.keys["lines"].columns == ("order", "line_no") and found.keys["lines"].is_sure


def test_references_need_more_than_small_numbers(tmp_path):
    """Values 1 to 30 are among the keys 1 to 30 of any table; only a header can say that they refer to it."""
    folder = exports(
        tmp_path,
        clubs=table("Id;Town", "{n};Cork {n}"),
        teams=table("Id;Club id;Players", "{n};{n};{n}"),
        days=table("Id;Hours", "{n};{n}"),
    )
    found = survey.survey(folder, "IE")
    assert [(link.dataset, link.column, link.to) for link in found.links] == [("teams", "club_id", ("clubs", "id"))]


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("Sukunimi", "pd:Name"), ("Förnamn", "pd:Name"), ("Geburtsdatum", "pd:BirthDate"), ("E-mailadres", "pd:EmailAddress"),
        ("Kod pocztowy", "pd:PhysicalAddress"),
        ("Téléphone", "pd:TelephoneNumber"), ("Henkilötunnus", "pd:OfficialID"), ("Allergies", "pd:MedicalHealth"), ("Religionszugehörigkeit", "pd:Religion"),
        ("Huomautus", "pd:Communication"), ("Uurloon", "pd:Salary"), ("Nº cuenta", "pd:BankAccount"), ("Vårdnadshavare", "pd:Family"), ("Quantity", ""),
    ],
)  # fmt: skip
def test_headers_say_kinds_in_several_languages(header, kind):
    assert words.kind(header)[0] == kind


def test_values_say_kinds_where_headers_do_not(tmp_path):
    text = table("A;B;C;D;E", "X{n};p{n}@mail.example;+353 20 91{n:02d} 4455;FI21 1234 5600 0007 85;10.0.0.{n}")
    found = survey.survey(exports(tmp_path, t=text), "IE")
    assert [found.kinds["t"][name].category for name in "bcde"] == [
        "pd:EmailAddress",
        "pd:TelephoneNumber",
        "pd:BankAccount",
        "pd:IPAddress",
    ]


def test_what_nobody_classified_stays_personal_and_is_asked(tmp_path):
    text = table("Id;Zxqv", "A{n};w{n}q")
    done = start.init(exports(tmp_path / "exports", t=text), tmp_path / "mine", "IE", "en")
    column = loading.load(tmp_path / "mine").by_dataset["t"].column("zxqv")
    assert column.personal and column.categories == ()
    assert "t.zxqv: is it personal data" in (tmp_path / "mine" / "INIT.md").read_text("utf-8")
    assert done.survey.kinds["t"]["zxqv"] == kinds.Kind(None, why="unknown", of=30)


def test_a_product_has_a_name_and_is_no_person(tmp_path):
    found = survey.survey(
        exports(tmp_path, t=table("Product id;Product name;Email subject", "P{n};Blue Cup {n};Your order")), "IE"
    )
    assert found.kinds["t"]["product_name"].personal is False


def test_all_faults_of_answers_are_said_at_once(drafted, tmp_path):
    done, folder = drafted
    (tmp_path / "a.yaml").write_text(
        "controler: {}\nretention: {members: {from: leaving, period: 2 years}, nobody: {}}\npurposes: {fees: {purpose: dpv:Nothing, basis: [z]}}\n"
        "never: yes please\n",
        "utf-8",
    )
    with pytest.raises(ExpectationsError) as caught:
        start.init(folder / "exports", tmp_path / "mine", "IE", "en", tmp_path / "a.yaml")
    told = str(caught.value)
    for place in (
        "controler",
        "retention.members.from",
        "retention.members.period",
        "retention.nobody",
        "purposes.fees.purpose",
        "purposes.fees.basis",
        "never",
    ):
        assert place + ":" in told
    assert not (tmp_path / "mine").exists(), "nothing is written"


def test_a_draft_that_somebody_changed_is_left_alone(tmp_path):
    folder = exports(tmp_path / "exports", members=MEMBERS)
    start.init(folder, tmp_path / "mine", "IE", "en")
    path = tmp_path / "mine" / "retention.yaml"
    mended = path.read_text("utf-8").replace("not decided yet", "the board on 1 June")
    path.write_text(mended, "utf-8")
    (tmp_path / "mine" / "answers.yaml").write_text("controller: {name: The Club}\n", "utf-8")
    done = start.init(folder, tmp_path / "mine", "IE", "en")
    assert done.kept == ("retention.yaml",) and path.read_text("utf-8") == mended
    assert loading.load(tmp_path / "mine").controller.name == "The Club"


def test_expectations_that_were_not_drafted_are_never_written_over(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "controller.yaml").write_text("controller: Mine\n", "utf-8")
    with pytest.raises(ExpectationsError, match="did not draft"):
        start.init(exports(tmp_path / "exports", members=MEMBERS), tmp_path / "mine", "IE", "en")
    assert (tmp_path / "mine" / "controller.yaml").read_text("utf-8") == "controller: Mine\n"


def test_parquet_and_json_lines_are_read_as_landing_reads_them(tmp_path):
    (tmp_path / "exports" / PERIOD).mkdir(parents=True)
    rows = "\n".join(f'{{"id": "A{n}", "email": "a{n}@mail.example", "sum": {n}.5}}' for n in range(20))
    (tmp_path / "exports" / PERIOD / "buyers.jsonl").write_text(rows, "utf-8")
    select = "select 'B' || n as id, 'A' || n as buyer_id, date '2024-01-01' + n::int as sent, n % 2 = 0 as paid from range(20) as t(n)"
    duckdb.sql(f"copy ({select}) to '{tmp_path}/exports/{PERIOD}/parcels.parquet' (format parquet)")
    done = start.init(tmp_path / "exports", tmp_path / "mine", "IE", "en")
    assert done.fault == ""
    loaded = loading.load(tmp_path / "mine")
    assert [(c.dataset, c.kind) for c in loaded.contracts] == [("buyers", "jsonl"), ("parcels", "parquet")]
    assert [c.type for c in loaded.by_dataset["parcels"].columns] == ["text", "text", "date", "boolean"]
    assert loaded.by_dataset["parcels"].column("buyer_id").references == ("buyers", "id")


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\x00\x01\x02" * 50, b"PK\x03\x04 no workbook"])
def test_what_cannot_be_read_is_told(content, tmp_path):
    folder = exports(tmp_path / "exports", members=MEMBERS)
    (folder / PERIOD / "odd.csv").write_bytes(content)
    (folder / PERIOD / "odd.xlsx").write_bytes(content)
    (folder / PERIOD / "odd.pdf").write_bytes(content)
    done = start.init(folder, tmp_path / "mine", "IE", "en")
    assert done.fault == "" and {"odd.xlsx", "odd.pdf"} <= {name for name, _ in done.survey.unread}


def test_no_exports_end_in_one_message(tmp_path):
    with pytest.raises(ExportsError, match="no such exports folder"):
        start.init(tmp_path / "nowhere", tmp_path / "mine", "IE", "en")
    (tmp_path / "empty" / PERIOD).mkdir(parents=True)
    with pytest.raises(ExportsError, match="holds no CSV"):
        start.init(tmp_path / "empty", tmp_path / "mine", "IE", "en")


def test_of_a_country_without_a_pack_nothing_finnish_is_looked_for(tmp_path):
    text = table("Id;Code;Phone;Zip", "A{n};131052-308T;0401234567;61800")
    start.init(exports(tmp_path / "exports", t=text), tmp_path / "mine", "XX", "en")
    contract = loading.load(tmp_path / "mine").by_dataset["t"]
    assert [contract.column(name).format for name in ("code", "phone", "zip")] == [None, None, None]
    assert "No patterns of XX are known" in (tmp_path / "mine" / "INIT.md").read_text("utf-8")


def test_the_terminal_asks_the_nine_questions(drafted, tmp_path):
    done, folder = drafted
    given = {"name": "The Club", "fees: kept how long": "P7Y", "fees: on whose word": "the law"}
    seen: list[str] = []

    def prompt(text: str, default: str = "") -> str:
        seen.append(text)
        return given.get(text, default)

    said = terminal.ask(done.survey, done.answers, "en", prompt, seen.append)
    assert said["controller"]["name"] == "The Club" and said["retention"]["fees"]["period"] == "P7Y"
    assert said["people"] == {"dataset": "members", "key": "member_no"}
    titles = [match[1] for text in seen if (match := re.match(r"\n([1-9])\. ", text))]
    assert titles == list("123456789")
    spoilt = said | {
        "people": {"dataset": "nobody", "key": "x"},
        "purposes": {"fees": {"purpose": "dpv:Fun", "basis": ["b"]}},
    }
    with pytest.raises(ExpectationsError, match="people.dataset: .*; purposes.fees.purpose: "):
        start.init(folder / "exports", tmp_path / "mine", "IE", "en", said=spoilt)
    assert "The Club" in (tmp_path / "mine" / "answers.yaml").read_text("utf-8"), "nothing that was said is lost"


def test_the_command_says_what_it_did_and_how_to_go_on(tmp_path):
    exports(tmp_path / "exports", members=MEMBERS)
    arguments = [
        "init",
        "--exports",
        str(tmp_path / "exports"),
        "--to",
        str(tmp_path / "mine"),
        "--country",
        "ie",
        "--lang",
        "sv",
    ]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0 and "1 filer och 30 rader gicks igenom" in result.output
    assert loading.load(tmp_path / "mine").controller.language == "sv"
    assert CliRunner().invoke(app, [*arguments[:-1], "xx"]).exit_code == 2


def test_shapes_have_no_letters_or_digits_of_values():
    assert shapes.days({"9/9/9999": 5}, 5, False) == shapes.Days("", 5, ("d/M/yyyy", "M/d/yyyy"))
    assert shapes.days({"aaaa": 5}, 5, False) is None


BROKEN = {
    "contracts/register.members.odcs.yaml": [
        ("logicalType: date", "logicalType: day"),
        ("status: draft", "status: draft\nextra: 1"),
    ],
    "controller.yaml": [("country: IE", "country: Ireland")],
    "retention.yaml": [("kind: maximum", "kind: longest")],
    "notice.yaml": [("systems:", "system:")],
}


def test_check_names_every_fault_of_every_file_at_once(drafted, tmp_path):
    mine = tmp_path / "mine"
    shutil.copytree(drafted[1] / "mine", mine)
    assert CliRunner().invoke(app, ["check", str(mine)]).exit_code == 0
    for name, pairs in BROKEN.items():
        text = (mine / name).read_text("utf-8")
        for old, new in pairs:
            assert old in text
            text = text.replace(old, new, 1)
        (mine / name).write_text(text, "utf-8")
    (mine / "contracts" / "register.fees.odcs.yaml").write_text("schema: {a, b}\n", "utf-8")
    (mine / "rules" / "no-head.sql").write_text("select 1\n", "utf-8")
    found = faults.every(mine)
    members, named = "contracts/register.members.odcs.yaml", [each.file for each in found]
    assert named == ["contracts/register.fees.odcs.yaml", members, members, "controller.yaml", "rules/no-head.sql"]
    assert all(each.line > 0 for each in found)
    lines = (mine / members).read_text("utf-8").splitlines()
    assert "logicalType: day" in lines[found[1].line - 1], "at its line"
    result = CliRunner().invoke(app, ["check", str(mine)])
    assert result.exit_code == 15 or isinstance(result.exception, UnfitError)
    assert "controller.yaml, line" in result.output
    shutil.copy(drafted[1] / "mine" / "controller.yaml", mine)
    for path in (drafted[1] / "mine" / "contracts").iterdir():
        shutil.copy(path, mine / "contracts")
    assert [each.file for each in faults.every(mine)] == ["rules/no-head.sql", "retention.yaml", "notice.yaml"]


def test_files_called_as_the_workbenchs_own_tables_get_other_names(tmp_path):
    """A controller has a schedule of its own; a contract that calls its dataset so is refused in words."""
    folder = exports(tmp_path / "exports", schedule=MEMBERS, retention=MEMBERS)
    done = start.init(folder, tmp_path / "mine", "IE", "en")
    assert done.fault == "" and {t.dataset for t in done.survey.tables} == {"schedule_records", "retention_records"}
    path = tmp_path / "mine" / "contracts" / "register.schedule_records.odcs.yaml"
    path.write_text(path.read_text("utf-8").replace("schedule_records", "schedule"), "utf-8")
    assert [each.problem for each in faults.every(tmp_path / "mine")][0].endswith(
        "'schedule' is the name of a table of the workbench's own"
    )


def test_a_person_held_by_nothing_but_the_own_period_is_due(tmp_path):
    """No class holds the people's own records: `held_by` is empty."""
    folder = exports(tmp_path / "exports", members=MEMBERS.replace(",,1", ",1.5.2021,1"))
    (tmp_path / "a.yaml").write_text("retention: {members: {from: left, period: P1Y, mandate: the board}}\n", "utf-8")
    assert start.init(folder, tmp_path / "mine", "IE", "en", tmp_path / "a.yaml").fault == ""
    with worlds.judged(folder, PERIOD, loaded=loading.load(tmp_path / "mine")) as judged:
        assert len(judged.findings("past-retention")) == 30
