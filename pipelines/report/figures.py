"""The report's pictures as SVG text: without scripts, fonts, dates or traces of the machine; same numbers, same bytes.

Each is drawn wide, and narrow for a phone, in SEVERITY_COLOURS or shades of one blue, which differ in lightness and so
survive colour blindness and greyscale printing. Matplotlib is imported when the first one is drawn.
"""

from __future__ import annotations

import io
import math
import re
import warnings
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties

SEVERITY_COLOURS = {"high": "#9c2a1f", "medium": "#e39b3b", "low": "#b9cfdd"}
INK, MUTED, LINE, PAST, COMING = "#1d2a33", "#5b6a74", "#d5dde2", "#9c2a1f", "#2c6e91"
# From none to most, light to dark.
RAMP = ("#e8f1f6", "#b5d3e2", "#74aeca", "#2c7ba3", "#0b4a6b")


def heat_map(rows: Sequence[str], columns: Sequence[str], counts: Sequence[Sequence[int]], narrow: bool = False) -> str:
    """Counts by row and column, darker for more; empty for zero."""
    from matplotlib.colors import LinearSegmentedColormap
    from matplotlib.patches import Rectangle

    ramp = LinearSegmentedColormap.from_list("ramp", RAMP)
    most = max((max(row, default=0) for row in counts), default=0)
    wide, size, turned = (3.6, 8.5, 60) if narrow else (7.6, 9.5, 35)
    rows, left = _fitted(rows, size, wide * 0.36)
    slope = math.radians(turned)
    last, head = _width(columns[-1], size), max(_width(title, size) for title in columns)
    cell = (wide - left) / (len(columns) + 0.4)
    right = max(0.0, last * math.cos(slope) - 0.6 * cell + 0.05)
    cell = (wide - left - right) / len(columns)
    top, height = head * math.sin(slope) + 0.2, 0.27 if narrow else 0.31
    figure, axes = _canvas(wide, top + len(rows) * height)
    axes.set(xlim=(-left, wide - left), ylim=(len(rows) * height, -top))
    for place, title in enumerate(columns):
        turn = {"rotation": turned, "rotation_mode": "anchor", "ha": "left"}
        _text(axes, (place + 0.5) * cell, -0.07, title, size=size, color=MUTED, **turn)
    for line, (title, values) in enumerate(zip(rows, counts, strict=True)):
        middle = (line + 0.5) * height
        _text(axes, -0.1, middle, title, size=size, ha="right", va="center")
        for place, value in enumerate(values):
            share = (value / most) ** 0.5 if value else 0
            fill = ramp(share) if value else "#f4f7f8"
            corner = (place * cell + 0.012, line * height + 0.012)
            axes.add_patch(Rectangle(corner, cell - 0.024, height - 0.024, facecolor=fill))
            if value:
                colour = "white" if share > 0.6 else INK
                centre = {"ha": "center", "va": "center"}
                _text(axes, (place + 0.5) * cell, middle, _short(value), size=size, color=colour, **centre)
    return _svg(figure)


def stacked_bars(rows: Sequence[str], parts: Sequence[tuple[str, str, Sequence[int]]], narrow: bool = False) -> str:
    """One bar a row, stacked from (title, colour, counts), with the sum at its end and the titles on top."""
    from matplotlib.patches import Rectangle

    sums = [sum(values) for values in zip(*(part[2] for part in parts), strict=True)]
    wide, size, height = (3.6, 8.5, 0.26) if narrow else (7.6, 9.5, 0.29)
    rows, left = _fitted(rows, size, wide * 0.36)
    scale = (wide - left - 0.08 - _width(_spaced(max(sums, default=0)), size)) / (max(sums, default=0) or 1)
    figure, axes = _canvas(wide, 0.36 + height * len(rows))
    axes.set(xlim=(-left, wide - left), ylim=(height * len(rows), -0.36))
    start = 0.0
    for title, colour, _ in parts:
        axes.add_patch(Rectangle((start, -0.28), 0.12, 0.14, facecolor=colour))
        _text(axes, start + 0.18, -0.21, title, size=size, va="center", color=MUTED)
        start += 0.42 + _width(title, size)
    for line, title in enumerate(rows):
        middle = (line + 0.5) * height
        _text(axes, -0.1, middle, title, size=size, ha="right", va="center")
        reached = 0.0
        for _, colour, values in parts:
            length = values[line] * scale
            edge: dict[str, Any] = {"edgecolor": "white", "linewidth": 0.6}
            axes.add_patch(Rectangle((reached, middle - 0.095), length, 0.19, facecolor=colour, **edge))
            reached += length
        _text(axes, reached + 0.06, middle, _spaced(sums[line]), size=size, va="center", color=MUTED)
    return _svg(figure)


def columns_over_time(bars: Sequence[tuple[str, str, int, bool]], narrow: bool = False) -> str:
    """One column per (upper label, lower label, count, is_past); as bars from the top down if narrow."""
    from matplotlib.patches import Rectangle

    most = max((bar[2] for bar in bars), default=0) or 1
    if narrow:
        figure, axes = _canvas(3.6, 0.1 + 0.25 * len(bars))
        axes.set(xlim=(-0.4, 1.2), ylim=(len(bars), 0))
        for line, (upper, lower, value, past) in enumerate(bars):
            length = value / most
            _text(axes, -0.03, line + 0.5, f"{upper} {lower}".strip(), size=8.5, ha="right", va="center")
            axes.add_patch(Rectangle((0, line + 0.16), length, 0.68, facecolor=PAST if past else COMING))
            _text(axes, length + 0.02, line + 0.5, _spaced(value), size=8.5, va="center", color=MUTED)
        return _svg(figure)
    figure, axes = _canvas(7.6, 2.5)
    axes.set(xlim=(-0.1, len(bars) + 0.1), ylim=(-0.3, 1.12))
    axes.plot([-0.1, len(bars) + 0.1], [0, 0], color=LINE, linewidth=0.8, zorder=0)
    year = ""
    for place, (upper, lower, value, past) in enumerate(bars):
        length = value / most
        axes.add_patch(Rectangle((place + 0.14, 0), 0.72, length, facecolor=PAST if past else COMING))
        middle, below = place + 0.5, dict[str, Any](size=9, ha="center", va="top")
        _text(axes, middle, length + 0.025, _short(value), size=9, ha="center", color=MUTED)
        _text(axes, middle, -0.05, upper, color=PAST if past else INK, **below)
        _text(axes, middle, -0.17, lower if lower != year else "", color=PAST if past else MUTED, **below)
        year = lower
    return _svg(figure)


def _canvas(width: float, height: float) -> tuple[Figure, Axes]:
    """A figure of that size in inches, with axes that fill it and draw nothing themselves."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    return figure, axes


@cache
def _font() -> FontProperties:
    """DejaVu Sans as shipped with Matplotlib, so that the machine's own fonts make no difference."""
    import matplotlib
    from matplotlib.font_manager import FontProperties

    return FontProperties(fname=Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf")


def _width(text: str, size: float) -> float:
    """The width of a text in inches."""
    from matplotlib.textpath import text_to_path

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return text_to_path.get_text_width_height_descent(text, _sized(size), ismath=False)[0] / 72


def _fitted(texts: Sequence[str], size: float, limit: float) -> tuple[list[str], float]:
    """Texts truncated to `limit` inches, and the room for the longest, with some padding."""
    fitted = []
    for text in texts:
        cut = text
        while len(cut) > 1 and _width(cut, size) > limit:
            cut = cut.removesuffix("…")[:-1].rstrip() + "…"
        fitted.append(cut)
    return fitted, max((_width(text, size) for text in fitted), default=0) + 0.14


def _sized(size: float) -> FontProperties:
    font = _font().copy()
    font.set_size(size)
    return font


def _text(axes: Axes, x: float, y: float, text: str, size: float, color: str = INK, **place: Any) -> None:
    axes.text(x, y, text, fontproperties=_sized(size), color=color, parse_math=False, **place)


def _svg(figure: Figure) -> str:
    """The figure as a bare SVG element, letters as paths."""
    import matplotlib
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    settings = {"svg.fonttype": "path", "svg.hashsalt": "rekisterivahti", "patch.linewidth": 0}
    metadata = dict.fromkeys(("Creator", "Date", "Format", "Type"))
    target = io.StringIO()
    with matplotlib.rc_context(settings), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a letter missing from the font is drawn as a box
        FigureCanvasSVG(figure).print_svg(target, metadata=metadata)
    return re.sub(r"\A.*?(?=<svg)", "", target.getvalue(), flags=re.DOTALL)


def _spaced(value: int) -> str:
    return f"{value:,}".replace(",", "\u2009")


def _short(value: int) -> str:
    """At most four characters: 999, 1.2k, 12k, 3.4M."""
    for limit, unit in ((1_000_000, "M"), (1_000, "k")):
        if value >= limit:
            number = value / limit
            return f"{number:.1f}{unit}" if number < 9.95 else f"{number:.0f}{unit}"
    return str(value)
