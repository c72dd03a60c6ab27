"""Equipment 装备: what every crew of a group must have to go out, and which crews lack it (M15)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from qinwu.duty.response_plan import CrewLabel

State = Literal["ready", "repair", "gone"]
ROOM = "interview_room"
"""Rooms are the unit's: crews book them, no crew needs one to go out."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of equipment: what it is, the unit it is kept at (empty: anywhere), its state, and the crew that has it."""

    kind: str
    unit: str
    state: State
    crew: str = ""


@dataclass(frozen=True, slots=True)
class Need:
    """What each crew of a group, or every crew where `group` is empty, must have: so many of a kind."""

    group: str
    kind: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class Lacking:
    """What a crew lacks.

    Parameters
    ----------
    kind
        Kind of equipment.
    needed, has
        Pieces it must have, and those it has that are ready.
    free
        Ready pieces at its unit that nobody has and nobody on a call is using.
    broken
        Pieces of the kind, in its hands or at its unit, that are in repair.
    """

    kind: str
    needed: int
    has: int
    free: int
    broken: int


def needs_of(group: str, needs: Iterable[Need]) -> dict[str, int]:
    """Return what a crew of a group must have, by kind: what is said of the group itself goes before what is said of all.

    >>> needs_of("patrol", [Need("", "radio"), Need("patrol", "radio", 2), Need("beat", "vehicle")])
    {'radio': 2}
    """
    found: dict[str, int] = {}
    for need in sorted(needs, key=lambda one: one.group != ""):
        if need.group in ("", group):
            found[need.kind] = need.count
    return found


def lacking(
    labels: Sequence[CrewLabel], needs: Sequence[Need], pieces: Sequence[Piece], out: Collection[str] = ()
) -> dict[str, tuple[Lacking, ...]]:
    """Return the crews that cannot go out, by id, and what each of them lacks.

    A crew has what it was given; where that is too little it may take what is free at its unit. What crews on a call took in this
    way is not free until they are back.

    Parameters
    ----------
    labels
        The crews; those without named officers bring their own.
    needs, pieces
        What crews must have, and all equipment.
    out
        Crews that are on a call.

    Examples
    --------
    One car for two crews: while the first is out the second cannot go.

    >>> crews = [CrewLabel(name, "patrol", "station", ("P01",), "patrol") for name in ("A", "B")]
    >>> sorted(lacking(crews, [Need("patrol", "vehicle")], [Piece("vehicle", "station", "ready")], out={"A"}))
    ['B']
    """
    stock = [piece for piece in pieces if piece.state != "gone" and piece.kind != ROOM]
    wanted = {label.id: needs_of(label.rule, needs) for label in labels if label.officers}
    taken: dict[tuple[str, str], int] = {}
    for label in labels:
        if label.id in out:
            for kind, count in wanted.get(label.id, {}).items():
                has = _count(stock, kind, "ready", crew=label.id)
                taken[kind, label.unit] = taken.get((kind, label.unit), 0) + max(0, count - has)
    found: dict[str, tuple[Lacking, ...]] = {}
    for label in labels:
        own = tuple(
            one
            for kind, count in wanted.get(label.id, {}).items()
            if kind != ROOM and (one := _lacking(label, kind, count, stock, taken)).has + one.free < count
        )
        if own and label.id not in out:
            found[label.id] = own
    return found


def _lacking(label: CrewLabel, kind: str, count: int, stock: Sequence[Piece], taken: dict[tuple[str, str], int]) -> Lacking:
    here = [piece for piece in stock if piece.unit in ("", label.unit)]
    has = _count(stock, kind, "ready", crew=label.id)
    free = max(0, _count(here, kind, "ready", crew="") - taken.get((kind, label.unit), 0))
    broken = _count(stock, kind, "repair", crew=label.id) + _count(here, kind, "repair", crew="")
    return Lacking(kind, count, has, free, broken)


def _count(pieces: Iterable[Piece], kind: str, state: State, crew: str) -> int:
    return sum(piece.kind == kind and piece.state == state and piece.crew == crew for piece in pieces)
