"""Figures as people print them: a number, its unit of writing, and how far it may have been rounded."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from typing import Literal

Written = Literal["number", "share", "points"]
"""How a figure was written: plain, with %, or in percentage points."""

_SCALES = {"": 0, "万": 4, "亿": 8}
_DOWN, _UP = r"下降|减少|降低|降|减|down|less", r"上升|提高|增加|增长|升|增|up|more"
_FIGURE = re.compile(
    rf"(?P<word>{_DOWN}|{_UP})?\s*(?P<sign>[+\-])?\s*(?P<whole>\d+|\d{{1,3}}(?:,\d{{3}})+)(?:\.(?P<decimals>\d+))?\s*(?P<scale>[万亿]?)\s*"
    r"(?P<unit>%|个?百分点|percentage points?|points?|pp)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as written.

    Parameters
    ----------
    value
        The number; shares and points as fractions (0.69 for 69 %).
    step
        Distance between two numbers that would have been written differently, >= 0; 0 for an exact count.
    written
        Plain, as a share, or in points.
    signed
        Whether it was written with a sign or a word for up or down.
    """

    value: float
    step: float = 0.0
    written: Written = "number"
    signed: bool = False

    @property
    def low(self) -> float:
        """The least number that would be written so."""
        return self.value - self.step / 2.0

    @property
    def high(self) -> float:
        """The greatest number that would be written so."""
        return self.value + self.step / 2.0

    def exact(self) -> Figure:
        """Return the figure as a number that nobody rounded, such as a count to the last case."""
        return replace(self, step=0.0)

    def agrees_with(self, other: Figure) -> bool:
        """Return whether both may be one number, rounded differently.

        >>> parse_figure("89%").agrees_with(parse_figure("89.3%")), parse_figure("56%").agrees_with(parse_figure("66%"))
        (True, False)
        """
        room = 1e-12
        return self.written == other.written and self.low <= other.high + room and other.low <= self.high + room


def parse_figure(text: object) -> Figure | None:
    """Return a figure as it is written, None where it is none.

    Full-width digits, 万 and 亿, 百分点 and words such as 下降 or 提高 are understood.

    >>> parse_figure("下降６９%")
    Figure(value=-0.69, step=0.01, written='share', signed=True)
    >>> parse_figure("280万").value, parse_figure("+40.5个百分点").written, parse_figure("some")
    (2800000.0, 'points', None)
    """
    plain = unicodedata.normalize("NFKC", str(text)).replace("−", "-").replace("–", "-").strip()
    found = _FIGURE.fullmatch(plain)
    if found is None or isinstance(text, bool) or (found["word"] and found["sign"]):
        return None
    decimals = found["decimals"] or ""
    power = _SCALES[found["scale"]] - len(decimals)
    digits = int(found["whole"].replace(",", "") + decimals)
    down = found["sign"] == "-" or bool(found["word"] and re.fullmatch(_DOWN, found["word"], re.IGNORECASE))
    written: Written = "number" if not found["unit"] else "share" if found["unit"] == "%" else "points"
    power -= 2 * (written != "number")
    # ten to a negative power as a divisor: 0.69 and not 0.6900000000000001
    size, step = (digits * 10.0**power, 10.0**power) if power >= 0 else (digits / 10.0**-power, 1.0 / 10.0**-power)
    return Figure(-size if down else size, step, written, signed=bool(found["word"] or found["sign"]))


def change_fits(value: Figure, before: Figure, change: Figure) -> bool:
    """Return whether a change may be that from `before` to `value`, each rounded as written.

    >>> six, two, five = (parse_figure(text) for text in ("70%", "25%", "+180%"))
    >>> change_fits(six, two, five), change_fits(six, two, parse_figure("+45 points")), change_fits(six, two, parse_figure("+45%"))
    (True, True, False)
    """
    low, high = value.low - before.high, value.high - before.low
    if change.written == "share":
        if before.low <= 0.0:
            return True
        low, high = value.low / before.high - 1.0, value.high / before.low - 1.0
    return change.low <= high + 1e-9 and low <= change.high + 1e-9
