"""Words of claims: grades, verdicts, weaknesses and figures, as people read them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from qinwu.judge.claims.claim import Claim
from qinwu.judge.claims.figures import Figure
from qinwu.judge.claims.grading import Grade, Verdict, Weakness
from qinwu.judge.claims.implied import Fairness, Span, Wording
from qinwu.language import N_
from qinwu.report.words import NONE, Speaker, number

GRADES: dict[Grade, tuple[str, str]] = {
    "A": (
        N_("compared by lot"),
        N_("Compared with others by lot (a randomised trial), or by an accident as good as chance (a strong quasi-experiment)."),
    ),
    "B": (N_("compared over time"), N_("Before and after, here and elsewhere: a comparison that somebody chose.")),
    "C": (
        N_("not controlled"),
        N_("Before and after here alone, or here and elsewhere once: nothing says what else changed, or how places differed."),
    ),
    "D": (
        N_("cannot be checked"),
        N_("Hearsay; no figure; nothing it is compared with; a change of an unknown number; or no year, now or “before”."),
    ),
}

VERDICTS: dict[Verdict, str] = {
    "measured_against_comparison": N_("measured against a comparison"),
    "changed_cause_unknown": N_("the figure changed; why is not known"),
    "differs_cause_unknown": N_("the figure differs; why is not known"),
    "only_stated": N_("stated, cannot be checked"),
    "told_two_ways": N_("told in two ways"),
    "does_not_add_up": N_("the figures do not fit each other"),
}

WEAKNESSES: dict[Weakness, tuple[str, str]] = {
    "no_comparator": (
        N_("nothing elsewhere to compare with"),
        N_("What changed everywhere, such as the weather, the economy or the law, changed here too."),
    ),
    "undated_before": (N_("“before” has no date"), N_("A year can be chosen after the fact that makes any change large.")),
    "undated": (N_("no year"), N_("Without a year nobody can look the figure up.")),
    "no_figure": (N_("no figure"), N_("What has no figure can neither be right nor wrong.")),
    "no_base": (N_("a change of an unknown number"), N_("8% less of a hundred cases may be chance; of ten thousand it is not.")),
    "short_window": (N_("less than a year"), N_("Fewer than twelve months do not hold every season once, and novelty wears off.")),
    "local_media": (N_("local media"), N_("Local media repeat what the bureau says; nobody counted again.")),
    "own_account": (N_("the reformers' own account"), N_("Who made the reform says how it went.")),
    "hearsay": (N_("hearsay"), N_("Somebody says that somebody said it.")),
    "unverified": (N_("not verified"), N_("Recalled, and not looked up.")),
    "regression_to_the_mean": (
        N_("maybe a return to the usual"),
        N_("Reforms start after bad years, and after a bad year figures fall by themselves (regression to the mean)."),
    ),
    "recording_rule": (
        N_("rule of counting not given"),
        N_("Recorded cases fall when fewer are recorded: the rule must be the same before and after."),
    ),
    "percent_or_points": (
        N_("per cent or points?"),
        N_("A share of 50% that rises by 10% is 55%; by 10 points it is 60%. The source does not say which."),
    ),
    "rank_without_table": (
        N_("no table of the others"),
        N_("Without the figures of all places nobody knows whether ranks differ by more than chance. Ranks enter no score."),
    ),
}  # fmt: skip

WORDINGS: dict[Wording, str] = {
    "double": N_("doubled"),
    "nearly_double": N_("nearly doubled"),
    "triple": N_("tripled"),
    "nearly_triple": N_("nearly tripled"),
    "fourfold": N_("rose fourfold"),
    "half": N_("halved"),
    "nearly_half": N_("nearly halved"),
}

FAIRNESS: dict[Fairness, str] = {"exact": N_("exact"), "fair": N_("fair, not exact"), "too_much": N_("said too much")}
HOURS_RULE = N_(
    "Needed: 168 hours a week for every officer of the crew. Gross: contract hours of the front line. Net: less 45 of 260 working "
    "days lost to leave, holidays, sickness and training."
)
WHOLE = 20.0
"""Implied figures from here on are told without digits."""


@dataclass(frozen=True, slots=True)
class ClaimSpeaker:
    """Says figures of claims in one language."""

    speaker: Speaker

    def figure(self, claim: Claim, figure: Figure | None) -> str:
        """Return a figure as it was written, with its unit."""
        if figure is None:
            return NONE
        return self.amount(claim, figure.value, digits_of(figure))

    def amount(self, claim: Claim, value: float, digits: int | None = None) -> str:
        """Return a number of a claim with its unit; a share as per cent."""
        return self.joined(self.bare(claim, value, digits), self.unit(claim))

    def joined(self, text: str, unit: str) -> str:
        """Return a number with its unit: apart in English, together in Chinese."""
        return f"{text}{unit}" if self.speaker.language == "zh" else self.speaker.with_unit(text, unit)

    def bare(self, claim: Claim, value: float, digits: int | None = None) -> str:
        """Return a number of a claim without its unit."""
        if claim.kind == "share":
            return number(100.0 * value, 1 if digits is None else digits)
        return number(value, (0 if abs(value) >= WHOLE else 1) if digits is None else digits)

    def unit(self, claim: Claim) -> str:
        """Return the unit of a claim."""
        return "%" if claim.kind == "share" else claim.unit.in_language(self.speaker.language) if claim.unit.zh else ""

    def base(self, claim: Claim, base: Span | None) -> str:
        """Return the figure before: as published, or as it follows, with its interval."""
        if base is None:
            return NONE
        if claim.before is not None:
            return self.figure(claim, claim.before)
        low, high = (self.bare(claim, bound) for bound in (base.low, base.high))
        return self.speaker.say(N_("{value} ({low}–{high})"), value=self.bare(claim, base.value), low=low, high=high)

    def change(self, claim: Claim, relative: Span | None) -> str:
        """Return the change: as published, or worked out to one digit."""
        if claim.change is not None:
            digits = digits_of(claim.change)
            unit = "%" if claim.change.written == "share" else self.speaker.say(N_("points"))
            return self.joined(number(100.0 * claim.change.value, digits, signed=True), unit)
        return NONE if relative is None else self.percent(relative.value, signed=True)

    def percent(self, value: float, *, signed: bool = False) -> str:
        """Return a share or relative change as per cent with one digit."""
        return f"{number(100.0 * value, 1, signed=signed)}%"

    def where(self, claim: Claim) -> str:
        """Return place and period of a claim."""
        language = self.speaker.language
        place = claim.place.in_language(language) if claim.place.zh else ""
        period = claim.period if claim.period.isascii() or language == "zh" else "".join(filter(str.isdigit, claim.period))
        return self.speaker.say(N_(", ")).join(part for part in (place, period) if part)

    def placed(self, claim: Claim) -> str:
        """Return place and name of a claim."""
        place = claim.place.in_language(self.speaker.language) if claim.place.zh else ""
        return self.speaker.say(N_(", ")).join(part for part in (place, self.name(claim)) if part)

    def name(self, claim: Claim) -> str:
        """Return what is counted."""
        return claim.name.in_language(self.speaker.language)

    def weaknesses(self, weak: Iterable[Weakness]) -> str:
        """Return weaknesses as a list in words."""
        return self.speaker.say(N_("; ")).join(self.speaker.say(WEAKNESSES[each][0]) for each in weak)


def digits_of(figure: Figure) -> int:
    """Return how many digits after the point a figure was written with.

    >>> from qinwu.judge.claims.figures import parse_figure
    >>> [digits_of(parse_figure(text)) for text in ("48.5%", "89%", "963", "2.25")]
    [1, 0, 0, 2]
    """
    step = figure.step * (100.0 if figure.written != "number" else 1.0)
    return max(0, round(-math.log10(step))) if step > 0.0 else 0
