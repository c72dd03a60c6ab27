"""Broken: one rule that a roster breaks, or one need it does not meet: which, who, when, what was found and what was asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import nan

from qinwu.duty.roster_rules.messages import RULE_MESSAGES, days_text, number_text
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
    **RULE_MESSAGES,
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
            "found": number_text(self.found),
            "limit": number_text(self.limit),
            "what": self.what,
            "rule": self.rule.words if self.rule else self.kind,
        }
        return Finding(
            f"roster-{self.kind.replace('_', '-')}", "error" if self.hard else "note", MESSAGES[self.kind], "", Place(), values
        )
