"""Demonstration of tasks: templates, some work done and some late, mediation, requests, a service point with a morning behind it.

Everything is written as people would write it, only its times lie before now; the numbers are drawn with a fixed seed.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, time, timedelta

import numpy as np
from django.db import transaction

from qinwu.board import trail
from qinwu.board.clock import now
from qinwu.board.in_force import InForce, in_force
from qinwu.board.models import Feedback, ServicePoint, Task, TaskTemplate, Ticket
from qinwu.board.roster.rostered import midnight
from qinwu.board.words import REQUESTS, results_of
from qinwu.board.work import mediation, recurring, tasks
from qinwu.board.work.counters import BUSINESS, Wanted, call_next, draw, make, points, served, today_of
from qinwu.board.work.feedback import METHODS
from qinwu.board.work.requests import REPLY
from qinwu.findings import QinwuError
from qinwu.language import N_, said

PLAYER = "demo"
SEED = 12
DAYS = 28
DAY = timedelta(days=1)
DONE_IN_TIME = 0.93
TEMPLATES = (
    (N_("Call on yards and blocks"), "visit", 7, 90, 1, "self", ""),
    (N_("Fire safety of shops"), "inspection", 14, 60, 2, "superior", N_("public order brigade, order 3 (sample)")),
    (N_("Weekly meeting of the beat"), "meeting", 7, 45, 1, "self", ""),
)
"""Title, kind, days, minutes, officers, origin, who ordered it."""
AD_HOC = (
    (N_("On site for a street clean-up"), "local_government", N_("street office, order 12 (sample)"), 180, 2),
    (N_("Papers for an inspection from above"), "superior", N_("sub-bureau office, order 7 (sample)"), 120, 1),
    (N_("Guard at short notice"), "superior", N_("command centre, order 9 (sample)"), 240, 2),
)
"""Title, origin, who ordered it, minutes, officers."""
POINT = N_("Counters of the station house")
VISITS_H = (6.0, 7.0, 8.0, 8.8, 8.5, 7.5, 6.0, 4.0)
"""Numbers drawn in each hour from opening on."""
USUAL_OPENING, LATEST_OPENING = 9, 15
BEFORE_NOW = 4
"""Where the demonstration begins outside usual hours, the point opened so many hours before."""
SERVICE_MIN = 11.0
COUNTERS = 2


def seed(_force: InForce) -> None:
    """Write it all, once; a board that has templates or service points already stays as it is."""
    if TaskTemplate.objects.exists() or ServicePoint.objects.exists():
        return
    force = in_force()  # another seed may have signed a duty system since
    rng = np.random.default_rng(SEED)
    with transaction.atomic():
        trail.lock()
        _templates(force, rng)
        _ad_hoc(force, rng)
        _disputes(force, rng)
        _requests(force, rng)
        _point(force, rng)
        _answers(rng)
        trail.record(PLAYER, "demo.seed", "tasks", tasks=Task.objects.count(), tickets=Ticket.objects.count())


def _templates(force: InForce, rng: np.random.Generator) -> None:
    """Write templates that began four weeks ago, let them fall due, and do most of it in time."""
    since = recurring.today(force) - timedelta(days=DAYS + 1)
    for title, kind, every, minutes, people, origin, order in TEMPLATES:
        TaskTemplate.objects.create(
            title=said(title),
            kind=kind,
            every_days=every,
            minutes=minutes,
            people=people,
            origin=origin,
            ordered_by=said(order),
            since=since,
        )
    recurring.fall_due(force)
    for task in Task.objects.filter(template__isnull=False, due__lte=now()):
        older = now() - task.due > 7 * DAY
        if older or rng.random() < DONE_IN_TIME:
            _do(task, task.due - timedelta(hours=float(rng.uniform(4.0, 60.0))), rng)


def _do(task: Task, at: datetime, rng: np.random.Generator, result: str = "") -> None:
    """End a task at a time before now."""
    words = list(results_of(task.kind))
    task.done, task.done_by = min(max(at, task.opened), now()), PLAYER
    task.spent = max(5, round(task.minutes * float(rng.gamma(9.0, 1.0 / 9.0))))
    task.result = result or words[0]
    task.save()


def _ad_hoc(force: InForce, rng: np.random.Generator) -> None:
    """Give single tasks that others ordered, more of them in the last week."""
    beats = [beat.id for beat in force.standing.beats]
    for back in (2, 3, 4, 5, 9, 13, 18, 24):
        title, origin, order, minutes, people = AD_HOC[int(rng.integers(len(AD_HOC)))]
        at = now() - back * DAY
        task = Task.objects.create(
            title=said(title),
            kind="other",
            beat=beats[int(rng.integers(len(beats)))],
            origin=origin,
            ordered_by=said(order),
            opened=at,
            opened_by=PLAYER,
            due=at + DAY,
            minutes=minutes,
            people=people,
        )
        _do(task, at + timedelta(hours=8), rng)


def _disputes(force: InForce, rng: np.random.Generator) -> None:
    """Open cases at places of the record's disputes; settle most and look at them again."""
    classes = mediation.dispute_classes(force)
    table = force.station.calls.table
    known = [(name, atom) for name, atom in table.select("call_class", "atom").iter_rows() if name in classes] if classes else []
    for back in (20, 17, 15, 12, 9, 6, 3, 1) if known else ():
        name, atom = known[int(rng.integers(len(known)))]
        at = now() - back * DAY
        case = _case(force, name, atom, at, "mediation", at + 7 * DAY)
        if back > 5 and back != 9:
            _do(case, at + 3 * DAY, rng, "agreed" if rng.random() < 0.75 else "not_agreed")
            again = _case(force, name, atom, at + 3 * DAY, "follow_up", at + 10 * DAY, case)
            if again.due < now() - DAY:
                _do(again, again.due - DAY, rng, "kept")


def _case(force: InForce, name: str, atom: str, at: datetime, kind: str, due: datetime, follows: Task | None = None) -> Task:
    return Task.objects.create(
        title=name,
        kind=kind,
        beat=tasks.beat_of(force, atom),
        atom=atom,
        origin="resident",
        opened=at,
        opened_by=PLAYER,
        due=due,
        minutes=mediation.MINUTES if kind == "mediation" else 30,
        people=mediation.PEOPLE if kind == "mediation" else 1,
        follows=follows,
    )


def _requests(force: InForce, rng: np.random.Generator) -> None:
    """Receive requests over two weeks; one of them waits too long, some still have time."""
    names = list(REQUESTS)
    for hours in (300, 260, 210, 180, 150, 120, 110, 90, 80, 60, 30, 20, 6):
        at = now() - timedelta(hours=hours)
        atom = force.plan.atoms[int(rng.integers(len(force.plan.atoms)))]
        task = Task.objects.create(
            title=names[int(rng.integers(len(names)))],
            kind="request",
            beat=tasks.beat_of(force, atom),
            atom=atom,
            origin="resident",
            opened=at,
            opened_by=PLAYER,
            due=at + REPLY,
            minutes=20,
        )
        if hours > 90 or hours == 60:
            _do(task, at + timedelta(hours=float(rng.uniform(3.0, 70.0))), rng, "answered")


def _point(force: InForce, rng: np.random.Generator) -> None:
    """Open a point at the station house and let people come on every day of four weeks, and today up to now."""
    house = force.station.area.atom_ids[force.station.base]
    hour = now().astimezone(force.zone).hour
    opens = USUAL_OPENING if 0 < hour - USUAL_OPENING < len(VISITS_H) else min(max(hour - BEFORE_NOW, 0), LATEST_OPENING)
    hours = (time(opens), time(opens + len(VISITS_H)))
    point = make(force, Wanted(said(POINT), house, "0123456", *hours, COUNTERS), PLAYER)
    today = recurring.today(force)
    for back in range(DAYS - 1, -1, -1):
        Ticket.objects.bulk_create(_day(force, point, today - back * DAY, rng))


def _day(force: InForce, point: ServicePoint, day: date, rng: np.random.Generator) -> list[Ticket]:
    """Return a day's numbers served first come first served at the counters there are; what lies after now has not happened."""
    begins, kinds = midnight(force, day), list(BUSINESS)
    drawn = sorted(
        begins + timedelta(hours=point.opens.hour + hour, minutes=float(rng.uniform(0.0, 60.0)))
        for hour, rate in enumerate(VISITS_H)
        for _ in range(int(rng.poisson(rate)))
    )
    free = [begins] * COUNTERS
    found: list[Ticket] = []
    for number, at in enumerate(drawn, start=1):
        business = kinds[int(rng.integers(len(kinds)))]
        stays = timedelta(minutes=float(rng.gamma(3.0, SERVICE_MIN / 3.0)))
        called = max(at, min(free))
        free[free.index(min(free))] = called + stays
        if at > now():
            break
        ticket = Ticket(point=point, number=number, day=day, business=business, drawn=at)
        ticket.served = called if called <= now() else None
        ticket.done = called + stays if called + stays <= now() else None
        found.append(ticket)
    return found


def step(force: InForce) -> None:
    """Go on at every service point: people come, are called, are done. How long each stays follows from the number."""
    at = now()
    for point in points():
        here = today_of(force, point)
        for ticket in here.filter(served__isnull=False, done__isnull=True, left__isnull=True):
            if ticket.served is not None and at - ticket.served >= _drawn(ticket.number, SERVICE_MIN, 3.0):
                served(ticket, PLAYER)
        last = here.order_by("-number").first()
        with suppress(QinwuError):  # it is closed, nobody waits, or all counters are busy
            call_next(force, point, PLAYER)
        if last is None or at - last.drawn >= _drawn(last.number, 60.0 / VISITS_H[0], 1.0):
            with suppress(QinwuError):
                draw(force, point, list(BUSINESS)[(last.number if last else 0) % len(BUSINESS)], PLAYER)


def _drawn(number: int, mean_min: float, shape: float) -> timedelta:
    """Return a gamma time that is always the same for a number."""
    return timedelta(minutes=float(np.random.default_rng((SEED, number)).gamma(shape, mean_min / shape)))


def _answers(rng: np.random.Generator) -> None:
    """Keep answers about work done with residents."""
    ways = list(METHODS)
    ended = Task.objects.filter(done__isnull=False, kind__in=("visit", "mediation", "request", "inspection"))
    for task in list(ended.order_by("-done"))[:60:2]:
        Feedback.objects.create(
            task=task,
            at=min(now(), task.done + timedelta(hours=20)) if task.done else now(),
            method=ways[int(rng.choice(4, p=[0.6, 0.2, 0.15, 0.05]))],
            satisfied=bool(rng.random() < 0.88),
        )
