"""Design: which units are treated, compared or neighbours, and when it began; all that is wrong with it, at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from qinwu.findings import Finding, Place, did_you_mean, raise_on_errors
from qinwu.judge.evaluate.panel import F64, I64, Panel
from qinwu.language import N_

LEAST_BEFORE = 2
"""Periods before the start without which nothing can be compared."""
LEAST_UNTREATED = 3
"""Untreated units without which their spread cannot be measured."""


class Totals(NamedTuple):
    """Counts and exposure of units before and after the start."""

    before: F64
    after: F64
    base_before: F64
    base_after: F64

    def of(self, rows: I64) -> Totals:
        """Return those of some units."""
        return Totals(*(each[rows] for each in self))

    def summed(self) -> Totals:
        """Return all units as one."""
        return Totals(*(each.sum(keepdims=True) for each in self))


@dataclass(frozen=True, slots=True)
class Design:
    """What is compared with what.

    Parameters
    ----------
    panel
        The counts, without a break.
    treated, control, buffer
        Rows of units that the reform changed, of units compared with them, and of neighbours into which events may move.
    start
        First period after the start.
    """

    panel: Panel
    treated: I64
    control: I64
    buffer: I64
    start: int

    @property
    def after(self) -> int:
        """Periods after the start."""
        return self.panel.periods - self.start

    def names(self, rows: I64) -> tuple[str, ...]:
        """Return the names of units."""
        return tuple(self.panel.units[at] for at in rows)

    def totals(self, first: int = 0, start: int | None = None, last: int | None = None) -> Totals:
        """Return totals of all units before and after a start, that of the reform by default."""
        at = self.start if start is None else start
        before, after = slice(first, at), slice(at, last)
        counts, base = self.panel.counts, self.panel.base
        return Totals(counts[:, before].sum(1), counts[:, after].sum(1), base[:, before].sum(1), base[:, after].sum(1))

    def series(self, rows: I64) -> tuple[F64, F64]:
        """Return counts and exposure of some units together, by period."""
        return self.panel.counts[rows].sum(0), self.panel.base[rows].sum(0)

    def treating(self, rows: Sequence[int], among: I64, start: int | None = None, panel: Panel | None = None) -> Design:
        """Return another design: `rows` treated, the others `among` compared."""
        treated = np.asarray(rows, dtype=np.int64)
        control = np.setdiff1d(among, treated)
        return Design(panel or self.panel, treated, control, np.array([], dtype=np.int64), self.start if start is None else start)


def make_design(
    panel: Panel, treated: Sequence[str], start: int, buffer: Sequence[str] = (), control: Sequence[str] = (), file: str = ""
) -> Design:
    """Return a design.

    Parameters
    ----------
    panel
        The counts.
    treated, buffer, control
        Names of units; all others are compared where no `control` is named.
    start
        First month after the start: 12 × year + month - 1.
    file
        Name of the file, for what is wrong with it.

    Raises
    ------
    QinwuError
        With everything wrong: unknown units, a start outside the file, too few periods before, nothing to compare, only zeros.
    """
    wrong = [*_treated(panel, treated, file), *unknown_units(panel, buffer, "--buffer", file)]
    wrong += [*unknown_units(panel, control, "--control", file), *_overlap(treated, buffer, control)]
    at = panel.place(start)
    wrong += _time(panel, at, file)
    known = set(panel.units)
    rest = [unit for unit in (control or panel.units) if unit in known and unit not in {*treated, *buffer}]
    treated_rows, rest_rows, buffer_rows = (
        panel.rows(tuple(dict.fromkeys(unit for unit in names if unit in known))) for names in (treated, rest, buffer)
    )
    design = Design(panel, treated_rows, rest_rows, buffer_rows, at)
    if not wrong:
        wrong = [*_nothing(design, file)]
    raise_on_errors(wrong)
    return design


def registrable(
    panel: Panel, treated: Sequence[str], buffer: Sequence[str], control: Sequence[str], start: int, file: str = ""
) -> list[Finding]:
    """Return what is wrong with a design to be registered: as for :func:`make_design`, but its time after may be to come."""
    wrong = [*_treated(panel, treated, file), *unknown_units(panel, buffer, "--buffer", file)]
    wrong += [*unknown_units(panel, control, "--control", file), *_overlap(treated, buffer, control)]
    wrong += _time(panel, min(panel.place(start), panel.periods - 1), file)
    if not set(control or panel.units) - {*treated, *buffer}:
        wrong.append(_no_untreated(file))
    return wrong


def unknown_units(panel: Panel, names: Sequence[str], option: str, file: str) -> Iterable[Finding]:
    """Yield units that an option names and the file does not have."""
    for name in names:
        if name not in panel.units:
            guess = did_you_mean(name, panel.units)
            message = N_("{option}: the file has no unit “{value}”.")
            remedy = N_("Did you mean {guess}?") if guess else N_("It has: {known}.")
            known = ", ".join(panel.units[:20]) + (" …" if len(panel.units) > 20 else "")
            values = {"option": option, "value": name, "guess": guess, "known": known}
            yield Finding("unknown-unit", "error", message, remedy, Place(file), values)


def _treated(panel: Panel, treated: Sequence[str], file: str) -> Iterable[Finding]:
    """Yield what is wrong with the treated units."""
    yield from unknown_units(panel, treated, "--treated", file)
    if not treated:
        message, remedy = N_("No treated unit is named."), N_("Name those that the reform changed: --treated A,B.")
        yield Finding("no-treated", "error", message, remedy, Place(file))


def _overlap(treated: Sequence[str], buffer: Sequence[str], control: Sequence[str]) -> Iterable[Finding]:
    """Yield units that are two things at once."""
    for name in sorted((set(treated) & {*buffer, *control}) | (set(buffer) & set(control))):
        message, remedy = N_("{value} cannot be treated, neighbour and compared at once."), N_("Name it once.")
        yield Finding("two-roles", "error", message, remedy, Place(), {"value": name})


def _time(panel: Panel, at: int, file: str) -> Iterable[Finding]:
    """Yield what is wrong with the start."""
    values = {"first": panel.label(0), "last": panel.label(panel.periods - 1), "before": at, "needed": LEAST_BEFORE}
    if at >= panel.periods:
        message = N_("The file ends with {last}, before the start: nothing has happened yet that could be judged.")
        remedy = N_("Take a later file. To plan a pilot use --plan; to fix what will be tested use --register.")
        yield Finding("no-after", "error", message, remedy, Place(file), values)
    elif at < LEAST_BEFORE:
        message = N_("The file begins with {first}: {before} periods lie before the start.")
        remedy = N_(
            "At least {needed} are needed, better two years of months: one period before cannot show whether places moved alike."
        )
        yield Finding("too-short-before", "error", message, remedy, Place(file), {**values, "before": max(at, 0)})


def _nothing(design: Design, file: str) -> Iterable[Finding]:
    """Yield why there is nothing to compare."""
    totals = design.totals()
    if not design.control.size:
        yield _no_untreated(file)
    elif not totals.of(design.control).before.sum() or not totals.of(design.control).after.sum():
        message, remedy = N_("The untreated units have no events at all."), N_("Take units or a kind of event that have some.")
        yield Finding("all-zero", "error", message, remedy, Place(file))
    if not totals.of(design.treated).before.sum():
        message = N_("{units}: no event at all before the start.")
        remedy = N_("What never happened cannot become rarer. Take a longer time before, or a more common kind of event.")
        yield Finding("all-zero", "error", message, remedy, Place(file), {"units": ", ".join(design.names(design.treated))})


def _no_untreated(file: str) -> Finding:
    message = N_("No unit is left that was not treated.")
    remedy = N_(
        "Without places that had no reform nobody can say what would have happened without it. Add places of the same kind, best "
        "ten or more."
    )
    return Finding("no-untreated", "error", message, remedy, Place(file))
