"""Posts: how many stand where. From the chart where it says so, else from the officers as the duty system places them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from qinwu.duty.organisation.tree import home_of, under
from qinwu.duty.staffing import posted, staff
from qinwu.duty.system import DutySystem
from qinwu.duty.units import POSTS, Function, Posts, Unit
from qinwu.station.force import Force, Post

STREET: tuple[Function, ...] = ("community", "patrol", "investigation", "venues")
"""Functions whose posts are front line: beat, patrol and response, case work, and the functional beat of venues (M31)."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """A part of a whole, both counted."""

    part: int
    whole: int

    @property
    def share(self) -> float | None:
        """The part, 0 to 1; None of nothing.

        >>> Ratio(6, 13).share, Ratio(0, 0).share
        (0.46153846153846156, None)
        """
        return self.part / self.whole if self.whole else None

    def over(self, limit: float) -> bool:
        """Return whether the share is more than `limit`."""
        return self.share is not None and self.share > limit


@dataclass(frozen=True)
class Establishment:
    """Posts by unit, without the units below it.

    Parameters
    ----------
    posts
        By unit id.
    squads
        Those of them that are in a squad, by squad id; empty without officers.
    source
        ``chart`` (``posts`` of the units), ``officers`` (sworn officers where the duty system puts them) or ``none``.
    """

    posts: Mapping[str, Posts] = field(default_factory=dict)
    squads: Mapping[str, Posts] = field(default_factory=dict)
    source: Literal["chart", "officers", "none"] = "none"

    def of(self, unit: str) -> Posts:
        """Return the posts of a unit itself."""
        return self.posts.get(unit, Posts())

    def under(self, units: Sequence[Unit], unit: str) -> Posts:
        """Return the posts of a unit and of all units below it."""
        return added(self.of(one) for one in under(units, unit))

    @property
    def all(self) -> Posts:
        """All posts."""
        return added(self.posts.values())


def added(posts: Iterable[Posts]) -> Posts:
    """Return posts summed by what they are for."""
    every = list(posts)
    return Posts(**{kind: sum(getattr(one, kind) for one in every) for kind in POSTS})


def establish(system: DutySystem, force: Force | None = None, on: date = date.min) -> Establishment:
    """Return how many posts stand where.

    The chart's own ``posts`` count where any unit has them. Else sworn officers are counted: in the unit of the squad that
    takes them on the day `on`, or where the officers file has them, or at the station; one whom a squad of the street takes
    from a desk counts as front line (M42).
    """
    stated = any(unit.posts.total for unit in system.unit)
    officers = force is not None and any(one.kind == "sworn" for one in force)
    counted = _counted(system, posted(force, system), on) if force is not None and officers else None
    if stated:
        return Establishment({unit.id: unit.posts for unit in system.unit}, counted.squads if counted else {}, "chart")
    return counted or Establishment({unit.id: Posts() for unit in system.unit})


def _counted(system: DutySystem, force: Force, on: date) -> Establishment:
    """Return sworn officers as posts."""
    members = staff(force, system, on).members
    squad_of = {officer.id: squad for squad in system.squad for officer in members[squad.id]}
    home, known = home_of(system.unit), {unit.id for unit in system.unit}
    units: Counter[tuple[str, Post]] = Counter()
    squads: Counter[tuple[str, Post]] = Counter()
    for officer in force:
        if officer.kind != "sworn":
            continue
        squad = squad_of.get(officer.id)
        post = "front_line" if squad and squad.function in STREET and officer.post == "administration" else officer.post
        places = (squad.unit if squad else "", officer.unit, home)
        unit = next((place for place in places if place in known), home)
        units[unit, post] += 1
        if squad:
            squads[squad.id, post] += 1
    return Establishment(_by_place(units), _by_place(squads), "officers")


def _by_place(counts: Counter[tuple[str, Post]]) -> dict[str, Posts]:
    places = dict.fromkeys(place for place, _ in counts)
    return {place: Posts(**{kind: counts[place, kind] for kind in POSTS}) for place in places}


def drawn_units(system: DutySystem, establishment: Establishment) -> tuple[Unit, ...]:
    """Return the units of a chart with their posts as they stand, squads as units of their own below the unit they belong to.

    The posts of a squad are then not those of its unit as well, so that every post is there once.
    """
    home = home_of(system.unit)
    names = {unit.id for unit in system.unit}
    squads = [squad for squad in system.squad if squad.id not in names]
    inside = {squad.id: squad.unit if squad.unit in names else home for squad in squads}
    units = [
        unit.model_copy(update={"posts": _rest(establishment, unit.id, [s for s, u in inside.items() if u == unit.id])})
        for unit in system.unit
    ]
    for squad in squads:
        posts = establishment.squads.get(squad.id, Posts())
        unit = Unit(id=squad.id, name=squad.name, level="squad", parent=inside[squad.id], function=squad.function, posts=posts)
        units.append(unit)
    return tuple(units)


def _rest(establishment: Establishment, unit: str, squads: Sequence[str]) -> Posts:
    gone = added(establishment.squads.get(squad, Posts()) for squad in squads)
    here = establishment.of(unit)
    return Posts(**{kind: max(getattr(here, kind) - getattr(gone, kind), 0) for kind in POSTS})
