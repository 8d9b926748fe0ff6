"""The officer's desk in a browser: the five tasks of a quarter in each language, by keyboard alone in one of them.

Debian's Chromium drives it (`apt-get install chromium`); one server and one home serve all. What is asked of another host, and every
page that axe-core finds fault with, fails.
"""

from __future__ import annotations

import csv
import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import browsers
import desks
import psutil
import pytest
import worlds
from playwright.sync_api import Page, expect, sync_playwright

from pipelines import person
from pipelines.home import store
from pipelines.ledger import journal, looking

AXE = (Path(__file__).parent / "data" / "axe" / "axe.min.js").read_text("utf-8")
PATIENCE = int(os.environ.get("VAHTI_PATIENCE", "120")) * 1000
GROUND = {
    "en": "the board weighed the risk with the keeper, and mends it by autumn",
    "fi": "hallitus on punninnut riskin vastuuhenkilön kanssa ja korjaa asian syksyyn mennessä",
    "sv": "styrelsen har vägt risken med den ansvariga och åtgärdar saken före hösten",
}
WORDS = {
    "en": {
        "start": "Start here", "findings": "All findings", "over": "Hand over …", "hand": "Hand over", "who": "Who is to act",
        "office": "office", "why": "Reason for the decision", "name": "Your name", "accept": "Accept …", "accepted": "Accept",
        "until": "Last day", "lists": "Worklists", "file": "The list that came back", "read": "Read it", "look": "Look",
        "why look": "Why you look", "whom": "Whom", "held": "What is held", "not theirs": "Not theirs", "folder": "New folder",
        "answer": "Make the answer", "leave": "Leave the records that are not decided out, and say so.", "log": "What was decided",
        "out": "What goes out, and what does not", "keep": "Keep the decisions", "withheld": "[redacted: withheld]",
        "report": "Report", "pdf": "As a PDF too", "make": "Make the report", "title": "Data protection report",
    },
    "fi": {
        "start": "Aloita tästä", "findings": "Havainnot", "over": "Siirrä …", "hand": "Siirrä", "who": "Kuka hoitaa",
        "office": "toimisto", "why": "Perustelu", "name": "Nimesi", "accept": "Hyväksy …", "accepted": "Hyväksy",
        "until": "Viimeinen päivä", "lists": "Työlistat", "file": "Palautettu lista", "read": "Lue", "look": "Hae",
        "why look": "Miksi katsot", "whom": "Ketä haet", "held": "Mitä tietoja on", "not theirs": "Ei kuulu hänelle",
        "folder": "Uusi kansio", "answer": "Laadi vastaus", "leave": "Jätä ratkaisemattomat tietueet pois ja kerro siitä.",
        "log": "Päätökset",
        "out": "Mitä annetaan ja mitä ei", "keep": "Tallenna ratkaisut", "withheld": "[poistettu: ei anneta]",
        "report": "Raportti", "pdf": "Myös PDF:nä", "make": "Laadi raportti", "title": "Tietosuojaraportti",
    },
    "sv": {
        "start": "Börja här", "findings": "Alla iakttagelser", "over": "Överför …", "hand": "Överför", "who": "Vem som ska agera",
        "office": "kontoret", "why": "Motivering", "name": "Ditt namn", "accept": "Godkänn …", "accepted": "Godkänn",
        "until": "Sista dag", "lists": "Arbetslistor", "file": "Listan som kom tillbaka", "read": "Läs in", "look": "Sök",
        "why look": "Varför du tittar", "whom": "Vem du söker", "held": "Vad som finns", "not theirs": "Tillhör inte personen",
        "folder": "Ny mapp", "answer": "Upprätta svaret", "leave": "Lämna ute de poster som inte är avgjorda, och säg det.",
        "log": "Beslut",
        "out": "Vad som lämnas ut och vad som inte gör det", "keep": "Spara besluten",
        "withheld": "[borttaget: lämnas inte ut]",
        "report": "Rapport", "pdf": "Även som PDF", "make": "Upprätta rapporten", "title": "Dataskyddsrapport",
    },
}  # fmt: skip

pytestmark = browsers.NEEDED


class Served(NamedTuple):
    """A desk that runs. `asked`: every address that the browser asked for."""

    home: store.Home
    page: Page
    asked: list[str]
    address: str
    process: psutil.Process


@pytest.fixture(scope="module")
def served(tmp_path_factory: Any) -> Iterator[Served]:
    """`vahti desk` as it is called, and a browser at it; at the end SIGTERM ends all that it started."""
    home = tmp_path_factory.mktemp("desk") / "home"
    shutil.copytree(desks.home(tmp_path_factory), home)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = ["desk", "--no-browser", "--port", port, "--home", home, "--expectations", worlds.EXPECTATIONS]
    log = home / "desk.log"
    with log.open("w") as stream:
        process = subprocess.Popen(
            [sys.executable, "-c", "from pipelines.commands.main import main; main()", *map(str, words)],
            stdout=stream,
            stderr=subprocess.STDOUT,
            cwd=home,
        )
    try:
        for _ in range(2400):
            found = re.search(rf"http://127\.0\.0\.1:{port}/\?token=(\w+)", log.read_text())
            if found or process.poll() is not None:
                break
            time.sleep(0.05)
        assert found, log.read_text()[-2000:]
        with sync_playwright() as play:
            browser = play.chromium.launch(executable_path=browsers.CHROMIUM, args=browsers.BROWSER)
            page, asked = browser.new_page(viewport={"width": 1280, "height": 900}), []
            page.set_default_timeout(PATIENCE)
            expect.set_options(timeout=PATIENCE)
            page.on("request", lambda request: asked.append(request.url))
            page.goto(found[0], wait_until="commit", timeout=PATIENCE)
            page.get_by_role("heading", level=1).wait_for()
            yield Served(
                store.open_existing(home), page, asked, found[0].partition("?")[0], psutil.Process(process.pid)
            )
            browser.close()
    finally:
        started = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
        process.send_signal(signal.SIGTERM)
        left = psutil.wait_procs(started, timeout=30)[1]
        for each in left:
            each.kill()
        process.wait(30)
    assert left == []


def clean(page: Page) -> None:
    """Nothing that axe-core knows is wrong with the page, and no cell is in sight."""
    page.evaluate(AXE)
    found = page.evaluate("async () => (await axe.run(document.getElementById('vahti'))).violations")
    assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []
    assert page.locator(".jp-InputArea, .jp-Cell:visible, .CodeMirror, .cm-editor").count() == 0


def narrow(page: Page) -> None:
    """Nothing is wider than the narrowest telephone, and no table is cut there."""
    for width in (768, 360):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    cut = "[...document.querySelectorAll('.scroll')].filter(each => each.scrollWidth > each.clientWidth).length"
    assert page.evaluate(cut) == 0
    page.set_viewport_size({"width": 1280, "height": 900})


def turned(page: Page, code: str) -> dict[str, str]:
    """The words of a language, to which the desk was turned, at its first page."""
    page.locator(f"button[name=language][value={code}]").click()
    expect(page.locator("html")).to_have_attribute("lang", code)
    page.get_by_role("navigation").get_by_role("link", name=WORDS[code]["start"], exact=True).click()
    expect(page.get_by_role("heading", level=1, name=WORDS[code]["start"])).to_be_visible()
    return WORDS[code]


def to(page: Page, name: str) -> None:
    """One of the pages that every page leads to."""
    page.get_by_role("navigation").get_by_role("link", name=name, exact=True).click()
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()


@pytest.mark.parametrize("code", ["en", "sv", "fi"])
def test_what_is_grave_is_seen_and_handed_out_and_one_finding_accepted(served, code):
    page, words = served.page, turned(served.page, code)
    clean(page)
    narrow(page)
    page.locator(".grave a").first.click()
    expect(page.get_by_role("heading", level=1, name=words["findings"])).to_be_visible()
    clean(page)
    page.locator("tbody input[type=checkbox]").first.check()
    page.get_by_role("button", name=words["over"]).click()
    page.get_by_label(words["who"]).select_option(label=words["office"])
    page.get_by_label(words["why"]).fill("they keep the binders")
    page.get_by_label(words["name"]).fill(f"Officer {code}")
    clean(page)
    page.get_by_role("button", name=words["hand"], exact=True).click()
    expect(page.locator("[role=status] .fine")).to_contain_text(words["office"])
    page.goto(f"{page.url.partition('#')[0]}#/findings?rule=contact-mismatch")
    expect(page.locator("select[name=rule]")).to_have_value("contact-mismatch")
    page.locator("tbody th a").first.click()
    expect(page.locator("select[name=rule]")).to_have_count(0)  # the list has a button of the same name
    page.get_by_role("button", name=words["accept"]).click()
    page.get_by_label(words["why"]).fill("x")
    page.get_by_label(words["until"]).fill("2026-08-31")
    page.get_by_role("button", name=words["accepted"], exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label(words["why"]).fill(GROUND[code])
    page.get_by_role("button", name=words["accepted"], exact=True).click()
    expect(page.locator("[role=status] .fine")).to_contain_text("A000")
    clean(page)
    kept = [row for row in journal.entries(served.home) if row["decided_by"] == f"Officer {code}"]
    assert {row["what"] for row in kept} == {"assign", "accept"} and all(row["decided_on"] for row in kept)
    to(page, words["log"])
    expect(page.locator("tbody")).to_contain_text(GROUND[code])
    clean(page)


@pytest.fixture(scope="module")
def asked_by(served) -> tuple[str, str]:
    """Somebody of whom a record is offered, and that record; it has texts that somebody must read."""
    with person.at(served.home, worlds.EXPECTATIONS) as place:
        found = person.links(place, why="a test of the desk")
    loose = found[found.right.str.startswith("customers/") & ~found.left.str.startswith(("customers/", "?"))]
    return loose.right.iloc[0], loose.left.iloc[0]


@pytest.mark.parametrize("code", ["en", "fi", "sv"])
def test_a_request_is_answered_with_an_offer_decided_and_a_redaction(served, asked_by, code, tmp_path):
    (owner, member), number = asked_by, asked_by[0].partition("/")[2]
    with person.at(served.home, worlds.EXPECTATIONS) as place:
        if place.said:  # what another language has answered
            person.decide(place, owner, member, "withdrawn", why="a test of the desk")
    page, words = served.page, turned(served.page, code)
    page.goto(f"{page.url.partition('#')[0]}#/people")
    page.get_by_label(words["why look"]).fill(f"access request in {code}")
    page.get_by_label(words["whom"]).fill(number)
    page.get_by_role("button", name=words["look"], exact=True).click()
    page.locator(f"form[data-act=look]:has(input[value='{number}']) button").click()
    expect(page.get_by_role("heading", name=words["held"])).to_be_visible()
    clean(page)
    offer = page.locator("form[data-act=offer]").filter(has_text=member)
    offer.get_by_label(words["name"]).fill(f"Officer {code}")
    offer.get_by_role("button", name=words["not theirs"], exact=True).click()
    expect(page.locator("[role=status] .fine")).to_be_visible()
    page.locator(f"a[href='#/redactions/{number}']").click()
    expect(page.get_by_role("heading", level=1, name=words["out"])).to_be_visible()
    clean(page)
    narrow(page)
    page.locator("select[name^='spot ']").first.select_option("withhold")
    page.get_by_label(words["why"]).fill("it speaks of a neighbour")
    page.get_by_label(words["name"]).fill(f"Officer {code}")
    page.get_by_role("button", name=words["keep"], exact=True).click()
    expect(page.locator("[role=status] .fine")).to_contain_text("1")
    expect(page.locator("dd").filter(has_text=words["withheld"]).first).to_be_visible()
    page.locator("details.letter summary").click()
    expect(page.locator("details.letter mark.withhold")).to_have_text(words["withheld"])
    clean(page)
    narrow(page)
    page.locator(".trail a").click()
    page.get_by_label(words["folder"]).fill(str(tmp_path / "answer"))
    page.locator("form[data-act=answer]").get_by_label(words["name"]).fill(f"Officer {code}")
    page.get_by_role("button", name=words["answer"], exact=True).click()
    expect(page.locator("[role=status] .fine")).to_contain_text(str(tmp_path / "answer"))
    clean(page)
    records = json.loads((tmp_path / "answer" / "records.json").read_text("utf-8"))
    assert any("[redacted: withheld]" in row["values"].values() for row in records)
    assert not any(f"{row['dataset']}/{row['record_key']}" == member for row in records)
    assert (tmp_path / "answer" / "letter.pdf").exists() and (tmp_path / "answer" / "certificate.pdf").exists()
    kept = {(row["what"], row["decided_by"]) for row in journal.entries(served.home)}
    assert {("offer no", f"Officer {code}"), ("redaction withhold", f"Officer {code}")} <= kept
    with person.at(served.home, worlds.EXPECTATIONS) as place:
        for row in person.redactions(place, number).itertuples():
            if row.answer:
                person.redact_field(place, number, row.record, row.field, "withdrawn", why="a test of the desk")


@pytest.mark.parametrize("code", ["en", "fi", "sv"])
def test_a_worklist_comes_back(served, code, tmp_path):
    page, words = served.page, turned(served.page, code)
    source = next(served.home.reports(worlds.PERIOD).glob("worklists/*.csv"))
    rows = list(csv.reader(source.open(encoding="utf-8")))
    done = rows[0].index("Tehty")
    rows[1 + ["en", "fi", "sv"].index(code)][done] = "K"
    with (tmp_path / "back.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(rows)
    to(page, words["lists"])
    clean(page)
    before = sum(row["state"] == "reported done" for row in looking.states(served.home))
    page.get_by_label(words["file"]).set_input_files(tmp_path / "back.csv")
    page.get_by_role("button", name=words["read"], exact=True).click()
    expect(page.locator("[role=status] .fine")).to_contain_text("back.csv")
    assert sum(row["state"] == "reported done" for row in looking.states(served.home)) == before + 1


@pytest.mark.parametrize("code", ["en", "fi", "sv"])
def test_the_report_is_made_for_the_director(served, code):
    page, words = served.page, turned(served.page, code)
    to(page, words["report"])
    clean(page)
    page.get_by_label(words["pdf"]).uncheck()
    with page.expect_download(timeout=4 * PATIENCE) as waiting:
        page.get_by_role("button", name=words["make"], exact=True).click()
    text = Path(waiting.value.path()).read_text("utf-8")
    assert f'<html lang="{code}">' in text and words["title"] in text


def tab_to(page: Page, name: str) -> None:
    """Goes on by the tabulator until what has this name has the focus."""
    spoken = """() => { const e = document.activeElement; return [e.getAttribute("aria-label"), e.textContent, e.id
        && document.querySelector(`label[for="${e.id}"]`)?.textContent].filter(Boolean).map(t => t.trim()); }"""
    for _ in range(200):
        page.keyboard.press("Tab")
        if any(text == name or text.startswith(f"{name} (") for text in page.evaluate(spoken)):
            return
    pytest.fail(f"the tabulator does not come to {name}")


def test_by_the_keyboard_alone_a_finding_is_accepted(served):
    page, words = served.page, turned(served.page, "sv")
    page.goto(f"{page.url.partition('#')[0]}#/findings?rule=contact-mismatch")
    expect(page.locator("select[name=rule]")).to_have_value("contact-mismatch")
    title = page.locator("tbody th a").first.inner_text()
    tab_to(page, title)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name=title)).to_be_focused()
    tab_to(page, words["accept"])
    page.keyboard.press("Enter")
    expect(page.get_by_label(words["why"])).to_be_visible()
    tab_to(page, words["why"])
    page.keyboard.type(GROUND["sv"])
    tab_to(page, words["until"])
    page.keyboard.type(
        "08312026" if page.evaluate("new Date(2026, 7, 31).toLocaleDateString()").startswith("8") else "31082026"
    )
    tab_to(page, words["name"])
    page.keyboard.press("Control+A")
    page.keyboard.type("Keyboard")
    page.keyboard.press("Enter")
    expect(page.locator("[role=status] .fine")).to_contain_text("A000")
    assert "Keyboard" in {row["decided_by"] for row in journal.entries(served.home)}


@pytest.mark.parametrize(
    "where",
    [
        "rules",
        "rule/past-retention",
        "notice",
        "statement/N25",
        "systems",
        "system/vesikanta",
        "requests",
        "disposals",
        "worklists",
        "calendar",
        "nowhere",
    ],
)
def test_every_other_page_is_clean_and_fits_a_telephone(served, where):
    page = served.page
    turned(page, "fi")
    page.goto(f"{page.url.partition('#')[0]}#/{where}")
    page.wait_for_function(
        "where => location.hash === '#/' + where && !document.querySelector('[aria-busy=true]')", arg=where
    )
    expect(page.get_by_role("heading", level=1)).not_to_have_text(WORDS["fi"]["start"])
    clean(page)
    narrow(page)


CHANNELS = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
# Has a kernel asked to run code, in every way there is, and then for something that it may be asked, and waits for the answer.
SPEAK = """async ([kernel, code]) => {
    const socket = new WebSocket(`ws://${location.host}/api/kernels/${kernel}/channels`);
    await new Promise((opened, failed) => { socket.onopen = opened; socket.onerror = failed; });
    const answered = [];
    const last = new Promise(resolve => { socket.onmessage = event => {
        if (typeof event.data !== "string") return;
        const message = JSON.parse(event.data);
        if (message.parent_header.session === "other") answered.push(message.header.msg_type);
        if (message.header.msg_type === "kernel_info_reply") resolve();
    }; });
    const ask = (type, channel, content) => socket.send(JSON.stringify({ channel, content, parent_header: {}, metadata: {}, buffers: [],
        header: { msg_id: type + channel, msg_type: type, session: "other", username: "", version: "5.3", date: "2026-01-01T00:00:00Z" } }));
    for (const channel of ["shell", "control"]) {
        ask("execute_request", channel, { code, silent: false, store_history: false, user_expressions: {}, allow_stdin: false });
        ask("complete_request", channel, { code: "wb.", cursor_pos: 3 });
        ask("inspect_request", channel, { code: "wb", cursor_pos: 2, detail_level: 1 });
        ask("history_request", channel, { output: true, raw: true, hist_access_type: "tail", n: 9 });
    }
    ask("debug_request", "control", { type: "request", command: "evaluate", arguments: { expression: code } });
    ask("kernel_info_request", "shell", {});
    await last;
    socket.close();
    return answered;
}"""


def test_not_even_its_own_page_can_have_code_run(served, tmp_path):
    kernel = re.search(CHANNELS, served.page.content())[0]
    code = f"open({str(tmp_path / 'run')!r}, 'w').write('x')"
    answered = served.page.evaluate(SPEAK, [kernel, code])
    assert set(answered) <= {"kernel_info_reply", "status"} and not (tmp_path / "run").exists()


def test_no_other_page_and_no_stranger_speaks_to_its_kernel(served):
    """`http.client` asks as a browser does that is on another page: with the cookie of this one, and its own origin."""
    kernel = re.search(CHANNELS, served.page.content())[0]
    here = served.address.rstrip("/")
    cookie = "; ".join(f"{each['name']}={each['value']}" for each in served.page.context.cookies())

    def answer(**given: str) -> int:
        connection = http.client.HTTPConnection(here.removeprefix("http://"), timeout=60)
        upgrade = {
            "Connection": "Upgrade",
            "Upgrade": "websocket",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": "MDEyMzQ1Njc4OTAxMjM0NQ==",
        }
        connection.request("GET", f"/api/kernels/{kernel}/channels", headers=upgrade | given)
        try:
            return connection.getresponse().status
        finally:
            connection.close()

    assert answer(Cookie=cookie, Origin=here) == 101
    assert answer(Origin=here) == 403
    for origin in ("http://elsewhere.example", "null", "http://127.0.0.1:1", "http://localhost"):
        assert answer(Cookie=cookie, Origin=origin) == 403
    assert answer(Cookie=cookie, Host="elsewhere.example", Origin="http://elsewhere.example") == 403


def test_nobody_without_the_token_and_no_other_host(served):
    """Last, so that it has seen what all the others asked for."""
    paths = (
        "",
        "voila/files/home.json",
        "voila/files/..%2f..%2fhome.json",
        "api/kernels",
        "api/contents",
        "files/home.json",
        "lab",
    )
    for address in (served.address + path for path in paths):
        with (
            pytest.raises(urllib.error.HTTPError),
            urllib.request.urlopen(urllib.request.Request(address), timeout=60) as response,
        ):
            assert "password" in response.read().decode().lower() or response.geturl().find("login") > 0
            raise urllib.error.HTTPError(address, 403, "asks for the token", {}, None)
    for host in ("elsewhere.example", "127.0.0.1.elsewhere.example", "0.0.0.0"):
        other = urllib.request.Request(served.address, headers={"Host": host})
        with pytest.raises(urllib.error.HTTPError, match="403"):
            urllib.request.urlopen(other, timeout=60)
    hosts = {re.match(r"\w+://([^:/]+)", url)[1] for url in served.asked if not url.startswith(("data:", "blob:"))}
    assert hosts == {"127.0.0.1"}
