"""The headers of undeclared columns: shown only here, on request, after the look-up was logged."""

from __future__ import annotations

from pipelines.home import store
from pipelines.known import checked, of_period
from pipelines.person import log


def undeclared(
    home: store.Home, period: str | None = None, dataset: str | None = None, *, why: str = "", by: str | None = None
) -> list[dict[str, object]]:
    """system, dataset, file, position and header of every column that no contract declares, by position.

    UnknownError for a dataset without a contract in the period.
    """
    name, _ = store.choose(home, period)
    with store.reading(home, name) as connection:
        if dataset:
            known = connection.execute("select dataset from results.datasets order by all").fetchall()
            checked("dataset", dataset, (row[0] for row in known), place=of_period(name))
        found = connection.execute(
            "select system, dataset, file, position, header from raw.undeclared_headers"
            " where $1 is null or dataset = $1 order by system, dataset, position",
            [dataset],
        )
        names, rows = [item[0] for item in found.description], found.fetchall()
    log.append(
        home, "headers of undeclared columns", by=by, why=why, period=name, dataset=dataset or "", count=len(rows)
    )
    return [dict(zip(names, row, strict=True)) for row in rows]
