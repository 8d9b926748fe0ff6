"""`expectations/notice.yaml`: the statements of a privacy notice, the evidence for each, and what the notice covers."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from pipelines.errors import ExpectationsError
from pipelines.expectations import yamlfile
from pipelines.expectations.contract import Contract
from pipelines.expectations.controller import Controller
from pipelines.expectations.rule import Rule
from pipelines.language.languages import text_in

LANGUAGES = ("en", "fi", "sv")
# A name that stands in a file's name, a page's anchor and a command: `N01`, `7.2`, `art-5`, `kohta_3`.
STATEMENT = re.compile(r"[^\W_][\w.-]{0,39}\Z")
STATEMENT_KEYS = {"text", "systems", "rules", "facts", "attest", "attested", "remark"}
EVIDENCE_KEYS = {"datasets", "fields", "headers", "not_headers", "detail", "rest", "lasting", "blinds"}
FACT_KEYS: dict[str, set[str] | None] = {
    "only_categories": {"datasets", "categories"}, "no_category": {"datasets", "categories"}, "purposes": {"allowed", "apart"},
    "purposes_of": None, "no_purpose": {"purposes"}, "known": {"dataset", "column", "list", "key", "all_present"},
}  # fmt: skip
VALUE_KEYS = {"kind", "dataset", "columns", "list", "statement"}


@dataclass(frozen=True)
class Attestation:
    """A person's confirmation that a statement holds. `by`: a role rather than a name."""

    statement: str
    by: str
    on: dt.date
    until: dt.date
    note: str = ""


@dataclass(frozen=True)
class Evidence:
    """Findings of a rule, as far as they bear on a statement; see the head of notice.yaml."""

    rule: str
    datasets: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    headers: str | None = None
    not_headers: str | None = None
    detail: str = ""
    rest: bool = False
    lasting: bool = False
    blinds: bool = False


@dataclass(frozen=True)
class Fact:
    """What contracts or exports must show; `settings` by kind."""

    kind: str
    settings: dict = field(hash=False)


@dataclass(frozen=True)
class Statement:
    """One statement. `text` and `remark` by language; `attest`: what a person has to confirm because no export shows it."""

    id: str
    text: dict[str, str] = field(hash=False)
    systems: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    facts: tuple[Fact, ...] = ()
    attest: str = ""
    remark: dict[str, str] = field(default_factory=dict, hash=False)

    def say(self, language: str) -> str:
        """Its text; in English, or any language there is, if this one is missing."""
        return text_in(self.text, language)


@dataclass(frozen=True)
class Notice:
    """The notice. `says`: systems, purposes, categories and values it covers; `comparing`: rules that need an earlier period."""

    path: Path
    statements: tuple[Statement, ...]
    says: dict = field(hash=False)
    attested: tuple = ()
    comparing: tuple[str, ...] = ()

    def statement(self, id: str) -> Statement | None:
        """The statement with that id."""
        return next((statement for statement in self.statements if statement.id == id), None)


def load_notice(path: Path, contracts: tuple[Contract, ...], controller: Controller, rules: Iterable[Rule]) -> Notice:
    """Reads one notice; ExpectationsError names statement, key and remedy."""
    reader = _Reader(path, yamlfile.read(path), contracts, controller)
    return reader.notice(tuple(rule.id for rule in rules if re.search(r"\bprevious\.", rule.sql)))


def disagreements(notice: Notice, rules: Iterable[Rule], _: Callable[[str], str] = str) -> list[str]:
    """Sentences on rules and statements that do not refer to each other, unused rules and statements without evidence."""
    by_id = {rule.id: rule for rule in rules}
    named: dict[str, set[str]] = {}
    for statement in notice.statements:
        for evidence in statement.evidence:
            named.setdefault(evidence.rule, set()).add(statement.id)
    unknown = [(", ".join(sorted(ids)), rule) for rule, ids in sorted(named.items()) if rule not in by_id]
    found = [_("{statements}: no rule {rule}").format(statements=ids, rule=rule) for ids, rule in unknown]
    one_sided = _("{one} names {other}, which does not name it")
    for id, rule in sorted(by_id.items()):
        mine, theirs = set(rule.notice or ()), named.get(id, set())
        found += [one_sided.format(one=id, other=each) for each in sorted(mine - theirs)]
        found += [one_sided.format(one=each, other=id) for each in sorted(theirs - mine)]
        if not mine and not theirs:
            found.append(_("{rule}: no statement needs it").format(rule=id))
    for statement in notice.statements:
        if not statement.evidence and not statement.facts and not statement.attest:
            found.append(_("{statement}: nothing evidences it").format(statement=statement.id))
    return found


class _Reader:
    """Turns the document into a Notice, or reports what is wrong with it."""

    def __init__(self, path: Path, document: dict, contracts: tuple[Contract, ...], controller: Controller) -> None:
        self.path, self.document, self.controller = path, document, controller
        self.columns = {contract.dataset: {column.name for column in contract.columns} for contract in contracts}

    def fail(self, place: str, problem: str, remedy: str) -> NoReturn:
        raise ExpectationsError(problem, file=self.path, place=place, remedy=remedy)

    def keys(self, place: str, entry: Any, known: set[str]) -> dict:
        if not isinstance(entry, dict):
            self.fail(place, "is no mapping", "write `key: value` lines")
        for key in sorted(str(key) for key in entry.keys() - known):
            self.fail(f"{place}.{key}", "unknown key", f"known are: {', '.join(sorted(known))}")
        return entry

    def notice(self, comparing: tuple[str, ...]) -> Notice:
        document = self.keys("top level", self.document, {"says", "statements"})
        entries = document.get("statements")
        if not isinstance(entries, dict) or not entries:
            self.fail("statements", "is missing", "write `N01: {text: {en: …}}` and so on")
        says = self.keys("says", document.get("says") or {}, {"systems", "purposes", "categories", "values"})
        for number, value in enumerate(says.get("values") or []):
            self.value(f"says.values.{number}", value)
        statements = tuple(self.statement(str(id), entry) for id, entry in entries.items())
        attested = tuple(
            self.attested(str(id), entry["attested"]) for id, entry in entries.items() if entry.get("attested")
        )
        return Notice(self.path, statements, says, attested, comparing)

    def statement(self, id: str, entry: object) -> Statement:
        if not STATEMENT.match(id):
            self.fail(
                f"statements.{id}",
                "is no name for a statement",
                "use letters, digits, dots and hyphens, such as N01 or 7.2",
            )
        entry = self.keys(f"statements.{id}", entry, STATEMENT_KEYS)
        text = entry.get("text")
        if not isinstance(text, dict) or not any(text.values()):
            self.fail(f"statements.{id}.text", "is missing", "write `text: {en: …}`, in any languages")
        for system in entry.get("systems") or ():
            if system not in self.controller.systems:
                self.fail(
                    f"statements.{id}.systems",
                    f"no system {system!r}",
                    f"known are: {', '.join(self.controller.systems)}",
                )
        return Statement(
            id,
            text,
            tuple(entry.get("systems") or ()),
            tuple(self.evidence(f"statements.{id}.rules", item) for item in entry.get("rules") or ()),
            tuple(self.fact(f"statements.{id}.facts", item) for item in entry.get("facts") or ()),
            str(entry.get("attest") or ""),
            dict(entry.get("remark") or {}),
        )

    def evidence(self, place: str, item: object) -> Evidence:
        if isinstance(item, str):
            return Evidence(item)
        if not isinstance(item, dict) or len(item) != 1:
            self.fail(
                place, "is neither a rule nor one with what narrows it", "write `- rule` or `- rule: {datasets: [x]}`"
            )
        ((rule, how),) = item.items()
        how = self.keys(f"{place}.{rule}", how, EVIDENCE_KEYS)
        for dataset in how.get("datasets") or ():
            if dataset not in self.columns:
                self.fail(
                    f"{place}.{rule}.datasets",
                    f"no dataset {dataset!r}",
                    f"known are: {', '.join(sorted(self.columns))}",
                )
        for key in ("headers", "not_headers"):
            try:
                re.compile(how.get(key) or "")
            except re.error:
                self.fail(f"{place}.{rule}.{key}", "is no regular expression", "such as '(?i)marketing'")
        lists = {key: tuple(how.get(key) or ()) for key in ("datasets", "fields")}
        return Evidence(rule, **{**how, **lists})

    def fact(self, place: str, item: object) -> Fact:
        if not isinstance(item, dict) or len(item) != 1 or next(iter(item)) not in FACT_KEYS:
            self.fail(place, "is no fact", f"known are: {', '.join(FACT_KEYS)}")
        ((kind, settings),) = item.items()
        known = FACT_KEYS[kind]
        if known:
            self.keys(f"{place}.{kind}", settings, known)
        datasets = settings if kind == "purposes_of" else settings.get("datasets", ())
        for dataset in datasets:
            self.dataset(f"{place}.{kind}", dataset)
        if kind == "known":
            self.listed(f"{place}.{kind}", settings["dataset"], {settings["column"]: settings["key"]}, settings["list"])
        return Fact(kind, settings)

    def value(self, place: str, value: object) -> None:
        value = self.keys(place, value, VALUE_KEYS)
        for key in sorted(VALUE_KEYS - value.keys()):
            self.fail(f"{place}.{key}", "is missing", f"add `{key}:`")
        self.listed(place, value["dataset"], value["columns"], value["list"])

    def dataset(self, place: str, dataset: str) -> None:
        if dataset not in self.columns:
            self.fail(place, f"no dataset {dataset!r}", f"known are: {', '.join(sorted(self.columns))}")

    def listed(self, place: str, dataset: str, columns: dict[str, str], name: str) -> None:
        self.dataset(place, dataset)
        for column in columns:
            if column not in self.columns[dataset]:
                self.fail(place, f"{dataset} has no column {column!r}", "name a declared column")
        if name not in self.controller.lists or set(columns.values()) - self.controller.lists[name][0].keys():
            self.fail(
                place,
                f"controller.yaml has no list {name!r} of {', '.join(columns.values())}",
                "add it there under `lists`",
            )

    def attested(self, id: str, entry: object) -> Attestation:
        place = f"statements.{id}.attested"
        entry = self.keys(place, entry, {"by", "given", "until", "note"})
        try:
            on, until = (dt.date.fromisoformat(str(entry[key])) for key in ("given", "until"))
        except (KeyError, ValueError):
            self.fail(place, "lacks a day `given` or `until`", "write YYYY-MM-DD")
        return Attestation(id, str(entry.get("by", "")), on, until, str(entry.get("note", "")))
