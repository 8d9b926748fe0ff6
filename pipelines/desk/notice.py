"""The privacy notice on the desk: the tables behind `wb.notice()` and `wb.amendments()`, one period of a workbench."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pandas as pd

from pipelines.language.languages import N_, language
from pipelines.notice import amendments, conformity

if TYPE_CHECKING:
    from pipelines.desk.queries import Queries


def page(workbench: Queries) -> dict:
    """What `conformity.page` says of the workbench's period, in its language; ExpectationsError without a notice."""
    return _judged(workbench)[0]


def statements(workbench: Queries) -> pd.DataFrame:
    """One row per statement of the notice: its status, what breaks it, since when, and what it says."""
    rows = [
        {
            "id": row["id"],
            "says": row["text"],
            "status": row["status"],
            "findings": row["findings"],
            "first_seen": row["first_seen"] or "",
            "trend": row["trend"] or "",
            "evidence": ", ".join(dict.fromkeys(item["rule"] for item in row["evidence"])),
            "not_seen": "; ".join(row["hidden"]),
            "attested_until": row.get("valid_until", ""),
        }
        for row in page(workbench)["statements"]
    ]
    return pd.DataFrame(rows)


def proposals(workbench: Queries) -> pd.DataFrame:
    """One row per proposed amendment: what the exports or the contracts show and the notice does not say."""
    systems, speech = workbench.controller.systems, language(workbench.language, workbench.folder)
    rows = [amendments.as_data(one, speech, systems, outside=False) for one in _judged(workbench)[1]]
    shown = pd.DataFrame(rows, columns=["kind", "system", "dataset", "records", "text"])
    return shown.rename(columns={"text": "proposal"})


def evidence(workbench: Queries, statement: str) -> list[tuple[str, str]]:
    """(term, text) of one statement: what it says, its status, and what breaks or hides it, a line per rule."""
    row = next(row for row in page(workbench)["statements"] if row["id"] == statement)
    places: dict[str, Counter] = {}
    for item in row["evidence"]:
        places.setdefault(item["rule"], Counter())[item["dataset"]] += item["findings"]
    words, put = workbench.words, workbench.words.put
    found = [
        (
            words.cell(rule, "rule"),
            ", ".join(
                put(N_("%(n)s in %(place)s"), n=n, place=words.label(dataset)) for dataset, n in sorted(counts.items())
            ),
        )
        for rule, counts in places.items()
    ]
    hidden = [(put(N_("Not seen")), words.cell(text, "not_seen")) for text in row["hidden"]]
    said = [(put(N_("Says")), row["text"]), (put(N_("Status")), words.cell(row["status"], "status"))]
    if "attested_by" in row:
        until = N_("%(who)s, %(first)s to %(last)s")
        facts = {"who": row["attested_by"], "first": row["attested_on"], "last": row["valid_until"]}
        hidden.append((put(N_("Attested")), put(until, **facts)))
    return [*said, *found, *hidden]


def _judged(workbench: Queries) -> tuple[dict, list]:
    opened = workbench.opened
    with opened.reading() as connection:
        proposed = amendments.proposals(connection, opened.context, opened.notice)
        verdicts = conformity.judge(connection, opened)
        return conformity.page(connection, opened, verdicts, workbench.language, proposed), proposed
