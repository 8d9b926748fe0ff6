"""A typing error in any argument is told, with the nearest name and a code of its own; a question that finds nothing says
what was searched."""

from __future__ import annotations

import re

import little
import pytest
import subsets
import worlds

from pipelines import open_workbench
from pipelines.errors import UnknownError

PERIOD = worlds.PERIOD
GROUND = "the court decides on the claim in July, the officer weighed the risk"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """One period of the small exports, one export missing. Not to be changed."""
    with subsets.quick():
        yield subsets.taken_in(tmp_path_factory.mktemp("asked"), subsets.Case("no consents", subsets.but("consents")))[
            0
        ]


@pytest.fixture
def vahti(home, monkeypatch, capsys):
    monkeypatch.chdir(worlds.ROOT)
    return lambda *words: little.command(monkeypatch, capsys, *words, "--home", home)


# Words; exit code; what is said; what is proposed.
MISTAKES = [
    (["findings", "--rule", "past-retentoin"], 14, "no rule 'past-retentoin'", "past-retention"),
    (["findings", "--dataset", "customer"], 14, "no dataset 'customer'", "customers"),
    (["findings", "--state", "nwe"], 2, "use one of", "new"),
    (["findings", "--period", "2026-06-31"], 14, "no period '2026-06-31'", PERIOD),
    (["findings", "--format", "tabel"], 2, "tabel", "table"),
    (["accept", "--rule", "past-retentio", "--reason", GROUND, "--by", "b", "--until", "2026-08-01"], 14, "no rule", "past-retention"),
    (["accept", "--rule", "past-retention", "--dataset", "claim", "--reason", GROUND, "--by", "b", "--until", "2026-08-01"],
     14, "no dataset 'claim'", "claims"),
    (["accept", "v0000", "--reason", GROUND, "--by", "b", "--until", "2026-08-01"], 9, "not among the findings", "vahti findings"),
    (["accept", "--rule", "past-retention", "--reason", GROUND, "--by", "b", "--until", "31.12.27"], 2, "YYYY-MM-DD", ""),
    (["accept", "--withdraw", "A0009", "--reason", GROUND, "--by", "b"], 9, "no acceptance in force", "--list"),
    (["explain", "custmers", "A1"], 14, "no dataset with a retention class 'custmers'", "customers"),
    (["explain", "invoices", "1010"], 14, "no retention is known of invoices 1010", "1001"),
    (["explain", "consents", "S1"], 14, "no retention is known of consents", "no export of consents"),
    (["explain", "invoices", "1001", "--period", "2026"], 14, "no period '2026'", PERIOD),
    (["notice", "--period", "2026-07-30"], 14, "no period", PERIOD),
    (["notice", "--lang", "swe"], 2, "use one of", "sv"),
    (["attest", "N99", "--by", "b", "--until", "2026-08-01"], 14, "no statement to attest 'N99'", "N24"),
    (["ropa", "--period", "2026-06-03"], 14, "no period", PERIOD),
    (["bundle", "--period", "2026-06-03"], 14, "no period", PERIOD),
    (["report", "--period", "2026-06-03"], 14, "no period", PERIOD),
    (["report", "--lang", "fin"], 2, "use one of", "fi"),
    (["run", "--fail-on", "hihg"], 2, "use one of", "high"),
    (["run", "--period", "2026-06-31"], 14, "no folder '2026-06-31'", "2026-06-30"),
    (["subject", "--customer", "9999999"], 14, "no record of this customer number", "Searched"),
    (["subject", "--customer", "A1", "--lang", "fin"], 2, "use one of", "fi"),
    (["subject", "decide", "custmers/A1", "customers/A2", "yes"], 14, "no dataset 'custmers'", "customers"),
    (["subject", "decide", "customers/A1", "customers/A404", "yes"], 14, "no customers/A404", "vahti subject links"),
    (["subject", "decide", "consents/S1", "customers/A1", "yes"], 14, "consents cannot be searched", "export"),
    (["subject", "--customer", "A1", "--period", "2026-06-03"], 14, "no period", PERIOD),
    (["fidnings"], 2, "No such command", ""),
]  # fmt: skip


@pytest.mark.parametrize(("words", "code", "said", "proposed"), MISTAKES, ids=lambda value: str(value)[:60])
def test_a_typing_error_is_told_and_the_nearest_name_proposed(vahti, words, code, said, proposed):
    got, out, err = vahti(*words)
    assert (got, said in err, proposed in err) == (code, True, True), err
    assert "Traceback" not in err
    assert "--package" not in out + err


def test_nothing_found_says_what_was_searched(vahti):
    code, out, _ = vahti("findings", "--rule", "past-retention", "--state", "accepted")
    total = int(re.search(r"(\d+) in all", vahti("findings")[1])[1])
    assert code == 0 and total > 20
    assert f"0 findings (state accepted, rule past-retention) in period {PERIOD}, which has {total} in all" in out


def test_in_a_file_format_it_is_said_beside_the_file(vahti):
    code, out, err = vahti("findings", "--state", "accepted", "--format", "csv")
    assert code == 0 and out.startswith("fingerprint,") and out.count("\n") == 1
    assert err.startswith("0 findings (state accepted)")


def test_what_could_not_be_looked_at_is_not_called_clean(vahti):
    _, out, _ = vahti("findings", "--dataset", "consents", "--rule", "required-missing")
    assert "could not be made" in out


def test_a_search_that_finds_nobody_says_what_was_searched_and_what_was_not(vahti):
    code, out, _ = vahti("subject", "Xyzzyläinen Quux")
    assert code == 0
    assert "Nobody was found." in out and re.search(r"Searched in period 2026-06-30: \d+ records of accounts, ", out)
    assert "Not searched, for this period lacks them: consents" in out


def test_a_look_at_somebody_who_is_not_there_is_logged_all_the_same(vahti, home):
    lines = (home / "audit.log").read_text("utf-8").count("\n")
    vahti("subject", "--customer", "9999999")
    assert (home / "audit.log").read_text("utf-8").count("\n") == lines + 1


ASKED = {
    "rule": (lambda wb: wb.findings(rule="past-retentoin"), "past-retention"),
    "system": (lambda wb: wb.findings(system="vesikant"), "vesikanta"),
    "dataset": (lambda wb: wb.findings(dataset="customer"), "customers"),
    "severity": (lambda wb: wb.findings(severity="hgih"), "high"),
    "category": (lambda wb: wb.rules("retentoin"), "retention"),
    "field": (lambda wb: wb.findings(field="phnoe"), "phone"),
    "rule of its own": (lambda wb: wb.rule("past-retentoin"), "past-retention"),
    "checks": (lambda wb: wb.checks("validty"), "validity"),
    "reasons": (lambda wb: wb.reasons("acess"), "access"),
    "relation": (lambda wb: wb.ages("acounts", "last_login_on"), "accounts"),
    "column": (lambda wb: wb.ages("accounts", "last_loggin_on"), "last_login_on"),
    "records": (lambda wb: wb.records("user_acounts"), "user_accounts"),
    "groups": (lambda wb: wb.groups("user_accounts", "sytem"), "system"),
    "owners": (lambda wb: wb.owners("acces"), "access"),
    "count": (lambda wb: wb.findings().count("sytem"), "system"),
    "explain": (lambda wb: wb.explain("custmers", "A1"), "customers"),
    "trends": (lambda wb: wb.trends("severty"), "severity"),
    "states": (lambda wb: wb.states("opne"), "open"),
    "statement": (lambda wb: wb.notice("N101"), "N10"),
    "section": (lambda wb: wb.report.section("sumary"), "summary"),
    "figure": (lambda wb: wb.figures.rules("validty"), "validity"),
    "customer": (lambda wb: wb.subject(customer="9999999").records(), "Searched"),
}


@pytest.mark.parametrize("what", ASKED)
def test_a_typing_error_in_a_notebook_is_told_too(home, what):
    question, proposed = ASKED[what]
    bench = open_workbench(home, expectations=worlds.EXPECTATIONS)
    with pytest.raises(UnknownError) as told:
        question(bench)
    assert proposed in str(told.value)


@pytest.mark.parametrize("given", [{"period": "2026-06-03"}, {"language": "suomi"}])
def test_opening_a_workbench_checks_what_it_is_given(home, given):
    with pytest.raises(UnknownError, match="there are|There are"):
        open_workbench(home, expectations=worlds.EXPECTATIONS, **given)
