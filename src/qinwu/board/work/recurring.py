"""Recurring work 常规任务: templates that fit the hours there are, and the tasks that fall due from them by themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeAlias

from django.db import transaction
from django.db.models import Max, Q, QuerySet

from qinwu.board import trail
from qinwu.board.clock import now
from qinwu.board.in_force import InForce
from qinwu.board.models import Task, TaskTemplate
from qinwu.board.once import once
from qinwu.board.roster.rostered import midnight
from qinwu.board.typed import form_finding
from qinwu.board.words import RECURRING
from qinwu.findings import Finding, QinwuError, did_you_mean, raise_on_errors
from qinwu.judge.targets.available import OfficerMonth, months_ahead, officer_months
from qinwu.judge.targets.feasible import Row
from qinwu.judge.targets.periods import Period
from qinwu.judge.targets.recurring import Judged, Recurring, judge_recurring, required_and_available
from qinwu.language import N_
from qinwu.station.guards import masked

DAY = timedelta(days=1)
ROWS_TOLD = 3
OFFICERS_TOLD = 4
SYSTEM = "system"
CALLED_OFF = "called_off"
WAIT_S = 1.5
MonthHours: TypeAlias = tuple[tuple[Period, ...], Mapping[tuple[str, str], OfficerMonth]]
"""Twelve months to come, and each officer's hours in them."""
_WORKER = ThreadPoolExecutor(1, thread_name_prefix="hours")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A template as written: `beat` empty for every beat, `ordered_by` where it is not the station's own idea."""

    title: str
    kind: str
    beat: str
    every_days: int
    minutes: int
    people: int
    origin: str
    ordered_by: str
    since: date


def write(force: InForce, wanted: Wanted, by: str) -> TaskTemplate:
    """Keep a template whose hours fit.

    Raises
    ------
    QinwuError
        With everything that is wrong, or the rows that bind; nothing is kept then.
    """
    month_hours(force)  # known before the trail is locked: every other page that writes would wait for them
    with transaction.atomic():
        trail.lock()
        raise_on_errors(list(problems(force, wanted)))
        raise_on_errors(list(infeasible(force, wanted, running())))
        return _keep(wanted, "template.write", by)


def change(force: InForce, template: TaskTemplate, wanted: Wanted, by: str) -> TaskTemplate:
    """Let another template take the place of one: what is due and not yet late of the old one is called off.

    Raises
    ------
    QinwuError
        As for :func:`write`, or the old one has ended.
    """
    month_hours(force)  # known before the trail is locked: every other page that writes would wait for them
    with transaction.atomic():
        trail.lock()
        raise_on_errors(list(problems(force, wanted)))
        others = [each for each in running() if each.pk != template.pk]
        raise_on_errors(list(infeasible(force, wanted, others)))
        _end(force, template, by)
        return _keep(wanted, "template.change", by, before=template.pk)


def end(force: InForce, template: TaskTemplate, by: str) -> None:
    """End a template: nothing falls due any more, and what is due and not yet late is called off.

    Raises
    ------
    QinwuError
        It has ended already.
    """
    with transaction.atomic():
        trail.lock()
        off = _end(force, template, by)
        trail.record(by, "template.end", str(template.pk), title=template.title, called_off=off)


def _keep(wanted: Wanted, action: str, by: str, **more: object) -> TaskTemplate:
    template = TaskTemplate.objects.create(
        title=masked(wanted.title)[:80],
        kind=wanted.kind,
        beat=wanted.beat,
        every_days=wanted.every_days,
        minutes=wanted.minutes,
        people=wanted.people,
        origin=wanted.origin,
        ordered_by=masked(wanted.ordered_by)[:80],
        since=wanted.since,
    )
    values = {"every_days": wanted.every_days, "minutes": wanted.minutes, "people": wanted.people, "origin": wanted.origin}
    trail.record(by, action, str(template.pk), title=template.title, beat=wanted.beat, since=wanted.since, **values, **more)
    return template


def _end(force: InForce, template: TaskTemplate, by: str) -> int:
    """End a template today; return how many of its tasks were called off."""
    template.refresh_from_db()
    if template.ended is not None:
        raise QinwuError([form_finding("ended", "", N_("This template has ended already."), N_("Load the page again."))])
    at = now()
    template.ended = today(force)
    template.save(update_fields=["ended"])
    going = Task.objects.filter(template=template, done__isnull=True, due__gt=at)
    return going.update(done=at, done_by=by, spent=0, result=CALLED_OFF)


def running() -> list[TaskTemplate]:
    """Return the templates that have not ended."""
    return list(TaskTemplate.objects.filter(ended__isnull=True))


def problems(force: InForce, wanted: Wanted) -> Iterator[Finding]:
    """Yield everything that is wrong with a template, its hours left aside."""
    known = [beat.id for beat in force.standing.beats]
    if not known:
        message = N_("The duty system in force has no beat on which work could fall due.")
        yield form_finding("no-beats", "beat", message, N_("Give single tasks instead."))
    if wanted.beat and wanted.beat not in known:
        near = did_you_mean(wanted.beat, known)
        remedy = N_("Did you mean {near}?") if near else N_("Choose from the list.")
        yield form_finding("unknown-beat", "beat", N_("There is no beat {word}."), remedy, word=wanted.beat, near=near)
    if wanted.kind not in RECURRING:
        yield form_finding("unknown-kind", "kind", N_("{word} is not in the list."), N_("Choose from the list."), word=wanted.kind)
    if wanted.origin != "self" and not wanted.ordered_by.strip():
        message, remedy = N_("Who ordered it is missing."), N_("Give the unit and the number of the order.")
        yield form_finding("no-order", "ordered_by", message, remedy)
    if wanted.since < today(force):
        message, remedy = N_("The work would begin on {day}, which is over."), N_("Give today or a later day.")
        yield form_finding("since-over", "since", message, remedy, day=wanted.since.isoformat())


def infeasible(force: InForce, wanted: Wanted, others: Sequence[TaskTemplate]) -> Iterator[Finding]:
    """Yield the rows that bind where the hours do not suffice for a template beside the others (M12)."""
    work = Recurring("new", wanted.beat, wanted.every_days, wanted.minutes, wanted.people)
    months, hours = month_hours(force)
    judged = judge_recurring(force.standing, work, [_work(each) for each in others], hours, months)
    for row in judged.binding[:ROWS_TOLD]:
        yield _binds(row, judged)
    if len(judged.binding) > ROWS_TOLD:
        message = N_("{count} more rows of officers and months do not suffice.")
        yield form_finding("more-rows", "every_days", message, "", count=len(judged.binding) - ROWS_TOLD)


def _binds(row: Row, judged: Judged) -> Finding:
    values = {
        "month": row.month,
        "beats": ", ".join(row.beats),
        "officers": _told(row.group),
        "required": f"{row.required_h({}):.1f}",
        "available": f"{row.available_h:.1f}",
        "days": judged.fewest_days,
        "minutes": judged.most_minutes,
    }
    if not row.group:
        message = N_("Nobody is accountable for {beats}: {required} h in {month} would fall on nobody.")
        return form_finding("nobody-accountable", "beat", message, N_("Name an accountable officer in the duty system."), **values)
    message = N_("{month}: {officers} would need {required} h for recurring work ({beats}) and have {available} h.")
    if judged.fewest_days is None:
        remedy = N_("Their hours are full: end or thin out other recurring work first.")
    elif judged.most_minutes:
        remedy = N_("It fits every {days} days, or with {minutes} minutes each time.")
    else:
        remedy = N_("It fits every {days} days.")
    return form_finding("hours-do-not-suffice", "every_days", message, remedy, **values)


def _told(group: frozenset[str]) -> str:
    names = sorted(group)
    return ", ".join(names) if len(names) <= OFFICERS_TOLD else f"{', '.join(names[: OFFICERS_TOLD - 1])} … ({len(names)})"


def rows_now(force: InForce) -> tuple[Row, ...]:
    """Return required against available hours of all templates, by beat and month, with the rows of those who go along."""
    months, hours = month_hours(force)
    return required_and_available(force.standing, [_work(each) for each in running()], hours, months)


def _work(template: TaskTemplate) -> Recurring:
    return Recurring(f"t{template.pk}", template.beat, template.every_days, template.minutes, template.people)


def today(force: InForce) -> date:
    """Return what day it is at the station."""
    return now().astimezone(force.zone).date()


def month_now(force: InForce) -> date:
    """Return the first day of the month it is at the station."""
    return today(force).replace(day=1)


def month_hours(force: InForce) -> MonthHours:
    """Return the months for which work is planned, and each officer's hours in them; who asks first waits until they are known."""
    return _begun(force, month_now(force)).result()


def hours_by_now(force: InForce, wait_s: float = WAIT_S) -> MonthHours | None:
    """Return the same, None while it is being worked out, which takes a station of a hundred officers a quarter of a minute."""
    try:
        return _begun(force, month_now(force)).result(wait_s)
    except NotYet:
        return None


@once(kept=4)
def _begun(force: InForce, month: date) -> Future[MonthHours]:
    return _WORKER.submit(_month_hours, force, month)


def _month_hours(force: InForce, month: date) -> MonthHours:
    months = months_ahead(month)
    return months, officer_months(force.standing, force.plan, months)


def fall_due(force: InForce) -> int:
    """Make the tasks that are due by now and are not there yet; return how many.

    A template's first time runs from the day it begins to the day before the next; each is due at its end, at midnight of the
    station. What nobody looked at for a while is made all the same, late as it is. Where a duty system with other beats has come
    into force, open tasks follow it first.
    """
    if not any(_missing(force, now())) and not _without_beat(force).exists():
        return 0
    with transaction.atomic():
        trail.lock()
        _move(force)
        made = Task.objects.bulk_create(_missing(force, now()))
        if made:
            trail.record(SYSTEM, "task.fall_due", "", tasks=len(made), templates=sorted({each.template_id for each in made}))
    return len(made)


def _without_beat(force: InForce) -> QuerySet[Task]:
    """Return open tasks of beats that the duty system in force does not have, where something can be done about it."""
    known = [beat.id for beat in force.loaded.system.beat]
    lost = Task.objects.filter(done__isnull=True).exclude(beat__in=["", *known])
    return lost.filter(Q(template__isnull=False, due__gt=now()) | Q(atom__in=sorted(force.standing.beat_of_atom)))


def _move(force: InForce) -> None:
    """Let tasks follow a new duty system: those of a place go to its beat; recurring ones not yet late fall due anew."""
    for task in _without_beat(force):
        before = task.beat
        if task.atom in force.standing.beat_of_atom:
            task.beat = force.standing.beat_of_atom[task.atom]
        else:
            task.done, task.done_by, task.spent, task.result = now(), SYSTEM, 0, CALLED_OFF
        task.save(update_fields=["beat", "done", "done_by", "spent", "result"])
        trail.record(SYSTEM, "task.move", str(task.pk), before=before, beat=task.beat, result=task.result)


def _missing(force: InForce, at: datetime) -> Iterator[Task]:
    zone = force.zone
    day = at.astimezone(zone).date()
    every_beat = [beat.id for beat in force.standing.beats]
    templates = TaskTemplate.objects.filter(Q(ended__isnull=True) | Q(ended__gt=day), since__lte=day)
    latest = templates.annotate(latest=Max("tasks__due"))
    there = set(Task.objects.filter(template__in=templates, due__gt=at).values_list("template_id", "beat", "due"))
    for template in latest:
        step, current = template.every_days, (day - template.since).days // template.every_days
        last: datetime | None = template.latest
        first = 0 if last is None else (last.astimezone(zone).date() - template.since).days // step
        for number in range(min(first, current), current + 1):
            begins = template.since + number * step * DAY
            due = midnight(force, begins + step * DAY)
            for beat in [template.beat] if template.beat else every_beat:
                if beat in every_beat and (template.pk, beat, due) not in there:
                    yield _task(template, beat, midnight(force, begins), due)


def _task(template: TaskTemplate, beat: str, opened: datetime, due: datetime) -> Task:
    return Task(
        title=template.title,
        kind=template.kind,
        beat=beat,
        template=template,
        origin=template.origin,
        ordered_by=template.ordered_by,
        opened=opened,
        opened_by=SYSTEM,
        due=due,
        minutes=template.minutes,
        people=template.people,
    )
