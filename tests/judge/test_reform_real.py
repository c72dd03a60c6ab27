"""Reforms on real calls: Detroit's precincts as stations of a bureau, 2019's most urgent calls."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest

from qinwu.duty.system import DutySystem
from qinwu.judge.reform.tried import Asked, TriedReform, try_reform
from qinwu.station.force import Force, Officer, Post
from qinwu.station.station import Station
from tests.detroit import CALLS, detroit, houses, precincts
from tests.duty.counties import a_reform
from tests.duty.small_systems import named, squad
from tests.judge.reform_cases import no_system

pytestmark = [pytest.mark.real, pytest.mark.skipif(not CALLS.is_file(), reason="needs the public data folder beside the checkout")]

HEADS: dict[Post, int] = {"command": 2, "administration": 2, "front_line": 4}
OVERHEAD = ({"level": "station", "command": 3, "administration": 2},)


@cache
def city() -> Station:
    """Return Detroit with eight officers in each precinct."""
    station = detroit(Path(mkdtemp()) / "detroit")
    heads = ((name, post, at) for name in precincts() for post, many in HEADS.items() for at in range(many))
    return replace(
        station, force=Force(tuple(Officer(f"p{name}-{post}-{at}", "sworn", post, unit=f"p{name}") for name, post, at in heads))
    )


def by_precinct() -> DutySystem:
    """Return precincts that answer their own calls first, the others after five minutes, two dispatch levels."""
    beats, house = precincts(), houses(city())
    units: list[dict[str, Any]] = [named("city", level="bureau")]
    units += [named(f"p{name}", level="station", parent="city", base_atom=house.get(name, beats[name][0])) for name in beats]
    return DutySystem.model_validate(
        {
            **named("precincts"),
            "unit": units,
            "beat": [
                {"id": f"b{name}", "atoms": atoms, "unit": f"p{name}", "officer": f"p{name}-front_line-0"}
                for name, atoms in beats.items()
            ],
            "squad": [squad("patrol", staff={"sworn": "rest"})],
            "watch": [{"id": "always", "start": "00:00", "hours": 24}],
            "pattern": [{"id": "always", "days": ["always"]}],
            "crews": [{"id": "car", "squad": "patrol", "form": "single", "pattern": "always", "patrol": "station"}],
            "dispatch": {"levels": 2, "order": [{"id": "all", "tiers": [{"who": "station"}, {"who": "bureau", "after_s": 300}]}]},
        }
    )


def tried(*steps: dict[str, Any]) -> TriedReform:
    """Return steps tried on Detroit's calls."""
    return try_reform(
        city(), by_precinct(), [a_reform(*steps, overhead=OVERHEAD)], no_system, Asked(replications=3, swings=0, weeks=6)
    )


def test_merged_precincts_keep_their_heads_and_answer_each_others_calls() -> None:
    """Twelve precincts become six in file order; freed chiefs drive, no head is lost, pairs that are no neighbours are named."""
    done = tried({"op": "merge", "units": ["level:station"], "size": 2})
    assert len(done.after.unit) == 1 + len(precincts()) // 2 + len(precincts()) % 2
    assert {one.id for one in done.done.after.officers} == {one.id for one in city().force}
    assert {one.group for one in done.places} == {f"p{name}" for name in precincts()}
    before, after = (len({who for crew in plan.crews for who in crew.officers}) for plan in done.plans)
    assert after > before
    assert "station-in-pieces" in {finding.code for finding in done.done.findings}


def test_a_city_that_is_one_station_is_the_city_whose_crews_all_may_go() -> None:
    """Merged into one, precincts answer like a system in which any crew of the city goes at once."""
    merged = tried({"op": "merge", "units": ["level:station"]}).comparison.outcome("after").interval("response_s")
    at_once = by_precinct().model_copy(update={"dispatch": by_precinct().dispatch.model_copy(update={"levels": 2})})
    order = at_once.dispatch.order[0].model_copy(update={"tiers": at_once.dispatch.order[0].tiers[1:]})
    free = order.model_copy(update={"tiers": (order.tiers[0].model_copy(update={"after_s": 0.0}),)})
    system = at_once.model_copy(update={"dispatch": at_once.dispatch.model_copy(update={"order": (free,)})})
    step = {"op": "move_posts", "units": ["level:station"], "post": "administration", "count": 2}
    chiefs = {"op": "move_posts", "units": ["level:station"], "post": "command", "count": 1}
    spread = try_reform(city(), system, [a_reform(step, chiefs)], no_system, Asked(replications=3, swings=0, weeks=6))
    assert merged.mean == pytest.approx(spread.comparison.outcome("after").interval("response_s").mean, rel=0.25)


def test_a_hand_over_less_saves_its_seconds_on_real_calls() -> None:
    """Forty-five seconds of a dispatch level come off every call."""
    done = tried({"op": "set_dispatch_levels", "levels": 1})
    change = done.comparison.difference("after", "response_s").change
    assert change.mean < 0.0
    assert all(one.verdict != "worse" for one in done.places)
