"""``qinwu forecast``: the coming weeks: calls per hour, places, and duty beside demand, shown and written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from qinwu.cli.answering import PAGE_ONLY, Files, between, read_with
from qinwu.cli.plans.running import Folder, Lang
from qinwu.cli.targets import writable_findings
from qinwu.cli.terminal import progress, say, show, show_sheet
from qinwu.findings import Finding, Place, QinwuError
from qinwu.language import N_, Language, default_language, translate
from qinwu.language import said as _

if TYPE_CHECKING:
    import polars as pl

    from qinwu.duty.response_plan import ResponsePlan
    from qinwu.duty.system import DutySystem
    from qinwu.forecast.hours.forecasting import HoursForecast
    from qinwu.forecast.places.foreseen import Places
    from qinwu.report.chapters.chapter import Chapter
    from qinwu.station.station import Station

PERCENT = 100
SHOWN_WARNINGS = 6
MOST_WEEKS = 26
"""As many as :mod:`qinwu.forecast.hours.forecasting` foretells."""
TABLES, LISTS = (".csv", ".parquet"), (".csv", ".geojson")


@dataclass(frozen=True)
class Asked:
    """What is to be foretold."""

    week: Annotated[
        date | None,
        Parameter(help=_("First day to foretell; the day after the record by default. A day within it shows what came.")),
    ] = None
    weeks: Annotated[int, Parameter(help=_("How many weeks."))] = 1
    system: Annotated[str, Parameter(help=_("Duty system; the current one by default."))] = ""
    places: Annotated[bool, Parameter(negative="--no-places", help=_("Say also where residents will call from."))] = True
    hot: Annotated[Path | None, Parameter(help=_("List of hot places for qinwu plan rounds --hot: .csv or .geojson."))] = None
    csv: Annotated[Path | None, Parameter(help=_("Table of the forecast, a row for each hour and place: .csv or .parquet."))] = None
    seed: Annotated[int, Parameter(help=_("Seed of every draw."))] = 1

    def findings(self) -> list[Finding]:
        """Return what is wrong with it."""
        wrong = [*between("--weeks", self.weeks, 1, MOST_WEEKS), *between("--seed", self.seed, 0, 2**62)]
        for option, path, endings in (("--csv", self.csv, TABLES), ("--hot", self.hot, LISTS)):
            if path is not None and path.suffix.lower() not in endings:
                message, remedy = N_("{value} is no table file."), N_("Name a file that ends in {endings}.")
                values = {"value": path.name, "endings": " / ".join(endings)}
                wrong.append(Finding("bad-file", "error", message, remedy, Place(key=option), values))
        if self.hot is not None and not self.places:
            message, remedy = N_("A list of hot places needs places."), N_("Leave --no-places out.")
            wrong.append(Finding("no-places", "error", message, remedy, Place(key="--hot")))
        return [*wrong, *writable_findings(self.csv, self.hot)]


AS_USUAL = Asked()


@dataclass(frozen=True)
class Ready:
    """A station, and its duty system in force where it can be read."""

    station: Station
    system: DutySystem | None
    plan: ResponsePlan | None
    findings: tuple[Finding, ...]


def forecast(
    folder: Folder,
    *,
    asked: Annotated[Asked, Parameter(name="*")] = AS_USUAL,
    files: Annotated[Files, Parameter(name="*")] = PAGE_ONLY,
    lang: Lang = None,
) -> None:
    """Foretell calls of a station."""
    language = lang or default_language()
    files = files.of(folder, "forecast", language)
    wrong = [*files.findings(), *asked.findings()]
    ready = read_with(wrong, lambda: _ready(folder, asked.system))
    show([one for one in ready.station.findings if one.severity == "warning"], language, SHOWN_WARNINGS)
    show(ready.findings, language)
    hours, told, table = _hours(ready, asked, language)
    chapters = [hours, *_hot_places(ready, asked, language), *_deploy(ready, told, asked, language)]

    from qinwu.report.chapters.forecast_report import forecast_report
    from qinwu.report.chapters.hours import hours_claim

    report = forecast_report(ready.station, hours_claim(told, language), chapters, language, datetime.now().astimezone())
    say(report.headline())
    for chapter in report.chapters:
        say(f"\n{chapter.title}")
        say(report.speaker.sentences(chapter.lead))
        for shown in chapter.tables[:2]:
            show_sheet(shown.sheet)
    files.write(report, report.write_html)
    if asked.csv is not None:
        _write_table(table, asked.csv)
        say(translate("Written: {file}", language).format(file=asked.csv))


def _ready(folder: Path, name: str) -> Ready:
    """Read the station and its duty system; one that was not asked for by name may be missing."""
    from qinwu.simulate.trial import load_system
    from qinwu.station.folder import read_station

    station = read_station(folder)
    try:
        loaded, plan, _found = load_system(station, name or station.config.current)
    except QinwuError as error:
        if name:
            raise
        message = N_("Without a duty system in force forecasts go without officers.")
        reasons = (replace(one, severity="warning") for one in error.findings)
        return Ready(station, None, None, (Finding("no-duty-system", "warning", message), *reasons))
    return Ready(station, loaded.system, plan, ())


def _hours(ready: Ready, asked: Asked, language: Language) -> tuple[Chapter, HoursForecast, pl.DataFrame]:
    """Return the chapter about calls per hour, the forecast it tells, and the same as a table."""
    from qinwu.forecast.hours.counting import count_calls
    from qinwu.forecast.hours.forecasting import forecast_hours
    from qinwu.forecast.hours.handling import handling_of
    from qinwu.forecast.hours.tidy import tidy
    from qinwu.report.chapters.hours import hours_chapter
    from qinwu.station.holidays import read_holidays

    station = ready.station
    holidays = read_holidays(station.folder, station.config.time_zone)
    place_of, names = _places(ready, language)
    counted = count_calls(station.calls, holidays, place_of)
    zone = station.calls.time_zone
    with progress(translate("Foretelling past weeks, to learn from them", language), PERCENT) as done:
        told = forecast_hours(counted, holidays, zone, start=asked.week, weeks=asked.weeks, on_done=done)
    handling = handling_of(station, ready.system, ready.plan) if ready.system and ready.plan else None
    chapter = hours_chapter(told, counted, language, handling=handling, names=names)
    return chapter, told, tidy(told, handling)


def _places(ready: Ready, language: Language) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Return the place of each atom, and what places are called: beats or stations of the duty system, else the atoms."""
    atoms = ready.station.area.atom_ids
    if ready.system is None:
        return {atom: atom for atom in atoms}, {}
    from qinwu.queueing.mismatch.places import places_of

    places = places_of(ready.station, ready.system)
    inside = [(atom, places.ids[place]) for atom, place in zip(atoms, places.place_of.tolist(), strict=True) if place >= 0]
    return dict(inside), {id_: name.in_language(language) for id_, name in zip(places.ids, places.names, strict=True)}


def _hot_places(ready: Ready, asked: Asked, language: Language) -> Iterator[Chapter]:
    """Yield the chapter about places, and write their list; of places that a guard stops, what it found and no list."""
    from qinwu.report.chapters.places import places_chapter
    from qinwu.report.chapters.places_withheld import stopped, withheld_chapter

    areas, names = _places(ready, language)
    found = _foreseen(ready, asked, areas, language) if asked.places else None
    if found is None:
        return
    if stopped(found):
        if asked.hot is not None:
            show(
                [Finding("no-list", "warning", N_("No list of places is written: a guard stops it."), place=Place(asked.hot.name))],
                language,
            )
        yield withheld_chapter(found, language, names)
        return
    if asked.hot is not None:
        _write_hot(found, ready.station, asked.hot, language)
    yield places_chapter(found, language, names)


def _foreseen(ready: Ready, asked: Asked, areas: Mapping[str, str], language: Language) -> Places | None:
    """Return the places foreseen; None, and why, where there are too few calls."""
    from qinwu.forecast.places.foreseeing import foresee_places
    from qinwu.forecast.places.wish import USUAL

    wish = replace(USUAL, start=asked.week, seed=asked.seed)
    try:
        with progress(translate("Foretelling places, and their guards", language), PERCENT) as done:
            return foresee_places(ready.station, wish, areas, lambda share: done(round(share)))
    except QinwuError as error:
        show(error.findings, language)
        return None


def _write_hot(found: Places, station: Station, path: Path, language: Language) -> None:
    from qinwu.forecast.places.listed import write_hot_places

    path.parent.mkdir(parents=True, exist_ok=True)
    write_hot_places(found.table, path, found.ground, station.area.crs)
    say(translate("Written: {file}", language).format(file=path))


def _deploy(ready: Ready, told: HoursForecast, asked: Asked, language: Language) -> Iterator[Chapter]:
    """Yield the chapter about duty beside the demand that is foretold; where it cannot be told, say why."""
    if ready.system is None or ready.plan is None:
        return
    import numpy as np

    from qinwu.forecast.deploy.deployment import foresee_deploy
    from qinwu.report.chapters.deploy import deploy_chapter

    whole = not np.isnan(told.hours.mean).any()
    expected = told.usual_week() if whole and not told.plain else None
    try:
        found = foresee_deploy(ready.station, ready.system, ready.plan, expected=expected, seed=asked.seed)
    except QinwuError as error:
        show(error.findings, language)
        return
    yield deploy_chapter(found, language)


def _write_table(table: pl.DataFrame, path: Path) -> None:
    """Write a table whole or not at all, as its ending says."""
    from io import BytesIO

    from qinwu.report.writing import write_whole

    held = BytesIO()
    if path.suffix.lower() == ".parquet":
        table.write_parquet(held)
    else:
        table.write_csv(held, float_precision=4)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, held.getvalue())
