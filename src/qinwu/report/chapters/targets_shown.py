"""Drawings and tables of the chapter of targets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import polars as pl

from qinwu.judge.targets.card import Indicator
from qinwu.judge.targets.feasible import Row, Verdict
from qinwu.judge.targets.history import met_by
from qinwu.language import N_
from qinwu.report.chapters.targets_words import LEVELS, PERIODS, Telling, plain
from qinwu.report.figures.bars import swatch
from qinwu.report.figures.targets import OVER, THERE, USED, Hours, Line, Past, hours_rows, past_rows
from qinwu.report.plans.plan_report import Drawing, Picture, Shown
from qinwu.report.sheet import Sheet, Value
from qinwu.report.small_cells import FEWEST
from qinwu.report.words import NONE

MOST_ROWS = 24
MET = Verdict("", 0.0, {}, 0.0, ())
"""What stands in for a target that asks for no hours."""
Rows = Iterable[tuple[Value, ...]]


def values_asked(told: Telling) -> dict[str, float]:
    """Return the values of the targets that ask for recurring work."""
    return {name: verdict.asked for name, verdict in told.judged.verdicts.items()}


def tightest(told: Telling) -> tuple[Row, ...]:
    """Return for every group of officers the month in which the least is left, the tightest group first."""
    values = values_asked(told)
    by_group: dict[frozenset[str], Row] = {}
    for row in told.judged.rows:
        kept = by_group.get(row.group)
        if kept is None or row.available_h - row.required_h(values) < kept.available_h - kept.required_h(values):
            by_group[row.group] = row
    return tuple(sorted(by_group.values(), key=lambda row: _spare(row, row.required_h(values))))


def _spare(row: Row, required: float) -> float:
    return row.available_h / required if required > 0.0 else float("inf")


def hours_drawing(told: Telling) -> Drawing | None:
    """Return hours required beside hours there are, in the tightest month of each group."""
    rows, values = tightest(told)[:MOST_ROWS], values_asked(told)
    if not rows:
        return None
    drawn = []
    for row in rows:
        required = row.required_h(values)
        numbers = {"required": plain(required), "available": plain(row.available_h), "month": row.month}
        text = told.say(N_("{required} of {available} h, {month}"), **numbers)
        drawn.append(Hours(told.who(row), required, row.available_h, text, f"{told.who(row)}: {text}"))
    title = told.say(N_("Hours that recurring work and targets ask for, beside the hours there are"))
    text = N_(
        "The tightest month of each officer, and of all together for work that takes two. "
        "A full pale bar is all the hours there are."
    )
    lead = told.say(text)
    words = (N_("there are"), N_("required"), N_("lacking"))
    legend = " ".join(f"{swatch(colour)} {told.say(word)}" for colour, word in zip((THERE, USED, OVER), words, strict=True))
    return Drawing(title, lead, (Picture("", "", hours_rows(drawn, title)),), "targets-hours", legend, wide=True)


def past_drawing(told: Telling) -> Drawing | None:
    """Return for every target the past periods in which it was met, all owners together."""
    lines, heads = [], list[str]()
    for one in told.judged.counting:
        cells, names = _past(told, one)
        if cells:
            heads = names if len(names) > len(heads) else heads
            lines.append(Line(f"{told.name(one)} {told.asked(one)}", cells, told.history(told.judged.history[one.id][0])))
    if not lines:
        return None
    title = told.say(N_("Past periods in which the targets would have been met"))
    lead = told.say(
        N_("The number is the share of owners that met it; at the right all owners and periods, with the exact interval.")
    )
    words = (N_("met by most"), N_("met by few"))
    legend = " ".join(f"{swatch(colour)} {told.say(word)}" for colour, word in zip((USED, OVER), words, strict=True))
    picture = Picture("", "", past_rows(lines, [_short(head) for head in heads], title))
    return Drawing(title, lead, (picture,), "targets-history", legend, wide=True)


def _short(period: str) -> str:
    """Return a period without its century.

    >>> _short("2025-03"), _short("2025-Q1")
    ('25-03', '25-Q1')
    """
    return period.removeprefix("20")


def _past(told: Telling, one: Indicator) -> tuple[tuple[Past, ...], list[str]]:
    mine = told.judged.measured.filter(pl.col("indicator") == one.id)
    names = mine["period"].unique(maintain_order=True).to_list()
    cells = []
    for period in names:
        values = mine.filter((pl.col("period") == period) & pl.col("value").is_not_null())["value"]
        if not len(values):
            cells.append(Past(None, "", f"{period}: {told.say(N_('no record'))}"))
            continue
        share = int(met_by(one, values).sum()) / len(values)
        several = len(values) > 1
        text = f"{100 * share:.0f}%" if several else plain(float(values[0]))
        cells.append(Past(share >= 0.5, text, f"{period}: {text if several else told.figure(one, float(values[0]))}"))
    return tuple(cells), names


def tables(told: Telling) -> Iterator[Shown]:
    """Yield every table, the most important first."""
    yield targets_table(told)
    yield from binding_tables(told)
    yield shown_table(told)
    yield officers_table(told)
    yield owners_table(told)
    yield hours_table(told)
    yield figures_table(told)
    if told.judged.log.entries:
        yield log_table(told)


def _shown(name: str, header: Sequence[str], keys: Sequence[str], rows: Rows, lead: str = "", *, folded: bool = False) -> Shown:
    widths = (30, *(18 for _ in header[1:]))
    return Shown(Sheet(name, (), tuple(header), tuple(rows), widths), tuple(keys), lead, folded)


def _said(told: Telling, *words: str) -> tuple[str, ...]:
    return tuple(told.say(word) for word in words)


def targets_table(told: Telling) -> Shown:
    """Return targets and minimums with the verdict on each."""
    heads = (N_("Target"), N_("Verdict"), N_("Asked"), N_("Hours"), N_("Largest that fits"), N_("Met before"), N_("Command"))
    header = _said(told, *heads, N_("Owner"), N_("Aim"), N_("Counter-indicator"))
    keys = ("", "", "", *(f"targets-{word}" for word in ("hours", "largest", "history", "control")), "", "targets-aim")
    card = told.judged.card
    rows = [
        (
            told.name(one), told.verdict(one), told.asked(one), told.hours(one), told.largest(one),
            told.history(told.judged.history[one.id][0]), told.control(one), told.say(LEVELS[one.level]), told.aim(one),
            told.name(card.of(one.counter)) if one.counter else NONE,
        )
        for one in told.judged.counting
    ]  # fmt: skip
    lead = told.say(N_("Judged before they are issued: hours, history and command. What is refused must not be issued as it is."))
    return _shown(told.say(N_("Targets and minimums")), header, (*keys, "targets-counter"), rows, lead)


def binding_tables(told: Telling) -> Iterator[Shown]:
    """Yield what keeps targets from being met: for each group of officers its tightest month, and folded every month."""
    broken = [(one, verdict) for one in told.judged.counting if not (verdict := told.judged.verdicts.get(one.id, MET)).feasible]
    if not broken:
        return
    heads = (N_("Target"), N_("Who"), N_("Month"), N_("Hours required"), N_("Hours there are"), N_("Largest that fits"))
    header, keys = _said(told, *heads), ("", "", "", "targets-hours", "targets-available", "targets-largest")
    every, first = list[tuple[Value, ...]](), dict[tuple[str, frozenset[str]], tuple[Value, ...]]()
    for one, verdict in broken:
        for row in verdict.binding:
            required, largest = row.required_h(verdict.values), row.largest(one.id, verdict.values)
            cells = (
                told.name(one),
                told.who(row),
                row.month,
                round(required, 1),
                round(row.available_h, 1),
                told.figure(one, largest),
            )
            every.append(cells)
            first.setdefault((one.id, row.group), cells)
    lead = told.say(N_("Whose hours do not suffice, in the month that allows least; beside the other targets as far as they fit."))
    yield _shown(told.say(N_("What binds")), header, keys, first.values(), lead)
    if len(every) > len(first):
        yield _shown(told.say(N_("What binds, every month")), header, keys, every, folded=True)


def shown_table(told: Telling) -> Shown:
    """Return reference values: shown, never scored and never ranked."""
    header = _said(
        told, N_("Reference value"), N_("Aim"), N_("Owner"), N_("Last period"), N_("Lowest"), N_("Middle"), N_("Highest")
    )
    keys = ("targets-reference", "targets-aim", "", "", "targets-reference", "targets-reference", "targets-reference")
    rows = []
    for one in told.judged.card.indicator:
        if not one.counts:
            mine = told.judged.measured.filter((pl.col("indicator") == one.id) & pl.col("value").is_not_null())
            last = str(mine["period"].max() or "")
            now = mine.filter((pl.col("period") == last) & (pl.col("events") >= FEWEST))["value"]
            ends = [now.min(), now.median(), now.max()] if len(now) else [None] * 3
            figures = [told.figure(one, end if isinstance(end, int | float) else None) for end in ends]
            rows.append((told.name(one), told.aim(one), told.say(LEVELS[one.level]), last or NONE, *figures))
    lead = told.say(
        N_("Guidance from above and counter-indicators. Shown without weight; owners with fewer than five events are left out.")
    )
    return _shown(told.say(N_("Reference values")), header, keys, rows, lead)


def officers_table(told: Telling) -> Shown:
    """Return how many indicators each officer answers for."""
    header = _said(told, N_("Officer"), N_("Indicators"), N_("That count"), N_("Shown only"))
    keys = ("", *(["targets-load"] * 3))
    found = sorted(told.judged.answers, key=lambda one: -one.count)
    rows = [(one.officer, one.count, len(one.counting), len(one.shown)) for one in found]
    lead = told.say(N_("The card allows {most} for one officer."), most=told.judged.card.limits.per_officer)
    return _shown(told.say(N_("Indicators per officer")), header, keys, rows, lead, folded=True)


def owners_table(told: Telling) -> Shown:
    """Return for every owner how often each target would have been met; few events are not told."""
    header = _said(told, N_("Target"), N_("Whose"), N_("Period"), N_("Met before"), N_("Middle"), N_("Best"))
    keys = ("", "", "", "targets-history", "targets-history", "targets-history")
    rows = [
        (
            told.name(one), told.owner(one, met.owner), told.say(PERIODS[one.period]), told.history(met),
            told.shown(met, met.middle, one), told.shown(met, met.best, one),
        )
        for one in told.judged.counting
        for met in told.judged.history[one.id]
        if met.periods
    ]  # fmt: skip
    return _shown(told.say(N_("Met before, by owner")), header, keys, rows, folded=True)


def hours_table(told: Telling) -> Shown:
    """Return hours required and hours there are for every group in its tightest month."""
    values = values_asked(told)
    header = _said(told, N_("Who"), N_("Month"), N_("Hours required"), N_("Hours there are"))
    keys = ("", "", "targets-hours", "targets-available")
    rows = [(told.who(row), row.month, round(row.required_h(values), 1), round(row.available_h, 1)) for row in tightest(told)]
    return _shown(told.say(N_("Hours, tightest month")), header, keys, rows, folded=True)


def figures_table(told: Telling) -> Shown:
    """Return every figure of the last period with what it is made of (M14); those of fewer than five events are left out."""
    header = _said(told, N_("Indicator"), N_("Whose"), N_("Period"), N_("Numerator"), N_("Denominator"), N_("Value"), N_("Events"))
    keys = ("", "", "", *(["targets-reference"] * 4))
    rows: list[tuple[Value, ...]] = []
    for one in told.judged.card.indicator:
        mine = told.judged.measured.filter((pl.col("indicator") == one.id) & (pl.col("events") >= FEWEST))
        last = str(mine["period"].max() or "")
        for row in mine.filter(pl.col("period") == last).iter_rows(named=True):
            made = (round(row["numerator"], 1), round(row["denominator"], 2), told.figure(one, row["value"]), row["events"])
            rows.append((told.name(one), told.owner(one, row["owner"]), row["period"], *made))
    lead = told.say(N_("What every figure is made of; recorded by the rules of the station's own files."))
    return _shown(told.say(N_("Every figure of the last period")), header, keys, rows, lead, folded=True)


def log_table(told: Telling) -> Shown:
    """Return the log of refused attempts."""
    header = _said(told, N_("When"), N_("File"), N_("Indicator"), N_("Rule"), N_("Words found"))
    log = told.judged.log
    rows = [tuple(str(entry[key]) for key in ("when", "file", "indicator", "rule", "matched")) for entry in log.entries]
    holds = N_("{count} attempts; the chain holds, its last hash begins with {hash}.")
    broken = N_("{count} attempts; the chain is broken: lines were changed or taken out.")
    lead = told.say(holds if log.holds else broken, count=len(log.entries), hash=log.last[:12])
    return _shown(told.say(N_("Forbidden targets attempted")), header, ("", "", "", "targets-denied", ""), rows, lead)
