"""Shortest times from many points to many points of a graph, a few sources at a time so that memory stays small."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_array

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

MEMORY_BYTES = 64_000_000
"""What the times from one chunk of sources to every node may take."""
LEAST_S = 1e-6
"""No edge takes exactly 0 s, which would mean no edge."""


def sparse_graph(start: I64, end: I64, seconds: F64, nodes: int) -> csr_array:
    """Return a directed graph as a sparse matrix, the quickest of parallel edges kept.

    Parameters
    ----------
    start, end
        (E,) nodes of each edge, 0 to `nodes` - 1.
    seconds
        (E,) time along each edge, >= 0; less than a millionth of a second counts as that.
    nodes
        How many nodes there are.
    """
    from scipy.sparse import csr_array

    order = np.lexsort((seconds, end, start))
    start, end, seconds = start[order], end[order], np.maximum(seconds[order], LEAST_S)
    best = np.ones(len(order), dtype=bool)
    best[1:] = (start[1:] != start[:-1]) | (end[1:] != end[:-1])
    return csr_array((seconds[best], (start[best], end[best])), shape=(nodes, nodes))


def shortest_s(graph: csr_array, points: I64, on_done: Callable[[int, int], None] | None = None) -> F64:
    """Return the shortest times between points of a graph, by Dijkstra's algorithm from each of them.

    Ctrl-C is heard between two chunks, a second or so on a large graph.

    Parameters
    ----------
    graph
        (N, N) seconds along each edge, sparse, directed.
    points
        (P,) nodes, which may repeat.
    on_done
        Told how many different sources are done, and how many there are.

    Returns
    -------
    F64
        (P, P) seconds from row to column; infinite where no way leads.

    References
    ----------
    Dijkstra 1959, Numerische Mathematik 1: 269-271, as `scipy.sparse.csgraph.dijkstra` (Fibonacci heap).

    Examples
    --------
    >>> line = sparse_graph(np.array([0, 1]), np.array([1, 2]), np.array([5.0, 7.0]), 3)
    >>> shortest_s(line, np.array([0, 2])).tolist()
    [[0.0, 12.0], [inf, 0.0]]
    """
    from scipy.sparse.csgraph import dijkstra

    sources, row_of = np.unique(points, return_inverse=True)
    found = np.empty((len(sources), len(sources)), dtype=np.float64)
    step = max(1, MEMORY_BYTES // (8 * max(graph.shape[0], 1)))
    for first in range(0, len(sources), step):
        some = slice(first, first + step)
        found[some] = dijkstra(graph, directed=True, indices=sources[some])[:, sources]
        if on_done is not None:
            on_done(min(first + step, len(sources)), len(sources))
    return found[np.ix_(row_of, row_of)]
