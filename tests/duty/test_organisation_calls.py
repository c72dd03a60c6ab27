"""Calls on their way: hand-overs, against sums over every way a request may go."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qinwu.duty.organisation.calls import Step, call_findings, calls, expected_hand_overs, expected_s, owner_of_work, squads_of
from qinwu.duty.reading import preset_ids, read_preset
from tests.duty.small_systems import always, order, quarters, squad
from tests.stations import CALL_CLASSES

shares_ = st.floats(0.0, 0.8)
steps = st.lists(st.builds(Step, st.floats(0, 600), shares_, st.floats(0, 900)), min_size=1, max_size=5)


def by_enumeration(found: list[Step], rounds: int = 400) -> tuple[float, float]:
    """Return seconds and hand-overs summed over: refused by the first n, and again and again by the last."""
    chance, spent, seconds, hand_overs, asked = 1.0, 0.0, 0.0, 0.0, 0.0
    for step in [*found[:-1], *[found[-1]] * rounds]:
        spent += step.hand_over_s
        asked += step.hand_over_s > 0 or step.refusal > 0
        taken = chance * (1.0 - step.refusal)
        seconds += taken * spent
        hand_overs += taken * asked
        chance *= step.refusal
        spent += step.wait_s if step is found[-1] else 0.0
    return seconds, hand_overs


@given(steps)
def test_expected_seconds_are_the_sum_over_all_ways(found: list[Step]) -> None:
    """The closed form agrees with the sum over every sequence of refusals."""
    seconds, hand_overs = by_enumeration(found)
    assert expected_s(found) == pytest.approx(seconds, abs=1e-6, rel=1e-6)
    assert expected_hand_overs(found) == pytest.approx(hand_overs, abs=1e-9, rel=1e-6)


def test_expected_seconds_are_the_mean_of_drawn_requests() -> None:
    """Drawn by lot, refusals cost what the closed form says."""
    found, rng = [Step(30.0, 0.3, 0.0), Step(120.0, 0.2, 600.0)], random.Random(7)

    def once() -> float:
        spent = found[0].hand_over_s
        if rng.random() >= found[0].refusal:
            return spent
        while True:
            spent += found[1].hand_over_s
            if rng.random() >= found[1].refusal:
                return spent
            spent += found[1].wait_s

    draws = [once() for _ in range(200_000)]
    assert sum(draws) / len(draws) == pytest.approx(expected_s(found), rel=0.01)


def test_a_command_costs_nothing_and_asking_does() -> None:
    """M73: the same tiers cost two minutes and a refusal in five where the squad is on another line."""
    lines = {}
    for line in ("command", "coordinate"):
        system = quarters(
            squad=[squad("community", "community", staff={"sworn": "beats"}), squad("duty", line=line, staff={"sworn": "rest"})],
            dispatch={"order": [order("squad:duty")]},
        )
        (lines[line],) = calls(system)
    assert (lines["command"].asking_s, lines["command"].asked) == (0.0, 0.0)
    assert lines["coordinate"].asking_s == pytest.approx((120 + 0.2 * 600) / 0.8)
    assert lines["coordinate"].asked == pytest.approx(1 / 0.8)
    assert lines["coordinate"].senders == ("", "station")


def test_levels_are_hand_overs() -> None:
    """M72: one call-taker and three dispatch levels are three hand-overs, two of which cost time."""
    system = quarters(dispatch={"levels": 3, "level_s": 45, "order": [order("station")]})
    (found,) = calls(system)
    assert (found.levels, found.levels_s, found.hand_overs) == (3, 90.0, 3.0)


def test_work_left_goes_on_or_is_nobodys() -> None:
    """M47: who does the work left is told by the first rule that fits; where none does it is an orphaned step."""
    rules = [{"id": "cases", "calls": {"kind": ["enforcement"]}, "who": "squad:duty"}]
    system = quarters(follow_up=rules)
    found = {each.id: each for each in calls(system, CALL_CLASSES)}
    assert found["theft"].follow_up == "squad:duty"
    assert found["theft"].passed_on
    assert not found["theft"].orphaned
    assert [each.id for each in found.values() if each.orphaned] == []
    nothing = {each.id: each for each in calls(quarters(), CALL_CLASSES)}
    assert [each.id for each in nothing.values() if each.orphaned] == ["theft"]
    codes = [finding.code for finding in call_findings(calls(quarters(), CALL_CLASSES), quarters())]
    assert codes == ["step-without-owner"]


def test_a_squad_without_crews_owns_no_step() -> None:
    """M47: a rule that names a squad nobody sends leaves the step an orphan."""
    system = quarters(
        squad=[squad("community", "community", staff={"sworn": "beats"}), squad("duty", staff={"sworn": "rest"}), squad("none")],
        follow_up=[{"id": "all", "who": "squad:none"}],
    )
    assert owner_of_work(system, CALL_CLASSES[1]) == ""


def test_several_dispatchers() -> None:
    """M24: split lines have several who may send to one call, three squads one; the finding names whom to ask."""
    split, three = read_preset("split_lines").system, read_preset("three_squads").system
    (finding,) = [each for each in call_findings(calls(split), split) if each.code == "several-dispatchers"]
    assert "Investigation brigade" in finding.text("en")
    assert all(each.senders == ("",) for each in calls(three))
    assert not [each for each in call_findings(calls(three), three) if each.code == "several-dispatchers"]


def test_one_call_taking_level_two_dispatch_levels() -> None:
    """M72: Kunming passes a call on less often than split lines."""
    split, kunming = (calls(read_preset(name).system, CALL_CLASSES) for name in ("split_lines", "kunming"))
    assert max(each.hand_overs for each in kunming) < max(each.hand_overs for each in split)


@pytest.mark.parametrize("preset", preset_ids())
def test_every_word_of_every_preset_means_a_squad(preset: str) -> None:
    """Each tier of a preset but the neighbour sends somebody, and hand-overs are never negative."""
    system = read_preset(preset).system
    words = {tier.who for rule in system.dispatch.order for tier in rule.tiers} - {"neighbour"}
    assert all(squads_of(system, who) for who in words)
    assert all(each.hand_overs >= 1 and each.lost_s >= 0 for each in calls(system, CALL_CLASSES))


def test_words_name_squads() -> None:
    """Squads are found by id, function, unit, form of crew and rule; other stations have none here."""
    system = quarters(
        **always({"id": "beat", "squad": "community", "form": "beat"}, {"id": "team", "squad": "duty", "form": "team"})
    )
    ids = {who: [each.id for each in squads_of(system, who)] for who in ("own_beat", "crew:team", "unit:station", "neighbour")}
    assert ids == {"own_beat": ["community"], "crew:team": ["duty"], "unit:station": ["community", "duty"], "neighbour": []}
    assert [each.id for each in squads_of(system, "function:patrol")] == ["duty"]
    assert len(squads_of(system, "station")) == 2
