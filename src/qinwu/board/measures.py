"""Measures: what the operator of the machine watches, in the words of Prometheus. Counts of things, never of people.

Latencies and listeners are counted in the memory of the process; everything else is asked of the database when it is read. Several
processes share the former through ``PROMETHEUS_MULTIPROC_DIR``, as prometheus_client documents.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from django.db import connection
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from prometheus_client import CollectorRegistry, Gauge, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from qinwu.board.models import Call, Job, Sending
from qinwu.board.trail import last_number

SHARED = "PROMETHEUS_MULTIPROC_DIR"
PROCESS = CollectorRegistry()
LATENCY = Histogram(
    "qinwu_request_seconds",
    "Time from a request to the beginning of its answer",
    ["view", "method", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.5, 5.0, 10.0),
    registry=PROCESS,
)
LISTENERS = Gauge("qinwu_listeners", "Open pages that listen for changes", registry=PROCESS, multiprocess_mode="livesum")


class BoardCollector(Collector):
    """What the database knows."""

    def collect(self) -> Iterable[Metric]:
        """Yield calls, sendings, jobs, the trail and the size of the database."""
        yield CounterMetricFamily("qinwu_calls_taken", "Calls the board keeps", value=Call.objects.count())
        waiting = GaugeMetricFamily("qinwu_open_calls", "Open calls, repeats left out", labels=["priority"])
        opened = Call.objects.filter(closed__isnull=True, same_as__isnull=True).order_by().values_list("priority")
        found = dict(opened.annotate(calls=Count("pk")))
        for priority in (1, 2, 3, 4):
            waiting.add_metric([str(priority)], found.get(priority, 0))
        yield waiting
        yield CounterMetricFamily("qinwu_sendings", "Crews sent or asked", value=Sending.objects.count())
        jobs = GaugeMetricFamily("qinwu_jobs", "Jobs in the background", labels=["state"])
        for state, count in Job.objects.order_by().values_list("state").annotate(jobs=Count("pk")):
            jobs.add_metric([state], count)
        yield jobs
        yield CounterMetricFamily("qinwu_trail_entries", "Entries of the trail", value=last_number())
        yield GaugeMetricFamily("qinwu_database_bytes", "Size of the database", value=database_bytes())


def database_bytes() -> int:
    """Return how much room the database takes, what is not yet written home included."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_database_size(current_database())")
            return int(cursor.fetchone()[0])
    file = Path(str(connection.settings_dict["NAME"]))
    return sum(part.stat().st_size for part in (file, file.with_name(file.name + "-wal")) if part.exists())


def text() -> bytes:
    """Return all measures as Prometheus reads them."""
    board = CollectorRegistry()
    board.register(BoardCollector())
    process: CollectorRegistry = PROCESS
    if os.environ.get(SHARED):
        process = CollectorRegistry()
        MultiProcessCollector(process)  # type: ignore[no-untyped-call]  # the package has no types here
    return generate_latest(process) + generate_latest(board)


class MeasureMiddleware:
    """Measure how long every page takes, by the name of its address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer as the page does."""
        began = time.perf_counter()
        answer = self.get_response(request)
        match = request.resolver_match
        view = match.view_name if match is not None else "none"
        method = request.method if request.method in ("GET", "POST") else "other"
        LATENCY.labels(view or "none", method, str(answer.status_code)).observe(time.perf_counter() - began)
        return answer
