"""Answer: moves of crews with their gain and their cost, those that were dropped, and the duty system that comes out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from qinwu.duty.response_plan import ResponsePlan
from qinwu.duty.system import DutySystem, Pattern
from qinwu.findings import Finding
from qinwu.plan.deploy.changing import overlay
from qinwu.plan.proof import Proof
from qinwu.queueing.mismatch.index import Mismatch
from qinwu.simulate.outcome import Interval
from qinwu.station.config import Text


@dataclass(frozen=True)
class Move:
    """One move.

    Parameters
    ----------
    rule, who
        Rule whose crews move, and the name of their squad.
    crews, officers
        How many crews, and the officers in them (pseudonymous ids).
    before, after
        The pattern they follow now, and then.
    origin, target
        Station they belong to now, and then.
    moved_h
        Officer-hours a week that lie at another hour or station.
    nights
        Nights a week of each of them, now and then: duties with at least three hours between midnight and six.
    closed_min
        Minutes by which the weighted mean response would be longer without this move alone, by the closed forms.
    simulated
        The same by paired simulation with its 95 % interval; nan where it was not simulated.
    """

    rule: str
    who: Text
    crews: int
    officers: tuple[str, ...]
    before: Pattern
    after: Pattern
    origin: Text
    target: Text
    moved_h: float
    nights: tuple[float, float]
    closed_min: float
    simulated: Interval

    @property
    def shown(self) -> bool:
        """Whether the simulation shows a gain; where nothing was simulated, whether the closed forms do."""
        return self.simulated.low > 0.0 if self.simulated.low == self.simulated.low else self.closed_min > 0.0


@dataclass(frozen=True, slots=True)
class Outlook:
    """Weighted mean response in minutes and index of mismatch, now and with the moves; the paired change where simulated."""

    response_min: tuple[float, float]
    delayed: tuple[float, float]
    mismatch: tuple[Mismatch, Mismatch]
    change_min: Interval
    replications: int


@dataclass(frozen=True)
class Moves:
    """Moves proposed.

    Parameters
    ----------
    system, plan
        The duty system in force, and its plan.
    moves
        Those kept, that with the largest gain first.
    dropped
        Those that were looked at and showed no gain.
    after, after_plan
        The duty system with the moves, and its plan; those in force where there are none.
    outlook
        What callers meet, now and then.
    proof
        How good the choice is by the waiting that it minimises.
    notes
        What did not work out.
    """

    system: DutySystem
    plan: ResponsePlan
    moves: tuple[Move, ...]
    dropped: tuple[Move, ...]
    after: DutySystem
    after_plan: ResponsePlan
    outlook: Outlook
    proof: Proof
    notes: tuple[Finding, ...] = ()

    @property
    def people(self) -> int:
        """Officers affected."""
        return len({officer for move in self.moves for officer in move.officers})

    @property
    def moved_h(self) -> float:
        """Officer-hours a week that move."""
        return sum(move.moved_h for move in self.moves)

    def part(self) -> dict[str, list[dict[str, Any]]]:
        """Return what a duty file laid over the system in force must say."""
        return overlay(self.system, self.after)


def largest_first(moves: Sequence[Move]) -> tuple[Move, ...]:
    """Return moves, that with the largest gain first."""
    return tuple(sorted(moves, key=lambda move: -move.closed_min))
