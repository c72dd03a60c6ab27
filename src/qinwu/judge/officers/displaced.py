"""Displaced 占用责任区工时: duty hours that beats lose while their officers are ordered elsewhere (M20, M49)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum

from qinwu.judge.officers.hours import counted_once
from qinwu.judge.officers.log import Entry


@dataclass(frozen=True, slots=True)
class Displaced:
    """Hours of duty one beat loses, and the officers and times that make them up: `pieces` are duties cut to the absence."""

    beat: str
    hours: float
    pieces: tuple[Entry, ...]


def displaced(duties: Sequence[Entry], away: Sequence[Entry], beats: Mapping[str, Sequence[str]]) -> tuple[Displaced, ...]:
    """Return what beats lose, most first.

    Parameters
    ----------
    duties
        Duties by the roster. Time in two duties of one officer counts once.
    away
        When officers are elsewhere; two absences at one time count once.
    beats
        The beats each officer is accountable for; an hour of an officer of two beats is lost by both.
    """
    pieces = lost(duties, away)
    by_beat: dict[str, list[Entry]] = {}
    for piece in pieces:
        for beat in beats.get(piece.officer, ()):
            by_beat.setdefault(beat, []).append(piece)
    found = (Displaced(beat, fsum(one.hours for one in own), tuple(own)) for beat, own in by_beat.items())
    return tuple(sorted(found, key=lambda one: (-one.hours, one.beat)))


def lost(duties: Sequence[Entry], away: Sequence[Entry]) -> tuple[Entry, ...]:
    """Return duties cut to the time at which their officers are elsewhere, each hour once."""
    elsewhere: dict[str, list[Entry]] = {}
    for entry in away:
        elsewhere.setdefault(entry.officer, []).append(entry)
    cut = [
        duty.between(max(duty.start, other.start), min(duty.end, other.end))
        for duty in duties
        for other in elsewhere.get(duty.officer, ())
        if max(duty.start, other.start) < min(duty.end, other.end)
    ]
    return counted_once(cut, "")[0]
