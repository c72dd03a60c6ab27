"""Board 指挥台: the queue with its clocks, the map by beat, the crews; each part can be asked for alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_GET

from qinwu.board.access.roles import needs
from qinwu.board.clock import now, speed
from qinwu.board.dispatch.asking import OUTCOMES, asked_since
from qinwu.board.dispatch.at_hand import AtHand, at_hand
from qinwu.board.dispatch.figures import day_figures
from qinwu.board.dispatch.sendings import conflicts_since
from qinwu.board.in_force import InForce, in_force
from qinwu.board.models import Call, Sending
from qinwu.board.pages import language_of, local, render
from qinwu.language import N_, Language, translate

CONFLICTS_SHOWN = timedelta(hours=24)
STATES = {
    "waiting": N_("waiting"),
    "asked": N_("asked"),
    "on_the_way": N_("on the way"),
    "there": N_("there"),
    "done": N_("to be closed"),
}
CREW_STATES = {
    "free": N_("free"),
    "asked": N_("asked"),
    "on_the_way": N_("on the way"),
    "there": N_("at the scene"),
    "writing": N_("writing up"),
    "fixed": N_("at other work"),
    "off": N_("off duty"),
}


MOST_SHOWN = 60
"""Lines of the queue that screens follow; nobody reads more at a glance, and each is sent to every screen whenever it changes."""


@dataclass(frozen=True, slots=True)
class QueueLine:
    """One call as the queue shows it.

    `late` is past what is promised, `share` how much of the promise is used up; `since` is when it came, in seconds of the epoch;
    what `waited` says `ticks` while nobody has arrived. `strange` says that the station's files have its class or place no longer.
    """

    number: str
    priority: int
    name: str
    place: str
    waited: str
    promise: str
    share: float
    late: bool
    state: str
    state_name: str
    crews: tuple[str, ...]
    since: int
    ticks: bool
    strange: bool


@dataclass(frozen=True, slots=True)
class CrewLine:
    """One crew as the board shows it; `answer_by` is until when it is to answer a request, in seconds of the epoch, or 0."""

    id: str
    officers: str
    beat: str
    state: str
    state_name: str
    call: str
    until: str
    answer_by: int


@needs("see_board")
@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """Show the whole board; every open call where `all` is asked for, which then stands still."""
    force, at, whole = in_force(), now(), "all" in request.GET
    shown = parts(force, at_hand(force, at), at, language_of(request), most=None if whole else MOST_SHOWN)
    return render(request, "board/board.html.j2", whole=whole, **shown)


@needs("see_board")
@require_GET
def wall(request: HttpRequest) -> HttpResponse:
    """Show the board for a large screen at a distance: nothing to press, and the day's figures; dark where `dark` is asked for."""
    force, at = in_force(), now()
    shown = parts(force, at_hand(force, at), at, language_of(request))
    return render(request, "board/wall.html.j2", dark="dark" in request.GET, figures=day_figures(force, at), **shown)


def parts(force: InForce, hand: AtHand, at: datetime, language: Language, most: int | None = MOST_SHOWN) -> dict[str, Any]:
    """Return what the board shows of a moment: the first `most` lines of the queue, all where None, and how many more there are."""
    in_order = sorted((*hand.strange, *hand.calls), key=lambda call: (call.priority, call.received))
    lines = [queue_line(force, call, hand.sent[call.pk], at, language) for call in in_order[:most]]
    crew_lines = [crew_line(force, hand, k, language) for k in range(len(force.plan.crews)) if force.plan.crew.external[k] == 0]
    return {
        "force": force,
        "station": force.station.config.name.in_language(language),
        "synthetic": force.station.config.synthetic,
        "system": force.loaded.system.name.in_language(language),
        "clock": local(at, force.station.config.time_zone),
        "lines": lines,
        "open_calls": len(in_order),
        "more": len(in_order) - len(lines),
        "crew_lines": [line for line in crew_lines if line.state != "off"],
        "off": [line for line in crew_lines if line.state == "off"],
        "crew_groups": _by_state(crew_lines, language),
        "free": sum(line.state == "free" for line in crew_lines),
        "waiting": sum(state_of(hand.sent[call.pk]) == "waiting" for call in in_order),
        "late": sum(is_late(force, call, hand.sent[call.pk], at) for call in in_order),
        "speed": speed(),
        "live": False,
        "conflicts": conflicts_since(at - CONFLICTS_SHOWN),
        "asked": asked_since(at - CONFLICTS_SHOWN),
        "outcomes": OUTCOMES,
    }


def _by_state(lines: list[CrewLine], language: Language) -> list[tuple[str, str, list[CrewLine]]]:
    """Return the crews on duty by what they do, those who can be sent first."""
    groups = ((state, [line for line in lines if line.state == state]) for state in CREW_STATES if state != "off")
    return [(state, translate(CREW_STATES[state], language), group) for state, group in groups if group]


def is_late(force: InForce, call: Call, sent: Sequence[Sending], at: datetime) -> bool:
    """Return whether nobody has arrived at a call in the time that is promised."""
    promise = force.station.config.policy.limit_min.get(call.priority)
    return promise is not None and at - call.received > timedelta(minutes=promise) and not any(each.arrived for each in sent)


def queue_line(force: InForce, call: Call, sent: Sequence[Sending], at: datetime, language: Language) -> QueueLine:
    """Return a call, and what was sent to it, as a line of the queue."""
    promise = force.station.config.policy.limit_min.get(call.priority)
    going = [each for each in sent if each.over is None]
    arrived = min((each.arrived for each in sent if each.arrived), default=None)
    waited = (arrived or at) - call.received
    share = waited / timedelta(minutes=promise) if promise else 0.0
    state = state_of(sent)
    return QueueLine(
        number=call.number,
        priority=call.priority,
        name=class_words(force, call, language),
        place=force.station.area.called(call.atom),
        waited=minutes(waited.total_seconds()),
        promise=f"{promise:g}" if promise else "",
        share=min(1.0, max(0.0, share)),
        late=share > 1.0,
        state=state,
        state_name=translate(STATES[state], language),
        crews=tuple(each.crew for each in going),
        since=int(call.received.timestamp()),
        ticks=arrived is None,
        strange=call.atom not in force.station.area.index or call.call_class not in force.plan.call_classes,
    )


def state_of(sent: Sequence[Sending]) -> str:
    """Return how far a call is, one of `STATES`."""
    going = [each for each in sent if each.over is None]
    if not going:
        return "done" if any(each.ended == "done" for each in sent) else "waiting"
    if any(each.arrived for each in sent):
        return "there"
    return "on_the_way" if any(each.dispatched for each in going) else "asked"


def class_words(force: InForce, call: Call, language: Language) -> str:
    """Return the class of a call as people say it; its id where the station has no such class any longer."""
    known = force.classes.get(call.call_class)
    return known.name.in_language(language) if known else call.call_class


def minutes(seconds: float) -> str:
    """Return a span as minutes and seconds.

    >>> minutes(754.0)
    '12:34'
    """
    whole = max(0, int(seconds))
    return f"{whole // 60}:{whole % 60:02d}"


def crew_line(force: InForce, hand: AtHand, k: int, language: Language) -> CrewLine:
    """Return a crew as a line of the board."""
    label, crew = force.plan.crews[k], hand.situation.crews[k]
    going = hand.by_crew.get(label.id)
    state = _crew_state(going, crew.on_duty, crew.block_until_s > 0.0)
    until = ""
    if crew.on_duty and crew.duty_end_s < float("inf"):
        until = _clock_of(crew.duty_end_s)
    return CrewLine(
        id=label.id,
        officers=" ".join(hand.officers[k]),
        beat=label.beat,
        state=state,
        state_name=translate(CREW_STATES[state], language),
        call=going.call.number if going else "",
        until=until,
        answer_by=int(going.answer_by.timestamp()) if going and going.answer_by and state == "asked" else 0,
    )


def _crew_state(going: Sending | None, on_duty: bool, fixed: bool) -> str:
    if going is None:
        return "off" if not on_duty else "fixed" if fixed else "free"
    if going.finished:
        return "writing"
    if going.arrived:
        return "there"
    return "on_the_way" if going.dispatched else "asked"


def _clock_of(cycle_s: float) -> str:
    """Return the time of day of a time on the plan's clock.

    >>> _clock_of(86_400.0 + 8 * 3600.0)
    '08:00'
    """
    minutes = int(cycle_s % 86_400.0) // 60
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


ADDRESSES = [
    path("", board, name="board"),
    path("wall", wall, name="wall"),
]
