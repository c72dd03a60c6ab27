"""Board 指挥台: the queue with its clocks, the map by beat, the crews; each part can be asked for alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_GET

from qinwu.board.at_hand import AtHand, at_hand
from qinwu.board.clock import now
from qinwu.board.in_force import InForce, in_force
from qinwu.board.models import Call, Sending
from qinwu.board.pages import language_of, local, render
from qinwu.board.roles import needs
from qinwu.language import N_, Language, translate

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


@dataclass(frozen=True, slots=True)
class QueueLine:
    """One open call as the queue shows it; `late` is past what is promised, `share` how much of the promise is used up."""

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


@dataclass(frozen=True, slots=True)
class CrewLine:
    """One crew as the board shows it."""

    id: str
    officers: str
    beat: str
    state: str
    state_name: str
    call: str
    until: str


@needs("see_board")
@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """Show the whole board."""
    force, at = in_force(), now()
    return render(request, "board/board.html.j2", **parts(force, at_hand(force, at), at, language_of(request)))


def parts(force: InForce, hand: AtHand, at: datetime, language: Language) -> dict[str, Any]:
    """Return what the board shows of a moment."""
    lines = [queue_line(force, call, at, language) for call in hand.calls]
    crew_lines = [crew_line(force, hand, k, language) for k in range(len(force.plan.crews)) if force.plan.crew.external[k] == 0]
    return {
        "station": force.station.config.name.in_language(language),
        "synthetic": force.station.config.synthetic,
        "system": force.loaded.system.name.in_language(language),
        "clock": local(at, force.station.config.time_zone),
        "lines": lines,
        "crew_lines": [line for line in crew_lines if line.state != "off"],
        "off": [line for line in crew_lines if line.state == "off"],
        "free": sum(line.state == "free" for line in crew_lines),
    }


def queue_line(force: InForce, call: Call, at: datetime, language: Language) -> QueueLine:
    """Return an open call as a line of the queue."""
    promise = force.station.config.policy.limit_min.get(call.priority)
    going = [each for each in call.sendings.all() if each.over is None]
    arrived = min((each.arrived for each in call.sendings.all() if each.arrived), default=None)
    waited = (arrived or at) - call.received
    share = waited / timedelta(minutes=promise) if promise else 0.0
    state = _state(call, going, arrived is not None)
    return QueueLine(
        number=call.number,
        priority=call.priority,
        name=force.call_class(call.call_class).name.in_language(language),
        place=call.atom,
        waited=_minutes(waited),
        promise=f"{promise:g}" if promise else "",
        share=min(1.0, max(0.0, share)),
        late=share > 1.0,
        state=state,
        state_name=translate(STATES[state], language),
        crews=tuple(each.crew for each in going),
    )


def _state(call: Call, going: list[Sending], arrived: bool) -> str:
    if not going:
        return "done" if any(each.ended == "done" for each in call.sendings.all()) else "waiting"
    if arrived:
        return "there"
    return "on_the_way" if any(each.dispatched for each in going) else "asked"


def _minutes(span: timedelta) -> str:
    """Return a span as minutes and seconds.

    >>> _minutes(timedelta(seconds=754))
    '12:34'
    """
    seconds = max(0, int(span.total_seconds()))
    return f"{seconds // 60}:{seconds % 60:02d}"


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
        officers=" ".join(label.officers),
        beat=label.beat,
        state=state,
        state_name=translate(CREW_STATES[state], language),
        call=going.call.number if going else "",
        until=until,
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
]
