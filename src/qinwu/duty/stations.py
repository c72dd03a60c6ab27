"""Stations: one folder may hold an area of several stations 一个分局、一个县局, and every duty system runs on it.

Beats say which unit they are in; the *home* of a beat is the nearest unit from there upwards that is neither an outpost nor a
squad, and the homes of all geographic beats are the stations of the area. Where there is only one, nothing here changes anything.

Where there are several, a unit whose id is the word of a level (``station``, ``sub_bureau``, ``bureau``, ``outpost``) and that no
beat is in or under is a *template*: it stands for every unit of its level in the line above the stations, and is dropped. What
belongs to it is made once for each: squad ``community`` of unit ``station`` becomes ``community@S1``, ``community@S2`` and so on,
with its crews rules, its functional beats, and the units under it. A squad of any other unit stays as it is. A template
``station`` of a higher level (as in ``preset:merged``, where it is a sub-bureau) merges stations: their beats belong to the unit of
that level. A squad already called ``community@S1`` is kept as the file says it.

``squad:community`` then means the squad of the call's own station, ``community@S1``, or of the unit above it that has one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from qinwu.duty.system import Beat, DutySystem, Squad
from qinwu.duty.units import Level, Unit
from qinwu.station.config import Text

AT = "@"
STATION = "station"
"""The unit squads and beats belong to where they name none; it need not be described."""
NO_HOME: tuple[Level, ...] = ("outpost", "squad")


def template_of(name: str) -> str:
    """Return what a squad, rule, beat or unit was called before it was made once for each station.

    >>> template_of("community@S1"), template_of("community")
    ('community', 'community')
    """
    return name.partition(AT)[0]


@dataclass(frozen=True)
class Stations:
    """The units of a duty system, seen from its geographic beats."""

    units: Mapping[str, Unit]
    beats: tuple[Beat, ...]

    @classmethod
    def of(cls, system: DutySystem) -> Stations:
        """Return the stations of a duty system."""
        return cls({unit.id: unit for unit in system.unit}, tuple(beat for beat in system.beat if beat.kind == "geographic"))

    @cached_property
    def _above(self) -> dict[str, tuple[str, ...]]:
        return {unit: tuple(self._upwards(unit)) for unit in self.units}

    def _upwards(self, unit: str) -> Iterator[str]:
        seen: set[str] = set()
        while unit in self.units and unit not in seen:
            seen.add(unit)
            yield unit
            unit = self.units[unit].parent

    def above(self, unit: str) -> tuple[str, ...]:
        """Return a unit and those above it, nearest first; nothing for unknown units."""
        return self._above.get(unit, ())

    @cached_property
    def _under(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {unit: set() for unit in self.units}
        for unit, above in self._above.items():
            for one in above:
                found[one].add(unit)
        return found

    def under(self, unit: str) -> Collection[str]:
        """Return a unit and those below it."""
        return self._under.get(unit, {unit})

    def home(self, unit: str) -> str:
        """Return the station that a unit is or belongs to: the nearest above that is neither an outpost nor a squad."""
        return next((one for one in self.above(unit) if self.units[one].level not in NO_HOME), STATION)

    @cached_property
    def homes(self) -> tuple[str, ...]:
        """The stations, in the order of their beats."""
        return tuple(dict.fromkeys(self.home(beat.unit) for beat in self.beats))

    @property
    def several(self) -> bool:
        """Whether the area has more than one station."""
        return len(self.homes) > 1

    @cached_property
    def line(self) -> frozenset[str]:
        """The units that geographic beats are in or under."""
        return frozenset(one for unit in {beat.unit for beat in self.beats} for one in self.above(unit) or (unit,))

    def ground(self, unit: str) -> str:
        """Return the unit whose area a unit works in: itself, or the nearest above with beats; empty for the whole area."""
        return next((one for one in self.above(unit) if one in self.line), "") if self.several else ""

    def inside(self, beat: Beat, unit: str) -> bool:
        """Return whether a beat is in the area that a unit works in."""
        ground, above = self.ground(unit), self.above(beat.unit)
        return not ground or not above or ground in above

    def own(self, name: str, known: Collection[str], home: str) -> tuple[str, ...]:
        """Return which of the `known` names a word means at a station: that very name, else that of the nearest unit upwards.

        Without a station (empty `home`: a place of no beat) every copy is meant; unknown words mean nothing.
        """
        if name in known:
            return (name,)
        if not home:
            return tuple(each for each in known if template_of(each) == name)
        return tuple(f"{name}{AT}{unit}" for unit in self.above(home) if f"{name}{AT}{unit}" in known)[:1]


def name_of(name: str, items: Iterable[Squad | Unit], system: DutySystem) -> Text | None:
    """Return the name of a squad or unit; of one made once for each station, what the files called it; None for unknown ones."""
    found = {item.id: item.name for item in reversed(tuple(items))}
    if name in found:
        return found[name]
    copy = next((each for each in reversed(found) if template_of(each) == name), "")
    place = next((unit.name for unit in system.unit if unit.id == copy.partition(AT)[2]), None)
    return plain(found[copy], place) if place else found.get(copy)


def with_place(name: Text, place: Text) -> Text:
    """Return a name with that of a unit.

    >>> with_place(Text(zh="值班组", en="Duty squad"), Text(zh="城关派出所", en="Chengguan station")).en
    'Duty squad, Chengguan station'
    """
    return Text(zh=f"{place.zh}{name.zh}", en=f"{name.in_language('en')}, {place.in_language('en')}")


def plain(name: Text, place: Text) -> Text:
    """Return a name without that of the unit; the reverse of :func:`with_place`."""
    return Text(zh=name.zh.removeprefix(place.zh), en=name.in_language("en").removesuffix(f", {place.in_language('en')}"))
