"""The report's facts from a period's database, section by section: numbers, kinds, dates and record keys only.

Every text from data is made visible: characters that hide, or change the look of others, are shown by their code.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.expectations.rule import KEEPER, SEVERITIES
from pipelines.expectations.span import parse_period
from pipelines.landing import periods
from pipelines.ledger.findings_files import is_reserved
from pipelines.sql import ident, one_value, render
from pipelines.text import visible

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from pipelines.expectations.context import Context

KEYS_SHOWN = 50
LONGEST_KEY = 80
GRACE_DAYS = 20  # an export up to this late still counts as its period's
QUARTERS_SHOWN = 13  # the rest of this one, and three years
# Of a record in registry.retention; then the sums in the report.
STATES = ("active", "due", "held", "not running", "trigger missing", "no criterion", "records", "within_year")


def previous(connection: DuckDBPyConnection) -> dt.date | str | None:
    """The date of the previous period, '' if its file has none; None if there is no previous period."""
    attached = connection.execute(
        "select d.path from duckdb_databases() as d join duckdb_tables() as t on t.database_name = d.database_name"
        " where d.database_name = 'previous' and t.schema_name = 'results' and t.table_name = 'findings'"
    ).fetchone()
    if not attached:
        return None
    name = Path(attached[0] or "").stem
    return dt.date.fromisoformat(name) if periods.is_period(name) else ""


class Source:
    """The facts of the period's database, section by section; every text from it made visible."""

    def __init__(self, connection: DuckDBPyConnection, context: Context | None = None) -> None:
        self.connection, self._context = connection, context
        self.as_of = one_value(connection, "select as_of from ledger.periods")
        named = connection.execute("select system, name, keeper from ledger.systems").fetchall()
        self.systems = {system: (name, keeper) for system, name, keeper in named}
        self.rule_titles = dict(connection.execute("select rule, title from results.rules").fetchall())

    @property
    def context(self) -> Context:
        """The period's; what only follows decisions is drawn without one."""
        assert self._context
        return self._context

    def rows(self, sql: str, **parameters: object) -> list[dict]:
        """Rows as mappings."""
        cursor = self.connection.execute(sql, parameters)
        names = [item[0] for item in cursor.description]
        return [dict(zip(names, map(_shown, row), strict=True)) for row in cursor.fetchall()]

    def columns(self, schema: str, table: str) -> set[str]:
        """Columns of a table or view of this period; none if it does not exist."""
        return {
            row["column_name"]
            for row in self.rows(
                "select column_name from duckdb_columns() where database_name = current_database()"
                " and schema_name = $schema and table_name = $table",
                schema=schema,
                table=table,
            )
        }

    def system(self, system: str, product: str = "") -> str:
        """The system's name for readers."""
        return visible(self.systems[system][0] if system in self.systems else product or system)

    def rule_title(self, rule: str) -> str:
        """What a rule looks for, in its own words."""
        return self.rule_titles.get(rule, rule)

    def feed(self) -> dict:
        """Files, sums over them, and the exports that did not arrive."""
        rows = self.rows(render("report/feed.sql"))
        for row in rows:
            row |= {"title": self.system(row["system"], row["product"]), "newest": self.newest(row)}
        exports = [row for row in rows if row["is_export"]]
        names = ("rows_read", "rows_registered", "rows_rejected")
        counts = [[row[name] or 0 for name in names] for row in rows]
        return {
            "files": rows,
            "expected": len(exports),
            "absent": [row for row in exports if row["status"] != "read"],
            "sums": dict(zip(names, map(sum, zip(*counts, strict=True)), strict=True)),
            "balance": all(read == registered + rejected for read, registered, rejected in counts),
        }

    def missed(self, before: dt.date | str | None, period: dt.date) -> list[dt.date]:
        """Days since the previous period on which exports were due, by contract, and none was taken in."""
        months = min((c.frequency for c in self.context.contracts if c.frequency), default=0)
        if not before or not months:
            return []
        rows = self.rows(render("report/missed.sql"), before=before, period=period, months=months, grace=GRACE_DAYS)
        return [row["day"] for row in rows]

    def newest(self, row: dict) -> dt.date | None:
        """The newest activity up to the as-of date, if the contract names the column for it."""
        told = ((c, c.freshness[0]) for c in self.context.contracts if c.dataset == row["dataset"] and c.freshness)
        contract, name = next(told, (None, ""))
        if not contract or name not in self.columns("registry", contract.dataset):
            return None
        column = contract.column(name)
        sql = f"last_day({ident(column.name)})" if column.type == "month" else f"cast({ident(column.name)} as date)"
        query = f"select max({sql}) as newest from registry.{ident(contract.dataset)} where {sql} <= $as_of"
        return self.rows(query, as_of=self.as_of)[0]["newest"]

    def titles(self) -> dict[str, str]:
        """Every system with an export, and its name for readers."""
        found = self.rows(
            "select system, max(product) as product from results.datasets group by system order by system"
        )
        return {row["system"]: self.system(row["system"], row["product"]) for row in found}

    def arrived(self) -> dict:
        """How many exports were expected, those that did not arrive, and those read in the wrong encoding."""
        exports = [row for row in self.rows(render("report/feed.sql")) if row["is_export"]]
        garbled = [row for row in exports if row["seems"] and row["status"] == "read"]
        return {
            "expected": len(exports),
            "absent": sum(1 for row in exports if row["status"] != "read"),
            "garbled": [row | {"title": self.system(row["system"], row["product"])} for row in garbled],
            "rows_read": sum(row["rows_read"] or 0 for row in self.rows(render("report/feed.sql"))),
        }

    def rules(self) -> dict:
        """Rules with findings, the most severe and frequent first; those without; those due for review."""
        places = defaultdict(list)
        for place in self.places():
            places[place["rule"]].append(place)
        rules = self.rows(render("report/rules.sql"))
        for rule in rules:
            rule["places"] = places[rule["rule"]]
            rule["worst"] = next((s for s in SEVERITIES if rule[s]), rule["severity"])
            rule["mixed"] = sum(1 for s in SEVERITIES if rule[s]) > 1
            keepers = sorted({visible(self.systems.get(p["system"], ("", KEEPER))[1]) for p in rule["places"]})
            rule["keepers"] = keepers if rule["owner"] == KEEPER else []
        found = [rule for rule in rules if rule["findings"] or rule["decided"]]
        found.sort(
            key=lambda rule: (
                SEVERITIES.index(rule["worst"]),
                rule["rank"] or 9,
                rule["risk"] or 9,
                -rule["findings"],
                rule["rule"],
            )
        )
        return {
            "found": found,
            "clean": [rule for rule in rules if rule not in found and rule["is_evaluated"]],
            "unseen": [rule for rule in rules if rule not in found and not rule["is_evaluated"]],
            "overdue": [rule for rule in rules if rule["review_overdue"]],
        }

    def places(self) -> list[dict]:
        """Where each rule found something: one place per dataset, with its fields and first record keys."""
        keys: dict[tuple, list[str]] = defaultdict(list)
        places: dict = {}
        for row in self.rows(render("report/keys.sql", is_reserved=is_reserved(self.connection)), shown=KEYS_SHOWN):
            if row["record_key"]:
                keys[row["rule"], row["system"], row["dataset"], row["field"]].append(_short(row["record_key"]))
        for row in self.rows(render("report/places.sql")):
            rule, system, dataset = name = row["rule"], row["system"], row["dataset"]
            place = places.setdefault(name, {"rule": rule, "system": system, "dataset": dataset, "fields": []})
            shown = keys[*name, row["field"]]
            more = row["findings"] - len(shown) if shown else 0
            place["fields"].append(row | {"field": _short(row["field"]), "keys": shown, "more": more})
        for place in places.values():
            fields = place["fields"]
            place["title"] = self.system(place["system"])
            place["findings"] = sum(field["findings"] for field in fields)
            place["due_on"] = min((field["due_on"] for field in fields if field["due_on"]), default=None)
            place["has_keys"] = any(field["keys"] for field in fields)
        return list(places.values())

    def not_evaluated(self) -> list[dict]:
        """What could not be checked, by dataset and reason, with the rules concerned."""
        groups = defaultdict(list)
        for row in self.rows(render("report/not_evaluated.sql")):
            row["title"] = self.rule_title(row["rule"])
            title = self.system(row["system"]) if row["system"] else ""
            groups[title, row["dataset"], row["reason"]].append(row)
        return [
            {
                "title": title,
                "dataset": dataset,
                "reason": reason,
                "rules": rows,
                "parts": sum(r["parts"] for r in rows),
            }
            for (title, dataset, reason), rows in groups.items()
        ]

    def retention(self) -> dict:
        """Records by class and state, and last days by quarter."""
        rows = self.rows(render("report/retention.sql"), as_of=self.as_of)
        absent = {row["dataset"] for row in self.rows("select dataset from feed.files where status <> 'read'")}
        states: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(STATES, 0))
        quarters: dict[dt.date, int] = defaultdict(int)
        for row in rows:
            counts = states[row["class"]]
            counts["records"] += row["records"]
            counts[row["state"]] += row["records"]
            if row["state"] == "active":
                counts["within_year"] += row["within_year"]
                quarters[row["quarter"]] += row["records"]
        classes = self.rows("select * from registry.schedule order by class")
        for cls in classes:
            cls |= {"counts": states[cls["class"]], "absent": cls["dataset"] in absent}
            cls["length"] = parse_period(cls["period"] or "")
            cls["system"] = self.system(cls["class"].partition(".")[0])
        shown = list(_quarters(self.as_of, QUARTERS_SHOWN))
        return {
            "classes": classes,
            "due": sum(counts["due"] for counts in states.values()),
            "within_year": sum(counts["within_year"] for counts in states.values()),
            "quarters": [(first, quarters[first]) for first in shown],
            "later": sum(count for first, count in quarters.items() if first > shown[-1]),
        }

    def holds(self) -> dict:
        """Legal holds in force, ended and not yet begun."""
        counts = {"active": self.rows("select count(distinct hold_id) as holds from registry.active_holds")[0]["holds"]}
        for name, is_so in (("ended", "until_date < $as_of"), ("coming", "from_date > $as_of")):
            query = f"select count(distinct hold_id) as holds from registry.legal_holds where {is_so}"
            known = self.columns("registry", "legal_holds")
            counts[name] = self.rows(query, as_of=self.as_of)[0]["holds"] if known else 0
        return counts

    def agreement(self) -> dict | None:
        """Whether Great Expectations found the same; None if it was not run."""
        if not {"rule", "dataset", "offences", "gx_unexpected", "agrees"} <= self.columns("results", "agreement"):
            return None
        rows = self.rows("select * from results.agreement order by rule, dataset")
        for row in rows:
            row["title"] = self.rule_title(row["rule"])
        checks = len(rows)
        if "status" in self.columns("results", "expectations"):
            query = "select count(*) as checks from results.expectations where status <> 'skipped'"
            checks = self.rows(query)[0]["checks"]
        return {"expectations": checks, "pairs": len(rows), "differ": [row for row in rows if not row["agrees"]]}


def _shown(value: object) -> object:
    """A cell of a result with its texts made visible; line breaks in a rule's text become spaces."""
    if isinstance(value, str):
        return visible(value)
    return [_shown(item) for item in value] if isinstance(value, list) else value


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_KEY else text[:LONGEST_KEY] + "…"


def _quarters(as_of: dt.date, count: int) -> Iterable[dt.date]:
    """First days of that many quarters, starting with the one of `as_of`."""
    first = as_of.year * 4 + (as_of.month - 1) // 3
    return (dt.date(place // 4, place % 4 * 3 + 1, 1) for place in range(first, first + count))
