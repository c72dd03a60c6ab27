"""Score sheet: the lines of one officer, beat, sector, squad or station in one period, and how far it has come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from qinwu.judge.score.document import Coefficient, Line, LineKind
from qinwu.judge.score.records import Objection, Signature
from qinwu.judge.targets.card import Level

Status = Literal["counts", "open", "struck", "no_number", "quiet", "proposed", "in_force"]
"""Of a line: it counts; an objection is open; it was struck because an objection was upheld; there is no number; and of a veto: its
condition is not met; it is met and waits for a signature; it is signed."""

Stage = Literal["draft", "shown", "objected", "to_sign", "final"]
"""Of a sheet: not shown to whom it is about; shown, and time to object is left; an objection is open; to be signed; signed."""


@dataclass(frozen=True, slots=True)
class Raw:
    """The number a line rests on.

    Parameters
    ----------
    numerator, denominator, value
        As measured, the value in the unit of the indicator.
    events
        Rows, or people asked, that it rests on.
    used
        What the rule is applied to: the value, or that drawn to all units of its kind where it rests on few events.
    low, high
        95 % interval of a survey or of a value drawn to others; the value itself elsewhere.
    """

    numerator: float
    denominator: float
    value: float
    events: int
    used: float
    low: float
    high: float

    @property
    def drawn(self) -> bool:
        """Whether the rule is applied to a value drawn to the others."""
        return self.used != self.value


@dataclass(frozen=True, slots=True)
class ScoredLine:
    """One line of a sheet.

    Parameters
    ----------
    line, cap
        The rule, and the most it can give or take.
    raw
        The number; None where there is nothing to measure.
    points
        Given, or taken by a deduction, with the fewest and the most that the interval of a survey leaves; 0 without a number.
    status
        Whether it counts.
    objection
        The objection to it that is open, or was answered last; None without one.
    signature
        Who put a veto in force.
    """

    line: Line
    cap: float
    raw: Raw | None
    points: float
    fewest: float
    most: float
    status: Status
    objection: Objection | None = None
    signature: Signature | None = None

    @property
    def counted(self) -> bool:
        """Whether its points are final as far as objections go."""
        return self.status == "counts"


@dataclass(frozen=True, slots=True)
class ScoreSheet:
    """A score sheet.

    Parameters
    ----------
    level, owner, period
        Whose, and when.
    lines
        In the order of the card.
    total, most_bonus
        Points that base lines give at most, and that bonus lines may add.
    coefficient
        Of the officer's role; None without one.
    signs
        Posts that have to sign.
    shown, signed
        When it was shown to whom it is about, and who has signed.
    objection_days, today
        How long one may object, and the day of the sheet.
    """

    level: Level
    owner: str
    period: str
    lines: tuple[ScoredLine, ...]
    total: float
    most_bonus: float
    coefficient: Coefficient | None
    signs: tuple[str, ...]
    shown: date | None
    signed: tuple[Signature, ...]
    objection_days: int
    today: date

    def of_kind(self, kind: LineKind) -> tuple[ScoredLine, ...]:
        """Return the lines of a kind."""
        return tuple(one for one in self.lines if one.line.kind == kind)

    def summed(self, kind: LineKind, which: Literal["points", "fewest", "most"] = "points") -> float:
        """Return the points that count of a kind of line; bonus points only as far as the sheet has them."""
        found = sum(float(getattr(one, which)) for one in self.of_kind(kind) if one.counted)
        return min(found, self.most_bonus) if kind == "bonus" else found

    @property
    def points(self) -> float:
        """Base and bonus less deductions of the lines that count, never below 0."""
        return max(self.summed("base") + self.summed("bonus") - self.summed("deduction"), 0.0)

    @property
    def span(self) -> tuple[float, float]:
        """The fewest and the most points that the intervals of surveys leave."""
        low = self.summed("base", "fewest") + self.summed("bonus", "fewest") - self.summed("deduction", "most")
        high = self.summed("base", "most") + self.summed("bonus", "most") - self.summed("deduction", "fewest")
        return max(low, 0.0), max(high, 0.0)

    @property
    def possible(self) -> float:
        """Base points that could be had: lines without a number, struck or open give none to anybody."""
        return sum(one.cap for one in self.of_kind("base") if one.counted)

    @property
    def open(self) -> tuple[ScoredLine, ...]:
        """Lines objected to and not answered."""
        return tuple(one for one in self.lines if one.status == "open")

    @property
    def weighted(self) -> float:
        """Points times the coefficient of the role; it recognises the work and is never compared with the sheet's total."""
        return self.points * (self.coefficient.factor if self.coefficient else 1.0)

    @property
    def vetoes(self) -> tuple[ScoredLine, ...]:
        """Veto lines whose condition is met, signed or not."""
        return tuple(one for one in self.of_kind("veto") if one.status in ("proposed", "in_force", "open"))

    @property
    def vetoed(self) -> bool:
        """Whether a veto is in force: the sheet then stands as failed, whatever its points."""
        return any(one.status == "in_force" for one in self.lines)

    @property
    def until(self) -> date | None:
        """The last day to object; None before it was shown."""
        return None if self.shown is None else self.shown + timedelta(days=self.objection_days)

    @property
    def missing(self) -> tuple[str, ...]:
        """Posts whose signature is missing."""
        there = {one.by for one in self.signed}
        return tuple(post for post in self.signs if post not in there)

    @property
    def stage(self) -> Stage:
        """How far the sheet has come; signatures before everybody was heard do not make it final."""
        if self.shown is None:
            return "draft"
        if self.open:
            return "objected"
        if self.until is not None and self.today <= self.until:
            return "shown"
        return "to_sign" if self.missing or any(one.status == "proposed" for one in self.lines) else "final"
