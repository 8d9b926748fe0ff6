"""A contract's columns as values."""

from __future__ import annotations

import re
from pathlib import Path

from pipelines.expectations import dates
from pipelines.expectations.contract import FORMATS, FREE_TEXT_KINDS, HOLD_SAYS, NAME, Column, Needed
from pipelines.expectations.contract_document import Document
from pipelines.expectations.span import parse_period

# A column without a classification, or with an unknown one, counts as personal.
NOT_PERSONAL = {"not-personal", "public"}
DECIMAL_SEPARATORS, GROUPING_SEPARATORS = (",", "."), ("", " ", "\u00a0", ".", ",", "'")


class ColumnReader(Document):
    """Reads the properties of a table. `separators`: of numbers, for columns that do not set their own."""

    def __init__(self, path: Path, separators: dict) -> None:
        super().__init__(path)
        self.separators_of_all = separators

    def columns(self, properties: list[dict], place: str) -> tuple[Column, ...]:
        columns = tuple(self.column(item, f"{place}.{number}") for number, item in enumerate(properties))
        for kind in ("name", "header"):
            values = [getattr(column, kind) for column in columns]
            for value in sorted({v for v in values if values.count(v) > 1}):
                self.fail(place, f"two columns with the {kind} {value!r}", "declare each column once")
        if not any(column.key for column in columns):
            self.fail(place, "no primary key", "mark a column `primaryKey: true`")
        return columns

    def column(self, item: dict, place: str) -> Column:
        options = self.options(item, "column", place)
        type_, format_ = self.type(item, place)
        values = self.valid_values(item, place)
        if type_ == "boolean" and self.need(options, "trueValue", place) == self.need(options, "falseValue", place):
            self.fail(f"{place}.falseValue", "is the same as trueValue", "name the two words for yes and no")
        return Column(
            name=self.name(item, "name", place),
            header=" ".join(self.need(item, "physicalName", place).split()),
            type=type_,
            sql_type=self.sql_type(item, type_, place),
            description=item.get("description", ""),
            format=format_,
            required=bool(item.get("required")),
            key=bool(item.get("primaryKey")),
            personal=item.get("classification") not in NOT_PERSONAL,
            categories=tuple(item.get("tags") or ()),
            valid_values=values,
            true_value=options.get("trueValue", ""),
            false_value=options.get("falseValue", ""),
            references=self.references(item, place),
            zone=self.zone(item, type_, place),
            hold=self.hold(options, type_, place),
            unmatched=options.get("unmatched", ""),
            copy_of=self.copy_of(options, place),
            needed_until=self.needed_until(options, place),
            free_text=self.free_text(options, place),
            **self.separators(options, place),
        )

    def zone(self, item: dict, type_: str, place: str) -> str:
        zone = (item.get("logicalTypeOptions") or {}).get("defaultTimezone", "")
        if zone and type_ != "timestamp":
            place = f"{place}.logicalTypeOptions.defaultTimezone"
            self.fail(place, f"a {type_} has no time zone", "leave it out, or declare a timestamp")
        return zone

    def hold(self, options: dict, type_: str, place: str) -> str:
        says = options.get("hold", "")
        if says and says not in HOLD_SAYS:
            self.fail(f"{place}.hold", f"cannot be {says!r}", f"use one of: {', '.join(HOLD_SAYS)}")
        if says and type_ != ("date" if says in ("from", "until") else "text"):
            self.fail(
                f"{place}.hold",
                f"a column that says {says!r} cannot be a {type_}",
                "from and until are dates, the others text",
            )
        return says

    def copy_of(self, options: dict, place: str) -> tuple[str, tuple[str, ...]] | None:
        """`customers.name`, or the parts of an address in one column: `[customers.street, customers.city]`."""
        if "copyOf" not in options:
            return None
        named = [text.partition(".") for text in options["copyOf"]]
        datasets, columns = {dataset for dataset, _, _ in named}, tuple(column for _, _, column in named)
        if len(datasets) != 1 or not all((*datasets, *columns)):
            self.fail(
                f"{place}.copyOf", "names no column, or columns of several datasets", "write `<dataset>.<column>`"
            )
        return datasets.pop(), columns

    def needed_until(self, options: dict, place: str) -> Needed | None:
        """`P3Y after customer_until`."""
        if "neededUntil" not in options:
            return None
        period, _, event = options["neededUntil"].partition(" after ")
        of_subject, column = event.startswith("subject."), event.removeprefix("subject.")
        parsed = parse_period(period)
        if not parsed or not NAME.match(column):
            remedy = "write a period and a date column, such as `P3Y after left_on` or `P1Y after subject.left_on`"
            self.fail(f"{place}.neededUntil", f"{options['neededUntil']!r} says no day", remedy)
        return Needed(parsed, column, of_subject)

    def free_text(self, options: dict, place: str) -> tuple[str, ...]:
        kinds = options.get("freeText", ())
        for kind in kinds:
            if kind not in FREE_TEXT_KINDS:
                known = ", ".join(FREE_TEXT_KINDS)
                self.fail(f"{place}.freeText", f"no kind of identifier: {kind!r}", f"use any of: {known}")
        return kinds

    def separators(self, options: dict, place: str) -> dict:
        options = self.separators_of_all | options
        decimal, grouping = options.get("decimalSeparator", "."), options.get("groupingSeparator", "")
        if decimal not in DECIMAL_SEPARATORS:
            self.fail(f"{place}.decimalSeparator", f"cannot be {decimal!r}", "use `,` or `.`")
        if grouping not in GROUPING_SEPARATORS or grouping == decimal:
            self.fail(
                f"{place}.groupingSeparator", f"cannot be {grouping!r}", "use a space, `.`, `,` or `'`, or leave it out"
            )
        return {"decimal_separator": decimal, "grouping_separator": grouping}

    def type(self, item: dict, place: str) -> tuple[str, str | None]:
        logical = self.need(item, "logicalType", place)
        format_ = self.known(
            item.get("logicalTypeOptions") or {}, "logicalTypeOptions", f"{place}.logicalTypeOptions"
        ).get("format")
        if logical == "string":
            if format_ is not None and format_ not in FORMATS:
                self.fail(
                    f"{place}.logicalTypeOptions.format", f"unknown format {format_!r}", f"known: {sorted(FORMATS)}"
                )
            return "text", format_
        if logical in ("date", "timestamp"):
            return self.moment(logical, format_, f"{place}.logicalTypeOptions.format"), format_
        known = {"number": "decimal", "integer": "decimal", "boolean": "boolean"}
        if logical not in known:
            names = ", ".join(("string", "date", "timestamp", *known))
            self.fail(f"{place}.logicalType", f"cannot read {logical!r}", f"use one of {names}")
        if format_ is not None:
            self.fail(f"{place}.logicalTypeOptions.format", f"unknown format {format_!r}", "leave it out")
        return known[logical], None

    def moment(self, logical: str, format_: object, place: str) -> str:
        """date, month or timestamp, depending on the pattern."""
        found = dates.pattern(self.text(format_, place)) if format_ is not None else "is missing"
        if isinstance(found, str):
            self.fail(place, f"unknown format {format_!r}: {found}", dates.WRITE)
        kind = dates.kind(found)
        if (kind == "timestamp") != (logical == "timestamp"):
            self.fail(
                place, f"a {logical} cannot have the format {format_!r}", "declare a date, or a timestamp with a time"
            )
        return kind

    def sql_type(self, item: dict, type_: str, place: str) -> str:
        fixed = {"text": "varchar", "date": "date", "month": "date", "timestamp": "timestamp", "boolean": "boolean"}
        if type_ in fixed:
            return fixed[type_]
        declared = item.get("physicalType") or "decimal(18,4)"
        digits = re.fullmatch(r"decimal\(([1-9]|[12][0-9]|3[0-8]),\s*(\d{1,2})\)", declared)
        if not digits or int(digits[2]) > int(digits[1]):
            self.fail(f"{place}.physicalType", f"{declared!r} is no decimal", "write e.g. decimal(18,4)")
        return declared

    def valid_values(self, item: dict, place: str) -> tuple[str, ...]:
        values: tuple[str, ...] = ()
        for number, check in enumerate(item.get("quality") or []):
            where = f"{place}.quality.{number}"
            if (
                self.known(check, "quality", where).get("metric") != "invalidValues"
                or check.get("mustBe") != 0
                or values
            ):
                self.fail(
                    where,
                    "only one `metric: invalidValues, mustBe: 0` is checked here",
                    "write a rule for anything else",
                )
            arguments = self.known(check.get("arguments") or {}, "arguments", f"{where}.arguments")
            values = self.texts(arguments.get("validValues"), f"{where}.arguments.validValues")
        return values

    def references(self, item: dict, place: str) -> tuple[str, str] | None:
        for link in item.get("relationships") or []:
            dataset, _, column = str(link.get("to", "")).partition(".")
            if not column or not isinstance(link["to"], str):
                self.fail(f"{place}.relationships", "names no column", "write `to: <dataset>.<column>`")
            return dataset, column
        return None
