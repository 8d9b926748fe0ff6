"""Which customer numbers and loose records are one person: by key, or because the officer said so.

A member is `dataset/key`: `customers/1000123`, a number that no data subject has as `?/1000123`, a record without a
number
as `messages/V7`. A "no" of the officer goes before every key; nobody comes in past one.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.expectations.contract import Column
from pipelines.person import decisions
from pipelines.person.keys import numbers_column
from pipelines.person.place import Place
from pipelines.person.reasons import Label, Reason, reason
from pipelines.sql import ident, render

UNKNOWN = "?"
# A format that marks a key which one person, or one organisation, has alone: its normal form, and which of the two.
KEY_FORMATS = {
    "identity-code": ("case when is_identity_code({0}) then upper({0}) end", False),
    "business-id": ("to_business_id({0})", True),
}


@dataclass(frozen=True)
class Member:
    """One number or loose record, and why it is the same person."""

    id: str
    reason: Reason

    @property
    def dataset(self) -> str:
        return self.id.partition("/")[0]

    @property
    def key(self) -> str:
        return self.id.partition("/")[2]


@dataclass(frozen=True)
class Person:
    """`members`: the number asked for, then the others. `contradicted`: those whose key says yes and whose name says
    no."""

    members: tuple[Member, ...]
    contradicted: tuple[Member, ...] = ()

    @property
    def number(self) -> str:
        """The number asked for."""
        return self.members[0].key


def member_id(place: Place, number: str) -> str:
    """The id of a customer number, known or not."""
    return f"{place.subject[0] if is_known(place, number) else UNKNOWN}/{number}"


def is_known(place: Place, number: str) -> bool:
    """Whether a data subject has the number."""
    column = numbers_column(place, place.subject[0])
    if not column:
        return False
    sql = f"select count(*) from registry.{ident(place.subject[0])} where {ident(column)} = $1"
    return bool(place.connection.execute(sql, [number]).fetchone()[0])


def find(place: Place, number: str) -> Person:
    """Everybody and everything that is certainly the person with this number."""
    said = place.said
    members, contradicted = [Member(member_id(place, number), reason("member_asked"))], []
    waiting = list(members)
    while waiting:
        member = waiting.pop(0)
        for new, agrees in _next(place, member, said):
            known = {each.id for each in members}
            if new.id in known or any(said.get(decisions.pair(new.id, other)) == "no" for other in known):
                continue
            if agrees:
                members.append(new)
                waiting.append(new)
            else:
                contradicted.append(new)
    inside = {member.id for member in members}
    outside = {member.id: member for member in contradicted if member.id not in inside}
    return Person(tuple(members), tuple(outside.values()))


def _next(place: Place, member: Member, said: dict[tuple[str, str], str]) -> list[tuple[Member, bool]]:
    """(who else it is, whether that is certain): by the officer's answers, then by keys."""
    found = []
    for (left, right), answer in said.items():
        if answer == "yes" and member.id in (left, right):
            found.append((Member(right if left == member.id else left, reason("member_confirmed")), True))
    if member.dataset == place.subject[0]:
        for row in same_key(place, [member.key]):
            why = reason("member_same_key", field=Label(row["field"]), number=member.key)
            found.append((Member(f"{place.subject[0]}/{row['number']}", why), row["agree"]))
    return found


def same_key(place: Place, numbers: list[str]) -> list[dict]:
    """Pairs (known, number, field, agree) of data subjects who share a valid key with one of the numbers."""
    keys = key_columns(place)
    number = numbers_column(place, place.subject[0])
    if not keys or not number:
        return []
    place.connection.execute("create or replace temp table member as select unnest($1::varchar[]) as number", [numbers])
    return place.fetch(
        render(
            "person/same_key.sql",
            keys=keys,
            number=number,
            person_name=name_sql(place),
            organisation=organisation_sql(place),
            rows=f"latest.{ident(place.subject[0])}",
        )
    )


def key_columns(place: Place) -> list[dict]:
    """The data subjects' columns with a key format: name, SQL of the normal form, whether it is of organisations."""
    return [
        {
            "name": c.name,
            "normal": KEY_FORMATS[c.format][0].format(f"r.{ident(c.name)}"),
            "of_organisations": KEY_FORMATS[c.format][1],
        }
        for c in place.columns(place.subject[0])
        if c.format in KEY_FORMATS
    ]


def name_sql(place: Place) -> str:
    """SQL of a data subject's name, r being the row."""
    column = column_of_kind(place, place.subject[0], "pd:Name")
    return f"r.{ident(column.name)}" if column else "null::varchar"


def organisation_sql(place: Place) -> str:
    """SQL condition: the row is of an organisation. Where that cannot be told, nobody is one."""
    condition = place.access.organisation
    present = place.present.get(place.subject[0], set())
    can_tell = condition is not None and condition.columns <= present
    return condition.sql(place.connection, place.context) if can_tell else "false"


def column_of_kind(place: Place, dataset: str, kind: str) -> Column | None:
    """The first column of a kind that this period has."""
    return next((c for c in place.columns(dataset) if kind in c.categories), None)
