"""Claim: one published figure with everything needed to judge it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from qinwu.judge.claims.figures import Figure
from qinwu.judge.claims.implied import Span, Wording, contrast, implied_before
from qinwu.station.config import Text

Kind = Literal["count", "share", "rate", "time", "ratio", "rank", "statement"]
Comparator = Literal["none", "before", "elsewhere", "before_and_elsewhere"]
"""What the figure is compared with: nothing, the same place before, other places, or both."""

Assignment = Literal["unknown", "chosen", "natural", "random"]
"""How the place came to be treated: not said, chosen by somebody, by an accident as good as chance, or by lot."""

SourceKind = Literal["study", "statistics", "official", "news", "local_media", "hearsay"]
Mark = Literal["", "P", "N", "W", "R"]
"""P rule or official text, N news report, W weak, R recalled and not verified."""

NO_TEXT = Text(zh="")
_YEAR = re.compile(r"(1[89]|20)\d\d")


@dataclass(frozen=True, slots=True)
class Source:
    """Who says so: in words, what kind of source, and the mark of trust it was noted down with."""

    text: Text
    kind: SourceKind
    mark: Mark = ""


@dataclass(frozen=True, slots=True)
class Try:
    """What stands in for a claim that cannot be checked: two duty systems on a synthetic station, and the measures it is about."""

    sample: str
    before: str
    after: str
    measures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """A published figure.

    Parameters
    ----------
    id, name, text
        Its id, what is counted in two or three words, and the claim as a sentence.
    kind
        Count, share, rate, time, ratio, rank, or a statement without a figure.
    value, before, change
        The figure, the figure before, and the change, each as written; None where not published.
    unit, period, before_period, place
        What is counted in, when, since when (empty or without a year: undated), and where.
    months
        Months that the figure covers after the change, > 0; None where not known.
    years
        Over how many years a yearly pace is worked out, > 0; None for none.
    comparator, assignment
        What it is compared with, and how the place came to be treated.
    recording_rule
        By which rule cases are counted.
    source
        Who says so.
    mechanisms
        The mechanisms of the articles that it belongs to, such as ``M35``.
    part_of
        Id of the claim whose cases include these.
    about
        Claims about the same thing share this key and are shown side by side.
    wording
        What the source calls the change.
    quote
        The source's own words.
    trial
        How to try it on a synthetic station.
    decided
        Whether somebody set the figure, such as how many stations there are, and nobody counted events.
    yardstick
        Whether it is not one of the claims but shown beside them, for what stronger evidence looks like.
    """

    id: str
    name: Text
    text: Text
    kind: Kind
    source: Source
    value: Figure | None = None
    before: Figure | None = None
    change: Figure | None = None
    unit: Text = NO_TEXT
    period: str = ""
    before_period: str = ""
    place: Text = NO_TEXT
    months: float | None = None
    years: float | None = None
    comparator: Comparator = "none"
    assignment: Assignment = "unknown"
    recording_rule: Text = NO_TEXT
    mechanisms: tuple[str, ...] = ()
    part_of: str = ""
    about: str = ""
    wording: Wording | None = None
    quote: str = ""
    trial: Try | None = None
    decided: bool = False
    yardstick: bool = False

    @property
    def looks_back(self) -> bool:
        """Whether it is compared with the time before."""
        return self.comparator in ("before", "before_and_elsewhere")

    @property
    def dated(self) -> bool:
        """Whether a year is given for the figure."""
        return bool(_YEAR.search(self.period))

    @property
    def before_dated(self) -> bool:
        """Whether a year is given for the time before."""
        return bool(_YEAR.search(self.before_period))

    @property
    def base(self) -> Span | None:
        """The figure before, as published or as it follows from the change; None where nothing follows."""
        if self.before is not None:
            return span_of(self.before)
        if self.value is None or self.change is None:
            return None
        if self.change.written == "points":
            value, change = self.value, self.change
            return Span(value.value - change.value, value.low - change.high, value.high - change.low)
        return implied_before(self.value.value, self.change.value, self.change.step, after_rounding=self.value.step)

    @property
    def base_implied(self) -> bool:
        """Whether the figure before was not published and only follows."""
        return self.before is None and self.base is not None

    @property
    def relative_change(self) -> Span | None:
        """The relative change, as published or as it follows from both figures; None where nothing follows."""
        if self.change is not None and self.change.written != "points":
            return span_of(self.change)
        base = self.base
        if base is None or self.value is None or base.low <= 0.0:
            return None
        return contrast(base, span_of(self.value)).relative


def span_of(figure: Figure) -> Span:
    """Return a figure with the bounds of its rounding."""
    return Span(figure.value, figure.low, figure.high)
