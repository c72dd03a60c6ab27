"""Checks of the numbers that formulas are given: every problem at once; and the error that says there is no steady state."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qinwu.duty.response_plan import F64
from qinwu.findings import Finding, QinwuError, did_you_mean
from qinwu.language import N_


class UnstableError(QinwuError):
    """More work comes in than can be done: the line grows without end, and no steady state exists."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What the numbers of an argument must be: a test, the code and remedy of a failure, and how many axes they have.

    Parameters
    ----------
    code, remedy
        Of the finding about a number that fails.
    good
        Tells number by number which are right; NaN and infinity are wrong in any case.
    axes
        0 a single number, 1 a row of at least one, None whatever comes.
    """

    code: str
    remedy: str
    good: Callable[[F64], NDArray[np.bool_]]
    axes: int | None = None

    @property
    def single(self) -> Kind:
        """The same, and a single number."""
        return replace(self, axes=0)

    @property
    def row(self) -> Kind:
        """The same, and a row of numbers."""
        return replace(self, axes=1)


NOT_NEGATIVE = Kind("negative-number", N_("Use a finite number, 0 or more."), lambda x: x >= 0.0)
POSITIVE = Kind("not-positive", N_("Use a finite number above 0."), lambda x: x > 0.0)
COUNT = Kind("not-a-count", N_("Use a whole number, 1 or more."), lambda x: (x >= 1.0) & (x == np.floor(x)))
COUNT_OR_NONE = Kind("not-a-count", N_("Use a whole number, 0 or more."), lambda x: (x >= 0.0) & (x == np.floor(x)))
SHARE = Kind("not-a-share", N_("Use a number from 0 to 1."), lambda x: (x >= 0.0) & (x <= 1.0))
SHARE_BELOW_ONE = Kind("not-a-share", N_("Use a number of at least 0 and below 1."), lambda x: (x >= 0.0) & (x < 1.0))

_SHAPES = {0: N_("Give a single number."), 1: N_("Give a list with a number for each.")}


def checked(**given: tuple[ArrayLike, Kind]) -> list[F64]:
    """Return the arguments as arrays of floats, or raise everything that is wrong with any of them.

    Parameters
    ----------
    given
        Each argument by its name, with the kind it must be.

    Raises
    ------
    QinwuError
        A number is no finite number or not of its kind, or an array has the wrong number of axes; one finding for each argument.

    Examples
    --------
    >>> checked(servers=(0, COUNT), load=(-1.5, NOT_NEGATIVE))
    Traceback (most recent call last):
        ...
    qinwu.findings.QinwuError: servers cannot be 0. Use a whole number, 1 or more.
    load cannot be -1.5. Use a finite number, 0 or more.
    """
    arrays = {name: _floats(value) for name, (value, _) in given.items()}
    found = [wrong for name, (value, kind) in given.items() for wrong in _problems(name, value, arrays[name], kind)]
    if found:
        raise QinwuError(found)
    return list(arrays.values())


def broadcast(**given: tuple[ArrayLike, Kind]) -> list[F64]:
    """Return the arguments :func:`checked` and of one common shape; raise :class:`QinwuError` where there is none."""
    arrays = checked(**given)
    try:
        return list(np.broadcast_arrays(*arrays))
    except ValueError:
        message = N_("Arrays of the shapes {shapes} do not go together.")
        values = {"shapes": ", ".join(f"{name} {array.shape}" for name, array in zip(given, arrays, strict=True))}
        remedy = N_("Give arrays of one shape, or single numbers.")
        raise QinwuError([Finding("wrong-shape", "error", message, remedy, values=values)]) from None


def one_of(known: tuple[str, ...], **given: str) -> None:
    """Raise :class:`QinwuError` where a word is none of the `known` ones.

    >>> one_of(("zero", "infinite"), line="none")
    Traceback (most recent call last):
        ...
    qinwu.findings.QinwuError: line cannot be none. Use one of: zero, infinite.
    """
    message, remedy = N_("{name} cannot be {value}."), N_("Use one of: {known}.")
    for name, value in given.items():
        if value not in known:
            values = {"name": name, "value": value, "known": did_you_mean(str(value), known) or ", ".join(known)}
            raise QinwuError([Finding("unknown-choice", "error", message, remedy, values=values)])


def _floats(value: ArrayLike) -> F64:
    """Return `value` as floats, NaN where it is no number."""
    try:
        return np.asarray(value, np.float64)
    except (TypeError, ValueError):
        return np.array(np.nan)


def _problems(name: str, value: ArrayLike, array: F64, kind: Kind) -> Iterator[Finding]:
    flat = array.reshape(-1)
    wrong = flat[~(np.isfinite(flat) & kind.good(flat))]
    if wrong.size:
        values = {"name": name, "value": value if array.ndim == 0 else float(wrong[0])}
        yield Finding(kind.code, "error", N_("{name} cannot be {value}."), kind.remedy, values=values)
    elif kind.axes is not None and (array.ndim != kind.axes or array.size == 0):
        values = {"name": name, "shape": str(array.shape)}
        yield Finding("wrong-shape", "error", N_("{name} cannot have the shape {shape}."), _SHAPES[kind.axes], values=values)
