"""Handling: the officer-hours that foretold calls ask for, so that a chief sees people and not counts."""

from __future__ import annotations

from typing import NamedTuple

from qinwu.duty.response_plan import ResponsePlan
from qinwu.duty.system import DutySystem
from qinwu.queueing.mismatch.demanded import demanded_by
from qinwu.queueing.mismatch.places import places_of
from qinwu.station.demand import read_source
from qinwu.station.station import Station


class Handling(NamedTuple):
    """Officer-minutes of a mean call: at once (way, scene, writing up, by every officer it needs), and follow-up that can wait."""

    at_once_min: float
    later_min: float


def handling_of(station: Station, system: DutySystem, plan: ResponsePlan) -> Handling:
    """Return what a mean call of a resident asks of officers under a duty system, as the mismatch of M52 counts it.

    Parameters
    ----------
    station, system, plan
        What there is, a duty system ready to be compiled, and the same compiled.
    """
    everywhere = places_of(station, system, "group", {"all": station.area.atom_ids})
    demanded = demanded_by(plan, read_source(station), everywhere)
    calls = max(len(demanded), 1)
    return Handling(60.0 * float(demanded.hours.sum()) / calls, 60.0 * float(demanded.later.sum()) / calls)
