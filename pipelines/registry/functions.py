"""Our own SQL functions: `install` puts them into a connection.

They are DuckDB macros, defined once in `registry/sql/functions.sql` for Finland; a country's pack (`data/packs/<cc>.yaml`)
replaces those that know a country's patterns. The data they look up (telephone numbering plans, IBAN lengths) is in
`data/*.csv`, extracted from `phonenumbers` and `python-stdnum` by `python -m pipelines.registry.functions`, so that neither
package is imported at run time; a test fails when the files no longer equal the installed versions.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

HOME_REGION = "FI"
# For a country without a numbering plan: no number counts as domestic.
NO_PLAN = {"calling_code": "none", "exit": "00", "pattern": "none", "lengths": "15", "valid": "none"}
NUMBER_TYPES = (
    "fixed_line",
    "mobile",
    "toll_free",
    "premium_rate",
    "shared_cost",
    "personal_number",
    "voip",
    "pager",
    "uan",
    "voicemail",
)
PLAN_COLUMNS = ("calling_code", "region", "prefix", "rule", "lengths", "local_lengths", "pattern", "valid", "exit")
IBAN_COLUMNS = ("country", "length")
Row = dict[str, str]


def install(connection: DuckDBPyConnection, schema: str | None = None, country: str = HOME_REGION) -> None:
    """Create every macro of `registry/sql/functions.sql`, as temporary objects or in `schema` (also `database.schema`). Telephone
    numbers without a calling code are taken as `country`'s, identifiers follow its pack.

    Temporary macros are found whatever the current database, and disappear with the connection. A schema must be
    on the connection's search path or named in the call.
    """
    for statement in statements(schema, country):
        connection.execute(statement)


def names() -> list[str]:
    """The names of the macros in `registry/functions.sql`, in its order."""
    return re.findall(r"create or replace temp macro (\w+)", _sql())


def arguments(name: str) -> int:
    """How many arguments the macro takes."""
    listed = re.search(rf"create or replace temp macro {name}\(([^)]+)\)", _sql())
    return len(listed[1].split(",")) if listed else 0


@cache
def statements(schema: str | None = None, country: str = HOME_REGION) -> tuple[str, ...]:
    """The `create macro` statements: constants first, a country's own last."""
    text = constants(country) + _sql() + ("" if country == HOME_REGION else _of_country(country))
    text = re.sub(r"(?m)^\s*--.*$", "", text)
    if schema:
        names = "|".join(re.findall(r"create or replace temp macro (\w+)", text))
        text = text.replace("create or replace temp macro", "create or replace macro")
        text = re.sub(rf"(?<![\w.])({names})(?=\()", rf"{schema}.\1", text)
    return tuple(filter(str.strip, re.split(r";[ \t]*\n", text)))


@cache
def packs() -> dict[str, dict[str, Any]]:
    """The packs of all countries, by code."""
    folder = files("pipelines").joinpath("registry/data/packs")
    names = sorted(path.name for path in folder.iterdir() if path.name.endswith(".yaml"))
    found = [yaml.safe_load(folder.joinpath(name).read_text("utf-8")) for name in names]
    return {pack["country"]: pack for pack in found}


def _of_country(country: str) -> str:
    own = packs().get(country, {}).get("sql", {})
    macros = (f"create or replace temp macro {signature} as {sql};\n" for signature, sql in own.items())
    return files("pipelines").joinpath("registry/sql/countries.sql").read_text("utf-8") + "".join(macros)


@cache
def _sql() -> str:
    return files("pipelines").joinpath("registry/sql/functions.sql").read_text(encoding="utf-8")


def constants(country: str = HOME_REGION) -> str:
    """Macros that hold the data for `registry/functions.sql`: patterns, which DuckDB folds and compiles once per query."""
    plans = read("phone_plans")
    home = next((plan for plan in plans if plan["region"] == country), NO_PLAN)
    digits = unicode_digits()
    values = {
        "phone_calling_codes()": _text("|".join(plan["calling_code"] for plan in plans)),
        "phone_home_code()": _text(home["calling_code"]),
        "phone_home_exit()": _text(home["exit"]),
        "phone_home_general()": _text(home["pattern"]),
        "phone_home_longest()": home["lengths"].split()[-1],
        "phone_home_valid()": _text(home["valid"]),
        "phone_prefixes()": _text(
            _alternatives((p["prefix"], p["calling_code"]) for p in plans if p["prefix"] and not p["rule"])
        ),
        "phone_rewritten(marked)": _rewriting("marked", [plan for plan in plans if plan["rule"]]),
        "phone_general()": _text("|".join(f"{plan['calling_code']}:(?:{plan['pattern']})" for plan in plans)),
        "phone_possible()": _text(_alternatives((_possible(plan), plan["calling_code"]) for plan in plans)),
        "phone_acceptable()": _text(_alternatives((_acceptable(plan), plan["calling_code"]) for plan in plans)),
        "phone_valid_of(code)": _lookup("code", ((plan["calling_code"], plan["valid"]) for plan in plans)),
        "iban_run()": _text(_iban_run()),
        "iban_shape()": _text(_iban_shape()),
        "unicode_digits()": _text("".join(character for character, _ in digits)),
        "unicode_digit_values()": _text("".join(value for _, value in digits)),
    }
    return "".join(f"create or replace temp macro {signature} as {value};\n" for signature, value in values.items())


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _lookup(argument: str, pairs: Iterable[tuple[str, str]]) -> str:
    """SQL of the value for a key. Patterns by country are looked up: a single pattern of all takes 0.1 s to compile."""
    return f"map {{{', '.join(f'{_text(key)}: {_text(value)}' for key, value in pairs)}}}[{argument}]"


def _alternatives(pairs: Iterable[tuple[str, str]]) -> str:
    """One pattern of `code:tail` from (tail, code), equal tails merged."""
    codes: dict[str, list[str]] = {}
    for tail, code in pairs:
        codes.setdefault(_without_groups(tail), []).append(code)
    return "|".join(f"(?:{'|'.join(each)}):(?:{tail})" for tail, each in codes.items())


def _without_groups(pattern: str) -> str:
    return re.sub(r"\((?!\?)", "(?:", pattern)


def _possible(plan: Row) -> str:
    return "|".join(f"[0-9]{{{length}}}" for length in (plan["lengths"] + " " + plan["local_lengths"]).split())


def _acceptable(plan: Row) -> str:
    """What may remain after the national prefix: a possible length (not for local calls only), or longer than the longest."""
    lengths = plan["lengths"].split()
    return "|".join(f"[0-9]{{{length}}}" for length in lengths) + f"|[0-9]{{{int(lengths[-1]) + 1},}}"


def _rewriting(argument: str, plans: list[Row]) -> str:
    """`code:number|code:[rule<group>]rest` if a rule rewrites the prefix; `registry/functions.sql` removes the brackets."""
    expression = argument
    for plan in plans:
        groups = re.compile(plan["prefix"]).groups
        literal, _, group = plan["rule"].partition("\\")
        pattern = _text(f"^!?({plan['calling_code']}:)(?:{plan['prefix']})([0-9]*)$")
        expression = f"regexp_replace({expression}, {pattern}, '\\0|\\1[{literal}<\\{int(group) + 1}>]\\{groups + 2}')"
    return expression


def _iban_run() -> str:
    """The IBANs of each country with blanks and hyphens in them; separators are doubled (see `free_text_iban`)."""
    return "|".join(
        f"(?:{codes})[0-9]{{2}}(?:(?:  |--)?[0-9A-Z]){{{length - 4}}}" for length, codes in _iban_countries()
    )


def _iban_shape() -> str:
    """The IBANs of each country, compact, in capitals: of its length, nothing more."""
    return "|".join(f"(?:{codes})[0-9]{{2}}[0-9A-Z]{{{length - 4}}}" for length, codes in _iban_countries())


def _iban_countries() -> list[tuple[int, str]]:
    """(length, `country|country`), shortest first."""
    countries: dict[int, list[str]] = {}
    for row in read("iban_lengths"):
        countries.setdefault(int(row["length"]), []).append(row["country"])
    return [(length, "|".join(codes)) for length, codes in sorted(countries.items())]


def unicode_digits() -> list[tuple[str, str]]:
    """Every non-ASCII decimal digit in Unicode, with its ASCII digit."""
    characters = (chr(number) for number in range(128, 0x20000))
    return [(c, str(unicodedata.digit(c))) for c in characters if unicodedata.category(c) == "Nd"]


def read(name: str) -> list[Row]:
    """The rows of `data/<name>.csv`."""
    with files("pipelines").joinpath(f"registry/data/{name}.csv").open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


# The extraction: run by hand after an upgrade of phonenumbers or python-stdnum, never by the product.


def extracted() -> dict[str, tuple[tuple[str, ...], list[tuple[str, ...]]]]:
    """What the installed packages contain: {file name: rows}, each row a tuple of texts in column order."""
    return {"phone_plans": (PLAN_COLUMNS, _extract_plans()), "iban_lengths": (IBAN_COLUMNS, _extract_iban_lengths())}


def _extract_plans() -> list[tuple[str, ...]]:
    import phonenumbers
    from phonenumbers.phonemetadata import PhoneMetadata

    rows: list[tuple[str, ...]] = []
    for code, regions in sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE.items()):
        plan: Any = PhoneMetadata.metadata_for_region_or_calling_code(code, regions[0])
        general = plan.general_desc
        rows.append(
            (
                str(code),
                regions[0],
                plan.national_prefix_for_parsing or "",
                plan.national_prefix_transform_rule or "",
                " ".join(map(str, general.possible_length)),
                " ".join(map(str, general.possible_length_local_only)),
                general.national_number_pattern,
                _valid(code, regions),
                plan.international_prefix or "00",
            )
        )
    return rows


def _valid(code: int, regions: Iterable[str]) -> str:
    """The pattern of valid numbers in any region of a calling code: Finland's covers FI and AX (Åland)."""
    from phonenumbers.phonemetadata import PhoneMetadata

    plans = [PhoneMetadata.metadata_for_region_or_calling_code(code, region) for region in regions]
    kinds = [getattr(plan, name) for plan in plans for name in NUMBER_TYPES]
    patterns = [kind.national_number_pattern for kind in kinds if kind is not None and kind.national_number_pattern]
    return "|".join(dict.fromkeys(patterns))


def _extract_iban_lengths() -> list[tuple[str, ...]]:
    lines = files("stdnum").joinpath("iban.dat").read_text(encoding="utf-8").splitlines()
    found = (re.match(r'([A-Z]{2}) .*bban="([^"]+)"', line) for line in lines)
    return [(m[1], str(4 + sum(map(int, re.findall(r"(\d+)!", m[2]))))) for m in found if m]


def write(folder: Path) -> None:
    """Write the extracted files into `folder`."""
    for name, (columns, rows) in extracted().items():
        with Path(folder, f"{name}.csv").open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(columns)
            writer.writerows(rows)


if __name__ == "__main__":
    write(Path(__file__).parent / "data")
