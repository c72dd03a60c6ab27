"""Place hours: a row of twenty-four cells for each place, its name before it: where and when something is too much or little."""

from __future__ import annotations

from collections.abc import Sequence

from qinwu.report.figures.scale import Shades
from qinwu.report.figures.svg import drawing, tag, tip, words

LEFT, TOP, CELL_W, CELL_H = 128.0, 4.0, 30.0, 16.0
WIDTH = LEFT + 24 * CELL_W + 12
LONGEST_NAME = 20
"""Longer names are cut; pointing tells the whole."""


def place_hours(
    rows: Sequence[Sequence[float]], names: Sequence[str], shades: Shades, tips: Sequence[Sequence[str]], label: str
) -> str:
    """Return places by hours of the day as cells.

    Parameters
    ----------
    rows
        24 figures for each place; nan is shown as nothing known.
    names
        Of the places.
    shades
        Colours.
    tips
        What pointing at each cell says.
    label
        What the drawing shows.
    """
    height = TOP + len(rows) * CELL_H + 16
    heads = [
        tag("g", tip(name), words(_cut(name), x=LEFT - 5, y=TOP + (at + 0.74) * CELL_H, text_anchor="end", class_="tick"))
        for at, name in enumerate(names)
    ]
    hours = [words(str(h), x=LEFT + h * CELL_W, y=height - 4, text_anchor="middle", class_="tick") for h in range(0, 25, 6)]
    cells = [
        tag(
            "rect", tip(tips[at][hour]), x=LEFT + hour * CELL_W, y=TOP + at * CELL_H,
            width=CELL_W - 0.8, height=CELL_H - 0.8, fill=shades.colour(value),
        )
        for at, row in enumerate(rows)
        for hour, value in enumerate(row)
    ]  # fmt: skip
    return drawing(WIDTH, height, label, *heads, *cells, *hours, class_="figure heat")


def _cut(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
