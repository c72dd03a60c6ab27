"""Traces: written with all that is needed to run them again; verified event by event; changes since are named."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from qinwu.findings import QinwuError
from qinwu.simulate.trace import read_head, replay_trace, write_trace
from qinwu.station.folder import read_station
from qinwu.station.sample import write_sample

CURRENT = "one_beat"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the thirteen-person station."""
    path = tmp_path_factory.mktemp("trace") / "station"
    write_sample(path, "station13")
    return path


@pytest.fixture(scope="module")
def trace(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a trace of four weeks under one officer, one beat."""
    path = tmp_path_factory.mktemp("traces") / "trace.parquet"
    write_trace(path, read_station(folder), CURRENT, seed=5, replication=2, mode="weeks", days=None, weeks=4)
    return path


def test_a_trace_replays_event_by_event(trace: Path, folder: Path) -> None:
    """Run again from the same folder, every event is the same and no file has changed."""
    replayed = replay_trace(trace, folder)
    assert replayed.identical
    assert replayed.events > 500
    assert replayed.changed_files == ()


def test_a_trace_says_how_it_was_made(trace: Path, folder: Path) -> None:
    """The head holds system, seed, replication, mode and a checksum of every input."""
    head = read_head(trace)
    assert (head.system, head.seed, head.replication, head.mode, head.weeks) == (CURRENT, 5, 2, "weeks", 4)
    assert {"station.toml", "atoms.geojson", "calls.csv"} <= set(head.files)
    assert all((folder / name).exists() for name in head.files)


def test_events_are_in_order_and_named(trace: Path) -> None:
    """Times rise apart from work that starts later; every dispatch names a call and a crew."""
    events = pl.read_parquet(trace)
    happened = events.filter(pl.col("kind") != "start")
    assert happened["time_s"].is_sorted()
    dispatches = events.filter(pl.col("kind") == "dispatch")
    assert dispatches["call"].null_count() == 0
    assert dispatches["crew"].null_count() == 0


def test_a_forged_event_is_found(trace: Path, folder: Path, tmp_path: Path) -> None:
    """Change one event of the trace and the replay names it."""
    events = pl.read_parquet(trace).with_row_index()
    forged = events.with_columns(time_s=pl.when(pl.col("index") == 100).then(pl.col("time_s") + 1.0).otherwise("time_s"))
    path = tmp_path / "forged.parquet"
    forged.drop("index").write_parquet(path, metadata=pl.read_parquet_metadata(trace))
    assert replay_trace(path, folder).first_difference == 100


def test_a_changed_file_is_named(trace: Path, folder: Path) -> None:
    """A note added to station.toml changes no event but is named."""
    toml = folder / "station.toml"
    before = toml.read_text(encoding="utf-8")
    toml.write_text(before + "\n# a note\n", encoding="utf-8")
    try:
        replayed = replay_trace(trace, folder)
    finally:
        toml.write_text(before, encoding="utf-8")
    assert replayed.identical
    assert replayed.changed_files == ("station.toml",)


def test_other_files_are_not_traces(tmp_path: Path) -> None:
    """A text file and a Parquet file of something else are refused."""
    text, table = tmp_path / "a.parquet", tmp_path / "b.parquet"
    text.write_text("no", encoding="utf-8")
    pl.DataFrame({"x": [1]}).write_parquet(table)
    for path in (text, table):
        with pytest.raises(QinwuError, match="not a trace"):
            read_head(path)
