"""Scales: colours for the eye and round numbers for the axis."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

WAIT = ("#fbf0e2", "#f4d8b4", "#e7b583", "#d48c50", "#b3612a", "#7f3a12")
"""Sand to brown: waiting, uncovered, unattended. Lightness falls evenly, so that it reads without colour too."""

LOAD = ("#ecf3f7", "#cde0ea", "#a1c5d8", "#6aa2bf", "#357a9b", "#12506f")
"""Pale to deep blue: work done, presence, shares that are good to have."""

FROM_SOON_TO_LATE = ("#12506f", "#6aa2bf", "#d9dcd6", "#e7b583", "#b3612a")
"""The five buckets of a response clock."""

WORK = ("#12506f", "#6aa2bf", "#c9c2b4", "#f0ebe1")
"""Calls, follow-up, other duty, uncommitted."""

NOTHING = "#e9e6e0"
"""Where there is no figure."""

SMALLEST = 1e-9
"""Spans below this are no span."""

LEAST_SPAN = 0.2
"""Share of the largest value that a scale spans at least, so that colours do not exaggerate."""

MOST = 9
"""The most classes an eye can tell apart on a map."""

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


def nice_step(span: float, parts: int) -> float:
    """Return the round step (1, 2, 2.5, 5 or 10 times a power of ten) that cuts `span` into at most `parts`; 1 for no span.

    >>> nice_step(23.0, 6), nice_step(0.9, 5)
    (5.0, 0.2)
    """
    least = span / max(parts, 1)
    if not math.isfinite(least) or least < SMALLEST:
        return 1.0
    power = 10.0 ** math.floor(math.log10(least))
    return float(next(round(step * power, 12) for step in (*_STEPS, 20.0) if step * power >= least * (1.0 - 1e-9)))


def ticks(low: float, high: float, parts: int) -> tuple[float, ...]:
    """Return round numbers from at or below `low` to at or above `high`, at most `parts` + 2 of them.

    >>> ticks(0.0, 23.0, 5)
    (0.0, 5.0, 10.0, 15.0, 20.0, 25.0)
    """
    step = nice_step(high - low, parts)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return tuple(round(number * step, 12) for number in range(first, max(last, first + 1) + 1))


@dataclass(frozen=True, slots=True)
class Shades:
    """Classes of a map: `edges` between them, ascending, and one colour each (one more than inner edges)."""

    edges: tuple[float, ...]
    colours: tuple[str, ...]

    def place(self, value: float) -> int:
        """Return the class of a value; values on an inner edge belong to the class above."""
        return min(max(bisect_right(self.edges, value) - 1, 0), len(self.colours) - 1)

    def colour(self, value: float) -> str:
        """Return the colour of a value, grey where there is none."""
        return self.colours[self.place(value)] if math.isfinite(value) else NOTHING

    def dark(self, value: float) -> bool:
        """Return whether text on this value's colour must be white."""
        return math.isfinite(value) and self.place(value) >= 0.6 * (len(self.colours) - 1) and len(self.colours) > 1


def shades(values: Iterable[float], ramp: tuple[str, ...]) -> Shades:
    """Return at most `MOST` classes of colours along `ramp`, with round edges around all finite `values`.

    Values that hardly differ get colours that hardly differ: the scale spans at least `LEAST_SPAN` of the largest.

    >>> shades([3.0, 44.0], WAIT).edges
    (0.0, 5.0, 10.0, 15.0, 20.0, 25.0, 30.0, 35.0, 40.0, 45.0)
    """
    known = [value for value in values if math.isfinite(value)]
    if not known:
        return Shades((0.0, 1.0), (NOTHING,))
    high = max(known)
    low = min(*known, high - LEAST_SPAN * abs(high))
    cuts = (ticks(low, high, parts) for parts in range(MOST, 0, -1))
    edges = next(edges for edges in cuts if len(edges) - 1 <= MOST)
    return Shades(edges, _spread(ramp, len(edges) - 1))


def _spread(ramp: tuple[str, ...], count: int) -> tuple[str, ...]:
    """Return `count` colours evenly along `ramp`, mixed where they fall between two of its colours."""
    if count <= 1:
        return (ramp[len(ramp) // 2],)
    return tuple(_mixed(ramp, number * (len(ramp) - 1) / (count - 1)) for number in range(count))


def _mixed(ramp: tuple[str, ...], place: float) -> str:
    """Return the colour at a place between 0 and the last colour of a ramp."""
    low = min(int(place), len(ramp) - 2)
    parts = zip(_rgb(ramp[low]), _rgb(ramp[low + 1]), strict=True)
    return "#" + "".join(f"{round(one + (two - one) * (place - low)):02x}" for one, two in parts)


def _rgb(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5))
