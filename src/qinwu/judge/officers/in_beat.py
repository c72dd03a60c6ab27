"""In the beat: hours an officer was seen at work in the own beats, and in those of others, each hour counted once (M1, M19)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from qinwu.judge.officers.diversion import TAKEN
from qinwu.judge.officers.hours import Piece
from qinwu.judge.officers.log import WORK, Kind
from qinwu.judge.score.survey import wilson

INDOORS: tuple[Kind, ...] = ("meeting", "training")
"""Kinds that are neither the beat nor an order from elsewhere."""
What = Literal["task", "call"]


@dataclass(frozen=True, slots=True)
class Spell:
    """A stretch of one officer's work at a place: what for, in which beat ('' for none), from when to when (with a time zone)."""

    what: What
    beat: str
    start: datetime
    end: datetime


@dataclass(frozen=True)
class BeatHours:
    """Hours at work.

    Parameters
    ----------
    own
        In the own beats, by what for.
    elsewhere
        In other beats, by beat; '' for places of no beat.
    """

    own: Mapping[What, float]
    elsewhere: Mapping[str, float]

    @property
    def own_h(self) -> float:
        """All hours in the own beats."""
        return sum(self.own.values())

    @property
    def elsewhere_h(self) -> float:
        """All hours in other beats."""
        return sum(self.elsewhere.values())


@dataclass(frozen=True, slots=True)
class WeekWorked:
    """One officer's week of the log: its Monday, hours of regular work, taken elsewhere, and at meetings and training."""

    monday: date
    regular_h: float
    taken_h: float
    indoors_h: float

    @property
    def all_h(self) -> float:
        """All hours worked."""
        return self.regular_h + self.taken_h + self.indoors_h


def weeks_worked(pieces: Iterable[Piece], mondays: Iterable[date]) -> tuple[WeekWorked, ...]:
    """Return the weeks of one officer's parts of rows, those without any work included.

    Parameters
    ----------
    pieces
        Of one officer; leave and time off count for nothing.
    mondays
        Which weeks.
    """
    found = {monday: dict.fromkeys(("regular", "taken", "indoors"), 0.0) for monday in mondays}
    for piece in pieces:
        week = found.get(piece.day - timedelta(days=piece.day.weekday()))
        if week is not None and piece.kind in WORK:
            week["taken" if piece.kind in TAKEN else "indoors" if piece.kind in INDOORS else "regular"] += piece.hours
    return tuple(WeekWorked(monday, each["regular"], each["taken"], each["indoors"]) for monday, each in found.items())


@dataclass(frozen=True, slots=True)
class Handled:
    """The handling rate 管事率 (M55): incidents dealt with on the spot of those that officers met.

    Qinwu's own definition, since none is published: an incident is met when an officer has arrived, and dealt with on the spot when
    whoever closed it said so. ``low`` and ``high`` are Wilson's 95 % interval of the share, 0 to 1.
    """

    met: int
    handled: int
    low: float
    high: float

    @property
    def share(self) -> float:
        """Share of those met."""
        return self.handled / self.met


def handling_rate(met: int, handled: int) -> Handled | None:
    """Return the handling rate of counted incidents; None where nobody met any.

    >>> found = handling_rate(20, 15)
    >>> found.share, round(found.low, 2), round(found.high, 2)
    (0.75, 0.53, 0.89)
    """
    return Handled(met, handled, *wilson(handled / met, met)) if met else None


def hours_in_beat(spells: Iterable[Spell], beats: Collection[str], since: datetime, until: datetime) -> BeatHours:
    """Return where an officer's hours of work between two times were.

    Parameters
    ----------
    spells
        Of one officer, in any order. Where two overlap, the one that began first keeps the time.
    beats
        The officer's own.
    since, until
        What is looked at, with a time zone.

    Examples
    --------
    >>> from datetime import UTC
    >>> at = lambda hour: datetime(2026, 3, 4, hour, tzinfo=UTC)
    >>> made = [Spell("task", "B01", at(8), at(10)), Spell("call", "B01", at(9), at(11)), Spell("call", "B02", at(12), at(13))]
    >>> found = hours_in_beat(made, {"B01"}, at(0), at(23))
    >>> found.own, found.elsewhere
    ({'task': 2.0, 'call': 1.0}, {'B02': 1.0})
    """
    own: dict[What, float] = {"task": 0.0, "call": 0.0}
    elsewhere: dict[str, float] = {}
    reached = since
    for spell in sorted(spells, key=lambda one: (one.start, one.end)):
        start, end = max(spell.start, reached), min(spell.end, until)
        if start >= end:
            continue
        reached = end
        hours = (end - start).total_seconds() / 3600.0
        if spell.beat in beats and spell.beat:
            own[spell.what] += hours
        else:
            elsewhere[spell.beat] = elsewhere.get(spell.beat, 0.0) + hours
    return BeatHours(own, elsewhere)
