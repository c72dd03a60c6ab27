"""Situation: what a control room knows at one moment. Crews by what they do, calls by what they still need; no tracks."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf, nan

NOBODY = -1


@dataclass(frozen=True, slots=True)
class CrewNow:
    """A crew of the response plan at this moment.

    Parameters
    ----------
    duty_end_s
        When its duty ends; 0 where it is off duty.
    place
        Atom where it was last known to be, by position: its base, the middle of its beat, or where it cleared a call.
    call
        Position of the call it is on in :attr:`Situation.calls`; -1 for none.
    sent_s, arrive_s
        When it was sent there, and when it arrived or is expected.
    scene_end_s
        When it finished at the scene and began to write up; inf until then.
    block_until_s
        End of the fixed work it is in; 0 for none.
    block_yields
        Least urgent priority (1-4) that may interrupt that work; 0 for none.
    people, sworn
        Officers in it now, where some are missing; -1 for as many as the plan says.
    skills
        Bit mask of what its officers may do now, by :attr:`ResponsePlan.skills`; -1 for what the plan says.
    """

    duty_end_s: float
    place: int
    call: int = NOBODY
    sent_s: float = nan
    arrive_s: float = nan
    scene_end_s: float = inf
    block_until_s: float = 0.0
    block_yields: int = 0
    people: int = NOBODY
    sworn: int = NOBODY
    skills: int = NOBODY

    @property
    def on_duty(self) -> bool:
        """Whether it is on duty."""
        return self.duty_end_s > 0.0


@dataclass(frozen=True, slots=True)
class CallNow:
    """An open call at this moment.

    Parameters
    ----------
    call_class, priority, atom
        Positions in the response plan; priority 0 is the most urgent.
    ready_s
        When it came to the dispatcher.
    people, sworn
        Officers required; -1 where the plan's table for its class and hour decides.
    complete
        Nobody more is to be sent: all are on their way or there.
    declined
        Crews, by position, that refused or that the dispatcher has passed over for this call.
    """

    call_class: int
    priority: int
    atom: int
    ready_s: float
    people: int = NOBODY
    sworn: int = NOBODY
    complete: bool = False
    declined: frozenset[int] = field(default=frozenset())


@dataclass(frozen=True, slots=True)
class Situation:
    """All crews, in the order of the response plan, and the open calls, at `now_s` seconds of the duty cycle's clock."""

    now_s: float
    crews: tuple[CrewNow, ...]
    calls: tuple[CallNow, ...]
