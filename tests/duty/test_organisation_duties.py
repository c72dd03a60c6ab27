"""Who owns, orders, answers: charts of three or four units that break exactly one thing."""

from __future__ import annotations

from typing import Any

import pytest

from qinwu.duty.organisation.accountability import accountability_findings, answering, roll_up
from qinwu.duty.organisation.command import authorities, budget_findings, budget_hops, command_findings, commands
from qinwu.duty.organisation.duties import apart, duty_findings, matrix
from qinwu.duty.organisation.legal import basis_of, legal_basis, legal_findings, present_basis
from qinwu.duty.organisation.norms import Norms
from qinwu.duty.organisation.posts import establish
from qinwu.duty.system import DutySystem
from tests.duty.organisation_charts import chart, county, duty, plain_unit
from tests.duty.small_systems import squad
from tests.stations import nine_atom_system

TOP = plain_unit("top", level="bureau")
GUIDE = {"unit": "brigade", "relation": "guide", "function": "investigation"}


def brigade_and_station(*ties: dict[str, Any], **station: Any) -> DutySystem:
    """Return a bureau with a brigade and a station that both list cases."""
    return chart(
        TOP,
        plain_unit("brigade", "top", level="brigade", duties=["cases"]),
        plain_unit("s", "top", level="station", duties=["cases"], ties=list(ties), **station),
        duty=[duty("cases", function="investigation"), duty("dogs")],
    )


def test_two_owners_and_none() -> None:
    """M16, M47: a duty that two units list has two owners, one that nobody lists has none."""
    found = matrix(brigade_and_station())
    assert [each.duty for each in found.with_two] == ["cases"]
    assert found.with_two[0].overlapping == ("brigade", "s")
    assert [each.duty for each in found.with_none] == ["dogs"]
    codes = [finding.code for finding in duty_findings(found, brigade_and_station())]
    assert codes == ["duty-without-owner", "duty-with-two-owners"]


def test_who_only_guides_is_no_second_owner() -> None:
    """M16: a brigade that guides the station's cases shares the duty without overlapping."""
    (cases, _) = matrix(brigade_and_station(GUIDE)).duties
    assert (cases.owners, cases.guides, cases.overlapping) == (("s",), ("brigade",), ())
    (other, _) = matrix(brigade_and_station({**GUIDE, "function": "patrol"})).duties
    assert other.overlapping == ("brigade", "s")


def test_an_ancestor_overlaps_unless_it_guides() -> None:
    """M47: a station and the squad below it that list one duty overlap where the station commands."""
    for relation, overlapping in (("command", ("s", "q")), ("guide", ())):
        system = chart(
            TOP,
            plain_unit("s", "top", level="station", duties=["cases"]),
            plain_unit("q", "s", duties=["cases"], relation=relation),
        )
        assert matrix(system).duties[0].overlapping == overlapping


def test_a_section_guides_those_that_copy_it() -> None:
    """M45: the city's detectives and those of two sub-bureaus that copy them do not overlap; without the mirror they do."""
    for copied, overlapping in (("city", ()), ("", ("city", "a_cid", "b_cid"))):
        system = chart(
            TOP,
            plain_unit("city", "top", level="brigade", duties=["cases"]),
            plain_unit("a", "top", level="sub_bureau"),
            plain_unit("b", "top", level="sub_bureau"),
            plain_unit("a_cid", "a", level="brigade", duties=["cases"], mirrors=copied),
            plain_unit("b_cid", "b", level="brigade", duties=["cases"], mirrors=copied),
        )
        assert matrix(system).duties[0].overlapping == overlapping


def test_a_guide_alone_leaves_nobody_to_do_it() -> None:
    """M16: where only a guide lists a duty nobody owns it."""
    system = chart(TOP, plain_unit("a", "top", duties=["x"]), duty=[duty("x"), duty("y")])
    assert matrix(system).with_none[0].duty == "y"


def test_stations_own_in_their_own_area() -> None:
    """M16: two stations with one duty do not overlap; a station and its outpost do."""
    system = county()
    social = next(each for each in matrix(system).duties if each.duty == "社区警务")
    assert len(social.owners) == 8
    assert social.overlapping == ()
    assert apart("cg_cases", "hexi", system.unit)
    assert not apart("gaoling", "yunfeng", system.unit)
    assert not apart("detectives", "hexi", system.unit)


def test_without_a_table_of_duties_nothing_is_missing() -> None:
    """M16: a sheet that lists only what is owned cannot show what is not, and says so."""
    found = matrix(chart(TOP, plain_unit("a", "top", duties=["x"])))
    assert not found.complete
    assert found.with_none == ()


@pytest.mark.parametrize(
    ("ties", "several", "settles"),
    [
        ([], False, "top"),
        ([GUIDE], False, "top"),
        ([{**GUIDE, "relation": "coordinate"}], False, "top"),
        ([{**GUIDE, "relation": "command"}], True, "top"),
    ],
)
def test_several_commanders(ties: list[dict[str, Any]], several: bool, settles: str) -> None:
    """M65, M73: only a second line of command is a second commander; coordination and guidance are none."""
    system = brigade_and_station(*ties)
    station = next(each for each in authorities(system, establish(system)) if each.who == "s")
    assert station.several is several
    assert station.settles == settles
    codes = [finding.code for finding in command_findings(authorities(system, establish(system)), system)]
    assert codes == ["several-commanders"] * several


def test_a_squad_between_station_and_brigade() -> None:
    """M65: the squad of a station whose detectives the brigade may order has two commanders, its patrol squad one."""
    tie = {**GUIDE, "relation": "command"}
    squads = [squad("cases", "investigation", unit="s"), squad("cars", "patrol", unit="s")]
    system = DutySystem.model_validate({**brigade_and_station(tie).model_dump(), "squad": squads})
    found = {each.who: each for each in authorities(system, establish(system)) if each.squad}
    assert found["cases"].lead == ("s", "brigade")
    assert found["cases"].settles == "top"
    assert not found["cars"].several


def test_nobody_commands() -> None:
    """M4: a unit that is only guided from above has no superior, unless a tie commands it."""
    system = brigade_and_station(relation="guide")
    assert [each.code for each in command_findings(authorities(system, establish(system)), system)] == ["nobody-commands"]
    tied = brigade_and_station({**GUIDE, "relation": "command", "function": None}, relation="guide")
    assert not list(command_findings(authorities(tied, establish(tied)), tied))


def test_command_runs_down_and_not_across() -> None:
    """M62: a unit commands itself and what is below it along command; guidance breaks the chain, a tie of command makes one."""
    system = county()
    assert commands(system, "bureau", "cg_cases")
    assert commands(system, "chengguan", "chengguan")
    assert commands(system, "chengguan", "cg_cases")
    assert commands(system, "detectives", "cg_cases")
    assert not commands(system, "detectives", "cg_patrol")
    assert not commands(system, "chengguan", "detectives")
    assert not commands(system, "cg_cases", "chengguan")
    broken = chart(TOP, plain_unit("a", "top", relation="guide"), plain_unit("b", "a"))
    assert commands(broken, "a", "b")
    assert not commands(broken, "top", "b")
    assert not commands(broken, "top", "nowhere")


def test_who_answers_for_what_it_cannot_order() -> None:
    """M62: the station assessed on what the brigade does is flagged, the one that leads its own squads is not."""
    system = county()
    found = answering(system)
    assert [each.beyond for each in found] == [("detectives",), ()]
    (finding,) = accountability_findings(found, system)
    assert finding.code == "unaccountable-target"
    assert finding.place.key == "accountability.detection"


def test_a_kunming_station_cannot_order_the_brigades_squads() -> None:
    """M73: squads of a brigade that the station only coordinates are beyond it; its own community squad is not."""
    system = chart(
        TOP,
        plain_unit("brigade", "top", level="brigade"),
        plain_unit("s", "top", level="station"),
        squad=[squad("cases", "investigation", unit="brigade", line="coordinate"), squad("own", "community", unit="s")],
        accountability=[{"id": "i", "name": {"zh": "平安"}, "unit": "s", "needs": ["cases", "own"]}],
    )
    assert answering(system)[0].beyond == ("cases",)


def test_results_add_up() -> None:
    """M61: a unit's beats and squads are its own and those of the units below it."""
    system = nine_atom_system()
    (station,) = roll_up(system, establish(system))
    assert (station.beats, station.beats_below, station.squads, station.squads_below) == (4, 4, 2, 2)
    two = system.model_copy(
        update={
            "unit": (*system.unit, system.unit[0].model_copy(update={"id": "post", "level": "outpost", "parent": "station"})),
            "beat": tuple(b.model_copy(update={"unit": "post"}) if b.id == "ne" else b for b in system.beat),
        }
    )
    station, post = roll_up(two, establish(two))
    assert (station.beats, station.beats_below, post.beats_below) == (3, 4, 1)


def test_how_far_the_money_is() -> None:
    """M32: own money is no level away, that of the level above one, of the top two; outside the chart one more than the top."""
    system = chart(
        TOP,
        plain_unit("s", "top", budget="top"),
        plain_unit("q", "s", budget="top"),
        plain_unit("side", "top", budget="s"),
        plain_unit("far", "s", budget="财政局"),
    )
    assert {each.unit: (each.hops, each.inside) for each in budget_hops(system)} == {
        "top": (0, True),
        "s": (1, True),
        "q": (2, True),
        "side": (2, True),
        "far": (3, False),
    }
    found = list(budget_findings(budget_hops(system), system, Norms()))
    assert [finding.values["hops"] for finding in found] == [2, 2, 3]
    assert not list(budget_findings(budget_hops(system), system, Norms(hops=3)))


def test_ten_powers() -> None:
    """M60: powers 2 and 4 of 1954 have no successor, the other eight have."""
    assert [number for number in range(1, 11) if not present_basis()[number]] == [2, 4]


@pytest.mark.parametrize(
    ("basis", "status"),
    [
        ("", "missing"),
        ("人民警察法第六条第二项", "stated"),
        ("市局〔2016〕128号", "stated"),
        ("1954年公安派出所组织条例第三项", "repealed"),
        ("公安派出所组织条例 第10项", "repealed"),
        ("1954 regulation, power 4", "historic"),
        ("公安派出所组织条例第四项", "historic"),
        ("公安派出所组织条例", "repealed"),
        ("全省反邪教专项行动", "historic"),
        ("收容遣送办法", "historic"),
    ],
)
def test_a_basis_is_in_force_or_not(basis: str, status: str) -> None:
    """M60: what a duty rests on is stated, missing, repealed or history."""
    assert basis_of(basis)[0] == status


def test_findings_on_bases() -> None:
    """M60: one note for all that lack a basis, a warning for each whose basis is gone; history needs no owner."""
    system = chart(TOP, duty=[duty("a", ""), duty("b", ""), duty("c", "1954年派出所组织条例第五项"), duty("d", "反革命")])
    found = list(legal_findings(legal_basis(system), system))
    assert [(each.code, each.severity) for each in found] == [
        ("duty-without-basis", "note"),
        ("basis-repealed", "warning"),
        ("basis-historic", "warning"),
    ]
    assert "人民警察法第六条第九项" in found[1].text("en")
    assert "duty.d" not in [each.place.key for each in duty_findings(matrix(system), system)]
