"""Work outside the file: as much as asked for, when asked for, the same for all systems."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from qinwu.duty.background import Background, background_of
from qinwu.duty.compile import compile_plan
from qinwu.simulate.arrays import SCENE, WRAP_UP
from qinwu.simulate.background import FIRST_KEY, with_background
from qinwu.simulate.run import run_plan
from qinwu.simulate.stream import Stream, draw_stream
from qinwu.station.demand import read_source
from tests.simulate.recorded import all_together, bare_station

WEEK_S = 604_800.0
STATION = bare_station(14, 1.0)
SOURCE = read_source(STATION)


def jobs(stream: Stream) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Return which calls of a stream are background."""
    return stream.key >= FIRST_KEY


def test_asks_for_the_load_it_states() -> None:
    """Over many hours, job time is the load times the crews on duty, within four standard errors."""
    background = Background(np.full(168, 2.0), 20.0)
    stream = draw_stream(SOURCE, "replay", 1, 0)
    total, hours = 0.0, stream.end_s / 3600.0
    for number in range(20):
        added = with_background(stream, SOURCE, background, 1, number)
        total += float(added.on_scene_s[jobs(added), 0].sum())
    expected = 20 * 2.0 * stream.end_s
    error = np.sqrt(2.0 * 20 * hours * 6.0) * 1200.0
    assert abs(total - expected) < 4.0 * error


def test_keeps_the_calls_as_they_were() -> None:
    """Background comes after the calls, which stay untouched, and is kept out of response statistics."""
    stream = draw_stream(SOURCE, "replay", 1, 0)
    added = with_background(stream, SOURCE, Background(np.ones(168), 30.0), 1, 0)
    for name in Stream._fields[:-1]:
        np.testing.assert_array_equal(getattr(added, name)[: len(SOURCE)], getattr(stream, name))
    assert (added.self_initiated[len(SOURCE) :] == 1).all()


def test_more_load_brings_the_same_jobs_closer() -> None:
    """Twice the load begins with the same jobs, each as long and where it was, at earlier times."""
    stream = draw_stream(SOURCE, "replay", 1, 0)
    less, more = (with_background(stream, SOURCE, Background(np.full(168, busy), 30.0), 1, 0) for busy in (0.5, 1.0))
    first = int(jobs(less).sum())
    old, new = (slice(len(SOURCE), len(SOURCE) + first),) * 2
    np.testing.assert_array_equal(less.on_scene_s[old], more.on_scene_s[new])
    np.testing.assert_array_equal(less.atom[old], more.atom[new])
    np.testing.assert_allclose(less.received_s[old], 2.0 * more.received_s[new])


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(0.0, WEEK_S), min_size=2, max_size=8, unique=True), st.integers(0, 5))
def test_stays_inside_the_spans(ends: list[float], number: int) -> None:
    """Every job begins inside one of the spans asked for, and in an hour that has any."""
    spans = np.sort(np.array(ends[: len(ends) // 2 * 2])).reshape(-1, 2)
    busy = (np.arange(168) % 3 > 0).astype(np.float64)
    stream = draw_stream(SOURCE, "replay", 1, 0)
    added = with_background(stream, SOURCE, Background(busy, 10.0), 1, number, spans)
    begins = added.received_s[jobs(added)]
    inside = (begins[:, None] >= spans[:, 0]) & (begins[:, None] <= spans[:, 1])
    assert inside.any(axis=1).all()
    assert (busy[(begins // 3600).astype(int) % 168] > 0).all()


def test_no_load_adds_nothing() -> None:
    """A load of nothing leaves the stream as it is."""
    stream = draw_stream(SOURCE, "replay", 1, 0)
    assert with_background(stream, SOURCE, Background(np.zeros(168), 30.0), 1, 0) is stream


def test_takes_crews_off_the_street() -> None:
    """Crews asked for three tenths of their time spend about that at jobs, less what is let go when nobody is free."""
    plan = compile_plan(STATION, all_together())
    quiet = read_source(STATION)
    stream = draw_stream(quiet, "replay", 1, 0)._replace(on_scene_s=np.full((len(quiet), 6), 1.0))
    busy = run_plan(plan, with_background(stream, quiet, background_of(plan, 0.3, 15.0), 1, 0))
    own = plan.crew.external == 0
    share = busy.crew_s[own, SCENE].sum() / busy.crew_s[own, : WRAP_UP + 1].sum()
    assert 0.25 < share < 0.32
