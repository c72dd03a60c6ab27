"""Hot list: places that a forecast gives, with the marks of its guards, as places for patrol stops.

Without the marks a list is refused: places drawn by lot must be among them (else nobody would ever learn that another place is
hotter, Ensign et al. 2018), shares must add up to the whole patrol, and none may take more than the cap.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from qinwu.findings import Finding, Place, did_you_mean, raise_on_errors
from qinwu.language import N_
from qinwu.plan.rounds.hot_places import PARTS, HotPlaces
from qinwu.station.area import Area

CAP = 0.25
"""Largest share of the patrol that one place may have in a list."""
ROUNDING = 0.02
"""How far the shares of a list may be from 1 by rounding."""
COLUMNS = ("place", "atom", "part_of_day", "expected", "share", "explore", "valid_from", "valid_to")


@dataclass(frozen=True)
class HotList:
    """Places of a forecast.

    Parameters
    ----------
    places
        By six hours of the day: those drawn by lot first, then those with most of the patrol.
    drawn
        Atoms drawn by lot, by position.
    first, last
        First and last day on which the list is valid.
    """

    places: HotPlaces
    drawn: frozenset[int]
    first: date
    last: date

    def valid(self, on: date) -> bool:
        """Return whether the list is valid on a day."""
        return self.first <= on <= self.last


def hot_list(table: pl.DataFrame, area: Area, most: int, file: str = "") -> HotList:
    """Return the places of a forecast's list.

    Parameters
    ----------
    table
        A row for each place, or for each place and six hours: ``place``, ``atom``, ``part_of_day`` (0-3, null for the whole day),
        ``expected`` calls, ``share`` of the patrol, ``explore`` (drawn by lot), ``valid_from`` and ``valid_to``.
    area
        The station's.
    most
        Places in each six hours, at most; those drawn by lot come before hot ones.
    file
        How findings name the list.

    Raises
    ------
    QinwuError
        With everything that is wrong: a column or an atom that is not there, no place drawn by lot, shares that are none or above
        the cap, days reversed, nothing at all.
    """
    raise_on_errors(_wrong(table, area, file))
    first, last = table["valid_from"].min(), table["valid_to"].max()
    assert isinstance(first, date) and isinstance(last, date)  # noqa: PT018 - narrows the type, checked above
    weeks = ((last - first).days + 1) / 7.0
    atom = table["atom"].replace_strict(area.index, return_dtype=pl.Int64).to_numpy()
    share, drawn = table["share"].to_numpy(), table["explore"].to_numpy()
    expected = table["expected"].cast(pl.Float64).fill_null(np.nan).to_numpy() / weeks
    part = table["part_of_day"].to_list()
    atoms, calls, shares = [], [], []
    for number in range(PARTS):
        rows = np.array([at for at, one in enumerate(part) if one is None or one == number], dtype=np.int64)
        order = rows[np.lexsort((-share[rows], ~drawn[rows]))]
        once = order[np.sort(np.unique(atom[order], return_index=True)[1])][:most]
        atoms.append(atom[once])
        calls.append(expected[once])
        shares.append(float(share[once].sum() / max(share[rows].sum(), 1e-300)))
    return HotList(HotPlaces(tuple(atoms), tuple(calls), tuple(shares)), frozenset(atom[drawn].tolist()), first, last)


def _wrong(table: pl.DataFrame, area: Area, file: str) -> Iterator[Finding]:
    missing = [name for name in COLUMNS if name not in table.columns]
    remedy = N_("Make the list with qinwu forecast.")
    if missing:
        values: dict[str, object] = {"columns": ", ".join(missing)}
        yield Finding("no-column", "error", N_("The list of hot places lacks {columns}."), remedy, Place(file), values)
        return
    if table.is_empty():
        yield Finding("empty-list", "error", N_("The list of hot places is empty."), remedy, Place(file))
        return
    yield from _without_marks(table, file)
    if table["valid_from"].null_count() + table["valid_to"].null_count() or (table["valid_from"] > table["valid_to"]).any():
        yield Finding("days-reversed", "error", N_("A hot place has no days, or they end before they begin."), remedy, Place(file))
    for atom in sorted({str(one) for one in table["atom"]} - set(area.index)):
        near = did_you_mean(atom, area.index)
        hint = N_("Did you mean {near}?") if near else N_("Use an id of the atoms file.")
        yield Finding("unknown-atom", "error", N_("There is no atom {atom}."), hint, Place(file), {"atom": atom, "near": near})


def _without_marks(table: pl.DataFrame, file: str) -> Iterator[Finding]:
    """Yield which marks of the guards are missing."""
    remedy = N_("Make the list with qinwu forecast: its guards draw places by lot and cap every share.")
    if table["explore"].null_count() or not table["explore"].any():
        message = N_("No place of the list was drawn by lot: patrols would only ever learn of the places they go to.")
        yield Finding("nothing-explored", "error", message, remedy, Place(file))
    shares = table["share"].fill_null(np.nan).to_numpy()
    if not (np.isfinite(shares).all() and (shares >= 0.0).all() and abs(shares.sum() - 1.0) <= ROUNDING):
        message = N_("The shares of the list are no shares of one patrol: they add up to {sum}.")
        yield Finding("no-shares", "error", message, remedy, Place(file), {"sum": f"{np.nansum(shares):.2f}"})
        return
    by_place = table.group_by("place").agg(pl.col("share").sum()).sort("share", descending=True)
    name, most = by_place.row(0)
    if most > CAP + 1e-9:
        message = N_("Place {place} takes {share} of the patrol; no place may have more than {cap}.")
        values = {"place": name, "share": f"{most:.0%}", "cap": f"{CAP:.0%}"}
        yield Finding("above-cap", "error", message, remedy, Place(file), values)
