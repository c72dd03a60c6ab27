"""One hour of a plan: crews of several officers, tiers, patrols, calls that need several crews.

The number of busy crews is that of a bulk queue carried through the week (each call asks for the crews it needs); which crews are
busy follows a product of weights, as in the approximate hypercube (Larson 1975), made to agree with who is sent; the nearest is
judged at places drawn from the patrols (Larson & Franck 1978). What the simulator does and this does not: it follows every call,
holds and hands over by the clock, and draws the times of calls instead of taking them exponential.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qinwu.duty.response_plan import F64
from qinwu.queueing.hourly.moment import Moment
from qinwu.queueing.hourly.scene import Totals
from qinwu.queueing.hourly.sending import arrivals
from qinwu.queueing.hourly.settling import Settled, journey_noise, workloads
from qinwu.queueing.hourly.team import Team
from qinwu.queueing.hourly.waiting import BIN_S, BINS, Line, service_s, waits_by_priority


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


def gathered(hour: Settled) -> HourState:
    """Return the state of an hour that has settled."""
    team, guess, line, sent = hour.team, hour.guess, hour.line, hour.sent
    each_s, asked = service_s(team, guess), float(team.call_rate.sum() * team.beyond.sum())
    offered = asked * each_s
    p_delay, wait_s = waits_by_priority(team, guess, line, sent)
    work = workloads(team, guess, line, sent) - team.blocked
    first = sent.times / np.maximum(sent.times.sum(axis=1, keepdims=True), 1e-300)
    late = late_arrivals(team, line, p_delay, wait_s)
    times = arrivals(first, late, p_delay, np.divide(wait_s, np.maximum(p_delay, 1e-12)), BIN_S)
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


def own_with_waiting(team: Team, line: Line, sent: Totals) -> F64:
    """Return first crews and those from the beat itself by beat, waiting calls included: each crew is next with equal chance."""
    beats = len(team.plan.beats)
    rate = np.bincount(team.plan.area.beat_of[team.calls.lists.atom] % (beats + 1), team.calls.rate.sum(axis=(1, 2)), beats + 1)
    waiting = rate * line.p_full * (1.0 - line.outside)
    here = np.bincount(team.plan.crew.own_beat[team.moment.crews] % (beats + 1), minlength=beats + 1)
    here[beats] = 0
    return sent.own + np.stack([rate * line.p_full, waiting * here / team.size])


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
