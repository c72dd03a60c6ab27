"""Closed forms: what the simulator will say, in milliseconds.

Formulas of queueing theory, the hypercube of Larson exact and approximate, and the answer to a whole duty system from the same
response plan that the simulator runs. Every function cites its source and refuses input it cannot answer.

>>> from qinwu import queueing
>>> float(queueing.erlang_c(3, 1.5).round(8))
0.23684211

The generalised hypercube of Xing, Zhu & Xie (arXiv 2304.02824), in which every crew has a line of its own, is left out: a station
has one line from which whoever is free is sent, and calls held for their beat officer are held for minutes, not until he or she is
free. Its states (a number for each crew instead of a bit) would allow about eight crews where the hypercube here allows 28.
"""

from typing import TYPE_CHECKING

from qinwu.lazy import names_from

if TYPE_CHECKING:
    from qinwu.queueing.analysis import Analysis as Analysis
    from qinwu.queueing.analysis import analyse as analyse
    from qinwu.queueing.cube import HypercubeResult as HypercubeResult
    from qinwu.queueing.cube import completed_lists as completed_lists
    from qinwu.queueing.cube import hypercube as hypercube
    from qinwu.queueing.cube import preference_lists as preference_lists
    from qinwu.queueing.cutoff import CutoffQueue as CutoffQueue
    from qinwu.queueing.cutoff import cutoff_waits as cutoff_waits
    from qinwu.queueing.erlang import busy_probabilities as busy_probabilities
    from qinwu.queueing.erlang import carried_load as carried_load
    from qinwu.queueing.erlang import erlang_b as erlang_b
    from qinwu.queueing.erlang import erlang_c as erlang_c
    from qinwu.queueing.erlang import offered_load as offered_load
    from qinwu.queueing.erlang import wait_mean as wait_mean
    from qinwu.queueing.erlang import wait_quantile as wait_quantile
    from qinwu.queueing.erlang import wait_within as wait_within
    from qinwu.queueing.numbers import UnstableError as UnstableError
    from qinwu.queueing.priorities import preemptive_waits as preemptive_waits
    from qinwu.queueing.priorities import priority_wait_quantile as priority_wait_quantile
    from qinwu.queueing.priorities import priority_wait_within as priority_wait_within
    from qinwu.queueing.priorities import priority_waits as priority_waits
    from qinwu.queueing.several_officers import MultiOfficerQueue as MultiOfficerQueue
    from qinwu.queueing.several_officers import multi_officer as multi_officer
    from qinwu.queueing.staffing import Need as Need
    from qinwu.queueing.staffing import Pool as Pool
    from qinwu.queueing.supply import Supply as Supply
    from qinwu.queueing.targets import parse_target as parse_target
    from qinwu.queueing.travel import travel_mean as travel_mean
    from qinwu.queueing.travel import travel_mean_at_load as travel_mean_at_load
    from qinwu.queueing.visibility import p_seen as p_seen
    from qinwu.queueing.visibility import passes_per_hour as passes_per_hour
    from qinwu.queueing.visibility import patrol_passes_per_hour as patrol_passes_per_hour

_HOME = {
    "Analysis": "analysis",
    "CutoffQueue": "cutoff",
    "HypercubeResult": "cube",
    "MultiOfficerQueue": "several_officers",
    "Need": "staffing",
    "Pool": "staffing",
    "Supply": "supply",
    "UnstableError": "numbers",
    "analyse": "analysis",
    "busy_probabilities": "erlang",
    "carried_load": "erlang",
    "completed_lists": "cube",
    "cutoff_waits": "cutoff",
    "erlang_b": "erlang",
    "erlang_c": "erlang",
    "hypercube": "cube",
    "multi_officer": "several_officers",
    "offered_load": "erlang",
    "p_seen": "visibility",
    "parse_target": "targets",
    "passes_per_hour": "visibility",
    "patrol_passes_per_hour": "visibility",
    "preemptive_waits": "priorities",
    "preference_lists": "cube",
    "priority_wait_quantile": "priorities",
    "priority_wait_within": "priorities",
    "priority_waits": "priorities",
    "travel_mean": "travel",
    "travel_mean_at_load": "travel",
    "wait_mean": "erlang",
    "wait_quantile": "erlang",
    "wait_within": "erlang",
}
__all__ = list(_HOME)
__getattr__ = names_from(__name__, _HOME)
