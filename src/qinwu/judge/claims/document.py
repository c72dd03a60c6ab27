"""A claims file as it is written: claims, rates, series, league tables and small stations, in TOML."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from qinwu.judge.claims.claim import Assignment, Comparator, Kind, Mark, SourceKind
from qinwu.judge.claims.implied import Wording
from qinwu.station.config import Strict, Text

Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_\-]*$")]
Written = int | float | str
"""A figure as it stands in the source: 963, "89%", "+40.5 points"."""

Months = Annotated[float, Field(gt=0, le=1200)]
Years = Annotated[float, Field(gt=0, le=100)]
People = Annotated[int, Field(ge=0, le=100_000)]


class SourceTable(Strict):
    """Who says so."""

    text: Text
    kind: SourceKind = "news"
    mark: Mark = ""


class TrialTable(Strict):
    """Two duty systems on a synthetic station that stand in for a claim, and the measures it is about."""

    sample: str = "town"
    before: str
    after: str
    measures: Annotated[tuple[str, ...], Field(min_length=1)]


class ClaimTable(Strict):
    """One published figure; see :class:`qinwu.judge.claims.claim.Claim` for what every key means."""

    id: Id
    name: Text
    text: Text
    kind: Kind
    source: SourceTable
    value: Written = ""
    before: Written = ""
    change: Written = ""
    rounding: Written = ""
    unit: Text = Text(zh="")
    period: str = ""
    before_period: str = ""
    place: Text = Text(zh="")
    months: Months | None = None
    years: Years | None = None
    comparator: Comparator = "none"
    assignment: Assignment = "unknown"
    recording_rule: Text = Text(zh="")
    mechanisms: tuple[str, ...] = ()
    part_of: str = ""
    about: str = ""
    wording: Wording | None = None
    quote: str = ""
    trial: TrialTable | None = None
    decided: bool = False
    yardstick: bool = False


class RateTable(Strict):
    """A rate: its numerator, or the claim that gives it, and its denominator likewise. Where anything is missing it is refused."""

    id: Id
    name: Text
    numerator: Annotated[int, Field(ge=0)] | None = None
    numerator_of: str = ""
    denominator: Annotated[float, Field(gt=0)] | None = None
    denominator_of: str = ""
    per: Annotated[float, Field(gt=0)] = 100_000.0
    period: str = ""
    recording_rule: str = ""
    unit: Text = Text(zh="")
    place: Text = Text(zh="")
    source: SourceTable
    mechanisms: tuple[str, ...] = ()


class PointTable(Strict):
    """One period of a series; ``boundary`` names the area or definition it was counted in."""

    period: Annotated[str, Field(min_length=1)]
    numerator: Annotated[int, Field(ge=0)]
    denominator: Annotated[float, Field(gt=0)]
    recording_rule: Annotated[str, Field(min_length=1)]
    boundary: str = ""


class SeriesTable(Strict):
    """A rate over many periods."""

    id: Id
    name: Text
    point: Annotated[tuple[PointTable, ...], Field(min_length=2)]
    per: Annotated[float, Field(gt=0)] = 100_000.0
    unit: Text = Text(zh="")
    place: Text = Text(zh="")
    source: SourceTable
    mechanisms: tuple[str, ...] = ()


class RowTable(Strict):
    """One place of a league table."""

    name: Annotated[str, Field(min_length=1)]
    numerator: Annotated[int, Field(ge=0)]
    denominator: Annotated[float, Field(gt=0)]


class LeagueTable(Strict):
    """A league table behind a claim about a rank."""

    id: Id
    name: Text
    claim: str = ""
    row: Annotated[tuple[RowTable, ...], Field(min_length=2)]
    per: Annotated[float, Field(gt=0)] = 100_000.0
    period: Annotated[str, Field(min_length=1)]
    recording_rule: Annotated[str, Field(min_length=1)]
    source: SourceTable


class StationTable(Strict):
    """A station by its head-counts; ``shares_of`` names claims whose share is looked for among them."""

    id: Id
    name: Text
    command: People
    office: People
    front: Annotated[int, Field(ge=1, le=100_000)]
    crew: Annotated[int, Field(ge=1, le=12)] = 2
    hours: Annotated[float, Field(gt=0, le=168)] = 40.0
    shares_of: tuple[str, ...] = ()
    source: SourceTable
    mechanisms: tuple[str, ...] = ()


class ClaimsFile(Strict):
    """The whole of a claims file."""

    title: Text
    about: Text = Text(zh="")
    claim: tuple[ClaimTable, ...] = ()
    rate: tuple[RateTable, ...] = ()
    series: tuple[SeriesTable, ...] = ()
    league: tuple[LeagueTable, ...] = ()
    station: tuple[StationTable, ...] = ()
