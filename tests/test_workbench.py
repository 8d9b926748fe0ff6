"""The workbench: each member answers its question, in a stable order, without a personal value, and changes nothing."""

from __future__ import annotations

import datetime as dt
import re
import shutil

import pandas as pd
import pytest
import worlds

import pipelines
from pipelines import open_workbench
from pipelines.desk import workbench
from pipelines.desk.tables import Said, Table, picture
from pipelines.errors import HomeError, UnknownError, VahtiError
from pipelines.expectations.contract_reader import load_contracts
from pipelines.expectations.rule import CATEGORIES, SEVERITIES
from pipelines.home import store
from pipelines.job import remembered


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return worlds.home_of_samples(tmp_path_factory)


@pytest.fixture(scope="module")
def wb(home):
    return open_workbench(home)


# Opening


def test_it_is_imported_only_when_asked_for():
    assert pipelines.open_workbench is open_workbench
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        pipelines.nothing  # noqa: B018


def test_the_newest_period_opens_and_says_what_it_is(wb):
    assert (wb.period, wb.as_of) == (dt.date(2026, 6, 30), dt.date(2026, 6, 30))
    assert repr(wb).startswith("Workbench of Kauhajoen Vesihuolto Oy, period 2026-06-30, as of 2026-06-30: ")


def test_a_period_may_be_named_as_text_or_day(home):
    assert open_workbench(home, "2026-03-31").name == open_workbench(home, dt.date(2026, 3, 31)).name == "2026-03-31"


def test_a_period_that_is_not_there_is_refused_with_those_that_are(home):
    with pytest.raises(UnknownError, match="here are: 2025-12-31, 2026-03-31, 2026-06-30"):
        open_workbench(home, "2024-01-01")


def test_vahti_home_is_respected(home, monkeypatch):
    monkeypatch.setenv("VAHTI_HOME", str(home))
    assert open_workbench().home.path == home.resolve()


def test_a_named_home_is_never_filled_with_samples(tmp_path, monkeypatch):
    monkeypatch.setattr(workbench, "take_in_samples", lambda *arguments: pytest.fail("samples taken in"))
    with pytest.raises(HomeError, match="no workbench home"):
        open_workbench(tmp_path / "mine")
    monkeypatch.setenv("VAHTI_HOME", str(tmp_path / "mine"))
    with pytest.raises(HomeError, match="no workbench home"):
        open_workbench()


def test_on_a_fresh_clone_the_samples_open_by_themselves(home, tmp_path, monkeypatch, capfd):
    """Once, from the repository's own folder, and without a word on standard error."""
    taken = []

    def take_in(path, exports, expectations):
        taken.append((path, exports))
        shutil.copytree(home, path)

    monkeypatch.delenv("VAHTI_HOME", raising=False)
    monkeypatch.setitem(remembered.OTHERWISE, "home", tmp_path / ".vahti")
    monkeypatch.setenv("VAHTI_EXPECTATIONS", str(worlds.EXPECTATIONS))
    monkeypatch.setattr("pipelines.job.run.run", take_in)
    assert open_workbench().name == open_workbench().name == worlds.PERIOD
    assert taken == [(tmp_path / ".vahti", worlds.SAMPLES / "exports")]
    assert capfd.readouterr() == ("", "")


def test_a_users_mistake_is_shown_without_a_traceback(wb):
    with pytest.raises(VahtiError) as caught:
        wb.findings(rule="no-such-rule")
    assert caught.value._render_traceback_() == [str(caught.value)]
    assert "Remedy: there are: access-dormant" in str(caught.value)


# Findings


def test_findings_are_those_of_the_run_in_its_order(wb, home):
    written = pd.read_csv(home / "reports" / worlds.PERIOD / "findings.csv", dtype=str, keep_default_na=False)
    keys = ["rule", "system", "dataset", "record_key", "field"]
    assert wb.findings().df[keys].astype(str).values.tolist() == written[keys].values.tolist()


@pytest.mark.parametrize(
    "wanted",
    [{"rule": "past-retention"}, {"system": "vesikanta"}, {"category": "rights"}, {"severity": "low"},
     {"dataset": "customers", "field": "phone"}, {"category": "retention", "severity": "medium"}],
)  # fmt: skip
def test_findings_may_be_narrowed(wb, wanted):
    found, everything = wb.findings(**wanted).df, wb.findings().df
    for column, value in wanted.items():
        everything = everything[everything[column] == value]
    assert len(found) and found.equals(everything.reset_index(drop=True))


@pytest.mark.parametrize("column", ["rule", "system", "category", "severity", "dataset"])
def test_a_misspelt_name_is_refused(wb, column):
    with pytest.raises(VahtiError, match=f"no {column} 'nonsens'"):
        wb.findings(**{column: "nonsens"})


def test_what_could_not_be_evaluated_is_said(wb):
    assert "consents" in wb.findings(category="rights").note and "no sign of health" in wb.findings().note
    assert wb.findings(category="access").note == ""


@pytest.mark.parametrize("category", CATEGORIES)
def test_rules_and_checks_hold_every_finding_of_their_category(wb, category):
    opened = f"select count(*) as n from ledger.states where is_open and kind = 'finding' and category = '{category}'"
    assert wb.rules(category).findings.sum() == wb.sql(opened).n[0]
    assert len(wb.findings(category=category)) == wb.checks(category).findings.sum()
    assert len(wb.reasons(category)) == (wb.rules(category).findings > 0).sum()


def test_a_check_never_finds_more_than_it_looked_at(wb):
    checks = wb.completeness().df
    known = checks.dropna(subset="records")
    assert (known.findings <= known.records).all() and (known.status == "evaluated").all()
    assert (checks[checks.status != "evaluated"].findings == 0).all()


def test_somebody_acts_on_every_finding(wb):
    owners = wb.owners().df
    opened = wb.sql("select count(*) as n from ledger.states where is_open").n[0]
    assert owners[list(SEVERITIES)].sum().sum() == owners.open.sum() == opened
    assert owners.deadlines_passed.sum() == len(wb.overdue())
    assert "keeper of the system" not in set(owners.who)


def test_a_rule_tells_why_and_what_to_do(wb):
    said = wb.rule("past-retention")
    assert "Erase the record" in repr(said) and "GDPR art. 5(1)(e)" in said._repr_html_()


# Retention


def test_overdue_is_past_oldest_first(wb):
    days = list(wb.overdue().due_on)
    assert days == sorted(days) and all(day < wb.as_of for day in days)
    assert (wb.overdue().days_late > 0).all()


def test_every_record_of_the_schedule_has_one_state(wb):
    classes = wb.retention().df
    assert (classes.records == classes.loc[:, "past_due":"no_criterion"].sum(axis=1)).all()


def test_the_timeline_holds_what_is_due(wb):
    timeline = wb.timeline(12).df
    assert timeline[timeline.is_past].records.sum() == wb.retention().past_due.sum()
    assert timeline[~timeline.is_past].records.sum() == wb.retention().within_year.sum()


def test_explain_names_the_record_or_takes_the_oldest(wb):
    oldest = wb.overdue().df.query("rule == 'past-retention'").iloc[0]
    assert repr(wb.explain(oldest.dataset, oldest.record_key)) == repr(wb.explain())
    assert "must be erased" in repr(wb.explain())
    with pytest.raises(VahtiError):
        wb.explain("customers", "no-such-key")


def test_holds_keep_what_they_keep_without_their_reason(wb):
    assert list(wb.holds().columns) == ["hold_id", "system", "dataset", "customer_number", "records_kept"]


# Consistency and access


def test_mismatches_are_findings_with_a_customer(wb):
    found = wb.findings(category="consistency").df
    assert len(wb.mismatches()) == (found.customer_number != "").sum()


def test_copies_count_and_show_no_value(wb):
    copies = wb.copies().df
    assert list(copies.columns) == ["kind", "dataset", "other_dataset", "people", "differ", "share"]
    assert (copies.differ <= copies.people).all() and (copies.share == copies.differ / copies.people).all()


def test_records_show_only_what_is_not_personal(wb):
    contract = {c.dataset: c for c in load_contracts(worlds.EXPECTATIONS / "contracts")}["user_accounts"]
    personal = {column.name for column in contract.columns if column.personal}
    records = wb.records("user_accounts", category="access")
    assert not personal & set(records.columns)
    assert set(records.record_key) == set(wb.findings(category="access").record_key)


def test_groups_refuse_a_personal_column(wb):
    assert wb.groups("user_accounts", "system").records.sum() > 0
    with pytest.raises(VahtiError, match="no column that is not personal 'name'"):
        wb.groups("user_accounts", "name")


def test_ages_are_full_years_to_the_day(wb, monkeypatch):
    ages = wb.ages("current_customers", "contact_confirmed_on").df
    years = wb._query("select contact_confirmed_on as day from registry.current_customers").day.dropna()
    full = [wb.as_of.year - day.year - ((wb.as_of.month, wb.as_of.day) < (day.month, day.day)) for day in years]
    assert dict(zip(ages.dropna().years.astype(int), ages.dropna().records, strict=True)) == dict(
        pd.Series(full).value_counts().sort_index()
    )


def test_what_a_period_lacks_is_said_and_is_no_error(wb):
    for table in (wb.ages("consents", "given_on"), wb.groups("consents", "purpose")):
        assert len(table) == 0 and "nothing could be looked at" in repr(table)


# Across periods


def test_trends_end_with_this_period(wb, home):
    for by in ("severity", "category", "rule", "system", "dataset"):
        assert wb.trends(by)[wb.name].sum() == len(wb.findings())
    assert list(open_workbench(home, "2026-03-31").trends().columns) == ["severity", "2025-12-31", "2026-03-31"]
    with pytest.raises(VahtiError, match="no trend 'colour'"):
        wb.trends("colour")


def test_the_ledgers_states_add_up(wb):
    states = wb.states().df
    counted = wb.trends("state").df.set_index("state")[wb.name]
    assert dict(states.state.value_counts()) == {state: n for state, n in counted.items() if n}
    assert set(wb.states("open").state) == {"open"} and len(wb.states("accepted")) == 0
    assert wb.mending().mended.sum() > 0
    with pytest.raises(VahtiError, match="no state 'lost'"):
        wb.states("lost")


def test_changes_leave_nothing_out(wb, home):
    changes = wb.changes().df
    assert changes[["new", "back", "since_before"]].sum().sum() == wb.owners().df.open.sum()
    oldest = open_workbench(home, "2026-03-31").changes()  # the registry before it was purged; the ledger still knows
    assert len(oldest) > 0 and oldest.df.mended.sum() > 0


def test_a_purged_period_is_named_in_the_message(home):
    with pytest.raises(HomeError, match="the registry of 2025-12-31 was purged"):
        open_workbench(home, "2025-12-31")


# SQL


def test_sql_shows_what_it_is_asked_for(wb):
    assert wb.sql("select count(*) as n from registry.customers").n.tolist() == [400]


@pytest.mark.parametrize(
    "query",
    ["delete from results.findings", "drop table results.findings", "select 1; select 2", "attach 'x.db'",
     "copy (select 1) to 'x.csv'", "select * from read_csv('/etc/passwd')", "select * from '/etc/passwd'",
     "set enable_external_access = true", "pragma database_list"],
)  # fmt: skip
def test_sql_changes_nothing_and_reaches_no_file(wb, query, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(VahtiError):
        wb.sql(query)
    assert list(tmp_path.iterdir()) == []


def test_a_failing_query_quotes_no_cell(wb):
    with pytest.raises(VahtiError) as caught:
        wb.sql("select cast(name as integer) from registry.customers")
    assert "ConversionException" in str(caught.value) and caught.value.__suppress_context__
    name = wb.sql("select name from registry.customers where name is not null limit 1").name[0]
    assert name not in str(caught.value)


def test_two_workbenches_and_a_look_at_the_periods_at_once(wb, home):
    with store.reading(wb.home, wb.name) as connection:
        connection.execute("select 1 from results.findings")
        assert open_workbench(home).periods().period.tolist()[-1] == wb.period


# How it is shown

ODD = Table(
    pd.DataFrame(
        {
            "record_key": ["<b>1</b>", "a\u202eb"],
            "due_on": [dt.date(2026, 6, 3), None],
            "rows": [12345, 1],
            "share": [0.5, float("nan")],
            "is_past": [True, False],
            "classes": [["x", "y"], []],
        }
    ),
    "Odd & even",
    "A note.",
)


def test_the_text_of_a_table_is_stable():
    assert repr(ODD).splitlines() == [
        "Odd & even: 2 rows",
        "record_key  due_on       rows   share  is_past  classes",
        "<b>1</b>    2026-06-03  12345  50.0 %  yes      x, y",
        "a⟨U+202E⟩b                  1          no",
        "A note.",
    ]


def test_the_html_of_a_table_is_accessible_and_escaped():
    html = ODD._repr_html_()
    assert html.count('<th scope="col"') == 6 and html.count('<th scope="row"') == 2
    assert '<caption style="text-align: left">Odd &amp; even</caption>' in html
    assert "&lt;b&gt;1&lt;/b&gt;" in html and "12\u202f345" in html and "<b>1" not in html
    assert html == ODD._repr_html_() and " id=" not in html


def test_long_tables_say_how_much_is_not_shown():
    table = Table(pd.DataFrame({"n": range(40)}), "Numbers")
    assert "… and 25 more" in repr(table) and "… and 25 more" in table._repr_html_()
    assert "more" not in repr(table.all()) and table.all()._repr_html_().count("<tr>") == 41


def test_an_empty_table_says_so():
    empty = Table(pd.DataFrame({"n": []}), "Findings: none such")
    assert repr(empty) == "Findings: none such: 0 rows"
    assert empty._repr_html_() == "<p>Findings: none such: none.</p>"


def test_a_table_counts_and_is_a_frame(wb):
    counted = wb.findings().count("system", "severity")
    assert counted["rows"].sum() == len(wb.findings()) and counted["rows"].is_monotonic_decreasing
    assert wb.findings().groupby("system").size().sum() == len(wb.findings())
    with pytest.raises(AttributeError):
        ODD._repr_png_  # noqa: B018


def test_browse_sorts_and_filters_without_the_net():
    html = ODD.browse()._repr_html_()
    assert "<script" in html
    assert not re.search(r"""(?:src|href)=["']https?://|import\s*\(?["']https?://|from ["']https?://""", html)


def test_figures_have_words_for_who_cannot_see_them(wb):
    drawn = [
        wb.figures.systems(),
        wb.figures.rules("completeness"),
        wb.figures.trends(),
        wb.figures.timeline(),
        wb.figures.ages("current_customers", "contact_confirmed_on"),
        wb.figures.ages("consents", "given_on"),
        wb.figures.rules("validity"),
    ]
    for figure in drawn:
        assert figure.alt and f'alt="{figure.alt}"' in figure._repr_html_()
        assert repr(figure) == f"Figure: {figure.alt}"
    assert f" {wb.owners().open.sum()} open findings and tasks " in drawn[0].alt
    assert drawn[0]._repr_html_() == wb.figures.systems()._repr_html_()


def test_a_picture_escapes_its_words():
    assert 'alt="&lt;x&gt;"' in picture("<svg></svg>", "T", "<x>").markup


def test_what_is_said_is_escaped():
    said = Said("A <b>", (("", "one & two"), ("Why", "so")))
    assert (
        said._repr_html_() == "<p><strong>A &lt;b&gt;</strong></p><p>one &amp; two</p><p><strong>Why.</strong> so</p>"
    )
    assert repr(said) == "A <b>\none & two\nWhy: so"


# The privacy notice


def test_the_notice_is_judged_statement_by_statement(wb):
    shown = wb.notice()
    assert list(shown.id) == [f"N{number:02d}" for number in range(1, 42)]
    assert (shown.findings[shown.status == "broken"] > 0).all() and not shown.findings[shown.status != "broken"].any()
    assert all(shown.evidence[shown.status == "broken"])
    counts = shown.status.value_counts()
    assert all(f"{number} {status}" in wb.figures.statements().alt for status, number in counts.items())


def test_one_statement_says_what_it_rests_on(wb):
    broken = wb.notice().df.query("status == 'broken'").iloc[0]
    said = dict(wb.notice(broken.id).lines)
    assert said["Says"] == broken.says and said["Status"] == "broken"
    assert set(broken.evidence.split(", ")) <= said.keys()
    with pytest.raises(VahtiError, match="no statement 'N99'"):
        wb.notice("N99")


def test_what_the_notice_does_not_say_is_proposed(wb):
    shown = wb.amendments()
    assert {"column", "supplier"} <= set(shown.kind) and all(text.endswith(".") for text in shown.proposal)


# What was promised


def test_late_findings_are_those_past_their_day(wb):
    states = wb.sql("select * from ledger.states where is_late").df
    late = wb.late().df
    assert late[late.period == wb.name].past_their_day.sum() == len(states) > 0
    assert len(wb.promises()) == 0  # no worklist came back


# One person


def test_a_person_is_searched_chosen_and_looked_at(wb):
    found = wb.subject()
    number = found.customer_number[0]
    assert found.df.shape[0] == 1 and "•" in found.name[0]
    person = wb.subject(customer=number)
    records = person.records()
    assert repr(person) == repr(records) and person._repr_html_() == records._repr_html_()
    assert {"customers", "ledger"} <= set(records.dataset) and records.match.str.len().min() > 0
    assert person.places()["records"].sum() == len(records)
    assert set(map(tuple, person.values()[["dataset", "record_key"]].values)) <= set(
        map(tuple, records[["dataset", "record_key"]].values)
    )


def test_values_are_masked_until_a_reason_is_stated(wb, monkeypatch):
    person = wb.subject(customer=wb.subject().customer_number[0])
    name = wb.sql(f"select name from latest.customers where record_key = '{person.number}'").name[0]
    assert name not in repr(person.values().all()) and name not in repr(person.records().all())
    for nothing in (None, "", "  "):
        assert "for a stated reason only" in repr(person.reveal(nothing))
    monkeypatch.setenv("VAHTI_LAB", "1")
    shown, _ = person.reveal("request TP1")._repr_mimebundle_()
    assert name in shown["text/html"] and name not in shown["text/plain"]
    log = (wb.home.path / "audit.log").read_text("utf-8")
    assert '"request TP1"' in log and name not in log
    assert "whole" in repr(wb.look_ups())


def test_somebody_protected_is_flagged_before_anything_is_shown(wb):
    protected = wb.sql("select record_key from latest.customers where protected_address order by 1 limit 1").record_key[
        0
    ]
    person = wb.subject(customer=protected)
    assert "PROTECTED" in repr(person) and "PROTECTED" in wb.subject(protected).note
    assert len(person.values()) == 0


def test_one_look_at_a_person_is_one_entry_of_the_log(wb):
    def entries() -> int:
        return len((wb.home.path / "audit.log").read_text("utf-8").splitlines())

    person, before = wb.subject(customer=wb.subject().customer_number[0]), entries()
    assert repr(person) and person._repr_html_() and len(person.places()) and len(person.records())
    assert entries() == before + 1
    assert len(person.reveal("request TP1")) == len(person.reveal("request TP1")) > 0
    assert entries() == before + 3


def test_open_requests_are_those_of_the_register(wb):
    unanswered = wb.sql(
        "select record_key from latest.requests where answered_on is null and received_on is not null"
    ).record_key
    assert len(wb.requests()) > 0 and set(wb.requests().request) <= set(unanswered)
    assert (wb.requests().last_day.astype(str) > "2026").all()


def test_what_a_link_offers_is_held_already_or_offered_and_never_both(wb):
    links = wb.links()
    assert list(links.columns) == ["left", "right", "probability", "is_probable", "why"] and len(links)
    offered, held = 0, 0
    for pair in links.itertuples():
        mine, other = sorted((pair.left, pair.right), key=lambda member: not re.fullmatch(r"customers/\d+", member))
        person = wb.subject(customer=mine.partition("/")[2])
        is_held = other in set(person.records().df.dataset + "/" + person.records().df.record_key)
        assert is_held != (other in set(person.offers().member))
        offered, held = offered + (not is_held), held + is_held
    assert offered and held
