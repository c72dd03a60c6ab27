"""Reforms: heads are conserved, the book adds up, what is said of units follows them, and what cannot be done is refused."""

from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tomli_w import dumps

from qinwu.duty.compile import compile_plan
from qinwu.duty.every_station import at_every_station
from qinwu.duty.reading import read_system
from qinwu.duty.reform.difference import difference
from qinwu.duty.reform.doing import Reformed, reformed, reverse
from qinwu.duty.system import DutySystem
from qinwu.duty.units import Posts
from qinwu.findings import QinwuError
from qinwu.station.force import Force
from tests.duty.counties import HEADS, a_reform, county, county_force, county_system, try_on_county

STATION_OVERHEAD = {"level": "station", "command": 2, "administration": 1}
SUB_BUREAU_OVERHEAD = {"level": "sub_bureau", "command": 3, "administration": 4}
NO_LEVEL = {"op": "remove_level", "level": "station"}
MERGED = {"op": "merge", "units": ["level:station"], "by": "parent"}


def posts_of(done: Reformed, unit: str) -> Posts:
    """Return the posts of a unit after a reform."""
    return next(one.posts for one in done.system.unit if one.id == unit)


def test_merging_frees_what_the_overhead_does_not_need() -> None:
    """Two stations of 2 chiefs, 2 desks and 4 on the line become one of 2, 1 and 13: five posts freed, nobody lost."""
    done = try_on_county(MERGED, overhead=(STATION_OVERHEAD,))
    assert [unit.id for unit in done.system.unit] == ["bureau", "north", "south", "s1", "s3"]
    assert posts_of(done, "s1") == Posts(command=2, administration=1, front_line=13)
    freed = [move for move in done.moves if move.from_post != move.to_post]
    assert {move.from_post: move.count for move in freed} == {"command": 2, "administration": 3}


def test_a_removed_level_is_absorbed_above() -> None:
    """Stations go into their sub-bureaus: beats, officers, duties, loads and accountabilities follow; no unit is left behind."""
    done = try_on_county(NO_LEVEL, overhead=(SUB_BUREAU_OVERHEAD,))
    assert {unit.level for unit in done.system.unit} == {"bureau", "sub_bureau"}
    assert {beat.id: beat.unit for beat in done.system.beat} == {
        f"b{at}": "south" if at % 3 == 0 else "north" for at in range(1, 10)
    }
    assert posts_of(done, "north") == Posts(command=3, administration=4, front_line=14)
    assert next(unit.duties for unit in done.system.unit if unit.id == "north") == ("training", "patrol")
    assert (done.system.load[0].unit, done.system.accountability[0].needs) == ("north", ("north",))


def test_what_is_split_again_needs_its_own_overhead() -> None:
    """A station cut in two takes the chiefs and desks of the new one from its own front line."""
    part = {"id": "s4", "name": {"zh": "新所", "en": "New"}, "beats": ["b6"]}
    done = try_on_county({"op": "split", "unit": "s3", "parts": [part]}, overhead=(STATION_OVERHEAD,))
    old, new = posts_of(done, "s3"), posts_of(done, "s4")
    assert (old.command, new.command, old.administration, new.administration) == (2, 2, 1, 1)
    assert old.total + new.total == 10
    assert next(beat.unit for beat in done.system.beat if beat.id == "b6") == "s4"


def test_desks_go_to_the_street_of_those_who_have_fewest() -> None:
    """Four desk posts of the bureau go to stations, one after the other to the one with the fewest officers for its beats."""
    step = {"op": "move_posts", "units": ["bureau"], "post": "administration", "count": 3, "to": "homes"}
    done = try_on_county(step)
    assert [(move.from_unit, move.to_unit) for move in done.moves] == [("bureau", "s1"), ("bureau", "s2"), ("bureau", "s1")]
    assert [posts_of(done, unit).front_line for unit in ("s1", "s2", "s3")] == [6, 5, 6]


def test_an_outpost_opens_and_closes_again() -> None:
    """An outpost has its beat and its officer; closed again, nothing has changed."""
    open_it = {
        "op": "add_outpost", "outpost": "hill", "name": {"zh": "山上", "en": "Hill"}, "hub": "s3", "base_atom": "a9",
        "beats": ["b9"], "sworn": 1,
    }  # fmt: skip
    done = try_on_county(open_it)
    assert posts_of(done, "hill") == Posts(front_line=2)
    with pytest.raises(QinwuError) as caught:
        try_on_county(open_it, {"op": "close_outpost", "units": ["hill"]})
    assert [finding.code for finding in caught.value.findings] == ["reform-changes-nothing"]


def test_a_campaign_takes_officers_who_answer_for_no_beat_first() -> None:
    """Of the fourteen on the front line five have no beat; a campaign of six takes those, and one more."""
    done = try_on_county({"op": "divert", "officers": 6, "minutes": 120, "weekdays": [4, 5], "ordered_by": "bureau"})
    away = {work.who.removeprefix("officer:") for work in done.system.work}
    bound = {beat.officer for beat in done.system.beat}
    assert (len(away), len(away & bound)) == (6, 1)
    assert sum(load.hours_per_week for load in done.system.load if load.kind == "ad_hoc") == 6 * 2 * 2


def test_command_becomes_coordination() -> None:
    """Squads of a function go on another line; the unit that may guide others is tied to them."""
    steps = [
        {"op": "set_relation", "relation": "coordinate", "functions": ["patrol"]},
        {"op": "set_relation", "relation": "guide", "units": ["homes"], "by": "bureau"},
    ]
    done = try_on_county(*steps)
    assert {squad.id: squad.line for squad in done.system.squad} == {"community": "command", "patrol": "coordinate"}
    assert [[tie.relation for tie in unit.ties] for unit in done.system.unit if unit.level == "station"] == [["guide"]] * 3


def test_crews_wait_elsewhere() -> None:
    """Crews of a rule wait at the house; the others stay where they were."""
    done = try_on_county({"op": "set_patrol", "crews": ["beat"], "patrol": "base"})
    assert {rule.id: rule.patrol for rule in done.system.crews} == {"beat": "base", "patrol": "station"}


def test_what_is_taught_lasts_and_has_its_pace() -> None:
    """Officers of the stations gain a skill; calls take a tenth longer; nobody moved."""
    done = try_on_county({"op": "retrain", "skills": ["investigation"], "pace": 1.1})
    assert len(done.system.posting) == 14
    assert {posting.skills for posting in done.system.posting} == {("investigation",)}
    assert [pace.factor for pace in done.system.dispatch.pace] == [1.1]
    assert not done.moves


ANY_STEP = st.sampled_from(
    [
        NO_LEVEL,
        MERGED,
        {"op": "remove_level", "level": "sub_bureau"},
        {"op": "merge", "units": ["north", "south"]},
        {"op": "move_posts", "units": ["bureau"], "post": "administration", "share": 0.5, "to": "homes"},
        {"op": "move_posts", "units": ["homes"], "post": "administration", "count": 1},
        {"op": "move_beats", "beats": ["b1", "b4"], "to": "s3"},
        {"op": "retrain", "skills": ["driver"], "share": 0.5},
        {"op": "divert", "officers": 2},
        {"op": "share_non_police", "share": 0.3, "to": {"zh": "热线", "en": "Hotline"}},
        {"op": "set_dispatch_levels", "levels": 1, "taking_levels": 2},
    ]
)


@settings(deadline=None, max_examples=60)
@given(st.lists(ANY_STEP, min_size=1, max_size=4), st.booleans())
def test_any_reform_conserves_heads_and_its_book_adds_up(steps: list[dict[str, Any]], kept: bool) -> None:
    """Whatever steps follow each other: the same people before and after, and the moves lead from one distribution to the other."""
    try:
        done = try_on_county(*steps, overhead=(STATION_OVERHEAD, SUB_BUREAU_OVERHEAD) if kept else ())
    except QinwuError:
        return
    assert {one.id for one in done.after.officers} == {one.id for one in county_force()}
    where = {one.id: (one.unit, one.post) for one in done.before.officers}
    for move in done.moves:
        for officer in move.officers:
            assert where[officer] == (move.from_unit, move.from_post)
            where[officer] = (move.to_unit, move.to_post)
    assert where == {one.id: (one.unit, one.post) for one in done.after.officers}
    counted = Counter(unit.id for unit in done.system.unit for _ in range(unit.posts.total))
    assert sum(counted.values()) == sum(sum(posts.values()) for posts in HEADS.values())


def laid_over(base: DutySystem, change: dict[str, Any], folder: Path) -> DutySystem:
    """Return what a file with this change says that extends a file of the base, as stated."""
    duty = folder / "duty"
    duty.mkdir(exist_ok=True)
    plain = base.model_dump(mode="json", exclude_none=True)
    (duty / "base.toml").write_text(dumps(plain), encoding="utf-8")
    (duty / "after.toml").write_text(dumps({"id": "after", "extends": ["base"], **without_none(change)}), encoding="utf-8")
    assert tomllib.loads((duty / "after.toml").read_text(encoding="utf-8"))
    return read_system("after", folder).stated


def without_none(value: Any) -> Any:
    """Return a value without what is None."""
    if isinstance(value, dict):
        return {key: without_none(inner) for key, inner in value.items() if inner is not None}
    return [without_none(inner) for inner in value] if isinstance(value, list) else value


@settings(deadline=None, max_examples=25)
@given(st.lists(ANY_STEP, min_size=1, max_size=3))
def test_the_file_of_a_reform_says_what_the_reform_does(
    tmp_path_factory: pytest.TempPathFactory, steps: list[dict[str, Any]]
) -> None:
    """Laid over the system there was, it gives the reformed system, item by item."""
    try:
        done = try_on_county(*steps)
    except QinwuError:
        return
    read = laid_over(done.before.system, difference(done.before.system, done.system), tmp_path_factory.mktemp("reform"))
    for table in type(read).model_fields:
        mine, theirs = getattr(done.system, table), getattr(read, table)
        if isinstance(mine, tuple) and mine and hasattr(mine[0], "id"):
            assert {item.id: item for item in mine} == {item.id: item for item in theirs}
        elif table not in ("id", "name", "extends"):
            assert mine == theirs


def test_the_way_back_undoes_every_move() -> None:
    """Reversed, a reform leads from after to before, and its book runs backwards."""
    done = try_on_county(MERGED, overhead=(STATION_OVERHEAD,))
    back = reverse(done)
    assert back.system == county_system()
    assert [(move.from_post, move.to_post) for move in back.moves] == [
        (move.to_post, move.from_post) for move in reversed(done.moves)
    ]


def test_the_reformed_county_works() -> None:
    """Both systems compile at the county; those freed are in crews afterwards."""
    done = try_on_county(MERGED, overhead=(STATION_OVERHEAD,))
    before, after = (compile_plan(county(), at_every_station(one, {})[0]) for one in (county_system(), done.system))
    officers = [len({officer for crew in plan.crews for officer in crew.officers}) for plan in (before, after)]
    assert officers == [14, 19]


def test_a_chart_without_officers_moves_posts() -> None:
    """Where there is no officers file the posts of the chart are moved, and no postings are written."""
    posts = {unit: Posts(**many) for unit, many in HEADS.items()}
    system = county_system()
    chart = system.model_copy(update={"unit": tuple(unit.model_copy(update={"posts": posts[unit.id]}) for unit in system.unit)})
    done = reformed(chart, Force(), [a_reform(MERGED, overhead=(STATION_OVERHEAD,))], lambda _: system)
    assert posts_of(done, "s1") == Posts(command=2, administration=1, front_line=13)
    assert not done.system.posting


@pytest.mark.parametrize(
    ("step", "code"),
    [
        ({"op": "merge", "units": ["nowhere", "s1"]}, "unknown-unit"),
        ({"op": "merge", "units": ["s1"]}, "reform-changes-nothing"),
        ({"op": "remove_level", "level": "outpost"}, "reform-changes-nothing"),
        ({"op": "close_outpost", "units": ["level:outpost"]}, "reform-changes-nothing"),
        ({"op": "remove_level", "level": "bureau"}, "no-unit-above"),
        ({"op": "move_beats", "beats": ["b99"], "to": "s1"}, "unknown-beat"),
        ({"op": "split", "unit": "s1", "parts": [{"id": "s2", "name": {"zh": "x"}, "beats": ["b1"]}]}, "unit-there-already"),
        ({"op": "split", "unit": "s1", "parts": [{"id": "s9", "name": {"zh": "x"}, "beats": ["b2"]}]}, "not-its-beat"),
        ({"op": "move_posts", "units": ["s1"], "post": "administration", "count": 9}, "too-few-to-move"),
        (
            {"op": "move_posts", "units": ["s1"], "post": "front_line", "becomes": "administration", "count": 4},
            "left-without-anybody",
        ),
        ({"op": "close_outpost", "units": ["s1"]}, "not-an-outpost"),
        ({"op": "divert", "officers": 40}, "too-few-to-move"),
        ({"op": "set_patrol", "crews": ["beats"], "patrol": "base"}, "unknown-crews"),
    ],
)
def test_what_cannot_be_done_is_refused(step: dict[str, Any], code: str) -> None:
    """Steps that choose nothing, take what is not there, or leave a station without front line are errors with a remedy."""
    with pytest.raises(QinwuError) as caught:
        try_on_county(step)
    assert code in {finding.code for finding in caught.value.findings}
    assert all(finding.remedy for finding in caught.value.findings)


def test_all_that_is_wrong_is_said_at_once() -> None:
    """Two wrong steps give two findings."""
    steps: list[dict[str, Any]] = [{"op": "merge", "units": ["nowhere"]}, {"op": "divert", "officers": 40}]
    with pytest.raises(QinwuError) as caught:
        try_on_county(*steps)
    assert {finding.code for finding in caught.value.findings} == {"unknown-unit", "too-few-to-move"}
