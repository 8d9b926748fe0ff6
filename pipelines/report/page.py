"""`report.html` of one period: what is wrong, what changed, who has to act; self-contained.

Data is escaped. Words are in the template and in `_words`, each through `_`, for translation.
"""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Callable
from functools import cache, partial
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
from pipelines.report import figures, kept, standing
from pipelines.report import work as report_work
from pipelines.report.facts import Source, previous
from pipelines.report.labelled import labelled
from pipelines.report.statement_grid import statement_grid
from pipelines.text import visible

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from jinja2 import Template

PAGE = "report.html.jinja"
REPORT = "report"  # its name without what follows the point
# The template blocks that are sections, in their order; what a later decision changes; and the others.
SECTIONS = ("summary", "notice", "work", "findings", "rules", "retention", "feed", "second", "made")
DECIDED = ("summary", "work", "findings", "rules")
UNDECIDED = ("before", "masthead", *(name for name in SECTIONS if name not in DECIDED), "after")


def write(connection: DuckDBPyConnection, opened: OpenedPeriod, reports: Path, **more: Any) -> None:
    """`report.html` of the period in the current database; the same database gives the same bytes. `more`: see `facts`.

    Its blocks are kept in that database, which has to be writable.
    """
    speech = language(opened.controller.language, opened.expectations.folder)
    drawn = blocks(facts(connection, opened, reports, speech, **more), speech)
    kept.keep(connection, REPORT, drawn)
    outputs.write_text(reports, f"{REPORT}.html", assembled(drawn))


def html(
    connection: DuckDBPyConnection, opened: OpenedPeriod, reports: Path, speech: Language | None = None, **more: Any
) -> str:
    """The page as text, in the controller's language by default. `more`: see `facts`."""
    speech = speech or language(opened.controller.language, opened.expectations.folder)
    return assembled(blocks(facts(connection, opened, reports, speech, **more), speech))


def facts(
    connection: DuckDBPyConnection,
    opened: OpenedPeriod,
    reports: Path,
    speech: Language,
    failed: tuple[tuple[dt.date, int], ...] = (),
    notice: dict | None = None,
    second_opinion: Callable[[], object] = lambda: None,
    log: str = "",
) -> dict:
    """Everything that the page in a language is drawn from.

    `reports`: where it will lie, to know whether there are Data Docs beside it. `failed`: periods that a scheduled run
    failed on, and its exit code. `notice`: what `conformity.page` says of the privacy notice, in the same language.
    `second_opinion`: waits for Great Expectations where it is still at work, and is not None where it was. `log`: the anchor of
    the log of look-ups, if the page is to have it among its sources.
    """
    page = speech.translated(collect(connection, opened, speech.gettext))
    page |= {"notice": notice, "language": speech.code, "failed": failed, "log": log}
    page["found_rules"] = {rule["rule"] for rule in page["rules"]["found"]}
    page["pictures"] = _pictures(page, speech)
    said = second_opinion()  # as late as possible: until here there was other work
    page |= speech.translated({"agreement": Source(connection, opened.context).agreement()})
    page["data_docs"] = said is not None or (reports / "data-docs" / "index.html").exists()
    return page


def blocks(page: dict, speech: Language) -> dict[str, str]:
    """The page of `facts` in parts: SECTIONS; `before`, `masthead` and `after`; `kept`, the part of the summary that no decision
    changes; `style`; and the page's `language` and `controller`."""
    part = _template(speech, "report_kept.jinja").render(page)
    drawn = _drawn(page, speech, (*DECIDED, *UNDECIDED), part)
    drawn |= {"style": _template(speech, "report.css").render()}
    return drawn | {"kept": part, "language": speech.code, "controller": page["controller"]}


def assembled(drawn: dict[str, str]) -> str:
    """The page of `blocks`, from its first line to its last."""
    sections = "\n\n".join(drawn[name] for name in SECTIONS)
    return "\n".join((drawn["before"], drawn["masthead"], '<main class="page">', "", sections, drawn["after"]))


def decided(connection: DuckDBPyConnection, drawn: dict[str, str]) -> dict[str, str]:
    """The blocks of a page of the period in the current database, those on open work anew, according to its ledger."""
    code = drawn["language"]
    said = connection.execute("select text, said from ledger.sayings where language = $1", [code]).fetchall()
    speech = kept_language(code, dict(said))
    standing = speech.translated(standing_facts(Source(connection), speech.gettext, code))
    standing |= {"pictures": _standing_pictures(standing) | {"work": _work_picture(standing, speech)}}
    return drawn | _drawn(standing, speech, DECIDED, drawn["kept"])


def _drawn(page: dict, speech: Language, names: tuple[str, ...], kept: str) -> dict[str, str]:
    from markupsafe import Markup

    template = _template(speech, PAGE)
    context = template.new_context(page | {"kept": Markup(kept)})
    return {name: "".join(template.blocks[name](context)).strip() for name in names}


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
            "structure": _("Structure"),
            "completeness": _("Completeness"),
            "validity": _("Validity"),
            "staleness": _("Staleness"),
            "consistency": _("Consistency"),
            "minimisation": _("Minimisation"),
            "disclosure": _("Disclosure"),
            "access": _("Access"),
            "rights": _("Rights"),
            "retention": _("Retention"),
        },
        "question": {
            "structure": _("does the export tell the whole truth?"),
            "completeness": _("is everything there that must be?"),
            "validity": _("can what is there be right?"),
            "staleness": _("is it up to date?"),
            "consistency": _("do the systems agree?"),
            "minimisation": _("is there more than is needed?"),
            "disclosure": _("is it given only where it may be?"),
            "access": _("can only those reach it who should?"),
            "rights": _("are requests and consents honoured?"),
            "retention": _("is it kept as long as it should be, no longer?"),
        },
        "status": {
            "read": _("read"),
            "missing": _("missing"),
            "no header line": _("no line with its headers"),
            "refused": _("refused"),
        },
        "refused": {
            "line ends": _("refused: its line ends"),
            "delimiter": _("refused: its delimiter"),
            "too large to read": _("refused: too large to read"),
            "takes too long to read": _("refused: takes too long to read"),
            "ends its reader": _("refused: could not be read safely"),
        },
        "action": {"erase": _("erase"), "review": _("review")},
        "figure": {"past": _("past"), "due": _("due"), "quarter": _("Q")},
        "state": report_work.words(_),
    } | _bars(_)


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
        loader=FunctionLoader(lambda name: folder.joinpath(name).read_text("utf-8")),
        extensions=["jinja2.ext.i18n"],
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.install_gettext_callables(speech.gettext, speech.ngettext, newstyle=True)  # type: ignore[attr-defined]  # i18n's
    environment.filters |= {"n": speech.number, "day": speech.day, "change": speech.change}
    environment.filters |= {"iso": dt.date.fromisoformat, "reason": partial(reason, speech), "period": speech.period}
    environment.filters |= {"labelled": labelled, "header": speech.header}
    return environment.get_template(name)
