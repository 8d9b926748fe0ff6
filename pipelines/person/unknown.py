"""A requested person or thing that does not exist: the message says what was searched; never an empty answer."""

from __future__ import annotations

from pipelines.errors import UnknownError
from pipelines.known import checked
from pipelines.language.languages import Language, language
from pipelines.person import attributes, persons, ways
from pipelines.person.place import Place
from pipelines.sql import ident, one_value


def check_customer(place: Place, records: int, offers: int) -> None:
    """UnknownError if the requested number occurs nowhere. No other number is suggested: it would be somebody
    else's."""
    if not records and not offers:
        raise UnknownError(
            "no record of this customer number in any system",
            place="--customer",
            remedy=f"{searched(place)} Look for the person by name: vahti subject QUERY",
        )


def check_member(place: Place, member: str) -> None:
    """UnknownError if no person or record of this period has that name: `customers/1000123`, `?/1000123`."""
    dataset, _, key = member.partition("/")
    if dataset == persons.UNKNOWN:
        attributes.build(place)
        sql = "select count(*) from attribute where number = $1"
    else:
        checked("dataset", dataset, place.contracts, place=member)
        if dataset not in place.searchable:
            raise UnknownError(
                f"{dataset} cannot be searched in period {place.period}", remedy="take its export in first"
            )
        number = ways.numbers_column(place, dataset) if dataset == place.subject[0] else ""
        key_of = f"coalesce({ident(number)}, record_key)" if number else "record_key"
        sql = f"select count(*) from {place.decidable(dataset)} where {key_of} = $1"
    if not one_value(place.connection, sql, [key]):
        raise UnknownError(f"no {member} in period {place.period}", remedy="write it as vahti subject links shows it")


def searched(place: Place, speech: Language | None = None) -> str:
    """What a search of this period covers, and what it cannot: "Searched: 5 648 records of accounts, …"; in English by default."""
    speech = speech or language("en")
    _ = speech.gettext
    counts = {
        dataset: one_value(place.connection, f"select count(*) from {place.rows(dataset)}")
        for dataset in sorted(place.searchable)
    }
    records = f"{sum(counts.values()):,}".replace(",", " ")
    said = _("Searched in period %(period)s: %(records)s records of %(datasets)s.")
    text = said % {
        "period": speech.typed_day(place.period),
        "records": records,
        "datasets": ", ".join(counts) or _("nothing"),
    }
    lost = sorted(
        c.dataset for c in place.expectations.contracts if c.dataset in place.contracts and c.dataset not in counts
    )
    if not lost:
        return text
    return text + " " + _("Not searched, for this period lacks them: %(datasets)s.") % {"datasets": ", ".join(lost)}
