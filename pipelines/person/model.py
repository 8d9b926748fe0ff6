"""What is compared, and what agreement and disagreement are worth: Fellegi and Sunter's model as Splink runs it.

The chance that one person's two records agree (m) is policy and stands here; the chance that two people's do (u) is
counted
from the register itself, not sampled, so that the same register gives the same links. A household shares its
address, its
phone and its surname: what it shares is never enough to call two records one person (`person/links.sql`).
"""

from __future__ import annotations

# Columns of `linkage_members` that are lists, and the kinds of attributes they hold.
LISTS = {
    "phones": "pd:TelephoneNumber",
    "emails": "pd:EmailAddress",
    "addresses": "pd:PhysicalAddress",
    "accounts": "pd:BankAccount",
    "codes": "pd:OfficialID",
    "properties": "pd:HouseOwned",
}
# What more members than this share is a switchboard, a placeholder or a block of flats: no evidence.
SHARED_BY_MOST = 12
# From the first on a pair is offered; from the second on, with evidence of its own, it is a probable duplicate.
POSSIBLE, PROBABLE = 0.1, 0.3
# In a small register, where most of those who share a value are one person, this is the most that chance is taken
# for.
LIKELIEST_CHANCE = 0.002
# How many of a hundred members are expected to have a double.
DOUBLES = 0.02

NAME_LEVELS = (
    "nothing in common",
    "one word in common",
    "the same given name",
    "names alike",
    "one name within the other",
    "the same name",
)


def comparisons(chance: dict[str, float]) -> list[dict]:
    """Splink's comparisons. `chance`: by list, how likely two members share a value by chance."""
    return [
        _comparison(
            "name",
            [
                _null("name_l is null or name_r is null"),
                _level("name_l = name_r", "same", 0.60, 0.0006, tf="name"),
                _level(
                    "len(words_l) > 1 and len(words_r) > 1"
                    " and (list_has_all(words_l, words_r) or list_has_all(words_r, words_l))",
                    "within",
                    0.06,
                    0.0008,
                ),
                _level("jaro_winkler_similarity(name_l, name_r) >= 0.93", "alike", 0.18, 0.003),
                _level("given_name_l = given_name_r", "given", 0.10, 0.02),
                _level("list_has_any(words_l, words_r)", "word", 0.04, 0.02),
                _else(0.02, 0.95),
            ],
        ),
        _comparison(
            "phone",
            [
                _null("phones_l is null or phones_r is null"),
                _level("list_has_any(phones_l, phones_r)", "same", 0.75, chance["phones"]),
                _else(0.25, 1 - chance["phones"]),
            ],
        ),
        _comparison(
            "email",
            [
                _null("emails_l is null or emails_r is null"),
                _level("list_has_any(emails_l, emails_r)", "same", 0.75, chance["emails"]),
                _level(
                    "len(list_filter(emails_l, lambda x:"
                    " len(list_filter(emails_r, lambda y: damerau_levenshtein(x, y) <= 1)) > 0)) > 0",
                    "alike",
                    0.05,
                    chance["emails"],
                ),
                _else(0.20, 1 - chance["emails"]),
            ],
        ),
        _comparison(
            "account",
            [
                _null("accounts_l is null or accounts_r is null"),
                _level("list_has_any(accounts_l, accounts_r)", "same", 0.80, chance["accounts"]),
                _else(0.20, 1 - chance["accounts"]),
            ],
        ),
        _comparison(
            "place",
            [
                _null(
                    "(addresses_l is null or addresses_r is null) and (properties_l is null or properties_r is null)"
                ),
                _level(
                    "coalesce(list_has_any(addresses_l, addresses_r), false)"
                    " or coalesce(list_has_any(properties_l, properties_r), false)",
                    "same",
                    0.50,
                    max(chance["addresses"], chance["properties"]),
                ),
                _else(0.50, 0.99),
            ],
        ),
        _comparison(
            "code",
            [
                _null("codes_l is null or codes_r is null"),
                _level("list_has_any(codes_l, codes_r)", "same", 0.70, chance["codes"]),
                _level("damerau_levenshtein(codes_l[1], codes_r[1]) <= 2", "alike", 0.25, chance["codes"]),
                _else(0.05, 0.999),
            ],
        ),
    ]


def settings(chance: dict[str, float], members: int) -> dict:
    """Splink's settings for so many members."""
    from splink import block_on

    exploded = [block_on(name, arrays_to_explode=[name]) for name in LISTS]
    others = [
        {"blocking_rule": "l.name = r.name and not (l.is_subject and r.is_subject)", "sql_dialect": "duckdb"},
        {
            "blocking_rule": "l.birth = r.birth and (l.valid_codes is null or r.valid_codes is null)",
            "sql_dialect": "duckdb",
        },
    ]
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": "unique_id",
        "probability_two_random_records_match": min(0.01, 2 * DOUBLES / max(members - 1, 1)),
        "comparisons": comparisons(chance),
        "blocking_rules": [*exploded, *others],
    }


def _comparison(name: str, levels: list[dict]) -> dict:
    return {"output_column_name": name, "comparison_levels": levels}


def _null(condition: str) -> dict:
    return {"sql_condition": condition, "label_for_charts": "missing", "is_null_level": True}


def _level(condition: str, label: str, m: float, u: float, tf: str = "") -> dict:
    level = {"sql_condition": condition, "label_for_charts": label, "m_probability": m, "u_probability": u}
    return level | ({"tf_adjustment_column": tf, "tf_adjustment_weight": 1.0} if tf else {})


def _else(m: float, u: float) -> dict:
    return {"sql_condition": "ELSE", "label_for_charts": "different", "m_probability": m, "u_probability": u}
