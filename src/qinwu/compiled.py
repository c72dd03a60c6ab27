"""How numeric kernels are compiled: `entry` for what Python calls, `inner` for what only other kernels call.

To be called from Python a function gets a wrapper that unpacks every array of every argument. For one that takes a tuple of thirty
arrays the wrapper takes longer to compile than the function, so only entries have it: the first comparison on a new machine
starts in half the time. Only entries are kept on disk, for they hold what they call. Nothing here is called from C.

What is kept is used again only while everything it was made of is the same. numba looks at the file of the entry alone; a kernel of
another file that was changed since, or a constant, would stay as it was, without a word.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from functools import cached_property, partial
from types import CodeType, FunctionType, ModuleType
from typing import Any

from numba import njit
from numba.core.caching import FunctionCache
from numba.core.dispatcher import Dispatcher

inner = partial(njit, no_cpython_wrapper=True, no_cfunc_wrapper=True)
"""Decorate a kernel that other kernels call and Python never does; options as of :func:`numba.njit`."""


def entry(kernel: Callable[..., Any] | None = None, **options: Any) -> Any:
    """Decorate a kernel that Python calls; options as of :func:`numba.njit`. What was compiled is kept on disk."""
    if kernel is None:
        return partial(entry, **options)
    compiled: Any = njit(no_cfunc_wrapper=True, **options)(kernel)
    if hasattr(compiled, "py_func"):  # numba switched off leaves the function as it is
        compiled._cache = _WholeCache(compiled.py_func)  # noqa: SLF001 - numba has no public way to keep a kernel by another key
    return compiled


class _WholeCache(FunctionCache):  # type: ignore[misc]
    """Keeps compiled kernels by everything they were made of."""

    def _index_key(self, sig: Any, codegen: Any) -> tuple[Any, ...]:
        return (*super()._index_key(sig, codegen), self._made_of)

    @cached_property
    def _made_of(self) -> str:
        return hashlib.sha256("\n".join(made_of(self._py_func)).encode()).hexdigest()


def made_of(function: FunctionType, seen: frozenset[FunctionType] = frozenset()) -> Iterator[str]:
    """Yield what a kernel is made of: its code, the constants and kinds of arrays it names, and the kernels it calls.

    Parameters
    ----------
    function
        The plain function of a kernel.
    seen
        Those on the way to it, which are not told again.
    """
    yield f"{function.__module__}.{function.__qualname__}"
    yield from _told(function.__code__)
    for name in sorted(_names(function.__code__)):
        value = function.__globals__.get(name)
        if isinstance(value, ModuleType) and value.__name__.startswith("qinwu"):
            raise TypeError(f"{function.__qualname__} must name what it takes of {value.__name__} one by one.")
        if isinstance(value, Dispatcher):
            if value.py_func not in seen:
                yield from made_of(value.py_func, seen | {function})
        elif isinstance(value, type):
            yield f"{name} {getattr(value, '_fields', value)!r}"
        elif value is not None and not callable(value) and not isinstance(value, ModuleType):
            yield f"{name} {value!r}"


def _told(code: CodeType) -> Iterator[str]:
    yield code.co_code.hex()
    for value in code.co_consts:
        if isinstance(value, CodeType):
            yield from _told(value)
        else:
            yield repr(value)


def _names(code: CodeType) -> set[str]:
    within = (each for each in code.co_consts if isinstance(each, CodeType))
    return set(code.co_names).union(*map(_names, within))


@inner
def overwrite(into: Any, values: Any) -> None:
    """Write the values of one array into another of the same shape, one- or two-dimensional.

    ``into[:] = values`` says the same and takes seconds to compile, for the words of its error where shapes differ.
    """
    for k in range(into.size):
        into.flat[k] = values.flat[k]
