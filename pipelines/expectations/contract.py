"""Contracts as frozen values: how each export is to be read (ODCS v3.1).

`contract_reader.load_contracts(folder)` reads them; every other stage works from these values and knows no file or column itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from pipelines.expectations import layout as layouts
from pipelines.expectations.span import Period

# An export that lost more of its rows since the last one proves no erasure, unless its contract allows more.
LARGEST_DECREASE_PERCENT = 20
NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
# A string column's `format` names the SQL function `is_<format>` that its values must satisfy.
FORMATS = {
    "identity-code", "business-id", "iban", "property-id", "postal-code", "phone", "possible-phone", "email",
    "reference-number",
}  # fmt: skip
# A personal column of this kind is free text, in which identifiers may have been written; `freeText` narrows which.
FREE_TEXT = "pd:Communication"
FREE_TEXT_KINDS = ("identity-code", "iban", "email", "phone")
# What a column of the register of legal holds says of one (its custom property `hold`).
HOLD_SAYS = ("subject", "system", "dataset", "from", "until", "reason")


@dataclass(frozen=True)
class Needed:
    """How long a field is needed: a period after a date column of its dataset, or of the data subject where `of_subject`."""

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
    zone: str = ""  # of a timestamp without an offset, where it is not the controller's
    local_zone: str = ""  # the controller's; pipelines.expectations.zones puts it there
    hold: str = ""  # what it says of a legal hold: one of HOLD_SAYS
    copy_of: tuple[str, tuple[str, ...]] | None = (
        None  # dataset and column, or parts of an address, that it should say too
    )
    unmatched: str = ""  # the controller's own rule for references to nothing, in place of orphan-record
    needed_until: Needed | None = None
    free_text: tuple[str, ...] = ()  # of FREE_TEXT_KINDS, what must not stand in it; none: nothing of them

    @property
    def is_free_text(self) -> bool:
        """Whether people may write anything into it."""
        return self.type == "text" and self.personal and FREE_TEXT in self.categories


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
    compared_where: str = ""  # condition on the rows whose copies are compared; pipelines.expectations.load reads it
    compared_except: str = ""  # relation that names the lines whose copies are not

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
