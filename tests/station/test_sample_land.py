"""Land of the sample: atoms that fit together exactly, streets that hang together, whatever the seed."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point, box

from qinwu.station.sample.blueprint import Road, organic, smooth, walled
from qinwu.station.sample.demand import points_within
from qinwu.station.sample.land import Land, lay_out, metres_per_degree
from qinwu.station.sample.network import connect
from qinwu.station.sample.recipe import RECIPES, SampleKind
from qinwu.station.sample.regions import connected, neighbour_lists
from qinwu.station.sample.subdivide import subdivide

CASES = [(kind, seed) for kind in get_args(SampleKind) for seed in (1, 2, 2024)]


@pytest.fixture(scope="module", params=CASES, ids=lambda case: f"{case[0]}-{case[1]}")
def land(request: pytest.FixtureRequest) -> Land:
    """The land of one kind and seed."""
    kind, seed = request.param
    rng = np.random.default_rng(seed)
    return lay_out(RECIPES[kind].blueprint(rng), rng)


def ends(roads: tuple[Road, ...]) -> list[tuple[tuple[float, ...], tuple[float, ...]]]:
    return [(road.line.coords[0], road.line.coords[-1]) for road in roads]


def test_atoms_fit_together_without_gaps_or_overlaps(land: Land) -> None:
    """The polygons are valid, cover each border twice with the same vertices, and are one piece of land."""
    shapes = [atom.shape for atom in land.atoms]
    assert all(shape.is_valid and shape.geom_type == "Polygon" for shape in shapes)
    assert shapely.coverage_is_valid(shapes)
    assert shapely.area(shapes).sum() == pytest.approx(shapely.union_all(shapes).area, rel=1e-9)
    assert connected(set(range(len(shapes))), neighbour_lists(len(shapes), land.neighbours))


def test_degrees_keep_atoms_apart_and_together(land: Land) -> None:
    """In degrees neighbours still share their vertices and nothing crosses itself."""
    shapes = [shapely.Polygon(land.degrees(shapely.get_coordinates(atom.shape.exterior))) for atom in land.atoms]
    assert shapely.is_valid(shapes).all()
    assert len({vertex for shape in shapes for vertex in shape.exterior.coords}) == len(
        {vertex for atom in land.atoms for vertex in atom.shape.exterior.coords}
    )


def test_streets_hang_together_end_to_end(land: Land) -> None:
    """From any crossing every other can be reached, and no two streets cross without a crossing."""
    found = sorted({end for pair in ends(land.roads) for end in pair})
    place = {end: at for at, end in enumerate(found)}
    pairs = np.array([(place[start], place[end]) for start, end in ends(land.roads)])
    lines = [road.line for road in land.roads]
    assert connected(set(range(len(found))), neighbour_lists(len(found), pairs))
    assert shapely.union_all(lines).length == pytest.approx(sum(line.length for line in lines), rel=1e-6)


def test_all_street_metres_belong_to_atoms(land: Land) -> None:
    """Street lengths of the atoms add up to the streets, but for bridges over the water and rounding."""
    total = sum(road.line.length for road in land.roads)
    assert sum(atom.street_m for atom in land.atoms) == pytest.approx(total, rel=0.01)


def test_people_add_up(land: Land) -> None:
    """Residents are whole numbers that add up to those of the blueprint."""
    assert sum(atom.population for atom in land.atoms) in {60_000, 19_000, 11_000, 345_000}
    assert all(atom.population >= 0 for atom in land.atoms)


def test_old_towns_have_smaller_atoms_than_new_ones(land: Land) -> None:
    """The middle atom of the old town is less than half as large as that of the new town, and denser (M74)."""
    area = {use: np.median([atom.shape.area for atom in land.atoms if atom.land_use == use]) for use in ("old_town", "new_town")}
    density = {
        use: sum(atom.population for atom in land.atoms if atom.land_use == use)
        / sum(atom.shape.area for atom in land.atoms if atom.land_use == use)
        for use in ("old_town", "new_town")
    }
    assert area["old_town"] < area["new_town"] / 2
    assert density["old_town"] > 1.2 * density["new_town"]


def test_the_river_is_crossed_only_at_bridges() -> None:
    """Both banks of the town are joined, and every pair of neighbours on different banks shares a bridge's width at most."""
    rng = np.random.default_rng(2024)
    plan = RECIPES["town"].blueprint(rng)
    land = lay_out(plan, rng)
    north, south = sorted(shapely.get_parts(plan.outline.difference(plan.water)), key=lambda part: -part.centroid.y)
    bank = [north.intersection(atom.shape).area > south.intersection(atom.shape).area for atom in land.atoms]
    across = [(one, other) for one, other in land.neighbours.tolist() if bank[one] != bank[other]]
    borders = [land.atoms[one].shape.intersection(land.atoms[other].shape).length for one, other in across]
    assert 3 <= len(across) <= 16
    assert max(borders) < 130.0


@settings(max_examples=30, deadline=None)
@given(st.floats(0.0, 1.0), st.floats(0.02, 0.5), st.integers(0, 10_000))
def test_pieces_of_a_block_make_up_the_block(irregular: float, part: float, seed: int) -> None:
    """Whatever the cuts, the pieces have the area of the block and do not overlap, and none is far above the target."""
    block = box(0, 0, 300, 180)
    pieces, cuts = subdivide(block, part * block.area, irregular, np.random.default_rng(seed))
    assert sum(piece.area for piece in pieces) == pytest.approx(block.area)
    assert shapely.union_all(pieces).area == pytest.approx(block.area)
    assert max(piece.area for piece in pieces) <= 1.6 * part * block.area
    assert len(cuts) >= len(pieces) - 1


def test_roads_are_cut_where_they_cross() -> None:
    """Two roads that cross become four, the more important class stays where two lie on one another, loose ends go."""
    roads = [
        Road("street", shapely.LineString([(0, 50), (100, 50)])),
        Road("lane", shapely.LineString([(50, 0), (50, 100)])),
        Road("lane", shapely.LineString([(0, 50), (50, 50)])),
        Road("lane", shapely.LineString([(500, 0), (500, 10)])),
    ]
    net = connect(roads, 1.0)
    assert sorted(road.road_class for road in net) == ["lane", "lane", "street", "street"]
    assert all(road.line.length == 50 for road in net)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000))
def test_points_lie_inside_their_shapes(seed: int) -> None:
    """Every random point is inside the shape it was asked for, also in a bent one."""
    rng = np.random.default_rng(seed)
    shapes = [organic((0, 0), (300, 90), 0.2, rng), box(10, 10, 20, 500).union(box(10, 10, 500, 20))]
    which = rng.integers(0, 2, 50)
    points = points_within(shapes, which, rng)
    assert all(shapes[at].covers(Point(point)) for at, point in zip(which, points, strict=True))


def test_curves_are_what_they_say() -> None:
    """A smooth curve passes its points, a walled town has its size, a circle without wobble is a circle."""
    curve = smooth([(0, 0), (100, 40), (200, 0)])
    town = walled((0, 0), (400, 200), 0.0)
    circle = organic((0, 0), (100, 100), 0.0, np.random.default_rng(0))
    assert curve.distance(Point(100, 40)) < 1e-9
    assert town.bounds == pytest.approx((-200, -100, 200, 100))
    assert circle.area == pytest.approx(np.pi * 100**2, rel=1e-2)


def test_a_degree_has_the_length_of_the_ellipsoid() -> None:
    """At 45° north a degree of longitude is 78.847 km and one of latitude 111.132 km (WGS84)."""
    east, north = metres_per_degree(45.0)
    assert east == pytest.approx(78_847, abs=1)
    assert north == pytest.approx(111_132, abs=1)
