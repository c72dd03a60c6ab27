"""Engines: the same seed gives the same bytes in one process, in two, and on a Dask cluster."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from qinwu.duty.background import background_of
from qinwu.findings import QinwuError
from qinwu.simulate.engine import DaskCluster, Engine, OneProcess, Processes, Sample, Threads, engine_named, replicate
from qinwu.simulate.outcome import compare
from tests.simulate.busy import busy_job

REPLICATIONS = 4


def figures(engine: Engine) -> bytes:
    """Return all figures of both systems as bytes."""
    comparison = compare(busy_job(), ("own", "slow"), REPLICATIONS, engine)
    return b"".join(np.ascontiguousarray(outcome.samples).tobytes() for outcome in comparison.outcomes)


@pytest.fixture(scope="module")
def in_one_process() -> bytes:
    """Return the figures of one process."""
    return figures(OneProcess())


def test_one_process_repeats_itself(in_one_process: bytes) -> None:
    """A second run gives the same bytes."""
    assert figures(OneProcess()) == in_one_process


def test_two_threads_give_the_same_bytes(in_one_process: bytes) -> None:
    """Replications done by two threads come out the same."""
    assert figures(Threads(2)) == in_one_process


def test_two_processes_give_the_same_bytes(in_one_process: bytes) -> None:
    """Replications done by two processes, in any order, come out the same."""
    assert figures(Processes(2)) == in_one_process


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning", "ignore::UserWarning")
def test_a_dask_cluster_gives_the_same_bytes(in_one_process: bytes) -> None:
    """A real local cluster of two worker processes, reached by its address, gives the same bytes."""
    from distributed import LocalCluster

    make: Any = LocalCluster
    with make(n_workers=2, threads_per_worker=1, dashboard_address=None, protocol="tcp") as cluster:
        assert figures(DaskCluster(cluster.scheduler_address)) == in_one_process


@pytest.mark.parametrize("engine", [OneProcess(), Threads(2), Processes(2)], ids=["one", "threads", "processes"])
def test_a_stopped_engine_keeps_what_is_finished(engine: OneProcess | Threads | Processes) -> None:
    """Told to stop after three of a million replications, it ends soon, and what it has done is what any engine would have."""
    done: dict[int, Sample] = {}
    for number, sample in engine.replications(busy_job(), 1_000_000):
        done[number] = sample
        if len(done) == 3:
            engine.stop.set()
    assert 3 <= len(done) < 100
    for number, sample in done.items():
        np.testing.assert_equal(sample, replicate(busy_job(), number))


def test_an_engine_stopped_before_it_began_has_nothing() -> None:
    """Without a single replication there is nothing to tell."""
    engine = Threads(2)
    engine.stop.set()
    with pytest.raises(KeyboardInterrupt):
        compare(busy_job(), ("own", "slow"), 5, engine)


def test_what_goes_wrong_in_a_thread_is_raised() -> None:
    """An exception of a replication reaches whoever asked for it."""
    broken = dataclasses.replace(busy_job(), seed=-1)
    with pytest.raises(ValueError, match="non-negative"):
        compare(broken, ("own", "slow"), 5, Threads(2))


def test_engines_are_chosen_by_name() -> None:
    """``local`` with one or more processes, ``dask://`` with an address; anything else is refused."""
    assert isinstance(engine_named("local", 1), OneProcess)
    assert engine_named("local", 3) == Processes(3)
    assert isinstance(engine_named("local", 0, calls=1000), Threads)
    assert isinstance(engine_named("local", 0, calls=10**8), Processes)
    assert engine_named("dask://host:8786", 1) == DaskCluster("host:8786")
    with pytest.raises(QinwuError, match="no engine spark"):
        engine_named("spark", 1)


def test_stated_background_takes_crews_away() -> None:
    """Work outside the call files makes people wait longer, for every compared system, and keeps the calls themselves."""
    plain = busy_job()
    loaded = dataclasses.replace(plain, background=background_of(plain.plans[0], 0.4, 30.0))
    one, other = (compare(job, ("own", "slow"), 2) for job in (plain, loaded))
    for system in ("own", "slow"):
        assert other.outcome(system).interval("response_s").mean > one.outcome(system).interval("response_s").mean
        calls = [found.outcome(system).interval("calls_per_week").mean for found in (one, other)]
        assert calls[0] == pytest.approx(calls[1], rel=0.01)
