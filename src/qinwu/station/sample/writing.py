"""Writing a sample station into a folder, all of it or nothing."""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import mkdtemp

from qinwu.findings import Finding, Place, QinwuError
from qinwu.language import N_
from qinwu.station.sample.making import Sample, make_sample
from qinwu.station.sample.recipe import RECIPES, SampleKind


def write_sample(folder: Path, kind: SampleKind = "town", seed: int = 2024) -> None:
    """Write a synthetic station into `folder`, which is made where it does not exist.

    Parameters
    ----------
    folder
        Where to; must not exist or be empty.
    kind
        ``town``, ``rural`` or ``station13``.
    seed
        The same seed gives the same files, >= 0.

    Raises
    ------
    QinwuError
        Where `folder` holds anything or cannot be written, `kind` is unknown, or `seed` negative.
    """
    _refuse(folder, kind, seed)
    sample = make_sample(kind, seed)
    try:
        _write_whole(folder, sample)
    except OSError as error:
        message, remedy = N_("The folder {path} cannot be written: {reason}."), N_("Choose another folder.")
        values = {"path": folder.as_posix(), "reason": error.strerror or str(error)}
        raise QinwuError([Finding("cannot-write", "error", message, remedy, Place(), values)]) from error


def _refuse(folder: Path, kind: str, seed: int) -> None:
    findings = []
    if kind not in RECIPES:
        message, remedy = N_("There is no sample {kind}."), N_("Samples are: {known}.")
        findings.append(Finding("unknown-sample", "error", message, remedy, Place(), {"kind": kind, "known": ", ".join(RECIPES)}))
    if folder.exists() and not folder.is_dir():
        message, remedy = N_("{path} is a file, not a folder."), N_("Choose another folder.")
        findings.append(Finding("not-a-folder", "error", message, remedy, Place(), {"path": folder.as_posix()}))
    elif folder.is_dir() and any(folder.iterdir()):
        message, remedy = N_("The folder {path} is not empty."), N_("Choose an empty or new folder; nothing was changed.")
        findings.append(Finding("folder-not-empty", "error", message, remedy, Place(), {"path": folder.as_posix()}))
    if seed < 0:
        message, remedy = N_("The seed {seed} is negative."), N_("A seed is 0 or a whole number above it.")
        findings.append(Finding("negative-seed", "error", message, remedy, Place(), {"seed": seed}))
    if findings:
        raise QinwuError(findings)


def _write_whole(folder: Path, sample: Sample) -> None:
    """Build beside `folder`, then put everything in place at once."""
    folder = folder.resolve()
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        _write_into(draft, sample)
        _put_in_place(draft, folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _write_into(folder: Path, sample: Sample) -> None:
    folder.chmod(0o755)
    for name, text in sample.texts.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    for name, table in sample.tables.items():
        table.write_csv(folder / name)


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
