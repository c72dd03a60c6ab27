"""Targets, pools and staffing: lines read, crews counted, and the station of thirteen."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qinwu.duty.system import DutySystem
from qinwu.findings import QinwuError
from qinwu.plan.staffing import Question, Staffing
from qinwu.queueing.hourly.calls import HOURS
from qinwu.queueing.hourly.moment import on_duty
from qinwu.queueing.pool import duty_by_hour, pooled_plan
from qinwu.queueing.staffing import Pool, shifts_of
from qinwu.queueing.supply import Supply, desk_posts, fewest_stations, long_duty
from qinwu.queueing.targets import parse_target, parse_targets
from qinwu.simulate.trial import prepare_one
from qinwu.station.demand import read_source
from qinwu.station.force import Force
from qinwu.station.sample import write_sample
from tests.stations import officers

Prepared = tuple[Pool, DutySystem]


@pytest.fixture(scope="module")
def thirteen(tmp_path_factory: pytest.TempPathFactory) -> Question:
    """The station of thirteen, asked to keep calls below sixty per cent of its crews' time, two officers always there."""
    folder = tmp_path_factory.mktemp("thirteen") / "station"
    write_sample(folder, "station13")
    station, loaded, plan = prepare_one(folder)
    return Question(station, loaded.system, plan, parse_targets(["utilisation <= 60%"]), 2, 2, Supply.of(station.force))


@pytest.fixture(scope="module")
def answer(thirteen: Question) -> Staffing:
    """Its staffing, by closed form."""
    return thirteen.answer(replications=0)


@pytest.mark.parametrize(
    ("text", "measure", "priority", "statistic", "most", "value"),
    [
        ("p1 response p90 <= 300s", "response_s", 1, "p90", True, 300.0),
        ("response mean <= 8min", "response_s", 0, "mean", True, 480.0),
        ("response <= 8 min", "response_s", 0, "mean", True, 480.0),
        ("p2 wait <= 60s", "queue_s", 2, "mean", True, 60.0),
        ("delay <= 12.5%", "queued_share", 0, "mean", True, 0.125),
        ("utilisation <= 60%", "utilisation", 0, "mean", True, 0.6),
        ("officers >= 4", "officers", 0, "mean", False, 4.0),
        ("一级 响应 p90 不超过 5分钟", "response_s", 1, "p90", True, 300.0),
        ("二级 等待 平均 ≤ 90秒", "queue_s", 2, "mean", True, 90.0),
        ("人数 不少于 2人", "officers", 0, "mean", False, 2.0),
        ("饱和度 <= 60%", "utilisation", 0, "mean", True, 0.6),
    ],
)
def test_targets_are_read(text: str, measure: str, priority: int, statistic: str, most: bool, value: float) -> None:
    """Both languages, with or without priority and statistic, in several units."""
    target = parse_target(text)
    assert (target.measure, target.priority, target.statistic, target.most) == (measure, priority, statistic, most)
    assert target.value == pytest.approx(value)


@pytest.mark.parametrize(
    "text", ["", "fast", "p9 response <= 300s", "response p33 <= 3min", "delay p90 <= 3%", "delay <= 3min", "response <= 3%"]
)
def test_what_is_no_target_is_refused(text: str) -> None:
    """The finding repeats the line."""
    with pytest.raises(QinwuError) as refused:
        parse_target(text)
    assert {finding.code for finding in refused.value.findings} == {"not-a-target"}
    assert text in refused.value.findings[0].text("en")


def test_all_wrong_targets_are_named_at_once() -> None:
    """Two wrong lines of three give two findings."""
    with pytest.raises(QinwuError) as refused:
        parse_targets(["quick", "delay <= 5%", "p7 wait <= 1s"])
    assert len(refused.value.findings) == 2


@given(st.lists(st.integers(0, 4), min_size=HOURS, max_size=HOURS))
def test_duty_by_hour_has_as_many_crews_as_asked(crews: list[int]) -> None:
    """At any time the number on duty is that of the hour, whatever the pattern, also across the end of the week."""
    count = np.array(crews)
    if not count.any():
        return
    duty = duty_by_hour(count)
    for hour in range(0, HOURS, 7):
        assert on_duty(duty, hour * 3600.0 + 1.0).sum() == count[hour]
        assert on_duty(duty, hour * 3600.0 + 3599.0).sum() == count[hour]


def test_thirteen_cannot_field_two_officers_around_the_clock(answer: Staffing) -> None:
    """336 officer-hours are needed, 240 gross and 198 net are there: 138 are lacking."""
    assert answer.needed == 336.0
    assert answer.supply.gross == 240.0
    assert round(answer.supply.net) == 198
    assert not answer.feasible
    assert round(answer.gap) == 138


def test_three_changes_for_thirteen_have_prices(answer: Staffing) -> None:
    """Three groups on 24-hour duty, 56 hours each; five desk posts of four; two stations as one, twice as far apart by arrival."""
    assert answer.long_duty is not None
    assert answer.desk_posts is not None
    assert answer.merge is not None
    assert (answer.long_duty.groups, answer.long_duty.hours, answer.long_duty.enough) == (3, 56.0, True)
    assert (answer.desk_posts.posts, answer.desk_posts.office, answer.desk_posts.enough) == (5, 4, False)
    assert (answer.merge.stations, answer.merge.needed) == (2, 336.0)
    assert round(answer.merge.net) == 397
    assert answer.merge.arrival_after_s > answer.merge.arrival_s


def test_twelve_on_the_front_line_are_enough(thirteen: Question) -> None:
    """With twelve at the front line 480 gross and 397 net cover 336."""
    twelve = Supply(12, 4, 3, 12)
    assert twelve.gross == 480.0
    assert round(twelve.net) == 397
    assert twelve.net >= 336.0
    assert desk_posts(twelve, 336.0).posts == 0


def test_supply_counts_posts() -> None:
    """Officers count by post, the sworn of the front line apart."""
    supply = Supply.of(Force(tuple(officers(6, 4, command=3, administration=2))))
    assert (supply.front, supply.office, supply.command, supply.sworn, supply.total) == (10, 2, 3, 6, 15)


@given(st.integers(1, 30), st.floats(100.0, 3000.0))
def test_changes_close_the_gap_they_claim_to(front: int, needed: float) -> None:
    """So many desk posts, or so many stations, give at least the hours needed; one less does not."""
    supply = Supply(front, 5, 2, front)
    posts = desk_posts(supply, needed).posts
    assert (front + posts) * supply.each >= needed - 1e-6
    assert posts == 0 or (front + posts - 1) * supply.each < needed
    stations = fewest_stations(supply, needed, min(336.0, needed))
    if stations:
        shared = min(336.0, needed)
        assert stations * supply.net >= shared + stations * (needed - shared) - 1e-6
    assert long_duty(supply, needed, 2).hours * front == pytest.approx(needed)


def test_more_is_asked_more_is_needed(thirteen: Question) -> None:
    """Fewer delays need at least as many crews; every target is kept where the answer says so; cells of hours need no more."""
    pool = Pool(thirteen.station, thirteen.plan, read_source(thirteen.station), 2)
    cells = [shift.of_week for shift in shifts_of(thirteen.system)]
    lax, strict = (pool.need(parse_targets([f"delay <= {share}%"]), cells, 2) for share in (20, 2))
    assert (strict.crews >= lax.crews).all()
    assert strict.crews.sum() > lax.crews.sum()
    for need, share in ((lax, 0.2), (strict, 0.02)):
        assert all(need.figure(need.targets[0], cell) <= share for cell in cells)
    by_hour = pool.need(parse_targets(["delay <= 20%"]), [np.array([hour]) for hour in range(HOURS)], 2)
    assert by_hour.officer_hours <= lax.officer_hours * 1.25


def test_simulation_confirms_the_closed_form(thirteen: Question) -> None:
    """Crews found by closed form keep the target in the simulator, or it says how many it added."""
    asked = Question(thirteen.station, thirteen.system, thirteen.plan, parse_targets(["delay <= 10%"]), 2, 2, thirteen.supply)
    staffing = asked.answer(replications=4)
    checked = staffing.checked[0]
    assert checked.kept
    assert checked.closed == pytest.approx(checked.simulated.mean, abs=0.06)
    assert len(staffing.added) == len(staffing.shifts)


def test_out_of_reach_is_said(thirteen: Question) -> None:
    """No number of crews arrives within ten seconds."""
    pool = Pool(thirteen.station, thirteen.plan, read_source(thirteen.station), 2)
    with pytest.raises(QinwuError) as refused:
        pool.need(parse_targets(["p1 response p90 <= 10s"]), [np.arange(HOURS)], 2)
    assert refused.value.findings[0].code == "target-out-of-reach"


def test_watches_tile_the_day(thirteen: Question) -> None:
    """The sample's day and night watch are found, each hour of the week in exactly one."""
    shifts = shifts_of(thirteen.system)
    assert [shift.id for shift in shifts] == ["day12", "night12"]
    assert sorted(np.concatenate([shift.of_week for shift in shifts]).tolist()) == list(range(HOURS))


def test_pooled_crews_run_in_the_simulator(thirteen: Question, tmp_path: Path) -> None:
    """A pooled plan is a plan like any other: its crews have the station's patrol places and nobody else's rules."""
    plan = pooled_plan(thirteen.station, thirteen.plan, np.full(HOURS, 3), 2)
    assert plan.dispatching.tier.shape == (1, 3)
    assert (plan.crew.slots < len(thirteen.station.area)).all()
    assert np.isinf(plan.duty.on_at_start).all()
