"""Described: each duty system in words a chief can read aloud, from its file and its plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from qinwu.duty.order import read_words
from qinwu.duty.response_plan import ResponsePlan
from qinwu.duty.stations import name_of, template_of
from qinwu.duty.system import CallFilter, DutySystem
from qinwu.duty.telling import time_text, who_text
from qinwu.language import N_, Language
from qinwu.report.choice import HOURS
from qinwu.report.report import Report
from qinwu.report.table import Cell, make_cell
from qinwu.report.words import KINDS, Speaker
from qinwu.station.config import CallClass


@dataclass(frozen=True, slots=True)
class Rule:
    """Who goes: for which calls, in which order, and who joins."""

    calls: str
    steps: tuple[str, ...]
    support: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Description:
    """One duty system in words.

    Parameters
    ----------
    system, id, name, about
        Position, id, and what its file says of it.
    quote, mechanisms
        Its source.
    facts
        Crews, officers and beats, one statement each.
    rules
        Who goes, in the order in which rules are tried.
    hours
        Officer-hours on duty a week.
    """

    system: int
    id: str
    name: str
    about: str
    quote: str
    mechanisms: str
    facts: tuple[str, ...]
    rules: tuple[Rule, ...]
    hours: Cell


def describe(report: Report, language: Language) -> tuple[Description, ...]:
    """Return every duty system of a report in words."""
    return tuple(_Describer(report, Speaker(language), at).description() for at in range(len(report.systems)))


@dataclass(frozen=True, slots=True)
class _Describer:
    report: Report
    speaker: Speaker
    at: int

    @property
    def system(self) -> DutySystem:
        return self.report.systems[self.at]

    @property
    def plan(self) -> ResponsePlan:
        return self.report.plans[self.at]

    def description(self) -> Description:
        system, language = self.system, self.speaker.language
        return Description(
            system=self.at,
            id=self.report.outcomes[self.at].system,
            name=self.report.name(self.at, language),
            about=system.about.in_language(language) if system.about else "",
            quote=system.quote,
            mechanisms=", ".join(system.mechanisms),
            facts=tuple(self.facts()),
            rules=tuple(self.rules()),
            hours=make_cell(self.report, self.speaker, self.at, HOURS),
        )

    def facts(self) -> Iterator[str]:
        """Yield how many crews each squad has, how many officers they are, and how many beats there are.

        Squads that every station has are told together.
        """
        squad_of = [(crew, template_of(crew.squad)) for crew in self.plan.crews if crew.squad]
        crews = Counter(squad for _, squad in squad_of)
        for squad, count in crews.items():
            name = name_of(squad, self.system.squad, self.system)
            officers = {one for crew, of in squad_of if of == squad for one in crew.officers}
            text = N_("{squad}: {crews} crews, {officers} officers")
            shown = name.in_language(self.speaker.language) if name else squad
            yield self.speaker.say(text, squad=shown, crews=count, officers=len(officers))
        if self.plan.beats:
            yield self.speaker.say(N_("{count} beats"), count=len(self.plan.beats))

    def rules(self) -> Iterator[Rule]:
        """Yield the order rules that some call of this station falls under."""
        for number, order in enumerate(self.system.dispatch.order):
            steps = self.steps(order.id, "tiers")
            if steps:
                yield Rule(self.calls(order.calls, last=number > 0), steps, self.steps(order.id, "support"))

    def steps(self, rule: str, part: str) -> tuple[str, ...]:
        """Return the tiers of a rule where it is fullest: in the place and for the priority with most of them."""
        rows = [row for row, order in enumerate(self.plan.row_order) if order == rule and self.is_part(row, part)]
        row = max(rows, key=lambda row: len(self.plan.tier_words[row]), default=None)
        return () if row is None else tuple(self.step(row, place) for place in range(len(self.plan.tier_words[row])))

    def is_part(self, row: int, part: str) -> bool:
        words = self.plan.tier_words[row]
        return bool(words) and read_words(words[0])[0] == part

    def step(self, row: int, place: int) -> str:
        """Return one tier in words: who, and what sending them costs."""
        rules, language = self.plan.dispatching, self.speaker.language
        _, _, who, asked = read_words(self.plan.tier_words[row][place])
        opens_s, hand_over_s, refusal, wait_s = (
            float(costs[row, place]) for costs in (rules.opens_s, rules.hand_over_s, rules.refusal, rules.wait_s)
        )
        notes = [
            self.speaker.say(N_("asked, not ordered")) if asked else "",
            self.speaker.say(N_("after {time}"), time=time_text(opens_s, language)) if opens_s else "",
            self.speaker.say(N_("hand-over {time}"), time=time_text(hand_over_s, language)) if hand_over_s else "",
            self.refusal(refusal, wait_s) if refusal else "",
        ]
        said = [note for note in notes if note]
        name = self.who(who)
        return self.speaker.say(N_("{who} ({notes})"), who=name, notes=self.speaker.listed(said)) if said else name

    def who(self, word: str) -> str:
        """Return who a tier means; squads by their plain name."""
        names = {f"squad:{squad.id}": squad.name.in_language(self.speaker.language) for squad in self.system.squad}
        return names.get(word) or who_text(word, self.system, self.speaker.language)

    def refusal(self, chance: float, wait_s: float) -> str:
        text = N_("refused with a chance of {chance}, asked again after {wait}")
        return self.speaker.say(text, chance=f"{chance:.0%}", wait=time_text(wait_s, self.speaker.language))

    def calls(self, calls: CallFilter, *, last: bool) -> str:
        """Return which calls a rule is for."""
        classes = {one.id: one for one in self.report.station.config.call_class}
        parts = [
            self.speaker.listed([self.speaker.priority(each) for each in calls.priority]),
            self.speaker.listed([self.speaker.say(KINDS[kind]) for kind in calls.kind if kind in KINDS]),
            self.speaker.listed([self.class_name(classes, each) for each in calls.call_class]),
        ]
        said = [part for part in parts if part]
        if said:
            return self.speaker.say(N_("; ")).join(said)
        return self.speaker.say(N_("all other calls")) if last else self.speaker.say(N_("all calls"))

    def class_name(self, classes: dict[str, CallClass], name: str) -> str:
        return classes[name].name.in_language(self.speaker.language) if name in classes else name
