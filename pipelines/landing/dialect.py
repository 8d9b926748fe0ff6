"""Files with delimiters or quotes other than one character and double quotes, on their way in and back.

Text is converted from its contract's layout to the one form that the landing SQL splits, with noncharacters for what would be
split or unquoted by mistake; `outward` is the SQL that restores a cell's own characters.
"""

from __future__ import annotations

import re

from pipelines.expectations.contract import Contract
from pipelines.expectations.layout import Layout
from pipelines.sql import literal

# In this order: an escaped quote, an escaped delimiter, an escaped escape, a delimiter of several characters, a double
# quote that quotes nothing.
QUOTE, INNER, ESCAPE, CUT, PLAIN = "\ufdd4", "\ufdd5", "\ufdd6", "\ufdd7", "\ufdd8"
MARKS = (QUOTE, INNER, ESCAPE, CUT, PLAIN)


def is_plain(contract: Contract) -> bool:
    """Whether nothing has to be converted on the way in."""
    layout = contract.layout
    return layout.quote == '"' and not layout.escape and not layout.widths and len(contract.delimiter) == 1


def delimiter(contract: Contract) -> str:
    """The delimiter after conversion."""
    return CUT if contract.layout.widths or len(contract.delimiter) > 1 else contract.delimiter


def inward(piece: bytes, contract: Contract) -> bytes:
    """Lines of UTF-8 in the converted form."""
    text, layout = piece.decode("utf-8"), contract.layout
    if layout.escape:
        pairs = {layout.escape: ESCAPE, layout.quote: QUOTE, contract.delimiter: INNER}
        wanted = "|".join(re.escape(mark) for mark in pairs if mark)
        text = re.sub(f"{re.escape(layout.escape)}({wanted})", lambda match: pairs[match[1]], text)
    if layout.widths:
        text = _cut(text, layout)
    elif len(contract.delimiter) > 1:
        text = text.replace(contract.delimiter, CUT)
    if layout.quote != '"':
        text = text.replace('"', PLAIN)
        text = text.replace(layout.quote, '"') if layout.quote else text
    return text.encode("utf-8")


def _cut(text: str, layout: Layout) -> str:
    """Inserts a delimiter after every fixed-width column; text beyond the last becomes a surplus cell."""
    columns = "".join(f"(.{{0,{width}}})" for width in layout.widths)

    def cells(match: re.Match) -> str:
        *known, beyond = match.groups()
        return CUT.join([*known, beyond] if beyond.strip() else known)

    return re.sub(f"(?m)^{columns}(.*)$", cells, text.removesuffix("\n")) + "\n" * text.endswith("\n")


def _pairs(contract: Contract) -> list[tuple[str, str]]:
    layout = contract.layout
    return [
        ('"', layout.quote or '"'),
        (QUOTE, layout.quote),
        (INNER, contract.delimiter),
        (ESCAPE, layout.escape),
        (CUT, "" if layout.widths else contract.delimiter),
        (PLAIN, '"'),
    ]


def outward(contract: Contract, sql: str) -> str:
    """SQL of a cell, or of a line of the file, with its own characters."""
    if is_plain(contract):
        return sql
    for mark, own in _pairs(contract):
        sql = f"replace({sql}, {literal(mark)}, {literal(own)})"
    return sql


def restored(contract: Contract, text: str) -> str:
    """The same for a header."""
    for mark, own in _pairs(contract):
        text = text.replace(mark, own)
    return text
