"""The examples in the docstrings of the board, which needs its settings before its modules can be read."""

from __future__ import annotations

import doctest
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages


def test_examples_in_docstrings_hold(station_folder: Path) -> None:
    """Every example in a docstring of the board gives what it says, and there are some."""
    import qinwu.board

    tried = 0
    for found in walk_packages(qinwu.board.__path__, "qinwu.board."):
        result = doctest.testmod(import_module(found.name))
        assert result.failed == 0, found.name
        tried += result.attempted
    assert tried >= 3
