"""Compile a duty system for a station: out comes the response plan that model, simulator and board obey."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from qinwu.duty.calendar import ALWAYS, WEEK_S, Calendar, crews_of_watch, make_calendar
from qinwu.duty.complement import check_complement, check_skills, required, skill_bits, skill_masks
from qinwu.duty.crews import Crew, form_crews
from qinwu.duty.follow_up import check_follow_up, follow_up_arrays, unknown_squad
from qinwu.duty.order import PRIORITIES, Rows, by_call, check_served, check_words, make_rows
from qinwu.duty.places import base_atoms, beat_of_atoms, check_atoms, patrol_slots, zones_of_atoms
from qinwu.duty.response_plan import (
    F64,
    I8,
    I16,
    I32,
    AreaArrays,
    CrewArrays,
    CrewLabel,
    Dispatching,
    DutyArrays,
    ResponsePlan,
)
from qinwu.duty.staffing import staff
from qinwu.duty.system import DutySystem
from qinwu.duty.training import training_pace
from qinwu.duty.who import Muster, Zone
from qinwu.duty.work import Block, WorkPlan, plan_work
from qinwu.findings import Finding, Place, QinwuError, did_you_mean, raise_on_errors
from qinwu.language import N_
from qinwu.station.calls import Calls
from qinwu.station.station import Station

MOST = 32767
"""The most atoms, and the most crews, that the arrays of a plan can number."""
NO_CALLS_DAY = date(2000, 1, 1)


def compile_plan(station: Station, system: DutySystem, watch: str | None = None, on: date | None = None) -> ResponsePlan:
    """Return the response plan of `system` at `station`.

    Parameters
    ----------
    station
        What there is.
    system
        How it is organised.
    watch
        Id of a watch: only the crews on duty in the middle of it, all of them always on and without fixed blocks (steady state).
    on
        The day on which beats are assigned to officers; by default the day of the last call.

    Raises
    ------
    QinwuError
        With every finding, when any of them is an error.
    """
    return compile_with_findings(station, system, watch, on)[0]


def compile_with_findings(
    station: Station, system: DutySystem, watch: str | None = None, on: date | None = None
) -> tuple[ResponsePlan, tuple[Finding, ...]]:
    """Return the response plan and the warnings met; parameters and errors as for :func:`compile_plan`."""
    if len(station.area) > MOST:
        raise QinwuError([too_many_atoms(len(station.area))])
    draft, findings = _draft(station, system, on)
    findings += [*_check_names(system, watch), *draft.check_names()]
    raise_on_errors(findings)
    if watch is not None:
        draft = draft.during(watch)
    findings += draft.check_service()
    raise_on_errors(findings)
    return draft.plan(), tuple(findings)


def _draft(station: Station, system: DutySystem, on: date | None) -> tuple[_Draft, list[Finding]]:
    """Return crews, calendar and work of a system, and everything wrong with them."""
    staffing = staff(station.force, system, on or last_day(station.calls))
    crews, crew_findings = form_crews(system, staffing, station.config.neighbour)
    owners = {crew.beat: crew.officers[0] for crew in crews if crew.beat}
    muster = Muster(system, crews, station.config.call_class, {**staffing.accountable, **owners})
    calendar, calendar_findings = make_calendar(system, crews)
    work = plan_work(muster, calendar)
    found = [*staffing.findings, *crew_findings, *calendar_findings, *work.findings]
    return _Draft(station, muster, calendar, work), found


def last_day(calls: Calls) -> date:
    """Return the local day of the last call, 2000-01-01 where there are none."""
    last = calls.table["received"].dt.convert_time_zone(calls.time_zone).max()
    return last.date() if isinstance(last, datetime) else NO_CALLS_DAY


@dataclass(frozen=True)
class _Draft:
    """A plan before its arrays: who there is, when, and what else they do."""

    station: Station
    muster: Muster
    calendar: Calendar
    work: WorkPlan
    one_watch: bool = False

    def during(self, watch: str) -> _Draft:
        """Return the steady state of one watch: its crews, always on, and neighbours."""
        there = crews_of_watch(self.muster.system, self.calendar, watch)
        crews = tuple(crew for crew, on in zip(self.muster.crews, there, strict=True) if on)
        calendar = Calendar(WEEK_S, (ALWAYS,), np.zeros(len(crews), dtype=np.int32))
        work = WorkPlan((), self.work.flexible[there], ())
        return replace(self, muster=replace(self.muster, crews=crews), calendar=calendar, work=work, one_watch=True)

    @property
    def crews(self) -> tuple[Crew, ...]:
        return self.muster.crews

    @cached_property
    def beat_of(self) -> I16:
        return beat_of_atoms(self.station.area, self.muster)

    @cached_property
    def zones(self) -> tuple[tuple[Zone, ...], I32]:
        return zones_of_atoms(self.station.area, self.muster, self.beat_of)

    @cached_property
    def rows(self) -> Rows:
        return make_rows(self.muster, self.zones[0])

    @cached_property
    def needs(self) -> tuple[I8, I8]:
        return required(self.muster.classes, self.muster.system.dispatch.complement)

    @cached_property
    def skill_bits(self) -> dict[str, int]:
        return skill_bits(self.muster.classes, self.crews)

    def check_names(self) -> Iterator[Finding]:
        """Yield what is named but not there."""
        yield from check_words(self.muster)
        yield from check_atoms(self.station, self.muster)
        yield from check_skills(self.muster.classes, self.crews, self.skill_bits)
        yield from check_follow_up(self.muster)
        if not 0 < len(self.crews) <= MOST:
            yield crews_out_of_range(len(self.crews))

    def check_service(self) -> Iterator[Finding]:
        """Yield the calls that nobody, or never enough officers, can be sent to; too few in one watch only is a warning."""
        yield from check_served(self.muster, self.zones[0], self.rows, self.occurs())
        for finding in check_complement(self.muster.classes, self.crews, self.calendar, self.rows, *self.needs):
            yield replace(finding, severity="warning") if self.one_watch else finding

    def occurs(self) -> NDArray[np.bool_]:
        """Return (4, C, Z) which calls there have been, or could be with the usual priority of their class."""
        zones, zone_of = self.zones
        there = np.zeros((len(PRIORITIES), len(self.muster.classes), len(zones)), dtype=bool)
        for number, one in enumerate(self.muster.classes):
            there[one.priority - 1, number] = True
        place = {one.id: number for number, one in enumerate(self.muster.classes)}
        for priority, call_class, atom in self.station.calls.table.select("priority", "call_class", "atom").unique().iter_rows():
            there[priority - 1, place[call_class], zone_of[self.station.area.index[atom]]] = True
        return there

    def plan(self) -> ResponsePlan:
        """Return the arrays."""
        travel = self.station.area.travel
        return ResponsePlan(
            system=self.muster.system.id,
            dispatching=self.dispatching(),
            crew=self.crew_arrays(),
            duty=duty_arrays(self.calendar, self.work.blocks, block_kinds(self.muster.system)),
            follow_up=follow_up_arrays(self.muster, self.beat_of),
            area=AreaArrays(travel.base_s, travel.hour_factor, self.beat_of),
            crews=tuple(_label(crew) for crew in self.crews),
            beats=tuple(beat.id for beat in self.muster.beats),
            call_classes=tuple(one.id for one in self.muster.classes),
            atoms=self.station.area.atom_ids,
            block_kinds=block_kinds(self.muster.system),
            row_order=self.rows.order,
            tier_words=self.rows.words,
            skills=tuple(self.skill_bits),
        )

    def dispatching(self) -> Dispatching:
        """Return who may go, and the rules of dispatch."""
        rules, rows = self.muster.system.dispatch, self.rows
        people, sworn = self.needs
        return Dispatching(
            row=rows.row.take(self.zones[1], axis=2),
            support_row=rows.support_row.take(self.zones[1], axis=2),
            tier=rows.tier,
            rank=rows.rank,
            opens_s=rows.opens_s,
            hand_over_s=rows.hand_over_s,
            refusal=rows.refusal,
            wait_s=rows.wait_s,
            people=people,
            sworn=sworn,
            skills=skill_masks([one.skills for one in self.muster.classes], self.skill_bits),
            reserve=np.array([rules.reserve.get(priority, 0) for priority in PRIORITIES], dtype=np.int64),
            last_s=np.array([rules.last_minutes.get(priority, 0.0) * 60.0 for priority in PRIORITIES]),
            preempts=np.array([priority in rules.preemption.by for priority in PRIORITIES], dtype=np.int8),
            preempt_en_route=int(rules.preemption.en_route),
            preempt_wrap_up=int(rules.preemption.wrap_up),
            preempt_on_scene=int(rules.preemption.on_scene),
            nearest=int(rules.choose == "nearest"),
            all_at_once=int(rules.commit == "all_at_once"),
            strict_fifo=int(rules.strict_fifo),
            joint_release=int(rules.release == "joint"),
            patience_s=rules.patience_s,
            acknowledge_s=rules.acknowledge_s,
            turnout_s=rules.turnout_s,
            call_taking_s=rules.call_taking.seconds,
            call_taking_spread=rules.call_taking.spread,
            takers=rules.call_taking.takers,
            level_s=(rules.levels - 1) * rules.level_s,
            hand_over_at_end=int(rules.shift_end.policy == "hand_over"),
            end_limit_s=rules.shift_end.limit_min * 60.0,
            end_hand_over_s=rules.shift_end.hand_over_s,
            handed_off=by_call(self.muster.classes, [(one.calls, one.share) for one in rules.hand_off], 0.0),
            pace=by_call(self.muster.classes, [(one.calls, one.factor) for one in rules.pace], 1.0)
            * training_pace(rules.training, self.muster.classes, self.crews),
        )

    def crew_arrays(self) -> CrewArrays:
        """Return what each crew is and where."""
        crews = self.crews
        base = base_atoms(self.station, self.muster)
        beyond = [crew.neighbour.extra_travel_min * 60.0 if crew.neighbour else 0.0 for crew in crews]
        return CrewArrays(
            people=np.array([crew.people for crew in crews], dtype=np.int8),
            sworn=np.array([crew.sworn for crew in crews], dtype=np.int8),
            skills=skill_masks([crew.skills for crew in crews], self.skill_bits),
            base=base,
            slots=patrol_slots(self.station, self.muster, base, self.beat_of),
            patrols=np.array([crew.patrol != "base" for crew in crews], dtype=np.int8),
            own_beat=self.muster.own_beat,
            extra_travel_s=np.array(beyond, dtype=np.float64),
            external=self.muster.external.astype(np.int8),
            reserve=np.array([crew.counts_for_reserve for crew in crews], dtype=np.int8),
            flexible=self.work.flexible,
            dwell_s=self.station.config.patrol.dwell_min * 60.0,
        )


def _label(crew: Crew) -> CrewLabel:
    return CrewLabel(crew.id, crew.squad, crew.unit, tuple(officer.id for officer in crew.officers), crew.rule, crew.beat)


def block_kinds(system: DutySystem) -> tuple[str, ...]:
    """Return the kinds of work of a system, in file order."""
    return tuple(dict.fromkeys(work.kind for work in system.work))


def duty_arrays(calendar: Calendar, blocks: Sequence[Block], kinds: Sequence[str]) -> DutyArrays:
    """Return duty windows as events in the order of time, and fixed blocks."""
    cycle_s = calendar.cycle_s
    rosters = [calendar.roster(crew) for crew in range(len(calendar.roster_of))]
    start, end = np.concatenate([*rosters, np.empty((0, 2))]).T
    crew = np.repeat(np.arange(len(rosters)), [len(roster) for roster in rosters])
    always = np.isinf(end)
    start, end, crew = start[~always], end[~always], crew[~always]
    time = np.concatenate([start, end % cycle_s])
    comes = np.repeat(np.array([1, 0], dtype=np.int8), len(start))
    order = np.lexsort((np.tile(crew, 2), comes, time))
    return DutyArrays(
        cycle_s=cycle_s,
        event_s=time[order],
        event_crew=np.tile(crew, 2)[order].astype(np.int32),
        event_on=comes[order],
        event_end_s=np.concatenate([end, np.zeros(len(end))])[order],
        on_at_start=np.array([_open_at_start(roster, cycle_s) for roster in rosters], dtype=np.float64),
        block_s=np.array([block.start_s % cycle_s for block in blocks], dtype=np.float64),
        block_crew=np.array([block.crew for block in blocks], dtype=np.int32),
        block_len_s=np.array([block.length_s for block in blocks], dtype=np.float64),
        block_yields=np.array([block.work.yields_to for block in blocks], dtype=np.int8),
        block_kind=np.array([kinds.index(block.work.kind) for block in blocks], dtype=np.int8),
        block_away=np.array([block.work.where != "beat" for block in blocks], dtype=np.int8),
    )


def _open_at_start(roster: F64, cycle_s: float) -> float:
    """Return the end of the window that the roster carries over from the cycle before; 0 for none."""
    return max(float(roster[-1, 1]) - cycle_s, 0.0) if len(roster) else 0.0


def _check_names(system: DutySystem, watch: str | None) -> Iterator[Finding]:
    squads = [squad.id for squad in system.squad]
    for rule in system.crews:
        if rule.squad not in squads:
            yield unknown_squad(f"crews.{rule.id}.squad", rule.squad, did_you_mean(rule.squad, squads))
    if watch is not None and watch not in (watches := [one.id for one in system.watch]):
        yield not_a_watch(watch, did_you_mean(watch, watches))


def too_many_atoms(count: int) -> Finding:
    """Return the finding for an area with more atoms than a plan can number."""
    return Finding(
        "too-many-atoms",
        "error",
        N_("The area has {count} atoms; a plan can number {most}."),
        N_("Join small atoms, or divide the area between stations."),
        Place(key="atoms"),
        {"count": count, "most": MOST},
    )


def crews_out_of_range(count: int) -> Finding:
    """Return the finding for a system without crews, or with more than a plan can number."""
    return Finding(
        "crews-out-of-range",
        "error",
        N_("The system makes {count} crews; there must be at least one, and a plan can number {most}."),
        N_("Add a [[crews]] rule for each squad that answers calls."),
        Place(key="crews"),
        {"count": count, "most": MOST},
    )


def not_a_watch(watch: str, near: str) -> Finding:
    """Return the finding for a watch asked for that the system does not have."""
    return Finding(
        "not-a-watch",
        "error",
        N_("The system has no watch {watch}."),
        N_("Did you mean {near}?") if near else N_("Ask for one of its watches."),
        Place(key="watch"),
        {"watch": watch, "near": near},
    )
