"""Words for the chapters about officers: groups, kinds of hours, rules of the ledger, and what each number means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from qinwu.duty.system import DutySystem
from qinwu.judge.officers.accounting import OfficersAccount
from qinwu.judge.officers.fairness import Shared
from qinwu.judge.officers.groups import Group
from qinwu.judge.officers.ledger import BEYOND, TAKEN
from qinwu.judge.officers.log import NAMES, Kind
from qinwu.language import N_, Language
from qinwu.report.plans.plan_report import Shown
from qinwu.report.sheet import Sheet, Value
from qinwu.report.words import Speaking, number

KIND_NAMES = {"sworn": N_("sworn"), "auxiliary": N_("auxiliaries")}
POST_NAMES = {
    "command": N_("leaders"),
    "administration": N_("desks"),
    "front_line": N_("front line, no squad"),
    "specialist": N_("specialists"),
}
SHARED_NAMES: dict[Shared, str] = {
    "nights": N_("nights"),
    "weekends": N_("weekend days"),
    "holidays": N_("duties on public holidays"),
    "overtime_h": N_("hours of overtime"),
}
COLOURS: dict[Kind, str] = {
    "duty": "#357a9b",
    "standby": "#a1c5d8",
    "overtime": "#b3612a",
    "training": "#c9c2b4",
    "meeting": "#ded8cb",
    "campaign": "#d48c50",
    "secondment": "#e7b583",
    "off_specialty": "#7f3a12",
}
"""Duty blue, what comes on top brown, what is neither grey."""
DARK: tuple[Kind, ...] = ("duty", "overtime", "off_specialty")
WHY: dict[str, str] = {
    "hours": N_("Hours of the log by kind, each once: where two rows claim the same time, it counts for the one that began first."),
    "norm": N_("Hours asked of the month, as the terms say; leave takes its share with it, time off in lieu counts as worked."),
    "owed": N_(
        "Rows that the terms credit whatever the month comes to (overtime, public holidays), and the other hours that count beyond "
        "the norm of the month. Time off taken uses the oldest hours first; nothing lapses, what is too old is overdue."
    ),
    "shared": N_(
        "Most less least of what officers of one squad and kind had beyond a fair share; who was away is to have less. A night has "
        "at least three hours between midnight and six. A fair lot deals each day's duties again to those who were there; what "
        "most lots reach is chance. Of the groups called uneven one in twenty is expected to be chance."
    ),
    "load": N_(
        "Points for hours on duty, more for deep nights, weekends, public holidays, tasks and the hours the crew is expected to "
        "spend on calls (closed form, whatever comes of a call); 100 is a fair share of the group's points. Inside the band of a "
        "fair lot a difference is chance and no rank. Arrests, fines and cases count for nothing."
    ),
    "rule": N_(
        "The words of the rule pack, read against stretches of work as they were: rows with at most half an hour between are one."
    ),
    "taken": N_(
        "Hours of campaigns, secondments and work off the specialty, by whom they were ordered; beat-hours are hours for each beat "
        "that the officer answers for."
    ),
}
"""How each kind of number is computed; keys are completed by the chapter."""


@dataclass(frozen=True)
class Telling(Speaking):
    """An account and the language it is told in."""

    account: OfficersAccount
    system: DutySystem
    language: Language
    chapter: str

    def why(self) -> dict[str, str]:
        """Return how each kind of number is computed, by keys of the chapter."""
        return {self.key(name): self.say(text) for name, text in WHY.items()}

    def key(self, name: str) -> str:
        """Return the key of an explanation in the chapter."""
        return f"{self.chapter}-{name}"

    def group(self, group: Group) -> str:
        """Return the name of a group."""
        if group.name is not None:
            place = group.name.in_language(self.language)
        else:
            place = self.say(POST_NAMES[group.id.split("/")[0].removeprefix("post:")])
        return self.say(N_("{squad}, {kind}"), squad=place, kind=self.say(KIND_NAMES[group.kind]))

    def kind(self, kind: Kind) -> str:
        """Return the name of a kind of hours."""
        return self.say(NAMES[kind])

    def month(self, month: date) -> str:
        """Return a month as people write it."""
        return f"{month:%Y-%m}"

    @property
    def span(self) -> str:
        """The months looked at."""
        months = self.account.months
        first, last = self.month(months[0]), self.month(months[-1])
        return first if first == last else self.say(N_("{first} to {last}"), first=first, last=last)

    def rule(self, rule: str) -> str:
        """Return the words of a rule of the ledger."""
        terms = self.account.terms
        if rule == BEYOND:
            return terms.beyond.text.in_language(self.language)
        if rule == TAKEN:
            return self.say(N_("time off in lieu taken"))
        return next(one.text.in_language(self.language) for one in terms.credit if one.id == rule)

    def rests_on(self) -> str:
        """Return what the hours rest on."""
        if self.account.from_log:
            return self.say(N_("Hours are those of the log {file}, {span}."), file=self.account.source, span=self.span)
        if self.account.planned.pattern:
            text = N_("No log of duty is kept yet: hours are those of the pattern of {file}, {span}, not what was worked.")
        else:
            text = N_("No log of duty is kept yet: hours are those of the roster {file}, {span}, not what was worked.")
        return self.say(text, file=self.account.source, span=self.span)

    def shown(
        self,
        name: str,
        columns: Sequence[str],
        rows: Sequence[tuple[Value, ...]],
        widths: tuple[int, ...],
        keys: Sequence[str],
        lead: str = "",
        *,
        folded: bool = False,
    ) -> Shown:
        """Return a table with its name and headers in the language, and the explanation of each column (empty for none)."""
        sheet = Sheet(self.say(name), (), tuple(self.say(text) for text in columns), tuple(rows), widths)
        return Shown(sheet, tuple(self.key(key) if key else "" for key in keys), lead, folded)

    def notes(self) -> tuple[str, ...]:
        """Return what the figures rest on."""
        terms, pack = self.account.terms, self.account.pack
        return (
            self.rests_on(),
            *(f"{one.name.in_language(self.language)}: {one.about.in_language(self.language)}" for one in (terms, pack)),
            self.say(N_("In the rules of rest, standby at the station is no rest. Officers are codes; the page is for the chain.")),
        )


def hours(value: float) -> str:
    """Return hours as people write them."""
    return number(value, 1 if abs(value - round(value)) > 0.05 else 0)
