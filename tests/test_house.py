"""The house itself: floors, reference pages, schemas, public names."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import qinwu

ROOT = Path(__file__).parents[1]
MOST_LINES = 350


def tool(*words: str) -> subprocess.CompletedProcess[str]:
    """Run a program of this environment in the project folder."""
    return subprocess.run(
        [sys.executable, *words], cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False, timeout=120
    )


def test_rooms_use_only_rooms_below() -> None:
    """The contracts of import-linter hold: no room reaches up, none below report knows the screen."""
    ran = tool("-c", "from importlinter.cli import lint_imports_command; lint_imports_command()")
    assert ran.returncode == 0, ran.stdout
    assert "0 broken" in ran.stdout


def test_reference_pages_are_fresh() -> None:
    """Reference pages say what the models say."""
    ran = tool("tools/reference.py", "--check")
    assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.mark.parametrize("name", ["station", "duty"])
def test_published_schemas_are_fresh(name: str) -> None:
    """The JSON Schemas in docs are those of the models, so that editors complete what is read."""
    from qinwu.duty.schema import duty_schema
    from qinwu.station.schema import station_schema

    schema = {"station": station_schema, "duty": duty_schema}[name]()
    assert json.loads((ROOT / "docs" / "schema" / f"{name}.schema.json").read_text("utf-8")) == schema


@pytest.mark.parametrize("name", sorted(qinwu.__all__))
def test_public_names_are_documented(name: str) -> None:
    """Every public name is there, where it says it is, and says what it is in a sentence."""
    thing = getattr(qinwu, name)
    home = import_module(f"qinwu.{qinwu._HOME[name]}")
    assert getattr(home, name) is thing
    assert (thing.__doc__ or "").strip().splitlines()[0].endswith(".")


def test_public_names_are_all_the_package_has() -> None:
    """What is not public is not there, and the error says so."""
    with pytest.raises(AttributeError, match="no attribute 'plan_everything'"):
        _ = qinwu.plan_everything


def test_importing_the_package_costs_nothing() -> None:
    """``import qinwu`` and ``import qinwu.station`` load no library."""
    libraries = ("numpy", "polars", "pydantic", "shapely", "numba")
    code = f"import sys, qinwu, qinwu.station; print([name for name in {libraries} if name in sys.modules])"
    assert tool("-c", code).stdout.strip() == "[]"


def test_files_are_short() -> None:
    """A file is read at one sitting; only migrations and the event kernel, one function with all its rules, are longer."""
    written = [path for path in (ROOT / "src").rglob("*.py") if path.parent.name != "migrations"]
    long = {path.name for path in written if len(path.read_text("utf-8").splitlines()) > MOST_LINES}
    assert long <= {"kernel.py"}


def test_nothing_names_this_machine() -> None:
    """No file that is shipped holds an absolute path of somebody's disk or the host of a registry."""
    hosts = (f"{ROOT.parent}/", "/home/", "/Users/", "http://localhost", "registry.", "index-url")
    held = {
        (path.relative_to(ROOT).as_posix(), host)
        for path in (ROOT / "src").rglob("*")
        if path.suffix in {".py", ".toml", ".j2", ".css", ".js", ".md", ".po", ".txt"}
        for host in hosts
        if host in path.read_text("utf-8")
    }
    assert held == set()
