"""Whether files can be written where they are wanted, asked before hours of work and not after."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from qinwu.findings import Finding, Place
from qinwu.language import N_


def writable_findings(*files: Path | None, folder: Path | None = None) -> Iterator[Finding]:
    """Yield an error for every file, and for a folder, that cannot be written; None is no file.

    Nothing is made or changed by asking.
    """
    remedy = N_("Choose another file.")
    for file in files:
        if file is not None and file.is_dir():
            yield Finding("cannot-write", "error", N_("This is a folder, not a file."), remedy, Place(file.as_posix()))
        elif file is not None:
            yield from _no_place_for(file)
    if folder is not None:
        yield from _no_place_for(folder / "any")


def _no_place_for(file: Path) -> Iterator[Finding]:
    """Yield an error where the nearest folder above `file` that exists is no folder, or may not be written to."""
    above = next(parent for parent in file.absolute().parents if parent.exists())
    place, values = Place(file.as_posix()), {"folder": above.as_posix()}
    if not above.is_dir():
        message, remedy = N_("It cannot be written: {folder} is a file, not a folder."), N_("Choose another folder.")
        yield Finding("cannot-write", "error", message, remedy, place, values)
    elif not os.access(above, os.W_OK):
        message, remedy = N_("It cannot be written: {folder} may not be changed."), N_("Choose another folder.")
        yield Finding("cannot-write", "error", message, remedy, place, values)
