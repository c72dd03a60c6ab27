"""Making a sample station in memory: from a recipe and a seed to the text of every file."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from string import Template

import numpy as np
import polars as pl
import shapely
from numpy.typing import NDArray

from qinwu.station.config import StationConfig
from qinwu.station.sample import bureau
from qinwu.station.sample.blueprint import SPEED_KMH
from qinwu.station.sample.books import book_sheets
from qinwu.station.sample.calibration import Calibration, calibration, data_text
from qinwu.station.sample.demand import Demand, demand, place_rates
from qinwu.station.sample.duty_files import base_text, duty_files
from qinwu.station.sample.facts import station_facts
from qinwu.station.sample.land import Land, lay_out
from qinwu.station.sample.recipe import RECIPES, Recipe, SampleKind
from qinwu.station.sample.regions import grow, neighbour_lists
from qinwu.station.sample.sheets import call_sheet, officer_sheet, venue_sheet
from qinwu.station.sample.stamps import Cover, Lender, Stamps, answer

F64 = NDArray[np.float64]


@dataclass(frozen=True)
class Sample:
    """A sample station in memory: texts and tables by file name."""

    texts: Mapping[str, str]
    tables: Mapping[str, pl.DataFrame]


def make_sample(kind: SampleKind, seed: int) -> Sample:
    """Return a sample station in memory; see :func:`write_sample`."""
    recipe, figures = RECIPES[kind], calibration()
    streams = [np.random.default_rng(each) for each in np.random.SeedSequence(seed).spawn(7)]
    land = lay_out(recipe.blueprint(streams[0]), streams[0])
    config_text = Template(data_text(recipe.config)).substitute({k: land.atoms[v].id for k, v in recipe.spots(land).items()})
    config = StationConfig.model_validate(tomllib.loads(config_text))
    calls = demand(land, config.call_class, figures, recipe.busy(land), recipe.calls, streams[1])
    stamps = _stamps(land, calls, recipe, figures, config, streams[2])
    venue_rate = place_rates("venue", land, figures, recipe.busy(land), np.ones(len(land.atoms)))
    tables = {
        "calls.csv": call_sheet(land, calls, stamps, config.call_class, figures.dirt, streams[3]),
        "officers.csv": bureau.officer_sheet(streams[4]) if recipe.stations else officer_sheet(recipe, streams[4]),
        "venues.csv": venue_sheet(land, recipe.venues, venue_rate, streams[5]),
    }
    if not recipe.stations:
        tables |= book_sheets(land, calls, config.call_class, tables["venues.csv"], streams[6])
    load, officers = expected_load(land, calls, config), tables["officers.csv"]
    base = bureau.base_text(land, load, officers) if recipe.stations else base_text(station_facts(recipe, land, load, officers))
    texts = {
        "station.toml": config_text,
        "atoms.geojson": _atoms_text(land),
        "roads.geojson": _roads_text(land),
        "README.md": Template(data_text("README.md")).substitute(kind=kind, seed=seed, calls=recipe.calls),
        **{f"duty/{name}": text for name, text in duty_files(base, recipe.systems, recipe.layers).items()},
    }
    return Sample(texts, tables)


def expected_load(land: Land, calls: Demand, config: StationConfig) -> F64:
    """Return officer-minutes of calls by atom: people times mean minutes on the scene and after."""
    minutes = np.array([each.officers * (each.on_scene_min + each.wrap_up_min) for each in config.call_class])
    return np.bincount(calls.atom, minutes[calls.call_class], len(land.atoms)).astype(np.float64)


def _stamps(
    land: Land, calls: Demand, recipe: Recipe, figures: Calibration, config: StationConfig, rng: np.random.Generator
) -> Stamps:
    """Return the stamps of all calls; in a bureau each station answers its own, and others of its sub-bureau lend a crew."""
    if not recipe.stations:
        cover = _cover(land, calls, recipe, figures, config)
        return answer(calls, config.call_class, cover, config.travel, figures.answer, rng)
    return bureau.stamps(land, calls, config, figures.answer, speeds_kmh(land, figures), rng)


def speeds_kmh(land: Land, figures: Calibration) -> F64:
    """Return (J,) km/h of journeys in each atom."""
    speeds = {"village": figures.answer.country_kmh, "mountain": figures.answer.mountain_kmh}
    return np.array([speeds.get(atom.land_use, figures.answer.town_kmh) for atom in land.atoms])


def _cover(land: Land, calls: Demand, recipe: Recipe, figures: Calibration, config: StationConfig) -> Cover:
    load = np.bincount(calls.atom, minlength=len(land.atoms)).astype(float)
    near = neighbour_lists(len(land.atoms), land.neighbours)
    day, night = (grow(load, land.xy_m, near, count) for count in (recipe.day_crews, recipe.night_crews))
    return Cover(day, night, land.xy_m, speeds_kmh(land, figures), recipe.crew_people, _lenders(land, config))


def _lenders(land: Land, config: StationConfig) -> tuple[Lender, ...]:
    """Return one lender for each crew that a neighbour of the station can spare."""
    place = {atom.id: (float(x), float(y)) for atom, (x, y) in zip(land.atoms, land.xy_m, strict=True)}
    crews = [each for each in config.neighbour for _ in range(each.crews)]
    return tuple(Lender(place[each.atom], 60 * each.extra_travel_min) for each in crews)


def _atoms_text(land: Land) -> str:
    features: list[dict[str, object]] = []
    for atom in land.atoms:
        rings = [land.degrees(shapely.get_coordinates(ring)).tolist() for ring in (atom.shape.exterior, *atom.shape.interiors)]
        properties = {"id": atom.id, "population": atom.population, "street_m": atom.street_m, "land_use": atom.land_use}
        features.append({"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": rings}})
    return _collection("atoms", features)


def _roads_text(land: Land) -> str:
    features: list[dict[str, object]] = []
    for at, road in enumerate(land.roads, start=1):
        properties = {"id": f"R{at:04d}", "class": road.road_class, "speed_kmh": SPEED_KMH[road.road_class]}
        geometry = {"type": "LineString", "coordinates": land.degrees(shapely.get_coordinates(road.line)).tolist()}
        features.append({"type": "Feature", "properties": properties, "geometry": geometry})
    return _collection("roads", features)


def _collection(name: str, features: list[dict[str, object]]) -> str:
    """Return a feature collection with one feature on each line."""
    lines = ",\n".join(json.dumps(feature, ensure_ascii=False, separators=(",", ":")) for feature in features)
    return f'{{"type":"FeatureCollection","name":"{name}","synthetic":true,"features":[\n{lines}\n]}}\n'
