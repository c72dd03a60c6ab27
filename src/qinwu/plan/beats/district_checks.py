"""Checks of a districting problem: arrays that do not fit, and rules that no districts can keep, seen without any search."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import ceil, floor

import numpy as np

from qinwu.findings import Finding
from qinwu.language import N_
from qinwu.plan.beats.core import lots
from qinwu.plan.beats.districts import ROUNDING, Balance, DistrictProblem

SHOWN = 5
"""So many names are listed; the rest are counted."""


def district_findings(problem: DistrictProblem) -> tuple[Finding, ...]:
    """Return everything that is wrong with a problem; what no search is needed to see, the arrays first."""
    wrong = tuple(array_findings(problem))
    if wrong:
        return wrong
    return (*rule_findings(problem), *load_findings(problem), *island_findings(problem))


def refused(code: str, message: str, remedy: str, **values: object) -> Finding:
    """Return an error."""
    return Finding(code, "error", message, remedy, values=values)


def listed(names: Sequence[str], which: Iterable[int]) -> str:
    """Return names in a row, the first few of them.

    >>> listed("abc", [2, 0])
    'c, a'
    """
    chosen = [names[int(one)] for one in which]
    more = f" … ({len(chosen)})" if len(chosen) > SHOWN else ""
    return ", ".join(chosen[:SHOWN]) + more


def plain(value: float) -> float | int:
    """Return a number as people write it: whole ones without a point, others to four decimals.

    >>> plain(3.0), plain(2.123456)
    (3, 2.1235)
    """
    return int(value) if np.isfinite(value) and value == int(value) else round(float(value), 4)


def array_findings(problem: DistrictProblem) -> Iterator[Finding]:
    """Yield arrays of the wrong shape or with values that cannot be."""
    atoms, sites = len(problem), len(problem.sites)
    remedy = N_("Give one value for every atom, and one row for every possible centre.")
    shapes = {
        "cost": (problem.cost.shape, (sites, atoms)),
        "graph": ((len(problem.graph),), (atoms,)),
        "allowed": (None if problem.allowed is None else problem.allowed.shape, (sites, atoms)),
        "needed": (None if problem.needed is None else problem.needed.shape, (sites,)),
        "fixed": (None if problem.fixed is None else problem.fixed.shape, (atoms,)),
    } | {one.name: (one.weight.shape, (atoms,)) for one in problem.balance}
    for name, (is_, should) in shapes.items():
        if is_ is not None and is_ != should:
            yield refused(
                "district-shape", N_("{name} has the shape {shape}, not {wanted}."), remedy, name=name, shape=is_, wanted=should
            )
    number = N_("Use finite numbers; weights are 0 or more.")
    if not np.isfinite(problem.cost).all():
        yield refused("district-cost", N_("Some cost is not a finite number."), number)
    for one in problem.balance:
        if not np.isfinite(one.weight).all() or (one.weight < 0).any():
            yield refused("district-weight", N_("Some weight of {name} is negative or not a finite number."), number, name=one.name)
        if not 0.0 <= one.low <= one.high:
            message = N_("The bounds of {name}, {low} to {high}, are not in order.")
            yield refused("district-bounds", message, N_("Use 0 ≤ low ≤ high."), name=one.name, low=one.low, high=one.high)
    if len(np.unique(problem.sites)) < sites or not np.isin(problem.sites, np.arange(atoms)).all():
        message = N_("The possible centres are not different atoms of the area.")
        yield refused("district-centres", message, N_("Name each possible centre once."))
    if problem.fixed is not None and not ((problem.fixed >= -1) & (problem.fixed < sites)).all():
        message = N_("An atom is fixed to a centre that there is not.")
        yield refused("district-fixed", message, N_("Use the position of a centre, or -1."))


def rule_findings(problem: DistrictProblem) -> Iterator[Finding]:
    """Yield numbers of districts that cannot be, and fixed atoms, groups and pairs that contradict each other."""
    fewest, most = problem.count
    if not 1 <= fewest <= most:
        message = N_("{fewest} to {most} districts cannot be.")
        yield refused("district-count", message, N_("Ask for one district or more."), fewest=fewest, most=most)
    lot_of = lots(problem)
    places = len(np.unique(lot_of[problem.sites]))
    if fewest > places:
        message = N_("{fewest} districts are more than the {places} places where a centre can be.")
        yield refused("more-districts-than-atoms", message, N_("Ask for fewer districts."), fewest=fewest, places=places)
    if problem.needed is not None and int(problem.needed.sum()) > most:
        message = N_("{needed} centres must be used, but there are at most {most} districts.")
        values = {"needed": int(problem.needed.sum()), "most": most}
        yield refused("district-needed", message, N_("Ask for more districts, or free some centres."), **values)
    for one, two in problem.apart:
        if lot_of[one] == lot_of[two]:
            message = N_("{one} and {two} must be together and apart at once.")
            names = {"one": problem.names[one], "two": problem.names[two]}
            yield refused("together-and-apart", message, N_("Drop one of the two rules."), **names)
    may = problem.open
    for lot in range(int(lot_of.max()) + 1):
        atoms = np.flatnonzero(lot_of == lot)
        if not may[:, atoms].all(axis=1).any():
            message = N_("No centre may serve {atoms}: what they are fixed to, or allowed, leaves none.")
            yield refused("no-centre", message, N_("Allow another centre, or free the atom."), atoms=listed(problem.names, atoms))
        if problem.contiguous and len(atoms) > 1 and not problem.graph.connected(atoms):
            piece, count = problem.graph.pieces(np.where(lot_of == lot, 0, -1))
            parts = "; ".join(listed(problem.names, np.flatnonzero(piece == number)) for number in range(count))
            message = N_("Atoms to be kept together lie in {count} pieces: {parts}.")
            remedy = N_("Keep each piece together by itself, or add the atoms between them.")
            yield refused("group-in-pieces", message, remedy, count=count, parts=parts)


def load_findings(problem: DistrictProblem) -> Iterator[Finding]:
    """Yield loads that cannot be shared out: all together too much or too little, one atom or group too heavy."""
    fewest, most = problem.count
    lot_of = lots(problem)
    for one in problem.balance:
        total = float(one.weight.sum())
        if total <= 0.0 and one.low > 0.0:
            yield refused(
                "zero-load", N_("There is no {name} at all."), N_("Give the atoms a weight, or drop the rule."), name=one.name
            )
            continue
        low, high = bounds(one)
        if total < fewest * low or total > most * high:
            message = N_("{total} of {name} cannot be shared by {fewest} to {most} districts of {low} to {high} each.")
            least, greatest = ceil(total / high), floor(total / low) if low > 0.0 else most
            remedy = N_("Ask for {least} to {greatest} districts, or set other bounds.")
            if least > greatest:
                remedy = N_("No number of districts does: set wider bounds.")
            values = {
                "name": one.name,
                "total": plain(total),
                "fewest": fewest,
                "most": most,
                "low": plain(one.low),
                "high": plain(one.high),
            }
            yield refused("load-and-count", message, remedy, **values, least=least, greatest=greatest)
        load = np.bincount(lot_of, one.weight)
        for lot in np.flatnonzero(load > high):
            atoms = np.flatnonzero(lot_of == lot)
            message = N_("{atoms} alone has {load} of {name}, more than the {high} a district may have.")
            remedy = N_("Allow a district {load}, or divide it into smaller atoms.")
            values = {
                "atoms": listed(problem.names, atoms),
                "load": plain(float(load[lot])),
                "name": one.name,
                "high": plain(one.high),
            }
            yield refused("atom-too-heavy", message, remedy, **values)


def bounds(one: Balance) -> tuple[float, float]:
    """Return the bounds of a load, widened by rounding."""
    return one.low * (1.0 - ROUNDING), one.high * (1.0 + ROUNDING)


def island_findings(problem: DistrictProblem) -> Iterator[Finding]:
    """Yield islands, parts of the area without a border in common, that cannot be divided by themselves."""
    if not problem.contiguous:
        return
    piece, count = problem.graph.pieces()
    if count == 1:
        return
    islands = [np.flatnonzero(piece == number) for number in range(count)]
    names = "; ".join(listed(problem.names, island) for island in islands[:SHOWN])
    if count > problem.count[1]:
        message = N_("The area is in {count} pieces, more than the {most} districts: {names}.")
        remedy = N_("Add the missing borders (bridges, ferries), or ask for more districts.")
        yield refused("islands", message, remedy, count=count, most=problem.count[1], names=names)
        return
    for one in problem.balance:
        low, high = bounds(one)
        loads = [float(one.weight[island].sum()) for island in islands]
        for island, load in zip(islands, loads, strict=True):
            fewest = max(1, ceil(load / high))
            if fewest * low > load:
                message = N_("The island {names} has {load} of {name}: no whole number of districts of {low} to {high} shares it.")
                remedy = N_("Add the missing borders (bridges, ferries), or set other bounds.")
                values = {"load": plain(load), "name": one.name, "low": plain(one.low), "high": plain(one.high)}
                yield refused("island-load", message, remedy, names=listed(problem.names, island), **values)
        least = sum(max(1, ceil(load / high)) for load in loads)
        if least > problem.count[1]:
            message = N_("The {count} pieces of the area need {least} districts, more than {most}: {names}.")
            remedy = N_("Add the missing borders (bridges, ferries), or ask for more districts.")
            yield refused("islands", message, remedy, count=count, least=least, most=problem.count[1], names=names)
