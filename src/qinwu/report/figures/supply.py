"""Supply: hours needed and hours there, as bars to one scale, with what is lacking marked."""

from __future__ import annotations

from qinwu.report.figures.svg import percent, strip, tag, tip

BAR = 30


def hours_bar(hours: float, needed: float, top: float, kind: str, label: str) -> str:
    """Return one bar of `hours`, and a dashed frame up to `needed` where that is more.

    Parameters
    ----------
    hours, needed
        Hours of this bar, and hours needed.
    top
        Hours at the full width, > 0.
    kind
        Class of its colour.
    label
        What the bar says.
    """
    bar = tag("rect", tip(label), x=0, width=percent(hours / top), y=3, height=BAR - 6, class_=f"hours-of {kind}")
    goal = tag("line", x1=percent(needed / top), x2=percent(needed / top), y1=0, y2=BAR, class_="zero")
    if hours >= needed:
        return strip(BAR, label, bar, goal)
    left, width = percent(hours / top), percent((needed - hours) / top)
    return strip(BAR, label, bar, tag("rect", x=left, width=width, y=3, height=BAR - 6, class_="lacking"), goal)


def closed_bar(closed: float, gap: float, label: str) -> str:
    """Return how much of a gap something closes: a filled part of a dashed frame."""
    frame = tag("rect", x=0, width="100%", y=1, height=12, class_="lacking")
    return strip(14, label, frame, tag("rect", tip(label), x=0, width=percent(closed / gap), y=1, height=12, class_="closed"))
