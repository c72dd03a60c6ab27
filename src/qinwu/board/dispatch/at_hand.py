"""At hand: where crews and open calls stand now, from roster, reports and stamps, as the response plan wants to know it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from math import inf

from qinwu.board.dispatch.sendings import end_unanswered
from qinwu.board.in_force import InForce
from qinwu.board.models import Call, CrewReport, Sending
from qinwu.board.roster.equipment import Store
from qinwu.board.roster.in_crew import Book, Strength
from qinwu.board.roster.skills import held
from qinwu.duty.equipment import Lacking
from qinwu.duty.skills import mask_of
from qinwu.simulate.live.by_roster import crews_by_roster
from qinwu.simulate.live.situation import NOBODY, CallNow, CrewNow, Situation

DECLINED = ("refused", "withdrawn", "timed_out")
"""How a sending may have ended that keeps its crew from being proposed to the same call again."""


@dataclass(frozen=True, slots=True)
class AtHand:
    """A situation, the calls in it by position, the sendings that are going on by crew, who is in each crew, and what some lack.

    Parameters
    ----------
    situation
        As the response plan wants to know it.
    calls
        The calls of the situation.
    by_crew
        Sendings that are going on, by crew.
    officers
        Who is in each crew now, in the order of the plan.
    lacking
        Crews that are kept from going out only by equipment they lack, and what that is.
    store
        All equipment.
    strange
        Open calls whose class or place the station's files have no longer: no plan can serve them, people must.
    sent
        What was sent to each open call, by its key in the database.
    """

    situation: Situation
    calls: tuple[Call, ...]
    by_crew: dict[str, Sending]
    officers: tuple[tuple[str, ...], ...] = ()
    lacking: dict[str, tuple[Lacking, ...]] = field(default_factory=dict)
    store: Store = field(default_factory=Store)
    strange: tuple[Call, ...] = ()
    sent: dict[int, list[Sending]] = field(default_factory=dict)

    def place_of(self, call: Call) -> int:
        """Return the position of a call in the situation."""
        return [each.pk for each in self.calls].index(call.pk)

    def without(self, force: InForce, crew: str, lacks: tuple[Lacking, ...]) -> AtHand:
        """Return it with a crew kept from going out by what it lacks."""
        stands = list(self.situation.crews)
        stands[force.crew(crew)] = replace(stands[force.crew(crew)], duty_end_s=0.0)
        return replace(self, situation=replace(self.situation, crews=tuple(stands)), lacking={**self.lacking, crew: lacks})


def at_hand(force: InForce, at: datetime) -> AtHand:
    """Return where everybody and everything stands at a time; requests that nobody answered by then have ended."""
    calls = tuple(Call.objects.filter(closed__isnull=True, same_as__isnull=True))
    sent = _sent_to(calls)
    if any(one.unanswered(at) for each in sent.values() for one in each):
        end_unanswered(at)
        sent = _sent_to(calls)
    known = [call for call in calls if call.atom in force.atoms and call.call_class in force.plan.call_classes]
    strange = tuple(call for call in calls if call.atom not in force.atoms or call.call_class not in force.plan.call_classes)
    going = {one.crew: one for each in sent.values() for one in each if one.over is None}
    reports = {each.crew: each for each in CrewReport.objects.all()}
    positions = {call.pk: n for n, call in enumerate(known)}
    book, may = Book.of(force, at, going=going.values()), held(force, at)
    strengths = [book.strength(k, at) for k in range(len(force.plan.crews))]
    store = Store.now()
    lacking = store.lacking(force, going)
    stands, kept = [], {}
    by_roster = crews_by_roster(force.plan, force.cycle_s(at), force.middle_places)
    for k, (crew, label) in enumerate(zip(by_roster, force.plan.crews, strict=True)):
        stand = _crew(force, _manned(force, crew, k, strengths[k], may), going.get(label.id), reports.get(label.id), positions, at)
        if stand.on_duty and label.id in lacking:
            kept[label.id], stand = lacking[label.id], replace(stand, duty_end_s=0.0)
        stands.append(stand)
    situation = Situation(force.cycle_s(at), tuple(stands), tuple(_call(force, call, sent[call.pk]) for call in known))
    officers = tuple(one.officers for one in strengths)
    return AtHand(situation, tuple(known), going, officers, kept, strange=strange, store=store, sent=sent)


def _manned(force: InForce, crew: CrewNow, k: int, strength: Strength, may: dict[str, frozenset[str]]) -> CrewNow:
    """Return a crew with the officers who are in it now, and what they may do; values as in the plan are left to the plan."""
    label, arrays = force.plan.crews[k], force.plan.crew
    if not label.officers:
        return crew
    skills = mask_of(force.plan.skills, frozenset[str]().union(*(may.get(name, frozenset()) for name in strength.officers)))
    return replace(
        crew,
        people=_unless(strength.people, int(arrays.people[k])),
        sworn=_unless(strength.sworn, int(arrays.sworn[k])),
        skills=_unless(skills, int(arrays.skills[k])),
        duty_end_s=crew.duty_end_s if strength.goes else 0.0,
    )


def _unless(now: int, planned: int) -> int:
    return NOBODY if now == planned else now


def _crew(
    force: InForce, crew: CrewNow, going: Sending | None, report: CrewReport | None, positions: dict[int, int], at: datetime
) -> CrewNow:
    """Return a crew as it is: as the roster has it, unless it reported otherwise or is on a call."""
    if report is not None and report.off_until is not None and at < report.off_until:
        crew = replace(crew, duty_end_s=0.0)
    if report is not None and report.atom in force.atoms:
        crew = replace(crew, place=force.atoms[report.atom])
    if going is None:
        return crew
    if going.call_id not in positions:
        return replace(crew, block_until_s=inf, block_yields=0)
    sent = going.dispatched or going.requested or at
    return replace(
        crew,
        duty_end_s=crew.duty_end_s or force.cycle_s(at),
        call=positions[going.call_id],
        sent_s=force.cycle_s(sent),
        arrive_s=force.cycle_s(going.arrived) if going.arrived else max(force.cycle_s(sent) + going.way_s, force.cycle_s(at) + 1.0),
        scene_end_s=force.cycle_s(going.finished) if going.finished else inf,
    )


def _sent_to(calls: tuple[Call, ...]) -> dict[int, list[Sending]]:
    """Return what was sent to each open call, in one question to the database."""
    by_pk = {call.pk: call for call in calls}
    found: dict[int, list[Sending]] = {pk: [] for pk in by_pk}
    for sending in Sending.objects.filter(call__closed__isnull=True, call__same_as__isnull=True):
        if sending.call_id in by_pk:
            sending.call = by_pk[sending.call_id]
            found[sending.call_id].append(sending)
    return found


def _call(force: InForce, call: Call, sendings: list[Sending]) -> CallNow:
    declined = frozenset(force.crew(one.crew) for one in sendings if one.ended in DECLINED) - {-1}
    lacking = call.people is not None and sum(one.people for one in sendings if one.over is None) < call.people
    return CallNow(
        call_class=force.plan.call_classes.index(call.call_class),
        priority=call.priority - 1,
        atom=force.atoms[call.atom],
        ready_s=force.cycle_s(call.entered),
        people=-1 if call.people is None else call.people,
        complete=bool(sendings) and not lacking and any(one.over is None for one in sendings),
        declined=declined,
    )
