"""Which type each column has, and how its days, numbers and truth values are written: read from shapes, then counted on all rows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipelines.expectations.contract import Column
from pipelines.init import profile, shapes, words
from pipelines.init.profile import ColumnProfile, Table
from pipelines.sql import ident, literal

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# Of a column's values its type may leave so many unread; with more it is a text.
MOST_UNREAD = 0.1
# Different values, mistyped ones among them, of a column of yes and no.
MOST_OF_A_TRUTH = 6
# Formats of days that say which is day and which is month, for an answer.
COUNTRIES_OF_MONTH_FIRST = ("US", "PH")


@dataclass(frozen=True)
class Typed:
    """A column's type as its contract would have it. `unread`: values that it does not read. `question`: what is to be asked:
    `day or month`, `years of two digits` or `decimal sign`; `proposed`: what the rest of the file speaks for."""

    column: Column
    profile: ColumnProfile
    unread: int = 0
    question: str = ""
    proposed: str = ""
    either: tuple[str, str] = ("", "")

    @property
    def name(self) -> str:
        """The column's name."""
        return self.column.name


def typed(connection: DuckDBPyConnection, table: Table, country: str, answers: dict[str, str]) -> list[Typed]:
    """The columns of an export with their types. `answers`: patterns of days by column, where somebody said them."""
    found = [_typed(connection, table, column, country, answers.get(column.name, "")) for column in table.columns]
    return _by_the_rest(found)


def _typed(connection: DuckDBPyConnection, table: Table, column: ColumnProfile, country: str, answer: str) -> Typed:
    text = Column(column.name, column.header, "text", "varchar", "")
    if not column.filled:
        return Typed(text, column)
    if answer == "text":
        return Typed(text, column)
    if answer:
        return _verified(connection, table, column, _moment(text, answer), text)
    if 2 <= column.distinct <= MOST_OF_A_TRUTH and (
        words_ := shapes.truth(_vocabulary(connection, table, column), column.filled)
    ):
        made = replace(text, type="boolean", sql_type="boolean", true_value=words_[0], false_value=words_[1])
        return _verified(connection, table, column, made, text)
    days = shapes.days(column.shapes, column.looked_at, column.tests.get("padded", 0) > 0)
    if days and not (days.pattern == "yyyyMMdd" and (words.is_id(column.header) or not _is_of_days(column.header))):
        moments = _of_days(connection, table, column, days, text)
        if moments.question or moments.column.type != "text":
            return moments  # else they only look like days, as the amount 2026.50 looks like a month
    numbers = shapes.numbers(column.shapes, column.looked_at)
    if numbers and not _is_code(column, numbers):
        return _of_numbers(connection, table, column, numbers, text)
    return Typed(text, column)


def _vocabulary(connection: DuckDBPyConnection, table: Table, column: ColumnProfile) -> dict[str, int]:
    """Of a column of few values, those that are words for yes or no, and how many of each."""
    known = ", ".join(literal(word) for word in sorted({word for pair in shapes.TRUTHS for word in pair}))
    name = ident(column.name)
    query = f"select {name}, count(*) from {profile.cells(table.dataset)} where lower({name}) in ({known}) group by 1 order by 1"
    return dict(connection.execute(query).fetchall())


def _is_of_days(header: str) -> bool:
    return bool(words.one_of(header, "events")[0] or words.kind(header)[0] == "pd:BirthDate")


def _moment(text: Column, pattern: str) -> Column:
    kind = "timestamp" if "H" in pattern or "h" in pattern else "date" if "d" in pattern else "month"
    return replace(
        text, type=kind, sql_type="timestamp" if kind == "timestamp" else "date", format=pattern, local_zone="UTC"
    )


def _of_days(
    connection: DuckDBPyConnection, table: Table, column: ColumnProfile, days: shapes.Days, text: Column
) -> Typed:
    if days.two_digit_years:
        return Typed(text, column, question="years of two digits")
    if days.pattern:
        return _verified(connection, table, column, _moment(text, days.pattern), text)
    first, second = profile.largest_parts(connection, table.dataset, column.name)
    day_first, month_first = days.either
    if first > 12 >= second or second > 12 >= first:
        return _verified(connection, table, column, _moment(text, day_first if first > 12 else month_first), text)
    return Typed(text, column, question="day or month", either=days.either)


def _verified(connection: DuckDBPyConnection, table: Table, column: ColumnProfile, made: Column, text: Column) -> Typed:
    unread = profile.unread(connection, table.dataset, made)
    return Typed(made, column, unread) if unread <= MOST_UNREAD * column.filled else Typed(text, column)


def _is_code(column: ColumnProfile, numbers: shapes.Numbers) -> bool:
    """Whether digits are a code: with a zero before them, long ones of one length, or by what the header says."""
    if numbers.decimal or numbers.grouping or numbers.open:
        return False
    if (
        column.tests.get("leading zero", 0) > 0
        or (column.shortest == column.longest and column.longest >= 8)
        or column.longest > 15
    ):
        return True
    if words.is_measure(column.header):
        return False
    category, _ = words.kind(column.header)
    coded = (
        "pd:TelephoneNumber",
        "pd:OfficialID",
        "pd:BankAccount",
        "pd:PhysicalAddress",
        "pd:PaymentCardNumber",
        "pd:VehicleLicense",
        "pd:IPAddress",
        "pd:Username",
    )
    return words.is_id(column.header) or category in coded


def _of_numbers(
    connection: DuckDBPyConnection, table: Table, column: ColumnProfile, numbers: shapes.Numbers, text: Column
) -> Typed:
    decimal = numbers.decimal or numbers.open or ("," if numbers.grouping == "." else ".")
    made = replace(
        text, type="decimal", sql_type="decimal(18,4)", decimal_separator=decimal, grouping_separator=numbers.grouping
    )
    found = _verified(connection, table, column, made, text)
    if numbers.open and found.column.type == "decimal":
        return replace(found, question="decimal sign")
    return found


def _by_the_rest(found: list[Typed]) -> list[Typed]:
    """What other columns of the file say where one does not: how their numbers are written counts, how their days are is only
    proposed."""
    signs = [
        each.column.decimal_separator
        for each in found
        if each.column.type == "decimal" and not each.question and _has_sign(each)
    ]
    patterns = [each.column.format or "" for each in found if each.column.type in ("date", "timestamp")]
    return [_with_the_rest(each, signs, patterns) for each in found]


def _has_sign(each: Typed) -> bool:
    return any(sign in shape for shape in each.profile.shapes for sign in ".,")


def _with_the_rest(each: Typed, signs: list[str], patterns: list[str]) -> Typed:
    if each.question == "day or month":
        firsts = {pattern.strip("'")[:1] for pattern in patterns if pattern[:1] in "dM" and "." not in pattern}
        if len(firsts) == 1:
            return replace(each, proposed=each.either[0] if firsts == {"d"} else each.either[1])
    if each.question == "decimal sign" and signs and len(set(signs)) == 1:
        sign = each.column.decimal_separator
        if signs[0] == sign:
            return replace(each, question="")
        column = replace(each.column, decimal_separator=signs[0], grouping_separator=sign)
        return replace(each, column=column, question="")
    return each
