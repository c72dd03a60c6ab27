"""Rules: for each, a tiny system that breaks exactly it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from qinwu.duty.organisation.tree import layers
from qinwu.duty.reading import LoadedSystem
from qinwu.duty.rules import RULES, check_system, compile_checked
from qinwu.duty.rules.accountability import gaps
from qinwu.duty.rules.shape import beat_borders, clusters
from qinwu.duty.system import Assignment, DutySystem
from qinwu.findings import Finding, QinwuError
from qinwu.station.station import Station
from tests.stations import calls, grid_area, nine_atom_system, nine_atoms, officers, station

Tables = dict[str, Any]
Change = Callable[[Tables], object]
RULE = {rule.__name__: rule for rule in RULES}


def tables() -> Tables:
    """Return the four-beat system as tables to be changed: everybody in a crew, 42 hours a week."""
    plain: Tables = json.loads(nine_atom_system().model_dump_json())
    plain["pattern"][0].update(days=["duty", "off", "off", "off"], groups=4)
    plain["squad"][0]["staff"]["auxiliary"] = 2
    plain["crews"][0]["people"] = 2
    return plain


def loaded(change: Change) -> LoadedSystem:
    """Return the four-beat system with a change made to its tables."""
    data = tables()
    change(data)
    return LoadedSystem(DutySystem.model_validate(data))


def by_id(data: Tables, table: str, name: str) -> Tables:
    """Return an item of a table."""
    return next(item for item in data[table] if item["id"] == name)


def unit(name: str, **values: Any) -> Tables:
    """Return a unit."""
    return {"id": name, "name": {"zh": name}, "level": "squad", **values}


def functional(name: str, **values: Any) -> Tables:
    """Return a functional beat of P05."""
    return {"id": name, "kind": "functional", "officer": "P05", **values}


def many_beats(data: Tables) -> None:
    """Make twelve beats of one atom each, all in one sector."""
    data["beat"] = [{"id": f"b{n}", "atoms": [f"a{n}"], "officer": f"P{n:02}"} for n in range(1, 13)]
    data["sector"] = [{"id": "all", "beats": [f"b{n}" for n in range(1, 13)], "sergeant": "P01"}]
    data["pair"] = []


def put(table: str, name: str, **values: Any) -> Change:
    """Return a change of some keys of one item."""
    return lambda data: by_id(data, table, name).update(values)


def add(table: str, *items: Tables) -> Change:
    """Return a change that adds items to a table."""
    return lambda data: data[table].extend(items)


def dispatch(**values: Any) -> Change:
    """Return a change of dispatch rules."""
    return lambda data: data["dispatch"].update(values)


def order(name: str, **values: Any) -> Tables:
    """Return an order rule that sends anybody of the station."""
    return {"id": name, "tiers": [{"who": "station"}], **values}


def span(officer: str, since: str, until: str) -> Tables:
    """Return an assignment."""
    return {"officer": officer, "since": since, "until": until}


DAYS_2024 = [span("P01", "2024-01-01", "2024-07-01"), span("P05", "2024-08-01", "9999-12-31")]
OVERLAP = [span("P01", "2024-01-01", "2024-07-01"), span("P05", "2024-06-01", "9999-12-31")]
LATE_RULE = order("late", calls={"priority": [4]})
TOP, LEFT, RIGHT = unit("station", level="bureau"), unit("left", parent="station"), unit("right", parent="left")

CASES: list[tuple[str, Change, list[str]]] = [
    ("a_layer_needs_a_base", lambda data: data.update(layer=True), ["layer-alone"]),
    ("every_atom_in_one_beat", put("beat", "sw", atoms=["a1"]), ["atom-without-beat"]),
    ("every_atom_in_one_beat", put("beat", "sw", atoms=["a1", "a2", "a3"]), ["atom-in-two-beats"]),
    ("every_atom_in_one_beat", put("beat", "sw", atoms=["a1", "a2", "a2"]), ["atom-in-two-beats"]),
    ("every_atom_in_one_beat", lambda data: data.update(beat=[], sector=[], pair=[]), ["no-beats"]),
    ("beats_have_atoms", add("beat", {"id": "none", "officer": "P05"}), ["beat-without-atoms"]),
    ("beats_are_contiguous", lambda data: swap(data, "a1", "a9"), ["beat-in-pieces", "beat-in-pieces"]),
    ("one_accountable_officer_on_every_date", put("beat", "sw", officer=""), ["beat-without-officer"]),
    ("one_accountable_officer_on_every_date", put("beat", "sw", officer="", assignments=DAYS_2024), ["beat-without-officer"]),
    ("one_accountable_officer_on_every_date", put("beat", "sw", assignments=OVERLAP), ["beat-with-two-officers"]),
    (
        "one_accountable_officer_on_every_date",
        put("beat", "sw", assignments=[span("P05", "2024-02-01", "2024-01-01")]),
        ["assignment-without-days"],
    ),
    ("beat_officers_exist", put("beat", "nw", officer="P33"), ["unknown-officer"]),
    ("beat_officers_exist", put("beat", "nw", officer="A01"), ["beat-officer-not-sworn"]),
    ("beat_officers_exist", put("beat", "nw", officer="D01"), ["beat-officer-not-front-line"]),
    ("beat_officers_exist", put("beat", "sw", assignments=[span("X", "2024-01-01", "2025-01-01")]), ["unknown-officer"]),
    ("beats_in_one_sector", put("sector", "south", beats=["sw", "se", "nw"]), ["beat-in-two-sectors"]),
    ("beats_in_one_sector", put("sector", "south", beats=["sw"]), ["beat-without-sector"]),
    ("beats_in_one_sector", put("sector", "south", beats=["sw", "se", "ssw"]), ["unknown-beat"]),
    ("sectors_of_adjacent_beats", lambda data: cross(data), ["sector-in-pieces"]),
    ("sergeants_are_members", put("sector", "south", sergeant="P05"), ["sergeant-not-a-member"]),
    ("sergeants_are_members", put("sector", "north", sergeant="P01"), ["sergeant-not-a-member", "sergeant-of-two-sectors"]),
    ("spans_of_sergeants", many_beats, ["span-too-wide"]),
    ("two_beats_in_one_pair", put("pair", "low", beats=["sw", "sw"]), ["pair-of-one"]),
    ("two_beats_in_one_pair", add("pair", {"id": "more", "beats": ["se", "ne"]}), ["beat-in-two-pairs", "beat-in-two-pairs"]),
    ("two_beats_in_one_pair", put("pair", "low", beats=["sw", "south"]), ["unknown-beat"]),
    ("two_beats_in_one_pair", put("beat", "se", officer="P01"), ["pair-of-one"]),
    ("partners_are_neighbours", lambda data: cross(data), ["pair-apart"]),
    ("every_venue_has_one_owner", add("beat", functional("f", venue_kinds=["hotel"])), ["venue-without-owner"]),
    ("every_venue_has_one_owner", add("beat", functional("f"), functional("g", venue_kinds=["hotel"])), ["venue-with-two-owners"]),
    ("functional_beats_have_officers", add("beat", functional("f", officer="")), ["beat-without-officer"]),
    (
        "functional_beats_name_known_things",
        add("beat", functional("f"), functional("g", atoms=["zz"], venue_kinds=["hotle"])),
        ["unknown-venue-kind"],
    ),
    ("functional_beats_name_known_things", add("beat", functional("f", call_classes=["hotels"])), ["unknown-call-class"]),
    ("one_root", add("unit", unit("other")), ["not-one-root"]),
    ("one_root", lambda data: data.update(unit=[unit("station", parent="left"), LEFT]), ["not-one-root"]),
    ("parents_exist", add("unit", unit("post", parent="statoin")), ["unknown-unit"]),
    ("parents_exist", add("unit", unit("one", parent="two"), unit("two", parent="one")), ["units-in-a-circle"]),
    ("one_line_superior_each", add("unit", unit("post", parent="station", relation="coordinate")), ["no-line-superior"]),
    ("units_exist", put("squad", "duty", unit="brigade"), ["unknown-unit"]),
    ("units_exist", put("beat", "sw", unit="brigade"), ["unknown-unit"]),
    ("chart_names_exist", put("unit", "station", ties=[{"unit": "brigade", "relation": "guide"}]), ["unknown-unit"]),
    (
        "chart_names_exist",
        lambda data: data.update(load=[{"id": "m", "name": {"zh": "会"}, "unit": "x", "kind": "meeting", "hours_per_week": 1}]),
        ["unknown-unit"],
    ),
    ("spans_of_units", add("unit", *(unit(f"u{n}", parent="station") for n in range(9))), ["span-too-wide"]),
    ("officers_are_in_units", lambda data: second_station(data), ["officer-without-unit", *["beat-without-station"] * 3]),
    ("postings_name_what_exists", lambda data: data.update(posting=[{"id": "P011"}]), ["unknown-officer"]),
    ("postings_name_what_exists", lambda data: data.update(posting=[{"id": "P01", "unit": "x"}]), ["unknown-unit"]),
    ("nobody_in_two_squads", lambda data: twice(data), ["officer-in-two-squads"]),
    ("heads_exist", put("squad", "duty", head="P99"), ["unknown-officer"]),
    ("crews_can_have_their_sworn_officers", put("crews", "duty", sworn=0), ["crew-without-sworn-officer"]),
    ("crews_can_have_their_sworn_officers", put("crews", "duty", sworn=3), ["more-sworn-than-people"]),
    (
        "every_priority_has_crews",
        lambda data: [rule.update(priorities=[1, 2, 3]) for rule in data["crews"]],
        ["priority-without-crews"],
    ),
    (
        "partners_take_what_they_may",
        dispatch(hand_off=[{"id": "guards", "calls": {"call_class": ["robbery"]}, "share": 0.5, "to": {"zh": "保安公司"}}]),
        ["handed-to-partner-unlawfully"],
    ),
    (
        "training_effects_concern_somebody",
        dispatch(training=[{"id": "swim", "skill": "swimming", "factor": 0.9, "source": "own record"}]),
        ["training-of-nobody"],
    ),
    ("groups_differ", put("pattern", "halves", groups=5), ["groups-coincide"]),
    ("duty_hours_are_lawful", put("pattern", "halves", days=["duty", "duty", "off"], groups=3), ["long-hours"]),
    ("work_has_its_time", add("work", {"id": "w", "name": {"zh": "事"}, "kind": "other"}), ["work-without-time"]),
    (
        "work_has_its_time",
        add("work", {"id": "w", "name": {"zh": "事"}, "kind": "other", "at": "12:00", "minutes": 5, "hours_per_week": 1}),
        ["work-with-two-times"],
    ),
    (
        "filters_name_known_calls",
        dispatch(order=[order("one", calls={"call_class": ["theif"]}), order("all")]),
        ["unknown-call-class"],
    ),
    ("filters_name_known_calls", add("follow_up", {"calls": {"kind": ["disputes"]}}), ["unknown-call-kind"]),
    ("filters_name_known_calls", dispatch(complement=[{"calls": {"call_class": ["x"]}, "officers": 2}]), ["unknown-call-class"]),
    ("every_order_is_reached", dispatch(order=[order("all"), LATE_RULE]), ["order-never-used"]),
    (
        "every_order_is_reached",
        dispatch(order=[order("trams", calls={"kind": ["traffic"]}), order("all")]),
        ["order-without-calls"],
    ),
    (
        "tiers_can_mean_somebody",
        dispatch(order=[order("all", tiers=[{"who": "specialist"}, {"who": "station"}])]),
        ["tier-means-nobody"],
    ),
    ("tiers_can_mean_somebody", lambda data: data.update(sector=[]), ["tier-means-nobody"]),
    ("tiers_can_mean_somebody", lambda data: data.update(pair=[]), ["tier-means-nobody"]),
    (
        "assumptions_explain_the_figures_in_force",
        add("assumption", {"key": "dispatch.levls", "why": {"zh": "因为"}}),
        ["assumption-of-nothing"],
    ),
    ("it_compiles", put("crews", "duty", pattern="halfs"), ["unknown-pattern"]),
]


def swap(data: Tables, one: str, two: str) -> None:
    """Exchange two atoms between their beats."""
    for beat in data["beat"]:
        beat["atoms"] = [{one: two, two: one}.get(atom, atom) for atom in beat["atoms"]]


def cross(data: Tables) -> None:
    """Put opposite beats together in sectors and pairs; those of the falling diagonal still border each other."""
    data["sector"] = [
        {"id": "rising", "beats": ["sw", "ne"], "sergeant": "P01"},
        {"id": "falling", "beats": ["se", "nw"], "sergeant": "P02"},
    ]
    data["pair"] = [{"id": "rising", "beats": ["sw", "ne"]}, {"id": "falling", "beats": ["se", "nw"]}]


def second_station(data: Tables) -> None:
    """Give one beat to a station of its own."""
    data["unit"].append({**unit("other", parent="station"), "level": "station"})
    by_id(data, "beat", "sw")["unit"] = "other"


def twice(data: Tables) -> None:
    """Let both squads name one officer."""
    for squad in data["squad"]:
        squad["officers"] = ["P06"]


@pytest.mark.parametrize(("rule", "change", "codes"), CASES, ids=[f"{number}-{rule}" for number, (rule, _, _) in enumerate(CASES)])
def test_a_rule_sees_its_breach(rule: str, change: Change, codes: list[str]) -> None:
    """The rule finds just what was broken, and every text can be rendered in both languages."""
    findings = list(RULE[rule](nine_atoms(), loaded(change)))
    assert [finding.code for finding in findings if finding.code in codes] == codes
    if rule != "it_compiles":
        assert len(findings) == len(codes)
    assert all(finding.text("en") and finding.text("zh") for finding in findings)
    assert all(finding.place.key for finding in findings)


def test_every_rule_is_broken_somewhere() -> None:
    """No rule goes untested."""
    assert {rule for rule, _, _ in CASES} == set(RULE)


def test_a_sound_system_is_sound() -> None:
    """The four-beat system breaks no rule at its station."""
    assert check_system(nine_atoms(), LoadedSystem(DutySystem.model_validate(tables()))) == ()


@pytest.mark.parametrize(
    "rule", ["beats_are_contiguous", "sectors_of_adjacent_beats", "two_beats_in_one_pair", "one_root", "every_order_is_reached"]
)
def test_one_breach_is_one_thing(rule: str) -> None:
    """Breaking one of these rules sets off no other static rule."""
    change = next(change for name, change, _ in CASES if name == rule)
    broken = loaded(change)
    others = [
        name
        for name, check in RULE.items()
        if name not in (rule, "it_compiles", "partners_are_neighbours") and list(check(nine_atoms(), broken))
    ]
    assert others == []


def test_all_problems_at_once() -> None:
    """A system broken in many ways is told about all of them, each once."""

    def everything(data: Tables) -> None:
        put("beat", "sw", atoms=["a1"], officer="A01")(data)
        put("crews", "duty", pattern="halfs")(data)
        add("unit", unit("other"))(data)
        twice(data)

    findings = check_system(nine_atoms(), loaded(everything))
    assert {"atom-without-beat", "beat-officer-not-sworn", "unknown-pattern", "not-one-root", "officer-in-two-squads"} <= {
        finding.code for finding in findings
    }
    assert len(findings) == len({(finding.code, finding.place, str(finding.values)) for finding in findings})


def test_suggestions_are_made() -> None:
    """Names that are nearly right are suggested."""
    findings: list[Finding] = []
    for rule, change, codes in CASES:
        if codes[0] in ("unknown-beat", "unknown-unit", "unknown-call-class", "unknown-call-kind", "unknown-venue-kind"):
            findings += RULE[rule](nine_atoms(), loaded(change))
    guesses = {str(finding.values["guess"]) for finding in findings if "guess" in finding.values}
    assert {"sw", "station", "theft", "dispute", "hotel"} <= guesses


def test_gaps_begin_with_the_first_call() -> None:
    """Days before the first assignment count only when there are calls on them."""
    one = Assignment(officer="P01", since=date(2024, 2, 1))
    assert list(gaps([one], None)) == []
    assert list(gaps([one], date(2024, 1, 1))) == [(date(2024, 1, 1), date(2024, 2, 1))]
    early = replace(nine_atoms(), calls=calls([(1.0, "help", "a1")]))
    (finding,) = RULE["one_accountable_officer_on_every_date"](
        early, loaded(put("beat", "sw", officer="", assignments=[span("P01", "2024-02-01", "9999-12-31")]))
    )
    assert (finding.values["since"], finding.values["until"]) == ("2024-01-01", "2024-02-01")


def test_no_neighbours_is_only_a_note() -> None:
    """A preset that would ask the neighbour does no harm at a station without."""
    alone = replace(nine_atoms(), config=nine_atoms().config.model_copy(update={"neighbour": ()}))
    tiers = [{"who": "station"}, {"who": "neighbour"}]
    (finding,) = RULE["tiers_can_mean_somebody"](alone, loaded(dispatch(order=[order("all", tiers=tiers)])))
    assert finding.severity == "note"


def test_two_officers_who_are_never_there() -> None:
    """A system that can never send two sworn officers to a call that needs two is an error that names the class."""
    lone: Station = station(grid_area(2, 1), officers(1))
    system = DutySystem.model_validate(
        {
            **tables(),
            "beat": [{"id": "b", "atoms": ["a1", "a2"], "officer": "P01"}],
            "sector": [],
            "pair": [],
            "squad": tables()["squad"][:1],
            "crews": tables()["crews"][:1],
            "dispatch": {"order": [order("all")]},
        }
    )
    findings = check_system(lone, LoadedSystem(system))
    never = [finding.values["call_class"] for finding in findings if finding.code == "complement-never-met"]
    assert never == ["robbery", "dispute", "hotel"]


def test_layers_count_the_chain() -> None:
    """M40: the layers of an organisation are the longest chain from its top."""
    chain = DutySystem.model_validate({**tables(), "unit": [TOP, LEFT, RIGHT]})
    assert layers(chain.unit) == 3
    assert layers(()) == 0


def test_borders_of_beats() -> None:
    """Beats border where any of their atoms do; opposite corners do not."""
    borders = beat_borders(nine_atom_system(), nine_atoms().area)
    assert ("sw", "se") in borders
    assert ("se", "sw") in borders
    assert ("sw", "ne") not in borders
    assert clusters(["sw", "ne"], borders) == [["sw"], ["ne"]]
    assert clusters(["sw", "ne", "se"], borders) == [["sw", "se", "ne"]]


def test_checking_and_compiling_in_one() -> None:
    """A sound system gives its plan and the same warnings as the check; a broken one all its findings."""
    sound = loaded(put("pattern", "halves", groups=5))
    plan, warnings = compile_checked(nine_atoms(), sound)
    assert plan.system == "quarters"
    assert warnings == check_system(nine_atoms(), sound)
    broken = loaded(put("beat", "sw", atoms=["a1"]))
    with pytest.raises(QinwuError) as error:
        compile_checked(nine_atoms(), broken)
    assert error.value.findings == check_system(nine_atoms(), broken)
