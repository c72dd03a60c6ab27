"""Bulletins 通报: what officers must know about a place, until when, who has read it and how long that took.

Nothing about persons: a text that speaks of one is refused.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q, QuerySet

from qinwu.board import trail
from qinwu.board.access.reach import Reach
from qinwu.board.access.roles import has
from qinwu.board.clock import now
from qinwu.board.in_force import InForce
from qinwu.board.models import Bulletin, BulletinRead
from qinwu.board.typed import form_finding
from qinwu.findings import Finding, QinwuError, did_you_mean, raise_on_errors
from qinwu.judge.officers.information_lag import News, TeamLag, lags
from qinwu.language import N_
from qinwu.station.guards import long_number_in, person_in

KINDS = {
    "series": N_("things that repeat at a place"),
    "danger": N_("danger to residents or crews"),
    "road": N_("road closed or hard to pass"),
    "event": N_("gathering or event"),
    "wanted_help": N_("look out, and report what is seen"),
    "other": N_("other news of the place"),
}
LONGEST = timedelta(days=14)
"""A bulletin that is still true after so long is written anew by somebody who says so."""
TITLE, TEXT = 80, 400
OFFICE = ""
"""Team of accounts whose officer is in no crew."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A bulletin as it was typed; `happened` None where it tells of something to come."""

    title: str
    text: str
    kind: str
    beat: str
    atom: str
    happened: datetime | None
    end: datetime


def publish(force: InForce, draft: Draft, by: str) -> Bulletin:
    """Put a bulletin up, from now on.

    Raises
    ------
    QinwuError
        With everything that is wrong; nothing is kept then.
    """
    at = now()
    raise_on_errors(list(problems(force, draft, at)))
    with transaction.atomic():
        trail.lock()
        bulletin = Bulletin.objects.create(**_fields(draft), start=at, by=by)
        trail.record(by, "bulletin.publish", str(bulletin.pk), **_told(draft))
    return bulletin


def change(force: InForce, bulletin: Bulletin, draft: Draft, by: str) -> None:
    """Change a bulletin while it runs; once somebody else has read it, only its end: what was read is not rewritten.

    Raises
    ------
    QinwuError
        It has ended, it was read and more than its end would change, or something is wrong with what was typed.
    """
    at = now()
    raise_on_errors(list(problems(force, draft, at, bulletin.start)))
    with transaction.atomic():
        trail.lock()
        bulletin.refresh_from_db()
        _must_run(bulletin, at)
        fields = _fields(draft)
        changed = {name: value for name, value in fields.items() if getattr(bulletin, name) != value}
        if changed.keys() - {"end"} and bulletin.read_by.exclude(user__username=bulletin.by).exists():
            message = N_("Others have read this bulletin: only its end can be changed.")
            raise _refused("was-read", "text", message, N_("Withdraw it and write another."))
        before = {name: getattr(bulletin, name) for name in changed}
        for name, value in changed.items():
            setattr(bulletin, name, value)
        bulletin.save(update_fields=list(changed) or None)
        trail.record(by, "bulletin.change", str(bulletin.pk), before=before, after=changed)


def withdraw(bulletin: Bulletin, by: str) -> None:
    """End a bulletin before its time."""
    with transaction.atomic():
        trail.lock()
        bulletin.refresh_from_db()
        _must_run(bulletin, now())
        bulletin.withdrawn = now()
        bulletin.save(update_fields=["withdrawn"])
        trail.record(by, "bulletin.withdraw", str(bulletin.pk))


def _must_run(bulletin: Bulletin, at: datetime) -> None:
    if not runs(bulletin, at):
        message = N_("This bulletin has ended: it is kept as it was.")
        raise _refused("ended", "", message, N_("Write another if it is true again."))


def _fields(draft: Draft) -> dict[str, Any]:
    names = ("title", "text", "kind", "beat", "atom", "happened", "end")
    return {name: getattr(draft, name) for name in names}


def _told(draft: Draft) -> dict[str, Any]:
    return {"title": draft.title, "kind": draft.kind, "beat": draft.beat, "atom": draft.atom, "end": draft.end.isoformat()}


def problems(force: InForce, draft: Draft, at: datetime, start: datetime | None = None) -> Iterator[Finding]:
    """Yield everything that is wrong with a draft that is put up, or was put up at `start`."""
    for key, text, most in (("title", draft.title, TITLE), ("text", draft.text, TEXT)):
        yield from _text_problems(key, text, most)
    for key, word, known in (
        ("kind", draft.kind, tuple(KINDS)),
        ("beat", draft.beat, ("", *force.plan.beats)),
        ("atom", draft.atom, ("", *force.plan.atoms)),
    ):
        if word not in known:
            near = did_you_mean(word, known)
            remedy = N_("Did you mean {near}?") if near else N_("Choose from the list.")
            yield form_finding(f"unknown-{key}", key, N_("{word} is not in the list."), remedy, word=word, near=near)
    if draft.atom in force.plan.atoms and draft.beat and beat_of(force, draft.atom) != draft.beat:
        message, remedy = N_("{atom} does not lie in beat {beat}."), N_("Give one of the two.")
        yield form_finding("atom-outside-beat", "atom", message, remedy, atom=draft.atom, beat=draft.beat)
    if draft.end <= at:
        yield form_finding("ends-before-now", "end", N_("The bulletin would have ended already."), N_("Give a later end."))
    if draft.end > (start or at) + LONGEST:
        message, remedy = (
            N_("A bulletin runs for {days} days at most."),
            N_("Give an earlier end; write it anew if it is still true."),
        )
        yield form_finding("runs-too-long", "end", message, remedy, days=LONGEST.days)
    if draft.happened is not None and draft.happened > at:
        message, remedy = N_("What happened lies in the future."), N_("Leave the time empty for something to come.")
        yield form_finding("happens-later", "happened", message, remedy)


def _text_problems(key: str, text: str, most: int) -> Iterator[Finding]:
    if not text.strip():
        yield form_finding(f"no-{key}", key, N_("A field is empty: {field}."), N_("Fill it in."), field=key)
    if len(text) > most:
        message, remedy = N_("{count} characters are too many."), N_("At most {most}.")
        yield form_finding("too-long", key, message, remedy, count=len(text), most=most)
    number, person = long_number_in(text), person_in(text)
    if number:
        message = N_("{number} looks like a telephone or identity number.")
        yield form_finding("long-number", key, message, N_("Leave it out: bulletins are about places."), number=number)
    if person:
        message = N_("“{words}” speaks of a person.")
        yield form_finding("about-person", key, message, N_("Say what happens, where and when; leave out who."), words=person)


def _refused(code: str, key: str, message: str, remedy: str) -> QinwuError:
    return QinwuError([form_finding(code, key, message, remedy)])


def beat_of(force: InForce, atom: str) -> str:
    """Return the beat an atom lies in, '' for none."""
    beat = int(force.plan.area.beat_of[force.atoms[atom]])
    return force.plan.beats[beat] if beat >= 0 else ""


def runs(bulletin: Bulletin, at: datetime) -> bool:
    """Return whether a bulletin is in force at a time."""
    return bulletin.start <= at < ended_at(bulletin)


def ended_at(bulletin: Bulletin) -> datetime:
    """Return when a bulletin ends or was withdrawn."""
    return min(bulletin.end, bulletin.withdrawn) if bulletin.withdrawn else bulletin.end


def running(at: datetime) -> QuerySet[Bulletin]:
    """Return the bulletins in force at a time, the newest first."""
    return Bulletin.objects.filter(Q(withdrawn__isnull=True) | Q(withdrawn__gt=at), start__lte=at, end__gt=at)


def over(at: datetime) -> QuerySet[Bulletin]:
    """Return the bulletins that have ended by a time, the newest first."""
    return Bulletin.objects.filter(Q(withdrawn__lte=at) | Q(end__lte=at))


def own_first(force: InForce, reach: Reach, bulletins: Iterable[Bulletin]) -> list[Bulletin]:
    """Return bulletins as an account wants them: those of the own beats, of the beats it leads, of the station, then the others."""
    led = frozenset() if reach.everything else reach.beats

    def rank(bulletin: Bulletin) -> int:
        beat = place_beat(force, bulletin)
        return 0 if beat in reach.own else 1 if beat in led else 2 if not beat else 3

    return sorted(bulletins, key=rank)


def place_beat(force: InForce, bulletin: Bulletin) -> str:
    """Return the beat a bulletin is about, '' for the station; an atom that is gone is no place of a beat."""
    if bulletin.beat or not bulletin.atom:
        return bulletin.beat
    return beat_of(force, bulletin.atom) if bulletin.atom in force.plan.atoms else ""


def at_place(force: InForce, atom: str, at: datetime) -> list[Bulletin]:
    """Return the bulletins in force about an atom, its beat, or the whole station, the nearest to the place first."""
    beat = beat_of(force, atom) if atom in force.plan.atoms else ""
    found = running(at).filter(Q(atom=atom) | Q(atom="", beat=beat) | Q(atom="", beat=""))
    return sorted(found, key=lambda one: (one.atom != atom, one.beat != beat))


def read(bulletin: Bulletin, user: Any) -> bool:
    """Record that an account had the text of a bulletin before it, once, while it runs; return whether this was the first time."""
    at = now()
    if not runs(bulletin, at) or BulletinRead.objects.filter(bulletin=bulletin, user=user).exists():
        return False
    with transaction.atomic():
        trail.lock()
        _one, made = BulletinRead.objects.get_or_create(bulletin=bulletin, user=user, defaults={"at": at})
        if made:
            trail.record(user.get_username(), "bulletin.read", str(bulletin.pk))
    return made


def team_of(force: InForce, officer: str) -> str:
    """Return the squad an officer goes out with in the duty system in force, `OFFICE` for none."""
    return next((label.squad for label in force.plan.crews if officer and officer in label.officers), OFFICE)


def readers(force: InForce) -> dict[int, str]:
    """Return the team of every account that can read bulletins, by the account's key."""
    accounts = get_user_model().objects.filter(is_active=True).select_related("member")
    return {user.pk: team_of(force, _officer(user)) for user in accounts if has(user, "see_board")}


def _officer(user: Any) -> str:
    member = getattr(user, "member", None)
    return member.officer if member else ""


def information_lags(force: InForce, at: datetime, since: datetime) -> tuple[TeamLag, ...]:
    """Return how long news put up since a time took to reach each team, where it says when it happened."""
    teams = readers(force)
    members = Counter(teams.values())
    told = Bulletin.objects.filter(start__gte=since, happened__isnull=False).prefetch_related("read_by")
    return lags([_news(bulletin, teams, members, at) for bulletin in told])


def _news(bulletin: Bulletin, teams: dict[int, str], members: Counter[str], at: datetime) -> News:
    minutes: dict[str, list[float]] = {}
    for each in bulletin.read_by.all():
        if each.user_id in teams and bulletin.happened is not None:
            minutes.setdefault(teams[each.user_id], []).append((each.at - bulletin.happened).total_seconds() / 60.0)
    return News(minutes, members, over=ended_at(bulletin) <= at)
