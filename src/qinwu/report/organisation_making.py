"""What every table of a chart's page is made with: names, columns with their explanations, rows that are alike."""

from __future__ import annotations

from collections.abc import Iterator

from qinwu.duty.organisation.audit import Audit
from qinwu.duty.organisation.names import name_of
from qinwu.language import N_
from qinwu.report.plans.plan_report import Shown
from qinwu.report.sheet import Sheet, Value
from qinwu.report.words import Speaker

Rows = Iterator[tuple[Value, ...]]


class Making:
    """Makes tables of an audit in one language."""

    def __init__(self, audit: Audit, speaker: Speaker) -> None:
        self.audit, self.speaker = audit, speaker
        self.say = speaker.say

    def name(self, identity: str) -> str:
        """Return what a unit, squad or duty is called."""
        return name_of(self.audit.system, identity).in_language(self.speaker.language)

    def names(self, identities: tuple[str, ...]) -> str:
        """Return several names as a list."""
        return self.speaker.listed([self.name(each) for each in identities])

    def shown(
        self, title: str, columns: tuple[tuple[str, str, int], ...], rows: Rows, lead: str = "", *, folded: bool = False
    ) -> Shown:
        """Return a table: each column a header, the key of its explanation and a width."""
        header = tuple(self.say(head) for head, _, _ in columns)
        sheet = Sheet(self.say(title), (), header, tuple(rows), tuple(width for _, _, width in columns))
        return Shown(sheet, tuple(key for _, key, _ in columns), self.say(lead) if lead else "", folded)

    def alike(self, rows: Rows) -> Rows:
        """Yield rows that differ only in their name as one, with all names."""
        names: dict[tuple[Value, ...], list[str]] = {}
        for name, *rest in rows:
            names.setdefault(tuple(rest), []).append(str(name))
        yield from ((self.say(N_("; ")).join(dict.fromkeys(alike)), *rest) for rest, alike in names.items())


def percent(share: float | None) -> float | None:
    """Return a share in per cent, to one digit."""
    return None if share is None else round(share * 100.0, 1)


def rounded(value: float | None, digits: int) -> float | None:
    """Return a figure to some digits; None for none."""
    return None if value is None else round(value, digits)
