"""Making a folder whole or not at all: built beside its place, then put there at once."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import mkdtemp

from qinwu.findings import Finding, Place, QinwuError, raise_on_errors, reason_of
from qinwu.language import N_


def write_new_folder(folder: Path, fill: Callable[[Path], None]) -> None:
    """Make `folder` and put into it what `fill` writes.

    Parameters
    ----------
    folder
        Must not exist or be empty; folders above it are made.
    fill
        Writes files into the folder it is given.

    Raises
    ------
    QinwuError
        Where `folder` holds anything or cannot be written; all is then as it was.
    """
    raise_on_errors(occupied(folder))
    try:
        _put(folder, fill)
    except OSError as error:
        message, remedy = N_("The folder {path} cannot be written: {reason}."), N_("Choose another folder.")
        values = {"path": folder.as_posix(), "reason": reason_of(error)}
        raise QinwuError([Finding("cannot-write", "error", message, remedy, Place(), values)]) from None


def occupied(folder: Path) -> Iterator[Finding]:
    """Yield an error where `folder` is a file or holds anything."""
    if folder.exists() and not folder.is_dir():
        message, remedy = N_("{path} is a file, not a folder."), N_("Choose another folder.")
        yield Finding("not-a-folder", "error", message, remedy, Place(), {"path": folder.as_posix()})
    elif folder.is_dir() and any(folder.iterdir()):
        message, remedy = N_("The folder {path} is not empty."), N_("Choose an empty or new folder; nothing was changed.")
        yield Finding("folder-not-empty", "error", message, remedy, Place(), {"path": folder.as_posix()})


def _put(folder: Path, fill: Callable[[Path], None]) -> None:
    """Build beside `folder`, then put everything in place at once."""
    folder = folder.resolve()
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        draft.chmod(0o755)
        fill(draft)
        _put_in_place(draft, folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _put_in_place(draft: Path, folder: Path) -> None:
    """Rename `draft` to `folder`; where that is there already, empty, fill it, so that it stays the same folder."""
    if not folder.exists():
        draft.rename(folder)
        return
    moved: list[Path] = []
    try:
        for path in sorted(draft.iterdir()):
            path.rename(folder / path.name)
            moved.append(folder / path.name)
    except OSError:
        for path in moved:
            path.rename(draft / path.name)
        raise
