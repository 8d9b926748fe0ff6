"""Reads contracts from `expectations/contracts/*.odcs.yaml`, each checked against the standard's schema and our own needs."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.errors import ExpectationsError
from pipelines.expectations import layout as layouts
from pipelines.expectations import yamlfile
from pipelines.expectations.contract import LARGEST_DECREASE_PERCENT, RESERVED_DATASETS, Column, Contract
from pipelines.expectations.contract_columns import ColumnReader
from pipelines.expectations.contract_document import Document

if TYPE_CHECKING:
    from jsonschema_rs import Validator

SUFFIX = ".odcs.yaml"
# Of files; those that can be packed by gzip.
KINDS, PACKED = ("csv", "xlsx", "parquet", "jsonl"), ("csv", "jsonl")
ENCODINGS = {"utf-8", "windows-1252", "iso-8859-1"}


def load_contracts(folder: Path) -> tuple[Contract, ...]:
    """All contracts of a folder, ordered by id; ExpectationsError names file, path and remedy."""
    paths = sorted(folder.glob("*" + SUFFIX))
    if not paths:
        raise ExpectationsError("no contracts found", file=folder, remedy=f"put one file per export here, *{SUFFIX}")
    contracts = tuple(sorted((load_contract(path) for path in paths), key=lambda contract: contract.id))
    check_together(contracts)
    return contracts


def load_contract(path: Path) -> Contract:
    """The contract in one file, checked against the standard's JSON schema and the reader's needs."""
    document = yamlfile.read(path)
    _check_schema(path, document)
    return ContractReader(path, document).contract()


@cache
def _validator() -> Validator:
    """The JSON schema of the Open Data Contract Standard, as shipped in its own package."""
    import jsonschema_rs

    schema = files("open_data_contract_standard").joinpath("schema.json").read_text("utf-8")
    return jsonschema_rs.validator_for(json.loads(schema))


def _check_schema(path: Path, document: dict) -> None:
    if found := _schema_faults(path, document):
        raise found[0]


def schema_faults(path: Path) -> list[ExpectationsError]:
    """Every place where a contract's file is not as the standard has it, the deepest first: those above only say that something below
    them is wrong, and are left out."""
    found = _schema_faults(path, yamlfile.read(path))
    return [each for each in found if not any(other.place.startswith(each.place + ".") for other in found)]


def _schema_faults(path: Path, document: dict) -> list[ExpectationsError]:
    # The deepest error is nearest to the fault; those above only say that something below is wrong.
    # Conditions on a missing logicalType match by accident: the reader asks for it.
    errors = [error for error in _validator().iter_errors(document) if error.message != '"map" is a required property']
    errors.sort(key=lambda error: -len(error.instance_path))
    return [
        ExpectationsError(
            error.message.splitlines()[0][:300],
            file=path,
            place=".".join(str(step) for step in error.instance_path) or "top level",
            remedy="see the Open Data Contract Standard v3.1; `datacontract lint` shows the same",
        )
        for error in errors
    ]


class ContractReader(Document):
    """Turns a document that the standard accepts into a Contract, or reports what the reader still needs."""

    def __init__(self, path: Path, document: dict) -> None:
        super().__init__(path)
        self.document = document

    def contract(self) -> Contract:
        document = self.document
        self.known(document.get("description") or {}, "description", "description")
        tables = self.need(document, "schema", "")
        if len(tables) != 1:
            self.fail("schema", f"describes {len(tables)} tables", "write one contract per export")
        table, place = tables[0], "schema.0"
        system, dataset = self.name(document, "domain", ""), self.name(table, "name", place)
        if dataset in RESERVED_DATASETS:
            remedy = f"call the dataset otherwise, such as {dataset}_records"
            self.fail(f"{place}.name", f"{dataset!r} is the name of a table of the workbench's own", remedy)
        if document["id"] != f"{system}.{dataset}":
            self.fail("id", "differs from domain and name", f"set `id: {system}.{dataset}`")
        options = self.options(table, "contract", place)
        kind = self.need(table, "physicalType", place)
        if kind not in KINDS:
            self.fail(f"{place}.physicalType", f"unknown kind of file {kind!r}", f"use {', '.join(KINDS)}")
        file = self.need(table, "physicalName", place)
        if not re.fullmatch(r"[^/\\:*?\"<>|\x00-\x1f]+", file) or file in (".", ".."):
            self.fail(f"{place}.physicalName", "is not a plain file name", "name the file without folders")
        separators = {
            own: options[name]
            for own, name in (("decimalSeparator", "decimal"), ("groupingSeparator", "thousands"))
            if name in options
        }
        properties = self.need(table, "properties", place)
        columns = ColumnReader(self.path, separators).columns(properties, f"{place}.properties")
        layout = layouts.read(
            options, lambda name, problem, remedy: self.fail(f"{place}.customProperties.{name}", problem, remedy)
        )
        if layout.widths and len(layout.widths) != len(columns) and layout.header_rows == 0:
            self.fail(f"{place}.customProperties.widths", "has not one width per column", "give each column its width")
        if layout.is_packed and (kind not in PACKED or options.get("encoding", "utf-8").lower() not in ENCODINGS):
            known = ", ".join(sorted(ENCODINGS))
            problem = "goes with csv in an encoding such as " + known + ", and with jsonl"
            self.fail(f"{place}.customProperties.compression", problem, "unpack the file before it is handed over")
        return Contract(
            path=self.path,
            system=system,
            product=document.get("dataProduct", system),
            dataset=dataset,
            description=table.get("description", ""),
            grain=table.get("dataGranularityDescription", ""),
            file=file,
            kind=kind,
            columns=columns,
            freshness=self.freshness(dataset, columns),
            largest_decrease=self.largest_decrease(),
            frequency=self.frequency(),
            sheet=options.get("sheet"),
            layout=layout,
            missing_values=options.get("missingValues", ()),
            purpose=options.get("purpose", ""),
            data_subject=options.get("dataSubject", ""),
            address=self.address(options, columns, place),
            compared_where=options.get("comparedWhere", ""),
            compared_except=options.get("comparedExcept", ""),
            **(self.csv(options, place) if kind == "csv" else {}),
        )

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


def check_together(contracts: tuple[Contract, ...]) -> None:
    """Checks that names are unique across contracts and that every relationship points to an existing column."""
    for kind in ("dataset", "file", "raw"):
        seen: dict[str, Contract] = {}
        for contract in contracts:
            # Some file systems do not distinguish A.csv and a.csv.
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
                    file=contract.path,
                    place=f"column {column.name}",
                    remedy="point it to a declared column",
                )
