"""What the twin writes down: events, what crews do with their time, and how long calls wait and nobody is free."""

from __future__ import annotations

from qinwu.duty.response_plan import ResponsePlan
from qinwu.simulate.arrays import Demand
from tests.simulate.twin_sight import Sight
from tests.simulate.twin_things import Call, Crew, by_hour, hours


class Ledger(Sight):
    """The books of a station."""

    def __init__(self, plan: ResponsePlan, demand: Demand) -> None:
        super().__init__(plan, demand)
        self.trace: list[tuple[float, str, int, int]] = []
        self.waiting_s = 0.0
        self.short = (hours(), hours())

    def note(self, kind: str, call: Call | None, crew: Crew | None, at: float | None = None) -> None:
        """Write an event."""
        when = self.now if at is None else at
        self.trace.append((when, kind, call.number if call else -1, crew.number if crew else -1))

    def pass_time(self, t: float) -> None:
        """Count the calls nobody is committed to, and the free officers of this station, until `t`."""
        self.waiting_s += sum(not call.here for call in self.queue()) * (t - self.now)
        free = sum(crew.people for crew in self.crews if crew.state == "free" and not self.force.external[crew.number])
        for most in (0, 1):
            if free <= most:
                by_hour(self.short[most], self.now, t)
        self.now = t

    def stop_block(self, crew: Crew) -> None:
        """The block pauses or ends; its rest is kept."""
        crew.did["fixed"] += self.now - crew.since
        crew.did["away"] += (self.now - crew.since) * crew.block_away
        crew.block_rest, crew.since = crew.due - self.now, self.now

    def account_free(self, crew: Crew) -> None:
        """Free time goes to follow-up work first, then to flexible work, and the rest is patrol."""
        fell_due = float(self.force.flexible[crew.number]) * (self.now - crew.flexible_from)
        crew.did["flexible_due"] += fell_due
        crew.owed_flexible += fell_due
        free = self.now - crew.since
        follow_up = min(free, crew.owed_follow_up)
        flexible = min(free - follow_up, crew.owed_flexible)
        crew.owed_follow_up -= follow_up
        crew.owed_flexible -= flexible
        for name, spent in (("follow_up", follow_up), ("flexible", flexible), ("idle", free - follow_up - flexible)):
            crew.did[name] += spent
        by_hour(crew.patrol, crew.since + follow_up + flexible, self.now)
        crew.flexible_from = crew.since = self.now

    def account_call(self, crew: Crew) -> None:
        """Time for a call is on the way, at the scene, or writing up."""
        call = crew.call
        if call is None:
            return
        there = min(self.now, crew.arrive)
        over = min(self.now, max(there, crew.scene_end))
        for name, start, end in (("travel", crew.since, there), ("scene", there, over), ("wrap_up", over, self.now)):
            crew.did[name] += end - start
        own = int(self.force.own_beat[crew.number])
        if own < 0 or own != int(self.plan.area.beat_of[call.atom]):
            crew.did["away"] += self.now - crew.since
        call.officer_s += crew.people * (self.now - crew.since)
        crew.since = self.now
