"""What a notebook cell shows: a table, a picture, or a few lines of text. The same data gives the same text and HTML.

HTML has a caption, header cells with their scope, alternative text; no script, no style sheet, no id. `words` say it in the
reader's language.
"""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Any

import pandas as pd

from pipelines.desk.words import Words
from pipelines.errors import VahtiError
from pipelines.known import checked
from pipelines.language.languages import N_

ROWS_SHOWN = 15
ENGLISH = Words()
# On an output of a notebook: keys, kinds, counts and dates only, so that it may be saved (pipelines/desk/saving.py).
SAVED = "vahti_saved"


class Shown:
    """What a cell shows; marked as fit to be saved, unless `holds_values`."""

    holds_values = False

    def _repr_mimebundle_(self, **_: object) -> tuple[dict, dict]:
        return {}, {} if self.holds_values else {SAVED: True}


class Table(Shown):
    """A DataFrame (`.df`) with a caption, shown in a stable way; what it does not do itself, pandas does.

    `note`: what the reader must know of what is not in it. `.count(…)`, `.all()` and `.browse()` give other views.
    `data`: columns of a register, whose cells are nobody's words.
    """

    def __init__(
        self,
        df: pd.DataFrame,
        caption: str = "",
        note: str = "",
        rows: int | None = ROWS_SHOWN,
        *,
        holds_values: bool = False,
        words: Words = ENGLISH,
        data: tuple[str, ...] = (),
    ) -> None:
        self.df, self.caption, self.note, self.rows, self.holds_values = df, caption, note, rows, holds_values
        self.words, self.data = words, data

    def __len__(self) -> int:
        return len(self.df)

    def __getitem__(self, key: Any) -> Any:
        return self.df[key]

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name == "df":
            raise AttributeError(name)
        return getattr(self.df, name)

    def count(self, *columns: str) -> Table:
        """One row per combination of the columns' values with its number of rows, the most frequent first."""
        for column in columns:
            checked("column", column, self.df.columns, place=self.caption)
        counted = self.df.groupby(list(columns), dropna=False, observed=True).size().reset_index(name="rows")
        counted = counted.sort_values(["rows", *columns], ascending=[False, *[True] * len(columns)], ignore_index=True)
        by = self.words.joined(map(self.words.heading, columns))
        caption = self.words.put(N_("%(caption)s, by %(columns)s"), caption=self.caption, columns=by)
        return Table(counted, caption, self.note, holds_values=self.holds_values, words=self.words, data=self.data)

    def all(self) -> Table:
        """The same table with every row shown."""
        return Table(
            self.df,
            self.caption,
            self.note,
            rows=None,
            holds_values=self.holds_values,
            words=self.words,
            data=self.data,
        )

    def browse(self) -> Picture:
        """The table to sort and filter by hand, in JupyterLab; its program comes with the package, not from the net."""
        alt = self.words.put(N_("%(caption)s, %(n)s rows, to sort and filter"), caption=self.caption, n=len(self))
        return Picture(_interactive(self), alt, self.holds_values)

    def __repr__(self) -> str:
        rows = N_("%(caption)s: %(n)s row") if len(self) == 1 else N_("%(caption)s: %(n)s rows")
        lines = [self.words.put(rows, caption=self.caption, n=len(self))]
        if len(self):
            lines += self._as_text()
        return "\n".join([*lines, *self._remarks()])

    def _repr_html_(self) -> str:
        if not len(self):
            return "".join(
                f"<p>{escape(text)}</p>"
                for text in (self.words.put(N_("%(caption)s: none."), caption=self.caption), *self._remarks())
            )
        shown = self._shown()
        names = [(escape(self.words.heading(name)), _side(self.df[name])) for name in shown.columns]
        head = "".join(f'<th scope="col"{side}>{name}</th>' for name, side in names)
        rows = "\n".join(self._row(row) for row in shown.itertuples(index=False, name=None))
        caption = f'<caption style="text-align: left">{escape(self.caption)}</caption>\n'
        table = f"<table>\n{caption}<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>"
        return table + "".join(f"\n<p>{escape(text)}</p>" for text in self._remarks())

    def _row(self, row: tuple) -> str:
        columns = self.words.shown(self.df)
        sides = [_side(self.df[name]) for name in columns]
        cells = [escape(self._cell(value, str(name))) for value, name in zip(row, columns, strict=True)]
        first = f'<th scope="row"{sides[0]}>{cells[0]}</th>'
        rest = "".join(f"<td{side}>{cell}</td>" for side, cell in zip(sides[1:], cells[1:], strict=True))
        return f"<tr>{first}{rest}</tr>"

    def _shown(self) -> pd.DataFrame:
        shown = self.df[self.words.shown(self.df)]
        return shown if self.rows is None else shown.head(self.rows)

    def _cell(self, value: Any, column: str, group: Callable[[int], str] | None = None) -> str:
        is_data = self.holds_values or column in self.data
        return (self.words.value if is_data else self.words.cell)(value, column, group)

    def _as_text(self) -> list[str]:
        """The table in columns of letters."""
        df = self._shown()
        names, right = list(df.columns), [not _side(df[name]) for name in df.columns]
        rows = [list(map(self.words.name, names))]
        rows += [
            [self._cell(v, str(n), str) for v, n in zip(row, names, strict=True)] for row in df.itertuples(False, None)
        ]
        widths = [max(len(row[place]) for row in rows) for place in range(len(names))]
        sides = [str.rjust if side else str.ljust for side in right]
        spaced = ([side(text, width) for text, width, side in zip(row, widths, sides, strict=True)] for row in rows)
        return ["  ".join(cells).rstrip() for cells in spaced]

    def _remarks(self) -> list[str]:
        more = len(self.df) - len(self._shown())
        rest = self.words.put(N_("… and %(n)s more; .all() shows them, .browse() sorts and filters them."), n=more)
        rest = rest if more else ""
        return [text for text in (rest, self.note) if text]


@dataclass(frozen=True)
class Picture(Shown):
    """A figure with its alternative text; `markup` is HTML."""

    markup: str
    alt: str
    holds_values: bool = False

    def __repr__(self) -> str:
        return f"Figure: {self.alt}"

    def _repr_html_(self) -> str:
        return self.markup


def picture(svg: str, title: str, alt: str) -> Picture:
    """An SVG with its title above it and its alternative text."""
    data = base64.b64encode(svg.encode()).decode()
    image = f'<img alt="{escape(alt)}" style="max-width: 52rem; width: 100%" src="data:image/svg+xml;base64,{data}">'
    return Picture(f"<figure><figcaption><strong>{escape(title)}</strong></figcaption>{image}</figure>", alt)


@dataclass(frozen=True)
class Said(Shown):
    """Sentences: a heading (may be empty), then lines, each with an optional term before it."""

    heading: str
    lines: tuple[tuple[str, str], ...]

    def __repr__(self) -> str:
        lines = [f"{term}: {text}" if term else text for term, text in self.lines]
        return "\n".join([self.heading, *lines] if self.heading else lines)

    def _repr_html_(self) -> str:
        head = f"<p><strong>{escape(self.heading)}</strong></p>" if self.heading else ""
        terms = [f"<strong>{escape(term)}.</strong> " if term else "" for term, _ in self.lines]
        return head + "".join(f"<p>{term}{escape(text)}</p>" for term, (_, text) in zip(terms, self.lines, strict=True))


def _side(column: pd.Series) -> str:
    """Text to the left; numbers keep to the right; days in one piece."""
    if pd.api.types.is_numeric_dtype(column) and column.dtype != bool:
        return ""
    days = any(isinstance(value, dt.date) for value in column.head(1))
    return f' style="text-align: left{"; white-space: nowrap" if days else ""}"'


def _interactive(table: Table) -> str:
    """HTML with DataTables inside, as itables ships it."""
    try:
        from itables import options, to_html_datatable
        from itables.javascript import generate_init_offline_itables_html
    except ImportError:
        raise VahtiError("no program to browse tables with", remedy="pip install itables") from None
    # Without it in front, the table waits for its program for ever. What the page has already is not loaded again.
    program = generate_init_offline_itables_html(options.dt_bundle)
    return program + to_html_datatable(
        table.df,
        caption=table.caption,
        connected=False,
        showIndex=False,
        maxBytes=0,
        column_filters="header",
        layout={"topStart": "pageLength", "topEnd": "search"},
        display_logo_when_loading=False,
    )
