"""Hours lost and specialists diverted: sums that can be done on paper."""

from __future__ import annotations

from typing import Any

import pytest

from qinwu.duty.organisation.diversion import CONTROLS, diversion_findings, diversions
from qinwu.duty.organisation.loads import load_findings, loads
from qinwu.duty.organisation.norms import Norms
from qinwu.duty.organisation.posts import establish
from qinwu.duty.reading import read_preset
from qinwu.duty.system import DutySystem
from tests.duty.organisation_charts import chart, county, load, plain_unit, posts
from tests.duty.small_systems import squad

ALL_FIVE = dict.fromkeys(CONTROLS, "有")


def ten(*rows: dict[str, Any], **values: Any) -> DutySystem:
    """Return a station of ten with a squad of four of them, and hours lost."""
    units = (plain_unit("s", level="station", posts=posts(1, 1, 4)), plain_unit("q", "s", posts=posts(0, 0, 4)))
    return chart(*units, load=list(rows), **values)


def test_hours_of_a_unit_and_those_below() -> None:
    """M48: 40 hours of ten officers and 16 of the four among them are 5.6 an officer, 14% of 400; the squad loses 4 each."""
    system = ten(load("a", "例会", "s", "meeting", 40.0, "s"), load("b", "台账", "q", "paperwork", 16.0, "局"))
    found = loads(system, establish(system), Norms())
    station, one = found.units
    assert (station.posts, station.total, station.each, station.share) == (10, 56.0, 5.6, 0.14)
    assert (one.posts, one.each, one.share, one.operational) == (4, 4.0, 0.1, 0.9)
    assert found.ordered == (("s", 40.0), ("局", 16.0))
    assert found.whole.total == 56.0
    assert not list(load_findings(found, system, Norms()))
    (finding,) = load_findings(loads(system, establish(system), Norms(lost=0.13)), system, Norms(lost=0.13))
    assert (finding.code, finding.place.key) == ("hours-lost", "unit.s")


def test_the_alarm_of_ad_hoc_work() -> None:
    """M49, M50: secondments and ad-hoc operations together set off the alarm at 10%, meetings do not."""
    system = ten(load("a", "专项", "s", "ad_hoc", 30.0, "局"), load("b", "抽调", "s", "secondment", 11.0, ""))
    found = loads(system, establish(system), Norms())
    assert found.units[0].ad_hoc_share == pytest.approx(41 / 400)
    codes = [finding.code for finding in load_findings(found, system, Norms())]
    assert codes == ["ad-hoc-alarm", "ordered-by-nobody"]


def test_the_county() -> None:
    """M48-M50: the station's 360 hours are those of 45 officers."""
    system = county()
    found = {each.unit: each for each in loads(system, establish(system), Norms()).units}
    assert (found["chengguan"].posts, found["chengguan"].each) == (21 + 6 + 8 + 7 + 3, 8.0)
    assert found["bureau"].total == 900 + 120 + 240 + 36


def test_hours_of_nobody_cannot_be_shared() -> None:
    """Without posts there is no share, only the finding that they are missing."""
    system = chart(plain_unit("s"), load=[load("a", "例会", "s", "meeting", 5.0, "s")])
    found = loads(system, establish(system), Norms())
    assert found.units[0].share is None
    assert [each.code for each in load_findings(found, system, Norms())] == ["load-without-posts"]


def squads(**diversion: Any) -> DutySystem:
    """Return a station with a squad of detectives that has this ledger."""
    unit = plain_unit("s", level="station")
    return chart(
        unit, squad=[squad("cases", "investigation", unit="s", diversion=diversion or None), squad("desk", "desk", unit="s")]
    )


def test_what_is_diverted_against_the_limit() -> None:
    """M68: ten of forty hours are a quarter, over a limit of a fifth."""
    (one,) = diversions(squads(limit=0.2, hours_per_week=10, **ALL_FIVE), Norms())
    assert (one.share, one.over, one.missing) == (0.25, True, ())
    (finding,) = diversion_findings((one,))
    assert finding.code == "diverted"
    (less,) = diversions(squads(limit=0.25, hours_per_week=10, **ALL_FIVE), Norms())
    assert not less.over
    assert not list(diversion_findings((less,)))


@pytest.mark.parametrize("control", list(CONTROLS))
def test_each_control_is_missed(control: str) -> None:
    """M69: each of the five controls is named where it is missing."""
    (one,) = diversions(squads(limit=0.2, **{**ALL_FIVE, control: ""}), Norms())
    assert one.missing == (control,)
    assert one.share is None
    (finding,) = diversion_findings((one,))
    assert CONTROLS[control] in finding.text("en")
    assert finding.text("zh") != finding.text("en")


def test_a_station_with_detectives_and_no_limit() -> None:
    """M68: detectives and patrol that a station's chief leads without any limit are noted; a station without detectives is not."""
    found = list(diversion_findings(diversions(read_preset("three_squads").system, Norms())))
    (finding,) = found
    assert finding.code == "no-diversion-limit"
    assert "Investigation squad, Patrol squad" in finding.text("en")
    assert diversions(read_preset("one_beat").system, Norms()) == ()
