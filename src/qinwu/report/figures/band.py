"""A band: differences against how large they may be."""

from __future__ import annotations

from collections.abc import Sequence

from qinwu.report.figures.svg import percent, strip, tag, tip, words

BAND = 18
REACH = 2.2
"""How many bounds the bar of a check reaches to either side."""


def against_band(ratios: Sequence[tuple[float, str]], label: str) -> str:
    """Return differences in units of what is allowed, each with its tip: a band for -1 to 1, its middle, and a mark for each.

    Marks beyond the bar stand at its end as arrows.
    """
    left, right = (percent(_along(edge)) for edge in (-1.0, 1.0))
    band = tag("rect", x=left, width=percent(1.0 / REACH), y=0, height=BAND, class_="band")
    edges = [tag("line", x1=x, x2=x, y1=0, y2=BAND, class_="band-edge") for x in (left, right)]
    middle = tag("line", x1="50%", x2="50%", y1=0, y2=BAND, class_="zero")
    return strip(BAND, label, band, *edges, middle, *(_check_mark(ratio, text) for ratio, text in ratios), class_="strip check-bar")


def _check_mark(ratio: float, text: str) -> str:
    at, kind = percent(_along(ratio)), "agree" if abs(ratio) <= 1.0 else "part"
    if abs(ratio) <= REACH:
        return tag("circle", tip(text), cx=at, cy=BAND / 2.0, r=4.2, class_=f"check {kind}")
    return words("▸" if ratio > 0.0 else "◂", x=at, y=BAND * 0.74, text_anchor="end" if ratio > 0.0 else "start", class_="far")


def _along(ratio: float) -> float:
    """Return the place of a ratio on the bar, 0 to 1."""
    return 0.5 + ratio / REACH / 2.0
