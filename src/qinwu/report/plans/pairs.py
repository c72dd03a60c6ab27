"""Pairs told: who joins whom, what each wished and got, who would rather leave, and what it costs that hardly anybody would."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from qinwu.language import N_, Language
from qinwu.plan.pairs.planning import PairPlan, Told
from qinwu.report.answer_page import KeyFigure
from qinwu.report.figures.partners import Couple, Partner, partners
from qinwu.report.plans.plan_report import Drawing, Picture, PlanReport, Shown
from qinwu.report.sheet import Sheet
from qinwu.report.words import NONE, Speaking, number
from qinwu.station.station import Station

WHY = {
    "leaving": N_(
        "Two officers would rather leave when each likes the other better than the partner planned. A pairing without such two "
        "is stable: nobody has a reason to bargain."
    ),
    "rank": N_("The place the officer was given on the partner's own list; – where not named. Colleagues not named count alike."),
    "years": N_("Years between the dates at which the two joined: one old with one new 新老搭配."),
    "skills": N_("What the two can do together 强弱搭配."),
    "match": N_("100 % less what the pair lacks of what wishes, experience, skills, shifts and a common border could give."),
    "shifts": N_("Shifts that both can work, as a share of those either can work."),
    "border": N_("Whether the beats of the two border each other."),
}


def pairs_report(station: Station, plan: PairPlan, language: Language, made: datetime | None = None) -> PlanReport:
    """Return a plan of pairs as a report.

    Parameters
    ----------
    station, plan
        Whose pairs, and the answer of the planner.
    language
        In which it is told.
    made
        When; None leaves it out.
    """
    told = _Telling(plan, language)
    return PlanReport(
        kind="pairs",
        station=station,
        language=language,
        claim=told.claim(),
        deck=tuple(told.deck()),
        keys=tuple(told.keys()),
        drawings=(told.drawing(),),
        tables=tuple(told.tables()),
        proof=plan.proof,
        why={key: told.say(text) for key, text in WHY.items()},
        notes=tuple(told.notes()),
        data=told.data(),
        made=made,
    )


@dataclass(frozen=True)
class _Telling(Speaking):
    """Tells one plan in one language."""

    plan: PairPlan
    language: Language

    def name(self, who: int) -> str:
        return self.plan.scene.officers[who].id

    def both(self, one: int, two: int) -> str:
        return self.say(N_("{one} and {two}"), one=self.name(one), two=self.name(two))

    def claim(self) -> str:
        """Return the answer in one sentence."""
        count, leaving = len(self.plan.pairs), len(self.plan.blocking)
        if not leaving:
            return self.say(N_("{count} pairs, and no two officers who would both rather leave for each other."), count=count)
        named = self.speaker.listed([self.both(*pair) for pair in self.plan.blocking[:3]])
        text = N_("{count} pairs; {leaving} cannot be kept from wanting each other: {named}.")
        return self.say(text, count=count, leaving=leaving, named=named)

    def deck(self) -> Iterator[str]:
        """Yield the price, who loses, what remains."""
        plan = self.plan
        if plan.pairs_before:
            now = len(plan.blocking_before)
            yield self.say(N_("In the pairs of today there are {now} such couples."), now=now)
        nobody = [self.name(who) for who, wish in enumerate(plan.scene.wishes) if wish.named and not self.got(who)]
        if nobody:
            yield self.say(N_("These officers get nobody they named: {officers}."), officers=self.speaker.listed(nobody))
        for who in plan.left_out:
            third = plan.third(who) if plan.scene.aims.odd == "trio" else None
            if third is not None:
                pair = self.both(third.one, third.two)
                yield self.say(N_("{officer} is the odd one and joins {pair} as a third."), officer=self.name(who), pair=pair)
            else:
                yield self.say(N_("{officer} has no partner."), officer=self.name(who))

    def got(self, who: int) -> int:
        """Return the rank that an officer gave the partner he or she gets, 0 for none."""
        mate = int(self.plan.solution.mate[who])
        return int(self.plan.scene.ranks[who, mate]) if mate >= 0 else 0

    def keys(self) -> Iterator[KeyFigure]:
        """Yield the numbers at the top."""
        plan = self.plan
        before = plan.pairs_before
        yield KeyFigure(
            self.say(N_("would rather leave")),
            str(len(plan.blocking)),
            self.was(str(len(plan.blocking_before))) if before else "",
            "leaving",
        )
        wished = [who for who, wish in enumerate(plan.scene.wishes) if wish.named]
        if wished:
            got, first = sum(self.got(who) > 0 for who in wished), sum(self.got(who) == 1 for who in wished)
            text = self.say(N_("{got} of {all}"), got=got, all=len(wished))
            remark = self.say(N_("{first} their first choice"), first=first)
            yield KeyFigure(self.say(N_("get somebody they named")), text, remark, "rank")
        for label, tell, why in ((N_("years between partners"), self.years, "years"), (N_("match"), self.match, "match")):
            yield KeyFigure(self.say(label), tell(plan.pairs), self.was(tell(before)) if before else "", why)

    def was(self, text: str) -> str:
        return self.say(N_("today {value}"), value=text)

    def years(self, pairs: tuple[Told, ...]) -> str:
        """Return the mean gap of years."""
        known = [pair.gap_years for pair in pairs if math.isfinite(pair.gap_years)]
        return number(sum(known) / len(known), 1) if known else NONE

    def match(self, pairs: tuple[Told, ...]) -> str:
        """Return how well pairs match, on average."""
        return f"{1.0 - sum(pair.lacking for pair in pairs) / len(pairs):.0%}" if pairs else NONE

    def drawing(self) -> Drawing:
        """Return the pairs before and after."""
        plan = self.plan
        sets = [(N_("Today"), plan.pairs_before, plan.blocking_before)] if plan.pairs_before else []
        sets.append((N_("Planned"), plan.pairs, plan.blocking))
        pictures = tuple(self.picture(self.say(name), pairs, leaving) for name, pairs, leaving in sets)
        lead = self.say(
            N_(
                "In each circle the rank its officer was given by the partner: dark is a first choice, grey not named. A brown "
                "ring: would rather leave. The thicker the line, the better the match; beside it the years between the two."
            )
        )
        return Drawing(self.say(N_("Who joins whom, and whom each had asked for")), lead, pictures, "rank")

    def picture(self, name: str, pairs: tuple[Told, ...], leaving: tuple[tuple[int, int], ...]) -> Picture:
        restless = {who for pair in leaving for who in pair}
        couples = [self.couple(pair, restless) for pair in pairs]
        return Picture(name, self.say(N_("match {match}"), match=self.match(pairs)), partners(couples, name))

    def couple(self, pair: Told, restless: set[int]) -> Couple:
        one = Partner(self.name(pair.one), pair.ranks[1], pair.one in restless)
        two = Partner(self.name(pair.two), pair.ranks[0], pair.two in restless)
        years = self.say(N_("{years} years"), years=number(pair.gap_years, 1))
        said = f"{years} · {self.say(N_('apart'))}" if self.plan.scene.beats[pair.one] and not pair.border else years
        return Couple(one, two, 1.0 - pair.lacking, said, f"{one.name}–{two.name}: {', '.join(pair.skills) or NONE}")

    def tables(self) -> Iterator[Shown]:
        """Yield the pairs, those who would rather leave, and the pairs of today."""
        yield Shown(self.sheet(N_("Pairs planned"), self.plan.pairs), KEYS)
        if self.plan.blocking:
            yield Shown(self.leaving(), ("", "leaving", "", "leaving", ""), self.say(WHY["leaving"]))
        if self.plan.pairs_before:
            yield Shown(self.sheet(N_("Pairs of today"), self.plan.pairs_before), KEYS, folded=True)

    def sheet(self, name: str, pairs: tuple[Told, ...]) -> Sheet:
        header = (N_("pair"), N_("beats"), N_("ranks given"), N_("years"), N_("skills"), N_("shifts"), N_("border"), N_("match"))
        rows = tuple(self.row(pair) for pair in pairs)
        return Sheet(self.say(name), (), tuple(map(self.say, header)), rows, (16, 14, 12, 8, 26, 8, 8, 8))

    def row(self, pair: Told) -> tuple[str, ...]:
        scene = self.plan.scene
        beats = "–".join(beat for beat in (scene.beats[pair.one], scene.beats[pair.two]) if beat)
        fixed = f" {self.say(N_('(fixed)'))}" if pair.fixed else ""
        return (
            f"{self.name(pair.one)}–{self.name(pair.two)}{fixed}",
            beats or NONE,
            " / ".join(str(rank) if rank else NONE for rank in pair.ranks),
            number(pair.gap_years, 1),
            ", ".join(pair.skills) or NONE,
            f"{pair.shared_shifts:.0%}",
            self.say(N_("yes")) if pair.border else self.say(N_("no")),
            f"{1.0 - pair.lacking:.0%}",
        )

    def leaving(self) -> Sheet:
        header = (N_("officer"), N_("has, and would rank"), N_("with"), N_("has, and would rank"), N_("why it stays"))
        why = self.say(N_("every other pairing has at least as many"))
        rows = tuple(
            (self.name(one), self.has(one, two), self.name(two), self.has(two, one), why) for one, two in self.plan.blocking
        )
        return Sheet(self.say(N_("Who would rather leave")), (), tuple(map(self.say, header)), rows, (12, 22, 12, 22, 30))

    def has(self, who: int, rather: int) -> str:
        """Return the partner of an officer with the rank given, and the rank of whom he or she would rather have."""
        ranks, mate = self.plan.scene.ranks[who], int(self.plan.solution.mate[who])
        partner = f"{self.name(mate)} ({ranks[mate] or NONE})" if mate >= 0 else NONE
        return f"{partner} → {ranks[rather] or NONE}"

    def notes(self) -> Iterator[str]:
        """Yield what the figures rest on."""
        weights = ", ".join(f"{self.say(WEIGHTS[name])} {weight:g}" for name, weight in self.plan.scene.aims.weights.items())
        yield self.say(N_("Weights: {weights}."), weights=weights)
        yield self.say(
            N_("Officers say whom they would like, never why. Temperament is not asked, stored or guessed: wishes stand for it.")
        )
        if self.plan.scene.aims.unnamed == "last":
            yield self.say(
                N_("Colleagues an officer does not name come after those named, all alike; only who is refused is ruled out.")
            )
        yield from (finding.text(self.language) for finding in self.plan.findings)

    def data(self) -> dict[str, object]:
        """Return the pairs as plain data."""
        plan = self.plan
        rows = [
            {
                "officers": [self.name(pair.one), self.name(pair.two)],
                "beats": [plan.scene.beats[pair.one], plan.scene.beats[pair.two]],
                "ranks": list(pair.ranks),
                "years": None if math.isnan(pair.gap_years) else round(pair.gap_years, 2),
                "skills": list(pair.skills),
                "border": pair.border,
                "lacking": round(pair.lacking, 4),
            }
            for pair in plan.pairs
        ]
        leaving = [[self.name(one), self.name(two)] for one, two in plan.blocking]
        return {"pairs": rows, "would_rather_leave": leaving, "without_partner": [self.name(who) for who in plan.left_out]}


KEYS = ("", "", "rank", "years", "skills", "shifts", "border", "match")
WEIGHTS = {
    "wishes": N_("wishes"),
    "experience": N_("experience"),
    "skills": N_("skills"),
    "shifts": N_("shifts"),
    "border": N_("common border"),
}
