"""A pattern told: its arithmetic in a few lines, the rules it breaks, and those near to it that work."""

from __future__ import annotations

from collections.abc import Iterator

from qinwu.duty.roster_rules.rules import Pack
from qinwu.language import N_, Language
from qinwu.plan.roster.pattern_check import PatternCheck, rules_broken_by
from qinwu.plan.roster.patterns import Pattern
from qinwu.report.words import Speaker, number


def pattern_words(check: PatternCheck, pack: Pack, language: Language) -> Iterator[str]:
    """Yield what a pattern is, line by line; what is wrong with it is for the findings of the check to say.

    Parameters
    ----------
    check
        The arithmetic.
    pack
        Rules by which it is judged.
    language
        In which it is told.
    """
    speaker, pattern = Speaker(language), check.pattern
    say = speaker.say
    yield say(
        N_("{pattern}, {groups} groups: {hours} hours a week each, {turns} groups take turns one at a time."),
        pattern=pattern.name.in_language(language),
        groups=pattern.groups,
        hours=number(pattern.hours_per_week, 1),
        turns=f"{pattern.groups_in_turn:.3g}",
    )
    yield say(
        N_("On at once: {least} to {most} groups; nobody for {gap} minutes a week."),
        least=f"{check.on.min():g}",
        most=f"{check.on.max():g}",
        gap=number(check.gap_min_per_week, 0),
    )
    yield say(
        N_("Shortest rest {rest} h; at most {nights} nights and {days} days with duty in a row; {weekends} of weekends free."),
        rest=f"{check.shortest_rest_h:g}",
        nights=check.nights_in_a_row,
        days=check.days_in_a_row,
        weekends=f"{check.weekends_off:.0%}",
    )
    for broken in rules_broken_by(pattern, pack):
        rule = broken.rule
        if rule is not None:
            word = N_("breaks {rule}: {words}") if rule.hard else N_("bends {rule}: {words}")
            yield "  · " + say(word, rule=rule.words.in_language(language), words=rule.text.in_language(language))
    yield from (_near(near, speaker) for near in check.nearest)


def _near(pattern: Pattern, speaker: Speaker) -> str:
    text = N_("Possible: {groups} groups, {pattern}: {hours} hours a week each.")
    hours = number(pattern.hours_per_week, 1)
    return "  → " + speaker.say(text, groups=pattern.groups, pattern=pattern.name.in_language(speaker.language), hours=hours)
