"""Feasibility: largest values against a linear program and by hand, hours of officers, history, command, indicators per officer."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from statsmodels.stats.proportion import proportion_confint

from qinwu.judge.targets.available import OfficerMonth, months_ahead
from qinwu.judge.targets.card import Indicator
from qinwu.judge.targets.control import answers, controls
from qinwu.judge.targets.demand import Demand
from qinwu.judge.targets.feasible import judge_target, judge_together, rows_of, unions
from qinwu.judge.targets.history import exact_interval, history
from qinwu.judge.targets.judging import Judged, judge_targets
from qinwu.judge.targets.measuring import Ledger
from qinwu.judge.targets.reading import LoadedCard
from tests.judge.target_cases import SYSTEM, card, indicator, spread, station, system
from tests.stations import nine_atom_system, nine_atoms

MONTH = "2024-03"
OFFICERS = ("P1", "P2", "P3", "P4", "P5")
VISIT = {"id": "visit", "name": {"zh": "走访"}, "applies": "beat", "minutes": 60, "source": {"zh": "试"}}
TIMES = {"task": "visit", "by": "times"}


def hours(free: dict[str, float]) -> dict[tuple[str, str], OfficerMonth]:
    """Return officers with so many free hours in the month."""
    return {(name, MONTH): OfficerMonth(name, MONTH, amount, 0.0, 0.0, 0.0) for name, amount in free.items()}


def target(**changes: object) -> Indicator:
    """Return a target on visits."""
    usual = indicator(
        "visits", kind="target", target=10, counter="shown_stability", asks=TIMES, formula={"table": "calls", "per": "day"}
    )
    return Indicator.model_validate({**usual, **changes})


def largest_by_program(wanted: list[Demand], free: dict[str, float], name: str, values: dict[str, float]) -> float | None:
    """Return the largest value by dealing hours out to officers with a linear program; None where the others alone are too much."""
    columns = [(at, officer) for at, one in enumerate(wanted) for officer in sorted(one.group)]
    cost = np.zeros(len(columns) + 1)
    cost[-1] = -1.0
    equal, right = np.zeros((len(wanted), len(columns) + 1)), np.zeros(len(wanted))
    for at, one in enumerate(wanted):
        for place, (number, _) in enumerate(columns):
            equal[at, place] = 1.0 if number == at else 0.0
        equal[at, -1] = -one.hours if one.indicator == name else 0.0
        right[at] = 0.0 if one.indicator == name else one.hours * (values[one.indicator] if one.indicator else 1.0)
    upper = np.zeros((len(free), len(columns) + 1))
    for row, officer in enumerate(free):
        upper[row, : len(columns)] = [mine == officer for _, mine in columns]
    found = linprog(cost, A_ub=upper, b_ub=list(free.values()), A_eq=equal, b_eq=right, bounds=(0, None), method="highs")
    return float(found.x[-1]) if found.x is not None and found.status == 0 else None


groups = st.sets(st.sampled_from(OFFICERS), min_size=1, max_size=4).map(frozenset)
demand = st.tuples(groups, st.integers(1, 20), st.sampled_from(["", "visits", "visits", "other"]))


@settings(max_examples=120, deadline=None)
@given(st.lists(demand, min_size=1, max_size=6), st.lists(st.integers(0, 60), min_size=5, max_size=5), st.integers(0, 3))
def test_the_largest_value_is_that_of_a_linear_program(
    drawn: list[tuple[frozenset[str], int, str]], amounts: list[int], other: int
) -> None:
    """For groups that overlap in any way, the rows allow exactly what dealing every hour out to an officer allows."""
    wanted = [Demand(group, MONTH, float(amount), name, "t", "") for group, amount, name in drawn]
    wanted.append(Demand(frozenset(OFFICERS[:1]), MONTH, 1.0, "visits", "t", ""))
    free = dict(zip(OFFICERS, map(float, amounts), strict=True))
    values = {"visits": 5.0, "other": float(other)}
    rows = rows_of(wanted, hours(free), 1.0)
    verdict = judge_target(target(), rows, values)
    by_program = largest_by_program(wanted, free, "visits", values)
    if by_program is None:
        assert any(row.broken({**values, "visits": 0.0}) for row in rows)
    else:
        assert verdict.largest == pytest.approx(by_program, abs=1e-6)
        assert verdict.feasible == (by_program >= 5.0 - 1e-6)


@given(st.lists(groups, min_size=1, max_size=6))
def test_unions_are_closed_and_nothing_is_there_twice(found: list[frozenset[str]]) -> None:
    """Of two unions that overlap their union is there as well."""
    closed = unions(found)
    assert len(set(closed)) == len(closed)
    assert set(found) <= set(closed)
    assert all(one | other in closed for one in closed for other in closed if one & other)


def test_work_of_nobody_is_never_feasible() -> None:
    """What falls due where nobody is accountable has no hours at all: the largest value is 0."""
    rows = rows_of([Demand(frozenset(), MONTH, 1.0, "visits", "t", "west")], hours({"P1": 100.0}), 1.0)
    verdict = judge_target(target(), rows, {"visits": 5.0})
    assert not verdict.feasible
    assert verdict.largest == 0.0
    assert verdict.binding[0].beats == ("west",)


def test_rows_say_whose_hours_in_which_month_bind() -> None:
    """Two beats with 10 and 30 hours, an hour a visit, 80 % plannable: 8 visits fit, the first beat binds."""
    wanted = [Demand(frozenset([name]), MONTH, 1.0, "visits", "t", beat) for name, beat in (("P1", "west"), ("P2", "east"))]
    rows = rows_of(wanted, hours({"P1": 10.0, "P2": 30.0}), 0.8)
    verdict = judge_target(target(), rows, {"visits": 9.0})
    assert verdict.largest == pytest.approx(8.0)
    assert [(row.beats, row.month, row.required_h({"visits": 9.0}), row.available_h) for row in verdict.binding] == [
        (("west",), MONTH, 9.0, 8.0)
    ]


def test_what_is_absurd_does_not_take_the_hours_of_what_is_modest() -> None:
    """Of 100 hours, 500 visits are refused and 60 fit beside 40 hours of another target, which is not refused for it."""
    wanted = [Demand(frozenset(["P1"]), MONTH, 1.0, name, "t", "west") for name in ("visits", "other")]
    rows = rows_of(wanted, hours({"P1": 100.0}), 1.0)
    found = judge_together([target(target=500), target(id="other", target=40)], rows)
    assert [found[name].feasible for name in ("visits", "other")] == [False, True]
    assert [found[name].largest for name in ("visits", "other")] == pytest.approx([60.0, 40.0])


def test_what_stands_first_on_the_card_yields_last() -> None:
    """Two targets of 70 hours that each fit alone into 100: the second is refused and 30 hours are left for it."""
    wanted = [Demand(frozenset(["P1"]), MONTH, 1.0, name, "t", "west") for name in ("visits", "other")]
    rows = rows_of(wanted, hours({"P1": 100.0}), 1.0)
    found = judge_together([target(target=70), target(id="other", target=70)], rows)
    assert [found[name].feasible for name in ("visits", "other")] == [True, False]
    assert found["other"].largest == pytest.approx(30.0)


@settings(max_examples=60, deadline=None)
@given(st.lists(demand, min_size=1, max_size=6), st.lists(st.integers(1, 60), min_size=5, max_size=5), st.integers(1, 30))
def test_all_targets_fit_together_at_their_largest(
    drawn: list[tuple[frozenset[str], int, str]], amounts: list[int], asked: int
) -> None:
    """Issued at the smaller of asked and largest, no row is broken that other work does not break by itself."""
    wanted = [Demand(group, MONTH, float(amount), name, "t", "") for group, amount, name in drawn]
    rows = rows_of(wanted, hours(dict(zip(OFFICERS, map(float, amounts), strict=True))), 1.0)
    found = judge_together([target(target=asked), target(id="other", target=asked)], rows)
    issued = {name: min(one.asked, one.largest) for name, one in found.items()}
    assert not [row for row in rows if row.broken(issued) and not row.broken({})]


# --------------------------------------------------------------------------------------------------- a whole station, by hand


def judged(*listed: dict[str, object], days: int = 60, **more: object) -> Judged:
    """Return a card judged at the six atoms."""
    quiet = [(day, "help", atom) for day, _, atom in spread(days, 5.0)]
    return judge_targets(LoadedCard(card(*listed, **more), "judge.toml"), station(quiet), SYSTEM)


@pytest.fixture(scope="module")
def visits() -> Judged:
    """Return 800 visits of an hour a month asked of officers who are always on duty, with little else to do."""
    one = indicator("visits", kind="target", target=800, counter="shown_stability", asks=TIMES)
    return judged(one, task=[VISIT], limits={"plannable": 1.0})


def test_an_infeasible_target_is_refused_and_the_largest_fits(visits: Judged) -> None:
    """An officer always on duty has at most 672 hours in February: 800 visits are refused, and the answer is less than 672."""
    one = visits.card.of("visits")
    verdict = visits.verdicts["visits"]
    assert visits.refused(one)
    assert 600 < verdict.largest < 672
    assert verdict.largest == int(verdict.largest)
    assert {beat for row in verdict.binding for beat in row.beats} == {"west", "middle", "east"}
    assert "infeasible-target" in [found.code for found in visits.findings]
    assert "2025-02" in {row.month for row in verdict.binding}


def test_the_largest_value_found_by_trying_every_whole_number(visits: Judged) -> None:
    """Counting up from 0, the last value at which no row is broken is the one told."""
    tried = 0
    while not any(row.broken({"visits": tried + 1.0}) for row in visits.rows):
        tried += 1
    assert visits.verdicts["visits"].largest == tried


def test_hours_of_an_officer_always_on_duty_add_up(visits: Judged) -> None:
    """Duty is every hour of the month; what calls, work behind them and set work leave is free."""
    for (officer, month), one in visits.hours.items():
        days = next(each.days for each in visits.months if each.name == month)
        assert one.duty_h == pytest.approx(24.0 * days), officer
        assert 0.0 <= one.call_h < 0.1 * one.duty_h
        assert one.free_h == pytest.approx(one.duty_h - one.set_h - one.call_h - one.other_h)


def test_work_for_two_takes_the_hours_of_another() -> None:
    """Inspections by two of 40 minutes each of one venue: the beat's officer gives 40 minutes, anybody the others."""
    task = {**VISIT, "id": "check", "applies": "venue", "minutes": None, "crew": 2, "times": 3}
    found = judged(indicator(), task=[task])
    rows = {tuple(sorted(row.group)): row.fixed_h for row in found.rows if row.month == found.months[0].name}
    assert rows["P02",] == pytest.approx(3 * 40 / 60)
    assert rows["P03",] == pytest.approx(3 * 40 / 60)
    everybody = max(rows, key=len)
    assert len(everybody) == 9
    assert rows[everybody] == pytest.approx(2 * 2 * 3 * 40 / 60)


@pytest.mark.parametrize(
    ("every", "days", "often"), [("month", 31, 2.0), ("week", 31, 2.0 * 31 / 7), ("quarter", 31, 2.0 / 3), ("year", 31, 2.0 / 12)]
)
def test_work_falls_due_as_often_as_the_card_says(every: str, days: int, often: float) -> None:
    """Twice a month, a week, a quarter or a year, in hours of a month of 31 days."""
    found = judged(indicator(), task=[{**VISIT, "every": every, "times": 2}])
    row = next(row for row in found.rows if row.month == "2024-03" and row.beats == ("west",))
    assert days == found.months[0].days
    assert row.fixed_h == pytest.approx(often)


def test_work_behind_calls_grows_with_them() -> None:
    """Half an hour after every call: hours of a month are calls a day of the beat, times days, times half an hour."""
    task = {**VISIT, "id": "again", "applies": "call", "minutes": 30, "where": "call_class = 'help'"}
    found = judged(indicator(), task=[task])
    table = found.ledger.table("calls")
    assert table is not None
    assert table.span is not None
    west = table.frame.filter(pl.col("beat") == "west")
    row = next(row for row in found.rows if row.beats == ("west",))
    days = (table.span.last - table.span.first).days + 1
    assert row.fixed_h == pytest.approx(len(west) / days * found.months[0].days * 0.5)


def test_a_sector_may_share_its_work_out() -> None:
    """A target of a sector is asked of its officers together: the rows are those of the sectors, not of single beats."""
    one = indicator("visits", level="sector", kind="target", target=10, counter="shown_stability", asks=TIMES)
    place = nine_atoms()
    loaded = LoadedCard(card(one, *[indicator(f"s{at}", aim=aim, formula={"table": "officers"}, level="station") for at, aim in
                                    enumerate(("good_order", "stability", "satisfied"))], task=[VISIT]), "judge.toml")  # fmt: skip
    ledger = Ledger(loaded.card, Ledger.of(loaded.card, place, nine_atom_system()).standing, None)
    from qinwu.judge.targets.demand import demands

    wanted = demands(ledger, months_ahead(date(2024, 2, 5))[:1])
    assert {one.group for one in wanted} == {frozenset(["P01", "P02"]), frozenset(["P03", "P04"])}


def test_twelve_months_follow_that_of_the_last_call() -> None:
    """The last call in December gives January to December of the next year."""
    months = months_ahead(date(2025, 12, 31))
    assert [months[0].name, months[-1].name, len(months)] == ["2026-01", "2026-12", 12]


# ------------------------------------------------------------------------------------------------------------------- history


@given(st.integers(0, 40), st.integers(0, 40))
def test_intervals_are_those_of_statsmodels(hits: int, misses: int) -> None:
    """Clopper-Pearson by another program."""
    trials = hits + misses
    found = exact_interval(hits, trials)
    assert found == (pytest.approx(proportion_confint(hits, trials, 0.05, "beta")) if trials else (0.0, 1.0))


def test_history_counts_the_periods_in_which_a_target_was_met() -> None:
    """Of 16, 15, 15 calls a month in three beats and 12 periods, those at or over the target are counted by hand."""
    rows = [(owner, f"2024-{month:02}", float(value)) for owner, base in (("w", 10), ("e", 20)) for month, value in
            enumerate(range(base, base + 6), start=1)]  # fmt: skip
    table = pl.DataFrame(
        {
            "indicator": ["visits"] * len(rows),
            "owner": [row[0] for row in rows],
            "period": [row[1] for row in rows],
            "value": [row[2] for row in rows],
            "events": [9] * len(rows),
        }
    )
    found = history(target(target=14), table)
    assert [(one.owner, one.met, one.periods) for one in found] == [("", 8, 12), ("w", 2, 6), ("e", 6, 6)]
    less = history(target(target=14, better="less"), table)
    assert [one.met for one in less] == [5, 5, 0]
    assert less[2].out_of_reach
    assert (found[1].best, less[1].best, found[1].middle) == (15.0, 10.0, 12.5)


# ------------------------------------------------------------------------------------------------------------------- command


def test_who_cannot_order_what_moves_an_indicator_is_named() -> None:
    """A station commands its squads; a beat officer answers for response times and can order none of the crews that respond."""
    fast = {"table": "calls", "of": "in_time IS NOT NULL", "counted": "in_time"}
    one = card(
        indicator("here", level="station", formula=fast, kind="target", target=0.5, counter="there"),
        indicator("there", formula=fast, kind="target", target=0.5, counter="here"),
        indicator("own", formula=fast, kind="target", target=0.5, counter="here", needs=["own"]),
        indicator("duty", level="squad", formula={"table": "duty"}, kind="minimum", minimum=1, counter="here", needs=["duty"]),
    )
    ledger = Ledger.of(one, station(spread(31)), SYSTEM)
    assert all(each.accountable for each in controls(one.of("here"), ledger))
    assert {each.beyond for each in controls(one.of("there"), ledger)} == {("community", "duty")}
    assert all(each.accountable for each in controls(one.of("own"), ledger))
    assert [each.accountable for each in controls(one.of("duty"), ledger)] == [False, True]


def test_a_station_that_may_only_coordinate_a_squad_is_not_answerable_for_it() -> None:
    """Kunming 2010: where the patrol squad belongs to a brigade elsewhere, the station's response times are not its own."""
    units = [
        {"id": "bureau", "name": {"zh": "分局"}, "level": "sub_bureau"},
        {"id": "station", "name": {"zh": "所"}, "level": "station", "parent": "bureau"},
        {"id": "brigade", "name": {"zh": "大队"}, "level": "brigade", "parent": "bureau"},
    ]
    squads = [{**squad.model_dump(), "unit": "brigade"} if squad.id == "duty" else squad.model_dump() for squad in SYSTEM.squad]
    fast = {"table": "calls", "of": "in_time IS NOT NULL", "counted": "in_time"}
    one = card(indicator("here", level="station", formula=fast, kind="target", target=0.5, counter="shown_stability"))
    ledger = Ledger.of(one, station(spread(31)), system(unit=units, squad=squads))
    assert [each.beyond for each in controls(one.of("here"), ledger)] == [("duty",)]


def test_each_officer_answers_for_the_indicators_of_place_and_person() -> None:
    """Three indicators of beats fall to each of three officers, the station's to the chief; too many are warned of."""
    found = judged(indicator("station", level="station"), indicator("officer", level="officer"), limits={"per_officer": 4})
    counts = {one.officer: one.count for one in found.answers}
    assert counts == {"C01": 1, "P01": 4, "P02": 4, "P03": 4}
    assert "too-many-indicators" not in [one.code for one in found.findings]
    more = judged(indicator("station", level="station"), indicator("officer", level="officer"), limits={"per_officer": 3})
    assert "too-many-indicators" in [one.code for one in more.findings]
    assert len(answers(more.ledger)) == 4
