"""Sendings: a crew sent, asked, under way, there, done. Of two who want one crew exactly one gets it, and the other is told."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.db import IntegrityError, transaction

from qinwu.board import trail
from qinwu.board.clock import now
from qinwu.board.crew_names import NamedCrew
from qinwu.board.dispatch.partners import check_sworn
from qinwu.board.in_force import InForce, in_force
from qinwu.board.models import Call, CrewReport, Sending, TrailEntry
from qinwu.board.roster.in_crew import Book
from qinwu.board.words import STAMP_WORDS
from qinwu.findings import Finding, Place, QinwuError
from qinwu.language import N_, Language, translate

Stamp = Literal["acknowledged", "en_route", "arrived", "finished", "over"]
STAMPS: tuple[Stamp, ...] = ("acknowledged", "en_route", "arrived", "finished", "over")
CONFLICT = "sending.conflict"
"""Entry of the trail: somebody ordered a crew that somebody else had ordered a moment before."""


@dataclass(frozen=True, slots=True)
class Order:
    """One crew to be sent: its id, and how the response plan stood to it.

    `asks` says that the crew must be asked, not ordered, and answers within `answer_in_s` seconds (0: whenever it likes).
    `taken_from` is the number of a less urgent call that it leaves for this one.
    """

    crew: str
    tier: int
    way_s: float
    proposed: bool
    asks: bool = False
    answer_in_s: float = 0.0
    taken_from: str = ""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two ordered one crew: when, which crew, whose order came second for which call, and which call and whose order had it."""

    at: datetime
    crew: str
    by: str
    call: str
    held_by: str
    held_for: str


@dataclass(frozen=True, slots=True)
class _Stamps:
    """Stamps as a finding names them, each once."""

    names: tuple[str, ...]

    def in_language(self, language: Language) -> str:
        """Return them as people say them."""
        return ("、" if language == "zh" else ", ").join(
            translate(STAMP_WORDS[name], language) for name in dict.fromkeys(self.names)
        )


def send(force: InForce, call: Call, orders: Sequence[Order], by: str, reason: str = "") -> list[Sending]:
    """Send crews to a call, all or none.

    Parameters
    ----------
    force
        The duty system in force.
    call
        An open call.
    orders
        The crews.
    by, reason
        Who decided, and why somebody else goes than was proposed; a reason is required where any crew was not proposed.

    Raises
    ------
    QinwuError
        The call is closed, a crew is unknown, of auxiliaries only where that is unlawful, or on another call by now, or a reason is
        missing.
    """
    end_unanswered(now())
    if any(not order.proposed for order in orders) and not reason.strip():
        raise _refused(
            "no-reason", N_("Another crew goes than was proposed: the reason is missing."), N_("Say why in a few words.")
        )
    for order in orders:
        if force.crew(order.crew) < 0:
            message, remedy = N_("There is no crew {crew} in the duty system in force."), N_("Load the page again.")
            raise _refused("unknown-crew", message, remedy, crew=order.crew)
    check_sworn(force, call, [order.crew for order in orders])
    wanted = ""
    try:
        with transaction.atomic():
            trail.lock()
            if not Call.objects.filter(pk=call.pk, closed__isnull=True).exists():
                message, remedy = N_("Call {number} is closed by now."), N_("Load the page again.")
                raise _refused("call-closed", message, remedy, number=call.number)
            made = []
            for order in orders:
                wanted = order.crew
                made.append(_send_one(force, call, order, by, reason))
            return made
    except IntegrityError:
        pass  # the crew is on a call by now: told below, outside the transaction that came to nothing
    raise _conflict(call, wanted, by)


def _conflict(call: Call, crew: str, by: str) -> QinwuError:
    """Keep the attempt that came second, and return what its author is told."""
    named = NamedCrew(crew)
    with transaction.atomic():
        trail.lock()
        holds = Sending.objects.filter(crew=crew, over__isnull=True).select_related("call").first()
        if holds is None:
            return _refused("crew-taken", N_("Crew {crew} was on another call a moment ago."), N_("Send it again."), crew=named)
        number = holds.call.number
        if holds.call_id == call.pk:
            return _refused("already-sent", N_("Crew {crew} is on this call already."), N_("Load the page again."), crew=named)
        orders = TrailEntry.objects.filter(subject=number, action__in=("sending.send", "sending.request")).order_by("-number")
        first = next((entry.actor for entry in orders if json.loads(entry.content).get("crew") == crew), "")
        trail.record(by, CONFLICT, call.number, crew=crew, held_by=first, held_for=number)
    message = N_("Crew {crew} has been sent to call {number} by {name} a moment ago.")
    return _refused("crew-taken", message, N_("Look at the new proposal."), crew=named, number=number, name=first)


def conflicts_since(since: datetime) -> list[Conflict]:
    """Return when two ordered one crew, newest first."""
    entries = TrailEntry.objects.filter(action=CONFLICT, at__gte=since).order_by("-number")
    told = ((entry, json.loads(entry.content)) for entry in entries)
    return [
        Conflict(entry.at, words["crew"], entry.actor, entry.subject, words["held_by"], words["held_for"]) for entry, words in told
    ]


def end_unanswered(at: datetime) -> None:
    """End the requests that nobody answered in time, as whoever looks next does; the crew is not proposed to that call again."""
    late = Sending.objects.filter(over__isnull=True, dispatched__isnull=True, answer_by__lte=at)
    if not late.exists():
        return
    with transaction.atomic():
        trail.lock()
        for sending in late.select_related("call"):
            sending.over, sending.ended = sending.answer_by, "timed_out"
            sending.save(update_fields=["over", "ended"])
            asked = sending.requested.isoformat() if sending.requested else ""
            trail.record("system", "sending.time_out", sending.call.number, crew=sending.crew, requested=asked)


def _send_one(force: InForce, call: Call, order: Order, by: str, reason: str) -> Sending:
    at = now()
    people = Book.of(force, at).strength(force.crew(order.crew), at).people
    started: dict[str, datetime | None] = {"requested": at} if order.asks else {"dispatched": at}
    if order.asks and order.answer_in_s:
        started["answer_by"] = at + timedelta(seconds=order.answer_in_s)
    if order.taken_from:
        _take_off(order, call, by, at)
    sending = Sending.objects.create(
        call=call,
        crew=order.crew,
        people=people,
        tier=order.tier,
        way_s=order.way_s,
        proposed=order.proposed,
        reason=reason,
        **started,
    )
    action = "sending.request" if order.asks else "sending.send"
    trail.record(by, action, call.number, crew=order.crew, tier=order.tier, proposed=order.proposed, reason=reason)
    return sending


def _take_off(order: Order, call: Call, by: str, at: datetime) -> None:
    """Take a crew off the less urgent call that it leaves; that call waits again, and may have the same crew later."""
    for left in Sending.objects.filter(crew=order.crew, call__number=order.taken_from, over__isnull=True):
        left.over, left.ended = at, "taken"
        left.save(update_fields=["over", "ended"])
        trail.record(by, "sending.take", order.taken_from, crew=order.crew, to=call.number)


def answer(sending: Sending, accepted: bool, by: str, reason: str = "") -> None:
    """Answer a request: the crew goes, or it is free for other calls and is not proposed to this one again.

    Raises
    ------
    QinwuError
        It was answered before, or its time has run out.
    """
    end_unanswered(now())
    with transaction.atomic():
        trail.lock()
        sending.refresh_from_db()
        if sending.ended == "timed_out":
            raise _refused("timed-out", N_("The time for an answer has run out."), N_("Look at the new proposal."))
        if sending.over is not None or sending.dispatched is not None:
            raise _refused("answered", N_("This request has been answered already."), N_("Load the page again."))
        if accepted:
            sending.dispatched = now()
        else:
            sending.over, sending.ended, sending.reason = now(), "refused", reason
        sending.save()
        trail.record(by, "sending.accept" if accepted else "sending.refuse", sending.call.number, crew=sending.crew, reason=reason)


def stamp(sending: Sending, which: Stamp, by: str, at: datetime | None = None, place: str = "") -> Sending:
    """Stamp a sending; pressing a button twice changes nothing.

    Parameters
    ----------
    sending
        A crew on its way to a call, or there.
    which
        ``acknowledged``, ``en_route``, ``arrived``, ``finished`` at the scene, or ``over`` and free.
    by
        Who pressed the button.
    at
        When it happened where that is not now; a stamp given later says so in the trail.
    place
        Atom where the crew is from now on.

    Raises
    ------
    QinwuError
        The crew was never sent or has been taken off, or the time is not between the stamps before and after.
    """
    with transaction.atomic():
        trail.lock()
        sending.refresh_from_db()
        if getattr(sending, which) is not None:
            return sending
        if sending.over is not None and sending.ended != "done":
            raise _refused("off-call", N_("This crew has been taken off that call."), N_("Load the page again."))
        moment = at or now()
        _check_order(sending, which, moment)
        setattr(sending, which, moment)
        if which == "over":
            sending.ended = sending.ended or "done"
        sending.save()
        CrewReport.objects.update_or_create(
            crew=sending.crew, defaults={"at": moment, "atom": place or _place_of(sending, which), "off_until": None}
        )
        late = {} if at is None else {"given": now().isoformat()}
        trail.record(by, "sending.stamp", sending.call.number, crew=sending.crew, stamp=which, at=moment.isoformat(), **late)
    return sending


def _place_of(sending: Sending, which: Stamp) -> str:
    """Return the atom a stamp implies: that of the call from arrival on."""
    if which in ("arrived", "finished", "over") and sending.arrived is not None:
        return sending.call.atom
    known = CrewReport.objects.filter(crew=sending.crew).first()
    return known.atom if known else ""


def _check_order(sending: Sending, which: Stamp, moment: datetime) -> None:
    """Refuse a stamp of a crew never sent, or one that runs backwards."""
    if sending.dispatched is None:
        raise _refused(
            "not-sent", N_("This crew has not been sent: it was asked and has not answered."), N_("Answer the request first.")
        )
    zone = in_force().zone
    earlier = [sending.requested, sending.dispatched, *(getattr(sending, name) for name in STAMPS[: STAMPS.index(which)])]
    last = max((each for each in earlier if each is not None), default=moment)
    if moment < last:
        message, remedy = N_("The stamp comes before an earlier one, of {time}."), N_("Give a later time.")
        raise _refused("stamp-order", message, remedy, time=last.astimezone(zone).strftime("%H:%M:%S"))
    later = (getattr(sending, name) for name in STAMPS[STAMPS.index(which) + 1 :])
    first = min((each for each in later if each is not None), default=moment)
    if moment > first:
        message, remedy = N_("The stamp comes after a later one, of {time}."), N_("Say when the call is closed why it is missing.")
        raise _refused("stamp-order", message, remedy, time=first.astimezone(zone).strftime("%H:%M:%S"))


def to_come(sending: Sending) -> tuple[Stamp, ...]:
    """Return the stamps that a crew may give now: those that follow the last one given."""
    return STAMPS[max((at for at, name in enumerate(STAMPS) if getattr(sending, name) is not None), default=-1) + 1 :]


def close(call: Call, result: str, by: str, missing: str = "") -> None:
    """Close a call; stamps that its first crew did not give must be given, or their absence explained in `missing`.

    Raises
    ------
    QinwuError
        It is closed already, a crew is still on it, or stamps are missing and nothing says why.
    """
    with transaction.atomic():
        trail.lock()
        call.refresh_from_db()
        if call.closed is not None:
            raise _refused("call-closed", N_("Call {number} is closed by now."), N_("Load the page again."), number=call.number)
        sendings = list(call.sendings.all())
        if any(each.over is None for each in sendings):
            raise _refused("crew-on-call", N_("A crew is still on this call."), N_("Stamp it free first."))
        lacking = [name for each in sendings if each.ended == "done" for name in missing_stamps(each)]
        if lacking and not missing.strip():
            message = N_("Stamps are missing: {stamps}.")
            raise _refused("stamps-missing", message, N_("Give them, or say why they are missing."), stamps=_Stamps(tuple(lacking)))
        call.closed, call.result, call.missing = now(), result, missing
        call.save(update_fields=["closed", "result", "missing"])
        trail.record(by, "call.close", call.number, result=result, missing=missing)


def missing_stamps(sending: Sending) -> list[str]:
    """Return which of the stamps of a crew that was done with a call are missing."""
    return [name for name in ("acknowledged", "en_route", "arrived") if getattr(sending, name) is None]


def withdraw(sending: Sending, by: str, reason: str) -> None:
    """Take a crew off a call before it is done; it is free at once and not proposed to this call again.

    Raises
    ------
    QinwuError
        The reason is missing.
    """
    if not reason.strip():
        raise _refused("no-reason", N_("The reason is missing."), N_("Say why in a few words."))
    with transaction.atomic():
        trail.lock()
        sending.refresh_from_db()
        if sending.over is None:
            sending.over, sending.ended, sending.reason = now(), "withdrawn", reason
            sending.save()
            trail.record(by, "sending.withdraw", sending.call.number, crew=sending.crew, reason=reason)


def _refused(code: str, message: str, remedy: str, **values: object) -> QinwuError:
    return QinwuError([Finding(code, "error", message, remedy, Place(), values)])
