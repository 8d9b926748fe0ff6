"""Which customer numbers and loose records are one person: by key, or by the officer's answer.

A member is `dataset/key`: `customers/1000123`, a number without a data subject as `?/1000123`, a record without a number
as `messages/V7`. A "no" from the officer overrides every key.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.person import decisions, likeness
from pipelines.person.likeness import Facts, Likeness
from pipelines.person.place import Place
from pipelines.person.reasons import Label, Reason, reason
from pipelines.person.ways import numbers_column
from pipelines.sql import ident, one_value, render

UNKNOWN = "?"
# Formats of keys that are unique to one person or organisation: normal form, and which of the two.
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
    """`members`: the number asked for, then the others. `doubtful`: those joined by a key alone, with what agrees and
    contradicts. `facts`: what is known of the number asked for, from the last of its own rows."""

    members: tuple[Member, ...]
    doubtful: tuple[tuple[Member, Likeness], ...] = ()
    facts: Facts = Facts()

    @property
    def number(self) -> str:
        """The number asked for."""
        return self.members[0].key


def member_id(place: Place, number: str) -> str:
    """The member id of a customer number, known or not."""
    return f"{place.subject[0] if is_known(place, number) else UNKNOWN}/{number}"


def is_number(place: Place, member: str) -> bool:
    """Whether a member is a customer number, known or not, rather than a record; a data subject's row without one is a record."""
    dataset, _, key = member.partition("/")
    return dataset == UNKNOWN or (dataset == place.subject[0] and is_known(place, key))


def is_known(place: Place, number: str) -> bool:
    """Whether a data subject has the number."""
    column = numbers_column(place, place.subject[0])
    if not column:
        return False
    sql = f"select count(*) from registry.{ident(place.subject[0])} where {ident(column)} = $1"
    return bool(one_value(place.connection, sql, [number]))


def find(place: Place, number: str) -> Person:
    """Everybody and everything that is certainly the person with this number."""
    said = place.said
    members, doubtful = [Member(member_id(place, number), reason("member_asked"))], {}
    own = own_facts(place, [number]).get(number, Facts())
    waiting = list(members)
    while waiting:
        member = waiting.pop(0)
        for new, like in _next(place, member, own, said):
            known = {each.id for each in members}
            if new.id in known or any(said.get(decisions.pair(new.id, other)) == "no" for other in known):
                continue
            if like is None:
                members.append(new)
                waiting.append(new)
            else:
                doubtful[new.id] = (new, like)
    inside = {member.id for member in members}
    return Person(tuple(members), tuple(pair for id_, pair in doubtful.items() if id_ not in inside), own)


def _next(place: Place, member: Member, own: Facts, said: dict) -> list[tuple[Member, Likeness | None]]:
    """(who else it is, None if that is certain): by the officer's answers, then by keys."""
    found: list[tuple[Member, Likeness | None]] = []
    for (left, right), answer in said.items():
        if answer == "yes" and member.id in (left, right):
            other = right if left == member.id else left
            # A record answered to belong to two numbers does not merge them.
            if is_number(place, member.id) or not is_number(place, other):
                found.append((Member(other, reason("member_confirmed")), None))
    if member.dataset != place.subject[0]:
        return found
    peers = same_key(place, [member.key])
    facts = own_facts(place, [member.key, *(row["number"] for row in peers)])
    for row in peers:
        why = reason("member_same_key", field=Label(row["field"]), number=member.key)
        new = Member(f"{place.subject[0]}/{row['number']}", why)
        found.append((new, _doubt([own, facts[member.key]], facts[row["number"]])))
    return found


def _doubt(known: list[Facts], other: Facts) -> Likeness | None:
    """How another customer with the same key compares, if that leaves open whether they are one person."""
    for facts in known:
        like = likeness.compare(likeness.names_of(facts), facts, other)
        if not likeness.is_certain_member(facts, other, like):
            return like
    return None


def own_facts(place: Place, numbers: list[str]) -> dict[str, Facts]:
    """The contents of the last row of each of these numbers."""
    if not build(place):
        return {}
    sql = "select number, line from subject_row where is_last and number in (select unnest($1::varchar[]))"
    lines = {row["number"]: (place.subject[0], row["line"]) for row in place.fetch(sql, [numbers])}
    facts = likeness.facts(place, list(lines.values()))
    return {number: facts[at] for number, at in lines.items()}


def build(place: Place) -> bool:
    """Creates the temporary table `subject_row`, once per place; False if the data subjects cannot be told apart."""
    number, present = numbers_column(place, place.subject[0]), place.present.get(place.subject[0], set())
    if number and "subject_row" not in place.built:
        since = place.access.since
        sql = render(
            "person/subject_rows.sql",
            subject=place.subject[0],
            number=number,
            keys=key_columns(place),
            organisation=organisation_sql(place, unknown="null::boolean"),
            since=f"try_cast(r.{ident(since)} as date)" if since in present else "null::date",
        )
        place.connection.execute(sql)
        place.built.add("subject_row")
    return bool(number)


def same_key(place: Place, numbers: list[str]) -> list[dict]:
    """(known, number, field) of other data subjects who have a valid key of one of the numbers."""
    keys = key_columns(place)
    if not keys or not build(place):
        return []
    place.connection.execute("create or replace temp table member as select unnest($1::varchar[]) as number", [numbers])
    return place.fetch(render("person/same_key.sql", keys=keys))


def key_columns(place: Place) -> list[dict]:
    """The data subjects' columns with a key format: name, SQL of the normal form, whether it belongs to organisations."""
    return [
        {
            "name": c.name,
            "normal": KEY_FORMATS[c.format][0].format(f"r.{ident(c.name)}"),
            "of_organisations": KEY_FORMATS[c.format][1],
        }
        for c in place.columns(place.subject[0])
        if c.format in KEY_FORMATS
    ]


def organisation_sql(place: Place, unknown: str = "false") -> str:
    """SQL condition: the row is an organisation's; `unknown` if this period has no column for it."""
    condition = place.access.organisation
    present = place.present.get(place.subject[0], set())
    if condition is None:
        return "false"
    return condition.sql(place.connection, place.context) if condition.columns <= present else unknown


def customer(place: Place, number: str) -> str:
    """A customer number, also where it is written as a member: customers/1000123."""
    dataset, slash, key = number.partition("/")
    return key if slash and dataset in (place.subject[0], UNKNOWN) else number
