"""What the chapter of targets says and how: names, numbers with units, verdicts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

from qinwu.judge.targets.card import Indicator, Level, PeriodKind
from qinwu.judge.targets.feasible import Row
from qinwu.judge.targets.history import Met
from qinwu.judge.targets.judging import Judged
from qinwu.judge.targets.reading import AIM_NAMES
from qinwu.language import N_, Language
from qinwu.report.small_cells import FEWEST
from qinwu.report.words import NONE, Speaking, number

LEVELS: dict[Level, str] = {
    "station": N_("Station"),
    "squad": N_("Squad"),
    "sector": N_("Sector"),
    "beat": N_("Beat"),
    "officer": N_("Officer"),
}
PERIODS: dict[PeriodKind, str] = {"week": N_("week"), "month": N_("month"), "quarter": N_("quarter"), "year": N_("year")}
SHOWN_NAMES = 2
FEW_DIGITS = 100.0


@dataclass(frozen=True)
class Telling(Speaking):
    """A judged card, told in one language."""

    judged: Judged
    language: Language

    def name(self, indicator: Indicator) -> str:
        """Return what an indicator is called."""
        return indicator.name.in_language(self.language)

    def aim(self, indicator: Indicator) -> str:
        """Return which of the four aims it serves."""
        return AIM_NAMES[indicator.aim].in_language(self.language)

    def figure(self, indicator: Indicator, value: float | None) -> str:
        """Return a value of an indicator with its unit, a dash for none."""
        if value is None or not isfinite(value):
            return NONE
        return self.speaker.with_unit(plain(value), indicator.unit.in_language(self.language))

    def asked(self, indicator: Indicator) -> str:
        """Return what is asked for, with the sign of its direction."""
        if indicator.asked is None:
            return NONE
        return f"{'≥' if indicator.better == 'more' else '≤'} {self.figure(indicator, indicator.asked)}"

    def who(self, row: Row) -> str:
        """Return whom a row of hours is about: an officer with the beats, or a group."""
        standing = self.judged.ledger.standing
        beats = [standing.name_of("beat", beat, self.language) for beat in row.beats]
        shown = self.speaker.listed(beats[:SHOWN_NAMES]) + ("…" if len(beats) > SHOWN_NAMES else "")
        if len(row.group) == 1:
            return f"{next(iter(row.group))} · {shown}" if shown else next(iter(row.group))
        if not row.group:
            return self.say(N_("nobody accountable: {beats}"), beats=shown)
        return self.say(N_("{count} officers together"), count=len(row.group))

    def owner(self, indicator: Indicator, owner: str) -> str:
        """Return what an owner of an indicator is called; empty is all together."""
        return self.judged.ledger.standing.name_of(indicator.level, owner, self.language) if owner else self.say(N_("all"))

    def needs(self, names: Sequence[str]) -> str:
        """Return units and squads by name."""
        system = self.judged.ledger.standing.system
        named = {one.id: one.name for one in system.unit} | {one.id: one.name for one in system.squad}
        said = [named[name].in_language(self.language) if name in named else name for name in names]
        return self.speaker.listed(said)

    def history(self, met: Met) -> str:
        """Return in how many past periods a target was met, with the exact interval."""
        if not met.periods:
            return self.say(N_("no record"))
        values = {"met": met.met, "all": met.periods, "low": f"{100 * met.low:.0f}", "high": f"{100 * met.high:.0f}"}
        return self.say(N_("{met} of {all} ({low}–{high}%)"), **values)

    def hours(self, indicator: Indicator) -> str:
        """Return whether the hours suffice."""
        verdict = self.judged.verdicts.get(indicator.id)
        if verdict is None or not isfinite(verdict.largest):
            return self.say(N_("asks for no set hours"))
        return self.say(N_("suffice") if verdict.feasible else N_("do not suffice"))

    def largest(self, indicator: Indicator) -> str:
        """Return the largest value that fits."""
        verdict = self.judged.verdicts.get(indicator.id)
        return self.figure(indicator, verdict.largest) if verdict else NONE

    def control(self, indicator: Indicator) -> str:
        """Return whether the owners command what moves it."""
        beyond = self.judged.unaccountable(indicator)
        if beyond:
            return self.say(N_("cannot order: {beyond}"), beyond=self.needs(beyond[0].beyond))
        return self.say(N_("commands it"))

    def verdict(self, indicator: Indicator) -> str:
        """Return the verdict in a word or two, the gravest first."""
        if self.judged.refused(indicator):
            return self.say(N_("refused"))
        if self.judged.out_of_reach(indicator):
            return self.say(N_("never reached"))
        if self.judged.unaccountable(indicator):
            return self.say(N_("unaccountable"))
        return self.say(N_("can be issued") if self.judged.history[indicator.id][0].periods else N_("can be issued, no past"))

    def shown(self, met: Met, value: float | None, indicator: Indicator) -> str:
        """Return a past value, a dash where it rests on fewer than five rows."""
        return NONE if met.events < FEWEST else self.figure(indicator, value)


def plain(value: float) -> str:
    """Return a number with as many digits as it needs.

    >>> plain(75.0), plain(2.26), plain(1234.5)
    ('75', '2.3', '1,234')
    """
    return number(value, 0 if value == int(value) or abs(value) >= FEW_DIGITS else 1)
