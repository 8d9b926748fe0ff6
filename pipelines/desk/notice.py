"""The privacy notice on the desk: the tables behind `wb.notice()` and `wb.amendments()`, one period of a workbench."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pandas as pd

from pipelines.language.languages import language
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
            "id": row["id"], "says": row["text"], "status": row["status"], "findings": row["findings"],
            "first_seen": row["first_seen"] or "", "trend": row["trend"] or "",
            "evidence": ", ".join(dict.fromkeys(item["rule"] for item in row["evidence"])),
            "not_seen": "; ".join(row["hidden"]), "attested_until": row.get("valid_until", ""),
        }
        for row in page(workbench)["statements"]
    ]  # fmt: skip
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
    found = [
        (rule, ", ".join(f"{number} in {dataset.replace('_', ' ')}" for dataset, number in sorted(counts.items())))
        for rule, counts in places.items()
    ]
    hidden = [("Not seen", text) for text in row["hidden"]]
    word = (
        [("Attested", f"{row['attested_by']}, {row['attested_on']} to {row['valid_until']}")]
        if "attested_by" in row
        else []
    )
    return [("Says", row["text"]), ("Status", row["status"]), *found, *hidden, *word]


def _judged(workbench: Queries) -> tuple[dict, list]:
    opened = workbench.opened
    with opened.reading() as connection:
        proposed = amendments.proposals(connection, opened.context, opened.notice)
        verdicts = conformity.judge(connection, opened)
        return conformity.page(connection, opened, verdicts, workbench.language, proposed), proposed
