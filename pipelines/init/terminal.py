"""The nine questions at a terminal: each with what the exports suggest, which an empty line leaves as it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pipelines.expectations.span import parse_period
from pipelines.init.answers import Answers
from pipelines.init.questions import TITLES
from pipelines.init.survey import Survey
from pipelines.language.languages import language


def ask(
    survey: Survey, answers: Answers, code: str, prompt: Callable[..., Any], say: Callable[[str], Any]
) -> dict[str, Any]:
    """The answers, as answers.yaml would have them. `prompt(text, default=…)` and `say(text)` are the terminal."""
    speech = language(code)
    _, titles = speech.gettext, dict(TITLES)
    said: dict[str, Any] = {}

    def title(block: str) -> None:
        say("\n" + _(titles[block]))

    def line(text: str, default: object = "") -> str:
        return str(prompt(text, default="" if default is None else str(default))).strip()

    title("controller")
    said["controller"] = {key: line(_(text), answers.controller.get(key, "")) for key, text in CONTROLLER}
    title("people")
    names = [table.dataset for table in survey.tables]
    dataset = line(_("table") + f" ({', '.join(names)})", answers.people["dataset"])
    keys = [each.name for each in survey.columns.get(dataset, ())]
    said["people"] = {
        "dataset": dataset,
        "key": line(
            _("column") + f" ({', '.join(keys)})", answers.people["key"] if answers.people["key"] in keys else ""
        ),
    }
    title("systems")
    said["systems"] = {
        name: {
            "name": line(", ".join(each["datasets"]) + ": " + _("system"), each["name"]),
            "keeper": line(_("kept by"), each["keeper"]),
        }
        for name, each in answers.systems.items()
    }
    title("purposes")
    said["purposes"] = {name: _purpose(name, each, line) for name, each in answers.purposes.items()}
    title("retention")
    said["retention"] = {name: _kept(survey, name, each, line, _) for name, each in answers.retention.items()}
    title("delays")
    said["delays"] = _delays(names, line, _)
    title("recipients")
    said["recipients"] = _several(line, _("one a line, an empty line ends"))
    title("registers")
    said["registers"] = {what: line(f"{what} ({', '.join(names)})", each) for what, each in answers.registers.items()}
    title("never")
    said["never"] = _several(line, _("one a line, an empty line ends"))
    return said


CONTROLLER = (
    ("name", "name"),
    ("contact", "contact"),
    ("email", "email"),
    ("phone", "phone"),
    ("officer", "data protection officer"),
    ("timezone", "time zone"),
)


def _purpose(name: str, each: dict, line: Callable[..., str]) -> dict:
    purpose = line(f"{name}: purpose", each["purpose"])
    return {"purpose": purpose, "basis": line(f"{name}: basis", " ".join(each["basis"])).split()}


def _kept(survey: Survey, name: str, each: dict, line: Callable[..., str], _: Callable[[str], str]) -> dict:
    days = [column.name for column in survey.columns[name] if column.column.type in ("date", "timestamp")]
    if not days:
        return each
    said = {"from": line(f"{name}: " + _("from the day") + f" ({', '.join(days)})", each.get("from", ""))}
    while (period := line(f"{name}: " + _("kept how long"), each.get("period", ""))) and not parse_period(period):
        pass
    mandate = line(f"{name}: " + _("on whose word"), each.get("mandate", "")) if period else ""
    return each | said | {"period": period, "mandate": mandate}


def _delays(names: list[str], line: Callable[..., str], _: Callable[[str], str]) -> list[dict[str, str]]:
    """Records that keep their people: a table, a condition on its columns, and what to call it."""
    found: list[dict[str, str]] = []
    while dataset := line(_("table") + f" ({', '.join(names)})"):
        found.append({"dataset": dataset, "where": line("where"), "because": line("because")})
    return found


def _several(line: Callable[..., str], hint: str) -> list[str]:
    found: list[str] = []
    while text := line(hint):
        found.append(text)
    return found
