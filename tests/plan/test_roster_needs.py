"""Needs: what sample stations provide, counted by hand; other watches, more officers, files, targets, leaders and guests."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from qinwu.duty.reading import read_system
from qinwu.duty.roster_rules.packs import read_pack
from qinwu.findings import QinwuError
from qinwu.plan.roster.adapt import gaps_of_rule, served_by_long_duty, with_lawful_watches, with_leader
from qinwu.plan.roster.arithmetic import impossible
from qinwu.plan.roster.asking import Asked, partners_of
from qinwu.plan.roster.needs import Needs, at_least, day_numbers, on_dates, with_watches
from qinwu.plan.roster.patterns import parse_pattern
from qinwu.plan.roster.sources import needs_of_file, needs_of_system
from qinwu.station.folder import read_station
from qinwu.station.sample import write_sample
from qinwu.station.station import Station
from tests.plan.roster_cases import DAY, NIGHT, need, officers, pack, question

MONDAY = date(2025, 9, 1)


@pytest.fixture(scope="module")
def rural(tmp_path_factory: pytest.TempPathFactory) -> Station:
    """The sample hub with outposts: six beats in six groups, and four duty crews in four."""
    folder = tmp_path_factory.mktemp("needs") / "rural"
    write_sample(folder, "rural")
    return read_station(folder)


def of(station: Station, system: str = "hub_outposts") -> Needs:
    """Return what a duty system of a station provides."""
    return needs_of_system(station, read_system(system, station.folder).system, MONDAY)


def test_what_a_duty_system_provides(rural: Station) -> None:
    """Two of six beat crews are on by day and one at night; one of four duty crews of two is there around the clock."""
    found = {each.id: (each.least.tolist(), each.sworn.tolist()) for each in of(rural).needs}
    # Four beat crews have an auxiliary: two crews are three or four officers, one crew is one or two.
    assert found["beat/day12"] == ([3] * 7, [2] * 7)
    assert found["beat/night12"] == ([1] * 7, [1] * 7)
    assert found["hub/duty24"] == ([2] * 7, [1] * 7)
    assert of(rural).post("beat").usual_h == pytest.approx(42.0)


def test_wanted_is_the_cycle_itself(rural: Station) -> None:
    """Over a cycle of 42 days, ten officers of beats at 42 hours a week."""
    wanted = [each for each in of(rural).needs if each.post == "beat"]
    assert sum(float(each.wanted.mean()) * 7 * 12 for each in wanted) == pytest.approx(10 * 42)
    assert all((on_dates(each.wanted, MONDAY, 84) >= on_dates(each.least, MONDAY, 84)).all() for each in wanted)


def test_other_watches_keep_the_busiest_hour() -> None:
    """Four by day and two at night in watches from four: four from 04 to 12 and from 12 to 20, two from 20 to 04."""
    asked = question(pack(), [need(DAY, 4, 2), need(NIGHT, 2, 1)], officers(8))
    watches = read_pack("tw_police_duty_act_2008").watch
    changed = {each.watch.id: (each.least[0], each.sworn[0]) for each in with_watches(asked.needs, "post", watches).needs}
    assert changed == {"tw_day": (4, 2), "tw_night": (2, 1), "tw_dawn": (4, 2)}


def test_more_at_any_time_falls_on_the_largest_post() -> None:
    """Two by day and one at night become three and three: two more at night, one by day."""
    asked = question(pack(), [need(DAY, 2), need(NIGHT, 1)], officers(8))
    assert [each.least.tolist() for each in at_least(asked.needs, 3).needs] == [[3] * 7, [3] * 7]
    assert at_least(asked.needs, 3).hours == 3 * 168


def test_long_duty_in_place_of_watches_and_what_is_unlawful() -> None:
    """Where the rules allow 24 hours; 12-hour watches give way to eight under the labour baseline, told by name."""
    asked = question(read_pack(), [need(DAY, 2), need(NIGHT, 2)], officers(8))
    longer = served_by_long_duty(asked, "post")
    assert longer is not None
    assert [(each.watch.hours, each.least[0]) for each in longer.needs.needs] == [(24, 2)]
    strict = replace(asked, pack=read_pack("cn_labour_baseline"))
    assert served_by_long_duty(strict, "post") is None
    changed, told = with_lawful_watches(asked.needs, strict.pack)
    assert [each.watch.id for each in changed.needs] == ["day8", "evening8", "night8"]
    assert [one.code for one in told] == ["watch-replaced"]
    bare = pack({"kind": "duty_length", "most": 8})
    assert [one.code for one in with_lawful_watches(asked.needs, bare)[1]] == ["watch-unlawful"]


def test_leaders_are_sworn_officers_on_command_posts(rural: Station) -> None:
    """Two leaders take days in turn, half of the hours counted; without any the rule is told, not broken."""
    needs, told = with_leader(of(rural), rural.force, read_pack())
    assert not told
    assert [(each.watch.hours, each.least.tolist()) for each in needs.of("lead")] == [(24, [1] * 7)]
    none = type(rural.force)(tuple(one for one in rural.force if one.post != "command"))
    assert [one.code for one in with_leader(of(rural), none, read_pack())[1]] == ["no-leader"]


def test_gaps_of_needs_and_missing_skills_are_told_before_anything_is_searched() -> None:
    """Nobody at night, and a skill that nobody has."""
    asked = question(pack({"kind": "no_gaps"}), [need(DAY, 1)], officers(4), skills=frozenset({"mediation"}))
    found = list(gaps_of_rule(asked.needs, asked.pack))
    assert [(one.code, one.values["hour"]) for one in found] == [("need-with-gap", 0)]
    assert [one.code for one in impossible(asked)] == ["skill-nobody-has"]


def test_a_file_of_needs(rural: Station, tmp_path: Path) -> None:
    """Posts by squad, watches of the system, weekdays; what does not exist is told with a guess."""
    path = tmp_path / "needs.toml"
    post = '[[post]]\nid = "night"\nname = { zh = "夜巡", en = "Night" }\nsquads = ["hub"]\n'
    path.write_text(post + '[[need]]\npost = "night"\nwatch = "night12"\npeople = 2\nweekdays = [4, 5]\n', encoding="utf-8")
    system = read_system("hub_outposts", rural.folder).system
    needs = needs_of_file(path, rural, system, MONDAY)
    assert needs.needs[0].least.tolist() == [0, 0, 0, 0, 2, 2, 0]
    assert len(needs.posts[0].members) == 8
    path.write_text(post + '[[need]]\npost = "nights"\nwatch = "night"\npeople = 2\n', encoding="utf-8")
    with pytest.raises(QinwuError) as refused:
        needs_of_file(path, rural, system, MONDAY)
    assert {(one.code, one.values["guess"]) for one in refused.value.findings} == {
        ("unknown-watch", "night12"),
        ("unknown-post", "night"),
    }


def test_a_pattern_without_fixed_hours_makes_no_wall_sheet(rural: Station) -> None:
    """12 on and 24 off begins at another hour every day."""
    system = read_system("hub_outposts", rural.folder).system
    asked = Asked(rural, system, read_pack(), MONDAY, 28, pattern=parse_pattern("12/24"))
    with pytest.raises(QinwuError) as refused:
        asked.question()
    assert [one.code for one in refused.value.findings] == ["bare-rhythm"]


def test_partners_are_the_officers_of_paired_beats(tmp_path: Path) -> None:
    """Only where the system puts partners on duty together."""
    write_sample(tmp_path / "station13", "station13")
    station = read_station(tmp_path / "station13")
    alone, pairs = (read_system(name, station.folder).system for name in ("one_beat", "pairs"))
    assert not list(partners_of(station, alone, MONDAY))
    together = any(rule.together == "pair" for rule in pairs.crews)
    assert len(list(partners_of(station, pairs, MONDAY))) == (3 if together else 0)


def test_numbers_by_weekday_go_round() -> None:
    """A roster that begins on a Thursday begins with Thursday's number."""
    np.testing.assert_array_equal(on_dates(day_numbers([1, 2, 3, 4, 5, 6, 7]), date(2025, 9, 4), 5), [4, 5, 6, 7, 1])
