"""Synthetic registers of a water utility: the 18 exports of each period, and the answer key to what is wrong."""

from __future__ import annotations

from pathlib import Path

from pipelines.samples.world import write_world


def write_samples(out: Path, customers: int, seed: int, periods: int) -> None:
    """Write `out/exports/<quarter end>/` for each period and `out/expected_findings.csv`.

    The same arguments give the same bytes. Raises ValueError for customers
    outside 300-1,000,000 or periods outside 1-8.
    """
    write_world(Path(out), customers, seed, periods)
