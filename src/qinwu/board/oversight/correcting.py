"""Correcting 纠正令 (M69): what an inspector orders to be put right, on which finding; the chief answers, the inspector closes.

An order rests on something that can be looked up: a comparison of the screens, a line of the diversion ledger, a secondment, an
entry of the trail. Who gave it does not answer it; whoever answered it does not close it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from qinwu.board import trail
from qinwu.board.clock import now
from qinwu.board.in_force import InForce
from qinwu.board.models import CorrectiveOrder
from qinwu.board.typed import form_finding
from qinwu.findings import Finding, QinwuError, did_you_mean, raise_on_errors
from qinwu.language import N_, Language
from qinwu.station.guards import masked

ABOUT: dict[str, str] = {
    "diversion": N_("diversion of a squad"),
    "integrity": N_("stamps and entries"),
    "changed": N_("changes after closing"),
    "secondment": N_("secondments"),
    "campaign": N_("campaigns"),
    "load": N_("paper and indicators"),
    "indicator": N_("a forbidden indicator"),
    "other": N_("something else"),
}
MOST = 400


@dataclass(frozen=True, slots=True)
class Given:
    """A corrective order as it is written down.

    Parameters
    ----------
    to
        Id of the unit or squad that must put it right.
    about
        A word of ``ABOUT``.
    subject
        What it rests on, as the page of oversight names it.
    text
        What must be done.
    due
        Until when.
    squad, hours
        Of a diversion: whose, and how many hours a week are too many; empty for other matters.
    """

    to: str
    about: str
    subject: str
    text: str
    due: datetime | None
    squad: str = ""
    hours: float | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """An order as it stands: ``state`` is ``overdue``, ``open``, ``answered`` (to be looked at and closed) or ``closed``."""

    order: CorrectiveOrder
    state: str


def addressees(force: InForce, language: Language) -> dict[str, str]:
    """Return who may be ordered to put something right: units of the station and its squads, id and name."""
    system, station = force.loaded.system, force.station.config
    units = {unit.id: unit.name.in_language(language) for unit in system.unit if unit.level in ("station", "outpost")}
    squads = {squad.id: squad.name.in_language(language) for squad in system.squad}
    return (units or {"station": station.name.in_language(language)}) | squads


def give(force: InForce, given: Given, by: str) -> CorrectiveOrder:
    """Keep an order.

    Raises
    ------
    QinwuError
        With everything that is wrong; nothing is kept then.
    """
    raise_on_errors(list(problems(force, given)))
    with transaction.atomic():
        trail.lock()
        order = CorrectiveOrder.objects.create(
            to=given.to,
            about=given.about,
            squad=given.squad,
            hours=given.hours,
            subject=given.subject.strip()[:120],
            text=masked(given.text.strip())[:MOST],
            by=by,
            at=now(),
            due=given.due or now(),
        )
        values = {"to": order.to, "about": order.about, "rests_on": order.subject, "due": order.due.isoformat()}
        trail.record(by, "order.give", subject_of(order), text=order.text, squad=order.squad, hours=order.hours, **values)
    return order


def problems(force: InForce, given: Given) -> Iterator[Finding]:
    """Yield everything that is wrong with an order."""
    known = addressees(force, "en")
    if given.to not in known:
        near = did_you_mean(given.to, known)
        remedy = N_("Did you mean {near}?") if near else N_("Choose from the list.")
        yield form_finding("unknown-to", "to", N_("{word} is not in the list."), remedy, word=given.to, near=near)
    if given.about not in ABOUT:
        yield form_finding(
            "unknown-about", "about", N_("{word} is not in the list."), N_("Choose from the list."), word=given.about
        )
    if not given.subject.strip():
        message, remedy = N_("The order rests on nothing."), N_("Start it from a finding, or name the entry of the trail.")
        yield form_finding("no-subject", "subject", message, remedy)
    if not given.text.strip():
        yield form_finding("no-text", "text", N_("What must be put right is missing."), N_("Say it in a few words."))
    if given.due is None or given.due <= now():
        yield form_finding("past-due", "due", N_("Until when is missing or past."), N_("Give a day to come."))
    if given.about == "diversion" and given.squad not in {squad.id for squad in force.loaded.system.squad}:
        yield form_finding("unknown-squad", "squad", N_("There is no squad {word}."), N_("Choose from the list."), word=given.squad)
    if given.hours is not None and given.hours < 0:
        yield form_finding("negative-hours", "hours", N_("{word} is out of range."), N_("Give no less than 0."), word=given.hours)


def answer(order: CorrectiveOrder, text: str, by: str) -> None:
    """Say what was done about an order, once.

    Raises
    ------
    QinwuError
        It was answered or closed already, it is the own order, or nothing is said.
    """
    with transaction.atomic():
        trail.lock()
        order.refresh_from_db()
        if order.answered_at is not None or order.closed_at is not None:
            raise QinwuError(
                [form_finding("answered", "", N_("This order has been answered already."), N_("Load the page again."))]
            )
        if by == order.by:
            message, remedy = N_("Who gave an order does not answer it."), N_("The chief answers.")
            raise QinwuError([form_finding("own-order", "", message, remedy)])
        if not text.strip():
            raise QinwuError([form_finding("no-answer", "answer", N_("What was done is missing."), N_("Say it in a few words."))])
        order.answer, order.answered_by, order.answered_at = masked(text.strip())[:MOST], by, now()
        order.save(update_fields=["answer", "answered_by", "answered_at"])
        trail.record(by, "order.answer", subject_of(order), answer=order.answer)


def close(order: CorrectiveOrder, by: str) -> None:
    """Close an order that was answered, once.

    Raises
    ------
    QinwuError
        Nobody answered yet, it is closed already, or it is the own answer.
    """
    with transaction.atomic():
        trail.lock()
        order.refresh_from_db()
        if order.closed_at is not None:
            raise QinwuError([form_finding("closed", "", N_("This order is closed already."), N_("Load the page again."))])
        if order.answered_at is None:
            message, remedy = N_("Nobody has answered this order."), N_("It is closed when it is answered.")
            raise QinwuError([form_finding("not-answered", "", message, remedy)])
        if by == order.answered_by:
            message, remedy = N_("Who answered an order does not close it."), N_("Somebody else looks at the answer first.")
            raise QinwuError([form_finding("own-answer", "", message, remedy)])
        order.closed_by, order.closed_at = by, now()
        order.save(update_fields=["closed_by", "closed_at"])
        trail.record(by, "order.close", subject_of(order), late=order.answered_at > order.due)


def subject_of(order: CorrectiveOrder) -> str:
    """Return how the trail names an order."""
    return f"order {order.pk}"


def standing(at: datetime) -> list[Standing]:
    """Return all orders: overdue first, then those open by their day, those answered, those closed with the newest first."""
    rank = {"overdue": 0, "open": 1, "answered": 2, "closed": 3}
    lines = [Standing(order, _state(order, at)) for order in CorrectiveOrder.objects.all()]
    closed = sorted((one for one in lines if one.state == "closed"), key=lambda one: one.order.at, reverse=True)
    others = [one for one in lines if one.state != "closed"]
    return [*sorted(others, key=lambda one: (rank[one.state], one.order.due)), *closed]


def unanswered(at: datetime) -> list[Standing]:
    """Return the orders that wait for an answer, overdue first."""
    return [one for one in standing(at) if one.state in ("overdue", "open")]


def _state(order: CorrectiveOrder, at: datetime) -> str:
    if order.closed_at is not None:
        return "closed"
    if order.answered_at is not None:
        return "answered"
    return "overdue" if order.due <= at else "open"
