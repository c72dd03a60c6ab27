"""Writing a sample station into a folder, all of it or nothing."""

from __future__ import annotations

from pathlib import Path

from qinwu.findings import Finding, Place, QinwuError
from qinwu.language import N_
from qinwu.station.new_folder import occupied, write_new_folder
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
    write_new_folder(folder, lambda draft: _write_into(draft, sample))


def _refuse(folder: Path, kind: str, seed: int) -> None:
    findings = list(occupied(folder))
    if kind not in RECIPES:
        message, remedy = N_("There is no sample {kind}."), N_("Samples are: {known}.")
        findings.append(Finding("unknown-sample", "error", message, remedy, Place(), {"kind": kind, "known": ", ".join(RECIPES)}))
    if seed < 0:
        message, remedy = N_("The seed {seed} is negative."), N_("A seed is 0 or a whole number above it.")
        findings.append(Finding("negative-seed", "error", message, remedy, Place(), {"seed": seed}))
    if findings:
        raise QinwuError(findings)


def _write_into(folder: Path, sample: Sample) -> None:
    for name, text in sample.texts.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    for name, table in sample.tables.items():
        table.write_csv(folder / name)
