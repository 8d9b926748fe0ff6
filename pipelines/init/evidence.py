"""INIT.md: each guess with what speaks for it, as counts, and how sure it is; and what remains to be asked. No cell."""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.init import drafts, questions
from pipelines.init.answers import Answers
from pipelines.init.kinds import Kind
from pipelines.init.profile import Table
from pipelines.init.survey import Survey
from pipelines.language.languages import N_, Language
from pipelines.registry import functions

SURE = {"high": N_("sure"), "medium": N_("likely"), "low": N_("a guess")}
# Why a column was taken for what it is; see init.kinds.
WHY = {
    "answer": N_("you said so"),
    "refers to people": N_("%(count)s of %(of)s different values are among the people's keys"),
    "key of people": N_("it identifies people: %(count)s different values in %(of)s rows"),
    "header": N_("the header says “%(word)s”"),
    "header and shape": N_("the header says “%(word)s”, and %(count)s of %(of)s values have that form"),
    "shape": N_("%(count)s of %(of)s values have the form: %(word)s"),
    "prose": N_("%(count)s of %(of)s values are sentences"),
    "names": N_("%(count)s of %(of)s values could be names"),
    "list": N_("%(count)s different values in %(of)s cells"),
    "thing": N_("the header speaks of a thing: “%(word)s”"),
    "identifier of things": N_("it identifies things, not people"),
    "measure": N_("the header says “%(word)s”"),
    "empty": N_("no cell is filled"),
    "unknown": N_("neither header nor values tell"),
    "date": N_("%(count)s of %(of)s cells are days"),
    "month": N_("%(count)s of %(of)s cells are months"),
    "timestamp": N_("%(count)s of %(of)s cells are times"),
    "decimal": N_("%(count)s of %(of)s cells are numbers"),
    "boolean": N_("%(count)s of %(of)s cells are yes or no"),
}
UNREAD = {
    "kind": N_("is no CSV file, workbook, Parquet file or JSON lines: save it as one of these"), "is empty": N_("is empty"), "no rows": N_("has no row"),
    "holds no row": N_("has no row"),
}  # fmt: skip


def report(survey: Survey, answers: Answers, speech: Language) -> str:
    """The text of INIT.md."""
    _ = speech.gettext
    asked = questions.questions(survey, answers)
    lines = ["# " + _("What vahti init found, and how sure it is"), ""]
    lines += [
        _(
            "Each guess stands with its evidence, as counts. No value of any cell is in these files. All drafts have `status: draft`."
        ),
        "",
    ]
    where = f" ({survey.period})" if survey.period else ""
    lines += [
        _("Looked at: %(files)s files, %(rows)s rows%(where)s.")
        % {"files": len(survey.tables), "rows": speech.number(sum(t.rows for t in survey.tables)), "where": where},
        "",
    ]
    if not functions.packs().get(survey.country):
        lines += [
            _(
                "No patterns of %(country)s are known: identity codes, postal codes and local telephone numbers are not looked for."
            )
            % {"country": survey.country},
            "",
        ]
    if not survey.period:
        lines += [
            _(
                "The files lie in no period folder. For vahti run put them into one named by its date, such as 2026-06-30."
            ),
            "",
        ]
    lines += ["## " + _("What remains to be asked"), ""]
    lines += [
        f"{number}. {q.said(speech)}" + (f" (`{q.key}`)" if q.key else "") for number, q in enumerate(asked, 1)
    ] or [_("Nothing.")]
    lines += ["", "## " + _("Files"), ""]
    lines += [
        *_row(_("file"), _("dataset"), _("how it is read"), _("evidence")),
        *(_file(table, speech) for table in survey.tables),
    ]
    lines += [f"- {name}: {_(UNREAD.get(why, why))}" for name, why in survey.unread]
    for table in survey.tables:
        lines += ["", f"## {table.dataset}", "", *_of_table(survey, answers, table, speech)]
    return "\n".join(lines).rstrip() + "\n"


def _row(*cells: str) -> list[str]:
    return ["| " + " | ".join(cells) + " |", "|" + "---|" * len(cells)]


def _cell(text: object) -> str:
    return str(text).replace("|", "\\|").replace("\n", " ")


def _file(table: Table, speech: Language) -> str:
    found, _ = table.found, speech.gettext
    how = (
        f"{found.encoding}, `{found.delimiter}`"
        if found.kind == "csv"
        else _("workbook, first sheet")
        if found.kind == "xlsx"
        else found.kind
    )
    if found.skip_rows:
        how += ", " + _("%(n)s lines before the headers") % {"n": found.skip_rows}
    facts = {
        "rows": speech.number(table.rows),
        "rejected": speech.number(table.rejected),
        "columns": len(table.columns),
    }
    told = _("%(rows)s rows, %(rejected)s rejected, %(columns)s columns") % facts
    if found.kind == "csv":
        told += "; " + _("%(n)s delimiters in the headers, %(alike)s of %(looked)s lines of that width") % {
            "n": found.count("delimiters in the headers"),
            "alike": found.count("lines of that width"),
            "looked": found.count("lines looked at"),
        }
    return f"| {_cell(found.path.name)} | {table.dataset} | {_cell(how)} | {told} |"


def _of_table(survey: Survey, answers: Answers, table: Table, speech: Language) -> Iterator[str]:
    _, key = speech.gettext, survey.keys[table.dataset]
    role = survey.people.get(table.dataset)
    if role:
        yield _("Its rows are people: %(role)s.") % {"role": speech.term(role)}
    yield _("Key: %(columns)s, different in %(count)s of %(of)s rows.") % {
        "columns": ", ".join(key.columns),
        "count": key.different,
        "of": key.rows,
    }
    for link in survey.links:
        if link.dataset == table.dataset:
            yield _("%(column)s refers to %(to)s: %(found)s of %(values)s different values are there.") % {
                "column": link.column,
                "to": ".".join(link.to),
                "found": link.found,
                "values": link.values,
            }
    yield ""
    yield from _row(
        _("column"), _("header"), _("type"), _("filled"), _("different"), _("personal"), _("why"), _("how sure")
    )
    for each in survey.columns[table.dataset]:
        kind = drafts.kind_of(survey, answers, table.dataset, each)
        personal = (
            _("no")
            if kind.personal is False
            else speech.term(kind.category)
            if kind.category
            else _("yes, until you say otherwise")
        )
        type_ = each.column.format or each.column.type
        cells = (
            each.name,
            each.column.header,
            type_,
            each.profile.filled,
            each.profile.distinct,
            personal,
            why(kind, speech),
            _(SURE[kind.sure]),
        )
        yield "| " + " | ".join(map(_cell, cells)) + " |"


def why(kind: Kind, speech: Language) -> str:
    """The evidence for a kind in words."""
    reason = "header and shape" if kind.why == "header" and kind.count else kind.why
    return speech.gettext(WHY[reason]) % {"word": kind.word, "count": kind.count, "of": kind.of}
