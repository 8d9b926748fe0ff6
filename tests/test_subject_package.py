"""The access package: what is in it, what never is, and when there is none."""

import html
import json
import stat
import zipfile

import pytest
import worlds
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from subject_homes import answered, home_of
from test_subject import MAIJA, MATTI, PEKKA, WORLD, coded
from typer.testing import CliRunner

from pipelines import open_workbench
from pipelines import person as subject
from pipelines.commands.main import app
from pipelines.errors import VahtiError
from pipelines.person import holding, log, packing, redact

HOSTILE = (
    "=1+1",
    "@SUM(A1)",
    "<script>alert(1)</script>",
    "a\u202eb",
    "{brace}",
    "%s",
    '"quoted"',
    "'; drop table x; --",
)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return answered(tmp_path_factory.mktemp("world"), **WORLD)


@pytest.fixture
def place(home):
    with subject.at(home, worlds.expectations()) as opened:
        yield opened


def read(folder) -> dict[str, dict]:
    return {item["record_key"]: item for item in json.loads((folder / "records.json").read_text("utf-8"))}


def test_a_package_holds_these_files_and_only_its_owner_opens_them(place, tmp_path):
    subject.package(place, "A1", tmp_path / "out", request="TP1", why="request TP1")
    files = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "out").iterdir()}
    names = (
        "certificate.html",
        "certificate.json",
        "certificate.pdf",
        "letter.docx",
        "letter.html",
        "letter.pdf",
        "portable.csv",
        "portable.json",
        "records.csv",
        "records.json",
    )
    assert files == dict.fromkeys(names, 0o600)
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o700
    assert subject.requests(place).set_index("request").loc["TP1", "packages"] != ""


def test_a_record_has_its_place_its_reason_its_last_day_and_its_values(place, tmp_path):
    subject.package(place, "A1", tmp_path / "out", why="access request")
    item = read(tmp_path / "out")["T1"]
    assert {key: item[key] for key in ("system", "dataset", "record_key", "match", "last_day")} == {
        "system": "proeconomica",
        "dataset": "ledger",
        "record_key": "T1",
        "match": "names customer number A1",
        "last_day": "2036-12-31",
    }
    assert item["values"]["amount"] == 10 and item["values"]["financial_year_end"] == "2026-12-31"


def test_other_peoples_data_is_marked_and_not_sent(place, tmp_path):
    subject.package(place, "A1", tmp_path / "out", why="access request")
    items = read(tmp_path / "out")
    assert items["T1C"]["values"]["name"] == "Virtanen Matti & [redacted: another person's name]"
    assert items["T1C"]["redacted"] == ["name"] and "T1B" not in items
    assert items["V3"]["values"]["phone"] == "[redacted: another person's data]"
    assert items["A1"]["values"]["notes"] == "[redacted: not decided yet]", "nobody has read it"
    assert items["S1"]["values"]["party_name"] == "Matti VIRTANEN"
    everything = b"".join(
        path.read_bytes() for path in (tmp_path / "out").iterdir() if path.suffix not in (".pdf", ".docx")
    ).decode()
    with zipfile.ZipFile(tmp_path / "out" / "letter.docx") as document:
        everything += document.read("word/document.xml").decode()
    assert MAIJA not in everything and everything.count(MATTI) > 3


def test_the_officer_may_let_others_data_go_but_never_an_identity_code(place, tmp_path):
    subject.package(place, "A1", tmp_path / "out", why="access request", keep_others=True)
    items = read(tmp_path / "out")
    assert items["T1C"]["values"]["name"] == "Virtanen Matti ja Maija"
    assert items["A1"]["values"]["notes"] == "Vaimo [redacted: an identity code], puh. 050 765 4321"


def test_the_certificate_says_what_was_searched_how_and_what_could_not_be(place, tmp_path):
    made = subject.package(place, "A1", tmp_path / "out", why="access request").certificate
    searched = {item["dataset"]: item for item in made["searched"]}
    assert set(searched) == set(place.searchable)
    assert searched["ledger"]["rows"] == 3  # of the own company
    assert searched["customers"]["fields"][:2] == ["customer_number", "name"]
    reasons = {(item["reason"], item["dataset"]) for item in made["could_not_be_searched"]}
    assert {("not_feed", "accounts"), ("not_text", "messages"), ("not_text", "customers")} <= reasons
    assert {item["file"] for item in made["exports"] if item["sha256"]} >= {
        "vesikanta_asiakkaat.csv",
        "sopimusmapit.xlsx",
    }
    assert set(made["versions"]) == {"python", "rekisterivahti", "duckdb", "splink"}
    assert set(made["files_sha256"]) == {
        "letter.docx",
        "letter.html",
        "letter.pdf",
        "portable.csv",
        "portable.json",
        "records.csv",
        "records.json",
    }
    assert made["period"] == worlds.PERIOD and made["records"] == len(read(tmp_path / "out"))


@pytest.mark.parametrize(
    ("language", "reasons", "mark", "label"),
    [
        ("en", ["own record: customer number A1", "names customer number A1"], "[redacted: another person's name]", "Voucher date"),
        ("fi", ["oma tietue: asiakasnumero A1", "tietueessa on asiakasnumero A1"], "[poistettu: toisen henkilön nimi]", "Tositepäivä"),
        ("sv", ["din egen post: kundnummer A1", "posten innehåller kundnummer A1"], "[borttaget: en annan persons namn]", "Verifikatdag"),
    ],
)  # fmt: skip
def test_the_letter_says_in_its_language_why_a_record_is_theirs_and_what_was_taken_out(
    place, tmp_path, language, reasons, mark, label
):
    subject.package(place, "A1", tmp_path / "out", why="access request", language=language)
    page = html.unescape((tmp_path / "out" / "letter.html").read_text("utf-8"))
    assert [text for text in (*reasons, mark, label) if text not in page] == []
    if language != "en":
        assert [text for text in ("redacted", "names customer", "own record", "customer number") if text in page] == []


@pytest.mark.parametrize(
    "language, word", [("en", "How long we keep it"), ("fi", "Oikeutesi"), ("sv", "Dina rättigheter")]
)
def test_the_letter_answers_article_15_in_three_languages_and_fetches_nothing(place, tmp_path, language, word):
    subject.package(place, "A1", tmp_path / "out", why="access request", language=language)
    page = (tmp_path / "out" / "letter.html").read_text("utf-8")
    assert word in page and "LVI-Lähdeputki Oy" in page and f'lang="{language}"' in page
    assert not any(text in page for text in ("<script", "src=", "href=", "@import", "url(", "{", "PK ")[:5])
    assert (tmp_path / "out" / "letter.pdf").read_bytes().startswith(b"%PDF-")


def test_what_rests_on_consent_or_contract_comes_along(place, tmp_path):
    subject.package(place, "A1", tmp_path / "out", why="access request")
    portable = {item["dataset"] for item in json.loads((tmp_path / "out" / "portable.json").read_text("utf-8"))}
    assert portable == {"customers", "connections", "meter_readings"}


@pytest.mark.parametrize(
    "number, options, problem",
    [
        ("A2", {}, "protected"),
        ("nobody", {}, "no record"),
        ("A1", {"request": "TP2"}, "another customer's"),
        ("A1", {"request": "TP99"}, "no such request"),
        ("A1", {"why": f"wife of {MAIJA}"}, "personal value"),
    ],
)
def test_no_package_where_there_must_be_none(place, tmp_path, number, options, problem):
    with pytest.raises(VahtiError, match=problem):
        subject.package(place, number, tmp_path / "out", **{"why": "access request"} | options)
    assert not (tmp_path / "out" / "records.json").exists()


@pytest.mark.parametrize("stated", [{}, {"why": " "}, {"request": "", "why": None}])
def test_no_package_without_a_request_or_a_reason_and_nobody_is_looked_at_for_it(place, tmp_path, stated):
    before = log.path(place.home).read_bytes()
    with pytest.raises(VahtiError, match="must be stated"):
        subject.package(place, "A1", tmp_path / "out", **stated)
    assert log.path(place.home).read_bytes() == before and not (tmp_path / "out").exists()


def test_the_desk_makes_a_package_for_the_reason_that_the_person_was_looked_up_for(home, tmp_path):
    bench = open_workbench(home, expectations=worlds.EXPECTATIONS)
    with pytest.raises(VahtiError, match="must be stated"):
        bench.subject(customer="A1").package(tmp_path / "none")
    bench.subject(customer="A1", why="request TP1").package(tmp_path / "out")
    assert '"why": "request TP1"' in (home / "audit.log").read_text("utf-8").splitlines()[-1]


def test_a_number_nobody_has_is_said_to_have_no_record_and_never_to_be_protected(home):
    for more in ([], ["--reveal", "--reason", "request TP1"]):
        words = ["subject", "--customer", "9999999", "--home", str(home), *more]
        run = CliRunner().invoke(app, words)
        said = str(run.exception)
        assert (run.stdout, "PROTECTED" in run.stderr) == ("", False)
        assert "no record of this customer number in any system" in said and "Searched in period" in said


def test_a_protected_customer_is_answered_once_the_officer_made_sure(place, tmp_path):
    subject.package(place, "A2", tmp_path / "out", why="access request", confirm_protected=True)
    assert "A2" in read(tmp_path / "out")


def test_a_folder_with_things_in_it_or_in_the_home_is_refused(place, home, tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").write_text("x")
    for folder in (tmp_path / "full", home / "reports" / "out"):
        with pytest.raises(VahtiError):
            subject.package(place, "A1", folder, why="access request")


def test_hostile_values_stay_text_wherever_they_are_shown(tmp_path):
    header = "message_id | customer_number | text\n"
    home = home_of(
        tmp_path,
        customers="customer_number\nA1",
        messages=header + "\n".join(f"C{n} | A1 | {text}" for n, text in enumerate(HOSTILE)),
    )
    with subject.at(home, worlds.expectations()) as place:
        for n in range(len(HOSTILE)):
            subject.redact_field(place, "A1", f"messages/C{n}", "text", "release", why="it is read")
        subject.package(place, "A1", tmp_path / "out", why="access request")
    items = read(tmp_path / "out")
    assert [items[f"C{n}"]["values"]["text"] for n in range(len(HOSTILE))] == list(HOSTILE)
    page = (tmp_path / "out" / "letter.html").read_text("utf-8")
    assert "<script" not in page and "\u202e" not in page
    table = (tmp_path / "out" / "records.csv").read_text("utf-8")
    assert '"\'=1+1"' in table and '"\'@SUM(A1)"' in table


def test_an_identity_code_is_known_in_any_dress():
    own = redact.Own(frozenset(), frozenset({MATTI}))
    for text in (PEKKA, PEKKA.lower(), PEKKA.replace("-", "–"), PEKKA.replace("-", " - "), f"x {PEKKA}."):
        assert not redact.codes_in(redact.codes(text, own)) and "redacted" in redact.codes(text, own)
    assert redact.codes(f"{MATTI} {MATTI.lower()}", own) == f"{MATTI} {MATTI.lower()}"


def test_the_command_makes_a_package_after_a_choice(home, tmp_path):
    out = CliRunner().invoke(
        app,
        ["subject", "virtanen", "--package", str(tmp_path / "out"), "--request", "TP1", "--home", str(home)],
        input="A1\n",
    )
    assert out.exit_code == 0 and (tmp_path / "out" / "certificate.json").exists()
    assert "Matti" not in out.output


def test_values_are_shown_for_a_stated_reason_only(home):
    command = ["subject", "--customer", "A1", "--home", str(home)]
    run = CliRunner().invoke
    assert "Virtanen" not in run(app, command).output
    assert isinstance(run(app, [*command, "--reveal"]).exception, VahtiError)
    assert "Virtanen Matti" in run(app, [*command, "--reveal", "--reason", "request TP1"]).output


# Nothing of anybody else's, whatever the register holds
# ---------------------------------------------------------------

PEOPLE = [coded(f"{day:02d}0260", 910 + day) for day in range(1, 7)]
texts = st.sampled_from(
    [
        *PEOPLE,
        *(code.lower() for code in PEOPLE),
        *(f"ks. {code.replace('-', '–')}" for code in PEOPLE),
        "tavallinen",
        ".",
    ]
)
people = st.tuples(
    st.sampled_from(["H", "Y"]),
    st.sampled_from([*range(6), None]),
    texts,
    st.sampled_from(["0401234567", "0507654321", "."]),
)
rows = st.tuples(st.sampled_from(["KVH", "MUU", "."]), st.integers(0, 5), texts)


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(people, min_size=3, max_size=5),
    st.lists(rows, max_size=8),
    st.lists(st.tuples(st.sampled_from(["0401234567", "0507654321"]), texts), max_size=4),
)
def test_no_row_of_another_company_and_no_other_persons_identity_code(tmp_path_factory, people, rows, messages):
    codes = [PEOPLE[code] if code is not None else "." for _, code, _, _ in people]
    tables = {
        "customers": "customer_number | customer_type | name | personal_identity_code | phone | notes\n"
        + "\n".join(
            f"A{n} | {kind} | Nimi Etu{'abcdef'[n]} | {codes[n]} | {phone} | {text}"
            for n, (kind, _, text, phone) in enumerate(people)
        ),
        "ledger": "company | voucher_number | customer_number | name\n"
        + "\n".join(f"{company} | T{n} | A{who} | {text}" for n, (company, who, text) in enumerate(rows)),
        "messages": "message_id | phone | text\n"
        + "\n".join(f"V{n} | {phone} | {text}" for n, (phone, text) in enumerate(messages)),
    }
    home = home_of(tmp_path_factory.mktemp("any"), **tables)
    foreign = {f"T{n}" for n, (company, _, _) in enumerate(rows) if company != "KVH"}
    with subject.at(home, worlds.expectations()) as place:
        for number, (kind, _, _, _) in enumerate(people):
            found = holding.gather(place, f"A{number}")
            assert not foreign & {record.record_key for record in found.records}
            # A folded name agrees with any other here, so those who share a code are one person.
            own = {codes[number]} if kind == "H" else set()
            said = redact.codes_in(
                json.dumps(
                    [packing.as_json(each, packing.Words(place, "en")) for each in found.records], ensure_ascii=False
                )
            )
            assert said <= own
