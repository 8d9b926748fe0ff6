"""How good the links are in the officer's judgement: pairs near the threshold to compare side by side, masked, the
labels given, and the precision and recall that follow. A label only measures; `asked.decide` joins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pipelines.person import decisions, holding, linkage, mask, model
from pipelines.person.place import Place
from pipelines.sql import insert, one_value, render

ANSWERS = ("yes", "no", "do not know")
# What is shown of a pair: the comparison, the column of `linkage_members`, and the kind it is masked as.
SHOWN = (
    ("name", "name", "pd:Name"),
    ("birth", "births", "pd:BirthDate"),
    ("code", "codes", "pd:OfficialID"),
    ("phone", "phones", "pd:TelephoneNumber"),
    ("email", "emails", "pd:EmailAddress"),
    ("account", "accounts", "pd:BankAccount"),
    ("place", "streets", "pd:PhysicalAddress"),
)


@dataclass(frozen=True)
class Band:
    """Pairs in one range of probability, offered or not, and the labels of those judged."""

    is_offered: bool
    least: float
    pairs: int
    yes: int
    no: int
    unknown: int


@dataclass(frozen=True)
class Measured:
    """`precision`: the share of offered pairs that are one person; `recall`: the share of one person's pairs that are
    offered. None until every band behind it has a pair with a yes or no."""

    bands: tuple[Band, ...]
    precision: float | None
    recall: float | None


def pairs(place: Place, most: int) -> list[dict]:
    """That many unlabelled pairs, the nearest to the threshold first: left_member, right_member, is_offered,
    probability, levels, and columns of both sides as `left_…` and `right_…`."""
    linkage.build(place)
    _said(place)
    return place.fetch(render("person/to_label.sql", **_parameters()), {"most": most})


def is_pair(place: Place, left: str, right: str) -> bool:
    """Whether the two were compared and are likely enough to be shown."""
    linkage.build(place)
    sql = "select count(*) from predicted where [$1, $2] in ([unique_id_l, unique_id_r], [unique_id_r, unique_id_l])"
    return bool(one_value(place.connection, sql, [left, right]))


def side_by_side(place: Place, pair: dict) -> list[tuple[str, str, str, str]]:
    """(what, left, right, how they compare) of one pair, masked; for protected people only how they compare."""
    ids = (pair["left_member"], pair["right_member"])
    hidden = holding.protected(place, [key for dataset, _, key in (i.partition("/") for i in ids)])
    found = []
    for name, column, kind in SHOWN:
        values = [pair[f"{side}_{column}"] for side in ("left", "right")]
        if not all(values):
            continue
        texts = [
            "•••" if id_.partition("/")[2] in hidden else ", ".join(_masked(kind, value))
            for id_, value in zip(ids, values, strict=True)
        ]
        found.append((name, texts[0], texts[1], _how(pair, name)))
    return found


def _masked(kind: str, value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [mask.masked(kind, each.upper()) for each in values[:2] if each]


def _how(pair: dict, name: str) -> str:
    compared = ("surname", "given") if name == "name" else (name,)
    said = []
    for each in compared:
        levels, level = model.COMPARISONS[each][1], pair[f"{each}_level"]
        if level >= 0:
            said.append(levels[len(levels) - level].says if level else linkage.DIFFERENT[each])
    return "; ".join(said)


def measured(place: Place) -> Measured:
    """What the home's labels and officer's answers show about this period's links."""
    linkage.build(place)
    _said(place)
    bands = tuple(Band(**row) for row in place.fetch(render("person/labelled.sql", **_parameters())))
    return Measured(bands, *_figures(bands))


def _figures(bands: tuple[Band, ...]) -> tuple[float | None, float | None]:
    """(precision, recall): every band is weighted by its number of pairs."""
    right = {band: band.pairs * band.yes / (band.yes + band.no) for band in bands if band.yes + band.no}
    offered = [band for band in bands if band.is_offered]
    if not offered or not all(band in right for band in offered):
        return None, None
    found = sum(right[band] for band in offered)
    precision = found / sum(band.pairs for band in offered)
    total = sum(right.values())
    return precision, found / total if len(right) == len(bands) and total else None


def _said(place: Place) -> None:
    """The temporary table `labelled`: the newest label of a pair, or the officer's answer if there is none."""
    said = {**place.said, **decisions.labels(place.home)}
    place.connection.execute(
        "create or replace temp table labelled (left_id varchar, right_id varchar, answer varchar)"
    )
    insert(place.connection, "labelled", [(*pair, answer) for pair, answer in sorted(said.items())])


def _parameters() -> dict:
    return {
        "bands": model.BANDS,
        "comparisons": model.COMPARISONS,
        "shown": [column for _, column, _ in SHOWN],
        "threshold": model.POSSIBLE_DOUBLE,
    }
