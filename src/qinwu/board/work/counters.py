"""Counters: service points, numbers drawn and called, and how long people wait. Nobody's name, only numbers (M18)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from math import ceil

from django.db import transaction
from django.db.models import Max, QuerySet

from qinwu.board import trail
from qinwu.board.beat.judged import Once
from qinwu.board.clock import now
from qinwu.board.in_force import InForce
from qinwu.board.models import ServicePoint, Ticket
from qinwu.board.typed import form_finding
from qinwu.board.work.recurring import today
from qinwu.findings import QinwuError, raise_on_errors
from qinwu.language import N_
from qinwu.plan.posts.aims import Aims
from qinwu.plan.posts.line import Line, Visit, Waited, line_of, waited
from qinwu.plan.posts.scene import PostScene, post_scene
from qinwu.plan.posts.service import crews_left, response_without
from qinwu.station.guards import masked

BUSINESS = {
    "household": N_("household registration"),
    "identity_card": N_("identity cards"),
    "certificate": N_("certificates and proofs"),
    "permit": N_("permits"),
    "report": N_("reports and lost property"),
    "other": N_("other"),
}
"""What people come for."""
WEEKDAYS = "0123456"
LOOKED_AT = timedelta(days=28)
EARLY = timedelta(minutes=30)
"""Numbers may be drawn so long before a point opens."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A service point as somebody writes it."""

    title: str
    atom: str
    weekdays: str
    opens: time
    closes: time
    counters: int


@dataclass(frozen=True, slots=True)
class Standing:
    """A point as it stands: who waits, who is served, how the day went, and how its line usually runs."""

    point: ServicePoint
    open_now: bool
    waiting: tuple[Ticket, ...]
    serving: tuple[Ticket, ...]
    today: Waited
    usual: Line
    never_ended: int


def make(force: InForce, wanted: Wanted, by: str) -> ServicePoint:
    """Open a service point.

    Raises
    ------
    QinwuError
        With everything that is wrong; nothing is kept then.
    """
    wrong = []
    if not wanted.title.strip():
        wrong.append(form_finding("no-title", "title", N_("A name is missing."), N_("Fill it in.")))
    if ServicePoint.objects.filter(title=masked(wanted.title)[:60]).exists():
        wrong.append(form_finding("title-taken", "title", N_("There is a service point of this name."), N_("Take another name.")))
    if wanted.atom not in force.plan.atoms:
        message = N_("{word} is no place of this station.")
        wrong.append(form_finding("unknown-atom", "atom", message, N_("Choose from the list."), word=wanted.atom))
    if not wanted.weekdays or set(wanted.weekdays) - set(WEEKDAYS):
        wrong.append(form_finding("no-weekdays", "weekdays", N_("No weekday is chosen."), N_("Choose at least one.")))
    if wanted.closes <= wanted.opens:
        wrong.append(form_finding("closes-first", "closes", N_("It closes before it opens."), N_("Give a later time.")))
    raise_on_errors(wrong)
    with transaction.atomic():
        trail.lock()
        point = ServicePoint.objects.create(
            title=masked(wanted.title)[:60],
            atom=wanted.atom,
            weekdays="".join(sorted(set(wanted.weekdays))),
            opens=wanted.opens,
            closes=wanted.closes,
            counters=wanted.counters,
        )
        hours = f"{wanted.opens:%H:%M}-{wanted.closes:%H:%M}"
        trail.record(by, "point.open", point.title, atom=point.atom, weekdays=point.weekdays, hours=hours, counters=point.counters)
    return point


def staff(point: ServicePoint, counters: int, by: str) -> None:
    """Set how many counters are open."""
    with transaction.atomic():
        trail.lock()
        point.refresh_from_db()
        before, point.counters = point.counters, counters
        point.save(update_fields=["counters"])
        trail.record(by, "point.staff", point.title, before=before, counters=counters)


def end(force: InForce, point: ServicePoint, by: str) -> None:
    """Close a service point for good, once nobody waits there.

    Raises
    ------
    QinwuError
        People are waiting or being served.
    """
    with transaction.atomic():
        trail.lock()
        point.refresh_from_db()
        if today_of(force, point).filter(done__isnull=True, left__isnull=True).exists():
            raise QinwuError([form_finding("still-waiting", "", N_("People are still waiting there."), N_("Serve them first."))])
        point.ended = today(force)
        point.save(update_fields=["ended"])
        trail.record(by, "point.end", point.title)


def points() -> list[ServicePoint]:
    """Return the service points there are."""
    return list(ServicePoint.objects.filter(ended__isnull=True))


def _local(force: InForce, at: datetime) -> datetime:
    return at.astimezone(force.zone)


def open_at(point: ServicePoint, local: datetime, early: timedelta = timedelta()) -> bool:
    """Return whether a point is open at a time of the station's clock, or opens so soon after."""
    on_duty = str(local.weekday()) in point.weekdays and point.ended is None
    return on_duty and point.opens <= (local + early).time() and local.time() < point.closes


def today_of(force: InForce, point: ServicePoint) -> QuerySet[Ticket]:
    """Return today's numbers of a point."""
    return Ticket.objects.filter(point=point, day=today(force))


def draw(force: InForce, point: ServicePoint, business: str, by: str) -> Ticket:
    """Draw the next number of the day.

    Raises
    ------
    QinwuError
        The point is closed, or nobody comes there for that.
    """
    with transaction.atomic():
        trail.lock()
        point.refresh_from_db()
        local = _local(force, now())
        if business not in BUSINESS:
            message, remedy = N_("{word} is not in the list."), N_("Choose from the list.")
            raise QinwuError([form_finding("unknown-business", "business", message, remedy, word=business)])
        if not open_at(point, local, EARLY):
            message, remedy = N_("{title} is closed now."), N_("It is open from {opens} to {closes}.")
            values = {"title": point.title, "opens": f"{point.opens:%H:%M}", "closes": f"{point.closes:%H:%M}"}
            raise QinwuError([form_finding("closed", "", message, remedy, **values)])
        last = Ticket.objects.filter(point=point, day=local.date()).aggregate(last=Max("number"))["last"] or 0
        ticket = Ticket.objects.create(point=point, day=local.date(), number=last + 1, business=business, drawn=now())
        trail.record(by, "ticket.draw", _name(ticket), business=business)
    return ticket


def call_next(force: InForce, point: ServicePoint, by: str) -> Ticket:
    """Call the first number that waits; of several counters that call at once each gets another one.

    Raises
    ------
    QinwuError
        Nobody waits, or all counters are busy.
    """
    with transaction.atomic():
        trail.lock()
        point.refresh_from_db()
        going = Ticket.objects.filter(point=point, day=today(force), left__isnull=True)
        if going.filter(served__isnull=False, done__isnull=True).count() >= point.counters:
            message, remedy = N_("All {count} counters are busy."), N_("End a number first, or open another counter.")
            raise QinwuError([form_finding("counters-busy", "", message, remedy, count=point.counters)])
        ticket = going.filter(served__isnull=True).order_by("number").first()
        if ticket is None:
            raise QinwuError([form_finding("nobody-waits", "", N_("Nobody waits."), "")])
        ticket.served = now()
        ticket.save(update_fields=["served"])
        trail.record(by, "ticket.call", _name(ticket))
    return ticket


def served(ticket: Ticket, by: str) -> None:
    """End a number that was served.

    Raises
    ------
    QinwuError
        It was never called, or has ended.
    """
    _ended(ticket, "done", by)


def gone(ticket: Ticket, by: str) -> None:
    """Note that whoever had a number went away: before it was called, or it was called and nobody came.

    Raises
    ------
    QinwuError
        It has ended.
    """
    _ended(ticket, "left", by)


def _ended(ticket: Ticket, field: str, by: str) -> None:
    with transaction.atomic():
        trail.lock()
        ticket.refresh_from_db()
        if ticket.done is not None or ticket.left is not None:
            raise QinwuError([form_finding("ticket-ended", "", N_("Number {number} has ended already."), "", number=ticket.number)])
        if field == "done" and ticket.served is None:
            message, remedy = N_("Number {number} has not been called."), N_("Call it first.")
            raise QinwuError([form_finding("not-called", "", message, remedy, number=ticket.number)])
        setattr(ticket, field, now())
        ticket.save(update_fields=[field])
        trail.record(by, f"ticket.{field}", _name(ticket))


def _name(ticket: Ticket) -> str:
    return f"{ticket.point.title} {ticket.day} {ticket.number}"


def standing(force: InForce, point: ServicePoint) -> Standing:
    """Return how a point stands now."""
    at = _local(force, now())
    tickets = list(Ticket.objects.filter(point=point, day__gt=at.date() - LOOKED_AT))
    drawn = [one for one in tickets if one.day == at.date()]
    hours = range(point.opens.hour, point.closes.hour + bool(point.closes.minute))
    return Standing(
        point,
        open_at(point, at),
        tuple(one for one in drawn if one.served is None and one.left is None),
        tuple(one for one in drawn if one.served is not None and one.done is None and one.left is None),
        waited(_visits(force, drawn), at),
        line_of(_visits(force, tickets), point.counters, hours, at),
        sum(one.day < at.date() and one.done is None and one.left is None for one in tickets),
    )


def _visits(force: InForce, tickets: Sequence[Ticket]) -> list[Visit]:
    def local(at: datetime | None) -> datetime | None:
        return _local(force, at) if at else None

    return [Visit(_local(force, one.drawn), local(one.served), local(one.done), local(one.left)) for one in tickets]


@dataclass(frozen=True, slots=True)
class Cost:
    """What staff at the counters cost calls where they come from the crews.

    Parameters
    ----------
    staff
        Officers at counters.
    crews, left
        Crews on duty on average, and whole crews left.
    now_s, without_s
        Seconds of mean response with all of them, and with those left.
    """

    staff: int
    crews: int
    left: int
    now_s: float
    without_s: float


def cost(force: InForce) -> Cost | None:
    """Return what the counters open cost in response; None while it is being worked out, or without calls on record.

    It is the same closed form as in the plan of service points: the crews on duty on average, fewer by the officers at counters.
    """
    staff = sum(point.counters for point in points())
    if not staff or not len(force.station.calls):
        return None
    known = _SCENE.of(force)
    if known is None:
        return None
    usual, fewer = response_without(known, staff)
    return Cost(staff, known.problem.crews, crews_left(known, staff), usual.response_s, fewer.response_s)


def _scene(force: InForce) -> PostScene:
    scene = post_scene(force.station, force.plan, Aims())
    response_without(scene, 1)  # the first answer takes long, those after it do not
    return scene


_SCENE = Once(_scene)


def minutes(number: float) -> int:
    """Return minutes as people are told them: rounded up."""
    return ceil(number - 1e-9)
