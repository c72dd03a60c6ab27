"""Evaluate: what changed where a reform happened, beside places where it did not, and how sure that is.

One test is chosen before anything is looked at (:mod:`~qinwu.judge.evaluate.ratio`); every other estimate stands beside it and
never in its place.
"""
