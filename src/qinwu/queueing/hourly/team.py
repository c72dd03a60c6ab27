"""The crews on duty at one moment as arrays, and the calls they face."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import comb

import numpy as np

from qinwu.duty.calendar import HOUR_S
from qinwu.duty.response_plan import F32, F64, I16, I64, ResponsePlan
from qinwu.queueing.hourly.calls import MOST_PEOPLE, HourCalls
from qinwu.queueing.hourly.moment import Moment

SHORTEST_RELIEF_S = 60.0


@dataclass(frozen=True)
class Team:
    """The station's own crews on duty at one moment, and the calls of that hour.

    Parameters
    ----------
    plan, moment, calls
        The duty system, the hour of its cycle, and the calls of that hour of the week.
    other
        Crews kept busy by work that is not calls and that no call waits for, on average, >= 0: jobs officers find themselves, and
        what the station states as background; it is let go when nobody is free.
    """

    plan: ResponsePlan
    moment: Moment
    calls: HourCalls
    other: float

    @property
    def size(self) -> int:
        """How many crews there are."""
        return len(self.moment.crews)

    @cached_property
    def people(self) -> I64:
        """(N,) officers in each crew."""
        return np.maximum(self.plan.crew.people[self.moment.crews].astype(np.int64), 1)

    @cached_property
    def places(self) -> I16:
        """(64, N) atoms where crews may be while free."""
        return np.ascontiguousarray(self.plan.crew.slots[self.moment.crews].T)

    @property
    def extra_s(self) -> F64:
        """(N,) seconds from beyond the station's area; 0 for its own crews."""
        return self.plan.crew.extra_travel_s[self.moment.crews]

    @property
    def travel_to(self) -> F32:
        """(J, J) seconds to the first atom from the second."""
        return self.plan.area.travel_s.T

    @cached_property
    def call_rate(self) -> F64:
        """(4,) calls a second by priority index."""
        rate: F64 = self.calls.rate.sum(axis=(0, 2))
        return rate

    @cached_property
    def officer_rate(self) -> F64:
        """(4,) officers asked for a second by priority index."""
        rate: F64 = (self.calls.rate * np.arange(MOST_PEOPLE + 1)).sum(axis=(0, 2))
        return rate

    @cached_property
    def beyond(self) -> F64:
        """(M,) probability that a call needs more than m crews, m = 0, 1, ...; at most all of them."""
        need = self.calls.rate.sum(axis=(0, 1))
        return crews_beyond(self.people, need / max(float(need.sum()), 1e-300))

    @property
    def needs(self) -> F64:
        """(M,) probability that a call needs m + 1 crews."""
        chance: F64 = self.beyond - np.append(self.beyond[1:], 0.0)
        return chance

    @cached_property
    def wanted(self) -> F64:
        """(L, 4, Q) calls a second that need more than q officers, by list and priority index."""
        highest = int(np.flatnonzero(self.calls.rate.any(axis=(0, 1))).max(initial=1))
        return np.ascontiguousarray(np.cumsum(self.calls.rate[:, :, ::-1], axis=2)[:, :, ::-1][:, :, 1 : highest + 1])

    @cached_property
    def handling_s(self) -> float:
        """Mean seconds a crew spends at the scene and writing up."""
        spent = self.calls.on_scene_s + self.calls.wrap_up_s
        return float(self.officer_rate @ spent / max(float(self.officer_rate.sum()), 1e-300))

    @cached_property
    def blocked(self) -> F64:
        """(N,) share of time in fixed blocks that the calls of this hour may not interrupt, averaged over the calls."""
        part = self.call_rate / max(float(self.call_rate.sum()), 1e-300)
        barred = np.array([part[yields:].sum() for yields in range(5)])
        shares: F64 = self.moment.blocked @ barred
        return shares

    @cached_property
    def barred(self) -> F64:
        """(4,) share of the hour in which no crew may be sent to calls of a priority index because all are about to go off duty."""
        last = self.plan.dispatching.last_s
        left = self.moment.left_s[:, None]
        share = (np.minimum(left, HOUR_S) - np.maximum(left - last, 0.0)).clip(0.0) / HOUR_S
        barred: F64 = np.where(np.isfinite(left), share, 0.0).min(axis=0, initial=1.0)
        return barred

    @cached_property
    def together(self) -> float:
        """How many crews come free at a time: those of a call where they leave together, weighted by crews; else one."""
        if not self.plan.dispatching.joint_release:
            return 1.0
        crews = np.arange(1, len(self.beyond) + 1)
        return float(self.needs @ crews**2 / (self.needs @ crews))

    @cached_property
    def relief(self) -> float:
        """How fast another station's crew takes over a call that waits, per second; 0 where none may."""
        if not len(self.moment.outside):
            return 0.0
        d, lists = self.plan.dispatching, self.calls.lists
        stage = d.tier[:, self.moment.outside]
        opens = np.where(stage >= 0, np.take_along_axis(d.opens_s, np.maximum(stage, 0).astype(np.int64), axis=1), np.inf)
        pace = 1.0 / np.maximum(opens.min(axis=1)[lists.row], SHORTEST_RELIEF_S)
        return self._weighted(pace)

    @cached_property
    def next_free_s(self) -> tuple[float, float]:
        """Hand-over, turnout and the way of a crew that comes from another call."""
        d = self.plan.dispatching
        stage = d.tier[:, self.moment.crews].max(axis=1, initial=0)[self.calls.lists.row].astype(np.int64)
        hand_over = d.hand_over_s[self.calls.lists.row, np.maximum(stage, 0)]
        factor = float(self.plan.area.hour_factor[self.moment.hour])
        return self._weighted(hand_over) + d.acknowledge_s + d.turnout_s, self.calls.between_s * factor

    @cached_property
    def from_outside_s(self) -> tuple[float, float]:
        """Hand-over, turnout and the way of another station's crew; zeros where there is none."""
        d, outside, lists = self.plan.dispatching, self.moment.outside, self.calls.lists
        if not len(outside):
            return 0.0, 0.0
        stage = d.tier[:, outside].max(axis=1)[lists.row].astype(np.int64)
        hand_over = d.hand_over_s[lists.row, np.maximum(stage, 0)]
        way = (self.plan.area.travel_s[self.plan.crew.base[outside]][:, lists.atom]).mean(axis=0)
        factor = float(self.plan.area.hour_factor[self.moment.hour])
        extra = float(self.plan.crew.extra_travel_s[outside].mean())
        return self._weighted(hand_over) + d.acknowledge_s + d.turnout_s, (self._weighted(way) + extra) * factor

    @cached_property
    def patience_for_outside_s(self) -> float:
        """Seconds a crew waits for another station's, on average over calls: where a call needs more officers than are on duty."""
        need = self.calls.rate.sum(axis=(0, 1))
        short = float(need[int(self.people.sum()) + 1 :].sum() / max(float(need.sum()), 1e-300))
        comes = 1.0 / self.relief + sum(self.from_outside_s) if self.relief > 0.0 else np.inf
        return short * min(comes, self.plan.dispatching.patience_s)

    def _weighted(self, by_list: F64) -> float:
        """Return the mean over the calls of this hour of something told by list."""
        weight = self.calls.rate.sum(axis=(1, 2))
        return float(weight @ by_list / max(float(weight.sum()), 1e-300))

    def interruptible(self, priority: int, travel_s: float) -> float:
        """Return which share of a busy crew's time calls of this priority index may break into, `travel_s` being its way."""
        d = self.plan.dispatching
        if not d.preempts[priority]:
            return 0.0
        stages = (
            d.preempt_en_route * travel_s + d.preempt_on_scene * self.calls.on_scene_s + d.preempt_wrap_up * self.calls.wrap_up_s
        )
        less = self.officer_rate[priority + 1 :] @ stages[priority + 1 :]
        return float(less / max(float(self.officer_rate @ (travel_s + self.calls.on_scene_s + self.calls.wrap_up_s)), 1e-300))


def crews_beyond(people: I64, need: F64) -> F64:
    """Return (M,) the probability that m = 0, 1, ... crews drawn at random have fewer officers than a call needs.

    Parameters
    ----------
    people
        (N,) officers in each crew, >= 1.
    need
        (Q,) probability that a call needs q officers.

    Examples
    --------
    Two officers from crews of one and one of two; the call needs two:

    >>> crews_beyond(np.array([1, 1, 2]), np.array([0.0, 0.0, 1.0])).round(3).tolist()
    [1.0, 0.667]
    """
    count, most = len(people), len(need)
    ways = np.zeros((count + 1, most))
    ways[0, 0] = 1.0
    for size in people.tolist():
        ways[1:, size:] += ways[:-1, : most - size].copy() if size < most else 0.0
    fewer = np.cumsum(ways, axis=1)[:-1]
    chance = fewer / np.array([comb(count, m) for m in range(count)])[:, None]
    beyond: F64 = chance[:, :-1] @ need[1:]
    return np.trim_zeros(beyond, "b") if beyond.any() else np.ones(1)
