"""``qinwu judge``: targets held against hours, history and command, and every other chapter of judging, in one report."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from qinwu.cli.answering import PAGE_ONLY, Files, read_with
from qinwu.cli.terminal import progress, say, show, show_sheet
from qinwu.findings import Finding, Place
from qinwu.language import N_, Language, default_language, translate
from qinwu.language import said as _

if TYPE_CHECKING:
    from qinwu.duty.reading import LoadedSystem
    from qinwu.duty.response_plan import ResponsePlan
    from qinwu.judge.officers.accounting import OfficersAccount
    from qinwu.judge.score.scored import Scored
    from qinwu.judge.targets.judging import Judged
    from qinwu.judge.targets.reading import LoadedCard
    from qinwu.report.chapters.chapter import Chapter
    from qinwu.report.chapters.chapter_report import ChapterReport
    from qinwu.station.station import Station

SHOWN_TABLES = 2


@dataclass(frozen=True)
class Asked:
    """What is judged, and over which days."""

    card: Annotated[Path | None, Parameter(help=_("Card of indicators; judge.toml of the folder, else a sample card."))] = None
    system: Annotated[
        str, Parameter(help=_("Duty system that says who owns what: a name in duty/, or preset:ID; the current one by default."))
    ] = ""
    month: Annotated[str, Parameter(help=_("Only this month, such as 2025-03."))] = ""
    since: Annotated[str, Parameter(name="--from", help=_("First day judged, such as 2025-01-01."))] = ""
    until: Annotated[str, Parameter(name="--to", help=_("Last day judged."))] = ""
    officer: Annotated[str, Parameter(help=_("The page of one officer, by id, instead of the station's."))] = ""
    named: Annotated[bool, Parameter(negative="", help=_("Show officers' hours one by one, by code; only for the chief."))] = False
    log: Annotated[Path | None, Parameter(help=_("Log of duty; duty-log of the folder by default."))] = None
    roster: Annotated[Path | None, Parameter(help=_("Roster that was planned; the duty system's pattern by default."))] = None

    def days(self) -> tuple[tuple[date | None, date | None], list[Finding]]:
        """Return first and last day judged (None: that of the record), and what is wrong with them."""
        from qinwu.station.sheet import parse_date

        wrong = list[Finding]()
        read = {}
        for option, text in (("--month", self.month), ("--from", self.since), ("--to", self.until)):
            read[option] = parse_date(text) if text else None
            if text and read[option] is None:
                message, remedy = N_("{option}: {value} is no date."), N_("Write it as 2025-03 or 2025-03-01.")
                wrong.append(Finding("bad-date", "error", message, remedy, Place(), {"option": option, "value": text}))
        first, last = read["--from"], read["--to"]
        if (month := read["--month"]) is not None:
            if first or last:
                message, remedy = N_("--month does not go together with --from and --to."), N_("Give one of them.")
                wrong.append(Finding("several-spans", "error", message, remedy))
            first, last = _month(month)
        if first is not None and last is not None and first > last:
            message, remedy = N_("The last day judged comes before the first."), N_("Exchange --from and --to.")
            wrong.append(Finding("span-ends-early", "error", message, remedy))
        return (first, last), wrong


def _month(day: date) -> tuple[date, date]:
    from calendar import monthrange

    return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])


AS_USUAL = Asked()


@dataclass
class Case:
    """What was read: the station, its duty system, the card, what is asked; and what was seen so far."""

    station: Station
    loaded: LoadedSystem
    plan: ResponsePlan
    card: LoadedCard
    asked: Asked
    since: date | None
    until: date | None
    language: Language
    findings: list[Finding] = field(default_factory=list)
    on_done: Callable[[int], object] = lambda _: None

    @cached_property
    def judged(self) -> Judged:
        """Targets judged."""
        from qinwu.judge.targets.judging import judge_targets

        found = judge_targets(self.card, self.station, self.loaded.system, self.since, self.until, on_done=self.on_done)
        self.findings.extend(found.findings)
        return found

    @cached_property
    def scored(self) -> Scored | None:
        """Score sheets of the last period; None without rules."""
        from qinwu.judge.score.scored import score_station

        found = score_station(self.judged.ledger, self.card, self.station.folder)
        self.findings.extend(found.findings if found is not None else ())
        return found

    @cached_property
    def account(self) -> OfficersAccount:
        """Hours of officers."""
        from qinwu.judge.officers.sources import Asked as Sources
        from qinwu.judge.officers.sources import account_station

        sources = Sources(log=self.asked.log, roster=self.asked.roster, since=self.since, until=self.until)
        found = account_station(self.station, self.loaded.system, sources, self.plan)
        self.findings.extend(found.findings)
        return found


def judge(
    folder: Annotated[Path, Parameter(help=_("The station folder."))],
    *,
    asked: Annotated[Asked, Parameter(name="*")] = AS_USUAL,
    files: Annotated[Files, Parameter(name="*")] = PAGE_ONLY,
    lang: Annotated[Language | None, Parameter(name="--lang", help=_("Language of what is written: zh or en."))] = None,
) -> None:
    """Judge a station."""
    language = lang or default_language()
    files = files.of(folder, f"judge-{asked.officer}" if asked.officer else "judge", language)
    (since, until), wrong = asked.days()
    station, loaded, plan, card = read_with([*files.findings(), *wrong], lambda: _read(folder, asked))
    case = Case(station, loaded, plan, card, asked, since, until, language)
    report = _report(case)
    say(report.claim)
    for line in report.deck:
        say(line)
    for shown in [one for one in report.chapters[0].tables if not one.folded][:SHOWN_TABLES]:
        show_sheet(shown.sheet)
    files.write(report, report.write_html)


def _read(folder: Path, asked: Asked) -> tuple[Station, LoadedSystem, ResponsePlan, LoadedCard]:
    """Read station, duty system and card, telling everything wrong with all of them at once."""
    from qinwu.findings import QinwuError
    from qinwu.judge.targets.reading import load_card
    from qinwu.simulate.trial import prepare_one

    wrong = list[Finding]()
    card = None
    try:
        card = load_card(folder, asked.card)
    except QinwuError as error:
        wrong += error.findings
    station, loaded, plan = read_with(wrong, lambda: prepare_one(folder, asked.system))
    if card is None:
        raise QinwuError(wrong)
    return station, loaded, plan, card


def _report(case: Case) -> ChapterReport:
    """Return the report, chapter by chapter; for one officer only what is the officer's own."""
    from qinwu.judge.targets.judging import STEPS
    from qinwu.report.chapters.judge_report import judge_report

    own = case.asked.officer
    makers = (_own_hours, _own_score) if own else (_targets, _scores, _integrity, _hours)
    chapters: list[Chapter] = []
    with progress(translate(N_("Judging"), case.language), STEPS + len(makers)) as case.on_done:
        for number, make in enumerate(makers, start=STEPS + 1):
            chapters.append(make(case))
            case.on_done(number)
    show(case.findings, case.language)
    kind = "own-page" if own else "judge"
    return judge_report(case.station, chapters, case.language, datetime.now().astimezone(), kind)


def _targets(case: Case) -> Chapter:
    from qinwu.report.chapters.targets import targets_chapter

    return targets_chapter(case.judged, case.language)


def _scores(case: Case) -> Chapter:
    from qinwu.report.chapters.judge_report import no_scores
    from qinwu.report.chapters.score import score_chapter

    scored = case.scored
    return score_chapter(scored, case.language) if scored is not None else no_scores(case.language)


def _integrity(case: Case) -> Chapter:
    from qinwu.judge.integrity.screening import screen_station
    from qinwu.report.chapters.integrity import integrity_chapter

    screened = screen_station(case.station, case.loaded.system)
    case.findings.extend(screened.findings)
    return integrity_chapter(screened, case.language)


def _hours(case: Case) -> Chapter:
    from qinwu.report.chapters.officers import officers_chapter

    return officers_chapter(case.account, case.loaded.system, case.language, named=case.asked.named)


def _own_hours(case: Case) -> Chapter:
    from qinwu.report.chapters.officers_own import own_hours_chapter

    return own_hours_chapter(case.account, case.loaded.system, case.asked.officer, case.language)


def _own_score(case: Case) -> Chapter:
    from qinwu.report.chapters.judge_report import no_scores
    from qinwu.report.chapters.score import own_score

    scored, officer = case.scored, case.asked.officer
    if scored is None or not any(one.level == "officer" and one.owner == officer for one in scored.sheets):
        return no_scores(case.language, officer)
    return own_score(scored, officer, case.language)
