"""The picture of all statements across periods: a row per statement, a column per period, a shape and colour per status."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.report.figures import INK, MUTED, _canvas, _svg, _text

# Colours that differ in lightness, and a letter for each, so that greyscale paper and colour blindness hide none.
STATUS_LOOKS = {
    "holds": ("#b9d9c6", ""), "broken": ("#9c2a1f", "×"), "cannot tell": ("#e3e6e8", "?"), "attested": ("#b5d3e2", "a"),
    "attestation expired": ("#e39b3b", "!"), "not evidenced": ("#f4d9a8", "–"),
}  # fmt: skip


def statement_grid(
    statements: Sequence[str], periods: Sequence[str], statuses: Sequence[Sequence[str]], words: dict[str, str]
) -> str:
    """SVG text; `statuses` has a row per statement and a status per period, empty where the period was not judged."""
    from matplotlib.patches import Rectangle

    cell, left, head, legend = 0.26, 0.62, 0.72, 1.9
    blocks = 3 if len(statements) > 20 else 1
    tall = -(-len(statements) // blocks)
    wide = left + cell * len(periods) * 1.6
    figure, axes = _canvas(max(blocks * wide + legend, 4.6), head + cell * tall + 0.1)
    width, height = figure.get_size_inches()
    axes.set(xlim=(0, width), ylim=(height, 0))
    for place, id in enumerate(statements):
        block, line = divmod(place, tall)
        x, y = block * wide, head + line * cell
        if line == 0:
            for number, period in enumerate(periods):
                _text(
                    axes,
                    x + left + (number + 0.4) * cell * 1.6,
                    head - 0.06,
                    period,
                    size=7,
                    color=MUTED,
                    rotation=60,
                    rotation_mode="anchor",
                    ha="left",
                )
        _text(axes, x + left - 0.08, y + cell / 2, id, size=8.5, ha="right", va="center")
        for number, status in enumerate(statuses[place]):
            if status in STATUS_LOOKS:
                colour, mark = STATUS_LOOKS[status]
                corner = (x + left + number * cell * 1.6 + 0.02, y + 0.02)
                axes.add_patch(Rectangle(corner, cell * 1.6 - 0.04, cell - 0.04, facecolor=colour, linewidth=0))
                _text(
                    axes,
                    corner[0] + cell * 0.8 - 0.02,
                    y + cell / 2,
                    mark,
                    size=8,
                    ha="center",
                    va="center",
                    color="white" if status == "broken" else INK,
                )
    for line, (status, (colour, mark)) in enumerate(STATUS_LOOKS.items()):
        x, y = blocks * wide + 0.25, head + line * 0.3
        axes.add_patch(Rectangle((x, y), 0.22, 0.2, facecolor=colour, linewidth=0))
        _text(
            axes,
            x + 0.11,
            y + 0.1,
            mark,
            size=8,
            ha="center",
            va="center",
            color="white" if status == "broken" else INK,
        )
        _text(axes, x + 0.3, y + 0.1, words.get(status, status), size=8.5, va="center", color=MUTED)
    return _svg(figure)
