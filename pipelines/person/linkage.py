"""Who may be whom, without a common key: Splink over the members, in memory, beside the period. Pairs are offered,
never joined.

The officer's "yes" joins two members from then on, a "no" separates them for good, whatever keys say (`persons`).
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.person import attributes, decisions, model, persons
from pipelines.person.place import Place
from pipelines.person.ways import numbers_column
from pipelines.sql import ident, insert, one_value, render, run_script

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


@dataclass(frozen=True)
class Link:
    """One pair of members, why they may be one person, and the officer's answer (None: not given yet). If a text
    names a person, nothing is computed: the probability is None."""

    left: str
    right: str
    probability: float | None
    is_probable: bool
    why: str
    answer: str | None = None


def links(place: Place) -> list[Link]:
    """All pairs that may be one person, the likeliest first; then those whose only evidence is a text."""
    build(place)
    found = [
        _link(row, place.said)
        for row in place.fetch("select * from link order by probability desc, left_member, right_member")
    ]
    known = {(link.left, link.right) for link in found}
    named = [_named(row, place.said) for row in place.fetch("select * from mention order by unique_id, member")]
    return found + [link for link in named if (link.left, link.right) not in known]


def _named(row: dict, said: dict[tuple[str, str], str]) -> Link:
    left, right = decisions.pair(row["unique_id"], row["member"])
    why = f"the text has the person's name and {' and '.join(row['kinds'])}"
    return Link(left, right, None, False, why, said.get((left, right)))


def _link(row: dict, said: dict[tuple[str, str], str]) -> Link:
    left, right = decisions.pair(row["left_member"], row["right_member"])
    return Link(left, right, row["probability"], row["is_probable"], explained(row), said.get((left, right)))


# The names of comparisons on which two members differ.
DIFFERENT = {
    "surname": "another surname",
    "given": "another given name",
    "birth": "another day of birth",
    "code": "another identity code",
    "phone": "another phone",
    "email": "another email",
    "account": "another bank account",
    "place": "another address",
}


def explained(row: dict) -> str:
    """What agrees and what contradicts, without a value."""
    agree, differ = [], []
    for name, (_, levels, _) in model.COMPARISONS.items():
        level = row[f"{name}_level"]
        if level > 0:
            agree.append(levels[len(levels) - level].says)
        elif level == 0 and name in DIFFERENT:
            differ.append(DIFFERENT[name])
    if row["surname_level"] == row["given_level"] == -1:
        agree.insert(0, "no name to compare")
    if agree[:2] == ["the same surname", "the same given name"]:
        agree[:2] = ["the same name"]
    elif agree[:2] == ["names the other way round"] * 2:
        del agree[0]
    return "; ".join(agree) + (" · but " + "; ".join(differ) if differ else "")


def build(place: Place) -> None:
    """Creates the temporary table `link`, once per place."""
    if "link" in place.built:
        return
    members(place)
    connection = place.connection
    connection.execute("attach if not exists ':memory:' as linkage")
    connection.execute("use linkage")
    try:
        connection.execute("create or replace table linkage.main.members as select * from compared_members")
        predicted = _splink(connection)
        connection.execute(
            f"create or replace temp table predicted as select p.*, {_of_subject('l')} or {_of_subject('r')}"
            f" as is_of_subject from ({predicted}) as p"
        )
    finally:
        connection.execute("use period")
    connection.execute(
        render(
            "person/links.sql",
            least=model.POSSIBLE,
            least_double=model.POSSIBLE_DOUBLE,
            probable=model.PROBABLE,
            times=model.TIMES_LESS_LIKELY,
            subject=place.subject[0],
            level=model.level,
            comparisons=model.COMPARISONS,
        )
    )
    _mentions(place)
    place.built.add("link")


def _of_subject(side: str) -> str:
    """SQL: whether that side of a pair is a data subject."""
    return f"p.unique_id_{side} in (select unique_id from linkage_members where is_subject)"


def _mentions(place: Place) -> None:
    """Creates the temporary table `mention`: whom the free text of records without a known number names."""
    connection = place.connection
    parts = attributes.parts(place, place.access.free_text)
    connection.execute(
        render(
            "person/free_text.sql",
            parts=parts,
            subject=place.subject[0],
            number=numbers_column(place, place.subject[0]),
        )
    )
    connection.execute(render("person/mentions.sql"))


def members(place: Place) -> None:
    """Creates the temporary tables `linkage_members`, and `compared_members` of those that share a key with another."""
    attributes.build(place)
    connection, (subject, _) = place.connection, place.subject
    macros(connection)
    number = numbers_column(place, subject)
    connection.execute(render("person/placed.sql", subject=subject, number=number, references=_references(place)))
    connection.execute("create or replace temp table call_name (name varchar, called varchar)")
    insert(connection, "call_name", list(model.call_names()))
    run_script(connection, render("person/name_parts.sql"))
    business = [key["normal"] for key in persons.key_columns(place) if key["of_organisations"]]
    connection.execute(
        render(
            "person/member_organisation.sql",
            business_id=business[0] if business else "null::varchar",
            subject=subject,
            number=number,
            organisation=persons.organisation_sql(place),
        )
    )
    connection.execute(render("person/member_names.sql"))
    connection.execute(render("person/members.sql", lists=model.LISTS, most=model.SHARED_BY_MOST))
    connection.execute(
        render("person/member_keys.sql", keys=model.KEYS, widest=model.WIDEST_KEY, widest_name=model.WIDEST_NAME)
    )


def macros(connection: DuckDBPyConnection) -> None:
    """Creates the temporary macros that members are compared by."""
    marks = (*model.SOLE, *model.ESTATE, *model.FIRM)
    quoted = {
        name: ", ".join(f"'{word}'" for word in words)
        for name, words in (("sole", model.SOLE), ("estate", model.ESTATE), ("firm", model.FIRM))
    }
    run_script(connection, render("person/linkage_macros.sql", marks=marks, **quoted))


def _references(place: Place) -> list[dict[str, str]]:
    """The columns that name another record of their own dataset."""
    found = []
    for dataset in place.searchable:
        number, join = attributes.number_of(place, dataset)
        found += [
            {"dataset": dataset, "rows": place.rows(dataset), "number": number, "join": join, "column": column.name}
            for column in place.contracts[dataset].columns
            if column.references and column.references[0] == dataset and column.name in place.present[dataset]
        ]
    return found


NOTHING = "select null::double as match_probability, null::double as match_weight, '' as unique_id_l, '' as unique_id_r"


def _splink(connection: DuckDBPyConnection) -> str:
    """SQL of the pairs that Splink finds among `linkage.main.members`, each with its probability and levels."""
    prior = _row(connection, render("person/prior.sql"))
    if one_value(connection, "select count(*) from linkage.main.members") < 2:
        return NOTHING + "".join(f", 0 as gamma_{name}" for name in model.COMPARISONS) + " where false"
    logging.getLogger("splink").setLevel(logging.ERROR)
    from splink import DuckDBAPI, Linker, SettingsCreator

    settings = model.settings(_chance(connection), *model.expected(**prior))
    linker = Linker(
        DuckDBAPI(connection=connection).register("members"),
        SettingsCreator(**settings),
        log_level=logging.ERROR,
        validate_settings=False,  # it only writes to a hidden log, in two fifths of Splink's time
    )
    found = linker.inference.predict(threshold_match_probability=model.BANDS[0], warning_mode="never")
    return f"select * from linkage.main.{ident(found.physical_name)}"


def _chance(connection: DuckDBPyConnection) -> dict[str, list[float]]:
    """By comparison, how likely two people are to be on each of its levels, else last."""
    sql = render(
        "person/strangers_agree.sql",
        comparisons=model.COMPARISONS,
        most=model.STRANGERS,
        each=model.OTHERS,
        least=model.STRANGERS // 5,
    )
    counted: dict[str, dict[int, int]] = {}
    for comparison, level, pairs in connection.execute(sql).fetchall():
        counted.setdefault(comparison, {})[level] = pairs
    shared = _row(connection, render("person/collisions.sql", lists=model.LISTS, most=model.LIKELIEST_CHANCE))
    return model.chances(counted, {name: float(value) for name, value in shared.items()})


def _row(connection: DuckDBPyConnection, sql: str) -> dict:
    found = connection.execute(sql)
    names = [item[0] for item in found.description]
    return dict(zip(names, found.fetchall()[0], strict=True))
