"""Asking: aims written by people, on a command line or in small files, as values: borders, communities, fixed atoms, numbers."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from qinwu.findings import Finding, Place, QinwuError, did_you_mean, reason_of
from qinwu.language import N_
from qinwu.plan.beats.aims import Border, unordered
from qinwu.station.atoms import id_text
from qinwu.station.coordinates import to_wgs84
from qinwu.station.sheet import read_sheet
from qinwu.station.station import Station

COMMUNITY_HEADERS: Mapping[str, tuple[str, ...]] = {
    "atom": ("id", "网格", "网格编号", "最小统计单元"),
    "community": ("社区", "村", "小区", "社区名称", "whole"),
}


def number_range(text: str) -> tuple[int, int]:
    """Return the fewest and the most of ``12`` or ``10-14``.

    Raises
    ------
    QinwuError
        It is neither.

    >>> number_range("10-14"), number_range("12")
    ((10, 14), (12, 12))
    """
    least, _, most = text.partition("-")
    try:
        return int(least), int(most or least)
    except ValueError:
        raise _bad("--beats", text, N_("Write a number such as 12, or a range such as 10-14.")) from None


def pairs_of(option: str, texts: Sequence[str], sign: str) -> list[tuple[str, str]]:
    """Return pairs written as ``left SIGN right``, several separated by commas or given one by one.

    Raises
    ------
    QinwuError
        With everything that is no such pair.

    >>> pairs_of("--fix", ["A1=B1,A2=B1"], "=")
    [('A1', 'B1'), ('A2', 'B1')]
    """
    found: list[tuple[str, str]] = []
    wrong: list[Finding] = []
    for word in (part.strip() for text in texts for part in text.split(",") if part.strip()):
        left, middle, right = (part.strip() for part in word.partition(sign))
        if left and middle and right:
            found.append((left, right))
        else:
            wrong += _bad(option, word, N_("Write pairs such as A1=B2 (--fix, --weight) or A1:B7 (--join, --border).")).findings
    if wrong:
        raise QinwuError(wrong)
    return found


def weights_of(texts: Sequence[str]) -> dict[str, float]:
    """Return weights written as ``response=1,balance=0.5``; raise `QinwuError` for what is no number."""
    found = {}
    for name, value in pairs_of("--weight", texts, "="):
        try:
            found[name] = float(value)
        except ValueError:
            raise _bad("--weight", f"{name}={value}", N_("Write numbers, such as response=1,balance=0.5.")) from None
    return found


def borders_of(station: Station, texts: Sequence[str]) -> tuple[Border, ...]:
    """Return borders, each a GeoJSON file of lines or listed pairs of atoms such as ``A1:A2,A1:A3``.

    Raises
    ------
    QinwuError
        A file cannot be read or has no lines, or a pair is not written as one.
    """
    found = []
    for text in texts:
        path = _file(station, text)
        pairs = crossed(station, path) if path is not None else unordered(pairs_of("--border", [text], ":"))
        found.append(Border(path.stem if path is not None else text, pairs))
    return tuple(found)


def crossed(station: Station, path: Path) -> frozenset[tuple[str, str]]:
    """Return neighbouring atoms that a line of a GeoJSON file keeps apart: the straight way between their middles crosses it.

    Coordinates are those of the station (``coordinates`` in station.toml).
    """
    lines = [shapely.geometry.shape(one["geometry"]) for one in _features(path)]
    lines = [line for line in lines if line.geom_type in ("LineString", "MultiLineString")]
    if not lines:
        raise QinwuError(
            [
                Finding(
                    "no-lines", "error", N_("There is no line in this file."), N_("A border is drawn as lines."), Place(path.name)
                )
            ]
        )
    points = shapely.get_coordinates(lines)
    placed = np.column_stack(to_wgs84(points[:, 0], points[:, 1], station.config.coordinates))
    wall = shapely.union_all(shapely.set_coordinates(np.array(lines, dtype=object), placed))
    area = station.area
    middles = shapely.get_coordinates(shapely.point_on_surface(np.array(area.polygons, dtype=object)))
    ways = shapely.linestrings(np.stack([middles[area.neighbours[:, 0]], middles[area.neighbours[:, 1]]], axis=1))
    cut = area.neighbours[shapely.intersects(ways, wall)]
    return unordered((area.atom_ids[one], area.atom_ids[two]) for one, two in cut.tolist())


def communities(station: Station, text: str) -> dict[str, str]:
    """Return the community of each atom: from a sheet of ``atom, community``, or from that property of the atoms file.

    Raises
    ------
    QinwuError
        There is neither such a file nor such a property.
    """
    path = _file(station, text)
    if path is not None:
        rows, findings = read_sheet(path, dict(COMMUNITY_HEADERS), ("atom", "community"))
        if any(finding.severity == "error" for finding in findings):
            raise QinwuError(findings)
        return {row["atom"]: row["community"] for row in rows if row["community"]}
    file = station.folder / station.config.files.atoms
    properties = [one.get("properties") or {} for one in _features(file)]
    found = {id_text(one.get(station.config.atoms.id)): id_text(one.get(text)) for one in properties if one.get(text)}
    if not found:
        raise _bad("--whole", text, N_("Name a sheet with columns atom and community, or a property of the atoms file."))
    return found


def specialists_of(station: Station, texts: Sequence[str]) -> tuple[str, ...]:
    """Return ids of officers, given one by one or separated by commas.

    Raises
    ------
    QinwuError
        One is not known, or no sworn officer.
    """
    ids = tuple(part.strip() for text in texts for part in text.split(",") if part.strip())
    known = {one.id for one in station.force if one.kind == "sworn"}
    wrong = []
    for one in ids:
        if one not in known:
            guess = did_you_mean(one, known)
            message = N_("There is no sworn officer {officer}.")
            remedy = N_("Did you mean {guess}?") if guess else N_("Use an id of the officers file.")
            wrong.append(
                Finding("unknown-officer", "error", message, remedy, Place(key="--specialists"), {"officer": one, "guess": guess})
            )
    if wrong:
        raise QinwuError(wrong)
    return ids


def _file(station: Station, text: str) -> Path | None:
    return next((path for path in (Path(text), station.folder / text) if path.is_file()), None)


def _features(path: Path) -> list[dict[str, Any]]:
    try:
        found = json.loads(path.read_text("utf-8"))
    except OSError as error:
        message = N_("The file cannot be read: {reason}.")
        raise QinwuError([Finding("file", "error", message, "", Place(path.name), {"reason": reason_of(error)})]) from None
    except ValueError:
        raise QinwuError([Finding("not-geojson", "error", N_("This is not GeoJSON."), "", Place(path.name))]) from None
    features = found.get("features") if isinstance(found, dict) else None
    return [one for one in features or [] if isinstance(one, dict) and one.get("geometry")]


def _bad(option: str, value: str, remedy: str) -> QinwuError:
    message = N_("{option} {value} cannot be read.")
    return QinwuError([Finding("bad-option", "error", message, remedy, Place(key=option), {"option": option, "value": value})])
