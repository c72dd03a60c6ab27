"""Public calls of Detroit: indicators of precincts and months against the file itself, counted without Qinwu."""

from __future__ import annotations

import polars as pl
import pytest

from qinwu.duty.reading import read_system
from qinwu.duty.system import DutySystem
from qinwu.judge.targets.measuring import measure
from qinwu.station.station import Station
from tests.detroit import CALLS, DATA, detroit, precincts
from tests.judge.target_cases import card, indicator

pytestmark = [pytest.mark.real, pytest.mark.skipif(not DATA.exists(), reason="the public data are not beside the checkout")]
LIMIT_MIN = 5.0


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> tuple[Station, DutySystem]:
    """Return Detroit with one accountable officer for each precinct."""
    folder = tmp_path_factory.mktemp("detroit")
    station = detroit(folder)
    lines = ['id = "current"', 'name = { zh = "一区一警" }', 'extends = ["preset:one_beat"]']
    for number, (name, atoms) in enumerate(sorted(precincts().items())):
        listed = ", ".join(f'"{atom}"' for atom in atoms)
        lines += ["[[beat]]", f'id = "{name}"', f"atoms = [{listed}]", f'officer = "P{number:03}"']
    (folder / "duty").mkdir()
    (folder / "duty" / "current.toml").write_text("\n".join(lines), encoding="utf-8")
    return station, read_system("current", folder).system


def test_response_times_of_precincts_and_months_are_those_of_the_file(city: tuple[Station, DutySystem]) -> None:
    """Calls, those reached within five minutes, and the 90th percentile, by precinct and month, from the Parquet file alone."""
    fast = {"table": "calls", "of": "in_time IS NOT NULL", "counted": "in_time"}
    late = {"table": "calls", "p90": "response_s / 60"}
    one = card(indicator("calls"), indicator("fast", formula=fast), indicator("late", formula=late))
    found = measure(one, *city)
    beat_of = {atom: name for name, atoms in precincts().items() for atom in atoms}
    file = pl.read_parquet(CALLS).with_columns(
        month=pl.col("received").dt.strftime("%Y-%m"),
        owner=pl.col("beat").replace_strict(beat_of, default=None, return_dtype=pl.String),
        minutes=pl.col("dispatch_min") + pl.col("travel_min"),
    )
    assert len(city[0].calls) == len(file)
    direct = file.group_by("owner", "month").agg(
        pl.len().alias("calls"),
        (pl.col("minutes") <= LIMIT_MIN).sum().alias("fast"),
        pl.col("minutes").quantile(0.9, "linear").alias("late"),
    )
    joined = found.join(direct, left_on=["owner", "period"], right_on=["owner", "month"])
    for name, column in (("calls", "numerator"), ("fast", "numerator"), ("late", "value")):
        mine = joined.filter(indicator=name)
        assert len(mine) > 100
        assert mine[column].to_list() == pytest.approx(mine[name].to_list(), abs=0.02)


def test_precincts_add_up_to_the_city(city: tuple[Station, DutySystem]) -> None:
    """Calls of all precincts are those of the one station, month by month."""
    found = measure(card(indicator("calls"), indicator("whole", level="station")), *city)
    beats = found.filter(indicator="calls").group_by("period").agg(pl.col("numerator").sum()).sort("period")
    whole = found.filter(indicator="whole").sort("period")
    assert beats["numerator"].to_list() == whole["numerator"].to_list()
