"""Proposing: what the response plan says about an open call, in words a dispatcher reads at a glance."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite

from qinwu.board.crew_names import unit_name
from qinwu.board.dispatch.at_hand import AtHand
from qinwu.board.dispatch.sendings import Order
from qinwu.board.in_force import InForce
from qinwu.board.models import Call
from qinwu.board.roster.equipment import lacking_words
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
    """One crew in a proposal: who it is, minutes to the scene, why it goes or not, and the order that would send it.

    `unit` is whose crew it is, `hand_over_s` the seconds it costs to hand the call over to it.
    """

    crew: str
    officers: tuple[str, ...]
    minutes: float | None
    tier: str
    why: str
    order: Order
    unit: str
    hand_over_s: float


@dataclass(frozen=True, slots=True)
class Told:
    """A proposal in words: the rule that was followed, who goes, who else could, what is lacking, and when to look again.

    `levels` is how many levels dispatch one after the other, which costs `levels_s` seconds.
    """

    rule: str
    going: tuple[Line, ...]
    others: tuple[Line, ...]
    lacking: int
    look_again_s: float | None
    blocked: bool
    levels: int
    levels_s: float


def proposal_for(force: InForce, hand: AtHand, call: Call, language: Language) -> Told:
    """Return what the duty system in force proposes for an open call."""
    found, hand = _equipped(force, hand, call)
    rule = force.plan.row_order[found.row] if found.row < len(force.plan.row_order) else ""
    again = found.look_again_s - hand.situation.now_s
    going, others = tuple(_going(force, hand, found, language)), tuple(_others(force, hand, found, language))
    look_again = again if isfinite(again) else None
    levels, levels_s = force.loaded.system.dispatch.levels, force.plan.dispatching.level_s
    return Told(rule, going, others, found.lacking, look_again, found.blocked, levels, levels_s)


def _equipped(force: InForce, hand: AtHand, call: Call) -> tuple[Proposal, AtHand]:
    """Return what the plan proposes for a call; of two crews that would take the same piece of equipment the second stays."""
    while True:
        found = propose(force.plan, hand.situation, hand.place_of(call))
        out = set(hand.by_crew)
        for one in found.going:
            name = force.plan.crews[one.crew].id
            if lacks := hand.store.lacking(force, out - {name}).get(name):
                hand = hand.without(force, name, lacks)
                break
            out.add(name)
        else:
            return found, hand


def _going(force: InForce, hand: AtHand, found: Proposal, language: Language) -> Iterator[Line]:
    for one in found.going:
        why, left = translate(N_("first in its tier that is free"), language), ""
        if one.taken_from >= 0:
            left = hand.calls[one.taken_from].number
            why = translate(N_("taken from call {number}, which is less urgent"), language).format(number=left)
        yield _line(force, hand, found.row, one.crew, one.tier, one.way_s, why, language, proposed=True, left=left)


def _others(force: InForce, hand: AtHand, found: Proposal, language: Language) -> Iterator[Line]:
    for one in found.passed:
        lacks = hand.lacking.get(force.plan.crews[one.crew].id, ()) if one.standing == "off_duty" else ()
        why = lacking_words(lacks, language) if lacks else translate(STANDINGS[one.standing], language)
        yield _line(force, hand, found.row, one.crew, one.tier, one.way_s, why, language, proposed=False)


def _line(
    force: InForce,
    hand: AtHand,
    row: int,
    crew: int,
    tier: int,
    way_s: float,
    why: str,
    language: Language,
    *,
    proposed: bool,
    left: str = "",
) -> Line:
    label = force.plan.crews[crew]
    words = force.plan.tier_words[row] if row < len(force.plan.tier_words) else ()
    asked, name, wait_s, hand_over_s = False, "", 0.0, 0.0
    if 0 <= tier < len(words):
        _part, _number, who, asked = read_words(words[tier])
        name = who_text(who, force.loaded.system, language)
        wait_s = float(force.plan.dispatching.wait_s[row, tier])
        hand_over_s = float(force.plan.dispatching.hand_over_s[row, tier])
    there = isfinite(way_s)
    order = Order(label.id, tier, way_s if there else 0.0, proposed, asked, wait_s if asked else 0.0, left)
    unit = unit_name(force, label.unit, language)
    return Line(label.id, hand.officers[crew], way_s / 60.0 if there else None, name, why, order, unit, hand_over_s)
