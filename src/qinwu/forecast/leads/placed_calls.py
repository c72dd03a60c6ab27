"""Placed calls: when and where each call came from and of what class, nothing else."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from qinwu.forecast.leads.aoristic import DAY_S
from qinwu.forecast.leads.cases import F64
from qinwu.station.area import Area
from qinwu.station.calls import Calls


@dataclass(frozen=True, slots=True)
class PlacedCalls:
    """Calls in order of time.

    Parameters
    ----------
    ids, rows
        Number of each call, and its row in the file (0 where there is none).
    received_s
        Seconds from Monday 1970-01-05 on the station's clock.
    x_m, y_m
        Metres in a local plane.
    kinds
        Class of each, empty where it is not known.
    by_name
        Whether only names of places are known: two calls are at the same place or far apart.
    """

    ids: tuple[str, ...]
    rows: tuple[int, ...]
    received_s: F64
    x_m: F64
    y_m: F64
    kinds: tuple[str, ...]
    by_name: bool = False

    def __len__(self) -> int:
        return len(self.ids)


def calls_of(calls: Calls, area: Area) -> PlacedCalls:
    """Return the calls of a station at the centres of their atoms, without those that officers made themselves."""
    table = calls.table.filter(pl.col("origin") != "officer")
    local = table["received"].dt.convert_time_zone(calls.time_zone).dt.replace_time_zone(None)
    place = {atom: at for at, atom in enumerate(area.atom_ids)}
    at = np.array([place[atom] for atom in table["atom"].to_list()], dtype=np.int64)
    seconds = local.dt.epoch("us").cast(pl.Float64).to_numpy() / 1e6 - 4 * DAY_S
    return PlacedCalls(
        ids=tuple(table["call_id"].to_list()),
        rows=(0,) * len(table),
        received_s=seconds,
        x_m=area.xy_m[at, 0],
        y_m=area.xy_m[at, 1],
        kinds=tuple(table["call_class"].to_list()),
    )
