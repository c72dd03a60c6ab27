"""Telling: an explanation of who goes, in the words of people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qinwu.duty.merging import Source
from qinwu.duty.stations import name_of
from qinwu.duty.system import DutySystem, Squad
from qinwu.duty.units import Unit
from qinwu.language import N_, Language, translate

if TYPE_CHECKING:
    from qinwu.duty.explain import Candidate, Explanation, TierAnswer

WHO: dict[str, str] = {
    "own_beat": N_("the beat's own officer"),
    "partner": N_("the partner's crew"),
    "sector": N_("crews of the sector"),
    "sergeant": N_("the sector's sergeant"),
    "specialist": N_("the specialist for such places"),
    "outpost": N_("crews of the beat's own outpost"),
    "hub": N_("crews of the central station"),
    "station": N_("any crew of the station"),
    "neighbour": N_("a neighbouring station"),
    "sub_bureau": N_("any crew of the sub-bureau"),
    "bureau": N_("any crew of the bureau"),
}
NAMED_WHO: dict[str, str] = {
    "squad": N_("squad {name}"),
    "function": N_("all squads for {name}"),
    "unit": N_("unit {name}"),
    "crew": N_("crew {name}"),
}
FUNCTIONS: dict[str, str] = {
    "community": N_("community"),
    "patrol": N_("patrol"),
    "investigation": N_("investigation"),
    "desk": N_("desk"),
    "venues": N_("venues"),
    "command": N_("command"),
}
WORK: dict[str, str] = {
    "beat_visit": N_("beat visits"),
    "inspection": N_("inspection"),
    "desk": N_("desk duty"),
    "training": N_("training"),
    "campaign": N_("campaign"),
    "secondment": N_("secondment"),
    "meal": N_("meal break"),
    "meeting": N_("meeting"),
    "other": N_("other duty"),
}
WEEKDAYS = (N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"), N_("Sunday"))


def who_text(who: str, system: DutySystem, language: Language) -> str:
    """Return the word of a tier as people say it."""
    if who in WHO:
        return translate(WHO[who], language)
    prefix, _, name = who.partition(":")
    tables: dict[str, tuple[Squad, ...] | tuple[Unit, ...]] = {"squad": system.squad, "unit": system.unit}
    named = name_of(name, tables.get(prefix, ()), system)
    shown = named.in_language(language) if named else translate(FUNCTIONS.get(name, name), language)
    return translate(NAMED_WHO[prefix], language).format(name=shown) if prefix in NAMED_WHO else who


def time_text(seconds: float, language: Language) -> str:
    """Return a length of time as people say it: seconds below two minutes, else minutes.

    >>> time_text(95, "en"), time_text(600, "en")
    ('95 s', '10 min')
    """
    if seconds < 120:
        return translate(N_("{count} s"), language).format(count=f"{seconds:.0f}")
    return translate(N_("{count} min"), language).format(count=f"{round(seconds / 60, 1):g}")


def source_text(source: Source, language: Language) -> str:
    """Return file, line and key as people write them; empty where the system came from no file."""
    if not source.file:
        return ""
    line = translate(N_("line {line}"), language).format(line=source.line) if source.line else source.key
    return f" [{source.file}, {line}]" if line else f" [{source.file}]"


def tell(explanation: Explanation, language: Language) -> str:
    """Return an explanation in words, one statement a line."""
    return "\n".join(_Teller(explanation, language).lines())


@dataclass(frozen=True)
class _Teller:
    """Tells an explanation in one language."""

    it: Explanation
    language: Language

    def say(self, text: str, **values: object) -> str:
        return translate(text, self.language).format(**values)

    def time(self, seconds: float) -> str:
        return time_text(seconds, self.language)

    def lines(self) -> Iterator[str]:
        it = self.it
        yield self.call()
        yield self.need() + source_text(it.need_source, self.language)
        yield self.say(
            N_("A dispatcher chooses {before} after the call; a crew drives off {start} after it is chosen."),
            before=self.time(it.before_s),
            start=self.time(it.start_s),
        )
        yield self.say(N_("Order rule {rule} applies:"), rule=it.rule) + source_text(it.source, self.language)
        yield from self.tiers(it.tiers)
        for who, source in it.empty:
            shown = who_text(who, it.system, self.language)
            yield "   " + self.say(N_("Nobody here for: {who}."), who=shown) + source_text(source, self.language)
        if it.support == it.tiers:
            yield self.say(N_("Who joins when more officers are needed is found in the same order."))
        else:
            yield self.say(N_("When more officers are needed, these join:"))
            yield from self.tiers(it.support)

    def call(self) -> str:
        it = self.it
        here = N_("atom {atom}, beat {beat}") if it.beat else N_("atom {atom}, no beat")
        return self.say(
            N_("{call_class}, priority {priority}, {place}, {day} {when}."),
            call_class=it.call_class.name.in_language(self.language),
            priority=it.priority,
            place=self.say(here, atom=it.atom, beat=it.beat),
            day=translate(WEEKDAYS[it.when.weekday()], self.language),
            when=f"{it.when:%Y-%m-%d %H:%M}",
        )

    def need(self) -> str:
        need = self.say(N_("It needs {people} officers, {sworn} of them sworn."), people=self.it.people, sworn=self.it.sworn)
        skills = ", ".join(self.it.skills)
        return f"{need} {self.say(N_('The first crew must have: {skills}.'), skills=skills)}" if skills else need

    def tiers(self, tiers: tuple[TierAnswer, ...]) -> Iterator[str]:
        for number, tier in enumerate(tiers, 1):
            words = self.say(N_(", ")).join([who_text(tier.who, self.it.system, self.language), *self.costs(tier)])
            yield f"{number}. {words}{source_text(tier.source, self.language)}"
            yield from (f"   {self.crew(one)}" for one in tier.crews if one.on_duty)
            off = [one.crew.id for one in tier.crews if not one.on_duty]
            if off:
                yield "   " + self.say(N_("Off duty then: {crews}."), crews=", ".join(off))

    def costs(self, tier: TierAnswer) -> Iterator[str]:
        opens = self.time(tier.opens_s)
        if tier.held:
            yield self.say(N_("after {opens}, for so long the call is kept for its own beat"), opens=opens) + self.sources(
                tier.held
            )
        else:
            yield self.say(N_("after {opens}"), opens=opens) if tier.opens_s else self.say(N_("at once"))
        if tier.asked:
            yield self.say(N_("asked, not ordered")) + self.sources(tier.asked)
        if tier.hand_over_s:
            yield self.say(N_("hand-over {time}"), time=self.time(tier.hand_over_s))
        if tier.refusal:
            chance, wait = f"{tier.refusal:.0%}", self.time(tier.wait_s)
            yield self.say(N_("refused with a chance of {chance}, asked again after {wait}"), chance=chance, wait=wait)

    def sources(self, sources: tuple[Source, ...]) -> str:
        return "".join(source_text(source, self.language) for source in sources)

    def crew(self, one: Candidate) -> str:
        officers = f" ({', '.join(one.crew.officers)})" if one.crew.officers else ""
        away = self.say(N_("about {time} away"), time=self.time(one.travel_s))
        work = self.say(N_(", then at: {work}"), work=self.say(WORK.get(one.work, one.work))) if one.work else ""
        return f"{one.crew.id}{officers}: {away}{work}"
