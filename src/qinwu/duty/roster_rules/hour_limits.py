"""Limits of hours: whom they are for, how many hours they allow somebody who was there so many days, and whole duties."""

from __future__ import annotations

from math import ceil

from qinwu.duty.roster_rules.rules import WeekHours


def applies(rule: WeekHours, only_long: bool) -> bool:
    """Return whether a limit of hours holds for somebody who does only long duties, or does not."""
    return rule.of == "all" or (rule.of == "long") == only_long


def most_over_roster(rule: WeekHours, present_days: int) -> float:
    """Return the most hours over a roster of which an officer is there so many days, inf where the rule has none.

    Leave takes its share of the allowance with it: who is there for half of the days may work half of the hours.
    """
    return float("inf") if rule.most is None else rule.most * present_days / 7


def whole_duties(hours: float, shortest: float) -> float:
    """Return the hours up to which an average counts as kept: the last duty may go over by part of itself.

    >>> whole_duties(224.0, 24.0), whole_duties(192.0, 12.0)
    (240.0, 192.0)
    """
    return ceil(hours / shortest - 1e-9) * shortest if shortest > 0 else hours
