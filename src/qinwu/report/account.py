"""Account: what a report rests on. Assumptions, the health of the data, and how everything was computed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from qinwu.duty.system import TrainingEffect
from qinwu.duty.training import effects_in
from qinwu.judge.targets.standing import Standing
from qinwu.language import N_, Language
from qinwu.report.choice import ranking_key
from qinwu.report.report import Report
from qinwu.report.words import MODES, Speaker
from qinwu.simulate.outcome import catalogue
from qinwu.station.config import Assumption
from qinwu.station.health import Check


@dataclass(frozen=True, slots=True)
class AssumptionRow:
    """A figure nobody measured here: who assumes it, behind which key, why, and its source."""

    who: str
    key: str
    why: str
    source: str


@dataclass(frozen=True, slots=True)
class HealthRow:
    """One check of the calls in words; ``warning`` where it deserves a look."""

    text: str
    count: int
    of: int
    share: float
    warning: bool


@dataclass(frozen=True, slots=True)
class Health:
    """The account of the calls: rows read, used and left out, then the checks that found something."""

    read: int
    used: int
    left_out: int
    rejected: tuple[HealthRow, ...]
    found: tuple[HealthRow, ...]
    clean: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a measure is computed."""

    id: str
    name: str
    how: str
    unit: str
    better: str


def assumptions(report: Report, language: Language, *, by_name: bool = False) -> tuple[AssumptionRow, ...]:
    """Return all assumptions, those of the station first; one shared by several systems is told once.

    `by_name` names all systems that share one; otherwise more than two are told by their numbers, as the page lists them.
    """
    speaker = Speaker(language)
    station = speaker.say(N_("the station"))
    rows = [_assumption(station, each, speaker) for each in report.station.config.assumption]
    shared: dict[Assumption, list[int]] = {}
    for at, system in enumerate(report.systems):
        for each in system.assumption:
            shared.setdefault(each, []).append(at)
    for each, systems in sorted(shared.items(), key=lambda item: (-len(item[1]), item[1], item[0].key)):
        rows.append(_assumption(_who(report, speaker, systems, by_name=by_name), each, speaker))
    return (*rows, *_training(report, speaker, by_name=by_name))


def _training(report: Report, speaker: Speaker, *, by_name: bool) -> Iterator[AssumptionRow]:
    """Yield the effects of training that the systems assume, each with how many are trained and what trials multiply by (M21)."""
    shared: dict[tuple[TrainingEffect, int, int, float], list[int]] = {}
    for at, system in enumerate(report.systems):
        crews = Standing.of(report.station, system).crews if system.dispatch.training else ()
        for each in effects_in(system, crews):
            shared.setdefault(each, []).append(at)
    for (effect, trained, of, factor), systems in shared.items():
        why = speaker.say(
            N_("Officers trained in {skill} take {factor} times as long; {trained} of {of} in crews are: trials count {mean}."),
            skill=effect.skill, factor=f"{effect.factor:g}", trained=trained, of=of, mean=f"{factor:.3f}",
        )  # fmt: skip
        yield AssumptionRow(_who(report, speaker, systems, by_name=by_name), f"dispatch.training.{effect.id}", why, effect.source)


def _who(report: Report, speaker: Speaker, systems: list[int], *, by_name: bool) -> str:
    """Return the systems that share an assumption: all, all but one, by name while few, else by number."""
    missing = [at for at in range(len(report.systems)) if at not in systems]
    if not missing:
        return speaker.say(N_("all systems"))
    if by_name or len(systems) <= 2:
        return speaker.listed([report.name(at, speaker.language) for at in systems])
    if len(missing) == 1:
        return speaker.say(N_("all but {name}"), name=report.name(missing[0], speaker.language))
    return " ".join(circled(at + 1) for at in systems)


def circled(number: int) -> str:
    """Return a number in a circle, in brackets above twenty.

    >>> circled(1), circled(21)
    ('①', '(21)')
    """
    return chr(0x245F + number) if number <= 20 else f"({number})"


def _assumption(who: str, each: Assumption, speaker: Speaker) -> AssumptionRow:
    source = speaker.say(N_("assumption")) if each.source == "assumption" else each.source
    return AssumptionRow(who, each.key, each.why.in_language(speaker.language), source)


def data_health(report: Report, language: Language) -> Health:
    """Return the account of the station's calls."""
    calls, checks = report.station.calls, report.health.checks
    rejected = tuple(_health_row(each, language) for each in checks if each.code == "rejected")
    others = [each for each in checks if each.code != "rejected"]
    found = tuple(_health_row(each, language) for each in sorted(others, key=_gravity) if each.count)
    clean = sum(not each.count for each in others)
    return Health(calls.rows_read, len(calls), len(calls.rejected), rejected, found, clean)


def _gravity(check: Check) -> tuple[bool, float]:
    return (check.severity == "note", -check.share)


def _health_row(check: Check, language: Language) -> HealthRow:
    return HealthRow(check.text(language), check.count, check.of, check.share, check.severity != "note")


def explanations(language: Language, measures: tuple[str, ...]) -> tuple[Explanation, ...]:
    """Return how these measures are computed."""
    speaker = Speaker(language)
    good = {"lower": speaker.say(N_("lower is better")), "higher": speaker.say(N_("higher is better")), "": ""}
    return tuple(
        Explanation(name, speaker.measure(name), speaker.how(name), speaker.unit(name), good[catalogue()[name].better])
        for name in measures
    )


def method(report: Report, language: Language) -> Iterator[str]:
    """Yield how the comparison was made, one statement each."""
    speaker, comparison = Speaker(language), report.comparison
    yield speaker.say(N_("Calls: {mode}."), mode=speaker.say(MODES[comparison.mode]))
    yield speaker.say(
        N_("{done} replications of {weeks} weeks each, seed {seed}."),
        done=comparison.replications,
        weeks=f"{comparison.weeks:g}",
        seed=comparison.seed,
    )
    if comparison.interrupted:
        yield speaker.say(N_("Stopped after {done} of {asked} replications."), done=comparison.replications, asked=comparison.asked)
    yield speaker.say(
        N_(
            "In every replication all systems meet the same calls, journeys and service times (common random numbers), "
            "so that differences are those of the systems and not of luck."
        )
    )
    yield speaker.say(
        N_(
            "Intervals hold 95% of what chance alone may do: Student's t over replications; for differences, over paired "
            "differences. A difference is coloured only where its interval leaves out zero."
        )
    )
    if len(report.others) > 1:
        yield speaker.say(
            N_(
                "Many figures are compared at once: about one in twenty will look different by chance. The headline therefore "
                "asks more: it names a system only where the interval, widened for {count} alternatives, still leaves out zero."
            ),
            count=len(report.others),
        )
    yield speaker.say(N_("Systems are ranked by: {figure}."), figure=speaker.key(ranking_key(report)))
    yield _travel(report, speaker)
    if report.small:
        yield speaker.say(N_("Figures that rest on fewer than five calls are not shown."))
    if report.elapsed_s is not None:
        yield speaker.say(
            N_("Computed in {seconds} s with Qinwu {version}."), seconds=f"{report.elapsed_s:.1f}", version=report.version
        )
    else:
        yield speaker.say(N_("Computed with Qinwu {version}."), version=report.version)


def _travel(report: Report, speaker: Speaker) -> str:
    """Return where travel times come from."""
    if report.station.area.travel.source == "roads":
        return speaker.say(N_("Travel times: shortest ways along the station's roads."))
    travel = report.station.config.travel
    text = N_("Travel times: no roads; right-angled distance at {speed} km/h, times {detour}.")
    if travel.metric == "euclid":
        text = N_("Travel times: no roads; straight distance at {speed} km/h, times {detour}.")
    return speaker.say(text, speed=f"{travel.speed_kmh:g}", detour=f"{travel.detour:g}")
