"""Filters: the call classes, kinds and trades that rules name are those of the station."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import get_args

from qinwu.duty.reading import LoadedSystem
from qinwu.duty.rules.venues import functional
from qinwu.duty.system import CallFilter
from qinwu.findings import Finding, Place, did_you_mean
from qinwu.language import N_
from qinwu.station.config import CallClass
from qinwu.station.station import Station

KINDS: tuple[str, ...] = get_args(CallClass.model_fields["kind"].annotation)


def filters_name_known_calls(station: Station, loaded: LoadedSystem) -> Iterator[Finding]:
    """Yield an error for every call class or kind in a filter that the station does not have (M13: one taxonomy)."""
    classes = [one.id for one in station.config.call_class]
    for calls, path in _filters(loaded):
        for name in calls.call_class:
            if name not in classes:
                yield unknown_class(name, classes, loaded.place(*path, "call_class"))
        for kind in calls.kind:
            if kind not in KINDS:
                yield _unknown("unknown-call-kind", N_("{value} is not a kind of calls."), kind, KINDS, loaded.place(*path, "kind"))


def functional_beats_name_known_things(station: Station, loaded: LoadedSystem) -> Iterator[Finding]:
    """Yield findings for call classes and trades of functional beats that the station does not have (M7)."""
    classes = [one.id for one in station.config.call_class]
    trades = list(dict.fromkeys(venue.kind for venue in station.venues))
    for beat in functional(loaded.system):
        for name in beat.call_classes:
            if name not in classes:
                yield unknown_class(name, classes, loaded.place("beat", beat.id, "call_classes"))
        for kind in beat.venue_kinds:
            if kind not in trades:
                yield _no_such_venue(kind, trades, loaded.place("beat", beat.id, "venue_kinds"))


def unknown_class(name: str, known: Sequence[str], place: Place) -> Finding:
    """Return the finding for a call class that the station does not have."""
    return _unknown("unknown-call-class", N_("There is no call class {value}."), name, known, place)


def _filters(loaded: LoadedSystem) -> Iterator[tuple[CallFilter, tuple[str | int, ...]]]:
    system = loaded.system
    for order in system.dispatch.order:
        yield order.calls, ("dispatch", "order", order.id, "calls")
    for number, complement in enumerate(system.dispatch.complement):
        yield complement.calls, ("dispatch", "complement", number, "calls")
    for number, line in enumerate(system.dispatch.hand_off):
        yield line.calls, ("dispatch", "hand_off", number, "calls")
    for number, pace in enumerate(system.dispatch.pace):
        yield pace.calls, ("dispatch", "pace", number, "calls")
    for number, effect in enumerate(system.dispatch.training):
        yield effect.calls, ("dispatch", "training", number, "calls")
    for number, rule in enumerate(system.follow_up):
        yield rule.calls, ("follow_up", number, "calls")


def _unknown(code: str, message: str, name: str, known: Sequence[str], place: Place) -> Finding:
    guess = did_you_mean(name, known)
    remedy = N_("Did you mean {guess}?") if guess else N_("Use one of: {known}.")
    return Finding(code, "error", message, remedy, place, {"value": name, "guess": guess, "known": ", ".join(known)})


def _no_such_venue(kind: str, known: Sequence[str], place: Place) -> Finding:
    guess = did_you_mean(kind, known)
    message = N_("There is no venue of kind {value}.")
    remedy = N_("Did you mean {guess}?") if guess else N_("Kinds here: {known}.")
    return Finding(
        "unknown-venue-kind", "warning", message, remedy, place, {"value": kind, "guess": guess, "known": ", ".join(known)}
    )
