"""Foreseeing: from the calls of a station, or from points on a map, to a list of hot places with everything that guards it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from qinwu.findings import QinwuError, raise_on_errors
from qinwu.forecast.guards.guard_report import FEWEST, Cap, Expiry, Exploration, GuardReport, Small, need_beside_patrol
from qinwu.forecast.guards.origin import Origin, weigh_by_origin
from qinwu.forecast.guards.reporting import unequal_reporting
from qinwu.forecast.guards.urns import two_urns
from qinwu.forecast.places.allocating import draw, share_out
from qinwu.forecast.places.backtest import back_test, tested
from qinwu.forecast.places.events import Events, make_events
from qinwu.forecast.places.foreseen import Places
from qinwu.forecast.places.ground import Ground, atom_ground, grid_ground
from qinwu.forecast.places.library import Library
from qinwu.forecast.places.listing import EPOCH, listed
from qinwu.forecast.places.portfolio import SINGLES, Portfolio, most
from qinwu.forecast.places.refusing import bad_columns, notes_on, nowhere, outside, too_few, too_late
from qinwu.forecast.places.wish import USUAL, Wish
from qinwu.station.station import Station

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

YEAR = 365.0


def foresee_places(
    station: Station, wish: Wish = USUAL, areas: Mapping[str, str] | None = None, on_done: Callable[[float], None] | None = None
) -> Places:
    """Return where the residents of a station will call from.

    Parameters
    ----------
    station
        Its calls lie in atoms, so the places are its atoms. Only calls of origin ``resident`` teach.
    wish
        What is asked for. By default a fifth of the atoms, at most 20, are hot, and as many as a fourth of these are drawn by lot.
    areas
        The part, for example the beat, of each atom; need and patrol are set beside each other by it. Atoms by default.
    on_done
        Called with the share done, in percent.

    Raises
    ------
    QinwuError
        There are too few calls of residents, too few days, or more places are asked for than there are.
    """
    ground = atom_ground(station.area)
    table = station.calls.table.filter(pl.col("atom").is_in(list(ground.ids)))
    local = table["received"].dt.convert_time_zone(station.calls.time_zone).dt.replace_time_zone(None)
    day = local.dt.epoch("us").to_numpy() / 86_400e6
    at = {name: number for number, name in enumerate(ground.ids)}
    place = np.array([at[name] for name in table["atom"].to_list()], dtype=np.int32)
    weight, origin = weigh_by_origin(table["origin"].to_list())
    named = tuple((areas or {}).get(name, name) for name in ground.ids)
    return foresee(_teaching(ground, place, day, weight), origin, wish.fitting(len(ground)), named, on_done)


def foresee_points(
    points: pl.DataFrame, area: BaseGeometry, places: float | Ground, wish: Wish = USUAL, dose: F64 | None = None,
    on_done: Callable[[float], None] | None = None,
) -> Places:  # fmt: skip
    """Return where on a grid, or on streets, the next events will be.

    Parameters
    ----------
    points
        Columns ``x_m``, ``y_m`` (metres) and ``time``; ``origin`` where known, else everything counts as reported by residents.
    area
        Polygon in the same metres; cells are clipped to it.
    places
        Width of a cell in metres; or places made before, as by :func:`~qinwu.forecast.places.ground.street_ground`.
    wish, on_done
        As for :func:`foresee_places`.
    dose
        (n,) patrol at the place of each row, by which what officers found is divided; without it that is left out.

    Raises
    ------
    QinwuError
        Columns are missing or tell of people, points lie outside the area, or there are too few of them.
    """
    wrong = [*bad_columns(points), *outside(points, area)]
    if wrong:
        raise QinwuError(wrong)
    ground = places if isinstance(places, Ground) else grid_ground(area, places)
    place = ground.locate(points["x_m"].to_numpy().astype(np.float64), points["y_m"].to_numpy().astype(np.float64))
    raise_on_errors(nowhere(int((place < 0).sum()), len(points)))
    day = points["time"].cast(pl.Datetime("us")).dt.epoch("us").to_numpy() / 86_400e6
    names = points["origin"].to_list() if "origin" in points.columns else ["resident"] * len(points)
    weight, origin = weigh_by_origin(names, dose)
    dated = bool((day % 1.0 == 0.0).all())
    asked = replace(wish, by_part=wish.by_part and not dated)
    return foresee(_teaching(ground, place, day, weight), origin, asked, _quarters(ground), on_done)


def foresee(
    events: Events, origin: Origin, wish: Wish, parts: Sequence[str], on_done: Callable[[float], None] | None = None
) -> Places:
    """Return the places, their list, its test and its guards.

    Parameters
    ----------
    events
        What teaches.
    origin
        The account of where it came from.
    wish
        What is asked for.
    parts
        (P,) the part of the area that each place belongs to.
    on_done
        Called with the share done, in percent.

    Raises
    ------
    QinwuError
        There are too few events or days, no event in any place, or more places are asked for than there are.
    """
    ground, sharing = events.ground, wish.sharing
    start = _first_day(events) if wish.start is None else float((wish.start - EPOCH).days)
    known = events.before(start)
    wrong = [*sharing.wrong(len(ground)), *too_few(known), *too_late(known, start, wish.days)]
    if wrong:
        raise QinwuError(wrong)
    library, method = Library(known, float(wish.days), sharing.chosen), Portfolio()
    steps = _Steps(len(tested(library, start, wish.windows)) + 2, on_done)
    test = back_test(library, start, (*SINGLES, method), wish.windows, steps.one)
    expected = library.expected(method, start)
    telling = known.counts(-np.inf, np.inf) >= FEWEST
    hot = most(np.where(telling, expected, -1.0), sharing.chosen)
    hot = hot[telling[hot]]
    lot = draw(len(ground), hot, sharing.explored, wish.seed)
    shares = share_out(expected, hot, lot, sharing)
    table, whole = (
        listed(known, expected, (hot, lot), shares, replace(wish, by_part=by_part), start, test.spread)
        for by_part in (wish.by_part, False)
    )
    steps.one()
    patrol = np.zeros(len(ground))
    patrol[hot], patrol[lot] = shares
    expiry = Expiry(EPOCH + timedelta(days=start), EPOCH + timedelta(days=start + wish.days - 1))
    guards = GuardReport(
        origin=origin,
        exploration=Exploration(len(lot), float(shares[1].sum()), sharing.floor),
        cap=Cap(float(patrol.max()), sharing.cap),
        urns=two_urns(method, wish.seed),
        reporting=unequal_reporting(library, method, start, sharing, hot, parts, wish.seed),
        need=need_beside_patrol(parts, known.counts(start - YEAR, start), patrol),
        small=Small(int((~telling).sum())),
        expiry=expiry,
    )
    steps.one()
    weights = _weights(library, method, start, hot)
    return Places(ground, known, table, whole, expected, weights, test, guards, tuple(parts), tuple(notes_on(test)))


class _Steps:
    """Counts steps and tells the share done."""

    def __init__(self, many: int, on_done: Callable[[float], None] | None) -> None:
        self.many, self.done, self.on_done = many, 0, on_done

    def one(self) -> None:
        self.done += 1
        if self.on_done is not None:
            self.on_done(100.0 * self.done / self.many)


def _teaching(ground: Ground, place: NDArray[np.int32], day: F64, weight: F64) -> Events:
    """Return the events that count for something; the record begins with the first of any origin."""
    first = float(np.floor(day.min())) if len(day) else 0.0
    kept = weight > 0.0
    return make_events(ground, place[kept], day[kept], weight[kept], first)


def _first_day(events: Events) -> float:
    return float(np.floor(events.day[-1])) + 1.0 if len(events) else 0.0


def _weights(library: Library, method: Portfolio, origin: float, hot: I64) -> dict[str, float]:
    """Return the share of the events expected in the hot places that each member gives."""
    given = {name: float(each[hot].sum()) for name, each in method.contributions(library, origin).items()}
    whole = sum(given.values()) or 1.0
    return {name: each / whole for name, each in given.items()}


def _quarters(ground: Ground) -> tuple[str, ...]:
    """Return the quarter of the area, cut through the middle of its places, that each lies in."""
    east, north = (ground.xy_m > np.median(ground.xy_m, axis=0)).T
    names = {(False, False): "SW", (True, False): "SE", (False, True): "NW", (True, True): "NE"}
    return tuple(names[bool(e), bool(n)] for e, n in zip(east, north, strict=True))
