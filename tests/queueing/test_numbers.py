"""Checks of arguments: what is refused, what is said, and that errors travel between processes."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from numpy.typing import ArrayLike

from qinwu.findings import QinwuError
from qinwu.queueing.erlang import erlang_c
from qinwu.queueing.laplace import inverse_at
from qinwu.queueing.numbers import (
    COUNT,
    COUNT_OR_NONE,
    NOT_NEGATIVE,
    POSITIVE,
    SHARE,
    SHARE_BELOW_ONE,
    Kind,
    UnstableError,
    broadcast,
    checked,
)


@pytest.mark.parametrize(
    ("kind", "right", "wrong"),
    [
        (NOT_NEGATIVE, [0, 1.5, 1e300], -1e-300),
        (POSITIVE, [5e-324, 2], 0.0),
        (COUNT, [1, 7.0], 0),
        (COUNT, [1, 7.0], 2.5),
        (COUNT_OR_NONE, [0, 7], -1),
        (SHARE, [0, 0.5, 1], 1.0000001),
        (SHARE_BELOW_ONE, [0, 0.5], 1),
    ],
)
@pytest.mark.parametrize("also", [None, float("nan"), float("inf")])
def test_kinds(kind: Kind, right: list[float], wrong: float, also: float | None) -> None:
    """Each kind takes its numbers, and names the first that is wrong; no kind takes NaN or infinity."""
    assert checked(x=(right, kind))[0].tolist() == right
    bad = wrong if also is None else also
    with pytest.raises(QinwuError) as raised:
        checked(x=([*right, bad, *right], kind))
    (finding,) = raised.value.findings
    assert finding.code == kind.code
    assert finding.values["name"] == "x"
    assert finding.values["value"] == pytest.approx(bad, nan_ok=True)


@pytest.mark.parametrize("value", ["three", None, [1.0, "x"], [[1.0], [1.0, 2.0]], 1 + 2j])
def test_what_is_no_number(value: ArrayLike) -> None:
    """Words and ragged lists are no numbers."""
    with pytest.raises(QinwuError) as raised:
        checked(x=(value, POSITIVE))
    assert [finding.code for finding in raised.value.findings] == ["not-positive"]


@pytest.mark.parametrize(("kind", "value"), [(COUNT.single, [1]), (COUNT.row, 1), (COUNT.row, []), (COUNT.row, [[1]])])
def test_shapes(kind: Kind, value: ArrayLike) -> None:
    """A single number is no row, and a row holds something."""
    with pytest.raises(QinwuError) as raised:
        checked(x=(value, kind))
    assert [finding.code for finding in raised.value.findings] == ["wrong-shape"]


def test_shapes_that_do_not_go_together() -> None:
    """The finding names each argument with its shape."""
    with pytest.raises(QinwuError) as raised:
        broadcast(rates=(np.ones(3), POSITIVE), servers=(np.ones((2, 2)), COUNT))
    assert raised.value.findings[0].values["shapes"] == "rates (3,), servers (2, 2)"


def test_unstable_errors_travel() -> None:
    """An error raised in another process arrives as what it was."""
    with pytest.raises(UnstableError) as raised:
        erlang_c(3, 3.0)
    arrived = pickle.loads(pickle.dumps(raised.value))
    assert type(arrived) is UnstableError
    assert arrived.findings == raised.value.findings
    assert str(arrived) == str(raised.value)


@pytest.mark.parametrize("t", [1e-6, 0.3, 2.0, 40.0])
def test_a_mixture_of_exponentials_from_its_transform(t: float) -> None:
    """Rates far apart, one of them a pole at the origin, come back to 13 digits."""
    found = inverse_at(lambda s: 0.25 / s + 0.5 / (s + 1.0) + 0.25 / (s + 1_000.0), t)
    assert found == pytest.approx(0.25 + 0.5 * np.exp(-t) + 0.25 * np.exp(-1_000.0 * t), abs=1e-13)
