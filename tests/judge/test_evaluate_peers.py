"""Estimates beside other programs: pyfixest for both differences in differences, pysyncon for the synthetic control."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pytest

from qinwu.judge.evaluate.design import Design
from qinwu.judge.evaluate.regressions import clustered, linear
from qinwu.judge.evaluate.synthetic import mixing
from tests.judge.evaluation_cases import design_of, drawn

pd = pytest.importorskip("pandas")


def long_table(design: Design) -> object:
    """Return a design as a table of unit, time, count and whether treated."""
    rows = np.concatenate([design.treated, design.control])
    units, times = np.meshgrid(rows, np.arange(design.panel.periods), indexing="ij")
    exposed = (np.isin(units, design.treated) & (times >= design.start)).astype(float)
    table = {"unit": units.ravel(), "time": times.ravel(), "y": design.panel.counts[rows].ravel(), "d": exposed.ravel()}
    return pd.DataFrame(table)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_linear_is_two_way_fixed_effects(seed: int) -> None:
    """Coefficient and clustered error are those of ``feols(y ~ d | unit + time)``."""
    pytest.importorskip("pyfixest")
    design = design_of(drawn(12, drift=0.2, fall=0.3, seed=seed), ("甲所", "丙所", "丁所"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pyfixest import feols

        fitted = feols("y ~ d | unit + time", data=long_table(design), vcov={"CRV1": "unit"})
    found = linear(design)
    assert found.detail["effect"] == pytest.approx(float(fitted.coef().iloc[0]), rel=1e-6)
    assert found.detail["error"] == pytest.approx(float(fitted.se().iloc[0]), rel=1e-5)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_clustered_is_poisson_fixed_effects(seed: int) -> None:
    """Conditioning out place effects gives the coefficient of ``fepois(y ~ d | unit + time)`` and its clustered error."""
    pytest.importorskip("pyfixest")
    design = design_of(drawn(14, drift=0.2, fall=0.3, seed=seed), ("甲所", "丙所", "丁所"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pyfixest import fepois

        fitted = fepois("y ~ d | unit + time", data=long_table(design), vcov={"CRV1": "unit"})
    found = clustered(design)
    assert found.detail["log"] == pytest.approx(float(fitted.coef().iloc[0]), abs=1e-4)
    assert found.detail["error"] == pytest.approx(float(fitted.se().iloc[0]), rel=0.06)
    total = design.totals()
    treated, control = (total.of(rows).summed() for rows in (design.treated, design.control))
    closed = math.log(treated.after[0] / treated.before[0]) - math.log(control.after[0] / control.before[0])
    assert found.detail["log"] == pytest.approx(closed, abs=1e-9)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_mixing_is_as_good_as_another_program(seed: int) -> None:
    """The weights fit the time before as well as pysyncon's, which looks for the same ones."""
    pytest.importorskip("pysyncon")
    rng = np.random.default_rng(seed)
    donors = rng.uniform(0.5, 1.5, (24, 8))
    target = donors @ rng.dirichlet(np.ones(8)) + 0.05 * rng.standard_normal(24)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pysyncon import Synth

        weights, _ = Synth.w_optimize(V_mat=np.eye(24), X0=donors, X1=target)
    found = mixing(target, donors)
    assert (found >= 0.0).all()
    assert found.sum() == pytest.approx(1.0)
    theirs = np.asarray(weights)
    assert np.square(target - donors @ found).sum() <= np.square(target - donors @ theirs).sum() * (1.0 + 1e-4)
    assert found == pytest.approx(theirs, abs=0.02)
