"""A new station folder: commented files with small examples, which a station replaces by its own one after the other."""

from __future__ import annotations

import shutil
from importlib import resources
from pathlib import Path

from qinwu.station.new_folder import write_new_folder

BLANK = "blank"


def write_skeleton(folder: Path) -> None:
    """Write a station folder without calls into `folder`, which is made where it does not exist.

    Everything in it is a working example: ``qinwu check`` finds nothing wrong but that calls are missing.

    Parameters
    ----------
    folder
        Where to; must not exist or be empty.

    Raises
    ------
    QinwuError
        Where `folder` holds anything or cannot be written; nothing is changed then.
    """
    with resources.as_file(resources.files("qinwu.station") / BLANK) as blank:
        write_new_folder(folder, lambda draft: _copy(blank, draft))


def _copy(blank: Path, draft: Path) -> None:
    shutil.copytree(blank, draft, dirs_exist_ok=True, copy_function=shutil.copyfile)
