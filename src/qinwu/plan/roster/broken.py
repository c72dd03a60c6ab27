"""Broken: one rule that a roster breaks, or one need it does not meet: which, who, when, what was found and what was asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import isnan, nan

from qinwu.duty.roster_rules.rules import Rule
from qinwu.findings import Finding, Place
from qinwu.language import N_
from qinwu.station.config import Text

OVERLAP, UNKNOWN, NEED, SKILL, AWAY = "overlap", "unknown-officer", "need", "skill", "away"
"""What may be wrong though no rule of the pack says so."""
MESSAGES: dict[str, str] = {
    OVERLAP: N_("{officer}, {days}: two duties at the same time."),
    UNKNOWN: N_("{officer}, {days}: not a member of post {what}."),
    NEED: N_("{days}, {what}: {found} on duty, {limit} needed."),
    SKILL: N_("{days}, {what}: nobody on duty has this skill."),
    AWAY: N_("{officer}, {days}: on duty though away."),
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


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule that a roster breaks, or a need it does not meet.

    Parameters
    ----------
    kind
        Kind of the rule, or ``overlap``, ``unknown-officer``, ``need``, ``skill``, ``away``.
    days
        The dates concerned, the first and the last of a stretch.
    rule
        The rule, None where it is no rule of the pack.
    officer
        Whom it is about; empty for the station.
    found, limit
        What the roster has and what is asked, nan where there is no number.
    what
        The post and watch, the partner, the wish.
    """

    kind: str
    days: tuple[date, ...]
    rule: Rule | None = None
    officer: str = ""
    found: float = nan
    limit: float = nan
    what: str | Text = ""

    @property
    def hard(self) -> bool:
        """Whether it may never be."""
        return self.rule is None or self.rule.hard

    @property
    def rule_id(self) -> str:
        """The rule's id; the kind where it is no rule of the pack."""
        return self.rule.id if self.rule else self.kind

    def finding(self) -> Finding:
        """Return it in words."""
        values: dict[str, object] = {
            "officer": self.officer,
            "days": days_text(self.days),
            "found": _number(self.found),
            "limit": _number(self.limit),
            "what": self.what,
            "rule": self.rule.words if self.rule else self.kind,
        }
        return Finding(
            f"roster-{self.kind.replace('_', '-')}", "error" if self.hard else "note", MESSAGES[self.kind], "", Place(), values
        )


def days_text(days: tuple[date, ...]) -> str:
    """Return dates as text: one, or the first and the last.

    >>> days_text((date(2026, 1, 1), date(2026, 1, 3)))
    '2026-01-01–01-03'
    """
    if not days:
        return ""
    first, last = days[0], days[-1]
    return first.isoformat() if first == last else f"{first.isoformat()}–{last:%m-%d}"


def _number(value: float) -> str:
    return "" if isnan(value) else f"{value:g}"
