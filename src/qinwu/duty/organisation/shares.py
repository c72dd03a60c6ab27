"""Shares: front line, headquarters, specialists, grassroots, beats, command: a part and a whole each (M31, M33, M46, M51, M57)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from qinwu.duty.organisation.layers import LEVELS
from qinwu.duty.organisation.names import names_of
from qinwu.duty.organisation.norms import Norms
from qinwu.duty.organisation.posts import STREET, Establishment, Ratio, added
from qinwu.duty.organisation.tree import home_of, sphere_of, under
from qinwu.duty.system import DutySystem
from qinwu.duty.units import Level, Posts, Sphere, Unit
from qinwu.findings import Finding, Place
from qinwu.language import N_

FRONT_LINE = N_(
    "Front line: posts for beats, patrol and response, case work or venues (front-line posts, and specialist posts of units with "
    "such a function), of all sworn posts."
)
"""The definition of the front-line share, in words (M31)."""
INSIDE: tuple[Level, ...] = ("station", "outpost", "squad")
"""Levels that have no headquarters unit: their desks are their headquarters."""


@dataclass(frozen=True, slots=True)
class Inversion:
    """Headquarters against grassroots at one level (M51).

    ``units`` are those of the level. For bureaus and sub-bureaus ``headquarters`` and ``grassroots`` are posts of units of these
    spheres at and below it, as :func:`by_sphere` counts them; inside a station, outpost or squad they are command and
    administration posts against front-line posts.
    """

    level: Level
    units: tuple[str, ...]
    headquarters: int
    specialist: int
    grassroots: int

    @property
    def share(self) -> Ratio:
        """Headquarters of all posts there."""
        return Ratio(self.headquarters, self.headquarters + self.specialist + self.grassroots)

    @property
    def inverted(self) -> bool:
        """Whether headquarters outnumber the grassroots."""
        return self.headquarters > self.grassroots


@dataclass(frozen=True)
class Shares:
    """The shares of a chart.

    Parameters
    ----------
    front_line
        Front-line posts of all (M31).
    headquarters, specialist, grassroots, beat
        The four ratios 机关、专业警种、基层、责任区 (M57): posts of units of each sphere, and posts that answer for a beat.
    command
        Command posts of all (M33), `command_by_level` by the level of their unit.
    inversions
        By level, highest first (M51).
    """

    front_line: Ratio
    headquarters: Ratio
    specialist: Ratio
    grassroots: Ratio
    beat: Ratio
    command: Ratio
    command_by_level: Mapping[Level, Ratio]
    inversions: tuple[Inversion, ...]

    @property
    def top_heavy(self) -> float | None:
        """The index 头重脚轻: headquarters posts to each front-line post (M46); None without a front line."""
        return self.headquarters.part / self.front_line.part if self.front_line.part else None


def shares(system: DutySystem, establishment: Establishment) -> Shares:
    """Return the shares of a chart."""
    total, spheres = establishment.all.total, by_sphere(system.unit, establishment)
    by_level = {level: _posts_at(system, establishment, level) for level in LEVELS}
    return Shares(
        front_line=front_line(system, establishment),
        headquarters=Ratio(spheres["headquarters"], total),
        specialist=Ratio(spheres["specialist"], total),
        grassroots=Ratio(total - spheres["headquarters"] - spheres["specialist"], total),
        beat=Ratio(min(beat_posts(system, establishment), total), total),
        command=Ratio(establishment.all.command, total),
        command_by_level={level: Ratio(posts.command, posts.total) for level, posts in by_level.items() if posts.total},
        inversions=tuple(_inversions(system, establishment)),
    )


def front_line(system: DutySystem, establishment: Establishment) -> Ratio:
    """Return front-line posts of all sworn posts (M31); see :data:`FRONT_LINE` for what counts.

    >>> from qinwu.duty.units import Posts, Unit
    >>> unit = Unit(id="s", name={"zh": "所"}, level="station", posts=Posts(command=3, administration=4, front_line=6))
    >>> system = DutySystem(id="o", name={"zh": "所"}, unit=(unit,))
    >>> front_line(system, Establishment({"s": unit.posts}, {}, "chart"))
    Ratio(part=6, whole=13)
    """
    every = establishment.all
    street = {unit.id for unit in system.unit if unit.function in STREET}
    specialists = sum(posts.specialist for unit, posts in establishment.posts.items() if unit in street)
    specialists += sum(
        establishment.squads.get(squad.id, Posts()).specialist
        for squad in system.squad
        if squad.function in STREET and squad.unit not in street
    )
    return Ratio(every.front_line + specialists, every.total)


def beat_posts(system: DutySystem, establishment: Establishment) -> int:
    """Return the posts that answer for a beat: one for each beat, or, where no beats are drawn, those of community units."""
    if system.beat:
        officers = {beat.officer or f"beat {beat.id}" for beat in system.beat}
        return len(officers)
    community = [unit.id for unit in system.unit if unit.function == "community"]
    return sum(establishment.of(unit).front_line for unit in community)


def by_sphere(units: Sequence[Unit], establishment: Establishment, inside: Collection[str] | None = None) -> dict[Sphere, int]:
    """Return posts of units (of those `inside` only) by sphere.

    A front-line post of a headquarters unit is on the street and counts as grassroots.

    >>> from qinwu.duty.units import Posts
    >>> merged = Unit(id="m", name={"zh": "分局"}, level="sub_bureau")
    >>> by_sphere([merged], Establishment({"m": Posts(command=3, front_line=8)}, {}, "officers"))
    {'headquarters': 3, 'specialist': 0, 'grassroots': 8}
    """
    found: dict[Sphere, int] = {"headquarters": 0, "specialist": 0, "grassroots": 0}
    for unit in units:
        if inside is None or unit.id in inside:
            posts, sphere = establishment.of(unit.id), sphere_of(units, unit)
            street = posts.front_line if sphere == "headquarters" else 0
            found["grassroots"] += street
            found[sphere] += posts.total - street
    return found


def _posts_at(system: DutySystem, establishment: Establishment, level: Level) -> Posts:
    known = {unit.id for unit in system.unit}
    found = added(establishment.of(unit.id) for unit in system.unit if unit.level == level)
    unnamed = [home_of(system.unit)] if home_of(system.unit) not in known and level == "station" else []
    return added([found, *(establishment.of(unit) for unit in unnamed)])


def _inversions(system: DutySystem, establishment: Establishment) -> Iterator[Inversion]:
    """Yield the levels that have posts; a unit below another of its own level is not counted again."""
    for level in ("bureau", "sub_bureau"):
        tops = tuple(unit.id for unit in system.unit if unit.level == level)
        counts = by_sphere(system.unit, establishment, {each for top in tops for each in under(system.unit, top)})
        if sum(counts.values()):
            yield Inversion(level, tops, counts["headquarters"], counts["specialist"], counts["grassroots"])
    grassroots = [unit for unit in system.unit if unit.level in INSIDE and sphere_of(system.unit, unit) == "grassroots"]
    stations = tuple(unit.id for unit in grassroots if unit.parent not in {one.id for one in grassroots})
    posts = added(establishment.of(one) for station in stations for one in under(system.unit, station))
    if not system.unit:
        posts, stations = establishment.all, (home_of(()),)
    if posts.total:
        desks = posts.command + posts.administration
        yield Inversion("station", stations, desks, posts.specialist, posts.front_line)


def share_findings(found: Shares, system: DutySystem, norms: Norms) -> Iterator[Finding]:
    """Yield a warning where headquarters hold too much or outnumber the grassroots (M46, M51)."""
    remedy = N_("Move posts from headquarters to stations and squads, or merge sections.")
    for each in found.inversions:
        inside = each.level in INSIDE
        if not each.inverted and not each.share.over(norms.headquarters):
            continue
        names = names_of(system, each.units)
        message = (
            N_("In {unit} command and desks ({headquarters}) outnumber the front line ({grassroots}): {share} of {posts} posts.")
            if inside
            else N_("In {unit} headquarters ({headquarters}) outnumber the grassroots ({grassroots}): {share} of {posts} posts.")
        )
        if not each.inverted:
            message = N_("In {unit} headquarters hold {share} of {posts} posts; the limit is {limit}.")
        values = {
            "unit": names,
            "headquarters": each.headquarters,
            "grassroots": each.grassroots,
            "share": f"{each.share.share or 0:.1%}",
            "posts": each.share.whole,
            "limit": f"{norms.headquarters:.0%}",
        }
        said = N_("Let desks answer calls, or share one desk between stations.") if inside else remedy
        key = f"unit.{each.units[0]}" if len(each.units) == 1 else "unit"
        yield Finding("inverted", "warning", message, said, Place(key=key), values)
