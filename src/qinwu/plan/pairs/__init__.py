"""Pairs 搭档: who joins whom, by what officers wish and what each adds to the other; no two would rather leave for one another."""

from typing import TYPE_CHECKING

from qinwu.lazy import names_from

if TYPE_CHECKING:
    from qinwu.plan.pairs.aims import Aims as Aims
    from qinwu.plan.pairs.irving import stable_partition as stable_partition
    from qinwu.plan.pairs.matching import cheapest_matching as cheapest_matching
    from qinwu.plan.pairs.planning import PairPlan as PairPlan
    from qinwu.plan.pairs.planning import plan_pairs as plan_pairs
    from qinwu.plan.pairs.problem import PairProblem as PairProblem
    from qinwu.plan.pairs.solving import solve_pairs as solve_pairs
    from qinwu.plan.pairs.wishes import Wish as Wish
    from qinwu.plan.pairs.wishes import read_wishes as read_wishes

_HOME = {
    "Aims": "aims",
    "PairPlan": "planning",
    "PairProblem": "problem",
    "Wish": "wishes",
    "cheapest_matching": "matching",
    "plan_pairs": "planning",
    "read_wishes": "wishes",
    "solve_pairs": "solving",
    "stable_partition": "irving",
}
__all__ = list(_HOME)
__getattr__ = names_from(__name__, _HOME)
