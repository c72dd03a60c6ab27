"""Engines: where replications run. One interface; one process, several, or a Dask cluster give the same bytes."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from typing import Protocol

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
    """Runs replications and yields (number, sample) as they finish, in any order."""

    def replications(self, job: Job, count: int) -> Iterator[tuple[int, Sample]]:
        """Yield the samples of replications 0 .. count-1."""


class OneProcess:
    """One replication after the other in the calling process."""

    def replications(self, job: Job, count: int) -> Iterator[tuple[int, Sample]]:
        """Yield the samples in order."""
        for number in range(count):
            yield number, replicate(job, number)


@dataclass(frozen=True, slots=True)
class Threads:
    """Several threads of the calling process: the kernel runs outside the interpreter lock; nothing has to be started first."""

    workers: int = 2

    def replications(self, job: Job, count: int) -> Iterator[tuple[int, Sample]]:
        """Yield the samples as they finish; closing the iterator drops what has not started."""
        pool = ThreadPoolExecutor(self.workers)
        try:
            numbers = {pool.submit(replicate, job, number): number for number in range(count)}
            for future in as_completed(numbers):
                yield numbers[future], future.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


_job: Job | None = None


def _remember(job: Job) -> None:
    global _job
    _job = job
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer


def _replicate_remembered(number: int) -> tuple[int, Sample]:
    if _job is None:
        raise RuntimeError("the worker was started without its job")
    return number, replicate(_job, number)


@dataclass(frozen=True, slots=True)
class Processes:
    """Several processes of this machine."""

    workers: int = 2

    def replications(self, job: Job, count: int) -> Iterator[tuple[int, Sample]]:
        """Yield the samples as they finish; closing the iterator drops what has not started."""
        context = multiprocessing.get_context("spawn")
        pool = ProcessPoolExecutor(self.workers, mp_context=context, initializer=_remember, initargs=(job,))
        try:
            for future in as_completed([pool.submit(_replicate_remembered, number) for number in range(count)]):
                yield future.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


@dataclass(frozen=True, slots=True)
class DaskCluster:
    """A Dask cluster, by the address of its scheduler (``host:port``)."""

    address: str

    def replications(self, job: Job, count: int) -> Iterator[tuple[int, Sample]]:
        """Yield the samples as they finish on the cluster."""
        try:
            from distributed import Client
            from distributed import as_completed as as_they_finish
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
            numbers = {client.submit(replicate, sent, number, pure=False): number for number in range(count)}
            for future in as_they_finish(list(numbers)):
                yield numbers[future], future.result()


def engine_named(name: str, processes: int, calls: int = 0) -> Engine:
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

    Raises
    ------
    QinwuError
        The name is neither.
    """
    if name.startswith("dask://"):
        return DaskCluster(name.removeprefix("dask://"))
    if name != "local":
        message = N_("There is no engine {name}.")
        remedy = N_("Use local or dask://host:port.")
        raise QinwuError([Finding("unknown-engine", "error", message, remedy, values={"name": name})])
    if processes > 0:
        return OneProcess() if processes == 1 else Processes(processes)
    cores = multiprocessing.cpu_count()
    return Threads(cores) if calls < SMALL_JOB else Processes(cores)


def column(samples: list[Sample], system: int) -> tuple[tuple[Key, ...], F64]:
    """Return the keys of one system and its (replications, keys) figures."""
    import numpy as np

    keys = tuple(samples[0][system])
    return keys, np.array([[sample[system].get(key, np.nan) for key in keys] for sample in samples])
