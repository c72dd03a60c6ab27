"""Calls: how often a call changes hands, how long that takes, who may send, and which step nobody owns (M24, M47, M73)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qinwu.duty.follow_up import OWN_BEAT, SAME, SQUAD
from qinwu.duty.order import fits, rule_for
from qinwu.duty.organisation.names import Names, names_of
from qinwu.duty.organisation.tree import under
from qinwu.duty.stations import template_of
from qinwu.duty.system import DutySystem, Order, Squad, Tier
from qinwu.findings import Finding, Place
from qinwu.language import N_
from qinwu.station.config import CallClass, FollowUp, Text

DISPATCHER = ""
"""The dispatcher of the station or sub-bureau, among those who may send."""


@dataclass(frozen=True, slots=True)
class Passed:
    """One call on its way: from the phone to whoever goes, and to whoever does the work it leaves.

    Parameters
    ----------
    id, name
        The class of calls, or the order rule where no classes are given.
    rule
        The order rule that fits.
    taking_s
        Mean seconds until the call is taken.
    levels
        Times it is passed between call-taker and dispatch levels.
    levels_s
        Seconds that takes.
    asking_s
        Expected seconds of handing over and asking for crews, where each tier has a crew free: one that refuses costs its hand-over
        and leads to the next tier; the last is asked again until it comes.
    asked
        Expected number of hand-overs to a crew that has to be asked or is called on another line.
    follow_up
        Who does the work left behind: ``same``, ``own_beat``, ``squad:ID``; empty where nobody is named.
    passed_on
        Whether that is somebody else than whom the first tier sends.
    leaves_work
        Whether such calls leave work.
    senders
        Who may send: the dispatcher (``""``) and each unit that must be asked for its squads (M24).
    """

    id: str
    name: Text
    rule: str
    taking_s: float
    levels: int
    levels_s: float
    asking_s: float
    asked: float
    follow_up: str
    passed_on: bool
    leaves_work: bool
    senders: tuple[str, ...]

    @property
    def hand_overs(self) -> float:
        """Expected hand-overs of one call."""
        return self.levels + self.asked + self.passed_on

    @property
    def lost_s(self) -> float:
        """Expected seconds in which nobody is on the way yet: levels and asking."""
        return self.levels_s + self.asking_s

    @property
    def orphaned(self) -> bool:
        """Whether it leaves work that nobody owns."""
        return self.leaves_work and not self.follow_up


@dataclass(frozen=True, slots=True)
class Step:
    """A tier as far as hand-overs go."""

    hand_over_s: float
    refusal: float
    wait_s: float


def calls(system: DutySystem, classes: Sequence[CallClass] = ()) -> tuple[Passed, ...]:
    """Return how calls of each class are passed on; of each order rule, where no `classes` are given."""
    asked = [(one, rule_for(system.dispatch.order, one, one.priority)) for one in classes]
    if not classes:
        asked = [(_class_of(order), order) for order in system.dispatch.order]
    return tuple(_passed(system, one, order) for one, order in asked if order is not None)


def _class_of(order: Order) -> CallClass:
    """Return a class that stands for the calls of an order rule; it leaves work."""
    calls_, left = order.calls, FollowUp(share=1.0)
    identity = calls_.call_class[0] if calls_.call_class else order.id
    kind = calls_.kind[0] if calls_.kind else "other"
    priority = calls_.priority[0] if calls_.priority else 3
    data = {"id": identity, "name": {"zh": order.id}, "kind": kind, "priority": priority, "follow_up": left}
    return CallClass.model_validate(data)


def _passed(system: DutySystem, one: CallClass, order: Order) -> Passed:
    dispatch = system.dispatch
    steps = [_step(system, tier) for tier in order.tiers]
    follow_up = owner_of_work(system, one)
    first = {squad.id for squad in squads_of(system, order.tiers[0].who)}
    return Passed(
        one.id,
        one.name,
        order.id,
        dispatch.call_taking.seconds,
        dispatch.levels,
        dispatch.level_s * (dispatch.levels - 1),
        expected_s(steps),
        expected_hand_overs(steps),
        follow_up,
        _is_passed_on(follow_up, first, order.tiers[0].who, system),
        one.follow_up.share > 0.0,
        senders(system, order),
    )


def owner_of_work(system: DutySystem, one: CallClass) -> str:
    """Return who does the work calls of a class leave, as a ``[[follow_up]]`` rule says; empty where none names anybody real."""
    who = next((rule.who for rule in system.follow_up if fits(rule.calls, one, one.priority)), "")
    crews = {rule.squad for rule in system.crews} or {squad.id for squad in system.squad}
    if who.startswith(SQUAD) and who.removeprefix(SQUAD) not in crews | set(map(template_of, crews)):
        return ""
    return who


def _is_passed_on(follow_up: str, first: set[str], who: str, system: DutySystem) -> bool:
    if follow_up in ("", SAME):
        return False
    if follow_up == OWN_BEAT:
        return who != OWN_BEAT and not first <= {rule.squad for rule in system.crews if rule.form == "beat"}
    return not set(map(template_of, first)) <= {template_of(follow_up.removeprefix(SQUAD))}


def _step(system: DutySystem, tier: Tier) -> Step:
    """Return a tier with what asking costs, where every squad it means is on another line."""
    squads = squads_of(system, tier.who)
    if squads and all(squad.line != "command" for squad in squads):
        asking = system.dispatch.coordination
        refusal = 1.0 - (1.0 - tier.refusal) * (1.0 - asking.refusal)
        return Step(tier.hand_over_s + asking.hand_over_s, refusal, max(tier.wait_s, asking.wait_s))
    return Step(tier.hand_over_s, tier.refusal, tier.wait_s)


def expected_s(steps: Sequence[Step]) -> float:
    """Return the expected seconds until a crew is won, where each tier has one free.

    A tier that refuses (probability r) costs its hand-over h and leads to the next; the last is asked again after its wait w:
    its mean is (h + r w) / (1 - r), by the geometric series.

    >>> expected_s([Step(0.0, 0.0, 0.0)]), expected_s([Step(120.0, 0.2, 600.0)])
    (0.0, 300.0)
    """
    *others, last = steps
    expected = (last.hand_over_s + last.refusal * last.wait_s) / (1.0 - last.refusal)
    for step in reversed(others):
        expected = step.hand_over_s + step.refusal * expected
    return expected


def expected_hand_overs(steps: Sequence[Step]) -> float:
    """Return the expected number of times a crew has to be asked or called on another line; going on to it by order counts none.

    >>> expected_hand_overs([Step(0.0, 0.0, 0.0), Step(60.0, 0.0, 0.0)]), expected_hand_overs([Step(60.0, 0.5, 0.0)])
    (0.0, 2.0)
    """
    counted = [1.0 if step.hand_over_s > 0.0 or step.refusal > 0.0 else 0.0 for step in steps]
    expected = counted[-1] / (1.0 - steps[-1].refusal)
    for count, step in zip(reversed(counted[:-1]), reversed(steps[:-1]), strict=True):
        expected = count + step.refusal * expected
    return expected


def senders(system: DutySystem, order: Order) -> tuple[str, ...]:
    """Return who may send crews by an order rule: the dispatcher, and each unit whose squads can only be asked."""
    asked = [squad.unit for tier in order.tiers for squad in squads_of(system, tier.who) if squad.line != "command"]
    return tuple(dict.fromkeys([DISPATCHER, *asked]))


def squads_of(system: DutySystem, who: str) -> tuple[Squad, ...]:
    """Return the squads that the word of a tier may send; none for other stations."""
    prefix, _, name = who.partition(":")
    if prefix == "squad":
        return tuple(squad for squad in system.squad if name in (squad.id, template_of(squad.id)))
    if prefix == "function":
        return tuple(squad for squad in system.squad if squad.function == name)
    if prefix == "unit":
        below = under(system.unit, name)
        return tuple(squad for squad in system.squad if squad.unit in below)
    forms = {"specialist": ("specialist",), "own_beat": ("beat",), "partner": ("beat",), "sector": ("beat",), "sergeant": ("beat",)}
    if prefix in forms:
        made = {rule.squad for rule in system.crews if rule.form in forms[prefix]}
        return tuple(squad for squad in system.squad if squad.id in made)
    if prefix == "crew":
        made = {rule.squad for rule in system.crews if name in (rule.id, template_of(rule.id))}
        return tuple(squad for squad in system.squad if squad.id in made)
    return () if prefix == "neighbour" else system.squad


def call_findings(found: Sequence[Passed], system: DutySystem) -> Iterator[Finding]:
    """Yield warnings for steps without an owner (M47), and for calls that several may send to (M24)."""
    orphans = [each for each in found if each.orphaned]
    if orphans:
        message = N_("Nobody is named for the work that these calls leave behind: {classes}.")
        remedy = N_("Add a [[follow_up]] rule that says who does it.")
        values: dict[str, object] = {"classes": Names(tuple(each.name for each in orphans))}
        yield Finding("step-without-owner", "warning", message, remedy, Place(key="follow_up"), values)
    told: set[tuple[str, ...]] = set()
    for each in found:
        units = tuple(unit for unit in each.senders if unit != DISPATCHER)
        if units and units not in told:
            told.add(units)
            message = N_("A call by the rule {rule} has several who may send: the dispatcher commands some, {units} must be asked.")
            remedy = N_('Give one dispatcher command of all squads (line = "command"), at least for urgent calls.')
            values = {"rule": each.rule, "units": names_of(system, units)}
            yield Finding("several-dispatchers", "warning", message, remedy, Place(key=f"dispatch.order.{each.rule}"), values)
