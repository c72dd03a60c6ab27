"""What the twin sees when it decides: its crews and calls now, where they are, and who may go."""

from __future__ import annotations

import numpy as np

from qinwu.duty.response_plan import PATROL_SLOTS, ResponsePlan
from qinwu.simulate.arrays import Demand
from tests.simulate.twin_things import Call, Crew, hashed, refusals


class Sight:
    """The state of a station that executes a plan on calls, and every question the rules ask about it."""

    def __init__(self, plan: ResponsePlan, demand: Demand) -> None:
        self.plan, self.demand = plan, demand
        self.rules, self.force = plan.dispatching, plan.crew
        self.crews = [
            Crew(k, int(self.force.people[k]), int(self.force.sworn[k]), int(self.force.skills[k]))
            for k in range(len(self.force.people))
        ]
        self.calls = [
            Call(i, float(demand.ready_s[i]), int(demand.call_class[i]), int(demand.priority[i]), int(demand.atom[i]),
                 int(demand.key[i]), bool(demand.self_initiated[i]), float(demand.follow_up_s[i]))
            for i in range(len(demand.ready_s))
        ]  # fmt: skip
        self.now = 0.0

    def queue(self) -> list[Call]:
        """Return the waiting calls: the most urgent first, then the earliest."""
        return sorted((call for call in self.calls if call.state == "waiting"), key=lambda call: (call.priority, call.number))

    def scheduled(self, crew: Crew) -> float:
        """Return how long the crew was on duty by the calendar."""
        duty = self.plan.duty
        total = min(self.now, float(duty.on_at_start[crew.number]))
        cycles = int(self.now // duty.cycle_s) + 1
        for i in np.flatnonzero((duty.event_crew == crew.number) & (duty.event_on == 1)):
            for cycle in range(cycles):
                begin = cycle * duty.cycle_s + float(duty.event_s[i])
                total += max(0.0, min(self.now, cycle * duty.cycle_s + float(duty.event_end_s[i])) - begin)
        return total

    def where(self, crew: Crew) -> int:
        """Return the atom of a crew: at a job or half-way to it, else where it was until it is back, else patrol or base."""
        if crew.call is not None:
            left = crew.arrive - self.now
            near = left <= 0 or left < float(self.plan.area.travel_s[crew.origin, crew.call.atom]) / 2
            return crew.call.atom if near else crew.origin
        if self.now < crew.back_at:
            return crew.place
        if not self.force.patrols[crew.number]:
            return int(self.force.base[crew.number])
        turn = int(self.now // self.force.dwell_s)
        return int(self.force.slots[crew.number, hashed(crew.number, turn) % PATROL_SLOTS])

    def row(self, call: Call, also: list[Crew]) -> int:
        """Return the row for who goes first, or joins."""
        rows = self.rules.support_row if call.here or also else self.rules.row
        return int(rows[call.priority, call.kind, call.atom])

    def opens(self, call: Call, row: int, tier: int) -> float:
        """Return when a tier opens for a call; its age counts only where a crew of an earlier tier is on duty."""
        tiers = self.rules.tier[row]
        in_vain = not any(0 <= tiers[crew.number] < tier for crew in self.crews if crew.state != "off")
        age = 0.0 if in_vain else float(self.rules.opens_s[row, tier])
        refused = refusals(call.key, tier, float(self.rules.refusal[row, tier]))
        return call.ready + age + float(self.rules.wait_s[row, tier]) * refused

    def concerns(self, call: Call, crew: Crew) -> bool:
        """Return whether a call has hope that `crew` is to be had."""
        return bool(self.rules.tier[self.row(call, []), crew.number] >= 0 or self.rules.reserve[call.priority] > 0)

    def best(self, call: Call, also: list[Crew], *, take: bool) -> Crew | None:
        """Return the first of the crews that may go: by tier, then by distance or list, then by number."""
        row = self.row(call, also)
        choice: list[tuple[int, float, int]] = []
        for crew in self.crews:
            tier = int(self.rules.tier[row, crew.number])
            if tier < 0 or self.opens(call, row, tier) > self.now or crew in also or not self.suits(call, crew, also):
                continue
            if not (self.takeable(call, crew) if take else self.available(call, crew, also)):
                continue
            way = float(self.plan.area.travel_s[self.where(crew), call.atom]) + float(self.force.extra_travel_s[crew.number])
            choice.append((tier, way if self.rules.nearest else float(self.rules.rank[row, crew.number]), crew.number))
        return self.crews[min(choice)[2]] if choice else None

    def suits(self, call: Call, crew: Crew, also: list[Crew]) -> bool:
        """Return whether a crew would be of use: sworn if only that is missing, skilled if first, not about to end its shift."""
        if call.lacks_sworn(also) and not call.lacks_people(also) and crew.sworn == 0:
            return False
        wanted = int(self.rules.skills[call.kind])
        if not call.here and not also and (wanted & crew.skills) != wanted:
            return False
        return crew.duty_end - self.now >= float(self.rules.last_s[call.priority])

    def available(self, call: Call, crew: Crew, also: list[Crew]) -> bool:
        """Return whether a crew is free and the reserve stays, or it is in a block that yields."""
        if crew.state == "block":
            return call.priority + 1 <= crew.block_yields
        counts = {c.number for c in self.crews if c.state == "free" and self.force.reserve[c.number]} - {c.number for c in also}
        mine = [number for number in counts if not self.force.external[number]]
        spare = not self.force.reserve[crew.number] or len(mine) > self.rules.reserve[call.priority]
        return crew.state == "free" and bool(spare)

    def takeable(self, call: Call, crew: Crew) -> bool:
        """Return whether a crew may be taken from its less urgent work."""
        work = crew.call
        if work is None or crew.leaving or work.priority <= call.priority:
            return False
        if self.now < crew.arrive:
            return bool(self.rules.preempt_en_route)
        if work.state == "committed" and self.now >= crew.scene_end:
            return bool(self.rules.preempt_wrap_up)
        return bool(self.rules.preempt_on_scene) and work.state == "committed" and len(work.here) == 1

    def owner(self, call: Call, crew: Crew) -> Crew:
        """Return whose the follow-up work is: the crew that went, a named one, or the one of a group that owes least."""
        owner = int(self.plan.follow_up.owner[call.kind, call.atom])
        if owner == -1:
            return crew
        if owner >= 0:
            return self.crews[owner]
        group = [c for c in self.crews if self.plan.follow_up.group[-2 - owner, c.number]]
        return min(group, key=lambda c: (self.still_owed(c), c.did["follow_up_due"], c.number))

    def still_owed(self, crew: Crew) -> float:
        """Return the follow-up work a crew has left: while free it works it off."""
        return max(0.0, crew.owed_follow_up - (self.now - crew.since)) if crew.state == "free" else crew.owed_follow_up
