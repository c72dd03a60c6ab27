"""``qinwu plan beats``: the area cut into beats, with their sectors, as a duty file to try and to sign."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from qinwu.cli.answering import between
from qinwu.cli.plans.running import OUT, SPEND, Folder, Lang, Out, Spend, finish, proposal, running
from qinwu.cli.terminal import show
from qinwu.findings import Finding, QinwuError, raise_on_errors
from qinwu.language import default_language, said

if TYPE_CHECKING:
    from qinwu.duty.reading import LoadedSystem
    from qinwu.duty.response_plan import ResponsePlan
    from qinwu.plan.beats.aims import BeatAims
    from qinwu.plan.beats.planning import BeatQuestion
    from qinwu.station.station import Station

USUAL_S = 30.0
TITLE = ("责任区划分建议", "Proposed beats")
ABOUT = (
    "重新划分的责任区（有警务区的一并调整）；勤务、排班、派警规则与现行制度相同。",
    "Beats drawn anew, and sectors where there are any; rosters, squads and dispatch rules are those in force.",
)


@dataclass(frozen=True)
class Asked:
    """What is asked of the beats."""

    beats: Annotated[str | None, Parameter(help=said("How many: 12, or a range 10-14; as many as today by default."))] = None
    within: Annotated[float, Parameter(help=said("Workload of each beat within this share of the mean."))] = 0.15
    continuity: Annotated[float, Parameter(help=said("Least share of residents who keep their officer, 0 to 1."))] = 0.0
    compactness: Annotated[float, Parameter(help=said("Least compactness of a beat, 0 to 1; 1 is a circle."))] = 0.0
    fix: Annotated[tuple[str, ...], Parameter(help=said("Atoms that stay: A001=B01,A002=B01."), negative="")] = ()
    border: Annotated[
        tuple[str, ...],
        Parameter(help=said("A border that no beat crosses: a GeoJSON file of lines, or pairs A1:A2,A1:A3."), negative=""),
    ] = ()
    join: Annotated[tuple[str, ...], Parameter(help=said("Neighbours besides, such as by a bridge: A1:B7."), negative="")] = ()
    whole: Annotated[
        str | None, Parameter(help=said("Communities kept whole: a sheet of atom and community, or a property of the atoms file."))
    ] = None
    weight: Annotated[
        tuple[str, ...],
        Parameter(help=said("What counts how much: response=1,balance=0.5,compactness=0.25,continuity=0.25."), negative=""),
    ] = ()
    sectors: Annotated[int | None, Parameter(help=said("How many sectors; as many as today by default, 0 for none."))] = None
    specialists: Annotated[
        tuple[str, ...],
        Parameter(help=said("Share the venues out among these officers, each a functional beat: P022,P023."), negative=""),
    ] = ()
    divide: Annotated[Literal["trade", "area"], Parameter(help=said("Share venues out by trade or by area."))] = "trade"
    start: Annotated[str | None, Parameter(help=said("Go on from this duty file of an earlier plan."))] = None
    exact: Annotated[bool, Parameter(negative="", help=said("Only the shortest travel, with a proof of how short it can be."))] = (
        False
    )

    def findings(self) -> list[Finding]:
        """Return what is wrong with the numbers."""
        return [
            *between("--within", self.within, 0.001, 10.0),
            *between("--continuity", self.continuity, 0.0, 1.0),
            *between("--compactness", self.compactness, 0.0, 1.0),
            *between("--sectors", self.sectors, 0, 1000),
        ]

    def aims(self, station: Station) -> BeatAims:
        """Return the aims, with what files say."""
        from qinwu.plan.beats.aims import BeatAims, unordered
        from qinwu.plan.beats.asking import borders_of, communities, number_range, pairs_of, weights_of

        usual = BeatAims()
        return BeatAims(
            beats=number_range(self.beats) if self.beats else None,
            within=self.within,
            continuity=self.continuity,
            compactness=self.compactness,
            fixed=dict(pairs_of("--fix", self.fix, "=")),
            borders=borders_of(station, self.border),
            joins=unordered(pairs_of("--join", self.join, ":")),
            whole=communities(station, self.whole) if self.whole else {},
            weight={"response": 1.0} if self.exact else weights_of(self.weight) or usual.weight,
        )


ASKED = Asked()


def beats(
    folder: Folder,
    *,
    asked: Annotated[Asked, Parameter(name="*")] = ASKED,
    spend: Annotated[Spend, Parameter(name="*")] = SPEND,
    out: Annotated[Out, Parameter(name="*")] = OUT,
    lang: Lang = None,
) -> None:
    """Plan beats."""
    language = lang or default_language()
    out = out.of(folder, "beats", language)
    wrong = [*asked.findings(), *spend.findings(), *out.findings(folder)]
    question, start = question_of(folder, asked, wrong)
    from qinwu.plan.beats.asking import specialists_of
    from qinwu.plan.beats.functional import plan_functional
    from qinwu.plan.beats.planning import plan_beats
    from qinwu.report.plans.beats import beats_report

    with running(said("Drawing beats"), spend, USUAL_S, language) as effort:
        answer = plan_beats(question, effort, start)
        if asked.specialists:
            named = specialists_of(question.station, asked.specialists)
            answer = replace(answer, functional=plan_functional(question.station, named, effort.begin(), asked.divide))
    show([finding for finding in answer.warnings if finding.severity == "warning"], language)
    report = beats_report(answer, language, datetime.now().astimezone())
    duty = proposal(question.station, out, answer.part(), TITLE, ABOUT, ("beat", "sector", "pair")) if question.system else None
    finish(report, duty, folder, out, shown=1)


def question_of(folder: Path, asked: Asked, wrong: list[Finding]) -> tuple[BeatQuestion, dict[str, list[str]] | None]:
    """Return what is to be planned and the plan to start from, or raise everything that is wrong."""
    from qinwu.plan.beats.asking import specialists_of
    from qinwu.plan.beats.planning import BeatQuestion
    from qinwu.plan.beats.workload import workload

    try:
        station, loaded, plan = in_force(folder)
    except QinwuError as error:
        raise QinwuError([*wrong, *error.findings]) from None
    try:
        aims = asked.aims(station)
        start = beats_in(station, asked.start) if asked.start else None
        specialists_of(station, asked.specialists)
    except QinwuError as error:
        raise QinwuError([*wrong, *error.findings]) from None
    raise_on_errors(wrong)
    system = loaded.system if loaded is not None else None
    return BeatQuestion(station, workload(station, system, plan), aims, system, plan, asked.sectors, asked.exact), start


def in_force(folder: Path) -> tuple[Station, LoadedSystem | None, ResponsePlan | None]:
    """Return the station, and the duty system in force where it has one."""
    from qinwu.duty.reading import list_files
    from qinwu.simulate.trial import prepare_one
    from qinwu.station.folder import read_station

    if folder.is_dir() and not list_files(folder):
        return read_station(folder), None, None
    return prepare_one(folder)


def beats_in(station: Station, name: str) -> dict[str, list[str]]:
    """Return the atoms of each geographic beat of a duty file."""
    from qinwu.duty.reading import read_system

    system = read_system(name, station.folder).system
    return {beat.id: list(beat.atoms) for beat in system.beat if beat.kind == "geographic"}
