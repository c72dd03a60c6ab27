"""``qinwu organisation`` as it is typed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import tomli_w

from tests.cli.folders import run
from tests.duty.organisation_charts import county_tables
from tests.duty.test_organisation_chart import ROWS, sheet, without_none


@pytest.fixture
def county_file(tmp_path: Path) -> Path:
    """The county bureau as a file."""
    data = without_none(county_tables())
    assert isinstance(data, dict)
    (tmp_path / "county.toml").write_text(tomli_w.dumps(data), encoding="utf-8")
    return tmp_path / "county.toml"


def test_a_station_folder(station: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The duty system in force is audited with the folder's officers and classes; the page goes into reports/."""
    ran = run(capsys, "organisation", station, "--json", station / "o.json")
    assert ran.code == 0, ran.err
    assert (station / "reports" / "organisation.en.html").exists()
    data = json.loads((station / "o.json").read_text("utf-8"))
    assert data["posts"]["source"] in ("officers", "chart")
    assert data["calls"]


def test_another_system_of_the_folder(station: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Any preset can be laid over the folder's officers."""
    ran = run(capsys, "organisation", station, "preset:split_lines")
    assert ran.code == 0, ran.err
    assert "several who may send" in ran.err


def test_a_file(county_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A TOML chart is audited by itself, findings with their lines."""
    ran = run(capsys, "organisation", county_file, "--xlsx", county_file.with_suffix(".xlsx"))
    assert ran.code == 0, ran.err
    assert "Of 383 posts 161 are front line (42.0%)" in ran.out
    assert "county.toml, row" in ran.err
    assert county_file.with_suffix(".xlsx").exists()
    assert (county_file.parent / "reports" / "organisation-county.en.html").exists()


def test_a_sheet(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A sheet says which levels were guessed."""
    ran = run(capsys, "organisation", sheet(tmp_path, *ROWS))
    assert ran.code == 0, ran.err
    assert "read off their names" in ran.err


def test_norms_of_ones_own(county_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A wider span is no finding."""
    ran = run(capsys, "organisation", county_file, "--span", 30)
    assert "directly under" not in ran.err


def test_everything_wrong_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Options, chart and officers are told together; a system inside a file makes no sense."""
    chart = sheet(tmp_path, "甲局,丁局")
    ran = run(capsys, "organisation", chart, "--span", 0, "--officers", tmp_path / "none.csv")
    assert ran.code == 2
    for words in ("--span", "丁局", "none.csv"):
        assert words in ran.err
    assert run(capsys, "organisation", chart, "one_beat").code == 2


def test_a_broken_folder(station: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Officers and duty system are both told."""
    (station / "officers.csv").unlink()
    ran = run(capsys, "organisation", station, "nonsense")
    assert ran.code == 2
    assert "officers.csv" in ran.err
    assert "nonsense" in ran.err
