"""Card: the indicators of a station as its ``judge.toml`` writes them 目标管理 (M9-M12), validated on load."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from qinwu.station.config import Share, Strict, Text

Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_\-]*$")]
Aim = Literal["few_crimes", "good_order", "stability", "satisfied"]
AIMS: tuple[Aim, ...] = ("few_crimes", "good_order", "stability", "satisfied")
"""发案少、秩序好、社会稳定、群众满意 (M10): every card needs an indicator of each."""

Kind = Literal["reference", "minimum", "target"]
"""指导参考数 is only shown, 最低要求 has to be reached, 目标 is aimed at (M11, M12)."""

Level = Literal["station", "squad", "sector", "beat", "officer"]
PeriodKind = Literal["week", "month", "quarter", "year"]
Per = Literal["period", "hour", "day", "week", "thousand_residents"]
Number = Annotated[float, Field(allow_inf_nan=False)]
Form = Literal["share", "ratio", "sum", "mean", "p50", "p90", "count"]
PERCENT = ("%", "％")
STATION_TABLES = ("calls", "venues", "officers", "duty")
"""Tables that every station has."""


class Formula(Strict):
    """How a number is worked out from one table; conditions and columns are SQL expressions of one row.

    Rows that fulfil ``where`` are looked at. With ``counted`` the number is the share of those that fulfil ``of`` (all of them
    where it is empty) which also fulfil ``counted``; with ``sum`` and ``over`` the sum of one expression over that of another, for
    books that are added up already; with ``sum``, ``mean``, ``p50`` or ``p90`` that of an expression over the
    rows that have it; with none of these the number of rows. Numbers of rows and sums may be given ``per`` hour, day or week of the
    period, or per thousand residents.
    """

    table: str
    where: str = ""
    counted: str = ""
    of: str = ""
    sum: str = ""
    over: str = ""
    mean: str = ""
    p50: str = ""
    p90: str = ""
    per: Per = "period"

    @property
    def form(self) -> Form:
        """What kind of number it gives."""
        if self.counted or self.of:
            return "share"
        if self.over:
            return "ratio"
        for name in ("sum", "mean", "p50", "p90"):
            if getattr(self, name):
                return name
        return "count"

    @property
    def column(self) -> str:
        """The expression that is summed, averaged or ranked; empty where rows are counted."""
        return self.sum or self.mean or self.p50 or self.p90

    @property
    def expressions(self) -> tuple[str, ...]:
        """Every SQL expression it is made of."""
        return tuple(text for text in (self.where, self.counted, self.of, self.column, self.over) if text.strip())

    @property
    def forms(self) -> tuple[str, ...]:
        """Every kind of number it asks for: more than one is wrong."""
        asked = [name for name in ("sum", "mean", "p50", "p90") if getattr(self, name)]
        return (*(["counted"] if self.counted or self.of else []), *asked)


class Asks(Strict):
    """Which recurring work an indicator asks for: its value is how often (``times``) or which share of the work due (``share``)."""

    task: str
    by: Literal["times", "share"] = "times"


class Indicator(Strict):
    """One indicator 指标.

    ``aim`` is the one of the four it serves, ``level`` who owns it, ``period`` how often it is worked out, ``better`` whether
    ``more`` or ``less`` is better. ``minimum`` and ``target`` are in ``unit`` (shares in percent where the unit is %).
    ``reference`` is what the bureau gives as guidance 指导参考数; it never enters a ranking or a score. ``counter`` is the
    indicator that shows what is lost where this one alone is chased. ``needs`` are the units or squads that move it besides its
    owner, ``owners`` limits it to some, ``asks`` names the recurring work it takes, ``weight`` its weight in the score sheet (none
    for reference values).
    """

    id: Id
    aim: Aim
    name: Text
    about: Text | None = None
    formula: Formula
    unit: Text
    level: Level
    period: PeriodKind = "month"
    kind: Kind
    better: Literal["more", "less"] = "more"
    minimum: Number | None = None
    target: Number | None = None
    reference: Number | None = None
    weight: Annotated[float, Field(ge=0, le=100)] | None = None
    counter: str = ""
    owners: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    asks: Asks | None = None
    source: Text

    @property
    def scale(self) -> float:
        """What numerator over denominator is multiplied by to be in the unit: 100 for percent, else 1."""
        return 100.0 if self.formula.form in ("share", "ratio") and self.unit.zh in PERCENT else 1.0

    @property
    def counts(self) -> bool:
        """Whether it may enter a score or a ranking: reference values never do (M11)."""
        return self.kind != "reference"

    def rule(self, language: str) -> str:
        """Return by which rule it counts: its own words, or its formula."""
        if self.about is not None:
            return self.about.in_language(language)
        parts = (self.formula.table, self.formula.where, self.formula.of, self.formula.counted or self.formula.column)
        return " · ".join(part for part in parts if part)

    @property
    def asked(self) -> float | None:
        """The value that has to be reached or is aimed at; None for reference values."""
        return self.target if self.kind == "target" else self.minimum if self.kind == "minimum" else None


class OwnTable(Strict):
    """A table of the station's own: a CSV or Excel file in the folder.

    ``time`` heads the column of its day; ``beat``, ``atom``, ``venue``, ``officer``, ``squad`` and ``unit`` those that say whose a
    row is; that of a venue is whoever answers for the venue.
    ``columns`` gives other headers a name for formulas; what is not named there keeps its header.
    """

    id: Id
    name: Text
    file: str
    time: str = ""
    beat: str = ""
    atom: str = ""
    venue: str = ""
    officer: str = ""
    squad: str = ""
    unit: str = ""
    columns: dict[str, str] = {}


class OwnPeriod(Strict):
    """A period that is not the calendar's: first and last day, both included."""

    id: Annotated[str, Field(min_length=1)]
    kind: PeriodKind
    first: date
    last: date


class Task(Strict):
    """Recurring work 日常管理、检查、防范 (M12): ``times`` in ``every`` period, by ``crew`` officers, ``minutes`` each time.

    It falls due for each beat (``beat``), for each venue of the ``grades`` and ``kinds`` named (``venue``; minutes are the venue's
    own where none are given), or after a ``share`` of the calls that fulfil ``where`` (``call``). ``who`` does it: ``owner`` the
    officer accountable (for venues the specialist where there is one), or ``squad:ID``; of a crew of several the others come from
    anywhere in the station.
    """

    id: Id
    name: Text
    applies: Literal["beat", "venue", "call"]
    grades: tuple[Literal["A", "B", "C"], ...] = ()
    kinds: tuple[str, ...] = ()
    where: str = ""
    share: Share = 1.0
    times: Annotated[float, Field(ge=0, le=10_000)] = 1.0
    every: PeriodKind = "month"
    minutes: Annotated[float, Field(gt=0, le=100_000)] | None = None
    crew: Annotated[int, Field(ge=1, le=12)] = 1
    who: str = "owner"
    source: Text


class Limits(Strict):
    """What is too much: more indicators for one officer than ``per_officer`` (M48), more of the free time than ``plannable``.

    Both are assumptions of the card, not law.
    """

    per_officer: Annotated[int, Field(ge=1, le=1000)] = 12
    plannable: Share = 0.8


class Card(Strict):
    """The whole of ``judge.toml``; ``sample`` 示例 marks figures nobody has decided on, ``score`` is read by score sheets."""

    name: Text
    about: Text | None = None
    sample: bool = False
    indicator: Annotated[tuple[Indicator, ...], Field(min_length=1)]
    table: tuple[OwnTable, ...] = ()
    period: tuple[OwnPeriod, ...] = ()
    task: tuple[Task, ...] = ()
    limits: Limits = Limits()
    score: dict[str, Any] = {}

    def of(self, name: str) -> Indicator:
        """Return the indicator with an id."""
        return next(one for one in self.indicator if one.id == name)
