"""The closed form of whole duty systems against the simulator, on the sample stations and on Detroit."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from qinwu.duty.background import crews_on_duty
from qinwu.duty.calendar import HOUR_S
from qinwu.duty.compile import compile_plan
from qinwu.queueing.analysis import analyse, follow_up_hours, mean_of, quantile_of
from qinwu.queueing.hourly.calls import HOURS, WeekCalls
from qinwu.queueing.hourly.moment import blocked, left, moment_at, moments, on_duty
from qinwu.queueing.hourly.settling import journey_noise
from qinwu.queueing.hourly.team import crews_beyond
from qinwu.simulate.engine import Job
from qinwu.simulate.measures.value import Key
from qinwu.simulate.outcome import Outcome, compare
from qinwu.simulate.trial import Trial, prepare
from qinwu.station.context import Context
from qinwu.station.demand import read_source
from qinwu.station.sample import write_sample
from tests.detroit import CALLS, detroit, duty_system
from tests.queueing.weeks import constant_calls, mixed, plan_of, settled
from tests.simulate.plans import town_travel

QUEUED, OWN, CALL = (
    ("queued_share", "all", "all", "share"),
    ("own_beat_share", "all", "all", "share"),
    ("time_share", "all", "call", "share"),
)
RESPONSE, URGENT = ("response_s", "all", "all", "mean"), ("response_s", "priority", "1", "mean")
PASSES = ("patrol_passes", "all", "all", "mean")


@pytest.fixture(scope="module")
def rural(tmp_path_factory: pytest.TempPathFactory) -> Trial:
    """The rural sample with its outposts, and one officer one beat."""
    folder = tmp_path_factory.mktemp("rural") / "station"
    write_sample(folder, "rural")
    return prepare(folder)


def simulated(trial: Trial, at: int, replications: int = 4) -> Outcome:
    """Return what the simulator says of one system of a trial, calls drawn from rates."""
    source = read_source(trial.station)
    job = Job((trial.plans[at],), source, Context.of(trial.station), "sampled", 1)
    return compare(job, ("x",), replications).current


@pytest.mark.parametrize("at", [0, 1])
def test_closed_form_and_simulator_agree_on_outposts(rural: Trial, at: int) -> None:
    """Delays, response, own-beat share, work and patrol of two rural systems, crews of one and two, calls for up to six."""
    figures = analyse(rural.station, rural.plans[at], read_source(rural.station), rural.plans[0]).figures
    outcome = simulated(rural, at)
    for key, most in ((QUEUED, 0.03), (OWN, 0.015), (CALL, 0.03)):
        assert figures[key] == pytest.approx(outcome.interval(*key).mean, abs=most)
    for key, part in ((RESPONSE, 0.12), (PASSES, 0.1)):
        assert figures[key] == pytest.approx(outcome.interval(*key).mean, rel=part)


def test_week_adds_up(rural: Trial) -> None:
    """Calls of all hours are those of the record, crews on duty those of the calendar, shares of a crew's time are at most one."""
    plan, source = rural.plans[0], read_source(rural.station)
    analysis = analyse(rural.station, plan, source, most_weeks=12)
    resident = float((source.self_initiated == 0).sum())
    weeks_seen = float(source.hours_seen.mean())
    assert analysis.hours["calls_per_h"].sum() == pytest.approx(resident / weeks_seen, rel=0.02)
    assert analysis.hours["crews"].to_numpy() == pytest.approx(crews_on_duty(plan), abs=0.75)
    shares = analysis.crews.select("workload", "blocked", "free").to_numpy()
    assert (shares >= 0.0).all()
    assert (shares.sum(axis=1) <= 1.0 + 1e-9).all()


def test_every_hour_has_its_own_rates(rural: Trial) -> None:
    """The rate of an hour is its calls over how often it lies in the record."""
    plan, source = rural.plans[0], read_source(rural.station)
    week = WeekCalls.of(plan, source)
    hour = (source.time_s // HOUR_S).astype(int) % HOURS
    for one in (20, 100):
        found = week.at(one)
        count = (hour == one).sum() / source.hours_seen[one]
        all_calls = found.rate.sum() + found.self_initiated
        assert all_calls * HOUR_S == pytest.approx(count)


def test_moments_follow_the_duty_of_the_plan(rural: Trial) -> None:
    """Who is on duty at a moment is who came on last and has not gone off; blocks and ends of duty lie in the hour."""
    plan = rural.plans[0]
    for moment in moments(plan, 30, 2):
        assert moment.hour == 30
        assert set(moment.crews).isdisjoint(moment.outside)
        assert (moment.blocked >= 0.0).all()
    total = np.mean([on_duty(plan.duty, t)[plan.crew.external == 0].sum() for t in np.arange(450.0, plan.duty.cycle_s, 900.0)])
    assert total == pytest.approx(crews_on_duty(plan).mean(), abs=0.01)
    whole = sum(blocked(plan.duty, t).sum() for t in np.arange(0.0, plan.duty.cycle_s, HOUR_S)) * HOUR_S
    assert whole == pytest.approx(plan.duty.block_len_s.sum(), rel=1e-6)
    goes = plan.duty.event_on == 0
    first = float(plan.duty.event_s[goes].min())
    start = first // HOUR_S * HOUR_S - (HOUR_S if first % HOUR_S == 0.0 else 0.0)
    assert left(plan.duty, start).min() == pytest.approx(first - start)


def test_hours_without_anybody_belong_to_other_stations(rural: Trial) -> None:
    """Where none of its own is on duty, other stations' crews are all there is."""
    plan = rural.plans[0]
    own = plan.crew.external == 0
    nobody = plan.duty._replace(
        event_s=np.empty(0), event_crew=np.empty(0, np.int32), event_on=np.empty(0, np.int8), event_end_s=np.empty(0),
        on_at_start=np.where(own, 0.0, np.inf),
    )  # fmt: skip
    moment = moment_at(type(plan)(**{**{name: getattr(plan, name) for name in plan.__slots__}, "duty": nobody}), 0.0)
    assert moment.borrowed
    assert moment.crews.tolist() == np.flatnonzero(~own).tolist()


def test_urgent_calls_wait_less() -> None:
    """Two priorities at one place: waits as Cobham's for the same load, on average that of the queue."""
    urgent, routine = constant_calls(np.array([1.0]), 3600.0), constant_calls(np.array([2.0]), 3600.0, priority=2)
    state = settled(plan_of(np.zeros((1, 1)), 4), mixed(urgent, routine))[-1]
    assert state.wait_s[0] < state.wait_s[2]
    assert state.wait_s[2] / state.wait_s[0] == pytest.approx(1.0 / (1.0 - 3.0 / 4.0), rel=0.02)
    assert state.stable


def test_more_calls_than_crews_are_called_unsteady() -> None:
    """An hour that brings more than the crews can finish is said to have no steady state, and everybody is busy."""
    state = settled(plan_of(np.zeros((1, 1)), 2), constant_calls(np.array([3.0]), 3600.0))[-1]
    assert not state.stable
    assert state.p_delay[0] > 0.98
    assert state.workload == pytest.approx(1.0, abs=0.02)


def test_pre_emption_spares_urgent_calls_the_wait() -> None:
    """Where urgent calls may break into work on the scene, fewer of them find nobody."""
    source = mixed(constant_calls(np.array([0.5]), 3600.0), constant_calls(np.array([2.0]), 3600.0, priority=2))
    rules = {"preempts": np.array([1, 0, 0, 0], np.int8), "preempt_on_scene": 1}
    plain, breaking = (settled(plan_of(np.zeros((1, 1)), 3, **r), source)[-1] for r in ({}, rules))
    assert breaking.p_delay[0] < 0.3 * plain.p_delay[0]
    assert breaking.p_delay[2] == pytest.approx(plain.p_delay[2])


def test_crews_needed_follow_their_size() -> None:
    """Four officers are four crews of one, two of two, and something between where crews differ."""
    four = np.eye(5)[4]
    assert crews_beyond(np.ones(6, np.int64), four).tolist() == [1.0, 1.0, 1.0, 1.0]
    assert crews_beyond(np.full(6, 2), four).tolist() == [1.0, 1.0]
    mixed_crews = crews_beyond(np.array([1, 1, 2, 2]), four)
    assert 2.0 < mixed_crews.sum() < 4.0


def test_follow_up_goes_to_its_owner(rural: Trial) -> None:
    """Hours of work left behind add up to share times minutes of all residents' calls, whoever gets them."""
    plan, source = rural.plans[0], read_source(rural.station)
    resident = source.call_class[source.self_initiated == 0]
    due = (source.service.follow_up_share * source.service.follow_up_s)[resident].sum() / HOUR_S / source.weeks
    assert follow_up_hours(plan, source, np.ones(len(plan.crews))).sum() == pytest.approx(due)


def test_means_and_quantiles_of_binned_times() -> None:
    """Times in bins give their mean and quantiles to within a bin; none give nan."""
    times = np.bincount((np.random.default_rng(1).exponential(400.0, 100_000) // 10).astype(int))
    assert mean_of(times.astype(float)) == pytest.approx(400.0, rel=0.02)
    assert quantile_of(times.astype(float), 0.9) == pytest.approx(400.0 * np.log(10.0), rel=0.02)
    assert np.isnan(quantile_of(np.zeros(4), 0.5))
    assert journey_noise(0.5).mean() == pytest.approx(1.0)
    assert journey_noise(0.5).std() == pytest.approx(0.5, rel=0.06)


@pytest.mark.real
@pytest.mark.skipif(not CALLS.exists(), reason="needs ../shared/data/detroit_priority_calls.parquet")
@pytest.mark.parametrize(("reach", "part"), [("city", 0.06), ("precinct", 0.1), ("precinct_first", 0.1)])
def test_detroit_in_closed_form(tmp_path: Path, reach: str, part: float) -> None:
    """Thirty crews in Detroit, city-wide, bound to their precincts, or precinct first: mean response near the simulator's."""
    station = detroit(tmp_path / "detroit")
    plan = compile_plan(station, duty_system(station, reach, 30, "patrol"))  # type: ignore[arg-type]
    source = read_source(station)
    figures = analyse(station, plan, source, most_weeks=1).figures
    outcome = compare(Job((plan,), source, Context.of(station), "sampled", 1), ("x",), 4).current
    assert figures[RESPONSE] == pytest.approx(outcome.interval(*RESPONSE).mean, rel=part)
    assert figures[QUEUED] == pytest.approx(outcome.interval(*Key(*QUEUED)).mean, abs=0.012)


def test_town_in_travel_alone() -> None:
    """With hardly any calls the nearest of four wandering crews arrives after the mean of the least of four random journeys."""
    travel = town_travel(40, seed=2)
    state = settled(plan_of(travel, 4), constant_calls(np.full(40, 0.001), 60.0, repeat=1000))[-1]
    plan = plan_of(travel, 4)
    places = plan.crew.slots.astype(int)
    nearest = np.min([travel[places[k]] for k in range(4)], axis=0)
    expected = float(nearest.mean())
    assert mean_of(state.times[0]) == pytest.approx(
        expected + plan.dispatching.turnout_s + plan.dispatching.acknowledge_s, rel=0.05
    )
