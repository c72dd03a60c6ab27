"""Pairs 搭档: two beats of two officers, each beat in one pair at most."""

from __future__ import annotations

from collections.abc import Iterator

from qinwu.duty.reading import LoadedSystem
from qinwu.duty.rules.atoms import geographic
from qinwu.duty.rules.sectors import officers_of, unknown_beat
from qinwu.duty.rules.shape import beat_borders
from qinwu.duty.system import Pair
from qinwu.findings import Finding
from qinwu.language import N_
from qinwu.station.station import Station


def two_beats_in_one_pair(_: Station, loaded: LoadedSystem) -> Iterator[Finding]:
    """Yield errors for pairs that are not of two beats and two officers, and for beats of two pairs (M5)."""
    beats = {beat.id: beat for beat in geographic(loaded.system)}
    pair_of: dict[str, str] = {}
    for pair in loaded.system.pair:
        yield from (unknown_beat(beat, list(beats), ("pair", pair.id, "beats"), loaded) for beat in pair.beats if beat not in beats)
        for beat in dict.fromkeys(pair.beats):
            if beat in pair_of:
                yield _in_two(beat, pair_of[beat], pair, loaded)
            pair_of.setdefault(beat, pair.id)
        one, two = pair.beats
        same = one in beats and two in beats and officers_of(beats[one]) & officers_of(beats[two])
        if one == two or same:
            yield _alone(pair, loaded)


def partners_are_neighbours(station: Station, loaded: LoadedSystem) -> Iterator[Finding]:
    """Yield a warning for every pair of beats that do not border each other (M5)."""
    borders = beat_borders(loaded.system, station.area) if loaded.system.pair else frozenset()
    known = {beat.id for beat in geographic(loaded.system) if beat.atoms}
    message = N_("The beats of pair {pair} do not border each other: {beats}.")
    for pair in loaded.system.pair:
        if set(pair.beats) <= known and len(set(pair.beats)) == 2 and pair.beats not in borders:
            values = {"pair": pair.id, "beats": ", ".join(pair.beats)}
            place = loaded.place("pair", pair.id, "beats")
            yield Finding("pair-apart", "warning", message, N_("Pair neighbours, so that partners are near."), place, values)


def _in_two(beat: str, first: str, pair: Pair, loaded: LoadedSystem) -> Finding:
    message, remedy = N_("Beat {beat} is in pair {first} and in pair {second}."), N_("Keep it in one of them.")
    values = {"beat": beat, "first": first, "second": pair.id}
    return Finding("beat-in-two-pairs", "error", message, remedy, loaded.place("pair", pair.id, "beats"), values)


def _alone(pair: Pair, loaded: LoadedSystem) -> Finding:
    message = N_("Pair {pair} is not of two beats with two officers: {beats}.")
    values = {"pair": pair.id, "beats": ", ".join(pair.beats)}
    return Finding(
        "pair-of-one", "error", message, N_("Name two beats of different officers."), loaded.place("pair", pair.id, "beats"), values
    )
