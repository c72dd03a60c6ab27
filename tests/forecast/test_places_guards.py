"""Guards: what officers found, the two urns, exploration and cap, unequal reporting, need, lists that expire."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qinwu.findings import QinwuError
from qinwu.forecast.guards.guard_report import need_beside_patrol
from qinwu.forecast.guards.origin import weigh_by_origin
from qinwu.forecast.guards.reporting import unequal_reporting
from qinwu.forecast.guards.urns import two_urns
from qinwu.forecast.places.allocating import Sharing, capped, draw, share_out
from qinwu.forecast.places.library import LastYear, Library, SelfExciting
from qinwu.forecast.places.listed import SCHEMA, read_hot_places, table_of, write_hot_places
from qinwu.forecast.places.portfolio import Portfolio, most
from tests.forecast.place_cases import drawn, squares, uneven


def test_what_officers_find_is_left_out() -> None:
    """Without a dose only residents count; the account names what was left out."""
    weight, account = weigh_by_origin(["resident", "officer", "unknown", None, "resident"])
    assert weight.tolist() == [1.0, 0.0, 0.0, 0.0, 1.0]
    assert (account.reported, account.discovered, account.other, account.counted) == (2, 1, 2, 0.0)


def test_what_officers_find_is_divided_by_the_dose() -> None:
    """Found where patrol was twice as long it counts half; where nobody knows the dose it counts nothing."""
    weight, account = weigh_by_origin(["officer", "officer", "officer"], np.array([1.0, 2.0, np.nan]))
    assert weight.tolist() == [1.0, 0.5, 0.0]
    assert account.counted == 1.5
    assert account.passed


METHODS = (LastYear(), SelfExciting(), Portfolio((LastYear(), SelfExciting()), None))


@pytest.mark.parametrize("method", METHODS, ids=("count", "self-exciting", "both"))
def test_equal_places_drift_apart_only_with_finds(method: LastYear) -> None:
    """Residents' reports keep two equal places equal over fifty rounds; finds of officers lock patrol into one."""
    found = two_urns(method, seed=1, runs=1)
    assert len(found.filtered) == 50
    assert found.passed
    assert found.drift < 0.06
    assert found.without > 0.12


@given(
    st.lists(st.floats(0.0, 1e6), min_size=3, max_size=40), st.integers(1, 10), st.integers(1, 8),
    st.floats(0.0, 0.9), st.floats(0.02, 1.0), st.integers(0, 99),
)  # fmt: skip
@settings(max_examples=80, deadline=None)
def test_floor_and_cap_hold(expected: list[float], chosen: int, explored: int, floor: float, cap: float, seed: int) -> None:
    """Whatever is expected, shares add up to one, none is above the cap, and the lot gets its floor: or it is refused."""
    sharing = Sharing(chosen, explored, floor, cap)
    told = np.array(expected)
    if sharing.wrong(len(told)):
        return
    hot = most(told, chosen)
    lot = draw(len(told), hot, explored, seed)
    assert not set(hot.tolist()) & set(lot.tolist())
    if cap * (chosen + explored) < 1.0 - 1e-9 or cap * explored < floor - 1e-9:
        with pytest.raises(QinwuError, match="left over"):
            share_out(told, hot, lot, sharing)
        return
    first, second = share_out(told, hot, lot, sharing)
    assert first.sum() + second.sum() == pytest.approx(1.0)
    assert max(*first, *second) <= cap + 1e-9
    assert second.sum() >= floor - 1e-9


def test_a_cap_hands_on() -> None:
    """What is cut off one place goes to the others in proportion."""
    assert capped(np.array([6.0, 3.0, 1.0]), 1.0, 0.4).tolist() == pytest.approx([0.4, 0.4, 0.2])


def test_wishes_that_cannot_be() -> None:
    """More places than there are, shares out of range, a floor without places: all are named."""
    assert [one.code for one in Sharing(20, 5).wrong(10)] == ["too-many-places"]
    assert [one.code for one in Sharing(5, 5, floor=1.5).wrong(30)] == ["bad-sharing"]
    assert [one.code for one in Sharing(5, 0).wrong(30)] == ["nothing-explored"]


def test_the_lot_reaches_every_place() -> None:
    """Over many lists every place that is not hot is drawn about as often."""
    hot = np.arange(5)
    count = np.bincount(np.concatenate([draw(20, hot, 3, seed) for seed in range(1000)]), minlength=20)
    assert count[:5].sum() == 0
    assert count[5:] == pytest.approx(np.full(15, 200.0), rel=0.25)


def test_fewer_reports_mean_less_patrol_there() -> None:
    """Where a part reports 30 % less its share of patrol falls, about as much as its reports."""
    ground = squares()
    library = Library(drawn(ground, uneven(ground, hot=8), 500.0), 30.0, 8)
    parts = tuple("west" if x < 800.0 else "east" for x in ground.xy_m[:, 0])
    hot = most(library.expected(LastYear(), 500.0), 8)
    found = unequal_reporting(library, LastYear(), 500.0, Sharing(8, 2), hot, parts, seed=1)
    assert [one.missing for one in found.thinned] == [0.15, 0.3]
    assert found.thinned[-1].after < found.thinned[-1].before
    assert found.worst < 2.0
    assert found.passed


def test_need_beside_patrol_by_hand() -> None:
    """Half of the need and a tenth of patrol is short; a twentieth of need is not looked at."""
    found = need_beside_patrol(("a", "a", "b", "c"), np.array([30.0, 20.0, 46.0, 4.0]), np.array([0.1, 0.0, 0.9, 0.0]))
    assert found.need.tolist() == pytest.approx([0.5, 0.46, 0.04])
    assert found.short == ("a",)
    assert not found.passed


def _list(first: date, last: date) -> pl.DataFrame:
    row = {"place": "a1", "share": 1.0, "explore": False, "valid_from": first, "valid_to": last, "expected": 7.25}
    return table_of([row])


def test_a_list_is_read_on_its_days_and_refused_after(tmp_path: Path) -> None:
    """On its last day a list is read as it was written; the day after, and the day before its first, it is refused."""
    path = tmp_path / "hot.csv"
    table = _list(date(2025, 3, 1), date(2025, 3, 30))
    write_hot_places(table, path)
    assert read_hot_places(path, date(2025, 3, 30)).equals(table)
    for day in (date(2025, 3, 31), date(2025, 2, 28)):
        with pytest.raises(QinwuError, match="valid from 2025-03-01 to 2025-03-30"):
            read_hot_places(path, day)


def test_lists_about_people_or_without_columns_are_refused(tmp_path: Path) -> None:
    """A list that names people is no list of places; one without its columns cannot be used."""
    path = tmp_path / "hot.csv"
    _list(date(2025, 3, 1), date(2025, 3, 30)).with_columns(姓名=pl.lit("某人")).write_csv(path)
    with pytest.raises(QinwuError) as caught:
        read_hot_places(path, date(2025, 3, 2))
    assert [one.code for one in caught.value.findings] == ["forbidden-name"]
    pl.DataFrame({"place": ["a1"]}).write_csv(path)
    with pytest.raises(QinwuError, match="no column atom"):
        read_hot_places(path, date(2025, 3, 2))
    with pytest.raises(QinwuError, match="cannot be read"):
        read_hot_places(tmp_path / "none.csv", date(2025, 3, 2))


def test_outlines_as_geojson(tmp_path: Path) -> None:
    """GeoJSON carries the columns and the outline of each place; other endings are refused."""
    import json

    ground = squares(2, 2)
    table = _list(date(2025, 3, 1), date(2025, 3, 2)).with_columns(place=pl.lit("1-1"))
    write_hot_places(table, tmp_path / "hot.geojson", ground)
    feature = json.loads((tmp_path / "hot.geojson").read_text("utf-8"))["features"][0]
    assert set(feature["properties"]) == set(SCHEMA)
    assert len(feature["geometry"]["coordinates"][0]) == 5
    with pytest.raises(QinwuError, match="list of places"):
        write_hot_places(table, tmp_path / "hot.txt", ground)
