"""Choice: by which figure systems are ranked, which alternative leads, and which leads without more hours on duty.

A system that leads because many were tried may lead by luck. An alternative is called better here only where the interval of
its difference, widened for the number of alternatives (Bonferroni: 1 - 0.05 / k instead of 0.95), leaves out zero, and where the
difference does not round to nothing.
"""

from __future__ import annotations

import math
from typing import Literal, NamedTuple

from qinwu.report.report import Report
from qinwu.simulate.measures.value import Key
from qinwu.simulate.outcome import Interval, catalogue, interval

URGENT = Key("response_s", "priority", "1", "p90")
ALL_CALLS = Key("response_s", "all", "all", "p90")
HOURS = Key("duty_hours", "all", "all", "mean")
SAME_HOURS = 0.02
"""Systems whose officer-hours on duty differ by no more than this share count as equally expensive."""

NEGLIGIBLE_S = 3.0
"""Seconds that round to 0.0 minutes."""

Standing = Literal["better", "worse", "unclear", "one_run"]


class Candidate(NamedTuple):
    """An alternative and the difference it makes to the ranking figure.

    ``change`` has its 95 % interval, ``wide`` the one widened so that those of all alternatives hold at once; ``standing`` is what
    the wide one allows to say.
    """

    at: int
    change: Interval
    wide: Interval
    standing: Standing


def ranking_key(report: Report) -> Key:
    """Return the figure by which systems are ranked: how soon nine in ten of the most urgent calls are reached."""
    return URGENT if report.has(URGENT) else ALL_CALLS


def candidates(report: Report, key: Key | None = None) -> tuple[Candidate, ...]:
    """Return all alternatives, the largest gain first."""
    asked = key or ranking_key(report)
    found = [_candidate(report, at, asked) for at in report.others]
    sign = -1.0 if catalogue()[asked.measure].better == "higher" else 1.0
    return tuple(sorted(found, key=lambda each: sign * each.change.mean if math.isfinite(each.change.mean) else math.inf))


def leader(report: Report) -> Candidate | None:
    """Return the alternative with the largest gain that stands, None where there is none."""
    return next((each for each in candidates(report) if each.standing == "better"), None)


def leader_at_equal_hours(report: Report) -> Candidate | None:
    """Return the best alternative that needs no more hours on duty than the current system, None where no gain stands."""
    return next((each for each in candidates(report) if each.standing == "better" and not needs_more_hours(report, each.at)), None)


def needs_more_hours(report: Report, at: int) -> bool:
    """Return whether a system has more officer-hours on duty than the current one, beyond `SAME_HOURS`."""
    return extra_hours(report, at) > SAME_HOURS


def extra_hours(report: Report, at: int) -> float:
    """Return officer-hours on duty beyond the current system's, as a share of them; nan where they are not known."""
    hours = report.difference(at, HOURS)
    return hours.change.mean / hours.current.mean if hours.current.mean else float("nan")


def focus(report: Report) -> int:
    """Return the system to show first beside the current one: the leader, else the first alternative, else the current one."""
    first = leader(report)
    return first.at if first else min(1, len(report.systems) - 1)


def _candidate(report: Report, at: int, key: Key) -> Candidate:
    gaps = report.outcomes[at].values(key) - report.outcomes[0].values(key)
    wide = interval(gaps, 1.0 - 0.05 / len(report.others))
    return Candidate(at, interval(gaps), wide, _standing(wide, catalogue()[key.measure].better))


def _standing(wide: Interval, better: str) -> Standing:
    if not math.isfinite(wide.low):
        return "one_run"
    if wide.low <= 0.0 <= wide.high or abs(wide.mean) < NEGLIGIBLE_S:
        return "unclear"
    return "better" if (wide.high < 0.0) == (better == "lower") else "worse"
