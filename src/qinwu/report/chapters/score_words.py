"""What the chapter of scores says and how: names, numbers with units, how a line comes about, how far a sheet has come."""

from __future__ import annotations

from dataclasses import dataclass

from qinwu.judge.score.document import LineKind
from qinwu.judge.score.scored import Scored
from qinwu.judge.score.sheet import Raw, ScoredLine, ScoreSheet, Stage, Status
from qinwu.judge.targets.card import Level
from qinwu.language import N_, Language
from qinwu.report.chapters.targets_words import LEVELS, plain
from qinwu.report.small_cells import FEWEST
from qinwu.report.words import NONE, Speaking, number

KINDS: dict[LineKind, str] = {"base": N_("base"), "bonus": N_("bonus"), "deduction": N_("deduction"), "veto": N_("veto")}
STAGES: dict[Stage, str] = {
    "draft": N_("draft, not shown to whom it is about"),
    "shown": N_("shown, objections until {until}"),
    "objected": N_("objection open"),
    "to_sign": N_("to be signed by {posts}"),
    "final": N_("final"),
}
STATUSES: dict[Status, str] = {
    "counts": N_("counts"),
    "open": N_("objected to, not final"),
    "struck": N_("struck after objection"),
    "no_number": N_("no number"),
    "quiet": N_("not met"),
    "proposed": N_("met, to be signed"),
    "in_force": N_("in force"),
}
STANDS = {
    "within": N_("within chance"),
    "edge": N_("at the edge: one in twenty is there by chance"),
    "beyond": N_("more than chance"),
}
QUESTIONS = {"satisfied": N_("Satisfied residents"), "safe": N_("Residents who feel safe")}
PERCENT_SIGN = "%"


@dataclass(frozen=True)
class Telling(Speaking):
    """The scores of a station, told in one language."""

    scored: Scored
    language: Language

    def level(self, level: Level) -> str:
        """Return the name of a level."""
        return self.say(LEVELS[level])

    def owner(self, level: Level, owner: str) -> str:
        """Return what an owner is called; officers by their code."""
        return self.scored.standing.name_of(level, owner, self.language) if owner else self.say(N_("no beat"))

    def name(self, line: ScoredLine) -> str:
        """Return what a line counts."""
        if line.line.survey:
            return self.question(line.line.survey)
        return self.indicator(line.line.indicator)

    def indicator(self, name: str) -> str:
        """Return what an indicator is called."""
        return self.scored.numbers.ledger.card.of(name).name.in_language(self.language)

    def question(self, name: str) -> str:
        """Return what a question of a survey is called."""
        return self.say(QUESTIONS[name]) if name in QUESTIONS else name

    def unit(self, line: ScoredLine) -> str:
        """Return the unit of a line's number."""
        return PERCENT_SIGN if line.line.survey else self.unit_of(line.line.indicator)

    def unit_of(self, name: str) -> str:
        """Return the unit of an indicator."""
        return self.scored.numbers.ledger.card.of(name).unit.in_language(self.language)

    def figure(self, value: float, unit: str) -> str:
        """Return a value with its unit."""
        return self.speaker.with_unit(plain(round(value, 6)), unit)

    def out_of(self, raw: Raw | None) -> str:
        """Return numerator and denominator, the numerator alone where it is divided by nothing."""
        if raw is None:
            return NONE
        return self.counts(raw.numerator, raw.denominator)

    def counts(self, numerator: float, denominator: float) -> str:
        """Return numerator and denominator as they are counted."""
        top = plain(round(numerator, 6))
        return top if denominator == 1.0 else self.say(N_("{top} of {bottom}"), top=top, bottom=plain(round(denominator, 6)))

    def value(self, line: ScoredLine, *, own: bool = False) -> str:
        """Return the number of a line; a dash for none, and for what rests on fewer than five events unless one reads one's own."""
        if line.raw is None or (line.raw.events < FEWEST and line.line.each is None and not own):
            return NONE
        return self.figure(line.raw.value, self.unit(line))

    def points(self, line: ScoredLine) -> str:
        """Return the points of a line with their sign, and the fewest and most that a survey leaves."""
        if line.line.kind == "veto" or line.status == "no_number":
            return NONE
        signed = -line.points if line.line.kind == "deduction" else line.points
        said = number(signed, 1)
        if line.most - line.fewest > 1e-9:
            return self.say(N_("{points} ({low} to {high})"), points=said, low=plain(line.fewest), high=plain(line.most))
        return said

    def cap(self, line: ScoredLine) -> str:
        """Return the most a line can give or take; a veto gives and takes nothing."""
        return NONE if line.line.kind == "veto" else plain(line.cap)

    def span(self, sheet: ScoreSheet) -> str:
        """Return the fewest and the most points, a dash where no survey leaves any doubt."""
        low, high = sheet.span
        return self.say(N_("{low} to {high}"), low=number(low, 1), high=number(high, 1)) if high - low > 1e-9 else NONE

    def stage(self, sheet: ScoreSheet) -> str:
        """Return how far a sheet has come."""
        posts = self.speaker.listed(list(sheet.missing)) or self.say(N_("whoever applies the veto"))
        return self.say(STAGES[sheet.stage], until=sheet.until or "", posts=posts)

    def status(self, line: ScoredLine) -> str:
        """Return whether a line counts."""
        return self.say(STATUSES[line.status])

    def rule(self, line: ScoredLine) -> str:
        """Return the rule of a line: its words, or its formula."""
        if said := line.line.text.in_language(self.language):
            return said
        rule = line.line
        if rule.each is not None:
            return self.say(N_("{each} points for each, up to {cap}"), each=plain(rule.each), cap=plain(line.cap))
        sign = N_("{value}: {points} points") if rule.linear else N_("from {value}: {points} points")
        corners = [self.say(sign, value=plain(value), points=plain(points)) for value, points in rule.linear or rule.steps]
        said = self.say(N_("; ")).join(corners)
        return self.say(N_("{corners}; in proportion between"), corners=said) if rule.linear else said

    def explained(self, line: ScoredLine) -> str:
        """Return how a line comes about, as sentences."""
        raw = line.raw
        if raw is None:
            return self.say(N_("There is nothing to count this period; the line gives and takes nothing."))
        unit = self.unit(line)
        values = {"counts": self.out_of(raw), "value": self.figure(raw.value, unit)}
        plainly = raw.denominator == 1.0
        said = [self.say(N_("Counted: {value}.") if plainly else N_("{counts} is {value}."), **values)]
        if line.line.survey:
            low, high = self.figure(raw.low, unit), self.figure(raw.high, unit)
            said.append(self.say(N_("Of a survey of {n} people; 95 % interval {low} to {high}."), n=raw.events, low=low, high=high))
        elif raw.drawn:
            text = N_(
                "It rests on {events}, fewer than 30; drawn to what all have in common it is {used}, and the rule goes by that."
            )
            said.append(self.say(text, events=raw.events, used=self.figure(raw.used, unit)))
        said.append(self._outcome(line))
        return self.speaker.sentences(said)

    def _outcome(self, line: ScoredLine) -> str:
        """Return what the rule makes of the number, and what became of an objection."""
        values = {"points": number(line.points, 1), "cap": plain(line.cap), "by": line.line.applied_by}
        if line.status == "open":
            return self.say(N_("An objection is open: {points} of {cap} points wait for the answer."), **values)
        if line.status == "struck":
            return self.say(N_("Struck after an objection; it gives and takes nothing."))
        if line.line.kind == "veto":
            texts = {
                "quiet": N_("The condition of the veto is not met."),
                "proposed": N_("The condition of the veto is met; it takes effect only when {by} signs it."),
                "in_force": N_("The veto is in force, signed by {by}."),
            }
            signed = line.signature.by if line.signature else line.line.applied_by
            return self.say(texts.get(line.status, STATUSES[line.status]), by=signed)
        if line.line.kind == "deduction":
            return self.say(N_("By the rule {points} of at most {cap} points are taken off."), **values)
        return self.say(N_("By the rule this gives {points} of {cap} points."), **values)
