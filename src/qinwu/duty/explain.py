"""Explain: who would go to a call, in what order, after what delay, and which line of which file says so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from qinwu.duty.calendar import HOUR_S, WEEK_S
from qinwu.duty.complement import rule_that_binds
from qinwu.duty.merging import Source
from qinwu.duty.order import PRIORITIES, read_words
from qinwu.duty.places import STATION_FILE
from qinwu.duty.reading import LoadedSystem
from qinwu.duty.response_plan import CrewLabel, DutyArrays, ResponsePlan
from qinwu.duty.system import DutySystem, Order
from qinwu.duty.telling import tell
from qinwu.findings import Finding, Place, did_you_mean, raise_on_errors
from qinwu.language import N_, Language
from qinwu.station.calls import Calls
from qinwu.station.config import CallClass
from qinwu.station.station import Station

NO_CALLS_MONDAY = date(2000, 1, 3)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A crew of a tier: how far away it is on average, whether it is on duty then, and the kind of fixed work it is at."""

    crew: CrewLabel
    travel_s: float
    on_duty: bool
    work: str = ""


@dataclass(frozen=True, slots=True)
class TierAnswer:
    """A tier: its word, what sending one of its crews costs, its crews (on duty and nearest first), and where it stands.

    ``held`` is what says that the call is kept for its own beat until the tier opens, ``asked`` what says that its crews are on
    another line and what asking costs; both are empty where that is not so.
    """

    who: str
    asked: tuple[Source, ...]
    held: tuple[Source, ...]
    opens_s: float
    hand_over_s: float
    refusal: float
    wait_s: float
    crews: tuple[Candidate, ...]
    source: Source


@dataclass(frozen=True)
class Explanation:
    """Who would go to one call, and why.

    Parameters
    ----------
    atom, beat, call_class, priority, when
        The call; ``beat`` is empty for atoms of no beat, ``when`` local time.
    people, sworn, skills, need_source
        Officers it needs, and what says so.
    before_s, start_s
        From the ring of the phone to the first dispatcher's choice, and from there until a crew drives off.
    rule, source
        The order rule that fits, and where it stands.
    tiers, support
        Who goes first, and who joins.
    empty
        Tiers of the rule that have no crew for such a call.
    system
        The duty system, for names.
    """

    atom: str
    beat: str
    call_class: CallClass
    priority: int
    when: datetime
    people: int
    sworn: int
    skills: tuple[str, ...]
    need_source: Source
    before_s: float
    start_s: float
    rule: str
    source: Source
    tiers: tuple[TierAnswer, ...]
    support: tuple[TierAnswer, ...]
    empty: tuple[tuple[str, Source], ...]
    system: DutySystem

    def text(self, language: Language) -> str:
        """Return the explanation in words, one statement a line."""
        return tell(self, language)


def explain(
    station: Station,
    loaded: LoadedSystem,
    plan: ResponsePlan,
    atom: str,
    call_class: str,
    when: datetime,
    priority: int | None = None,
) -> Explanation:
    """Explain who would go to a call.

    Parameters
    ----------
    station, loaded, plan
        The station, the duty system with the places of its values, and the plan compiled from both.
    atom, call_class
        Ids of the place and class of the call.
    when
        Time of the call, on the station's clock where it has no time zone. The roster's cycle starts on the Monday before the
        first call of the record, as in a replay.
    priority
        1 to 4; that of the class where None.

    Raises
    ------
    QinwuError
        The atom, the class or the priority is unknown.
    """
    raise_on_errors(_unknown(plan, atom, call_class, priority))
    j, c = plan.atoms.index(atom), plan.call_classes.index(call_class)
    one = station.config.call_class[c]
    p = (priority or one.priority) - 1
    local = when.astimezone(ZoneInfo(station.config.time_zone)).replace(tzinfo=None) if when.tzinfo else when
    time = seconds_since_start(station.calls, local)
    hour = int(time % WEEK_S // HOUR_S)
    rules = plan.dispatching
    view = _View(plan, loaded, j, p + 1, hour, time % plan.duty.cycle_s)
    row, support = int(rules.row[p, c, j]), int(rules.support_row[p, c, j])
    beat = int(plan.area.beat_of[j])
    return Explanation(
        atom=atom,
        beat=plan.beats[beat] if beat >= 0 else "",
        call_class=one,
        priority=p + 1,
        when=local,
        people=int(rules.people[c, hour]),
        sworn=int(rules.sworn[c, hour]),
        skills=one.skills,
        need_source=_need_source(loaded, one, hour),
        before_s=rules.call_taking_s + rules.level_s,
        start_s=rules.acknowledge_s + rules.turnout_s,
        rule=plan.row_order[row],
        source=loaded.source("dispatch", "order", plan.row_order[row]),
        tiers=view.tiers(row),
        support=view.tiers(support),
        empty=tuple(view.empty(row)),
        system=loaded.system,
    )


def seconds_since_start(calls: Calls, local: datetime) -> float:
    """Return the seconds from the start of the roster's cycle, the Monday before the first call, to a local time."""
    return (local - cycle_start(calls)).total_seconds()


def cycle_start(calls: Calls) -> datetime:
    """Return the local midnight of the Monday before the first call, where the roster's cycle starts."""
    first = calls.table["received"].dt.convert_time_zone(calls.time_zone).min()
    day = first.date() if isinstance(first, datetime) else NO_CALLS_MONDAY
    return datetime.combine(day - timedelta(days=day.weekday()), datetime.min.time())


def crews_on_duty(duty: DutyArrays, time: float) -> NDArray[np.bool_]:
    """Return (K,) which crews are on duty at `time` seconds in the cycle."""
    on: NDArray[np.bool_] = np.greater(duty.on_at_start, time)
    came = (duty.event_on == 1) & (duty.event_s <= time) & (time < duty.event_end_s)
    on[duty.event_crew[came]] = True
    return on


@dataclass(frozen=True)
class _View:
    """A plan seen from one atom at one time."""

    plan: ResponsePlan
    loaded: LoadedSystem
    atom: int
    priority: int
    hour: int
    time: float

    def tiers(self, row: int) -> tuple[TierAnswer, ...]:
        return tuple(self.tier(row, place) for place in range(len(self.plan.tier_words[row])))

    def tier(self, row: int, place: int) -> TierAnswer:
        rules = self.plan.dispatching
        part, number, who, asked = read_words(self.plan.tier_words[row][place])
        opens_s = float(rules.opens_s[row, place])
        held = opens_s > getattr(self.rule(row), part)[number].after_s
        crews = [self.candidate(int(crew)) for crew in np.flatnonzero(rules.tier[row] == place)]
        return TierAnswer(
            who=who,
            asked=tuple(self.who_asks(crews)) if asked else (),
            held=(self.loaded.source("dispatch", "hold_s", str(self.priority)),) if held else (),
            opens_s=opens_s,
            hand_over_s=float(rules.hand_over_s[row, place]),
            refusal=float(rules.refusal[row, place]),
            wait_s=float(rules.wait_s[row, place]),
            crews=tuple(sorted(crews, key=lambda one: (not one.on_duty, one.travel_s if rules.nearest and one.on_duty else 0.0))),
            source=self.loaded.source("dispatch", "order", self.plan.row_order[row], part, number),
        )

    def who_asks(self, crews: list[Candidate]) -> Iterator[Source]:
        """Yield what says that these crews are on another line, and what asking them costs."""
        for squad in dict.fromkeys(one.crew.squad for one in crews):
            yield self.loaded.source("squad", squad, "line")
        yield self.loaded.source("dispatch", "coordination")

    def rule(self, row: int) -> Order:
        return next(rule for rule in self.loaded.system.dispatch.order if rule.id == self.plan.row_order[row])

    def candidate(self, crew: int) -> Candidate:
        arrays, area = self.plan.crew, self.plan.area
        travel = float(area.travel_s[arrays.slots[crew], self.atom].mean() * area.hour_factor[self.hour])
        on = bool(crews_on_duty(self.plan.duty, self.time)[crew])
        return Candidate(self.plan.crews[crew], travel + float(arrays.extra_travel_s[crew]), on, self.work_of(crew) if on else "")

    def work_of(self, crew: int) -> str:
        """Return the kind of the fixed block that the crew is in, empty for none."""
        duty = self.plan.duty
        since = (self.time - duty.block_s) % duty.cycle_s
        inside = np.flatnonzero((duty.block_crew == crew) & (since < duty.block_len_s))
        return self.plan.block_kinds[int(duty.block_kind[inside[0]])] if len(inside) else ""

    def empty(self, row: int) -> Iterator[tuple[str, Source]]:
        """Yield the tiers of the rule that the row does not have."""
        there = {read_words(words)[1] for words in self.plan.tier_words[row]}
        for number, tier in enumerate(self.rule(row).tiers):
            if number not in there:
                yield tier.who, self.loaded.source("dispatch", "order", self.plan.row_order[row], "tiers", number)


def _need_source(loaded: LoadedSystem, one: CallClass, hour: int) -> Source:
    place = rule_that_binds(one, loaded.system.dispatch.complement, hour)
    if place is None:
        return Source(STATION_FILE, None, f"call_class.{one.id}.officers")
    return loaded.source("dispatch", "complement", place)


def _unknown(plan: ResponsePlan, atom: str, call_class: str, priority: int | None) -> Iterator[Finding]:
    if priority is not None and priority not in PRIORITIES:
        message, remedy = N_("There is no priority {word}."), N_("Give 1 (most urgent) to 4.")
        yield Finding("unknown-in-question", "error", message, remedy, Place(), {"word": priority})
    for word, known, message in (
        (atom, plan.atoms, N_("There is no atom {word}.")),
        (call_class, plan.call_classes, N_("There is no call class {word}.")),
    ):
        if word not in known:
            near = did_you_mean(word, known)
            remedy = N_("Did you mean {near}?") if near else ""
            yield Finding("unknown-in-question", "error", message, remedy, Place(), {"word": word, "near": near})
