"""Compiled: who gets a call, from workloads alone; the loop of the approximate hypercube over preference lists."""

from __future__ import annotations

import numpy as np

from qinwu.compiled import entry
from qinwu.duty.response_plan import F64, I64

NEGLIGIBLE = 1e-13
"""Preferences are not followed further once nobody behind gets a call with more than this probability."""


@entry
def spread_calls(
    workload: F64, rate: F64, start: I64, order: I64, tied: I64, q: F64, r: F64, full: float, complete: I64, share: F64
) -> tuple[F64, F64]:
    """Fill ``share`` (N, J) with who gets a call from each atom at once, by the corrected product.

    Returns
    -------
    tuple
        (N,) calls per unit of time that would ask for each crew were it free, and (J,) the chance that a call finds nobody: `full`
        where all crews are listed, else R times the product of the workloads, and no more than the least of them. Shares are scaled
        to the rest.
    """
    atoms, crews = len(start) - 1, len(workload)
    asked, nobody, poly = np.zeros(crews), np.empty(atoms), np.empty(crews + 1)
    most = q.copy()
    for k in range(crews - 2, -1, -1):
        most[k] = max(q[k], most[k + 1])
    for j in range(atoms):
        first, last = start[j], start[j + 1]
        product, total, least, k, reached = 1.0, 0.0, 1.0, first, last
        while k < last:
            end = k + 1
            while end < last and tied[end]:
                end += 1
            size, before = end - k, k - first
            for place in range(k, end):
                crew, chance = order[place], q[before]
                if size > 1:
                    # The elementary symmetric polynomials of the other workloads: t particular ones busy, over all choices.
                    poly[0], degree, chance = 1.0, 0, 0.0
                    for other in range(k, end):
                        if other != place:
                            degree += 1
                            poly[degree] = 0.0
                            for t in range(degree, 0, -1):
                                poly[t] += poly[t - 1] * workload[order[other]]
                    weight = 1.0 / size
                    for t in range(size):
                        chance += weight * poly[t] * q[before + t]
                        weight *= (t + 1.0) / max(size - 1.0 - t, 1.0)
                asked[crew] += rate[j] * chance * product
                share[crew, j] = chance * product * (1.0 - workload[crew])
                total += share[crew, j]
            for place in range(k, end):
                product *= workload[order[place]]
                least = min(least, workload[order[place]])
            k = end
            if k < last and product * most[k - first] < NEGLIGIBLE:
                reached = end
                break
        nobody[j] = full if complete[j] else min(least, r[last - first] * product)
        for place in range(first, last):
            share[order[place], j] *= (1.0 - nobody[j]) / total if place < reached else 0.0
    return asked, nobody
