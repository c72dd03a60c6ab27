"""Closed forms against the simulation: the same plans and calls worked out twice, how far apart, how far they may be, and why.

Two programs that share nothing but the plan and the calls check each other: where they agree, an error would have to be in both.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from qinwu.findings import QinwuError
from qinwu.language import N_, Language
from qinwu.report.figures.band import against_band
from qinwu.report.reasons import Evidence, Reason
from qinwu.report.report import Report
from qinwu.report.small_cells import is_small
from qinwu.report.table import Cell, make_cell
from qinwu.report.words import Speaker, Speaking
from qinwu.simulate.measures.value import Key
from qinwu.simulate.outcome import Interval


class Bound(NamedTuple):
    """How far apart a figure may be.

    ``share`` of the simulated figure, but at least ``least`` in the unit of the outcome, and the half width of the simulated
    interval besides. ``why`` it is so much, and the kinds of reasons that may explain more.
    """

    key: Key
    share: float
    least: float
    why: str
    reasons: tuple[str, ...]


_WAITING = ("unsteady", "delayed_tiers", "refusals", "outside_help", "several_crews", "rushes", "few_calls", "other_days")
_URGENT = ("unsteady", "delayed_tiers", "breaking_in", "refusals", "several_crews", "record_repeated", "few_calls", "other_days")

BOUNDS: tuple[Bound, ...] = (
    Bound(
        Key("queued_share", "all", "all", "share"), 0.0, 0.04,
        N_("Whether a crew is free is what queueing theory tells best."),
        tuple(kind for kind in _WAITING if kind != "refusals"),
    ),
    Bound(
        Key("queue_s", "all", "all", "mean"), 0.35, 20.0,
        N_("Few calls wait, and some of them long: the mean hangs on the worst hours."),
        _WAITING,
    ),
    Bound(
        Key("response_s", "all", "all", "mean"), 0.15, 20.0,
        N_("Mostly turnout and travel over the same roads; the wait is a part of it."),
        _WAITING,
    ),
    Bound(
        Key("response_s", "priority", "1", "mean"), 0.15, 20.0,
        N_("As for all calls; the wait is shorter, the calls are fewer."),
        _URGENT,
    ),
    Bound(
        Key("response_s", "priority", "1", "p90"), 0.25, 30.0,
        N_("The tail: a few calls that wait move it far."),
        (*_URGENT, "edge"),
    ),
    Bound(
        Key("own_beat_share", "all", "all", "share"), 0.0, 0.03,
        N_("Who is free is told crew by crew, but only on average over each hour."),
        ("unsteady", "delayed_tiers", "refusals", "outside_help", "several_crews", "few_calls", "other_days"),
    ),
    Bound(
        Key("time_share", "all", "call", "share"), 0.0, 0.06,
        N_("What crews of one call wait for each other is told by a mean."),
        ("outside_help", "several_crews", "overtime", "few_calls", "other_days"),
    ),
    Bound(
        Key("patrol_passes", "all", "all", "mean"), 0.2, 0.01,
        N_("What calls, visits and follow-up leave over: their errors add up."),
        ("outside_help", "several_crews", "overtime", "few_calls", "other_days"),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Check:
    """One figure of one system, told twice.

    Parameters
    ----------
    at
        Position of the system.
    key
        The figure.
    simulated
        By the simulation, with its interval.
    closed
        By the closed form.
    bound
        How far apart they may be.
    reasons
        What may explain more than that, the strongest first; empty within the bound, and where no reason is known.
    """

    at: int
    key: Key
    simulated: Interval
    closed: float
    bound: float
    reasons: tuple[Reason, ...]

    @property
    def difference(self) -> float:
        """The closed form minus the simulated mean."""
        return self.closed - self.simulated.mean

    @property
    def ratio(self) -> float:
        """The difference in units of what is allowed."""
        return self.difference / max(self.bound, 1e-300)

    @property
    def within(self) -> bool:
        """Whether the two differ by no more than they may."""
        return abs(self.difference) <= self.bound


def checks(report: Report, bounds: tuple[Bound, ...] = BOUNDS) -> tuple[Check, ...]:
    """Return every figure of every system that both sides tell; a figure that is nothing on both sides tells nothing."""
    return tuple(
        check
        for at, analysis in enumerate(report.analyses)
        if not isinstance(analysis, QinwuError)
        for check in _checks(Evidence(report, at, analysis), bounds)
    )


def _checks(evidence: Evidence, bounds: tuple[Bound, ...]) -> Iterator[Check]:
    report, at = evidence.report, evidence.at
    for limit in bounds:
        simulated, closed = report.interval(at, limit.key), evidence.analysis.figures.get(limit.key, math.nan)
        known = math.isfinite(simulated.mean) and math.isfinite(closed) and not is_small(report.small, at, limit.key)
        if not known or simulated.mean == closed == 0.0:
            continue
        half = (simulated.high - simulated.low) / 2.0
        bound = max(limit.share * abs(simulated.mean), limit.least) + (half if math.isfinite(half) else 0.0)
        check = Check(at, limit.key, simulated, closed, bound, ())
        yield check if check.within else Check(at, limit.key, simulated, closed, bound, evidence.reasons(limit.key, limit.reasons))


@dataclass(frozen=True, slots=True)
class Line:
    """A check in words: the simulated cell, the closed form, the difference, and what may explain it.

    ``bar`` draws the closed form against the bound, with the simulation in the middle; ``all_of_it`` is what "why?" says.
    """

    cell: Cell
    unit: str
    closed: str
    closed_full: str
    change: str
    allowed: str
    within: bool
    mark: str
    reasons: tuple[str, ...]
    bar: str
    all_of_it: str


@dataclass(frozen=True, slots=True)
class SystemLines:
    """The checks of one system: how many agree, all on one bar, and one by one; or what stands in the way."""

    at: int
    count: str
    all_agree: bool
    bar: str
    lines: tuple[Line, ...]
    trouble: str


@dataclass(frozen=True)
class ClosedForms(Speaking):
    """Tells closed forms and simulation in one language."""

    report: Report
    language: Language
    bounds: tuple[Bound, ...] = BOUNDS

    @cached_property
    def checks(self) -> tuple[Check, ...]:
        """Every figure told twice."""
        return checks(self.report, self.bounds)

    def title(self) -> str:
        """Say on how many figures the two agree."""
        count, agree = len(self.checks), sum(check.within for check in self.checks)
        if not count:
            return self.say(N_("No closed form to hold against the simulation"))
        if agree == count:
            return self.say(N_("Closed forms and simulation agree within their bounds on all {count} figures"), count=count)
        text = N_("Closed forms and simulation agree within their bounds on {agree} of {count} figures")
        return self.say(text, agree=agree, count=count)

    def lead(self) -> tuple[str, ...]:
        """Say what is held against what."""
        return (
            self.say(
                N_(
                    "The same plans and calls once more, by queueing formulas for every hour of the week instead of call by call. "
                    "Two ways that share no arithmetic check each other; where they part, the reasons found are named."
                )
            ),
            self._record(),
        )

    def _record(self) -> str:
        """Say on which calls the closed form rests."""
        if all(isinstance(each, QinwuError) for each in self.report.analyses):
            return ""
        source = self.report.source
        text = N_("The closed form uses the whole record: {calls} calls in {weeks} weeks.")
        return self.say(text, calls=f"{int((source.self_initiated == 0).sum()):,}", weeks=source.weeks)

    def systems(self) -> tuple[SystemLines, ...]:
        """Return the checks system by system."""
        return tuple(self._system(at) for at in range(len(self.report.systems)))

    def _system(self, at: int) -> SystemLines:
        mine, analysis = [check for check in self.checks if check.at == at], self.report.analyses[at]
        if isinstance(analysis, QinwuError):
            trouble = self.speaker.sentences(finding.text(self.language) for finding in analysis.findings)
            return SystemLines(at, self.say(N_("no closed form")), False, "", (), trouble)
        agree = sum(check.within for check in mine)
        count = self.say(N_("{agree} of {count}"), agree=agree, count=len(mine))
        bar = against_band([(check.ratio, self._tip(check)) for check in mine], count)
        return SystemLines(at, count, agree == len(mine), bar, tuple(self.line(check) for check in mine), "")

    def _tip(self, check: Check) -> str:
        return f"{self.speaker.key(check.key)}: {self._change(check)}"

    def _change(self, check: Check) -> str:
        measure = check.key.measure
        return self.speaker.with_unit(self.speaker.change(measure, check.difference), self.speaker.unit(measure, change=True))

    def line(self, check: Check) -> Line:
        """Return a check in words."""
        measure = check.key.measure
        cell = make_cell(self.report, self.speaker, check.at, check.key)
        allowed = self.speaker.amount(measure, check.bound, change=True)
        told = N_("The simulation says {simulated}: a difference of {change}, where ±{allowed} may be.")
        return Line(
            cell=cell,
            unit=self.speaker.unit(measure),
            closed=self.speaker.value(measure, check.closed),
            closed_full=self.speaker.amount(measure, check.closed),
            change=self.speaker.change(measure, check.difference),
            allowed=f"±{self.speaker.value(measure, check.bound)}",
            within=check.within,
            mark=self.say(mark_of(check)),
            reasons=self.reasons(check),
            bar=against_band([(check.ratio, "")], self._tip(check)),
            all_of_it=self.say(told, simulated=cell.full, change=self._change(check), allowed=allowed),
        )

    def reasons(self, check: Check) -> tuple[str, ...]:
        """Return what may explain a difference beyond its bound, or that nothing is known to."""
        return reasons_of(check, self.language)

    def limits(self) -> tuple[tuple[str, str, str], ...]:
        """Return for each figure its name, how far apart it may be, and why so far."""
        return tuple((self.speaker.key(each.key), self._limit(each), self.say(each.why)) for each in self.bounds)

    def _limit(self, bound: Bound) -> str:
        least = self.speaker.amount(bound.key.measure, bound.least, change=True)
        if not bound.share:
            return f"±{least}"
        return self.say(N_("±{share}, at least {least}"), share=f"{bound.share:.0%}", least=least)


def mark_of(check: Check) -> str:
    """Return whether a check is within its bound, as a catalogue entry."""
    return N_("within") if check.within else N_("beyond")


def reasons_of(check: Check, language: Language) -> tuple[str, ...]:
    """Return what may explain a difference beyond its bound, or that nothing is known to; nothing within the bound."""
    if check.within:
        return ()
    known = tuple(reason.text(language) for reason in check.reasons)
    return known or (Speaker(language).say(N_("No reason is known; this figure deserves a look.")),)
