"""Choosing: which places are treated, all ways or a sample of them."""

from __future__ import annotations

from itertools import combinations
from math import comb

import numpy as np

from qinwu.judge.evaluate.panel import F64, I64


def choices(count: int, size: int, seed: int, most: int) -> tuple[I64, bool]:
    """Return ways to choose `size` of `count` places, all of them or a sample of `most` drawn with `seed`, and whether it is all.

    >>> choices(3, 2, 1, 10)[0].tolist()
    [[0, 1], [0, 2], [1, 2]]
    """
    if comb(count, size) <= most:
        return np.array(list(combinations(range(count), size)), dtype=np.int64), True
    rng = np.random.default_rng(seed)
    return np.argsort(rng.random((most, count)), axis=1)[:, :size].astype(np.int64), False


def membership(chosen: I64, count: int) -> F64:
    """Return choices of treated places (choices × how many) as zeros and ones."""
    members = np.zeros((len(chosen), count))
    np.put_along_axis(members, chosen, 1.0, axis=1)
    return members
