"""The districting kernels against networkx on random graphs."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qinwu.plan.beats.graph import I32, Graph, connected_without, hops, reached, separator

Case = tuple[nx.Graph, Graph, I32]


@st.composite
def labelled(draw: st.DrawFn) -> Case:
    """A random graph of up to 14 atoms with labels -1..2."""
    count = draw(st.integers(1, 14))
    atom = st.integers(0, count - 1)
    edges = draw(st.lists(st.tuples(atom, atom), max_size=40))
    labels = np.array(draw(st.lists(st.integers(-1, 2), min_size=count, max_size=count)), np.int32)
    graph = nx.Graph()
    graph.add_nodes_from(range(count))
    graph.add_edges_from((a, b) for a, b in edges if a != b)
    return graph, Graph.of(count, np.array(edges).reshape(-1, 2)), labels


def district(graph: nx.Graph, labels: I32, label: int) -> nx.Graph:
    return graph.subgraph(np.flatnonzero(labels == label).tolist())


@given(labelled())
@settings(deadline=None, max_examples=150)
def test_pieces_are_the_components_of_districts(case: Case) -> None:
    """Pieces of a labelling are the connected components of each label's atoms."""
    graph, ours, labels = case
    piece, count = ours.pieces(labels)
    theirs = [sorted(part) for label in range(3) for part in nx.connected_components(district(graph, labels, label))]
    assert sorted(np.flatnonzero(piece == number).tolist() for number in range(count)) == sorted(theirs)
    assert (piece[labels < 0] == -1).all()


@given(labelled())
@settings(deadline=None, max_examples=150)
def test_connected_without_agrees_with_removal(case: Case) -> None:
    """Removing an atom leaves its district connected exactly where networkx says so."""
    graph, ours, labels = case
    mark, queue = np.zeros(len(ours), np.int32), np.zeros(len(ours), np.int32)
    stamp = 1
    for label in range(3):
        part = district(graph, labels, label)
        if not len(part) or not nx.is_connected(part):
            continue
        for atom in part:
            rest = part.subgraph([other for other in part if other != atom])
            answer = connected_without(ours.start, ours.other, labels, atom, mark, queue, stamp)
            stamp += 2
            assert answer == (len(rest) == 0 or nx.is_connected(rest))


@given(labelled())
@settings(deadline=None, max_examples=150)
def test_a_separator_separates_and_none_of_it_is_spare(case: Case) -> None:
    """Without the separator there is no way from target to source; with any one of its atoms back there is."""
    graph, ours, labels = case
    inside = labels == 0
    atoms = np.flatnonzero(inside)
    piece, _ = ours.pieces(np.where(inside, 0, -1))
    for source, target in [(a, b) for a in atoms for b in atoms if piece[a] != piece[b]]:
        cut = set(separator(ours.start, ours.other, inside, source, target).tolist())
        assert not cut & set(atoms.tolist())
        assert not nx.has_path(graph.subgraph(set(graph) - cut), source, target)
        for atom in cut:
            assert nx.has_path(graph.subgraph(set(graph) - cut | {atom}), source, target)


@given(labelled())
@settings(deadline=None, max_examples=50)
def test_hops_are_shortest_ways(case: Case) -> None:
    """Steps inside a district are networkx's shortest path lengths."""
    graph, ours, labels = case
    inside = labels == 0
    for source in np.flatnonzero(inside):
        ways = nx.single_source_shortest_path_length(district(graph, labels, 0), source)
        expected = [ways.get(atom, -1) for atom in range(len(ours))]
        assert hops(ours.start, ours.other, inside, source).tolist() == expected
        assert (reached(ours.start, ours.other, inside, source) == (np.array(expected) >= 0)).all()


def test_a_graph_keeps_each_edge_once() -> None:
    """Repeated pairs, both directions and loops become one edge, or none."""
    graph = Graph.of(4, np.array([[0, 1], [1, 0], [2, 2], [3, 1]]))
    assert graph.pairs.tolist() == [[0, 1], [1, 3]]
    assert graph.neighbours(1).tolist() == [0, 3]
    assert graph.degree.tolist() == [1, 2, 0, 1]


@pytest.mark.parametrize(("atoms", "answer"), [([0, 1], True), ([0, 3], False), ([], False), ([2], True)])
def test_connected_sets(atoms: list[int], answer: bool) -> None:
    """One piece is connected, two or none are not."""
    assert Graph.of(4, np.array([[0, 1], [1, 3]])).connected(atoms) is answer
