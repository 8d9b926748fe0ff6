"""What the exports do not tell and somebody has to say, with the key of answers.yaml where the answer goes; and the nine questions as
that file. Headers, counts and terms; no cell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pipelines.init import drafts, written
from pipelines.init.answers import Answers
from pipelines.init.survey import Survey
from pipelines.init.typed import Typed
from pipelines.language.languages import N_, Language
from pipelines.registry import functions


@dataclass(frozen=True)
class Question:
    """Something that the exports do not tell. `key`: where its answer goes in answers.yaml."""

    key: str
    text: str
    facts: dict[str, Any]

    def said(self, speech: Language) -> str:
        """The question in words."""
        return speech.gettext(self.text) % self.facts


def questions(survey: Survey, answers: Answers) -> list[Question]:
    """All that remains to be asked, in the order of the nine questions, then of the columns."""
    return [*_of_controller(answers), *_of_classes(survey, answers), *_of_columns(survey, answers)]


def _of_controller(answers: Answers) -> Iterator[Question]:
    said = answers.controller
    if not said.get("contact"):
        yield Question("controller", N_("Who is the controller, and whom do people contact?"), {})
    if not said.get("officer"):
        yield Question("controller.officer", N_("Who is the data protection officer, if there is one?"), {})
    if not said.get("timezone"):
        yield Question("controller.timezone", N_("In which time zone are days counted?"), {})
    if not answers.never:
        yield Question("never", N_("What does your privacy notice promise never to do?"), {})


def _of_classes(survey: Survey, answers: Answers) -> Iterator[Question]:
    for dataset, said in answers.retention.items():
        if not said.get("period") and not said.get("until"):
            days = [each.name for each in survey.columns[dataset] if each.column.type in ("date", "timestamp")]
            if days:
                yield Question(
                    f"retention.{dataset}",
                    N_("How long is %(dataset)s kept, from which of its dates (%(days)s), and on whose word?"),
                    {"dataset": dataset, "days": ", ".join(days)},
                )
            else:
                yield Question(
                    f"retention.{dataset}",
                    N_("How long is %(dataset)s kept? It has no date of its own."),
                    {"dataset": dataset},
                )
        elif said.get("kind") == "minimum" and said.get("mandate") in _proposed(survey):
            yield Question(
                f"retention.{dataset}",
                N_(
                    "%(dataset)s: is it kept %(period)s by %(mandate)s? It was proposed by the country's pack, which nobody has compared with the law."
                ),
                {"dataset": dataset, "period": said["period"], "mandate": said["mandate"]},
            )


def _proposed(survey: Survey) -> set[str]:
    return {period["source"] for period in functions.packs().get(survey.country, {}).get("periods") or []}


def _of_columns(survey: Survey, answers: Answers) -> Iterator[Question]:
    for table in survey.tables:
        for doubt in table.found.doubts:
            yield Question("", DOUBTS[doubt], {"file": table.found.path.name})
        if not survey.keys[table.dataset].is_sure:
            key = survey.keys[table.dataset]
            yield Question(
                "",
                N_("What identifies a row of %(dataset)s? %(columns)s does in %(count)s of %(of)s rows only."),
                {"dataset": table.dataset, "columns": ", ".join(key.columns), "count": key.different, "of": key.rows},
            )
        for each in survey.columns[table.dataset]:
            yield from _of_column(survey, answers, table.dataset, each)


DOUBTS = {
    "headers": N_("%(file)s seems to have no headers: what are its columns called?"),
    "empty header": N_("%(file)s has a column without a header: what is it?"),
    "header twice": N_("%(file)s has a header twice: which of the two columns counts?"),
}


def _of_column(survey: Survey, answers: Answers, dataset: str, each: Typed) -> Iterator[Question]:
    name = f"{dataset}.{each.name}"
    kind = drafts.kind_of(survey, answers, dataset, each)
    if each.question == "day or month":
        yield Question(
            "open.days",
            N_(
                "%(name)s: does the day or the month stand first? No value tells. It stays text until you say: %(first)s or %(second)s."
            ),
            {"name": name, "first": each.either[0], "second": each.either[1]},
        )
    if each.proposed:
        yield Question(
            "open.days",
            N_("%(name)s: the other days of the file speak for %(pattern)s."),
            {"name": name, "pattern": each.proposed},
        )
    if each.question == "years of two digits":
        yield Question(
            "",
            N_(
                "%(name)s: years have two digits, which do not say their century. Ask for an export with four; it stays text."
            ),
            {"name": name},
        )
    if each.question == "decimal sign":
        yield Question(
            "",
            N_("%(name)s: no value tells whether “%(sign)s” is a decimal sign or stands between thousands."),
            {"name": name, "sign": each.column.decimal_separator},
        )
    if kind.personal is None:
        yield Question(
            "open",
            N_("%(name)s: is it personal data, and of what kind? Until you say, it counts as personal."),
            {"name": name},
        )
    if kind.why == "list" and kind.personal is False and 1 < each.profile.distinct <= 12:
        yield Question(
            "open.values",
            N_("%(name)s: which of its %(count)s different values are right? Write them in, and others are found."),
            {"name": name, "count": each.profile.distinct},
        )


# The nine questions as a file.

TITLES = (
    ("controller", N_("1. Who is the controller, and whom do people contact?")),
    ("people", N_("2. Which table is the people's, and by which column do others name them?")),
    ("systems", N_("3. From which system does each table come, and who keeps it?")),
    (
        "purposes",
        N_(
            "4. For what purpose is each kept, and on which basis? a consent, b contract, c law, d vital interests, e public task, f legitimate interest."
        ),
    ),
    (
        "retention",
        N_(
            "5. How long is each kept, from which of its dates, and on whose word? Periods are written P6Y, P12M or P30D."
        ),
    ),
    ("delays", N_("6. What delays erasure? Such as: {dataset: fees, where: status = 'open', because: fee unpaid}")),
    ("recipients", N_("7. Who else is given the data?")),
    (
        "registers",
        N_("8. Where are consents, requests, legal holds and processors kept? Name a table, or leave it empty."),
    ),
    ("never", N_("9. What does your privacy notice promise never to do?")),
    (
        "open",
        N_("What the exports leave open: how days are written, what is personal and what not, which values are right."),
    ),
)


def template(survey: Survey, answers: Answers, speech: Language) -> str:
    """The text of answers.yaml, filled in as far as the exports suggest something."""
    _ = speech.gettext
    lines = [
        "# "
        + _(
            "Nine questions. What stands here is what the exports suggest: mend what is not so, fill in what is empty, and run vahti init again."
        )
    ]
    for block, title in TITLES:
        value = _prefilled(survey, answers)[block]
        lines += ["", f"# {_(title)}"]
        if isinstance(value, (list, tuple)):
            lines += [f"{block}:", *written.lines(list(value), 2)] if value else [f"{block}: []"]
        else:
            lines += [f"{block}:", *written.lines(value, 2)]
    return "\n".join(lines) + "\n"


def _prefilled(survey: Survey, answers: Answers) -> dict[str, Any]:
    controller = (
        dict.fromkeys(("name", "contact", "email", "phone", "officer", "timezone"), "")
        | {"address": []}
        | answers.controller
    )
    kept = {dataset: {"from": "", "period": "", "mandate": ""} | said for dataset, said in answers.retention.items()}
    days = {
        f"{table.dataset}.{each.name}": ""
        for table in survey.tables
        for each in survey.columns[table.dataset]
        if each.question == "day or month"
    }
    opened = {"days": {}, "personal": [], "not_personal": [], "kinds": {}, "values": {}} | answers.open
    opened["days"] = days | (opened["days"] or {})
    return {
        "controller": controller,
        "people": answers.people,
        "systems": answers.systems,
        "purposes": answers.purposes,
        "retention": kept,
        "delays": list(answers.delays),
        "recipients": list(answers.recipients),
        "registers": answers.registers,
        "never": list(answers.never),
        "open": opened,
    }
