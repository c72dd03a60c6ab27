"""All tables of a chart's page; each that has nothing to show is left out."""

from __future__ import annotations

from qinwu.duty.units import POSTS
from qinwu.language import N_
from qinwu.report.organisation_ledgers import Ledgers
from qinwu.report.organisation_making import percent, rounded
from qinwu.report.organisation_orders import Orders
from qinwu.report.organisation_words import LEVELS, POST_NAMES
from qinwu.report.plans.plan_report import Shown

FEWEST = 4
"""A chart of fewer units has no level that could go."""


class Tables(Orders, Ledgers):
    """Makes all tables, and those of layers, spans and posts itself."""

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
        return self.shown(N_("What a level costs and saves"), columns, rows, lead)

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
                rounded(span.each, 1),
            )
            for span in self.audit.shape.spans
        )
        return self.shown(N_("All units, posts and spans"), columns, rows, folded=len(self.audit.shape.spans) > 8)

    def pyramid(self) -> Shown:
        """Return command posts by level (M33)."""
        columns = (
            (N_("level"), "command", 14),
            (N_("command posts"), "command", 10),
            (N_("posts held"), "posts", 10),
            ("%", "command", 8),
        )
        rows = (
            (self.say(LEVELS[level]), ratio.part, ratio.whole, percent(ratio.share))
            for level, ratio in self.audit.shares.command_by_level.items()
        )
        return self.shown(N_("The pyramid of command"), columns, rows, folded=True)

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
        return self.shown(N_("What each result is made of"), columns, rows, folded=True)
