"""Lookup: what somebody typed in a hurry, found among the names of places or classes of calls."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import shapely

from qinwu.station.config import CallClass
from qinwu.station.coordinates import to_local
from qinwu.station.roads import read_roads
from qinwu.station.station import Station

Kind = Literal["atom", "venue", "street", "call_class"]
MOST = 9
"""Choices offered at once: as many as one digit can name."""
LEAST_M = 5.0
"""Metres of a street in an atom below which it only touches it."""
_GAPS = re.compile(r"[\s\-_·.,，。、/()（）]+")


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that can be found.

    Parameters
    ----------
    kind
        What it is.
    value
        What choosing it gives: the id of an atom, or of a class of calls.
    words
        What it is found by, its own id or name first.
    metres
        Metres of a street in that atom; 0 for everything else.
    """

    kind: Kind
    value: str
    words: tuple[str, ...]
    metres: float = 0.0
    plain: tuple[str, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Keep the words as they are compared."""
        object.__setattr__(self, "plain", tuple(plain(word) for word in self.words if word))


@dataclass(frozen=True, slots=True)
class Found:
    """What was found: the best entries first, at most `MOST`, and how many there are; ``value`` is '' while it is not settled."""

    entries: tuple[Entry, ...]
    count: int
    value: str


def plain(text: str) -> str:
    """Return a text as it is compared: full-width signs as half-width, no case, no gaps.

    >>> plain("Ａ０１２ 号"), plain("North-Gate")
    ('a012号', 'northgate')
    """
    return _GAPS.sub("", unicodedata.normalize("NFKC", text).casefold())


def find(typed: str, entries: Iterable[Entry], most: int = MOST) -> Found:
    """Return the entries that somebody may have meant.

    A word typed whole goes before a number (``12`` or ``a12`` for ``A012``; a bare number means no venue), that before the
    beginning of a word, that before what is inside one. It is settled where the best of them all lead to one value.

    Parameters
    ----------
    typed
        As typed; nothing finds everything.
    entries
        What there is.
    most
        Entries returned at most.

    Examples
    --------
    >>> here = [Entry("atom", "A012", ("A012", "北门")), Entry("atom", "A112", ("A112",))]
    >>> find("１２", here).value, find("北", here).value, find("a", here).value
    ('A012', 'A012', '')
    """
    wanted = plain(typed)
    ranked = sorted(
        ((rank, at, entry) for at, entry in enumerate(entries) if (rank := _rank(wanted, entry)) is not None),
        key=lambda one: (one[0], -one[2].metres, one[1]),
    )
    best = {entry.value for rank, _at, entry in ranked if wanted and rank == ranked[0][0]}
    settled = best.pop() if len(best) == 1 else ""
    return Found(tuple(entry for _rank_, _at, entry in ranked[:most]), len(ranked), settled)


def _rank(wanted: str, entry: Entry) -> int | None:
    ranks = [rank for word in entry.plain if (rank := _rank_of(wanted, word, numbered=entry.kind != "venue")) is not None]
    return min(ranks, default=None)


def _rank_of(wanted: str, word: str, *, numbered: bool) -> int | None:
    if wanted == word:
        return 0
    if _without_zeros(wanted) == _without_zeros(word) or (numbered and wanted.isdecimal() and _number(word) == int(wanted)):
        return 1
    if word.startswith(wanted):
        return 2
    return 3 if wanted in word else None


def _without_zeros(word: str) -> str:
    """Return a word whose numbers do not begin with noughts."""
    return re.sub(r"(?<!\d)0+(?=\d)", "", word)


def _number(word: str) -> int | None:
    """Return the number an id ends in, None where it has other digits or none."""
    digits = re.fullmatch(r"\D*(\d+)", word)
    return int(digits[1]) if digits and digits[1].isascii() else None


def classes_of(classes: Sequence[CallClass]) -> tuple[Entry, ...]:
    """Return the classes of calls, found by number in the list, id, and name in both languages."""
    return tuple(Entry("call_class", one.id, (str(at), one.id, one.name.zh, one.name.en)) for at, one in enumerate(classes, 1))


def places_of(station: Station) -> tuple[Entry, ...]:
    """Return the places of a station: atoms, then venues by id and trade, then streets in each atom they run through."""
    area = station.area
    names = area.names or ("",) * len(area)
    atoms = [Entry("atom", atom, (atom, name)) for atom, name in zip(area.atom_ids, names, strict=True)]
    venues = [Entry("venue", venue.atom, (venue.id, venue.kind)) for venue in station.venues if venue.atom in area.index]
    return (*atoms, *venues, *_streets(station))


def _streets(station: Station) -> Iterator[Entry]:
    """Yield each named street in each atom, with its metres there; nothing where the roads have no names."""
    if not station.config.files.roads:
        return
    roads, _told_when_read = read_roads(station.folder, station.config, station.area.crs)
    named = np.flatnonzero(np.array([bool(name) for name in roads.names]))
    if not len(named):
        return
    outlines = np.array(station.area.polygons, dtype=object)
    points = shapely.get_coordinates(outlines)
    outlines = shapely.set_coordinates(outlines, np.column_stack(to_local(points[:, 0], points[:, 1], station.area.crs)))
    road, atom = shapely.STRtree(outlines).query(roads.lines[named], predicate="intersects")
    metres: dict[tuple[str, int], float] = {}
    for line, at in zip(named[road].tolist(), atom.tolist(), strict=True):
        inside = shapely.length(shapely.intersection(roads.lines[line], outlines[at]))
        metres[roads.names[line], at] = metres.get((roads.names[line], at), 0.0) + float(inside)
    for (name, at), length in sorted(metres.items()):
        if length >= LEAST_M:
            yield Entry("street", station.area.atom_ids[at], (name,), length)
