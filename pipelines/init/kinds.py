"""Which columns are personal data, and of what kind: by the words of headers and by the shape of values.

What neither says stays personal, and is asked. A column is called not personal only for a reason that can be shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.init import words
from pipelines.init.links import Key, Link
from pipelines.init.profile import ColumnProfile, Table
from pipelines.init.typed import Typed

# A share of the values that have a kind's shape.
MOST, MANY, SOME = 0.8, 0.6, 0.3
# A column of no more different values, each of them often, is a list of states.
MOST_OF_A_LIST, LEAST_REPEATED = 40, 4
# Kinds that numbers and days can be of.
OF_NUMBERS = (
    "pd:Age",
    "pd:Salary",
    "pd:MedicalHealth",
    "pd:Location",
    "pd:BirthDate",
    "pd:OfficialID",
    "pd:Family",
    "pd:PrivacyPreference",
    "pd:TelephoneNumber",
)
OF_DAYS = ("pd:BirthDate", "pd:MedicalHealth", "pd:PrivacyPreference")
OF_TRUTHS = (
    "pd:PrivacyPreference",
    "pd:MedicalHealth",
    "pd:Religion",
    "pd:TradeUnionMembership",
    "pd:Criminal",
    "pd:Gender",
)
# Kinds that art. 9 and 10 guard.
SPECIAL = (
    "pd:MedicalHealth",
    "pd:Religion",
    "pd:EthnicOrigin",
    "pd:TradeUnionMembership",
    "pd:PoliticalAffiliation",
    "pd:Sexual",
    "pd:Biometric",
    "pd:Criminal",
)
# (test, kind, format): values of that shape are of that kind whatever the header says.
BY_SHAPE = (
    ("email", "pd:EmailAddress", "email"), ("identity-code", "pd:OfficialID", "identity-code"), ("iban", "pd:BankAccount", "iban"),
    ("ip address", "pd:IPAddress", None), ("international phone", "pd:TelephoneNumber", "phone"),
    ("phone with signs", "pd:TelephoneNumber", "phone"), ("card number", "pd:PaymentCardNumber", None),
)  # fmt: skip
FORMATS = {
    "pd:EmailAddress": "email",
    "pd:TelephoneNumber": "phone",
    "pd:BankAccount": "iban",
    "pd:OfficialID": "identity-code",
}
IN_PEOPLES_TABLES = (
    "pd:Name",
    "pd:EmailAddress",
    "pd:TelephoneNumber",
    "pd:BirthDate",
    "pd:OfficialID",
    "pd:PhysicalAddress",
)


@dataclass(frozen=True)
class Kind:
    """What a column is taken for. `personal`: None where nobody can tell, which counts as personal and is asked. `why`: a sentence's
    key; `word`: of the header, `count` of `of` values; `sure`: high, medium or low."""

    personal: bool | None
    category: str = ""
    format: str | None = None
    why: str = "unknown"
    word: str = ""
    count: int = 0
    of: int = 0
    sure: str = "low"


def kinds(
    table: Table,
    columns: Sequence[Typed],
    key: Key,
    links: Sequence[Link],
    people: dict[str, str],
    formats: Sequence[str],
) -> dict[str, Kind]:
    """The kind of every column of an export. `people`: datasets of people, by dataset; `formats`: those of the country's pack."""
    to = {link.column: link for link in links if link.dataset == table.dataset}
    found = {}
    for each in columns:
        link = to.get(each.name)
        if link and link.to[0] in people:
            found[each.name] = Kind(True, "pd:UID", None, "refers to people", "", link.found, link.values, "high")
        elif table.dataset in people and key.columns == (each.name,) and not _own_kind(each):
            found[each.name] = Kind(True, "pd:UID", None, "key of people", "", key.different, key.rows, "high")
        else:
            kind = of_column(each, bool(link) or key.columns == (each.name,))
            found[each.name] = kind if kind.format in (None, "email", "iban", *formats) else _without_format(kind)
    return found


def _own_kind(each: Typed) -> bool:
    return any(each.profile.share(test) >= MOST for test, _, _ in BY_SHAPE)


def _without_format(kind: Kind) -> Kind:
    return Kind(kind.personal, kind.category, None, kind.why, kind.word, kind.count, kind.of, kind.sure)


def of_column(each: Typed, is_key: bool = False) -> Kind:
    """The kind of one column by itself."""
    profile, header = each.profile, each.column.header
    category, word = words.kind(header)
    thing = words.is_thing(header)
    if shaped := _by_shape(each, category):
        return shaped
    if each.column.type != "text":
        return _of_type(each, category, word)
    if (
        category in ("pd:Name", "pd:Communication")
        and words.is_id(header)
        and profile.share("name") < SOME
        and profile.share("prose") < SOME
    ):
        if category == "pd:Name" and words.one_of(word, "people")[0]:
            return Kind(True, "pd:UID", None, "header", word, 0, 0, "medium")
        category = ""
    if (
        category in ("pd:Name", "pd:Communication", "pd:Username", "pd:Picture", "pd:PhysicalAddress")
        and thing
        and not (category == "pd:Name" and profile.share("name") >= MANY and len(thing) < len(word))
    ):
        category = (
            category
            if category == "pd:Communication" and profile.share("prose") >= SOME and not _is_list(profile)
            else ""
        )
    if category == "pd:Communication" and profile.share("prose") < SOME and _is_list(profile):
        category = ""  # a description or a reason picked from a list
    if category:
        return _of_header(each, category, word)
    return _of_text(each, thing, is_key)


def _by_shape(each: Typed, category: str) -> Kind | None:
    profile = each.profile
    for test, kind, format_ in BY_SHAPE:
        least = SOME if category == kind else MOST
        sure_enough = profile.share(test) >= least and profile.looked_at
        if test == "card number" and category != kind or test == "ip address" and each.column.type != "text":
            continue
        if (
            test == "identity-code"
            and category != kind
            and (profile.share(test) < 0.95 or each.column.type != "text" and profile.longest < 9)
        ):
            continue
        if sure_enough:
            passed = profile.tests[test]
            fits = format_ != "phone" or profile.share("phone") >= MANY or "phone" not in profile.tests
            return Kind(True, kind, format_ if fits else None, "shape", test, passed, profile.looked_at, "high")
    return None


def _of_type(each: Typed, category: str, word: str) -> Kind:
    """Days, numbers and truth values: personal where the header names such a kind, else none for what they are."""
    allowed = {"decimal": OF_NUMBERS, "boolean": OF_TRUTHS}.get(each.column.type, OF_DAYS)
    filled = each.profile.filled
    if category in allowed:
        return Kind(True, category, None, "header", word, filled - each.unread, filled, "high")
    return Kind(
        False, "", None, each.column.type, "", filled - each.unread, filled, "high" if not each.unread else "medium"
    )


def _of_header(each: Typed, category: str, word: str) -> Kind:
    profile = each.profile
    format_ = FORMATS.get(category)
    tests = {"phone": "phone", "email": "email", "iban": "iban", "identity-code": "identity-code"}
    passed = profile.tests.get(tests.get(format_ or "", ""), 0)
    if format_ and passed < MANY * profile.looked_at:
        format_ = None
    if category == "pd:PhysicalAddress" and profile.share("postal-code") >= MOST:
        format_, passed = "postal-code", profile.tests["postal-code"]
    return Kind(
        True, category, format_, "header", word, passed, profile.looked_at, "high" if passed or format_ else "medium"
    )


def _of_text(each: Typed, thing: str, is_key: bool) -> Kind:
    profile, header = each.profile, each.column.header
    looked_at = profile.looked_at
    if profile.share("prose") >= SOME and not _is_list(profile):
        return Kind(True, "pd:Communication", None, "prose", "", profile.tests["prose"], looked_at, "medium")
    if profile.share("business-id") >= MOST and not is_key:
        return Kind(False, "", "business-id", "shape", "business-id", profile.tests["business-id"], looked_at, "high")
    if not profile.filled:
        return Kind(None, why="empty")
    if _is_list(profile) and profile.share("name") < MANY:
        return Kind(False, "", None, "list", thing, profile.distinct, profile.filled, "high" if thing else "medium")
    if profile.share("street") >= 0.7 and not thing:
        return Kind(True, "pd:PhysicalAddress", None, "shape", "street", profile.tests["street"], looked_at, "medium")
    if thing:
        return Kind(False, "", None, "thing", thing, 0, 0, "medium")
    if (is_key or words.is_id(header)) and profile.share("name") < SOME and profile.share("prose") < SOME:
        return Kind(False, "", None, "identifier of things", "", profile.distinct, profile.filled, "medium")
    if words.is_measure(header):
        return Kind(False, "", None, "measure", words.is_measure(header), 0, 0, "medium")
    return Kind(
        None,
        why="names" if profile.share("name") >= MANY else "unknown",
        count=profile.tests.get("name", 0),
        of=looked_at,
    )


def _is_list(profile: ColumnProfile) -> bool:
    """Few different values, each of them often."""
    return (
        0 < profile.distinct <= MOST_OF_A_LIST
        and profile.filled >= LEAST_REPEATED * profile.distinct
        and profile.filled >= 8
    )


def people(
    tables: Sequence[Table], columns: dict[str, list[Typed]], keys: dict[str, Key], links: Sequence[Link]
) -> dict[str, str]:
    """The datasets whose rows are people, by dataset, as the Data Privacy Vocabulary calls them: the name of the file says so, and
    its columns bear it out; or several columns say a person each. What refers to another dataset says nothing of the row itself."""
    found, refers = {}, {(link.dataset, link.column) for link in links}
    for table in tables:
        themselves = [each for each in columns[table.dataset] if (table.dataset, each.name) not in refers]
        own = {of_column(each).category for each in themselves} & set(IN_PEOPLES_TABLES)
        role, _ = words.one_of(table.dataset, "people")
        is_organisations = any(
            each.profile.share("business-id") >= MOST and each.name in keys[table.dataset].columns
            for each in columns[table.dataset]
        )
        has_key = not is_organisations and len(keys[table.dataset].columns) == 1 and keys[table.dataset].is_sure
        if has_key and (
            (role and own) or ("pd:Name" in own and len(own) > 1 and not words.one_of(table.dataset, "purposes")[0])
        ):
            found[table.dataset] = role or "dpv:DataSubject"
    return found
