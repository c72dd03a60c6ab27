"""Chapter of targets: which can be met, by whom, what binds, the largest values that fit, history, command, and the four aims."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from qinwu.judge.targets.card import AIMS
from qinwu.judge.targets.judging import Judged
from qinwu.judge.targets.reading import AIM_NAMES
from qinwu.language import N_, Language
from qinwu.report.answer_page import KeyFigure
from qinwu.report.chapters.chapter import Chapter
from qinwu.report.chapters.targets_shown import hours_drawing, past_drawing, tables, tightest, values_asked
from qinwu.report.chapters.targets_words import Telling, plain
from qinwu.report.small_cells import FEWEST

ID = "targets"
WHY = {
    "targets-aim": N_("Few crimes, good order, stability, satisfied residents: every card needs an indicator of each of the four."),
    "targets-hours": N_(
        "Hours of recurring work (how often, minutes, crew) at the frequency of the card or of the target that asks for it, of the "
        "officer accountable; those who go along may be anybody of the station. By Hall's theorem it fits exactly when no union of "
        "overlapping groups is asked for more hours than its officers have."
    ),
    "targets-available": N_(
        "Duty by the pattern of the duty system in force, hour by hour of the month, less set work, calls by the closed form, work "
        "calls leave behind and weekly duties; of what is left the share the card allows to be planned."
    ),
    "targets-largest": N_(
        "The largest value at which no row of hours is broken while all other targets stay as they are. A target is linear in its "
        "value, so this is exact."
    ),
    "targets-history": N_(
        "The target is held against every past period of the record. The interval is that of Clopper and Pearson, 95 %; owners and "
        "periods are taken as independent."
    ),
    "targets-control": N_(
        "What moves the indicator, as the card or the duty file says (for how fast calls are answered: every squad with crews), "
        "and whether its owner commands that by the organisation chart. An officer commands nobody."
    ),
    "targets-counter": N_("What would show the loss where this indicator alone is chased."),
    "targets-reference": N_(
        "Numerator over denominator by the card's formula; a reference value never enters a score or a ranking."
    ),
    "targets-load": N_(
        "Indicators of a beat or an officer are the accountable officer's, of a sector its sergeant's, of a station its head's."
    ),
    "targets-denied": N_(
        "Arrests, detentions, prosecutions, convictions, clearance, recorded crime, fines and case returns must not be targets. "
        "Each line of the log holds the hash of the line before it."
    ),
}


def targets_chapter(judged: Judged, language: Language) -> Chapter:
    """Return a judged card as a chapter.

    Parameters
    ----------
    judged
        As :func:`qinwu.judge.targets.judging.judge_targets` gives it.
    language
        In which it is told.
    """
    told = Telling(judged, language)
    drawings = [one for one in (hours_drawing(told), past_drawing(told)) if one is not None]
    return Chapter(
        id=ID,
        title=_title(told),
        lead=tuple(_lead(told)),
        keys=tuple(_keys(told)),
        drawings=tuple(drawings),
        tables=tuple(tables(told)),
        why={key: told.say(text) for key, text in WHY.items()},
        notes=tuple(_notes(told)),
        data=_data(told),
    )


def _title(told: Telling) -> str:
    judged = told.judged
    refused = [one for one in judged.counting if judged.refused(one)]
    values: dict[str, object] = {"all": len(judged.counting), "refused": len(refused)}
    if not judged.counting:
        return told.say(N_("The card sets no target: everything on it is only shown"))
    if refused:
        one = refused[0]
        values |= {"name": told.name(one), "asked": told.asked(one), "largest": told.largest(one)}
        return told.say(N_("{refused} of {all} targets are refused: {name} {asked} is too much, {largest} fits at most"), **values)
    reached = [one for one in judged.counting if judged.out_of_reach(one)]
    if reached:
        return told.say(
            N_("{all} targets fit the hours there are, but {name} was never reached"), **values, name=told.name(reached[0])
        )
    return told.say(N_("All {all} targets fit the hours there are"), **values)


def _lead(told: Telling) -> Iterator[str]:
    judged = told.judged
    if judged.loaded.shipped:
        yield told.say(
            N_("This is the sample card of Qinwu: its figures are samples. Write a judge.toml of your own and have it signed.")
        )
    elif judged.card.sample:
        yield told.say(N_("The card is marked as a sample: nobody has decided on its figures."))
    for one in judged.counting:
        if judged.refused(one):
            verdict = judged.verdicts[one.id]
            row = verdict.binding[0]
            values = {"name": told.name(one), "who": told.who(row), "month": row.month}
            values |= {"required": plain(row.required_h(verdict.values)), "available": plain(row.available_h)}
            yield told.say(N_("{name}: in {month} {who} would need {required} hours and has {available}."), **values)
    if judged.too_full:
        text = N_("Recurring work alone is too much for {count} groups of officers, before any target.")
        yield told.say(text, count=len({row.group for row in judged.too_full}))
    for one in judged.counting:
        if beyond := judged.unaccountable(one):
            found = {"name": told.name(one), "count": str(len(beyond)), "beyond": told.needs(beyond[0].beyond)}
            yield told.say(
                N_("Unaccountable target: {name}; {count} owners are assessed on it and cannot order {beyond}."), **found
            )
    unrecorded = [told.name(one) for one in judged.card.indicator if not judged.ledger.recorded(one)]
    if unrecorded:
        yield told.say(N_("Without figures, because their files are not there: {names}."), names=told.speaker.listed(unrecorded))
    covered = {aim: sum(one.aim == aim for one in judged.card.indicator) for aim in AIMS}
    aims = [f"{AIM_NAMES[aim].in_language(told.language)} {count}" for aim, count in covered.items()]
    yield told.say(N_("Indicators by aim: {aims}."), aims=told.speaker.listed(aims))


def _keys(told: Telling) -> Iterator[KeyFigure]:
    judged = told.judged
    refused = sum(judged.refused(one) for one in judged.counting)
    remark = told.say(N_("of {all} targets and minimums"), all=len(judged.counting))
    yield KeyFigure(told.say(N_("Targets refused")), str(refused), remark, "targets-hours")
    rows = [row for row in tightest(told) if row.required_h(values_asked(told)) > 0.0 and row.available_h > 0.0]
    if rows:
        share = f"{100.0 * rows[0].required_h(values_asked(told)) / rows[0].available_h:.0f}%"
        yield KeyFigure(
            told.say(N_("Hours asked for, tightest")), share, f"{told.who(rows[0])}, {rows[0].month}", "targets-available"
        )


def _notes(told: Telling) -> Iterator[str]:
    judged = told.judged
    if judged.months:
        text = N_(
            "Targets are judged for {first} to {last} under the duty system in force; at most {share}% of free time is planned."
        )
        yield told.say(
            text,
            first=judged.months[0].name,
            last=judged.months[-1].name,
            share=f"{100.0 * judged.card.limits.plannable:.0f}",
        )
    span = judged.ledger.span
    if span is not None:
        yield told.say(N_("Measured on the record from {first} to {last}."), first=span.first, last=span.last)
    yield told.say(N_("The card: {name}, {file}."), name=judged.card.name.in_language(told.language), file=judged.loaded.file)


def _data(told: Telling) -> dict[str, Any]:
    """Return the chapter as plain data; figures of fewer than five events are left out."""
    judged = told.judged
    targets = []
    for one in judged.counting:
        verdict, met = judged.verdicts.get(one.id), judged.history[one.id][0]
        binding = verdict.binding if verdict else ()
        targets.append({
            "id": one.id, "aim": one.aim, "kind": one.kind, "level": one.level, "asked": one.asked, "better": one.better,
            "refused": judged.refused(one), "largest": verdict.largest if verdict else None,
            "binding": [
                {"officers": sorted(row.group), "beats": list(row.beats), "month": row.month,
                 "required_h": row.required_h(verdict.values if verdict else {}), "available_h": row.available_h}
                for row in binding
            ],
            "met": met.met, "periods": met.periods, "low": met.low, "high": met.high,
            "unaccountable": {each.owner: list(each.beyond) for each in judged.unaccountable(one)},
        })  # fmt: skip
    told_rows = [row for row in judged.measured.to_dicts() if row["events"] == 0 or row["events"] >= FEWEST]
    answers = {one.officer: {"counting": list(one.counting), "shown": list(one.shown)} for one in judged.answers}
    return {
        "card": judged.card.name.zh,
        "targets": targets,
        "measured": told_rows,
        "answers": answers,
        "log": len(judged.log.entries),
    }
