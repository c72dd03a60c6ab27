"""Event traces: what one replication did, event by event, with all that is needed to run it again and check it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from qinwu.duty.background import stated_background
from qinwu.findings import Finding, Place, QinwuError
from qinwu.language import N_
from qinwu.simulate.arrays import EVENT_KINDS, Table
from qinwu.simulate.engine import Job
from qinwu.simulate.run import run_plan
from qinwu.simulate.stream import CallsMode
from qinwu.simulate.trial import load_system
from qinwu.station.context import Context
from qinwu.station.demand import read_source
from qinwu.station.folder import read_station
from qinwu.station.station import Station

KEY = "qinwu"
REPORTS = "reports"


@dataclass(frozen=True)
class TraceHead:
    """How a trace was made: the system, the draws, the version, and the SHA-256 of every file of the station folder."""

    system: str
    seed: int
    replication: int
    mode: CallsMode
    days: int | None
    weeks: int | None
    version: str
    files: dict[str, str]


@dataclass(frozen=True)
class Replayed:
    """What a replay found: events compared, the first that differs (None: all equal), and files that have changed since."""

    events: int
    first_difference: int | None
    expected: str
    found: str
    changed_files: tuple[str, ...]

    @property
    def identical(self) -> bool:
        """Whether every event came out the same."""
        return self.first_difference is None


def checksums(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file of a station folder, reports aside, by relative path."""
    found = (path for path in sorted(folder.rglob("*")) if path.is_file() and REPORTS not in path.relative_to(folder).parts)
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in found}


def trace_events(station: Station, head: TraceHead) -> pl.DataFrame:
    """Run one replication as `head` says and return its events: time_s, kind, call, crew (ids by name)."""
    _, plan, _ = load_system(station, head.system)
    _, current, _ = load_system(station, station.config.current)
    background = stated_background(station, current)
    source = read_source(station, head.days)
    job = Job((plan,), source, Context.of(station), head.mode, head.seed, head.weeks, background)
    run = run_plan(plan, job.stream(head.replication), trace=True)
    return event_frame(run.trace, tuple(label.id for label in plan.crews))


def event_frame(trace: Table, crews: tuple[str, ...]) -> pl.DataFrame:
    """Return the kernel's log as a table with names for kinds and crews; ``call`` is the position by ready time."""
    kinds = np.array(EVENT_KINDS)
    names = np.array([*crews, ""])
    return pl.DataFrame(
        {
            "time_s": trace["time"],
            "kind": kinds[trace["kind"]],
            "call": pl.Series(trace["call"]).replace(-1, None),
            "crew": pl.Series(names[trace["crew"]]).replace("", None),
        }
    )


def write_trace(
    path: Path, station: Station, system: str, *, seed: int, replication: int, mode: CallsMode, days: int | None, weeks: int | None
) -> int:
    """Run one replication of `system`, write its events to a Parquet file at `path`, and return how many there are.

    The file's metadata holds a :class:`TraceHead`, so that :func:`replay_trace` can run and verify it.
    """
    head = TraceHead(system, seed, replication, mode, days, weeks, version("qinwu"), checksums(station.folder))
    events = trace_events(station, head)
    part = path.with_name(path.name + ".part")
    events.write_parquet(part, metadata={KEY: json.dumps(asdict(head), ensure_ascii=False)})
    part.replace(path)
    return len(events)


def read_head(path: Path) -> TraceHead:
    """Return how the trace at `path` was made.

    Raises
    ------
    QinwuError
        The file is not a trace.
    """
    try:
        fields: dict[str, Any] = json.loads(pl.read_parquet_metadata(path)[KEY])
        return TraceHead(**fields)
    except (OSError, pl.exceptions.PolarsError, KeyError, TypeError, ValueError):
        message = N_("This is not a trace that Qinwu wrote.")
        remedy = N_("Write one with: qinwu compare STATION --trace FOLDER")
        raise QinwuError([Finding("not-a-trace", "error", message, remedy, Place(path.name))]) from None


def replay_trace(path: Path, folder: Path) -> Replayed:
    """Run the replication of the trace at `path` again on the station in `folder` and compare event by event."""
    head = read_head(path)
    now = checksums(folder)
    changed = tuple(sorted(name for name in head.files.keys() | now.keys() if head.files.get(name) != now.get(name)))
    expected = pl.read_parquet(path)
    found = trace_events(read_station(folder), head)
    shorter = min(len(expected), len(found))
    same = pl.all_horizontal(*(expected[name].head(shorter).eq_missing(found[name].head(shorter)) for name in expected.columns))
    equal = pl.select(same.alias("equal"))["equal"]
    first = int(equal.arg_min() or 0) if not equal.all() else None
    if first is None and len(expected) != len(found):
        first = shorter
    return Replayed(len(expected), first, _words(expected, first), _words(found, first), changed)


def _words(events: pl.DataFrame, row: int | None) -> str:
    if row is None:
        return ""
    return str(events.row(row)) if row < len(events) else "-"
