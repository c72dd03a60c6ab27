"""Overseeing 督察: what an inspector looks at, gathered from the rooms that know it, each figure with the rows behind it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from qinwu.board.in_force import InForce
from qinwu.board.oversight.screening import Seen
from qinwu.duty.organisation.diversion import CONTROLS, Diverted
from qinwu.duty.organisation.loads import Loads, loads
from qinwu.duty.organisation.norms import Norms
from qinwu.duty.organisation.posts import establish
from qinwu.findings import Finding, QinwuError
from qinwu.judge.integrity.catalogue import BY_ID, Screen
from qinwu.judge.integrity.evidence import Evidence, evidence
from qinwu.judge.integrity.look import Look
from qinwu.judge.integrity.screening import Ran
from qinwu.judge.officers.diversion import Away, Taken
from qinwu.judge.targets.attempts import verify_log
from qinwu.judge.targets.control import answers
from qinwu.judge.targets.denied import rules
from qinwu.judge.targets.measuring import Ledger
from qinwu.judge.targets.reading import NAME, SHIPPED, read_card
from qinwu.language import Language, translate

ROWS = 20


@dataclass(frozen=True, slots=True)
class Sign:
    """A comparison that stands: in words, by which screen, what else may explain it, and the rows it rests on.

    ``about`` names it for a corrective order.
    """

    look: Look
    screen: Screen
    words: str
    about: str
    evidence: Evidence
    rows: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class NotAsked:
    """Why some screens could not be asked, in words, and which they are."""

    why: str
    screens: tuple[str, ...]


def signs(seen: Seen, language: Language) -> list[Sign]:
    """Return the comparisons that stand, the strongest first, each with its rows."""
    if seen.screened is None:
        return []
    record = seen.screened.records[0]
    return [_sign(look, evidence(record, look, ROWS), language) for look in seen.screened.signs]


def _sign(look: Look, found: Evidence, language: Language) -> Sign:
    clock = found.rows.select("id", "unit", "at", "arrived", "cleared", "entered", "response_s", "stamp_delay_s", "changed")
    shown = clock.with_columns(pl.col(name).dt.strftime("%m-%d %H:%M:%S") for name in ("at", "arrived", "cleared", "entered"))
    rows = tuple(shown.iter_rows(named=True))
    return Sign(look, BY_ID[look.screen], look.text(language), f"screen {look.screen} {look.unit}".strip(), found, rows)


def not_asked(seen: Seen, language: Language) -> list[NotAsked]:
    """Return why screens made no comparison, and which: too little data is said, not hidden."""
    if seen.screened is None:
        return []
    by_reason: dict[str, list[Ran]] = {}
    for ran in seen.screened.ran:
        if not ran.looks:
            by_reason.setdefault(ran.why_not, []).append(ran)
    return [
        NotAsked(translate(why, language), tuple(translate(one.screen.name, language) for one in found))
        for why, found in by_reason.items()
    ]


def asked(seen: Seen) -> int:
    """Return how many screens made a comparison."""
    return sum(ran.looks > 0 for ran in seen.screened.ran) if seen.screened else 0


@dataclass(frozen=True, slots=True)
class SquadLine:
    """A squad in the ledger of diversion: what the log measures, its limit and missing controls where it keeps specialists."""

    squad: str
    name: str
    hours: float
    share: float | None
    limit: float | None
    over: bool
    missing: tuple[str, ...]
    rows: tuple[Away, ...]


def squads(force: InForce, taken: Taken, language: Language) -> list[SquadLine]:
    """Return the ledger by squad: those over their limit first, then those with most hours elsewhere."""
    known = {each.squad: each for each in taken.squads}
    lines = [
        _squad(squad.id, squad.name.in_language(language), known.get(squad.id), taken, language)
        for squad in force.loaded.system.squad
    ]
    return sorted(lines, key=lambda one: (not one.over, -one.hours))


def _squad(squad: str, name: str, each: Diverted | None, taken: Taken, language: Language) -> SquadLine:
    rows = tuple(row for row in taken.rows if row.squad == squad)
    if each is None:
        return SquadLine(squad, name, taken.by_squad.get(squad, 0.0), None, None, over=False, missing=(), rows=rows)
    missing = tuple(translate(CONTROLS[key], language) for key in each.missing)
    return SquadLine(squad, name, taken.by_squad.get(squad, 0.0), each.share, each.limit, each.over, missing, rows)


@dataclass(frozen=True, slots=True)
class Paper:
    """The load of paper and indicators (M48).

    Parameters
    ----------
    loads
        Hours a week by unit and by who ordered them; None where the duty file has no ``[[load]]``.
    limit
        Share of hours that may be lost.
    counts
        How many officers answer for how many indicators: count and officers, most indicators first.
    most
        Indicators beyond which it is too much for one officer.
    findings
        Why the card of targets could not be read.
    """

    loads: Loads | None
    limit: float
    counts: tuple[tuple[int, int], ...]
    most: int
    findings: tuple[Finding, ...]


def paper(force: InForce) -> Paper:
    """Return the load of paper and indicators; the card is read without logging anything."""
    system, norms = force.loaded.system, Norms()
    found = loads(system, establish(system, force.station.force), norms) if system.load else None
    own = Path(force.station.folder) / NAME
    try:
        card = read_card(own if own.exists() else SHIPPED).card
        answering = answers(Ledger.of(card, force.station, system))
    except QinwuError as error:
        return Paper(found, norms.lost, (), 0, error.findings)
    counts = Counter(each.count for each in answering)
    return Paper(found, norms.lost, tuple(sorted(counts.items(), reverse=True)), card.limits.per_officer, ())


@dataclass(frozen=True, slots=True)
class Attempt:
    """A refused attempt to set a forbidden indicator: when, in which file, which indicator, by which rule."""

    when: str
    file: str
    indicator: str
    rule: str


@dataclass(frozen=True, slots=True)
class Attempts:
    """Attempts at forbidden indicators, the newest first, and whether the chain of their log holds."""

    found: tuple[Attempt, ...]
    holds: bool


def attempts(force: InForce, language: Language) -> Attempts:
    """Return refused attempts, from the log of the station's folder."""
    log = verify_log(Path(force.station.folder))
    names = {rule.id: rule.name.in_language(language) for rule in rules()}
    found = [
        Attempt(
            datetime.fromisoformat(str(one["when"])).strftime("%Y-%m-%d %H:%M"),
            str(one["file"]),
            str(one["indicator"]),
            names.get(str(one["rule"]), str(one["rule"])),
        )
        for one in log.entries
    ]
    return Attempts(tuple(found[::-1]), log.holds)
