"""A slow, obvious twin of the event kernel: crews, calls and queues as objects, written from the rules and not from the code.

The rules are those in the docstrings of ``qinwu.simulate.kernel``, ``qinwu.simulate.arrays`` and ``qinwu.duty.response_plan``.
Whatever the kernel keeps count of is counted here afresh each time it is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from math import inf, isnan, nan

from qinwu.duty.response_plan import ResponsePlan
from qinwu.simulate.arrays import SLOTS, Demand
from tests.simulate.twin_ledger import Ledger
from tests.simulate.twin_things import Call, Crew, hour_of

Key = tuple[float, int, int]


class Twin(Ledger):
    """A station that executes a plan on calls; :meth:`run` leaves ``trace``, ``calls``, ``crews`` and totals."""

    def __init__(self, plan: ResponsePlan, demand: Demand) -> None:
        super().__init__(plan, demand)
        self.came_in = self.duty_at = self.block_at = 0

    # Time.

    def run(self, end: float) -> None:
        """Run from 0 to `end`: at equal times crews by number, the duty calendar, blocks, alarms by urgency, new calls."""
        for crew in self.crews:
            if self.plan.duty.on_at_start[crew.number] > 0:
                self.come_on(crew, float(self.plan.duty.on_at_start[crew.number]))
        while True:
            key, event = min(self.upcoming(), key=lambda one: one[0], default=((inf, 0, 0), self.close))
            if key[0] >= end:
                break
            self.pass_time(key[0])
            event()
        self.pass_time(end)
        self.close()

    def upcoming(self) -> Iterator[tuple[Key, Callable[[], None]]]:
        """List what could happen next."""
        duty = self.plan.duty
        for crew in self.crews:
            if crew.due < inf:
                yield (crew.due, 0, crew.number), partial(self.crew_due, crew)
        if len(duty.event_s):
            cycle, i = divmod(self.duty_at, len(duty.event_s))
            yield (cycle * duty.cycle_s + float(duty.event_s[i]), 1, 0), self.calendar
        if len(duty.block_s):
            cycle, i = divmod(self.block_at, len(duty.block_s))
            yield (cycle * duty.cycle_s + float(duty.block_s[i]), 2, 0), self.block_due
        for place, call in enumerate(self.queue()):
            if call.alarm < inf:
                yield (call.alarm, 3, place), partial(self.attempt, call)
        if self.came_in < len(self.calls):
            yield (self.calls[self.came_in].ready, 4, 0), self.new_call

    def close(self) -> None:
        """Account what goes on at the end."""
        for crew in self.crews:
            if crew.state == "busy":
                self.account_call(crew)
            if crew.state == "block":
                self.stop_block(crew)
            if crew.state != "off":
                self.account_free(crew)
                crew.present_s += self.now - crew.came

    # What happens by itself.

    def crew_due(self, crew: Crew) -> None:
        """A block ends, or a call is written up."""
        if crew.state == "block":
            self.stop_block(crew)
            self.set_free(crew)
        else:
            self.note("finish", crew.call, crew)
            self.done(crew)
        if crew.leaving:
            self.go_home(crew)
        else:
            self.is_free(crew)

    def calendar(self) -> None:
        """Somebody's duty begins or ends."""
        duty = self.plan.duty
        cycle, i = divmod(self.duty_at, len(duty.event_s))
        self.duty_at += 1
        crew = self.crews[int(duty.event_crew[i])]
        if duty.event_on[i] == 0:
            self.duty_ends(crew)
            return
        was_off = crew.state == "off"
        self.come_on(crew, cycle * duty.cycle_s + float(duty.event_end_s[i]))
        if was_off:
            self.is_free(crew)

    def block_due(self) -> None:
        """A fixed block begins: now for a free crew, after its call for a busy one, after its block for one in a block."""
        duty = self.plan.duty
        i = self.block_at % len(duty.block_s)
        self.block_at += 1
        crew = self.crews[int(duty.block_crew[i])]
        if crew.state == "off" or crew.leaving:
            return
        if crew.state == "block":
            self.stop_block(crew)
        crew.block_rest += float(duty.block_len_s[i])
        crew.block_yields, crew.block_away = int(duty.block_yields[i]), bool(duty.block_away[i])
        if crew.state == "free":
            self.start_block(crew)
        elif crew.state == "block":
            crew.due, crew.block_rest = self.now + crew.block_rest, 0.0

    def new_call(self) -> None:
        """The next call is ready for a dispatcher; how many officers it needs is decided at this hour."""
        call = self.calls[self.came_in]
        self.came_in += 1
        asked, hour = int(self.demand.people[call.number]), hour_of(self.now)
        call.people = 1 if call.found else asked if asked > 0 else int(self.rules.people[call.kind, hour])
        call.sworn = min(int(self.rules.sworn[call.kind, hour]), call.people)
        self.note("ready", call, None)
        self.attempt(call)

    # Crews.

    def come_on(self, crew: Crew, end: float) -> None:
        """A crew comes on duty; one still busy with overtime simply goes on."""
        crew.duty_end, crew.leaving = end, False
        if crew.state == "off":
            self.note("on", None, crew)
            crew.came = crew.flexible_from = crew.back_at = self.now
            crew.place = int(self.force.base[crew.number])
            self.set_free(crew)

    def set_free(self, crew: Crew) -> None:
        """From now on the crew has nothing to do."""
        crew.state, crew.since, crew.due = "free", self.now, inf

    def is_free(self, crew: Crew) -> None:
        """A crew without work resumes its block or waits; either way those who wait for it are tried."""
        if crew.block_rest > 0:
            self.start_block(crew)
        else:
            self.note("free", None, crew)
        self.try_queue(crew)

    def duty_ends(self, crew: Crew) -> None:
        """A free crew leaves; a busy one hands a long single job over where that is the rule, else finishes it."""
        if crew.state == "off":
            return
        if crew.state == "block":
            self.stop_block(crew)
        if crew.call is not None:
            call, left = crew.call, crew.scene_end - self.now
            single = len(call.here) == 1 and call.state == "committed"
            if not (self.rules.hand_over_at_end and single and left > self.rules.end_limit_s):
                crew.leaving = True
                return
            call.marks.add("carried")
            self.note("hand_over", call, crew)
            if crew.arrive <= self.now:
                call.rest = left + self.rules.end_hand_over_s
            self.withdraw(crew)
        self.go_home(crew)

    def go_home(self, crew: Crew) -> None:
        """A crew leaves; what is left of its block is lost."""
        self.account_free(crew)
        crew.did["lost"] += crew.block_rest
        crew.block_rest, crew.state, crew.leaving, crew.due = 0.0, "off", False, inf
        crew.present_s += self.now - crew.came
        self.note("off", None, crew)

    def start_block(self, crew: Crew) -> None:
        """The crew begins, or resumes, its block."""
        self.account_free(crew)
        crew.state, crew.due, crew.block_rest = "block", self.now + crew.block_rest, 0.0
        self.note("block", None, crew)

    # Who goes.

    def try_queue(self, crew: Crew) -> None:
        """Try the calls that wait for `crew` (or for the reserve) as long as it is to be had; in strict order only the first."""
        if self.rules.strict_fifo:
            for call in self.queue()[:1]:
                self.attempt(call)
            return
        at = 0
        while crew.state in ("free", "block"):
            queue = self.queue()
            while at < len(queue) and not self.concerns(queue[at], crew):
                at += 1
            if at == len(queue):
                return
            if not self.serve(queue[at]):
                at += 1

    def attempt(self, call: Call) -> None:
        """Try a call; in strict order every success lets the next one try."""
        served = self.serve(call)
        while served and self.rules.strict_fifo and self.queue():
            served = self.serve(self.queue()[0])

    def serve(self, call: Call) -> bool:
        """Send to a call whoever may go; return whether it waits no longer."""
        call.alarm = inf
        ahead = [other for other in self.queue() if (other.priority, other.number) < (call.priority, call.number)]
        if not (self.rules.strict_fifo and ahead):
            self.send_whoever_may_go(call)
        if call.found and not call.here:
            call.marks.add("forgone")
            call.state = "done"
            self.note("forgone", call, None)
            return True
        patient = not call.here or self.now < call.first_there() + self.rules.patience_s
        if call.lacks([]) and len(call.here) < SLOTS and patient:
            self.wait(call)
            return False
        self.start(call)
        return True

    def send_whoever_may_go(self, call: Call) -> None:
        """Send crews until nobody is missing or nobody is to be had; all at once or none where that is the rule."""
        if self.rules.all_at_once:
            team: list[Crew] = []
            while call.lacks(team) and len(call.here) + len(team) < SLOTS and (crew := self.best(call, team, take=False)):
                team.append(crew)
            if not call.lacks(team) or len(call.here) + len(team) == SLOTS:
                for crew in team:
                    self.send(call, crew)
            return
        while call.lacks([]) and len(call.here) < SLOTS:
            crew = self.best(call, [], take=False)
            if crew is None and self.rules.preempts[call.priority] and not call.found:
                crew = self.best(call, [], take=True)
                if crew is not None:
                    self.take(crew)
            if crew is None:
                return
            self.send(call, crew)

    # Calls.

    def wait(self, call: Call) -> None:
        """A call waits; it is tried again when a tier opens, its patience ends, or a crew comes where it may be taken."""
        if call.state == "coming":
            call.state = "waiting"
            if not call.here:
                call.marks.add("delayed")
            self.note("queued", call, None)
        row = self.row(call, [])
        times = [self.opens(call, row, tier) for tier in range(self.rules.opens_s.shape[1])]
        times.append(call.first_there() + self.rules.patience_s)
        if self.rules.preempts[call.priority] and not call.found:
            for crew in self.crews:
                if self.rules.tier[row, crew.number] >= 0 and crew.call is not None and crew.call.priority > call.priority:
                    times += [crew.arrive] * self.rules.preempt_on_scene + [crew.scene_end] * self.rules.preempt_wrap_up
        call.alarm = min((t for t in times if t > self.now), default=inf)

    def send(self, call: Call, crew: Crew) -> None:
        """A crew hears, turns out and travels; what it found itself it is already at."""
        row, origin = self.row(call, []), self.where(crew)
        tier = int(self.rules.tier[row, crew.number])
        if crew.state == "free":
            self.account_free(crew)
        else:
            self.stop_block(crew)
        slot = min(set(range(SLOTS)) - set(call.here))
        way = float(self.plan.area.travel_s[origin, call.atom]) * float(self.plan.area.hour_factor[hour_of(self.now)])
        way *= float(self.demand.travel_noise[call.number, slot])
        turn_out = float(self.rules.hand_over_s[row, tier]) + self.rules.acknowledge_s + self.rules.turnout_s
        on_way = 0.0 if call.found else turn_out + way + float(self.force.extra_travel_s[crew.number])
        if call.here:
            call.marks.add("borrowed")
            call.support_tier = tier
        elif isnan(call.dispatched):
            call.dispatched, call.crew, call.tier = self.now, crew.number, tier
        call.here[slot] = crew
        call.helped.append(crew)
        crew.state, crew.call, crew.slot, crew.origin, crew.since = "busy", call, slot, origin, self.now
        crew.arrive, crew.scene_end, crew.due = self.now + on_way, inf, inf
        call.arrived = crew.arrive if isnan(call.arrived) else min(call.arrived, crew.arrive)
        self.note("dispatch", call, crew)

    def start(self, call: Call) -> None:
        """Nobody more is sent: work starts now, or when the last has arrived, and each crew's end is known."""
        start = max([self.now] + [crew.arrive for crew in call.here.values()])
        if call.lacks([]):
            call.marks.add("under_strength")
        elif isnan(call.full):
            call.full = start
        call.cleared = start
        for slot, crew in call.here.items():
            drawn = float(self.demand.on_scene_s[call.number, 0 if self.rules.joint_release else slot])
            crew.scene_end = start + (call.rest if call.rest > 0 else drawn)
            crew.due = crew.scene_end + float(self.demand.wrap_up_s[call.number, slot])
            call.cleared = max(call.cleared, crew.scene_end)
        call.state = "committed"
        self.note("start", call, None, at=start)

    def take(self, crew: Crew) -> None:
        """A crew is taken: its writing-up becomes follow-up work; work at the scene is resumed by whoever comes."""
        call = crew.call
        self.note("preempt", call, crew)
        if call is None:
            return
        if self.now >= crew.scene_end:
            rest = crew.due - self.now
            crew.owed_follow_up += rest
            crew.did["follow_up_due"] += rest
            self.done(crew)
            return
        call.marks.add("preempted")
        if self.now >= crew.arrive:
            call.rest = crew.scene_end - self.now
        self.withdraw(crew)

    def withdraw(self, crew: Crew) -> None:
        """A crew leaves a call that is not over: the others wait again, and the call is tried at once."""
        call = crew.call
        if call is None:
            return
        self.part(crew, self.where(crew))
        call.helped.remove(crew)
        for other in call.here.values():
            other.scene_end = other.due = inf
        if call.state == "committed":
            call.state, call.cleared = "waiting", nan
            if self.now < call.full:
                call.full = nan
        if call.arrived > self.now:
            call.arrived = call.first_there() if call.here else nan
        call.alarm = self.now

    def done(self, crew: Crew) -> None:
        """A crew has done its part; the first crew, or else the last, leaves the follow-up work to its owner."""
        call = crew.call
        if call is None:
            return
        if call.follow_up > 0 and (crew.slot == 0 or len(call.here) == 1):
            owner = self.owner(call, crew)
            owner.owed_follow_up += call.follow_up
            owner.did["follow_up_due"] += call.follow_up
            call.follow_up = 0.0
        self.part(crew, call.atom)
        if not call.here:
            call.state = "done"

    def part(self, crew: Crew, place: int) -> None:
        """A crew is no longer with its call, and free at `place`."""
        call = crew.call
        if call is None:
            return
        self.account_call(crew)
        del call.here[crew.slot]
        crew.call = None
        crew.place, crew.back_at = place, self.now + float(self.plan.area.travel_s[place, int(self.force.base[crew.number])])
        self.set_free(crew)
