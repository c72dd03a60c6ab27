"""Deployment: staffed hours beside demanded hours of one duty system, the index, what luck does to it, and gaps in cover."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from qinwu.duty.response_plan import F64, ResponsePlan
from qinwu.duty.system import DutySystem
from qinwu.findings import Finding, Place, QinwuError
from qinwu.language import N_
from qinwu.queueing.hourly.calls import HOURS
from qinwu.queueing.mismatch.chance import Chance, chance_of
from qinwu.queueing.mismatch.cover import LEAST, CoverGap, Post, cover_gaps, posts_of
from qinwu.queueing.mismatch.demanded import Demanded, demanded_by
from qinwu.queueing.mismatch.index import Mismatch, mismatch
from qinwu.queueing.mismatch.places import Kind, Places, places_of
from qinwu.queueing.mismatch.staffed import Staffed, staffed_by
from qinwu.station.demand import read_source
from qinwu.station.station import Station

FEWEST_CALLS = 100
"""With fewer calls than this there is no telling where and when officers are needed."""
DRAWS = 200
MOST_SILENT, CALLS_AN_HOUR = 12, 5.0
"""So many hours of the week without any call, where a mean hour has so many, say that the record does not hold all calls."""


@dataclass(frozen=True)
class Deployment:
    """A duty system beside what calls ask for.

    Parameters
    ----------
    station, system
        Whose, and which duty system.
    places
        What is compared.
    staff, calls
        Officers on duty, and what calls ask for.
    chance
        Interval and noise floor of the index.
    posts, gaps
        What must be kept, and where it is not, with `least` officers as the minimum.
    least
        Officers who must be on a post at any time.
    """

    station: Station
    system: DutySystem
    places: Places
    staff: Staffed
    calls: Demanded
    chance: Chance
    posts: tuple[Post, ...]
    gaps: tuple[CoverGap, ...]
    least: int

    @cached_property
    def demanded(self) -> F64:
        """(P, 168) officer-hours a week that calls ask for."""
        return self.calls.per_week

    @cached_property
    def staffed(self) -> F64:
        """(P, 168) officers on duty."""
        return self.staff.allotted(self.demanded)

    @cached_property
    def found(self) -> Mismatch:
        """The index."""
        return mismatch(self.staffed, self.demanded)

    @property
    def shown(self) -> bool:
        """Whether there is more mismatch than luck makes."""
        return self.chance.shown(self.found)

    @cached_property
    def utilisation(self) -> F64:
        """(P, 168) demanded hours by staffed hours; inf where nobody is staffed and calls ask, nan where neither is."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(self.demanded / self.staffed)

    @property
    def wrong_hours(self) -> float:
        """Officer-hours a week that are at another place or hour than calls ask for."""
        return self.found.overall * self.staff.total

    @property
    def silent_hours(self) -> int:
        """Hours of the week without any call in the whole record, where so many could not be luck; else 0."""
        calls = self.calls.table().sum(axis=0)
        silent = int((calls == 0.0).sum())
        return silent if silent >= MOST_SILENT and calls.mean() >= CALLS_AN_HOUR else 0

    def excess(self) -> F64:
        """Return (P, 168) officers beyond (above 0) or short of (below 0) what each cell's share of the demand would get."""
        return np.asarray(self.staffed - self.demanded / self.demanded.sum() * self.staff.total)


def foresee_deploy(
    station: Station,
    system: DutySystem,
    plan: ResponsePlan,
    *,
    kind: Kind | None = None,
    groups: Mapping[str, Sequence[str]] | None = None,
    expected: F64 | None = None,
    days: int | None = None,
    least: int = LEAST,
    draws: int = DRAWS,
    seed: int = 1,
) -> Deployment:
    """Return a duty system beside what calls ask for.

    Parameters
    ----------
    station, system, plan
        What there is, a duty system ready to be compiled (``LoadedSystem.system``), and the same compiled.
    kind, groups
        What to compare, see :func:`qinwu.queueing.mismatch.places.places_of`.
    expected
        (168,) calls an hour by hour of the week that a forecast expects; those of the record by default. Places and kinds of calls
        always follow the record.
    days
        Use only the last so many days of calls.
    least
        Officers who must be on each post at any time.
    draws, seed
        Draws for interval and noise floor, and of every draw.

    Raises
    ------
    QinwuError
        There are too few calls, nobody is on duty, or `expected` is no week of hours.
    """
    source = read_source(station, days)
    places = places_of(station, system, kind, groups)
    _check_expected(expected)
    calls, staff = demanded_by(plan, source, places, expected), staffed_by(plan, system, places)
    if len(calls) < FEWEST_CALLS:
        raise QinwuError([too_few_calls(len(calls))])
    if staff.total <= 0.0:
        raise QinwuError([nobody_staffed(system.id)])
    chance = chance_of(staff, calls, draws, seed)
    return Deployment(station, system, places, staff, calls, chance, posts_of(plan, system), cover_gaps(plan, system, least), least)


def _check_expected(expected: F64 | None) -> None:
    if expected is not None and not (expected.shape == (HOURS,) and np.isfinite(expected).all() and (expected >= 0.0).all()):
        message = N_("A forecast for deployment needs 168 calls an hour, none below 0; this one has the shape {shape}.")
        values = {"shape": "×".join(map(str, expected.shape))}
        raise QinwuError(
            [Finding("bad-expected", "error", message, N_("Give one figure for each hour of the week."), values=values)]
        )


def too_few_calls(count: int) -> Finding:
    """Return the finding for a record from which no mismatch can be told."""
    message = N_("{count} calls of residents have a place; {least} are needed to compare places and hours.")
    remedy = N_("Add call files, or ask for fewer and larger places.")
    return Finding("too-few-calls", "error", message, remedy, Place(), {"count": count, "least": FEWEST_CALLS})


def nobody_staffed(system: str) -> Finding:
    """Return the finding for a duty system without a crew that calls may be sent to."""
    message = N_("Duty system {system} has no crew of its own for calls.")
    return Finding("nobody-staffed", "error", message, N_("Add a [[crews]] rule."), Place(key="crews"), {"system": system})
