"""Facts of a sample station for its duty files: beats grown from atoms, sectors and pairs of adjacent beats, who is accountable."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from qinwu.station.sample.duty_files import BeatFact, SectorFact, StationFacts, UnitFact
from qinwu.station.sample.land import Land
from qinwu.station.sample.recipe import Outpost, Recipe
from qinwu.station.sample.regions import adjacent_groups, grow, neighbour_lists, part_neighbours, ways
from qinwu.station.sample.sheets import TRADES

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

_SECTOR_NAMES = (
    ("第一警务区", "First sector"),
    ("第二警务区", "Second sector"),
    ("第三警务区", "Third sector"),
    ("第四警务区", "Fourth sector"),
)


def station_facts(recipe: Recipe, land: Land, load: F64, officers: pl.DataFrame) -> StationFacts:
    """Return beats of about equal load, sectors and pairs of adjacent beats, and one officer for each beat."""
    outposts = recipe.outposts(land)
    part = _parts(recipe, land, load, outposts)
    sworn = officers.filter((pl.col("kind") == "sworn") & (pl.col("post") == "front_line"))["officer_id"].to_list()
    units = ["station"] * (recipe.beats - len(outposts)) + [outpost.id for outpost in outposts]
    beats = tuple(_beat(number, land, part, sworn[number], unit) for number, unit in enumerate(units))
    pairs, sectors = _pairs_and_sectors(land, part, recipe)
    return StationFacts(
        units=(_bureau(), _station(recipe, land, officers), *(_outpost(each, land) for each in outposts)),
        beats=(*beats, *_functional(recipe, sworn)),
        sectors=tuple(_sector(number, group, beats) for number, group in enumerate(sectors)),
        pairs=tuple((beats[one].id, beats[other].id) for one, other in pairs),
    )


def _parts(recipe: Recipe, land: Land, load: F64, outposts: Sequence[Outpost]) -> I64:
    """Return the beat of each atom: the hub's beats first, then one for each outpost, of the atoms nearest to it by road."""
    near = neighbour_lists(len(land.atoms), land.neighbours)
    if not outposts:
        return grow(load, land.xy_m, near, recipe.beats)
    bases = [recipe.spots(land)["base"], *(outpost.atom for outpost in outposts)]
    nearest = np.argmin(ways(land.xy_m, near)[:, bases], axis=1)
    hub = np.flatnonzero(nearest == 0)
    place = {atom: at for at, atom in enumerate(hub.tolist())}
    inside = tuple(tuple(place[other] for other in near[atom] if other in place) for atom in hub.tolist())
    part: I64 = nearest + recipe.beats - len(outposts) - 1
    part[hub] = grow(load[hub], land.xy_m[hub], inside, recipe.beats - len(outposts))
    return part


def _beat(number: int, land: Land, part: I64, officer: str, unit: str) -> BeatFact:
    atoms = tuple(land.atoms[at].id for at in np.flatnonzero(part == number))
    return BeatFact(f"B{number + 1:02d}", (f"第{number + 1}责任区", f"Beat {number + 1}"), atoms, officer, unit)


def _outpost(outpost: Outpost, land: Land) -> UnitFact:
    return UnitFact(outpost.id, outpost.name, "outpost", "station", land.atoms[outpost.atom].id)


def _functional(recipe: Recipe, sworn: Sequence[str]) -> tuple[BeatFact, ...]:
    """Return one beat of all venues, for the first officer after those with beats of their own; none where nobody is left."""
    if len(sworn) <= recipe.beats:
        return ()
    specialist = sworn[-5] if len(sworn) >= recipe.beats + 5 else sworn[recipe.beats]
    return (BeatFact("F1", ("特业场所", "Venues"), (), specialist, venue_kinds=tuple(TRADES)),)


def _bureau() -> UnitFact:
    return UnitFact("sub_bureau", ("示例县公安局（虚构）", "Sample county bureau (invented)"), "sub_bureau")


def _station(recipe: Recipe, land: Land, officers: pl.DataFrame) -> UnitFact:
    """Return the station with its established posts, those of sworn officers."""
    held = officers.filter(pl.col("kind") == "sworn")["post"].to_list()
    posts = (held.count("command"), held.count("administration"), held.count("front_line"))
    base = land.atoms[recipe.spots(land)["base"]].id
    return UnitFact("station", ("示例派出所（虚构）", "Sample station (invented)"), "station", "sub_bureau", base, posts)


def _pairs_and_sectors(land: Land, part: I64, recipe: Recipe) -> tuple[list[tuple[int, ...]], list[tuple[int, ...]]]:
    """Return pairs of adjacent beats, and sectors made of whole pairs where their size allows."""
    near = part_neighbours(part, land.neighbours, recipe.beats)
    centre = _centres(land.xy_m, part, recipe.beats)
    pairs = adjacent_groups(near, centre, 2) or []
    if recipe.beats_per_sector % 2 or not pairs:
        return pairs, adjacent_groups(near, centre, recipe.beats_per_sector) or []
    pair_of = np.empty(recipe.beats, dtype=np.int64)
    for number, pair in enumerate(pairs):
        pair_of[list(pair)] = number
    joined = part_neighbours(pair_of[part], land.neighbours, len(pairs))
    groups = adjacent_groups(joined, _centres(centre, pair_of, len(pairs)), recipe.beats_per_sector // 2) or []
    return pairs, [tuple(sorted(beat for pair in group for beat in pairs[pair])) for group in groups]


def _centres(xy_m: F64, part: I64, count: int) -> F64:
    return np.array([xy_m[part == each].mean(axis=0) for each in range(count)])


def _sector(number: int, group: tuple[int, ...], beats: Sequence[BeatFact]) -> SectorFact:
    return SectorFact(f"S{number + 1}", _SECTOR_NAMES[number], tuple(beats[at].id for at in group), beats[group[0]].officer)
