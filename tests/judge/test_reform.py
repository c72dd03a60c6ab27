"""A reform tried: what must follow does, what cannot is not shown, and where the verdict turns is where it turns."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from qinwu.duty.reform.doing import reformed
from qinwu.duty.reform.ground import Ground
from qinwu.findings import QinwuError
from qinwu.judge.reform.bench import places_today, whole
from qinwu.judge.reform.boundaries import ground_of
from qinwu.judge.reform.costs import mean_speed_kmh
from qinwu.judge.reform.losers import by_chance, losing
from qinwu.judge.reform.varying import value_of, varied_system
from qinwu.station.area import Area
from tests.duty.counties import a_reform, county_force, county_system
from tests.judge.reform_cases import MERGED, ONE_LEVEL, county_with_calls, no_system, reform_of, tried_on_county, vary
from tests.stations import grid_area


def test_one_dispatch_level_less_saves_its_seconds_everywhere() -> None:
    """Where crews are nearly always free, a level that takes 45 seconds is 45 seconds in every place and nobody loses."""
    tried = tried_on_county(reform_of(ONE_LEVEL))
    change = tried.comparison.difference("after", "response_s").change
    assert change.low <= -45.0 <= change.high or change.mean == pytest.approx(-45.0, abs=1.5)
    assert [one.group for one in tried.places if one.verdict == "better"] == [one.group for one in tried.places]
    assert not losing(tried.places)


def test_places_are_the_stations_of_today_and_their_calls_add_up() -> None:
    """After a merger losers are still told by the three stations there were; their calls are all calls."""
    tried = tried_on_county(reform_of(MERGED))
    assert {one.group for one in tried.places} == {"s1", "s2", "s3"}
    total = tried.comparison.current.interval("calls_per_week").mean
    assert sum(one.calls_per_week for one in tried.places) == pytest.approx(total, rel=0.02)
    assert sum(one.calls_per_week for one in tried.hours) == pytest.approx(total, rel=0.02)


def test_a_single_station_is_looked_at_beat_by_beat() -> None:
    """Where there is one station the places are its beats."""
    system = county_system()
    one = system.model_copy(update={"beat": tuple(beat.model_copy(update={"unit": "s1"}) for beat in system.beat)})
    assert places_today(one)[0] == tuple(beat.id for beat in system.beat)


def test_a_station_that_loses_its_officers_is_named() -> None:
    """Two of three patrols of a station go to its desks: that station waits longer, and comes first."""
    gone = {"op": "move_posts", "units": ["s3"], "post": "front_line", "becomes": "administration", "count": 2}
    tried = tried_on_county(reform_of(gone), replications=8)
    assert tried.places[0].group == "s3"
    assert tried.places[0].waiting_h > 0.0


def test_what_is_handed_over_is_gone_and_the_way_back_brings_it_back() -> None:
    """Half of the calls for help handed to a line: fewer calls; tried backwards, the same number more."""
    hotline = {"op": "share_non_police", "calls": {"kind": ["service"]}, "share": 0.5, "to": {"zh": "热线"}}
    there = tried_on_county(reform_of(hotline)).comparison.difference("after", "calls_per_week")
    back = tried_on_county(reform_of(hotline), back=True).comparison.difference("after", "calls_per_week")
    assert there.change.mean == pytest.approx(-0.5 / 3.0 * there.current.mean, rel=0.1)
    assert back.change.mean == pytest.approx(-there.change.mean)


def test_the_verdict_turns_where_a_hand_over_costs_what_the_reform_adds() -> None:
    """A reform saves one hand-over and adds 60 seconds of setting out: it helps if a hand-over takes more than those 60 seconds.

    The saving is the hand-over's seconds in every call, the loss 60 seconds in every call; nil is at 60.
    """
    level = vary("dispatch.level_s", 0.0, 180.0, both=True, unit="s")
    slower: dict[str, Any] = {"op": "set_dispatch_levels", "levels": 1, "taking_levels": 2, "taking_level_s": 60.0}
    tried = tried_on_county(reform_of(slower, vary=(level,)), replications=2, swings=2)
    swing = tried.swings[0]
    assert swing.low is not None
    assert swing.high is not None
    assert swing.low.mean > 0.0 > swing.high.mean
    assert swing.turns_at == pytest.approx(60.0, abs=6.0)


def test_an_assumption_without_effect_turns_nothing() -> None:
    """Where the change is nil at both ends there is no value at which it turns."""
    tried = tried_on_county(reform_of(ONE_LEVEL, vary=(vary("dispatch.coordination.wait_s", 0.0, 900.0, both=True),)), swings=2)
    assert tried.swings[0].turns_at is None
    assert tried.swings[0].width == pytest.approx(0.0, abs=1e-9)


def test_an_end_that_cannot_be_done_is_said() -> None:
    """So many desks that no front line is left: that end has no figure, the other has."""
    tried = tried_on_county(reform_of(MERGED, vary=(vary("overhead.station.administration", 1, 40),)), swings=2)
    assert tried.swings[0].high is None
    assert tried.swings[0].low is not None


def test_figures_are_found_and_set_by_key() -> None:
    """A key reads and changes one figure, in tables, lists by id and numbered tables; what is no figure is refused."""
    system = county_system()
    assert value_of(system, "dispatch.levels") == 2.0
    varied = reform_of(ONE_LEVEL, vary=(vary("squad.patrol.staff.from_administration", 0, 2),)).vary[0]
    assert varied_system(system, varied, 2.0).squad[1].staff.from_administration == 2
    with pytest.raises(QinwuError):
        value_of(system, "dispatch.nothing")
    with pytest.raises(QinwuError):
        value_of(system, "name.zh")


def test_boundaries_are_drawn_anew_where_work_is_uneven() -> None:
    """The busy station gives a border beat, with its officer, to its neighbour; the squared loads fall; all stay in one piece."""
    hours = {f"b{at}": 30.0 if at % 3 == 1 else 5.0 for at in range(1, 10)}
    borders = {f"b{at}": tuple(f"b{other}" for other in range(1, 10) if touching(at, other)) for at in range(1, 10)}
    step = {"op": "rebalance", "within": 0.2, "most": 5}
    done = reformed(county_system(), county_force(), [a_reform(step)], no_system, Ground(hours, borders))
    moved = [beat.id for beat in done.system.beat if beat.unit != county_system().beat[int(beat.id[1:]) - 1].unit]
    assert {"b1", "b7"} & set(moved)  # the middle beat would cut the station in two
    before, after = (uneven(each, hours) for each in (done.before.system, done.system))
    assert after < before
    assert any(posting.id == "s1-front_line-1" and posting.unit == "s2" for posting in done.system.posting) == ("b1" in moved)


def touching(one: int, other: int) -> bool:
    """Return whether two squares of the grid of three share a side."""
    (y, x), (v, u) = divmod(one - 1, 3), divmod(other - 1, 3)
    return abs(x - u) + abs(y - v) == 1


def uneven(system: Any, hours: dict[str, float]) -> float:
    """Return the largest number of hours of any station."""
    return max(sum(hours[beat.id] for beat in system.beat if beat.unit == unit) for unit in ("s1", "s2", "s3"))


def test_the_ground_has_every_border_and_all_hours() -> None:
    """Beats that touch are those whose atoms do; hours are calls by officers by minutes."""
    place = county_with_calls()
    ground = ground_of(place, county_system())
    assert all(
        set(ground.borders[f"b{at}"]) == {f"b{other}" for other in range(1, 10) if touching(at, other)} for at in range(1, 10)
    )
    minutes = {one.id: one.officers * (one.on_scene_min + one.wrap_up_min) for one in place.config.call_class}
    expected = sum(minutes[kind] for kind in place.calls.table["call_class"]) / 60.0
    assert sum(ground.hours.values()) * 6 == pytest.approx(expected, rel=0.2)


def test_losers_by_chance_are_one_in_forty() -> None:
    """With a hundred and twenty places without any difference three would be shown worse."""
    tried = tried_on_county(reform_of(ONE_LEVEL))
    assert by_chance(tried.places * 40) == pytest.approx(3.0)


def test_mean_speed_of_the_grid_is_its_speed() -> None:
    """On a grid where every metre takes a tenth of a second the mean speed is 36 km/h."""
    area: Area = grid_area(3, 3)
    assert mean_speed_kmh(area) == pytest.approx(36.0)


def test_counters_after_a_merger_are_fewer_and_farther() -> None:
    """Three counters become two: more residents to each, and a longer way, counted by hand on the grid."""
    before, after = tried_on_county(reform_of(MERGED)).reach
    assert (before.counters, after.counters) == (3, 2)
    assert (before.residents_each, after.residents_each) == (1500.0, 2250.0)
    atoms = np.arange(9)
    from_a1 = atoms % 3 * 60.0 + atoms // 3 * 60.0
    from_a3 = (2 - atoms % 3) * 60.0 + atoms // 3 * 60.0
    nearest = np.maximum(np.minimum(from_a1, from_a3), 20.0) / 60.0
    assert after.mean_min == pytest.approx(float(nearest.mean()))
    assert after.worst_min == pytest.approx(float(nearest.max()))


def test_a_whole_system_has_its_squads_made_for_each_station() -> None:
    """What is tried is the system that a file would give."""
    assert {squad.id for squad in whole(county_system()).squad} == {
        f"{name}@s{at}" for name in ("community", "patrol") for at in (1, 2, 3)
    }


def test_stations_that_do_not_hang_together_are_named() -> None:
    """The outer columns merged lie in two pieces; neighbours merged do not."""
    ground = ground_of(county_with_calls(), county_system())
    apart, together = (
        reformed(county_system(), county_force(), [a_reform({"op": "merge", "units": units})], no_system, ground)
        for units in (["s1", "s3"], ["s1", "s2"])
    )
    assert [finding.code for finding in apart.findings] == ["station-in-pieces"]
    assert not together.findings
