"""Survey: from the atoms and roads files of a station folder to an :class:`Area`."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from qinwu.findings import Finding, Place, QinwuError
from qinwu.language import N_
from qinwu.station.area import Area, TravelTimes
from qinwu.station.atoms import AtomShapes, named, read_atoms
from qinwu.station.config import StationConfig
from qinwu.station.coordinates import local_crs_findings
from qinwu.station.network import AtomTimes
from qinwu.station.roads import RoadLines, no_roads, read_roads
from qinwu.station.streets import street_m
from qinwu.station.travel import F64, straight_s, straight_travel, times
from qinwu.station.travel_cache import road_times

_FAR_M = 500.0


def read_area(folder: Path, config: StationConfig) -> tuple[Area | None, tuple[Finding, ...]]:
    """Return the area of a station folder, None where its atoms cannot be used, and all findings about atoms and roads.

    Parameters
    ----------
    folder
        The station folder.
    config
        Its ``station.toml``.
    """
    crs = "" if local_crs_findings(config.local_crs, Place()) else config.local_crs
    try:
        shapes, findings = read_atoms(folder / config.files.atoms, config, crs)
    except QinwuError as error:
        return None, error.findings
    if shapes is None:
        return None, tuple(findings)
    roads, road_findings = _roads(folder, config, shapes.crs)
    travel, travel_findings = _travel(shapes, roads, config)
    street, street_findings = _street_m(shapes, roads, config)
    return _area(shapes, street, travel), (*findings, *road_findings, *travel_findings, *street_findings)


def _roads(folder: Path, config: StationConfig, crs: str) -> tuple[RoadLines | None, tuple[Finding, ...]]:
    if not config.files.roads:
        return None, ()
    try:
        return read_roads(folder, config, crs)
    except QinwuError as error:
        return None, error.findings


def _area(shapes: AtomShapes, street: F64, travel: TravelTimes) -> Area:
    return Area(
        atom_ids=shapes.ids,
        polygons=shapes.polygons,
        xy_m=shapes.xy_m,
        area_m2=shapes.area_m2,
        street_m=street,
        population=shapes.population,
        neighbours=shapes.neighbours,
        crs=shapes.crs,
        travel=travel,
        names=shapes.names,
    )


def _travel(shapes: AtomShapes, roads: RoadLines | None, config: StationConfig) -> tuple[TravelTimes, list[Finding]]:
    """Return travel along the roads where there are any; pairs that no road joins travel in a straight line."""
    if roads is None:
        return straight_travel(shapes.xy_m, shapes.area_m2, config.travel), []
    reached = road_times(roads, shapes.xy_m, config.travel)
    if reached is None:
        return straight_travel(shapes.xy_m, shapes.area_m2, config.travel), [no_roads(config.files.roads)]
    seconds = reached.seconds
    if not np.isfinite(seconds).all():
        seconds = np.where(np.isfinite(seconds), seconds, straight_s(shapes.xy_m, config.travel))
    findings = [*_piece_findings(shapes, reached, config), *_far_findings(shapes, reached, config)]
    return times(seconds, shapes.area_m2, config.travel, "roads"), findings


def _piece_findings(shapes: AtomShapes, reached: AtomTimes, config: StationConfig) -> list[Finding]:
    apart = reached.piece != np.bincount(reached.piece).argmax()
    if not apart.any():
        return []
    atoms = [atom for atom, alone in zip(shapes.ids, apart, strict=True) if alone]
    message = N_("No road leads from {count} atoms to the others ({atoms}); straight-line travel is used between them.")
    remedy = N_("Join the roads in the file, or leave the difference if there is a ferry or a track.")
    values = {"count": len(atoms), "atoms": named(atoms)}
    return [Finding("roads-not-connected", "warning", message, remedy, Place(config.files.roads), values)]


def _far_findings(shapes: AtomShapes, reached: AtomTimes, config: StationConfig) -> list[Finding]:
    """Return one warning about atoms whose centre lies farther from any road than half a kilometre and the atom's own size."""
    far = reached.access_m > np.maximum(_FAR_M, np.sqrt(shapes.area_m2))
    if not far.any():
        return []
    atoms = [atom for atom, alone in zip(shapes.ids, far, strict=True) if alone]
    message = N_("The nearest road is over {metres} m from {count} atoms: {atoms}.")
    remedy = N_("Check that roads and atoms use the same coordinates, and that the roads cover the whole area.")
    values = {"count": len(atoms), "atoms": named(atoms), "metres": f"{reached.access_m[far].min():.0f}"}
    return [Finding("atom-far-from-road", "warning", message, remedy, Place(config.files.roads), values)]


def _street_m(shapes: AtomShapes, roads: RoadLines | None, config: StationConfig) -> tuple[F64, list[Finding]]:
    """Return street length from the roads, else from the atoms file, else estimated from the area."""
    if roads is not None:
        return street_m(roads.lines, shapes.local, config.atoms.gap_m), []
    missing = np.isnan(shapes.street_m)
    if not missing.any():
        return shapes.street_m, []
    density = config.atoms.street_km_per_km2
    message = N_("Street length of {count} atoms is estimated at {density} km for each km² of area.")
    remedy = N_("Add a roads file, or a street_m property, to replace this assumption.")
    values = {"count": int(missing.sum()), "density": f"{density:g}"}
    finding = Finding("estimated-street-length", "note", message, remedy, Place(config.files.atoms), values)
    return np.where(missing, density / 1000.0 * shapes.area_m2, shapes.street_m), [finding]
