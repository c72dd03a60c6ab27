"""Asking: what became of requests to crews that are asked, not ordered: agreed, refused, left without an answer (M70, M73)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from qinwu.board.models import Sending
from qinwu.language import N_

OUTCOMES: dict[str, str] = {
    "agreed": N_("agreed"),
    "refused": N_("refused"),
    "timed_out": N_("no answer in time"),
    "waiting": N_("waits for an answer"),
    "withdrawn": N_("taken off"),
}


@dataclass(frozen=True, slots=True)
class Request:
    """One request: which crew, for which call, what became of it, and after how many minutes (None while it waits)."""

    crew: str
    call: str
    outcome: str
    minutes: float | None


@dataclass(frozen=True, slots=True)
class Asked:
    """Requests of some time, the newest first, how many ended in which way, and the median minutes until an answer (None: none)."""

    requests: tuple[Request, ...]
    counts: dict[str, int]
    median_min: float | None


def asked_since(since: datetime) -> Asked:
    """Return what became of requests for calls that came in since a time."""
    found = Sending.objects.filter(call__received__gte=since, requested__isnull=False).select_related("call")
    requests = tuple(_request(one) for one in found.order_by("-requested", "-pk"))
    counts = {name: sum(one.outcome == name for one in requests) for name in OUTCOMES}
    answered = [one.minutes for one in requests if one.outcome in ("agreed", "refused") and one.minutes is not None]
    return Asked(
        requests, {name: count for name, count in counts.items() if count}, float(np.median(answered)) if answered else None
    )


def _request(sending: Sending) -> Request:
    ended = sending.dispatched or sending.over
    unanswered = "waiting" if sending.over is None else "withdrawn"
    outcome = "agreed" if sending.dispatched else sending.ended if sending.ended in OUTCOMES else unanswered
    minutes = (ended - sending.requested).total_seconds() / 60.0 if ended and sending.requested else None
    return Request(sending.crew, sending.call.number, outcome, minutes)
