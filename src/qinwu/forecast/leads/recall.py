"""Recall: repeats planted among a station's own calls, to say how many of them would be named.

Which calls really were repeats nobody knows; how a repeat looks is assumed here, and said beside the figure.
"""

from __future__ import annotations

import numpy as np

from qinwu.forecast.leads.duplicate_model import DuplicateModel
from qinwu.forecast.leads.placed_calls import PlacedCalls

SPREAD_M, DELAY_MIN, SAME_CLASS = 60.0, 6.0, 0.85
"""Assumed of a further caller: standard deviation of the place along each axis, mean minutes later, share of the same class."""
PLANTED = 1_000


def planted_recall(model: DuplicateModel, calls: PlacedCalls, least: float, seed: int = 1) -> float:
    """Return the share of planted repeats that get at least this probability.

    Parameters
    ----------
    model
        Learnt from the calls.
    calls
        Each repeat is of one of these, drawn by lot.
    least
        Probability from which a pair is named.
    seed
        Of every draw.
    """
    generator = np.random.default_rng(seed)
    at = generator.integers(0, len(calls), PLANTED)
    metres = np.hypot(*generator.normal(0.0, 0.0 if calls.by_name else SPREAD_M, (2, PLANTED)))
    minutes = generator.exponential(DELAY_MIN, PLANTED)
    rarest = min(model.share.values(), default=1.0)
    share = np.array([model.share.get(calls.kinds[one], rarest) for one in at])
    same = (generator.uniform(size=PLANTED) < SAME_CLASS) & np.array([bool(calls.kinds[one]) for one in at])
    usual = model.usual(calls.x_m[at], calls.y_m[at], calls.received_s[at])
    said = model.probability(model.evidence(metres, minutes, same, share, usual))
    return float((said >= least).mean())
