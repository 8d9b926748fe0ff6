"""Contracts as frozen values: how each export is to be read (ODCS v3.1).

`contract_reader.load_contracts(folder)` reads them; every other stage works from these values and has no file or column names of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from pipelines.expectations import layout as layouts
from pipelines.expectations.span import Period

# An export that lost more of its rows than this is no proof of erasure, unless its contract allows more.
LARGEST_DECREASE_PERCENT = 20
NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
# Names that the tables of raw and registry use for their own columns; `undeclared_<n>` is another.
RESERVED = {"record_key", "line", "unreadable", "file", "sha256", "subject_attributes", "rejected_rows"}
# Names of the workbench's own tables beside the datasets' in schema `registry`.
RESERVED_DATASETS = {
    "schedule", "retention", "class_retention", "retention_of_subjects", "legal_holds", "active_holds", "unclear_holds", "subject_holds",
    "subject_limits",
}  # fmt: skip
# A string column's `format` names the SQL function `is_<format>` that its values must pass.
FORMATS = {
    "identity-code", "business-id", "iban", "property-id", "postal-code", "phone", "possible-phone", "email",
    "reference-number",
}  # fmt: skip
# Personal columns of these kinds are free text, which may contain identifiers; `freeText` narrows which.
FREE_TEXT = "pd:Communication"
FREE_TEXT_KINDS = ("identity-code", "iban", "email", "phone")
# What a column of the register of legal holds can contain (its custom property `hold`).
HOLD_SAYS = ("subject", "system", "dataset", "from", "until", "reason")


@dataclass(frozen=True)
class Needed:
    """How long a field is needed: a period after a date column of its dataset, or of the data subject if `of_subject`."""

    period: Period
    column: str
    of_subject: bool = False


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
    zone: str = ""  # of a timestamp without an offset, if not the controller's
    local_zone: str = ""  # the controller's; set by pipelines.expectations.zones
    hold: str = ""  # what it contains of a legal hold: one of HOLD_SAYS
    copy_of: tuple[str, tuple[str, ...]] | None = (
        None  # dataset and column, or parts of an address, that it should equal
    )
    unmatched: str = ""  # the controller's own rule for broken references, replacing orphan-record
    needed_until: Needed | None = None
    free_text: tuple[str, ...] = ()  # of FREE_TEXT_KINDS, those it must not contain; empty: none of them

    @property
    def is_free_text(self) -> bool:
        """Whether people can write anything into it."""
        return self.type == "text" and self.personal and FREE_TEXT in self.categories


@dataclass(frozen=True)
class Contract:
    """One export file and the dataset it holds. `freshness`: date column and its maximum age in days.

    `frequency`: months between exports, 0 if the contract does not say.
    `largest_decrease`: percent of rows that may disappear between periods before the file counts as cut off.
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
    compared_where: str = ""  # condition on the rows whose copies are compared; set by pipelines.expectations.load
    compared_except: str = ""  # relation naming the lines whose copies are not

    @property
    def id(self) -> str:
        """`system.dataset`, the contract's own id."""
        return f"{self.system}.{self.dataset}"

    @property
    def raw(self) -> str:
        """Table name in schema `raw`."""
        return f"{self.system}_{self.dataset}"

    @property
    def keys(self) -> tuple[Column, ...]:
        """The columns of the primary key, in order."""
        return tuple(column for column in self.columns if column.key)

    def column(self, name: str) -> Column:
        """The column with that registry name; KeyError if none."""
        return {column.name: column for column in self.columns}[name]
