"""Calls: taken once however often the form is sent, checked against the station, closed when everything is known."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from qinwu.board import trail
from qinwu.board.clock import now
from qinwu.board.in_force import InForce
from qinwu.board.models import Call
from qinwu.findings import Finding, Place, QinwuError, did_you_mean, raise_on_errors
from qinwu.language import N_

SKEW = timedelta(minutes=2)
"""Clocks of two machines may differ by so much before a time counts as in the future."""
OLDEST = timedelta(days=7)
MOST_PEOPLE = 12


@dataclass(frozen=True, slots=True)
class Taken:
    """What a call-taker entered: class and place as ids of the station, local or zoned time, and a key that names the form."""

    key: uuid.UUID
    call_class: str
    atom: str
    received: datetime
    priority: int | None = None
    people: int | None = None
    origin: str = "resident"


def take(force: InForce, taken: Taken, by: str) -> Call:
    """Keep a call, or return the one that this form made before.

    Raises
    ------
    QinwuError
        With everything that is wrong with what was entered; nothing is kept then.
    """
    raise_on_errors(list(problems(force, taken, now())))
    try:
        with transaction.atomic():
            trail.lock()
            known = Call.objects.filter(key=taken.key).first()
            return known or _keep(force, taken, by)
    except IntegrityError:
        return Call.objects.get(key=taken.key)


def _keep(force: InForce, taken: Taken, by: str) -> Call:
    day = taken.received.astimezone(force.zone).strftime("%Y%m%d")
    number = f"{day}-{Call.objects.filter(number__startswith=day).count() + 1:04d}"
    call = Call.objects.create(
        key=taken.key,
        number=number,
        received=taken.received,
        entered=max(now(), taken.received),
        call_class=taken.call_class,
        priority=taken.priority or force.classes[taken.call_class].priority,
        atom=taken.atom,
        people=taken.people,
        origin=taken.origin,
    )
    values = {"class": call.call_class, "priority": call.priority, "atom": call.atom, "people": call.people}
    trail.record(by, "call.take", number, received=call.received.isoformat(), **values)
    return call


def problems(force: InForce, taken: Taken, at: datetime) -> Iterator[Finding]:
    """Yield everything that is wrong with what was entered."""
    for key, word, known, message in (
        ("call_class", taken.call_class, force.plan.call_classes, N_("There is no call class {word}.")),
        ("atom", taken.atom, force.plan.atoms, N_("{word} is no place of this station: the call lies outside its area.")),
    ):
        if word not in known:
            near = did_you_mean(word, known)
            remedy = N_("Did you mean {near}?") if near else N_("Choose from the list.")
            yield Finding(f"unknown-{key}", "error", message, remedy, Place(key=key), {"word": word, "near": near})
    if taken.received > at + SKEW:
        message, remedy = N_("The call is said to come in the future, at {time}."), N_("Give the time at which the phone rang.")
        yield Finding("future-time", "error", message, remedy, Place(key="received"), {"time": _clock(taken.received)})
    if taken.received < at - OLDEST:
        message = N_("The call is said to have come at {time}, more than a week ago.")
        remedy = N_("Put old calls into the station's call files.")
        yield Finding("old-time", "error", message, remedy, Place(key="received"), {"time": _clock(taken.received)})
    if taken.priority is not None and taken.priority not in (1, 2, 3, 4):
        message, remedy = N_("There is no priority {word}."), N_("Give 1 (most urgent) to 4.")
        yield Finding("unknown-priority", "error", message, remedy, Place(key="priority"), {"word": taken.priority})
    if taken.people is not None and not 1 <= taken.people <= MOST_PEOPLE:
        message, remedy = N_("{count} officers cannot be asked for."), N_("Give 1 to 12, or leave it to the class.")
        yield Finding("wrong-people", "error", message, remedy, Place(key="people"), {"count": taken.people})


def _clock(time: datetime) -> str:
    return time.strftime("%Y-%m-%d %H:%M")


def correct(force: InForce, call: Call, call_class: str, atom: str, by: str) -> None:
    """Give an open call another class or place, and with another class its priority; the trail keeps both.

    Raises
    ------
    QinwuError
        The call is closed, or class or place are none of this station.
    """
    taken = Taken(call.key, call_class, atom, call.received, people=call.people)
    raise_on_errors([one for one in problems(force, taken, now()) if one.code != "old-time"])
    with transaction.atomic():
        trail.lock()
        call.refresh_from_db()
        if call.closed is not None:
            raise QinwuError([_closed(call)])
        before = {"class": call.call_class, "priority": call.priority, "atom": call.atom}
        if call_class != call.call_class:
            call.call_class, call.priority = call_class, force.classes[call_class].priority
        call.atom = atom
        call.save(update_fields=["call_class", "priority", "atom"])
        values = {"class": call.call_class, "priority": call.priority, "atom": call.atom}
        trail.record(by, "call.correct", call.number, before=before, **values)


def repeats(call: Call, of: Call, by: str) -> None:
    """Confirm that `call` is another caller's report of the incident of `of`: it leaves the queue and keeps its own stamps.

    Raises
    ------
    QinwuError
        One of the two is closed by now, they are one, or a crew was sent to `call` already.
    """
    with transaction.atomic():
        trail.lock()
        for each in (call, of):
            each.refresh_from_db()
            if each.closed is not None:
                raise QinwuError([_closed(each)])
        if call.pk == of.pk or call.sendings.exists():
            message, remedy = N_("Call {number} cannot be counted as a repeat: a crew was sent to it."), N_("Close it as it is.")
            raise QinwuError([Finding("not-a-repeat", "error", message, remedy, Place(), {"number": call.number})])
        call.same_as, call.closed, call.result = of, now(), "repeat"
        call.save(update_fields=["same_as", "closed", "result"])
        trail.record(by, "call.repeats", call.number, of=of.number)


def _closed(call: Call) -> Finding:
    message, remedy = N_("Call {number} is closed by now."), N_("Load the page again.")
    return Finding("call-closed", "error", message, remedy, Place(), {"number": call.number})
