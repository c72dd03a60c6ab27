"""Terms: how hours are counted, what is owed as time off, what recognition weighs; a TOML file whose parts name their sources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from qinwu.duty.roster_rules.rules import Mark
from qinwu.findings import Finding, Place, QinwuError, raise_on_errors
from qinwu.judge.officers.log import Kind
from qinwu.judge.targets.denied import rule_for
from qinwu.language import N_
from qinwu.station.config import Share, Strict, Text
from qinwu.station.toml_file import parse_toml, validate

TERMS = Path(__file__).parent / "packs"
SUFFIX = ".toml"
DEFAULT_TERMS = "cn_mainland_sample"
DayKind = Literal["workday", "rest_day", "holiday"]
Hours = Annotated[float, Field(ge=0, le=168)]
Weight = Annotated[float, Field(ge=0, le=100)]


class Part(Strict):
    """What every part has: its words, where they come from and how sure that is."""

    text: Text
    source: str = ""
    mark: Mark = "sample"


class NormHours(Part):
    """Hours asked of a month.

    ``by`` is ``workdays``: `hours` for each working day of the official calendar that is no leave; or ``week``: `hours` a week of
    the days on which the officer was there, as the planner of rosters counts. ``day_h`` is how long a whole day of leave, training
    or secondment counts.
    """

    by: Literal["workdays", "week"] = "workdays"
    hours: Hours = 8.0
    day_h: Annotated[float, Field(gt=0, le=24)] = 8.0


class Counted(Part):
    """Share of the hours of each kind that counts as worked; kinds not named count in full."""

    share: dict[Kind, Share] = {}


class Credit(Part):
    """Hours that are owed whatever the month comes to: those of some kinds on some kinds of days; the first that fits holds."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$")]
    on: Annotated[tuple[DayKind, ...], Field(min_length=1)]
    kinds: Annotated[tuple[Kind, ...], Field(min_length=1)]
    share: Annotated[float, Field(ge=0, le=5)] = 1.0


class Beyond(Part):
    """What is owed for each other hour beyond the norm of the month."""

    share: Annotated[float, Field(ge=0, le=5)] = 1.0


class Lapse(Part):
    """Months within which time off is to be given, and from how many months before it is called due."""

    months: Annotated[int, Field(ge=1, le=60)] = 6
    warn_months: Annotated[int, Field(ge=0, le=12)] = 1


class Weights(Strict):
    """Points for an hour, and what is added for hours of the night, of weekends and holidays, on calls, on tasks."""

    hour: Weight = 1.0
    night_hour: Weight = 0.0
    weekend_hour: Weight = 0.0
    holiday_hour: Weight = 0.0
    call_hour: Weight = 0.0
    task_hour: Weight = 0.0


class Recognition(Part):
    """What load-weighted recognition weighs (M28)."""

    weights: Weights = Weights()


class Terms(Strict):
    """How hours are counted and time off is kept."""

    id: str
    name: Text
    about: Text
    norm: NormHours
    counts: Counted
    credit: tuple[Credit, ...] = ()
    beyond: Beyond
    lapse: Lapse
    recognition: Recognition

    def share_of(self, kind: Kind) -> float:
        """Return the share of the hours of a kind that counts as worked."""
        return self.counts.share.get(kind, 1.0)

    def credit_for(self, kind: Kind, day: DayKind) -> Credit | None:
        """Return what is owed for hours of a kind on a kind of day, None where only the norm of the month decides."""
        return next((one for one in self.credit if kind in one.kinds and day in one.on), None)


def terms_ids() -> tuple[str, ...]:
    """Return the ids of the terms that come with Qinwu.

    >>> terms_ids()
    ('cn_mainland_sample',)
    """
    return tuple(sorted(path.stem for path in TERMS.glob(f"*{SUFFIX}")))


def read_terms(name: str | Path = DEFAULT_TERMS) -> Terms:
    """Return terms.

    Parameters
    ----------
    name
        Id of terms that come with Qinwu, or the path of a TOML file.

    Raises
    ------
    QinwuError
        With everything wrong in the file: unknown keys, numbers outside their range, a reward for arrests, fines or recorded crime.
    """
    shipped = TERMS / f"{name}{SUFFIX}"
    path = shipped if not str(name).endswith(SUFFIX) else Path(name)
    if not path.is_file():
        message, remedy = N_("There are no terms {value}."), N_("Terms: {known}; or give the path of your own .toml file.")
        values = {"value": str(name), "known": ", ".join(terms_ids())}
        raise QinwuError([Finding("unknown-terms", "error", message, remedy, Place(key="--terms"), values)])
    data, text = parse_toml(path)
    raise_on_errors(_banned(data, path.name))
    return validate(data, Terms, path.name, text)


def _banned(data: Mapping[str, Any], file: str) -> Iterator[Finding]:
    """Yield an error for everything that would be rewarded and must not be a target either (M28; guards 9)."""
    for name in _rewarded(data):
        if (found := rule_for(name)) is not None:
            message = N_("{value} must not be rewarded: {name} ({matched}). {source}.")
            remedy = N_("Reward hours and load: nights, weekends, holidays, calls, tasks.")
            values = {"value": name, "name": found[0].name, "matched": found[1], "source": found[0].source}
            yield Finding("banned-reward", "error", message, remedy, Place(file, key=f"recognition.weights.{name}"), values)


def _rewarded(data: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what terms give points for."""
    recognition = data.get("recognition")
    weights = recognition.get("weights") if isinstance(recognition, dict) else None
    return tuple(str(key) for key in weights) if isinstance(weights, dict) else ()
