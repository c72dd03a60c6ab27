"""Compiled kernels: what is kept on disk is used again, but not after anything it was made of has changed."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from numba.core.dispatcher import Dispatcher

from qinwu import compiled

BELOW = """
from qinwu.compiled import inner
STEP = {step}
@inner
def moved(x):
    return x {sign} STEP
"""
ABOVE = """
from below import moved
from qinwu.compiled import entry
@entry
def twice(x):
    return moved(moved(x))
"""
ASKED = "from above import twice; print(twice(10), sum(twice.stats.cache_hits.values()))"


def asked(folder: Path, step: int, sign: str = "+") -> list[int]:
    """Return what a kernel says in a process of its own, and how often what was kept was used."""
    (folder / "below.py").write_text(BELOW.format(step=step, sign=sign), "utf-8")
    os.utime(folder / "below.py", (0, 0))  # packages are installed with the same time, version after version
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(folder / "kept"), "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    ran = subprocess.run([sys.executable, "-c", ASKED], capture_output=True, text=True, env=environment, timeout=120, check=True)
    return [int(word) for word in ran.stdout.split()]


def test_a_kernel_is_kept_until_what_it_calls_has_changed(tmp_path: Path) -> None:
    """The second time it is taken from the disk; another constant or another line in another file is compiled anew."""
    (tmp_path / "above.py").write_text(ABOVE, "utf-8")
    assert asked(tmp_path, 1) == [12, 0]
    assert asked(tmp_path, 1) == [12, 1]
    assert asked(tmp_path, 2) == [14, 0]
    assert asked(tmp_path, 2, "-") == [6, 0]


def test_every_entry_tells_what_it_is_made_of() -> None:
    """Kernels of the whole program name what they take of other modules one by one, so that a change is noticed."""
    source = Path(__file__).parents[1] / "src"
    names = [
        ".".join(path.relative_to(source).with_suffix("").parts)
        for path in sorted(source.rglob("*.py"))
        if "import entry" in path.read_text("utf-8")
    ]
    kernels = [one for name in names for one in vars(import_module(name)).values() if isinstance(one, Dispatcher)]
    assert len(kernels) > 50
    for kernel in kernels:
        assert len(list(compiled.made_of(kernel.py_func))) > 1


def by_a_dot() -> object:
    """Take something of a module by a dot."""
    return compiled.inner


def test_a_module_named_as_a_whole_is_refused() -> None:
    """What a kernel takes of a module by a dot would not be noticed when it changes."""
    with pytest.raises(TypeError, match="one by one"):
        list(compiled.made_of(by_a_dot))  # type: ignore[arg-type]
