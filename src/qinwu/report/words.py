"""Words: figures as people read them. Seconds become minutes, shares per cent, and every unit has its number of digits."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from typing import NamedTuple

from qinwu.language import N_, Language, translate
from qinwu.simulate.measures.value import Key
from qinwu.simulate.outcome import Interval, Verdict, catalogue

NONE = "–"
MANY = 1000.0
"""From here on digits after the point tell nobody anything."""


class Unit(NamedTuple):
    """How a unit of the outcome table is shown: factor, digits, the unit people say, and the unit of a difference."""

    factor: float
    digits: int
    word: str
    change_word: str


_MINUTES = Unit(1.0 / 60.0, 1, N_("min"), N_("min"))
_SHARE = Unit(100.0, 1, "%", N_("points"))
_PLAIN = Unit(1.0, 2, "", "")

UNITS: dict[str, Unit] = {
    "s": _MINUTES,
    "share": _SHARE,
    "1/week": Unit(1.0, 1, N_("a week"), N_("a week")),
    "1/h": Unit(1.0, 3, N_("an hour"), N_("an hour")),
    "h/week": Unit(1.0, 1, N_("h a week"), N_("h a week")),
    "min/day": Unit(1.0 / 60.0, 1, N_("h a day"), N_("h a day")),
    "min": Unit(1.0, 0, N_("min"), N_("min")),
    "officers": Unit(1.0, 2, N_("officers"), N_("officers")),
    "ratio": _PLAIN,
    "index": _PLAIN,
}

VERDICTS: dict[Verdict, str] = {
    "better": N_("better"),
    "worse": N_("worse"),
    "higher": N_("higher"),
    "lower": N_("lower"),
    "no_difference_shown": N_("no difference shown"),
    "one_run": N_("one run only"),
}

MODES: dict[str, str] = {
    "replay": N_("the station's own calls, each at its exact time"),
    "weeks": N_("the station's own calls, whole weeks drawn at random with replacement"),
    "sampled": N_("calls drawn from the station's rates by hour of the week and class"),
}

PRIORITIES: dict[int, str] = {1: N_("priority 1"), 2: N_("priority 2"), 3: N_("priority 3"), 4: N_("priority 4")}

KINDS: dict[str, str] = {
    "enforcement": N_("enforcement calls"),
    "service": N_("requests for help"),
    "dispute": N_("disputes"),
    "traffic": N_("traffic calls"),
    "venue": N_("calls at venues"),
    "non_police": N_("non-police calls"),
    "other": N_("calls of other kinds"),
}

DAYS = (N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"), N_("Sunday"))
SHORT_DAYS = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))

STATISTICS: dict[str, str] = {"p50": N_("half within"), "p90": N_("nine in ten within"), "mean": N_("on average")}

BUCKETS: dict[str, str] = {
    "0-5": N_("up to 5 min"),
    "5-10": N_("5–10 min"),
    "10-15": N_("10–15 min"),
    "15-30": N_("15–30 min"),
    "30+": N_("over 30 min"),
}

BREAKDOWNS: dict[str, str] = {
    "all": N_("all"),
    "priority": N_("priority"),
    "class": N_("class of calls"),
    "beat": N_("beat"),
    "crew": N_("crew"),
    "officer": N_("officer"),
    "hour": N_("hour of the week"),
    "bucket": N_("minutes"),
    "step": N_("minutes"),
    "priority_1": N_("minutes, priority 1"),
    "priority_2": N_("minutes, priority 2"),
    "priority_3": N_("minutes, priority 3"),
    "priority_4": N_("minutes, priority 4"),
}

STATISTIC_NAMES: dict[str, str] = {
    "mean": N_("mean"),
    "p50": N_("median"),
    "p90": N_("90th percentile"),
    "share": N_("share"),
    "ratio": N_("ratio"),
    "index": N_("index"),
}

WORK: dict[str, str] = {
    "call": N_("on calls"),
    "follow_up": N_("follow-up"),
    "other_duty": N_("other duty"),
    "uncommitted": N_("uncommitted"),
}


GROUPS: dict[str, str] = {"all": N_("all"), **BUCKETS, **WORK}


def unit_of(measure: str) -> Unit:
    """Return how the unit of a measure is shown; unknown units as they are."""
    name = catalogue()[measure].unit
    return UNITS.get(name, Unit(1.0, 2, name, name))


def number(value: float, digits: int, *, signed: bool = False) -> str:
    """Return a number with a real minus sign and groups of thousands; a dash for none.

    >>> number(-1234.56, 1), number(2.0, 1, signed=True), number(float("nan"), 1)
    ('−1,235', '+2.0', '–')
    """
    if not math.isfinite(value):
        return NONE
    text = f"{abs(value):,.{0 if abs(value) >= MANY else digits}f}"
    if not any(digit in text for digit in "123456789"):
        return text
    return ("−" if value < 0.0 else "+" if signed else "") + text


@dataclass(frozen=True, slots=True)
class Speaker:
    """Says things in one language."""

    language: Language

    def say(self, text: str, **values: object) -> str:
        """Return a catalogue entry, filled."""
        said = translate(text, self.language)
        return said.format(**values) if values else said

    def unit(self, measure: str, *, change: bool = False) -> str:
        """Return the unit of a measure, or of a difference of it."""
        unit = unit_of(measure)
        return translate(unit.change_word if change else unit.word, self.language)

    def value(self, measure: str, value: float) -> str:
        """Return a figure in its human unit, without naming it."""
        unit = unit_of(measure)
        return number(value * unit.factor, unit.digits)

    def change(self, measure: str, value: float) -> str:
        """Return a difference in its human unit, with its sign."""
        unit = unit_of(measure)
        return number(value * unit.factor, unit.digits, signed=True)

    def amount(self, measure: str, value: float, *, change: bool = False) -> str:
        """Return a figure, or the size of a difference, with its unit."""
        return self.with_unit(self.value(measure, value), self.unit(measure, change=change))

    def with_unit(self, text: str, unit: str) -> str:
        """Join a number and a unit: ``12%`` but ``12 min``."""
        return f"{text}{unit}" if unit in ("%", "") else f"{text} {unit}"

    def range(self, measure: str, interval: Interval, *, signed: bool = False) -> str:
        """Return the bounds of an interval, a dash where there is none or chance has no part in the figure."""
        if not math.isfinite(interval.low) or interval.high - interval.low <= 1e-9 * abs(interval.mean):
            return NONE
        shown = self.change if signed else self.value
        return self.say(N_("{low} to {high}"), low=shown(measure, interval.low), high=shown(measure, interval.high))

    def measure(self, measure: str) -> str:
        """Return the name of a measure."""
        entry = catalogue()[measure]
        return entry.zh if self.language == "zh" else entry.en

    def how(self, measure: str) -> str:
        """Return how a measure is computed."""
        entry = catalogue()[measure]
        return entry.how_zh if self.language == "zh" else entry.how_en

    def priority(self, priority: str | int) -> str:
        """Return the name of a priority."""
        return self.say(PRIORITIES[int(priority)])

    def key(self, key: Key) -> str:
        """Return what a figure is: measure, group, and statistic."""
        parts = [self.measure(key.measure)]
        if key.by == "priority":
            parts.append(self.priority(key.group))
        elif key.group != "all":
            parts.append(self.say(GROUPS.get(key.group, key.group)))
        if statistic := self.statistic(key):
            parts.append(statistic)
        return self.say(N_(", ")).join(parts)

    def statistic(self, key: Key) -> str:
        """Return the name of a statistic; that of plain totals and shares goes without saying."""
        if key.statistic == "mean" and unit_of(key.measure) is not _MINUTES:
            return ""
        return self.say(STATISTICS[key.statistic]) if key.statistic in STATISTICS else ""

    def sentences(self, said: Iterable[str]) -> str:
        """Join sentences as the language does, leaving out empty ones."""
        return ("" if self.language == "zh" else " ").join(each for each in said if each)

    def listed(self, items: list[str]) -> str:
        """Return items as a list in words."""
        return reduce(lambda one, other: self.say(N_("{one}, {other}"), one=one, other=other), items) if items else ""


class Speaking:
    """What is told in one language: says things in it."""

    __slots__ = ()
    language: Language

    @property
    def speaker(self) -> Speaker:
        """The words."""
        return Speaker(self.language)

    def say(self, text: str, **values: object) -> str:
        """Return a catalogue entry, filled."""
        return self.speaker.say(text, **values)
