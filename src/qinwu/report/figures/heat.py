"""Heat: seven days by twenty-four hours, one cell an hour of the week."""

from __future__ import annotations

from collections.abc import Sequence

from qinwu.report.figures.scale import Shades
from qinwu.report.figures.svg import drawing, tag, tip, words

LEFT, TOP, CELL_W, CELL_H = 30.0, 4.0, 12.6, 12.6
WIDTH, HEIGHT = LEFT + 24 * CELL_W + 9, TOP + 7 * CELL_H + 16


def week_figure(values: Sequence[float], shades: Shades, days: Sequence[str], tips: Sequence[str], label: str) -> str:
    """Return the hours of the week as cells.

    Parameters
    ----------
    values
        168 figures, Monday 00:00 first.
    shades
        Colours.
    days
        Seven short names, Monday first.
    tips
        What pointing at each cell says.
    label
        What the panel shows.
    """
    names = [words(day, x=LEFT - 5, y=TOP + (at + 0.74) * CELL_H, text_anchor="end", class_="tick") for at, day in enumerate(days)]
    hours = [words(str(h), x=LEFT + h * CELL_W, y=HEIGHT - 4, text_anchor="middle", class_="tick") for h in range(0, 25, 6)]
    cells = [_cell(hour, value, shades, tips[hour]) for hour, value in enumerate(values)]
    return drawing(WIDTH, HEIGHT, label, *names, *cells, *hours, class_="figure heat")


def _cell(hour: int, value: float, shades: Shades, text: str) -> str:
    x, y = LEFT + (hour % 24) * CELL_W, TOP + (hour // 24) * CELL_H
    return tag("rect", tip(text), x=x, y=y, width=CELL_W - 0.8, height=CELL_H - 0.8, fill=shades.colour(value))
