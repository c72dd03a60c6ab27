"""Beat work: what is due on a beat (visits, inspections, the week's draw), from the station's books and what was done on the board.

What counts as due, and who is drawn, is worked out by :mod:`qinwu.plan.rounds`; here books and done tasks are put together, and
what is due becomes tasks, once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from django.db import transaction

from qinwu.board import trail
from qinwu.board.access.reach import officers_of
from qinwu.board.clock import now
from qinwu.board.in_force import InForce
from qinwu.board.models import Task
from qinwu.board.once import once
from qinwu.board.roster.absences import absent_at
from qinwu.board.roster.rostered import midnight, stretches
from qinwu.board.work import tasks
from qinwu.duty.gaps import DAY_MIN
from qinwu.duty.places import owns_venue
from qinwu.duty.system import Beat
from qinwu.findings import Finding
from qinwu.language import N_, Language, translate
from qinwu.plan.rounds.aims import Aims, read_aims, sample_aims
from qinwu.plan.rounds.beat_visits import Stay
from qinwu.plan.rounds.due import read_last, read_visits
from qinwu.plan.rounds.people import People
from qinwu.plan.rounds.week import WEEK, Drawn, NextDue, WeekDraw, monday_of, next_due, seed_of, stays_left, week_draw
from qinwu.station.venues import TRADES, Venue

AIMS, INSPECTIONS, VISITS = "rounds.toml", "inspections", "visits"
SUFFIXES = (".csv", ".xlsx", ".parquet")
COUNTS = ("done", "found")
"""Results after which a place has been seen; a closed door is no inspection."""
LAST_MINUTE = time(23, 59)


@dataclass(frozen=True)
class Books:
    """What the station's files say of rounds: rules, last inspections, visits made, and what is wrong with them."""

    people: People
    aims: Aims
    last: dict[str, date]
    visits: tuple[tuple[date, str], ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Work:
    """What is due on a beat.

    Parameters
    ----------
    beat, officer
        Which, and who answers for it ('' for nobody).
    venues
        Its venues with when each is due, overdue first; those of a specialist's functional beat are in `others`.
    others
        Venues in the beat that a specialist answers for, with the functional beat.
    draw
        The draw of the week for the whole station, and `drawn` of it for this beat's venues.
    stays
        Beat visits that should be made by the end of the week and are not.
    made
        Visits made in the beat this month.
    until
        The last day of the week.
    """

    beat: Beat
    officer: str
    venues: tuple[NextDue, ...]
    others: tuple[tuple[NextDue, str], ...]
    draw: WeekDraw
    drawn: tuple[Drawn, ...]
    stays: tuple[Stay, ...]
    made: int
    until: date

    @property
    def due(self) -> tuple[NextDue, ...]:
        """Inspections due by the end of the week, overdue included."""
        return tuple(one for one in self.venues if one.within(self.until))

    def inspected(self, one: Drawn) -> bool:
        """Return whether a venue that was drawn has been inspected since."""
        last = next((each.last for each in self.venues if each.venue.id == one.visit.venue.id), None)
        return last is not None and last >= self.draw.monday

    @property
    def late(self) -> tuple[NextDue, ...]:
        """Inspections that are overdue."""
        return tuple(one for one in self.venues if one.late_days)


@once(kept=2)
def books(force: InForce) -> Books:
    """Return what the files of the station say, read once for each state of them.

    Raises
    ------
    QinwuError
        A file cannot be read at all.
    """
    folder = Path(force.station.folder)
    aims = read_aims(folder / AIMS) if (folder / AIMS).exists() else sample_aims()
    last: dict[str, date] = {}
    visits: tuple[tuple[date, str], ...] = ()
    findings: tuple[Finding, ...] = ()
    if (path := _there(folder, INSPECTIONS)) is not None:
        last, told = read_last(path, force.station.venues)
        findings += told
    if (path := _there(folder, VISITS)) is not None:
        visits, told = read_visits(path, force.station.area.index)
        findings += told
    return Books(People.of(force.station, force.loaded.system), aims, last, visits, findings)


def _there(folder: Path, stem: str) -> Path | None:
    return next((folder / f"{stem}{suffix}" for suffix in SUFFIXES if (folder / f"{stem}{suffix}").is_file()), None)


def today_at(force: InForce) -> date:
    """Return the day at the station."""
    return now().astimezone(force.zone).date()


def last_inspections(force: InForce, before: date | None = None) -> dict[str, date]:
    """Return when each venue was inspected last, by the books and the board; `before` leaves out that day and all after it."""
    zone = force.zone
    last = {venue: day for venue, day in books(force).last.items() if before is None or day < before}
    done = Task.objects.filter(kind="inspection", done__isnull=False, result__in=COUNTS).exclude(venue="")
    for venue, at in done.values_list("venue", "done"):
        day = at.astimezone(zone).date() if at is not None else date.min
        if before is None or day < before:
            last[venue] = max(day, last.get(venue, day))
    return last


def visits_made(force: InForce, today: date) -> Counter[str]:
    """Return the beat visits of the month by atom, by the books and the board; what both have of a day and place is one visit."""
    first, zone = today.replace(day=1), force.zone
    booked = Counter((day, atom) for day, atom in books(force).visits if first <= day <= today)
    done = Task.objects.filter(kind="visit", done__gte=midnight(force, first), done__lte=now(), result__in=COUNTS)
    rows = done.exclude(atom="").values_list("done", "atom")
    made: Counter[str] = Counter()
    for (_day, atom), count in (booked | Counter((at.astimezone(zone).date(), atom) for at, atom in rows if at)).items():
        made[atom] += count
    return made


def draw_of(force: InForce, today: date) -> WeekDraw:
    """Return the double draw of the week: the same all week long, whatever is inspected and whoever falls ill meanwhile."""
    book, monday = books(force), monday_of(today)
    on_duty = stretches(force, midnight(force, monday), WEEK.days * DAY_MIN)
    on = {officer for crew in {crew for crew, _, _ in on_duty} for officer in force.plan.crews[crew].officers}
    return week_draw(book.people, book.aims, last_inspections(force, monday), on, monday, seed_of(monday))


def work_of(force: InForce, beat: Beat, draw: WeekDraw) -> Work:
    """Return what is due on a beat."""
    book, today = books(force), today_at(force)
    officer = officers_of(force).get(beat.id, "")
    monday = monday_of(today)
    mine, special = _venues(force, beat)
    coming = {
        one.venue.id: one
        for one in next_due(_graded(book, [*mine, *special]), book.aims, last_inspections(force), today, seed_of(monday))
    }
    made = visits_made(force, today)
    stays = stays_left(book.people, officer, book.aims, today, made) if officer and beat.kind == "geographic" else ()
    own = {venue.id for venue in mine}
    return Work(
        beat=beat,
        officer=officer,
        venues=tuple(one for name, one in coming.items() if name in own),
        others=tuple((one, special[one.venue]) for name, one in coming.items() if name not in own),
        draw=draw,
        drawn=tuple(one for one in draw.drawn if one.visit.venue.id in own),
        stays=tuple(stay for stay in stays if stay.beat == beat.id),
        made=sum(count for atom, count in made.items() if atom in beat.atoms),
        until=monday + WEEK - timedelta(days=1),
    )


def _graded(book: Books, venues: Sequence[Venue]) -> list[Venue]:
    """Return venues whose grade has an interval; the check of the station's files tells the others."""
    grades = {grade.id for grade in book.aims.grade}
    return [venue for venue in venues if venue.grade in grades]


def _venues(force: InForce, beat: Beat) -> tuple[list[Venue], dict[Venue, str]]:
    """Return the venues a beat answers for, and those in it that a functional beat with an officer takes from it."""
    venues = force.station.venues
    if beat.kind == "functional":
        return [venue for venue in venues if beat_of_venue(force, venue) == beat.id], {}
    inside = {venue: beat_of_venue(force, venue) for venue in venues if force.standing.beat_of_atom.get(venue.atom) == beat.id}
    return [venue for venue, owner in inside.items() if owner == beat.id], {
        venue: owner for venue, owner in inside.items() if owner != beat.id
    }


def beat_of_venue(force: InForce, venue: Venue) -> str:
    """Return the beat that answers for a venue: a functional one with an officer that has its trade, else the one it lies in."""
    answered = officers_of(force)
    for each in force.loaded.system.beat:
        if each.kind == "functional" and each.id in answered and owns_venue(each, venue):
            return each.id
    return force.standing.beat_of_atom.get(venue.atom, "")


def make_tasks(force: InForce, work: Work, language: Language, by: str) -> int:
    """Turn what is due on a beat this week into tasks, each once; return how many were made.

    An inspection is for whoever the week's draw named first and is not away; where nobody is, it is the beat's.
    """
    with transaction.atomic():
        trail.lock()
        # Under the lock of the trail nobody else makes the same tasks between looking and writing.
        going = Task.objects.filter(beat=work.beat.id, done__isnull=True)
        venues = set(going.filter(kind="inspection").values_list("venue", flat=True))
        atoms = Counter(going.filter(kind="visit").values_list("atom", flat=True))
        made = sum(_inspection(force, work, venue, language, by) for venue in _to_inspect(work) if venue.id not in venues)
        for stay in work.stays:
            if atoms[stay.atom] > 0:
                atoms[stay.atom] -= 1
            else:
                made += _visit(force, work, stay, language, by)
    return made


def to_make(work: Work) -> int:
    """Return how much of what is due on a beat has no task yet."""
    going = Task.objects.filter(beat=work.beat.id, done__isnull=True)
    venues = set(going.filter(kind="inspection").values_list("venue", flat=True))
    atoms = Counter(going.filter(kind="visit").values_list("atom", flat=True))
    stays = Counter(stay.atom for stay in work.stays)
    return sum(venue.id not in venues for venue in _to_inspect(work)) + sum((stays - atoms).values())


def _to_inspect(work: Work) -> list[Venue]:
    """Return venues due this week, and those the lot chose besides that have not been inspected since."""
    open_lots = [one.visit.venue for one in work.drawn if one.by_lot and not work.inspected(one)]
    return list(dict.fromkeys([*(one.venue for one in work.due), *open_lots]))


def _inspection(force: InForce, work: Work, venue: Venue, language: Language, by: str) -> int:
    book = books(force)
    drawn = next((one.officers for one in work.draw.drawn if one.visit.venue.id == venue.id), ())
    text = N_("Inspect {venue} ({trade}, grade {grade}): {officers}") if drawn else N_("Inspect {venue} ({trade}, grade {grade})")
    there = [officer for officer in drawn if officer not in absent_at(now())]
    trade = translate(TRADES.get(venue.kind, venue.kind), language)
    title = translate(text, language).format(venue=venue.id, trade=trade, grade=venue.grade, officers=", ".join(drawn))
    tasks.keep(
        by,
        title=title[:80],
        kind="inspection",
        beat=work.beat.id,
        officer=there[0] if there else "",
        atom=venue.atom,
        venue=venue.id,
        due=_end_of(force, work.until),
        minutes=round(book.aims.minutes_of(venue.kind, venue.inspection_min)),
        people=book.aims.inspection.officers,
    )
    return 1


def _visit(force: InForce, work: Work, stay: Stay, language: Language, by: str) -> int:
    name = force.station.area.called(stay.atom)
    tasks.keep(
        by,
        title=translate(N_("Beat visit to {place}"), language).format(place=name)[:80],
        kind="visit",
        beat=work.beat.id,
        officer=work.officer,
        atom=stay.atom,
        due=_end_of(force, work.until),
        minutes=round(books(force).aims.beat_visit.minutes),
    )
    return 1


def _end_of(force: InForce, day: date) -> datetime:
    return datetime.combine(day, LAST_MINUTE, force.zone)
