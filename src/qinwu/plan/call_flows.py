"""Call flows: one duty system with its calls taken and dispatched on one level or two, as files to compare (M72).

Kunming takes calls once and dispatches them twice 一级接警、两级处警; beside it stand the flow with one dispatch level and the
one that also takes twice. Who goes stays as the system says; what differs is what each further level costs.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from qinwu.duty.drafts import free_name
from qinwu.duty.reading import DUTY, SUFFIX, list_files
from qinwu.duty.reform.dispatching import set_dispatch_levels
from qinwu.duty.reform.state import State
from qinwu.duty.reform.steps import SetDispatchLevels
from qinwu.duty.system import DutySystem
from qinwu.plan.duty_file import DutyFile
from qinwu.station.config import Text

TAKING_LEVEL_S = 60.0
"""What a second level that takes the call costs: nobody measured it, and the files say so."""
MADE = re.compile(r"_flow[12]{2}(_\d+)?$")
LONGEST = 52
_NUMBERS = {"zh": {1: "一级", 2: "两级"}, "en": {1: "one", 2: "two"}}
REMARKS = (
    "接警、处警层级对比用的方案，由 Qinwu 生成；其余与所依据的方案相同。",
    "Made by Qinwu to compare levels of taking and dispatching calls; everything else is as in the system it extends.",
)


@dataclass(frozen=True, slots=True)
class Flow:
    """How many levels take a call, and how many dispatch it."""

    taking: int
    dispatching: int

    def name(self) -> dict[str, str]:
        """Return what it is called in Chinese and English."""
        zh, en = _NUMBERS["zh"], _NUMBERS["en"]
        return {
            "zh": f"{zh[self.taking]}接警、{zh[self.dispatching]}处警",
            "en": f"{en[self.taking]} taking, {en[self.dispatching]} dispatching",
        }


FLOWS = (Flow(1, 1), Flow(1, 2), Flow(2, 2))


def call_flows(system: DutySystem, base: str) -> tuple[DutyFile, ...]:
    """Return a duty system in each of :data:`FLOWS`, as files laid over it.

    Parameters
    ----------
    system
        The system with everything it extends; its call-taking seconds are those of one level.
    base
        Name of its file in the station's ``duty`` folder.
    """
    return tuple(_file(system, base, flow) for flow in FLOWS)


def _file(system: DutySystem, base: str, flow: Flow) -> DutyFile:
    why, taking, levels = Text(**_why(system, flow)), flow.taking, flow.dispatching
    step = SetDispatchLevels(
        id="call_flow", op="set_dispatch_levels", why=why, taking_levels=taking, taking_level_s=TAKING_LEVEL_S, levels=levels
    )
    dispatch = set_dispatch_levels(step, State(system, ())).system.dispatch
    seconds = dispatch.call_taking.seconds
    part: Mapping[str, object] = {
        "dispatch": {"levels": dispatch.levels, "level_s": dispatch.level_s, "call_taking": {"seconds": seconds}},
        "assumption": [{"key": key, "why": _why(system, flow)} for key in ("dispatch.levels", "dispatch.call_taking.seconds")],
    }
    names = {"zh": f"{system.name.zh}·{flow.name()['zh']}", "en": f"{system.name.en}: {flow.name()['en']}"}
    name = f"{base[:LONGEST]}_flow{flow.taking}{flow.dispatching}"
    return DutyFile(name, names, _about(seconds, flow, dispatch.level_s), base, part, REMARKS)


def _why(system: DutySystem, flow: Flow) -> dict[str, str]:
    first, level, further = system.dispatch.call_taking.seconds, system.dispatch.level_s, TAKING_LEVEL_S
    return {
        "zh": f"接警{flow.taking}级：首级{first:g}秒，每多一级{further:g}秒；处警{flow.dispatching}级：每多一级{level:g}秒。"
        "没有实测",
        "en": f"{flow.taking} level(s) take: {first:g} s and {further:g} s for each further; {flow.dispatching} dispatch: "
        f"{level:g} s for each beyond the first. Never measured",
    }


def _about(seconds: float, flow: Flow, level_s: float) -> dict[str, str]:
    passed_on = (flow.dispatching - 1) * level_s
    return {
        "zh": f"接警平均{seconds:g}秒，逐级转派{passed_on:g}秒；谁去、先后次序都不变。",
        "en": f"Taking a call needs {seconds:g} s on average, passing it down {passed_on:g} s; who goes, and in what order, stays.",
    }


def is_made(name: str) -> bool:
    """Return whether a duty file is called like one that was made here.

    >>> is_made("pairs_flow12"), is_made("pairs_flow12_3"), is_made("pairs_2")
    (True, True, False)
    """
    return MADE.search(name) is not None


def placed(file: DutyFile, folder: Path) -> tuple[DutyFile, bool]:
    """Return a file under a name that is free in a station folder, and whether it stands there already as it is."""
    taken = list_files(folder)
    kept = next((name for name in _versions(file.id, taken) if _text(folder, name) == replace(file, id=name).text()), "")
    return replace(file, id=kept or free_name(file.id, taken)), bool(kept)


def _versions(name: str, taken: Collection[str]) -> list[str]:
    """Return the names that are taken and may be this file's: its own, or a later version."""
    return [each for each in taken if each == name or re.fullmatch(rf"{re.escape(name)}_\d+", each)]


def _text(folder: Path, name: str) -> str:
    return (folder / DUTY / f"{name}{SUFFIX}").read_text(encoding="utf-8")
