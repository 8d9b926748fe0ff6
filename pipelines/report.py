"""`report.html` of one period: what is wrong, what changed, who has to act; it refers to nothing outside itself.

What comes from data is escaped. Words are in the template and in `_words`, each through `_`, for translation.
"""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Callable
from functools import cache
from importlib import metadata
from importlib.resources import files
from pathlib import Path

import duckdb

from pipelines import figures, outputs, periods
from pipelines.languages import Language, language
from pipelines.report_facts import Source, previous, urgent, visible


def write(connection, context, period: str, reports: Path, purged: bool = False) -> None:
    """`report.html` of the period in the current database; the same database gives the same bytes."""
    outputs.write_text(reports, "report.html", html(connection, context, period, reports, purged=purged))


def html(
    connection, context, period: str, reports: Path, speech: Language | None = None, digest: str = "",
    failed: tuple[tuple[dt.date, int], ...] = (), purged: bool = False,
) -> str:  # fmt: skip
    """The page as text, in the controller's own language where none is given.

    `reports`: where it will lie, to know whether there are Data Docs beside it. `digest`: of the expectations that the
    period was checked with, where they may have changed since. `failed`: periods that a scheduled run failed on, and
    its exit code. `purged`: there was a previous period, and its registry was purged.
    """
    folder = context.contracts[0].path.parent.parent
    speech = speech or language(context.controller.language, folder)
    page = speech.translated(collect(connection, context, period, speech.gettext))
    page |= {"data_docs": (reports / "data-docs" / "index.html").exists(), "language": speech.code, "failed": failed, "purged": purged}
    page["expectations"] = digest or page["expectations"]
    return _template(speech).render(page, pictures=_pictures(page))


def collect(connection, context, period: str, _: Callable[[str], str] = str) -> dict:
    """Everything that the page says, by section, ready to be shown and to be tested; its own words through `_`."""
    before = previous(connection)
    source = Source(connection, context, before is not None)
    rules = source.rules()
    return {
        "words": _words(_),
        "controller": visible(context.controller.name),
        "synthetic": context.controller.synthetic_data,
        "period": dt.date.fromisoformat(period),
        "as_of": context.as_of,
        "previous": before or None,
        "has_previous": before is not None,
        "missed": source.missed(before, dt.date.fromisoformat(period)),
        "feed": source.feed(),
        "numbers": source.numbers(),
        "changes": source.changes(),
        "rules": rules,
        "urgent": urgent(rules["found"]),
        "not_evaluated": source.not_evaluated(),
        "retention": source.retention(),
        "holds": source.holds(),
        "agreement": source.agreement(),
        "versions": {"rekisterivahti": metadata.version("rekisterivahti"), "DuckDB": duckdb.__version__},
        "expectations": periods.digest_folder(context.contracts[0].path.parent.parent),
    }


def _words(_: Callable[[str], str]) -> dict[str, dict[str, str]]:
    """Words for what the data calls by a name of its own."""
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
        "status": {"read": _("read"), "missing": _("missing"), "no header line": _("empty")},
        "reason": {
            "export missing": _("export missing"), "column missing": _("column missing"),
            "reads what this period lacks": _("reads what this period lacks"),
        },
        "action": {"erase": _("erase"), "review": _("review")},
        "figure": {"past": _("past"), "due": _("due"), "quarter": _("Q")},
    }  # fmt: skip


def _pictures(page: dict) -> dict[str, tuple[str, str]]:
    """By name, the wide and the narrow picture, as data URIs."""
    words, systems, retention = page["words"], page["numbers"]["systems"], page["retention"]
    titles = [system["title"] for system in systems]
    categories = [words["category"][category] for category in page["numbers"]["categories"]]
    parts = [
        (words["severity"][severity], colour, [system["severities"][place] for system in systems])
        for place, (severity, colour) in enumerate(figures.SEVERITY_COLOURS.items())
    ]
    quarter = words["figure"]["quarter"]
    bars = [(words["figure"]["past"], words["figure"]["due"], retention["due"], True)]
    bars += [(f"{quarter}{day.month // 3 + 1}", str(day.year), count, False) for day, count in retention["quarters"]]
    return {
        "heat_map": _both(figures.heat_map, titles, categories, [system["cells"] for system in systems]),
        "severity": _both(figures.stacked_bars, titles, parts),
        "last_days": _both(figures.columns_over_time, bars),
    }


def _both(draw: Callable[..., str], *data: object) -> tuple[str, str]:
    return _data_uri(draw(*data)), _data_uri(draw(*data, narrow=True))


def _data_uri(svg: str) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


@cache
def _template(speech: Language):
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    folder = files("pipelines").joinpath("templates")
    environment = Environment(
        loader=FunctionLoader(lambda name: folder.joinpath(name).read_text("utf-8")), extensions=["jinja2.ext.i18n"],
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.install_gettext_callables(speech.gettext, speech.ngettext, newstyle=True)
    environment.filters |= {"n": speech.number, "day": speech.day, "change": speech.change}
    return environment.get_template("report.html.jinja")
