"""Closed forms against the simulation: the same figures on both sides, and a reason where they part."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path

import numpy as np
import pytest
from openpyxl import load_workbook

from qinwu.duty.response_plan import Dispatching
from qinwu.language import LANGUAGES, Language
from qinwu.queueing.analysis import Analysis
from qinwu.report import Report, write_json, write_xlsx
from qinwu.report.closed_forms import BOUNDS, Bound, Check, ClosedForms, checks
from qinwu.report.page import render
from qinwu.report.reasons import KINDS, Evidence, dispersion
from qinwu.report.words import unit_of
from qinwu.simulate.measures.value import Key
from qinwu.simulate.outcome import catalogue
from tests import stations
from tests.report.reports import small_report

TIGHT: tuple[Bound, ...] = tuple(bound._replace(share=0.0, least=0.0) for bound in BOUNDS)
"""Bounds that nothing but the interval of the simulation widens."""

ALL, URGENT = Key("response_s", "all", "all", "mean"), Key("response_s", "priority", "1", "p90")


def analysis_of(report: Report, at: int) -> Analysis:
    """Return the closed forms of a system."""
    found = report.analyses[at]
    assert isinstance(found, Analysis)
    return found


def evidence(report: Report, at: int = 0) -> Evidence:
    """Return what may speak for a reason under a system."""
    return Evidence(report, at, analysis_of(report, at))


def kinds_of(report: Report, key: Key, *kinds: str, at: int = 0) -> list[str]:
    """Return the kinds of reasons that something speaks for."""
    return [reason.kind for reason in evidence(report, at).reasons(key, kinds)]


def with_dispatching(report: Report, dispatching: Dispatching) -> Report:
    """Return the report with its first plan changed; what was simulated stays as it was."""
    return replace(report, plans=(replace(report.plans[0], dispatching=dispatching), *report.plans[1:]))


def without_calls(report: Report) -> Report:
    """Return the report of a station whose record is empty, so that no closed form can be worked out."""
    return replace(report, station=replace(report.station, calls=stations.calls()))


def panel(report: Report, language: Language) -> str:
    """Return the panel of the page as markup."""
    return render(report, language).split('id="closed-forms"')[1].split('id="method"')[0]


def test_figures_are_those_of_both_sides() -> None:
    """Each check holds the mean and interval of the comparison, and the figure of the analysis."""
    report = small_report()
    found = checks(report)
    assert len(found) > 20
    for check in found:
        assert check.simulated == report.outcomes[check.at].interval(*check.key)
        assert check.closed == analysis_of(report, check.at).figures[check.key]


def test_bound_is_stated_and_widened_by_the_interval() -> None:
    """A figure may differ by its share or least amount, and by half the width of the simulated interval."""
    stated = {bound.key: bound for bound in BOUNDS}
    for check in checks(small_report()):
        half = (check.simulated.high - check.simulated.low) / 2.0
        share = stated[check.key].share * check.simulated.mean
        assert check.bound == pytest.approx(max(share, stated[check.key].least) + half)
        assert check.within == (abs(check.closed - check.simulated.mean) <= check.bound)
        assert not (check.within and check.reasons)


def test_one_run_has_no_interval_to_widen_bounds() -> None:
    """With a single replication the bounds are the stated ones."""
    assert all(math.isfinite(check.bound) for check in checks(small_report(1, 2)))


def test_figures_one_side_lacks_are_left_out() -> None:
    """A system without beat officers has no own-beat response to compare."""
    pool = {check.key.measure for check in checks(small_report()) if check.at == 2}
    assert "own_beat_share" not in pool
    assert "response_s" in pool


def test_every_kind_of_reason_can_be_given() -> None:
    """The table of bounds and the table of reasons name the same kinds; measures of both are known."""
    assert {kind for bound in BOUNDS for kind in bound.reasons} == set(KINDS)
    assert {bound.key.measure for bound in BOUNDS} <= set(catalogue())


@pytest.mark.parametrize("language", LANGUAGES)
def test_difference_beyond_its_bound_names_reasons_or_none(language: Language) -> None:
    """Under bounds nothing keeps, each figure says at most two reasons, or that none is known; within its bound it says nothing."""
    told = ClosedForms(small_report(), language, TIGHT)
    outside = [check for check in told.checks if not check.within]
    assert outside
    for check in told.checks:
        assert len(told.reasons(check)) in ((0,) if check.within else (1, 2))
    beyond = outside[0]
    unknown = Check(beyond.at, beyond.key, beyond.simulated, beyond.closed, beyond.bound, ())
    assert told.reasons(unknown) == (told.say("No reason is known; this figure deserves a look."),)


def test_calls_held_for_the_beat_officer_are_the_reason() -> None:
    """In the solo system other crews may be sent after five minutes only, and every list says so; the pool has no such tier."""
    check = next(each for each in checks(small_report(), TIGHT) if each.at == 0 and each.key.measure == "queued_share")
    assert not check.within
    assert "delayed_tiers" in [reason.kind for reason in check.reasons]
    assert "100%" in next(reason.text("en") for reason in check.reasons if reason.kind == "delayed_tiers")
    assert kinds_of(small_report(), ALL, "delayed_tiers", at=2) == []


def test_overload_is_the_reason() -> None:
    """Where every call asks for all crews, hours do not settle, and the panel says how many."""
    report = small_report()
    rules = report.plans[0].dispatching
    heavy = with_dispatching(report, rules._replace(people=np.full_like(rules.people, 8)))
    hours = len(analysis_of(heavy, 0).unsteady_hours)
    assert hours > 0
    reason = evidence(heavy).reasons(ALL, ("unsteady",))[0]
    assert reason.values["hours"] == str(hours)
    assert f"In {hours} hours of the week" in reason.text("en")
    assert kinds_of(report, ALL, "unsteady") == []


def test_refusals_are_the_reason_where_a_tier_may_refuse() -> None:
    """Requests in the solo system are refused three times in ten; without refusals nothing is said of them."""
    report = small_report()
    rules = report.plans[0].dispatching
    assert evidence(report).reasons(ALL, ("refusals",))[0].values["chance"] == "30%"
    certain = with_dispatching(report, rules._replace(refusal=np.zeros_like(rules.refusal)))
    assert kinds_of(certain, ALL, "refusals") == []


def test_calls_for_several_crews_are_the_reason() -> None:
    """Of eight crews four have one officer and four two: one crew is not enough for half of the calls that need two."""
    report = small_report()
    people = report.plans[0].crew.people[report.plans[0].crew.external == 0]
    assert sorted(people.tolist()) == [1] * 4 + [2] * 4
    table = report.station.calls.table
    many = table.filter(table["call_class"].is_in(["robbery", "dispute", "hotel"])).height / table.height
    assert evidence(report).reasons(ALL, ("several_crews",))[0].values["share"] == f"{many / 2.0:.0%}"
    assert evidence(report).reasons(URGENT, ("several_crews",))[0].values["share"] == "50%"


def test_few_urgent_calls_are_the_reason() -> None:
    """Fewer than two hundred robberies are on record, and six hundred calls in all."""
    report = small_report()
    calls = report.station.calls.table.filter(report.station.calls.table["priority"] == 1).height
    assert evidence(report).reasons(URGENT, ("few_calls",))[0].values["calls"] == str(calls)
    assert kinds_of(report, ALL, "few_calls") == []


def test_replayed_calls_are_no_reason_where_calls_are_drawn() -> None:
    """A record repeated is a reason for whole weeks of it, not for calls drawn from rates."""
    report = small_report()
    assert kinds_of(report, ALL, "record_repeated") == ["record_repeated"]
    drawn = replace(report, comparison=replace(report.comparison, mode="sampled"))
    assert kinds_of(drawn, ALL, "record_repeated", "rushes") == []


def test_reasons_come_strongest_first() -> None:
    """Of all that speaks for something the two strongest are given."""
    every = evidence(small_report()).reasons(URGENT, KINDS, most=len(KINDS))
    assert [reason.weight for reason in every] == sorted((reason.weight for reason in every), reverse=True)
    assert evidence(small_report()).reasons(URGENT, KINDS) == every[:2]


def rushes() -> Iterator[float]:
    """Yield calls of twenty weeks: in every other week five within one hour of each day."""
    for day in range(0, 140, 14):
        for number in range(35):
            yield (day + number // 5) * 86_400.0 + 3600.0 * 9 + number % 5 * 60.0


def test_dispersion_tells_rushes_from_chance() -> None:
    """Independent calls vary as their mean does; calls that come five at a time vary five times as much, and more."""
    rng = np.random.default_rng(3)
    steady = np.sort(rng.uniform(0.0, 52 * 604_800.0, 20_000))
    assert dispersion(steady) == pytest.approx(1.0, abs=0.05)
    assert dispersion(np.sort(np.repeat(steady, 5))) == pytest.approx(5.0, rel=0.05)
    assert dispersion(np.array(list(rushes()))) > 2.0


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_has_the_panel(language: Language) -> None:
    """The title counts what agrees, and every system's closed forms stand beside the simulated figures."""
    report = small_report()
    told = ClosedForms(report, language)
    shown = unescape(panel(report, language))
    assert told.title() in shown.replace("\u00a0", " ")
    assert str(sum(check.within for check in told.checks)) in told.title()
    assert shown.count("<details") == len(report.systems) + 1
    for system in told.systems():
        for line in system.lines:
            assert f'data-v="{line.cell.full}"' in shown
            assert f'data-v="{line.closed_full}"' in shown
            assert all(reason in shown for reason in line.reasons)


def test_page_opens_the_current_system_only() -> None:
    """Of the systems in the panel the first is open."""
    assert re.findall(r"<details( open)?>", panel(small_report(), "en")) == [" open", "", ""]


@pytest.mark.parametrize("language", LANGUAGES)
def test_system_without_closed_form_says_why(language: Language, tmp_path: Path) -> None:
    """An error of the closed forms stands in the panel, in the workbook and in the data instead of stopping the report."""
    report = without_calls(small_report())
    shown = unescape(panel(report, language))
    assert "<details>" not in shown
    reason = {"zh": "没有可供推演的警情", "en": "There are no calls to try a duty system on."}[language]
    assert shown.count(reason) == 3
    write_xlsx(tmp_path / "a.xlsx", report, language)
    sheet = next(sheet for sheet in load_workbook(tmp_path / "a.xlsx") if sheet.title in ("Closed forms", "闭式解与推演对照"))
    assert sum(reason in str(row[-1]) for row in sheet.iter_rows(values_only=True)) == 3
    write_json(tmp_path / "a.json", report)
    data = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    assert data["closed_form"] == []
    assert [each["system"] for each in data["without_closed_form"]] == ["solo", "quarters", "pool"]
    assert all(reason in each[language] for each in data["without_closed_form"])


def test_data_hold_every_check(tmp_path: Path) -> None:
    """The data tell both sides exactly, and reasons in both languages."""
    report = small_report()
    write_json(tmp_path / "a.json", report)
    rows = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))["closed_form"]
    assert len(rows) == len(checks(report))
    for row, check in zip(rows, checks(report), strict=True):
        assert (row["measure"], row["by"], row["group"], row["statistic"]) == check.key
        assert row["system"] == report.outcomes[check.at].system
        assert (row["simulated"], row["closed_form"], row["within"]) == (check.simulated.mean, check.closed, check.within)
        assert row["reasons"] == [reason.kind for reason in check.reasons]
        assert bool(row["explained"]["zh"]) is bool(row["explained"]["en"]) is not check.within


def test_workbook_holds_every_check_in_human_units(tmp_path: Path) -> None:
    """Numbers of the sheet are numbers, in the unit beside them."""
    report = small_report()
    write_xlsx(tmp_path / "a.xlsx", report, "en")
    rows = list(load_workbook(tmp_path / "a.xlsx")["Closed forms"].iter_rows(values_only=True))
    top = next(number for number, row in enumerate(rows) if row[0] == "system")
    for row, check in zip(rows[top + 1 :], checks(report), strict=True):
        factor = unit_of(check.key.measure).factor
        expected = (check.simulated.mean, check.closed, check.difference, check.bound)
        assert [row[at] for at in (3, 6, 7, 8)] == pytest.approx([value * factor for value in expected])
        assert row[9] == ("within" if check.within else "beyond")
        assert bool(row[10]) is not check.within
