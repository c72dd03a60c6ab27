"""Question: what month of rounds is to be planned, for whom and by which rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from qinwu.duty.response_plan import ResponsePlan
from qinwu.duty.system import DutySystem
from qinwu.plan.rounds.aims import Aims, sample_aims
from qinwu.plan.rounds.answer import Rounds
from qinwu.plan.rounds.free import Span
from qinwu.plan.rounds.hot_list import HotList
from qinwu.plan.rounds.month import Month
from qinwu.plan.rounds.visits import Tour
from qinwu.station.station import Station

Roster = Mapping[str, Sequence[tuple[datetime, datetime]]]


@dataclass(frozen=True)
class Question:
    """What month is to be planned, for whom and by which rules.

    Parameters
    ----------
    station, system, plan
        What there is, and the duty system in force, compiled.
    aims
        Rules; the sample where nothing else is said.
    month
        The days; the month after that of the last call by default.
    last
        When venues were last inspected, by id.
    roster
        Duty times by officer where a roster says so; the duty system's pattern for all others.
    spans
        Free time of officers by the duty system's pattern where it has been worked out before (:func:`free_spans`); it takes most
        of a second.
    start
        An earlier plan of the same month, or its tours: what lies before `today`, and what `keep` names, is taken over as it is;
        the rest is where the search begins, as far as it still fits.
    today
        The first day that is planned anew; the first of the month by default.
    keep
        Ids of visits that stay as they are.
    hot
        Hot places of a forecast; those residents called from most in the record where None.
    """

    station: Station
    system: DutySystem
    plan: ResponsePlan
    aims: Aims = field(default_factory=sample_aims)
    month: Month | None = None
    last: Mapping[str, date] = field(default_factory=dict)
    roster: Roster | None = None
    spans: tuple[Span, ...] | None = None
    start: Rounds | tuple[Tour, ...] | None = None
    today: date | None = None
    keep: frozenset[str] = frozenset()
    hot: HotList | None = None


def earlier_tours(question: Question) -> tuple[Tour, ...]:
    """Return the tours of an earlier plan, none without one."""
    return question.start.tours if isinstance(question.start, Rounds) else question.start or ()


def kept_tours(question: Question) -> tuple[Tour, ...]:
    """Return what of an earlier plan stays: tours before `today`, and those with a visit that is to be kept."""
    before = question.today or date.min
    return tuple(
        tour for tour in earlier_tours(question) if tour.day < before or any(visit.id in question.keep for visit in tour.visits)
    )
