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
    from scipy.cluster.hierarchy import fcluster, linkage
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
    chain = connected_components(graph, directed=False)[1]
    found: list[tuple[int, ...]] = []
    by_chain = np.argsort(chain, kind="stable")
    for members in np.split(by_chain, np.flatnonzero(np.diff(chain[by_chain])) + 1):
        if members.size == 2:
            found.append(tuple(named[np.sort(members)].tolist()))
            continue
        inside = (chain[a] == chain[members[0]]) & (chain[b] == chain[members[0]])
        place = np.zeros(named.size, dtype=np.int64)
        place[members] = np.arange(members.size)
        apart = np.ones((members.size, members.size))
        one, other = place[a[inside]], place[b[inside]]
        apart[one, other] = apart[other, one] = 1.0 - strength[inside]
        condensed = apart[np.triu_indices(members.size, 1)]
        cut = fcluster(linkage(condensed, "average"), 1.0 - least, "distance")
        found += [tuple(sorted(named[members[cut == at]].tolist())) for at in np.unique(cut) if (cut == at).sum() > 1]
    return tuple(sorted(found, key=lambda each: (-len(each), each)))
