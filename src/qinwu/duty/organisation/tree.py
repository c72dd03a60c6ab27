"""Tree: who is above and below whom. Units without a parent in the chart, and circles, end a chain."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from qinwu.duty.stations import STATION, Stations
from qinwu.duty.system import Squad
from qinwu.duty.units import Sphere, Unit


def chain_of(units: Sequence[Unit], unit: str) -> tuple[str, ...]:
    """Return a unit and those above it, itself first; a unit that is not in the chart is alone."""
    return _stations(units).above(unit) or (unit,)


def under(units: Sequence[Unit], unit: str) -> frozenset[str]:
    """Return a unit and all units below it."""
    return frozenset(_stations(units).under(unit))


def _stations(units: Sequence[Unit]) -> Stations:
    return Stations({one.id: one for one in units}, ())


def root_of(units: Sequence[Unit]) -> str:
    """Return the first unit without a parent in the chart, empty where there is none."""
    known = {one.id for one in units}
    return next((one.id for one in units if one.parent not in known), "")


def sphere_of(units: Sequence[Unit], unit: Unit) -> Sphere:
    """Return whether a unit is headquarters, specialist or grassroots; a squad or outpost of a brigade is specialist as that is."""
    if unit.sphere or unit.level not in ("squad", "outpost"):
        return unit.belongs
    by_id = {one.id: one for one in units}
    above = (by_id[one] for one in chain_of(units, unit.id)[1:])
    nearest = next((one for one in above if one.sphere or one.level not in ("squad", "outpost")), unit)
    return "specialist" if nearest.belongs == "specialist" else unit.belongs


def common_superior(units: Sequence[Unit], one: str, other: str) -> str:
    """Return the nearest unit above both (or one of them, where it is above the other); empty where none is."""
    above = chain_of(units, other)
    return next((unit for unit in chain_of(units, one) if unit in above), "")


def layers(units: Sequence[Unit]) -> int:
    """Return the longest chain of command from the top unit down, counting units (M40)."""
    known = {unit.id for unit in units}
    return max((len(chain_of(units, unit)) for unit in known), default=0)


def directly_under(units: Sequence[Unit], squads: Sequence[Squad]) -> Counter[str]:
    """Return how many units and squads are directly under each unit."""
    return Counter([unit.parent for unit in units if unit.parent] + [squad.unit for squad in squads])


def circles(units: Sequence[Unit]) -> Iterator[list[str]]:
    """Yield every circle of units that are each above the next one."""
    parent = {unit.id: unit.parent for unit in units}
    done: set[str] = set()
    for start in parent:
        chain: list[str] = []
        unit = start
        while unit in parent and unit not in done and unit not in chain:
            chain.append(unit)
            unit = parent[unit]
        if unit in chain:
            yield chain[chain.index(unit) :]
        done |= set(chain)


def home_of(units: Sequence[Unit]) -> str:
    """Return the unit of squads, beats and officers that name none: ``station``, the only station, or the top.

    >>> home_of(())
    'station'
    """
    if any(one.id == STATION for one in units):
        return STATION
    stations = [one.id for one in units if one.level == "station"]
    return stations[0] if len(stations) == 1 else root_of(units) or STATION
