"""The steady state of a plan at one moment: crews of several officers, tiers, patrols, calls that need several crews.

The number of busy crews is that of a bulk queue (each call asks for the crews it needs, each crew serves on its own); which crews are
busy follows a product of weights, as in the approximate hypercube (Larson 1975), made to agree with who is sent; the nearest is
judged at places drawn from the patrols (Larson & Franck 1978). What the simulator does and this does not: it starts from the hour
before, hands over at the end of shifts, and measures times instead of taking them exponential.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qinwu.duty.response_plan import F64
from qinwu.queueing.steady import kernels
from qinwu.queueing.steady.moment import Moment
from qinwu.queueing.steady.team import Team

BIN_S = 10.0
BINS = 720
"""Arrival times are kept in bins of ten seconds up to two hours."""
DRAWS = 4
ROUNDS = 6
CLOSE = 0.01
FULL = 0.98


@dataclass(frozen=True, slots=True)
class SteadyState:
    """What one hour would settle to if it went on.

    Parameters
    ----------
    moment
        The hour of the duty cycle, and the crews on duty.
    calls
        (4,) calls a second by priority index; those officers find themselves are not among them.
    offered, nominal
        Crews that calls keep busy if all are served, with and without the way to them.
    p_delay, wait_s
        (4,) probability that a call finds nobody it may have at once, and mean wait of all calls for their first crew.
    times
        (4, 720) arrival of the first crew after a dispatcher may act: calls a second, in bins of ten seconds.
    workload, blocked, idle
        (N,) share of time that each crew on duty spends on calls, in fixed blocks, and without either.
    own
        (2, B + 1) first crews sent a second, and of them those from the beat itself, by beat (last: no beat).
    busy
        (N + 1,) probability of each number of busy crews.
    outside
        Share of crews asked for that come from other stations in the end.
    stable
        Whether the crews on duty could finish all calls by themselves.
    """

    moment: Moment
    calls: F64
    offered: float
    nominal: float
    p_delay: F64
    wait_s: F64
    times: F64
    workload: F64
    blocked: F64
    own: F64
    busy: F64
    outside: float
    stable: bool

    @property
    def idle(self) -> F64:
        """(N,) share of time that each crew has neither calls nor fixed blocks."""
        left: F64 = np.maximum(1.0 - self.workload - self.blocked, 0.0)
        return left


@dataclass(frozen=True, slots=True)
class Guess:
    """What is improved in turn: (N,) weights of being busy, mean way of a crew, and what crews wait for each other, seconds."""

    weight: F64
    travel_s: float
    partner_s: float


@dataclass(frozen=True, slots=True)
class Line:
    """Crews asked for: ``busy`` (N + 1,), ``wait_s`` (M,) of a call's first, second ... crew, ``p_full``, ``outside`` share."""

    busy: F64
    wait_s: F64
    p_full: float
    outside: float


@dataclass(frozen=True, slots=True)
class Sent:
    """Who was sent at once: arrays of :func:`qinwu.queueing.steady.kernels.send`."""

    flow: F64
    travel_s: F64
    own: F64
    times: F64
    joined: F64

    @property
    def mean_travel_s(self) -> float:
        """Mean way of a crew sent at once, turnout included."""
        return float(self.travel_s.sum() / max(float(self.flow.sum()), 1e-300))


def settle(team: Team, travel_spread: float, guess: Guess | None = None) -> tuple[SteadyState, Guess]:
    """Return the steady state of a team, and the guess to start its like from.

    Parameters
    ----------
    team
        Crews and calls.
    travel_spread
        Coefficient of variation of a journey's time, >= 0.
    guess
        Where to start; the answer depends on it within one per cent.
    """
    if not team.size:
        return nobody(team), Guess(np.zeros(0), 0.0, 0.0)
    now = guess or Guess(np.ones(team.size), 300.0, 0.0)
    for _ in range(ROUNDS):
        line = waiting_line(team, now)
        sent = send(team, now, line, travel_spread)
        better = improved(team, now, line, sent)
        change = max(abs(better.travel_s / now.travel_s - 1.0), float(np.abs(better.weight / now.weight - 1.0).max()) / 5.0)
        now = better
        if change < CLOSE:
            break
    return gathered(team, now, line, sent), now


def service_s(team: Team, guess: Guess) -> float:
    """Return the mean seconds that a call keeps one crew."""
    return team.handling_s + guess.travel_s + guess.partner_s


def waiting_line(team: Team, guess: Guess) -> Line:
    """Return how many crews are asked for at a time, and how long each crew of a call is waited for."""
    crews, each_s, outside_crews = team.size, service_s(team, guess), len(team.moment.outside)
    rate = float(team.call_rate.sum()) * team.pressure
    offered = rate * float(team.beyond.sum()) * each_s
    other = team.other + float(team.blocked.sum())
    if offered >= crews + (outside_crews if team.relief else 0):
        full = np.append(np.zeros(crews), 1.0)
        return Line(full, np.full(len(team.beyond), np.inf), 1.0, 0.0)
    needs = team.beyond - np.append(team.beyond[1:], 0.0)
    joint = bool(team.plan.dispatching.joint_release)
    asked = kernels.crews_asked_for(rate, needs, crews, 1.0 / each_s, other / each_s, team.relief, outside_crews, joint)
    later = np.minimum(np.maximum(np.arange(len(asked)) - crews, 0), outside_crews / max(each_s * team.relief, 1e-300))
    relieved = np.minimum(np.arange(1, len(asked) + len(team.beyond) + 1) * team.relief, outside_crews / each_s)
    steps = 1.0 / (crews / each_s + relieved)
    until = np.append(0.0, np.cumsum(steps))
    place = np.arange(len(asked))[None, :] + np.arange(1, len(team.beyond) + 1)[:, None] - crews
    waits = np.where(place > 0, until[np.maximum(place, 0)] + (until[1] * (team.together - 1.0)) / np.maximum(place, 1), 0.0) @ asked
    busy = np.append(asked[:crews], asked[crews:].sum())
    outside = team.relief * float(later @ asked) / max(rate * float(team.beyond.sum()), 1e-300)
    return Line(busy, waits, float(asked[crews:].sum()), outside)


def send(team: Team, guess: Guess, line: Line, travel_spread: float) -> Sent:
    """Send crews to all calls that find some free."""
    d, crew, area = team.plan.dispatching, team.plan.crew, team.plan.area
    lists = team.calls.lists
    sent = Sent(np.zeros(team.size), np.zeros(team.size), np.zeros((2, len(team.plan.beats) + 1)), np.zeros((4, BINS)), np.zeros(2))
    asking = d.wait_s * d.refusal / np.maximum(1.0 - d.refusal, 1e-3)
    kernels.send(
        lists.row, lists.support, lists.atom, team.wanted, guess.weight, line.busy, d.reserve, team.moment.crews, team.people,
        team.places, DRAWS, crew.own_beat, area.beat_of, d.tier, d.rank, d.nearest, d.opens_s,
        d.hand_over_s + asking + d.acknowledge_s + d.turnout_s, team.travel_to, float(area.hour_factor[team.moment.hour]),
        service_s(team, guess), journey_noise(travel_spread), BIN_S, sent.flow, sent.travel_s, sent.own, sent.times, sent.joined,
    )  # fmt: skip
    return sent


def journey_noise(spread: float) -> F64:
    """Return three equally likely factors of mean one that stand for the luck of journeys with this coefficient of variation.

    >>> journey_noise(0.0).tolist()
    [1.0, 1.0, 1.0]
    """
    variance = np.log1p(spread**2)
    factor = np.exp(np.sqrt(1.5 * variance) * np.array([-1.0, 0.0, 1.0]))
    noise: F64 = factor / factor.mean()
    return noise


def improved(team: Team, guess: Guess, line: Line, sent: Sent) -> Guess:
    """Return the guess that agrees with who was sent: crews that are sent more are busy more."""
    workload = workloads(team, guess, line, sent)
    model = kernels.busy_shares(guess.weight, line.busy)
    target = workload * float(model.sum()) / max(float(workload.sum()), 1e-300)
    odds = np.clip(target, 1e-4, FULL) / np.clip(model, 1e-4, FULL)
    weight = guess.weight * np.clip(odds, 0.2, 5.0)
    travel_s = sent.mean_travel_s or guess.travel_s
    return Guess(weight / weight.mean(), travel_s, partner_wait(team, line, sent))


def workloads(team: Team, guess: Guess, line: Line, sent: Sent) -> F64:
    """Return (N,) share of time on calls, blocks and other work: sent at once, after a wait (whoever is free next), or kept away."""
    asked = float(team.call_rate.sum() * team.beyond.sum())
    late = max(asked * (1.0 - line.outside) - float(sent.flow.sum()), 0.0)
    handling = team.handling_s + guess.partner_s
    busy = sent.flow * handling + sent.travel_s + late / team.size * service_s(team, guess)
    all_of_it: F64 = busy + team.blocked + team.other / team.size * (1.0 - line.p_full)
    return all_of_it


def partner_wait(team: Team, line: Line, sent: Sent) -> float:
    """Return how long a crew waits at the scene for the last of its call, on average over all crews sent.

    The last of m crews is sent ``wait_s[m - 1] - wait_s[r]`` after the r-th, and has the longer way; patience ends the wait.
    """
    if len(team.beyond) < 2 or not np.isfinite(line.wait_s).all() or sent.joined[0] == 0.0:
        return 0.0
    first = sent.times.sum()
    centres = (np.arange(BINS) + 0.5) * BIN_S
    gap = max(sent.joined[1] / sent.joined[0] - float(sent.times.sum(axis=0) @ centres) / max(float(first), 1e-300), 0.0)
    total = 0.0
    chance = team.beyond - np.append(team.beyond[1:], 0.0)
    for m in range(2, len(team.beyond) + 1):
        behind = line.wait_s[m - 1] - line.wait_s[:m]
        behind[0] += gap
        total += float(chance[m - 1] * np.minimum(behind, team.plan.dispatching.patience_s).sum())
    return total / float(team.beyond.sum())


def gathered(team: Team, guess: Guess, line: Line, sent: Sent) -> SteadyState:
    """Return the steady state from the last round."""
    each_s, asked = service_s(team, guess), float(team.call_rate.sum() * team.beyond.sum())
    offered = asked * each_s
    p_delay, wait_s = waits_by_priority(team, guess, line)
    work = workloads(team, guess, line, sent) - team.blocked
    first = sent.times / np.maximum(sent.times.sum(axis=1, keepdims=True), 1e-300)
    times = kernels.delayed(first, p_delay, np.divide(wait_s, np.maximum(p_delay, 1e-12)), BIN_S)
    return SteadyState(
        moment=team.moment,
        calls=team.call_rate,
        offered=offered,
        nominal=asked * team.handling_s,
        p_delay=p_delay,
        wait_s=wait_s,
        times=times * team.call_rate[:, None],
        workload=np.clip(work, 0.0, 1.0),
        blocked=team.blocked,
        own=own_with_waiting(team, line, sent),
        busy=line.busy,
        outside=line.outside,
        stable=offered < team.size,
    )


def own_with_waiting(team: Team, line: Line, sent: Sent) -> F64:
    """Return first crews and those from the beat itself by beat, waiting calls included: each crew is next with equal chance."""
    beats = len(team.plan.beats)
    rate = np.bincount(team.plan.area.beat_of[team.calls.lists.atom] % (beats + 1), team.calls.rate.sum(axis=(1, 2)), beats + 1)
    waiting = rate * line.p_full * (1.0 - line.outside)
    here = np.bincount(team.plan.crew.own_beat[team.moment.crews] % (beats + 1), minlength=beats + 1)
    here[beats] = 0
    return sent.own + np.stack([rate * line.p_full, waiting * here / team.size])


def waits_by_priority(team: Team, guess: Guess, line: Line) -> tuple[F64, F64]:
    """Return (4,) probability of delay and mean wait by priority index.

    The mean over all calls is that of the bulk queue; its parts are as Cobham's (1954) for the same loads. Calls that may break into
    less urgent work wait only where no crew is in a stage that may be interrupted; reserves let others wait sooner.
    """
    reserve, crews = team.plan.dispatching.reserve, team.size
    load = team.call_rate * float(team.beyond.sum()) * service_s(team, guess) / crews
    sigma = np.minimum(np.append(0.0, np.cumsum(load)), FULL)
    shape = 1.0 / ((1.0 - sigma[:-1]) * (1.0 - sigma[1:]))
    mean = float(team.call_rate @ shape / max(float(team.call_rate.sum()), 1e-300))
    p_delay, wait_s = np.empty(4), np.empty(4)
    for p in range(4):
        kept = int(min(reserve[p] + (reserve[p] > 0), crews))
        delayed = float(line.busy[crews - kept :].sum())
        blocked = (1.0 - team.interruptible(p, guess.travel_s)) ** crews
        barred = team.barred[p]
        p_delay[p] = (1.0 - barred) * delayed * blocked + barred
        waited = line.wait_s[0] * shape[p] / mean * blocked * delayed / max(line.p_full, 1e-300)
        wait_s[p] = (1.0 - barred) * waited + barred * (waited + team.plan.dispatching.last_s[p] / 2.0)
    return p_delay, wait_s


def nobody(team: Team) -> SteadyState:
    """Return the state of an hour without any crew of the station on duty: all calls go to others."""
    return SteadyState(
        moment=team.moment,
        calls=team.call_rate,
        offered=0.0,
        nominal=0.0,
        p_delay=np.ones(4),
        wait_s=np.full(4, np.inf),
        times=np.zeros((4, BINS)),
        workload=np.zeros(0),
        blocked=np.zeros(0),
        own=np.zeros((2, len(team.plan.beats) + 1)),
        busy=np.ones(1),
        outside=1.0,
        stable=not team.call_rate.any(),
    )
