"""Once: something long is worked out by whoever asks first; who asks meanwhile waits for it instead of working it out too."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import lru_cache, wraps
from threading import Lock
from typing import TypeVar

T = TypeVar("T")


def once(kept: int) -> Callable[[Callable[..., T]], Callable[..., T]]:
    """Keep the last `kept` results of a function by its arguments, each worked out by one thread only.

    >>> @once(kept=2)
    ... def double(number: int) -> int:
    ...     return 2 * number
    >>> double(21)
    42
    """

    def guard(make: Callable[..., T]) -> Callable[..., T]:
        known, lock = lru_cache(maxsize=kept)(make), Lock()

        @wraps(make)
        def found(*arguments: Hashable) -> T:
            with lock:
                return known(*arguments)

        return found

    return guard
