"""Shares of posts: the station of thirteen and a county bureau, counted by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qinwu.duty.organisation.mirrors import SAME_DUTY, SAME_FUNCTION, SMALL, mirror_findings, mirrors
from qinwu.duty.organisation.norms import Norms
from qinwu.duty.organisation.posts import Ratio, drawn_units, establish
from qinwu.duty.organisation.shares import share_findings, shares
from qinwu.duty.reading import read_preset
from qinwu.duty.units import Posts
from qinwu.station.force import Force, Officer
from tests.duty.organisation_charts import chart, county, plain_unit, posts
from tests.stations import officers

THIRTEEN = officers(6, command=3, administration=4)


def test_the_station_of_thirteen() -> None:
    """M31, M44: 3 command, 4 administration and 6 front line are 46.2% front line, and 7 desks outnumber them."""
    system = read_preset("one_beat").system
    found = shares(system, establish(system, THIRTEEN))
    assert found.front_line == Ratio(6, 13)
    assert f"{found.front_line.share:.1%}" == "46.2%"
    assert found.command == Ratio(3, 13)
    (inside,) = found.inversions
    assert (inside.headquarters, inside.grassroots, inside.inverted) == (7, 6, True)
    (finding,) = share_findings(found, system, Norms())
    assert finding.code == "inverted"
    assert "53.8%" in finding.text("en")
    assert "领导和内勤 7 个岗位" in finding.text("zh")


def test_auxiliaries_are_no_sworn_posts() -> None:
    """M31: the whole is all sworn officers."""
    system = read_preset("one_beat").system
    assert shares(system, establish(system, officers(6, 20, command=3, administration=4))).front_line == Ratio(6, 13)


def test_desks_that_become_street_posts() -> None:
    """M42: two officers drawn from desks count as front line; a sub-bureau's posts on the street are no headquarters."""
    system = read_preset("merged").system
    before = shares(read_preset("one_beat").system, establish(read_preset("one_beat").system, THIRTEEN))
    after = shares(system, establish(system, THIRTEEN))
    assert before.front_line.part == 6
    assert after.front_line == Ratio(8, 13)
    assert after.headquarters == Ratio(5, 13)
    assert after.top_heavy == 5 / 8


def test_stated_desks_become_street_posts_too() -> None:
    """M42: where the chart states its posts, desks that a street squad takes are front line all the same, and no post is lost."""
    system = read_preset("merged").system
    stated = {"posts": Posts(command=3, administration=4, front_line=6)}
    units = tuple(unit.model_copy(update=stated) if unit.id == "station" else unit for unit in system.unit)
    found = establish(system.model_copy(update={"unit": units}), THIRTEEN)
    assert found.source == "chart"
    assert found.of("station") == Posts(command=3, administration=2, front_line=8)
    alone = establish(system.model_copy(update={"unit": units}))
    assert alone.of("station") == stated["posts"]


def test_the_county_by_hand() -> None:
    """M31, M46, M51, M57: each figure is a sum that can be done on paper."""
    found = shares(county(), establish(county()))
    patrol, stations, outposts, squads = 26, 14 + 9 + 8 + 5 + 5 + 4 + 4 + 5, 2 + 2, 7 + 6
    specialists = 24 + 10 + 6 + 5 + 5 + 7 + 7  # detectives, order, economic, drugs, and three squads
    assert found.front_line == Ratio(patrol + stations + outposts + squads + specialists, 383)
    sections = 15 + 51
    assert found.headquarters == Ratio(6 + sections, 383)
    assert found.specialist == Ratio(30 + 16 + 52 + 30 + 9 + 7 + 8 + 22 + 8 + 8, 383)
    assert found.grassroots == Ratio(383 - 72 - 190, 383)
    assert found.beat == Ratio(stations + outposts + 6, 383)
    assert found.top_heavy == 72 / 161
    assert found.command_by_level["section"] == Ratio(15, 66)
    bureau, inside = found.inversions
    assert (bureau.headquarters, bureau.specialist, bureau.grassroots, bureau.inverted) == (72, 190, 121, False)
    assert inside.headquarters == 18 + 21 + 3 + 3


def test_headquarters_that_outnumber_the_grassroots() -> None:
    """M51: six in a section against five in a station is inverted, and more than half is flagged even where it is not."""
    top = plain_unit("top", level="bureau")
    section = plain_unit("section", "top", level="section", posts=posts(1, 5))
    station = plain_unit("s", "top", level="station", posts=posts(1, 0, 4))
    system = chart(top, section, station)
    (finding,) = share_findings(shares(system, establish(system)), system, Norms())
    assert finding.code == "inverted"
    assert finding.place.key == "unit.top"
    strict = Norms(headquarters=0.2)
    smaller = chart(top, {**section, "posts": posts(1, 3)}, station)
    (over,) = share_findings(shares(smaller, establish(smaller)), smaller, strict)
    assert "20%" in over.text("en")
    assert not list(share_findings(shares(smaller, establish(smaller)), smaller, Norms()))


heads = st.builds(posts, *(st.integers(0, 30) for _ in range(4)))
LEVELS = ("bureau", "sub_bureau", "section", "brigade", "station", "outpost", "squad")


@given(st.lists(st.tuples(st.sampled_from(LEVELS), heads), min_size=1, max_size=12))
def test_the_spheres_are_the_whole(rows: list[tuple[str, dict[str, int]]]) -> None:
    """M57: headquarters, specialists and grassroots are all posts, and front line and command never more."""
    units = [plain_unit(f"u{n}", "u0" if n else "", level=level, posts=heads) for n, (level, heads) in enumerate(rows)]
    system = chart(*units)
    found = shares(system, establish(system))
    assert found.headquarters.part + found.specialist.part + found.grassroots.part == found.front_line.whole
    assert 0 <= found.front_line.part + found.command.part <= found.front_line.whole


def test_no_posts_give_no_share() -> None:
    """Where nobody says how many posts there are, no share is made up."""
    system = chart(plain_unit("a"))
    found = shares(system, establish(system))
    assert found.front_line.share is None
    assert found.top_heavy is None
    assert not list(share_findings(found, system, Norms()))
    assert establish(system).source == "none"


def test_officers_stand_where_squads_put_them() -> None:
    """An officer counts in the unit of the squad, else in the officer's own, else at the station; each once."""
    system = read_preset("split_lines").system
    found = establish(system, THIRTEEN)
    assert found.source == "officers"
    assert found.all.total == 13
    assert found.of("station").command == 3
    assert found.of("patrol_brigade").total + found.of("investigation_brigade").total + found.of("station").front_line == 6
    assert sum(each.total for each in found.squads.values()) == 6


def test_a_posting_moves_a_post() -> None:
    """M42: who is posted elsewhere by the duty file counts there, and as what the file says."""
    system = chart(
        plain_unit("top", level="bureau"),
        plain_unit("desk", "top", level="section"),
        plain_unit("street", "top", level="station"),
        posting=[{"id": "D1", "unit": "street", "post": "front_line"}],
    )
    force = Force((Officer("D1", "sworn", "administration", unit="desk"), Officer("D2", "sworn", "administration", unit="desk")))
    found = establish(system, force)
    assert found.of("desk").administration == 1
    assert found.of("street").front_line == 1


def test_every_post_is_drawn_once() -> None:
    """Squads drawn as boxes take their posts out of their unit's box."""
    for preset in ("one_beat", "three_squads", "split_lines", "merged"):
        system = read_preset(preset).system
        found = establish(system, THIRTEEN)
        drawn = drawn_units(system, found)
        assert sum(unit.posts.total for unit in drawn) == 13
        assert {squad.id for squad in system.squad} <= {unit.id for unit in drawn}


def test_mirrors_of_the_county() -> None:
    """M45: ten sections and eight brigades copy the city, 240 of 383 posts; small ones and those with one function could merge."""
    system = county()
    found = mirrors(system, establish(system), Norms())
    assert found.count == Ratio(18, 35)
    assert found.staff == Ratio(66 + 174, 383)
    small, detectives = found.merges
    assert small.units == ("discipline", "publicity", "petitions", "technology")
    assert small.why == (SMALL,)
    assert (small.posts, detectives.posts) == (4 + 4 + 3 + 5, 30 + 9 + 7)
    assert set(detectives.why) == {SAME_FUNCTION, SAME_DUTY}
    codes = [finding.code for finding in mirror_findings(found, system, Norms())]
    assert codes == ["mirrors-hold-too-much", "could-be-merged", "could-be-merged"]
    assert not any(each.code == "mirrors-hold-too-much" for each in mirror_findings(found, system, Norms(mirrored=0.7)))


def test_sections_of_different_parents_are_not_merged() -> None:
    """M45: two small copies in two bureaus stay where they are."""
    system = chart(
        plain_unit("top"),
        plain_unit("a", "top", mirrors="x", posts=posts(1)),
        plain_unit("b", "a", mirrors="y", posts=posts(1)),
    )
    assert mirrors(system, establish(system), Norms()).merges == ()


@pytest.mark.parametrize("command", range(4))
def test_specialists_on_the_street_are_front_line(command: int) -> None:
    """M31: specialist posts of a unit of patrol are front line, command posts are not."""
    system = chart(plain_unit("u", level="station", function="patrol", posts=posts(command, 0, 0, 3 - command)))
    assert shares(system, establish(system)).front_line == Ratio(3 - command, 3)
