"""Proposing: what the response plan says about an open call, in words a dispatcher reads at a glance."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite

from qinwu.board.at_hand import AtHand
from qinwu.board.in_force import InForce
from qinwu.board.models import Call
from qinwu.board.sendings import Order
from qinwu.duty.order import read_words
from qinwu.duty.telling import who_text
from qinwu.language import N_, Language, translate
from qinwu.simulate.live.proposal import Proposal, Standing, propose

STANDINGS: dict[Standing, str] = {
    "never": N_("not listed for such calls"),
    "off_duty": N_("off duty"),
    "later": N_("its turn comes later"),
    "on_a_call": N_("on another call"),
    "at_fixed_work": N_("at work that does not give way"),
    "reserve": N_("kept as reserve"),
    "unfit": N_("lacks a skill, a sworn officer, or time before its shift ends"),
    "ready": N_("free, but others go first"),
    "takeable": N_("on a less urgent call"),
    "declined": N_("refused or passed over"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One crew in a proposal: who it is, minutes to the scene, why it goes or not, and the order that would send it."""

    crew: str
    officers: tuple[str, ...]
    minutes: float | None
    tier: str
    why: str
    order: Order


@dataclass(frozen=True, slots=True)
class Told:
    """A proposal in words: the rule that was followed, who goes, who else could, what is lacking, and when to look again."""

    rule: str
    going: tuple[Line, ...]
    others: tuple[Line, ...]
    lacking: int
    look_again_s: float | None
    blocked: bool


def proposal_for(force: InForce, hand: AtHand, call: Call, language: Language) -> Told:
    """Return what the duty system in force proposes for an open call."""
    found = propose(force.plan, hand.situation, hand.place_of(call))
    rule = force.plan.row_order[found.row] if found.row < len(force.plan.row_order) else ""
    again = found.look_again_s - hand.situation.now_s
    going, others = tuple(_going(force, hand, found, language)), tuple(_others(force, found, language))
    return Told(rule, going, others, found.lacking, again if isfinite(again) else None, found.blocked)


def _going(force: InForce, hand: AtHand, found: Proposal, language: Language) -> Iterator[Line]:
    for one in found.going:
        why = translate(N_("first in its tier that is free"), language)
        if one.taken_from >= 0:
            words = translate(N_("taken from call {number}, which is less urgent"), language)
            why = words.format(number=hand.calls[one.taken_from].number)
        yield _line(force, found.row, one.crew, one.tier, one.way_s, why, language, proposed=True)


def _others(force: InForce, found: Proposal, language: Language) -> Iterator[Line]:
    for one in found.passed:
        yield _line(
            force, found.row, one.crew, one.tier, one.way_s, translate(STANDINGS[one.standing], language), language, proposed=False
        )


def _line(force: InForce, row: int, crew: int, tier: int, way_s: float, why: str, language: Language, *, proposed: bool) -> Line:
    label = force.plan.crews[crew]
    words = force.plan.tier_words[row] if row < len(force.plan.tier_words) else ()
    asked, name = False, ""
    if 0 <= tier < len(words):
        _part, _number, who, asks = read_words(words[tier])
        asked, name = asks, who_text(who, force.loaded.system, language)
    order = Order(label.id, tier, way_s if isfinite(way_s) else 0.0, proposed, asked)
    return Line(label.id, label.officers, way_s / 60.0 if isfinite(way_s) else None, name, why, order)
