"""Call files become clean calls, and every row left out is accounted for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.affinity import translate

from qinwu.findings import QinwuError
from qinwu.station.calls import REJECTED, SCHEMA, Calls
from qinwu.station.config import CallClass, CallsSource, Files, StationConfig, Text
from qinwu.station.coordinates import gcj02_from_wgs84
from qinwu.station.profiles import load_profile
from qinwu.station.reading import read_calls, read_files
from tests.stations import METRES_PER_DEGREE, SIDE_M, grid_area

AREA = grid_area(3, 2)
NOW = datetime(2026, 1, 1, tzinfo=UTC)
SIDE = SIDE_M / METRES_PER_DEGREE
CLASSES = (
    CallClass(id="theft", name=Text(zh="盗窃", en="Theft"), priority=2),
    CallClass(id="dispute", name=Text(zh="纠纷", en="Dispute"), priority=3),
)
HEADER = "call_id,received,call_class,lon,lat"
GOOD = f"1,2025-03-01 08:05:00,theft,{SIDE / 2},{SIDE / 2}"


def config(
    profile: str = "qinwu", class_map: dict[str, str] | None = None, default: str = "", coordinates: str = "WGS84"
) -> StationConfig:
    source = CallsSource(profile=profile, class_map=class_map or {}, default_class=default)
    return StationConfig(
        name=Text(zh="小所"), call_class=CLASSES, calls=source, files=Files(calls=("calls*.*",)), coordinates=coordinates
    )


def read(folder: Path, *lines: str, header: str = HEADER, station: StationConfig | None = None, encoding: str = "utf-8") -> Calls:
    (folder / "calls.csv").write_text("\n".join((header, *lines)) + "\n", encoding=encoding)
    return read_calls(folder, station or config(), AREA, NOW)


def reasons(calls: Calls) -> list[tuple[int, str, str]]:
    return list(calls.rejected.select("row", "reason", "value").iter_rows())


def codes(calls: Calls) -> list[str]:
    return [finding.code for finding in calls.findings]


def test_a_clean_row_has_every_canonical_column(tmp_path: Path) -> None:
    """One good row becomes one call with the schema's columns and types, placed, with its class's priority."""
    calls = read(tmp_path, GOOD)
    assert dict(calls.table.schema) == SCHEMA
    assert dict(calls.rejected.schema) == REJECTED
    row = calls.table.row(0, named=True)
    assert (row["call_id"], row["call_class"], row["priority"], row["atom"], row["origin"]) == ("1", "theft", 2, "a1", "unknown")
    assert row["received"] == datetime(2025, 3, 1, 0, 5, tzinfo=UTC)
    assert [path.name for path, _ in calls.sources] == ["calls.csv"]


@pytest.mark.parametrize(
    ("line", "reason", "value"),
    [
        ("2,,theft,0.001,0.001", "missing-received", ""),
        ("2,gestern,theft,0.001,0.001", "unreadable-time", "gestern"),
        ("2,2025-03-01,theft,0.001,0.001", "unreadable-time", "2025-03-01"),
        ("2,2027-03-01 08:00,theft,0.001,0.001", "call-in-the-future", "2027-03-01 00:00 UTC"),
        ("2,2025-03-01 08:06,,0.001,0.001", "missing-class", ""),
        ("2,2025-03-01 08:06,thefts,0.001,0.001", "unknown-class", "thefts"),
        ("2,2025-03-01 08:06,theft,,0.001", "missing-place", ""),
        ("2,2025-03-01 08:06,theft,east,0.001", "missing-place", ""),
        ("2,2025-03-01 08:06,theft,1,1", "outside-area", "1.0, 1.0"),
        (GOOD, "duplicate-call", "1"),
        ("2,2025-03-01 08:06,theft,0.001,0.001,x,y", "too-many-fields", "7"),
    ],
)
def test_a_row_left_out_is_accounted_for(tmp_path: Path, line: str, reason: str, value: str) -> None:
    """Each kind of unusable row is rejected with its number, its reason and the value, and reported once."""
    calls = read(tmp_path, GOOD, line)
    assert reasons(calls) == [(3, reason, value)]
    assert (len(calls), calls.rows_read) == (1, 2)
    assert reason in codes(calls)


def test_an_hour_that_the_clock_skipped_is_no_time(tmp_path: Path) -> None:
    """A call received in the missing hour of spring is rejected as such."""
    (tmp_path / "calls.csv").write_text(f"{HEADER}\n{GOOD}\n2,2025-03-09 02:30,theft,0.001,0.001\n")
    calls = read_calls(tmp_path, config().model_copy(update={"time_zone": "America/Detroit"}), AREA, NOW)
    assert reasons(calls) == [(3, "skipped-hour", "2025-03-09 02:30")]


def test_a_bad_stamp_keeps_the_call(tmp_path: Path) -> None:
    """Only received decides over a row; another stamp that cannot be read is left empty and counted."""
    calls = read(tmp_path, f"{GOOD},x,2025-03-01 08:09", header=f"{HEADER},dispatched,arrived")
    row = calls.table.row(0, named=True)
    assert row["dispatched"] is None
    assert row["arrived"] == datetime(2025, 3, 1, 0, 9, tzinfo=UTC)
    finding = next(finding for finding in calls.findings if finding.code == "unreadable-stamp")
    assert (finding.values["count"], finding.values["column"], finding.place.row) == (1, "dispatched", 2)


def test_an_arrival_in_the_repeated_hour_is_not_before_the_call(tmp_path: Path) -> None:
    """A call of 01:50 with an arrival at 01:05 was answered in the second of the two hours."""
    text = f"{HEADER},arrived\n1,2025-11-02 01:50,theft,0.001,0.001,2025-11-02 01:05\n"
    (tmp_path / "calls.csv").write_text(text)
    row = read_calls(tmp_path, config().model_copy(update={"time_zone": "America/Detroit"}), AREA, NOW).table.row(0, named=True)
    assert (row["arrived"] - row["received"]).total_seconds() == 15 * 60


def test_a_point_just_outside_goes_to_the_nearest_atom(tmp_path: Path) -> None:
    """Fifty metres off the edge is the edge; a note says how many."""
    calls = read(tmp_path, f"1,2025-03-01 08:05,theft,{-50 / METRES_PER_DEGREE},{SIDE / 2}")
    assert calls.table["atom"].to_list() == ["a1"]
    assert "placed-nearest" in codes(calls)


def test_an_atom_named_by_the_source_needs_no_point(tmp_path: Path) -> None:
    """Atom ids are taken as they are; one that does not exist falls back to the point, or is rejected."""
    header = "received,call_class,atom,lon,lat"
    rows = ("2025-03-01 08:00,theft,a6,,", f"2025-03-01 08:01,theft,zz,{SIDE / 2},{SIDE / 2}", "2025-03-01 08:02,theft,zz,,")
    calls = read(tmp_path, *rows, header=header)
    assert calls.table["atom"].to_list() == ["a6", "a1"]
    assert reasons(calls) == [(4, "unknown-atom", "zz")]


def test_projected_points_are_placed(tmp_path: Path) -> None:
    """Columns x and y in an EPSG system land in the same atoms as degrees do."""
    x, y = SIDE_M / 2, SIDE_M / 2
    calls = read(
        tmp_path, f"2025-03-01 08:00,theft,{x},{y}", header="received,call_class,x,y", station=config(coordinates="EPSG:3857")
    )
    assert calls.table["atom"].to_list() == ["a1"]


@pytest.mark.parametrize(
    ("word", "class_map", "default", "expected"),
    [
        ("theft", {}, "", "theft"),
        ("THEFT ", {}, "", "theft"),
        ("盗窃", {}, "", "theft"),
        ("Theft", {}, "", "theft"),
        ("larceny", {"Larceny": "theft"}, "", "theft"),
        ("theft", {"theft": "dispute"}, "", "dispute"),
        ("noise", {}, "dispute", "dispute"),
    ],
)
def test_class_words_find_their_class(tmp_path: Path, word: str, class_map: dict[str, str], default: str, expected: str) -> None:
    """The station's map comes before ids and names, and the default takes the rest."""
    line = f"1,2025-03-01 08:05:00,{word},{SIDE / 2},{SIDE / 2}"
    calls = read(tmp_path, line, station=config(class_map=class_map, default=default))
    assert calls.table["call_class"].to_list() == [expected]


def test_unknown_classes_are_named_with_the_nearest_known(tmp_path: Path) -> None:
    """Each unknown word is counted once, the most frequent first, with a suggestion."""
    rows = [f"{n},2025-03-01 08:0{n},{'thefd' if n < 4 else 'zzz'},0.001,0.001" for n in range(2, 6)]
    calls = read(tmp_path, GOOD, *rows)
    words = [
        (each.values["value"], each.values["count"], each.values["guess"])
        for each in calls.findings
        if each.code == "unknown-class-word"
    ]
    assert words == [("thefd", 2, "theft"), ("zzz", 2, "")]


def test_rows_without_id_are_duplicates_only_when_all_is_equal(tmp_path: Path) -> None:
    """Two calls of one second in different atoms are two calls; the same place, class and stamps are one."""
    header = "received,call_class,atom"
    calls = read(tmp_path, "2025-03-01 08:00,theft,a1", "2025-03-01 08:00,theft,a2", "2025-03-01 08:00,theft,a1", header=header)
    assert reasons(calls) == [(4, "duplicate-call", "calls.csv:4")]
    assert calls.table["call_id"].to_list() == ["calls.csv:2", "calls.csv:3"]


def test_a_serial_number_that_starts_again_is_no_duplicate(tmp_path: Path) -> None:
    """The same id at another time is another call, and its id is made unique."""
    calls = read(tmp_path, GOOD, GOOD.replace("08:05", "09:05"))
    assert calls.table["call_id"].to_list() == ["1", "1@calls.csv:3"]
    assert "repeated-id" in codes(calls)


def test_priority_and_officers_of_the_source_are_used_where_sound(tmp_path: Path) -> None:
    """A priority 1-4 and a sensible number of officers are taken; anything else gives way and is counted."""
    header = f"{HEADER},priority,officers_required"
    calls = read(tmp_path, f"{GOOD},1,2", "2,2025-03-01 08:06,theft,0.001,0.001,9,900", header=header)
    assert calls.table["priority"].to_list() == [1, 2]
    assert calls.table["officers_required"].to_list() == [2, None]
    assert {"unknown-priority", "unknown-officers"} <= set(codes(calls))


def test_personal_columns_never_reach_the_table(tmp_path: Path) -> None:
    """Contact columns are dropped with a warning each; other unknown columns with a note."""
    calls = read(tmp_path, f"{GOOD},张三,13800138000,blue", header=f"{HEADER},报警人,联系电话,colour")
    assert set(calls.table.columns) == set(SCHEMA)
    assert {"forbidden-name", "forbidden-phone", "columns-not-used"} <= set(codes(calls))
    assert "13800138000" not in "".join(finding.text("en") for finding in calls.findings)


def test_a_list_of_people_is_refused(tmp_path: Path) -> None:
    """A person list among the call files stops the reading."""
    with pytest.raises(QinwuError) as caught:
        read(tmp_path, "张三,110105,x", header="姓名,身份证号,重点人员类别")
    assert [finding.code for finding in caught.value.findings if finding.severity == "error"] == ["person-list"]


def test_a_missing_column_is_named_with_what_was_looked_for(tmp_path: Path) -> None:
    """Every missing column is an error with its synonyms and the nearest header of the file."""
    with pytest.raises(QinwuError) as caught:
        read(tmp_path, "2025-03-01 08:00,1", header="recieved,colour")
    errors = {finding.place.key: finding.values for finding in caught.value.findings if finding.code == "missing-column"}
    assert set(errors) == {"received", "call_class", "atom"}
    assert errors["received"]["guess"] == "recieved"


def test_problems_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    """A broken file does not hide another."""
    (tmp_path / "calls1.parquet").write_bytes(b"no parquet")
    (tmp_path / "calls2.xlsx").write_bytes(b"no workbook")
    (tmp_path / "calls3.csv").write_bytes(b"")
    with pytest.raises(QinwuError) as caught:
        read_calls(tmp_path, config(), AREA, NOW)
    assert [finding.place.file for finding in caught.value.findings] == ["calls1.parquet", "calls2.xlsx", "calls3.csv"]


def test_missing_columns_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    """Two files without a class are two findings."""
    for name in ("calls1.csv", "calls2.csv"):
        (tmp_path / name).write_text("received,atom\n2025-03-01 08:00,a1\n")
    with pytest.raises(QinwuError) as caught:
        read_calls(tmp_path, config(), AREA, NOW)
    assert [(each.place.file, each.place.key) for each in caught.value.findings] == [
        ("calls1.csv", "call_class"),
        ("calls2.csv", "call_class"),
    ]


def test_a_source_of_durations_has_no_calls(tmp_path: Path) -> None:
    """A profile that knows only elapsed times says so before any file is opened."""
    (tmp_path / "calls.csv").write_text("intaketime,traveltime\n1,2\n")
    with pytest.raises(QinwuError) as caught:
        read_calls(tmp_path, config("detroit_components"), AREA, NOW)
    assert [finding.code for finding in caught.value.findings] == ["durations-only"]


def test_chinese_map_coordinates_are_undone(tmp_path: Path) -> None:
    """A point of a Chinese map lands in its atom when the station says GCJ-02, and in another one when it does not."""
    shapes = tuple(translate(polygon, 110, 30) for polygon in AREA.polygons)
    area = replace(AREA, polygons=shapes)
    lon, lat = gcj02_from_wgs84(np.array([110 + SIDE / 2]), np.array([30 + SIDE / 2]))
    (tmp_path / "calls.csv").write_text(f"{HEADER}\n1,2025-03-01 08:05,theft,{lon[0]},{lat[0]}\n")
    assert read_calls(tmp_path, config(coordinates="GCJ-02"), area, NOW).table["atom"].to_list() == ["a1"]
    assert read_calls(tmp_path, config(), area, NOW).table["atom"].to_list() != ["a1"]


def test_no_file_and_no_usable_row_are_errors(tmp_path: Path) -> None:
    """An unmatched name, a header without rows and rows without one call each stop with a remedy."""
    with pytest.raises(QinwuError) as no_file:
        read_calls(tmp_path, config(), AREA, NOW)
    with pytest.raises(QinwuError) as no_rows:
        read(tmp_path)
    with pytest.raises(QinwuError) as no_calls:
        read(tmp_path, "1,x,theft,0,0")
    assert [caught.value.findings[-1].code for caught in (no_file, no_rows, no_calls)] == ["no-call-file", "no-calls", "no-calls"]
    assert "unreadable-time" in {finding.code for finding in no_calls.value.findings}


def test_without_an_area_calls_are_read_for_their_health(tmp_path: Path) -> None:
    """Sources without place can be read; atoms stay what the source says."""
    (tmp_path / "calls.csv").write_text("received,call_class,arrived\n2025-03-01 08:00,theft,2025-03-01 08:10\n")
    calls = read_calls(tmp_path, config(), None, NOW)
    assert calls.table["atom"].to_list() == [None]


def test_several_files_are_one_table_in_order_of_time(tmp_path: Path) -> None:
    """CSV, Parquet and another CSV are read together, sorted, and rows keep the name of their file."""
    (tmp_path / "calls2.csv").write_text(f"{HEADER}\n7,2025-02-01 08:00,theft,0.001,0.001\n8,x,theft,0.001,0.001\n")
    table = pl.DataFrame({"id": ["9"], "received": [datetime(2025, 1, 1, 8)], "class": ["纠纷"], "atom": ["a2"]})
    table.write_parquet(tmp_path / "calls3.parquet")
    calls = read(tmp_path, GOOD)
    assert calls.table["call_id"].to_list() == ["9", "7", "1"]
    assert calls.rejected["file"].to_list() == ["calls2.csv"]
    assert len(calls.sources) == 3


def test_what_was_written_is_read_back(tmp_path: Path) -> None:
    """The canonical table survives Parquet and CSV unchanged."""
    header = f"{HEADER},dispatched,arrived,cleared,origin,priority,officers_required"
    stamps = "2025-03-01 08:06,2025-03-01 08:15:30,2025-03-01 09:00"
    calls = read(tmp_path, f"{GOOD},{stamps},officer,1,2", header=header)
    calls.table.write_parquet(tmp_path / "again.parquet")
    calls.table.write_csv(tmp_path / "again.csv")
    for name in ("again.parquet", "again.csv"):
        again = read_files([tmp_path / name], load_profile("qinwu"), config(), AREA, now=NOW)
        assert again.table.equals(calls.table), name


CELLS = st.sampled_from(
    ["", "1", "x", "2025-03-01 08:05", "2030-01-01 00:00", "theft", "盗窃", "a1", "0.001", "-9", "\u3000", "13800138000", '"']
)


@settings(max_examples=40, deadline=None)
@given(rows=st.lists(st.lists(CELLS, min_size=1, max_size=8), min_size=1, max_size=12))
def test_no_row_is_ever_lost(tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]) -> None:
    """Whatever the cells, clean and rejected rows together are the rows read."""
    folder = tmp_path_factory.mktemp("calls")
    lines = [",".join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row) for row in rows]
    calls = read(folder, "good,2025-03-01 08:00,theft,0.001,0.001,a1,", *lines, header=f"{HEADER},atom,arrived")
    assert calls.rows_read == len(rows) + 1
    assert len(calls) + len(calls.rejected) == calls.rows_read
    assert set(calls.rejected["row"]) | {2} <= set(range(2, len(rows) + 3))
