"""Why: the rule, the inputs and the source of every figure on the page of claims."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from qinwu.judge.claims.checking import Checked
from qinwu.judge.claims.claim import Claim
from qinwu.language import N_, Language
from qinwu.report.claims import ClaimsReport
from qinwu.report.claims_words import GRADES as GRADE_WORDS
from qinwu.report.claims_words import HOURS_RULE, WEAKNESSES, ClaimSpeaker
from qinwu.report.words import Speaking, number

MARKS = {
    "P": N_("rule or official text, or a study"),
    "N": N_("news report"),
    "W": N_("weak"),
    "R": N_("recalled, not verified"),
}

HOW = {
    "hours": HOURS_RULE,
    "heads": N_("Head-counts of the station; shares of all its people."),
    "rates": N_("Cases ÷ denominator × per; exact Poisson interval (Garwood 1936). No cause follows from a rate."),
    "series": N_("The series is cut where the recording rule or the boundary changes; nothing is compared across a cut."),
    "ranks": N_("Best and worst rank that exact tests between all pairs leave open, at 95% together for one place."),
    "tried": N_("Both duty systems on the same calls of a synthetic station; Student's t over the replications' differences."),
}


@dataclass(frozen=True)
class ClaimsWhy(Speaking):
    """Explains the figures of one report."""

    report: ClaimsReport
    language: Language

    @property
    def told(self) -> ClaimSpeaker:
        """Says figures."""
        return self.report.told

    def all(self) -> dict[str, str]:
        """Return for each figure of the page its rule, inputs and source."""
        found = {f"weak.{key}": self.say(text) for key, (_, text) in WEAKNESSES.items()}
        found |= {f"grade.{grade}": self.say(rule) for grade, (_, rule) in GRADE_WORDS.items()}
        found |= {f"crossed.{at}": crossed.how for at, crossed in enumerate(self.report.crossing.all())}
        found |= {key: self.say(text) for key, text in HOW.items()}
        for each in self.report.account.checked:
            found[f"claim.{each.claim.id}"] = self._why_figure(each)
            found[f"graded.{each.claim.id}"] = self._why_grade(each)
        return found

    def _why_figure(self, each: Checked) -> str:
        return self.speaker.sentences([*self._rule_lines(each), self._source_line(each.claim)])

    def _rule_lines(self, each: Checked) -> Iterator[str]:
        claim = each.claim
        change, after = self.told.change(claim, claim.relative_change), self.told.figure(claim, claim.value)
        if claim.base_implied and claim.value is not None and claim.change is not None:
            yield self.say(
                N_("Before = after ÷ (1 + change): {after} and {change} give {base}."),
                after=after,
                change=change,
                base=self.told.base(claim, each.base),
            )
            half = f"{50.0 * claim.change.step:g}"
            yield self.say(N_("The bounds come from rounding: the change may be {half} points more or less."), half=half)
        elif claim.before is not None and claim.value is not None:
            yield self.say(
                N_("Both figures are published: {before} and {after}. Change = after ÷ before − 1."),
                before=self.told.figure(claim, claim.before),
                after=after,
            )
        else:
            yield self.say(N_("As published."))
        if each.pace is not None and claim.years is not None:
            yield self.say(
                N_("A year: (1 + change) to the power of 1/{years}, less 1; the number of years is assumed."),
                years=number(claim.years, 0),
            )

    def _source_line(self, claim: Claim) -> str:
        parts = [self.say(N_("Source: {source}."), source=claim.source.text.in_language(self.language))]
        if claim.source.mark:
            parts.append(
                self.say(N_("Mark {mark}: {meaning}."), mark=claim.source.mark, meaning=self.say(MARKS[claim.source.mark]))
            )
        if claim.mechanisms:
            parts.append(f"{' '.join(claim.mechanisms)}{self.say(N_('.'))}")
        return self.speaker.sentences(parts)

    def _why_grade(self, each: Checked) -> str:
        weak = self.told.weaknesses(each.weaknesses)
        rule = self.say(GRADE_WORDS[each.grade][1])
        inputs = self.say(N_("Found here: {weak}."), weak=weak) if weak else ""
        return self.speaker.sentences([rule, inputs, self._source_line(each.claim)])
