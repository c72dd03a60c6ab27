"""What a hypercube is asked: rates, preferences, service, travel; everything wrong with them is said at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qinwu.duty.response_plan import F64, I64
from qinwu.findings import Finding, Place, QinwuError
from qinwu.language import N_
from qinwu.queueing.erlang import Line
from qinwu.queueing.numbers import UnstableError

Flags = NDArray[np.bool_]
Method = Literal["exact", "approximate"]

NOBODY = -1
"""Pads preference lists that name fewer than all crews."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A checked hypercube: J atoms with calls, N crews, who is preferred where.

    Parameters
    ----------
    rates
        (J,) calls per unit of time, >= 0, not all 0.
    preferences
        (J, N) crew indices, best first; -1 pads the end of a list.
    ties
        (J, N) whether a crew is as good as the one before it in the list.
    service_rates
        (N,) calls that a busy crew finishes per unit of time, > 0.
    travel
        (N, J) mean travel time of a free crew to an atom, >= 0.
    between
        (J, J) travel time from atom to atom, for crews that come straight from another call; None: as when free.
    line
        What happens to calls that find nobody free: ``infinite``, they wait in order of arrival; ``zero``, others serve them.
    """

    rates: F64
    preferences: I64
    ties: Flags
    service_rates: F64
    travel: F64 | None
    between: F64 | None
    line: Line

    @property
    def crews(self) -> int:
        """How many crews there are."""
        return len(self.service_rates)

    @property
    def total(self) -> float:
        """Calls per unit of time, of all atoms."""
        return float(self.rates.sum())

    @property
    def partial(self) -> bool:
        """Whether the list of an atom with calls leaves out a crew."""
        return bool((self.preferences[self.rates > 0.0] == NOBODY).any())


def make_problem(
    rates: ArrayLike,
    preferences: ArrayLike,
    service_rates: ArrayLike,
    travel: ArrayLike | None = None,
    between: ArrayLike | None = None,
    ties: ArrayLike | None = None,
    line: Line = "infinite",
    *,
    may_be_idle: bool = False,
) -> Problem:
    """Return a checked problem; parameters as for :class:`Problem`, and whether all rates may be 0 (there are calls for two crews).

    Raises
    ------
    QinwuError
        With everything that is wrong, each atom or crew by its number from 0.
    UnstableError
        More calls than the crews can ever finish, with an infinite line.
    """
    rate, service, order = _numbers(rates=rates, service_rates=service_rates, preferences=preferences)
    wrong = [*_wrong_shapes(rate, order, service, line)]
    if wrong:
        raise QinwuError(wrong)
    short = ((0, 0), (0, len(service) - order.shape[1]))
    lists = np.pad(order.astype(np.int64), short, constant_values=NOBODY)
    tied, times, jumps = _given(rate, order, service, travel, between, ties)
    problem = Problem(rate, lists, np.pad(tied, short), service, times, jumps, line)
    wrong = [*_wrong_numbers(problem, may_be_idle), *_wrong_lists(problem)]
    if wrong:
        raise QinwuError(wrong)
    if line == "infinite" and problem.total >= service.sum():
        raise UnstableError([overloaded(problem.total, float(service.sum()))])
    return problem


def _given(
    rate: F64, order: F64, service: F64, travel: ArrayLike | None, between: ArrayLike | None, ties: ArrayLike | None
) -> tuple[Flags, F64 | None, F64 | None]:
    """Return ties, travel and travel between atoms as arrays.

    Raises
    ------
    QinwuError
        One of them has another shape than the problem.
    """
    atoms, crews = len(rate), len(service)
    tied = np.zeros(order.shape, dtype=bool) if ties is None else np.array(ties, dtype=bool)
    times = None if travel is None else _numbers(travel=travel)[0]
    jumps = None if between is None else _numbers(between=between)[0]
    expected = {"ties": (tied, order.shape), "travel": (times, (crews, atoms)), "between": (jumps, (atoms, atoms))}
    wrong = [
        shape(name, array.shape, want) for name, (array, want) in expected.items() if array is not None and array.shape != want
    ]
    if wrong:
        raise QinwuError(wrong)
    return tied, times, jumps


def _numbers(**given: ArrayLike) -> list[F64]:
    """Return arrays of numbers.

    Raises
    ------
    QinwuError
        Some of them hold what is no number, or rows of different lengths.
    """
    arrays, wrong = [], []
    for name, values in given.items():
        try:
            arrays.append(np.array(values, dtype=np.float64))
        except (ValueError, TypeError):
            wrong.append(not_one_of(name, str(values)[:60], "rows of numbers, all as long"))
    if wrong:
        raise QinwuError(wrong)
    return arrays


def _wrong_shapes(rate: F64, order: F64, service: F64, line: str) -> Iterator[Finding]:
    if line not in ("infinite", "zero"):
        yield not_one_of("line", line, "infinite, zero")
    if rate.ndim != 1 or not len(rate):
        yield shape("rates", rate.shape, "(J,)")
    if service.ndim != 1 or not len(service):
        yield shape("service_rates", service.shape, "(N,)")
    elif order.ndim != 2 or rate.ndim != 1 or len(order) != len(rate) or not 1 <= order.shape[1] <= len(service):
        yield shape("preferences", order.shape, f"({rate.size}, {len(service)})")
    elif not (np.isfinite(order).all() and (order == np.rint(order)).all()):
        yield not_one_of("preferences", str(order.dtype), "int")


def _wrong_numbers(problem: Problem, may_be_idle: bool) -> Iterator[Finding]:
    """Yield every rate, service rate and travel time that is no number in its range."""
    for atom in np.flatnonzero(~(np.isfinite(problem.rates) & (problem.rates >= 0.0))):
        yield out_of_range("rates", f"atom {atom}", problem.rates[atom], ">= 0")
    if not may_be_idle and not (problem.rates > 0.0).any():
        yield out_of_range("rates", "all atoms", 0.0, "> 0")
    for crew in np.flatnonzero(~(np.isfinite(problem.service_rates) & (problem.service_rates > 0.0))):
        yield out_of_range("service_rates", f"crew {crew}", problem.service_rates[crew], "> 0")
    if problem.travel is not None:
        for crew, atom in np.argwhere(~(np.isfinite(problem.travel) & (problem.travel >= 0.0))):
            yield out_of_range("travel", f"crew {crew}, atom {atom}", problem.travel[crew, atom], ">= 0")
    if problem.between is not None:
        for here, there in np.argwhere(~(np.isfinite(problem.between) & (problem.between >= 0.0))):
            yield out_of_range("between", f"atom {here}, atom {there}", problem.between[here, there], ">= 0")


def _wrong_lists(problem: Problem) -> Iterator[Finding]:
    """Yield crews that do not exist or stand twice in a list, and atoms with calls that nobody serves."""
    for atom in np.flatnonzero(_suspicious(problem)).tolist():
        listed = problem.preferences[atom]
        named = listed[listed != NOBODY]
        for crew in np.unique(named[(named < 0) | (named >= problem.crews)]):
            yield no_such_crew(atom, int(crew), problem.crews)
        known = named[(named >= 0) & (named < problem.crews)]
        twice = np.flatnonzero(np.bincount(known, minlength=1) > 1)
        for crew in twice:
            yield named_twice(atom, int(crew))
        if not len(named) and problem.rates[atom] > 0.0:
            yield nobody_serves(atom)
        if (listed[: len(named)] == NOBODY).any():
            yield gap_in_list(atom)
        if problem.ties[atom, 0] or problem.ties[atom, len(named) :].any():
            yield tie_with_nobody(atom)


def _suspicious(problem: Problem) -> Flags:
    """Return (J,) whether there may be something wrong with a list; almost none are looked at one by one."""
    named, ties = problem.preferences != NOBODY, problem.ties
    stray = ((problem.preferences < NOBODY) | (problem.preferences >= problem.crews)).any(axis=1)
    in_order = np.sort(problem.preferences, axis=1)
    twice = ((np.diff(in_order, axis=1) == 0) & (in_order[:, 1:] != NOBODY)).any(axis=1)
    gap = (~named[:, :-1] & named[:, 1:]).any(axis=1)
    wrong: Flags = stray | twice | gap | ties[:, 0] | (ties & ~named).any(axis=1) | ~named.any(axis=1)
    return wrong


def shape(name: str, found: tuple[int, ...], expected: object) -> Finding:
    """Return the finding for an array of the wrong shape."""
    return Finding(
        "wrong-shape",
        "error",
        N_("{name} has shape {found}; expected {expected}."),
        N_("J is the number of atoms, N the number of crews; preferences and travel follow them."),
        Place(key=name),
        {"name": name, "found": found, "expected": expected},
    )


def not_one_of(name: str, found: str, allowed: str) -> Finding:
    """Return the finding for a word or kind that an argument cannot be."""
    return Finding(
        "not-one-of",
        "error",
        N_("{name} is {found}; expected one of: {allowed}."),
        N_("Change it to one of these."),
        Place(key=name),
        {"name": name, "found": found, "allowed": allowed},
    )


def out_of_range(name: str, where: str, found: float, allowed: str) -> Finding:
    """Return the finding for a number outside its range."""
    return Finding(
        "number-out-of-range",
        "error",
        N_("{name} of {where} is {found}; it must be a number {allowed}."),
        N_("Correct it, or leave the row out."),
        Place(key=name),
        {"name": name, "where": where, "found": float(found), "allowed": allowed},
    )


def no_such_crew(atom: int, crew: int, crews: int) -> Finding:
    """Return the finding for a preference that names no crew."""
    return Finding(
        "no-such-crew",
        "error",
        N_("The preferences of atom {atom} name crew {crew}; there are crews 0 to {last}."),
        N_("Name crews by their position in service_rates; pad short lists with -1."),
        Place(key="preferences"),
        {"atom": atom, "crew": crew, "last": crews - 1},
    )


def named_twice(atom: int, crew: int) -> Finding:
    """Return the finding for a crew that stands twice in one list."""
    return Finding(
        "crew-named-twice",
        "error",
        N_("The preferences of atom {atom} name crew {crew} twice."),
        N_("Name each crew once; pad short lists with -1."),
        Place(key="preferences"),
        {"atom": atom, "crew": crew},
    )


def nobody_serves(atom: int) -> Finding:
    """Return the finding for an atom with calls and an empty list."""
    return Finding(
        "nobody-serves",
        "error",
        N_("Atom {atom} has calls, and nobody on its list of preferences."),
        N_("Name a crew that serves it, or give it no calls."),
        Place(key="preferences"),
        {"atom": atom},
    )


def gap_in_list(atom: int) -> Finding:
    """Return the finding for a list that goes on after a pad."""
    return Finding(
        "gap-in-list",
        "error",
        N_("The preferences of atom {atom} go on after a -1."),
        N_("Put all -1 at the end of the list."),
        Place(key="preferences"),
        {"atom": atom},
    )


def tie_with_nobody(atom: int) -> Finding:
    """Return the finding for a tie mark on the first place of a list, or on a pad."""
    return Finding(
        "tie-with-nobody",
        "error",
        N_("The ties of atom {atom} mark a place that has no crew before it, or no crew in it."),
        N_("A tie joins a crew to the one before it in the list."),
        Place(key="ties"),
        {"atom": atom},
    )


def overloaded(calls: float, capacity: float) -> Finding:
    """Return the finding for more calls than can be finished."""
    return Finding(
        "no-steady-state",
        "error",
        N_("{calls} calls per unit of time arrive and at most {capacity} can be finished: the line grows for ever."),
        N_("Add crews, shorten service, or let others serve what finds nobody free (line zero)."),
        Place(key="rates"),
        {"calls": f"{calls:.4g}", "capacity": f"{capacity:.4g}"},
    )
