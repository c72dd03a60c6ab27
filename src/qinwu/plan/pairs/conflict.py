"""Refusals that leave no way to pair everybody: the smallest set of them in conflict, and the fewest that would have to go."""

from __future__ import annotations

import numpy as np

from qinwu.findings import Finding, QinwuError, Words
from qinwu.language import N_
from qinwu.plan.effort import Running
from qinwu.plan.pairs.matching import cheapest_matching
from qinwu.plan.pairs.problem import F64, Bool
from qinwu.plan.pairs.scene import Scene

NEVER = 1e3
MOST_FILTERED = 80
"""With more officers who refuse somebody, all of them are named instead of the smallest set."""


def check_everybody_fits(scene: Scene, running: Running) -> None:
    """Raise where refusals leave somebody without a partner, whatever the pairs.

    Raises
    ------
    QinwuError
        Names a set of officers whose refusals are in conflict, of whom none can be left out; and the pairs that would make it
        possible at the least number of refusals lifted.
    """
    needed = _refusals(scene, np.ones(len(scene), dtype=bool))
    if not _short(needed, running):
        return
    mate = cheapest_matching(needed, running).mate
    lifted = [(one, int(two)) for one, two in enumerate(mate) if one < two and needed[one, two] >= 1.0]
    guilty = _conflict(scene, running)
    message = N_("Not everybody can have a partner: {officers} refuse too many.")
    remedy = N_("The cheapest way out: {pairs} would have to accept each other; or let the others stay alone with --unnamed never.")
    if any(needed[pair] >= NEVER for pair in lifted):
        remedy = N_("Fixed pairs stand in the way as well: free one of them.")
    pairs = ", ".join(f"{scene.officers[one].id}–{scene.officers[two].id}" for one, two in lifted)
    officers: str = ", ".join(scene.officers[who].id for who in guilty) or Words(N_("officers without a shift in common"))
    raise QinwuError([Finding("refusals-in-conflict", "error", message, remedy, values={"officers": officers, "pairs": pairs})])


def _refusals(scene: Scene, counted: Bool) -> F64:
    """Return (n, n) how many refusals a pair would break, those of officers not counted left out."""
    said = (scene.refused & counted[:, None]).astype(float)
    cost = said + said.T + (scene.common_shifts == 0.0)
    for pair in scene.fixed:
        cost[list(pair), :] = cost[:, list(pair)] = NEVER
        cost[pair] = cost[pair[::-1]] = 0.0
    return np.asarray(cost, dtype=np.float64)


def _short(cost: F64, running: Running) -> bool:
    return cheapest_matching(cost, running).cost > 0.5


def _conflict(scene: Scene, running: Running) -> list[int]:
    """Return officers whose refusals together make it impossible; without those of any one of them it would be possible."""
    np.fill_diagonal(own := scene.refused.copy(), val=False)
    guilty = [int(who) for who in np.flatnonzero(own.any(axis=1))]
    counted = np.zeros(len(scene), dtype=bool)
    counted[guilty] = True
    for who in guilty if len(guilty) <= MOST_FILTERED else ():
        counted[who] = False
        counted[who] = not _short(_refusals(scene, counted), running)
    return [int(who) for who in np.flatnonzero(counted)]
