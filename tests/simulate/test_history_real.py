"""Detroit's weekday day shifts: the published agent model's distances, and ours on shifts not used for fitting."""

from __future__ import annotations

import polars as pl
import pytest

from qinwu.simulate.agreement import ks_distance
from qinwu.simulate.history import HistoryReport, validate_history
from qinwu.station.station import Station
from tests.detroit import AGENT_MODEL, CALLS, DATA, detroit, duty_system

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not CALLS.exists(), reason=f"the public data folder {DATA.name} is not beside the checkout"),
]
QUOTED = {10: (0.39, 0.29), 20: (0.47, 0.33), 30: (0.53, 0.42), 60: (0.60, 0.62)}
BEST_PUBLISHED = (0.386, 0.292)


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> Station:
    """Return Detroit, read from a folder written for the test."""
    return detroit(tmp_path_factory.mktemp("detroit"))


@pytest.mark.parametrize("units", QUOTED)
def test_published_distances_are_reproduced(units: int) -> None:
    """The distances quoted for the published model follow from its output and the calls."""
    calls, done = pl.read_parquet(CALLS), pl.read_parquet(AGENT_MODEL).filter(pl.col("units") == units)
    found = tuple(
        ks_distance(calls[f"{part}_min"].drop_nulls().to_numpy(), done[f"sim_{part}_min"].drop_nulls().cast(pl.Float64).to_numpy())
        for part in ("dispatch", "travel")
    )
    assert found == pytest.approx(QUOTED[units], abs=0.006)


def check(report: HistoryReport) -> None:
    """Check the aims on the shifts kept back, against the published model's best."""
    assert (report.fit.unit, report.fit.fitted, report.fit.judged) == ("day", 50, 50)
    wait, travel = report.figure("wait", "ks"), report.figure("travel", "ks")
    assert wait < 0.10 < BEST_PUBLISHED[0] / 3
    assert travel < 0.09 < BEST_PUBLISHED[1] / 3
    assert report.verdict != "not_to_be_trusted"


def test_detroit_on_shifts_not_used_for_fitting(station: Station) -> None:
    """Precinct crews first, waiting at the station house: waits and journeys are met, and far places known."""
    system = duty_system(station, "precinct_first", 45, "house")
    report = validate_history(station, system, loads=(0.2, 0.4, 0.6), powers=(1.0, 0.5), replications=3)
    check(report)
    assert report.place is not None
    assert report.place.model > 0.2
    assert report.fit.journey is not None
    assert report.fit.journey.power == 0.5


def test_detroit_with_a_city_wide_pool_is_found_out(station: Station) -> None:
    """The nearest car of the city fits times all told as well, yet knows neither far places nor calls just after others."""
    report = validate_history(station, duty_system(station, "city", 45, "patrol"), loads=(0.0,), replications=3)
    check(report)
    assert {"places-unknown", "pressure-unknown"} <= {reason.code for reason in report.reasons}
    assert report.verdict == "usable_with_care"


@pytest.mark.slow
@pytest.mark.parametrize("seed", [2, 3])
def test_detroit_on_other_halves(station: Station, seed: int) -> None:
    """Other halves of the shifts tell the same."""
    check(validate_history(station, duty_system(station, "precinct_first", 45, "house"), seed=seed, powers=(1.0, 0.5)))
