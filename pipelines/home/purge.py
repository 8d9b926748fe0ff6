"""The workbench's own retention: raw and registry data of old periods are deleted, findings and counts stay.

A period's database holds a copy of every export and the registry made of it: personal data that the controller keeps in
the systems themselves anyway (GDPR art. 5(1)(e)). Only the newest periods are kept, as many as controller.yaml says
(`workbench: {periods_kept: 2}`): the newest for queries, and the one before it for comparison with the next. The workbench
database has what trends, the ledger and conformity over time need; what was reported of a period is in its reports.
"""

from __future__ import annotations

from collections.abc import Iterable

from pipelines.home import atomic, store


def due(home: store.Home, kept: int, spared: Iterable[str] = (), known: Iterable[str] | None = None) -> list[str]:
    """Periods older than the `kept` newest, not `spared`, whose registry still exists; oldest first.

    `known`: the home's `periods`, if the caller has them."""
    known = sorted(store.periods(home) if known is None else known)
    return [name for name in known[: max(0, len(known) - kept)] if name not in set(spared) and _files(home, name)]


def purge(home: store.Home, kept: int, spared: Iterable[str] = (), known: Iterable[str] | None = None) -> list[str]:
    """Deletes the databases of the periods that are due, and returns these; the caller holds the home's lock.

    If the process dies midway, the next one deletes the rest.
    """
    gone = due(home, kept, spared, known)
    for name in gone:
        for path in _files(home, name):
            path.unlink()
    if gone:
        atomic.settle(home.database(gone[0]).parent)
    return gone


def sentence(periods: list[str], kept: int) -> str:
    """The sentence on periods purged."""
    count = "only the newest period is" if kept == 1 else f"the {kept} newest periods are"
    return f"purged, as {count} kept: raw and registry data of {', '.join(periods)}; findings, counts and reports stay"


def _files(home: store.Home, name: str) -> list:
    """The period's database and what a killed process may have left beside it; the database last."""
    path = home.database(name)
    return [each for each in (*sorted(path.parent.glob(f"{path.name}.*")), path) if each.exists()]
