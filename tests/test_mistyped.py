"""Every argument of the workbench, mistyped: the call is refused with the nearest name, or with what the name can be."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import subsets
import worlds

from pipelines import open_workbench
from pipelines.desk.people import Person
from pipelines.desk.pictures import Figures
from pipelines.desk.report import Report
from pipelines.desk.workbench import Workbench
from pipelines.errors import VahtiError
from pipelines.job.run import run

# (member and argument, the call, what the message must name)
CASES: list[tuple[str, Callable[[Workbench], object], str]] = [
    ("ages relation", lambda wb: wb.ages("custmers", "contact_confirmed_on"), "customers"),
    ("ages column", lambda wb: wb.ages("customers", "contact_confirmd_on"), "contact_confirmed_on"),
    ("checks category", lambda wb: wb.checks("completness"), "completeness"),
    ("explain dataset", lambda wb: wb.explain("invoces", "1001"), "invoices"),
    ("explain key", lambda wb: wb.explain("invoices", "100l"), "1001"),
    ("findings rule", lambda wb: wb.findings(rule="past-retentoin"), "past-retention"),
    ("findings system", lambda wb: wb.findings(system="vesikant"), "vesikanta"),
    ("findings category", lambda wb: wb.findings(category="retentoin"), "retention"),
    ("findings severity", lambda wb: wb.findings(severity="hihg"), "high"),
    ("findings dataset", lambda wb: wb.findings(dataset="customer"), "customers"),
    ("findings field", lambda wb: wb.findings(field="phne"), "phone"),
    ("groups dataset", lambda wb: wb.groups("custmers", "city"), "customers"),
    ("groups columns", lambda wb: wb.groups("customers", "customer_typ"), "customer_type"),
    ("headers dataset", lambda wb: wb.headers("custmers", why="the headers"), "customers"),
    ("label left", lambda wb: wb.label("customers/A1l", "customers/A2", "yes"), "customers/A1"),
    ("label right", lambda wb: wb.label("customers/A1", "custmers/A2", "yes"), "customers"),
    ("label answer", lambda wb: wb.label("customers/A1", "customers/A2", "yse"), "yes"),
    ("notice statement", lambda wb: wb.notice("N99"), "N"),
    ("owners category", lambda wb: wb.owners("retentoin"), "retention"),
    ("reasons category", lambda wb: wb.reasons("retentoin"), "retention"),
    ("records dataset", lambda wb: wb.records("custmers"), "customers"),
    ("records wanted", lambda wb: wb.records("customers", rule="past-retentoin"), "past-retention"),
    ("rule name", lambda wb: wb.rule("past-retentoin"), "past-retention"),
    ("rules category", lambda wb: wb.rules("retentoin"), "retention"),
    ("states state", lambda wb: wb.states("opne"), "open"),
    ("subject customer", lambda wb: repr(wb.subject(customer="A11", why="request TP1")), "Searched"),
    ("timeline months", lambda wb: wb.timeline("two"), "months"),
    ("to_label most", lambda wb: wb.to_label("two"), "most"),
    ("trends by", lambda wb: wb.trends("severty"), "severity"),
    ("sql query", lambda wb: wb.sql("select * from registry.custmers"), "did you mean customers"),
    ("sql query", lambda wb: wb.sql("select phne from registry.customers"), "did you mean phone"),
    ("Figures.ages relation", lambda wb: wb.figures.ages("custmers", "contact_confirmed_on"), "customers"),
    ("Figures.ages column", lambda wb: wb.figures.ages("customers", "contact_confirmd_on"), "contact_confirmed_on"),
    ("Figures.rules category", lambda wb: wb.figures.rules("retentoin"), "retention"),
    ("Figures.timeline months", lambda wb: wb.figures.timeline("two"), "months"),
    ("Report.section name", lambda wb: wb.report.section("sumary"), "summary"),
    ("Table.count columns", lambda wb: wb.findings().count("sytem"), "system"),
]
# Arguments that are words of the caller's own, or a thing that another call gave: nothing they could be mistyped from.
FREE = {
    "choose found", "choose customer", "headers why", "links why", "subject query", "subject why", "whom query", "whom why", "Person.reveal why",
    "Person.package folder", "Person.package options", "present dataset",
}  # fmt: skip


@pytest.fixture(scope="module")
def wb(tmp_path_factory) -> Workbench:
    place: Path = tmp_path_factory.mktemp("mistyped")
    subsets.write(place / "exports" / worlds.PERIOD)
    with subsets.quick():
        run(place / "home", place / "exports", worlds.EXPECTATIONS, threads=1)
    return open_workbench(place / "home", expectations=worlds.EXPECTATIONS)


@pytest.mark.parametrize(("call", "names"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_mistyped_argument_is_refused_with_what_it_can_be(wb, call, names):
    with pytest.raises(VahtiError) as error:
        call(wb)
    assert re.search(rf"\b{re.escape(names)}", str(error.value)), str(error.value)
    assert "Virtanen" not in str(error.value) and "131052" not in str(error.value)


def test_no_argument_is_left_out():
    told = {case[0] for case in CASES} | FREE
    wanted = set()
    for kind, prefix in ((Workbench, ""), (Figures, "Figures."), (Report, "Report."), (Person, "Person.")):
        for name, member in inspect.getmembers(kind, inspect.isfunction):
            if not name.startswith("_"):
                wanted |= {f"{prefix}{name} {each}" for each in inspect.signature(member).parameters if each != "self"}
    assert wanted - told == set()
    assert {case for case in told if not case.startswith("Table.")} - wanted == set()
