"""At hand: where crews and open calls stand now, from roster, reports and stamps, as the response plan wants to know it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from math import inf

from qinwu.board.absences import absent_at, left_of
from qinwu.board.in_force import InForce
from qinwu.board.models import Call, CrewReport, Sending
from qinwu.simulate.live.by_roster import crews_by_roster
from qinwu.simulate.live.situation import CallNow, CrewNow, Situation

DECLINED = ("refused", "withdrawn")
"""How a sending may have ended that keeps its crew from being proposed to the same call again."""


@dataclass(frozen=True, slots=True)
class AtHand:
    """A situation, the calls in it by position, and the sendings that are going on by crew."""

    situation: Situation
    calls: tuple[Call, ...]
    by_crew: dict[str, Sending]

    def place_of(self, call: Call) -> int:
        """Return the position of a call in the situation."""
        return [each.pk for each in self.calls].index(call.pk)


def at_hand(force: InForce, at: datetime) -> AtHand:
    """Return where everybody and everything stands at a time."""
    calls = tuple(Call.objects.filter(closed__isnull=True, same_as__isnull=True).prefetch_related("sendings"))
    known = [call for call in calls if call.atom in force.plan.atoms and call.call_class in force.plan.call_classes]
    going = {one.crew: one for call in known for one in call.sendings.all() if one.over is None}
    reports = {each.crew: each for each in CrewReport.objects.all()}
    positions = {call.pk: n for n, call in enumerate(known)}
    crews = crews_by_roster(force.plan, force.cycle_s(at))
    away = absent_at(at)
    stands = tuple(
        _crew(force, _without(force, crew, k, away), going.get(label.id), reports.get(label.id), positions, at)
        for k, (crew, label) in enumerate(zip(crews, force.plan.crews, strict=True))
    )
    return AtHand(Situation(force.cycle_s(at), stands, tuple(_call(force, call) for call in known)), tuple(known), going)


def _without(force: InForce, crew: CrewNow, k: int, away: frozenset[str]) -> CrewNow:
    """Return a crew without its officers who are away; with no sworn officer left it is off duty (辅警 do not act alone)."""
    if not away.intersection(force.plan.crews[k].officers):
        return crew
    people, sworn = left_of(force, k, away)
    had = int(force.plan.crew.sworn[k])
    return replace(crew, people=people, sworn=sworn, duty_end_s=crew.duty_end_s if people and (sworn or not had) else 0.0)


def _crew(
    force: InForce, crew: CrewNow, going: Sending | None, report: CrewReport | None, positions: dict[int, int], at: datetime
) -> CrewNow:
    """Return a crew as it is: as the roster has it, unless it reported otherwise or is on a call."""
    if report is not None and report.off_until is not None and at < report.off_until:
        crew = replace(crew, duty_end_s=0.0)
    if report is not None and report.atom in force.plan.atoms:
        crew = replace(crew, place=force.plan.atoms.index(report.atom))
    if going is None:
        return crew
    sent = going.dispatched or going.requested or at
    return replace(
        crew,
        duty_end_s=crew.duty_end_s or force.cycle_s(at),
        call=positions[going.call_id],
        sent_s=force.cycle_s(sent),
        arrive_s=force.cycle_s(going.arrived) if going.arrived else max(force.cycle_s(sent) + going.way_s, force.cycle_s(at) + 1.0),
        scene_end_s=force.cycle_s(going.finished) if going.finished else inf,
    )


def _call(force: InForce, call: Call) -> CallNow:
    sendings = list(call.sendings.all())
    declined = frozenset(force.crew(one.crew) for one in sendings if one.ended in DECLINED) - {-1}
    lacking = call.people is not None and sum(one.people for one in sendings if one.over is None) < call.people
    return CallNow(
        call_class=force.plan.call_classes.index(call.call_class),
        priority=call.priority - 1,
        atom=force.plan.atoms.index(call.atom),
        ready_s=force.cycle_s(call.entered),
        people=-1 if call.people is None else call.people,
        complete=bool(sendings) and not lacking and any(one.over is None for one in sendings),
        declined=declined,
    )
