"""Stamps of the sample: a queue that keeps its order, waits when it must and sends the nearest when it has waited enough."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from qinwu.station.config import CallClass, Text, Travel
from qinwu.station.sample.calibration import Answer, calibration
from qinwu.station.sample.demand import Demand
from qinwu.station.sample.stamps import Cover, Lender, Stamps, answer

HELP = CallClass(id="help", name=Text(zh="求助"), priority=3, officers=2, on_scene_min=30, spread=0.0, wrap_up_min=0)
FIGHT = CallClass(id="fight", name=Text(zh="斗殴"), priority=1, officers=4, on_scene_min=60, spread=0.0, wrap_up_min=0)

CERTAIN: Answer = calibration().answer.model_copy(
    update={
        "call_taking_spread": 0.0,
        "turnout_spread": 0.0,
        "travel_spread": 0.0,
        "acknowledge_s": 0.0,
        "later_share": 0.0,
        "night_turnout": 1.0,
    }
)


def calls(received_h: list[float], kinds: list[int], atoms: list[int], xy_m: NDArray[np.float64]) -> Demand:
    """Return calls at these hours after midnight, of these classes, at the centre of these atoms."""
    where = np.array(atoms)
    return Demand(np.array(received_h) * 3600.0, np.array(kinds), where, xy_m[where])


def two_parts() -> Cover:
    """Two atoms 3 km apart, each with a crew by day and by night."""
    parts = np.array([0, 1])
    return Cover(parts, parts, np.array([(0.0, 0.0), (3000.0, 0.0)]), np.array([36.0, 36.0]))


def stamps(demand: Demand, figures: Answer = CERTAIN) -> Stamps:
    return answer(demand, (HELP, FIGHT), two_parts(), Travel(), figures, np.random.default_rng(0))


def test_a_call_takes_as_long_as_its_parts() -> None:
    """Call-taking, turn-out, the door and thirty minutes on the scene follow one another when the crew is there already."""
    cover = two_parts()
    got = stamps(calls([10.0], [0], [0], cover.xy_m))
    taken = 36_000 + CERTAIN.call_taking_s
    assert got.dispatched[0] == pytest.approx(taken, abs=1)
    assert got.arrived[0] == pytest.approx(taken + CERTAIN.turnout_s + CERTAIN.door_s, abs=1)
    assert got.cleared[0] - got.arrived[0] == pytest.approx(1800, abs=1)


def test_a_second_call_waits_or_gets_the_other_crew() -> None:
    """While the own crew is busy a call waits for it at most about the patience of its priority."""
    cover = two_parts()
    patient = CERTAIN.model_copy(update={"patience_min": {1: 0.0, 3: 1e9}})
    demand = calls([10.0, 10.1], [0, 0], [0, 0], cover.xy_m)
    waited, helped = stamps(demand, patient), stamps(demand, CERTAIN.model_copy(update={"patience_min": {1: 0.0, 3: 0.0}}))
    assert waited.dispatched[1] == pytest.approx(waited.cleared[0], abs=1)
    assert helped.dispatched[1] < waited.dispatched[1]
    assert helped.arrived[1] - helped.en_route[1] > 3000 / 10


def test_a_call_for_two_cars_keeps_both_busy() -> None:
    """During a fight in one part a call in the other part waits, too."""
    cover = two_parts()
    figures = CERTAIN.model_copy(update={"patience_min": {1: 0.0, 3: 1e9}})
    got = stamps(calls([10.0, 10.2], [1, 0], [0, 1], cover.xy_m), figures)
    assert got.dispatched[1] == pytest.approx(got.cleared[0], abs=1)


def test_a_neighbour_lends_when_nobody_is_left() -> None:
    """With both crews at a fight the next call is sent to the lender after its minutes, and one more finds the lender gone."""
    alone = two_parts()
    cover = Cover(alone.day, alone.night, alone.xy_m, alone.kmh, lenders=(Lender((0.0, 0.0), 120.0),))
    demand = calls([10.0, 10.1, 10.2], [1, 0, 0], [0, 0, 0], cover.xy_m)
    got = answer(demand, (HELP, FIGHT), cover, Travel(), CERTAIN, np.random.default_rng(0))
    asked = demand.received_s[1] + CERTAIN.call_taking_s + 60 * CERTAIN.lend_after_min
    assert got.dispatched[1] == pytest.approx(asked, abs=1)
    assert got.arrived[1] - got.en_route[1] == pytest.approx(CERTAIN.door_s + CERTAIN.lend_s + 120.0, abs=1)
    assert got.dispatched[2] >= got.cleared[0] - 1


def test_stamps_never_run_backwards() -> None:
    """With all chances on, every call's stamps are in order and whole seconds."""
    rng = np.random.default_rng(5)
    cover = two_parts()
    demand = calls(
        sorted(rng.uniform(0, 240, 400).tolist()), rng.integers(0, 2, 400).tolist(), rng.integers(0, 2, 400).tolist(), cover.xy_m
    )
    got = stamps(demand, calibration().answer)
    rows = np.column_stack((got.dispatched, got.acknowledged, got.en_route, got.arrived, got.cleared))
    assert (np.diff(rows, axis=1) >= 0).all()
    assert (got.dispatched >= demand.received_s).all()
    assert (rows == np.round(rows)).all()
