"""`make bench`: how long the rules take beside landing the same files as text, measured in one run on one machine.

Prints seconds per stage and the ratio rules / landing, for a generated world. ROWS is the number of registry rows aimed at.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from pipelines import expectations, findings, periods, raw, registry, retention, store
from pipelines.samples import write_samples

ROWS_PER_CUSTOMER = 13.0


def stages(exports: Path, folder: Path) -> tuple[dict[str, float], int]:
    """Seconds of each stage over the one period of `exports`, and the rows in the registry."""
    import datetime as dt

    loaded = expectations.load(Path("expectations"))
    period = periods.find(exports)[0]
    context = findings.Context(dt.date.fromisoformat(period), loaded.contracts, loaded.controller)
    seconds: dict[str, float] = {}
    with store.scratch() as connection:

        def timed(name: str, work) -> object:
            start = time.perf_counter()
            result = work()
            seconds[name] = time.perf_counter() - start
            return result

        contracts = (*loaded.contracts, *loaded.own)
        raw.prepare(connection)
        timed("landing as text", lambda: raw.land(connection, contracts, exports / period, folder))
        timed("registry", lambda: registry.build(connection, contracts, loaded.controller.subject))
        findings.prepare(connection, context, loaded.rules)

        def rules() -> None:
            unavailable = retention.build(connection, context, loaded.schedule)
            loaded.build_relations(connection, context)
            findings.evaluate(connection, context, loaded.parts(connection), unavailable)

        timed("rules", rules)
        rows = connection.execute("select sum(rows_registered)::bigint from feed.files").fetchone()[0]
    return seconds, rows


def main() -> None:
    """Generates the world, runs the stages, prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=2_000_000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_samples(folder, max(300, round(arguments.rows / ROWS_PER_CUSTOMER)), 1, 1)
        seconds, rows = stages(folder / "exports", folder)
    print(f"{rows:,} rows in the registry")
    for stage, taken in seconds.items():
        print(f"{stage:<18}{taken:8.1f} s{rows / taken:14,.0f} rows/s")
    print(f"rules / landing: {seconds['rules'] / seconds['landing as text']:.2f}")


if __name__ == "__main__":
    main()
