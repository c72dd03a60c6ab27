"""Calls by hour as a plan sees them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from qinwu.queueing.hourly.calls import WeekCalls
from tests.simulate.busy import busy_plan, busy_source


def test_handed_over_calls_and_pace_change_rate_and_service() -> None:
    """A quarter of the calls handed to a service line and work at double time: three quarters of the rate, twice the seconds."""
    plan, source = busy_plan(), busy_source()
    d = plan.dispatching
    changed = replace(plan, dispatching=d._replace(handed_off=np.full_like(d.handed_off, 0.25), pace=2.0 * d.pace))
    before, after = (WeekCalls.of(each, source).at(40) for each in (plan, changed))
    assert after.rate == pytest.approx(0.75 * before.rate)
    assert after.on_scene_s == pytest.approx(2.0 * before.on_scene_s)
    assert after.wrap_up_s == pytest.approx(2.0 * before.wrap_up_s)
    assert after.self_initiated == pytest.approx(before.self_initiated)
