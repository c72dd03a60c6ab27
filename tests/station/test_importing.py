"""An import leaves canonical calls and their account in the station folder, or nothing at all."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from shapely import to_geojson

from qinwu.findings import QinwuError
from qinwu.station.calls import SCHEMA
from qinwu.station.folder import read_config
from qinwu.station.importing import import_calls
from qinwu.station.reading import read_calls
from tests.stations import grid_area

NOW = datetime(2026, 1, 1, tzinfo=UTC)
STATION = """
name = { zh = "小所", en = "Small station" }
[files]
officers = ""
calls = [%s]
[calls]
profile = "%s"
[[call_class]]
id = "criminal"
name = { zh = "刑事", en = "Crime" }
priority = 2
"""
EXPORT = """事件单编号,报警时间,警情类别,报警人,经度,纬度
A1,2025年3月1日 8时5分,刑事,张三,0.001,0.001
A2,2025年3月4日 8时5分,刑事,李四,0.001,0.001
A3,无,刑事,王五,0,0
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    area = grid_area(3, 2)
    shapes = [json.loads(to_geojson(polygon)) for polygon in area.polygons]
    features = [
        {"type": "Feature", "properties": {"id": atom, "population": 500}, "geometry": shape}
        for atom, shape in zip(area.atom_ids, shapes, strict=True)
    ]
    station = tmp_path / "station"
    station.mkdir()
    (station / "atoms.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    (station / "station.toml").write_text(STATION % ("", "qinwu"), encoding="utf-8")
    return station


def export(folder: Path, text: str = EXPORT) -> Path:
    path = folder.parent / "110.csv"
    path.write_bytes(text.encode("gb18030"))
    return path


def files_in(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_an_import_writes_calls_and_their_account(folder: Path) -> None:
    """The canonical file has the schema and no person; every row left out is in the account beside it."""
    result = import_calls("china_110", [export(folder)], folder, NOW)
    assert result.calls_file == folder / "calls" / "china_110-20250301-20250304.parquet"
    written = pl.read_parquet(result.calls_file)
    assert (dict(written.schema), written["atom"].to_list()) == (SCHEMA, ["a1", "a1"])
    assert pl.read_csv(result.account_file).rows() == [("110.csv", 4, "unreadable-time", "无")]
    assert "张三".encode() not in result.calls_file.read_bytes()
    assert len(files_in(folder)) == 4


def test_an_import_says_what_the_station_file_still_needs(folder: Path) -> None:
    """Once station.toml names the calls and their layout, nothing more is asked, and they are read."""
    asked = {finding.code for finding in import_calls("china_110", [export(folder)], folder, NOW).findings}
    assert "import-not-listed" in asked
    (folder / "station.toml").write_text(STATION % ('"calls/*.parquet"', "qinwu"), encoding="utf-8")
    again = import_calls("china_110", [export(folder)], folder, NOW)
    codes = {finding.code for finding in again.findings}
    assert "import-replaced" in codes
    assert not {"import-not-listed", "import-profile"} & codes
    calls = read_calls(folder, read_config(folder), None, NOW)
    assert calls.table.equals(again.calls.table)


def test_a_station_with_another_profile_is_told(folder: Path) -> None:
    """Imported calls have the canonical layout, whatever the source had."""
    (folder / "station.toml").write_text(STATION % ('"calls/*.parquet"', "china_110"), encoding="utf-8")
    findings = import_calls("china_110", [export(folder)], folder, NOW).findings
    assert [finding.values["profile"] for finding in findings if finding.code == "import-profile"] == ["china_110"]


@pytest.mark.parametrize("text", [EXPORT.replace("报警时间", "时刻"), "姓名,身份证号\n张三,1\n", EXPORT.splitlines()[0] + "\n"])
def test_a_failed_import_writes_nothing(folder: Path, text: str) -> None:
    """A missing column, a list of people and an empty export leave the folder as it was."""
    before = files_in(folder)
    with pytest.raises(QinwuError):
        import_calls("china_110", [export(folder, text)], folder, NOW)
    assert files_in(folder) == before
    assert not (folder / "calls").exists()


def test_a_broken_station_stops_the_import(folder: Path) -> None:
    """Without a usable station.toml nothing is imported."""
    (folder / "station.toml").write_text("name = 3\n")
    with pytest.raises(QinwuError):
        import_calls("china_110", [export(folder)], folder, NOW)


def test_a_file_that_cannot_be_written_leaves_the_folder_as_it_was(folder: Path) -> None:
    """Where a folder stands in the way of the calls, nothing is replaced and no part is left behind."""
    (folder / "calls" / "china_110-20250301-20250304.parquet" / "in the way").mkdir(parents=True)
    before = files_in(folder)
    with pytest.raises(QinwuError) as caught:
        import_calls("china_110", [export(folder)], folder, NOW)
    assert caught.value.findings[0].code == "unwritable-folder"
    assert files_in(folder) == before
