"""Analysis: what the closed forms say of a duty system, hour by hour of the week and crew by crew."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from qinwu.duty.background import stated_background
from qinwu.duty.calendar import HOUR_S
from qinwu.duty.response_plan import F64, ResponsePlan
from qinwu.queueing.hourly.calls import HOURS, PRIORITIES, WeekCalls
from qinwu.queueing.hourly.moment import MOST_MOMENTS
from qinwu.queueing.hourly.state import HourState
from qinwu.queueing.hourly.waiting import BIN_S, BINS
from qinwu.queueing.hourly.week import settle_weeks, teams_of_week
from qinwu.queueing.visibility import passes_per_hour
from qinwu.station.context import Context
from qinwu.station.demand import CallSource
from qinwu.station.station import Station


@dataclass(frozen=True)
class Analysis:
    """What the closed forms say of one duty system at one station.

    Parameters
    ----------
    plan, source, context
        Who goes, the calls, and what measures need to know of the station.
    weeks
        The states of 168 hours, for each week of the duty cycle looked at.
    """

    plan: ResponsePlan
    source: CallSource
    context: Context
    weeks: tuple[tuple[HourState, ...], ...]

    def at(self, hour: int) -> tuple[HourState, ...]:
        """Return the states of one hour of the week, 0-167, one for each week looked at."""
        return tuple(week[hour] for week in self.weeks)

    @cached_property
    def hours(self) -> pl.DataFrame:
        """One row for each hour of the week, Monday 00:00 first.

        ``crews`` and ``officers`` on duty, ``calls_per_h``, ``offered`` crews kept busy by calls, ``utilisation`` with and
        ``utilisation_nominal`` without travel, ``p_delay`` and by priority ``p_delay_1``-``4``, ``wait_s`` and by priority, mean
        ``response_s`` from the ring of the phone and its 90th percentile by priority, ``own_beat_share``, ``cross_beat_share``,
        ``patrol_passes`` of a random point of street per hour, ``outside_share`` of crews from other stations, and ``steady``,
        whether the crews on duty could finish all calls if the hour went on.
        """
        return pl.DataFrame([self._row(hour) for hour in range(HOURS)], infer_schema_length=None)

    @cached_property
    def crews(self) -> pl.DataFrame:
        """One row for each crew of the station: hours on duty a week and the shares of them on calls, in blocks, free."""
        rows = []
        for number in np.flatnonzero(self.plan.crew.external == 0).tolist():
            label, hours = self.plan.crews[number], self._crew_hours[number]
            on = max(float(hours[0]), 1e-300)
            shares = {"workload": hours[1] / on, "blocked": hours[2] / on, "free": hours[3] / on}
            rows.append({"crew": label.id, "squad": label.squad, "beat": label.beat, "duty_h": float(hours[0]), **shares})
        return pl.DataFrame(rows)

    @cached_property
    def figures(self) -> dict[tuple[str, str, str, str], float]:
        """Figures of the whole week by (measure, by, group, statistic), named as the simulator names its own."""
        return dict(self._figures())

    @cached_property
    def unsteady_hours(self) -> list[int]:
        """Hours of the week in which the crews on duty could not finish all calls if the hour went on."""
        return [hour for hour in range(HOURS) if not all(state.stable for state in self.at(hour))]

    @property
    def taking_s(self) -> float:
        """Mean seconds from the ring of the phone until a dispatcher may act."""
        d = self.plan.dispatching
        return d.call_taking_s + d.level_s

    def _states(self) -> Iterator[HourState]:
        for week in self.weeks:
            yield from week

    def _figures(self) -> Iterator[tuple[tuple[str, str, str, str], float]]:
        states = list(self._states())
        calls = sum((state.calls for state in states), np.zeros(PRIORITIES))
        times = sum((state.times for state in states), np.zeros((PRIORITIES, BINS)))
        for by, group, some in _groups():
            count = float(calls[some].sum())
            if count == 0.0:
                continue
            yield ("queued_share", by, group, "share"), _mean(states, "p_delay", some)
            yield ("queue_s", by, group, "mean"), _mean(states, "wait_s", some)
            yield from self._times(by, group, times[some].sum(axis=0))
        own = sum((state.own[:, :-1].sum(axis=1) for state in states), np.zeros(2))
        if own[0] > 0.0:
            yield ("own_beat_share", "all", "all", "share"), float(own[1] / own[0])
        people, own_states = self.plan.crew.people, [state for state in states if not state.moment.borrowed]
        duty = sum(float(people[state.moment.crews].sum()) for state in own_states)
        busy = sum(float(people[state.moment.crews] @ state.workload) for state in own_states)
        yield ("time_share", "all", "call", "share"), busy / max(duty, 1e-300)
        yield ("patrol_passes", "all", "all", "mean"), float(np.mean([self._passes(state) for state in states]))

    def _times(self, by: str, group: str, times: F64) -> Iterator[tuple[tuple[str, str, str, str], float]]:
        """Yield mean, median and 90th percentile of response."""
        yield ("response_s", by, group, "mean"), self.taking_s + mean_of(times)
        for name, share in (("p50", 0.5), ("p90", 0.9)):
            yield ("response_s", by, group, name), self.taking_s + quantile_of(times, share)

    def _row(self, hour: int) -> dict[str, float | int | bool]:
        states = self.at(hour)
        people = self.plan.crew.people
        crews = float(np.mean([state.crews_on_duty for state in states]))
        offered = float(np.mean([state.offered for state in states]))
        nominal = float(np.mean([state.nominal for state in states]))
        times = sum((state.times for state in states), np.zeros((PRIORITIES, BINS)))
        own = sum((state.own[:, :-1].sum(axis=1) for state in states), np.zeros(2))
        share = float(own[1] / own[0]) if own[0] > 0.0 else float("nan")
        row: dict[str, float | int | bool] = {
            "hour": hour,
            "crews": crews,
            "officers": float(np.mean([people[state.moment.crews].sum() * (not state.moment.borrowed) for state in states])),
            "calls_per_h": float(np.mean([state.calls.sum() for state in states])) * HOUR_S,
            "offered": offered,
            "utilisation": offered / crews if crews else float("nan"),
            "utilisation_nominal": nominal / crews if crews else float("nan"),
        }
        for by, group, some in _groups():
            tail = "" if by == "all" else f"_{group}"
            row[f"p_delay{tail}"] = _mean(states, "p_delay", some)
            row[f"wait_s{tail}"] = _mean(states, "wait_s", some)
            row[f"response_s{tail}"] = self.taking_s + mean_of(times[some].sum(axis=0))
            row[f"response_p90_s{tail}"] = self.taking_s + quantile_of(times[some].sum(axis=0), 0.9)
        return row | {
            "own_beat_share": share,
            "cross_beat_share": 1.0 - share,
            "patrol_passes": float(np.mean([self._passes(state) for state in states])),
            "outside_share": float(np.mean([state.outside for state in states])),
            "steady": all(state.stable for state in states),
        }

    @cached_property
    def _crew_hours(self) -> F64:
        """(K, 4) hours a week of each crew: on duty, on calls, in blocks, free."""
        hours = np.zeros((len(self.plan.crews), 4))
        for state in self._states():
            parts = np.stack([np.ones(len(state.moment.crews)), state.workload, state.blocked, state.idle], axis=1)
            hours[state.moment.crews] += parts / len(self.weeks)
        return hours

    @cached_property
    def _patrol_share(self) -> F64:
        """(K,) which part of its free time each crew patrols: what visits and the work left by calls do not take."""
        crew, hours = self.plan.crew, self._crew_hours
        spent = crew.flexible * hours[:, 0] + follow_up_hours(self.plan, self.source, hours[:, 1])
        left = 1.0 - spent / np.maximum(hours[:, 3], 1e-300)
        share: F64 = np.clip(left, 0.0, 1.0) * (crew.patrols == 1)
        return share

    @cached_property
    def _slot_share(self) -> F64:
        """(K, J) share of its patrol that each crew spends in each atom."""
        crew, atoms = self.plan.crew, len(self.plan.atoms)
        return np.array([np.bincount(slots, minlength=atoms) / len(slots) for slots in crew.slots])

    def _passes(self, state: HourState) -> float:
        """Return how often an hour a patrol passes a random point of the station's streets."""
        patrol_s = state.idle * self._patrol_share[state.moment.crews] * HOUR_S
        street = self.context.street_m
        passes = passes_per_hour(patrol_s, self._slot_share[state.moment.crews], street, self.context.patrol_mps, HOUR_S)
        return float(passes @ street / max(float(street.sum()), 1.0))


def analyse(
    station: Station, plan: ResponsePlan, source: CallSource, current: ResponsePlan | None = None, most_weeks: int = MOST_MOMENTS
) -> Analysis:
    """Return what the closed forms say of a plan.

    Parameters
    ----------
    station
        What there is.
    plan
        Who goes.
    source
        The station's calls.
    current
        The plan of the duty system in force, by whose crews stated background work is measured; `plan` by default.
    most_weeks
        At most so many weeks of the duty cycle are looked at, spread evenly over it; >= 1.
    """
    background = stated_background(station, current or plan)
    other = background.busy if background else np.zeros(HOURS)
    teams = teams_of_week(WeekCalls.of(plan, source), other, most_weeks)
    return Analysis(plan, source, Context.of(station), settle_weeks(plan, teams))


def follow_up_hours(plan: ResponsePlan, source: CallSource, call_hours: F64) -> F64:
    """Return (K,) hours a week of work that calls leave behind, by who gets it.

    Parameters
    ----------
    plan
        Who owns it.
    source
        Calls and what they leave.
    call_hours
        (K,) hours a week on calls: work that stays with the crew that went is shared out like these.
    """
    service, owner, group = source.service, plan.follow_up.owner, plan.follow_up.group
    resident = source.self_initiated == 0
    cells = np.bincount(
        source.call_class[resident].astype(np.int64) * len(plan.atoms) + source.atom[resident], minlength=owner.size
    )
    weight = (cells.reshape(owner.shape).T * service.follow_up_share * service.follow_up_s).T / HOUR_S / max(source.weeks, 1)
    hours = np.bincount(np.maximum(owner, 0).ravel(), np.where(owner >= 0, weight, 0.0).ravel(), minlength=len(call_hours))
    hours = hours.astype(np.float64) + weight[owner == -1].sum() * call_hours / max(float(call_hours.sum()), 1e-300)
    for number, members in enumerate(group.reshape(-1, len(call_hours))):
        hours += weight[owner == -2 - number].sum() * members / max(int(members.sum()), 1)
    shared: F64 = hours
    return shared


def mean_of(times: F64) -> float:
    """Return the mean of times in bins of ten seconds, nan where there are none.

    >>> mean_of(np.array([1.0, 1.0]))
    10.0
    """
    total = float(times.sum())
    return float(times @ (np.arange(len(times)) + 0.5)) * BIN_S / total if total > 0.0 else float("nan")


def quantile_of(times: F64, share: float) -> float:
    """Return the time within which `share` of them lie, nan where there are none.

    >>> quantile_of(np.array([1.0, 1.0]), 0.75)
    15.0
    """
    total = np.cumsum(times)
    if total[-1] <= 0.0:
        return float("nan")
    want = share * total[-1]
    at = int(np.searchsorted(total, want))
    before = total[at - 1] if at else 0.0
    return float((at + (want - before) / max(times[at], 1e-300)) * BIN_S)


def _groups() -> Iterator[tuple[str, str, list[int]]]:
    """Yield all calls, and each priority, as positions."""
    yield "all", "all", list(range(PRIORITIES))
    for p in range(PRIORITIES):
        yield "priority", str(p + 1), [p]


def _mean(states: Sequence[HourState], name: str, some: list[int]) -> float:
    """Return the mean over the calls of some priorities of a figure that states tell by priority, nan without calls."""
    calls = np.array([state.calls[some] for state in states])
    values = np.array([getattr(state, name)[some] for state in states])
    total = float(calls.sum())
    return float(np.where(calls > 0.0, calls * values, 0.0).sum() / total) if total > 0.0 else float("nan")
