"""Contracts: how each export is to be read, from `expectations/contracts/*.odcs.yaml` (ODCS v3.1).

`load_contracts(folder)` gives frozen values; every other stage works from them and knows no file or column itself.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pipelines.errors import ExpectationsError
from pipelines.expectations import layout as layouts
from pipelines.expectations import yamlfile

SUFFIX = ".odcs.yaml"
# An export that lost more of its rows since the last one proves no erasure, unless its contract allows more.
LARGEST_DECREASE_PERCENT = 20
ENCODINGS = {"utf-8", "windows-1252", "iso-8859-1"}
NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
# Names that the tables of raw and registry give to columns of their own; `undeclared_<n>` is another.
RESERVED = {"record_key", "line", "unreadable", "file", "sha256", "subject_attributes", "rejected_rows"}
# A string column's `format` names the SQL function `is_<format>` that its values must satisfy.
FORMATS = {
    "identity-code", "business-id", "iban", "property-id", "postal-code", "phone", "possible-phone", "email",
    "reference-number",
}  # fmt: skip
OPTIONS = {
    "contract": {
        "encoding",
        "delimiter",
        "missingValues",
        "sheet",
        "purpose",
        "dataSubject",
        "address",
        *layouts.NAMES,
    },
    "column": {"trueValue", "falseValue", "decimalSeparator", "groupingSeparator", "hold"},
}
# With XXX, an offset or Z is read where there is one.
TIMESTAMPS = (
    "d.M.yyyy H:mm", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd HH:mm:ssXXX", "yyyy-MM-dd'T'HH:mm:ssXXX",
)  # fmt: skip
# What a column of the register of legal holds says of one (its custom property `hold`).
HOLD_SAYS = ("subject", "system", "dataset", "from", "until", "reason")
# A column that nobody classified, or that is classified as anything else, counts as personal.
NOT_PERSONAL = {"not-personal", "public"}
DECIMAL_SEPARATORS, GROUPING_SEPARATORS = (",", "."), ("", " ", "\u00a0", ".", ",", "'")
# What the standard leaves open, or allows although nothing here would check it.
KEYS = {
    "description": {"purpose", "limitations", "usage", "authoritativeDefinitions", "customProperties"},
    "logicalTypeOptions": {"format", "defaultTimezone"},
    "quality": {"metric", "mustBe", "arguments", "id", "name", "description", "severity", "dimension", "type"},
    "arguments": {"validValues"},
}


@dataclass(frozen=True)
class Column:
    """One column of an export. `type`: text, date, month, timestamp, decimal or boolean."""

    name: str
    header: str
    type: str
    sql_type: str
    description: str
    format: str | None = None
    required: bool = False
    key: bool = False
    personal: bool = True
    categories: tuple[str, ...] = ()
    valid_values: tuple[str, ...] = ()
    true_value: str = ""
    false_value: str = ""
    decimal_separator: str = "."
    grouping_separator: str = ""
    references: tuple[str, str] | None = None
    zone: str = ""  # of a timestamp without an offset, where it is not the controller's
    local_zone: str = ""  # the controller's; pipelines.expectations.zones puts it there
    hold: str = ""  # what it says of a legal hold: one of HOLD_SAYS


@dataclass(frozen=True)
class Contract:
    """One export file and the dataset it holds. `freshness`: date column and the most days it may lie back.

    `frequency`: months from one export to the next, 0 where the contract does not say.
    `largest_decrease`: percent of its rows that may go from one period to the next before it counts as cut off.
    """

    path: Path
    system: str
    product: str
    dataset: str
    description: str
    grain: str
    file: str
    kind: str
    columns: tuple[Column, ...]
    encoding: str = "utf-8"
    delimiter: str = ";"
    sheet: str | None = None
    layout: layouts.Layout = layouts.Layout()
    missing_values: tuple[str, ...] = ()
    freshness: tuple[str, int] | None = None
    largest_decrease: int = LARGEST_DECREASE_PERCENT
    frequency: int = 0
    purpose: str = ""
    data_subject: str = ""
    address: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """`system.dataset`, the contract's own id."""
        return f"{self.system}.{self.dataset}"

    @property
    def raw(self) -> str:
        """Name of the table in schema `raw`."""
        return f"{self.system}_{self.dataset}"

    @property
    def keys(self) -> tuple[Column, ...]:
        """The primary key's columns, in order."""
        return tuple(column for column in self.columns if column.key)

    def column(self, name: str) -> Column:
        """The column of that registry name; KeyError if none."""
        return {column.name: column for column in self.columns}[name]


def load_contracts(folder: Path) -> tuple[Contract, ...]:
    """All contracts of a folder, ordered by id; ExpectationsError names file, path in it and remedy."""
    paths = sorted(folder.glob("*" + SUFFIX))
    if not paths:
        raise ExpectationsError("no contracts found", file=folder, remedy=f"put one file per export here, *{SUFFIX}")
    contracts = tuple(sorted((load_contract(path) for path in paths), key=lambda contract: contract.id))
    check_together(contracts)
    return contracts


def load_contract(path: Path) -> Contract:
    """The contract of one file, checked against the standard's JSON schema and what the reader needs."""
    document = yamlfile.read(path)
    _check_schema(path, document)
    return _Reader(path, document).contract()


@cache
def _validator():
    """The JSON schema of the Open Data Contract Standard, as its own package ships it."""
    from importlib.resources import files

    import jsonschema_rs

    schema = files("open_data_contract_standard").joinpath("schema.json").read_text("utf-8")
    return jsonschema_rs.validator_for(json.loads(schema))


def _check_schema(path: Path, document: dict) -> None:
    # The deepest error is the one nearest to the fault; those above it only say that something below is wrong.
    # Conditions on a logicalType that is not there are met by chance: the reader asks for it.
    errors = [error for error in _validator().iter_errors(document) if error.message != '"map" is a required property']
    errors.sort(key=lambda error: -len(error.instance_path))
    if errors:
        raise ExpectationsError(
            errors[0].message.splitlines()[0][:300],
            file=path,
            place=".".join(str(step) for step in errors[0].instance_path) or "top level",
            remedy="see the Open Data Contract Standard v3.1; `datacontract lint` shows the same",
        )


class _Reader:
    """Turns one document that the standard accepts into a Contract, or says what the reader lacks."""

    def __init__(self, path: Path, document: dict):
        self.path, self.document = path, document

    def fail(self, place: str, problem: str, remedy: str):
        raise ExpectationsError(problem, file=self.path, place=place, remedy=remedy)

    def need(self, mapping: dict, key: str, place: str):
        value = mapping.get(key)
        if not (value.strip() if isinstance(value, str) else value):
            self.fail(f"{place}.{key}".lstrip("."), "is missing", f"add `{key}`")
        return value

    def known(self, mapping: dict, kind: str, place: str) -> dict:
        for key in sorted(mapping.keys() - KEYS[kind]):
            self.fail(
                f"{place}.{key}", "is not known, or not checked, here", f"known are: {', '.join(sorted(KEYS[kind]))}"
            )
        return mapping

    def options(self, element: dict, kind: str, place: str) -> dict:
        found = {}
        for item in element.get("customProperties") or []:
            name, known = item["property"], ", ".join(sorted(OPTIONS[kind]))
            if name not in OPTIONS[kind]:
                self.fail(f"{place}.customProperties.{name}", "unknown property", f"known are: {known}")
            if name in found:
                self.fail(f"{place}.customProperties.{name}", "stands twice", "keep one of them")
            found[name] = self.option(name, item["value"], f"{place}.customProperties.{name}")
        return found

    def option(self, name: str, value: object, place: str) -> object:
        if name in layouts.WHOLE:
            if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 1_000_000:
                self.fail(place, f"{value!r} is no number of rows", "write a whole number")
            return value
        if name == "widths":
            return value if isinstance(value, list) else self.fail(place, "is no list", "write `[8, 30, 12]`")
        return (self.texts if name in ("missingValues", "address") else self.text)(value, place)

    def text(self, value: object, place: str) -> str:
        """YAML takes `no`, `01` and `1.0` for something else than text."""
        if not isinstance(value, str):
            self.fail(place, f"{value!r} is no text", "put it in quotes")
        return value

    def texts(self, values: object, place: str) -> tuple[str, ...]:
        if not isinstance(values, list) or not values:
            self.fail(place, "is no list", "write `[one, another]`")
        return tuple(self.text(value, place) for value in values)

    def contract(self) -> Contract:
        document = self.document
        self.known(document.get("description") or {}, "description", "description")
        tables = self.need(document, "schema", "")
        if len(tables) != 1:
            self.fail("schema", f"describes {len(tables)} tables", "write one contract per export")
        table, place = tables[0], "schema.0"
        system, dataset = self.name(document, "domain", ""), self.name(table, "name", place)
        if document["id"] != f"{system}.{dataset}":
            self.fail("id", "differs from domain and name", f"set `id: {system}.{dataset}`")
        options = self.options(table, "contract", place)
        kind = self.need(table, "physicalType", place)
        if kind not in ("csv", "xlsx"):
            self.fail(f"{place}.physicalType", f"unknown kind of file {kind!r}", "use csv or xlsx")
        file = self.need(table, "physicalName", place)
        if not re.fullmatch(r"[^/\\:*?\"<>|\x00-\x1f]+", file) or file in (".", ".."):
            self.fail(f"{place}.physicalName", "is not a plain file name", "name the file without folders")
        self.separators_of_all = {
            own: options[name]
            for own, name in (("decimalSeparator", "decimal"), ("groupingSeparator", "thousands")) if name in options
        }  # fmt: skip
        columns = self.columns(self.need(table, "properties", place), f"{place}.properties")
        layout = layouts.read(
            options, lambda name, problem, remedy: self.fail(f"{place}.customProperties.{name}", problem, remedy)
        )
        if layout.widths and len(layout.widths) != len(columns) and layout.header_rows == 0:
            self.fail(f"{place}.customProperties.widths", "has not one width per column", "give each column its width")
        return Contract(
            path=self.path, system=system, product=document.get("dataProduct", system), dataset=dataset,
            description=table.get("description", ""), grain=table.get("dataGranularityDescription", ""),
            file=file, kind=kind, columns=columns, freshness=self.freshness(dataset, columns),
            largest_decrease=self.largest_decrease(), frequency=self.frequency(),
            sheet=options.get("sheet"), layout=layout, missing_values=options.get("missingValues", ()),
            purpose=options.get("purpose", ""), data_subject=options.get("dataSubject", ""),
            address=self.address(options, columns, place), **(self.csv(options, place) if kind == "csv" else {}),
        )  # fmt: skip

    def name(self, mapping: dict, key: str, place: str) -> str:
        value = self.need(mapping, key, place)
        if not NAME.match(value) or value in RESERVED or value.startswith("undeclared_"):
            remedy = f"use a-z, 0-9 and _, but not undeclared_ or one of {', '.join(sorted(RESERVED))}"
            self.fail(f"{place}.{key}".lstrip("."), f"{value!r} is no name for a table or column", remedy)
        return value

    def csv(self, options: dict, place: str) -> dict:
        encoding, delimiter = options.get("encoding", "utf-8").lower(), options.get("delimiter", ";")
        if encoding not in ENCODINGS and not layouts.is_encoding(encoding):
            known = ", ".join(sorted(ENCODINGS))
            self.fail(
                f"{place}.encoding", f"unknown encoding {encoding!r}", f"use one that Python knows, such as {known}"
            )
        if not re.fullmatch(r"[!#-/:-@\[-`{-~ \t]{1,8}", delimiter):
            problem = "must be one ASCII character, no letter, digit or quote, or up to eight of them"
            self.fail(f"{place}.delimiter", problem, "such as `;` or `,`")
        return {"encoding": layouts.canonical(encoding), "delimiter": delimiter}

    def address(self, options: dict, columns: tuple[Column, ...], place: str) -> tuple[str, ...]:
        parts = options.get("address", ())
        for part in sorted(set(parts) - {column.name for column in columns}):
            self.fail(f"{place}.address", f"no column {part!r}", "name columns of this contract")
        return parts

    def largest_decrease(self) -> int:
        for number, item in enumerate(self.document.get("slaProperties") or []):
            if item["property"] == "largestDecrease":
                value, place = item["value"], f"slaProperties.{number}"
                if (
                    item.get("unit") != "percent"
                    or isinstance(value, bool)
                    or not isinstance(value, int)
                    or not 0 <= value <= 100
                ):
                    self.fail(place, "largestDecrease is no whole percentage", "write `value: 20, unit: percent`")
                return value
        return LARGEST_DECREASE_PERCENT

    def frequency(self) -> int:
        months = {"mo": 1, "month": 1, "months": 1, "y": 12, "yr": 12, "year": 12, "years": 12}
        for number, item in enumerate(self.document.get("slaProperties") or []):
            if item["property"] == "frequency":
                if item.get("unit") not in months or type(item["value"]) is not int or item["value"] < 1:
                    remedy = "write `value: 3, unit: mo`"
                    self.fail(f"slaProperties.{number}", "frequency is not a whole number of months or years", remedy)
                return item["value"] * months[item["unit"]]
        return 0

    def freshness(self, dataset: str, columns: tuple[Column, ...]) -> tuple[str, int] | None:
        for number, item in enumerate(self.document.get("slaProperties") or []):
            if item["property"] != "freshness":
                continue
            place = f"slaProperties.{number}"
            table, _, name = str(item.get("element", "")).partition(".")
            dates = {column.name for column in columns if column.type in ("date", "month", "timestamp")}
            if table != dataset or name not in dates:
                self.fail(f"{place}.element", "names no date column of this dataset", f"write `{dataset}.<column>`")
            days = type(item["value"]) is int and item["value"] > 0
            if item.get("unit") not in ("d", "day", "days") or not days:
                self.fail(place, "freshness is not a whole number of days", "write `value: 100, unit: d`")
            return name, item["value"]
        return None

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
            name=self.name(item, "name", place), header=" ".join(self.need(item, "physicalName", place).split()),
            type=type_, sql_type=self.sql_type(item, type_, place), description=item.get("description", ""),
            format=format_, required=bool(item.get("required")), key=bool(item.get("primaryKey")),
            personal=item.get("classification") not in NOT_PERSONAL,
            categories=tuple(item.get("tags") or ()), valid_values=values,
            true_value=options.get("trueValue", ""), false_value=options.get("falseValue", ""),
            references=self.references(item, place), zone=self.zone(item, type_, place),
            hold=self.hold(options, type_, place), **self.separators(options, place),
        )  # fmt: skip

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
        known = {"date": {"d.M.yyyy": "date", "yyyy-MM": "month", "yyyy-MM-dd": "date"},
                 "timestamp": dict.fromkeys(TIMESTAMPS, "timestamp"),
                 "number": {None: "decimal"}, "integer": {None: "decimal"}, "boolean": {None: "boolean"}}  # fmt: skip
        if logical not in known:
            self.fail(f"{place}.logicalType", f"cannot read {logical!r}", f"use string or one of {', '.join(known)}")
        if format_ not in known[logical]:
            formats = ", ".join(str(f) for f in known[logical])
            self.fail(f"{place}.logicalTypeOptions.format", f"unknown format {format_!r}", f"use one of {formats}")
        return known[logical][format_], format_

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


def check_together(contracts: tuple[Contract, ...]) -> None:
    """Names are unique across contracts, and every relationship points to a column that exists."""
    for kind in ("dataset", "file", "raw"):
        seen: dict[str, Contract] = {}
        for contract in contracts:
            # Some file systems do not tell A.csv from a.csv.
            other = seen.setdefault(getattr(contract, kind).lower(), contract)
            if other is not contract:
                problem = f"{kind} {getattr(contract, kind)!r} is also described in {other.path.name}"
                raise ExpectationsError(problem, file=contract.path, remedy="give every export one contract")
    columns = {(contract.dataset, column.name) for contract in contracts for column in contract.columns}
    for contract in contracts:
        for column in contract.columns:
            if column.references and column.references not in columns:
                raise ExpectationsError(
                    f"relationship to {'.'.join(column.references)}, which no contract declares",
                    file=contract.path, place=f"column {column.name}", remedy="point it to a declared column",
                )  # fmt: skip
