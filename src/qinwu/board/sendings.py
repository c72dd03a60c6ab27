"""Sendings: a crew sent, asked, under way, there, done. Of two who want one crew exactly one gets it, and the other is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db import IntegrityError, transaction

from qinwu.board import trail
from qinwu.board.clock import now
from qinwu.board.in_force import InForce
from qinwu.board.models import Call, CrewReport, Sending
from qinwu.findings import Finding, Place, QinwuError
from qinwu.language import N_

Stamp = Literal["acknowledged", "en_route", "arrived", "finished", "over"]
STAMPS: tuple[Stamp, ...] = ("acknowledged", "en_route", "arrived", "finished", "over")


@dataclass(frozen=True, slots=True)
class Order:
    """One crew to be sent: its id, and how the response plan stood to it; `asks` where the crew must be asked, not ordered."""

    crew: str
    tier: int
    way_s: float
    proposed: bool
    asks: bool = False


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
        The call is closed, a crew is unknown or on another call by now, or a reason is missing.
    """
    if any(not order.proposed for order in orders) and not reason.strip():
        raise _refused(
            "no-reason", N_("Another crew goes than was proposed: the reason is missing."), N_("Say why in a few words.")
        )
    for order in orders:
        if force.crew(order.crew) < 0:
            message, remedy = N_("There is no crew {crew} in the duty system in force."), N_("Load the page again.")
            raise _refused("unknown-crew", message, remedy, crew=order.crew)
    taken = order_taken = ""
    try:
        with transaction.atomic():
            trail.lock()
            if not Call.objects.filter(pk=call.pk, closed__isnull=True).exists():
                message, remedy = N_("Call {number} is closed by now."), N_("Load the page again.")
                raise _refused("call-closed", message, remedy, number=call.number)
            made = []
            for order in orders:
                order_taken = order.crew
                made.append(_send_one(force, call, order, by, reason))
            return made
    except IntegrityError:
        taken = order_taken
    message, remedy = N_("Crew {crew} has been sent elsewhere a moment ago."), N_("Look at the new proposal.")
    raise _refused("crew-taken", message, remedy, crew=taken)


def _send_one(force: InForce, call: Call, order: Order, by: str, reason: str) -> Sending:
    at = now()
    people = int(force.plan.crew.people[force.crew(order.crew)])
    started = {"requested": at} if order.asks else {"dispatched": at}
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


def answer(sending: Sending, accepted: bool, by: str, reason: str = "") -> None:
    """Answer a request: the crew goes, or it is free for other calls and is not proposed to this one again."""
    with transaction.atomic():
        trail.lock()
        sending.refresh_from_db()
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
        The crew was never sent, or the time comes before a stamp that it follows.
    """
    with transaction.atomic():
        trail.lock()
        sending.refresh_from_db()
        if getattr(sending, which) is not None:
            return sending
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
    if sending.dispatched is None and which != "over":
        raise _refused(
            "not-sent", N_("This crew has not been sent: it was asked and has not answered."), N_("Answer the request first.")
        )
    earlier = [sending.requested, sending.dispatched, *(getattr(sending, name) for name in STAMPS[: STAMPS.index(which)])]
    last = max((each for each in earlier if each is not None), default=moment)
    if moment < last:
        message, remedy = N_("The stamp comes before an earlier one, of {time}."), N_("Give a later time.")
        raise _refused("stamp-order", message, remedy, time=last.strftime("%H:%M:%S"))


def close(call: Call, result: str, by: str, missing: str = "") -> None:
    """Close a call; stamps that its first crew did not give must be given, or their absence explained in `missing`.

    Raises
    ------
    QinwuError
        A crew is still on it, or stamps are missing and nothing says why.
    """
    with transaction.atomic():
        trail.lock()
        sendings = list(call.sendings.all())
        if any(each.over is None for each in sendings):
            raise _refused("crew-on-call", N_("A crew is still on this call."), N_("Stamp it free first."))
        lacking = [name for each in sendings if each.ended == "done" for name in missing_stamps(each)]
        if lacking and not missing.strip():
            message = N_("Stamps are missing: {stamps}.")
            raise _refused("stamps-missing", message, N_("Give them, or say why they are missing."), stamps=", ".join(lacking))
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
