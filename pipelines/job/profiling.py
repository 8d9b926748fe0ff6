"""Where a run spends its time: seconds, rows and memory per stage, and DuckDB's own profiles of the slowest rules.

DuckDB's profiles quote data: the filters that a join pushes down at run time list the values they look for. Only the keys in
SAFE are kept; no SQL, no filter, no setting, no encryption key.
"""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from pipelines import outputs
from pipelines.rules.findings import bound

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from pipelines.expectations.context import Context
    from pipelines.expectations.rule import Part

# How many parts of rules are profiled in each period.
SLOWEST = 10
# What is kept of each operator of a query: names, numbers, tables.
SAFE = (
    "operator_type", "operator_name", "operator_timing", "operator_cardinality", "operator_rows_scanned", "cpu_time", "latency",
    "cumulative_cardinality", "cumulative_rows_scanned", "result_set_size", "rows_returned", "system_peak_buffer_memory",
    "system_peak_temp_dir_size",
)  # fmt: skip
SAFE_EXTRA = ("Table", "Type", "Join Type", "Function", "Estimated Cardinality")


@dataclass
class Stage:
    """One stage of one period. `peak_bytes`: the process's peak memory during it; None if the system does not report it."""

    period: str
    name: str
    seconds: float
    peak_bytes: int | None
    rows: int = 0

    @property
    def rows_per_second(self) -> float:
        """Of the period's rows, even if the stage reads fewer of them."""
        return self.rows / self.seconds if self.seconds else 0.0


@dataclass
class Profile:
    """Collects the stages of a run, and calls `progress` when each begins. `queries`: profile the slowest rules, too."""

    progress: Callable[[str, str], None] = lambda period, stage: None
    queries: bool = True
    stages: list[Stage] = field(default_factory=list)
    _open: tuple[str, str, float] | None = None

    def __call__(self, period: str, stage: str) -> None:
        """Starts a stage, which ends the one before it."""
        self._close()
        reset_peak()
        self._open = (period, stage, time.perf_counter())
        self.progress(period, stage)

    def ended(self, period: str, rows: int) -> None:
        """The period was taken in, with this many rows."""
        self._close()
        for stage in self.stages:
            if stage.period == period:
                stage.rows = rows

    def _close(self) -> None:
        if self._open:
            period, name, began = self._open
            self.stages.append(Stage(period, name, time.perf_counter() - began, peak_memory()))
        self._open = None


def reset_peak() -> None:
    """Resets this process's peak memory counter; only possible on Linux."""
    try:
        with open("/proc/self/clear_refs", "w") as handle:
            handle.write("5")
    except OSError:
        return


def peak_memory() -> int | None:
    """The process's peak memory in bytes since `reset_peak`, or since it started."""
    try:
        with open("/proc/self/status", encoding="ascii") as handle:
            lines = [line for line in handle if line.startswith("VmHWM:")]
        return int(lines[0].split()[1]) * 1024
    except (OSError, IndexError, ValueError):
        return None


def of_rules(connection: DuckDBPyConnection, context: Context, timed: Iterable[tuple[Part, float]]) -> dict[str, dict]:
    """DuckDB's profiles of the parts of rules that took longest, run once more: {number-rule-part: profile}."""
    slowest = sorted((each for each in timed if each[0].sql), key=lambda each: -each[1])[:SLOWEST]
    profiles = {}
    for number, (part, _) in enumerate(slowest, 1):
        with contextlib.suppress(duckdb.BinderException, duckdb.CatalogException):  # reads what this period lacks
            sql = f"explain (analyze, format json) select * from ({part.sql})"
            answer = connection.execute(sql, bound(connection, part.sql or "", context)).fetchall()[0][1]
            profiles[f"{number:02}-{part.rule.id}-{part.number}"] = safe(json.loads(answer))
    return profiles


def safe(node: dict) -> dict:
    """An operator and those below it, reduced to names, numbers and tables."""
    kept = {key: node[key] for key in SAFE if key in node}
    extra = {key: node["extra_info"][key] for key in SAFE_EXTRA if key in (node.get("extra_info") or {})}
    return kept | {"extra_info": extra, "children": [safe(child) for child in node.get("children", [])]}


def write(profiles: dict[str, dict], folder: Path) -> None:
    """Writes one JSON file per profile, replacing those of an earlier run."""
    for old in folder.glob("*.json") if folder.is_dir() else ():
        old.unlink()
    for name, profile in profiles.items():
        outputs.write_text(folder, f"{name}.json", json.dumps(profile, indent=1) + "\n")
