"""Deployment on public calls: Detroit's priority calls of 2019, whose file holds calls of office hours only."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from qinwu.duty.compile import compile_plan
from qinwu.forecast.deploy.deployment import foresee_deploy
from tests.detroit import CALLS, detroit, duty_system

pytestmark = [pytest.mark.real, pytest.mark.skipif(not CALLS.exists(), reason="public data is not beside the checkout")]


def test_detroit_is_told_and_doubted(tmp_path: Path) -> None:
    """Crews shared out by calls follow places; hours are wrong since the file has no others, and that is said."""
    station = detroit(tmp_path)
    system = duty_system(station, "precinct_first", 100, "patrol")
    told = foresee_deploy(station, system, compile_plan(station, system), kind="beat", draws=40)
    assert told.staff.total == pytest.approx(100 * 168.0)
    assert told.found.by_place < told.chance.floor_high.by_place + 0.01
    silent = int((told.calls.table().sum(axis=0) == 0.0).sum())
    assert told.silent_hours == silent
    assert told.found.by_hour == pytest.approx(silent / 168.0, abs=0.05)
    assert np.isfinite(told.calls.minutes_per_call).all()
