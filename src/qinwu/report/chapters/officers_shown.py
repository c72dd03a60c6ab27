"""What the chapter about officers shows of groups: hours by kind, how evenly load was shared, rules broken, hours taken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from math import fsum

from qinwu.duty.organisation.diversion import Controls
from qinwu.duty.roster_rules.messages import days_text, number_text
from qinwu.judge.officers.fairness import Fairness
from qinwu.judge.officers.groups import Group
from qinwu.judge.officers.ledger import MonthAccount
from qinwu.judge.officers.log import WORK, Kind
from qinwu.judge.officers.lot import Spread
from qinwu.language import N_
from qinwu.report.chapters.officers_words import COLOURS, DARK, SHARED_NAMES, Telling, hours
from qinwu.report.figures.bars import Part, stacked_bar, swatch
from qinwu.report.figures.dots import Row, dot_rows
from qinwu.report.plans.plan_report import Drawing, Picture, Shown
from qinwu.report.sheet import Value
from qinwu.report.words import NONE, number

WIDE = 900.0
VALUE_ROOM = 190.0
SHOWN_BREAKS = 400


def with_accounts(told: Telling) -> Iterator[tuple[Group, tuple[MonthAccount, ...]]]:
    """Yield the groups of whose officers there are accounts."""
    for group in told.account.groups:
        own = tuple(one for one in told.account.accounts if one.officer in group.officers)
        if own:
            yield group, own


def hours_drawing(told: Telling) -> Drawing | None:
    """Return the hours of each group by kind; None where nobody worked."""
    pictures = []
    for group, own in with_accounts(told):
        worked = fsum(one.worked_h for one in own)
        if worked > 0.0:
            people = len({one.officer for one in own})
            remark = told.say(N_("{people} officers, {hours} h each a month"), people=people, hours=hours(worked / len(own)))
            pictures.append(Picture(told.group(group), remark, kinds_bar(told, own, told.group(group))))
    if not pictures:
        return None
    lead = told.say(N_("All hours on duty, by what they were for."))
    title = told.say(N_("What the hours went to"))
    return Drawing(title, lead, tuple(pictures), told.key("hours"), kinds_legend(told))


def kinds_bar(told: Telling, own: tuple[MonthAccount, ...], label: str) -> str:
    """Return the hours of some accounts by kind as one bar."""
    worked = fsum(one.worked_h for one in own) or 1.0
    parts = []
    for kind in WORK:
        total = fsum(one.kinds[kind] for one in own)
        if total > 0.0:
            share = total / worked
            tip = told.say(N_("{kind}: {hours} h, {share}"), kind=told.kind(kind), hours=hours(total), share=f"{share:.1%}")
            parts.append(Part(share, f"{share:.0%}", COLOURS[kind], kind in DARK, tip))
    return stacked_bar(parts, label)


def kinds_legend(told: Telling) -> str:
    """Return the colours of the kinds that occur."""
    seen: list[Kind] = [kind for kind in WORK if any(one.kinds[kind] > 0.0 for one in told.account.accounts)]
    return " ".join(f"{swatch(COLOURS[kind])}&nbsp;{told.kind(kind)}" for kind in seen)


def shared_drawing(told: Telling) -> Drawing | None:
    """Return how evenly each group shares its load, beside a fair lot; None where nothing can be compared."""
    rows = [_shared_row(told, one, one.spread) for one in told.account.fairness if one.spread is not None]
    if not rows:
        return None
    label = told.say(N_("How evenly the load was shared"))
    drawn = dot_rows(rows, label, told.say(N_("more even than a lot")), told.say(N_("less even")), WIDE, VALUE_ROOM)
    lead = told.say(
        N_(
            "The dot is the spread (most less least), the line what nineteen of twenty fair lots give, zero their mean. Left of "
            "the line the roster evened out more than chance would; right of it chance does not explain the spread."
        )
    )
    return Drawing(label, lead, (Picture("", "", drawn),), told.key("shared"), wide=True)


def _shared_row(told: Telling, one: Fairness, spread: Spread) -> Row:
    name = told.say(N_("{group}: {what}"), group=told.group(one.group), what=told.say(SHARED_NAMES[one.what]))
    kind = "worse" if one.uneven else "better" if spread.spread < spread.lot_low else "none"
    text = told.say(
        N_("{spread} (lot: {low} to {high})"), spread=hours(spread.spread), low=hours(spread.lot_low), high=hours(spread.lot_high)
    )
    mean = spread.lot_spread
    return Row(name, spread.spread - mean, spread.lot_low - mean, spread.lot_high - mean, kind, text, _gini(told, spread))


def _gini(told: Telling, spread: Spread) -> str:
    text = N_("most {most}, least {least}; Gini {gini}, of a fair lot {lot}")
    return told.say(
        text, most=hours(spread.most), least=hours(spread.least), gini=number(spread.gini, 2), lot=number(spread.lot_gini, 2)
    )


def tables(told: Telling) -> Iterator[Shown]:
    """Yield the tables about groups, rules and hours taken elsewhere."""
    yield group_table(told)
    yield shared_table(told)
    if len(told.account.months) > 1:
        yield history_table(told)
    if told.account.breaks:
        yield rules_table(told)
        yield breaks_table(told)
    if told.account.taken.rows:
        yield ordered_table(told)
        yield lost_table(told)
    if told.account.taken.squads:
        yield specialists_table(told)
    yield terms_table(told)


def group_table(told: Telling) -> Shown:
    """Return the hours and the time off of each group, all months together."""
    rows: list[tuple[Value, ...]] = []
    for group, own in with_accounts(told):
        last = [one for one in own if one.month == told.account.months[-1]]
        planned = [one.planned_h for one in own if one.planned_h is not None]
        rows.append(
            (
                told.group(group),
                len(last),
                round(fsum(planned), 1) if planned else None,
                round(fsum(one.worked_h for one in own), 1),
                round(fsum(one.counted_h for one in own), 1),
                round(fsum(one.norm_h for one in own), 1),
                round(fsum(one.owed_h for one in own), 1),
                round(fsum(one.taken_h for one in own), 1),
                round(fsum(one.balance_h for one in last), 1),
                round(fsum(one.overdue_h for one in last), 1),
            )
        )
    columns = (
        N_("group"),
        N_("officers"),
        N_("hours planned"),
        N_("hours worked"),
        N_("hours that count"),
        N_("norm"),
        N_("time off earned, h"),
        N_("taken, h"),
        N_("owed now, h"),
        N_("overdue, h"),
    )
    keys = ("", "", *("hours",) * 3, "norm", *("owed",) * 4)
    return told.shown(N_("Hours and time off, by group"), columns, rows, (28, *(12,) * 9), keys)


def shared_table(told: Telling) -> Shown:
    """Return how evenly each group shares each thing."""
    rows: list[tuple[Value, ...]] = []
    for one in told.account.fairness:
        if (spread := one.spread) is None:
            continue
        verdict = (
            N_("more than chance explains")
            if one.uneven
            else N_("more even than a lot")
            if spread.spread < spread.lot_low
            else N_("within chance")
        )
        rows.append(
            (
                told.group(one.group),
                told.say(SHARED_NAMES[one.what]),
                round(spread.least, 1),
                round(spread.most, 1),
                round(spread.spread, 1),
                round(spread.lot_spread, 1),
                told.say(N_("{low} to {high}"), low=hours(spread.lot_low), high=hours(spread.lot_high)),
                round(spread.gini, 3),
                round(spread.lot_gini, 3),
                told.say(verdict),
            )
        )
    columns = (
        N_("group"),
        N_("what is shared"),
        N_("least"),
        N_("most"),
        N_("spread"),
        N_("spread of a lot"),
        N_("nineteen of twenty lots"),
        N_("Gini"),
        N_("Gini of a lot"),
        N_("verdict"),
    )
    return told.shown(N_("Shared load"), columns, rows, (28, 18, *(9,) * 4, 14, 9, 9, 18), ("", "", *("shared",) * 8), folded=True)


def history_table(told: Telling) -> Shown:
    """Return the least and the most that anybody of a group had, month by month."""
    rows: list[tuple[Value, ...]] = [
        (
            told.group(one.group),
            told.say(SHARED_NAMES[one.what]),
            *(f"{hours(min(own.values()))}–{hours(max(own.values()))}" if own else NONE for own in one.by_month.values()),
        )
        for one in told.account.fairness
        if one.spread is not None
    ]
    months = tuple(told.month(month) for month in told.account.months)
    columns = (N_("group"), N_("what is shared"), *months)
    keys = ("", "", *("shared",) * len(months))
    return told.shown(N_("Least and most, month by month"), columns, rows, (28, 18, *(12,) * len(months)), keys, folded=True)


def rules_table(told: Telling) -> Shown:
    """Return the rules that the log breaks, how often and by how many officers."""
    times = Counter(one.rule.id for one in told.account.breaks)
    rules = {one.rule.id: one.rule for one in told.account.breaks}
    rows: list[tuple[Value, ...]] = []
    for name, rule in rules.items():
        people = len({one.officer for one in told.account.breaks if one.rule.id == name})
        hard = told.say(N_("hard") if rule.hard else N_("soft"))
        said = (rule.name.in_language(told.language), rule.text.in_language(told.language))
        rows.append((*said, hard, times[name], people, rule.source))
    columns = (N_("rule"), N_("words"), N_("hard or soft"), N_("times broken"), N_("officers"), N_("source"))
    return told.shown(N_("Rules of rest and hours broken in the log"), columns, rows, (22, 46, 10, 10, 10, 30), ("rule",) * 6)


def breaks_table(told: Telling) -> Shown:
    """Return each break of a hard rule: when, in which rows of the log, what was found and what is asked; nobody by code."""
    rows: list[tuple[Value, ...]] = [
        (
            one.rule.name.in_language(told.language),
            days_text(one.days),
            ", ".join(str(row) for row in one.rows if row),
            number_text(one.found),
            number_text(one.limit),
        )
        for one in told.account.breaks[:SHOWN_BREAKS]
        if one.rule.hard
    ]
    columns = (N_("rule"), N_("days"), N_("rows of the log"), N_("found"), N_("limit"))
    return told.shown(N_("Each break of a hard rule"), columns, rows, (24, 18, 18, 10, 10), ("rule",) * 5, folded=True)


def ordered_table(told: Telling) -> Shown:
    """Return hours taken elsewhere, row by row of the log."""
    rows: list[tuple[Value, ...]] = [
        (
            one.entry.row or None,
            told.kind(one.entry.kind),
            _squad(told, one.squad),
            ", ".join(one.beats) or NONE,
            one.entry.ordered_by or told.say(N_("nobody is named")),
            one.entry.reason,
            told.say(N_("not said")) if one.entry.open else "",
            round(one.hours, 1),
            round(one.beat_hours, 1),
        )
        for one in told.account.taken.rows
    ]
    columns = (
        N_("row of the log"),
        N_("what for"),
        N_("squad"),
        N_("beats"),
        N_("ordered by"),
        N_("reason"),
        N_("back on"),
        N_("hours"),
        N_("beat-hours lost"),
    )
    return told.shown(
        N_("Hours taken elsewhere, by order"),
        columns,
        rows,
        (10, 14, 18, 14, 16, 24, 10, 10, 12),
        ("taken",) * 9,
        folded=True,
    )


def lost_table(told: Telling) -> Shown:
    """Return hours taken elsewhere by who ordered them, by squad and by beat."""
    taken = told.account.taken
    rows: list[tuple[Value, ...]] = []
    for what, pairs in (
        (N_("ordered by"), [(name or told.say(N_("nobody is named")), total) for name, total in taken.ordered]),
        (N_("squad"), [(_squad(told, name), total) for name, total in taken.by_squad.items()]),
        (N_("beat left"), list(taken.by_beat.items())),
    ):
        rows += [(told.say(what), name, round(total, 1), round(total / max(taken.hours, 1e-9), 3)) for name, total in pairs]
    columns = (N_("by"), N_("which"), N_("hours"), N_("share of all taken"))
    return told.shown(N_("Hours taken elsewhere, in sum"), columns, rows, (14, 28, 10, 12), ("taken",) * 4)


def specialists_table(told: Telling) -> Shown:
    """Return squads of specialists: hours off their work, the limit, and which of the five controls are missing."""
    orders = {squad.id: squad.diversion.corrective_order for squad in told.system.squad if squad.diversion is not None}
    rows: list[tuple[Value, ...]] = [
        (
            one.name.in_language(told.language),
            None if one.share is None else f"{one.share:.1%}",
            NONE if one.limit is None else f"{one.limit:.0%}",
            Controls(one.missing).in_language(told.language) or NONE,
            orders.get(one.squad, ""),
        )
        for one in told.account.taken.squads
    ]
    columns = (N_("squad"), N_("off its work"), N_("limit"), N_("controls missing"), N_("order that may end it"))
    return told.shown(N_("Specialists off their work"), columns, rows, (20, 12, 10, 46, 24), ("taken",) * 5)


def terms_table(told: Telling) -> Shown:
    """Return the terms of the ledger, their sources and how sure they are."""
    from qinwu.report.plans.roster_tables import MARKS

    terms = told.account.terms
    parts = (
        (N_("norm"), terms.norm),
        (N_("what counts"), terms.counts),
        *((N_("time off"), one) for one in terms.credit),
        (N_("time off"), terms.beyond),
        (N_("until when"), terms.lapse),
        (N_("load"), terms.recognition),
    )
    rows: list[tuple[Value, ...]] = [
        (told.say(what), part.text.in_language(told.language), part.source, told.say(MARKS[part.mark])) for what, part in parts
    ]
    columns = (N_("term"), N_("words"), N_("source"), N_("how sure"))
    return told.shown(N_("How hours are counted and time off is kept"), columns, rows, (14, 60, 40, 14), ("owed",) * 4, folded=True)


def _squad(told: Telling, squad: str) -> str:
    return next((one.name.in_language(told.language) for one in told.system.squad if one.id == squad), squad or NONE)
