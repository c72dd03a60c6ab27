"""The screens, each with what it looks for, what else may explain it, and what to look at next."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from qinwu.judge.integrity.look import Look
from qinwu.judge.integrity.record import Record
from qinwu.judge.integrity.screens import (
    bunching,
    digits,
    entries,
    heaping,
    period_ends,
    ratios,
    redrawn,
    repeats,
    stamps,
    sums,
    within_limit,
)
from qinwu.language import N_


@dataclass(frozen=True, slots=True)
class Screen:
    """One screen.

    Parameters
    ----------
    id
        Stable name, that of its looks.
    name
        What it looks for, a few words.
    run
        From a record to the comparisons it makes; none where it cannot be asked.
    needs
        Columns of rows or totals without which it cannot be asked.
    innocent
        What else may explain a sign.
    next
        What to look at before anybody is asked.
    """

    id: str
    name: str
    run: Callable[[Record], Iterator[Look]]
    needs: tuple[str, ...]
    innocent: tuple[str, ...]
    next: str


_MACHINE = N_("A terminal, an app or a rule of the control room that the others do not have yet.")
_AREA = N_("Another area or another mix of calls: short ways, one large road, calls that are all alike.")
_PERSON = N_("One person who learnt it that way, or a new colleague; no order stands behind it.")
_RULE = N_("A new rule on what is recorded, filed or graded, from that day on.")
_WORK = N_("A campaign, a holiday, a large event or a new place that brought other cases.")
_DELAY = N_("No network, a broken terminal, or a shift that writes everything up at its end.")
_CHANCE = N_("Chance: among many comparisons some look strange; the adjusted figure counts them.")
_COUNTING = N_("Counted at another hour, by another definition, or with what came in later.")
_ROUND = N_("Sources that know no better: people say “about three”, dealers set prices on nines and fifties.")

_RAW_STAMPS = N_(
    "Draw ten of these calls and hold the stamps against the voice log, the vehicle's terminal and the caller's number log."
)
_CALL_BACK = N_("Draw a sample (qinwu audit-sample) and read what the caller said first beside what was filed in the end.")
_LOG = N_("Look into the change log of the system: who entered or changed what, when, from which terminal.")
_ASK = N_("Ask who counts, at what hour, by which definition; recount one period from the rows.")
_MAP = N_("Compare the maps and the coding rules of both sides; count again in units that stayed the same.")
_PAPERS = N_("Draw cases just under the threshold and look at the valuation: who made it, when, from what.")

SCREENS: tuple[Screen, ...] = (
    Screen(
        "too_good",
        N_("Within the limit more often than the other units make credible"),
        within_limit.too_good,
        ("response_s", "limit_s"),
        (_AREA, _MACHINE, N_("Another definition of arrival: pressing the button on leaving, or at the edge of the village.")),
        _RAW_STAMPS,
    ),
    Screen(
        "too_even",
        N_("Response times that hardly differ"),
        within_limit.too_even,
        ("response_s",),
        (_AREA, _MACHINE, _CHANCE),
        _RAW_STAMPS,
    ),
    Screen(
        "within_change",
        N_("From one week on within the limit more often"),
        partial(ratios.changed, ratios.WITHIN),
        ("at", "response_s", "limit_s"),
        (N_("It got better: another post, another shift, a road that was opened."), _RULE, _MACHINE),
        _RAW_STAMPS,
    ),
    Screen(
        "bunching_times",
        N_("Response times that gather just under the limit"),
        bunching.at_limits,
        ("response_s", "limit_s"),
        (N_("Crews that hurry where the limit is near, and do arrive."), N_("A terminal that rounds."), _CHANCE),
        _RAW_STAMPS,
    ),
    Screen(
        "bunching_amounts",
        N_("Amounts that gather just under the threshold"),
        bunching.at_amounts,
        ("amount", "threshold"),
        (_ROUND, N_("Goods that cost just that: one model of telephone or bicycle."), _CHANCE),
        _PAPERS,
    ),
    Screen(
        "missing",
        N_("Arrivals missing more often than elsewhere"),
        stamps.missing,
        ("arrived",),
        (_DELAY, N_("More calls that are cancelled or settled by telephone."), _PERSON),
        _RAW_STAMPS,
    ),
    Screen(
        "missing_when_late",
        N_("Arrivals missing where the call took long"),
        stamps.missing_when_late,
        ("arrived", "total_s"),
        (N_("Long calls that are closed at the desk, with no crew on the spot."), _DELAY, _CHANCE),
        _RAW_STAMPS,
    ),
    Screen(
        "missing_change",
        N_("From one week on more arrivals missing"),
        partial(ratios.changed, ratios.MISSING),
        ("at", "arrived"),
        (_DELAY, _RULE, _PERSON),
        _RAW_STAMPS,
    ),
    Screen(
        "disorder",
        N_("Stamps that run backwards more often than elsewhere"),
        stamps.disorder,
        ("received",),
        (N_("Several crews at one call, each with stamps of its own."), _DELAY, N_("A clock that is wrong.")),
        _RAW_STAMPS,
    ),
    Screen(
        "heaping",
        N_("Stamps on round minutes more often than elsewhere"),
        heaping.beside_peers,
        ("at",),
        (_ROUND, _DELAY, _PERSON),
        _LOG,
    ),
    Screen(
        "heaping_own",
        N_("Stamps rounder than the unit's own time received"),
        heaping.beside_own,
        ("received", "arrived"),
        (_DELAY, N_("A terminal that stores minutes only."), _PERSON),
        _LOG,
    ),
    Screen(
        "repeats",
        N_("Durations repeated to the second"),
        repeats.copied,
        ("response_s", "on_scene_s"),
        (N_("Joint calls entered once for each crew."), N_("A timer that closes calls by itself."), _PERSON),
        _LOG,
    ),
    Screen(
        "last_digit",
        N_("Last digits that people like"),
        digits.last,
        ("unit",),
        (N_("A machine that rounds to its own beat."), _ROUND, _CHANCE),
        _LOG,
    ),
    Screen(
        "benford",
        N_("First digits beside Benford's law"),
        digits.first,
        ("amount",),
        (N_("Amounts set by a tariff or a threshold."), _ROUND, _CHANCE),
        _PAPERS,
    ),
    Screen(
        "late_entry",
        N_("Entered late more often than elsewhere"),
        entries.late,
        ("at", "entered"),
        (_DELAY, N_("Cases that people report late, such as fraud."), _PERSON),
        _LOG,
    ),
    Screen(
        "batches",
        N_("Many entered in one sitting"),
        entries.batches,
        ("at", "entered"),
        (_DELAY, N_("One clerk who enters for all, once a week."), N_("A transfer from another system.")),
        _LOG,
    ),
    Screen(
        "backdated",
        N_("Entered before it happened"),
        entries.backdated,
        ("at", "entered"),
        (N_("A clock that is wrong."), N_("The time of the event corrected after the interview."), _CHANCE),
        _LOG,
    ),
    Screen(
        "stamped_late",
        N_("Stamps given late more often than elsewhere"),
        partial(ratios.beside_peers, ratios.STAMPED_LATE),
        ("stamp_delay_s",),
        (_DELAY, N_("Crews without a terminal, whose stamps the control room gives."), _PERSON),
        _LOG,
    ),
    Screen(
        "changed_after",
        N_("Changed after closing more often than elsewhere"),
        partial(ratios.beside_peers, ratios.CHANGED_AFTER),
        ("changed",),
        (N_("Forgotten stamps that were put in afterwards, openly."), N_("One colleague who puts right what others left."), _RULE),
        _LOG,
    ),
    Screen(
        "period_ends",
        N_("Fewer or more rows at the ends of periods"),
        period_ends.sagging,
        ("at",),
        (_WORK, N_("Pay days, markets and moving days that fall on the ends of months."), _CHANCE),
        _CALL_BACK,
    ),
    Screen(
        "withdrawn",
        N_("Withdrawn or unfounded more often than elsewhere"),
        partial(ratios.beside_peers, ratios.WITHDRAWN),
        ("withdrawn",),
        (_AREA, N_("More false alarms: a new alarm system, a school."), _PERSON),
        _CALL_BACK,
    ),
    Screen(
        "withdrawn_change",
        N_("From one period on withdrawn more often"),
        partial(ratios.changed, ratios.WITHDRAWN),
        ("at", "withdrawn"),
        (_RULE, _WORK, _CHANCE),
        _CALL_BACK,
    ),
    Screen(
        "downgraded",
        N_("Downgraded more often than elsewhere"),
        partial(ratios.beside_peers, ratios.DOWNGRADED),
        ("grade_then", "grade_now"),
        (N_("Call-takers who grade high at first, to be safe."), _AREA, _PERSON),
        _CALL_BACK,
    ),
    Screen(
        "downgraded_change",
        N_("From one period on downgraded more often"),
        partial(ratios.changed, ratios.DOWNGRADED),
        ("at", "grade_then", "grade_now"),
        (_RULE, _WORK, _CHANCE),
        _CALL_BACK,
    ),
    Screen(
        "unfiled",
        N_("Fewer calls become cases than elsewhere"),
        partial(ratios.beside_peers, ratios.UNFILED),
        ("filed",),
        (_AREA, N_("More disputes settled on the spot, as the law allows."), _CHANCE),
        _CALL_BACK,
    ),
    Screen(
        "filed",
        N_("More calls become cases than elsewhere"),
        partial(ratios.beside_peers, ratios.FILED),
        ("filed",),
        (_AREA, _WORK, N_("A target for cases: then the cases are real and their choice is not.")),
        _CALL_BACK,
    ),
    Screen(
        "unfiled_change",
        N_("From one period on fewer calls become cases"),
        partial(ratios.changed, ratios.UNFILED),
        ("at", "filed"),
        (_RULE, N_("The youngest cases are not decided yet."), _CHANCE),
        _CALL_BACK,
    ),
    Screen(
        "filed_change",
        N_("From one period on more calls become cases"),
        partial(ratios.changed, ratios.FILED),
        ("at", "filed"),
        (_RULE, _WORK, _CHANCE),
        _CALL_BACK,
    ),
    Screen("sums", N_("Totals that rows or parts do not add up to"), sums.both, ("reported",), (_COUNTING, _RULE), _ASK),
    Screen(
        "boundaries",
        N_("Units redrawn"),
        redrawn.boundaries,
        ("unit", "at"),
        (N_("A boundary that was moved, openly and for good reasons."), N_("Units renumbered.")),
        _MAP,
    ),
    Screen(
        "definitions",
        N_("Classes that mean something else than before"),
        redrawn.definitions,
        ("class_now", "at"),
        (_RULE, N_("Codes renumbered.")),
        _MAP,
    ),
)
"""Every screen there is, in the order of the report."""

BY_ID: dict[str, Screen] = {screen.id: screen for screen in SCREENS}
