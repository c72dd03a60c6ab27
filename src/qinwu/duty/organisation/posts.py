"""Posts: how many stand where. From the chart where it says so, else from the officers as the duty system places them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple

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
    takes them on the day `on`, or where the officers file has them, or at the station. Either way an officer whom a squad of the
    street takes from a desk counts as front line (M42).
    """
    stated = any(unit.posts.total for unit in system.unit)
    placed = tuple(_placed(system, posted(force, system), on)) if force is not None else ()
    if not stated and not placed:
        return Establishment({unit.id: Posts() for unit in system.unit})
    squads = _by_place(Counter((each.squad, each.post) for each in placed if each.squad))
    if stated:
        moved = Counter(each.own for each in placed if each.from_desk)
        return Establishment({unit.id: _moved(unit.posts, moved[unit.id]) for unit in system.unit}, squads, "chart")
    return Establishment(_by_place(Counter((each.unit, each.post) for each in placed)), squads, "officers")


class _Placed(NamedTuple):
    """A sworn officer: the unit that counts him, his own unit, his squad, what he is there for, and whether he left a desk."""

    unit: str
    own: str
    squad: str
    post: Post
    from_desk: bool


def _placed(system: DutySystem, force: Force, on: date) -> Iterator[_Placed]:
    """Yield sworn officers where the squads of a duty system put them."""
    members = staff(force, system, on).members
    squad_of = {officer.id: squad for squad in system.squad for officer in members[squad.id]}
    home, known = home_of(system.unit), {unit.id for unit in system.unit}
    for officer in force:
        if officer.kind == "sworn":
            squad = squad_of.get(officer.id)
            left = squad is not None and squad.function in STREET and officer.post == "administration"
            own = officer.unit if officer.unit in known else home
            unit = squad.unit if squad and squad.unit in known else own
            yield _Placed(unit, own, squad.id if squad else "", "front_line" if left else officer.post, left)


def _moved(posts: Posts, count: int) -> Posts:
    """Return posts with some desks turned into front line, as many as there are."""
    moved = min(count, posts.administration)
    update = {"administration": posts.administration - moved, "front_line": posts.front_line + moved}
    return posts.model_copy(update=update) if moved else posts


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
