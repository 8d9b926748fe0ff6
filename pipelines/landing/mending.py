"""Repairs headers with one wrong character, but only if the result names every declared column once.

Each row is then under its own headers: it has as many cells as the contract has columns, and the file shows no other order.
"""

from __future__ import annotations

import re
from dataclasses import replace

from pipelines.expectations.contract import Contract
from pipelines.landing import dialect
from pipelines.landing.headers import Header, single

OTHER_DELIMITERS = ";,\t| "


def without_stray_quotes(contract: Contract, header: Header) -> Header:
    """The header with declared names freed of a surplus quote; unchanged if two columns would get one name."""
    declared = {column.header for column in contract.columns}
    bare = [single(name.replace('"', "")) for name in header.names]
    names = tuple(
        plain if name not in declared and plain in declared else name
        for name, plain in zip(header.names, bare, strict=True)
    )
    return replace(header, names=names) if len(set(names)) == len(set(header.names)) else header


def with_own_delimiter(contract: Contract, header: Header) -> Header:
    """The header split at another delimiter, if it is a single cell and the split names everything declared."""
    declared = {column.header for column in contract.columns}
    if header.width > 1 or len(declared) == 1:
        return header
    for mark in OTHER_DELIMITERS.replace(dialect.delimiter(contract), ""):
        names = tuple(single(name.replace('"', "")) for name in header.cells[0].split(mark))
        if len(names) == len(declared) and set(names) == declared:
            return replace(header, names=names, cells=names, width=len(names), is_mended=True)
    return header


def by_one_delimiter(contract: Contract, header: Header) -> tuple[Header | None, bool]:
    """(the header with one delimiter more or less, whether nothing but such a fault explains it): None unless exactly one
    such header names everything declared. Not certain if a name is two declared ones run together: it may be a column of
    its own, and the rows may have a surplus."""
    declared, names, cells = {column.header for column in contract.columns}, header.names, header.cells
    found: dict[tuple[str, ...], bool] = {}
    if header.width == len(names) == len(declared) + 1:  # one delimiter too many: two cells form one name
        for at in range(len(names) - 1):
            found[(*names[:at], single(f"{cells[at]}{cells[at + 1]}"), *names[at + 2 :])] = True
    elif header.width == len(names) == len(declared) - 1:  # one too few: one cell holds two names
        missing = sorted(declared - set(names))
        pairs = [tuple(missing), tuple(reversed(missing))] if len(missing) == 2 else []
        for at, name in enumerate(names):
            for pair in pairs:
                if re.sub(r'[\s"]', "", name) == re.sub(r"\s", "", "".join(pair)):
                    found[(*names[:at], *pair, *names[at + 1 :])] = '"' in name
    fitting = [made for made in found if set(made) == declared and len(made) == len(declared)]
    if len(fitting) != 1:
        return None, False
    made = fitting[0]
    return Header(made, made, header.first_line, len(made), is_mended=True), found[made]
