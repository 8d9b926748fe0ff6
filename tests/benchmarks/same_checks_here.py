"""The checks of `same_checks` by this workbench: landing, typing and the rules for them. `same_checks_here.py FOLDER CHECKS`."""

from __future__ import annotations

import datetime as dt
import json
import sys
import tempfile
from pathlib import Path

from pipelines.expectations import load as expectations
from pipelines.expectations.context import Context
from pipelines.home import guard, store
from pipelines.landing import land as raw
from pipelines.registry import build as registry
from pipelines.rules import findings
from pipelines.rules.parts import parts_of
from pipelines.sql import ident

# Which rule makes which of the checks.
RULES = {"required-missing": "required", "duplicate-key": "unique"}


def main(folder: Path, checks: dict) -> dict[str, int]:
    """{kind: offending cells}."""
    loaded = expectations.load(Path("expectations"))
    context = Context(dt.date.fromisoformat(folder.name), loaded.contracts, loaded.controller)
    found = dict.fromkeys(("required", "unique", "allowed", "range"), 0)
    with store.scratch() as connection, tempfile.TemporaryDirectory() as scratch:
        raw.prepare(connection)
        raw.land(connection, loaded.contracts, folder, Path(scratch))
        registry.build(connection, loaded.contracts, loaded.controller.subject)
        guard.lock(connection)
        findings.prepare(connection, context, loaded.rules)
        dates = {
            (file["dataset"], name) for file in checks["files"] for name in file["dates"]
        }  # the peers look at their range only
        parts = [
            part
            for part in parts_of(connection, loaded)
            if part.rule.id in RULES and (part.dataset, part.field) not in dates
        ]
        findings.evaluate(connection, context, parts)
        for rule, count in connection.execute("select rule, count(*) from results.offences group by rule").fetchall():
            found[RULES[rule]] += count
        for file in checks["files"]:
            table, present = (
                f"registry.{ident(file['dataset'])}",
                registry.columns_present(connection).get(file["dataset"], ()),
            )
            for name in file["allowed"].keys() & present:
                found["allowed"] += _count(connection, f"from {table} where list_contains(unreadable, '{name}')")
            for name in file["dates"].keys() & present:
                outside = f"{ident(name)} < date '{checks['first_day']}' or {ident(name)} > date '{checks['last_day']}'"
                found["range"] += _count(connection, f"from {table} where {outside}")
    return found


def _count(connection, rows: str) -> int:
    return connection.execute(f"select count(*) {rows}").fetchone()[0]


if __name__ == "__main__":
    print(json.dumps({"found": main(Path(sys.argv[1]), json.loads(Path(sys.argv[2]).read_text("utf-8")))}))
