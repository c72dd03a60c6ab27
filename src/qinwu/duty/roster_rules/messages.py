"""Messages: how a broken rule is told, whether a roster breaks it as planned or a log as worked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import isnan

from qinwu.language import N_

RULE_MESSAGES: dict[str, str] = {
    "duty_length": N_("{officer}, {days}: a duty of {found} h; at most {limit}. {rule}"),
    "deep_night": N_("{officer}, {days}: {found} h between midnight and six; at most {limit}. {rule}"),
    "sleep": N_("{officer}, {days}: {found} h without duty; {limit} of sleep are asked. {rule}"),
    "rest": N_("{officer}, {days}: {found} h of rest; at least {limit}. {rule}"),
    "week_hours": N_("{officer}, {days}: {found} h; the limit is {limit}. {rule}"),
    "night_run": N_("{officer}, {days}: {found} nights in a row; at most {limit}. {rule}"),
    "duty_run": N_("{officer}, {days}: {found} days on duty in a row; at most {limit}. {rule}"),
    "off_run": N_("{officer}, {days}: {found} day off by itself; at least {limit} together. {rule}"),
    "week_days_off": N_("{officer}, {days}: {found} days off this week; at least {limit}. {rule}"),
    "weekends_off": N_("{officer}, {days}: {found} weekends free; at least {limit}. {rule}"),
    "no_gaps": N_("{days}, {what}: {found} on duty; at least {limit} at all times. {rule}"),
    "leader": N_("{days}, {what}: no leader on duty. {rule}"),
    "sworn": N_("{days}, {what}: {found} sworn officers for crews that need {limit}. {rule}"),
    "protect": N_("{officer}, {days}: the duty runs on into {what}. {rule}"),
    "pairs": N_("{officer}, {days}: partner {what} has another duty. {rule}"),
    "wishes": N_("{officer}, {days}: the wish for {what} is not granted. {rule}"),
}
"""A message for each kind of rule: of ``officer``, ``days``, ``found``, ``limit``, ``what`` and ``rule``."""


def days_text(days: Sequence[date]) -> str:
    """Return dates as text: one, or the first and the last.

    >>> days_text((date(2026, 1, 1), date(2026, 1, 3)))
    '2026-01-01–01-03'
    """
    if not days:
        return ""
    first, last = days[0], days[-1]
    return first.isoformat() if first == last else f"{first.isoformat()}–{last:%m-%d}"


def number_text(value: float) -> str:
    """Return a number as messages write it, to two decimals at most; empty for none."""
    return "" if isnan(value) else f"{round(value, 2):g}"
