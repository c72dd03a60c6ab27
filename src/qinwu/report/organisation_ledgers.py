"""Tables that keep account: hours lost, specialists diverted, sections that copy, legal bases, money."""

from __future__ import annotations

from qinwu.duty.organisation.diversion import CONTROLS
from qinwu.duty.organisation.legal import Status
from qinwu.duty.organisation.loads import KINDS
from qinwu.language import N_
from qinwu.report.organisation_making import Making, percent, rounded
from qinwu.report.organisation_words import LOADS
from qinwu.report.plans.plan_report import Shown

STATUSES: dict[Status, str] = {
    "stated": N_("named"),
    "missing": N_("missing"),
    "repealed": N_("repealed"),
    "historic": N_("history"),
}
YES = "✓"


class Ledgers(Making):
    """Makes the tables of hours, diversions, mirrors, bases and budgets."""

    def loads(self) -> Shown:
        """Return hours lost by unit (M48-M50)."""
        columns = (
            (N_("unit"), "load", 20),
            *((LOADS[kind], "load", 10) for kind in KINDS),
            (N_("h an officer a week"), "load", 12),
            (N_("% of hours"), "load", 10),
            (N_("ad-hoc %"), "ad_hoc", 10),
            (N_("% left for police work"), "load", 12),
        )
        units, whole = self.audit.loads.units, self.audit.loads.whole
        some = [each for each in units if each.total]
        if not any(each.posts == whole.posts and each.total == whole.total for each in some):
            some += [whole] if whole.total else []
        rows = (
            (
                each.name.in_language(self.speaker.language) if each.unit else self.say(N_("everybody")),
                *(each.hours[kind] for kind in KINDS),
                rounded(each.each, 1),
                percent(each.share),
                percent(each.ad_hoc_share),
                percent(each.operational),
            )
            for each in some
        )
        lead = N_("Hours a week, of a unit and those below it together.")
        return self.shown(N_("Hours lost"), columns, rows, lead)

    def ordered(self) -> Shown:
        """Return hours lost by who ordered them (M50)."""
        columns = ((N_("ordered by"), "ordered", 24), (N_("hours a week"), "ordered", 12))
        rows = ((self.name(who) if who else self.say(N_("nobody is named")), hours) for who, hours in self.audit.loads.ordered)
        return self.shown(N_("Who ordered it"), columns, rows)

    def diversions(self) -> Shown:
        """Return squads of specialists, what is diverted, and the five controls (M68, M69)."""
        columns = (
            (N_("unit or squad"), "diverted", 18),
            (N_("% at other work"), "diverted", 12),
            (N_("limit %"), "diverted", 10),
            *((name, "controls", 14) for name in CONTROLS.values()),
        )
        rows = self.alike(
            (
                each.name.in_language(self.speaker.language),
                percent(each.share),
                percent(each.limit),
                *("" if key in each.missing else YES for key in CONTROLS),
            )
            for each in self.audit.diversions
        )
        return self.shown(N_("Specialists kept at their work"), columns, rows, N_("The five controls against diversion."))

    def mirrors(self) -> Shown:
        """Return units that copy the level above, and what could be merged (M45)."""
        columns = ((N_("could be one"), "merge", 44), (N_("why"), "merge", 24), (N_("posts held"), "merge", 10))
        rows = (
            (self.names(merge.units), self.speaker.listed([self.say(why) for why in merge.why]), merge.posts)
            for merge in self.audit.mirrors.merges
        )
        return self.shown(N_("Sections that copy the level above"), columns, rows)

    def basis(self) -> Shown:
        """Return what duties rest on (M60)."""
        columns = ((N_("duty"), "basis", 20), (N_("basis"), "basis", 34), (N_("status"), "basis", 12), (N_("today"), "basis", 30))
        rows = (
            (each.name.in_language(self.speaker.language), each.basis, self.say(STATUSES[each.status]), each.instead)
            for each in self.audit.basis
        )
        return self.shown(N_("What duties rest on"), columns, rows, folded=True)

    def hops(self) -> Shown:
        """Return how far the money is (M32)."""
        columns = ((N_("unit"), "hops", 22), (N_("money held by"), "hops", 22), (N_("levels away"), "hops", 10))
        far = [each for each in self.audit.hops if each.hops]
        rows = ((each.name.in_language(self.speaker.language), self.name(each.holder), each.hops) for each in far)
        return self.shown(N_("How far the money is"), columns, rows, folded=True)
