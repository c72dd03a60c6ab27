"""Judging: a card measured, and every target on it held against hours, history, command and the deny-list before it is issued."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

import polars as pl

from qinwu.duty.compile import last_day
from qinwu.duty.system import DutySystem
from qinwu.findings import Finding, Place, raise_on_errors
from qinwu.judge.targets.attempts import Log, log_attempts, verify_log
from qinwu.judge.targets.available import OfficerMonth, months_ahead, officer_months
from qinwu.judge.targets.card import Card, Indicator
from qinwu.judge.targets.control import Answers, Control, answers, controls
from qinwu.judge.targets.demand import demands
from qinwu.judge.targets.denied import Denial, denial_findings, denials
from qinwu.judge.targets.feasible import Row, Verdict, judge_together, rows_of
from qinwu.judge.targets.formula import expression_findings
from qinwu.judge.targets.history import Met, history
from qinwu.judge.targets.kept import Kept
from qinwu.judge.targets.measuring import Ledger, measured
from qinwu.judge.targets.periods import Period
from qinwu.judge.targets.reading import LoadedCard
from qinwu.language import N_
from qinwu.station.station import Station

NOT_HERE = frozenset({"no-owner", "divides-by-zero", "no-period", "unknown-owner"})
"""What keeps an indicator of Qinwu's own card from a station that has no such owners or rows: it is left out and told."""
NO_FILE = "missing-file"
STEPS = 6
"""How often :func:`judge_targets` says that it got further."""


@dataclass(frozen=True)
class Judged:
    """A card judged.

    Parameters
    ----------
    loaded, ledger
        The card as it was read, and over which tables.
    measured
        Every indicator for every owner and period, as :func:`qinwu.judge.targets.measuring.measure` gives it.
    months
        The months for which targets are issued.
    hours
        Hours of every officer in each of them.
    rows
        Every inequality that has to hold.
    verdicts
        Whether the hours suffice, for every target and minimum that asks for recurring work, by id.
    history
        How often each target would have been met, by id: all owners together first.
    controls
        What moves each target and who cannot order it, by id.
    answers
        How many indicators each officer answers for.
    denied
        Indicators on the deny-list; only those that are shown can be here.
    log
        The log of refused attempts.
    left_out
        Indicators of Qinwu's own card that this station has no rows or owners for.
    findings
        Warnings and notes.
    """

    loaded: LoadedCard
    ledger: Ledger
    measured: pl.DataFrame
    months: tuple[Period, ...]
    hours: Mapping[tuple[str, str], OfficerMonth]
    rows: tuple[Row, ...]
    verdicts: Mapping[str, Verdict]
    history: Mapping[str, tuple[Met, ...]]
    controls: Mapping[str, tuple[Control, ...]]
    answers: tuple[Answers, ...]
    denied: tuple[Denial, ...]
    log: Log
    left_out: tuple[Indicator, ...]
    findings: tuple[Finding, ...]

    @property
    def card(self) -> Card:
        """The card that was judged, without what was left out."""
        return self.ledger.card

    @property
    def counting(self) -> tuple[Indicator, ...]:
        """Targets and minimums, in the order of the card."""
        return tuple(one for one in self.card.indicator if one.counts)

    def refused(self, indicator: Indicator) -> bool:
        """Return whether a target must not be issued: the hours do not suffice for it."""
        verdict = self.verdicts.get(indicator.id)
        return verdict is not None and not verdict.feasible

    def out_of_reach(self, indicator: Indicator) -> bool:
        """Return whether nobody met it in any of enough past periods."""
        return self.history[indicator.id][0].out_of_reach

    def unaccountable(self, indicator: Indicator) -> tuple[Control, ...]:
        """Return the owners who cannot order what moves it."""
        return tuple(one for one in self.controls[indicator.id] if not one.accountable)

    @property
    def too_full(self) -> tuple[Row, ...]:
        """Rows that are broken even without any target: recurring work alone is too much."""
        return tuple(row for row in self.rows if row.broken({}))


def judge_targets(
    loaded: LoadedCard,
    station: Station,
    system: DutySystem,
    since: date | None = None,
    until: date | None = None,
    when: datetime | None = None,
    on_done: Callable[[int], object] = lambda _: None,
    kept: Kept | None = None,
) -> Judged:
    """Return a card measured and every target on it judged.

    Parameters
    ----------
    loaded
        The card.
    station, system
        Where, and the duty system in force.
    since, until
        First and last day measured; those of the record by default.
    when
        Time for the log of refused attempts; now by default.
    on_done
        Told how many of ``STEPS`` steps are done.
    kept
        What the station keeps elsewhere than in its files.

    Raises
    ------
    QinwuError
        With everything that is wrong with the card's formulas, tables and owners, and every forbidden target.
    """
    ledger = Ledger.of(loaded.card, station, system, since, until, loaded.file, kept)
    ledger, left_out, findings = _usable(loaded, ledger)
    on_done(1)
    denied = _refuse_crimes(loaded, ledger, station.folder, when, findings)
    raise_on_errors(findings)
    table = measured(ledger, ledger.card.indicator)
    on_done(2)
    months = months_ahead(last_day(ledger.standing.station.calls))
    hours = officer_months(ledger.standing, ledger.plan, months)
    on_done(3)
    wanted = demands(ledger, months)
    rows = rows_of(wanted, hours, ledger.card.limits.plannable)
    on_done(4)
    counting = [one for one in ledger.card.indicator if one.counts]
    verdicts = judge_together(counting, rows)
    past = {one.id: history(one, table) for one in counting}
    on_done(5)
    control = {one.id: controls(one, ledger) for one in counting}
    judged = Judged(
        loaded,
        ledger,
        table,
        months,
        hours,
        rows,
        verdicts,
        past,
        control,
        answers(ledger),
        denied,
        verify_log(station.folder),
        left_out,
        (),
    )
    on_done(STEPS)
    told = loaded.placed([*findings, *_verdict_findings(judged)])
    return replace(judged, findings=(*told, *judged.log.findings))


def usable_ledger(loaded: LoadedCard, station: Station, system: DutySystem, kept: Kept | None = None) -> Ledger:
    """Return a card over the station's tables; of Qinwu's own card without the indicators this station has nothing for.

    Raises
    ------
    QinwuError
        With everything that is wrong with the card's formulas, tables and owners.
    """
    ledger, _, findings = _usable(loaded, Ledger.of(loaded.card, station, system, file=loaded.file, kept=kept))
    raise_on_errors(findings)
    return ledger


def _usable(loaded: LoadedCard, ledger: Ledger) -> tuple[Ledger, tuple[Indicator, ...], list[Finding]]:
    """Return the ledger and its findings; of Qinwu's own card without the indicators this station has nothing for."""
    findings = [*ledger.findings(), *_task_findings(ledger)]
    if not loaded.shipped:
        return ledger, (), list(loaded.placed(findings))
    findings = [_no_record(one) if one.code == NO_FILE else one for one in findings]
    out = {_number_of(one) for one in findings if one.code in NOT_HERE and one.severity == "error"}
    gone = tuple(one for number, one in enumerate(ledger.card.indicator) if number in out)
    ids = {one.id for one in gone}
    kept = tuple(
        one.model_copy(update={"counter": "" if one.counter in ids else one.counter})
        for one in ledger.card.indicator
        if one.id not in ids
    )
    findings = [one for one in findings if not (one.code in NOT_HERE and one.severity == "error")]
    if gone:
        names = ", ".join(sorted(ids))
        message, remedy = N_("The sample card leaves out {names}: this station has no rows or owners for them."), ""
        findings.append(Finding("left-out", "note", message, remedy, Place(loaded.file), {"names": names}))
        ledger = replace(ledger, card=ledger.card.model_copy(update={"indicator": kept}))
    return ledger, gone, list(loaded.placed(findings))


def _no_record(finding: Finding) -> Finding:
    """Return a missing file of the sample card as a note: its indicators are judged by hours and have no past."""
    message, remedy = (
        N_("There is no {file}; its indicators have no figures yet."),
        N_("Keep one with the columns of the sample card."),
    )
    return replace(finding, severity="note", message=message, remedy=remedy, values={"file": finding.place.file})


def _number_of(finding: Finding) -> int:
    """Return the position of the indicator a finding is about, -1 for none."""
    head = finding.place.key.partition("]")[0]
    return int(head.removeprefix("indicator[")) if head.startswith("indicator[") else -1


def _task_findings(ledger: Ledger) -> Iterator[Finding]:
    """Yield what is wrong with recurring work against the station: conditions, minutes, squads, who asks for it."""
    squads = {one.id for one in ledger.standing.system.squad}
    calls = ledger.table("calls")
    for number, task in enumerate(ledger.card.task):
        place = Place(ledger.file, None, f"task[{number}]")
        values = {"task": task.id, "value": task.who}
        if task.where.strip() and calls is not None:
            yield from expression_findings(task.where, calls, replace(place, key=f"{place.key}.where"), boolean=True)
        if task.minutes is None and task.applies != "venue":
            message, remedy = N_("The work {task} does not say how long it takes."), N_("Write minutes = and a number.")
            yield Finding("missing-value", "error", message, remedy, place, values)
        if task.who != "owner" and task.who.removeprefix("squad:") not in squads:
            message, remedy = N_("{value} does the work {task}, and names nobody."), N_('Write "owner" or "squad:ID": {known}.')
            values = {**values, "known": ", ".join(sorted(squads))}
            yield Finding("unknown-worker", "error", message, remedy, replace(place, key=f"{place.key}.who"), values)
        asking = [one.id for one in ledger.card.indicator if one.counts and one.asks is not None and one.asks.task == task.id]
        if len(asking) > 1:
            message, remedy = N_("{names} all ask for the work {task}."), N_("Let one of them ask for it, or divide the work.")
            yield Finding("asked-twice", "error", message, remedy, place, {"names": ", ".join(asking), "task": task.id})


def _refuse_crimes(
    loaded: LoadedCard, ledger: Ledger, folder: Path, when: datetime | None, findings: list[Finding]
) -> tuple[Denial, ...]:
    """Return what is on the deny-list now that tables are read; targets among them are logged and added to the findings."""
    tables = [table for name in ledger.table_ids if (table := ledger.read(name)) is not None]
    found = denials(ledger.card, tables)
    refused = [one for one in found if ledger.card.of(one.indicator).counts]
    if not loaded.shipped:
        log_attempts(folder, loaded.file, refused, when or datetime.now().astimezone())
    findings += loaded.placed(tuple(denial_findings(ledger.card, refused, loaded.file)))
    return tuple(found)


def _verdict_findings(judged: Judged) -> Iterator[Finding]:
    """Yield a warning for every target that must not be issued as it is, and for officers with too many indicators."""
    numbers = {one.id: number for number, one in enumerate(judged.loaded.card.indicator)}
    for one in judged.counting:
        place = Place(judged.loaded.file, None, f"indicator[{numbers[one.id]}]")
        if judged.refused(one):
            yield _refused(judged.verdicts[one.id], place)
        if judged.out_of_reach(one):
            message = N_("{indicator}: {asked} was met in none of {periods} past periods; the best was {best}.")
            remedy = N_("Ask for what has been reached, and say what will be different.")
            met = judged.history[one.id][0]
            values = {"indicator": one.id, "asked": f"{one.asked:g}", "periods": met.periods, "best": f"{met.best:.4g}"}
            yield Finding("never-met", "warning", message, remedy, place, values)
        for control in judged.unaccountable(one)[:1]:
            message = N_("{indicator} is an unaccountable target: {owner} cannot order {beyond}, which it takes.")
            remedy = N_("Give the indicator to who commands them, or give {owner} command.")
            values = {"indicator": one.id, "owner": control.owner, "beyond": ", ".join(control.beyond)}
            yield Finding("unaccountable-target", "warning", message, remedy, place, values)
    yield from _load_findings(judged.answers, judged.card.limits.per_officer, judged.loaded.file)


def _refused(verdict: Verdict, place: Place) -> Finding:
    row = verdict.binding[0]
    message = N_("{indicator}: {asked} is refused; the largest value that fits is {largest} (binding: {where}, {month}).")
    where = "、".join(row.beats) or "、".join(sorted(row.group))
    values = {"indicator": verdict.indicator, "asked": f"{verdict.asked:g}", "largest": f"{verdict.largest:.4g}"}
    remedy = N_("Ask for no more than that, or give hours: fewer other tasks, more officers.")
    return Finding("infeasible-target", "warning", message, remedy, place, {**values, "where": where, "month": row.month})


def _load_findings(found: Sequence[Answers], most: int, file: str) -> Iterator[Finding]:
    over = [one for one in found if one.count > most]
    if over:
        message = N_("{count} officers answer for more than {most} indicators, at most {largest}.")
        remedy = N_("Leave out what nobody acts on; every indicator costs time to count.")
        values = {"count": len(over), "most": most, "largest": max(one.count for one in over)}
        yield Finding("too-many-indicators", "warning", message, remedy, Place(file, None, "limits.per_officer"), values)
