"""A record that the model itself wrote: the fit finds the figures again, and a wrong model is told from a right one."""

from __future__ import annotations

import tomllib
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from qinwu.duty.compile import compile_plan
from qinwu.duty.system import Dispatch, DutySystem
from qinwu.findings import QinwuError
from qinwu.simulate.agreement import SCHEMA, PlaceCheck, PressureCheck
from qinwu.simulate.calibration import HistoryFit, calibrated, calibrated_source, calibrated_stream
from qinwu.simulate.fitting import fit_history
from qinwu.simulate.halves import halve
from qinwu.simulate.history import HistoryReport, validate_history
from qinwu.simulate.replay import Times, observed_times
from qinwu.simulate.run import run_plan
from qinwu.simulate.verdict import judge
from qinwu.station.config import Assumption, Travel
from qinwu.station.demand import read_source
from qinwu.station.station import Station
from tests.simulate.recorded import DELAY, JOURNEY, LOAD, all_together, bare_station, recorded_station, without

LOADS = (0.0, 0.2, 0.4, 0.6)


@pytest.fixture(scope="module")
def record() -> tuple[Station, DutySystem]:
    """Return a station whose stamps the model wrote."""
    return recorded_station()


@pytest.fixture(scope="module")
def report(record: tuple[Station, DutySystem]) -> HistoryReport:
    """Return its validation under the right system."""
    return validate_history(*record, loads=LOADS, replications=3)


def test_finds_the_figures_again(report: HistoryReport) -> None:
    """Delay, journeys and load come out as they were put in."""
    fit = report.fit
    assert fit.delay is not None
    assert fit.journey is not None
    assert fit.delay.mean_s == pytest.approx(DELAY.mean_s, rel=0.15)
    assert fit.delay.spread == pytest.approx(DELAY.spread, abs=0.15)
    assert fit.journey.factor == pytest.approx(JOURNEY.factor, rel=0.15)
    assert fit.journey.turnout_s == pytest.approx(JOURNEY.turnout_s, abs=20.0)
    assert fit.journey.spread == pytest.approx(JOURNEY.spread, abs=0.15)
    assert fit.load_low - 0.05 <= LOAD <= fit.load_high + 0.05


def test_trusts_the_model_that_wrote_the_record(report: HistoryReport) -> None:
    """Distances are small on the days kept back, places and pressure are known, and the verdict says so."""
    assert report.verdict == "trustworthy"
    assert report.figure("wait", "ks") < 0.08
    assert report.figure("travel", "ks") < 0.08
    assert report.place is not None
    assert report.place.model > 0.8
    assert report.figure("wait", "ks", "stated") > 0.2


def test_table_is_tidy(report: HistoryReport) -> None:
    """One row for each model, part and group, with the declared columns."""
    assert dict(report.table.schema) == SCHEMA
    assert set(report.table["model"]) == {"fitted", "stated", "naive"}
    assert report.table.select("model", "part", "by", "group").is_unique().all()
    assert np.isnan(report.figure("wait", "ks", group="nowhere"))


def test_what_is_judged_is_never_fitted(record: tuple[Station, DutySystem]) -> None:
    """Scrambling every stamp of the days kept back leaves the fit the same to the last digit."""
    station, system = record
    plan, source, seen = compile_plan(station, system), read_source(station), observed_times(station.calls)
    halves = halve(source.time_s, 0.5, 1)
    kept = halves.calls(halves.judged)
    scrambled = Times(*(np.where(kept, 7.0, part) for part in seen))
    one, other = (fit_history(plan, source, times, halves, seed=1, replications=1, loads=(0.2,)) for times in (seen, scrambled))
    assert (one.delay, one.journey, one.profile, one.travel_misfit) == (
        other.delay,
        other.journey,
        other.profile,
        other.travel_misfit,
    )


def test_same_seed_same_report(record: tuple[Station, DutySystem]) -> None:
    """Two validations with one seed agree in every figure; another seed keeps other days back."""
    one, again, other = (validate_history(*record, seed=seed, replications=1, loads=(0.4,)) for seed in (1, 1, 2))
    assert one.table.equals(again.table, null_equal=True)
    assert one.text("en") == again.text("en")
    assert not one.table.equals(other.table)


def test_crews_never_short_are_found_out(record: tuple[Station, DutySystem]) -> None:
    """A model with crews to spare does not know how calls wait just after others, and is not trusted."""
    report = validate_history(*record, loads=(0.0,), replications=2)
    assert report.verdict != "trustworthy"
    assert "pressure-unknown" in [reason.code for reason in report.reasons]


def test_places_that_are_wrong_are_found_out(record: tuple[Station, DutySystem]) -> None:
    """With the calls' places shuffled, times all told still fit, but the model is found not to know the places."""
    station, system = record
    far = {atom: station.area.atom_ids[-1 - number] for number, atom in enumerate(station.area.atom_ids)}
    table = station.calls.table.with_columns(pl.col("atom").replace_strict(far))
    report = validate_history(replace(station, calls=replace(station.calls, table=table)), system, loads=(0.4,), replications=2)
    assert "places-unknown" in [reason.code for reason in report.reasons]
    assert report.verdict != "trustworthy"


def test_without_dispatch_the_whole_response_is_fitted(record: tuple[Station, DutySystem]) -> None:
    """Where only arrivals are recorded, the delay is fitted to whole responses, journeys stay as stated, and it is said."""
    station, system = record
    report = validate_history(without(station, "dispatched"), system, loads=(0.2, 0.4), replications=2)
    assert report.fit.delay is not None
    assert report.fit.journey is None
    assert set(report.table["part"]) == {"response"}
    assert "part-not-judged" in [reason.code for reason in report.reasons]
    assert "[travel]" not in report.station_toml
    assert report.text("en")


def test_without_arrivals_waits_are_fitted_alone(record: tuple[Station, DutySystem]) -> None:
    """Where only dispatches are recorded, waits tell delay and load."""
    station, system = record
    report = validate_history(without(station, "arrived", "cleared"), system, loads=(0.2, 0.4), replications=2)
    assert set(report.table["part"]) == {"wait"}
    assert report.fit.journey is None
    assert report.place is None
    assert report.fit.load in (0.2, 0.25, 0.35, 0.4)


def test_without_stamps_nothing_is_judged() -> None:
    """A record without stamps is refused with what to do."""
    with pytest.raises(QinwuError) as error:
        validate_history(bare_station(10, 2.0), all_together())
    assert [finding.code for finding in error.value.findings] == ["no-stamps-to-validate"]


def test_calibrated_plan_keeps_who_goes(record: tuple[Station, DutySystem], report: HistoryReport) -> None:
    """Calibration changes times, never tiers, crews or hours; the calibrated calls carry spread and background."""
    station, system = record
    plan, source = compile_plan(station, system), read_source(station)
    after = calibrated(plan, report.fit)
    assert after.crew is plan.crew
    assert after.duty is plan.duty
    for name in ("row", "support_row", "tier", "rank", "opens_s", "hand_over_s", "level_s"):
        assert getattr(after.dispatching, name) is getattr(plan.dispatching, name)
    assert report.fit.journey is not None
    turned_out = after.dispatching.acknowledge_s + after.dispatching.turnout_s
    assert turned_out == pytest.approx(report.fit.journey.turnout_s)
    assert calibrated_source(source, report.fit).travel_spread == report.fit.journey.spread
    run = run_plan(after, calibrated_stream(source, report.fit, "replay", 1, 0))
    assert len(run.resident["received"]) == len(source)
    assert len(run.calls) > len(source)


def test_toml_lines_are_what_the_files_take(record: tuple[Station, DutySystem], report: HistoryReport) -> None:
    """The lines parse, and the models of the two files accept them."""
    station_lines = tomllib.loads(report.station_toml)
    travel = Travel.model_validate(station_lines["travel"])
    assert report.fit.journey is not None
    assert travel.hour_factor[0] == pytest.approx(report.fit.journey.hour_factor[0] * report.fit.journey.factor, abs=1e-3)
    assert [Assumption.model_validate(one).key for one in station_lines["assumption"]] == [
        "travel.hour_factor",
        "background.utilisation",
    ]
    dispatch = Dispatch.model_validate(tomllib.loads(report.duty_toml)["dispatch"])
    assert report.fit.delay is not None
    assert dispatch.call_taking.seconds == pytest.approx(report.fit.delay.mean_s, abs=0.5)


def test_ways_that_bend_are_found_out() -> None:
    """Where the record was written with the square-root law of travel, that power is chosen and the places come right."""
    station, system = recorded_station(days=20, load=0.0, journey=JOURNEY._replace(power=0.5))
    report = validate_history(station, system, loads=(0.0,), powers=(1.0, 0.5), replications=2)
    assert report.fit.journey is not None
    assert report.fit.journey.power == 0.5
    assert report.fit.journey.factor == pytest.approx(JOURNEY.factor, rel=0.15)
    assert report.place is not None
    assert report.place.error < 0.5
    assert "twice the way" in report.station_toml


@pytest.mark.parametrize("language", ["zh", "en"])
def test_is_told_in_plain_words(report: HistoryReport, language: str) -> None:
    """The text says verdict, halves, distances and what was fitted."""
    text = report.text("en" if language == "en" else "zh")
    assert "{" not in text
    assert report.system in text
    assert len(text.splitlines()) >= 10


def rows(
    part: str = "wait", calls: int = 500, ks: float = 0.05, p90: tuple[float, float] = (600.0, 600.0), unserved: float = 0.0
) -> pl.DataFrame:
    """Return a report's row for all calls."""
    row = ("fitted", part, "all", "all", calls, ks, 1.0, 1.0, 1.0, 1.0, *p90, unserved)
    return pl.DataFrame([row], schema=SCHEMA, orient="row")


@pytest.mark.parametrize(
    ("ks", "expected"),
    [
        (0.05, "trustworthy"),
        (0.10, "trustworthy"),
        (0.11, "usable_with_care"),
        (0.16, "not_to_be_trusted"),
        (0.9, "not_to_be_trusted"),
    ],
)
def test_verdict_by_distance_of_journeys(ks: float, expected: str) -> None:
    """Journeys may be off by 10 points in a model to be trusted, by 15 in one to be used with care."""
    assert judge(pl.concat([rows(), rows("travel", ks=ks)]))[0] == expected


@pytest.mark.parametrize(
    ("table", "expected", "code"),
    [
        (rows(calls=150), "usable_with_care", "few-calls-to-judge"),
        (rows(calls=50), "not_to_be_trusted", "few-calls-to-judge"),
        (rows(ks=0.21), "not_to_be_trusted", "shares-off"),
        (rows(ks=0.19), "usable_with_care", "shares-off"),
        (rows(p90=(600.0, 800.0)), "usable_with_care", "slow-calls-off"),
        (rows(p90=(600.0, 200.0)), "not_to_be_trusted", "slow-calls-off"),
        (rows(p90=(600.0, np.inf)), "not_to_be_trusted", "slow-calls-off"),
        (rows(unserved=0.02), "not_to_be_trusted", "calls-unserved"),
    ],
)
def test_verdict_names_its_reasons(table: pl.DataFrame, expected: str, code: str) -> None:
    """Each fault lowers the verdict as far as it should, and is named in both languages."""
    verdict, reasons = judge(pl.concat([table, rows("travel", int(table["calls"][0]))]))
    assert verdict == expected
    assert code in [reason.code for reason in reasons]
    assert all(reason.text(language) for reason in reasons for language in ("zh", "en"))


@pytest.mark.parametrize(
    ("place", "pressure", "codes"),
    [
        (PlaceCheck("travel", 30, 0.4, 0.5, 0.9), (), []),
        (PlaceCheck("travel", 30, 0.1, 0.5, 1.0), (), ["places-unknown"]),
        (PlaceCheck("travel", 30, 0.0, 0.1, 1.0), (), []),
        (PlaceCheck("travel", 30, 0.5, 0.5, 2.0), (), ["places-exaggerated"]),
        (None, (PressureCheck("crews", 300, 0.6, 0.02, 0.5),), ["pressure-unknown"]),
        (None, (PressureCheck("nearby", 300, 0.6, 0.02, 0.57),), []),
    ],
)
def test_understanding_caps_the_verdict(place: PlaceCheck | None, pressure: tuple[PressureCheck, ...], codes: list[str]) -> None:
    """Good times all told are not enough where places or pressure are not understood, if the record can tell."""
    verdict, reasons = judge(pl.concat([rows(), rows("travel")]), place, pressure)
    assert [reason.code for reason in reasons] == codes
    assert verdict == ("usable_with_care" if codes else "trustworthy")


def test_figures_that_cannot_be_true_cap_the_verdict(report: HistoryReport) -> None:
    """A factor nobody drives by, or a load at the end of what was tried, is pointed out."""
    assert report.fit.journey is not None
    fast: HistoryFit = replace(report.fit, journey=report.fit.journey._replace(factor=0.2))
    laden: HistoryFit = replace(report.fit, load=0.6)
    for fit, code in ((fast, "speed-implausible"), (laden, "load-at-the-edge")):
        verdict, reasons = judge(pl.concat([rows(), rows("travel")]), fit=fit)
        assert (verdict, [reason.code for reason in reasons]) == ("usable_with_care", [code])
