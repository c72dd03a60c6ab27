"""Literals that may be known already: 0 and 1 stand for days that are held fast, and rules over them lose what is known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

Literals = Sequence[Any]


class Rules:
    """Rules of a CP-SAT model over literals, some of them known.

    Parameters
    ----------
    model
        The ``CpModel``.
    total
        ``LinearExpr.sum`` of the library.
    """

    def __init__(self, model: Any, total: Callable[[Literals], Any]) -> None:
        self._model, self._total = model, total

    def at_most_one(self, first: Literals, second: Literals) -> None:
        """No more than one of two groups holds."""
        self.at_most([*first, *second], 1)

    def at_most(self, literals: Literals, most: int) -> None:
        """No more than so many hold."""
        loose = [literal for literal in literals if not isinstance(literal, int)]
        room = most - sum(literal for literal in literals if isinstance(literal, int))
        if len(loose) <= room:
            return
        if room < 0:
            self._model.add_bool_or([])
        elif room == 0:
            for literal in loose:
                self._model.add_bool_or([literal.negated()])
        elif room == 1:
            self._model.add_at_most_one(loose)
        elif room == len(loose) - 1:
            self._model.add_bool_or([literal.negated() for literal in loose])
        else:
            self._model.add(self._total(loose) <= room)

    def clause(self, literals: Literals) -> None:
        """At least one holds."""
        if not any(is_known(literal, 1) for literal in literals):
            self._model.add_bool_or([literal for literal in literals if not is_known(literal, 0)])


def is_known(literal: Any, value: int) -> bool:
    """Return whether a literal is known to be 0, or to be 1."""
    return isinstance(literal, int) and literal == value


def negated(literal: Any) -> Any:
    """Return the opposite of a literal."""
    return 1 - literal if isinstance(literal, int) else literal.negated()


def cell_of(shift: int, shifts: int) -> list[Any]:
    """Return the cell of a day that is known: 1 for its shift, the last for a day off, 0 for the others."""
    cell = [0] * (shifts + 1)
    cell[shift] = 1
    return cell


def truth(literal: Any, holds: Callable[[Any], bool]) -> bool:
    """Return whether a literal holds in a solution."""
    return bool(literal) if isinstance(literal, int) else holds(literal)
