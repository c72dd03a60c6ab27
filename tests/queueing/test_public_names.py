"""The public names of the queueing room."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

import pytest

from qinwu import queueing


@pytest.mark.parametrize("name", sorted(queueing.__all__))
def test_names_are_where_they_say_and_documented(name: str) -> None:
    """Every public name is there, whatever was imported before, and says what it is in a sentence."""
    thing = getattr(queueing, name)
    assert thing is getattr(import_module(f"qinwu.queueing.{queueing._HOME[name]}"), name)
    assert (thing.__doc__ or "").strip().splitlines()[0].endswith(".")


def test_no_module_is_named_like_a_public_name() -> None:
    """A module imported anywhere would hide a function of the same name."""
    modules = {module.name for module in iter_modules(queueing.__path__)}
    assert modules.isdisjoint(queueing.__all__)
