"""Handing over 交接班: a note of one watch to the next, with the calls still open, signed by who takes over."""

from __future__ import annotations

from django.db import transaction

from qinwu.board import trail
from qinwu.board.clock import now
from qinwu.board.models import Call, Handover
from qinwu.findings import Finding, Place, QinwuError
from qinwu.language import N_
from qinwu.station.guards import masked

MOST = 400


def leave(note: str, by: str) -> Handover:
    """Keep a note with the numbers of the calls that are open; long numbers in it are masked."""
    with transaction.atomic():
        trail.lock()
        open_calls = " ".join(Call.objects.filter(closed__isnull=True, same_as__isnull=True).values_list("number", flat=True))
        kept = Handover.objects.create(at=now(), by=by, note=masked(note.strip())[:MOST], open_calls=open_calls[:MOST])
        trail.record(by, "handover.leave", str(kept.pk), open_calls=kept.open_calls)
    return kept


def take(handover: Handover, by: str) -> None:
    """Sign that a note was read; nobody signs the own note, nobody twice.

    Raises
    ------
    QinwuError
        It is the own note, or somebody signed it already.
    """
    with transaction.atomic():
        trail.lock()
        handover.refresh_from_db()
        if handover.taken_by or handover.by == by:
            own = handover.by == by
            message = N_("Who leaves a note cannot take it over.") if own else N_("Somebody has taken this over already.")
            raise QinwuError([Finding("not-to-take-over", "error", message, N_("Load the page again."), Place())])
        handover.taken_by, handover.taken_at = by, now()
        handover.save(update_fields=["taken_by", "taken_at"])
        trail.record(by, "handover.take", str(handover.pk))
