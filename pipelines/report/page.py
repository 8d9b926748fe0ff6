"""`report.html` of one period: what is wrong, what changed, who has to act; self-contained.

Data is escaped. Words are in the template and in `_words`, each through `_`, for translation.
"""

from __future__ import annotations

import base64
import datetime as dt
import re
from collections.abc import Callable
from functools import cache, partial
from html import escape
from importlib import metadata
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
from duckdb import DuckDBPyConnection

from pipelines import outputs
from pipelines.expectations.opened import OpenedPeriod
from pipelines.expectations.rule import CATEGORIES
from pipelines.landing import periods
from pipelines.language.languages import Language, kept_language, language
from pipelines.language.reasons import reason
from pipelines.report import figures, standing
from pipelines.report import work as report_work
from pipelines.report.facts import Source, previous
from pipelines.report.labelled import labelled
from pipelines.report.pdf import pdf_of
from pipelines.report.statement_grid import statement_grid
from pipelines.report.word_file import docx_of
from pipelines.sql import one_value
from pipelines.text import visible

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from jinja2 import Template

# What a later decision changes, and the part of the summary that it does not.
DECIDED = re.compile(r'<section id="(?P<id>summary|work|findings|rules)".*?</section>', re.DOTALL)
KEPT = re.compile(r'<div id="kept">.*?</div>', re.DOTALL)

PAGE = "report.html.jinja"
# The template blocks that are sections, in their order.
SECTIONS = ("summary", "notice", "work", "findings", "rules", "retention", "feed", "second", "made")


def write(connection: DuckDBPyConnection, opened: OpenedPeriod, reports: Path, **more: Any) -> None:
    """`report.html` of the period in the current database; the same database gives the same bytes. `more`: see `facts`."""
    outputs.write_text(reports, "report.html", html(connection, opened, reports, **more))


def html(
    connection: DuckDBPyConnection, opened: OpenedPeriod, reports: Path, speech: Language | None = None, **more: Any
) -> str:
    """The page as text, in the controller's language by default. `more`: see `facts`."""
    speech = speech or language(opened.controller.language, opened.expectations.folder)
    return whole(facts(connection, opened, reports, speech, **more), speech)


def facts(
    connection: DuckDBPyConnection, opened: OpenedPeriod, reports: Path, speech: Language,
    failed: tuple[tuple[dt.date, int], ...] = (), notice: dict | None = None,
    second_opinion: Callable[[], object] = lambda: None,
) -> dict:  # fmt: skip
    """Everything that the page in a language is drawn from.

    `reports`: where it will lie, to know whether there are Data Docs beside it. `failed`: periods that a scheduled run
    failed on, and its exit code. `notice`: what `conformity.page` says of the privacy notice, in the same language.
    `second_opinion`: waits for Great Expectations where it is still at work, and is not None where it was.
    """
    page = speech.translated(collect(connection, opened, speech.gettext))
    page |= {"notice": notice, "language": speech.code, "failed": failed}
    page["found_rules"] = {rule["rule"] for rule in page["rules"]["found"]}
    page["pictures"] = _pictures(page, speech)
    said = second_opinion()  # as late as possible: until here there was other work
    page |= speech.translated({"agreement": Source(connection, opened.context).agreement()})
    page["data_docs"] = said is not None or (reports / "data-docs" / "index.html").exists()
    return page


def whole(page: dict, speech: Language) -> str:
    """The page of `facts`, from its first line to its last."""
    return _template(speech, PAGE).render(page)


def blocks(page: dict, speech: Language) -> dict[str, str]:
    """The same in parts: SECTIONS, in their order; `before` and `after` surround them, with `masthead` between; and `style`."""
    template = _template(speech, PAGE)
    context = template.new_context(page)
    drawn = {name: "".join(template.blocks[name](context)) for name in (*SECTIONS, "before", "masthead", "after")}
    return drawn | {"style": _template(speech, "report.css").render()}


def update(connection: DuckDBPyConnection, path: Path, fresh: Path) -> None:
    """A copy of a report, its PDF and DOCX too, in another folder, with the sections on the ledger brought up to date.

    A decision, or a period taken in again, changes the open work; nothing else on the page changes with it.
    """
    drawn = redrawn(connection, path.read_text("utf-8"))
    outputs.write_text(fresh, path.name, drawn)
    if path.with_suffix(".pdf").exists():
        outputs.write_bytes(fresh, path.with_suffix(".pdf").name, pdf_of(drawn))
    if path.with_suffix(".docx").exists():
        day = dt.date.fromisoformat(one_value(connection, "select max(period) from ledger.periods"))
        outputs.write_bytes(fresh, path.with_suffix(".docx").name, docx_of(drawn, day))


def language_of(page: str) -> str:
    """The language code of a page of ours."""
    found = re.search(r'<html lang="([a-z]{2})">', page)
    assert found, "a page of ours says its language"
    return found[1]


def redrawn(connection: DuckDBPyConnection, page: str) -> str:
    """The page with its sections on open work according to the current ledger."""
    from markupsafe import Markup

    if not DECIDED.search(page):
        return page
    code = language_of(page)
    said = connection.execute("select text, said from ledger.sayings where language = $1", [code]).fetchall()
    speech = kept_language(code, dict(said))
    standing = speech.translated(standing_facts(Source(connection), speech.gettext, code))
    standing |= {"pictures": _standing_pictures(standing) | {"work": _work_picture(standing, speech)}}
    match = KEPT.search(page)
    standing["kept"] = Markup(match[0] if match else "")

    def section(match: re.Match) -> str:
        return _template(speech, f"report_{match['id']}.jinja").render(standing).strip()

    return DECIDED.sub(section, page)


def anchored(page: str, text: str, _: Callable[[str], str]) -> str:
    """The page with the length of the log of look-ups in the table of its sources; `text` may be empty."""
    said = _("Log of look-ups: entries, and seal of the last")
    row = f'<tr id="log"><th scope="row">{escape(said)}</th><td class="sum">{text}</td></tr>\n'
    before, table, after = page.partition('<table id="origins">')
    return page if not text or not table else before + table + after.replace("</tbody>", row + "</tbody>", 1)


def standing_facts(source: Source, _: Callable[[str], str] = str, code: str = "") -> dict:
    """Everything on the page that a decision can change, from the period's database alone."""
    return {
        "words": _words(_),
        "as_of": source.as_of,
        "categories": CATEGORIES,
        "standing": standing.facts(source.connection, source.titles()),
        "arrived": source.arrived(),
        "rules": source.rules(),
        "work": report_work.facts(source.connection, code),
    }


def collect(connection: DuckDBPyConnection, opened: OpenedPeriod, _: Callable[[str], str] = str) -> dict:
    """The contents of the page, by section, ready to be shown and tested; its own words through `_`."""
    before, day = previous(connection), dt.date.fromisoformat(opened.name)
    source = Source(connection, opened.context)
    return standing_facts(source, _) | {
        "controller": visible(opened.controller.name),
        "synthetic": opened.controller.synthetic_data,
        "period": day,
        "previous": before or None,
        "has_previous": before is not None,
        "purged": bool(opened.earlier) and not opened.previous,
        "missed": source.missed(before, day),
        "feed": source.feed(),
        "not_evaluated": source.not_evaluated(),
        "retention": source.retention(),
        "holds": source.holds(),
        "versions": {"rekisterivahti": metadata.version("rekisterivahti"), "DuckDB": duckdb.__version__},
        # those that it was checked with, which may have changed since
        "expectations": opened.note.get("expectations") or periods.digest_folder(opened.expectations.folder),
    }


def _words(_: Callable[[str], str]) -> dict[str, dict[str, str]]:
    """Words for the names used in the data."""
    return {
        "severity": {"high": _("High"), "medium": _("Medium"), "low": _("Low")},
        "category": {
            "structure": _("Structure"), "completeness": _("Completeness"), "validity": _("Validity"),
            "staleness": _("Staleness"), "consistency": _("Consistency"), "minimisation": _("Minimisation"),
            "disclosure": _("Disclosure"), "access": _("Access"), "rights": _("Rights"), "retention": _("Retention"),
        },
        "question": {
            "structure": _("does the export tell the whole truth?"),
            "completeness": _("is everything there that must be?"),
            "validity": _("can what is there be right?"), "staleness": _("is it up to date?"),
            "consistency": _("do the systems agree?"), "minimisation": _("is there more than is needed?"),
            "disclosure": _("is it given only where it may be?"), "access": _("can only those reach it who should?"),
            "rights": _("are requests and consents honoured?"),
            "retention": _("is it kept as long as it should be, no longer?"),
        },
        "status": {
            "read": _("read"), "missing": _("missing"), "no header line": _("no line with its headers"), "refused": _("refused"),
        },
        "refused": {
            "line ends": _("refused: its line ends"), "delimiter": _("refused: its delimiter"),
            "too large to read": _("refused: too large to read"),
            "takes too long to read": _("refused: takes too long to read"),
            "ends its reader": _("refused: could not be read safely"),
        },
        "action": {"erase": _("erase"), "review": _("review")},
        "figure": {"past": _("past"), "due": _("due"), "quarter": _("Q")},
        "state": report_work.words(_),
    } | _bars(_)  # fmt: skip


def _bars(_: Callable[[str], str]) -> dict[str, dict[str, str]]:
    """The names of the bars in the ledger's picture."""
    return {"bar": {"new": _("new or back"), "open": _("open"), "accepted": _("accepted")}}


def _pictures(page: dict, speech: Language) -> dict[str, str | tuple[str, str]]:
    """By name, the wide and the narrow picture, as data URIs."""
    words, retention = page["words"], page["retention"]
    quarter = words["figure"]["quarter"]
    bars = [(words["figure"]["past"], words["figure"]["due"], retention["due"], True)]
    bars += [(f"{quarter}{day.month // 3 + 1}", str(day.year), count, False) for day, count in retention["quarters"]]
    drawn = {"last_days": _both(figures.columns_over_time, bars), "work": _work_picture(page, speech)}
    return _standing_pictures(page) | drawn | _notice_picture(page["notice"], speech)


def _standing_pictures(page: dict) -> dict[str, tuple[str, str]]:
    words, systems = page["words"], page["standing"]["systems"]
    titles = [system["title"] for system in systems]
    categories = [words["category"][category] for category in page["categories"]]
    parts = [
        (words["severity"][severity], colour, [system["severities"][place] for system in systems])
        for place, (severity, colour) in enumerate(figures.SEVERITY_COLOURS.items())
    ]
    return {
        "heat_map": _both(figures.heat_map, titles, categories, [system["cells"] for system in systems]),
        "severity": _both(figures.stacked_bars, titles, parts),
    }


def _work_picture(page: dict, speech: Language) -> tuple[str, str]:
    parts = [(page["words"]["bar"][bar], colour, counts) for bar, colour, counts in report_work.bars(page["work"])]
    return _both(figures.stacked_bars, [speech.day(day) for day in page["work"]["periods"]], parts)


def _notice_picture(notice: dict | None, speech: Language) -> dict[str, str]:
    if not notice:
        return {}
    ids = [row["id"] for row in notice["statements"]]
    days = [speech.day(dt.date.fromisoformat(period)) for period in notice["periods"]]
    return {"notice": _data_uri(statement_grid(ids, days, notice["grid"], notice["words"]))}


def _both(draw: Callable[..., str], *data: object) -> tuple[str, str]:
    return _data_uri(draw(*data)), _data_uri(draw(*data, narrow=True))


def _data_uri(svg: str) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


@cache
def _template(speech: Language, name: str) -> Template:
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    folder = files("pipelines").joinpath("report/templates")
    environment = Environment(
        loader=FunctionLoader(lambda name: folder.joinpath(name).read_text("utf-8")), extensions=["jinja2.ext.i18n"],
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.install_gettext_callables(speech.gettext, speech.ngettext, newstyle=True)  # type: ignore[attr-defined]  # i18n's
    environment.filters |= {"n": speech.number, "day": speech.day, "change": speech.change}
    environment.filters |= {"iso": dt.date.fromisoformat, "reason": partial(reason, speech), "period": speech.period}
    environment.filters |= {"labelled": labelled, "header": speech.header}
    return environment.get_template(name)
