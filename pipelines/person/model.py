"""What is compared, and the weight of agreement and disagreement: Fellegi and Sunter's model as run by Splink.

The chance that two people's records agree (u) and the chance that two records are one person's are counted in the
register itself, always over the same records, so that the same register gives the same links. The chance that one
person's two records agree (m) is set by hand below, between what the pairs of FEBRL 3 show (`make bench-people` prints
both) and registers that people correct, in which slips are rarer and moves more frequent.

A household shares its address, its phone and its surname: these are never enough to call two records one person
(`person/links.sql`).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

# Columns of `linkage_members` that are lists, and the kinds of attributes they hold.
LISTS = {
    "phones": "pd:TelephoneNumber",
    "emails": "pd:EmailAddress",
    "addresses": "pd:PhysicalAddress",
    "accounts": "pd:BankAccount",
    "codes": "pd:OfficialID",
    "properties": "pd:HouseOwned",
    "records": "reference",
}
# A value shared by more members than this is a switchboard, a placeholder or a block of flats: no evidence.
SHARED_BY_MOST = 12
# A blocking key shared by more members than this would make more pairs than it finds; names alone have a lower limit.
WIDEST_KEY, WIDEST_NAME = 30, 15
# From the first on, a record without a number is offered, since it is somebody's; from the second on, two data subjects
# are; from the third on, with evidence of its own, a pair is a probable duplicate.
POSSIBLE, POSSIBLE_DOUBLE, PROBABLE = 0.03, 0.15, 0.3
# Pairs from the least of these on are kept for labelling; the bands in which precision and recall are measured.
BANDS = (0.01, POSSIBLE, POSSIBLE_DOUBLE, 0.5, 0.95)
# A record without a number is one person's: somebody this many times less likely than another is not offered.
TIMES_LESS_LIKELY = 50
# How many members, each certainly a different person, are compared with how many others to count chance agreements.
STRANGERS, OTHERS = 1500, 30
# In a small register, in which most of those who share a value are one person, the estimated chance is capped at
# this.
LIKELIEST_CHANCE = 0.002

# Words in a name that show what it belongs to.
SOLE = ("tmi", "t:mi", "toiminimi", "f:ma", "firma")
ESTATE = ("kp", "kuolinpesa", "kuolinpesan", "kpesa", "dodsbo", "dodsboet", "db", "dbo", "jaamisto", "perikunta",
          "perilliset", "sterbhus", "oikeudenomistajat", "estate")  # fmt: skip
FIRM = ("oy", "oyj", "ab", "abp", "ky", "kb", "ay", "osk", "ry", "rf", "saatio", "kunta", "kaupunki", "seurakunta",
        "yhdistys", "yhtyma", "osuuskunta", "asunto", "kiinteisto", "koy", "asoy", "tiekunta", "verotusyhtyma", "maatalousyhtyma",
        "osakaskunta", "hoitokunta", "stiftelse", "ltd", "inc", "gmbh")  # fmt: skip

# Blocking keys: members that share one of these are a pair. SQL on linkage_members.
KEYS = {
    **{name: f"unnest({name})" for name in LISTS},
    "name, whole": "surname || '|' || given",
    "name, initial": "unnest(flatten(list_transform(surname_parts, lambda s: "
    "list_transform(initials, lambda i: s || '|' || i))))",
    "name, beginning of surname": "given || '|' || left(surname, 3)",
    "name, end of given name": "surname || '|' || right(given, 3)",
    "name, the other way round": "least(given, surname) || '|' || greatest(given, surname)",
    "day of birth": "unnest(births)",
    "initial, day of the year": "unnest(list_transform(initials, lambda i: i || '|' || right(births[1], 4)))",
    "word, year": "unnest(list_transform(words, lambda w: w || '|' || left(births[1], 4)))",
    "word, postal code": "unnest(list_transform(words, lambda w: w || '|' || postcodes[1]))",
    "beginning of street, postal code": "left(streets[1], 6) || '|' || postcodes[1]",
    "beginning of street, initial": "left(streets[1], 8) || '|' || initials[1]",
    "street": "unnest(streets)",
    "house": "unnest(houses)",
    "beginning of code": "unnest(list_transform(codes, lambda c: left(c, 5)))",
    "end of code": "unnest(list_transform(codes, lambda c: right(c, 4)))",
    "end of phone": "unnest(list_transform(phones, lambda p: right(p, 6)))",
    "beginning of phone": "unnest(list_transform(phones, lambda p: left(p, length(p) - 2)))",
}


@dataclass(frozen=True)
class Level:
    """One level of a comparison: its SQL, its name, and how often one person's two records are on it."""

    sql: str
    says: str
    m: float
    frequency: str = ""


# A name known only from the email address says nothing if that address is the same.
SPELT = "coalesce((is_spelt_l or is_spelt_r) and list_has_any(emails_l, emails_r), false)"
CROSSED = (
    "coalesce((surname_l = given_r and jaro_winkler_similarity(given_l, surname_r) >= 0.85)"
    " or (given_l = surname_r and jaro_winkler_similarity(surname_l, given_r) >= 0.85), false)"
)
# For each comparison: when it cannot be made, its levels from the most alike on, and how often one person's two records
# are on none of them. Splink's gammas count the levels from the end; none is 0.
COMPARISONS: dict[str, tuple[str, tuple[Level, ...], float]] = {
    "surname": (
        f"surname_l is null or surname_r is null or {SPELT}",
        (
            Level("surname_l = surname_r", "the same surname", 0.77, "surname"),
            Level("list_has_any(surnames_l, surnames_r)", "an earlier surname", 0.02),
            Level("list_has_any(surnames_l, surname_parts_r) or list_has_any(surname_parts_l, surnames_r)",
                  "a part of the surname", 0.01),
            Level(CROSSED, "names the other way round", 0.02),
            Level("jaro_winkler_similarity(surname_l, surname_r) >= 0.88"
                  " or damerau_levenshtein(surname_l, surname_r) <= 1",
                  "surnames alike", 0.12),
        ),
        0.06,
    ),
    "given": (
        f"initials_l is null or initials_r is null or {SPELT}",
        (
            Level("given_l = given_r", "the same given name", 0.66, "given"),
            Level("list_has_all(givens_l, givens_r) or list_has_all(givens_r, givens_l)",
                  "one of the given names", 0.04),
            Level("list_has_any(calls_l, givens_r)", "a call name of the given name", 0.03),
            Level("(given_l is null or given_r is null) and list_has_any(initials_l, initials_r)", "the initial", 0.03),
            Level(CROSSED, "names the other way round", 0.02),
            Level("(jaro_winkler_similarity(given_l, given_r) >= 0.85 or damerau_levenshtein(given_l, given_r) <= 1"
                  " or left(given_l, 2) = left(given_r, 2))"
                  " and (list_contains(rare_words_l, given_l) or list_contains(rare_words_r, given_r))",
                  "given names that differ by a slip", 0.12),
            Level("jaro_winkler_similarity(given_l, given_r) >= 0.85 or damerau_levenshtein(given_l, given_r) <= 1"
                  " or list_has_any(givens_l, givens_r)", "given names alike", 0.04),
        ),
        0.06,
    ),
    "birth": (
        "births_l is null or births_r is null",
        (
            Level("list_has_any(births_l, births_r)", "the same day of birth", 0.85),
            Level("damerau_levenshtein(births_l[1], births_r[1]) <= 1", "days of birth that differ by a slip", 0.08),
            Level("(births_l[1][1:4] = births_r[1][1:4])::int + (births_l[1][5:6] = births_r[1][5:6])::int"
                  " + (births_l[1][7:8] = births_r[1][7:8])::int >= 2", "days of birth alike", 0.03),
        ),
        0.04,
    ),
    "code": (
        "codes_l is null or codes_r is null",
        (
            Level("list_has_any(codes_l, codes_r)", "the same identity code", 0.85),
            Level("damerau_levenshtein(codes_l[1], codes_r[1]) <= 2", "identity codes that differ by a slip", 0.12),
        ),
        0.03,
    ),
    "phone": (
        "phones_l is null or phones_r is null",
        (
            Level("list_has_any(phones_l, phones_r)", "the same phone", 0.75),
            Level("damerau_levenshtein(phones_l[1], phones_r[1]) <= 1", "phones that differ by a slip", 0.02),
        ),
        0.23,
    ),
    "email": (
        "emails_l is null or emails_r is null",
        (
            Level("list_has_any(emails_l, emails_r)", "the same email", 0.70),
            Level("damerau_levenshtein(emails_l[1], emails_r[1]) <= 1", "emails that differ by a slip", 0.05),
        ),
        0.25,
    ),
    "account": (
        "accounts_l is null or accounts_r is null",
        (Level("list_has_any(accounts_l, accounts_r)", "the same bank account", 0.80),),
        0.20,
    ),
    "place": (
        "(streets_l is null or streets_r is null) and (postcodes_l is null or postcodes_r is null)"
        " and (properties_l is null or properties_r is null)",
        (
            Level("coalesce(list_has_any(addresses_l, addresses_r), false)"
                  " or coalesce(list_has_any(properties_l, properties_r), false)",
                  "the same address or property", 0.40),
            Level("list_has_any(streets_l, streets_r)", "the same street and number", 0.10),
            Level("list_has_any(houses_l, houses_r)", "the same house", 0.05),
            Level("jaro_winkler_similarity(streets_l[1], streets_r[1]) >= 0.9"
                  " and coalesce(list_has_any(postcodes_l, postcodes_r), true)", "streets that differ by a slip", 0.10),
            Level("list_has_any(postcodes_l, postcodes_r)", "the same postal code", 0.10),
        ),
        0.25,
    ),
    "record": (
        "records_l is null or records_r is null",
        (Level("list_has_any(records_l, records_r)", "a record that names the other's", 0.50),),
        0.50,
    ),
}  # fmt: skip


# Comparisons whose first level is counted over the whole register: strangers agree on it too rarely for a sample.
COUNTED = {
    "phone": ("phones",),
    "email": ("emails",),
    "account": ("accounts",),
    "code": ("codes",),
    "place": ("addresses", "properties"),
    "record": ("records",),
}
# The share of one person's pairs that `person/prior.sql` sees, the least share of data subjects who are in the register
# twice, and the share of records without a number that belong to a data subject.
SEEN, DOUBLES, OWNED = 0.6, 0.01, 0.5


def expected(members: int, subjects: int, doubles: int) -> tuple[tuple[float, float], float]:
    """(how often a pair has a record without a number, among one person's pairs and among all; the prior of a pair)."""
    loose = members - subjects
    all_pairs = max(members * (members - 1) / 2, 1)
    twice, owned = max(doubles / SEEN, DOUBLES * subjects, 1), max(OWNED * loose, 1)
    among_all = (loose * subjects + loose * (loose - 1) / 2) / all_pairs
    return (owned / (owned + twice), min(max(among_all, 0.001), 0.999)), min((owned + twice) / all_pairs, 0.05)


def chances(counted: dict[str, dict[int, int]], shared: dict[str, float]) -> dict[str, list[float]]:
    """By comparison, how likely two people are to be on each level. `counted`: pairs of strangers by level, from 1 on;
    `shared`: by list, how likely two members are to share a value."""
    found = {}
    for name, (_, levels, _) in COMPARISONS.items():
        pairs = counted.get(name, {})
        total = max(sum(pairs.values()), 1000)
        chance = [max(pairs.get(n, 0), 0.5) / total for n in range(1, len(levels) + 2)]
        if name in COUNTED:
            chance[0] = max(shared[column] for column in COUNTED[name])
        chance[-1] = max(1 - sum(chance[:-1]), 0.01)
        found[name] = chance
    return found


def level(comparison: str, says: str) -> int:
    """Splink's gamma of a level."""
    levels = COMPARISONS[comparison][1]
    return len(levels) - [each.says for each in levels].index(says)


def comparisons(chance: dict[str, list[float]], loose: tuple[float, float]) -> list[dict]:
    """Splink's comparisons. `chance`: by comparison, how likely two people are to be on each level, else last; `loose`: how
    often a record without a number is among one person's pairs, and among all pairs."""
    found = []
    for name, (null, levels, rest) in COMPARISONS.items():
        made = [_level(each, u) for each, u in zip(levels, chance[name], strict=False)]
        found.append(_comparison(name, [_null(null), *made, _else(rest, chance[name][-1])]))
    one_sided = {"sql_condition": "not (is_subject_l and is_subject_r)", "label_for_charts": "no number"}
    standing = [one_sided | _odds(*loose), _else(1 - loose[0], 1 - loose[1])]
    return [*found, _comparison("standing", standing)]


def settings(chance: dict[str, list[float]], loose: tuple[float, float], prior: float) -> dict:
    """Splink's settings. `prior`: how likely two members are to be one person."""
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": "unique_id",
        "probability_two_random_records_match": prior,
        "comparisons": comparisons(chance, loose),
        "blocking_rules_to_generate_predictions": [
            {
                # Two valid identity codes are two people, or already joined by the code.
                "blocking_rule": "l.keys = r.keys and (l.code is null or r.code is null or l.code = r.code)",
                "sql_dialect": "duckdb",
                "arrays_to_explode": ["keys"],
            }
        ],
        "retain_matching_columns": True,
        "retain_intermediate_calculation_columns": False,
    }


def _comparison(name: str, levels: list[dict]) -> dict:
    return {"output_column_name": name, "comparison_levels": levels}


def _odds(m: float, u: float) -> dict:
    return {"m_probability": m, "u_probability": u}


def _null(condition: str) -> dict:
    return {"sql_condition": condition, "label_for_charts": "missing", "is_null_level": True}


def _level(each: Level, u: float) -> dict:
    found = {"sql_condition": each.sql, "label_for_charts": each.says} | _odds(each.m, u)
    return found | ({"tf_adjustment_column": each.frequency, "tf_adjustment_weight": 1.0} if each.frequency else {})


def _else(m: float, u: float) -> dict:
    return {"sql_condition": "ELSE", "label_for_charts": "different"} | _odds(m, u)


@cache
def call_names() -> tuple[tuple[str, str], ...]:
    """(given name, its call name), folded."""
    text = files("pipelines").joinpath("person/data/call_names.csv").read_text("utf-8")
    rows = csv.DictReader((line for line in text.splitlines() if not line.startswith("#")), delimiter=";")
    return tuple((row["name"], called) for row in rows for called in row["called"].split())
