"""``qinwu plan rounds``: a month's inspections, beat visits and patrol stops."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from qinwu.cli.plans.running import OUT, SPEND, Folder, Lang, Out, Spend, finish, proposal, running
from qinwu.cli.terminal import say, show
from qinwu.findings import Finding, QinwuError, raise_on_errors
from qinwu.language import N_, Language, default_language, said, translate

if TYPE_CHECKING:
    from qinwu.duty.response_plan import ResponsePlan
    from qinwu.duty.system import DutySystem
    from qinwu.plan.rounds.answer import Rounds
    from qinwu.plan.rounds.hot_list import HotList
    from qinwu.plan.rounds.question import Question
    from qinwu.station.station import Station

USUAL_S = 60.0
FILE_SAFE = re.compile(r"[^\w.-]+")
TITLE = ("月度巡查安排", "The month's rounds")
ABOUT = (
    "按月度检查、走访安排折算的每名民警每周工时，替换现行制度里的检查和走访时间，用来推演对接处警的影响。",
    "Hours a week of each officer from the month's inspections and beat visits, in place of those of the system in force.",
)


@dataclass(frozen=True)
class Asked:
    """What month, and by which rules."""

    month: Annotated[str, Parameter(help=said("Month, as 2026-12; by default the one after that of the last call."))] = ""
    rules: Annotated[
        Path | None, Parameter(help=said("Rounds file (TOML): intervals, opening hours, draw, vetoes; the sample by default."))
    ] = None
    last: Annotated[Path | None, Parameter(help=said("Sheet of last inspections (Excel or CSV): venue_id, last_inspected."))] = None
    roster: Annotated[
        Path | None, Parameter(help=said("The month's roster (wall sheet or list): officers in it are on duty as it says."))
    ] = None
    hot: Annotated[
        Path | None,
        Parameter(help=said("List of hot places that qinwu forecast wrote (CSV); those residents called from most by default.")),
    ] = None
    ical: Annotated[Path | None, Parameter(help=said("Folder for one calendar file for each officer."))] = None
    start: Annotated[
        Path | None,
        Parameter(help=said("Earlier plan of the month (its JSON file): the search goes on from it; before --today it stays.")),
    ] = None
    today: Annotated[str, Parameter(help=said("First day planned anew, with --start."))] = ""
    keep: Annotated[
        tuple[str, ...],
        Parameter(
            negative="",
            show_default=False,
            help=said("Id of a visit of --start that stays as it is; may be given several times."),
        ),
    ] = ()
    system: Annotated[str, Parameter(help=said("Duty system: a name in duty/, or preset:ID; the current one by default."))] = ""

    def question(self, station: Station, system: DutySystem, plan: ResponsePlan) -> tuple[Question, list[Finding]]:
        """Return what is to be planned, and what is wrong with the files, all of it."""
        from qinwu.plan.rounds.aims import read_aims, sample_aims
        from qinwu.plan.rounds.asking import Asking
        from qinwu.plan.rounds.question import Question

        asking, rules = Asking(station), self.rules
        month = asking.month(self.month)
        start = asking.earlier(self.start, month)
        aims = asking.tried(lambda: read_aims(rules), sample_aims()) if rules else sample_aims()
        today = asking.day(self.today, "--today")
        question = Question(
            station,
            system,
            plan,
            aims=aims,
            month=month,
            last=asking.last(self.last),
            roster=asking.roster(self.roster, system, month.after),
            start=start,
            today=today,
            keep=asking.kept(self.keep, start),
            hot=asking.tried(lambda: _read_hot(self.hot, station, today or month.first, aims.patrol.places), None),
        )
        return question, asking.findings


def _read_hot(path: Path | None, station: Station, on: date, most: int) -> HotList | None:
    """Return the hot places of a forecast that are valid on a day; None without a file."""
    from qinwu.forecast.places.listed import read_hot_places
    from qinwu.plan.rounds.hot_list import hot_list

    return None if path is None else hot_list(read_hot_places(path, on), station.area, most, path.name)


ASKED = Asked()


def rounds(
    folder: Folder,
    *,
    asked: Annotated[Asked, Parameter(name="*")] = ASKED,
    spend: Annotated[Spend, Parameter(name="*")] = SPEND,
    out: Annotated[Out, Parameter(name="*")] = OUT,
    lang: Lang = None,
) -> None:
    """Plan a month's rounds."""
    from qinwu.plan.rounds.planning import plan_rounds
    from qinwu.report.plans.rounds import rounds_report
    from qinwu.simulate.trial import prepare_one

    language = lang or default_language()
    out = out.of(folder, "rounds", language)
    wrong = [*spend.findings(), *out.findings(folder)]
    try:
        station, loaded, plan = prepare_one(folder, asked.system, even_without_calls=True)
    except QinwuError as error:
        raise QinwuError([*wrong, *error.findings]) from None
    question, doubts = asked.question(station, loaded.system, plan)
    show([finding for finding in raise_on_errors([*wrong, *doubts]) if finding.severity == "warning"], language)
    with running(said("Planning rounds"), spend, USUAL_S, language) as effort:
        found = plan_rounds(question, effort)
    part = found.part(loaded.system)
    duty = proposal(station, out, part, TITLE, ABOUT, replaces=()) if part["work"] else None
    made = datetime.now().astimezone()
    finish(rounds_report(station, found, language, made), duty, folder, out)
    if asked.ical is not None:
        write_calendars(station, found, asked.ical, language, made)


def write_calendars(station: Station, found: Rounds, folder: Path, language: Language, made: datetime) -> None:
    """Write a calendar file for each officer who has a visit."""
    from qinwu.plan.rounds.calendars import calendar_of
    from qinwu.report.writing import write_whole

    folder.mkdir(parents=True, exist_ok=True)
    officers = sorted({officer for visit in found.visits for officer in visit.officers})
    for officer in officers:
        name = FILE_SAFE.sub("_", officer)
        write_whole(folder / f"{name}.ics", calendar_of(found, officer, station.config.time_zone, language, made))
    say(translate(N_("Written: {count} calendars in {folder}"), language).format(count=len(officers), folder=folder))
