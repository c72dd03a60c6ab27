"""Checking a score card: what must not be in a score, points that do not add up, vetoes without words, surveys on an officer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise

from qinwu.findings import Finding, Place, Words, did_you_mean
from qinwu.judge.score.document import Line, ScoreCard
from qinwu.judge.targets.card import Card, Indicator, Level
from qinwu.judge.targets.denied import Denial, refusal, rule_for
from qinwu.language import N_

PlaceOf = Callable[[str], Place]
"""Where a key of the score card stands, such as ``line[2].cap``."""

TINY = 1e-9
LEVELS: dict[Level, Words] = {
    "officer": Words(N_("Officer")),
    "beat": Words(N_("Beat")),
    "sector": Words(N_("Sector")),
    "squad": Words(N_("Squad")),
    "station": Words(N_("Station")),
}
"""Levels as findings say them."""


def card_findings(rules: ScoreCard, card: Card, denied: Sequence[Denial], place_of: PlaceOf) -> Iterator[Finding]:
    """Yield everything that is wrong with a score card beside the indicators of its card.

    Parameters
    ----------
    rules, card
        The score card, and the card whose indicators its lines name.
    denied
        Lines and indicators that fall under a ban.
    place_of
        Where its keys stand.
    """
    known = {one.id: one for one in card.indicator}
    banned = {one.indicator: one for one in denied}
    seen: set[str] = set()
    for number, line in enumerate(rules.line):
        at = f"line[{number}]"
        if line.id in seen:
            message, remedy = N_("Two lines are called {value}."), N_("Give every line an id of its own.")
            yield Finding("double-line", "error", message, remedy, place_of(f"{at}.id"), {"value": line.id})
        seen.add(line.id)
        yield from (refusal(banned[name], place_of(at)) for name in (line.indicator, line.id) if name in banned)
        yield from _number_findings(line, known, at, place_of)
        yield from _formula_findings(line, at, place_of)
        yield from _points_findings(line, known, at, place_of)
    for level in rules.levels:
        yield from _sum_findings(rules, known, level, place_of)
    yield from _role_findings(rules, place_of)


def denied_lines(rules: ScoreCard) -> Iterator[Denial]:
    """Yield lines whose own words reward what must not be rewarded, whatever they count; deductions and vetoes may name it."""
    for line in rules.line:
        if line.kind in ("base", "bonus"):
            for text in (line.id, line.text.zh, line.text.en):
                if (found := rule_for(text)) is not None:
                    yield Denial(line.id, *found)
                    break


def cap_of(line: Line, known: Mapping[str, Indicator]) -> float | None:
    """Return the most a line can give or take: its own cap, or the weight of its indicator; None without either."""
    if line.cap is not None:
        return line.cap
    return known[line.indicator].weight if line.indicator in known else None


def _number_findings(line: Line, known: Mapping[str, Indicator], at: str, place_of: PlaceOf) -> Iterator[Finding]:
    """Yield what is wrong with the number a line rests on."""
    if bool(line.indicator) == bool(line.survey):
        message = N_("The line {value} rests on no number, or on two.")
        remedy = N_("Name one indicator, or one question of the survey.")
        yield Finding("line-without-number", "error", message, remedy, place_of(at), {"value": line.id})
    if line.indicator and line.indicator not in known:
        guess = did_you_mean(line.indicator, known)
        message = N_("The line {line} names the indicator {value}, which the card does not have.")
        remedy = N_("Did you mean {guess}?") if guess else N_("Indicators: {known}.")
        values = {"line": line.id, "value": line.indicator, "guess": guess, "known": ", ".join(known)}
        yield Finding("unknown-indicator", "error", message, remedy, place_of(f"{at}.indicator"), values)
    elif line.indicator and not known[line.indicator].counts:
        message = N_("{value} is a reference value; it is for guidance and never enters a score (M11).")
        remedy = N_("Take the line out, or decide openly that the indicator is a minimum or a target.")
        yield Finding("reference-in-score", "error", message, remedy, place_of(f"{at}.indicator"), {"value": line.indicator})
    if line.survey and "officer" in line.levels:
        message = N_("The line {value} puts a survey into the score of an officer.")
        remedy = N_("A survey says something about a place; give it to beats, squads or the station.")
        yield Finding("survey-in-officer-score", "error", message, remedy, place_of(f"{at}.levels"), {"value": line.id})
    if line.survey and line.kind == "veto":
        message, remedy = N_("The line {value} makes a survey a veto."), N_("A sample is no ground for a veto; take the line out.")
        yield Finding("survey-as-veto", "error", message, remedy, place_of(at), {"value": line.id})


def _formula_findings(line: Line, at: str, place_of: PlaceOf) -> Iterator[Finding]:
    """Yield what is wrong with the way from the number to points."""
    if line.kind == "veto":
        if line.formulas not in (("at_least",), ("at_most",)):
            message = N_("The veto {value} needs one condition, and only that.")
            remedy = N_("Write at_least or at_most; a veto gives and takes no points.")
            yield Finding("veto-without-condition", "error", message, remedy, place_of(at), {"value": line.id})
        if not line.text.zh:
            message, remedy = N_("The veto {value} has no rule text."), N_("Quote the rule that it applies, as text.")
            yield Finding("veto-without-text", "error", message, remedy, place_of(f"{at}.text"), {"value": line.id})
        return
    if len(line.formulas) != 1 or line.at_least is not None or line.at_most is not None:
        message = N_("The line {value} has {count} ways to points.")
        remedy = N_("Keep exactly one of steps, linear and each.")
        values = {"value": line.id, "count": len(line.formulas)}
        yield Finding("line-without-formula", "error", message, remedy, place_of(at), values)
    for key in ("steps", "linear"):
        corners = getattr(line, key)
        if any(one[0] >= other[0] for one, other in pairwise(corners)):
            message, remedy = N_("The values of {key} do not rise."), N_("Order them from the lowest to the highest.")
            yield Finding("steps-out-of-order", "error", message, remedy, place_of(f"{at}.{key}"), {"key": key})


def _points_findings(line: Line, known: Mapping[str, Indicator], at: str, place_of: PlaceOf) -> Iterator[Finding]:
    """Yield what is wrong with how many points a line can give."""
    if line.kind == "veto":
        return
    cap = cap_of(line, known)
    if cap is None or cap <= 0.0:
        message = N_("The line {value} does not say how many points it can give or take.")
        yield Finding("line-without-cap", "error", message, N_("Add cap."), place_of(f"{at}.cap"), {"value": line.id})
        return
    most = max((points for _, points in (*line.steps, *line.linear)), default=cap)
    if most > cap + TINY:
        message = N_("The line {value} gives up to {most} points, more than its cap of {cap}.")
        values = {"value": line.id, "most": f"{most:g}", "cap": f"{cap:g}"}
        yield Finding("points-above-cap", "error", message, N_("Lower the points or raise the cap."), place_of(at), values)


def _sum_findings(rules: ScoreCard, known: Mapping[str, Indicator], level: Level, place_of: PlaceOf) -> Iterator[Finding]:
    """Yield where the lines of a level can give more than its sheet has, or base lines less."""
    for kind, most in (("base", rules.total), ("bonus", rules.most_bonus)):
        given = sum(cap_of(line, known) or 0.0 for line in rules.lines(level) if line.kind == kind)
        values: dict[str, object] = {"level": LEVELS[level], "given": f"{given:g}", "most": f"{most:g}"}
        if given > most + TINY:
            message = N_("{level}: the lines of this kind give up to {given} points, and the sheet has {most}.")
            remedy = N_("Lower their caps, or raise total or most_bonus.")
            yield Finding(
                "more-points-than-sheet", "error", message, remedy, place_of("total" if kind == "base" else "most_bonus"), values
            )
        elif kind == "base" and given < most - TINY:
            message = N_("{level}: base lines give {given} of {most} points; nobody can reach the whole.")
            yield Finding("points-out-of-reach", "warning", message, N_("Raise caps or lower total."), place_of("total"), values)


def _role_findings(rules: ScoreCard, place_of: PlaceOf) -> Iterator[Finding]:
    """Yield roles without a coefficient, and coefficients given twice."""
    known = [one.role for one in rules.coefficient]
    for role in sorted({role for role in known if known.count(role) > 1}):
        message, remedy = N_("The role {value} has two coefficients."), N_("Keep one.")
        yield Finding("double-role", "error", message, remedy, place_of("coefficient"), {"value": role})
    for officer, role in rules.roles.items():
        if role not in known:
            message = N_("{officer} has the role {value}, which has no coefficient.")
            guess = did_you_mean(role, known)
            remedy = N_("Did you mean {guess}?") if guess else N_("Add a coefficient for it, or take the role out.")
            values = {"officer": officer, "value": role, "guess": guess}
            yield Finding("unknown-role", "error", message, remedy, place_of(f"roles.{officer}"), values)
