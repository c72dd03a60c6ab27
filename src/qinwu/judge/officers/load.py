"""Load: what share of their duty officers' crews are expected to spend on calls, by the closed forms."""

from __future__ import annotations

from datetime import date

from qinwu.duty.crews import form_crews
from qinwu.duty.response_plan import ResponsePlan
from qinwu.duty.staffing import staff
from qinwu.duty.system import DutySystem
from qinwu.station.demand import read_source
from qinwu.station.station import Station


def expected_load(station: Station, system: DutySystem, plan: ResponsePlan, on: date) -> dict[str, float]:
    """Return the share of duty hours, 0 to 1, that each officer's crew is expected to spend on calls.

    It is the load of the places and hours an officer is on duty for, whatever comes of a call; never arrests or fines.
    Officers in no crew are missing. Crews are those of the day `on`.
    """
    from qinwu.queueing.analysis import analyse

    analysis = analyse(station, plan, read_source(station), plan)
    busy = dict(analysis.crews.select("crew", "workload").iter_rows())
    crews, _ = form_crews(system, staff(station.force, system, on), station.config.neighbour)
    return {officer.id: float(busy[crew.id]) for crew in crews if crew.id in busy for officer in crew.officers}
