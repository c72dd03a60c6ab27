"""Public names that are imported when first used, so that naming a room does not load the libraries behind it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def names_from(package: str, home: Mapping[str, str]) -> Callable[[str], Any]:
    """Return the ``__getattr__`` of `package`, whose public names live in the modules that `home` says.

    Raises
    ------
    AttributeError
        By the function returned, for a name that is not in `home`.
    """

    def find(name: str) -> Any:
        if name not in home:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(import_module(f"{package}.{home[name]}"), name)

    return find
