"""Stations shared by the tests of the command line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from qinwu.station.sample import write_sample
from tests.cli.folders import whole_station


@pytest.fixture(scope="session")
def _pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return whole_station(tmp_path_factory.mktemp("whole") / "station")


@pytest.fixture
def station(_pristine: Path, tmp_path: Path) -> Path:
    """A small station folder in which everything is right, to be spoiled."""
    return Path(shutil.copytree(_pristine, tmp_path / "station"))


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample town, not to be changed."""
    folder = tmp_path_factory.mktemp("town") / "town"
    write_sample(folder)
    return folder
