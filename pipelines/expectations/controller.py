"""The controller's own configuration, `expectations/controller.yaml`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from pipelines.errors import ExpectationsError
from pipelines.expectations import yamlfile, zones
from pipelines.expectations.acceptance import Acceptance, load_acceptance
from pipelines.expectations.agreements import Agreements, load_agreements
from pipelines.expectations.contract import NAME
from pipelines.expectations.holds import Holds
from pipelines.expectations.keepers import Worklists, load_worklists

KNOWN = {
    "controller", "country", "language", "synthetic_data", "financial_year_end", "subject", "systems", "parameters", "lists",
    "access", "record", "workbench", "acceptance", "postal_codes", "timezone", "worklists",
    "agreements",
}  # fmt: skip
# Rules read these as $name too; the controller's own parameters must not shadow them.
BUILT_IN = ("as_of", "synthetic_data")
# The workbench keeps raw and registry data of this many periods: the newest, and the one before it for comparison.
PERIODS_KEPT = 2


@dataclass(frozen=True)
class Controller:
    """Names, keepers of systems, constants and lists. `financial_year_end`: MM-DD."""

    name: str
    country: str
    language: str
    synthetic_data: bool
    financial_year_end: str
    subject: tuple[str, str]
    systems: dict[str, dict[str, str]]
    parameters: dict[str, object]
    lists: dict[str, list[dict[str, str]]]
    access: dict[str, Any] = field(default_factory=dict)  # read by pipelines.person.settings
    record: dict[str, Any] = field(default_factory=dict)  # read by pipelines.record.collect
    periods_kept: int = PERIODS_KEPT  # read by pipelines.home.purge
    acceptance: Acceptance = field(default_factory=Acceptance)  # read by pipelines.ledger.acceptances
    worklists: Worklists = field(default_factory=Worklists)  # read by pipelines.ledger.observation
    agreements: tuple[Agreements, ...] = ()  # read by pipelines.job.calendar
    timezone: str = ""  # in which days are counted; none: timestamps are taken as they are
    holds: Holds = field(
        default_factory=Holds
    )  # of the contract beside controller.yaml; set by pipelines.expectations.load
    postal_codes: tuple[str, ...] = ()  # the existing ones; none: any five digits will do


def load_controller(path: Path) -> Controller:
    """Reads one configuration file; ExpectationsError names the key and the remedy."""
    document = yamlfile.read(path)

    def fail(place: str, problem: str, remedy: str) -> NoReturn:
        raise ExpectationsError(problem, file=path, place=place, remedy=remedy)

    for key in sorted(document.keys() - KNOWN):
        fail(str(key), "unknown key", f"known are: {', '.join(sorted(KNOWN))}")
    for key in ("controller", "subject", "systems"):
        if not document.get(key):
            fail(key, "is missing", f"add `{key}:`")
    year_end = str(document.get("financial_year_end", "12-31"))
    if not re.fullmatch(r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", year_end):
        fail("financial_year_end", f"{year_end!r} is no month and day", "write MM-DD, such as 12-31")
    country = str(document.get("country", "FI"))
    if not re.fullmatch(r"[A-Z]{2}", country):
        fail("country", f"{country!r} is no code of a country", "write two capital letters (ISO 3166-1), such as FI")
    timezone = document.get("timezone") or ""
    if timezone and not zones.is_zone(timezone):
        fail("timezone", f"{timezone!r} is no time zone", zones.WRITE)
    subject = document["subject"]
    if not isinstance(subject, dict) or {"dataset", "key"} - subject.keys():
        fail("subject", "names no dataset and key", "write `subject: {dataset: customers, key: customer_number}`")
    parameters, lists = document.get("parameters") or {}, document.get("lists") or {}
    for name in parameters:
        if not NAME.match(str(name)) or name in BUILT_IN:
            fail(f"parameters.{name}", "is no name for a parameter", "use a-z, 0-9 and _")
    for name, rows in lists.items():
        if name == "postal_codes":
            fail("lists.postal_codes", "is no list here", "write `postal_codes: <file>`, at the left margin")
        if not NAME.match(str(name)) or not rows or not all(isinstance(row, dict) for row in rows):
            fail(f"lists.{name}", "is no list of mappings", "write `- {column: value}` lines")
        if len({tuple(sorted(row)) for row in rows}) > 1:
            fail(f"lists.{name}", "has rows with different keys", "give every row the same keys")
    own = document.get("workbench") or {}
    kept = own.get("periods_kept", PERIODS_KEPT) if isinstance(own, dict) else 0
    if (
        not isinstance(own, dict)
        or own.keys() - {"periods_kept"}
        or isinstance(kept, bool)
        or not isinstance(kept, int)
        or kept < 1
    ):
        fail("workbench", "says not how many periods are kept", "write `workbench: {periods_kept: 2}`, 1 or more")
    return Controller(
        name=str(document["controller"]),
        country=country,
        language=str(document.get("language", "en")),
        synthetic_data=bool(document.get("synthetic_data", False)),
        financial_year_end=year_end,
        subject=(subject["dataset"], subject["key"]),
        systems=document["systems"],
        parameters=parameters,
        lists=lists,
        access=document.get("access") or {},
        record=document.get("record") or {},
        periods_kept=kept,
        timezone=timezone,
        acceptance=load_acceptance(document.get("acceptance"), fail),
        worklists=load_worklists(document.get("worklists"), fail),
        agreements=load_agreements(document.get("agreements"), fail),
        postal_codes=_postal_codes(path.parent, document.get("postal_codes"), fail),
    )


def _postal_codes(folder: Path, name: object, fail: Callable[[str, str, str], NoReturn]) -> tuple[str, ...]:
    """The codes in a file beside controller.yaml: the first five digits of each line that starts with them."""
    if name is None:
        return ()
    if not isinstance(name, str) or not re.fullmatch(r"[\w-][\w. -]*\.csv", name):
        fail("postal_codes", "names no file", "write `postal_codes: postal_codes.csv`, a file beside controller.yaml")
    try:
        lines = (folder / name).read_bytes().splitlines()
    except OSError:
        fail(
            "postal_codes",
            f"{name} cannot be read",
            "put it beside controller.yaml, a postal code at the start of each line",
        )
    codes = {line[:5].decode() for line in lines if re.match(rb"[0-9]{5}(?![0-9])", line)}
    if not codes:
        fail("postal_codes", f"{name} holds no postal codes", "begin each line with one: `61800` or `61800;KAUHAJOKI`")
    return tuple(sorted(codes))
