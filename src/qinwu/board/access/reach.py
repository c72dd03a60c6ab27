"""Reach: whose beats an account may see and act on. An officer reaches the own beats, a sergeant the sector, a chief the station.

Assignment, not role alone, decides: the beats are those for which the officer of the account is accountable on the day, as the duty
system in force has it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from qinwu.board.access.roles import has
from qinwu.board.clock import now
from qinwu.board.in_force import InForce
from qinwu.duty.staffing import accountable_id


@dataclass(frozen=True, slots=True)
class Reach:
    """What an account reaches: its officer ('' for none), its own beats, all beats it may see, and whether that is the station."""

    officer: str
    own: frozenset[str]
    beats: frozenset[str]
    everything: bool

    def may(self, beat: str) -> bool:
        """Return whether a beat is within reach; what belongs to no beat is the station's."""
        return self.everything or beat in self.beats


def own_officer(user: Any) -> str:
    """Return the officer of an account, '' for none."""
    member = getattr(user, "member", None)
    return member.officer if member else ""


def reach_of(force: InForce, user: Any) -> Reach:
    """Return the reach of an account today."""
    officer = own_officer(user)
    system = force.loaded.system
    own = beats_of(force, officer)
    led = frozenset(beat for sector in system.sector if officer and sector.sergeant == officer for beat in sector.beats)
    seen = own | (led if has(user, "give_tasks") else frozenset())
    if officer and not led and has(user, "give_tasks"):
        # A sergeant without a sector in this duty system leads the squad, and with it the station's beats.
        return Reach(officer, own, frozenset(beat.id for beat in system.beat), everything=True)
    everything = has(user, "answer_away") or has(user, "inspect") or (not officer and has(user, "give_tasks"))
    return Reach(officer, own, frozenset(beat.id for beat in system.beat) if everything else seen, everything)


def beats_of(force: InForce, officer: str) -> frozenset[str]:
    """Return the beats for which an officer is accountable today: named in the duty system, or drawn for it by its crews."""
    if not officer:
        return frozenset()
    return frozenset(beat for beat, accountable in officers_of(force).items() if accountable == officer)


def officers_of(force: InForce) -> dict[str, str]:
    """Return who is accountable for each beat today; beats with nobody are left out."""
    day = now().astimezone(force.zone).date()
    named = {beat.id: accountable_id(beat, day) for beat in force.loaded.system.beat}
    drawn = {label.beat: label.officers[0] for label in force.plan.crews if label.beat and label.officers}
    return {beat: officer or drawn.get(beat, "") for beat, officer in named.items() if officer or drawn.get(beat)}


def beats_by_officer(force: InForce) -> Mapping[str, tuple[str, ...]]:
    """Return the beats each officer is accountable for today."""
    found: dict[str, tuple[str, ...]] = {}
    for beat, officer in officers_of(force).items():
        found[officer] = (*found.get(officer, ()), beat)
    return found
