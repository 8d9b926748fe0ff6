"""Who may be whom, where no key says so: Splink over the members, in memory, beside the period. Pairs are offered,
never joined.

The officer's "yes" joins two members from then on, a "no" parts them for good, whatever keys say (`persons`).
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from pipelines.person import attributes, decisions, model, persons
from pipelines.person.keys import numbers_column
from pipelines.person.place import Place
from pipelines.sql import ident, render


@dataclass(frozen=True)
class Link:
    """One pair of members, why they may be one person, and the officer's answer (None: not asked yet)."""

    left: str
    right: str
    probability: float
    is_probable: bool
    why: str
    answer: str | None = None


def links(place: Place) -> list[Link]:
    """All pairs that may be one person, the likeliest first."""
    _predict(place)
    return [
        _link(row, place.said)
        for row in place.fetch("select * from link order by probability desc, left_member, right_member")
    ]


def _link(row: dict, said: dict[tuple[str, str], str]) -> Link:
    left, right = decisions.pair(row["left_member"], row["right_member"])
    return Link(left, right, row["probability"], row["is_probable"], explained(row), said.get((left, right)))


def explained(row: dict) -> str:
    """What agrees and what does not, without a value."""
    parts = [model.NAME_LEVELS[row["name_level"]]] if row["name_level"] >= 0 else ["no name to compare"]
    if row["code_level"] > 0:
        parts.append("the same identity code" if row["code_level"] == 2 else "identity codes that differ by a slip")
    parts += [
        f"the same {what}"
        for what, key in (
            ("phone", "phone_agrees"),
            ("email", "email_agrees"),
            ("bank account", "account_agrees"),
            ("address or property", "place_agrees"),
        )
        if row[key]
    ]
    return "; ".join(
        parts
        + (["another address"] if row["place_differs"] else [])
        + (["another email or account"] if row["contact_differs"] else [])
    )


def _predict(place: Place) -> None:
    """The temporary table `link`, once for a place."""
    if "link" not in place.built:
        members(place)
        predict(place.connection, place.subject[0])
        place.built.add("link")


def predict(connection, subject: str) -> None:
    """The temporary table `link` from `linkage_members`. Splink's own tables are in memory, and gone with the
    connection."""
    connection.execute("attach if not exists ':memory:' as linkage")
    connection.execute("use linkage")
    try:
        connection.execute("create or replace table linkage.main.members as select * from linkage_members")
        predicted = _splink(connection)
        connection.execute(
            f"create or replace temp table predicted as select * from linkage.main.{ident(predicted)}"
            if predicted
            else NOTHING
        )
    finally:
        connection.execute("use period")
    connection.execute(render("person/links.sql", least=model.POSSIBLE, probable=model.PROBABLE, subject=subject))


NOTHING = (
    "create or replace temp table predicted as select 0.0 as match_probability, '' as unique_id_l, '' as unique_id_r,"
    " 0 as gamma_name, 0 as gamma_code, 0 as gamma_phone, 0 as gamma_email, 0 as gamma_account, 0 as gamma_place"
    " where false"
)


def members(place: Place) -> None:
    """The temporary table `linkage_members`."""
    attributes.build(place)
    number = numbers_column(place, place.subject[0])
    business = [key["normal"] for key in persons.key_columns(place) if key["of_organisations"]]
    place.connection.execute(
        render(
            "person/members.sql",
            business_id=business[0] if business else "null::varchar",
            subject=place.subject[0],
            number=number,
            lists=model.LISTS,
            most=model.SHARED_BY_MOST,
            organisation=persons.organisation_sql(place),
            surname_first=place.access.surname_first,
        )
    )


def _splink(connection) -> str:
    """Runs Splink on `linkage.main.members`; the name of the table of pairs, empty where there is nobody to
    compare."""
    found = connection.execute(render("person/collisions.sql", lists=model.LISTS, most=model.LIKELIEST_CHANCE))
    chance = dict(zip((item[0] for item in found.description), found.fetchone(), strict=True))
    count = chance.pop("members")
    if count < 2:
        return ""
    logging.getLogger("splink").setLevel(logging.ERROR)
    from splink import DuckDBAPI, Linker, SettingsCreator

    given = model.settings({name: float(value) for name, value in chance.items()}, count)
    creator = SettingsCreator(
        link_type=given["link_type"],
        comparisons=given["comparisons"],
        blocking_rules_to_generate_predictions=given["blocking_rules"],
        probability_two_random_records_match=given["probability_two_random_records_match"],
        unique_id_column_name=given["unique_id_column_name"],
        retain_matching_columns=True,
        retain_intermediate_calculation_columns=False,
    )
    api = DuckDBAPI(connection=connection)
    linker = Linker(api.register("members"), creator, log_level=logging.ERROR)
    return linker.inference.predict(threshold_match_probability=model.POSSIBLE, warning_mode="never").physical_name
