"""Absences: asked for, ordered, answered. Hours of training are protected: who orders an officer away then says why, and when it is
made up for; a swap whose officer is away is taken back.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q, QuerySet

from qinwu.board import trail
from qinwu.board.clock import now
from qinwu.board.in_force import InForce
from qinwu.board.models import Absence, Swap
from qinwu.board.typed import form_finding
from qinwu.findings import Finding, QinwuError, did_you_mean, raise_on_errors
from qinwu.judge.officers.log import AWAY, OPEN, Kind
from qinwu.language import N_
from qinwu.station.guards import masked

ASKED: tuple[Kind, ...] = ("leave", "comp", "training")
"""What officers ask for themselves."""
ORDERED: tuple[Kind, ...] = ("training", "campaign", "secondment", "off_specialty", "meeting")
"""What others order."""
PROTECTED_FROM: tuple[Kind, ...] = ("campaign", "secondment", "off_specialty", "meeting")
"""What does not take an officer out of approved training by itself."""
TAKEN_BACK = N_("Whoever took the duty over is away.")
KINDS: tuple[Kind, ...] = tuple(dict.fromkeys((*AWAY, *ASKED, *ORDERED)))


@dataclass(frozen=True, slots=True)
class Wanted:
    """An absence asked for or ordered; `end` None where it is not known, for secondments and campaigns only.

    `training_on` is when training is made up for that the order takes the officer out of; `to_unit` where a secondment leads.
    """

    officer: str
    kind: str
    start: datetime
    end: datetime | None
    ordered_by: str = ""
    reason: str = ""
    training_on: datetime | None = None
    to_unit: str = ""


def ask(force: InForce, wanted: Wanted, by: str) -> Absence:
    """Keep a request of an officer, to be approved or refused.

    Raises
    ------
    QinwuError
        With everything that is wrong; nothing is kept then.
    """
    return _keep(force, wanted, by, "asked", ASKED)


def order(force: InForce, wanted: Wanted, by: str) -> Absence:
    """Keep an order, in force at once; who ordered it must be said.

    Raises
    ------
    QinwuError
        With everything that is wrong; nothing is kept then.
    """
    return _keep(force, wanted, by, "approved", ORDERED)


def _keep(force: InForce, wanted: Wanted, by: str, state: str, kinds: tuple[Kind, ...]) -> Absence:
    raise_on_errors(list(problems(force, wanted, kinds, ordered=state == "approved")))
    with transaction.atomic():
        trail.lock()
        absence = Absence.objects.create(
            officer=wanted.officer,
            kind=wanted.kind,
            start=wanted.start,
            end=wanted.end,
            ordered_by=masked(wanted.ordered_by)[:80],
            reason=masked(wanted.reason)[:80],
            to_unit=masked(wanted.to_unit.strip())[:80] if wanted.kind == "secondment" else "",
            state=state,
            asked_by=by,
        )
        until = wanted.end.isoformat() if wanted.end else None
        values = {"kind": wanted.kind, "start": wanted.start.isoformat(), "end": until, "ordered_by": absence.ordered_by}
        values |= {"to_unit": absence.to_unit} if absence.to_unit else {}
        trail.record(by, "absence.order" if state == "approved" else "absence.ask", wanted.officer, **values)
        if state == "approved":
            _move_training(wanted, by)
            taken_back(by)
    return absence


def _move_training(wanted: Wanted, by: str) -> None:
    """Take an officer out of approved training, as an order said with its reason, and put it on the day that the order names."""
    begin = wanted.training_on
    for training in protected(wanted) if begin is not None else ():
        if begin is None or training.end is None:
            continue
        start, end = max(training.start, wanted.start), min(training.end, wanted.end or training.end)
        kept = [(training.start, start), (end, training.end), (begin, begin + (end - start))]
        for since, until in kept:
            if since < until:
                Absence.objects.create(
                    officer=training.officer,
                    kind="training",
                    start=since,
                    end=until,
                    ordered_by=training.ordered_by,
                    reason=training.reason,
                    state="approved",
                    asked_by=training.asked_by,
                    answered_by=by,
                )
        training.start, training.end, training.state, training.reason = start, end, "lost", masked(wanted.reason)[:80]
        training.save(update_fields=["start", "end", "state", "reason"])
        values = {"start": start.isoformat(), "end": end.isoformat(), "moved_to": begin.isoformat(), "reason": wanted.reason}
        trail.record(by, "training.move", training.officer, ordered_by=wanted.ordered_by, **values)
        begin += end - start


def protected(wanted: Wanted) -> list[Absence]:
    """Return the approved training out of which an order would take an officer, by time."""
    if wanted.kind not in PROTECTED_FROM:
        return []
    found = Absence.objects.filter(officer=wanted.officer, kind="training", state="approved", end__gt=wanted.start)
    return list(found.filter(start__lt=wanted.end) if wanted.end else found)


def answer(absence: Absence, approved: bool, by: str) -> None:
    """Approve or refuse a request, once."""
    with transaction.atomic():
        trail.lock()
        absence.refresh_from_db()
        if absence.state != "asked":
            raise QinwuError(
                [form_finding("answered", "", N_("This request has been answered already."), N_("Load the page again."))]
            )
        absence.state, absence.answered_by = "approved" if approved else "refused", by
        absence.save(update_fields=["state", "answered_by"])
        trail.record(by, "absence.approve" if approved else "absence.refuse", absence.officer, kind=absence.kind)
        if approved:
            taken_back(by)


def problems(force: InForce, wanted: Wanted, kinds: tuple[Kind, ...], *, ordered: bool) -> Iterator[Finding]:
    """Yield everything that is wrong with an absence."""
    known = [officer.id for officer in force.station.force]
    if wanted.officer not in known:
        near = did_you_mean(wanted.officer, known)
        message = N_("There is no officer {word} at this station.")
        remedy = N_("Did you mean {near}?") if near else N_("Choose from the list.")
        yield form_finding("unknown-officer", "officer", message, remedy, word=wanted.officer, near=near)
    if wanted.kind not in kinds:
        message = N_("An absence of the kind {word} cannot be given here.")
        yield form_finding("unknown-kind", "kind", message, N_("Choose from the list."), word=wanted.kind)
    if wanted.end is None and wanted.kind not in OPEN:
        yield form_finding("no-end", "end", N_("The end is missing."), N_("Only secondments and campaigns may be open."))
    if wanted.end is not None and wanted.end <= wanted.start:
        message, remedy = N_("The absence ends before it begins."), N_("Give a later end.")
        yield form_finding("end-before-start", "end", message, remedy)
    if ordered and not wanted.ordered_by.strip():
        message, remedy = N_("Who ordered it is missing."), N_("Give the unit and the number of the order.")
        yield form_finding("no-order", "ordered_by", message, remedy)
    if ordered and wanted.kind == "secondment" and not wanted.to_unit.strip():
        message, remedy = N_("Where the officer goes is missing."), N_("Give the unit that asked for the officer.")
        yield form_finding("no-unit", "to_unit", message, remedy)
    if ordered:
        yield from _training_problems(wanted, force.zone)


def _training_problems(wanted: Wanted, zone: ZoneInfo) -> Iterator[Finding]:
    """Yield what is wrong with an order that takes an officer out of training: no reason, no new day, one within the order."""
    for training in protected(wanted):
        values = {"officer": wanted.officer, "start": _told(training.start, zone), "end": _told(training.end, zone)}
        if not wanted.reason.strip() or wanted.training_on is None:
            message = N_("{officer} has training from {start} to {end}: these hours are protected.")
            yield form_finding(
                "training-protected", "training_on", message, N_("Give the reason and a new day for the training."), **values
            )
        elif wanted.training_on < wanted.start or wanted.end is None or wanted.training_on < wanted.end:
            message = N_("The new day of the training, {day}, lies within the order or before it.")
            remedy, day = N_("Give a day after the officer is back."), _told(wanted.training_on, zone)
            yield form_finding("training-day", "training_on", message, remedy, day=day)


def _told(at: datetime | None, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}" if at else ""


def taken_back(by: str) -> int:
    """Take back the swaps, not over yet, whose officer is away by now; return how many.

    Called by whatever keeps absences, in the transaction that keeps them.
    """
    count = 0
    for swap in Swap.objects.filter(Q(end__gt=now()) | Q(other_end__gt=now()), state="approved"):
        if not broken_by_absence(swap):
            continue
        swap.state, swap.answer = "taken_back", TAKEN_BACK
        swap.save(update_fields=["state", "answer"])
        trail.record(by, "swap.take_back", swap.officer, other=swap.other, crew=swap.crew, reason="absence")
        count += 1
    return count


def broken_by_absence(swap: Swap) -> bool:
    """Return whether one who took over a duty in a swap is away for any part of it."""
    spans = [(swap.other, swap.start, swap.end)]
    if swap.other_crew and swap.other_start is not None and swap.other_end is not None:
        spans.append((swap.officer, swap.other_start, swap.other_end))
    return any(between(start, end).filter(officer=officer).exists() for officer, start, end in spans)


def between(start: datetime, end: datetime) -> QuerySet[Absence]:
    """Return what is approved and overlaps a span."""
    return Absence.objects.filter(Q(end__isnull=True) | Q(end__gt=start), state="approved", start__lt=end)


def absent_at(at: datetime) -> frozenset[str]:
    """Return the officers who are away at a time."""
    found = Absence.objects.filter(Q(end__isnull=True) | Q(end__gt=at), state="approved", start__lte=at)
    return frozenset(found.values_list("officer", flat=True))
