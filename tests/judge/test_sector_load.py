"""Sector load: a sergeant beside the sector's officers, and calls covered in the sector, counted by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from qinwu.judge.officers.sector_load import Went, sector_load
from qinwu.judge.score.survey import wilson

NOON = datetime(2025, 3, 1, 12, tzinfo=UTC)
DUTY = {"S": 40.0, "A": 40.0, "B": 20.0}


def went(call: str, beat: str, officers: str, sent: float, arrived: float | None, over: float) -> Went:
    """Return a crew on a call, in minutes after noon."""
    at = [None if minute is None else NOON + timedelta(minutes=minute) for minute in (sent, arrived, over)]
    assert at[0] is not None
    assert at[2] is not None
    return Went(call, beat, tuple(officers), at[0], at[1], at[2])


CALLS = (
    went("1", "b1", "S", 0, 5, 30),
    went("2", "b1", "A", 0, 5, 60),
    went("3", "b2", "X", 0, 4, 20),
    went("3", "b2", "B", 0, 9, 40),
    went("4", "b2", "Y", 10, None, 15),
    went("5", "b9", "S", 100, 110, 130),
)


def test_the_sergeant_stands_beside_the_others() -> None:
    """Two calls and sixty minutes, one of them in another sector; the others have one call each and fifty minutes on average."""
    found = sector_load(CALLS, {"b1", "b2"}, "S", ["S", "A", "B"], DUTY)
    assert (found.sergeant.calls, found.sergeant.minutes) == (2, 60.0)
    assert [(one.officer, one.calls, one.minutes) for one in found.others] == [("A", 1, 60.0), ("B", 1, 40.0)]
    assert (found.mean_calls, found.mean_minutes) == (1.0, 50.0)
    assert found.ratio == pytest.approx(1.2)
    assert found.sergeant.share == pytest.approx(60.0 / 60.0 / 40.0)


def test_who_comes_first_decides_who_covered() -> None:
    """Two of four calls were reached first by one of the sector; who comes later does not cover."""
    found = sector_load(CALLS, {"b1", "b2"}, "S", ["A", "B"], DUTY)
    assert found.covered is not None
    assert (found.covered.calls, found.covered.inside) == (4, 2)
    assert (found.covered.low, found.covered.high) == wilson(0.5, 4)
    assert [one.call for one in found.outside] == ["3", "4"]


def test_one_who_arrived_goes_before_one_who_never_did() -> None:
    """A crew sent earlier that never arrived is not the first on the scene."""
    calls = (went("1", "b1", "X", 0, None, 10), went("1", "b1", "A", 5, 9, 30))
    found = sector_load(calls, {"b1"}, "S", ["A"], DUTY)
    assert found.covered is not None
    assert found.covered.share == 1.0


def test_a_quiet_sector_has_no_share() -> None:
    """Without a call there is no cover to tell; without other officers there is nothing to compare with."""
    found = sector_load((), {"b1"}, "S", ["S"], {})
    assert found.covered is None
    assert found.ratio is None
    assert found.sergeant.share is None


def test_who_was_off_is_no_comparison() -> None:
    """An officer without duty and without a call is shown, and does not lower the average of the others."""
    found = sector_load(CALLS, {"b1", "b2"}, "S", ["S", "A", "B", "Z"], DUTY)
    assert [one.officer for one in found.others] == ["A", "B", "Z"]
    assert (found.mean_calls, found.mean_minutes) == (1.0, 50.0)
