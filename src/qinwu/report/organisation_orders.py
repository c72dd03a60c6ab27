"""Tables of who owns, orders, answers and sends."""

from __future__ import annotations

from collections.abc import Sequence

from qinwu.duty.follow_up import OWN_BEAT, SAME, SQUAD
from qinwu.duty.organisation.calls import DISPATCHER, Passed
from qinwu.duty.organisation.duties import Owned
from qinwu.duty.organisation.names import FUNCTIONS
from qinwu.language import N_
from qinwu.report.organisation_making import Making
from qinwu.report.plans.plan_report import Shown


class Orders(Making):
    """Makes the tables of duties, orders, indicators and calls."""

    def duties(self) -> Shown:
        """Return the duties that nobody owns, that several own or that others guide (M16, M47)."""
        found = sorted(self.audit.matrix.duties, key=lambda each: (bool(each.owners), not each.overlapping))
        lead = N_(
            "Who owns what. Stations that each own a duty in their own area do not overlap; a section that others copy guides them."
        )
        if not self.audit.matrix.complete:
            lead = N_("Only duties that somebody lists are known; add [[duty]] tables to find those nobody owns.")
        chosen = [each for each in found if not each.owners or each.overlapping or each.guides]
        return self._duties(N_("Duties and their owners"), chosen, lead)

    def all_duties(self) -> Shown:
        """Return the whole duty matrix."""
        return self._duties(N_("All duties"), self.audit.matrix.duties, folded=True)

    def _duties(self, title: str, found: Sequence[Owned], lead: str = "", *, folded: bool = False) -> Shown:
        heads = (N_("duty"), N_("owners"), N_("only guide"), N_("verdict"))
        columns = tuple((head, "duty", width) for head, width in zip(heads, (20, 34, 24, 14), strict=True))
        rows = (
            (
                each.name.in_language(self.speaker.language),
                self.names(each.owners),
                self.names(each.guides),
                self.say(verdict(each)),
            )
            for each in found
        )
        return self.shown(title, columns, rows, lead, folded=folded)

    def authorities(self) -> Shown:
        """Return who may order, must ask and guides whom, those with several commanders first (M65, M70, M73)."""
        columns = (
            (N_("unit or squad"), "authority", 18),
            (N_("in"), "authority", 14),
            (N_("may order it"), "authority", 30),
            (N_("must ask"), "authority", 24),
            (N_("guides"), "authority", 24),
            (N_("settled by"), "settles", 18),
        )
        several = [each for each in self.audit.authorities if each.several or each.coordinate or each.guide]
        rows = self.alike(
            (
                each.name.in_language(self.speaker.language),
                self.say(FUNCTIONS[each.function]) if each.function else self.say(N_("everything")),
                self.names(each.lead),
                self.names(each.coordinate),
                self.names(each.guide),
                self.name(each.settles) if each.several and each.settles else "",
            )
            for each in sorted(several, key=lambda each: not each.several)
        )
        lead = N_("Units and squads into which others than the line superior reach. All others have one superior.")
        return self.shown(N_("Who may order whom"), columns, rows, lead)

    def answering(self) -> Shown:
        """Return indicators and what their unit cannot order (M62)."""
        columns = (
            (N_("indicator"), "answering", 20),
            (N_("assessed"), "answering", 18),
            (N_("what it takes"), "answering", 30),
            (N_("cannot order"), "answering", 24),
        )
        rows = (
            (each.name.in_language(self.speaker.language), self.name(each.unit), self.names(each.needs), self.names(each.beyond))
            for each in self.audit.answering
        )
        return self.shown(N_("Who answers for what"), columns, rows, N_("Duty, power and benefit belong together."))

    def calls(self) -> Shown:
        """Return how calls are passed on (M24, M47, M73)."""
        columns = (
            (N_("calls"), "hand_overs", 20),
            (N_("hand-overs"), "hand_overs", 10),
            (N_("s lost between"), "lost_s", 12),
            (N_("asked"), "hand_overs", 10),
            (N_("work left goes to"), "orphan", 20),
            (N_("who may send"), "senders", 24),
        )
        rows = self.alike(
            (
                each.name.in_language(self.speaker.language),
                round(each.hand_overs, 2),
                round(each.lost_s, 1),
                round(each.asked, 2),
                self.owner(each),
                self.speaker.listed([self.say(N_("dispatcher")) if one == DISPATCHER else self.name(one) for one in each.senders]),
            )
            for each in self.audit.calls
        )
        lead = N_("Expected for one call of each class, where every tier has a crew free; queues come on top (qinwu compare).")
        return self.shown(N_("How often a call changes hands"), columns, rows, lead)

    def owner(self, each: Passed) -> str:
        """Return who does the work a call leaves."""
        if not each.leaves_work:
            return self.say(N_("leaves none"))
        words = {"": N_("nobody is named"), SAME: N_("whoever went"), OWN_BEAT: N_("the beat's officer")}
        return self.say(words[each.follow_up]) if each.follow_up in words else self.name(each.follow_up.removeprefix(SQUAD))


def verdict(each: Owned) -> str:
    """Return what is to be said of a duty's owners."""
    if not each.owners:
        return N_("no owner")
    if each.overlapping:
        return N_("two owners")
    return N_("one owner") if len(each.owners) == 1 else N_("each in its area")
