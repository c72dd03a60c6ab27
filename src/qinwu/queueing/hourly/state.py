"""One hour of a plan: crews of several officers, tiers, patrols, calls that need several crews.

The number of busy crews is that of a bulk queue carried through the week (each call asks for the crews it needs); which crews are
busy follows a product of weights, as in the approximate hypercube (Larson 1975), made to agree with who is sent; the nearest is
judged at places drawn from the patrols (Larson & Franck 1978). What the simulator does and this does not: it follows every call,
holds and hands over by the clock, and draws the times of calls instead of taking them exponential.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from qinwu.duty.response_plan import F64
from qinwu.queueing.hourly import sending
from qinwu.queueing.hourly.moment import Moment
from qinwu.queueing.hourly.team import Team

BIN_S = 10.0
BINS = 720
"""Arrival times are kept in bins of ten seconds up to two hours."""
CLOSE = 0.02
FULL = 0.98
MOST_PRESSING = 0.9


@dataclass(frozen=True, slots=True)
class HourState:
    """What happens in one hour of a plan, on average.

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
    def crews_on_duty(self) -> int:
        """How many of the station's own crews are on duty."""
        return 0 if self.moment.borrowed else len(self.moment.crews)

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
    """Crews asked for.

    ``busy`` (N + 1,) probability of each number busy, ``p_full`` that all are, ``wait_s`` (M,) mean wait for the first, second ...
    crew of a call, ``behind_s`` (M,) what the crews of a call for m + 1 wait in all for the last of them to be sent, ``outside``
    the share of crews that come from other stations, ``given_up`` of those that are no longer waited for.
    """

    busy: F64
    wait_s: F64
    behind_s: F64
    p_full: float
    outside: float
    given_up: float


@dataclass(frozen=True, slots=True)
class Sent:
    """Who was sent at once: arrays of :func:`qinwu.queueing.hourly.sending.send`."""

    flow: F64
    travel_s: F64
    own: F64
    times: F64
    joined: F64
    missed: F64

    @property
    def mean_travel_s(self) -> float:
        """Mean way of a crew sent at once, turnout included."""
        return float(self.travel_s.sum() / max(float(self.flow.sum()), 1e-300))


@dataclass(frozen=True, slots=True)
class Settled:
    """A team, the guess its hour was told from, who waits and who is sent."""

    team: Team
    guess: Guess
    line: Line
    sent: Sent


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


def service_s(team: Team, guess: Guess) -> float:
    """Return the mean seconds that a call keeps one crew."""
    return team.handling_s + guess.travel_s + guess.partner_s


def waiting_line(team: Team, guess: Guess, asked: F64) -> Line:
    """Return how many crews are busy, and how long each crew of a call is waited for; behind others in the order of calls."""
    crews, each_s, outside_crews = team.size, service_s(team, guess), len(team.moment.outside)
    line = np.arange(1, len(asked) + len(team.beyond) + 1)
    relieved = np.minimum(line * team.relief, outside_crews / each_s)
    steps = 1.0 / (crews / each_s + relieved + (line - 1) * giving_up(team, each_s))
    until = np.append(0.0, np.cumsum(steps))
    place = np.arange(len(asked))[None, :] + np.arange(1, len(team.beyond) + 1)[:, None] - crews
    first = until[1] * (team.together - 1.0) / np.maximum(place, 1)
    waits = np.where(place > 0, until[np.maximum(place, 0)] + first, 0.0)
    behind = [
        np.minimum(waits[m] - waits[: m + 1], team.plan.dispatching.patience_s).sum(axis=0) @ asked for m in range(len(waits))
    ]
    waiting = np.maximum(np.arange(len(asked)) - crews, 0)
    came = max(float(team.call_rate.sum() * team.beyond.sum()), 1e-300)
    outside = float(np.minimum(waiting * team.relief, outside_crews / each_s) @ asked) / came
    given_up = float(waiting @ asked) * giving_up(team, each_s) / came
    busy = np.append(asked[:crews], asked[crews:].sum())
    return Line(busy, waits @ asked, np.array(behind), float(busy[-1]), min(outside, 1.0), min(given_up, 1.0))


def giving_up(team: Team, each_s: float) -> float:
    """Return how fast a crew that is waited for is no longer waited for, per second: patience with those who join ends.

    Patience runs from the arrival of the first crew, which itself may have been waited for; the share of crews that join accounts
    for first crews, which are never given up.
    """
    join = 1.0 - 1.0 / float(team.beyond.sum())
    return join / (team.plan.dispatching.patience_s + each_s / max(team.size, 1))


def send(team: Team, guess: Guess, line: Line, draws: int) -> Sent:
    """Send crews to all calls that find some free."""
    d, crew, area, lists = team.plan.dispatching, team.plan.crew, team.plan.area, team.calls.lists
    asking = d.wait_s * d.refusal / np.maximum(1.0 - d.refusal, 1e-3)
    totals = sending.Totals(
        np.zeros(team.size),
        np.zeros(team.size),
        np.zeros((2, len(team.plan.beats) + 1)),
        np.zeros((4, BINS)),
        np.zeros(2),
        np.zeros((5, 4)),
    )
    ready = sending.Ready(team.moment.crews, team.people, team.places, team.extra_s, guess.weight, line.busy)
    rules = sending.Rules(
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
    calls = sending.Asking(lists.row, lists.support, lists.atom, team.wanted, d.reserve)
    sending.send(calls, ready, rules, draws, BIN_S, totals)
    return Sent(*totals)


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


def improved(team: Team, guess: Guess, line: Line, sent: Sent) -> Guess:
    """Return the guess that agrees with who was sent: crews that are sent more are busy more."""
    workload = workloads(team, guess, line, sent)
    model = sending.busy_shares(guess.weight, line.busy)
    target = workload * float(model.sum()) / max(float(workload.sum()), 1e-300)
    odds = np.clip(target, 1e-4, FULL) / np.clip(model, 1e-4, FULL)
    weight = guess.weight * np.clip(odds, 0.2, 5.0)
    travel_s = sent.mean_travel_s if sent.flow.any() else guess.travel_s
    return Guess(weight / weight.mean(), travel_s, partner_wait(team, line, sent))


def workloads(team: Team, guess: Guess, line: Line, sent: Sent) -> F64:
    """Return (N,) share of time on calls, blocks and other work; calls that wait go to whoever is free next."""
    asked = float(team.call_rate.sum() * team.beyond.sum())
    late = max(asked * (1.0 - line.outside - line.given_up) - float(sent.flow.sum()), 0.0)
    handling = team.handling_s + guess.partner_s
    busy = sent.flow * handling + sent.travel_s + late / team.size * service_s(team, guess)
    all_of_it: F64 = busy + team.blocked + team.other / team.size * (1.0 - line.p_full)
    return all_of_it


def partner_wait(team: Team, line: Line, sent: Sent) -> float:
    """Return how long a crew waits at the scene for the last of its call, on average over all crews sent.

    The last is sent later where crews are short (patience ends that wait), and has the longer way.
    """
    if len(team.beyond) < 2 or sent.joined[0] == 0.0:
        return 0.0
    centres = (np.arange(BINS) + 0.5) * BIN_S
    first_s = float(sent.times.sum(axis=0) @ centres) / max(float(sent.times.sum()), 1e-300)
    gap = max(sent.joined[1] / sent.joined[0] - first_s, 0.0)
    behind = line.behind_s + np.where(np.arange(len(team.needs)) > 0, gap, 0.0)
    return float(team.needs @ behind / team.beyond.sum())


def gathered(hour: Settled) -> HourState:
    """Return the state of an hour that has settled."""
    team, guess, line, sent = hour.team, hour.guess, hour.line, hour.sent
    each_s, asked = service_s(team, guess), float(team.call_rate.sum() * team.beyond.sum())
    offered = asked * each_s
    p_delay, wait_s = waits_by_priority(team, guess, line, sent)
    work = workloads(team, guess, line, sent) - team.blocked
    first = sent.times / np.maximum(sent.times.sum(axis=1, keepdims=True), 1e-300)
    late = late_arrivals(team, line, p_delay, wait_s)
    times = sending.arrivals(first, late, p_delay, np.divide(wait_s, np.maximum(p_delay, 1e-12)), BIN_S)
    rate = np.maximum(team.call_rate, 1e-300)
    held, held_s, strange = sent.missed[3] / rate, sent.missed[4] / rate, sent.missed[2] / rate
    times += strange[:, None] * (arrivals_of(team, *team.from_outside_s) - times)
    never = strange if not len(team.moment.outside) else np.zeros(4)
    return HourState(
        moment=team.moment,
        calls=team.call_rate,
        offered=offered,
        nominal=asked * team.handling_s,
        p_delay=np.minimum(p_delay + held + never, 1.0),
        wait_s=np.where(never > 0.0, np.inf, wait_s + held_s),
        times=times * ((1.0 - never) * team.call_rate)[:, None],
        workload=np.clip(work, 0.0, 1.0),
        blocked=team.blocked,
        own=own_with_waiting(team, line, sent),
        busy=line.busy,
        outside=line.outside,
        stable=offered < team.size or offered == 0.0,
    )


def late_arrivals(team: Team, line: Line, p_delay: F64, wait_s: F64) -> F64:
    """Return (4, 720) when the first crew of a call that had to wait arrives after it is sent.

    Whoever is free next comes from another call (Larson's T_Q), or a crew comes from another station: of the crews that come from
    there as many are first as of those that wait, and they go to calls the more the longer these wait.
    """
    waiting = float(line.wait_s.sum())
    first = line.wait_s[0] / waiting if waiting > 0.0 else 0.0
    mean_wait = float(team.call_rate @ wait_s) / max(float(team.call_rate.sum()), 1e-300)
    helped = line.outside * float(team.beyond.sum()) * first * wait_s / max(mean_wait, 1e-12)
    beyond = np.minimum(1.0, helped / np.maximum(p_delay, 1e-12))
    free = arrivals_of(team, *team.next_free_s)
    return free + beyond[:, None] * (arrivals_of(team, *team.from_outside_s) - free)


def arrivals_of(team: Team, delay_s: float, way_s: float) -> F64:
    """Return (720,) when a crew arrives that sets out after `delay_s` and drives `way_s` on average, with the luck of journeys."""
    times = np.zeros(BINS)
    for luck in journey_noise(team.calls.travel_spread).tolist():
        times[min(int((delay_s + way_s * luck) / BIN_S), BINS - 1)] += 1.0 / 3.0
    return times


def own_with_waiting(team: Team, line: Line, sent: Sent) -> F64:
    """Return first crews and those from the beat itself by beat, waiting calls included: each crew is next with equal chance."""
    beats = len(team.plan.beats)
    rate = np.bincount(team.plan.area.beat_of[team.calls.lists.atom] % (beats + 1), team.calls.rate.sum(axis=(1, 2)), beats + 1)
    waiting = rate * line.p_full * (1.0 - line.outside)
    here = np.bincount(team.plan.crew.own_beat[team.moment.crews] % (beats + 1), minlength=beats + 1)
    here[beats] = 0
    return sent.own + np.stack([rate * line.p_full, waiting * here / team.size])


def waits_by_priority(team: Team, guess: Guess, line: Line, sent: Sent) -> tuple[F64, F64]:
    """Return (4,) probability of delay and mean wait by priority index.

    The mean over all calls is that of the bulk queue; its parts are as Cobham's (1954) for the same loads. Calls that may break
    into less urgent work wait only where no crew is in a stage that may be interrupted; reserves let others wait
    sooner, and so do lists that leave crews out.
    """
    reserve, crews = team.plan.dispatching.reserve, team.size
    help_too = len(team.moment.outside) if team.relief else 0
    load = team.call_rate * float(team.beyond.sum()) * service_s(team, guess) / (crews + help_too)
    sigma = np.minimum(np.append(0.0, np.cumsum(load)), MOST_PRESSING)
    shape = 1.0 / ((1.0 - sigma[:-1]) * (1.0 - sigma[1:]))
    mean = float(team.call_rate @ shape / team.call_rate.sum()) if team.call_rate.any() else 1.0
    p_delay, wait_s = np.empty(4), np.empty(4)
    for p in range(4):
        kept = int(min(reserve[p] + (reserve[p] > 0), crews))
        common = float(line.busy[crews - kept :].sum())
        some = max(float(team.call_rate[p] - sent.missed[2, p]), 1e-300)
        delayed = min(float(sent.missed[0, p]) / some, 1.0) if sent.missed[0, p] > 0.0 else common
        apart_s = float(sent.missed[1, p]) / some
        blocked = (1.0 - team.interruptible(p, guess.travel_s)) ** crews
        barred = team.barred[p]
        p_delay[p] = (1.0 - barred) * delayed * blocked + barred
        waited = (line.wait_s[0] * shape[p] / mean * common / max(line.p_full, 1e-12) + apart_s) * blocked
        wait_s[p] = (1.0 - barred) * waited + barred * (waited + team.plan.dispatching.last_s[p] / 2.0)
    return p_delay, wait_s


def nobody(team: Team) -> HourState:
    """Return the state of an hour in which nobody at all is on duty: all calls wait."""
    beats = len(team.plan.beats) + 1
    return HourState(
        moment=team.moment,
        calls=team.call_rate,
        offered=0.0,
        nominal=0.0,
        p_delay=np.ones(4),
        wait_s=np.full(4, np.inf),
        times=np.zeros((4, BINS)),
        workload=np.zeros(0),
        blocked=np.zeros(0),
        own=np.zeros((2, beats)),
        busy=np.ones(1),
        outside=0.0,
        stable=not team.call_rate.any(),
    )
