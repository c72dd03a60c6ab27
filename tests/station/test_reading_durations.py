"""Sources of elapsed times are read into seconds as they stand."""

from __future__ import annotations

from pathlib import Path

import pytest

from qinwu.findings import QinwuError
from qinwu.station.durations import DURATIONS, read_durations
from qinwu.station.profiles import load_profile

PROFILE = load_profile("detroit_components")


def test_minutes_become_seconds(tmp_path: Path) -> None:
    """Every part is in seconds, with its sign; what the source lacks or cannot say is null."""
    path = tmp_path / "parts.csv"
    path.write_text("intaketime,dispatchtime,traveltime,totalresponsetime,time_on_scene\n1.5,-2,3,2.5,x\n1,2,,3,60\n")
    durations = read_durations([path], PROFILE)
    assert tuple(durations.columns) == DURATIONS
    assert durations.rows() == [(90.0, -120.0, 180.0, 150.0, None, None), (60.0, 120.0, None, 180.0, 3600.0, None)]


def test_several_files_are_one_table(tmp_path: Path) -> None:
    """Rows keep the order of files."""
    for name, minutes in (("a.csv", 1), ("b.csv", 2)):
        (tmp_path / name).write_text(f"intaketime,traveltime\n{minutes},0\n")
    assert read_durations([tmp_path / "a.csv", tmp_path / "b.csv"], PROFILE)["intake_s"].to_list() == [60.0, 120.0]


def test_files_and_profiles_without_durations_are_refused(tmp_path: Path) -> None:
    """A profile of calls has no durations, and a file may have none of the columns."""
    path = tmp_path / "parts.csv"
    path.write_text("colour,shape\nred,round\n")
    with pytest.raises(QinwuError) as wrong_profile:
        read_durations([path], load_profile("qinwu"))
    with pytest.raises(QinwuError) as wrong_file:
        read_durations([path], PROFILE)
    assert wrong_profile.value.findings[0].code == "no-durations"
    assert "colour" in wrong_file.value.findings[0].text("en")
