"""Patrolling: the month's patrol rounds, six hours at a time, by the crews that patrol and are free."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from qinwu.duty.calendar import DAY_S, HOUR_S
from qinwu.duty.response_plan import ResponsePlan
from qinwu.plan.rounds.aims import PatrolAims
from qinwu.plan.rounds.due import own_generator
from qinwu.plan.rounds.free import Span, mean_share
from qinwu.plan.rounds.hot_places import PART_S, PARTS, HotPlaces
from qinwu.plan.rounds.month import Month
from qinwu.plan.rounds.patrol import Patrolling, PatrolRound, Rhythm, kept_up_with, patrol_round
from qinwu.plan.rounds.people import People

LEAST_SHARE = 0.05
"""A crew that calls leave less of its time does not patrol."""
LEAST_H = 1.0
"""Shorter patrol windows are not planned."""


def patrol_windows(people: People, plan: ResponsePlan, spans: Sequence[Span], day: int) -> list[Patrolling]:
    """Return when which crew can patrol on a day: the free time of its first officer, if the crew patrols at all.

    Times count from 00:00 of the month's first day.
    """
    windows = []
    for span in spans:
        crew = people.muster.crews[span.crew]
        leads = bool(crew.officers) and crew.officers[0].id == span.officer
        if span.day == day and leads and plan.crew.patrols[span.crew] and span.share >= LEAST_SHARE:
            begin, end = day * DAY_S + span.start_s, day * DAY_S + span.end_s
            reach = frozenset(plan.crew.slots[span.crew].tolist())
            windows.append(Patrolling(span.crew, begin, end, span.base, min(span.share, 1.0), reach))
    return windows


def patrols_of_month(
    people: People,
    plan: ResponsePlan,
    spans: Sequence[Span],
    hot: HotPlaces,
    aims: PatrolAims,
    month: Month,
    seed: int,
    days: range | None = None,
) -> tuple[PatrolRound, ...]:
    """Return the patrol rounds of a month: in every six hours, stops at the hottest places that crews on patrol keep up with.

    Parameters
    ----------
    people, plan
        Who there is, and which crews patrol where.
    spans
        Free time that no visit takes.
    hot
        Hot places by six hours of the day.
    aims
        How long to stop and how often.
    month, seed
        The days planned; of the draw.
    days
        Days of the month on which the hot places hold, 0 being the first; all where None.
    """
    travel = people.station.area.travel
    rhythm = Rhythm((aims.stop_min[0] * 60.0, aims.stop_min[1] * 60.0), aims.every_min * 60.0, aims.most_min * 60.0)
    before: list[Patrolling] = []
    rounds = []
    for day in days if days is not None else range(month.days):
        today = patrol_windows(people, plan, spans, day)
        for part in range(PARTS):
            begin = day * DAY_S + part * PART_S
            span = (begin, begin + PART_S)
            windows = [one for one in (*before, *today) if min(one.end_s, span[1]) - max(one.start_s, span[0]) >= LEAST_H * HOUR_S]
            factor = mean_share(travel.hour_factor, month, day, part * PART_S, (part + 1) * PART_S)
            travel_s = travel.base_s.astype(np.float64) * factor
            places = kept_up_with(windows, hot.atoms[part], travel_s, span, rhythm)
            if len(places):
                rng = own_generator(seed, month.date_of(day).isoformat(), f"patrol {part}")
                rounds.append(patrol_round(windows, places, travel_s, span, rhythm, rng))
        before = today
    return tuple(rounds)
