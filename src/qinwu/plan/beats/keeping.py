"""Keeping: which officer keeps which beat, so that as many residents as possible keep their officer, and who takes a new one."""

from __future__ import annotations

import numpy as np

from qinwu.duty.staffing import accountable_id
from qinwu.duty.system import DutySystem
from qinwu.plan.beats.plan import BeatPlan
from qinwu.station.force import Force, Officer
from qinwu.station.station import Station


def kept(plan: BeatPlan) -> BeatPlan:
    """Return the same division with beats named so that most residents keep their officer (an assignment problem).

    Beats that hold fixed atoms keep their names.
    """
    from scipy.optimize import linear_sum_assignment

    ground, beats = plan.problem.ground, plan.problem.beats
    overlap = np.zeros((beats, beats))
    np.add.at(overlap, plan.label, ground.keep)
    gain = overlap + 1e-9 * np.eye(beats)
    held = np.unique(plan.label[ground.fixed >= 0])
    gain[held, :] -= 10.0
    gain[:, held] -= 10.0
    gain[held, held] += 20.0
    _, name = linear_sum_assignment(gain, maximize=True)
    return plan if (name == np.arange(beats)).all() else BeatPlan.of(plan.problem, name[plan.label])


def free_officers(station: Station, system: DutySystem) -> list[Officer]:
    """Return sworn front-line officers who answer for no beat, name no squad their own and lead nothing, in file order."""
    taken = {beat.officer for beat in system.beat} | {span.officer for beat in system.beat for span in beat.assignments}
    taken |= {officer for squad in system.squad for officer in (*squad.officers, squad.head)}
    return [one for one in station.force if one.kind == "sworn" and one.post == "front_line" and one.id not in taken]


def officers(station: Station, system: DutySystem | None, plan: BeatPlan) -> dict[str, str]:
    """Return the officer of each beat: those in force keep theirs, new ones get the free officers in turn; empty for none."""
    if system is None:
        return dict.fromkeys(plan.problem.names, "")
    from qinwu.duty.compile import last_day

    day = last_day(station.calls)
    today = {beat.id: accountable_id(beat, day) for beat in system.beat}
    free = iter(free_officers(station, system))
    found: dict[str, str] = {}
    for name in plan.problem.names:
        if name in today:
            found[name] = today[name]
        else:
            officer = next(free, None)
            found[name] = officer.id if officer else ""
    return found


def eldest(force: Force, officers: list[str]) -> str:
    """Return who of these joined first, the first named where nobody knows; empty for nobody."""
    known = force.by_id()
    joined = {one: known[one].joined for one in officers if one in known}
    dated = [one for one in joined if joined[one] is not None]
    return min(dated, key=lambda one: str(joined[one])) if dated else next(iter(officers), "")
