"""Demonstration of beats and scores: inspections and visits of the last weeks, sheets shown to some officers, one objection."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import numpy as np

from qinwu.board.access.reach import officers_of
from qinwu.board.beat import score_acts
from qinwu.board.beat.beat_work import beat_of_venue, books, today_at
from qinwu.board.beat.judged import BENCH
from qinwu.board.in_force import InForce
from qinwu.board.models import Task
from qinwu.language import N_, said
from qinwu.plan.rounds.week import stays_left

SEED = 7
LATE = 1.06
"""Last inspections lie up to so many intervals back: a few venues are overdue."""
KEPT = 0.85
"""Share of the visits that were made."""
PATIENCE_S = 120.0
SHOWN, OBJECTS = 6, 1
PLAYER = "demo"


def seed(force: InForce) -> None:
    """Put in done inspections and visits, and show the first score sheets to their officers."""
    rng = np.random.default_rng(SEED)
    Task.objects.bulk_create([*_inspections(force, rng), *_visits(force, rng)])
    _scores(force)


def _inspections(force: InForce, rng: np.random.Generator) -> Iterator[Task]:
    book, today = books(force), today_at(force)
    interval = {grade.id: grade.interval_days for grade in book.aims.grade}
    title = said(N_("Inspect {venue}"))
    for venue in force.station.venues:
        if venue.grade in interval:
            day = today - timedelta(days=1 + int(LATE * interval[venue.grade] * rng.random()))
            officer = officers_of(force).get(beat_of_venue(force, venue), "")
            beat = beat_of_venue(force, venue)
            words = title.format(venue=venue.id)
            yield _done(force, rng, "inspection", words, beat, officer, venue.atom, venue.id, day, venue.inspection_min)


def _visits(force: InForce, rng: np.random.Generator) -> Iterator[Task]:
    book, today = books(force), today_at(force)
    title = said(N_("Beat visit to {place}"))
    for officer in sorted(set(officers_of(force).values()) & book.people.beat_officers):
        for stay in stays_left(book.people, officer, book.aims, today, Counter()):
            if today.day > 1 and rng.random() < KEPT:
                day = today.replace(day=int(rng.integers(1, today.day)))
                words = title.format(place=force.station.area.called(stay.atom))
                yield _done(force, rng, "visit", words, stay.beat, officer, stay.atom, "", day, book.aims.beat_visit.minutes)


def _done(
    force: InForce,
    rng: np.random.Generator,
    kind: str,
    title: str,
    beat: str,
    officer: str,
    atom: str,
    venue: str,
    day: date,
    minutes: float,
) -> Task:
    begun = datetime.combine(day, time(int(rng.integers(9, 18)), int(rng.integers(60))), force.zone)
    spent = round(minutes * float(rng.gamma(16.0, 1.0 / 16.0)))
    return Task(
        title=title[:80],
        kind=kind,
        beat=beat,
        officer=officer,
        atom=atom,
        venue=venue,
        opened=begun - timedelta(days=3),
        opened_by=PLAYER,
        due=begun + timedelta(days=2),
        minutes=round(minutes),
        done=begun + timedelta(minutes=spent),
        done_by=PLAYER,
        spent=spent,
        result="done",
    )


def _scores(force: InForce) -> None:
    """Show the first officers their sheets; one of them objects."""
    bench = BENCH.of(force, PATIENCE_S)
    scored = score_acts.sheets(force, bench) if bench is not None else None
    if scored is None:
        return
    own = [one for one in scored.sheets if one.level == "officer"][:SHOWN]
    for sheet in own:
        score_acts.show(sheet, PLAYER)
    again = score_acts.sheets(force, bench) if bench is not None else None
    for sheet in own[OBJECTS : OBJECTS + 1]:
        shown = again.of(sheet.owner) if again is not None else None
        if shown is not None:
            reason = said(N_("Three visits of the second week are missing from the book."))
            score_acts.object_to(shown, shown.owner, shown.lines[0].line.id, reason, PLAYER)
