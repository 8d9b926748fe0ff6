"""Rules: their front matter, and the parts they are evaluated in.

A rule is one SQL file: a leading comment with its front matter, then one SELECT of offending records. Contract rules
(`pipelines/rules/sql/contract_rules`) are templates over what contracts and disposal schedule declare, one part per dataset
and column; a domain rule (`expectations/rules/*.sql`) has one part per branch of its top-level UNION ALL. A part is evaluated
as a whole or not at all. `expectations/rules.yaml` sets a contract rule's title, owner and severity for the controller.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, partial
from importlib.resources import files
from pathlib import Path
from typing import Any, NoReturn

import yaml

from pipelines.errors import ExpectationsError
from pipelines.expectations import urgency, yamlfile

CATEGORIES = (
    "structure", "completeness", "validity", "staleness", "consistency", "minimisation", "disclosure", "access",
    "rights", "retention",
)  # fmt: skip
SEVERITIES = ("high", "medium", "low")
# The states of a finding in the ledger, in the order it goes through them.
STATES = ("new", "open", "reappeared", "reported done", "accepted", "not observable", "resolved")
REQUIRED = ("title", "category", "severity", "why", "todo", "mandate", "owner", "reviewed", "review_by")
KNOWN = {*REQUIRED, "notice", "about", "scope", "dataset", "term", "risk"}
# What a controller may override in a contract rule.
OWN_WORDS = {"title", "why", "todo", "mandate", "owner", "severity", "term", "risk", "reviewed", "review_by"}
# A rule with this owner belongs to the keeper of the system that the finding is in.
KEEPER = "keeper of the system"
RULE_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*\Z")
FRONT_MATTER = re.compile(r"\s*/\*(.*?)\*/", re.DOTALL)


@dataclass(frozen=True)
class Rule:
    """A rule's front matter. `about`: record or feed; `scope`: which columns a contract rule concerns.

    `term`: hours to deal with a finding, `risk`: 1 (gravest) to 5; None if its severity decides (`urgency`).
    """

    id: str
    path: Path
    sql: str
    sql_line: int
    title: str
    category: str
    severity: str
    why: str
    todo: str
    mandate: str
    owner: str
    reviewed: dt.date
    review_by: dt.date
    about: str = "record"
    scope: str = ""
    dataset: str = ""
    term: int | None = None
    risk: int | None = None
    notice: tuple[str, ...] | None = None  # None: the statements that name it; set by pipelines.expectations.load

    def review_overdue(self, as_of: dt.date) -> bool:
        """Whether the rule's review was due before `as_of`."""
        return self.review_by < as_of


@dataclass(frozen=True)
class Part:
    """One SELECT of a rule, returning record_key and any of dataset, field, customer_number, due_on, detail and severity.

    `dataset`: the one it concerns; `names_dataset`: it returns the dataset itself. `sql` is None if something it reads is
    known to be missing. `rows`: the SELECT within `sql` that alone makes the part differ from others of its rule, if there is one: what
    `sql` does with these rows is then planned once for all of them.
    """

    rule: Rule
    number: int
    sql: str | None
    dataset: str = ""
    field: str = ""
    missing: str = ""
    names_dataset: bool = False
    rows: str = ""


def load_rule(path: Path, text: str | None = None) -> Rule:
    """Reads one rule; ExpectationsError with line and remedy if its front matter is incomplete."""
    text = yamlfile.text_of(path) if text is None else text

    def fail(place: str, problem: str, remedy: str) -> NoReturn:
        raise ExpectationsError(problem, file=path, place=place, remedy=remedy)

    if not RULE_NAME.match(path.stem):
        fail("file name", f"{path.stem!r} is no name for a rule", "use a-z, 0-9 and hyphens")
    match = FRONT_MATTER.match(text)
    if not match:
        fail("line 1", "no front matter", "begin with /* title: … */, see any other rule")
    try:
        front: Any = yamlfile.parse(match[1], dates=True) or {}
    except yaml.YAMLError as error:
        line = text[: match.start(1)].count("\n") + max(yamlfile.place(match[1], error)[0], 1)
        fail(f"line {line}", f"front matter is not YAML: {yamlfile.problem(error)}", yamlfile.remedy(error))
    if not isinstance(front, dict):
        fail("line 1", "front matter is no mapping", "write `key: value` lines")
    for key in REQUIRED:
        if front.get(key) in (None, ""):
            fail("front matter", f"`{key}` is missing", f"add `{key}:`")
    front = checked_front(front, KNOWN, lambda problem, remedy: fail("front matter", problem, remedy))
    line = text[: match.end()].count("\n") + 1
    return Rule(id=path.stem, path=path, sql=text[match.end() :].strip().rstrip(";"), sql_line=line, **front)


def checked_front(front: dict, known: set[str], fail: Callable[[str, str], None]) -> dict:
    """Front matter as arguments of a Rule, each value checked; `fail` gets problem and remedy."""
    for key in sorted(front.keys() - known):
        fail(f"unknown key `{key}`", f"known are: {', '.join(sorted(known))}")
    for key, values in (("category", CATEGORIES), ("severity", SEVERITIES), ("about", ("record", "feed"))):
        if front.get(key, values[0]) not in values:
            fail(f"`{key}: {front[key]}` is not one of {', '.join(values)}", "use one of these")
    for key in ("reviewed", "review_by"):
        if key in front and not isinstance(front[key], dt.date):
            fail(f"`{key}` is no date", "write YYYY-MM-DD")
    front = dict(front)
    if "notice" in front:
        if not isinstance(front["notice"], list):
            fail("`notice` is no list", "write `notice: [N35]`, or `[]` for none")
        front["notice"] = tuple(str(item) for item in front["notice"])
    if front.get("term") is not None:
        front["term"] = urgency.term_hours(front["term"])
        if front["term"] is None:
            fail("`term` is no term", "write `term: at once`, `term: 72 hours` or `term: 30 days`")
    if front.get("risk") is not None and front["risk"] not in range(urgency.GRAVEST, urgency.LEAST + 1):
        fail(f"`risk: {front['risk']}` is no rank", "write 1 (somebody's safety) to 5 (housekeeping)")
    return front


def in_own_words(path: Path, rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """The contract rules with the overrides in `rules.yaml`; unchanged if there is no such file."""
    if not path.exists():
        return rules

    def fail(place: str, problem: str, remedy: str) -> NoReturn:
        raise ExpectationsError(problem, file=path, place=place, remedy=remedy)

    words = {str(id): front for id, front in yamlfile.read(path, dates=True).items()}
    for id, front in words.items():
        if id not in {rule.id for rule in rules}:
            fail(id, "is no contract rule", f"known are: {', '.join(rule.id for rule in rules)}")
        if not isinstance(front, dict):
            fail(id, "is no mapping", "write `key: value` lines, such as `owner: office`")
    checked = {id: checked_front(front, OWN_WORDS, partial(fail, id)) for id, front in words.items()}
    return tuple(replace(rule, **checked.get(rule.id, {})) for rule in rules)


def load_domain_rules(folder: Path) -> tuple[Rule, ...]:
    """Every `*.sql` in the folder, by id."""
    rules = tuple(load_rule(path) for path in sorted(folder.glob("*.sql")))
    for rule in rules:
        if rule.id in {other.id for other in load_contract_rules()}:
            raise ExpectationsError("is the name of a contract rule", file=rule.path, remedy="give it another name")
    return rules


@cache
def load_contract_rules() -> tuple[Rule, ...]:
    """The rules that apply to every dataset of every controller, by id."""
    folder = files("pipelines").joinpath("rules", "sql", "contract_rules")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".sql"))
    return tuple(load_rule(Path(name), folder.joinpath(name).read_text("utf-8")) for name in names)
