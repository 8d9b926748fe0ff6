"""Data Docs: Great Expectations' own pages in our frame, which loads nothing and needs no script."""

from __future__ import annotations

import copy
import datetime as dt
import html
import itertools
from collections import Counter
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from great_expectations.render.renderer.page_renderer import ExpectationSuitePageRenderer, ValidationResultsPageRenderer
from great_expectations.render.view import DefaultJinjaPageView
from jinja2 import ChoiceLoader, FunctionLoader

from pipelines import outputs

if TYPE_CHECKING:
    from great_expectations.core import ExpectationSuite, ExpectationSuiteValidationResult

    from pipelines.second_opinion.plan import Dataset
    from pipelines.second_opinion.results import Row
    from pipelines.second_opinion.suites import Made

TEMPLATES = files("pipelines") / "second_opinion" / "templates"
# Where Great Expectations' results page looks for its suite, and where ours is.
SUITE_LINK = ("../../../../expectations/", "../expectations/")


class Pages(DefaultJinjaPageView):
    """Great Expectations' view with our templates taking precedence; element ids are counted, not random."""

    def __init__(self) -> None:
        super().__init__()
        self.env.loader = ChoiceLoader([FunctionLoader(template), self.env.loader])
        self.env.globals["css"] = (TEMPLATES / "data_docs.css").read_text("utf-8")
        self.restart()

    def restart(self) -> None:
        """Restarts the count at 1."""
        numbers = itertools.count(1)
        self.env.filters["generate_html_element_uuid"] = lambda prefix="": f"{prefix}{next(numbers)}"

    def page(self, document: object, **values: object) -> str:
        """HTML of one rendered document."""
        self.restart()
        return self.render(document, **values)


def template(name: str) -> str | None:
    """Our template, if there is one with that name."""
    path = TEMPLATES / "data_docs" / name
    return path.read_text("utf-8") if path.is_file() else None


def write(made: Made, datasets: Iterable[Dataset], rows: list[Row], as_of: dt.date, folder: Path) -> None:
    """index.html, validations/<dataset>.html and expectations/<dataset>.html."""
    pages = Pages()
    results, suites = ValidationResultsPageRenderer(run_info_at_end=True), ExpectationSuitePageRenderer()
    for dataset in datasets:
        name = f"{dataset.name}.html"
        said = {"dataset": dataset, "as_of": as_of.isoformat()}
        page = pages.page(results.render(annotated(made.validations[dataset.name])), kind="Results", **said)
        outputs.write_text(folder / "validations", name, page.replace(*SUITE_LINK))
        page = pages.page(suites.render(escaped(made.suites[dataset.name])), kind="Expectations", **said)
        outputs.write_text(folder / "expectations", name, page)
    index = pages.env.get_template("index.j2").render(lines=lines(datasets, rows), as_of=as_of.isoformat())
    outputs.write_text(folder, "index.html", index)


def annotated(validation: ExpectationSuiteValidationResult) -> ExpectationSuiteValidationResult:
    """A copy of a suite's results for rendering."""
    validation = copy.deepcopy(validation)
    validation.meta["batch_kwargs"] = {"data_asset_name": validation.suite_name}
    for result in validation.results:
        result.expectation_config.description = described(result.expectation_config)
    return validation


def escaped(suite: ExpectationSuite) -> ExpectationSuite:
    """A copy of a suite for rendering; without `meta`, which would come out as a jumble of names."""
    suite = copy.deepcopy(suite)
    for expectation in suite.expectations:
        expectation.description, expectation.meta = described(expectation), None
    return suite


def described(expectation: Any) -> str:
    """HTML of an expectation: title, rule and severity. Great Expectations puts it into the page unchanged."""
    rule, severity = (html.escape(expectation.meta[name]) for name in ("rule", "severity"))
    return f"{html.escape(expectation.description)} <small>{rule} · {severity}</small>"


def lines(datasets: Iterable[Dataset], rows: list[Row]) -> list[dict]:
    """The index: one line per dataset, with its checks by status and the offending rows they found."""
    found = []
    for dataset in datasets:
        checks = [row for row in rows if row.dataset == dataset.name]
        statuses = Counter(row.status for row in checks)
        unexpected = sum(row.unexpected_count or 0 for row in checks)
        found.append({"dataset": dataset, "statuses": statuses, "checks": len(checks), "unexpected": unexpected})
    return found
