"""The report: one page that refers to nothing outside itself, counts what findings.csv holds, and obeys no data."""

from __future__ import annotations

import base64
import csv
import datetime as dt
import html
import json
import re
import shutil
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest
import worlds

from pipelines import open_workbench, outputs
from pipelines.desk import report as periodic
from pipelines.expectations.load import load
from pipelines.expectations.opened import open_period
from pipelines.home import store
from pipelines.job.refresh import refresh
from pipelines.job.run import run
from pipelines.language.languages import language
from pipelines.ledger import acceptances, looking
from pipelines.notice import conformity, spoken
from pipelines.report import figures
from pipelines.report import page as report
from pipelines.report import work as report_work
from pipelines.samples import write_samples

EXPECTATIONS = Path(__file__).parent.parent / "expectations"
FIRST, SECOND = "2025-12-31", "2026-03-31"
HEADER = "<script>alert(1)</script>\u202e&"
KEY = '"><img src=x onerror=alert(1)>'
# What a language may put between thousands.
THOUSANDS = re.compile(r"(?<=\d)[,\u00a0\u2009\u202f](?=\d{3}\b)")
VOID = {"meta", "img", "br", "hr", "link", "input", "source"}


class Page(HTMLParser):
    """Elements, attributes and texts of a page."""

    def __init__(self, text: str):
        super().__init__()
        self.elements: list[tuple[str, dict]] = []
        self.open: list[str] = []
        self.texts: list[tuple[tuple[str, ...], str]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, f"</{tag}> closes {self.open[-3:]}"
        self.open.pop()

    def handle_data(self, data):
        if data.strip():
            self.texts.append((tuple(self.open), data))

    def named(self, *tags: str) -> list[dict]:
        """Attributes of every element of these names."""
        return [attributes for tag, attributes in self.elements if tag in tags]

    def within(self, tag: str) -> list[str]:
        """Texts inside elements of that name."""
        return [text.strip() for around, text in self.texts if tag in around]


def table(text: str, name: str) -> list[list[str]]:
    """The rows of the table of that id, as texts with the figures' spaces taken out."""
    body = re.search(rf'<table[^>]* id="{name}">.*?</table>|<table id="{name}">.*?</table>', text, re.DOTALL)[0]
    rows = re.findall(r"<tr>(.*?)</tr>", body, re.DOTALL)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in rows]
    return [[THOUSANDS.sub("", re.sub(r"<[^>]+>", "", cell)).strip() for cell in row] for row in cells]


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    """Two sample periods taken in; the second has a header and a key that would like to be HTML."""
    folder = tmp_path_factory.mktemp("report")
    write_samples(folder, 300, 5, 2)
    loaded = load(EXPECTATIONS)
    contract = next(c for c in loaded.contracts if c.dataset == "meter_readings")
    path = folder / "exports" / SECOND / contract.file
    lines = path.read_bytes().decode(contract.encoding, "surrogateescape").splitlines()
    key = '"' + KEY.replace('"', '""') + '"'
    width = len(lines[0].split(contract.delimiter))
    rows = [lines[0] + contract.delimiter + '"<script>alert(1)</script>&"']
    rows += [line + contract.delimiter for line in lines[1:]]
    rows.append(contract.delimiter.join([key, *[""] * width]))
    text = "\r\n".join(rows) + "\r\n"
    path.write_bytes(text.encode(contract.encoding, "surrogateescape"))
    with pytest.MonkeyPatch.context() as patch:  # these have tests of their own, and take half a minute
        patch.setattr("pipelines.second_opinion.run", lambda *_: None)
        patch.setattr("pipelines.rules.rulecheck.check_all", lambda *_: None)
        run(folder / "home", folder / "exports", EXPECTATIONS)
    return folder / "home"


@pytest.fixture(scope="module")
def text(home) -> str:
    return (home / "reports" / SECOND / "report.html").read_text("utf-8")


@pytest.fixture(scope="module")
def page(text) -> Page:
    return Page(text)


@pytest.fixture(scope="module")
def found(home) -> list[dict]:
    with (home / "reports" / SECOND / "findings.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def period(home):
    """The second period's database with the first as `previous`, and the period; what a test writes is thrown away."""
    opened = open_period(home, EXPECTATIONS, SECOND)
    connection = store.connect(opened.home)
    store.attach(connection, opened.home, opened.home.database(FIRST), "previous", read_only=True)
    store.attach(connection, opened.home, opened.home.database(SECOND), "period")
    connection.execute("use period")
    connection.execute("begin")
    yield connection, opened
    connection.close()


def made(period, tmp_path, notice: dict | None = None) -> str:
    """The page made anew from what the test left in the database."""
    connection, opened = period
    report.write(connection, opened, tmp_path, notice=notice)
    return (tmp_path / "report.html").read_text("utf-8")


def identity(finding: dict) -> tuple[str, ...]:
    """What makes two findings of two periods the same."""
    return tuple(finding[name] for name in ("rule", "dataset", "record_key", "field"))


# Nothing outside itself


def test_the_page_refers_to_nothing_but_itself_and_what_lies_beside_it(page):
    for tag, attributes in page.elements:
        for name in ("src", "srcset", "href", "action", "data", "poster", "background"):
            target = attributes.get(name)
            if target is not None:
                assert target.startswith(("#", "data:image/svg+xml;base64,")) or target in (
                    "findings.csv",
                    "ledger.csv",
                    "data-docs/index.html",
                ), f"{tag} {name}={target[:60]}"


def test_the_page_runs_and_loads_nothing(text, page):
    assert not page.named("script", "link", "iframe", "object", "embed", "base", "form")
    assert not [name for _, attributes in page.elements for name in attributes if name.startswith("on")]
    style = "".join(page.within("style"))
    assert "url(" not in style and "@import" not in style and "@font-face" not in style
    assert "http:" not in text and "https:" not in text
    policy = next(a["content"] for a in page.named("meta") if a.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'")


def test_every_anchor_leads_somewhere_on_the_page(page):
    places = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(places) == len(set(places))
    assert {a["href"][1:] for a in page.named("a") if a["href"].startswith("#")} <= set(places)


def test_pictures_hold_no_script_font_date_or_address(page):
    pictures = [base64.b64decode(a["src"].split(",", 1)[1]).decode() for a in page.named("img")]
    assert len(pictures) == 9
    for picture in pictures:
        assert picture.startswith("<svg") and "<text" not in picture and "<metadata" not in picture
        inside = re.sub(r'xmlns(:xlink)?="[^"]*"', "", picture)
        assert not [word for word in ("http", "font-family", "/home", "<script") if word in inside]


# The same bytes


def test_the_same_database_gives_the_same_bytes(home, period, tmp_path):
    before = (home / "reports" / SECOND / "report.html").read_bytes()
    notice = conformity.page(*period, conformity.judge(*period))
    assert made(period, tmp_path, notice).encode() == before == made(period, tmp_path, notice).encode()


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("en", "Read in the wrong encoding: VesikantaPlus, customers (seems to be utf-8). Letters in these exports"),
        (
            "fi",
            "Luettu väärällä merkistökoodauksella: VesikantaPlus, asiakkaat (merkistökoodaus näyttää olevan utf-8).",
        ),
        ("sv", "Inlästa med fel teckenkodning: VesikantaPlus, kunder (teckenkodningen verkar vara utf-8)."),
    ],
    ids=["en", "fi", "sv"],
)
def test_an_export_in_another_encoding_is_told_before_everything_else(period, text, tmp_path, code, says):
    connection, opened = period
    assert 'id="garbled"' not in text
    connection.execute("update feed.files set seems = 'utf-8' where dataset = 'customers'")
    speech = language(code, EXPECTATIONS)
    drawn = report.blocks(report.facts(connection, opened, tmp_path, speech), speech)
    for page in map(report.assembled, (drawn, report.decided(connection, drawn))):  # a decision leaves it there
        before, summary = page.partition('<section id="summary"')[::2]
        banner = r'</h2>\s*<p class="warn" id="garbled">(.*?)</p>\s*<ul class="tiles">'
        (told,) = re.findall(banner, summary, re.DOTALL)
        assert " ".join(re.sub(r"<[^>]+>", "", told).split()).startswith(says)
        assert "<table" not in before and page.count('id="garbled"') == 1


def test_data_docs_are_linked_where_they_are(period, tmp_path):
    assert "data-docs" not in made(period, tmp_path)
    outputs.write_text(tmp_path / "data-docs", "index.html", "")
    assert '<a href="data-docs/index.html">' in made(period, tmp_path)


def test_nothing_in_the_page_says_when_or_where_it_was_made(text, home):
    assert str(home) not in text and str(Path(report.__file__).parent) not in text
    words = re.sub(r"(?s)<style>.*?</style>|base64,[^\"]*", "", text)
    assert not re.search(r"\b\d{1,2}:\d{2}(:\d{2})?\b", words)


# What data may not do


def test_a_header_that_is_html_is_a_place(text, page):
    assert "<script" not in text and "script&gt;" not in text
    assert any(line.startswith("column ") for line in page.within("li"))


def test_a_key_that_is_html_is_text_and_no_link(text, page):
    assert "<img src=x" not in text
    assert KEY in page.within("li")
    keys = [around for around, _ in page.texts if list(around).count("details") > 2]  # in a rule, in its section
    assert keys and not [around for around in keys if "a" in around]


def test_letters_that_turn_or_hide_text_are_shown_by_their_code(period, tmp_path):
    connection, _ = period
    change = "update ledger.states set record_key = $1, field = $1 where rule = 'undeclared-column'"
    connection.execute(change, [HEADER])
    text = made(period, tmp_path)
    assert "\u202e" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;⟨U+202E⟩&amp;" in text


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("1000001", "1000001"),
        ("Äijö ß 名", "Äijö ß 名"),
        ("a\u202eb", "a⟨U+202E⟩b"),
        ("a\u200bb", "a⟨U+200B⟩b"),
        ("a\nb\x00", "a⟨U+000A⟩b⟨U+0000⟩"),
        ("\u2066x\u2069", "⟨U+2066⟩x⟨U+2069⟩"),
    ],
)
def test_visible(given, shown):
    assert report.visible(given) == shown


def test_a_key_longer_than_a_line_is_cut(period, tmp_path):
    connection, _ = period
    connection.execute("update ledger.states set record_key = repeat('k', 100000) where rule = 'undeclared-column'")
    text = made(period, tmp_path)
    assert "k" * 80 + "…" in text and "k" * 81 not in text


def test_no_value_of_a_record_is_on_the_page(period, text):
    connection, _ = period
    values = connection.execute(
        "select distinct value from registry.subject_attributes where length(value) > 6 and kind in"
        " ('pd:Name', 'pd:TelephoneNumber', 'pd:EmailAddress', 'pd:OfficialID', 'pd:BankAccount', 'pd:PhysicalAddress')"
    ).fetchall()
    keys = {key for (key,) in connection.execute("select distinct record_key from results.findings").fetchall()}
    assert len(values) > 300
    plain = re.sub(r"base64,[^\"]*", "", text)
    assert not [value for (value,) in values if value in plain and value not in keys]


# What it counts


@pytest.fixture(scope="module")
def standing(home) -> list[dict]:
    """What the ledger says is open, findings and tasks."""
    return [row for row in looking.states(store.open_existing(home)) if row["is_open"]]


def test_tables_count_what_is_open(text, standing):
    severities = Counter(row["severity"] for row in standing)
    matrix = table(text, "matrix")
    assert int(matrix[-1][-1]) == len(standing)
    assert sum(int(cell) for row in matrix[1:-1] for cell in row[1:-1]) == len(standing)
    sums = zip(matrix[0][1:-1], matrix[-1][1:-1], strict=True)
    counted = Counter(row["category"] for row in standing)
    assert {title.lower(): int(count) for title, count in sums if count != "0"} == counted
    assert [sum(int(row[place]) for row in table(text, "severity")[1:]) for place in (1, 2, 3)] == [
        severities[severity] for severity in ("high", "medium", "low")
    ]
    owners = {row[0]: int(row[4]) for row in table(text, "owners")[1:-1]}
    assert owners == Counter(row["who"] for row in standing)


def test_the_gravest_come_first_with_owner_time_and_next_step(text, standing):
    rows = table(text, "gravest")[1:]
    assert len(rows) == 5 and all(all(row) for row in rows)
    gravest = min(standing, key=lambda row: (row["rank"], row["risk"], row["act_by"]))
    left = (gravest["act_by"] - dt.date.fromisoformat(SECOND)).days
    words = {0: "at once"}.get(left, f"{-left} day" if left < 0 else f"{24 * left} hours")
    assert rows[0][2] == gravest["who"] and rows[0][3].startswith(words)


def test_every_rule_with_findings_has_its_count_and_its_keys(text, standing):
    found = [row for row in standing if row["kind"] == "finding"]
    rules, keys = Counter(row["rule"] for row in found), {(row["rule"], row["record_key"]) for row in found}
    articles = {
        name: Page(body) for name, body in re.findall(r'(?s)<article [^>]*id="rule-([^"]+)">(.*?)</article>', text)
    }
    assert articles.keys() == rules.keys()
    for rule, article in articles.items():
        cells = [text for around, text in article.texts if around[-2:] == ("tr", "td")]
        counts = [int(cell) for cell in (THOUSANDS.sub("", cell) for cell in cells) if cell.isdecimal()]
        assert sum(counts) == rules[rule], rule
        shown = set(article.within("li"))
        assert not any("more in findings.csv" in each for each in shown)
        assert {report.visible(key) for name, key in keys if name == rule and key} == shown


def test_more_keys_than_fifty_are_counted_not_listed(period, tmp_path):
    connection, _ = period
    columns = ", ".join(row[0] for row in connection.execute("describe ledger.states").fetchall())
    selected = columns.replace("record_key", "'N' || lpad(n::varchar, 4, '0') as record_key", 1)
    connection.execute(
        f"insert into ledger.states by name select {selected}"
        " from (from ledger.states where rule = 'undeclared-column' and is_open limit 1), range(1200) as numbers(n)"
    )
    text = made(period, tmp_path)
    article = re.search(r'(?s)<article [^>]*id="rule-undeclared-column">.*?</article>', text)[0]
    assert article.count("<li>") <= 100 and re.search(r"… and 11\d\d more in findings.csv", THOUSANDS.sub("", article))


def test_headline_and_changes(text, home, standing):
    rows = {row[0]: int(row[1]) for row in table(text, "changes")[1:]}
    states = Counter(row["state"] for row in looking.states(store.open_existing(home)))
    names = {"New": "new", "Reappeared": "reappeared", "Open since before": "open", "Not observable": "not observable"}
    assert {name: rows[name] for name in names} == {name: states[state] for name, state in names.items()}
    assert sum(rows[name] for name in ("New", "Reappeared", "Open since before")) == len(standing)
    headline = re.sub(r"\s+", " ", re.search(r'(?s)id="summary-title">(.*?)</h2>', text)[1])
    urgent, late = sum(row["is_urgent"] for row in standing), sum(row["is_late"] for row in standing)
    assert f"{urgent} things are urgent." in headline and f"{late} are past the day to act by." in headline
    assert 0 < urgent < len(standing) / 5


def test_an_export_that_did_not_arrive_is_in_the_headline(period, tmp_path):
    connection, opened = period
    connection.execute("update feed.files set status = 'missing' where dataset = 'customers'")
    assert "exports did not arrive" in made(period, tmp_path)


def test_the_first_period_says_so(home):
    text = (home / "reports" / FIRST / "report.html").read_text("utf-8")
    assert "first period" in text and ">Since " not in text
    assert not re.search(r"since last time", text)


def test_a_period_without_findings(period, tmp_path):
    connection, _ = period
    for table_ in ("results.findings", "ledger.states", "ledger.standing"):
        connection.execute(f"delete from {table_}")
    text = made(period, tmp_path)
    assert "Nothing is open." in text and "None is past the day to act by." in text
    assert Page(text).open == []


def test_agreement_with_great_expectations(period, tmp_path):
    connection, _ = period
    connection.execute("drop table if exists results.agreement; drop table if exists results.expectations")
    assert "has not been asked" in made(period, tmp_path)
    connection.execute(
        "create table results.agreement as select 'invalid-value' as rule, 'customers' as dataset, 3 as findings,"
        " 3::bigint as offences, 3::bigint as gx_unexpected, true as agrees"
    )
    assert "agrees with the findings" in made(period, tmp_path)
    connection.execute("insert into results.agreement values ('orphan-record', 'claims', 1, 1, null, false)")
    text = made(period, tmp_path)
    assert "in 1 of 2 pairs" in text
    assert table(text, "disagreements")[1] == ["A record that names nobody billing knows", "claims", "1", "no answer"]


def test_retention_counts_are_those_of_the_registry(period, text):
    connection, opened = period
    query = "select count(*) filter (where state = 'due'), count(*) from registry.retention"
    due, records = connection.execute(query).fetchone()
    rows = [row for row in table(text, "classes")[1:] if len(row) == 10]
    assert sum(int(row[3]) for row in rows) == due and sum(int(row[2]) for row in rows) == records
    for row in rows:
        assert int(row[2]) == sum(map(int, row[3:])), row


# For every reader


def test_pictures_have_a_text_and_tables_their_headings(page):
    assert all(len(a.get("alt", "")) > 40 for a in page.named("img"))
    assert all(a.get("scope") in ("row", "col") for a in page.named("th"))
    assert page.named("html")[0]["lang"] == "en" and page.within("title")
    assert "width=device-width" in next(a["content"] for a in page.named("meta") if a.get("name") == "viewport")


def test_headings_are_in_order(page):
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False))


def test_every_element_is_closed(page):
    assert page.open == []


@pytest.mark.parametrize("narrow", [False, True])
def test_figures_draw_any_numbers_and_names(narrow):
    names = ["$x_1$ <b>", "名" * 40, ""]
    drawn = [
        figures.heat_map(names, ["a", "b"], [[0, 1], [2_000_000, 3], [1500, 0]], narrow),
        figures.heat_map(names, ["a"], [[0], [0], [0]], narrow),
        figures.stacked_bars(names, [("x", "#000000", [0, 0, 0])], narrow),
        figures.columns_over_time([("past", "due", 0, True), ("Q1", "2026", 12345, False)], narrow),
    ]
    assert all(picture.startswith("<svg") for picture in drawn)
    assert drawn[0] == figures.heat_map(names, ["a", "b"], [[0, 1], [2_000_000, 3], [1500, 0]], narrow)


# The ledger and the notice


def test_states_on_the_page_are_those_of_the_ledger(text, home):
    with store.reading(store.open_existing(home), SECOND) as connection:
        states = dict(
            connection.execute(
                "select state, count(*) from ledger.states where kind = 'finding' group by state"
            ).fetchall()
        )
        late = connection.execute("select count(*) from ledger.states where is_late").fetchone()[0]
    words = report_work.words(str)
    shown = {row[0]: int(row[-1]) for row in table(text, "states")[1:]}
    assert shown == {words[state]: states.get(state, 0) for state in report_work.STATES}
    assert sum(int(row[5]) for row in table(text, "mending")[1:-1]) == late == int(table(text, "mending")[-1][5]) > 0
    assert f"{late} are past the day to act by." in text
    to_mend = [sum(map(int, row[1:5])) for row in table(text, "mending")[1:-1]]
    assert to_mend == sorted(to_mend, reverse=True) and len(set(to_mend)) > 2


def undecided(page: str) -> str:
    """The page without the sections that a decision changes."""
    return re.sub(rf'<section id="({"|".join(report.DECIDED)})".*?</section>', "", page, flags=re.DOTALL)


def test_a_decision_changes_what_stands_and_nothing_else(home, tmp_path):
    place = store.open_existing(shutil.copytree(home, tmp_path / "home"))
    before = (place.reports(SECOND) / "report.html").read_text("utf-8")
    first = (place.reports(FIRST) / "report.html").read_bytes()
    (finnish,) = periodic.write(open_workbench(place.path, SECOND, "fi"))
    spoken = finnish.read_text("utf-8")
    chosen = next(row["fingerprint"] for row in looking.states(place) if row["is_there"] and row["kind"] == "finding")
    acceptances.accept(
        place, [chosen], reason="known and weighed by the board", until=dt.date(2026, 9, 1), by="who", second="other"
    )
    refresh(place)
    after = (place.reports(SECOND) / "report.html").read_text("utf-8")
    assert undecided(after) == undecided(before)
    assert table(before, "states")[5] == ["Accepted", "0", "0"] and table(after, "states")[5] == ["Accepted", "0", "1"]
    assert undecided(finnish.read_text("utf-8")) == undecided(spoken)
    assert [row[0] for row in table(finnish.read_text("utf-8"), "mending")] == [
        row[0] for row in table(spoken, "mending")
    ]
    assert "Mapit" in [row[0] for row in table(spoken, "mending")]
    assert table(finnish.read_text("utf-8"), "states")[5] == ["Hyväksytty", "0", "1"]
    assert (place.reports(FIRST) / "report.html").read_bytes() == first


def test_every_statement_of_the_notice_is_on_the_page(text, home):
    statements = json.loads((home / "reports" / SECOND / "notice.json").read_text("utf-8"))["statements"]
    rows = sorted(table(text, "statements")[1:] + table(text, "holding")[1:])
    assert [(row[0], row[2], int(row[3] or 0)) for row in rows] == [
        (s["id"], s["status"], s["findings"]) for s in statements
    ]
    assert {row[2] for row in rows} >= {"broken", "holds"}
    rules = {item["rule"] for statement in statements for item in statement["evidence"]}
    titles = spoken.FACTS | {rule.id: " ".join(rule.title.split()) for rule in worlds.expectations().rules}
    shown = html.unescape(re.sub(r"<[^>]+>", "", text))
    assert rules and [rule for rule in sorted(rules) if f"{titles[rule]} (" not in shown] == []


def test_without_a_notice_the_page_says_so(period, tmp_path):
    assert "the notice was not checked" in made(period, tmp_path)
