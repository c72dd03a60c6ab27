"""Scoring: raw number, rule, points, for every sheet of a station; objections and signatures merged in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from qinwu.findings import Finding, Place, QinwuError, did_you_mean
from qinwu.judge.score.checking import cap_of
from qinwu.judge.score.document import Line, ScoreCard
from qinwu.judge.score.numbers import Numbers
from qinwu.judge.score.points import points_between, points_of, vetoed
from qinwu.judge.score.ranks import LEAST_EVENTS
from qinwu.judge.score.records import OBJECTIONS, Records
from qinwu.judge.score.sheet import Raw, ScoredLine, ScoreSheet, Status
from qinwu.judge.score.shrinkage import Shrunk, shrunk
from qinwu.judge.score.survey import Survey, latest
from qinwu.judge.targets.card import Level
from qinwu.judge.targets.periods import Period
from qinwu.language import N_

PERCENT = 100.0


@dataclass
class Scoring:
    """What sheets are made from.

    Parameters
    ----------
    numbers
        The indicators.
    period
        For which period.
    surveys, records
        Surveys of the station, objections and signatures.
    today
        The day of the sheets.
    """

    numbers: Numbers
    period: Period
    surveys: Sequence[Survey] = ()
    records: Records = field(default_factory=Records)
    today: date = date.min
    _shrunk: dict[tuple[str, Level], Mapping[str, Shrunk]] = field(default_factory=dict)

    @property
    def rules(self) -> ScoreCard:
        """The score card."""
        return self.numbers.rules

    def sheets(self) -> tuple[ScoreSheet, ...]:
        """Return every sheet, officers first."""
        standing = self.numbers.ledger.standing
        return tuple(self.sheet(level, owner) for level in self.rules.levels for owner in standing.owners(level))

    def sheet(self, level: Level, owner: str) -> ScoreSheet:
        """Return the sheet of one owner."""
        rules, name = self.rules, self.period.name
        shown = [one for who in self.concerned(level, owner) for one in self.records.signed(who, name, "shown")]
        return ScoreSheet(
            level=level,
            owner=owner,
            period=name,
            lines=tuple(self.scored(line, level, owner) for line in rules.lines(level)),
            total=rules.total,
            most_bonus=rules.most_bonus,
            coefficient=rules.factor(owner) if level == "officer" else None,
            signs=rules.signs,
            shown=min((one.day for one in shown), default=None),
            signed=self.records.signed(owner, name, "signed"),
            objection_days=rules.objection_days,
            today=self.today,
        )

    def concerned(self, level: Level, owner: str) -> tuple[str, ...]:
        """Return whose a sheet is: a beat's is that of its accountable officer too, who is shown it and may object."""
        officer = self.numbers.ledger.standing.officer_of_beat(owner) if level == "beat" else ""
        return (owner, officer) if officer else (owner,)

    def scored(self, line: Line, level: Level, owner: str) -> ScoredLine:
        """Return one line of a sheet."""
        cap = cap_of(line, {one.id: one for one in self.numbers.ledger.card.indicator}) or 0.0
        raw = self._of_survey(line, level, owner) if line.survey else self._of_indicator(line, level, owner)
        concerned = self.concerned(level, owner)
        about = [one for one in self.records.objections if any(one.about(who, line.id, self.period.name) for who in concerned)]
        objection = next((one for one in about if one.state == "open"), about[-1] if about else None)
        signed = next(iter(self.records.signed(owner, self.period.name, "veto", line.id)), None)
        status: Status = "counts"
        if raw is None:
            status = "no_number"
        elif objection is not None and objection.state != "rejected":
            status = "open" if objection.state == "open" else "struck"
        elif line.kind == "veto":
            status = "quiet" if not vetoed(line, raw.used) else "proposed" if signed is None else "in_force"
        if raw is None or line.kind == "veto":
            return ScoredLine(line, cap, raw, 0.0, 0.0, 0.0, status, objection, signed if status == "in_force" else None)
        ends = points_between(line, raw.low, raw.high, cap) if line.survey else (points_of(line, raw.used, cap),) * 2
        return ScoredLine(line, cap, raw, points_of(line, raw.used, cap), *ends, status, objection)

    def _of_indicator(self, line: Line, level: Level, owner: str) -> Raw | None:
        """Return the number of an indicator, drawn to all units of its kind where it is a share or rate with few events."""
        row = self.numbers.row(line.indicator, level, owner, self.period.name)
        if row is None:
            return None
        value, used = row["value"], row["value"]
        low = high = value
        # A veto looks at what happened; only points for a level of something are drawn to what is usual.
        if line.kind != "veto" and line.each is None and row["events"] < LEAST_EVENTS:
            drawn = self._drawn(line.indicator, level).get(owner)
            if drawn is not None:
                scale = self.numbers.ledger.card.of(line.indicator).scale
                used, low, high = (scale * each for each in (drawn.value, drawn.low, drawn.high))
        return Raw(row["numerator"], row["denominator"], value, int(row["events"]), used, low, high)

    def _drawn(self, indicator: str, level: Level) -> Mapping[str, Shrunk]:
        if (indicator, level) not in self._shrunk:
            counts = self.numbers.tally(indicator, level, self.period.name)
            several = counts is not None and len(counts.names) > 1
            self._shrunk[indicator, level] = {one.name: one for one in shrunk(counts)} if counts is not None and several else {}
        return self._shrunk[indicator, level]

    def _of_survey(self, line: Line, level: Level, owner: str) -> Raw | None:
        """Return the last survey up to the end of the period with its interval, in percent."""
        name = self.numbers.ledger.standing.name_of(level, owner, "zh")
        asked = [one for one in self.surveys if one.day <= self.period.last]
        found = latest(asked, owner, line.survey) or latest(asked, name, line.survey)
        if found is None:
            return None
        value, low, high = (PERCENT * each for each in found.span)
        return Raw(found.share * found.n, float(found.n), value, found.n, value, low, high)


def record_findings(scoring: Scoring, sheets: Sequence[ScoreSheet]) -> Iterator[Finding]:
    """Yield objections to lines or owners that there are not: an objection must never be lost by a slip of the pen."""
    lines: dict[str, list[str]] = {}
    for sheet in sheets:
        for who in scoring.concerned(sheet.level, sheet.owner):
            lines.setdefault(who, []).extend(one.line.id for one in sheet.lines)
    for one in scoring.records.objections:
        if one.officer not in lines:
            guess = did_you_mean(one.officer, lines)
            message = N_("The objection {id} is by {value}, who has no sheet.")
        elif one.line not in lines[one.officer]:
            guess = did_you_mean(one.line, lines[one.officer])
            message = N_("The objection {id} is to the line {value}, which is not on the sheet.")
        else:
            continue
        value = one.officer if one.officer not in lines else one.line
        remedy = N_("Did you mean {guess}?") if guess else N_("Correct it; an objection that fits nothing would be lost.")
        yield Finding(
            "objection-to-nothing", "error", message, remedy, Place(OBJECTIONS), {"id": one.id, "value": value, "guess": guess}
        )


def period_named(numbers: Numbers, name: str) -> Period:
    """Return the period of that name, the last one where no name is given.

    Raises
    ------
    QinwuError
        Where the record does not cover it.
    """
    known = numbers.periods()
    found = next((one for one in known if one.name == name), known[-1] if known and not name else None)
    if found is None:
        message, remedy = N_("The record covers no period {value}."), N_("It covers: {known}.")
        values = {"value": name, "known": ", ".join(one.name for one in known)}
        raise QinwuError([Finding("no-period", "error", message, remedy, Place(key="period"), values)])
    return found
