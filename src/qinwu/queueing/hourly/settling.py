"""One hour settled: who is sent and who is busy are improved in turn until they agree."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from qinwu.duty.response_plan import F64
from qinwu.queueing.hourly import sending
from qinwu.queueing.hourly.scene import Asking, Ready, Rules, Totals
from qinwu.queueing.hourly.team import Team
from qinwu.queueing.hourly.waiting import BIN_S, BINS, Guess, Line, partner_wait, service_s, waiting_line

CLOSE = 0.02
FULL = 0.98


@dataclass(frozen=True, slots=True)
class Settled:
    """A team, the guess its hour was told from, who waits and who is sent."""

    team: Team
    guess: Guess
    line: Line
    sent: Totals


def settle(team: Team, asked: F64, guess: Guess, rounds: int, draws: int) -> tuple[Settled, Guess]:
    """Return a team's hour, and the guess it leads to.

    Parameters
    ----------
    team
        Crews and calls.
    asked
        (I,) probability of each number of crews asked for.
    guess
        Where to start.
    rounds, draws
        At most so many improvements, each looking at so many places of the patrols for every list of crews.
    """
    now = guess
    for _ in range(rounds):
        line = waiting_line(team, now, asked)
        settled = Settled(team, now, line, send(team, now, line, draws))
        better = improved(team, now, line, settled.sent)
        change = max(moved(now.travel_s, better.travel_s), float(np.abs(better.weight / now.weight - 1.0).max()) / 5.0)
        now = better
        if change < CLOSE:
            break
    return settled, now


def moved(before: float, after: float) -> float:
    """Return by which part of itself, or of a minute, a time has changed."""
    return abs(after - before) / max(before, 60.0)


def send(team: Team, guess: Guess, line: Line, draws: int) -> Totals:
    """Send crews to all calls that find some free."""
    d, crew, area, lists = team.plan.dispatching, team.plan.crew, team.plan.area, team.calls.lists
    asking = d.wait_s * d.refusal / np.maximum(1.0 - d.refusal, 1e-3)
    totals = Totals(
        np.zeros(team.size),
        np.zeros(team.size),
        np.zeros((2, len(team.plan.beats) + 1)),
        np.zeros((4, BINS)),
        np.zeros(2),
        np.zeros((5, 4)),
    )
    ready = Ready(team.moment.crews, team.people, team.places, team.extra_s, guess.weight, line.busy)
    rules = Rules(
        d.tier,
        d.rank,
        d.opens_s,
        d.hand_over_s + asking + d.acknowledge_s + d.turnout_s,
        crew.own_beat,
        area.beat_of,
        d.nearest,
        team.travel_to,
        float(area.hour_factor[team.moment.hour]),
        journey_noise(team.calls.travel_spread),
        service_s(team, guess),
    )
    calls = Asking(lists.row, lists.support, lists.atom, team.wanted, d.reserve)
    sending.send(calls, ready, rules, draws, BIN_S, totals)
    return totals


@lru_cache(maxsize=16)
def journey_noise(spread: float) -> F64:
    """Return three equally likely factors of mean one and this coefficient of variation, for the luck of journeys.

    >>> journey_noise(0.0).tolist()
    [1.0, 1.0, 1.0]
    """
    variance = np.log1p(spread**2)
    factor = np.exp(np.sqrt(1.5 * variance) * np.array([-1.0, 0.0, 1.0]))
    unit = factor / factor.mean()
    noise: F64 = 1.0 + (unit - 1.0) * (spread / unit.std() if spread > 0.0 else 0.0)
    return np.maximum(noise, 0.0)


def improved(team: Team, guess: Guess, line: Line, sent: Totals) -> Guess:
    """Return the guess that agrees with who was sent: crews that are sent more are busy more."""
    workload = workloads(team, guess, line, sent)
    model = sending.busy_shares(guess.weight, line.busy)
    target = workload * float(model.sum()) / max(float(workload.sum()), 1e-300)
    odds = np.clip(target, 1e-4, FULL) / np.clip(model, 1e-4, FULL)
    weight = guess.weight * np.clip(odds, 0.2, 5.0)
    travel_s = sent.mean_travel_s if sent.flow.any() else guess.travel_s
    return Guess(weight / weight.mean(), travel_s, partner_wait(team, line, sent))


def workloads(team: Team, guess: Guess, line: Line, sent: Totals) -> F64:
    """Return (N,) share of time on calls, blocks and other work; calls that wait go to whoever is free next."""
    asked = float(team.call_rate.sum() * team.beyond.sum())
    late = max(asked * (1.0 - line.outside - line.given_up) - float(sent.flow.sum()), 0.0)
    handling = team.handling_s + guess.partner_s
    busy = sent.flow * handling + sent.travel_s + late / team.size * service_s(team, guess)
    all_of_it: F64 = busy + team.blocked + team.other / team.size * (1.0 - line.p_full)
    return all_of_it
