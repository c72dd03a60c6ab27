"""Small cells: what rests on fewer than five calls is not told, so that no single case can be read out of a table.

A cell left out must not come back from a total that is told: :func:`withheld` leaves out others with it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from qinwu.duty.response_plan import ResponsePlan
from qinwu.simulate.measures.value import Key
from qinwu.simulate.outcome import Comparison
from qinwu.station.station import Station

FEWEST = 5
NOT_ABOUT_CALLS = frozenset({"beat_unattended_min", "patrol_passes"})
"""Measures of a beat that rest on duty time, not on calls."""


def withheld(rows: Mapping[str, Sequence[int]]) -> frozenset[str]:
    """Return the rows of a table of counts to leave out where the total of each column is told.

    A row with a cell of 1 to 4 is left out. Then rows follow, the smallest first, until in no column the cells left out can be
    computed back: their sum less one for each of them must leave room for five, else so little is open that the total tells them.

    Parameters
    ----------
    rows
        Counts of each row, >= 0, by its name; all rows equally long.

    Examples
    --------
    >>> sorted(withheld({"a": [3], "b": [9], "c": [40]}))
    ['a', 'b']
    >>> sorted(withheld({"a": [3], "b": [4], "c": [40]})), sorted(withheld({"a": [1], "b": [1], "c": [40], "d": [50]}))
    (['a', 'b'], ['a', 'b', 'c'])
    >>> withheld({"a": [0, 12], "b": [7, 30]})
    frozenset()
    """
    hidden = {name for name, counts in rows.items() if any(0 < count < FEWEST for count in counts)}
    for name in sorted(rows.keys() - hidden, key=lambda name: (sum(rows[name]), name)):
        if all(_open_enough([counts[at] for row, counts in rows.items() if row in hidden]) for at in range(_width(rows))):
            break
        if any(rows[name]):
            hidden.add(name)
    return frozenset(hidden)


def _width(rows: Mapping[str, Sequence[int]]) -> int:
    return len(next(iter(rows.values()), ()))


def _open_enough(cells: Sequence[int]) -> bool:
    """Return whether cells left out stay unknown beside their sum: none is small, or two or more leave room for five."""
    there = [count for count in cells if count]
    return not there or (len(there) > 1 and sum(there) - len(there) >= FEWEST)


def small_cells(station: Station, plans: Sequence[ResponsePlan], comparison: Comparison) -> frozenset[tuple[int, str, str]]:
    """Return the cells (system, breakdown, group) with 1 to 4 calls, in the record or in a mean replication; 0 tells of nobody.

    Breakdowns by beat and by class of calls are looked at; the others hold no calls or hold thousands.
    """
    by_atom = Counter(station.calls.table["atom"].to_list())
    by_class = Counter(station.calls.table["call_class"].to_list())
    small = [(at, "class", name) for at in range(len(plans)) for name, count in by_class.items() if count < FEWEST]
    for at, plan in enumerate(plans):
        small += [(at, "beat", beat) for beat in _small_beats(plan, by_atom, _simulated(comparison, at))]
    return frozenset(small)


def _simulated(comparison: Comparison, at: int) -> dict[str, float]:
    """Return mean calls of each beat in a replication."""
    outcome = comparison.outcomes[at]
    keys = [key for key in outcome.keys if (key.measure, key.by) == ("calls_per_week", "beat")]
    return {key.group: float(outcome.values(key).mean()) * comparison.weeks for key in keys}


def _small_beats(plan: ResponsePlan, by_atom: Counter[str], simulated: dict[str, float]) -> Iterator[str]:
    """Yield beats with 1 to 4 calls; where there is one only, the next smallest too, or the total would give it away."""
    recorded: Counter[str] = Counter(dict.fromkeys(plan.beats, 0))
    for atom, beat in zip(plan.atoms, plan.area.beat_of.tolist(), strict=True):
        if beat >= 0:
            recorded[plan.beats[beat]] += by_atom[atom]
    small = [beat for beat in plan.beats if 0 < recorded[beat] < FEWEST or 0 < simulated.get(beat, 0.0) < FEWEST]
    yield from small
    rest = [beat for beat in plan.beats if beat not in small and recorded[beat]]
    if len(small) == 1 and rest:
        yield min(rest, key=lambda beat: recorded[beat])


def suppressed(table: pl.DataFrame, report_small: frozenset[tuple[int, str, str]], position: dict[str, int]) -> pl.DataFrame:
    """Return a tidy table whose figures about small cells are empty.

    Parameters
    ----------
    table
        With ``system``, ``measure``, ``by`` and ``group``; all columns of floats are emptied.
    report_small
        Cells as :func:`small_cells` gives them.
    position
        Position of each system by id; a difference is told only where both systems tell the figure.
    """
    if not report_small:
        return table
    hidden = pl.Series(
        [
            measure not in NOT_ABOUT_CALLS and not report_small.isdisjoint({(0, by, group), (position[system], by, group)})
            for system, measure, by, group in table.select("system", "measure", "by", "group").iter_rows()
        ],
        dtype=pl.Boolean,
    )
    return table.with_columns(pl.when(~hidden).then(pl.col(pl.Float64)))


def is_small(small: frozenset[tuple[int, str, str]], at: int, key: Key) -> bool:
    """Return whether a figure tells of too few calls to be shown."""
    return key.measure not in NOT_ABOUT_CALLS and (at, key.by, key.group) in small
