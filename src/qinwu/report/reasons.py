"""Reasons: why a closed form and the simulation may differ, each with what speaks for it at this station and under this plan.

A reason is named only where something measurable speaks for it: the plan, the record, the closed form or the simulation itself.
What speaks for it is divided by what would be just worth mentioning, so that reasons of different kinds can be ranked.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from qinwu.duty.calendar import HOUR_S
from qinwu.duty.response_plan import F64, I64
from qinwu.language import N_, Language, translate
from qinwu.queueing.analysis import Analysis
from qinwu.report.report import Report
from qinwu.simulate.measures.value import Key
from qinwu.station.demand import WEEK_S

HOURS = 168
FEW = 200
"""With fewer calls on record a figure about them is uncertain, however often they are replayed."""
MANY = 1000
"""Chance in the record moves a mean over so many calls by some 3 %."""
ONE_IN_TEN, NEAR = 0.1, 0.03
"""Where about so many calls wait, the 90th percentile lies between those that do and those that do not."""


class Reason(NamedTuple):
    """Why two figures may differ: which kind, what is said of it, and how many times over it is worth mentioning."""

    kind: str
    values: Mapping[str, str]
    weight: float

    def text(self, language: Language) -> str:
        """Return the reason in words."""
        return translate(KINDS[self.kind].text, language).format(**self.values)


@dataclass(frozen=True)
class Evidence:
    """What may speak for a reason under one system.

    Parameters
    ----------
    report
        The comparison.
    at
        Position of the system.
    analysis
        What the closed forms say of it.
    """

    report: Report
    at: int
    analysis: Analysis

    def reasons(self, key: Key, kinds: Iterable[str], most: int = 2) -> tuple[Reason, ...]:
        """Return at most so many reasons of these kinds that something speaks for, the strongest first."""
        found = []
        for kind in kinds:
            amount, values = KINDS[kind].evidence(self, key)
            found.append(Reason(kind, values, amount / KINDS[kind].notable))
        strong = [reason for reason in found if reason.weight >= 1.0]
        return tuple(sorted(strong, key=lambda reason: -reason.weight)[:most])

    def simulated(self, measure: str, by: str = "all", group: str = "all", statistic: str = "share") -> float:
        """Return a simulated mean, 0 where there is none."""
        mean = self.report.interval(self.at, Key(measure, by, group, statistic)).mean
        return mean if math.isfinite(mean) else 0.0

    @property
    def replays(self) -> bool:
        """Whether the run repeats calls of the record instead of drawing new ones."""
        return self.report.comparison.mode != "sampled"

    def rows(self, key: Key) -> I64:
        """Return the calls on record that a figure is about, by position; what officers find themselves is not among them."""
        source = self.report.source
        chosen = source.self_initiated == 0
        if key.by == "priority":
            chosen &= source.priority == int(key.group) - 1
        return np.flatnonzero(chosen)

    @cached_property
    def own(self) -> NDArray[np.bool_]:
        """(K,) which crews are the station's own."""
        return np.asarray(self.analysis.plan.crew.external == 0)

    @cached_property
    def lists(self) -> I64:
        """(n,) the row of tiers that each call on record uses."""
        source = self.report.source
        return self.analysis.plan.dispatching.row[source.priority, source.call_class, source.atom].astype(np.int64)

    @cached_property
    def hour_calls(self) -> F64:
        """(168,) calls of each hour of the week."""
        return self.analysis.hours["calls_per_h"].to_numpy()


Found = tuple[float, dict[str, str]]
"""How much speaks for a reason, and what is said of it."""


def _unsteady(evidence: Evidence, _: Key) -> Found:
    hours, calls = evidence.analysis.unsteady_hours, evidence.hour_calls
    share = float(calls[hours].sum() / max(calls.sum(), 1e-300))
    return share, {"hours": f"{len(hours)}", "share": _percent(share)}


def _delayed_tiers(evidence: Evidence, key: Key) -> Found:
    d = evidence.analysis.plan.dispatching
    used = _in_use(d.tier[:, evidence.own], d.opens_s.shape[1])
    wait_s = np.where(used & np.isfinite(d.opens_s), d.opens_s, 0.0).max(axis=1)[evidence.lists[evidence.rows(key)]]
    share = float((wait_s > 0.0).mean())
    return share, {"share": _percent(share)}


def _breaking_in(evidence: Evidence, key: Key) -> Found:
    preempts = np.flatnonzero(evidence.analysis.plan.dispatching.preempts)
    source = evidence.report.source
    urgent = int((np.isin(source.priority, preempts) & (source.self_initiated == 0)).sum())
    taken = evidence.simulated("preempted_share") * len(evidence.rows(key._replace(by="all"))) / max(urgent, 1)
    return taken if urgent else 0.0, {"share": _percent(taken)}


def _refusals(evidence: Evidence, key: Key) -> Found:
    d = evidence.analysis.plan.dispatching
    chance = np.where(_in_use(d.tier, d.refusal.shape[1]), d.refusal, 0.0).max(axis=1)[evidence.lists[evidence.rows(key)]]
    return float(chance.mean()), {
        "chance": _percent(float(chance.max(initial=0.0))),
        "share": _percent(float((chance > 0.0).mean())),
    }


def _outside_help(evidence: Evidence, _: Key) -> Found:
    calls, outside = evidence.hour_calls, evidence.analysis.hours["outside_share"].to_numpy()
    share = float(calls @ outside / max(calls.sum(), 1e-300))
    return share, {"share": _percent(share)}


def _several_crews(evidence: Evidence, key: Key) -> Found:
    """The chance that one crew of the station, whichever it is, has too few officers."""
    source, plan, rows = evidence.report.source, evidence.analysis.plan, evidence.rows(key)
    hour = (source.time_s[rows] // HOUR_S).astype(np.int64) % HOURS
    needed = np.where(source.people[rows] > 0, source.people[rows], plan.dispatching.people[source.call_class[rows], hour])
    people = np.sort(plan.crew.people[evidence.own])
    share = float(np.searchsorted(people, needed).mean() / max(len(people), 1))
    return share, {"share": _percent(share)}


def _overtime(evidence: Evidence, _: Key) -> Found:
    duty = evidence.simulated("duty_hours", statistic="mean")
    share = evidence.simulated("overtime_hours", statistic="mean") / duty if duty > 0.0 else 0.0
    return share, {"share": _percent(share, 1)}


def _rushes(evidence: Evidence, key: Key) -> Found:
    ratio = dispersion(evidence.report.source.time_s[evidence.rows(key)]) if evidence.replays else 1.0
    return abs(ratio - 1.0), {"ratio": f"{ratio:.1f}"}


def _record_repeated(evidence: Evidence, key: Key) -> Found:
    calls = len(evidence.rows(key))
    return calls**-0.5 if evidence.replays and calls >= FEW else 0.0, {"calls": f"{calls:,}"}


def _few_calls(evidence: Evidence, key: Key) -> Found:
    calls = len(evidence.rows(key))
    return FEW / max(calls, 1) if calls < FEW else 0.0, {"calls": f"{calls:,}"}


def _edge(evidence: Evidence, key: Key) -> Found:
    asked = Key("queued_share", key.by, key.group, "share")
    waits = (evidence.simulated(*asked), evidence.analysis.figures.get(asked, 0.0))
    distance = 0.0 if min(waits) <= ONE_IN_TEN <= max(waits) else min(abs(share - ONE_IN_TEN) for share in waits)
    return NEAR / max(distance, NEAR / 10.0), {"simulated": _percent(waits[0]), "closed": _percent(waits[1])}


def _other_days(evidence: Evidence, _: Key) -> Found:
    record = float(evidence.hour_calls.sum())
    change = evidence.simulated("calls_per_week", statistic="mean") / record - 1.0 if record > 0.0 else 0.0
    return abs(change), {"run": f"{record * (1.0 + change):.0f}", "record": f"{record:.0f}"}


class Kind(NamedTuple):
    """A kind of reason: what is said, from which amount on it is worth mentioning, and what speaks for it."""

    text: str
    notable: float
    evidence: Callable[[Evidence, Key], Found]


KINDS: dict[str, Kind] = {
    "unsteady": Kind(
        N_(
            "In {hours} hours of the week ({share} of all calls) more is asked than the crews on duty can finish: "
            "a queue that never settles."
        ),
        0.01,
        _unsteady,
    ),
    "delayed_tiers": Kind(
        N_("For {share} of these calls some crews may be sent only after a delay; the closed form does not follow the clock."),
        0.1,
        _delayed_tiers,
    ),
    "breaking_in": Kind(
        N_("Urgent calls take crews from other work ({share} of them did); the closed form lets them break in on average only."),
        0.05,
        _breaking_in,
    ),
    "refusals": Kind(
        N_(
            "For {share} of these calls other lines may refuse, with a chance of up to {chance}; "
            "the closed form adds the mean delay."
        ),
        0.05,
        _refusals,
    ),
    "outside_help": Kind(
        N_("Other stations send {share} of the crews; the closed form knows how many they are, not who of them is busy."),
        0.05,
        _outside_help,
    ),
    "several_crews": Kind(
        N_(
            "One crew is not enough for {share} of these calls; which of several is there first and how long they wait for each "
            "other the closed form tells on average only."
        ),
        0.1,
        _several_crews,
    ),
    "overtime": Kind(
        N_("Crews work {share} beyond the end of their shifts; the closed form lets them go on the hour."),
        0.01,
        _overtime,
    ),
    "rushes": Kind(
        N_("The calls replayed come in rushes: their number varies {ratio} times as much as that of independent (Poisson) calls."),
        0.2,
        _rushes,
    ),
    "record_repeated": Kind(
        N_(
            "The run repeats the {calls} such calls on record, with whatever chance put near each other; "
            "the closed form takes them as independent (Poisson)."
        ),
        MANY**-0.5,
        _record_repeated,
    ),
    "few_calls": Kind(
        N_("Only {calls} such calls are on record: the simulated figure itself is uncertain."),
        1.0,
        _few_calls,
    ),
    "edge": Kind(
        N_(
            "About one in ten of these calls waits (simulated {simulated}, closed form {closed}): "
            "the time of nine in ten lies on the edge."
        ),
        1.0,
        _edge,
    ),
    "other_days": Kind(
        N_("The run has {run} calls a week, the whole record {record}."),
        0.05,
        _other_days,
    ),
}


def dispersion(time_s: F64) -> float:
    """Return the variance of hourly counts over their mean, each hour of the week for itself; 1 for Poisson calls.

    Parameters
    ----------
    time_s
        Seconds since a Monday 00:00; the first and the last week, which may be cut, are left out. 1 where fewer than two remain.

    Examples
    --------
    One call in the same hour of every week is less than chance would do:

    >>> dispersion(np.arange(6) * 604_800.0)
    0.0
    """
    if not len(time_s):
        return 1.0
    cell = (time_s // HOUR_S).astype(np.int64)
    weeks = int(time_s.max() // WEEK_S) + 1
    counts = np.bincount(cell, minlength=weeks * HOURS).reshape(weeks, HOURS)[1:-1]
    if len(counts) < 2 or not counts.any():
        return 1.0
    return float(counts.var(axis=0, ddof=1).sum() / counts.mean(axis=0).sum())


def _in_use(tier: NDArray[np.int8], tiers: int) -> NDArray[np.bool_]:
    """Return (R, T) whether any of the crews stands in a tier."""
    return np.array([(tier == number).any(axis=1) for number in range(tiers)]).T


def _percent(share: float, digits: int = 0) -> str:
    return f"{share:.{digits}%}"
