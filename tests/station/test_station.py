"""A station folder: read whole, every problem of every file at once, fast."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

import qinwu.station
from qinwu.findings import QinwuError
from qinwu.station import check_station, read_config, read_station
from tests.station.folders import CALLS, CONFIG, OFFICERS, codes, collection, grid, line, only, write_station

FILES = '[files]\nvenues = "venues.csv"\nroads = "roads.geojson"\n'


def with_top(line: str) -> str:
    return f"{line}\n{CONFIG}"


def test_a_good_folder_is_read_whole(tmp_path: Path) -> None:
    """Configuration, atoms, officers, calls, venues and roads arrive together."""
    roads = collection([line((0, 0.5), (3, 0.5), speed_kmh=36), line((1.5, 0), (1.5, 0.5), (1.5, 2), speed_kmh=36)])
    folder = write_station(tmp_path, CONFIG + FILES, roads_geojson=roads, venues_csv="venue_id,kind,atom\nv1,hotel,a2\n")
    station = read_station(folder)
    assert station.folder == folder
    assert len(station.area) == 6
    assert [officer.id for officer in station.force] == ["J01", "J02", "F01"]
    assert station.calls.table["atom"].to_list() == ["a1", "a6"]
    assert [venue.atom for venue in station.venues] == ["a2"]
    assert station.area.travel.source == "roads"
    assert codes(station.findings, "error") == []


def test_the_base_is_stated_or_central(tmp_path: Path) -> None:
    """Without base_atom the station house is in the atom nearest the centre of population."""
    assert read_station(write_station(tmp_path / "a", with_top('base_atom = "a6"'))).base == 5
    atoms = grid(3, 2)
    atoms[3]["properties"]["population"] = 100_000
    assert read_station(write_station(tmp_path / "b", atoms=collection(atoms))).base == 3


def test_all_findings_of_all_files_at_once(tmp_path: Path) -> None:
    """One pass tells what is wrong in every file, and the station is not made."""
    atoms = grid(3, 2)
    del atoms[2]["properties"]["id"]
    folder = write_station(
        tmp_path,
        CONFIG.replace("time_zone", 'base_atom = "zz"\ntime_zone').replace("Asia/Shanghai", "Asia/Nowhere") + FILES,
        collection(atoms),
        officers_csv="officer_id,kind\nJ01,sworn\nJ01,sworn\n",
        venues_csv="venue_id,kind,atom\nv1,hotel,a77\n",
        roads_geojson="{}",
    )
    station, findings = check_station(folder)
    assert station is None
    wrong = {(each.place.file, each.code) for each in findings if each.severity == "error"}
    assert {
        ("station.toml", "unknown-time-zone"),
        ("station.toml", "unknown-atom"),
        ("atoms.geojson", "missing-id"),
        ("roads.geojson", "broken-geojson"),
        ("officers.csv", "duplicate-id"),
        ("venues.csv", "unknown-atom"),
    } <= wrong
    with pytest.raises(QinwuError) as caught:
        read_station(folder)
    assert caught.value.findings == findings


def test_broken_configuration_stops_early_but_tells_all_of_it(tmp_path: Path) -> None:
    """Without a usable station.toml nothing else can be read; everything wrong in it is told."""
    station, findings = check_station(write_station(tmp_path, "nam = 1\nsynthetic = 7\n"))
    assert station is None
    assert set(codes(findings)) == {"unknown-key", "missing-key", "wrong-value"}


@pytest.mark.parametrize(("name", "code"), [("nowhere", "missing-folder"), ("", "missing-file")])
def test_a_folder_that_is_no_station(tmp_path: Path, name: str, code: str) -> None:
    """A missing folder, and a folder without station.toml, are one error each."""
    station, findings = check_station(tmp_path / name)
    assert station is None
    assert codes(findings) == [code]
    assert findings[0].remedy


@pytest.mark.parametrize("missing", ["atoms.geojson", "officers.csv", "calls.csv"])
def test_a_missing_file_is_named(tmp_path: Path, missing: str) -> None:
    """Each file of the folder that is not there is an error that names it."""
    folder = write_station(tmp_path)
    (folder / missing).unlink()
    station, findings = check_station(folder)
    assert station is None
    assert missing in " ".join(each.text("en") for each in findings if each.severity == "error")


def test_a_station_may_have_no_officers_file(tmp_path: Path) -> None:
    """A study of calls alone names no officers file; a warning says that the force is empty."""
    station, findings = check_station(write_station(tmp_path, CONFIG + '[files]\nofficers = ""\n'))
    assert station is not None
    assert len(station.force) == 0
    assert only(findings, "no-officers-file").severity == "warning"


def test_neighbours_must_border_an_atom(tmp_path: Path) -> None:
    """A neighbouring station that joins at an atom nobody knows is an error at its line."""
    neighbour = '[[neighbour]]\nid = "n"\nname = {zh = "邻所"}\natom = "a66"\n'
    _, findings = check_station(write_station(tmp_path, CONFIG + neighbour))
    finding = only(findings, "unknown-atom")
    assert (finding.place.key, finding.place.row) == ("neighbour[0].atom", 16)
    assert "Did you mean a6?" in finding.text("en")


def test_skills_nobody_has_draw_a_warning(tmp_path: Path) -> None:
    """A class of calls that needs a skill of nobody could never be answered as described."""
    wanted = CONFIG + 'skills = ["driver", "diver"]\n'
    finding = only(check_station(write_station(tmp_path, wanted))[1], "skill-nobody-has")
    assert finding.values == {"value": "diver", "call_class": "dispute"}
    assert "driver" in OFFICERS


def test_configuration_alone_can_be_read(tmp_path: Path) -> None:
    """Commands that need only the description do not read the calls."""
    folder = write_station(tmp_path)
    (folder / "calls.csv").unlink()
    assert read_config(folder).name.en == "Small station"
    with pytest.raises(QinwuError):
        read_config(write_station(tmp_path / "bad", 'name = {zh = "所"}'))


def test_findings_read_in_chinese(tmp_path: Path) -> None:
    """Every finding of a bad folder renders in both languages without a missing value."""
    folder = write_station(
        tmp_path, CONFIG + FILES, officers_csv="officer_id,kind\n,x\n", venues_csv="a,b\n1,2\n", roads_geojson=""
    )
    for finding in check_station(folder)[1]:
        assert finding.text("en")
        assert finding.text("zh")


def test_public_names_are_there() -> None:
    """Everything the room announces can be imported from it, and nothing else by accident."""
    for name in qinwu.station.__all__:
        assert getattr(qinwu.station, name) is not None
    with pytest.raises(AttributeError):
        _ = qinwu.station.nothing


def test_importing_the_room_is_light() -> None:
    """The configuration can be read without loading tables or geometry."""
    heavy = "{'polars', 'shapely', 'pyproj', 'scipy'}"
    code = f"import sys, qinwu.station.config, qinwu.station.toml_file; print({heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_a_town_is_read_in_a_second(tmp_path: Path) -> None:
    """120 atoms with a street grid and a thousand calls take well under a second once libraries are loaded."""
    columns = [line(*((x / 2, y / 2) for y in range(21)), speed_kmh=30) for x in range(25)]
    rows = [line(*((x / 2, y / 2) for x in range(25)), speed_kmh=40) for y in range(21)]
    calls = CALLS + "".join(f"{n},2025-01-{1 + n % 28:02} {n % 24:02}:15:00,help,a{1 + n % 120}\n" for n in range(3, 1000))
    config = CONFIG + '[files]\nroads = "roads.geojson"\n'
    folder = write_station(tmp_path, config, collection(grid(12, 10)), roads_geojson=collection([*columns, *rows]), calls_csv=calls)
    read_station(folder)
    start = time.perf_counter()
    station = read_station(folder)
    assert len(station.area) == 120
    assert time.perf_counter() - start < 1.0
