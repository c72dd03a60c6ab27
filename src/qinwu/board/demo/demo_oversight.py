"""Demonstration of oversight: a campaign of evenings, two officers seconded, one of them past the return date, and an order."""

from __future__ import annotations

from datetime import time, timedelta

from qinwu.board.access.reach import beats_by_officer
from qinwu.board.clock import now
from qinwu.board.in_force import InForce
from qinwu.board.models import Absence
from qinwu.board.oversight import correcting
from qinwu.board.oversight.correcting import Given
from qinwu.board.roster import absences, campaigns
from qinwu.board.roster.absences import Wanted
from qinwu.board.roster.campaigns import Planned
from qinwu.board.roster.rostered import midnight
from qinwu.language import N_, said

DAY = timedelta(days=1)
BY = "demo"
ORDERED_BY = N_("County bureau, command order 17 (sample)")
TO_UNIT = N_("Patrol brigade of the county bureau (sample)")


def seed(force: InForce) -> None:
    """Put in what the pages of campaigns, secondments and oversight show; officers who are away already stay out of it."""
    at = now()
    today = midnight(force, at.astimezone(force.zone).date())
    busy = set(Absence.objects.exclude(state="refused").values_list("officer", flat=True))
    beats = [officer for officer in beats_by_officer(force) if officer not in busy]
    others = [officer.id for officer in force.station.force if officer.post == "front_line" and officer.id not in {*busy, *beats}]
    free = [*beats[::-1], *others[::-1]]
    if len(free) < 6:
        return
    for officer, start, end in ((free[0], today - 5 * DAY, today), (free[-1], today - 2 * DAY, None)):
        gone = Wanted(officer, "secondment", start, end, said(ORDERED_BY), to_unit=said(TO_UNIT))
        absences.order(force, gone, BY)
    title = said(N_("Winter night checks"))
    evenings = Planned(title, today + DAY, today + 5 * DAY, said(ORDERED_BY), 60.0, tuple(free[1:4]), (time(19), time(23)))
    campaigns.order(force, evenings, BY)
    text = said(N_("An officer on secondment is past the return date: have the officer back, or the secondment extended."))
    to = next(iter(correcting.addressees(force, "zh")))
    given = Given(to, "secondment", said(N_("secondment of {officer}")).format(officer=free[0]), text, at + timedelta(hours=8))
    correcting.give(force, given, "inspector")
