"""Who a query may mean: data subjects first, then records without a known data subject. Values are
masked."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.person import attributes, holding, mask, persons, ways
from pipelines.person.place import Place
from pipelines.registry import build as registry
from pipelines.sql import ident, literal, render

MOST = 50
FORMS = registry.NORMAL_FORMS


@dataclass(frozen=True)
class Candidate:
    """One person or loose record that a query may mean. `member` as in `persons`; `matched`: kinds of attributes
    that match; `of_all`: the number of candidates, these included."""

    member: str
    number: str
    name: str
    address: str
    matched: tuple[str, ...]
    is_exact: bool
    is_protected: bool
    records: int
    of_all: int


def candidates(place: Place, query: str) -> list[Candidate]:
    """At most MOST, exact ones first."""
    text = " ".join(query.split())
    if not text:
        return []
    attributes.build(place)
    row = place.fetch(
        "select name_words($query) as words, "
        + ", ".join(f"{f.format('$query')} as {ident(k)}" for k, f in FORMS.items()),
        {"query": text},
    )[0]
    words = "[" + ", ".join(map(literal, row.pop("words") or [])) + "]::varchar[]"
    normals = {kind: value for kind, value in row.items() if value}
    others = [part for part in attributes.parts(place) if part["kind"] not in (*FORMS, *place.access.unique)]
    sql = render("person/search.sql", normals=normals, words=words, parts=others, business=_business(place))
    hits = place.fetch(sql, {"query": text, "most": MOST})
    numbers = [hit["number"] for hit in hits if hit["number"]]
    shielded = holding.protected(place, numbers)
    known = _shown(place, numbers)
    return [_candidate(place, hit, known, shielded) for hit in hits]


def _business(place: Place) -> list[dict[str, str]]:
    """The data subjects' columns with a business id: not personal, but a way to find an organisation."""
    number = ways.numbers_column(place, place.subject[0])
    return [
        {
            "rows": f"registry.{ident(place.subject[0])}",
            "dataset": place.subject[0],
            "number": ident(number),
            "column": ident(column.name),
        }
        for column in place.columns(place.subject[0])
        if column.format == "business-id" and number
    ]


def _shown(place: Place, numbers: list[str]) -> dict[str, dict]:
    """Name and address of data subjects, by number."""
    sql = (
        "select number, kind, max_by(value, line) as value from attribute"
        " where kind in ('pd:Name', 'pd:PhysicalAddress') and dataset = $1 and number in (select unnest($2::varchar[]))"
        " group by number, kind"
    )
    shown: dict[str, dict] = {}
    for row in place.fetch(sql, [place.subject[0], numbers]):
        shown.setdefault(row["number"], {})[row["kind"]] = row["value"]
    return shown


def _candidate(place: Place, hit: dict, known: dict[str, dict], shielded: set[str]) -> Candidate:
    number = hit["number"] or ""
    is_protected = number in shielded
    shown = {} if is_protected else known.get(number, {"pd:Name": hit["name"]} if hit["name"] else {})
    member = (
        f"{place.subject[0] if number in known else persons.UNKNOWN}/{number}"
        if number
        else f"{hit['dataset']}/{hit['record_key']}"
    )
    return Candidate(
        member,
        number,
        mask.masked("pd:Name", shown.get("pd:Name")),
        mask.masked("pd:PhysicalAddress", shown.get("pd:PhysicalAddress")),
        tuple(hit["kinds"]),
        hit["is_exact"],
        is_protected,
        hit["records"],
        hit["of_all"],
    )
