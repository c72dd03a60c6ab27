"""Skills: the training record kept, what lapses soon, and what each officer may do on a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from qinwu.board import trail
from qinwu.board.in_force import InForce
from qinwu.board.models import Skill
from qinwu.board.typed import form_finding
from qinwu.duty.skills import Certificate, held_on
from qinwu.duty.staffing import posted
from qinwu.findings import Finding, QinwuError, did_you_mean, raise_on_errors
from qinwu.language import N_
from qinwu.station.guards import masked

SOON_DAYS = 60
WORDS: dict[str, str] = {
    "driver": N_("driver"),
    "first_aid": N_("first aid"),
    "investigation": N_("investigation"),
    "mediation": N_("mediation"),
    "venue": N_("venues"),
}
"""Skills that the samples use; a station's own are called as they are written."""


@dataclass(frozen=True, slots=True)
class Written:
    """A line to be kept: `until` None where it does not lapse."""

    officer: str
    skill: str
    since: date
    until: date | None
    certificate: str = ""


def keep(force: InForce, written: Written, by: str) -> Skill:
    """Keep a line of the training record; one of the same officer, skill and first day is written over.

    Raises
    ------
    QinwuError
        Unknown officer, no skill, or an end before the beginning; nothing is kept then.
    """
    raise_on_errors(_problems(force, written))
    with transaction.atomic():
        trail.lock()
        line, made = Skill.objects.update_or_create(
            officer=written.officer,
            skill=written.skill.strip(),
            since=written.since,
            defaults={"until": written.until, "certificate": masked(written.certificate)[:60]},
        )
        until = written.until.isoformat() if written.until else None
        action = "skill.enter" if made else "skill.change"
        trail.record(by, action, line.officer, skill=line.skill, since=line.since.isoformat(), until=until)
    return line


def end(line: Skill, day: date, by: str) -> None:
    """Let a line end on a day, its last; one that has not begun by then is taken out.

    Raises
    ------
    QinwuError
        It has ended before.
    """
    with transaction.atomic():
        trail.lock()
        line.refresh_from_db()
        if line.until is not None and line.until <= day:
            raise QinwuError([form_finding("ended", "", N_("This skill has ended already."), N_("Load the page again."))])
        trail.record(by, "skill.end", line.officer, skill=line.skill, since=line.since.isoformat(), until=day.isoformat())
        if line.since > day:
            line.delete()
        else:
            line.until = day
            line.save(update_fields=["until"])


def _problems(force: InForce, written: Written) -> list[Finding]:
    found = []
    known = [officer.id for officer in force.station.force]
    if written.officer not in known:
        near = did_you_mean(written.officer, known)
        remedy = N_("Did you mean {near}?") if near else N_("Choose from the list.")
        found.append(
            form_finding(
                "unknown-officer",
                "officer",
                N_("There is no officer {word} at this station."),
                remedy,
                word=written.officer,
                near=near,
            )
        )
    if not written.skill.strip():
        found.append(form_finding("no-skill", "skill", N_("The skill is missing."), N_("Choose one, or write a new one.")))
    if written.until is not None and written.until < written.since:
        message, remedy = N_("The skill ends before it begins."), N_("Give a later end, or none.")
        found.append(form_finding("end-before-start", "until", message, remedy))
    return found


def certificates(lines: Iterable[Skill] | None = None) -> list[Certificate]:
    """Return lines of the training record, all of them by default."""
    return [Certificate(one.officer, one.skill, one.since, one.until) for one in (Skill.objects.all() if lines is None else lines)]


def held(force: InForce, at: datetime) -> dict[str, frozenset[str]]:
    """Return what each officer may do at a moment: by the training record, else by officers file and postings."""
    return held_on(posted(force.station.force, force.loaded.system), certificates(), day_at(force, at))


def day_at(force: InForce, at: datetime) -> date:
    """Return the station's day at a moment."""
    return at.astimezone(force.zone).date()


def known_skills(force: InForce) -> list[str]:
    """Return every skill that an officer has or a class of calls asks for."""
    filed = {skill for officer in posted(force.station.force, force.loaded.system) for skill in officer.skills}
    asked = {skill for one in force.station.config.call_class for skill in one.skills}
    return sorted(filed | asked | set(Skill.objects.values_list("skill", flat=True)))


def lapsed(day: date, days: int = SOON_DAYS) -> list[Certificate]:
    """Return what ended within the days before a day and nothing has renewed, what ended last in front."""
    lines = certificates()
    holds = {(one.officer, one.skill) for one in lines if one.holds(day)}
    ended = [one for one in lines if one.until and day - timedelta(days=days) <= one.until < day]
    return sorted((one for one in ended if (one.officer, one.skill) not in holds), key=lambda one: one.until or day, reverse=True)
