"""The officer's requests, each written to the log before it is answered; tables for the terminal and for
notebooks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from pipelines.errors import VahtiError
from pipelines.expectations.contract import Column
from pipelines.known import checked
from pipelines.person import decisions, labels, linkage, log, mask, offered, packing, persons, register, search, unknown
from pipelines.person import holding as holding_
from pipelines.person.holding import Holding
from pipelines.person.packing import Package
from pipelines.person.place import Place

PROTECTED = "PROTECTED"


def candidates(place: Place, query: str, *, by: str | None = None, why: str = "") -> pd.DataFrame:
    """One row per person or loose record that the query may mean, values masked; protected people come first. `attrs["more"]`:
    how many more there are than shown."""
    found = search.candidates(place, query)
    kinds = sorted({kind for candidate in found for kind in candidate.matched})
    log.append(
        place.home, "search", by=by, why=why, period=place.period, kinds=kinds, members=[c.member for c in found]
    )
    rows = [
        (
            PROTECTED if c.is_protected else "",
            c.number,
            c.member,
            c.name,
            c.address,
            ", ".join(c.matched),
            c.is_exact,
            c.records,
        )
        for c in sorted(found, key=lambda c: not c.is_protected)
    ]
    columns = ["protected", "customer_number", "member", "name", "address", "matched", "is_exact", "records"]
    table = pd.DataFrame(rows, columns=columns)
    table.attrs["more"] = found[0].of_all - len(found) if found else 0
    return table


def records(place: Place, number: str, *, by: str | None = None, why: str = "", language: str = "en") -> pd.DataFrame:
    """One row per record of the person: where it is, why it is theirs (in a language), how long it is kept, which fields it
    has. No values."""
    holding = _looked_up(place, number, "records", by, why)
    rows = [
        (
            r.system,
            r.dataset,
            r.record_key,
            r.match.said(language, None if language == "en" else place.expectations.folder),
            r.last_day,
            r.retention.get("state"),
            ", ".join(n for n, v in r.values.items() if v is not None),
        )
        for r in holding.records
    ]
    return pd.DataFrame(rows, columns=["system", "dataset", "record_key", "match", "last_day", "state", "fields"])


def reveal(place: Place, number: str, *, why: str, by: str | None = None, masked: bool = False) -> pd.DataFrame:
    """One row per record and field with its value. A reason is required; `masked` shows the same with masked
    values."""
    if not why.strip() and not masked:
        raise VahtiError(
            "values are shown for a stated reason only", place="--reason", remedy='state it: --reason "request TP123"'
        )
    holding = _looked_up(place, number, "masked values" if masked else "reveal", by, why)
    if holding.is_protected and masked:
        return pd.DataFrame([], columns=["system", "dataset", "record_key", "field", "value"])
    rows = [
        (
            r.system,
            r.dataset,
            r.record_key,
            name,
            _masked(place.contracts[r.dataset].column(name), value) if masked else value,
        )
        for r in holding.records
        for name, value in r.values.items()
        if value is not None
    ]
    return pd.DataFrame(rows, columns=["system", "dataset", "record_key", "field", "value"])


def _masked(column: Column, value: object) -> object:
    return mask.masked(column.categories[0] if column.categories else "", value) if column.personal else value


def offers(place: Place, number: str, *, by: str | None = None, why: str = "") -> pd.DataFrame:
    """One row per record or person that may also be this one, with what agrees and what contradicts; in no package until
    the officer says yes."""
    holding = _looked_up(place, number, "offers", by, why)
    rows = [
        (o.member, o.system, o.dataset, o.record_key, o.why, o.probability and round(o.probability, 6))
        for o in offered.of_holding(place, holding)
    ]
    return pd.DataFrame(rows, columns=["member", "system", "dataset", "record_key", "why", "probability"])


def offer(
    place: Place,
    member: str,
    number: str = "",
    *,
    confirm_protected: bool = False,
    by: str | None = None,
    why: str = "",
) -> pd.DataFrame:
    """One row per field that a yes to this member would add, values masked; `attrs["why"]`: what agrees and what contradicts
    with the customer of this number, if it is offered there. Nothing about somebody who is or may be protected, unless
    confirmed."""
    unknown.check_member(place, member)
    items, rows = offered.records(place, member)
    known = offered.of_holding(place, holding_.gather(place, persons.customer(place, number))) if number else ()
    log.append(place.home, "offer", by=by, why=why, period=place.period, members=[member], records=len(items))
    numbers = {member.partition("/")[2]} if persons.is_number(place, member) else offered.numbers(place, items)
    is_protected = bool(holding_.protected(place, sorted(numbers)))
    shown = [
        (item.system, item.dataset, item.record_key, column.name, _masked(column, value))
        for item in items
        for column in place.columns(item.dataset)
        if (value := rows[item.dataset][item.line][column.name]) is not None and (confirm_protected or not is_protected)
    ]
    found = pd.DataFrame(shown, columns=["system", "dataset", "record_key", "field", "value"])
    found.attrs.update(why=next((each.why for each in known if each.member == member), ""), is_protected=is_protected)
    return found


def links(place: Place, *, answered: bool = False, by: str | None = None, why: str = "") -> pd.DataFrame:
    """One row per pair that may be one person, the likeliest first; answered pairs only on request."""
    found = [link for link in linkage.links(place) if answered or link.answer is None]
    log.append(place.home, "links", by=by, why=why, period=place.period, links=len(found))
    rows = [
        (x.left, x.right, x.probability and round(x.probability, 6), x.is_probable, x.why, x.answer or "")
        for x in found
    ]
    return pd.DataFrame(rows, columns=["left", "right", "probability", "is_probable", "why", "answer"])


def duplicates(place: Place, *, by: str | None = None, why: str = "") -> pd.DataFrame:
    """`probable-duplicate`, severity low: one row per pair that is very likely one person, with its explanation.

    Not among the findings: those come from the catalogue's rules, and this one rests on probability."""
    found = links(place, by=by, why=why)
    found = found.loc[found["is_probable"].astype(bool)].drop(columns=["is_probable", "answer"]).reset_index(drop=True)
    return found.assign(rule="probable-duplicate", severity="low")[
        ["rule", "severity", "left", "right", "probability", "why"]
    ]


def decide(place: Place, left: str, right: str, answer: str, *, by: str | None = None, why: str = "") -> None:
    """Saves the officer's answer on a pair: yes, no, or withdrawn. Earlier answers stay on record."""
    checked("answer", answer, ("yes", "no", "withdrawn"))
    if left == right or not all("/" in member for member in (left, right)):
        raise VahtiError(
            "a link is between two members",
            remedy="write them as vahti subject links shows them, such as customers/1000123",
        )
    decisions.check(place.said, left, right, answer, lambda member: persons.is_number(place, member))
    if decisions.pair(left, right) not in place.said:  # an earlier answer can be changed even if its record is gone
        for member in (left, right):
            unknown.check_member(place, member)
    entry = log.append(place.home, "decide", by=by, why=why, period=place.period, members=[left, right], answer=answer)
    decisions.decide(place.home, place.written(left), place.written(right), answer, entry["at"], entry["by"], why)
    place.__dict__.pop("said", None)


def to_label(place: Place, most: int = 4, *, by: str | None = None, why: str = "") -> pd.DataFrame:
    """One row per pair and kind of data: unlabelled pairs near the threshold, side by side,
    masked, with how they compare."""
    found = labels.pairs(place, most)
    ids = [(pair["left_member"], pair["right_member"]) for pair in found]
    log.append(place.home, "to label", by=by, why=why, period=place.period, members=[m for pair in ids for m in pair])
    rows = [(*id_, *row) for id_, pair in zip(ids, found, strict=True) for row in labels.side_by_side(place, pair)]
    return pd.DataFrame(rows, columns=["left", "right", "what", "left_value", "right_value", "compared"])


def label(place: Place, left: str, right: str, answer: str, *, by: str | None = None, why: str = "") -> None:
    """Saves the officer's label for a pair, to measure the links: yes, no, or do not know. It joins no records."""
    checked("answer", answer, labels.ANSWERS)
    if not labels.is_pair(place, left, right):
        raise VahtiError(
            "no such pair was compared in this period",
            place=f"{left} and {right}",
            remedy="write the two as the pairs to label show them, such as customers/1000123",
        )
    entry = log.append(place.home, "label", by=by, why=why, period=place.period, members=[left, right], answer=answer)
    decisions.add_label(place.home, left, right, answer, entry["at"], entry["by"])


def labelled(place: Place, *, by: str | None = None, why: str = "") -> tuple[pd.DataFrame, float | None, float | None]:
    """(one row per band of probability with the labels of its pairs, precision, recall); a figure is None until
    every band behind it has a yes or a no."""
    found = labels.measured(place)
    log.append(place.home, "labels", by=by, why=why, period=place.period, links=sum(b.pairs for b in found.bands))
    rows = [
        ("offered" if b.is_offered else "not offered", b.least, b.pairs, b.yes, b.no, b.unknown) for b in found.bands
    ]
    columns = ["what", "probability_from", "pairs", "yes", "no", "do_not_know"]
    return pd.DataFrame(rows, columns=columns), found.precision, found.recall


def requests(place: Place, answered: bool = False, *, by: str | None = None) -> pd.DataFrame:
    """One row per open request with its last day and the packages made for it."""
    found = register.requests(place, answered)
    log.append(place.home, "requests", by=by, why="", period=place.period, requests=[r.number for r in found])
    rows = [
        (
            r.number,
            r.kind,
            r.customer_number,
            r.received_on,
            r.last_day,
            r.days_left,
            r.answered_on,
            ", ".join(r.packages),
        )
        for r in found
    ]
    return pd.DataFrame(
        rows,
        columns=[
            "request",
            "kind",
            "customer_number",
            "received_on",
            "last_day",
            "days_left",
            "answered_on",
            "packages",
        ],
    )


def package(place: Place, number: str, folder: Path, **options: Any) -> Package:
    """Writes the access package; see `pipelines.person.packing.make`."""
    return packing.make(place, persons.customer(place, number), Path(folder), **options)


def _looked_up(place: Place, number: str, what: str, by: str | None, why: str) -> Holding:
    holding = holding_.gather(place, persons.customer(place, number))
    log.append(
        place.home,
        what,
        by=by,
        why=why,
        period=place.period,
        numbers=[m.id for m in holding.person.members],
        records=len(holding.records),
        protected=holding.is_protected,
    )
    unknown.check_customer(place, len(holding.records), len(holding.offers))
    return holding
