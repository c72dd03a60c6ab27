"""Adapting needs to a pack: the leader's post is added, and watches that break a hard rule give way to lawful ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from qinwu.duty.roster_rules.contradictions import longest_duty
from qinwu.duty.roster_rules.rules import Leader, NoGaps, Pack
from qinwu.duty.roster_rules.watches import around_the_clock, is_long
from qinwu.duty.system import Watch
from qinwu.findings import Finding, Place
from qinwu.language import N_
from qinwu.plan.roster.limits import is_lawful, rules_broken
from qinwu.plan.roster.needs import LEAD, Need, Needs, Post, day_numbers, listed_words, on_duty_by_hour, with_watches
from qinwu.plan.roster.question import Question
from qinwu.plan.roster.roster import Shift
from qinwu.station.config import Text
from qinwu.station.force import Force

LEADING = Text(zh="带班领导", en="Leader on duty")
DUTY24 = Watch(id="duty24", name=Text(zh="值班一昼夜", en="Twenty-four hours"), start="08:00", hours=24)
LEAD_WATCH = Watch(id="lead24", name=Text(zh="带班", en="Leader, 24 h"), start="08:00", hours=24)


def with_leader(needs: Needs, force: Force, pack: Pack) -> tuple[Needs, tuple[Finding, ...]]:
    """Return needs with the leader on duty that the pack asks for, and what stands in the way.

    Parameters
    ----------
    needs
        What is needed; its members of other posts are no leaders.
    force
        Its sworn officers on command posts are the leaders.
    pack
        Asks for a leader or does not.
    """
    busy = {name for post in needs.posts for name in post.members}
    leaders = tuple(one.id for one in force if one.post == "command" and one.kind == "sworn" and one.id not in busy)
    if not pack.of(Leader) or needs.of(LEAD):
        return needs, ()
    if not leaders:
        rule = pack.of(Leader)[0]
        message = N_("{rule} asks for a leader on duty, but no sworn officer on a command post is free for it.")
        remedy = N_("Give the officers who lead the post command in the officers file.")
        return needs, (Finding("no-leader", "warning", message, remedy, Place(key="officers"), {"rule": rule.words}),)
    one = day_numbers(1)
    on_call = Shift(LEAD_WATCH, LEAD, pack.of(Leader)[0].counts)
    watches = (LEAD_WATCH,) if is_lawful(pack, on_call) else pack.watch
    lines = tuple(Need(LEAD, watch, one, one, one, one) for watch in watches)
    return replace(needs, posts=(*needs.posts, Post(LEAD, LEADING, leaders)), needs=(*needs.needs, *lines)), ()


def with_lawful_watches(needs: Needs, pack: Pack) -> tuple[Needs, tuple[Finding, ...]]:
    """Return needs whose watches keep every hard rule of the pack by themselves, and a note for each post that changed.

    A post around the clock takes the pack's own watches; another keeps its start and is cut to the longest duty allowed.
    """
    findings: list[Finding] = []
    for post in needs.posts:
        watches = [need.watch for need in needs.of(post.id)]
        unlawful = [watch for watch in watches if not _lawful(pack, post, watch)]
        if unlawful:
            new = _in_place_of(watches, pack, post)
            findings.append(_changed(post, unlawful[0], new, pack))
            if all(_lawful(pack, post, watch) for watch in new):
                needs = with_watches(needs, post.id, new)
    return needs, tuple(findings)


def _shift(pack: Pack, post: Post, watch: Watch) -> Shift:
    return Shift(watch, post.id, next((rule.counts for rule in pack.of(Leader)), 1.0) if post.id == LEAD else 1.0)


def _lawful(pack: Pack, post: Post, watch: Watch) -> bool:
    return is_lawful(pack, _shift(pack, post, watch))


def _in_place_of(watches: Sequence[Watch], pack: Pack, post: Post) -> tuple[Watch, ...]:
    """Return watches that the pack allows in place of others: its own around the clock, else those cut to its longest duty."""
    longest = longest_duty(pack)[0]
    if not around_the_clock(watches):
        return tuple(
            watch if _lawful(pack, post, watch) else watch.model_copy(update={"hours": min(watch.hours, longest)})
            for watch in watches
        )
    return pack.watch or tuple(watches)


def served_by_long_duty(question: Question, post: str) -> Question | None:
    """Return a question in which a post is served by 24-hour duty, None where it is already or the rules forbid it."""
    shift = Shift(DUTY24, post)
    own = question.needs.of(post)
    if any(is_long(need.watch) for need in own) or not is_lawful(question.pack, shift):
        return None
    if not around_the_clock([need.watch for need in own]):
        return None
    return replace(question, needs=with_watches(question.needs, post, (DUTY24,)))


def gaps_of_rule(needs: Needs, pack: Pack) -> Iterator[Finding]:
    """Yield an error where the needs themselves leave hours with fewer officers than the pack asks for at any time."""
    front = [need for need in needs.needs if need.post != LEAD]
    on = on_duty_by_hour((need.watch, need.least) for need in front)
    for rule in pack.of(NoGaps):
        if rule.hard and (on < rule.people - 1e-9).any():
            hour = int((on < rule.people - 1e-9).argmax())
            message = N_("{rule} asks for {people} officers at all times; the needs have {found} at hour {hour} of the week.")
            values = {"rule": rule.words, "people": rule.people, "found": f"{float(on[hour]):g}", "hour": hour}
            remedy = N_("Ask for more with --least {people}.")
            yield Finding("need-with-gap", "error", message, remedy, Place(key="needs"), values)


def _name(watch: Watch) -> Text:
    return watch.name or Text(zh=watch.id, en=watch.id)


def _changed(post: Post, old: Watch, new: Sequence[Watch], pack: Pack) -> Finding:
    rule = next(rule for rule in rules_broken(pack, _shift(pack, post, old)) if rule.hard)
    values = {"watch": _name(old), "hours": f"{old.hours:g}", "rule": rule.words, "post": post.name}
    if all(_lawful(pack, post, watch) for watch in new):
        message = N_("{post}: watch {watch} of {hours} h breaks {rule}; it is served in {new} instead.")
        return Finding(
            "watch-replaced", "note", message, "", Place(), {**values, "new": listed_words(_name(watch) for watch in new)}
        )
    message = N_("{post}: watch {watch} of {hours} h breaks {rule}, and the pack has no watches of its own.")
    return Finding("watch-unlawful", "error", message, N_("Add [[watch]] tables to the pack."), Place(key="watch"), values)
