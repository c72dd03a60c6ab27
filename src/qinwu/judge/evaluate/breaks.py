"""Breaks: where a series cannot be compared with itself, because units appear, disappear, or change their shares all at once.

A boundary that is redrawn moves counts between units while the whole stays what it was. Nothing that happens to crime does that; a
comparison across it compares maps.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from qinwu.findings import Finding, Place
from qinwu.judge.evaluate.panel import F64, YEAR, Panel
from qinwu.language import N_

EXPECTED = 20.0
"""Events that a unit without any must have been expected to have, at its own pace, to count as gone."""
JUMP = 0.15
"""Smallest change of a unit against the median unit, in logarithms, that counts as a jump."""
CERTAIN = 5.0
"""How many standard errors such a change must be."""
MOST_OF = 0.6
"""Share of units that must jump."""


@dataclass(frozen=True, slots=True)
class Break:
    """A break of a panel.

    Parameters
    ----------
    at
        First period after it.
    kind
        ``units`` where units appear or disappear, ``shares`` where most units jump and the whole does not.
    gone, new
        Units that have no more counts from there on, or none before.
    moved
        Share of all counts that changed unit.
    total
        Change of the whole, as a share.
    """

    at: int
    kind: Literal["units", "shares"]
    gone: tuple[str, ...]
    new: tuple[str, ...]
    moved: float
    total: float


def find_breaks(panel: Panel) -> tuple[Break, ...]:
    """Return the breaks of a panel in order of time, at most one for each period."""
    found = {each.at: each for each in _jumps(panel)}
    found |= {each.at: each for each in _units(panel)}
    return tuple(found[at] for at in sorted(found))


def _units(panel: Panel) -> Iterator[Break]:
    """Yield the periods at which units appear or disappear."""
    starts, ends = _edges(panel)
    for at in sorted({*starts, *ends} - {0, panel.periods}):
        gone = tuple(unit for unit, end in zip(panel.units, ends, strict=True) if end == at)
        new = tuple(unit for unit, start in zip(panel.units, starts, strict=True) if start == at)
        yield Break(at, "units", gone, new, *_moved(panel, at))


def _edges(panel: Panel) -> tuple[list[int], list[int]]:
    """Return where each unit begins and ends: by its rows, and by its events where it should have had many."""
    starts, ends = [], []
    for counts, present in zip(panel.counts, panel.present, strict=True):
        rows, events = np.flatnonzero(present), np.flatnonzero(counts > 0.0)
        first, last = (int(events[0]), int(events[-1]) + 1) if events.size else (0, panel.periods)
        pace = counts.sum() / (last - first)
        starts.append(first if pace * first >= EXPECTED else int(rows[0]))
        ends.append(last if pace * (panel.periods - last) >= EXPECTED else int(rows[-1]) + 1)
    return starts, ends


def _jumps(panel: Panel) -> Iterator[Break]:
    """Yield the periods at which most units jump against the median, the sharpest of neighbouring ones."""
    width = max(YEAR // panel.step, 1)
    places = range(width, panel.periods - width + 1)
    shares = {at: _jumping(panel, at, width) for at in places}
    flagged = [at for at in places if shares[at][0] >= MOST_OF]
    while flagged:
        best = max(flagged, key=lambda at: shares[at])
        yield Break(best, "shares", (), (), *_moved(panel, best))
        flagged = [at for at in flagged if abs(at - best) > width]


def _jumping(panel: Panel, at: int, width: int) -> tuple[float, float]:
    """Return the share of units that jump at a period, and the mean size of all changes."""
    before, after = panel.counts[:, at - width : at].sum(1), panel.counts[:, at : at + width].sum(1)
    used = (before + after) >= EXPECTED
    if used.sum() < 3 or not before.sum() or not after.sum():
        return 0.0, 0.0
    whole = np.log(after.sum() / before.sum())
    change = _against_middle(before[used], after[used])
    error = np.sqrt(1.0 / (after[used] + 0.5) + 1.0 / (before[used] + 0.5))
    # Monthly counts of one place spread more than Poisson counts do: the jump must stand out against the place's own year, too.
    sudden = np.abs(_step(panel.counts[used], at, width))
    jumps = (np.abs(change) > np.maximum(JUMP, abs(whole))) & (np.abs(change) > CERTAIN * error) & (sudden > JUMP)
    return float(jumps.mean()), float(np.abs(change).mean())


def _against_middle(before: F64, after: F64) -> F64:
    """Return each unit's change in logarithms against the median, which a reform in one unit does not move as it does the whole."""
    change = np.log((after + 0.5) / (before + 0.5))
    found: F64 = change - np.median(change)
    return found


def _step(counts: F64, at: int, width: int) -> F64:
    """Return each unit's change between the quarter of a year before and after a period, against the median."""
    short = max(width // 4, 1)
    return _against_middle(counts[:, at - short : at].sum(1), counts[:, at : at + short].sum(1))


def _moved(panel: Panel, at: int) -> tuple[float, float]:
    """Return the share of counts that changed unit at a period, and the change of the whole, within a year on either side."""
    width = max(YEAR // panel.step, 1)
    before = panel.counts[:, max(at - width, 0) : at].mean(1)
    after = panel.counts[:, at : at + width].mean(1)
    if not before.sum() or not after.sum():
        return float("nan"), float("nan")
    return float(np.abs(after / after.sum() - before / before.sum()).sum() / 2.0), float(after.sum() / before.sum() - 1.0)


def break_findings(panel: Panel, file: str) -> list[Finding]:
    """Return an error for every break: what changed, when, and how to compare all the same."""
    return [_finding(panel, each, file) for each in find_breaks(panel)]


def _finding(panel: Panel, found: Break, file: str) -> Finding:
    values: dict[str, object] = {
        "period": panel.label(found.at),
        "gone": ", ".join(found.gone) or "–",
        "new": ", ".join(found.new) or "–",
        "moved": f"{found.moved:.0%}",
        "total": f"{found.total:+.0%}".replace("-", "−"),
    }
    if found.kind == "units":
        message = N_(
            "The units change at {period}: gone {gone}; new {new}. {moved} of all counts are in other units than before, the whole "
            "changed by {total}."
        )
    else:
        message = N_(
            "Most units jump at {period} while the whole changes by {total}: {moved} of all counts are in other units than before. "
            "The boundaries were redrawn, or counting changed."
        )
    remedy = N_(
        "Nothing is compared across a break. Count again in units whose boundaries stayed the same, or use one side only with "
        "--from or --to."
    )
    return Finding("boundary-break", "error", message, remedy, Place(file), values)
