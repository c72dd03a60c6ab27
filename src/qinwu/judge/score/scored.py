"""Scored: everything that is told about the scores of a station in one period."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import polars as pl

from qinwu.findings import Finding, Place, raise_on_errors
from qinwu.judge.score.baseline import Baseline, baselines
from qinwu.judge.score.checking import LEVELS
from qinwu.judge.score.document import ScoreCard
from qinwu.judge.score.league import League, leagues
from qinwu.judge.score.numbers import Numbers
from qinwu.judge.score.reading import LoadedScore, load_score
from qinwu.judge.score.records import Records, read_records
from qinwu.judge.score.roll_up import RollUp, roll_up
from qinwu.judge.score.scoring import Scoring, period_named, record_findings
from qinwu.judge.score.sheet import ScoredLine, ScoreSheet
from qinwu.judge.score.survey import FILES, Survey, read_surveys
from qinwu.judge.targets.card import Level
from qinwu.judge.targets.measuring import Ledger
from qinwu.judge.targets.reading import LoadedCard
from qinwu.judge.targets.standing import Standing
from qinwu.language import N_


@dataclass(frozen=True)
class Scored:
    """The scores of a station.

    Parameters
    ----------
    numbers
        The indicators, for evidence and names.
    period
        For which period.
    sheets
        Every sheet, officers first.
    leagues, roll_ups
        Units beside each other, and stations taken apart into their beats.
    baselines
        By indicator and level, numbers beside earlier years.
    surveys
        What residents said.
    records
        Objections and signatures.
    findings
        What was seen on the way.
    """

    numbers: Numbers
    period: str
    sheets: tuple[ScoreSheet, ...]
    leagues: tuple[League, ...]
    roll_ups: tuple[RollUp, ...]
    baselines: tuple[tuple[str, Level, tuple[Baseline, ...]], ...]
    surveys: tuple[Survey, ...]
    records: Records
    findings: tuple[Finding, ...]

    @property
    def rules(self) -> ScoreCard:
        """The score card."""
        return self.numbers.rules

    @property
    def standing(self) -> Standing:
        """Who owns what."""
        return self.numbers.ledger.standing

    def of(self, owner: str) -> ScoreSheet | None:
        """Return the sheet of an owner; None where there is none."""
        return next((sheet for sheet in self.sheets if sheet.owner == owner), None)

    def evidence(self, sheet: ScoreSheet, line: ScoredLine) -> pl.DataFrame | None:
        """Return the rows behind the number of a line; None for surveys, whose answers nobody keeps."""
        if not line.line.indicator or line.raw is None:
            return None
        indicator = self.numbers.indicator(line.line.indicator, sheet.level)
        return self.numbers.ledger.evidence(indicator, sheet.owner, sheet.period)

    def table(self) -> pl.DataFrame:
        """Return every line of every sheet as a tidy table."""
        rows = [
            {
                "level": sheet.level, "owner": sheet.owner, "period": sheet.period, "line": one.line.id, "kind": one.line.kind,
                "numerator": one.raw and one.raw.numerator, "denominator": one.raw and one.raw.denominator,
                "value": one.raw and one.raw.value, "used": one.raw and one.raw.used, "events": one.raw and one.raw.events,
                "points": one.points, "fewest": one.fewest, "most": one.most, "cap": one.cap, "status": one.status,
            }
            for sheet in self.sheets
            for one in sheet.lines
        ]  # fmt: skip
        texts = dict.fromkeys(("level", "owner", "period", "line", "kind", "status"), pl.String)
        numbers = dict.fromkeys(("numerator", "denominator", "value", "used", "points", "fewest", "most", "cap"), pl.Float64)
        return pl.DataFrame(rows, schema_overrides=texts | numbers | {"events": pl.Int64}) if rows else pl.DataFrame()


def score(
    ledger: Ledger,
    rules: ScoreCard,
    period: str = "",
    surveys: Sequence[Survey] = (),
    records: Records | None = None,
    today: date | None = None,
    seed: int = 1,
) -> Scored:
    """Return the scores of a station.

    Parameters
    ----------
    ledger
        A card over the station's tables.
    rules
        The score card.
    period
        Its name; the last that the record covers by default.
    surveys, records
        Surveys, objections and signatures; none by default.
    today
        The day of the sheets, which says whether the time to object is over; today by default.
    seed
        Of the draws behind ranks.

    Raises
    ------
    QinwuError
        Where the record does not cover the period, an objection fits no line, or parts are more than their whole.
    """
    numbers = Numbers(ledger, rules)
    when = period_named(numbers, period)
    known = records or Records()
    scoring = Scoring(numbers, when, tuple(surveys), known, today or date.today())
    sheets = scoring.sheets()
    found = raise_on_errors([*record_findings(scoring, sheets), *known.findings])
    return Scored(
        numbers, when.name, sheets, leagues(numbers, when.name, seed), roll_ups(numbers, when.name),
        _baselines(numbers, when.name), tuple(surveys), known, found,
    )  # fmt: skip


def score_station(
    ledger: Ledger, card: LoadedCard, folder: Path, period: str = "", today: date | None = None, seed: int = 1
) -> Scored | None:
    """Return the scores of a station folder: rules, surveys, objections and signatures as its files have them.

    None where neither the card nor a ``score.toml`` has rules. Parameters as :func:`score` has them.

    Raises
    ------
    QinwuError
        With everything that is wrong with any of these files.
    """
    loaded = rules_of(ledger, card, folder)
    if loaded is None:
        return None
    surveys, warned = surveys_of(folder)
    made = score(ledger, loaded.rules, period, surveys, read_records(folder), today, seed)
    return replace(
        made, findings=(*loaded.findings, *card.placed(tuple(control_findings(made, loaded.file))), *warned, *made.findings)
    )


def rules_of(ledger: Ledger, card: LoadedCard, folder: Path) -> LoadedScore | None:
    """Return the rules of a station's score sheets, of Qinwu's own only the lines that fit; None where nothing is scored.

    Raises
    ------
    QinwuError
        With everything that is wrong with them.
    """
    calls = ledger.table("calls")
    loaded = load_score(card, folder, [calls] if calls is not None else [])
    if loaded is None or not card.shipped:
        return loaded
    rules = _usable(loaded.rules, ledger)
    return replace(loaded, rules=rules) if rules is not None else None


def _usable(rules: ScoreCard, ledger: Ledger) -> ScoreCard | None:
    """Return Qinwu's sample rules without indicators that were left out for this station; None where none is left."""
    known = {one.id for one in ledger.card.indicator}
    lines = tuple(line for line in rules.line if line.survey or line.indicator in known)
    return rules.model_copy(update={"line": lines}) if any(line.indicator for line in lines) else None


def control_findings(made: Scored, file: str) -> Iterator[Finding]:
    """Yield a warning for every line that assesses somebody on what others move (M62)."""
    for number, line in enumerate(made.rules.line):
        for level in line.levels if line.indicator else ():
            beyond = made.numbers.beyond(line.indicator, level)
            if beyond:
                message = N_("The line {line} scores {level} on {indicator}, which takes {beyond}; they cannot order it.")
                remedy = N_("Leave it to who commands them, or to a level above.")
                values = {"line": line.id, "level": LEVELS[level], "indicator": line.indicator, "beyond": ", ".join(beyond)}
                place = Place(file, None, f"score.line[{number}]")
                yield Finding("unaccountable-line", "warning", message, remedy, place, values)


def surveys_of(folder: Path) -> tuple[tuple[Survey, ...], tuple[Finding, ...]]:
    """Return the surveys of a station folder, none where it has no file of them."""
    path = next((folder / name for name in FILES if (folder / name).exists()), None)
    return read_surveys(path) if path is not None else ((), ())


def roll_ups(numbers: Numbers, period: str) -> tuple[RollUp, ...]:
    """Return every station taken apart, for each indicator on the sheets of stations or beats."""
    standing = numbers.ledger.standing
    named = dict.fromkeys(line.indicator for line in numbers.rules.line if line.indicator)
    beats: dict[str, list[str]] = {station: [] for station in standing.owners("station")}
    for beat in standing.owners("beat"):
        beats.setdefault(standing.unit_of_beat(beat), []).append(beat)
    made = (roll_up(numbers, name, station, own, period) for name in named for station, own in beats.items() if own)
    return tuple(one for one in made if one is not None)


def _baselines(numbers: Numbers, period: str) -> tuple[tuple[str, Level, tuple[Baseline, ...]], ...]:
    named = dict.fromkeys((line.indicator, level) for line in numbers.rules.line if line.indicator for level in line.levels)
    made = ((name, level, baselines(numbers, name, level, period)) for name, level in named if level != "officer")
    return tuple(one for one in made if one[2])
