"""Area: the atoms of a station, who borders whom, how large they are and how long it takes between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from shapely import MultiPolygon, Polygon

from qinwu.station.borders import piece_of


@dataclass(frozen=True)
class TravelTimes:
    """Travel between atoms by hour.

    Parameters
    ----------
    base_s
        (J, J) mean seconds from atom to atom in free flow, the diagonal being travel inside one atom; all > 0.
    hour_factor
        (168,) multiplier of travel time by hour of the week, Monday 00:00 first; all > 0.
    spread
        Coefficient of variation of one journey around its mean, >= 0.
    source
        In words for the report: ``roads`` or the stated metric and speed.
    """

    base_s: NDArray[np.float32]
    hour_factor: NDArray[np.float64]
    spread: float
    source: str


@dataclass(frozen=True)
class Area:
    """The atoms of a station, in file order.

    Parameters
    ----------
    atom_ids
        (J,) unique ids.
    polygons
        (J,) in WGS84 longitude and latitude, for maps.
    xy_m
        (J, 2) representative points in the local metric projection, metres.
    area_m2, street_m, population
        (J,) square metres; metres of street (estimated from the area where the file has none); residents (counts only).
    neighbours
        (E, 2) pairs of atom indices that share a border, each pair once, smaller index first.
    crs
        EPSG code or PROJ text of the local metric projection.
    travel
        Travel times between atoms.
    names
        (J,) what people call each atom, empty where the file has no name for it.
    """

    atom_ids: tuple[str, ...]
    polygons: tuple[Polygon | MultiPolygon, ...]
    xy_m: NDArray[np.float64]
    area_m2: NDArray[np.float64]
    street_m: NDArray[np.float64]
    population: NDArray[np.float64]
    neighbours: NDArray[np.int32]
    crs: str
    travel: TravelTimes
    names: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.atom_ids)

    @cached_property
    def index(self) -> dict[str, int]:
        """Atom id to position."""
        return {atom: position for position, atom in enumerate(self.atom_ids)}

    def called(self, atom: str) -> str:
        """Return an atom's id with what people call it, the id alone where the file has no name."""
        name = self.names[self.index[atom]] if self.names and atom in self.index else ""
        return f"{atom} {name}" if name else atom

    def contiguous(self, atoms: Sequence[int]) -> bool:
        """Return whether the atoms at these positions form one connected piece (an empty set does not)."""
        return self.pieces(atoms) == 1

    def pieces(self, atoms: Sequence[int]) -> int:
        """Return into how many connected pieces these atoms fall."""
        inside = np.zeros(len(self), dtype=bool)
        inside[list(atoms)] = True
        pairs = self.neighbours[inside[self.neighbours].all(axis=1)]
        return len(np.unique(piece_of(len(self), pairs)[inside]))

    def population_centre(self) -> int:
        """Return the atom nearest the centre of population (of the atoms themselves where nobody is counted)."""
        weight = self.population if self.population.sum() > 0 else np.ones(len(self))
        centre = np.average(self.xy_m, axis=0, weights=weight)
        return int(np.hypot(*(self.xy_m - centre).T).argmin())
