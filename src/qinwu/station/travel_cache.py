"""Travel cache: times along large road networks, kept between runs under a checksum of everything they depend on.

A file that is missing, broken or of another version is as good as none: times are worked out again. Nothing is ever half
written, and the oldest files go when all of them together grow too large.
"""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import numpy as np
import shapely

from qinwu.station.config import Travel
from qinwu.station.network import AtomTimes, atom_times, build_network
from qinwu.station.roads import RoadLines
from qinwu.station.travel import F64

VERSION = b"1"
"""Raised whenever the same roads would give other times."""
WORTH_KEEPING = 10_000_000
"""Vertices times points from which working times out takes seconds."""
MOST_BYTES = 1_000_000_000
SUFFIX = ".travel.npz"


def cache_folder() -> Path:
    """Return where times are kept: ``QINWU_CACHE``, else the user's cache folder of this system."""
    named = os.environ.get("QINWU_CACHE")
    if named:
        return Path(named)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "qinwu" / "cache"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "qinwu"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "qinwu"


def road_times(
    roads: RoadLines,
    xy_m: F64,
    travel: Travel,
    folder: Path | None = None,
    on_done: Callable[[int, int], None] | None = None,
) -> AtomTimes | None:
    """Return shortest times between points along roads, from the cache where they are known; None where no road leads anywhere.

    Parameters
    ----------
    roads
        Lines in metres.
    xy_m
        (J, 2) points, metres.
    travel
        Season, access speed and detour.
    folder
        Where times are kept; :func:`cache_folder` by default. One that cannot be read or written is not used.
    on_done
        Told how many sources are done, and how many there are, while times are worked out.
    """
    factor = travel.class_factor.get(travel.season, {})
    if int(shapely.get_num_coordinates(roads.lines).sum()) * len(xy_m) < WORTH_KEEPING:
        return _worked_out(roads, factor, xy_m, travel, on_done)
    folder = folder or cache_folder()
    path = folder / f"{checksum(roads, factor, xy_m, travel)}{SUFFIX}"
    known = load(path, len(xy_m))
    if known is None:
        known = _worked_out(roads, factor, xy_m, travel, on_done)
        if known is not None:
            save(path, known)
    return known


def _worked_out(
    roads: RoadLines, factor: Mapping[str, float], xy_m: F64, travel: Travel, on_done: Callable[[int, int], None] | None
) -> AtomTimes | None:
    network = build_network(roads, factor)
    return atom_times(network, xy_m, travel, on_done) if len(network) else None


def checksum(roads: RoadLines, factor: Mapping[str, float], xy_m: F64, travel: Travel) -> str:
    """Return a name for the times between these points along these roads; anything that changes them changes it."""
    digest = sha256(VERSION)
    points, line = shapely.get_coordinates(roads.lines, return_index=True)
    factors = np.array([factor.get(name, 1.0) for name in roads.road_class])
    access = np.array([travel.detour, travel.speed_kmh])
    for part in (points, line, roads.length_m, roads.speed_kmh, roads.oneway, factors, xy_m, access):
        array = np.ascontiguousarray(part)
        digest.update(f"{array.dtype.str}{array.shape}".encode())
        digest.update(array.data)
    return digest.hexdigest()[:40]


def load(path: Path, points: int) -> AtomTimes | None:
    """Return the times in a file, None where it does not hold them whole."""
    try:
        with np.load(BytesIO(path.read_bytes()), allow_pickle=False) as kept:
            found = AtomTimes(kept["seconds"], kept["access_m"], kept["piece"])
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zipfile.LargeZipFile):
        return None
    shapes = (found.seconds.shape, found.access_m.shape, found.piece.shape)
    if shapes != ((points, points), (points,), (points,)) or found.seconds.dtype != np.float32:
        return None
    with contextlib.suppress(OSError):
        path.touch()
    return found


def save(path: Path, found: AtomTimes) -> None:
    """Write times whole or not at all; a folder that cannot be written leaves things as they are."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    except OSError:
        return
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez(file, seconds=found.seconds, access_m=found.access_m, piece=found.piece)
        Path(name).replace(path)
    except OSError:
        return
    finally:
        Path(name).unlink(missing_ok=True)
    _forget_oldest(path.parent)


def _forget_oldest(folder: Path) -> None:
    """Remove the files longest unused until the rest is small enough; the newest always stays."""
    with contextlib.suppress(OSError):
        files = sorted(folder.glob(f"*{SUFFIX}"), key=lambda file: file.stat().st_mtime, reverse=True)
        total = 0
        for number, file in enumerate(files):
            total += file.stat().st_size
            if number and total > MOST_BYTES:
                file.unlink(missing_ok=True)
