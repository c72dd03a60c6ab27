"""Implied: what a figure and its change say about the time before, and what two figures say of each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from qinwu.findings import Finding, Place, QinwuError
from qinwu.language import N_

Wording = Literal["double", "nearly_double", "triple", "nearly_triple", "fourfold", "half", "nearly_half"]
"""What a change was called: 翻一番, 几乎翻一番, 增至三倍, 几乎增至三倍, 翻两番, 减半, 几乎减半."""

Fairness = Literal["exact", "fair", "too_much"]
_FACTORS: dict[Wording, tuple[float, bool]] = {
    "double": (2.0, False),
    "nearly_double": (2.0, True),
    "triple": (3.0, False),
    "nearly_triple": (3.0, True),
    "fourfold": (4.0, False),
    "half": (0.5, False),
    "nearly_half": (0.5, True),
}
WORDINGS: tuple[Wording, ...] = tuple(_FACTORS)
NEARLY = 0.9
"""“Nearly” is fair from this share of the way: 1.8 times is nearly double."""


class Span(NamedTuple):
    """A number and the bounds that rounding leaves."""

    value: float
    low: float
    high: float


def implied_before(after: float, change: float, rounding: float = 0.01, *, after_rounding: float = 0.0) -> Span:
    """Return the figure before a change, and the interval that rounding of the change leaves.

    Before = after / (1 + change). A change written as -69 % may have been anything from -69.5 % to -68.5 %.

    Parameters
    ----------
    after
        The figure after the change, > 0.
    change
        Relative change, > -1: -0.69 for a fall by 69 %.
    rounding
        Step to which the change was rounded, >= 0: 0.01 for whole per cents.
    after_rounding
        Step to which the figure was rounded, >= 0; 0 for a count.

    Raises
    ------
    QinwuError
        Where no figure before can have changed so: a fall by 100 % or more, or nothing left.

    Examples
    --------
    >>> [round(number) for number in implied_before(963, -0.69)]
    [3106, 3057, 3157]
    >>> [round(number) for number in implied_before(59, -0.63)], [round(number) for number in implied_before(15505, 0.41)]
    ([159, 157, 162], [10996, 10958, 11036])
    """
    least = 1.0 + change - rounding / 2.0
    if least <= 0.0 or after - after_rounding / 2.0 <= 0.0:
        message = N_("Nothing follows about the time before from {after} after a change of {change}.")
        remedy = N_("Give the figure before as it was published.")
        values = {"after": f"{after:g}", "change": f"{change:+.1%}"}
        raise QinwuError([Finding("no-implied-base", "error", message, remedy, Place(key="change"), values)])
    low = (after - after_rounding / 2.0) / (1.0 + change + rounding / 2.0)
    return Span(after / (1.0 + change), low, (after + after_rounding / 2.0) / least)


def yearly_pace(change: float, years: float) -> float:
    """Return the change a year that adds up to `change` over so many years, > 0.

    >>> [f"{yearly_pace(change, 5):+.1%}" for change in (-0.69, -0.63, 0.41)]
    ['-20.9%', '-18.0%', '+7.1%']
    """
    return float((1.0 + change) ** (1.0 / years) - 1.0)


@dataclass(frozen=True, slots=True)
class Contrast:
    """Two figures compared: as a ratio, as relative change, and, for shares, in percentage points (as a fraction)."""

    ratio: Span
    relative: Span
    points: Span


def contrast(before: Span, after: Span) -> Contrast:
    """Return how two figures compare; per cent and percentage points are different things.

    Parameters
    ----------
    before, after
        The figures with their bounds, those before > 0.

    Examples
    --------
    >>> found = contrast(Span(0.485, 0.4845, 0.4855), Span(0.89, 0.885, 0.895))
    >>> f"x{found.ratio.value:.3f} {found.relative.value:+.1%} {100 * found.points.value:+.1f} points"
    'x1.835 +83.5% +40.5 points'
    """
    ratio = Span(after.value / before.value, after.low / before.high, after.high / before.low)
    relative = Span(*(number - 1.0 for number in ratio))
    return Contrast(ratio, relative, Span(after.value - before.value, after.low - before.high, after.high - before.low))


def fairness(wording: Wording, ratio: Span) -> Fairness:
    """Return whether words are true of a ratio: exact where rounding allows it, fair where they say “nearly” and it is.

    >>> fairness("nearly_double", Span(1.835, 1.823, 1.847)), fairness("double", Span(1.835, 1.823, 1.847))
    ('fair', 'too_much')
    """
    factor, nearly = _FACTORS[wording]
    if ratio.low <= factor <= ratio.high:
        return "exact"
    reached = ratio.value / factor if factor > 1.0 else factor / ratio.value
    return "fair" if reached > 1.0 or (nearly and reached >= NEARLY) else "too_much"
