"""A pool: equal crews that patrol the whole station, the nearest of whom goes; how many there are may change by the hour."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from qinwu.duty.calendar import HOUR_S, WEEK_S
from qinwu.duty.places import patrol_weight, spread_slots
from qinwu.duty.response_plan import F64, I64, CrewArrays, CrewLabel, DutyArrays, FollowUpArrays, ResponsePlan
from qinwu.station.station import Station

POOL = "pool"
ALWAYS_H = 168


def pooled_plan(station: Station, plan: ResponsePlan, crews: I64, people: int) -> ResponsePlan:
    """Return a plan by which equal crews answer the station's calls, whoever is nearest.

    Call-taking, turnout, officers required, joining, pre-emption and travel are those of `plan`; hand-overs, lines, beats, fixed
    blocks and other stations' crews are left out: what is left is the number of officers.

    Parameters
    ----------
    station
        What there is.
    plan
        The plan of a duty system of the station.
    crews
        (168,) crews on duty by hour of the week, Monday 00:00 first, >= 1.
    people
        Officers in each crew, >= 1, all of them sworn and of every skill.
    """
    most = int(crews.max())
    d = plan.dispatching
    alone = np.zeros((1, 1))
    dispatching = d._replace(
        row=np.zeros_like(d.row),
        support_row=np.zeros_like(d.support_row),
        tier=np.zeros((1, most), dtype=np.int8),
        rank=np.arange(most, dtype=np.int16)[None, :],
        opens_s=alone,
        hand_over_s=alone,
        refusal=alone,
        wait_s=alone,
        skills=np.zeros_like(d.skills),
        reserve=np.zeros_like(d.reserve),
        nearest=1,
    )
    labels = tuple(CrewLabel(f"{POOL}{number + 1}", POOL, "", (), POOL) for number in range(most))
    return replace(
        plan,
        system=POOL,
        dispatching=dispatching,
        crew=_crews(station, plan, most, people),
        duty=duty_by_hour(crews),
        follow_up=FollowUpArrays(np.full_like(plan.follow_up.owner, -1), np.zeros((0, most), dtype=np.int8)),
        crews=labels,
        block_kinds=(),
        row_order=(POOL,),
        tier_words=((f"tiers.0 {POOL}",),),
    )


def _crews(station: Station, plan: ResponsePlan, most: int, people: int) -> CrewArrays:
    area = station.area
    weight, atoms = patrol_weight(area, station.calls), np.arange(len(area))
    base = int(np.bincount(plan.crew.base[plan.crew.external == 0]).argmax())
    return CrewArrays(
        people=np.full(most, people, dtype=np.int8),
        sworn=np.full(most, people, dtype=np.int8),
        skills=np.zeros(most, dtype=np.int64),
        base=np.full(most, base, dtype=np.int32),
        slots=np.array([spread_slots(atoms, weight, turn) for turn in range(most)]),
        patrols=np.ones(most, dtype=np.int8),
        own_beat=np.full(most, -1, dtype=np.int16),
        extra_travel_s=np.zeros(most),
        external=np.zeros(most, dtype=np.int8),
        reserve=np.ones(most, dtype=np.int8),
        flexible=np.zeros(most),
        dwell_s=plan.crew.dwell_s,
    )


def duty_by_hour(crews: I64) -> DutyArrays:
    """Return duty in a cycle of one week in which the first ``crews[h]`` crews are on in hour h.

    Parameters
    ----------
    crews
        (168,) crews on duty, >= 0.

    Examples
    --------
    >>> duty = duty_by_hour(np.repeat([1, 2], 84))
    >>> duty.on_at_start.tolist(), (duty.event_s / 3600).tolist(), duty.event_on.tolist()
    ([inf, 0.0], [0.0, 84.0], [0, 1])
    """
    rows: list[tuple[float, int, int, float]] = []
    carried = np.zeros(int(crews.max()))
    for crew in range(len(carried)):
        on = crews > crew
        if on.all():
            carried[crew] = np.inf
            continue
        starts = np.flatnonzero(on & ~np.roll(on, 1))
        ends = np.flatnonzero(~on & np.roll(on, 1))
        for start in starts.tolist():
            after = ends[ends > start]
            end = int(after[0]) if len(after) else int(ends[0]) + ALWAYS_H
            rows.append((start * HOUR_S, 1, crew, end * HOUR_S))
            rows.append((end % ALWAYS_H * HOUR_S, 0, crew, 0.0))
            carried[crew] = max(carried[crew], (end - ALWAYS_H) * HOUR_S)
    rows.sort()
    time, comes, number, end_s = (list(column) for column in zip(*rows, strict=True)) if rows else ([], [], [], [])
    none: F64 = np.empty(0)
    return DutyArrays(
        cycle_s=WEEK_S,
        event_s=np.array(time, dtype=np.float64),
        event_crew=np.array(number, dtype=np.int32),
        event_on=np.array(comes, dtype=np.int8),
        event_end_s=np.array(end_s, dtype=np.float64),
        on_at_start=carried,
        block_s=none,
        block_crew=none.astype(np.int32),
        block_len_s=none,
        block_yields=none.astype(np.int8),
        block_kind=none.astype(np.int8),
        block_away=none.astype(np.int8),
    )
