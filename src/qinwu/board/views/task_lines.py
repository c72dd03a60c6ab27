"""Task lines: a task as a reader sees it, its words in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from qinwu.board.in_force import InForce
from qinwu.board.models import Task
from qinwu.board.pages import local
from qinwu.board.words import CALLED_OFF, EVERY_ORIGIN, KINDS, REQUESTS, results_of
from qinwu.language import Language, translate

MOMENT = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Line:
    """One task: what, which kind, where, until when, who wants it, and what may come of it."""

    task: Task
    title: str
    kind: str
    beat: str
    place: str
    due: str
    origin: str
    results: Mapping[str, str]
    result: str
    looks_again: bool


def beat_names(force: InForce, language: Language) -> dict[str, str]:
    """Return what each beat is called: its id, and its name where it has one."""
    return {beat.id: f"{beat.id} {beat.name.in_language(language)}" if beat.name else beat.id for beat in force.loaded.system.beat}


def title_of(force: InForce, task: Task, language: Language) -> str:
    """Return what a task is about: words of a list in the reader's language, else as it was written."""
    if task.kind == "request":
        return translate(REQUESTS.get(task.title, task.title), language)
    if task.kind in ("mediation", "follow_up"):
        found = [one for one in force.station.config.call_class if one.id == task.title]
        return found[0].name.in_language(language) if found else task.title
    return task.title


def due_of(force: InForce, task: Task) -> str:
    """Return until when a task is due on the station's clock; midnight is the 24th hour of the day before."""
    zone = force.station.config.time_zone
    if local(task.due, zone, "%H:%M") == "00:00":
        return local(task.due - MOMENT, zone, "%m-%d 24:00")
    return local(task.due, zone, "%m-%d %H:%M")


def line_of(force: InForce, task: Task, language: Language) -> Line:
    """Return a task as a reader sees it."""
    results = {name: translate(word, language) for name, word in results_of(task.kind).items()}
    called_off = {name: translate(word, language) for name, word in CALLED_OFF.items()}
    return Line(
        task,
        title_of(force, task, language),
        translate(KINDS.get(task.kind, task.kind), language),
        beat_names(force, language).get(task.beat, task.beat),
        force.station.area.called(task.atom) if task.atom else "",
        due_of(force, task),
        translate(EVERY_ORIGIN.get(task.origin, task.origin), language),
        results,
        (results | called_off).get(task.result, task.result),
        task.kind in ("mediation", "follow_up"),
    )
