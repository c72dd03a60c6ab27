"""Force: officers by pseudonymous id; duty state, never tracks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

Post = Literal["command", "administration", "front_line", "specialist"]


@dataclass(frozen=True, slots=True)
class Officer:
    """One officer.

    ``kind`` is ``sworn`` 民警 or ``auxiliary`` 辅警. ``post`` says what the officer is there for before any duty system
    re-arranges it: ``command``, ``administration``, ``front_line`` or ``specialist``; ``unit`` where, in an area of several
    stations (empty: anywhere).
    """

    id: str
    kind: Literal["sworn", "auxiliary"]
    post: Post = "front_line"
    skills: frozenset[str] = frozenset()
    joined: date | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Force:
    """All officers of a station, in file order, ids unique."""

    officers: tuple[Officer, ...] = ()

    def __len__(self) -> int:
        return len(self.officers)

    def __iter__(self) -> Iterator[Officer]:
        return iter(self.officers)

    def by_id(self) -> dict[str, Officer]:
        """Return officers by id."""
        return {officer.id: officer for officer in self.officers}
