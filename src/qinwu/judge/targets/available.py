"""Available hours: what is left of each officer's month for recurring work, after calls, work behind them, and set work (M12).

Duty by the pattern of the duty system in force, hour by hour of the month; calls by the closed form; work behind calls and weekly
duties as the duty file states them. Hours of one officer, not of a crew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import isfinite

import numpy as np

from qinwu.duty.response_plan import F64, ResponsePlan
from qinwu.duty.work import flexible_hours
from qinwu.judge.targets.duty_hours import duty_hours, set_hours
from qinwu.judge.targets.periods import Period, Span, calendar_periods
from qinwu.judge.targets.standing import Standing
from qinwu.queueing.analysis import analyse, follow_up_hours
from qinwu.queueing.time_left import WEEK_HOURS, time_left
from qinwu.station.demand import read_source

PLANNED = ("inspection", "beat_visit")
"""Kinds of work in a duty file that recurring tasks stand for, so that they are not taken away twice."""
WEEK_DAYS = 7.0
MONTHS_AHEAD = 12
YEAR_DAYS = 366


@dataclass(frozen=True, slots=True)
class OfficerMonth:
    """Where the hours of one officer in one month go.

    ``duty_h`` on duty; of these ``set_h`` at fixed work, ``call_h`` expected on calls, ``other_h`` on what calls leave behind and
    weekly duties; ``free_h`` is what is left, never below 0.
    """

    officer: str
    month: str
    duty_h: float
    set_h: float
    call_h: float
    other_h: float

    @property
    def free_h(self) -> float:
        """Hours left for recurring work."""
        return max(0.0, self.duty_h - self.set_h - self.call_h - self.other_h)


def months_ahead(last: date) -> tuple[Period, ...]:
    """Return the twelve months after that of `last`, for which targets are issued."""
    after = (last.replace(day=1) + timedelta(days=31)).replace(day=1)
    return tuple(calendar_periods("month", Span(after, after + timedelta(days=YEAR_DAYS))))[:MONTHS_AHEAD]


def officer_months(standing: Standing, plan: ResponsePlan, months: Sequence[Period]) -> Mapping[tuple[str, str], OfficerMonth]:
    """Return the hours of every officer in a crew of the station's own, by officer and month.

    Parameters
    ----------
    standing
        The station and who is in which crew.
    plan
        The duty system compiled.
    months
        Which months.
    """
    station, crews = standing.station, len(plan.crews)
    share, behind = np.ones((crews, WEEK_HOURS)), np.zeros(crews)
    if len(station.calls):
        source = read_source(station)
        left = time_left(analyse(station, plan, source))
        share, behind = left.share, follow_up_hours(plan, source, left.call_h)
    weekly = flexible_hours(standing.muster, PLANNED)
    found: dict[tuple[str, str], OfficerMonth] = {}
    for month in months:
        duty = duty_hours(plan, month.first, month.days)
        fixed = np.minimum(set_hours(plan, month.first, month.days, PLANNED), duty)
        on_calls = ((duty - fixed) * (1.0 - _by_day(share, month))).sum(axis=(1, 2))
        for number, crew in enumerate(standing.crews):
            if crew.neighbour is None:
                for officer in crew.officers:
                    other = (behind[number] + weekly.get(officer.id, 0.0)) * month.days / WEEK_DAYS
                    parts = (float(duty[number].sum()), float(fixed[number].sum()), float(on_calls[number]))
                    one = OfficerMonth(officer.id, month.name, *parts, float(other) if isfinite(other) else 0.0)
                    found[officer.id, month.name] = one
    return found


def _by_day(share: F64, month: Period) -> F64:
    """Return (K, days, 24) the shares of (K, 168) on the days of a month."""
    by_weekday = share.reshape(len(share), 7, 24)
    return by_weekday[:, (month.first.weekday() + np.arange(month.days)) % 7, :]
