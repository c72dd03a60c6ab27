"""Work outside the file: how many crews it is a share of."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from qinwu.duty.background import crews_on_duty
from qinwu.duty.calendar import make_calendar
from qinwu.duty.compile import NO_CALLS_DAY, compile_plan
from qinwu.duty.crews import form_crews
from qinwu.duty.staffing import staff
from qinwu.duty.system import DutySystem
from qinwu.station.station import Station
from tests.stations import nine_atom_system, nine_atoms, six_atom_system, six_atoms


@pytest.mark.parametrize(("make", "system"), [(six_atoms, six_atom_system()), (nine_atoms, nine_atom_system())])
def test_crews_on_duty_agree_with_the_calendar(make: Callable[[], Station], system: DutySystem) -> None:
    """Crews counted from the plan's events are those the calendar has on duty, neighbours left out."""
    station = make()
    plan = compile_plan(station, system)
    crews, _ = form_crews(system, staff(station.force, system, NO_CALLS_DAY), ())
    calendar, _ = make_calendar(system, crews)
    times = np.arange(1800.0, calendar.cycle_s, 3600.0)
    rosters = calendar.on_duty(times)
    expected = rosters[calendar.roster_of].sum(axis=0).reshape(-1, 168).mean(axis=0)
    np.testing.assert_allclose(crews_on_duty(plan), expected)
