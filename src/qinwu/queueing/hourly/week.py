"""A plan's week: the number of crews asked for is carried from hour to hour, and every hour is then settled by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from qinwu.duty.response_plan import F64, ResponsePlan
from qinwu.queueing.hourly.calls import HOURS, WeekCalls
from qinwu.queueing.hourly.line import Flows, through_week
from qinwu.queueing.hourly.moment import MOST_MOMENTS, moments
from qinwu.queueing.hourly.settling import Settled, settle
from qinwu.queueing.hourly.state import HourState, gathered, nobody
from qinwu.queueing.hourly.team import Team
from qinwu.queueing.hourly.waiting import Guess, giving_up, service_s

FRESH = 3
"""Improvements of an hour whose crews have not been settled before; one where they have."""
LOOKS = 128
"""So many places of the patrols are looked at over all lists of crews, at least."""
FEWEST_PLACES = 40
"""Room for so many crews that are waited for, or three times those on duty."""


def teams_of_week(calls: WeekCalls, other: F64, most_weeks: int = MOST_MOMENTS) -> list[list[Team]]:
    """Return the teams of every hour of the week, for each week of the duty cycle that is looked at.

    `other` (168,) are crews kept busy by background work; at most `most_weeks` weeks are looked at.
    """
    plan = calls.plan
    by_hour = [(calls.at(hour), moments(plan, hour, most_weeks)) for hour in range(HOURS)]
    weeks = len(by_hour[0][1])
    return [
        [
            Team(plan, at[week], now, float(other[hour]) + now.self_initiated * now.self_initiated_s)
            for hour, (now, at) in enumerate(by_hour)
        ]
        for week in range(weeks)
    ]


def settle_weeks(plan: ResponsePlan, weeks: Sequence[Sequence[Team]]) -> tuple[tuple[HourState, ...], ...]:
    """Return the states of 168 hours in a row for each week of the duty cycle, the last hour of a week followed by its first.

    How long a call keeps a crew is learnt in the first week and hardly differs in the others, which start from there.
    """
    near: dict[bytes, Guess] = {}
    guesses = [Guess(np.ones(team.size), 300.0, 0.0) for team in weeks[0]]
    settled = []
    for number, teams in enumerate(weeks):
        guesses = [_fitted(guess, team) for guess, team in zip(guesses, teams, strict=True)]
        if number == 0:
            guesses = _pass(plan, teams, guesses, {}, 1)[1]
        hours, guesses = _pass(plan, teams, guesses, near, FRESH)
        settled.append(tuple(nobody(team) if hour is None else gathered(hour) for team, hour in zip(teams, hours, strict=True)))
    return tuple(settled)


def _fitted(guess: Guess, team: Team) -> Guess:
    """Return a guess for a team of another size: all crews alike."""
    return guess if len(guess.weight) == team.size else Guess(np.ones(team.size), guess.travel_s, guess.partner_s)


def _pass(
    plan: ResponsePlan, teams: Sequence[Team], guesses: Sequence[Guess], near: dict[bytes, Guess], fresh: int
) -> tuple[list[Settled | None], list[Guess]]:
    """Carry the line through the week, then settle every hour; `near` keeps who was how busy for the same crews."""
    asked = asked_through_week(plan, teams, guesses)
    hours: list[Settled | None] = []
    better = []
    for hour, (team, guess) in enumerate(zip(teams, guesses, strict=True)):
        if not team.size:
            hours.append(None)
            better.append(guess)
            continue
        crews = team.moment.crews.tobytes()
        draws = -(-LOOKS // len(team.calls.lists))
        start = replace(guess, weight=near.get(crews, guess).weight)
        settled, now = settle(team, asked[hour], start, 1 if crews in near else fresh, draws)
        near[crews] = now
        hours.append(settled)
        better.append(now)
    return hours, better


def asked_through_week(plan: ResponsePlan, teams: Sequence[Team], guesses: Sequence[Guess]) -> F64:
    """Return (168, I) probability of each number of crews asked for, hour by hour."""
    most = max(len(team.beyond) for team in teams)
    needs = np.zeros((len(teams), most))
    for hour, team in enumerate(teams):
        needs[hour, : len(team.beyond)] = team.needs
    before = [teams[hour - 1].moment.crews for hour in range(len(teams))]
    pace = 1.0 / np.array([service_s(team, guess) for team, guess in zip(teams, guesses, strict=True)])
    crews = np.array([team.size for team in teams])
    flows = Flows(
        rate=np.array([float(team.call_rate.sum()) for team in teams]),
        needs=needs,
        service_rate=pace,
        other=np.array([team.other + float(team.blocked.sum()) for team in teams]) * pace,
        relief=np.array([team.relief for team in teams]),
        outside=np.array([len(team.moment.outside) for team in teams]),
        giving_up=np.array([giving_up(team, 1.0 / rate) for team, rate in zip(teams, pace, strict=True)]),
        crews=crews,
        kept=np.array([len(np.intersect1d(team.moment.crews, old)) for team, old in zip(teams, before, strict=True)]),
    )
    joint = bool(plan.dispatching.joint_release)
    asked: F64 = through_week(flows, joint, int(crews.max() + max(FEWEST_PLACES, 3 * crews.max())))
    return asked
