"""Training as a page shows it: hours set aside, kept, lost and moved, and what changed at calls for groups; nobody is ranked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from math import fsum
from typing import Any

from django.http import HttpRequest

from qinwu.board import trail
from qinwu.board.access.roles import has
from qinwu.board.in_force import InForce
from qinwu.board.pages import language_of, local
from qinwu.board.roster.trained import groups
from qinwu.board.roster.training import Training, training_of
from qinwu.duty.training import effects_in

NOTHING: dict[str, Any] = {"training": None, "training_lines": [], "everybody": False, "scale": 1.0, "hours": None, "trained": []}


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours of training of all officers until today: set aside, kept, moved to another day by an order, lost; and to come."""

    planned: float
    kept: float
    moved: float
    lost: float
    coming: float


@dataclass(frozen=True, slots=True)
class Assumed:
    """An effect of training that the duty system in force assumes."""

    skill: str
    factor: float
    mean: float
    trained: int
    officers: int
    source: str


def training_shown(request: HttpRequest, force: InForce, at: datetime, own: str) -> dict[str, Any]:
    """Return training: everybody's for those who keep crews, approve or inspect, else the own; a look at all is on record."""
    everybody = any(has(request.user, right) for right in ("keep_crews", "answer_away", "inspect"))
    if not everybody and not own:
        return NOTHING
    found, language = training_of(force, at), language_of(request)
    lines = [one for one in found.lines if everybody or one.officer == own]
    if everybody:
        trail.record(request.user.get_username(), "training.view", "", officers=len(lines))
    zone = force.station.config.time_zone
    scale = max((max(one.norm_h, one.held_h + one.coming_h + one.lost_h) for one in lines), default=1.0) or 1.0
    return {
        "training": {"since": local(found.since, zone, "%Y-%m-%d"), "until": local(found.until, zone, "%Y-%m-%d")},
        "training_lines": lines,
        "everybody": everybody,
        "scale": scale,
        "hours": _hours(found) if everybody else None,
        "trained": groups(force, at, language) if everybody else [],
        "assumed": _assumed(force) if everybody else [],
    }


def _hours(found: Training) -> Hours:
    kept, lost, coming = (fsum(getattr(one, name) for one in found.lines) for name in ("held_h", "lost_h", "coming_h"))
    return Hours(kept + lost, kept, found.moved_h, lost, coming)


def _assumed(force: InForce) -> list[Assumed]:
    return [
        Assumed(effect.skill, effect.factor, mean, trained, officers, effect.source)
        for effect, trained, officers, mean in effects_in(force.loaded.system, force.standing.crews)
    ]
