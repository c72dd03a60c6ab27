"""Requests of residents: a class, a place, when received; to be replied to within 72 hours. Who asked is not kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from django.db.models import QuerySet

from qinwu.board.clock import now
from qinwu.board.dispatch.calls import SKEW
from qinwu.board.in_force import InForce
from qinwu.board.models import Task
from qinwu.board.typed import form_finding
from qinwu.board.words import REQUESTS
from qinwu.board.work import tasks
from qinwu.findings import raise_on_errors
from qinwu.language import N_
from qinwu.simulate.measures.value import quantiles

REPLY = timedelta(hours=72)
"""Within which a request must be replied to."""
LOOKED_AT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Replied:
    """Requests replied to in the last 30 days: how many, of them in time, and median and 90th percentile in hours."""

    count: int
    in_time: int
    median_h: float
    p90_h: float


def receive(force: InForce, name: str, atom: str, received: datetime, by: str) -> Task:
    """Keep a request.

    Raises
    ------
    QinwuError
        With everything that is wrong; nothing is kept then.
    """
    wrong = []
    remedy = N_("Choose from the list.")
    if name not in REQUESTS:
        wrong.append(form_finding("unknown-class", "request_class", N_("{word} is not in the list."), remedy, word=name))
    if atom not in force.plan.atoms:
        wrong.append(form_finding("unknown-atom", "atom", N_("{word} is no place of this station."), remedy, word=atom))
    if received > now() + SKEW:
        message, later = N_("The request is said to come in the future."), N_("Give the time at which it came.")
        wrong.append(form_finding("future-time", "received", message, later))
    raise_on_errors(wrong)
    beat = tasks.beat_of(force, atom)
    fields: dict[str, Any] = {"opened": received, "due": received + REPLY, "origin": "resident", "minutes": 20}
    return tasks.keep(by, title=name, kind="request", beat=beat, atom=atom, **fields)


def waiting() -> QuerySet[Task]:
    """Return requests without a reply, the latest late first."""
    return Task.objects.filter(kind="request", done__isnull=True).order_by("due", "id")


def replied() -> Replied:
    """Return how replies of the last 30 days kept the time."""
    ended = Task.objects.filter(kind="request", done__gte=now() - LOOKED_AT).exclude(result="called_off")
    pairs = [(done, opened, due) for done, opened, due in ended.values_list("done", "opened", "due") if done is not None]
    hours = np.array([(done - opened).total_seconds() / 3600.0 for done, opened, _ in pairs])
    median, p90 = quantiles(hours, (0.5, 0.9))
    return Replied(len(pairs), sum(done <= due for done, _, due in pairs), median, p90)
