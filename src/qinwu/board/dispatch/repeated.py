"""Repeated: which open calls a new one may be a second report of; learnt from the station's own record, decided by people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from qinwu.board.in_force import InForce
from qinwu.board.models import Call
from qinwu.forecast.leads.live import LEAST_SAID, OpenCall, duplicates_of

FIRST_MONDAY = datetime(1970, 1, 5)


@dataclass(frozen=True, slots=True)
class Repeated:
    """An open call that a new one may repeat; `probability` None where the record is too short to say one, or not learnt yet."""

    call: Call
    probability: float | None


def repeated_by(force: InForce, call: Call, others: Iterable[Call]) -> list[Repeated]:
    """Return the open calls that a call may repeat, likeliest first.

    Those of the same place and class are always among them, however improbable the record makes it: whoever took both knows best.
    Where nothing was learnt, or not yet, they are the only ones: no call waits for a large record to be read.
    """
    learnt = force.duplicates_by_now()
    if learnt is None:
        return [Repeated(other, None) for other in others if _alike(call, other)]
    by_number = {other.number: other for other in others if other.atom in force.atoms}
    found = duplicates_of(_open(force, call), [_open(force, other) for other in by_number.values()], learnt, 0.0)
    named = [Repeated(by_number[one.id], one.probability) for one in found]
    return [one for one in named if (one.probability or 0.0) >= LEAST_SAID or _alike(call, one.call)]


def _alike(call: Call, other: Call) -> bool:
    return (other.atom, other.call_class) == (call.atom, call.call_class)


def _open(force: InForce, call: Call) -> OpenCall:
    x, y = force.station.area.xy_m[force.atoms[call.atom]]
    local = call.received.astimezone(force.zone).replace(tzinfo=None)
    return OpenCall(call.number, (local - FIRST_MONDAY).total_seconds(), float(x), float(y), call.call_class)
