"""The invented bureau's stations: where they are, how many beats and auxiliaries each has, and what they make of land and officers.

Units, posts of sworn officers, duties and loads are written out in ``data/bureau_units.toml``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from functools import cache
from string import Template
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from qinwu.station.config import StationConfig
from qinwu.station.sample.blueprint import LandUse
from qinwu.station.sample.calibration import Answer, data_text
from qinwu.station.sample.city import MARKET_TOWN
from qinwu.station.sample.demand import Demand
from qinwu.station.sample.duty_files import BeatFact, beat_text, pair_text
from qinwu.station.sample.land import Land
from qinwu.station.sample.regions import Neighbours, adjacent_groups, grow, neighbour_lists, part_neighbours, ways
from qinwu.station.sample.stamps import Cover, Lender, Stamps, answer

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
Place = tuple[float, float, LandUse]

UNITS = "bureau_units.toml"
NO_WAY = 1e5
"""Ways longer than this, in the measure of :func:`qinwu.station.sample.regions.ways`, are none."""
X, Y = MARKET_TOWN


@dataclass(frozen=True)
class Outpost:
    """An outpost: unit and place; it has one beat, of the atoms nearest to it by road."""

    id: str
    place: Place


@dataclass(frozen=True)
class StationPlan:
    """A station of the bureau.

    Parameters
    ----------
    id, sub_bureau
        Units of ``bureau_units.toml``.
    short
        What its beats are called by, in both languages.
    place
        Plane metres and land use of its house.
    beats
        Beats looked after from the house.
    auxiliaries, clerks
        Auxiliaries at the front line, and at desks.
    day_crews, night_crews
        Crews on duty when the stamps are made.
    outposts
        Its outposts.
    """

    id: str
    sub_bureau: str
    short: tuple[str, str]
    place: Place
    beats: int
    auxiliaries: int
    clerks: int
    day_crews: int
    night_crews: int
    outposts: tuple[Outpost, ...] = ()

    @property
    def houses(self) -> tuple[StationPlan | Outpost, ...]:
        """The station and its outposts."""
        return (self, *self.outposts)


STATIONS: tuple[StationPlan, ...] = (
    StationPlan("O1", "OT", ("北门所", "North Gate"), (-50.0, 900.0, "old_town"), 4, 8, 1, 3, 3),
    StationPlan("O2", "OT", ("东街所", "East Street"), (800.0, 200.0, "old_town"), 4, 8, 1, 3, 3),
    StationPlan("O3", "OT", ("南关所", "South Gate"), (50.0, -500.0, "old_town"), 4, 8, 1, 3, 3),
    StationPlan("O4", "OT", ("西关所", "West Gate"), (-800.0, 200.0, "old_town"), 4, 8, 1, 3, 3),
    StationPlan("N1", "NT", ("城东所", "East City"), (2500.0, 200.0, "new_town"), 8, 14, 2, 6, 5),
    StationPlan("N2", "NT", ("城西所", "West City"), (-2600.0, -600.0, "new_town"), 8, 14, 2, 6, 5),
    StationPlan("C1", "MC", ("集镇所", "Market Town"), (X + 100.0, Y, "old_town"), 4, 8, 1, 3, 2),
    StationPlan(
        "C2",
        "MC",
        ("北岭所", "North Ridge"),
        (X + 2000.0, Y + 3600.0, "mountain"),
        2,
        7,
        1,
        2,
        2,
        (Outpost("C2a", (X - 4500.0, Y + 4800.0, "mountain")), Outpost("C2b", (X + 7000.0, Y + 4300.0, "mountain"))),
    ),
    StationPlan(
        "C3",
        "MC",
        ("南沟所", "South Gully"),
        (X + 800.0, Y - 4300.0, "mountain"),
        2,
        7,
        1,
        2,
        2,
        (Outpost("C3a", (X - 6500.0, Y - 3200.0, "mountain")), Outpost("C3b", (X + 6800.0, Y - 4300.0, "mountain"))),
    ),
)

CALL_TAKERS: dict[str, int] = {"control": 6, "OT_control": 2, "NT_control": 2, "MC_control": 2}
"""Auxiliaries who take calls at the bureau and its sub-bureaus."""
LENDING_S = 60.0
"""Seconds that a crew of another station needs besides the way: assumption."""


def houses(land: Land) -> dict[str, int]:
    """Return the atom of every station and outpost."""
    both = [(one.id, one.place) for station in STATIONS for one in station.houses]
    return {name: land.nearest(*place) for name, place in both}


def house_of_atoms(land: Land) -> NDArray[np.str_]:
    """Return (J,) the station or outpost that each atom is nearest to, by ways inside the old town, the new one and the county.

    The county is what lies nearer to the market town than to the city, and all mountains; the city's villages go with the new town.
    """
    at, xy_m, lists = houses(land), land.xy_m, neighbour_lists(len(land.atoms), land.neighbours)
    use = np.array([atom.land_use for atom in land.atoms])
    county = (use == "mountain") | (np.hypot(xy_m[:, 0] - X, xy_m[:, 1] - Y) < np.hypot(xy_m[:, 0], xy_m[:, 1]))
    found = np.full(len(land.atoms), "", dtype="<U8")
    for name, inside in (("OT", ~county & (use == "old_town")), ("NT", ~county & (use != "old_town")), ("MC", county)):
        near = [one.id for station in STATIONS if station.sub_bureau == name for one in station.houses]
        found[inside] = _nearest(land, np.flatnonzero(inside), {one: at[one] for one in near})
    while (alone := np.flatnonzero(found == "")).size:
        beside = [(place, found[other]) for place in alone.tolist() for other in lists[place] if found[other]]
        for place, other in beside:
            found[place] = other
    return found


def _nearest(land: Land, places: I64, bases: Mapping[str, int]) -> NDArray[np.str_]:
    """Return which of the `bases` is nearest to each of the places, by ways among them; empty where there is no way."""
    position = {place: at for at, place in enumerate(places.tolist())}
    away = ways(land.xy_m[places], _inside(land, places))[:, [position[base] for base in bases.values()]]
    return np.where(away.min(axis=1) < NO_WAY, np.array(list(bases))[away.argmin(axis=1)], "")


def _inside(land: Land, places: I64) -> Neighbours:
    """Return the neighbours of the places among themselves, by position."""
    near = neighbour_lists(len(land.atoms), land.neighbours)
    at = {place: position for position, place in enumerate(places.tolist())}
    return tuple(tuple(at[other] for other in near[place] if other in at) for place in places.tolist())


def _beats(land: Land, station: StationPlan, house: NDArray[np.str_], load: F64) -> Iterator[tuple[str, I64]]:
    """Yield unit and atoms of every beat of a station: its own, of about equal load, then one for each outpost."""
    own = np.flatnonzero(house == station.id)
    part = grow(load[own], land.xy_m[own], _inside(land, own), station.beats)
    yield from ((station.id, own[part == beat]) for beat in range(station.beats))
    yield from ((post.id, np.flatnonzero(house == post.id)) for post in station.outposts)


def base_text(land: Land, load: F64, officers: pl.DataFrame) -> str:
    """Return ``base.toml``: units and what they are for as written, then beats and pairs of every station."""
    names = {name: land.atoms[atom].id for name, atom in houses(land).items()}
    return "\n".join([Template(data_text(UNITS)).substitute(names), *_beats_and_pairs(land, load, officers)])


def _beats_and_pairs(land: Land, load: F64, officers: pl.DataFrame) -> Iterator[str]:
    house = house_of_atoms(land)
    for station in STATIONS:
        beats = list(_beats(land, station, house, load))
        spare = {unit: _sworn(officers, unit) for unit, _ in beats}
        names = [f"{station.id}-{number:02d}" for number in range(1, len(beats) + 1)]
        for number, (unit, places) in enumerate(beats, start=1):
            said = (f"{station.short[0]}第{number}责任区", f"{station.short[1]} beat {number}")
            atoms = tuple(land.atoms[place].id for place in places.tolist())
            yield beat_text(BeatFact(names[number - 1], said, atoms, spare[unit].pop(0), unit))
        own = [places for unit, places in beats if unit == station.id]
        for number, (one, other) in enumerate(_pairs(land, own), start=1):
            yield pair_text(f"{station.id}-D{number}", (names[one], names[other]))


def _pairs(land: Land, beats: list[I64]) -> list[tuple[int, ...]]:
    """Return the beats in pairs of neighbours."""
    part = np.full(len(land.atoms), -1, dtype=np.int64)
    for number, places in enumerate(beats):
        part[places] = number
    borders = land.neighbours[(part[land.neighbours] >= 0).all(axis=1)]
    centre = np.array([land.xy_m[places].mean(axis=0) for places in beats])
    return adjacent_groups(part_neighbours(part, borders, len(beats)), centre, 2) or []


def _sworn(officers: pl.DataFrame, unit: str) -> list[str]:
    here = (pl.col("unit") == unit) & (pl.col("kind") == "sworn") & (pl.col("post") == "front_line")
    return list(officers.filter(here)["officer_id"])


def _station_of_atoms(land: Land) -> I64:
    """Return (J,) the station of each atom, by position."""
    number = {one.id: at for at, station in enumerate(STATIONS) for one in station.houses}
    return np.array([number[house] for house in house_of_atoms(land).tolist()], dtype=np.int64)


def stamps(land: Land, calls: Demand, config: StationConfig, figures: Answer, kmh: F64, rng: np.random.Generator) -> Stamps:
    """Return the stamps of all calls: each station answers its own; the others of its sub-bureau may lend a crew each."""
    of, at, xy_m = _station_of_atoms(land), houses(land), land.xy_m
    found = Stamps(*(np.empty(len(calls)) for _ in fields(Stamps)))
    for number, station in enumerate(STATIONS):
        rows, places = np.flatnonzero(of[calls.atom] == number), np.flatnonzero(of == number)
        own = Demand(calls.received_s[rows], calls.call_class[rows], np.searchsorted(places, calls.atom[rows]), calls.xy_m[rows])
        load = np.bincount(own.atom, minlength=len(places)).astype(float)
        near = _inside(land, places)
        day, night = (grow(load, xy_m[places], near, count) for count in (station.day_crews, station.night_crews))
        others = [one for one in STATIONS if one.sub_bureau == station.sub_bureau and one is not station]
        lenders = tuple(Lender((float(x), float(y)), LENDING_S) for x, y in xy_m[[at[one.id] for one in others]])
        cover = Cover(day, night, xy_m[places], kmh[places], lenders=lenders)
        made = answer(own, config.call_class, cover, config.travel, figures, rng)
        for field in fields(Stamps):
            getattr(found, field.name)[rows] = getattr(made, field.name)
    return found


@cache
def posts() -> Mapping[str, Mapping[str, int]]:
    """Return the posts of sworn officers by unit, as ``bureau_units.toml`` establishes them."""
    units: list[dict[str, Any]] = tomllib.loads(data_text(UNITS))["unit"]
    return {unit["id"]: unit.get("posts", {}) for unit in units}


def officer_sheet(rng: np.random.Generator) -> pl.DataFrame:
    """Return the rows of ``officers.csv``: unit by unit, one sworn officer for each post, then auxiliaries."""
    rows = list(_rows())
    joined = [date(2024, 7, 1) - timedelta(days=int(each)) for each in rng.integers(120, 8200, len(rows))]
    return pl.DataFrame(
        {
            "officer_id": [f"P{at:03d}" for at in range(1, len(rows) + 1)],
            "kind": [kind for _, kind, _, _ in rows],
            "post": [post for _, _, post, _ in rows],
            "unit": [unit for unit, _, _, _ in rows],
            "skills": [skill for _, _, _, skill in rows],
            "joined": [each.isoformat() for each in joined],
        }
    )


def _rows() -> Iterator[tuple[str, str, str, str]]:
    """Yield unit, kind, post and skills of every officer."""
    helpers = {
        **{name: (0, count) for name, count in CALL_TAKERS.items()},
        **{one.id: (one.auxiliaries, one.clerks) for one in STATIONS},
    }
    for unit, by_post in posts().items():
        for post, count in by_post.items():
            skills = _skills(post, count)
            yield from ((unit, "sworn", post, skill) for skill in skills)
        front, desk = helpers.get(unit, (0, 0))
        yield from ((unit, "auxiliary", "administration", "") for _ in range(desk))
        yield from ((unit, "auxiliary", "front_line", "driver" if number % 3 == 0 else "") for number in range(front))


def _skills(post: str, count: int) -> list[str]:
    """Return skills of the sworn officers of a post: in a station every third mediates and the last ones know cases and venues."""
    if post == "specialist":
        return ["investigation;driver"] * count
    if post != "front_line":
        return [""] * count
    skills = ["mediation;driver" if number % 3 == 0 else "driver" for number in range(count)]
    if count > 3:
        skills[-2:] = ["venue;driver", "investigation;driver"]
    return skills
