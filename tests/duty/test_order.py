"""Order: rows of tiers against a slow twin that reads the duty system call by call, and the sequences presets promise."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qinwu.duty.compile import compile_plan, compile_with_findings
from qinwu.duty.response_plan import CrewLabel, ResponsePlan
from qinwu.duty.staffing import accountable_id
from qinwu.duty.system import CallFilter, Coordination, DutySystem, Order, Tier
from qinwu.findings import QinwuError
from qinwu.station.config import CallClass
from qinwu.station.station import Station
from tests.duty.small_systems import Table, always, order, quarters, squad
from tests.duty.test_who import rich
from tests.stations import nine_atoms

Answer = tuple[frozenset[str], float, float, float, float]


def answers(plan: ResponsePlan, priority: int, call_class: str, atom: str, part: str = "row") -> list[Answer]:
    """Return the tiers of one call as the arrays have them."""
    rules = plan.dispatching
    rows = rules.row if part == "row" else rules.support_row
    row = rows[priority - 1, plan.call_classes.index(call_class), plan.atoms.index(atom)]
    crews = np.array([crew.id for crew in plan.crews])
    costs = zip(rules.opens_s[row], rules.hand_over_s[row], rules.refusal[row], rules.wait_s[row], strict=True)
    found = [(frozenset(crews[rules.tier[row] == place].tolist()), *cost) for place, cost in enumerate(costs)]
    return [one for one in found if one[0]]


def sequence(plan: ResponsePlan, priority: int, call_class: str, atom: str, part: str = "row") -> list[set[str]]:
    return [set(crews) for crews, *_ in answers(plan, priority, call_class, atom, part)]


class Twin:
    """Who goes, worked out one call at a time from the duty system and the crews' labels."""

    def __init__(self, station: Station, system: DutySystem, plan: ResponsePlan) -> None:
        self.system = system
        self.plan = plan
        self.classes = {one.id: one for one in station.config.call_class}
        self.rules = {rule.id: rule for rule in system.crews}
        self.squads = {one.id: one for one in system.squad}
        self.accountable = {beat.id: accountable_id(beat, date(2024, 1, 1)) for beat in system.beat}
        self.labels = {one.id: one for one in plan.crews}
        self.told: dict[tuple[str, str, str], list[str]] = {}

    def answers(self, priority: int, call_class: str, atom: str, part: str) -> list[Answer]:
        """Return the tiers of a call."""
        one = self.classes[call_class]
        rule = next((each for each in self.system.dispatch.order if self.fits(each.calls, one, priority)), None)
        if rule is None:
            return []
        tiers, hold = (
            (rule.tiers, self.system.dispatch.hold_s.get(priority, 0.0)) if part == "row" else (rule.support or rule.tiers, 0)
        )
        return self.steps(tiers, hold, priority, one, atom)

    def fits(self, calls: CallFilter, one: CallClass, priority: int) -> bool:
        """Return whether a filter is for such calls."""
        wanted = [(calls.priority, priority), (calls.call_class, one.id), (calls.kind, one.kind)]
        return all(not allowed or value in allowed for allowed, value in wanted)

    def steps(self, tiers: tuple[Tier, ...], hold: float, priority: int, one: CallClass, atom: str) -> list[Answer]:
        """Return tiers whose crews stand in no earlier one."""
        placed: set[str] = set()
        found: list[Answer] = []
        kept = 0.0
        for tier in tiers:
            crews = {crew for crew in self.meant(tier.who, one, atom) if crew not in placed and self.open_to(crew, priority)}
            placed |= crews
            ordered = {crew for crew in crews if self.line(crew) == "command"}
            asked = crews - ordered
            extra = self.system.dispatch.coordination
            opens = max(tier.after_s, kept)
            if ordered:
                found.append((frozenset(ordered), opens, tier.hand_over_s, tier.refusal, tier.wait_s))
            if asked:
                refusal = tier.refusal + (1 - tier.refusal) * extra.refusal
                found.append((frozenset(asked), opens, tier.hand_over_s + extra.hand_over_s, refusal, tier.wait_s + extra.wait_s))
            if tier.who == "own_beat" and crews:
                kept = hold
        return found

    def meant(self, who: str, one: CallClass, atom: str) -> list[str]:
        """Return the crews that a word means, asked once: priority, tier and part of the rule do not change it."""
        asked = (who, one.id, atom)
        if asked not in self.told:
            self.told[asked] = [crew.id for crew in self.plan.crews if self.named(who, crew.id, one, atom)]
        return self.told[asked]

    def open_to(self, crew: str, priority: int) -> bool:
        """Return whether a crew goes to calls of this priority."""
        rule = self.rules.get(self.label(crew).rule)
        return rule is None or priority in rule.priorities

    def line(self, crew: str) -> str:
        """Return how the crew's squad is led."""
        own = self.squads.get(self.label(crew).squad)
        return own.line if own else "command"

    def label(self, crew: str) -> CrewLabel:
        """Return the label of a crew."""
        return self.labels[crew]

    def beat(self, atom: str) -> str:
        """Return the geographic beat of an atom."""
        return next((beat.id for beat in self.system.beat if beat.kind == "geographic" and atom in beat.atoms), "")

    def named(self, who: str, crew: str, one: CallClass, atom: str) -> bool:
        """Return whether a word means this crew."""
        label, here = self.label(crew), self.beat(atom)
        own = label.rule != "neighbour"
        sector = next((each for each in self.system.sector if here in each.beats), None)
        mates = {beat for pair in self.system.pair if here in pair.beats for beat in pair.beats} - {here}
        units = {unit.id: unit for unit in self.system.unit}
        special = {
            self.accountable[beat.id]
            for beat in self.system.beat
            if beat.kind == "functional"
            and (not beat.atoms or atom in beat.atoms)
            and (one.id in beat.call_classes if beat.call_classes else one.kind == "venue")
        }
        prefix, _, name = who.partition(":")
        return {
            "own_beat": bool(here) and label.beat == here,
            "partner": label.beat in mates,
            "sector": sector is not None and label.beat in sector.beats,
            "sergeant": sector is not None and sector.sergeant in label.officers,
            "specialist": bool(special & set(label.officers)),
            "outpost": any(beat.id == here and beat.unit == label.unit for beat in self.system.beat),
            "hub": own and units[label.unit].level == "station",
            "station": own,
            "neighbour": not own,
            "squad": own and label.squad == name,
            "function": own and self.squads[label.squad].function == name,
            "unit": own
            and name in (label.unit, units[label.unit].parent, units.get(units[label.unit].parent, units[label.unit]).parent),
            "crew": name in (label.id, label.rule),
        }[prefix]


WHO = st.sampled_from(
    [
        *("own_beat", "partner", "sector", "sergeant", "specialist", "outpost", "hub", "station", "neighbour"),
        *("squad:patrol", "squad:community", "function:venues", "unit:hill", "unit:station", "crew:patrol-B1", "crew:beat"),
    ]
)
SECONDS = st.sampled_from([0.0, 30.0, 600.0])
TIER = st.builds(Tier, who=WHO, after_s=SECONDS, hand_over_s=SECONDS, refusal=st.sampled_from([0.0, 0.5]), wait_s=SECONDS)
PRIORITIES = st.lists(st.integers(1, 4), max_size=3).map(tuple)
FILTER = st.builds(
    CallFilter,
    priority=PRIORITIES,
    call_class=st.sampled_from([(), ("theft",), ("hotel", "help")]),
    kind=st.sampled_from([(), ("venue", "dispute")]),
)


@st.composite
def systems(draw: st.DrawFn) -> DutySystem:
    """Systems with any order rules, hold times, crews that go to some priorities only, and squads on another line."""
    base = rich()
    last_resort = Tier(who="neighbour")
    tiers = st.lists(TIER, max_size=5).map(lambda drawn: (*drawn, last_resort))
    support = st.lists(TIER, max_size=3).map(tuple)
    orders = [
        Order(id=f"o{number}", calls=draw(FILTER), tiers=draw(tiers), support=draw(support))
        for number in range(draw(st.integers(0, 3)))
    ]
    last = Order(id="last", tiers=(Tier(who="own_beat"), *draw(tiers)))
    dispatch = base.dispatch.model_copy(
        update={
            "order": (*orders, last),
            "hold_s": draw(st.dictionaries(st.integers(1, 4), SECONDS, max_size=4)),
            "coordination": Coordination(hand_over_s=90.0, refusal=0.25, wait_s=300.0),
        }
    )
    lines = st.sampled_from(["command", "coordinate", "guide"])
    return base.model_copy(
        update={
            "dispatch": dispatch,
            "crews": tuple(rule.model_copy(update={"priorities": draw(PRIORITIES) or (1, 2, 3, 4)}) for rule in base.crews),
            "squad": tuple(one.model_copy(update={"line": draw(lines)}) for one in base.squad),
            "beat": tuple(
                beat.model_copy(update={"atoms": draw(st.sampled_from([(), ("a1", "a5")]))}) if beat.id == "trades" else beat
                for beat in base.beat
            ),
        }
    )


def for_one_officer(station: Station) -> Station:
    """Return the station with calls that one officer can handle, so that any order will do."""
    classes = tuple(one.model_copy(update={"officers": 1, "sworn": 1}) for one in station.config.call_class)
    return replace(station, config=station.config.model_copy(update={"call_class": classes}))


@settings(max_examples=60, deadline=None)
@given(systems())
def test_rows_agree_with_the_twin(system: DutySystem) -> None:
    """For every priority, class and atom the arrays and the slow reading of the duty system name the same tiers."""
    station = for_one_officer(nine_atoms())
    plan = compile_plan(station, system)
    twin = Twin(station, system, plan)
    for priority in (1, 2, 3, 4):
        for call_class in plan.call_classes:
            for atom in plan.atoms:
                for part in ("row", "support"):
                    found = answers(plan, priority, call_class, atom, part)
                    expected = twin.answers(priority, call_class, atom, part)
                    assert [one[0] for one in found] == [one[0] for one in expected]
                    assert np.allclose([one[1:] for one in found], [one[1:] for one in expected])


def plan_of(*tiers: str | Table, support: tuple[Table, ...] = (), **changes: object) -> ResponsePlan:
    rule = order(*tiers, support=support)
    return compile_plan(nine_atoms(), quarters(**{"dispatch": {"order": [rule]}, **changes}))


DUTY = {"duty-A1", "duty-B1", "duty-A2", "duty-B2"}


def test_one_officer_one_beat() -> None:
    """Own beat officer, then the nearest in the station, then the next station."""
    plan = plan_of("own_beat", "station", "neighbour")
    rest = {"beat-se", "beat-nw", "beat-ne", *DUTY}
    assert sequence(plan, 3, "theft", "a1") == [{"beat-sw"}, rest, {"neighbour-next-1"}]


def test_sector_sergeant() -> None:
    """Own officer, the sector's others after a small delay, then the station."""
    plan = plan_of("own_beat", {"who": "sector", "after_s": 30}, {"who": "station", "after_s": 90})
    assert sequence(plan, 2, "dispute", "a8") == [{"beat-ne"}, {"beat-nw"}, {"beat-sw", "beat-se", *DUTY}]
    assert [opens for _, opens, *_ in answers(plan, 2, "dispute", "a8")] == [0, 30, 90]


def test_the_sergeant_kept_as_a_reserve_goes_to_emergencies_alone() -> None:
    """An order rule for priority 1 names the sergeant; the others leave the sergeant out of reach."""
    rules = [order("own_beat", "sergeant", "squad:duty", id="urgent", calls={"priority": [1]}), order("own_beat", "squad:duty")]
    plan = compile_plan(nine_atoms(), quarters(dispatch={"order": rules}))
    assert sequence(plan, 1, "robbery", "a8") == [{"beat-ne"}, {"beat-nw"}, DUTY]
    assert sequence(plan, 3, "theft", "a8") == [{"beat-ne"}, DUTY]


def test_pairs_join_without_a_hand_over() -> None:
    """The partner is the first to join, at no cost, when a second officer is needed."""
    plan = plan_of("own_beat", "station", support=({"who": "partner"}, {"who": "station", "hand_over_s": 60}))
    support = answers(plan, 2, "dispute", "a1", "support")
    assert support[0][0] == {"beat-se"}
    assert support[0][2] == 0
    assert support[1][2] == 60


def test_functional_beat() -> None:
    """The specialist goes first to venue calls; to others the beat's own officer does."""
    base = rich()
    rules = [order("specialist", "own_beat", "station", id="venues", calls={"kind": ["venue"]}), order("own_beat", "station")]
    plan = compile_plan(nine_atoms(), DutySystem.model_validate({**base.model_dump(), "dispatch": {"order": rules}}))
    assert sequence(plan, 3, "hotel", "a1")[:2] == [{"special-trades"}, {"beat-sw"}]
    assert sequence(plan, 3, "theft", "a1")[0] == {"beat-sw"}


def test_three_squads_one_group() -> None:
    """Patrol first for emergencies, community first for disputes, the other squad next without a hand-over; cases go on."""
    changes = {
        "squad": [
            squad("community", "community", staff={"sworn": 4}),
            squad("patrol", "patrol", staff={"sworn": "rest", "auxiliary": 2}),
            squad("cases", "investigation", staff={"sworn": 2, "auxiliary": "rest"}),
        ],
        **always(
            {"id": "community", "squad": "community", "form": "beat"},
            {"id": "patrol", "squad": "patrol", "form": "team", "people": 2},
            {"id": "cases", "squad": "cases", "form": "team", "people": 2},
        ),
        "follow_up": [{"calls": {"kind": ["enforcement"]}, "who": "squad:cases"}, {"who": "own_beat"}],
    }
    rules = [
        order(
            "own_beat",
            "squad:community",
            "squad:patrol",
            id="disputes",
            calls={"kind": ["dispute", "service"], "priority": [2, 3, 4]},
        ),
        order("squad:patrol", "squad:community", "neighbour"),
    ]
    plan = compile_plan(nine_atoms(), quarters(**changes, dispatch={"order": rules}))
    patrol, community = {"patrol-A1", "patrol-A2"}, {f"community-{beat}" for beat in ("sw", "se", "nw", "ne")}
    assert sequence(plan, 1, "robbery", "a1") == [patrol, community, {"neighbour-next-1"}]
    assert sequence(plan, 2, "dispute", "a1") == [{"community-sw"}, community - {"community-sw"}, patrol]
    assert all(cost == 0 for _, _, cost, _, _ in answers(plan, 2, "dispute", "a1"))
    theft, dispute = plan.call_classes.index("theft"), plan.call_classes.index("dispute")
    assert plan.follow_up.owner[theft].tolist() == [-2] * 9
    cases = [crew.squad == "cases" for crew in plan.crews]
    assert plan.follow_up.group.tolist() == [[int(one) for one in cases]]
    own = {crew.beat: number for number, crew in enumerate(plan.crews) if crew.beat}
    assert plan.follow_up.owner[dispute].tolist() == [own[plan.beats[beat]] for beat in plan.area.beat_of]


def test_split_lines_are_asked_and_come_after_those_who_can_be_ordered() -> None:
    """Crews on another line make a tier of their own, after the commanded ones of the same tier, with delay and refusal."""
    squads = [
        squad("community", "community", staff={"sworn": "beats"}),
        squad("duty", "patrol", line="coordinate", staff={"sworn": "rest", "auxiliary": "rest"}),
    ]
    coordination = {"hand_over_s": 120, "refusal": 0.2, "wait_s": 600}
    plan = plan_of("station", squad=squads, dispatch={"order": [order("station")], "coordination": coordination})
    (ordered, asked) = answers(plan, 3, "theft", "a1")
    assert set(ordered[0]) == {"beat-sw", "beat-se", "beat-nw", "beat-ne"}
    assert ordered[2:] == (0, 0, 0)
    assert set(asked[0]) == DUTY
    assert asked[2:] == pytest.approx((120, 0.2, 600))
    assert plan.tier_words[plan.dispatching.row[2, 1, 0]] == ("tiers.0 station", "tiers.0 station asked")


def test_kunming_has_two_dispatch_levels_and_daqing_one() -> None:
    """Every level beyond the first costs the same; one level costs nothing."""
    two = plan_of("station", dispatch={"order": [order("station")], "levels": 2, "level_s": 45})
    one = plan_of("station", dispatch={"order": [order("station")], "levels": 1, "level_s": 45})
    assert (two.dispatching.level_s, one.dispatching.level_s) == (45, 0)


def test_desks_become_street_posts_in_a_merged_sub_bureau() -> None:
    """All crews stand in one tier, also those of officers who sat at desks."""
    squads = [squad("pool", staff={"sworn": "rest", "auxiliary": "rest", "from_administration": 1.0})]
    plan = plan_of("station", squad=squads, **always({"id": "pool", "squad": "pool", "form": "team", "people": 2}))
    assert sequence(plan, 1, "robbery", "a1") == [{f"pool-A{number}" for number in range(1, 9)}]
    assert {officer for crew in plan.crews for officer in crew.officers} >= {"D01", "D02"}


def test_hub_and_outposts() -> None:
    """In the hills the outpost's crew goes first and the hub after; in the town the hub itself is first."""
    base = rich().model_dump()
    plan = compile_plan(
        nine_atoms(), DutySystem.model_validate({**base, "dispatch": {"order": [order("outpost", "hub", "station")]}})
    )
    hub = {"beat-sw", "beat-se", "beat-nw", "special-trades", "special-shops"}
    assert sequence(plan, 3, "theft", "a9") == [{"beat-ne"}, hub, {"patrol-A1", "patrol-B1"}]
    assert sequence(plan, 3, "theft", "a1") == [hub, {"beat-ne", "patrol-A1", "patrol-B1"}]


def test_a_call_is_kept_for_its_own_beat_only_where_the_beat_has_a_crew() -> None:
    """Later tiers open after the hold; without a beat crew, and for who joins, there is no hold."""
    changes = {"order": [order("own_beat", {"who": "station", "after_s": 30})], "hold_s": {3: 600, 2: 10}}
    plan = plan_of("station", dispatch=changes)
    assert [opens for _, opens, *_ in answers(plan, 3, "theft", "a1")] == [0, 600]
    assert [opens for _, opens, *_ in answers(plan, 2, "theft", "a1")] == [0, 30]
    assert [opens for _, opens, *_ in answers(plan, 4, "theft", "a1")] == [0, 30]
    assert [opens for _, opens, *_ in answers(plan, 3, "theft", "a1", "support")] == [0, 30]
    no_officers = [{"id": "sw", "atoms": ["a1"], "officer": "P01"}]
    orphan = plan_of("station", dispatch=changes, beat=no_officers, sector=[], pair=[])
    assert [opens for _, opens, *_ in answers(orphan, 3, "theft", "a9")] == [30]


def test_the_first_rule_that_fits_decides() -> None:
    """A rule for thefts comes before one for all, and not the other way round."""
    special = order("squad:duty", id="thefts", calls={"call_class": ["theft"]})
    general = order("own_beat", "station", id="general")
    first = compile_plan(nine_atoms(), quarters(dispatch={"order": [special, general]}))
    second = compile_plan(nine_atoms(), quarters(dispatch={"order": [general, special]}))
    assert sequence(first, 3, "theft", "a1") == [DUTY]
    assert sequence(second, 3, "theft", "a1")[0] == {"beat-sw"}


def test_crews_limited_to_some_priorities_stand_in_no_other_row() -> None:
    """A car for emergencies only is in no row of priority 3."""
    base = quarters().model_dump()
    crews = [base["crews"][0], {**base["crews"][1], "priorities": [1, 2]}]
    plan = compile_plan(nine_atoms(), quarters(crews=crews))
    assert set().union(*sequence(plan, 1, "robbery", "a1")) >= DUTY
    assert not DUTY & set().union(*sequence(plan, 3, "theft", "a1"))


def test_equal_rows_are_one_row_and_every_row_says_which_rule_and_tier_made_it() -> None:
    """Four beats make four orders and four rows of who joins, each traced to rule and tier."""
    plan = compile_plan(nine_atoms(), quarters())
    assert len(plan.row_order) == len(plan.tier_words) == len(plan.dispatching.tier) == 8
    assert set(plan.row_order) == {"all"}
    row, support = plan.dispatching.row[2, 1, 0], plan.dispatching.support_row[2, 1, 0]
    assert plan.tier_words[row] == ("tiers.0 own_beat", "tiers.1 sector", "tiers.2 station")
    assert plan.tier_words[support] == ("support.0 partner", "support.1 station")
    assert plan.dispatching.opens_s[support].tolist() == [0, 0, inf]


@pytest.mark.parametrize(
    ("who", "near"),
    [("own_bet", "own_beat"), ("squad:dutty", "squad:duty"), ("crew:dutty", "crew:duty"), ("function:patrl", "function:patrol")],
)
def test_words_that_name_nobody_are_told_with_the_nearest(who: str, near: str) -> None:
    """An unknown word of a tier is an error that names the tier and what may have been meant."""
    with pytest.raises(QinwuError) as caught:
        plan_of("own_beat", who, "station")
    (finding,) = [finding for finding in caught.value.findings if finding.code == "unknown-who"]
    assert finding.values["near"] == near
    assert finding.place.key == "dispatch.order.all.tiers[1].who"


def test_calls_nobody_can_be_sent_to_are_an_error_that_names_class_and_beats() -> None:
    """With patrol for emergencies only, other calls have nobody."""
    rules = [order("squad:duty", calls={"priority": [1]}), order("partner", id="rest")]
    beats = [{**beat.model_dump()} for beat in quarters().beat]
    with pytest.raises(QinwuError) as caught:
        compile_plan(nine_atoms(), quarters(dispatch={"order": rules}, beat=beats, pair=[]))
    lost = {finding.values["call_class"] for finding in caught.value.findings if finding.code == "calls-without-crew"}
    assert lost == {"theft", "dispute", "help", "hotel"}


def test_priorities_no_rule_fits_warn_unless_there_are_such_calls() -> None:
    """A rule for the priorities that classes have leaves the others unserved with a warning."""
    rules = [order("station", calls={"priority": [1, 2, 3]})]
    with pytest.raises(QinwuError) as caught:
        compile_plan(nine_atoms(), quarters(dispatch={"order": rules}))
    found = [
        (finding.values["call_class"], finding.severity)
        for finding in caught.value.findings
        if finding.code == "calls-without-order"
    ]
    assert ("help", "error") in found
    assert ("theft", "warning") in found


def test_listed_crews_have_the_order_of_the_file() -> None:
    """With `choose = listed` the first listed crew of a tier goes first."""
    plan, _ = compile_with_findings(nine_atoms(), quarters(dispatch={"order": [order("station")], "choose": "listed"}))
    assert plan.dispatching.nearest == 0
    assert plan.dispatching.rank[0].tolist() == list(range(len(plan.crews)))
