"""Hours: what tasks, calls and orders from outside took, against the hours on duty."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_GET

from qinwu.board.access.reach import reach_of
from qinwu.board.access.roles import needs
from qinwu.board.beat.judged import JUDGED
from qinwu.board.in_force import InForce, in_force
from qinwu.board.pages import language_of, render
from qinwu.board.views.task_lines import beat_names
from qinwu.board.words import CONTACT, EVERY_ORIGIN, KINDS
from qinwu.board.work.hours_spent import WEEKS, ledger
from qinwu.findings import QinwuError
from qinwu.judge.officers.spent import BESIDE_POLICE, share_of
from qinwu.judge.targets.control import Answers
from qinwu.judge.targets.judging import Judged
from qinwu.language import N_

CALL_KINDS = {
    "enforcement": N_("enforcement"),
    "service": N_("service"),
    "dispute": N_("dispute"),
    "traffic": N_("traffic"),
    "venue": N_("venue"),
    "non_police": N_("non-police"),
    "other": N_("other"),
}


@needs("do_tasks")
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Show the ledger of the last weeks within reach."""
    force, language = in_force(), language_of(request)
    reach = reach_of(force, request.user)
    found = ledger(force, reach)
    contact = found.contact()
    every = (*found.on_tasks, *found.on_calls)
    beats = [beat.id for beat in force.standing.beats if reach.may(beat.id)]
    beats += [beat for beat in contact if beat not in beats]
    judged = _judged(force)
    return render(
        request,
        "board/hours.html.j2",
        found=found,
        weeks=WEEKS,
        worst=max(found.weeks, key=lambda one: one.share, default=None),
        alarms=[week for week in found.weeks if week.share > found.limit],
        contact=[(beat, contact.get(beat, {}), force.standing.residents("beat", beat)) for beat in beats],
        names=beat_names(force, language),
        kinds={kind: KINDS[kind] for kind in CONTACT},
        origins=dict(EVERY_ORIGIN) | {"officer": N_("found by officers"), "unknown": N_("not known")},
        call_kinds=CALL_KINDS,
        beside=share_of(every, lambda one: one.origin in BESIDE_POLICE or one.kind == "non_police"),
        answers=_most_indicators(judged),
        per_officer=judged.card.limits.per_officer if judged else 0,
        page="hours",
    )


def _judged(force: InForce) -> Judged | None:
    """Return the station's card held against its officers; None while it is worked out, or where there is none."""
    try:
        return JUDGED.of(force)
    except QinwuError:
        return None  # what is wrong with the card is told on the pages of scores


def _most_indicators(judged: Judged | None) -> Answers | None:
    """Return the officer who answers for most indicators (M48)."""
    return max(judged.answers, key=lambda one: one.count, default=None) if judged else None


ADDRESSES = [path("tasks/hours", page, name="hours")]
