"""Changing over: what another duty system would change at this moment, and who is still on a call for the one before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from qinwu.board.in_force import InForce, in_force
from qinwu.board.models import Sending
from qinwu.duty.response_plan import ResponsePlan
from qinwu.findings import QinwuError
from qinwu.simulate.live.by_roster import crews_by_roster


@dataclass(frozen=True, slots=True)
class OnACall:
    """A crew on an open call that another duty system does not have, or has with other officers (`others` then)."""

    crew: str
    call: str
    officers: tuple[str, ...]
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Size:
    """How large a duty system is: its own crews, officers in them, beats, and what of it is on duty at a moment."""

    crews: int
    officers: int
    beats: int
    crews_on_duty: int
    people_on_duty: int


def on_calls(force: InForce, plan: ResponsePlan) -> tuple[OnACall, ...]:
    """Return who is on an open call and would not be the same crew under another plan."""
    after = {label.id: label.officers for label in plan.crews}
    before = {label.id: label.officers for label in force.plan.crews}
    found = []
    for sending in Sending.objects.filter(over__isnull=True).select_related("call").order_by("call__received", "id"):
        officers = before.get(sending.crew, ())
        if after.get(sending.crew) != officers:
            found.append(OnACall(sending.crew, sending.call.number, officers, after.get(sending.crew, ())))
    return tuple(found)


def size(plan: ResponsePlan, now_s: float) -> Size:
    """Return the size of a plan, with what is on duty at `now_s` seconds of its clock."""
    own = [k for k in range(len(plan.crews)) if plan.crew.external[k] == 0]
    stands = crews_by_roster(plan, now_s)
    on_duty = [k for k in own if stands[k].on_duty]
    return Size(
        crews=len(own),
        officers=len({officer for k in own for officer in plan.crews[k].officers}),
        beats=len(plan.beats),
        crews_on_duty=len(on_duty),
        people_on_duty=sum(int(plan.crew.people[k]) for k in on_duty),
    )


def left_over(force: InForce, going: Iterable[Sending] | None = None) -> dict[str, tuple[str, ...]]:
    """Return the crews on open calls that the duty system in force does not have, with the officers they were sent with.

    `going` are the sendings that are not over, where they are known already.
    """
    known = {label.id for label in force.plan.crews}
    out = [each for each in (Sending.objects.filter(over__isnull=True) if going is None else going) if each.crew not in known]
    return {each.crew: _officers(each.crew, each.dispatched or each.requested) for each in out}


def _officers(crew: str, sent: datetime | None) -> tuple[str, ...]:
    """Return who was in a crew under the duty system that sent it; nobody is known where its files are gone by now."""
    try:
        labels = in_force(sent).plan.crews
    except QinwuError:
        return ()
    return next((label.officers for label in labels if label.id == crew), ())
