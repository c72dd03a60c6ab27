"""Survey: from the atoms and roads files of a station folder to an :class:`Area`."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from qinwu.findings import Finding, Place, QinwuError
from qinwu.language import N_
from qinwu.station.area import Area, TravelTimes
from qinwu.station.atoms import AtomShapes, read_atoms
from qinwu.station.config import StationConfig
from qinwu.station.travel import F64, straight_travel


def read_area(folder: Path, config: StationConfig) -> tuple[Area | None, tuple[Finding, ...]]:
    """Return the area of a station folder, None where its atoms cannot be used, and all findings about atoms and roads.

    Parameters
    ----------
    folder
        The station folder.
    config
        Its ``station.toml``.
    """
    try:
        shapes, findings = read_atoms(folder / config.files.atoms, config, config.local_crs)
    except QinwuError as error:
        return None, error.findings
    if shapes is None:
        return None, tuple(findings)
    travel = straight_travel(shapes.xy_m, shapes.area_m2, config.travel)
    street_m, street_findings = _street_m(shapes, config)
    return _area(shapes, street_m, travel), (*findings, *street_findings)


def _area(shapes: AtomShapes, street_m: F64, travel: TravelTimes) -> Area:
    return Area(
        atom_ids=shapes.ids,
        polygons=shapes.polygons,
        xy_m=shapes.xy_m,
        area_m2=shapes.area_m2,
        street_m=street_m,
        population=shapes.population,
        neighbours=shapes.neighbours,
        crs=shapes.crs,
        travel=travel,
    )


def _street_m(shapes: AtomShapes, config: StationConfig) -> tuple[F64, tuple[Finding, ...]]:
    """Return street length from the file, estimated from the area where the file is silent."""
    missing = np.isnan(shapes.street_m)
    if not missing.any():
        return shapes.street_m, ()
    density = config.atoms.street_km_per_km2
    message = N_("Street length of {count} atoms is estimated at {density} km for each km² of area.")
    remedy = N_("Add a roads file, or a street_m property, to replace this assumption.")
    values = {"count": int(missing.sum()), "density": f"{density:g}"}
    finding = Finding("estimated-street-length", "note", message, remedy, Place(config.files.atoms), values)
    return np.where(missing, density / 1000.0 * shapes.area_m2, shapes.street_m), (finding,)
