"""How numeric kernels are compiled: `entry` for what Python calls, `inner` for what only other kernels call.

To be called from Python a function gets a wrapper that unpacks every array of every argument. For one that takes a tuple of thirty
arrays the wrapper takes longer to compile than the function, so only entries have it: the first comparison on a new machine
starts in half the time. Only entries are kept on disk, for they hold what they call. Nothing here is called from C.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from numba import njit

entry = partial(njit, cache=True, no_cfunc_wrapper=True)
"""Decorate a kernel that Python calls; options as of :func:`numba.njit`."""

inner = partial(njit, no_cpython_wrapper=True, no_cfunc_wrapper=True)
"""Decorate a kernel that other kernels call and Python never does; options as of :func:`numba.njit`."""


@inner
def overwrite(into: Any, values: Any) -> None:
    """Write the values of one array into another of the same shape, one- or two-dimensional.

    ``into[:] = values`` says the same and takes seconds to compile, for the words of its error where shapes differ.
    """
    for k in range(into.size):
        into.flat[k] = values.flat[k]
