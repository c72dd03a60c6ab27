"""Grouping: pairs that were found likely, tied together to groups in which all belong together on average."""

from __future__ import annotations

import numpy as np

from qinwu.forecast.leads.cases import F64, I64


def groups(first: I64, second: I64, probability: F64, least: float) -> tuple[tuple[int, ...], ...]:
    """Return groups of two or more positions whose pairs have at least this probability on average, the largest first.

    Parameters
    ----------
    first, second, probability
        Pairs; one that is not named has probability 0.
    least
        Mean probability of the pairs between two groups from which they are joined.

    Notes
    -----
    Agglomerative clustering with average linkage (Sokal & Michener 1958), as Porter 2016 ties series together; on chains of likely
    pairs, which are small, not on everything.
    """
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    likely = probability >= least
    if not likely.any():
        return ()
    named = np.unique(np.r_[first[likely], second[likely]])
    within = np.isin(first, named) & np.isin(second, named)
    a, b = np.searchsorted(named, first[within]), np.searchsorted(named, second[within])
    strength, tied = probability[within], likely[within]
    graph = coo_matrix((np.ones(int(tied.sum())), (a[tied], b[tied])), shape=(named.size, named.size))
    chain = np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)
    found: list[tuple[int, ...]] = []
    by_chain, by_pair = np.argsort(chain, kind="stable"), np.argsort(chain[a], kind="stable")
    place = np.empty(named.size, dtype=np.int64)
    for members, pairs in zip(_runs(by_chain, chain[by_chain]), _runs(by_pair, chain[a[by_pair]]), strict=True):
        place[members] = np.arange(members.size)
        inside = pairs[chain[b[pairs]] == chain[members[0]]]
        found += _cut(named[members], place[a[inside]], place[b[inside]], strength[inside], least)
    return tuple(sorted(found, key=lambda each: (-len(each), each)))


def _runs(order: I64, value: I64) -> list[I64]:
    """Return `order` cut where `value`, which is sorted, changes."""
    return np.split(order, np.flatnonzero(np.diff(value)) + 1)


def _cut(members: I64, one: I64, other: I64, strength: F64, least: float) -> list[tuple[int, ...]]:
    """Return the groups within one chain of likely pairs."""
    from scipy.cluster.hierarchy import fcluster, linkage

    if members.size == 2:
        return [tuple(sorted(members.tolist()))]
    apart = np.ones((members.size, members.size))
    apart[one, other] = apart[other, one] = 1.0 - strength
    cut = fcluster(linkage(apart[np.triu_indices(members.size, 1)], "average"), 1.0 - least, "distance")
    return [tuple(sorted(members[cut == at].tolist())) for at in np.unique(cut) if (cut == at).sum() > 1]
