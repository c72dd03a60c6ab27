"""Places: zones of atoms, bases of crews, and patrol slots in proportion to calls and streets."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qinwu.duty.compile import compile_plan
from qinwu.duty.crews import form_crews
from qinwu.duty.places import beat_of_atoms, call_share, patrol_weight, spread_slots, zones_of_atoms
from qinwu.duty.response_plan import PATROL_SLOTS, ResponsePlan
from qinwu.duty.staffing import staff
from qinwu.duty.system import DutySystem
from qinwu.duty.who import Muster, Zone
from qinwu.findings import QinwuError
from qinwu.station.station import Station
from tests.duty.small_systems import Table, named, order, quarters, squad
from tests.duty.test_who import rich
from tests.stations import CALL_CLASSES, calls, nine_atoms


def muster_of(station: Station, system: DutySystem) -> Muster:
    staffing = staff(station.force, system, date(2024, 1, 1))
    return Muster(system, form_crews(system, staffing, station.config.neighbour)[0], CALL_CLASSES, staffing.accountable)


def slots(plan: ResponsePlan, crew: str) -> list[int]:
    number = next(number for number, one in enumerate(plan.crews) if one.id == crew)
    return [int(atom) for atom in plan.crew.slots[number]]


def patrolling(where: str, form: str = "team") -> ResponsePlan:
    rule = {"id": "duty", "squad": "duty", "form": form, "pattern": "halves", "patrol": where}
    base = quarters().model_dump()
    return compile_plan(nine_atoms(), quarters(crews=[base["crews"][0], rule]))


def test_atoms_have_the_number_of_their_geographic_beat() -> None:
    """Beats are numbered in file order; atoms of none have -1."""
    beats: list[Table] = [{"id": "x", "atoms": ["a9"]}, {"id": "f", "kind": "functional"}, {"id": "y", "atoms": ["a1", "a2"]}]
    station = nine_atoms()
    muster = muster_of(station, quarters(beat=beats, sector=[], pair=[]))
    assert beat_of_atoms(station.area, muster).tolist() == [1, 1, -1, -1, -1, -1, -1, -1, 0]


def test_zones_tell_beats_and_functional_beats_apart() -> None:
    """A functional beat of two atoms splits the beats it reaches into; without atoms it reaches everywhere."""
    beats = [one.model_dump() for one in rich().beat]
    beats[4]["atoms"] = ("a1", "a4")
    system = DutySystem.model_validate({**rich().model_dump(), "beat": beats})
    station = nine_atoms()
    muster = muster_of(station, system)
    zones, zone_of = zones_of_atoms(station.area, muster, beat_of_atoms(station.area, muster))
    both, shops = frozenset({"trades", "shops"}), frozenset({"shops"})
    assert [zones[place] for place in zone_of[:4]] == [Zone(0, both), Zone(0, shops), Zone(1, shops), Zone(2, both)]
    assert len(zones) == 6


def test_crews_are_based_at_their_unit_or_the_one_above() -> None:
    """An outpost with a base, a squad of a unit without one under the station's, a neighbour at its own atom."""
    units = [
        named("station", level="station", base_atom="a5"),
        named("hill", level="outpost", parent="station", base_atom="a9"),
        named("team", level="squad", parent="station"),
    ]
    beats = [one.model_dump() for one in quarters().beat]
    beats[3]["unit"] = "hill"
    squads = [one.model_dump() for one in quarters().squad]
    squads[1]["unit"] = "team"
    plan = compile_plan(nine_atoms(), quarters(unit=units, beat=beats, squad=squads))
    base = {crew.id: plan.atoms[atom] for crew, atom in zip(plan.crews, plan.crew.base, strict=True)}
    assert (base["beat-sw"], base["beat-ne"], base["duty-A1"], base["neighbour-next-1"]) == ("a5", "a9", "a5", "a1")
    assert plan.crew.extra_travel_s.tolist() == [0.0] * 8 + [300.0]
    assert plan.crew.external.tolist() == [0] * 8 + [1]


def test_without_any_base_the_middle_of_the_area_is_one() -> None:
    """Of nine squares the fifth is nearest to all."""
    station = nine_atoms()
    station = replace(station, config=station.config.model_copy(update={"base_atom": ""}))
    assert compile_plan(station, quarters()).crew.base[0] == 4


def test_unknown_atoms_are_found_everywhere() -> None:
    """Atoms of beats, of a unit's base and of the station that the area does not have are all told."""
    station = nine_atoms()
    station = replace(station, config=station.config.model_copy(update={"base_atom": "aa1"}))
    beats = [one.model_dump() for one in quarters().beat]
    beats[0]["atoms"] = ("a1", "a22")
    with pytest.raises(QinwuError) as caught:
        compile_plan(station, quarters(beat=beats, unit=[named("station", level="station", base_atom="z")]))
    found = {finding.place.key: finding.values["near"] for finding in caught.value.findings if finding.code == "unknown-atom"}
    assert found == {"beat.sw.atoms": "a2", "unit.station.base_atom": "", "base_atom": "a1"}


def test_crews_wait_at_their_base_or_patrol_beat_sector_or_station() -> None:
    """Each value of ``patrol`` covers its area and no more."""
    plan = patrolling("base")
    assert set(slots(plan, "duty-A1")) == {0}
    assert set(slots(plan, "beat-nw")) == {3, 4, 6}
    assert plan.crew.patrols.tolist() == [1, 1, 1, 1, 0, 0, 0, 0, 0]
    assert set(slots(patrolling("station"), "duty-A1")) == set(range(9))
    plan = patrolling("sector")
    assert set(slots(plan, "duty-A1")) == {0, 1, 2, 5}
    assert set(slots(plan, "duty-B1")) == {3, 4, 6, 7, 8}
    assert set(slots(patrolling("own_beat"), "duty-A1")) == set(range(9))


def test_specialists_patrol_where_their_venues_are() -> None:
    """Two hotels and a pawn shop: the beat of hotels is their two atoms, all trades are four."""
    beats = [
        {"id": "hotels", "kind": "functional", "venue_kinds": ["hotel"], "officer": "P01"},
        {"id": "all", "kind": "functional", "officer": "P02"},
        {"id": "north", "kind": "functional", "atoms": ["a7", "a9"], "officer": "P03"},
    ]
    rule = {"id": "venues", "squad": "venues", "form": "specialist", "pattern": "halves", "patrol": "own_beat"}
    changes = {"squad": [squad("venues", "venues", staff={"sworn": "rest"})], "crews": [rule], "sector": [], "pair": []}
    plan = compile_plan(nine_atoms(), quarters(beat=beats, dispatch={"order": [order("station", "neighbour")]}, **changes))
    assert set(slots(plan, "venues-hotels")) == {0, 4}
    assert set(slots(plan, "venues-all")) == {0, 4, 6, 8}
    assert set(slots(plan, "venues-north")) == {6, 8}


def test_the_crews_of_an_outpost_patrol_the_outposts_beats() -> None:
    """``patrol = station`` means the outpost's own area for its crews."""
    base = rich().model_dump()
    squads = [*base["squad"][:2], {**base["squad"][2], "unit": "hill"}]
    crews = [*base["crews"][:2], {**base["crews"][2], "patrol": "station"}]
    plan = compile_plan(nine_atoms(), DutySystem.model_validate({**base, "squad": squads, "crews": crews}))
    assert set(slots(plan, "patrol-A1")) == {7, 8}


def test_patrol_follows_calls_of_residents_and_streets_by_halves() -> None:
    """Three of four calls in one atom of nine equal ones: a third and a ninth, halved."""
    rows = [(1.0, "theft", "a1"), (2.0, "theft", "a1"), (3.0, "theft", "a1"), (4.0, "theft", "a2")]
    station = replace(nine_atoms(), calls=calls(rows))
    share = call_share(station.area, station.calls)
    assert share[:3].tolist() == [0.75, 0.25, 0.0]
    assert patrol_weight(station.area, station.calls)[0] == pytest.approx((0.75 + 1 / 9) / 2)
    assert patrol_weight(station.area, calls()) == pytest.approx(np.full(9, 1 / 9))


def test_calls_that_officers_found_do_not_draw_patrols() -> None:
    """Only what residents reported counts: patrols that find things would otherwise draw more patrols."""
    station = replace(nine_atoms(), calls=calls([(1.0, "theft", "a1"), (2.0, "theft", "a2")]))
    table = station.calls.table
    found = replace(station.calls, table=table.with_columns(origin=table["origin"].scatter([0], ["officer"])))
    assert call_share(station.area, found)[:2].tolist() == [0.0, 1.0]


@given(st.lists(st.floats(0, 50), min_size=1, max_size=40), st.integers(0, 60))
def test_slots_are_within_one_of_their_share(weights: list[float], turn: int) -> None:
    """Every atom has its share of the 64 slots, to within one, whatever the crew."""
    weight = np.array(weights)
    counts = np.bincount(spread_slots(np.arange(len(weight)), weight, turn), minlength=len(weight))
    share = weight / weight.sum() if weight.sum() > 0 else np.full(len(weight), 1 / len(weight))
    assert counts.sum() == PATROL_SLOTS
    assert (np.abs(counts - share * PATROL_SLOTS) < 1 + 1e-6).all()


def test_crews_with_one_area_are_not_in_step_and_leave_no_atom_out() -> None:
    """Four crews on 200 equal atoms visit more than any one of them could, and start in different places."""
    area, weight = np.arange(200), np.ones(200)
    routes = [spread_slots(area, weight, turn) for turn in range(4)]
    assert len(set(np.concatenate(routes).tolist())) >= 190
    assert len({int(route[0]) for route in routes}) == 4


def test_an_atom_comes_again_after_even_intervals() -> None:
    """With a quarter of the patrol, an atom is never left alone for more than eight slots."""
    route = spread_slots(np.arange(4), np.ones(4), 0)
    visits = np.flatnonzero(route == 2)
    assert np.diff(visits).max() <= 8
