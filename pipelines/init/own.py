"""controller.yaml, drafted from the answers."""

from __future__ import annotations

from typing import Any

from pipelines.init import drafts, words, written
from pipelines.init.answers import Answers
from pipelines.init.checks import BASES
from pipelines.init.kinds import Kind
from pipelines.init.survey import Survey
from pipelines.init.typed import Typed
from pipelines.language.languages import N_, Language
from pipelines.registry import functions

# What stands in a draft until somebody says it.
UNNAMED, OFFICE = N_("Controller without a name yet"), N_("office")
# Kinds of data that one person has alone, as a rule.
UNIQUE = ("pd:TelephoneNumber", "pd:EmailAddress", "pd:BankAccount", "pd:OfficialID")


def controller(survey: Survey, answers: Answers, speech: Language) -> str:
    """The text of controller.yaml."""
    said = answers.controller
    dataset, key = answers.subject
    document: dict[str, Any] = {"controller": said["name"], "country": survey.country}
    if said.get("timezone"):
        document["timezone"] = said["timezone"]
    document["language"] = speech.code
    if said.get("financial_year_end"):
        document["financial_year_end"] = said["financial_year_end"]
    document["subject"] = {"dataset": dataset, "key": key}
    document["systems"] = {
        name: {"name": str(each["name"]), "keeper": str(each["keeper"])} for name, each in answers.systems.items()
    }
    document["access"] = _access(survey, answers, speech)
    document["record"] = _record(answers, speech)
    head = speech.gettext("The controller, drafted by vahti init from the exports and the answers in answers.yaml.")
    return written.text(document, head=head)


def columns(survey: Survey, answers: Answers, dataset: str) -> list[tuple[Typed, Kind]]:
    """The columns of a dataset, each with its kind as somebody said it or as it was found."""
    return [(each, drafts.kind_of(survey, answers, dataset, each)) for each in survey.columns[dataset]]


def _access(survey: Survey, answers: Answers, speech: Language) -> dict[str, Any]:
    said, dataset, code = answers.controller, answers.subject[0], speech.code
    own = columns(survey, answers, dataset)
    access: dict[str, Any] = {}
    since = [each.name for each, _ in own if each.column.type == "date" and _says(each, "since")]
    if since:
        access["since"] = since[0]
    if protected := [each.name for each, _ in own if _says(each, "protected")]:
        access["protected"] = protected[0]
    if names := _names(survey, answers):
        access["names"] = names
    kinds = {
        kind.category
        for table in survey.tables
        for _, kind in columns(survey, answers, table.dataset)
        if kind.personal is not False
    }
    access["unique"] = [kind for kind in UNIQUE if kind in kinds]
    access["free_text"] = ["pd:Communication"]
    if requests := _requests(survey, answers):
        access["requests"] = requests
    access["recipients"] = [{code: text} for text in answers.recipients]
    if said.get("contact"):
        access["contact"] = {code: said["contact"]}
    if authority := functions.packs().get(survey.country, {}).get("authority"):
        access["authority"] = {
            code: ", ".join(filter(None, (authority["name"], authority["address"], authority["site"])))
        }
    sender = {name: said[name] for name in ("address", "business_id", "phone", "email") if said.get(name)}
    if said.get("officer"):
        sender["officer"] = {code: said["officer"]}
    if sender:
        access["sender"] = sender
    if basis := _bases(answers):
        access["basis"] = {code: ", ".join(speech.term(term) for term in basis)}
    return {key: value for key, value in access.items() if value}


def _says(each: Typed, part: str) -> bool:
    """Whether a header says that its column is such a part of a record."""
    return bool(words.find(each.column.header, words.lists()["parts"][part]))


def _names(survey: Survey, answers: Answers) -> dict[str, dict[str, str]]:
    """By dataset, the columns that hold given names or surnames alone."""
    found: dict[str, dict[str, str]] = {}
    for table in survey.tables:
        for each, kind in columns(survey, answers, table.dataset):
            part = next((part for part in ("given", "surname") if kind.category == "pd:Name" and _says(each, part)), "")
            if part:
                found.setdefault(table.dataset, {}).setdefault(part, each.name)
    return {dataset: parts for dataset, parts in found.items() if len(parts) == 2}


def _requests(survey: Survey, answers: Answers) -> dict[str, str]:
    """The register of data subjects' requests, where its columns can be told apart."""
    dataset = answers.registers.get("requests")
    if not dataset:
        return {}
    found = {"dataset": dataset}
    for part in ("received", "answered", "kind", "extended"):
        named = [each.name for each in survey.columns[dataset] if _says(each, part) and each.name not in found.values()]
        if named:
            found[part] = named[0]
    return found if {"received", "answered"} <= found.keys() else {}


def _bases(answers: Answers) -> list[str]:
    letters = {letter for each in answers.purposes.values() for letter in each.get("basis") or ()}
    return [BASES[letter] for letter in sorted(letters)]


def _record(answers: Answers, speech: Language) -> dict[str, Any]:
    said = answers.controller
    bases: dict[str, list[str]] = {}
    for each in answers.purposes.values():
        terms = [BASES[letter] for letter in each.get("basis") or ()]
        bases[each["purpose"]] = sorted({*bases.get(each["purpose"], ()), *terms})
    record: dict[str, Any] = {"contact": said.get("contact") or "", "legal_bases": bases}
    if said.get("officer"):
        record["officer"] = {speech.code: said["officer"]}
    purpose = answers.purposes[answers.subject[0]]["purpose"]
    record["recipients"] = [{"of": purpose, "name": {speech.code: text}} for text in answers.recipients]
    return {key: value for key, value in record.items() if value}
