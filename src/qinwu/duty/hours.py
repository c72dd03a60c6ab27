"""Hours: how long a roster pattern keeps its people on duty."""

from __future__ import annotations

from qinwu.duty.system import DutySystem, Pattern

DAYS_OF_WEEK = 7


def pattern_hours(system: DutySystem, pattern: Pattern) -> float:
    """Return the duty hours a week of everybody who follows `pattern`; days that name no watch count as off.

    Four groups, 24 hours on and 72 off: 24 h in 4 days, 42 h a week. Three groups, 24 on and 48 off: 56 h a week.
    """
    hours = {watch.id: watch.hours for watch in system.watch}
    return sum(hours.get(day, 0.0) for day in pattern.days) / len(pattern.days) * DAYS_OF_WEEK
