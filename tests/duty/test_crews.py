"""Crews: forms, names, roster groups, and the rule that auxiliaries never go alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qinwu.duty.crews import Crew, form_crews, teams_possible
from qinwu.duty.staffing import staff
from qinwu.duty.system import DutySystem
from qinwu.findings import Finding
from qinwu.station.config import Neighbour, Text
from qinwu.station.force import Force, Officer
from tests.duty.small_systems import Table, quarters, squad
from tests.stations import officers

DAY = date(2024, 1, 1)
ALL = {"sworn": "rest", "auxiliary": "rest"}


def form(system: DutySystem, force: Force, neighbours: Sequence[Neighbour] = ()) -> tuple[tuple[Crew, ...], tuple[Finding, ...]]:
    return form_crews(system, staff(force, system, DAY), neighbours)


def one_squad(crews: Table, force: Force, **changes: object) -> tuple[tuple[Crew, ...], tuple[Finding, ...]]:
    rule = {"id": "patrol", "squad": "all", "pattern": "halves", **crews}
    system = quarters(**{"squad": [squad("all", staff=ALL)], "beat": [], "sector": [], "pair": [], "crews": [rule], **changes})
    return form(system, force)


def people(crews: Sequence[Crew]) -> dict[str, list[str]]:
    return {crew.id: [officer.id for officer in crew.officers] for crew in crews}


def codes(findings: Sequence[Finding]) -> list[str]:
    return [finding.code for finding in findings]


def test_beat_crews_have_their_accountable_officer_and_an_even_share_of_auxiliaries() -> None:
    """Three auxiliaries on four beats: one each, the last beat without."""
    community = squad("community", staff={"sworn": "beats", "auxiliary": 3})
    rule = {"id": "beat", "squad": "community", "form": "beat", "people": 3, "pattern": "halves"}
    crews, findings = form(quarters(squad=[community], crews=[rule]), officers(4, 3))
    assert people(crews) == {"beat-sw": ["P01", "A01"], "beat-se": ["P02", "A02"], "beat-nw": ["P03", "A03"], "beat-ne": ["P04"]}
    assert [crew.beat for crew in crews] == ["sw", "se", "nw", "ne"]
    assert not findings


def test_a_beat_that_names_nobody_gets_the_next_officer_of_the_squad() -> None:
    """Of four beats without officers, the two drawn sworn officers serve the first two; the others warn."""
    beats: list[Table] = [{"id": name} for name in ("a", "b", "c")]
    rule = {"id": "beat", "squad": "community", "form": "beat", "pattern": "halves"}
    crews, findings = form(
        quarters(squad=[squad("community", staff={"sworn": 2})], beat=beats, sector=[], pair=[], crews=[rule]), officers(2)
    )
    assert people(crews) == {"beat-a": ["P01"], "beat-b": ["P02"]}
    assert codes(findings) == ["beat-without-crew"]


def test_teams_take_sworn_and_auxiliaries_and_fill_up_with_sworn() -> None:
    """Five sworn and two auxiliaries make three pairs: two mixed, one of sworn officers, one officer left."""
    crews, findings = one_squad({"form": "team", "people": 2, "sworn": 1}, officers(5, 2))
    assert people(crews) == {"patrol-A1": ["P01", "A01"], "patrol-B1": ["P02", "A02"], "patrol-A2": ["P03", "P04"]}
    assert codes(findings) == ["officer-without-crew"]
    assert findings[0].values["officers"] == "P05"


def test_count_limits_teams_and_too_few_officers_warn() -> None:
    """At most `count` teams; fewer than that is told."""
    assert len(one_squad({"form": "team", "count": 2}, officers(5))[0]) == 2
    crews, findings = one_squad({"form": "team", "people": 2, "count": 3}, officers(4))
    assert len(crews) == 2
    assert codes(findings) == ["too-few-for-teams"]


def test_every_member_alone_and_an_auxiliary_alone_is_an_error() -> None:
    """Single crews of sworn officers stand; one of an auxiliary has no power to act."""
    crews, findings = one_squad({"form": "single"}, officers(2, 1))
    assert people(crews) == {"patrol-A1": ["P01"], "patrol-B1": ["P02"], "patrol-A2": ["A01"]}
    assert [(finding.code, finding.values["crew"]) for finding in findings] == [("crew-without-sworn-officer", "patrol-A2")]


def test_a_specialist_crew_is_of_the_functional_beat() -> None:
    """The officer of the functional beat makes the crew, in the specialists' squad, with an auxiliary."""
    beats = [{"id": "trades", "kind": "functional", "venue_kinds": ["hotel"], "officer": "P02"}]
    crews, findings = one_squad({"form": "specialist", "people": 2}, officers(2, 1), beat=beats)
    assert people(crews) == {"patrol-trades": ["P02", "A01"]}
    assert codes(findings) == ["officer-without-crew"]


def test_an_officer_drawn_twice_serves_two_rules_of_one_squad_only_once() -> None:
    """Two rules on one squad share its members: beats first, teams of the rest."""
    rules = [
        {"id": "team", "squad": "community", "form": "team", "pattern": "halves"},
        {"id": "beat", "squad": "community", "form": "beat", "pattern": "halves"},
    ]
    crews, _ = form(quarters(squad=[squad("community", staff=ALL)], crews=rules), officers(6))
    assert people(crews) == {
        "team-A1": ["P05"],
        "team-B1": ["P06"],
        "beat-sw": ["P01"],
        "beat-se": ["P02"],
        "beat-nw": ["P03"],
        "beat-ne": ["P04"],
    }


@pytest.mark.parametrize(("together", "groups"), [("none", [0, 1, 0, 1]), ("pair", [0, 0, 1, 1]), ("sector", [0, 0, 1, 1])])
def test_beats_of_a_sector_take_turns_unless_they_belong_together(together: str, groups: list[int]) -> None:
    """With two roster groups every sector has one of its two beats on duty; pairs and sectors may stay together."""
    rule = {"id": "beat", "squad": "community", "form": "beat", "pattern": "halves", "together": together}
    crews, _ = form(quarters(squad=[squad("community", staff={"sworn": "beats"})], crews=[rule]), officers(4))
    assert [crew.group for crew in crews] == groups


def test_sectors_are_covered_whatever_the_order_of_beats_in_the_file() -> None:
    """Beats of two sectors given alternately still end in different groups within each sector."""
    sectors = [
        {"id": "x", "beats": ["sw", "nw"], "sergeant": "P01"},
        {"id": "y", "beats": ["se", "ne"], "sergeant": "P02"},
    ]
    rule = {"id": "beat", "squad": "community", "form": "beat", "pattern": "halves"}
    crews, _ = form(quarters(squad=[squad("community", staff={"sworn": "beats"})], sector=sectors, crews=[rule]), officers(4))
    group = {crew.beat: crew.group for crew in crews}
    assert group["sw"] != group["nw"]
    assert group["se"] != group["ne"]


def test_crews_belong_to_the_unit_of_their_beat_else_of_their_squad() -> None:
    """An outpost's beat makes a crew of the outpost."""
    units = [
        {"id": "station", "name": {"zh": "所"}, "level": "station"},
        {"id": "hill", "name": {"zh": "山"}, "level": "outpost", "parent": "station"},
    ]
    beats = [{"id": "town", "officer": "P01"}, {"id": "hills", "officer": "P02", "unit": "hill"}]
    crews, _ = one_squad({"form": "beat"}, officers(2), unit=units, beat=beats)
    assert [crew.unit for crew in crews] == ["station", "hill"]


def test_neighbours_lend_crews_that_come_last_and_are_always_there() -> None:
    """A neighbour of two crews adds two at the end, without officers or roster."""
    next_door = Neighbour(id="east", name=Text(zh="东所"), atom="a1", crews=2, people=3, sworn=2)
    crews, _ = form(quarters(), officers(8, 4), [next_door])
    assert [crew.id for crew in crews[-2:]] == ["neighbour-east-1", "neighbour-east-2"]
    assert {(crew.people, crew.sworn, crew.pattern, crew.counts_for_reserve) for crew in crews[-2:]} == {(3, 2, "", False)}


def brute_force_teams(sworn: int, auxiliary: int, size: int, least: int) -> int:
    """Return the most teams by trying every number of auxiliaries in every team."""
    best = 0
    for count in range(1, (sworn + auxiliary) // size + 1):
        for shares in product(range(size - least + 1), repeat=count):
            if sum(shares) <= auxiliary and sum(size - share for share in shares) <= sworn:
                best = max(best, count)
    return best


@given(sworn=st.integers(0, 6), auxiliary=st.integers(0, 4), size=st.integers(1, 3), least=st.integers(0, 3))
def test_as_many_teams_as_can_be_fielded(sworn: int, auxiliary: int, size: int, least: int) -> None:
    """The closed form of how many teams there are agrees with trying everything."""
    least = min(least, size)
    members = [Officer(f"P{n}", "sworn") for n in range(sworn)] + [Officer(f"A{n}", "auxiliary") for n in range(auxiliary)]
    assert teams_possible(members, size, least) == brute_force_teams(sworn, auxiliary, size, least)


@given(
    sworn=st.integers(0, 12),
    auxiliary=st.integers(0, 12),
    form_of=st.sampled_from(["beat", "team", "specialist"]),
    size=st.integers(1, 4),
    least=st.integers(1, 4),
    groups=st.integers(1, 5),
)
def test_nobody_stands_in_two_crews_and_every_crew_is_whole(
    sworn: int, auxiliary: int, form_of: str, size: int, least: int, groups: int
) -> None:
    """Whatever the rules, officers are used once, teams have their size, and each crew has a sworn officer."""
    rules = [
        {"id": "first", "squad": "all", "form": form_of, "people": size, "sworn": min(least, size), "pattern": "p"},
        {"id": "second", "squad": "all", "form": "team", "people": size, "sworn": min(least, size), "pattern": "p"},
    ]
    pattern = {"id": "p", "days": ["duty", "off"], "groups": groups}
    system = quarters(squad=[squad("all", staff=ALL)], crews=rules, pattern=[pattern])
    crews, _ = form(system, officers(sworn, auxiliary))
    used = [officer.id for crew in crews for officer in crew.officers]
    assert len(used) == len(set(used))
    assert len({crew.id for crew in crews}) == len(crews)
    for crew in crews:
        assert crew.sworn >= 1
        assert 0 <= crew.group < groups
        assert crew.people <= size
        if not crew.beat:
            assert (crew.people, crew.sworn >= min(least, size)) == (size, True)
