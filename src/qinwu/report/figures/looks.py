"""Looks: every comparison of every screen as a dot, by its chance; units beside what is expected of them; cases at a threshold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from qinwu.report.figures.scale import LOAD, NOTHING, WAIT, ticks
from qinwu.report.figures.svg import drawing, tag, tip, words

WIDTH, ROW, TOP, FOOT, EDGE, VALUE = 720.0, 22.0, 24.0, 8.0, 10.0, 118.0
CHINESE, LATIN = 12.5, 6.6
MOST = 12.0
"""Powers of ten at the right end: what is rarer is drawn there."""
INK = "font-size:12px;fill:var(--ink)"
SIGN, PLAIN = WAIT[4], LOAD[3]


class Dot(NamedTuple):
    """One comparison: powers of ten of its chance (0 to `MOST`), whether it stands, and what pointing says."""

    power: float
    stands: bool
    tip: str


class Screened(NamedTuple):
    """One screen: its name and its comparisons."""

    name: str
    dots: tuple[Dot, ...]


class Beside(NamedTuple):
    """One unit: its name, its figure and the expected one, whether it stands, the words at the right, and what pointing says."""

    name: str
    seen: float
    expected: float
    stands: bool
    text: str
    tip: str


def strip_plot(rows: Sequence[Screened], axis: Sequence[tuple[float, str]], label: str) -> str:
    """Return screens as rows of dots from common (left) to rare (right); `axis` names powers of ten."""
    left = _room([row.name for row in rows])
    floor = TOP + ROW * len(rows)

    def x(power: float) -> float:
        return left + (WIDTH - left - EDGE - 14.0) * min(max(power, 0.0), MOST) / MOST

    grid = [
        tag("line", x1=x(power), x2=x(power), y1=TOP - 4, y2=floor, class_="grid")
        + words(text, x=x(power), y=13.0, text_anchor="middle" if power else "start", class_="tick")
        for power, text in axis
    ]
    drawn = [_strip(row, TOP + ROW * (at + 0.5), left, x) for at, row in enumerate(rows)]
    return drawing(WIDTH, floor + FOOT, label, *grid, *drawn, class_="figure looks")


def _strip(row: Screened, y: float, left: float, x: object) -> str:
    assert callable(x)
    name = words(row.name, x=left - EDGE, y=y + 4.0, text_anchor="end", style=INK)
    # Spread over the height so that dots of equal chance do not hide each other.
    places = [(y + ROW * 0.32 * (((at * 7) % 9) / 4.0 - 1.0), dot) for at, dot in enumerate(row.dots)]
    dots = [
        tag(
            "circle", tip(dot.tip), cx=x(dot.power), cy=height if not dot.stands else y, r=4.8 if dot.stands else 2.2,
            fill=SIGN if dot.stands else PLAIN, fill_opacity=1.0 if dot.stands else 0.55,
        )
        for height, dot in sorted(places, key=lambda place: place[1].stands)
    ]  # fmt: skip
    return name + "".join(dots)


def beside_rows(rows: Sequence[Beside], percent: bool, label: str) -> str:
    """Return units as rows: a line from what is expected (tick) to what is there (dot), on one scale."""
    left = _room([row.name for row in rows])
    values = [value for row in rows for value in (row.seen, row.expected)]
    scale = ticks(min(values), max(values), 5)
    low, high = scale[0], scale[-1]
    floor = TOP + ROW * len(rows)

    def x(value: float) -> float:
        return left + (WIDTH - left - VALUE - EDGE) * (value - low) / (high - low)

    grid = [
        tag("line", x1=x(at), x2=x(at), y1=TOP - 4, y2=floor, class_="grid")
        + words(f"{at * 100.0:g}%" if percent else f"{at:g}", x=x(at), y=13.0, text_anchor="middle", class_="tick")
        for at in scale
    ]
    drawn = []
    for at, row in enumerate(rows):
        y = TOP + ROW * (at + 0.5)
        colour = SIGN if row.stands else PLAIN
        drawn.append(
            tag(
                "g",
                tip(row.tip),
                tag("rect", x=0.0, y=y - ROW / 2.0, width=WIDTH, height=ROW, fill="transparent"),
                words(row.name, x=left - EDGE, y=y + 4.0, text_anchor="end", style=INK),
                tag("line", x1=x(row.expected), x2=x(row.seen), y1=y, y2=y, stroke=colour, stroke_width=2.0),
                tag("line", x1=x(row.expected), x2=x(row.expected), y1=y - 6, y2=y + 6, stroke=colour, stroke_width=2.0),
                tag("circle", cx=x(row.seen), cy=y, r=5.0, fill=colour),
                words(row.text, x=WIDTH, y=y + 4.0, text_anchor="end", style=INK),
            )
        )
    return drawing(WIDTH, floor + FOOT, label, *grid, *drawn, class_="figure beside")


def edge_plot(counts: Sequence[float], smooth: Sequence[float], edge: int, names: tuple[str, str], label: str) -> str:
    """Return counts by bin as columns, those just under the edge marked, with the smooth curve that is expected.

    Parameters
    ----------
    counts, smooth
        By bin, and what the cases on both sides let one expect.
    edge
        First bin above the threshold.
    names
        What stands at the threshold, and what stands on the axis.
    label
        What the drawing shows.
    """
    height, base, left = 230.0, 204.0, 34.0
    top = max(max(counts, default=1.0), max(smooth, default=1.0), 1.0)
    step = (WIDTH - left - EDGE) / max(len(counts), 1)

    def y(value: float) -> float:
        return base - (base - 28.0) * value / top

    over = [at < edge and counts[at] > smooth[at] * 1.15 + 1.0 and at >= edge - 5 for at in range(len(counts))]
    columns = [
        tag(
            "rect",
            x=left + at * step,
            y=y(count),
            width=max(step - 1.0, 0.6),
            height=base - y(count),
            fill=SIGN if over[at] else LOAD[1],
        )
        for at, count in enumerate(counts)
    ]
    path = "M" + "L".join(f"{left + (at + 0.5) * step:.1f} {y(value):.1f}" for at, value in enumerate(smooth))
    curve = tag("path", d=path, fill="none", stroke=LOAD[4], stroke_width=1.8)
    at = left + edge * step
    mark = tag("line", x1=at, x2=at, y1=22.0, y2=base, stroke="var(--ink)", stroke_width=1.2)
    axis = tag("line", x1=left, x2=WIDTH - EDGE, y1=base, y2=base, stroke=NOTHING)
    texts = (
        words(names[0], x=at, y=14.0, text_anchor="middle", style=INK),
        words(names[1], x=WIDTH - EDGE, y=base + 18.0, text_anchor="end", class_="tick"),
        words(f"{top:,.0f}", x=left - 5.0, y=y(top) + 4.0, text_anchor="end", class_="tick"),
    )
    return drawing(WIDTH, height, label, *columns, axis, curve, mark, *texts, class_="figure edge")


def _room(names: Sequence[str]) -> float:
    """Return the width of the longest name."""
    widths = [sum(CHINESE if ord(sign) > 0x2E80 else LATIN for sign in name) for name in names]
    return min(max(widths, default=40.0) + 2.0 * EDGE, 400.0)
