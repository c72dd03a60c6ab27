"""Running ``qinwu`` as a user does, and station folders to run it on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from qinwu.cli import main
from qinwu.station.skeleton import write_skeleton

CLASSES = ("dispute", "help", "traffic", "noise", "criminal")
FOUR_ENGLISH_WORDS = re.compile(r"[A-Za-z]+(?:['-][A-Za-z]+)?(?: [A-Za-z]+(?:['-][A-Za-z]+)?){3,}")


@dataclass(frozen=True)
class Ran:
    """What one run of the command line gave: exit code, standard output, error stream."""

    code: int
    out: str
    err: str

    @property
    def text(self) -> str:
        """Everything that was written."""
        return self.out + self.err


def run(capsys: pytest.CaptureFixture[str], *words: object, language: str = "en") -> Ran:
    """Run ``qinwu`` with `words` in this process, in the given language."""
    capsys.readouterr()
    code = 0
    try:
        main([*(str(word) for word in words), "--lang", language])
    except SystemExit as leaving:
        code = int(leaving.code or 0)
    written = capsys.readouterr()
    return Ran(code, written.out, written.err)


def whole_station(folder: Path) -> Path:
    """Write the folder that ``qinwu new`` makes, with ten weeks of calls, one every three hours."""
    write_skeleton(folder)
    change(folder / "station.toml", 'calls = ["calls/*.parquet"]', 'calls = ["calls.csv"]')
    (folder / "calls.csv").write_text(calls_text(560), encoding="utf-8")
    return folder


def calls_text(count: int, start: datetime = datetime(2025, 1, 6), header: str = "call_id,received,call_class,atom") -> str:
    """Return the text of a call file: classes and atoms in turn, one call every three hours."""
    times = (start + timedelta(hours=3 * number) for number in range(count))
    rows = [f"C{n},{time:%Y-%m-%d %H:%M:%S},{CLASSES[n % 5]},G{n % 4 + 1}" for n, time in enumerate(times)]
    return "\n".join([header, *rows]) + "\n"


def change(path: Path, old: str, new: str) -> None:
    """Replace `old`, which must be there, once in a file."""
    text = path.read_text(encoding="utf-8-sig")
    if old not in text:
        raise ValueError(f"{path.name} does not hold {old!r}")
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def append(path: Path, text: str) -> None:
    """Add `text` at the end of a file."""
    path.write_text(path.read_text(encoding="utf-8-sig") + text, encoding="utf-8")


def contents(folder: Path) -> Mapping[str, bytes | None]:
    """Return everything below a folder: the bytes of files, None for folders."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}


def english_in(text: str) -> list[str]:
    """Return what looks like English sentences: four words in a row."""
    return FOUR_ENGLISH_WORDS.findall(text)
