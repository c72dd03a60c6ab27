"""Places: atoms, venues and streets, and classes of calls, found by what was typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.views.decorators.http import require_GET

from qinwu.board.access.roles import needs
from qinwu.board.in_force import InForce, in_force
from qinwu.board.pages import language_of
from qinwu.language import N_, Language, translate
from qinwu.station.lookup import Entry, Found, classes_of, find

LONGEST = 60


@needs("take_call")
@require_GET
def find_place(request: HttpRequest) -> JsonResponse:
    """Return the places that `q` may mean, best first, and what can be searched here."""
    force, language = in_force(), language_of(request)
    found = find(request.GET.get("q", "")[:LONGEST], force.station.places)
    choices = [{"value": entry.value, "label": place_words(entry, language)} for entry in found.entries]
    return JsonResponse({"choices": choices, "count": found.count, "value": found.value})


@needs("take_call")
@require_GET
def find_class(request: HttpRequest) -> JsonResponse:
    """Return the ids of the classes of calls that `q` may mean, best first."""
    found = find(request.GET.get("q", "")[:LONGEST], classes_of(in_force().station.config.call_class), most=100)
    return JsonResponse({"choices": [entry.value for entry in found.entries]})


def place_words(entry: Entry, language: Language) -> str:
    """Return a place as people choose it: what it is found by, and the atom it leads to.

    >>> place_words(Entry("venue", "A010", ("V001", "旅馆")), "en"), place_words(Entry("street", "A010", ("东风路",), 312.4), "en")
    ('V001 旅馆 → A010', '东风路 → A010, 312 m of it')
    """
    named = " ".join(word for word in entry.words if word)
    if entry.kind == "atom":
        return named
    if entry.kind == "street":
        words = translate(N_("{street} → {atom}, {metres} m of it"), language)
        return words.format(street=named, atom=entry.value, metres=f"{entry.metres:.0f}")
    return f"{named} → {entry.value}"


def choices_of(found: Found, language: Language) -> list[tuple[str, str]]:
    """Return value and words of what was found."""
    return [(entry.value, place_words(entry, language)) for entry in found.entries]


def searchable(force: InForce, language: Language) -> str:
    """Return in words what a place can be searched by at this station."""
    entries: dict[str, Any] = {entry.kind: entry for entry in force.station.places}
    words = [translate(N_("atoms by id or name"), language)]
    if "venue" in entries:
        words.append(translate(N_("venues by id or trade"), language))
    if "street" in entries:
        words.append(translate(N_("streets by name"), language))
        return translate(N_(", "), language).join(words)
    none = translate(N_("; the roads of this station have no names, so streets cannot be searched"), language)
    return translate(N_(", "), language).join(words) + none


def class_typed(form: Mapping[str, str], force: InForce) -> str:
    """Return the class that was chosen, else the one that the typed word settles, else the word."""
    word = form.get("class_word", "").strip()
    return form.get("call_class", "") or find(word, classes_of(force.station.config.call_class)).value or word


def place_typed(form: Mapping[str, str], force: InForce) -> str:
    """Return the atom that was chosen among those the typed word may mean, else the one that it settles, else the word."""
    word, chosen = form.get("atom", "").strip(), form.get("chosen", "")
    found = find(word, force.station.places)
    return chosen if chosen in {entry.value for entry in found.entries} else found.value or word


ADDRESSES = [
    path("places/find", find_place, name="find-place"),
    path("classes/find", find_class, name="find-class"),
]
