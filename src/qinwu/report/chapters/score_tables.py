"""Tables of the chapter of scores: sheets, lines, numbers with their rules, parts of the station, earlier years, surveys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from qinwu.judge.claims.rates import Rate
from qinwu.judge.score.baseline import Baseline, pooled
from qinwu.judge.score.league import League
from qinwu.judge.score.roll_up import Part, RollUp
from qinwu.judge.score.sheet import ScoredLine, ScoreSheet
from qinwu.judge.targets.card import Level
from qinwu.language import N_
from qinwu.report.chapters.score_words import KINDS, STANDS, Telling
from qinwu.report.chapters.targets_words import plain
from qinwu.report.plans.plan_report import Shown
from qinwu.report.sheet import Sheet, Value
from qinwu.report.small_cells import FEWEST
from qinwu.report.words import NONE, number

LONGEST = 31
"""Letters that a name of a sheet may have in Excel."""

FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", "·"))

Rows = Iterable[tuple[Value, ...]]


def tables(told: Telling) -> tuple[Shown, ...]:
    """Return every table, the most important first."""
    return named(_tables(told))


def named(made: Iterable[Shown]) -> tuple[Shown, ...]:
    """Return tables each with a name of its own that Excel takes: at most 31 letters, no brackets, colons, stars or slashes."""
    names: set[str] = set()
    found = []
    for one in made:
        plain_name = one.sheet.name.translate(FORBIDDEN)
        name, number_ = plain_name[:LONGEST], 2
        while name.lower() in names:
            name, number_ = f"{plain_name[: LONGEST - 3]} {number_}", number_ + 1
        names.add(name.lower())
        found.append(replace(one, sheet=replace(one.sheet, name=name)))
    return tuple(found)


def _tables(told: Telling) -> Iterator[Shown]:
    yield sheets_table(told)
    yield lines_table(told)
    if told.scored.surveys:
        yield survey_table(told)
    for name in dict.fromkeys(one.indicator for one in told.scored.roll_ups):
        yield roll_up_table(told, [one for one in told.scored.roll_ups if one.indicator == name])
    for league in told.scored.leagues:
        yield league_table(told, league)
    for name, level, found in told.scored.baselines:
        yield baseline_table(told, name, level, found)


def shown(name: str, header: Sequence[str], keys: Sequence[str], rows: Rows, *, lead: str = "", folded: bool = False) -> Shown:
    """Return a table with the explanation of each column."""
    widths = (22, *(16 for _ in header[1:]))
    return Shown(Sheet(name, (), tuple(header), tuple(rows), widths), tuple(keys), lead, folded)


def said(told: Telling, *words: str) -> tuple[str, ...]:
    """Return words of a header."""
    return tuple(told.say(word) for word in words)


def visible(sheet: ScoreSheet) -> bool:
    """Return whether others may read a sheet: that of an officer or a beat only after the officer was shown it."""
    return sheet.level not in ("officer", "beat") or sheet.stage != "draft"


def sheets_table(told: Telling) -> Shown:
    """Return all sheets; points of officers who have not been shown theirs are left out."""
    header = said(
        told, N_("Whose"), N_("Sheet of"), N_("Base"), N_("Bonus"), N_("Deductions"), N_("Points"), N_("Points possible"),
        N_("Survey leaves"), N_("Coefficient"), N_("Weighted"), N_("Veto"), N_("Stage"),
    )  # fmt: skip
    keys = ("", "", "score-points", "score-points", "score-points", "score-points", "score-possible", "score-survey")
    lead = told.say(
        N_("An officer reads the sheet first; until then nobody else sees its points. Nothing counts before it is signed.")
    )
    rows = [_sheet_row(told, sheet) for sheet in told.scored.sheets]
    return shown(
        told.say(N_("Score sheets")), header, (*keys, "score-coefficient", "score-coefficient", "score-veto", ""), rows, lead=lead
    )


def _sheet_row(told: Telling, sheet: ScoreSheet) -> tuple[Value, ...]:
    who = (told.owner(sheet.level, sheet.owner), told.level(sheet.level))
    if not visible(sheet):
        return (*who, *(NONE for _ in range(9)), told.stage(sheet))
    veto = NONE
    if sheet.vetoes:
        veto = told.say(N_("in force") if sheet.vetoed else N_("met, to be signed"))
    points = [number(value, 1) for value in (sheet.summed("base"), sheet.summed("bonus"), sheet.summed("deduction"), sheet.points)]
    factor = f"{sheet.coefficient.factor:g}" if sheet.coefficient else NONE
    weighted = number(sheet.weighted, 1) if sheet.coefficient else NONE
    return (*who, *points, plain(sheet.possible), told.span(sheet), factor, weighted, veto, told.stage(sheet))


def lines_table(told: Telling) -> Shown:
    """Return every line of every sheet that others may read: number, rule, points."""
    header = said(
        told, N_("Whose"), N_("Line"), N_("Kind"), N_("Value"), N_("Counted"), N_("Points"), N_("At most"), N_("State"),
        N_("How it comes about"),
    )  # fmt: skip
    keys = ("", "", "", "score-number", "score-number", "score-points", "score-points", "score-objection", "score-points")
    rows = [_line_row(told, sheet, one) for sheet in told.scored.sheets if visible(sheet) for one in sheet.lines]
    return shown(told.say(N_("Lines of the score sheets")), header, keys, rows, folded=True)


def _line_row(told: Telling, sheet: ScoreSheet, one: ScoredLine) -> tuple[Value, ...]:
    hidden = one.raw is not None and told.value(one) == NONE
    counted, how = told.out_of(one.raw), told.explained(one)
    if hidden:
        counted, how = NONE, told.say(N_("Rests on too few events to be told to others."))
    who, kind = told.owner(sheet.level, sheet.owner), told.say(KINDS[one.line.kind])
    return who, told.name(one), kind, told.value(one), counted, told.points(one), told.cap(one), told.status(one), how


def survey_table(told: Telling) -> Shown:
    """Return every survey with its interval."""
    header = said(
        told, N_("Area"), N_("Question"), N_("Asked on"), N_("People asked"), N_("Said yes"), N_("95 % interval"),
        N_("Design effect"), N_("How asked"),
    )  # fmt: skip
    keys = ("", "", "", "score-survey", "score-survey", "score-survey", "score-survey", "")
    rows = [
        (
            _area(told, one.area), told.question(one.question), one.day.isoformat(), one.n, f"{one.share:.1%}",
            told.say(N_("{low} to {high}"), low=f"{one.span.low:.1%}", high=f"{one.span.high:.1%}"),
            f"{one.design_effect:g}", one.method,
        )
        for one in told.scored.surveys
    ]  # fmt: skip
    lead = told.say(N_("A survey says something about a place; it enters no officer's score, and never without its interval."))
    return shown(told.say(N_("What residents say")), header, keys, rows, lead=lead)


def _area(told: Telling, area: str) -> str:
    standing = told.scored.standing
    level: Level | None = next((level for level in ("beat", "squad", "station") if area in standing.owners(level)), None)
    return told.owner(level, area) if level is not None else area


def roll_up_table(told: Telling, whole: Sequence[RollUp]) -> Shown:
    """Return stations' numbers of one indicator taken apart into beats; parts of fewer than five events are put together."""
    header = said(told, N_("Part"), N_("Counted"), N_("Value"), N_("Adds to the station"), N_("Share of what was counted"))
    unit = told.unit_of(whole[0].indicator)
    rows: list[tuple[Value, ...]] = []
    for one in whole:
        rows += [_part_row(told, part, unit, one.level) for part in told_parts(one)]
        together = Part(one.whole, one.numerator, one.denominator, one.value, one.value, 1.0)
        rows.append(_part_row(told, together, unit, "station"))
    name = told.say(N_("Parts of the station – {indicator}"), indicator=told.indicator(whole[0].indicator))
    lead = told.say(N_("The parts add up to the station, exactly: what its head answers for is what its beats bring."))
    return shown(name, header, ("", "score-number", "score-number", "score-roll-up", "score-roll-up"), rows, lead=lead, folded=True)


def told_parts(one: RollUp) -> list[Part]:
    """Return the parts that may be told; those of fewer than five events stand together, two of them at least."""

    def events(part: Part) -> float:
        return part.denominator if one.by_rows else part.numerator

    small = [part for part in one.parts if 0 < events(part) < FEWEST]
    rest = sorted((part for part in one.parts if part not in small), key=events)
    if len(small) == 1 and rest:
        small.append(rest.pop(0))
    if not small:
        return list(one.parts)
    kept = [part for part in one.parts if part not in small]
    top, bottom = sum(part.numerator for part in small), sum(part.denominator for part in small)
    scale = one.value * one.denominator / one.numerator if one.numerator else 0.0
    value = scale * top / bottom if bottom else None
    return [*kept, Part("*", top, bottom, value, sum(part.adds for part in small), sum(part.share for part in small))]


def _part_row(told: Telling, part: Part, unit: str, level: Level) -> tuple[Value, ...]:
    name = told.say(N_("the smallest together")) if part.owner == "*" else told.owner(level, part.owner)
    value = told.figure(part.value, unit) if part.value is not None else NONE
    return name, told.counts(part.numerator, part.denominator), value, told.figure(part.adds, unit), f"{part.share:.1%}"


def league_table(told: Telling, league: League) -> Shown:
    """Return units beside each other: own and shrunken values, places left open, where they stand."""
    header = said(
        told, N_("Whose"), N_("Counted"), N_("Value"), N_("Drawn to the others"), N_("95 % interval"), N_("Places left open"),
        N_("Against chance"),
    )  # fmt: skip
    keys = ("", "score-number", "score-number", "score-shrunk", "score-shrunk", "score-rank", "score-funnel")
    unit, scale = told.unit_of(league.indicator), league.scale
    marks = {mark.name: mark for mark in league.drawn.marks}
    drawn = {one.name: one for one in league.shrunk}
    share = league.drawn.counts.chance == "share"
    rows = []
    for one in league.ranks:
        mark, mine = marks[one.name], drawn[one.name]
        if (mark.exposure if share else mark.events) < FEWEST:
            rows.append((told.owner(league.level, one.name), *(NONE for _ in range(6))))
            continue
        span = told.say(N_("{low} to {high}"), low=told.figure(mine.low * scale, ""), high=told.figure(mine.high * scale, unit))
        open_ = told.say(N_("no rank")) if one.best is None else told.say(N_("{low} to {high}"), low=one.best, high=one.worst)
        rows.append((
            told.owner(league.level, one.name), told.counts(mark.events, mark.exposure), told.figure(one.value * scale, unit),
            told.figure(mine.value * scale, unit), span, open_, told.say(STANDS[mark.stand]),
        ))  # fmt: skip
    name = told.say(N_("By {level} – {indicator}"), indicator=told.indicator(league.indicator), level=told.level(league.level))
    return shown(name, header, keys, rows, folded=True)


def baseline_table(told: Telling, name: str, level: Level, found: Sequence[Baseline]) -> Shown:
    """Return numbers beside the same period of earlier years."""
    header = said(
        told, N_("Whose"), N_("This period"), N_("Earlier years together"), N_("Change"), N_("95 % interval"), N_("Shown"),
        N_("What a mere return would have brought"),
    )  # fmt: skip
    rows = [_baseline_row(told, level, one) for one in found if all(_enough(one, year) for year in (one.now, pooled(one.years)))]
    title = told.say(N_("Earlier years – {indicator}"), indicator=told.indicator(name))
    lead = told.say(
        N_("After an unusual year the next one is less unusual whatever is done; such a return is told beside the change.")
    )
    return shown(
        f"{title} · {told.level(level)}",
        header,
        ("", "score-number", *("score-baseline" for _ in range(5))),
        rows,
        lead=lead,
        folded=True,
    )


def _enough(one: Baseline, rate: Rate) -> bool:
    """Return whether a rate rests on enough events to be told to others."""
    return not 0 < (rate.denominator if one.chance == "share" else rate.numerator) < FEWEST


def _baseline_row(told: Telling, level: Level, one: Baseline) -> tuple[Value, ...]:
    before = pooled(one.years)
    told_change = [_change(one, value) for value in one.change]
    returned = NONE if one.returned is None else _change(one, one.returned)
    verdict = told.say(N_("yes") if one.shown else N_("no difference shown"))
    span = told.say(N_("{low} to {high}"), low=told_change[1], high=told_change[2])
    now = told.counts(one.now.numerator, one.now.denominator)
    return (
        told.owner(level, one.owner),
        now,
        told.counts(before.numerator, before.denominator),
        told_change[0],
        span,
        verdict,
        returned,
    )


def _change(one: Baseline, value: float) -> str:
    return f"×{value:.2f}" if one.chance == "rate" else number(100.0 * value, 1, signed=True)
