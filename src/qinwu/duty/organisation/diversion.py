"""Diversion: specialists at other work, the limit to it, and the five controls 防挪用五法 that are missing (M68, M69)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from qinwu.duty.organisation.names import Names
from qinwu.duty.organisation.norms import Norms
from qinwu.duty.system import DutySystem
from qinwu.duty.units import Diversion, Function
from qinwu.findings import Finding, Place
from qinwu.language import LANGUAGES, N_, translate
from qinwu.station.config import Text

CONTROLS: dict[str, str] = {
    "norm": N_("a written norm"),
    "target": N_("a target of the squad"),
    "supervised_by": N_("a branch that may read the ledger"),
    "chief_indicator": N_("the chief's assessment"),
    "corrective_order": N_("an order that may end it"),
}
"""The five controls (M69): key of ``[squad.diversion]`` and its name."""
SPECIALISTS: tuple[Function, ...] = ("investigation", "patrol")


@dataclass(frozen=True, slots=True)
class Diverted:
    """A squad of specialists: the share of their hours at other work (None: not measured), its limit, and controls missing."""

    squad: str
    name: Text
    share: float | None
    limit: float | None
    missing: tuple[str, ...]

    @property
    def over(self) -> bool:
        """Whether more is diverted than may be."""
        return self.share is not None and self.limit is not None and self.share > self.limit


def diversions(system: DutySystem, norms: Norms) -> tuple[Diverted, ...]:
    """Return the squads that keep a ledger, and those of patrol and investigation that a station with detectives leads."""
    stations = {unit.id for unit in system.unit if unit.level in ("station", "outpost")}
    detectives = any(squad.function == "investigation" and squad.unit in stations for squad in system.squad)
    led = [squad.id for squad in system.squad if detectives and squad.function in SPECIALISTS and squad.unit in stations]
    asked = [squad for squad in system.squad if squad.diversion or squad.id in led]
    return tuple(_diverted(squad.id, squad.name, squad.diversion, norms) for squad in asked)


def _diverted(squad: str, name: Text, diversion: Diversion | None, norms: Norms) -> Diverted:
    if diversion is None:
        return Diverted(squad, name, None, None, tuple(CONTROLS))
    hours = diversion.hours_per_week
    share = None if hours is None else hours / norms.hours
    return Diverted(squad, name, share, diversion.limit, tuple(key for key in CONTROLS if not getattr(diversion, key)))


@dataclass(frozen=True, slots=True)
class Controls:
    """Names of controls in words, for findings."""

    keys: tuple[str, ...]

    def in_language(self, language: str) -> str:
        """Return the list."""
        spoken = next(one for one in LANGUAGES if one == language)
        return ("、" if language == "zh" else ", ").join(translate(CONTROLS[key], spoken) for key in self.keys)


def diversion_findings(found: tuple[Diverted, ...]) -> Iterator[Finding]:
    """Yield warnings for limits passed, notes for controls missing; squads of which the same is true are named together."""
    alike: dict[tuple[float | None, float | None, tuple[str, ...]], list[Diverted]] = {}
    for each in found:
        alike.setdefault((each.share, each.limit, each.missing), []).append(each)
    for group in alike.values():
        yield from _findings_of(group[0], Names(tuple(each.name for each in group)))


def _findings_of(each: Diverted, squads: Names) -> Iterator[Finding]:
    place = Place(key=f"squad.{each.squad}")
    values: dict[str, object] = {"squad": squads}
    if each.over:
        message = N_("{squad} spends {share} of its hours at other work; the limit is {limit}.")
        remedy = N_("Let the branch that supervises it have the order corrected.")
        shares = {"share": f"{each.share or 0:.0%}", "limit": f"{each.limit or 0:.0%}"}
        yield Finding("diverted", "warning", message, remedy, place, {**values, **shares})
    if each.limit is None:
        message = N_("Nothing keeps {squad} at its own work: a chief may use it for anything.")
        remedy = N_("Add [squad.diversion] with a limit and the five controls.")
        yield Finding("no-diversion-limit", "note", message, remedy, place, values)
    elif each.missing:
        message, remedy = N_("Against diversion of {squad} there is no {missing}."), N_("Add it to [squad.diversion].")
        controls = {"missing": Controls(each.missing)}
        yield Finding("diversion-control-missing", "note", message, remedy, place, {**values, **controls})
