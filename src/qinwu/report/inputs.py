"""Inputs: which files a report rests on, by checksum."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from qinwu.station.station import Station


def checksums(station: Station) -> tuple[tuple[str, str], ...]:
    """Return (name inside the station folder, SHA-256) of every file a comparison was made from; call files as they were read."""
    found = {_label(path, station.folder): digest for path, digest in station.calls.sources}
    for path in _described(station):
        label = _label(path, station.folder)
        if label not in found and path.is_file():
            found[label] = hashlib.sha256(path.read_bytes()).hexdigest()
    return tuple(sorted(found.items()))


def _described(station: Station) -> Iterator[Path]:
    """Yield the files that ``station.toml`` names, and all duty files."""
    files = station.config.files
    yield station.folder / "station.toml"
    yield from (station.folder / name for name in (files.atoms, files.roads, files.officers, files.venues) if name)
    yield from sorted((station.folder / "duty").glob("*.toml"))


def _label(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.name
