"""Rules: what a roster must keep, as data. A rule pack is a TOML file of rules, each with its words and its source.

A rule without ``weight`` is hard: no roster breaks it. One with ``weight`` may be bent where nothing harder allows it: wishes, fair
shares and long watches cost the weight for each unit (a wish, a duty, an hour), every other soft rule is kept by all or given up,
the lightest first. Whatever is bent is named.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeVar

from pydantic import Field

from qinwu.duty.system import Watch
from qinwu.station.config import Strict, Text

Hours = Annotated[float, Field(ge=0, le=744)]
Count = Annotated[int, Field(ge=0, le=366)]
Mark = Literal["official", "news", "weak", "recalled", "sample"]
"""How sure a rule is: official text, news, a weak source, from memory, or a sample 示例 for the station to replace."""
LONG_DUTY_H = 16.0
"""A duty longer than this is a long one 24小时值班; other limits may hold for those who do only such."""
NIGHT_H = 3.0
"""A duty with at least so many hours between midnight and six is a night (EU Directive 2003/88, art. 2: night worker)."""
DEEP_NIGHT = (0.0, 6.0)


class Rule(Strict):
    """What every rule has: id, a short name, its words, where they come from and how sure that is, and whether it may be bent."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$")]
    name: Text
    text: Text
    source: str = ""
    mark: Mark = "sample"
    weight: Annotated[float, Field(gt=0, le=1e6)] | None = None

    @property
    def hard(self) -> bool:
        """Whether no roster may break it."""
        return self.weight is None

    @property
    def words(self) -> Text:
        """Its name with its id."""
        return Text(zh=f"“{self.name.zh}”（{self.id}）", en=f"“{self.name.en or self.name.zh}” ({self.id})")


R = TypeVar("R", bound=Rule)


class DutyLength(Rule):
    """Most hours of one duty; only of nights."""

    kind: Literal["duty_length"]
    most: Hours
    nights: bool = False


class WeekHours(Rule):
    """Hours a week: in every calendar week, or on average over the roster, where the last duty may go over by part of itself.

    ``of`` says whom it is for: those who do only long duties, those who do others too, or all.
    """

    kind: Literal["week_hours"]
    most: Hours | None = None
    least: Hours | None = None
    over: Literal["week", "roster"] = "roster"
    of: Literal["all", "long", "short"] = "all"


class Rest(Rule):
    """Least hours between the end of a duty and the next one; only after duties of at least ``after`` hours, only after nights."""

    kind: Literal["rest"]
    least: Hours
    after: Hours = 0.0
    nights: bool = False


class Sleep(Rule):
    """Hours of sleep without a break in the 24 hours from the start of a duty."""

    kind: Literal["sleep"]
    least: Annotated[float, Field(gt=0, le=12)]


class NightRun(Rule):
    """Most nights on days in a row."""

    kind: Literal["night_run"]
    most: Annotated[int, Field(ge=1, le=31)]


class DeepNight(Rule):
    """Most hours of one duty between midnight and six."""

    kind: Literal["deep_night"]
    most: Annotated[float, Field(ge=0, le=6)]


class DutyRun(Rule):
    """Most days with duty in a row."""

    kind: Literal["duty_run"]
    most: Annotated[int, Field(ge=1, le=31)]


class OffRun(Rule):
    """Least days off in a row, at the edges of the roster alike."""

    kind: Literal["off_run"]
    least: Annotated[int, Field(ge=1, le=7)]


class WeekDaysOff(Rule):
    """Least days of every calendar week on which no duty starts."""

    kind: Literal["week_days_off"]
    least: Annotated[int, Field(ge=1, le=6)]


class WeekendsOff(Rule):
    """Least weekends without any duty in every four."""

    kind: Literal["weekends_off"]
    least: Annotated[int, Field(ge=1, le=4)]


class NoGaps(Rule):
    """So many officers are on duty at every minute of the week (M56 全时覆盖)."""

    kind: Literal["no_gaps"]
    people: Annotated[int, Field(ge=1, le=20)] = 1


class Leader(Rule):
    """A leader is on duty 带班 every day, for ``counts`` of whose hours the limits of hours count."""

    kind: Literal["leader"]
    counts: Annotated[float, Field(gt=0, le=1)] = 1.0


class Sworn(Rule):
    """Sworn officers in every crew at least; auxiliaries never go alone."""

    kind: Literal["sworn"]
    least: Annotated[int, Field(ge=1, le=4)] = 1


class Protect(Rule):
    """Absences on which nobody is on duty, not even until the morning of their first day."""

    kind: Literal["protect"]
    what: Annotated[tuple[Literal["leave", "training", "secondment", "sick"], ...], Field(min_length=1)]


class Pairs(Rule):
    """Partners have the same duty on every day on which both are there."""

    kind: Literal["pairs"]


class Wishes(Rule):
    """Wishes for a day off, or for or against a watch, are granted; the weight is for each."""

    kind: Literal["wishes"]


class Fair(Rule):
    """Nights, weekend days or duties are shared alike within a post, over months."""

    kind: Literal["fair"]
    what: Literal["nights", "weekends", "duties"]


class CompTime(Rule):
    """Hours beyond this many a week are owed as time off in lieu 补休 (M28)."""

    kind: Literal["comp_time"]
    beyond: Hours


AnyRule = Annotated[
    DutyLength
    | WeekHours
    | Rest
    | Sleep
    | NightRun
    | DeepNight
    | DutyRun
    | OffRun
    | WeekDaysOff
    | WeekendsOff
    | NoGaps
    | Leader
    | Sworn
    | Protect
    | Pairs
    | Wishes
    | Fair
    | CompTime,
    Field(discriminator="kind"),
]


class Pack(Strict):
    """A rule pack: rules, and watches that keep them, for stations whose own do not."""

    id: str
    name: Text
    about: Text
    extends: tuple[str, ...] = ()
    rule: tuple[AnyRule, ...] = ()
    watch: tuple[Watch, ...] = ()

    def of(self, kind: type[R]) -> tuple[R, ...]:
        """Return its rules of one kind."""
        return tuple(rule for rule in self.rule if isinstance(rule, kind))

    def without(self, rules: frozenset[str]) -> Pack:
        """Return it without these rules."""
        return self.model_copy(update={"rule": tuple(rule for rule in self.rule if rule.id not in rules)})
