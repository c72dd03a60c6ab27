"""Absences: asked for, ordered, answered; and what they leave of a crew."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from qinwu.board import trail
from qinwu.board.in_force import InForce
from qinwu.board.models import Absence
from qinwu.findings import Finding, Place, QinwuError, did_you_mean, raise_on_errors
from qinwu.judge.officers.log import AWAY, OPEN, Kind
from qinwu.language import N_
from qinwu.station.guards import masked

ASKED: tuple[Kind, ...] = ("leave", "comp", "training")
"""What officers ask for themselves."""
ORDERED: tuple[Kind, ...] = ("training", "campaign", "secondment", "off_specialty", "meeting")
"""What others order."""
KINDS: tuple[Kind, ...] = tuple(dict.fromkeys((*AWAY, *ASKED, *ORDERED)))


@dataclass(frozen=True, slots=True)
class Wanted:
    """An absence asked for or ordered; `end` None where it is not known, for secondments and campaigns only."""

    officer: str
    kind: str
    start: datetime
    end: datetime | None
    ordered_by: str = ""
    reason: str = ""


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
            state=state,
            asked_by=by,
        )
        until = wanted.end.isoformat() if wanted.end else None
        values = {"kind": wanted.kind, "start": wanted.start.isoformat(), "end": until, "ordered_by": absence.ordered_by}
        trail.record(by, "absence.order" if state == "approved" else "absence.ask", wanted.officer, **values)
    return absence


def answer(absence: Absence, approved: bool, by: str) -> None:
    """Approve or refuse a request, once."""
    with transaction.atomic():
        trail.lock()
        absence.refresh_from_db()
        if absence.state != "asked":
            raise QinwuError([_wrong("answered", "", N_("This request has been answered already."), N_("Load the page again."))])
        absence.state, absence.answered_by = "approved" if approved else "refused", by
        absence.save(update_fields=["state", "answered_by"])
        trail.record(by, "absence.approve" if approved else "absence.refuse", absence.officer, kind=absence.kind)


def problems(force: InForce, wanted: Wanted, kinds: tuple[Kind, ...], *, ordered: bool) -> Iterator[Finding]:
    """Yield everything that is wrong with an absence."""
    known = [officer.id for officer in force.station.force]
    if wanted.officer not in known:
        near = did_you_mean(wanted.officer, known)
        message = N_("There is no officer {word} at this station.")
        remedy = N_("Did you mean {near}?") if near else N_("Choose from the list.")
        yield _wrong("unknown-officer", "officer", message, remedy, word=wanted.officer, near=near)
    if wanted.kind not in kinds:
        message = N_("An absence of the kind {word} cannot be given here.")
        yield _wrong("unknown-kind", "kind", message, N_("Choose from the list."), word=wanted.kind)
    if wanted.end is None and wanted.kind not in OPEN:
        yield _wrong("no-end", "end", N_("The end is missing."), N_("Only secondments and campaigns may be open."))
    if wanted.end is not None and wanted.end <= wanted.start:
        message, remedy = N_("The absence ends before it begins."), N_("Give a later end.")
        yield _wrong("end-before-start", "end", message, remedy)
    if ordered and not wanted.ordered_by.strip():
        message, remedy = N_("Who ordered it is missing."), N_("Give the unit and the number of the order.")
        yield _wrong("no-order", "ordered_by", message, remedy)


def _wrong(code: str, key: str, message: str, remedy: str, **values: object) -> Finding:
    return Finding(code, "error", message, remedy, Place(key=key), values)


def between(start: datetime, end: datetime) -> QuerySet[Absence]:
    """Return what is approved and overlaps a span."""
    return Absence.objects.filter(Q(end__isnull=True) | Q(end__gt=start), state="approved", start__lt=end)


def absent_at(at: datetime) -> frozenset[str]:
    """Return the officers who are away at a time."""
    now = Absence.objects.filter(Q(end__isnull=True) | Q(end__gt=at), state="approved", start__lte=at)
    return frozenset(now.values_list("officer", flat=True))
