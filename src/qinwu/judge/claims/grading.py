"""Grading: how strong a claim is, what is weak about it, and what may be said of it. Rules, never typed in.

=====  ==================================================================================================================
grade  evidence
=====  ==================================================================================================================
A      A comparison with others by lot (a randomised trial), or by an accident as good as chance (a strong quasi-experiment).
B      Before and after, here and elsewhere: a comparison that somebody chose.
C      Before and after here alone, or here and elsewhere once: nothing says what else changed, or how places differed already.
D      Hearsay; no figure; no base (nothing it is compared with, or a change of an unknown number); no year for the figure or
       for the time before.
=====  ==================================================================================================================

The rule looks at design only. A sound design can still be carried out badly, which the weaknesses and the source must tell.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from qinwu.judge.claims.claim import Claim

Grade = Literal["A", "B", "C", "D"]
GRADES: tuple[Grade, ...] = ("A", "B", "C", "D")

Weakness = Literal[
    "no_figure",
    "no_comparator",
    "undated",
    "undated_before",
    "no_base",
    "short_window",
    "hearsay",
    "local_media",
    "own_account",
    "unverified",
    "regression_to_the_mean",
    "recording_rule",
    "percent_or_points",
    "rank_without_table",
]

Verdict = Literal[
    "measured_against_comparison",
    "changed_cause_unknown",
    "differs_cause_unknown",
    "only_stated",
    "told_two_ways",
    "does_not_add_up",
]
"""All that is ever said of a claim. No word says that something worked: no single published figure can."""

SHORT_MONTHS = 12.0
"""Fewer months than this do not hold every season once."""


def grade_of(claim: Claim) -> Grade:
    """Return the grade of evidence by the rule of this module."""
    compared = claim.comparator != "none"
    undated = not claim.dated or (claim.looks_back and not claim.before_dated)
    if claim.source.kind == "hearsay" or _no_figure(claim) or not compared or _no_base(claim) or undated:
        return "D"
    if claim.comparator != "before" and claim.assignment in ("random", "natural"):
        return "A"
    return "B" if claim.comparator == "before_and_elsewhere" else "C"


def verdict_of(claim: Claim, *, told_two_ways: bool = False, adds_up: bool = True) -> Verdict:
    """Return what may be said of a claim: first whether it adds up, then whether it is told in one way, then its grade.

    Parameters
    ----------
    claim
        The claim.
    told_two_ways
        Whether another claim about the same thing says something else.
    adds_up
        Whether its figures fit each other and those of its whole.
    """
    grade = grade_of(claim)
    if not adds_up:
        return "does_not_add_up"
    if told_two_ways:
        return "told_two_ways"
    if grade == "D":
        return "only_stated"
    if grade in ("A", "B"):
        return "measured_against_comparison"
    return "changed_cause_unknown" if claim.looks_back else "differs_cause_unknown"


def weaknesses_of(claim: Claim) -> tuple[Weakness, ...]:
    """Return what is weak about a claim, by name."""
    return tuple(_weaknesses(claim))


def _weaknesses(claim: Claim) -> Iterator[Weakness]:
    if _no_figure(claim):
        yield "no_figure"
    if claim.comparator in ("none", "before"):
        yield "no_comparator"
    if not claim.dated and not _no_figure(claim):
        yield "undated"
    if claim.looks_back and not claim.before_dated:
        yield "undated_before"
    if _no_base(claim) and not _no_figure(claim):
        yield "no_base"
    if claim.months is not None and claim.months < SHORT_MONTHS:
        yield "short_window"
    yield from _source_weaknesses(claim)
    yield from _counting_weaknesses(claim)
    in_per_cent = claim.change is not None and claim.change.written == "share"
    if claim.kind in ("share", "rate") and in_per_cent and claim.before is None:
        yield "percent_or_points"
    if claim.kind == "rank":
        yield "rank_without_table"


def _counting_weaknesses(claim: Claim) -> Iterator[Weakness]:
    """Yield what is weak about events that were counted; numbers that somebody set neither regress nor depend on recording."""
    if claim.decided or _no_figure(claim):
        return
    if claim.comparator == "before" and claim.kind in ("count", "rate", "time"):
        yield "regression_to_the_mean"
    if claim.kind in ("count", "rate", "time") and not claim.recording_rule.zh:
        yield "recording_rule"


def _source_weaknesses(claim: Claim) -> Iterator[Weakness]:
    if claim.source.kind == "hearsay":
        yield "hearsay"
    if claim.source.kind == "local_media":
        yield "local_media"
    if claim.source.kind == "official":
        yield "own_account"
    if claim.source.mark == "R":
        yield "unverified"


def _no_figure(claim: Claim) -> bool:
    return claim.value is None and claim.change is None


def _no_base(claim: Claim) -> bool:
    """Whether a change is told without a number that it is a change of."""
    return claim.looks_back and claim.base is None
