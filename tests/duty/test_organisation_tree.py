"""Trees of units, against networkx on trees drawn at random."""

from __future__ import annotations

import networkx as nx
from hypothesis import given
from hypothesis import strategies as st

from qinwu.duty.organisation.layers import shape, trade_off, without_level
from qinwu.duty.organisation.posts import establish
from qinwu.duty.organisation.tree import chain_of, circles, common_superior, home_of, layers, root_of, sphere_of, under
from qinwu.duty.system import DutySystem
from tests.duty.organisation_charts import chart, county, plain_unit, posts

LEVELS = ("section", "brigade", "station", "outpost", "squad")


@st.composite
def trees(draw: st.DrawFn) -> DutySystem:
    """Draw a chart of up to twenty units, each under an earlier one, with posts."""
    count = draw(st.integers(1, 20))
    units = [plain_unit("u0", level="bureau", posts=posts(2, 1))]
    for number in range(1, count):
        parent = f"u{draw(st.integers(0, number - 1))}"
        heads = posts(*(draw(st.integers(0, 4)) for _ in range(4)))
        units.append(plain_unit(f"u{number}", parent, level=draw(st.sampled_from(LEVELS)), posts=heads))
    return chart(*units)


def graph(system: DutySystem) -> nx.DiGraph:
    """Return the chart as a graph from parents to children."""
    found = nx.DiGraph()
    found.add_nodes_from(unit.id for unit in system.unit)
    found.add_edges_from((unit.parent, unit.id) for unit in system.unit if unit.parent)
    return found


@given(trees())
def test_a_tree_is_what_networkx_says(system: DutySystem) -> None:
    """Layers, units below and nearest common superiors agree with another program."""
    tree = graph(system)
    assert layers(system.unit) == nx.dag_longest_path_length(tree) + 1
    last, middle = system.unit[-1].id, system.unit[len(system.unit) // 2].id
    for unit in (system.unit[0].id, middle, last):
        assert under(system.unit, unit) == nx.descendants(tree, unit) | {unit}
        assert set(chain_of(system.unit, unit)) == nx.ancestors(tree, unit) | {unit}
    assert common_superior(system.unit, middle, last) == nx.lowest_common_ancestor(tree, middle, last)
    assert root_of(system.unit) == "u0"
    assert list(circles(system.unit)) == []


@given(trees())
def test_without_a_level_nobody_is_lost(system: DutySystem) -> None:
    """M40: taking out a level keeps one tree of all others, never adds a layer, and the counts are those of that tree."""
    for each in trade_off(system, establish(system)):
        units, _ = without_level(system, each.level, "u0")
        assert {unit.id for unit in units} == {u.id for u in system.unit if u.level != each.level}
        left = graph(chart(*(unit.model_dump() for unit in units)))
        assert nx.is_arborescence(left)
        assert each.layers == nx.dag_longest_path_length(left) + 1 <= layers(system.unit)
        assert each.widest == max(degree for _, degree in left.out_degree())
        assert each.units == len(system.unit) - len(units)
        assert each.posts == sum(unit.posts.total for unit in system.unit if unit.level == each.level)


def test_the_shape_of_the_county() -> None:
    """M4, M40: bureau, station, squad are three layers; ten sections, eight brigades and eight stations are under the bureau."""
    system = county()
    found = shape(system, establish(system))
    assert (found.layers, found.widest) == (3, 26)
    assert found.deepest[0] == "bureau"
    chengguan = next(span for span in found.spans if span.unit == "chengguan")
    assert (chengguan.below, chengguan.officers, chengguan.leaders, chengguan.each) == (4, 18, 3, 6.0)
    assert found.mean == (26 + 2 + 4 + 2) / 4
    section = next(each for each in trade_off(system, establish(system)) if each.level == "section")
    assert (section.units, section.posts, section.layers, section.widest) == (10, 66, 3, 16)
    station = next(each for each in trade_off(system, establish(system)) if each.level == "station")
    assert (station.units, station.layers, station.widest) == (8, 3, 18 + 4 + 2)


def test_a_circle_is_found_and_does_not_hang() -> None:
    """Two units above each other are a circle; chains through it end."""
    system = chart(plain_unit("a", "b"), plain_unit("b", "a"), plain_unit("c", "a"))
    assert list(circles(system.unit)) == [["a", "b"]]
    assert chain_of(system.unit, "c") == ("c", "a", "b")
    assert under(system.unit, "a") == {"a", "b", "c"}


def test_where_what_names_no_unit_belongs() -> None:
    """The unit called station, else the only station, else the top."""
    top, one, two = plain_unit("top", level="bureau"), plain_unit("one", "top", level="station"), plain_unit("two", "top")
    assert home_of(chart(top, one, two).unit) == "one"
    assert home_of(chart(top, one, {**two, "level": "station"}).unit) == "top"
    assert home_of(chart(top, {**one, "id": "station"}, {**two, "level": "station"}).unit) == "station"


def test_a_squad_of_a_brigade_is_specialist() -> None:
    """M57: a squad belongs where its brigade belongs, a squad of a station to the grassroots; the chart may say otherwise."""
    units = {unit.id: unit for unit in county().unit}
    every = tuple(units.values())
    assert sphere_of(every, units["dc_one"]) == "specialist"
    assert sphere_of(every, units["cg_cases"]) == "grassroots"
    assert sphere_of(every, units["office"]) == "headquarters"
    assert sphere_of(every, units["dc_one"].model_copy(update={"sphere": "headquarters"})) == "headquarters"
