"""Public records: a published estimate, the level of the test that decides where nothing happened, and districts redrawn."""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks.judge.level import HEADLINE, every, rates
from benchmarks.judge.public import (
    BUENOS_AIRES,
    DATA,
    PORTLAND,
    SAN_ANTONIO,
    ST_LOUIS,
    buenos_aires,
    portland,
    san_antonio,
    st_louis,
    unbroken,
)

from qinwu.judge.evaluate.breaks import find_breaks
from qinwu.judge.evaluate.design import make_design
from qinwu.judge.evaluate.evaluation import evaluate
from qinwu.judge.evaluate.regressions import linear

REASON = f"the public data folder {DATA.name} is not beside the checkout"
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not all(path.exists() for path in (BUENOS_AIRES, ST_LOUIS, PORTLAND, SAN_ANTONIO)), reason=REASON),
]
AUGUST_1994 = 1994 * 12 + 7


def test_di_tella_and_schargrodsky() -> None:
    """Police at protected blocks of Buenos Aires: -0.081 car thefts a block and month; blocks next door are no controls."""
    panel, treated, near = buenos_aires()
    found = linear(make_design(panel, treated, AUGUST_1994, near))
    assert (len(treated), len(near), panel.periods) == (37, 387, 9)
    assert found.detail["effect"] == pytest.approx(-0.081, abs=0.0005)
    assert found.detail["error"] == pytest.approx(0.024, abs=0.002)


def test_buenos_aires_by_the_test_that_decides() -> None:
    """The same reform by the test that decides: fewer, and nothing shown next door."""
    panel, treated, near = buenos_aires()
    found = evaluate(make_design(panel, treated, AUGUST_1994, near))
    assert found.verdict == "fewer"
    assert found.moved is not None
    assert not found.moved.neighbours.shown


def test_level_where_nothing_happened() -> None:
    """A thousand placebo places and starts in St. Louis: 4 to 7 % for the test that decides, far more before and after."""
    found = rates(st_louis("nhood"), HEADLINE, 1000, 1, dear=False)
    assert 0.04 <= found["decides"] <= 0.07
    assert found["before_after"] > 0.3
    assert found["wdd_one"] > 0.2


@pytest.mark.slow
@pytest.mark.parametrize("record", ["all", "part 1", "Portland", "San Antonio"])
def test_level_on_every_place_and_start(record: str) -> None:
    """Not drawn but all of them: 4 to 6 %, also in San Antonio, which was not looked at when the test was chosen."""
    if record == "San Antonio":
        panel = unbroken(san_antonio())
    else:
        panel = portland() if record == "Portland" else st_louis("nhood", part_1=record == "part 1")
    share, count = every(panel, 12 if record == "San Antonio" else 24, 12)
    assert count > 1000
    assert 0.04 <= share <= 0.06


def test_districts_of_2014_are_a_break() -> None:
    """St. Louis merged nine districts into six in January 2014: found at that month; neighbourhoods have no break."""
    districts = st_louis("district")
    (found,) = find_breaks(districts)
    assert (districts.label(found.at), found.gone, found.new) == ("2014-01", ("7", "8", "9"), ())
    for panel in (st_louis("nhood"), st_louis("nhood", parks=True), st_louis("nhood", part_1=True), portland()):
        assert find_breaks(panel) == ()


def test_renumbered_districts_are_a_break() -> None:
    """San Antonio gave part of its districts new numbers early in 2024: found, and without those units there is no break."""
    (found,) = find_breaks(san_antonio())
    assert (len(found.gone), len(found.new)) == (9, 9)
    assert find_breaks(unbroken(san_antonio())) == ()


def test_districts_of_one_side_can_be_compared() -> None:
    """Before the merger, or after it, the districts hold."""
    districts = st_louis("district")
    assert find_breaks(districts.between(0, 72)) == ()
    after = districts.between(72, 96)
    there = after.counts.sum(1) > 0
    assert np.flatnonzero(there).size == 6
