"""Tables of the chapter about places: the list, the back-test, the guards, need beside patrol, calibration, weights."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from qinwu.forecast.guards.guard_report import GUARDS, GuardReport
from qinwu.forecast.places.foreseen import Places
from qinwu.forecast.places.scoring import Interval
from qinwu.language import N_
from qinwu.report.chapters.places_words import GUARD_WORDS, METHOD_WORDS
from qinwu.report.plans.plan_report import Shown
from qinwu.report.sheet import Sheet, Value
from qinwu.report.small_cells import FEWEST
from qinwu.report.words import NONE, Speaker, number


def places_tables(told: Places, names: Mapping[str, str], speaker: Speaker) -> tuple[Shown, ...]:
    """Return the tables in order."""
    makers = (_list, _test, _guards, _need)
    folded = (_tenths(told, speaker), _weights(told, speaker))
    return (*(make(told, names, speaker) for make in makers), *folded)


def _percent(share: float) -> str:
    return f"{share:.1%}" if np.isfinite(share) else NONE


def _shown(
    name: str, header: Sequence[str], rows: Sequence[tuple[Value, ...]], keys: Sequence[str], speaker: Speaker, lead: str = "",
    *, folded: bool = False,
) -> Shown:  # fmt: skip
    widths = (22, *(14,) * (len(header) - 1))
    sheet = Sheet(speaker.say(name), (), tuple(map(speaker.say, header)), tuple(rows), widths)
    return Shown(sheet, tuple(keys), speaker.say(lead) if lead else "", folded)


def _list(told: Places, names: Mapping[str, str], speaker: Speaker) -> Shown:
    parts = dict(zip(told.ground.ids, told.parts, strict=True))
    header = (
        N_("Place"),
        N_("Part of the area"),
        N_("Reports expected"),
        N_("fewest"),
        N_("most"),
        N_("Share of patrol"),
        N_("Why chosen"),
    )
    rows: list[tuple[Value, ...]] = []
    for row in told.whole.iter_rows(named=True):
        part = parts[row["place"]]
        expected, low, high = (row[name] for name in ("expected", "low", "high"))
        reason = N_("drawn by lot") if row["explore"] else N_("hot")
        figures = (NONE,) * 3 if expected is None else (number(expected, 1), number(low, 0), number(high, 0))
        rows.append((row["place"], names.get(part, part), *figures, _percent(row["share"]), speaker.say(reason)))
    keys = ("", "", "places.expected", "places.band", "places.band", "places.share", "places.share")
    days = told.guards.expiry
    lead = speaker.say(N_("Valid from {first} to {last}; then it expires."), first=days.valid_from, last=days.valid_to)
    shown = _shown(N_("Places of the list"), header, rows, keys, speaker)
    return Shown(shown.sheet, shown.keys, lead)


def _interval(found: Interval, digits: int) -> str:
    return f"{number(found.value, digits)} ({number(found.low, digits)}–{number(found.high, digits)})"


def _test(told: Places, names: Mapping[str, str], speaker: Speaker) -> Shown:  # noqa: ARG001
    header = (N_("Method"), N_("Hits"), "PEI", "PAI", N_("Chosen again"))
    rows: list[tuple[Value, ...]] = [
        (
            speaker.say(METHOD_WORDS[name]),
            number(float(one.hits.sum()), 0),
            _interval(one.pei, 3),
            _interval(one.pai, 2),
            _percent(one.overlap),
        )
        for name, one in told.test.scores.items()
    ]
    keys = ("", "places.hits", "places.hits", "places.hits", "places.overlap")
    shown = _shown(N_("Methods in past windows"), header, rows, keys, speaker)
    text = N_("{windows} windows of {days} days, the same for all methods; {places} places chosen in each.")
    values = {
        "windows": len(told.test.origins),
        "days": number(told.test.days, 0),
        "places": told.test.scores["portfolio"].chosen.shape[1],
    }
    return Shown(shown.sheet, shown.keys, speaker.say(text, **values))


def _guards(told: Places, names: Mapping[str, str], speaker: Speaker) -> Shown:
    passed = told.guards.passed()
    said = dict(zip(GUARDS, guards_said(told.guards, names, speaker), strict=True))
    rows: list[tuple[Value, ...]] = [
        (speaker.say(GUARD_WORDS[name]), said[name], speaker.say(N_("passed")) if passed[name] else speaker.say(N_("look at it")))
        for name in GUARDS
    ]
    header = (N_("Guard"), N_("What it did"), N_("Result"))
    lead = N_("They run with every forecast; a list without them cannot be made.")
    shown = _shown(N_("Guards"), header, rows, ("", "places.guards", "places.guards"), speaker, lead)
    return Shown(Sheet(shown.sheet.name, (), shown.sheet.header, shown.sheet.rows, (20, 90, 12)), shown.keys, shown.lead)


def guards_said(guards: GuardReport, names: Mapping[str, str], speaker: Speaker) -> Iterator[str]:
    """Yield what each guard did, in the order of ``GUARDS``."""
    say = speaker.say
    origin, urns, worst = guards.origin, guards.urns, max(guards.reporting.thinned, key=lambda one: one.missing, default=None)
    text = N_(
        "{reported} reports of residents teach; {found} that officers found count {counted}, {other} of other origin nothing."
    )
    counts = {"reported": f"{origin.reported:,}", "found": f"{origin.discovered:,}", "other": f"{origin.other:,}"}
    yield say(text, **counts, counted=number(origin.counted, 0))
    text = N_("{share} of patrol goes to {count} places drawn by lot; the floor is {floor}.")
    yield say(
        text, share=_percent(guards.exploration.share), count=guards.exploration.places, floor=_percent(guards.exploration.floor)
    )
    text = N_("No place gets more than {cap} of patrol; the most is {most}.")
    yield say(text, cap=_percent(guards.cap.cap), most=_percent(guards.cap.largest))
    text = N_(
        "After {rounds} rounds two equal places differ from one half by {drift} points; they would by {without} if finds of"
        " officers taught."
    )
    yield say(text, rounds=urns.rounds, drift=number(100 * urns.drift, 1), without=number(100 * urns.without, 1))
    if worst is None:
        yield say(N_("No part has a hot place."))
    else:
        text = N_(
            "If {missing} of the reports of {part} were not made, {kept} of the hot places would stay; its share of patrol would go"
            " from {before} to {after}."
        )
        values = {"missing": f"{worst.missing:.0%}", "part": names.get(worst.part, worst.part), "kept": f"{worst.kept:.0%}"}
        yield say(text, **values, before=_percent(worst.before), after=_percent(worst.after))
    short = guards.need.short
    if short:
        text = N_("These parts get less than a third of their share of need: {parts}.")
        yield say(text, parts=speaker.listed([names.get(part, part) for part in short]))
    else:
        yield say(N_("No part with at least 5 % of the need gets less than a third of its share."))
    yield say(
        N_("Nothing is told about {count} places with fewer than {fewest} reports."),
        count=guards.small.hidden,
        fewest=guards.small.fewest,
    )
    yield say(N_("Valid from {first} to {last}; then it expires."), first=guards.expiry.valid_from, last=guards.expiry.valid_to)


def _need(told: Places, names: Mapping[str, str], speaker: Speaker) -> Shown:
    need = told.guards.need
    order = np.argsort(-need.need, kind="stable")
    header = (N_("Part of the area"), N_("Share of need"), N_("Share of patrol"), N_("Patrol over need"))
    rows: list[tuple[Value, ...]] = []
    for at in order.tolist():
        known = need.events[at] >= FEWEST
        share, patrol = float(need.need[at]), float(need.patrol[at])
        ratio = number(patrol / share, 2) if known and share > 0.0 else NONE
        rows.append((names.get(need.parts[at], need.parts[at]), _percent(share) if known else NONE, _percent(patrol), ratio))
    keys = ("", "places.need", "places.need", "places.need")
    lead = N_("A list of places concentrates patrol; this is what it takes from each part.")
    return _shown(N_("Need beside patrol"), header, rows, keys, speaker, lead)


def _tenths(told: Places, speaker: Speaker) -> Shown:
    scores = told.test.scores["portfolio"]
    header = (N_("Tenth of places"), N_("Reports foreseen"), N_("Reports that came"))
    rows: list[tuple[Value, ...]] = [
        (
            str(at + 1),
            number(float(scores.expected[at]), 0),
            number(float(scores.seen[at]), 0) if scores.seen[at] >= FEWEST else NONE,
        )
        for at in range(len(scores.expected))
    ]
    keys = ("", "places.tenths", "places.tenths")
    return _shown(
        N_("Foreseen and seen by tenths"),
        header,
        rows,
        keys,
        speaker,
        N_("The first tenth holds the quietest places."),
        folded=True,
    )


def _weights(told: Places, speaker: Speaker) -> Shown:
    rows: list[tuple[Value, ...]] = [(speaker.say(METHOD_WORDS[name]), _percent(share)) for name, share in told.weights.items()]
    return _shown(
        N_("What the portfolio is made of"), (N_("Method"), N_("Weight")), rows, ("", "places.weight"), speaker, folded=True
    )


def places_data(told: Places) -> dict[str, Any]:
    """Return the chapter as plain data."""
    guards, test = told.guards, told.test
    scores = {
        name: {"hits": float(one.hits.sum()), "pai": list(one.pai), "pei": list(one.pei), "overlap": one.overlap}
        for name, one in test.scores.items()
    }
    return {
        "valid_from": str(guards.expiry.valid_from),
        "valid_to": str(guards.expiry.valid_to),
        "places": [
            {**row, "valid_from": str(row["valid_from"]), "valid_to": str(row["valid_to"])} for row in told.table.to_dicts()
        ],
        "weights": dict(told.weights),
        "windows": len(test.origins),
        "methods": scores,
        "best_single": test.best,
        "gain_pei": list(test.gain),
        "guards": guards.passed(),
        "two_urns": {"drift": guards.urns.drift, "without": guards.urns.without},
        "exploration": guards.exploration.share,
    }
