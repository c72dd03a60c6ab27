"""Layout: where the boxes of a chart go. The tree lies on its side: the top at the left, a column for each layer."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import groupby

from qinwu.duty.organisation.posts import added
from qinwu.duty.units import Unit
from qinwu.language import LANGUAGES, N_, Language, translate
from qinwu.report.organisation_words import LEVELS
from qinwu.station.config import Text

MOST_ROWS = 48
"""So many rows are readable; beyond them units of one kind under one parent are drawn as one."""
FEWEST_ALIKE = 3


@dataclass(frozen=True, slots=True)
class Box:
    """A unit in its column (0 is the top) and row; ``stands_for`` how many units are drawn as this one."""

    unit: Unit
    column: int
    row: int
    stands_for: int = 1


def boxes(units: Sequence[Unit], flagged: Collection[str], most: int = MOST_ROWS) -> tuple[Box, ...]:
    """Return the boxes of a chart, parents before children; a unit whose parent is missing starts a tree of its own.

    Every unit is level with the first one under it. Where there would be more than `most` rows, the largest group of unflagged
    leaves of one level and function under one parent becomes one box, again and again.
    """
    shown, alike = list(units), dict[str, int]()
    while _rows(shown) > most:
        group = _largest_group(shown, flagged)
        if len(group) < FEWEST_ALIKE:
            break
        one = _joined(group)
        alike[one.id] = len(group)
        at = shown.index(group[0])
        gone = {unit.id for unit in group}
        shown = [*(u for u in shown[:at] if u.id not in gone), one, *(u for u in shown[at:] if u.id not in gone)]
    return tuple(_placed(shown, alike))


def _leaves(units: Sequence[Unit]) -> list[Unit]:
    parents = {unit.parent for unit in units}
    return [unit for unit in units if unit.id not in parents]


def _rows(units: Sequence[Unit]) -> int:
    return len(_leaves(units))


def _largest_group(units: Sequence[Unit], flagged: Collection[str]) -> list[Unit]:
    """Return the leaves that are most alike: one level and function under one parent, none of them flagged or joined already."""

    def kind(unit: Unit) -> tuple[str, str, str]:
        return (unit.parent, unit.level, unit.function or "")

    plain = [unit for unit in _leaves(units) if unit.id not in flagged and not unit.id.startswith("…")]
    groups = [list(group) for _, group in groupby(sorted(plain, key=kind), key=kind)]
    return max(groups, key=len, default=[])


def _joined(group: Sequence[Unit]) -> Unit:
    first, count = group[0], len(group)
    words = {language: _count_words(first, count, language) for language in LANGUAGES}
    posts = added(unit.posts for unit in group)
    update = {"id": f"…{first.id}", "name": Text(zh=words["zh"], en=words["en"]), "posts": posts, "ties": ()}
    return first.model_copy(update=update)


def _count_words(first: Unit, count: int, language: Language) -> str:
    text = translate(N_("{count} {level}"), language)
    return text.format(count=count, level=translate(LEVELS[first.level], language))


def _placed(units: Sequence[Unit], alike: dict[str, int]) -> list[Box]:
    """Return boxes depth first; circles, which no reader lets through, are cut."""
    known = {unit.id for unit in units}
    placed: list[Box] = []
    seen: set[str] = set()
    row = 0

    def place(unit: Unit, column: int) -> None:
        nonlocal row
        seen.add(unit.id)
        placed.append(Box(unit, column, row, alike.get(unit.id, 1)))
        children = [one for one in units if one.parent == unit.id and one.id not in seen]
        for child in children:
            place(child, column + 1)
        row += not children

    for unit in units:
        if unit.parent not in known and unit.id not in seen:
            place(unit, 0)
    return placed
