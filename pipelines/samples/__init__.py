"""Synthetic registers of a water utility: the 18 exports of each period, and the answer key to what is wrong.

Within the room:

    world        writes every customer's life into the files of all periods
    life         one customer's whole life
    profile      the kind of customer
    standing     a customer's permanent rows
    doings       events over the years
    office       rows that belong to no customer
    planting     plants problems, and notes them in the answer key
    rows         one customer's rows of one period
    plants       every plant, by category
    upsets       faults of whole files
    habits       harmless variations that no rule reports
    key          the answer key
    catalogue    the rules in the answer key
    layout       the files
    files        writes the files
    days         days as ordinals
    identifiers  identifiers that pass their checks and belong to no one
    wordlists    invented names and prose
"""

from __future__ import annotations

from pathlib import Path

from pipelines.samples.world import write_world


def write_samples(out: Path, customers: int, seed: int, periods: int) -> None:
    """Write `out/exports/<quarter end>/` for each period and `out/expected_findings.csv`.

    The same arguments give the same bytes. Raises ValueError for customers
    outside 300-1,000,000 or periods outside 1-8.
    """
    write_world(Path(out), customers, seed, periods)
