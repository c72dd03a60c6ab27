"""The station's own calls as a source of demand."""

from __future__ import annotations

import pytest

from qinwu.findings import QinwuError
from qinwu.station.demand import local_seconds, read_source
from tests.stations import calls, six_atoms


def test_the_clock_starts_on_a_monday() -> None:
    """The first Monday 2024-01-01 00:00 local is second 0 of the clock."""
    table = calls([(30.5, "theft", "a1"), (200.0, "help", "a2")]).table
    seconds, monday = local_seconds(table["received"], "Asia/Shanghai")
    assert monday == 1_704_067_200.0
    assert seconds.tolist() == [30.5 * 3600, 200.0 * 3600]


def test_a_station_without_calls_is_refused() -> None:
    """The message says what to add."""
    with pytest.raises(QinwuError, match="no calls"):
        read_source(six_atoms())
