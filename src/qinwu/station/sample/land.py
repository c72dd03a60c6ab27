"""Land: a blueprint cut into atoms and streets that fit together exactly.

Everything is noded on a grid of one metre before it is turned into degrees, so neighbouring atoms share their border vertices
and streets meet end to end.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Polygon, STRtree

from qinwu.station.sample.blueprint import Blueprint, LandUse, Road, RoadClass, Zone
from qinwu.station.sample.network import connect
from qinwu.station.sample.subdivide import subdivide
from qinwu.station.sample.trails import trails

GRID_M = 1.0
DECK_M = 60.0
"""Width of the strip of atom that joins the two banks at a bridge, metres; neighbours share at least 20 m of border."""

_SMALLEST = 0.35
_THINNEST = 0.22

F64 = NDArray[np.float64]


@dataclass(frozen=True)
class Atom:
    """One atom: plane polygon in metres, what it is used for, residents, metres of street."""

    id: str
    shape: Polygon
    land_use: LandUse
    population: int
    street_m: float


@dataclass(frozen=True)
class Land:
    """Atoms, the roads between their crossings, and pairs of neighbouring atoms (E, 2); plane metres around `origin`."""

    atoms: tuple[Atom, ...]
    roads: tuple[Road, ...]
    neighbours: NDArray[np.int64]
    origin: tuple[float, float]

    @property
    def xy_m(self) -> F64:
        """Centroids (J, 2), metres."""
        return np.asarray(shapely.get_coordinates(shapely.centroid([atom.shape for atom in self.atoms])))

    def degrees(self, xy_m: F64) -> F64:
        """Return longitude and latitude (WGS84) of plane metres; seven decimals, about a centimetre."""
        lon, lat = self.origin
        east, north = metres_per_degree(lat)
        return np.asarray(np.column_stack((lon + xy_m[:, 0] / east, lat + xy_m[:, 1] / north)).round(7), dtype=np.float64)

    def nearest(self, x: float, y: float, land_use: LandUse) -> int:
        """Return the position of the atom of this land use whose centroid is nearest."""
        apart = np.hypot(*(self.xy_m - (x, y)).T)
        other = np.array([atom.land_use != land_use for atom in self.atoms])
        return int(np.argmin(apart + 1e9 * other))


def metres_per_degree(lat: float) -> tuple[float, float]:
    """Return metres in one degree of longitude and of latitude on the WGS84 ellipsoid.

    >>> tuple(round(each) for each in metres_per_degree(0.0))
    (111319, 110574)
    """
    sine, squared = np.sin(np.radians(lat)), 0.00669437999014
    normal = 6378137.0 / np.sqrt(1 - squared * sine**2)
    meridian = 6378137.0 * (1 - squared) / (1 - squared * sine**2) ** 1.5
    return float(np.radians(normal * np.cos(np.radians(lat)))), float(np.radians(meridian))


def lay_out(plan: Blueprint, rng: np.random.Generator) -> Land:
    """Return the blueprint cut into atoms and streets."""
    pieces, zones, roads = _cut(plan, rng)
    shapes, kinds = _merge_small(*_faces(pieces, zones))
    roads += [lane for shape, zone in zip(shapes, kinds, strict=True) for lane in _lanes(shape, zone, rng)]
    roads = _clip(roads, plan)
    roads += trails(shapes, kinds, _neighbours(shapes), roads, rng)
    net = connect(roads, GRID_M)
    order = np.lexsort([(each := shapely.get_coordinates(shapely.centroid(shapes)))[:, 0], -np.round(each[:, 1] / 500)])
    shapes, kinds = [shapes[at] for at in order], [kinds[at] for at in order]
    street_m, people = _street_m(shapes, net), _people(shapes, kinds, plan.population, rng)
    atoms = [
        Atom(f"A{at + 1:03d}", shape, zone.land_use, int(count), round(float(metres), 1))
        for at, (shape, zone, count, metres) in enumerate(zip(shapes, kinds, people, street_m, strict=True))
    ]
    return Land(tuple(atoms), net, _neighbours(shapes), plan.origin)


def _cut(plan: Blueprint, rng: np.random.Generator) -> tuple[list[Polygon], list[Zone], list[Road]]:
    """Return the pieces, the zone of each, and every road that made them."""
    decks = _decks(plan)
    lines = [plan.outline.exterior, plan.water.boundary, *(zone.shape.exterior for zone in plan.zones)]
    lines += [*(road.line for road in plan.roads), *(deck.boundary for deck in decks)]
    blocks = shapely.get_parts(shapely.polygonize([shapely.union_all(lines, grid_size=GRID_M)]))
    deck, dry = shapely.union_all(decks), plan.outline.difference(plan.water)
    pieces, zones, roads = [], [], list(plan.roads)
    for block in blocks:
        middle = block.representative_point()
        zone = next((zone for zone in plan.zones if zone.shape.contains(middle)), plan.zones[-1])
        if not dry.contains(middle):
            if deck.contains(middle) and plan.outline.contains(middle):
                pieces.append(block)
                zones.append(zone)
            continue
        smaller, cuts = subdivide(block, _target(zone, plan, block), zone.irregular, rng)
        pieces += smaller
        zones += [zone] * len(smaller)
        roads += [Road(zone.cuts, cut) for cut in cuts if zone.cuts]
    return pieces, zones, roads


def _decks(plan: Blueprint) -> list[Polygon]:
    """Return a strip across the water for every road that crosses it (and does not merely follow the bank)."""
    crossing = [road.line.intersection(plan.water) for road in plan.roads if road.line.intersects(plan.water.buffer(-5.0))]
    return [
        part.buffer(DECK_M / 2, cap_style="flat")
        for line in crossing
        for part in shapely.get_parts(line)
        if part.length > DECK_M / 2
    ]


def _target(zone: Zone, plan: Blueprint, block: Polygon) -> float:
    """Return the block size, smaller near the middle of the plan than at the rim of its zone."""
    away = block.centroid.distance(plan.zones[0].shape.centroid) / np.sqrt(zone.shape.area / np.pi)
    return float(zone.block_m2 * np.clip(0.55 + 0.6 * away, 0.6, 1.4))


def _faces(pieces: list[Polygon], zones: list[Zone]) -> tuple[list[Polygon], list[Zone]]:
    """Return the pieces again, with every corner of a neighbour on their border a vertex of their own."""
    lines = shapely.union_all(shapely.boundary(pieces), grid_size=GRID_M)
    faces = shapely.get_parts(shapely.polygonize([lines]))
    face, piece = STRtree(pieces).query(shapely.point_on_surface(faces), predicate="within")
    zone_of = dict(zip(face.tolist(), piece.tolist(), strict=True))
    return [faces[at] for at in sorted(zone_of)], [zones[zone_of[at]] for at in sorted(zone_of)]


def _merge_small(shapes: list[Polygon], zones: list[Zone]) -> tuple[list[Polygon], list[Zone]]:
    """Return the shapes with splinters joined to the neighbour they share the longest border with."""
    shapes, zones = list(shapes), list(zones)
    while (at := _splinter(shapes, zones)) is not None:
        others = [other for other in STRtree(shapes).query(shapes[at], predicate="intersects").tolist() if other != at]
        border = [_border_m(shapes[at], shapes[other]) * (2 if zones[other] is zones[at] else 1) for other in others]
        if max(border, default=0.0) > 0:
            into = others[int(np.argmax(border))]
            shapes[into] = _joined(shapes[into], shapes[at])
        del shapes[at], zones[at]
    return shapes, zones


def _joined(one: Polygon, other: Polygon) -> Polygon:
    """Return the union of two polygons with a common border; lines left over by the grid are dropped."""
    return max(shapely.get_parts(shapely.union(one, other, grid_size=GRID_M)), key=lambda part: float(part.area))


def _splinter(shapes: list[Polygon], zones: list[Zone]) -> int | None:
    area = shapely.area(shapes)
    round_ = 4 * np.pi * area / shapely.length(shapes) ** 2
    wanted = np.array([zone.block_m2 for zone in zones])
    bad = (area < _SMALLEST * wanted) | ((round_ < _THINNEST) & (area < wanted))
    return int(np.argmin(np.where(bad, area, np.inf))) if bad.any() else None


def _border_m(one: Polygon, other: Polygon) -> float:
    return float(shapely.length(shapely.intersection(one.boundary, other.boundary)))


def _neighbours(shapes: list[Polygon]) -> NDArray[np.int64]:
    """Return pairs of shapes that share at least 20 m of border (the default of Atoms.shared_border_m)."""
    left, right = STRtree(shapes).query(shapes, predicate="intersects")
    pairs = np.column_stack((left, right))[left < right]
    outer = shapely.boundary(shapes)
    shared = shapely.length(shapely.intersection(outer[pairs[:, 0]], outer[pairs[:, 1]]))
    return np.asarray(pairs[shared >= 20.0], dtype=np.int64)


def _lanes(shape: Polygon, zone: Zone, rng: np.random.Generator) -> list[Road]:
    _, cuts = subdivide(shape, zone.lane_m2, zone.irregular, rng)
    return [Road(zone.lanes, cut) for cut in cuts]


def _clip(roads: list[Road], plan: Blueprint) -> list[Road]:
    """Return the roads inside the outline; a given road outside the built-up zones is a country road."""
    built = shapely.union_all([zone.shape for zone in plan.zones[:-1]])
    country: RoadClass = plan.zones[-1].cuts or "rural"
    clipped = []
    for road in roads:
        for inside in (True, False):
            kept = road.line.intersection(built) if inside else road.line.intersection(plan.outline).difference(built)
            kind = road.road_class if inside or road.road_class == "lane" else country
            clipped += [Road(kind, line) for line in shapely.get_parts(kept) if line.geom_type == "LineString"]
    return clipped


def _street_m(shapes: list[Polygon], net: tuple[Road, ...]) -> F64:
    """Return metres of street of each atom; a street on a border counts in equal parts for the atoms beside it."""
    lines = [road.line for road in net]
    atom, road = STRtree(lines).query(shapes, predicate="intersects")
    inside = shapely.length(shapely.intersection(np.array(lines)[road], np.array(shapes)[atom]))
    total = np.bincount(road, inside, len(lines))
    share = inside / np.maximum(total[road], 1e-9) * shapely.length(lines)[road]
    return np.bincount(atom, share, len(shapes)).astype(np.float64)


def _people(shapes: list[Polygon], zones: list[Zone], total: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Return residents by atom, adding up to `total`: area times the zone's density, times chance (log-normal, 35 %)."""
    raw = shapely.area(shapes) * [zone.people_km2 for zone in zones] * rng.lognormal(0.0, 0.35, len(shapes))
    exact = raw / raw.sum() * total
    people = np.floor(exact).astype(np.int64)
    people[np.argsort(people - exact, kind="stable")[: total - int(people.sum())]] += 1
    return np.asarray(people)
