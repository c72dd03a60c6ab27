"""``qinwu plan posts``: where crews wait, where service points stand, and which station each area belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from qinwu.cli.answering import between
from qinwu.cli.plans.running import OUT, SPEND, Folder, Lang, Out, Spend, finish, proposal, running
from qinwu.cli.plans.starting import earlier_plan
from qinwu.findings import Finding, Place, QinwuError, raise_on_errors
from qinwu.language import N_, Language, default_language, said

if TYPE_CHECKING:
    from qinwu.duty.reading import LoadedSystem
    from qinwu.duty.response_plan import ResponsePlan
    from qinwu.plan.posts.aims import Aims
    from qinwu.plan.posts.service import ServiceAims
    from qinwu.station.station import Station

    Prepared = tuple[Station, LoadedSystem, ResponsePlan]

USUAL_S = 60.0
TITLES = {
    "crews": ("驻勤点建议", "Proposed posts"),
    "service": ("便民服务点建议", "Proposed service points"),
    "stations": ("辖区调整建议", "Proposed areas of stations"),
}
ABOUT = {
    "crews": (
        "车组在算出的驻勤点待命，责任区归最近的驻勤点。",
        "Crews wait at the posts planned; each beat belongs to the nearest.",
    ),
    "service": ("便民服务点值守的工时。", "Hours at the counters of service points."),
    "stations": (
        "各所辖区按民警人数重新划分，各自连片。",
        "Areas divided anew among stations by their officers, each in one piece.",
    ),
}


@dataclass(frozen=True)
class Crews:
    """Posts where crews wait."""

    aim: Annotated[
        Literal["response", "cover", "backup", "expected_cover", "distance"],
        Parameter(
            help=said("What posts are for: response with busy crews, cover, backup cover, cover by a free crew, or distance.")
        ),
    ] = "response"
    posts: Annotated[
        int | None,
        Parameter(help=said("Posts, the station house included; by default as many as answer calls at least 3% sooner.")),
    ] = None
    crews: Annotated[int | None, Parameter(help=said("Crews on duty at one time; the mean of the week by default."))] = None
    least: Annotated[int, Parameter(help=said("Fewest crews at a post."))] = 1
    minutes: Annotated[float | None, Parameter(help=said("Limit of travel in minutes; from the station's promise by default."))] = (
        None
    )
    season: Annotated[
        tuple[str, ...],
        Parameter(help=said("Season and its share of the year, such as winter=0.25; may be repeated."), negative=""),
    ] = ()
    at: Annotated[tuple[str, ...], Parameter(help=said("Atoms where a post may be; all by default."), negative="")] = ()
    without_house: Annotated[bool, Parameter(negative="", help=said("The station house need not keep a post."))] = False
    stay: Annotated[
        bool, Parameter(negative="", help=said("In the duty file, crews of beats wait at their post instead of patrolling."))
    ] = False
    start: Annotated[Path | None, Parameter(help=said("An earlier plan to start from: the file that --json wrote."))] = None
    system: Annotated[str, Parameter(help=said("Duty system whose crews are placed; the current one by default."))] = ""

    def aims(self) -> Aims:
        """Return them as the planner takes them."""
        from qinwu.plan.posts.aims import Aims

        known = tuple((name, float(share)) for name, share in (each.partition("=")[::2] for each in self.season) if _number(share))
        rest = 1.0 - sum(share for _, share in known)
        seasons = (("", rest), *known) if known and rest > 1e-9 else known
        hub = not self.without_house
        return Aims(self.aim, self.posts, self.crews, self.least, self.minutes, seasons, hub, self.at, self.stay)

    def findings(self) -> list[Finding]:
        """Return what is wrong with the seasons as they are written, and with the numbers."""
        message, remedy = N_("{value} is no season with a share."), N_("Write --season winter=0.25.")
        wrong = [each for each in self.season if not _number(each.partition("=")[2])]
        return [
            *(Finding("bad-season", "error", message, remedy, Place(key="--season"), {"value": each}) for each in wrong),
            *self.aims().findings(),
        ]


@dataclass(frozen=True)
class Counters:
    """Service points."""

    service: Annotated[
        int | None, Parameter(help=said("Plan so many service points for residents instead, the station house included."))
    ] = None
    reach: Annotated[float, Parameter(help=said("Minutes on foot within which residents count as reached."))] = 15.0
    visits: Annotated[float, Parameter(help=said("Visits a week by a thousand residents."))] = 6.0
    visit_min: Annotated[float, Parameter(help=said("Minutes of one visit."))] = 12.0
    open_h: Annotated[float, Parameter(help=said("Hours a week that a counter is open."))] = 40.0
    wait_min: Annotated[float, Parameter(help=said("Mean minutes that a visitor may wait."))] = 10.0

    def aims(self) -> ServiceAims:
        """Return them as the planner takes them."""
        from qinwu.plan.posts.service import ServiceAims

        return ServiceAims(
            1 if self.service is None else self.service,
            self.reach,
            "cover",
            4.5,
            self.visits,
            self.visit_min,
            self.open_h,
            self.wait_min,
        )


CREWS, COUNTERS = Crews(), Counters()


def posts(
    folder: Folder,
    *,
    crews: Annotated[Crews, Parameter(name="*")] = CREWS,
    counters: Annotated[Counters, Parameter(name="*")] = COUNTERS,
    divide: Annotated[
        float | None,
        Parameter(
            help=said("Divide the area anew among its stations, work per officer within this share of the mean, such as 0.1.")
        ),
    ] = None,
    spend: Annotated[Spend, Parameter(name="*")] = SPEND,
    out: Annotated[Out, Parameter(name="*")] = OUT,
    lang: Lang = None,
) -> None:
    """Plan posts."""
    from qinwu.simulate.trial import prepare_one

    language = lang or default_language()
    kind = "stations" if divide is not None else "service" if counters.service is not None else "crews"
    out = out.of(folder, "posts" if kind == "crews" else kind, language)
    wrong = [*spend.findings(), *out.findings(folder), *crews.findings(), *between("--divide", divide, 0.001, 1.0)]
    wrong += counters.aims().findings() if counters.service is not None else ()
    try:
        prepared = prepare_one(folder, crews.system)
    except QinwuError as error:
        wrong += error.findings
    earlier: dict[str, int] = {}
    if crews.start is not None:
        try:
            earlier = earlier_plan(crews.start, "posts").get("options", {}).get("response", {}).get("posts", {})
        except QinwuError as error:
            wrong += error.findings
    raise_on_errors(wrong)
    if divide is not None:
        _divide(prepared, divide, spend, out, folder, language)
    elif counters.service is not None:
        _service(prepared, crews, counters, spend, out, folder, language)
    else:
        _crews(prepared, crews, earlier, spend, out, folder, language)


def _crews(
    prepared: Prepared, crews: Crews, earlier: dict[str, int], spend: Spend, out: Out, folder: Folder, language: Language
) -> None:
    from qinwu.plan.posts.planning import plan_posts
    from qinwu.report.plans.posts import posts_report

    station, loaded, plan = prepared
    with running(said("Placing posts"), spend, USUAL_S, language) as effort:
        answer = plan_posts(station, loaded.system, plan, crews.aims(), effort, earlier or None)
    duty = proposal(station, out, answer.part(), TITLES["crews"], ABOUT["crews"], replaces=())
    finish(posts_report(answer, language, datetime.now().astimezone()), duty, folder, out)


def _service(
    prepared: Prepared, crews: Crews, counters: Counters, spend: Spend, out: Out, folder: Folder, language: Language
) -> None:
    from qinwu.plan.posts.scene import post_scene
    from qinwu.plan.posts.service import plan_service_points
    from qinwu.report.plans.posts_service import service_report

    station, _, plan = prepared
    with running(said("Placing service points"), spend, USUAL_S, language) as effort:
        answer = plan_service_points(station, counters.aims(), effort, post_scene(station, plan, crews.aims()))
    part = answer.part()
    duty = proposal(station, out, part, TITLES["service"], ABOUT["service"], replaces=()) if part else None
    finish(service_report(answer, language, datetime.now().astimezone()), duty, folder, out)


def _divide(prepared: Prepared, spread: float, spend: Spend, out: Out, folder: Folder, language: Language) -> None:
    from qinwu.plan.posts.aims import AIMS
    from qinwu.plan.posts.scene import post_scene
    from qinwu.plan.posts.stations import plan_stations
    from qinwu.plan.posts.stations_part import stations_of, stations_part
    from qinwu.report.plans.posts_stations import stations_report

    station, loaded, plan = prepared
    work = post_scene(station, plan, AIMS).work
    problem = stations_of(loaded.system, station.area, work.rate, spread)
    with running(said("Dividing the area"), spend, USUAL_S, language) as effort:
        answer = plan_stations(problem, effort)
    part = stations_part(loaded.system, station.area, answer)
    duty = proposal(station, out, part, TITLES["stations"], ABOUT["stations"], replaces=()) if part["beat"] else None
    finish(stations_report(station, answer, language, datetime.now().astimezone()), duty, folder, out)


def _number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
