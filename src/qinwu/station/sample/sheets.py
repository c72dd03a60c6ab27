"""Sheets: the call file with its dirt, the officers, the venues."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from qinwu.station.config import CallClass
from qinwu.station.sample.calibration import Dirt
from qinwu.station.sample.demand import YEAR, Demand
from qinwu.station.sample.land import Land
from qinwu.station.sample.recipe import Recipe
from qinwu.station.sample.stamps import Stamps

F64 = NDArray[np.float64]
STAMPS = ("received", "dispatched", "acknowledged", "en_route", "arrived", "cleared")

_TIME = "%Y-%m-%d %H:%M:%S"


def call_sheet(
    land: Land, calls: Demand, stamps: Stamps, classes: Sequence[CallClass], dirt: Dirt, rng: np.random.Generator
) -> pl.DataFrame:
    """Return the rows of ``calls.csv`` in order of arrival, dirt included; local times as text."""
    count = len(calls)
    seconds = {"received": calls.received_s, **{name: getattr(stamps, name) for name in STAMPS[1:]}}
    origin = rng.choice(["officer", "superior", "local_government", "resident"], count, p=_origin_shares(dirt))
    _soil_stamps(seconds, origin, dirt, rng)
    place = land.degrees(calls.xy_m)
    known = rng.random(count) < dirt.officers_known
    needed = np.array([each.officers for each in classes])[calls.call_class]
    table = pl.DataFrame(
        {
            "call_id": [f"{YEAR}{at:06d}" for at in range(1, count + 1)],
            "received": _text(seconds["received"]),
            "call_class": np.array([each.id for each in classes])[calls.call_class],
            "priority": np.array([each.priority for each in classes], dtype=np.int8)[calls.call_class],
            "lon": np.round(place[:, 0], 6),
            "lat": np.round(place[:, 1], 6),
            "officers_required": [int(each) if sure else None for each, sure in zip(needed, known, strict=True)],
            "origin": origin,
            **{name: _text(seconds[name]) for name in STAMPS[1:]},
        }
    )
    return _add_bad_rows(table, dirt, rng)


def _origin_shares(dirt: Dirt) -> list[float]:
    others = [dirt.officer_initiated, dirt.superior, dirt.local_government]
    return [*others, 1 - sum(others)]


def _soil_stamps(seconds: dict[str, F64], origin: NDArray[np.str_], dirt: Dirt, rng: np.random.Generator) -> None:
    """Spoil some stamps in place, each row at most in one way."""
    count = len(origin)
    found = origin == "officer"
    for name in STAMPS[1:5]:
        seconds[name] = np.where(found, seconds["received"], seconds[name])
    luck = np.where(found, 1.0, rng.random(count))
    edges = np.cumsum([dirt.missing_arrival, dirt.heaped_arrival, dirt.heaped_received, dirt.zero_travel, dirt.wrong_order])
    way = np.searchsorted(edges, luck, side="right")
    back = np.where(way == 2, seconds["received"] % 1800, 0.0)
    for name in STAMPS:
        seconds[name] = seconds[name] - back
    for name in STAMPS[2:5]:
        seconds[name] = np.where(way == 3, seconds["dispatched"], seconds[name])
    on_the_half = np.maximum(np.round(seconds["arrived"] / 1800) * 1800, seconds["en_route"])
    seconds["cleared"] = np.where(way == 4, seconds["arrived"] - rng.integers(60, 900, count), seconds["cleared"])
    seconds["cleared"] = np.where(way == 1, np.maximum(seconds["cleared"], on_the_half + 300), seconds["cleared"])
    seconds["arrived"] = np.where(way == 0, np.nan, np.where(way == 1, on_the_half, seconds["arrived"]))


def _text(seconds: F64) -> pl.Series:
    """Return local times as text, null where there is no number."""
    start = datetime(YEAR, 1, 1)
    since = pl.Series(seconds).fill_nan(None) * 1e6
    return (since.cast(pl.Int64).cast(pl.Duration("us")) + start).dt.strftime(_TIME)


def _add_bad_rows(table: pl.DataFrame, dirt: Dirt, rng: np.random.Generator) -> pl.DataFrame:
    """Return the table with rows that no reader should take, each where its time belongs."""
    order = pl.Series("order", np.arange(len(table)) * 2.0)
    table = table.with_columns(order)
    sizes = [dirt.duplicates, dirt.outside, dirt.no_place, dirt.unknown_class, dirt.broken_time]
    picked = np.split(
        np.sort(rng.choice(len(table), sum(sizes), replace=False))[rng.permutation(sum(sizes))], np.cumsum(sizes)[:-1]
    )
    twice, outside, nowhere, strange, broken = (table[np.sort(each)].with_columns(pl.col("order") + 1) for each in picked)
    empty = pl.lit(None, pl.Float64)
    bad = [
        twice,
        _numbered("W", outside).with_columns(pl.col("lat") + 0.2),
        _numbered("X", nowhere).with_columns(empty.alias("lon"), empty.alias("lat")),
        _numbered("Y", strange).with_columns(pl.lit("待分类").alias("call_class")),
        _numbered("Z", broken).with_columns(pl.lit("当日上午").alias("received")),
    ]
    return pl.concat([table, *bad]).sort("order", maintain_order=True).drop("order")


def _numbered(letter: str, rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(pl.Series("call_id", [f"{YEAR}{letter}{at:05d}" for at in range(1, len(rows) + 1)]))


def officer_sheet(recipe: Recipe, rng: np.random.Generator) -> pl.DataFrame:
    """Return the rows of ``officers.csv``: chiefs first, then desks, then sworn front line, then auxiliaries."""
    clerks = recipe.desks - recipe.sworn_desks
    kinds = ["sworn"] * (recipe.command + recipe.sworn_desks) + ["auxiliary"] * clerks
    kinds += ["sworn"] * recipe.sworn + ["auxiliary"] * recipe.auxiliaries
    posts = ["command"] * recipe.command + ["administration"] * recipe.desks
    posts += ["front_line"] * (recipe.sworn + recipe.auxiliaries)
    skills = [""] * (recipe.command + recipe.desks) + _sworn_skills(recipe.sworn)
    skills += ["driver" if at % 3 == 0 else "" for at in range(recipe.auxiliaries)]
    joined = [date(2024, 7, 1) - timedelta(days=int(each)) for each in rng.integers(120, 8200, len(kinds))]
    ids = [f"P{at:03d}" for at in range(1, len(kinds) + 1)]
    return pl.DataFrame(
        {"officer_id": ids, "kind": kinds, "post": posts, "skills": skills, "joined": [each.isoformat() for each in joined]}
    )


def _sworn_skills(count: int) -> list[str]:
    """Return skills of front-line sworn officers: every third mediates, the last ones are specialists."""
    skills = ["mediation;driver" if at % 3 == 0 else "driver" for at in range(count)]
    special = ["venue", "venue;driver", "investigation", "investigation", "investigation;driver"]
    if count >= 2 * len(special):
        skills[-len(special) :] = special
    elif count > 2:
        skills[-2:] = ["venue;driver", "investigation"]
    return skills


TRADES: dict[str, tuple[int, float]] = {
    "hotel": (13, 40.0),
    "internet_cafe": (6, 40.0),
    "entertainment": (6, 60.0),
    "bath_massage": (7, 45.0),
    "vehicle_repair": (8, 35.0),
    "scrap_metal": (4, 40.0),
    "phone_trade": (5, 25.0),
    "jewellery": (3, 30.0),
    "second_hand": (3, 30.0),
    "locksmith": (2, 20.0),
    "seal_engraving": (2, 30.0),
    "pawn": (1, 45.0),
}
"""Regulated trades, how many of each 60 venues, and minutes of one inspection.

Trades are those of the provincial orders (order 329, in force 2020-01-01, and others); numbers and minutes are assumptions.
"""


def venue_sheet(land: Land, count: int, rate: F64, rng: np.random.Generator) -> pl.DataFrame:
    """Return the rows of ``venues.csv``: about `count` venues, in atoms with probability `rate`."""
    share = np.array([number for number, _ in TRADES.values()], dtype=float)
    number = np.maximum(np.round(share / share.sum() * count), 1).astype(int)
    kinds = [kind for kind, many in zip(TRADES, number, strict=True) for _ in range(many)]
    atoms = rng.choice(len(land.atoms), len(kinds), p=rate)
    return pl.DataFrame(
        {
            "venue_id": [f"V{at:03d}" for at in range(1, len(kinds) + 1)],
            "kind": kinds,
            "atom": [land.atoms[at].id for at in atoms],
            "grade": rng.choice(["A", "B", "C"], len(kinds), p=[0.35, 0.45, 0.20]),
            "inspection_min": [TRADES[kind][1] for kind in kinds],
        }
    )
