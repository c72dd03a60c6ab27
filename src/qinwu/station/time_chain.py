"""Time chain: the six stamps of one call in order, the delay of each, and which are missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from qinwu.station.calls import STAMPS


@dataclass(frozen=True, slots=True)
class Link:
    """One stamp of a call.

    Parameters
    ----------
    stamp
        One of :data:`qinwu.station.calls.STAMPS`.
    at
        When it was given; None where it is missing.
    delay_s
        Seconds since the last stamp before it that was given; None for the first, and where it is missing.
    since_received_s
        Seconds since the call came in; None where it is missing.
    """

    stamp: str
    at: datetime | None
    delay_s: float | None
    since_received_s: float | None


def time_chain(row: Mapping[str, Any]) -> tuple[Link, ...]:
    """Return the chain of a call.

    Parameters
    ----------
    row
        A row of the table of calls; ``received`` is there, the others may be None.

    Examples
    --------
    >>> from datetime import timedelta
    >>> rung = datetime(2026, 3, 4, 10)
    >>> chain = time_chain({"received": rung, "dispatched": rung + timedelta(seconds=40), "arrived": rung + timedelta(seconds=300)})
    >>> [(link.stamp, link.delay_s) for link in chain if link.at]
    [('received', None), ('dispatched', 40.0), ('arrived', 260.0)]
    """
    links: list[Link] = []
    received = before = row["received"]
    for stamp in STAMPS:
        at = row.get(stamp)
        if at is None or stamp == "received":
            links.append(Link(stamp, at, None, 0.0 if at else None))
            continue
        links.append(Link(stamp, at, (at - before).total_seconds(), (at - received).total_seconds()))
        before = at
    return tuple(links)
