"""Hot places of a forecast turned into patrol stops: what lists are refused, what stops must be."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qinwu.findings import QinwuError
from qinwu.plan.effort import Effort
from qinwu.plan.rounds.aims import PatrolAims, sample_aims
from qinwu.plan.rounds.hot_list import HotList, hot_list
from qinwu.plan.rounds.month import Month
from qinwu.plan.rounds.patrol import Patrolling, PatrolRound, PatrolStop, Rhythm, patrol_round
from qinwu.plan.rounds.planning import plan_rounds
from qinwu.plan.rounds.question import Question
from qinwu.plan.rounds.stop_checks import StopCheck, check_stops, stop_findings
from tests.plan.rounds_cases import free, sample
from tests.stations import grid_area

PART = 6 * 3600.0
AREA = grid_area(4, 3)


def listed(**change: object) -> pl.DataFrame:
    """Return four hot places and two drawn by lot, the same all day, with some columns changed."""
    columns: dict[str, object] = {
        "place": ["p1", "p2", "p3", "p4", "p5", "p6"],
        "atom": ["a3", "a1", "a7", "a9", "a5", "a12"],
        "part_of_day": pl.Series([None] * 6, dtype=pl.Int8),
        "expected": [8.0, 6.0, 5.0, 4.0, None, None],
        "low": [4.0, 3.0, 2.0, 1.0, None, None],
        "high": [13.0, 10.0, 9.0, 8.0, None, None],
        "share": [0.2, 0.25, 0.2, 0.15, 0.1, 0.1],
        "explore": [False, False, False, False, True, True],
        "valid_from": [date(2026, 1, 1)] * 6,
        "valid_to": [date(2026, 1, 28)] * 6,
    }
    return pl.DataFrame(columns | change)


def test_places_drawn_by_lot_come_before_hot_ones() -> None:
    """In every six hours the places drawn by lot are first, then those with most of the patrol; figures are a week's."""
    found = hot_list(listed(), AREA, 4)
    for part in range(4):
        assert [AREA.atom_ids[at] for at in found.places.atoms[part].tolist()] == ["a5", "a12", "a1", "a3"]
        assert found.places.calls_per_week[part].tolist()[2:] == [1.5, 2.0]
        assert found.places.share[part] == pytest.approx(0.65)
    assert found.drawn == {AREA.index["a5"], AREA.index["a12"]}
    assert [found.valid(date(2026, 1, day)) for day in (1, 28, 29)] == [True, True, False]


def test_parts_of_the_day_keep_their_own_places() -> None:
    """Rows of one six hours hold in these only."""
    table = pl.concat(
        [listed().with_columns(part_of_day=pl.lit(part, dtype=pl.Int8), share=pl.col("share") / 4) for part in range(4)]
    )
    night = pl.when((pl.col("part_of_day") == 0) & (pl.col("place") == "p1")).then(pl.lit("a2")).otherwise("atom")
    found = hot_list(table.with_columns(atom=night), AREA, 6)
    assert [AREA.index["a2"] in atoms.tolist() for atoms in found.places.atoms] == [True, False, False, False]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"explore": [False] * 6}, "nothing-explored"),
        ({"share": [0.2] * 6}, "no-shares"),
        ({"share": [0.4, 0.2, 0.1, 0.1, 0.1, 0.1]}, "above-cap"),
        ({"atom": ["a3", "a1", "a7", "a9", "a5", "a99"]}, "unknown-atom"),
        ({"valid_to": [date(2025, 1, 1)] * 6}, "days-reversed"),
    ],
)
def test_lists_without_the_marks_of_the_guards_are_refused(change: dict[str, object], code: str) -> None:
    """No exploration, shares that are none, a place above the cap, unknown atoms and reversed days are each named."""
    with pytest.raises(QinwuError) as error:
        hot_list(listed(**change), AREA, 8, "hot.csv")
    assert [one.code for one in error.value.findings] == [code]
    assert error.value.findings[0].place.file == "hot.csv"


def test_other_tables_are_refused() -> None:
    """A table without the columns, and one without rows, are no lists."""
    for table, code in ((listed().drop("explore"), "no-column"), (listed().clear(), "empty-list")):
        with pytest.raises(QinwuError) as error:
            hot_list(table, AREA, 8)
        assert [one.code for one in error.value.findings] == [code]


def a_round(day: int, *stops: tuple[int, float, float]) -> PatrolRound:
    """Return a round from 08:00 to 14:00 with stops (place, start and length in minutes after 08:00)."""
    begin = day * 86_400.0 + 8 * 3600.0
    made = tuple(PatrolStop(0, place, begin + start * 60.0, begin + (start + length) * 60.0) for place, start, length in stops)
    return PatrolRound((begin, begin + PART), tuple(sorted({place for place, _, _ in stops})), made)


def test_stops_are_looked_at_by_hand() -> None:
    """Two places over two days: lengths, the longest gap, the share in time, what repeats, the dose."""
    first = a_round(0, (1, 30.0, 10.0), (1, 150.0, 16.0), (1, 280.0, 12.0))
    second = a_round(1, (1, 30.5, 11.0), (1, 100.0, 12.0), (1, 230.0, 12.0), (1, 300.0, 14.0))
    found = check_stops([first, second], 120.0)
    assert found is not None
    # gaps of the first day 30, 110, 114, 68; of the second 30.5, 58.5, 118, 58, 46: all short enough
    assert (found.stops, found.shortest_min, found.longest_min) == (7, 10.0, 16.0)
    assert found.longest_gap_min == pytest.approx(118.0)
    assert found.in_time == 1.0
    assert found.repeated == pytest.approx(1 / 4)
    assert found.dose_min == pytest.approx(49.0)
    assert list(stop_findings(found, PatrolAims())) == []
    assert check_stops([], 120.0) is None


def test_stops_that_are_not_as_asked_are_told() -> None:
    """Too short a stop, too long a time without one and too much at one place: three findings."""
    found = StopCheck(9, 7.0, 16.0, 150.0, 0.9, 0.0, 120.0)
    assert [one.code for one in stop_findings(found, PatrolAims())] == ["stop-length", "stops-late", "dose-above-cap"]


@given(st.integers(1, 3), st.integers(1, 6), st.integers(0, 1000))
@settings(max_examples=30, deadline=None)
def test_no_place_gets_more_than_its_most(crews: int, places: int, seed: int) -> None:
    """Few places and many crews: still no place gets more than 96 minutes in six hours, and every stop is 10 to 16 minutes."""
    travel = np.full((8, 8), 120.0)
    np.fill_diagonal(travel, 30.0)
    windows = [Patrolling(number, 0.0, PART, 0, 1.0, frozenset(range(8))) for number in range(crews)]
    rhythm = Rhythm((600.0, 960.0), 7200.0, 96 * 60.0)
    made = patrol_round(windows, np.arange(places), travel, (0.0, PART), rhythm, np.random.default_rng(seed))
    found = check_stops([made], 120.0)
    assert found is not None
    assert found.dose_min <= 96.0 + 1e-6
    assert 10.0 - 1e-6 <= found.shortest_min <= found.longest_min <= 16.0 + 1e-6


@cache
def town_list() -> HotList:
    """Return a list for the town: its house and three other places, two by lot, for the first three days of a month."""
    station = sample("town")[0]
    atoms = [station.area.atom_ids[at] for at in (0, 20, 40, 60, 61, 62)]
    days = {"valid_from": [date(2026, 1, 1)] * 6, "valid_to": [date(2026, 1, 3)] * 6}
    return hot_list(listed(atom=atoms, **days), station.area, 8)


@pytest.mark.slow
def test_rounds_follow_the_list() -> None:
    """The town's rounds with a list: stops only on its days and at its places, those by lot among them, none the same each day."""
    station, system, plan = sample("town")
    aims = sample_aims()
    aims = aims.model_copy(update={"inspection": aims.inspection.model_copy(update={"draw": "none"})})
    month = Month(date(2026, 1, 1), 7)
    question = Question(replace(station, venues=()), system, plan, aims, month, spans=free("town", "2026-01"), hot=town_list())
    found = plan_rounds(question, Effort(1.0))
    stops = [stop for one in found.patrols for stop in one.stops]
    assert stops
    assert {int(stop.start_s // 86_400.0) for stop in stops} <= {0, 1, 2}
    listed_atoms = set(np.concatenate(town_list().places.atoms).tolist())
    assert {stop.atom for stop in stops} <= listed_atoms
    assert town_list().drawn & {stop.atom for stop in stops}
    assert found.stop_check is not None
    assert found.stop_check.repeated < 0.2
    assert found.stop_check.dose_min <= aims.patrol.most_min
    assert "list-ends" in {one.code for one in found.findings}
