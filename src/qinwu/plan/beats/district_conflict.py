"""Why no districts keep the rules: the smallest set of rules in conflict, and what would have to give.

Rules are left out one at a time (a deletion filter, Chinneck & Dravnieks 1991): where there are still no districts without one, it
is no part of the conflict. What is left is a set of which every rule is needed for the contradiction. The nearest districts, those
that pass the bounds least, then say by how much each bound would have to give.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from qinwu.findings import Finding
from qinwu.language import N_
from qinwu.plan.beats.core import Core
from qinwu.plan.beats.district_checks import district_findings, listed, plain, refused
from qinwu.plan.beats.districts import Balance, DistrictProblem
from qinwu.plan.beats.exact import prove
from qinwu.plan.beats.heuristic import Found, search
from qinwu.plan.beats.lagrange import relax
from qinwu.plan.effort import Effort, Running

I32 = NDArray[np.int32]

TRIAL, LEAST = 0.1, 3.0
"""Share of the allowed time, and least seconds, for each rule left out."""

Change = Callable[[DistrictProblem], DistrictProblem]


def conflict_findings(problem: DistrictProblem, running: Running) -> list[Finding]:
    """Return the rules in conflict and the nearest relaxation, for a problem proven to have no districts."""
    every = list(rules(problem))
    kept = set(range(len(every)))
    for rule in range(len(every)):
        if running.interrupted:
            break
        if possible(with_only(problem, every, kept - {rule}), running) is False:
            kept.discard(rule)
    said = [every[rule][0] for rule in sorted(kept)]
    message = N_("No districts keep all the rules; {count} of them cannot hold together.")
    head = refused("no-districts", message, N_("Relax one of those that follow."), count=len(said))
    return [head, *said, *relaxations(problem, running)]


def nearest_findings(problem: DistrictProblem, core: Core, known: Found | None, running: Running) -> list[Finding]:
    """Return what to say where no districts were found in the time and none are proven not to be."""
    message = N_("No districts that keep all the rules were found in {seconds} s; it is not proven that there are none.")
    head = refused("none-found", message, N_("Allow more time, or relax a bound."), seconds=round(running.seconds, 1))
    return [head, *(given(problem, core.spread(known.centre_of)) if known is not None else ())]


def rules(problem: DistrictProblem) -> Iterator[tuple[Finding, Change]]:
    """Yield every rule in the user's words, and the problem without it."""
    for place, one in enumerate(problem.balance):
        if one.low > 0.0:
            message = N_("Every district has at least {low} of {name}.")
            yield note("rule-least", message, name=one.name, low=plain(one.low)), bound_change(place, low=0.0)
        if np.isfinite(one.high):
            message = N_("Every district has at most {high} of {name}.")
            yield note("rule-most", message, name=one.name, high=plain(one.high)), bound_change(place, high=np.inf)
    if problem.support is not None:
        yield note("rule-support", N_("Atoms are served by way of neighbours nearer to the centre.")), changed(support=None)
    if problem.contiguous:
        yield note("rule-contiguous", N_("The atoms of a district hang together.")), changed(contiguous=False)
    for place, group in enumerate(problem.together):
        message = N_("{atoms} stay together.")
        yield note("rule-together", message, atoms=listed(problem.names, group)), dropped("together", place)
    for place, pair in enumerate(problem.apart):
        message = N_("{atoms} are in different districts.")
        yield note("rule-apart", message, atoms=listed(problem.names, pair)), dropped("apart", place)
    if problem.fixed is not None and (problem.fixed >= 0).any():
        held = np.flatnonzero(problem.fixed >= 0)
        yield (
            note("rule-fixed", N_("{atoms} are served from given centres."), atoms=listed(problem.names, held)),
            changed(fixed=None),
        )
    if problem.allowed is not None and not problem.allowed.all():
        yield note("rule-allowed", N_("Some atoms may not be served from some centres.")), changed(allowed=None)
    if problem.needed is not None and problem.needed.any():
        sites = problem.sites[problem.needed]
        yield note("rule-needed", N_("{atoms} must be centres."), atoms=listed(problem.names, sites)), changed(needed=None)
    if problem.count[1] < len(problem.sites):
        message = N_("There are {fewest} to {most} districts.")
        free = changed(count=(1, len(problem.sites)))
        yield note("rule-count", message, fewest=problem.count[0], most=problem.count[1]), free


def note(code: str, message: str, **values: object) -> Finding:
    """Return a rule as a note."""
    return Finding(code, "note", message, values=values)


def changed(**fields: object) -> Change:
    """Return the change that sets these fields."""
    return lambda problem: replace(problem, **fields)  # type: ignore[arg-type]


def bound_change(place: int, **sides: float) -> Change:
    """Return the change that sets bounds of one load."""

    def change(problem: DistrictProblem) -> DistrictProblem:
        balance = list(problem.balance)
        balance[place] = replace(balance[place], **sides)  # type: ignore[arg-type]
        return replace(problem, balance=tuple(balance))

    return change


def dropped(name: str, place: int) -> Change:
    """Return the change that empties one group or pair; the places of the others stay."""

    def change(problem: DistrictProblem) -> DistrictProblem:
        items = list(getattr(problem, name))
        items[place] = ()
        return replace(problem, **{name: tuple(items)})  # type: ignore[arg-type]

    return change


def with_only(problem: DistrictProblem, every: list[tuple[Finding, Change]], kept: set[int]) -> DistrictProblem:
    """Return the problem with only the rules at these places."""
    for place, (_, change) in enumerate(every):
        if place not in kept:
            problem = change(problem)
    together = tuple(group for group in problem.together if group)
    return replace(problem, together=together, apart=tuple(pair for pair in problem.apart if pair))


def possible(problem: DistrictProblem, running: Running) -> bool | None:
    """Return whether a problem has districts; None where the time does not say."""
    if any(finding.severity == "error" for finding in district_findings(problem)):
        return False
    effort = running.effort
    trial = Effort(max(LEAST, TRIAL * effort.seconds), effort.seed, None, effort.stop).begin()
    core = Core.of(problem)
    relaxed = relax(core, core.may, float(np.where(core.may, core.cost, 0.0).sum(axis=1).min()), 100, trial)
    if relaxed.value == np.inf:
        return False
    short = Effort(0.3 * trial.left, effort.seed, None, effort.stop).begin()
    found = search(core, relaxed.bias, np.flatnonzero(relaxed.chosen).astype(np.int32), effort.seed, short)
    if found is not None and core.keeps(found.centre_of):
        return True
    proven = prove(core, None, relaxed, trial, 0.5)
    return True if proven.plan is not None else (False if proven.bound == np.inf else None)


def relaxations(problem: DistrictProblem, running: Running) -> Iterator[Finding]:
    """Yield what would do: the bounds of the nearest districts found, all other rules kept."""
    if not problem.balance:
        return
    effort = running.effort
    trial = Effort(max(LEAST, TRIAL * effort.seconds), effort.seed, None, effort.stop).begin()
    wide = replace(problem, balance=tuple(Balance(one.name, one.weight, 0.0, np.inf) for one in problem.balance))
    if any(finding.severity == "error" for finding in district_findings(wide)):
        return
    core = Core.of(problem)
    start = relax(Core.of(wide), core.may, float(np.where(core.may, core.cost, 0.0).sum(axis=1).min()), 100, trial)
    if start.value == np.inf:
        return
    found = search(core, start.bias, np.flatnonzero(start.chosen).astype(np.int32), effort.seed, trial)
    if found is not None:
        yield from given(problem, core.spread(found.centre_of))


def given(problem: DistrictProblem, centre_of: I32) -> Iterator[Finding]:
    """Yield the bounds that a plan passes, and those that it would keep."""
    used = np.unique(centre_of)
    for one in problem.balance:
        load = problem.load(one, centre_of)[used]
        if load.max() > one.high or load.min() < one.low:
            message = N_("There are districts where {name} may be from {low} to {high}.")
            remedy = N_("Set the bounds so: the least that was found to do.")
            low, high = min(one.low, float(load.min())), max(one.high, float(load.max()))
            yield Finding(
                "nearest-bounds", "note", message, remedy, values={"name": one.name, "low": plain(low), "high": plain(high)}
            )
