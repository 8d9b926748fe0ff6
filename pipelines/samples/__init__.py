"""Synthetic registers of a water utility: the 18 exports of each period, and the answer key to what is wrong.

Within the room:

    world        every customer's life into the files of all periods
    life         one customer's whole life
    profile      what kind of customer it is
    standing     standing rows
    doings       what happens over the years
    office       rows that belong to no customer
    planting     problems planted, and noted in the answer key
    rows         one customer's rows of one period
    plants       every plant, by category
    upsets       upsets of whole files
    habits       habits that no rule minds
    key          the answer key
    catalogue    the rules that it names
    layout       the files
    files        files written
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
