"""Campaigns 专项行动: what they take from beats and cover, seen before they are ordered; what was planned, ordered and taken."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from math import fsum
from zoneinfo import ZoneInfo

from django.db import transaction

from qinwu.board import trail
from qinwu.board.access.reach import beats_by_officer
from qinwu.board.clock import now
from qinwu.board.in_force import InForce
from qinwu.board.models import Absence, Campaign
from qinwu.board.roster import absences
from qinwu.board.roster.absences import Wanted, between
from qinwu.board.roster.cost import Cost, cost_of, entry_of
from qinwu.board.roster.duty_log import duties
from qinwu.board.typed import form_finding
from qinwu.findings import Finding, QinwuError, raise_on_errors
from qinwu.judge.officers.displaced import Displaced, displaced
from qinwu.language import N_
from qinwu.station.guards import masked

DAY = timedelta(days=1)
LONGEST = timedelta(days=92)
MOST_HOURS = 100_000.0


@dataclass(frozen=True, slots=True)
class Planned:
    """A campaign that might be ordered.

    Parameters
    ----------
    title, ordered_by
        What it is called, and by whom and with which number it was ordered.
    start, end
        Its window.
    hours
        Officer-hours planned, > 0.
    officers
        Who would be sent.
    daily
        From when to when of each day of the window; None for the whole of it.
    """

    title: str
    start: datetime
    end: datetime
    ordered_by: str
    hours: float
    officers: tuple[str, ...]
    daily: tuple[time, time] | None = None

    @property
    def seen(self) -> str:
        """A word for all of it, by which an order names the preview that was looked at."""
        daily = [each.isoformat() for each in self.daily or ()]
        parts = (
            self.title,
            self.start.isoformat(),
            self.end.isoformat(),
            self.ordered_by,
            f"{self.hours:g}",
            *self.officers,
            *daily,
        )
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Standing:
    """A campaign as it stands.

    ``taken`` and ``ordered`` are officer-hours until now and in all, ``beats`` what beats lose in all, ``officers`` who is in it;
    ``state`` is ``to_come``, ``running`` or ``over``.
    """

    campaign: Campaign
    state: str
    taken: float
    ordered: float
    beats: tuple[Displaced, ...]
    officers: tuple[str, ...]

    @property
    def beat_hours(self) -> float:
        """All duty hours that beats lose."""
        return fsum(one.hours for one in self.beats)

    @property
    def over_plan(self) -> bool:
        """Whether more hours are ordered than were planned."""
        return self.ordered > self.campaign.hours_planned + 1e-9


def problems(force: InForce, planned: Planned) -> Iterator[Finding]:
    """Yield everything that is wrong with a campaign."""
    if not planned.title.strip():
        yield form_finding("no-title", "title", N_("The title is missing."), N_("Say what the campaign is called."))
    if not planned.ordered_by.strip():
        yield form_finding(
            "no-order", "ordered_by", N_("Who ordered it is missing."), N_("Give the unit and the number of the order.")
        )
    if planned.end <= planned.start:
        yield form_finding("end-before-start", "end", N_("The campaign ends before it begins."), N_("Give a later end."))
    if planned.end - planned.start > LONGEST:
        message, remedy = N_("The campaign lasts longer than {days} days."), N_("Order it again when it is over.")
        yield form_finding("too-long", "end", message, remedy, days=LONGEST.days)
    if planned.end <= now():
        yield form_finding("past", "end", N_("The campaign is over before it is ordered."), N_("Give an end to come."))
    if not 0.0 < planned.hours <= MOST_HOURS:
        yield form_finding("no-hours", "hours", N_("The hours planned are missing."), N_("Give officer-hours, more than none."))
    if not planned.officers:
        yield form_finding("nobody", "officers", N_("Nobody is sent."), N_("Choose who takes part."))
    if len(set(planned.officers)) != len(planned.officers):
        yield form_finding("twice", "officers", N_("An officer is sent twice."), N_("Choose each once."))
    if planned.end > planned.start and planned.officers and planned.daily and not absences_of(force, planned):
        yield form_finding("no-day", "since", N_("No day of the window has these hours."), N_("Look at window and hours."))
    for officer in dict.fromkeys(planned.officers):
        wanted = Wanted(officer, "campaign", planned.start, planned.end, planned.ordered_by)
        yield from (one for one in absences.problems(force, wanted, ("campaign",), ordered=True) if one.code == "unknown-officer")
        yield from _elsewhere(officer, planned)


def _elsewhere(officer: str, planned: Planned) -> Iterator[Finding]:
    """Yield an error for an officer who is away already at the time."""
    if planned.end <= planned.start:
        return
    for each in between(planned.start, planned.end).filter(officer=officer)[:1]:
        message = N_("{officer} is away already from {start} on.")
        remedy = N_("Choose somebody else, or change the window.")
        yield form_finding("away-already", "officers", message, remedy, officer=officer, start=f"{each.start:%Y-%m-%d %H:%M}Z")


def absences_of(force: InForce, planned: Planned) -> list[Absence]:
    """Return the absences a campaign is made of, not yet kept: one for each officer, or one for each officer and day."""
    spans = list(_spans(planned, force.zone))
    return [
        Absence(
            officer=officer, kind="campaign", start=start, end=end, ordered_by=masked(planned.ordered_by)[:80], state="approved"
        )
        for officer in dict.fromkeys(planned.officers)
        for start, end in spans
    ]


def _spans(planned: Planned, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    """Yield the times of a campaign, cut to its window; hours that end before they begin pass midnight."""
    if planned.daily is None:
        yield planned.start, planned.end
        return
    since, until = planned.daily
    day, last = planned.start.astimezone(zone).date() - DAY, planned.end.astimezone(zone).date()
    while day <= last:
        begin = datetime.combine(day, since, zone)
        stop = datetime.combine(day + DAY if until <= since else day, until, zone)
        start, end = max(begin, planned.start), min(stop, planned.end)
        if start < end:
            yield start, end
        day += DAY


def preview(force: InForce, planned: Planned) -> Cost:
    """Return what a campaign would do to beats and cover.

    Raises
    ------
    QinwuError
        With everything that is wrong with it.
    """
    raise_on_errors(list(problems(force, planned)))
    return cost_of(force, planned.start, planned.end, absences_of(force, planned))


def order(force: InForce, planned: Planned, by: str) -> Campaign:
    """Keep a campaign and send its officers, all or none.

    Raises
    ------
    QinwuError
        With everything that is wrong; nothing is kept then.
    """
    with transaction.atomic():
        trail.lock()
        raise_on_errors(list(problems(force, planned)))
        campaign = Campaign.objects.create(
            title=masked(planned.title.strip())[:80],
            start=planned.start,
            end=planned.end,
            ordered_by=masked(planned.ordered_by)[:80],
            hours_planned=planned.hours,
        )
        made = absences_of(force, planned)
        for each in made:
            each.campaign, each.asked_by = campaign, by
        Absence.objects.bulk_create(made)
        absences.taken_back(by)
        values = {"start": planned.start.isoformat(), "end": planned.end.isoformat(), "ordered_by": campaign.ordered_by}
        hours = fsum(entry_of(each).hours for each in made)
        trail.record(
            by,
            "campaign.order",
            subject_of(campaign),
            officers=list(planned.officers),
            planned=planned.hours,
            hours=hours,
            **values,
        )
        absences.taken_back(by)
    return campaign


def end(campaign: Campaign, by: str) -> None:
    """End a campaign now: who is in it is free at once, what had not begun is called off.

    Raises
    ------
    QinwuError
        It has ended already.
    """
    with transaction.atomic():
        trail.lock()
        campaign.refresh_from_db()
        at = now()
        if campaign.ended is not None or campaign.end <= at:
            raise QinwuError([form_finding("ended", "", N_("This campaign is over already."), N_("Load the page again."))])
        campaign.ended = at
        campaign.save(update_fields=["ended"])
        going = campaign.absences.filter(state="approved")
        called_off = going.filter(start__gte=at).update(state="refused", answered_by=by)
        cut = going.filter(start__lt=at, end__gt=at).update(end=at)
        trail.record(by, "campaign.end", subject_of(campaign), cut=cut, called_off=called_off)


def subject_of(campaign: Campaign) -> str:
    """Return how the trail names a campaign."""
    return f"campaign {campaign.pk}"


def standing(force: InForce, at: datetime, days_back: int = 30) -> list[Standing]:
    """Return campaigns that run, those to come, and those over for no more than some days, in this order."""
    found = Campaign.objects.filter(end__gt=at - days_back * DAY).prefetch_related("absences")
    lines = [_standing(force, campaign, at) for campaign in found]
    rank = {"running": 0, "to_come": 1, "over": 2}
    return sorted(lines, key=lambda one: (rank[one.state], one.campaign.start))


def _standing(force: InForce, campaign: Campaign, at: datetime) -> Standing:
    stops = campaign.ended or campaign.end
    entries = [entry_of(each) for each in campaign.absences.all() if each.state == "approved"]
    state = "over" if stops <= at else "to_come" if campaign.start > at else "running"
    until_now = [one.between(one.start, min(one.end, at)) for one in entries if one.start < at]
    return Standing(
        campaign,
        state,
        fsum(one.hours for one in until_now),
        fsum(one.hours for one in entries),
        displaced(duties(force, campaign.start, campaign.end), entries, beats_by_officer(force)) if entries else (),
        tuple(dict.fromkeys(one.officer for one in entries)),
    )
