"""Recipes: what makes each kind of sample station."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from qinwu.station.sample.blueprint import Blueprint
from qinwu.station.sample.bureau import STATIONS, StationPlan, houses
from qinwu.station.sample.city import city_blueprint
from qinwu.station.sample.land import Land
from qinwu.station.sample.quarter import quarter_blueprint
from qinwu.station.sample.rural import OUTPOSTS, rural_blueprint
from qinwu.station.sample.town import town_blueprint

SampleKind = Literal["town", "rural", "station13", "bureau"]

_ALL = ("one_beat", "sector", "pairs", "functional", "split_lines", "three_squads", "two_teams", "kunming", "merged")


@dataclass(frozen=True)
class Outpost:
    """An outpost: id, names, position of its base atom."""

    id: str
    name: tuple[str, str]
    atom: int


@dataclass(frozen=True)
class Recipe:
    """What makes a kind of sample station.

    Parameters
    ----------
    blueprint
        Draws the place.
    config
        Name of the ``station.toml`` among the data files; ``$word`` in it is filled with the atom from `spots`.
    calls
        Rows of resident and other calls that a reader should take.
    venues
        About how many.
    systems
        Duty systems of the duty folder, the one in force first.
    command, sworn_desks, desks, sworn, auxiliaries
        Head counts of a single station; `desks` includes `sworn_desks`, the last two are the front line.
    beats, beats_per_sector
        Numbers, of a single station.
    layers
        Files laid over the preset of a system besides ``local.toml``, by system.
    outposts
        Outposts, each with one beat of its own; the other beats are the hub's.
    spots
        Position of the atoms that `config` names, by word.
    busy
        Position of the atoms of busy places, by id.
    day_crews, night_crews, crew_people
        Parts into which the crews on duty divide the area when the stamps are made, and the people of each.
    stations
        The stations of a bureau, which say for each what the head counts, beats and crews above say of one.
    """

    blueprint: Callable[[np.random.Generator], Blueprint]
    config: str
    calls: int
    venues: int
    systems: tuple[str, ...]
    spots: Callable[[Land], Mapping[str, int]]
    busy: Callable[[Land], Mapping[str, int]]
    command: int = 0
    sworn_desks: int = 0
    desks: int = 0
    sworn: int = 0
    auxiliaries: int = 0
    beats: int = 0
    beats_per_sector: int = 0
    day_crews: int = 0
    night_crews: int = 0
    crew_people: int = 2
    layers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    outposts: Callable[[Land], tuple[Outpost, ...]] = lambda _: ()
    stations: tuple[StationPlan, ...] = ()


def _town_spots(land: Land) -> dict[str, int]:
    return {
        "base": land.nearest(150.0, 800.0, "new_town"),
        "east": land.nearest(3500.0, 0.0, "village"),
        "south": land.nearest(400.0, -3500.0, "village"),
    }


def _outposts(land: Land) -> tuple[Outpost, ...]:
    return tuple(
        Outpost(f"outpost{number}", (zh, en), land.nearest(*place, "mountain"))
        for number, (zh, en, place) in enumerate(OUTPOSTS, start=1)
    )


RECIPES: dict[SampleKind, Recipe] = {
    "town": Recipe(
        blueprint=town_blueprint,
        config="town.toml",
        calls=14_000,
        command=3,
        sworn_desks=2,
        desks=4,
        sworn=19,
        auxiliaries=14,
        beats=12,
        beats_per_sector=4,
        venues=60,
        systems=_ALL,
        spots=_town_spots,
        busy=lambda land: {
            "market": land.nearest(-150.0, 450.0, "old_town"),
            "station_square": land.nearest(1130.0, 720.0, "new_town"),
            "bus_station": land.nearest(-820.0, 780.0, "new_town"),
            "night_market": land.nearest(300.0, -340.0, "new_town"),
            "hospital": land.nearest(-300.0, 1050.0, "new_town"),
        },
        day_crews=5,
        night_crews=3,
    ),
    "rural": Recipe(
        blueprint=rural_blueprint,
        config="rural.toml",
        calls=3_500,
        command=2,
        sworn_desks=1,
        desks=2,
        sworn=10,
        auxiliaries=8,
        beats=6,
        beats_per_sector=3,
        venues=18,
        systems=("hub_outposts", "one_beat"),
        spots=lambda land: {"base": land.nearest(150.0, 400.0, "new_town"), "east": land.nearest(9000.0, 500.0, "mountain")},
        busy=lambda land: {"market": land.nearest(0.0, 330.0, "old_town"), "bus_station": land.nearest(-500.0, 200.0, "new_town")},
        day_crews=5,
        night_crews=3,
        outposts=_outposts,
    ),
    "station13": Recipe(
        blueprint=quarter_blueprint,
        config="station13.toml",
        calls=2_500,
        command=3,
        sworn_desks=4,
        desks=4,
        sworn=6,
        auxiliaries=0,
        beats=6,
        beats_per_sector=3,
        venues=16,
        systems=("one_beat", "sector", "pairs", "merged"),
        spots=lambda land: {"base": land.nearest(350.0, 400.0, "new_town"), "east": land.nearest(3000.0, 0.0, "village")},
        busy=lambda land: {"market": land.nearest(-60.0, 40.0, "old_town"), "bus_station": land.nearest(500.0, 450.0, "new_town")},
        day_crews=2,
        night_crews=2,
        crew_people=1,
        layers=dict.fromkeys(("one_beat", "sector", "pairs"), ("alone",)),
    ),
    "bureau": Recipe(
        blueprint=city_blueprint,
        config="bureau.toml",
        calls=80_000,
        venues=330,
        systems=("one_beat", "three_squads", "kunming", "merged", "split_lines"),
        spots=houses,
        busy=lambda land: {
            "market": land.nearest(-300.0, 350.0, "old_town"),
            "station_square": land.nearest(2300.0, 1700.0, "new_town"),
            "bus_station": land.nearest(-2300.0, 1200.0, "new_town"),
            "night_market": land.nearest(500.0, -1300.0, "new_town"),
            "hospital": land.nearest(1700.0, -600.0, "new_town"),
        },
        layers={"one_beat": ("support",), "three_squads": ("station_detectives",)},
        stations=STATIONS,
    ),
}
