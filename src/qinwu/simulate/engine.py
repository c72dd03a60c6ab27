"""Engines: where replications run. One interface; one process, several, or a Dask cluster give the same bytes."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import Any, Protocol

from qinwu.duty.background import Background
from qinwu.duty.response_plan import F64, ResponsePlan
from qinwu.findings import Finding, QinwuError
from qinwu.language import N_
from qinwu.simulate.background import with_background
from qinwu.simulate.measures import Key, measure_run
from qinwu.simulate.run import run_plan
from qinwu.simulate.stream import CallsMode, Stream, draw_stream
from qinwu.station.context import Context
from qinwu.station.demand import CallSource

SMALL_JOB = 4_000_000
"""Simulated calls below which threads are quicker than processes, whose start costs a second or two each."""

PATIENCE_S = 10
"""How long a cluster may take to answer."""
AHEAD = 4
"""Replications handed out for each worker before the first comes back."""
LISTEN_EVERY_S = 0.2
"""How soon an engine notices that somebody wants it to stop, while nothing finishes."""

Sample = tuple[dict[Key, float], ...]
"""The figures of one replication, system by system."""


@dataclass(frozen=True)
class Job:
    """Everything a replication needs but its number: plans to compare on common calls, the calls, and the seed.

    ``background`` is work outside the call files, the same for every plan.
    """

    plans: tuple[ResponsePlan, ...]
    source: CallSource
    context: Context
    mode: CallsMode
    seed: int
    weeks: int | None = None
    background: Background | None = None

    def stream(self, replication: int) -> Stream:
        """Return the calls, work and luck of one replication."""
        stream = draw_stream(self.source, self.mode, self.seed, replication, self.weeks)
        if self.background is None:
            return stream
        return with_background(stream, self.source, self.background, self.seed, replication)


def replicate(job: Job, replication: int) -> Sample:
    """Draw one stream and run every plan on it: a pure function of `job` and `replication`."""
    stream = job.stream(replication)
    return tuple(measure_run(run_plan(plan, stream), job.context) for plan in job.plans)


class Engine(Protocol):
    """Runs replications and yields (number, sample) as they finish, in any order.

    Whoever wants it to stop sets the event it was made with: it then yields what is finished and ends. An exception in the middle
    of it, as Ctrl-C is by itself, may be lost in a compilation, which takes half a minute on a new machine, or leave a lock held.
    """

    def replications(self, job: Job, count: int) -> Iterator[tuple[int, Sample]]:
        """Yield the samples of replications 0 .. count-1."""


@dataclass(frozen=True, slots=True)
class OneProcess:
    """One replication after the other in the calling process."""

    stop: Event = field(default_factory=Event, compare=False)

    def replications(self, job: Job, count: int) -> Iterator[tuple[int, Sample]]:
        """Yield the samples in order."""
        for number in range(count):
            if self.stop.is_set():
                return
            yield number, replicate(job, number)


def _as_they_finish(begin: Callable[[int], Any], count: int, ahead: int, stop: Event) -> Iterator[tuple[int, Sample]]:
    """Yield samples in the order they finish, with no more than `ahead` handed out, until `stop` is set.

    Parameters
    ----------
    begin
        Hands out a replication and returns its future, of this library or of Dask.
    count, ahead
        Of replications, >= 1.
    stop
        Set by whoever wants no more.
    """
    finished: SimpleQueue[tuple[int, Any]] = SimpleQueue()

    def hand_out(number: int) -> None:
        begin(number).add_done_callback(lambda future: finished.put((number, future)))

    begun = 0 if stop.is_set() else min(ahead, count)
    for number in range(begun):
        hand_out(number)
    done = 0
    while done < count and not (stop.is_set() and finished.empty()):
        try:
            number, future = finished.get(timeout=LISTEN_EVERY_S)
        except Empty:
            continue
        done += 1
        if begun < count and not stop.is_set():
            hand_out(begun)
            begun += 1
        yield number, future.result()


@dataclass(frozen=True, slots=True)
class Threads:
    """Several threads of the calling process: the kernel runs outside the interpreter lock; nothing has to be started first."""

    workers: int = 2
    stop: Event = field(default_factory=Event, compare=False)

    def replications(self, job: Job, count: int) -> Iterator[tuple[int, Sample]]:
        """Yield the samples as they finish; closing the iterator drops what has not started and waits for nothing."""
        pool = ThreadPoolExecutor(self.workers)
        try:
            yield from _as_they_finish(lambda number: pool.submit(replicate, job, number), count, AHEAD * self.workers, self.stop)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


_job: Job | None = None


def _remember(job: Job) -> None:
    global _job
    _job = job
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer
    Thread(target=_leave_with_parent, daemon=True).start()


def _leave_with_parent() -> None:
    """End this worker when the process that began it is gone, even killed: nobody else would."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _replicate_remembered(number: int) -> Sample:
    if _job is None:
        raise RuntimeError("the worker was started without its job")
    return replicate(_job, number)


@dataclass(frozen=True, slots=True)
class Processes:
    """Several processes of this machine."""

    workers: int = 2
    stop: Event = field(default_factory=Event, compare=False)

    def replications(self, job: Job, count: int) -> Iterator[tuple[int, Sample]]:
        """Yield the samples as they finish; stopped or closed early, the processes are ended in the middle of their work."""
        others = multiprocessing.active_children()
        context = multiprocessing.get_context("spawn")
        pool = ProcessPoolExecutor(self.workers, mp_context=context, initializer=_remember, initargs=(job,))
        idle = False
        try:
            yield from _as_they_finish(
                lambda number: pool.submit(_replicate_remembered, number), count, AHEAD * self.workers, self.stop
            )
            idle = not self.stop.is_set()
        finally:
            for process in multiprocessing.active_children():
                if not idle and process not in others:
                    process.terminate()
            pool.shutdown(wait=True, cancel_futures=True)


@dataclass(frozen=True, slots=True)
class DaskCluster:
    """A Dask cluster, by the address of its scheduler (``host:port``)."""

    address: str
    stop: Event = field(default_factory=Event, compare=False)

    def replications(self, job: Job, count: int) -> Iterator[tuple[int, Sample]]:
        """Yield the samples as they finish on the cluster."""
        try:
            from distributed import Client
        except ImportError:
            message = N_("Running on a cluster needs Dask, which is not installed.")
            finding = Finding("missing-extra", "error", message, N_("Install it with: pip install 'qinwu[cluster]'"))
            raise QinwuError([finding]) from None
        try:
            client = Client(self.address, timeout=PATIENCE_S)
        except (OSError, ValueError):
            message, remedy = N_("The cluster {address} does not answer."), N_("Check its address, and that its scheduler runs.")
            raise QinwuError([Finding("no-cluster", "error", message, remedy, values={"address": self.address or "?"})]) from None
        with client:
            sent = client.scatter(job, broadcast=True)
            ahead = AHEAD * max(1, sum(client.ncores().values()))
            yield from _as_they_finish(lambda number: client.submit(replicate, sent, number, pure=False), count, ahead, self.stop)


def engine_named(name: str, processes: int, calls: int = 0, stop: Event | None = None) -> Engine:
    """Return the engine for ``--engine NAME``: ``local`` or ``dask://host:port``.

    Parameters
    ----------
    name
        ``local`` or ``dask://host:port``.
    processes
        Processes of this machine; 0 chooses: threads for small jobs, where starting processes costs more than it saves, else a
        process for each core.
    calls
        Calls to be simulated in all, to choose by.
    stop
        Set by whoever wants the engine to stop; nobody can, where it is not given.

    Raises
    ------
    QinwuError
        The name is neither.
    """
    stop = stop or Event()
    if name.startswith("dask://"):
        return DaskCluster(name.removeprefix("dask://"), stop)
    if name != "local":
        message = N_("There is no engine {name}.")
        remedy = N_("Use local or dask://host:port.")
        raise QinwuError([Finding("unknown-engine", "error", message, remedy, values={"name": name})])
    if processes > 0:
        return OneProcess(stop) if processes == 1 else Processes(processes, stop)
    cores = multiprocessing.cpu_count()
    return Threads(cores, stop) if calls < SMALL_JOB else Processes(cores, stop)


def column(samples: list[Sample], system: int) -> tuple[tuple[Key, ...], F64]:
    """Return the keys of one system and its (replications, keys) figures."""
    import numpy as np

    keys = tuple(samples[0][system])
    return keys, np.array([[sample[system].get(key, np.nan) for key in keys] for sample in samples])
