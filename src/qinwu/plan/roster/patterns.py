"""Patterns: a rhythm of duty and rest worked by groups in turn, checked by arithmetic before anybody lives by it.

A rhythm of `on` hours on duty and `off` hours off repeats after ``on + off`` hours. So many hours hold ``(on + off) / on`` groups
that take turns one at a time: with any other number there are gaps, or two groups at once. Each group works
``168 * on / (on + off)`` hours a week. "ABCD, 24 on / 36 off" cannot be: the rhythm of 60 hours holds 2.5 groups.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from qinwu.duty.roster_rules.watches import start_of
from qinwu.duty.system import Watch
from qinwu.findings import Finding, Place, QinwuError, did_you_mean
from qinwu.language import N_
from qinwu.station.config import Text

WEEK_H = 168
MOST_GROUPS = 28
LONGEST_WEEK_H = 56.0
"""Hours a week of three groups on 24-hour duty, the most that stations are known to live by."""
LONGEST_H = 24 * 84
_RHYTHM = re.compile(r"(\d+(?:\.\d+)?)\s*(?:/|-|小时)\s*(\d+(?:\.\d+)?)")


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern: the watch of each day of its cycle, None for a day off, and how many days apart its groups are.

    ``on_h`` and ``off_h`` are its rhythm where it is one that does not fit whole days.
    """

    name: Text
    days: tuple[Watch | None, ...]
    groups: int
    step: int = 1
    on_h: float = 0.0
    off_h: float = 0.0

    @property
    def cycle_h(self) -> float:
        """Hours after which it repeats."""
        return len(self.days) * 24.0 if self.days else self.on_h + self.off_h

    @property
    def duty_h(self) -> float:
        """Hours on duty in a cycle."""
        return sum(watch.hours for watch in self.days if watch) if self.days else self.on_h

    @property
    def hours_per_week(self) -> float:
        """Hours a week of each group."""
        return WEEK_H * self.duty_h / self.cycle_h

    @property
    def groups_in_turn(self) -> float:
        """Groups that take turns one at a time: cycle over hours on duty."""
        return self.cycle_h / self.duty_h

    @property
    def watches(self) -> tuple[Watch, ...]:
        """The watches it uses, by the time of day."""
        return tuple(sorted({watch.id: watch for watch in self.days if watch}.values(), key=start_of))


def _watch(name: str, zh: str, en: str, start: str, hours: float) -> Watch:
    return Watch(id=name, name=Text(zh=zh, en=en), start=start, hours=hours)


DUTY24 = _watch("duty24", "值班一昼夜", "Twenty-four hours", "08:00", 24)
DAY12, NIGHT12 = _watch("day12", "白班", "Day", "08:00", 12), _watch("night12", "夜班", "Night", "20:00", 12)
DAY8, EVENING8 = _watch("day8", "白班", "Day", "08:00", 8), _watch("evening8", "中班", "Evening", "16:00", 8)
NIGHT8, STANDBY = _watch("night8", "夜班", "Night", "00:00", 8), _watch("standby8", "备勤", "Standby", "08:00", 8)


def _named() -> dict[str, Pattern]:
    """Return the patterns that have a name, by each of their names."""
    weekly = (*(DAY8,) * 7, *(NIGHT8,) * 7, *(EVENING8,) * 7)
    eight_days = (DAY8, DAY8, EVENING8, EVENING8, None, NIGHT8, NIGHT8, None)
    two_one = (DAY12, DAY12, NIGHT12, None, None, None)
    table: list[tuple[tuple[str, ...], str, tuple[Watch | None, ...], int, int]] = [
        (("三班倒", "三班三运转"), "Three groups, a week each on days, nights and evenings", weekly, 3, 7),
        (("四班三运转",), "Four groups, three watches", eight_days, 4, 2),
        (("四班两运转", "四班二运转"), "Four groups, two watches", (DAY12, NIGHT12, None, None), 4, 1),
        (("三班两运转", "三班二运转"), "Three groups, two watches", (DAY12, NIGHT12, None), 3, 1),
        (("值一备一休一",), "Duty, standby, off", (DUTY24, STANDBY, None), 3, 1),
        (("值一休一",), "One day on, one off", (DUTY24, None), 2, 1),
        (("值一休二", "上一休二"), "One day on, two off", (DUTY24, None, None), 3, 1),
        (("值一休三", "上一休三", "四班轮值"), "One day on, three off", (DUTY24, None, None, None), 4, 1),
        (("两白一夜", "两白一夜休三天"), "Two days, one night, three off", two_one, 6, 1),
    ]
    return {
        name: Pattern(Text(zh=names[0], en=english), days, groups, step)
        for names, english, days, groups, step in table
        for name in names
    }


NAMED = _named()


def parse_pattern(text: str, groups: int | None = None) -> Pattern:
    """Return the pattern that a text means.

    Parameters
    ----------
    text
        A name such as ``三班倒``, or hours on and off such as ``24/48``.
    groups
        Groups in turn; by default those of the name, or those that take turns one at a time.

    Raises
    ------
    QinwuError
        The text means no pattern, or the numbers are out of range.

    Examples
    --------
    >>> parse_pattern("24/48").groups, parse_pattern("四班三运转").hours_per_week
    (3, 42.0)
    """
    plain = text.strip().replace("／", "/").replace("－", "-")
    found = NAMED.get(plain)
    rhythm = _RHYTHM.search(plain)
    if found is None and rhythm is None:
        raise QinwuError([_unknown(text)])
    if groups is not None and not 1 <= groups <= MOST_GROUPS:
        raise QinwuError([_out_of_range("--groups", groups, 1, MOST_GROUPS)])
    if found is not None:
        return found if groups is None else Pattern(found.name, found.days, groups, found.step)
    on, off = (float(part) for part in rhythm.groups()) if rhythm else (0.0, 0.0)
    if not 0 < on <= 24:
        raise QinwuError([_out_of_range(text, on, 1, 24)])
    if not 0 < off <= LONGEST_H - on:
        raise QinwuError([_out_of_range(text, off, 1, LONGEST_H - on)])
    return rhythm_pattern(on, off, groups)


def rhythm_pattern(on: float, off: float, groups: int | None = None) -> Pattern:
    """Return a pattern of hours on and off; by days where the cycle is whole days, else as a bare rhythm."""
    turns = (on + off) / on
    chosen = groups or max(1, round(turns))
    name = Text(zh=f"{on:g}/{off:g}", en=f"{on:g}/{off:g}")
    if on == 24 and off % 24 == 0:
        return Pattern(name, (DUTY24, *(None,) * round(off / 24)), chosen, 1, on, off)
    if (on, off) == (12, 12) and chosen == 2:
        return Pattern(name, (DAY12,) * 7 + (NIGHT12,) * 7, 2, 7, on, off)
    return Pattern(name, (), chosen, 1, on, off)


def _unknown(text: str) -> Finding:
    guess = did_you_mean(text, NAMED)
    remedy = N_("Did you mean {guess}?") if guess else N_("Write hours on and off, as 24/48, or one of: {known}.")
    values = {"value": text, "guess": guess, "known": "、".join(NAMED)}
    return Finding("unknown-pattern", "error", N_("{value} is no pattern."), remedy, Place(key="--pattern"), values)


def _out_of_range(option: str, value: float, low: float, high: float) -> Finding:
    message = N_("{option}: {value} is out of range, {low} to {high}.")
    values = {"option": option, "value": f"{value:g}", "low": f"{low:g}", "high": f"{high:g}"}
    return Finding("out-of-range", "error", message, "", Place(key="--pattern"), values)
