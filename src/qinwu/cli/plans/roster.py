"""``qinwu plan roster``: who works when, for a month; a pattern checked; a roster audited or repaired."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from qinwu.cli.answering import between
from qinwu.cli.plans.running import OUT, SPEND, Folder, Lang, Out, Spend, finish, proposal, running
from qinwu.cli.terminal import say, show
from qinwu.findings import Finding, Place, QinwuError, raise_on_errors
from qinwu.language import N_, Language, default_language, said, translate

if TYPE_CHECKING:
    from qinwu.duty.roster_rules.rules import Pack
    from qinwu.plan.roster.asking import Asked
    from qinwu.plan.roster.needs import Needs
    from qinwu.plan.roster.patterns import Pattern
    from qinwu.plan.roster.planning import RosterPlan
    from qinwu.plan.roster.question import Question
    from qinwu.station.station import Station

USUAL_S = 10.0
FILE_SAFE = re.compile(r"[^\w-]")
FOUR_WEEKS = 28
TITLE = ("排班建议", "Proposed roster")
ABOUT = (
    "由排班表得出的班次：每个岗位哪天有几组人。从周一算起，整周循环；轮到谁以排班表为准。",
    "The watches of a roster: how many crews each post has on which day. Whole weeks from a Monday, then again; names stand there.",
)


@dataclass(frozen=True)
class Month:
    """Which days, and by which rules."""

    month: Annotated[str | None, Parameter(help=said("Month, such as 2026-01; the next one by default."))] = None
    since: Annotated[str | None, Parameter(name="--from", help=said("First day, such as 2026-01-05, instead of a month."))] = None
    days: Annotated[int | None, Parameter(help=said("Days; a month, or 28 from the first day."))] = None
    pack: Annotated[str, Parameter(help=said("Rule pack: an id, or a .toml file of your own."))] = "cn_mainland_sample"
    system: Annotated[str, Parameter(help=said("Duty system: a name in duty/, or preset:ID; the current one by default."))] = ""
    needs: Annotated[Path | None, Parameter(help=said("File of posts and officers needed, instead of the duty system's."))] = None
    target: Annotated[
        tuple[str, ...],
        Parameter(help=said("Need what these targets need, such as 'p1 response p90 <= 300s'."), negative="", show_default=False),
    ] = ()
    least: Annotated[int, Parameter(help=said("Officers on duty at any time, leaders not counted."))] = 0
    pattern: Annotated[str | None, Parameter(help=said("Check a pattern such as 24/48 or 三班倒, and serve the posts by it."))] = (
        None
    )
    groups: Annotated[int | None, Parameter(help=said("Groups that take turns in the pattern."))] = None

    def span(self) -> tuple[date, int, list[Finding]]:
        """Return the first day, the number of days, and what is wrong with them."""
        wrong = [*between("--days", self.days, 1, 366), *between("--least", self.least, 0, 100)]
        if self.month and self.since:
            message, remedy = N_("--month and --from are both given."), N_("Give one of them.")
            wrong.append(Finding("two-starts", "error", message, remedy, Place(key="--from")))
        first = _day(self.since) if self.since else _month(self.month) if self.month else _next_month()
        if first is None:
            message = N_("{value} is not a date or month.")
            remedy, value = N_("Write --from 2026-01-05 or --month 2026-01."), self.since or self.month
            wrong.append(Finding("wrong-date", "error", message, remedy, Place(key="--from"), {"value": value}))
            first = _next_month()
        whole = (_after(first) - first).days
        return first, self.days or (FOUR_WEEKS if self.since else whole), wrong


@dataclass(frozen=True)
class Sheets:
    """What the station has written down, and what it wants besides the page."""

    leave: Annotated[Path | None, Parameter(help=said("Sheet of leave, training and secondments (Excel or CSV)."))] = None
    wishes: Annotated[Path | None, Parameter(help=said("Sheet of wishes (Excel or CSV)."))] = None
    last: Annotated[Path | None, Parameter(help=said("Last month's roster (wall sheet or list), to go on from."))] = None
    audit: Annotated[Path | None, Parameter(help=said("Judge this roster by the rules instead of planning one."))] = None
    repair: Annotated[Path | None, Parameter(help=said("Repair this roster with the fewest changes, for what --leave says."))] = (
        None
    )
    begin: Annotated[str | None, Parameter(name="--since", help=said("With --repair: the first day that may change."))] = None
    start: Annotated[Path | None, Parameter(help=said("Begin the search with this roster of the same days."))] = None
    ical: Annotated[Path | None, Parameter(help=said("Folder for one calendar file for each officer."))] = None


MONTH, SHEETS = Month(), Sheets()


def roster(
    folder: Folder,
    *,
    month: Annotated[Month, Parameter(name="*")] = MONTH,
    sheets: Annotated[Sheets, Parameter(name="*")] = SHEETS,
    spend: Annotated[Spend, Parameter(name="*")] = SPEND,
    out: Annotated[Out, Parameter(name="*")] = OUT,
    lang: Lang = None,
) -> None:
    """Plan a roster."""
    language = lang or default_language()
    out = out.of(folder, "roster", language)
    first, days, wrong = month.span()
    begin = _day(sheets.begin) if sheets.begin else first
    if begin is None:
        message, values = N_("{value} is not a date."), {"value": sheets.begin}
        wrong.append(Finding("wrong-date", "error", message, N_("Write it as 2026-01-31."), Place(key="--since"), values))
    wrong += [*spend.findings(), *out.findings(folder)]
    asked = _asked(folder, month, sheets, first, days, wrong)
    if asked.pattern is not None:
        _tell_pattern(asked.pattern, asked.pack, language)
    question, told = asked.question()
    show([finding for finding in told if finding.severity == "warning"], language)
    plan, changes, more = _answer(asked, question, sheets, begin or first, spend, language)
    _finish(asked, plan, changes, (*told, *more), sheets.ical, folder, out, language)


def _answer(
    asked: Asked, question: Question, sheets: Sheets, begin: date, spend: Spend, language: Language
) -> tuple[RosterPlan, tuple[Any, ...] | None, tuple[Finding, ...]]:
    """Return the roster, the changes of a repair, and what the sheet of an earlier roster said."""
    from qinwu.plan.roster.planning import RosterPlan, plan_roster
    from qinwu.plan.roster.repair import repair

    if sheets.audit is not None:
        given, more = asked.read_roster(sheets.audit, question)
        return RosterPlan(question, given, None), None, more
    if sheets.repair is not None:
        given, more = asked.read_roster(sheets.repair, question)
        with running(said("Repairing the roster"), spend, USUAL_S, language) as effort:
            done = repair(question, given, begin, effort)
        return done.plan, done.changes, more
    begun, more = asked.read_roster(sheets.start, question) if sheets.start else (None, ())
    with running(said("Planning the roster"), spend, USUAL_S, language) as effort:
        return plan_roster(question, effort, begun), None, more


def _finish(
    asked: Asked,
    plan: RosterPlan,
    changes: tuple[Any, ...] | None,
    told: Sequence[Finding],
    ical: Path | None,
    folder: Path,
    out: Out,
    language: Language,
) -> None:
    from qinwu.report.plans.roster import Told, roster_report

    made = datetime.now().astimezone()
    report = roster_report(Told(asked.station, plan, language, tuple(told), changes), made)
    part = plan.part() if plan.proof is not None else {}
    duty = proposal(asked.station, out, part, TITLE, ABOUT, replaces=()) if part else None
    finish(report, duty, folder, out)
    if ical is not None:
        _write_calendars(asked, plan, ical, language, made)


def _write_calendars(asked: Asked, plan: RosterPlan, folder: Path, language: Language, made: datetime) -> None:
    from qinwu.plan.roster.calendars import calendar_of
    from qinwu.report.writing import write_whole

    folder.mkdir(parents=True, exist_ok=True)
    for officer in plan.roster.officers:
        zone = asked.station.config.time_zone
        text = calendar_of(plan.roster, plan.asked.needs, officer, zone, language, made)
        write_whole(folder / f"{FILE_SAFE.sub('_', officer)}.ics", text)
    count = len(plan.roster.officers)
    say(translate(N_("Written: {count} calendars in {folder}"), language).format(count=count, folder=folder))


def _asked(folder: Path, month: Month, sheets: Sheets, first: date, days: int, wrong: list[Finding]) -> Asked:
    """Return what is asked, or raise everything that is wrong with it at once."""
    from qinwu.duty.roster_rules.packs import read_pack
    from qinwu.plan.roster.asking import Asked
    from qinwu.plan.roster.patterns import parse_pattern
    from qinwu.plan.roster.sources import needs_of_file

    def tried(make: Any) -> Any:
        try:
            return make()
        except QinwuError as error:
            wrong.extend(error.findings)
            return None

    prepared = tried(lambda: _prepared(folder, month.system))
    pack = tried(lambda: read_pack(month.pack))
    pattern: Pattern | None = tried(lambda: parse_pattern(month.pattern, month.groups)) if month.pattern else None
    needs: Needs | None = None
    if prepared and month.needs:
        needs = tried(lambda: needs_of_file(month.needs, prepared[0], prepared[1], first))
    elif prepared and month.target:
        needs = tried(lambda: _needs_of_targets(folder, month))
    raise_on_errors(wrong)
    station, system = prepared
    return Asked(station, system, pack, first, days, needs, pattern, month.least, sheets.leave, sheets.wishes, sheets.last)


def _prepared(folder: Path, name: str) -> tuple[Station, Any]:
    from qinwu.simulate.trial import prepare_one

    station, loaded, _ = prepare_one(folder, name, even_without_calls=True)
    return station, loaded.system


def _needs_of_targets(folder: Path, month: Month) -> Needs:
    """Return what stated targets need, by the closed forms."""
    from qinwu.duty.staffing import posted
    from qinwu.duty.system import Watch
    from qinwu.plan.roster.sources import needs_of_targets
    from qinwu.plan.staffing import Question as Staffing
    from qinwu.queueing.staffing import WHOLE_DAY
    from qinwu.queueing.supply import Supply
    from qinwu.queueing.targets import parse_targets
    from qinwu.simulate.trial import prepare_one

    station, loaded, plan = prepare_one(folder, month.system)
    targets = parse_targets(month.target)
    supply = Supply.of(posted(station.force, loaded.system))
    staffing = Staffing(station, loaded.system, plan, targets, 2, max(month.least, 1), supply).answer(0)
    watches = {watch.id: watch for watch in (WHOLE_DAY, *loaded.system.watch)}
    chosen: list[Watch] = [watches[shift.id] for shift in staffing.shifts]
    return needs_of_targets(station, staffing.by_watch, chosen)


def _tell_pattern(pattern: Pattern, pack: Pack, language: Language) -> None:
    """Say what the arithmetic says of a pattern; one that cannot be ends the command."""
    from qinwu.plan.roster.pattern_check import check_pattern
    from qinwu.report.plans.pattern import pattern_words

    check = check_pattern(pattern)
    for line in pattern_words(check, pack, language):
        say(line)
    show(raise_on_errors(check.findings), language)


def _day(text: str | None) -> date | None:
    from qinwu.station.sheet import parse_date

    return parse_date(text) if text else None


def _month(text: str) -> date | None:
    day = _day(text)
    return day.replace(day=1) if day else None


def _after(first: date) -> date:
    """Return the first day of the month after that of `first`."""
    return (first.replace(day=1) + timedelta(days=32)).replace(day=1)


def _next_month() -> date:
    return _after(datetime.now().astimezone().date())
