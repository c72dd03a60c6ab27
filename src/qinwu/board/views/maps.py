"""Maps: outlines of beats, open calls and crews at the level of atoms, as GeoJSON for the page's map. No positions, no tracks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import shapely
from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.views.decorators.http import require_GET

from qinwu.board.access.roles import needs
from qinwu.board.clock import now
from qinwu.board.dispatch.at_hand import AtHand, at_hand
from qinwu.board.in_force import InForce, in_force
from qinwu.board.pages import language_of
from qinwu.board.views.board import class_words, crew_line, state_of
from qinwu.language import Language


@needs("see_board")
@require_GET
def outlines(_request: HttpRequest) -> JsonResponse:
    """Return the beats of the duty system in force, and atoms of none, each as one shape."""
    force = in_force()
    return _collection(_beats(force))


def _beats(force: InForce) -> Iterator[dict[str, Any]]:
    beat_of = force.plan.area.beat_of
    for number in sorted(set(beat_of.tolist())):
        atoms = [atom for atom, beat in enumerate(beat_of.tolist()) if beat == number]
        shape = shapely.union_all([force.station.area.polygons[atom] for atom in atoms])
        name = force.plan.beats[number] if number >= 0 else ""
        yield _feature(shape, {"beat": name, "tone": number % 4 if number >= 0 else -1})


@needs("see_board")
@require_GET
def moving(request: HttpRequest) -> JsonResponse:
    """Return open calls and crews where they are by atom."""
    force, at = in_force(), now()
    return _collection(moving_in(force, at_hand(force, at), language_of(request)))


def moving_in(force: InForce, hand: AtHand, language: Language) -> list[dict[str, Any]]:
    """Return open calls and crews as features, each atom's crews counted together by what they do."""
    features = []
    for call in hand.calls:
        values = {
            "what": "call",
            "number": call.number,
            "priority": call.priority,
            "name": class_words(force, call, language),
            "waiting": state_of(hand.sent[call.pk]) == "waiting",
        }
        features.append(_feature(_middle(force, force.atoms[call.atom]), values))
    crews: Counter[tuple[int, str]] = Counter()
    for k, crew in enumerate(hand.situation.crews):
        stands = crew_line(force, hand, k, language)
        if stands.state != "off" and force.plan.crew.external[k] == 0:
            place = crew.place if crew.call < 0 else hand.situation.calls[crew.call].atom
            crews[place, "free" if stands.state == "free" else "busy"] += 1
    for (place, state), count in sorted(crews.items()):
        features.append(_feature(_middle(force, place), {"what": "crew", "state": state, "count": count}))
    return features


def _middle(force: InForce, atom: int) -> Any:
    return force.station.area.polygons[atom].centroid


def _feature(shape: Any, values: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "geometry": shapely.geometry.mapping(shape), "properties": values}


def _collection(features: Any) -> JsonResponse:
    return JsonResponse({"type": "FeatureCollection", "features": list(features)})


ADDRESSES = [
    path("map/outlines", outlines, name="outlines"),
    path("map/moving", moving, name="moving"),
]
