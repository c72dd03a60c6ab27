"""Cells: a column of a table as text, every number of it with as many digits as the one that has most."""

from __future__ import annotations

from collections.abc import Sequence

from qinwu.report.sheet import Value
from qinwu.report.words import NONE, number

MOST_DIGITS = 3


def texts(values: Sequence[Value]) -> list[str]:
    """Return a column as text: words as they are, a dash for none.

    >>> texts([1.0, 0.25, None]), texts([3, 1200]), texts(["A"])
    (['1.00', '0.25', '–'], ['3', '1,200'], ['A'])
    """
    digits = max((_digits(value) for value in values if isinstance(value, float)), default=0)
    return [_text(value, digits) for value in values]


def _digits(value: float) -> int:
    """Return how many digits after the point a rounded number has."""
    return len(f"{value:.{MOST_DIGITS}f}".rstrip("0").partition(".")[2])


def _text(value: Value, digits: int) -> str:
    if isinstance(value, str):
        return value
    return NONE if value is None else number(value, digits if isinstance(value, float) else 0)
