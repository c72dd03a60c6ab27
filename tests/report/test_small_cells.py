"""Small cells: one to four calls tell nobody anything."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import polars as pl
from openpyxl import load_workbook

from qinwu.report import Report, write_xlsx
from qinwu.report.data_file import as_data
from qinwu.report.report import build_report
from qinwu.report.small_cells import small_cells
from qinwu.simulate.measures.value import Key
from tests.report.reports import small_report


def with_few_calls(atoms: dict[str, int]) -> Report:
    """Return the small report with only so many recorded calls in these atoms."""
    report = small_report()
    table = report.station.calls.table
    kept = [
        table.filter(~pl.col("atom").is_in(list(atoms))),
        *(table.filter(pl.col("atom") == a).head(n) for a, n in atoms.items()),
    ]
    station = replace(report.station, calls=replace(report.station.calls, table=pl.concat(kept)))
    return build_report(station, report.systems, report.plans, report.comparison)


def test_enough_calls_are_told() -> None:
    """Nothing is left out where every beat has enough calls."""
    assert small_report().small == frozenset()


def test_beat_with_few_calls_is_left_out_with_the_next() -> None:
    """A beat of three calls is hidden, and the next smallest too, so that the total does not give it away."""
    report = with_few_calls({"a1": 2, "a2": 1})
    hidden = {group for at, by, group in report.small if at == 0 and by == "beat"}
    counts = Counter(report.station.calls.table["atom"].to_list())
    assert counts["a1"] + counts["a2"] == 3
    assert "sw" in hidden
    assert len(hidden) == 2


def test_empty_beat_is_told() -> None:
    """No calls at all is no secret of anybody."""
    assert not {each for each in with_few_calls({"a1": 0, "a2": 0}).small if each[2] == "sw"}


def test_rare_class_is_left_out() -> None:
    """A class with four calls is hidden in every system."""
    report = small_report()
    table = report.station.calls.table
    rare = pl.concat([table.filter(pl.col("call_class") != "hotel"), table.filter(pl.col("call_class") == "hotel").head(4)])
    station = replace(report.station, calls=replace(report.station.calls, table=rare))
    assert {(at, "class", "hotel") for at in range(3)} <= small_cells(station, report.plans, report.comparison)


def test_hidden_figures_are_nowhere(tmp_path: Path) -> None:
    """Neither JSON nor workbook nor maps tell a figure about calls of a hidden beat; duty figures stay."""
    report = with_few_calls({"a1": 2, "a2": 1})
    rows = [row for row in as_data(report)["figures"] if (row["by"], row["group"], row["system"]) == ("beat", "sw", "solo")]
    told = {row["measure"] for row in rows if row["mean"] is not None}
    assert told == {"beat_unattended_min", "patrol_passes"}
    assert "sw" not in report.means(0, "response_s", "beat", "p90")
    assert "sw" in report.means(0, "beat_unattended_min", "beat", "mean")
    write_xlsx(tmp_path / "a.xlsx", report, "en")
    beats = [row for row in load_workbook(tmp_path / "a.xlsx")["Beats"].iter_rows(values_only=True) if row[1] == "sw"]
    assert all(row[3] is row[4] is row[5] is row[6] is None and row[7] is not None for row in beats)
    assert Key("response_s", "beat", "sw", "p90") in report.outcomes[0].index
