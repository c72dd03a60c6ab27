"""Score card: the rules of a score sheet as the ``[score]`` of a card, or a file of its own, writes them, validated on load."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from qinwu.judge.targets.card import Id, Level, Number, PeriodKind
from qinwu.station.config import Strict, Text

LineKind = Literal["base", "bonus", "deduction", "veto"]
"""基础分 base, 加分 bonus, 扣分 deduction, 一票否决 veto."""

Points = Annotated[float, Field(ge=0, le=1000)]
Step = tuple[Number, Points]
"""From this value on, so many points."""


class Line(Strict):
    """One rule: from a number to points, never from a person's opinion.

    ``indicator`` names an indicator of the card, or ``survey`` a question of the survey file. Points come by exactly one of
    ``steps`` ([from this value, points], the last step reached counts), ``linear`` (the same corners, straight lines between them,
    level beyond) and ``each`` (points for each unit of the value); ``cap`` is the most the line can give or take, by default the
    indicator's ``weight``. A veto has ``at_least`` or ``at_most`` instead, and its ``text`` is the rule in words. ``levels`` says
    on whose sheets it stands, ``applied_by`` which post applies it, ``source`` where the rule is from.
    """

    id: Id
    kind: LineKind
    indicator: str = ""
    survey: str = ""
    levels: Annotated[tuple[Level, ...], Field(min_length=1)]
    steps: tuple[Step, ...] = ()
    linear: tuple[Step, ...] = ()
    each: Points | None = None
    cap: Points | None = None
    at_least: Number | None = None
    at_most: Number | None = None
    text: Text = Text(zh="")
    applied_by: Annotated[str, Field(min_length=1)]
    source: Text

    @property
    def named(self) -> str:
        """The number it rests on."""
        return self.indicator or self.survey

    @property
    def formulas(self) -> tuple[str, ...]:
        """Which ways to points it has: exactly one is right."""
        conditions = ("at_least", "at_most") if self.kind == "veto" else ()
        return tuple(name for name in ("steps", "linear", "each", *conditions) if (getattr(self, name) not in ((), None)))


class Coefficient(Strict):
    """What the points of an officer in a role are multiplied by; ``sample`` 示例 marks a figure nobody has decided on."""

    role: Id
    name: Text
    factor: Annotated[float, Field(gt=0, le=3)]
    sample: bool = False
    source: Text


class ScoreCard(Strict):
    """The rules of a score sheet.

    ``period`` is how often there is a sheet, ``total`` what all base lines give together, ``most_bonus`` what bonus lines may add,
    ``signs`` the posts that have to sign, ``objection_days`` how long an officer may object after having been shown the sheet.
    ``roles`` says which officer has which role. ``sample`` 示例 marks rules nobody has decided on.
    """

    name: Text
    period: PeriodKind = "quarter"
    total: Annotated[float, Field(gt=0, le=1000)] = 100.0
    most_bonus: Points = 0.0
    signs: Annotated[tuple[str, ...], Field(min_length=1)]
    objection_days: Annotated[int, Field(ge=1, le=90)] = 7
    line: Annotated[tuple[Line, ...], Field(min_length=1)]
    coefficient: tuple[Coefficient, ...] = ()
    roles: dict[str, str] = {}
    sample: bool = False

    def lines(self, level: Level) -> tuple[Line, ...]:
        """Return the lines that stand on the sheets of a level."""
        return tuple(line for line in self.line if level in line.levels)

    @property
    def levels(self) -> tuple[Level, ...]:
        """Levels that have sheets, officers first."""
        every: tuple[Level, ...] = ("officer", "beat", "sector", "squad", "station")
        return tuple(level for level in every if self.lines(level))

    def factor(self, officer: str) -> Coefficient | None:
        """Return the coefficient of an officer's role; None without one."""
        role = self.roles.get(officer, "")
        return next((one for one in self.coefficient if one.role == role), None)
