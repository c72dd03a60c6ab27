"""Sector load 警务区负荷: a sergeant's own calls and minutes beside the others', and how often the sector covers itself (M3).

A call is covered in its sector where an officer of the sector was in the crew that came first: the sector first, then the station.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import fsum

from qinwu.judge.score.survey import wilson


@dataclass(frozen=True, slots=True)
class Went:
    """One crew on one call: the call, the beat it lies in, who was in the crew, when sent, arrived (None: not) and free again."""

    call: str
    beat: str
    officers: tuple[str, ...]
    sent: datetime
    arrived: datetime | None
    over: datetime

    @property
    def minutes(self) -> float:
        """Minutes from being sent to being free, of each officer."""
        return (self.over - self.sent).total_seconds() / 60.0


@dataclass(frozen=True, slots=True)
class Load:
    """What one officer did: `went` to these calls, in so many hours on duty."""

    officer: str
    went: tuple[Went, ...]
    duty_h: float

    @property
    def calls(self) -> int:
        """Calls, each once."""
        return len({one.call for one in self.went})

    @property
    def minutes(self) -> float:
        """Minutes worked on them."""
        return fsum(one.minutes for one in self.went)

    @property
    def share(self) -> float | None:
        """Share of the hours on duty; None where there were none."""
        return self.minutes / 60.0 / self.duty_h if self.duty_h else None


@dataclass(frozen=True, slots=True)
class Covered:
    """Calls of a sector that somebody was sent to, those to which one of the sector came first, and the interval of the share."""

    calls: int
    inside: int
    low: float
    high: float

    @property
    def share(self) -> float:
        """The share covered in the sector."""
        return self.inside / self.calls


@dataclass(frozen=True, slots=True)
class SectorLoad:
    """A sector in a span.

    Parameters
    ----------
    sergeant
        The sergeant's own load.
    others
        Those of the other officers of its beats, most minutes first.
    covered
        How often it covered itself; None where it had no call.
    outside
        The crews that came first from elsewhere, by time.
    """

    sergeant: Load
    others: tuple[Load, ...]
    covered: Covered | None
    outside: tuple[Went, ...]

    @property
    def working(self) -> tuple[Load, ...]:
        """The other officers who were on duty or on a call: who was off cannot be compared with."""
        return tuple(one for one in self.others if one.duty_h or one.went)

    @property
    def mean_calls(self) -> float:
        """Calls of the others who worked, on average; nan without any."""
        return fsum(one.calls for one in self.working) / len(self.working) if self.working else float("nan")

    @property
    def mean_minutes(self) -> float:
        """Minutes of the others who worked, on average; nan without any."""
        return fsum(one.minutes for one in self.working) / len(self.working) if self.working else float("nan")

    @property
    def ratio(self) -> float | None:
        """The sergeant's minutes to the average of the others; None where those have none."""
        return self.sergeant.minutes / self.mean_minutes if self.working and self.mean_minutes else None


def sector_load(
    went: Sequence[Went], beats: Collection[str], sergeant: str, officers: Sequence[str], duty_h: Mapping[str, float]
) -> SectorLoad:
    """Return the load of a sector.

    Parameters
    ----------
    went
        Every crew on every call of the span, of all sectors.
    beats
        Beats of the sector.
    sergeant, officers
        Its sergeant, and the officers who answer for its beats, with or without the sergeant.
    duty_h
        Hours on duty of each officer in the span.
    """
    mine = tuple(dict.fromkeys((sergeant, *officers)))
    loads = [Load(name, tuple(one for one in went if name in one.officers), duty_h.get(name, 0.0)) for name in mine]
    first: dict[str, Went] = {}
    for one in sorted((one for one in went if one.beat in beats), key=_came):
        first.setdefault(one.call, one)
    outside = [one for one in first.values() if not set(one.officers) & set(mine)]
    covered = None
    if first:
        inside = len(first) - len(outside)
        covered = Covered(len(first), inside, *wilson(inside / len(first), len(first)))
    others = sorted(loads[1:], key=lambda one: (-one.minutes, one.officer))
    return SectorLoad(loads[0], tuple(others), covered, tuple(sorted(outside, key=lambda one: one.sent)))


def _came(one: Went) -> tuple[bool, datetime]:
    """Order crews on a call: who arrived first, then who was sent first."""
    return one.arrived is None, one.arrived or one.sent
