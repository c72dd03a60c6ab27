"""Tables of a chart's page: one function a topic; each that has nothing to show gives nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qinwu.duty.follow_up import OWN_BEAT, SAME, SQUAD
from qinwu.duty.organisation.audit import Audit
from qinwu.duty.organisation.calls import DISPATCHER, Passed
from qinwu.duty.organisation.diversion import CONTROLS
from qinwu.duty.organisation.duties import Owned
from qinwu.duty.organisation.legal import Status
from qinwu.duty.organisation.loads import KINDS
from qinwu.duty.organisation.names import FUNCTIONS, name_of
from qinwu.duty.units import POSTS
from qinwu.language import N_
from qinwu.report.organisation_words import LEVELS, LOADS, POST_NAMES
from qinwu.report.plans.plan_report import Shown
from qinwu.report.sheet import Sheet, Value
from qinwu.report.words import Speaker

Rows = Iterator[tuple[Value, ...]]
STATUSES: dict[Status, str] = {
    "stated": N_("named"),
    "missing": N_("missing"),
    "repealed": N_("repealed"),
    "historic": N_("history"),
}
YES = "✓"
FEWEST = 4
"""A chart of fewer units has no level that could go."""


class Tables:
    """All tables of an audit in one language."""

    def __init__(self, audit: Audit, speaker: Speaker) -> None:
        self.audit, self.speaker = audit, speaker
        self.say = speaker.say

    def all(self) -> tuple[Shown, ...]:
        """Return the tables that have rows, in the order of the page."""
        made = (
            self.duties(),
            self.authorities(),
            self.answering(),
            self.calls(),
            self.loads(),
            self.ordered(),
            self.diversions(),
            self.mirrors(),
            self.without(),
            self.all_duties(),
            self.spans(),
            self.pyramid(),
            self.roll_up(),
            self.basis(),
            self.hops(),
        )
        return tuple(shown for shown in made if shown.sheet.rows)

    def name(self, identity: str) -> str:
        """Return what a unit, squad or duty is called."""
        return name_of(self.audit.system, identity).in_language(self.speaker.language)

    def names(self, identities: tuple[str, ...]) -> str:
        """Return several names as a list."""
        return self.speaker.listed([self.name(each) for each in identities])

    def _shown(
        self, title: str, columns: tuple[tuple[str, str, int], ...], rows: Rows, lead: str = "", *, folded: bool = False
    ) -> Shown:
        """Return a table: each column a header, the key of its explanation and a width."""
        header = tuple(self.say(head) for head, _, _ in columns)
        sheet = Sheet(self.say(title), (), header, tuple(rows), tuple(width for _, _, width in columns))
        return Shown(sheet, tuple(key for _, key, _ in columns), self.say(lead) if lead else "", folded)

    def _alike(self, rows: Rows) -> Rows:
        """Yield rows that differ only in their name as one, with all names."""
        names: dict[tuple[Value, ...], list[str]] = {}
        for name, *rest in rows:
            names.setdefault(tuple(rest), []).append(str(name))
        yield from ((self.speaker.listed(list(dict.fromkeys(alike))), *rest) for rest, alike in names.items())

    def duties(self) -> Shown:
        """Return the duties that nobody owns, that several own or that others guide (M16, M47)."""
        found = sorted(self.audit.matrix.duties, key=lambda each: (bool(each.owners), not each.overlapping))
        lead = N_("Who owns what. Stations that each own a duty in their own area do not overlap.")
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
                self.say(N_("no owner") if not each.owners else N_("two owners") if each.overlapping else N_("one owner")),
            )
            for each in found
        )
        return self._shown(title, columns, rows, lead, folded=folded)

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
        rows = self._alike(
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
        return self._shown(N_("Who may order whom"), columns, rows, lead)

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
        return self._shown(N_("Who answers for what"), columns, rows, N_("Duty, power and benefit belong together."))

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
        rows = self._alike(
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
        return self._shown(N_("How often a call changes hands"), columns, rows, lead)

    def owner(self, each: Passed) -> str:
        """Return who does the work a call leaves."""
        if not each.leaves_work:
            return self.say(N_("leaves none"))
        words = {"": N_("nobody is named"), SAME: N_("whoever went"), OWN_BEAT: N_("the beat's officer")}
        return self.say(words[each.follow_up]) if each.follow_up in words else self.name(each.follow_up.removeprefix(SQUAD))

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
                _rounded(each.each, 1),
                _percent(each.share),
                _percent(each.ad_hoc_share),
                _percent(each.operational),
            )
            for each in some
        )
        lead = N_("Hours a week, of a unit and those below it together.")
        return self._shown(N_("Hours lost"), columns, rows, lead)

    def ordered(self) -> Shown:
        """Return hours lost by who ordered them (M50)."""
        columns = ((N_("ordered by"), "ordered", 24), (N_("hours a week"), "ordered", 12))
        rows = ((self.name(who) if who else self.say(N_("nobody is named")), hours) for who, hours in self.audit.loads.ordered)
        return self._shown(N_("Who ordered it"), columns, rows)

    def diversions(self) -> Shown:
        """Return squads of specialists, what is diverted, and the five controls (M68, M69)."""
        columns = (
            (N_("squad"), "diverted", 18),
            (N_("% at other work"), "diverted", 12),
            (N_("limit %"), "diverted", 10),
            *((name, "controls", 14) for name in CONTROLS.values()),
        )
        rows = (
            (
                each.name.in_language(self.speaker.language),
                _percent(each.share),
                _percent(each.limit),
                *("" if key in each.missing else YES for key in CONTROLS),
            )
            for each in self.audit.diversions
        )
        return self._shown(N_("Specialists kept at their work"), columns, rows, N_("The five controls against diversion."))

    def mirrors(self) -> Shown:
        """Return units that copy the level above, and what could be merged (M45)."""
        columns = ((N_("could be one"), "merge", 44), (N_("why"), "merge", 24), (N_("posts held"), "merge", 10))
        rows = (
            (self.names(merge.units), self.speaker.listed([self.say(why) for why in merge.why]), merge.posts)
            for merge in self.audit.mirrors.merges
        )
        return self._shown(N_("Sections that copy the level above"), columns, rows)

    def without(self) -> Shown:
        """Return what taking out a level would do (M40)."""
        columns = (
            (N_("without"), "without", 14),
            (N_("units gone"), "without", 10),
            (N_("posts to place"), "without", 10),
            (N_("layers left"), "without", 10),
            (N_("widest span"), "without", 10),
            (N_("widest at"), "without", 22),
        )
        rows = (
            (
                self.say(LEVELS[each.level]),
                each.units,
                each.posts,
                each.layers,
                each.widest,
                each.where.in_language(self.speaker.language),
            )
            for each in self.audit.without
            if len(self.audit.system.unit) >= FEWEST
        )
        lead = N_("Fewer layers make spans wider.")
        return self._shown(N_("What a level costs and saves"), columns, rows, lead)

    def spans(self) -> Shown:
        """Return every unit: posts by kind and spans."""
        columns = (
            (N_("unit"), "posts", 22),
            *((POST_NAMES[kind], "posts", 9) for kind in POSTS),
            (N_("all"), "posts", 8),
            (N_("units and squads under it"), "below", 12),
            (N_("officers to one leader"), "each", 12),
        )
        posts = self.audit.establishment
        rows = (
            (
                span.name.in_language(self.speaker.language),
                *(getattr(posts.of(span.unit), kind) for kind in POSTS),
                posts.of(span.unit).total,
                span.below,
                _rounded(span.each, 1),
            )
            for span in self.audit.shape.spans
        )
        return self._shown(N_("All units, posts and spans"), columns, rows, folded=len(self.audit.shape.spans) > 8)

    def pyramid(self) -> Shown:
        """Return command posts by level (M33)."""
        columns = (
            (N_("level"), "command", 14),
            (N_("command posts"), "command", 10),
            (N_("posts held"), "posts", 10),
            ("%", "command", 8),
        )
        rows = (
            (self.say(LEVELS[level]), ratio.part, ratio.whole, _percent(ratio.share))
            for level, ratio in self.audit.shares.command_by_level.items()
        )
        return self._shown(N_("The pyramid of command"), columns, rows, folded=True)

    def roll_up(self) -> Shown:
        """Return what each unit's result is the sum of (M61)."""
        columns = (
            (N_("unit"), "roll_up", 22),
            (N_("own beats"), "roll_up", 10),
            (N_("beats with those below"), "roll_up", 12),
            (N_("own squads"), "roll_up", 10),
            (N_("squads with those below"), "roll_up", 12),
            (N_("indicators"), "roll_up", 10),
            (N_("posts with those below"), "roll_up", 12),
        )
        rows = (
            (
                each.name.in_language(self.speaker.language),
                each.beats,
                each.beats_below,
                each.squads,
                each.squads_below,
                each.indicators,
                each.posts,
            )
            for each in self.audit.roll_up
        )
        return self._shown(N_("What each result is made of"), columns, rows, folded=True)

    def basis(self) -> Shown:
        """Return what duties rest on (M60)."""
        columns = ((N_("duty"), "basis", 20), (N_("basis"), "basis", 34), (N_("status"), "basis", 12), (N_("today"), "basis", 30))
        rows = (
            (each.name.in_language(self.speaker.language), each.basis, self.say(STATUSES[each.status]), each.instead)
            for each in self.audit.basis
        )
        return self._shown(N_("What duties rest on"), columns, rows, folded=True)

    def hops(self) -> Shown:
        """Return how far the money is (M32)."""
        columns = ((N_("unit"), "hops", 22), (N_("money held by"), "hops", 22), (N_("levels away"), "hops", 10))
        far = [each for each in self.audit.hops if each.hops]
        rows = ((each.name.in_language(self.speaker.language), self.name(each.holder), each.hops) for each in far)
        return self._shown(N_("How far the money is"), columns, rows, folded=True)


def _percent(share: float | None) -> float | None:
    return None if share is None else round(share * 100.0, 1)


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)
