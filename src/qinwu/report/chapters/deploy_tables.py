"""Tables of the chapter about deployment: places, moves, gaps."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

from qinwu.forecast.deploy.deployment import Deployment
from qinwu.language import N_
from qinwu.plan.deploy.answer import Move, Moves
from qinwu.report.plans.plan_report import Shown
from qinwu.report.sheet import Sheet, Value
from qinwu.report.small_cells import FEWEST
from qinwu.report.words import NONE, Speaker, number
from qinwu.station.config import Text

POST_WORDS = {"station": N_("station"), "outpost": N_("outpost")}


def places_table(told: Deployment, speaker: Speaker) -> Shown:
    """Return the places: calls, hours asked for and staffed, and by how many officers each is off."""
    calls, asked, staffed = told.calls.table().sum(axis=1), told.demanded.sum(axis=1), told.staffed.sum(axis=1)
    per_week, minutes, off = told.calls.calls_per_week.sum(axis=1), told.calls.minutes_per_call, told.excess().sum(axis=1)
    header = (
        N_("Place"), N_("Calls a week"), N_("Officer-minutes a call"), N_("Hours asked for a week"), N_("Hours staffed a week"),
        N_("Use of duty time"), N_("Hours beyond its share"),
    )  # fmt: skip
    rows: list[tuple[Value, ...]] = []
    for at, name in enumerate(told.places.names):
        known = calls[at] >= FEWEST
        used = f"{asked[at] / staffed[at]:.0%}" if known and staffed[at] > 0.0 else NONE
        cells = (number(per_week[at], 1), number(minutes[at], 0), number(asked[at], 0)) if known else (NONE, NONE, NONE)
        rows.append(
            (
                name.in_language(speaker.language),
                *cells,
                number(staffed[at], 0),
                used,
                number(off[at], 0, signed=True) if known else NONE,
            )
        )
    why = ("", "deploy.demanded", "deploy.minutes", "deploy.demanded", "deploy.staffed", "deploy.use", "deploy.index")
    return _shown(speaker.say(N_("Places beside their calls")), header, rows, why, speaker)


def moves_table(moves: Sequence[Move], name: str, speaker: Speaker, *, lead: str = "", folded: bool = False) -> Shown:
    """Return moves: who, from what, to what, gain, cost, shown or not."""
    header = (
        N_("Who"), N_("Crews"), N_("Officers"), N_("From"), N_("To"), N_("Gain, min (closed forms)"), N_("Gain, min (simulated)"),
        N_("95 % interval"), N_("Hours moved a week"), N_("Nights a week"), N_("Shown"),
    )  # fmt: skip
    rows: list[tuple[Value, ...]] = []
    for move in moves:
        low, high = move.simulated.low, move.simulated.high
        rows.append((
            _in(move.who, speaker), str(move.crews), str(len(move.officers)),
            side(move, speaker, after=False), side(move, speaker, after=True),
            number(move.closed_min, 2, signed=True), number(move.simulated.mean, 2, signed=True),
            f"{number(low, 2, signed=True)} … {number(high, 2, signed=True)}" if isfinite(low) else NONE,
            number(move.moved_h, 0), f"{number(move.nights[0], 1)} → {number(move.nights[1], 1)}",
            speaker.say(N_("yes")) if move.shown and not folded else speaker.say(N_("no")),
        ))  # fmt: skip
    why = ("", "", "deploy.cost", "", "", "deploy.gain", "deploy.gain", "deploy.gain", "deploy.cost", "deploy.cost", "deploy.gain")
    return _shown(name, header, rows, why, speaker, lead=lead, folded=folded)


def side(move: Move, speaker: Speaker, *, after: bool) -> str:
    """Return what a crew works, and where where that changes, before or after a move."""
    pattern = move.after if after else move.before
    hours = (pattern.name or Text(zh=pattern.id, en=pattern.id)).in_language(speaker.language)
    place = move.target if after else move.origin
    return hours if move.origin == move.target else speaker.say(N_("{place}: {hours}"), place=_in(place, speaker), hours=hours)


def _in(text: Text, speaker: Speaker) -> str:
    return text.in_language(speaker.language)


def gaps_table(told: Deployment, speaker: Speaker) -> Shown:
    """Return the gaps in cover: post, when, how long, how many officers are lacking, and the hours that close each."""
    header = (
        N_("Post"), N_("Kind"), N_("From"), N_("Minutes"), N_("Times a week"), N_("Officers lacking"), N_("Minutes a week"),
        N_("Officer-hours a week to close it"),
    )  # fmt: skip
    posts = {post.id: post for post in told.posts}
    rows: list[tuple[Value, ...]] = [
        (
            _in(posts[gap.post].name, speaker), speaker.say(POST_WORDS[posts[gap.post].kind]),
            f"{gap.since // 60:02d}:{gap.since % 60:02d}", number(gap.minutes, 0), number(gap.per_week, 1), str(gap.lacking),
            number(gap.minutes_per_week, 0), number(gap.officer_hours, 0),
        )
        for gap in told.gaps
    ]  # fmt: skip
    lead = speaker.say(N_("Gaps below {least} officers on a post, those at the same time of day together."), least=told.least)
    why = ("", "", "deploy.gap", "deploy.gap", "deploy.gap", "deploy.gap", "deploy.gap", "deploy.gap")
    return _shown(speaker.say(N_("Gaps in cover")), header, rows, why, speaker, lead=lead)


def _shown(
    name: str, header: Sequence[str], rows: Sequence[tuple[Value, ...]], why: tuple[str, ...], speaker: Speaker, *,
    lead: str = "", folded: bool = False,
) -> Shown:  # fmt: skip
    widths = (26, *(14 for _ in header[1:]))
    return Shown(Sheet(name, (), tuple(speaker.say(word) for word in header), tuple(rows), widths), why, lead, folded)


def as_data(told: Deployment, moves: Moves | None) -> dict[str, object]:
    """Return a deployment and its moves as plain data; places with fewer than five calls tell no figures of calls."""
    known = told.calls.table().sum(axis=1) >= FEWEST
    data: dict[str, object] = {
        "system": told.system.id,
        "index": told.found._asdict() | {"hour_part": told.found.hour_part, "place_part": told.found.place_part},
        "interval": {"low": told.chance.low._asdict(), "high": told.chance.high._asdict()},
        "by_chance": {"mean": told.chance.floor._asdict(), "95 %": told.chance.floor_high._asdict()},
        "shown": told.shown,
        "wrong_hours_per_week": told.wrong_hours,
        "places": [
            {
                "id": one,
                "staffed_h": told.staffed[at].round(3).tolist(),
                "demanded_h": told.demanded[at].round(3).tolist() if known[at] else None,
                "utilisation": told.utilisation[at].round(3).tolist() if known[at] else None,
            }
            for at, one in enumerate(told.places.ids)
        ],
        "gaps": [
            {
                "post": gap.post, "since_min": gap.since, "minutes": gap.minutes, "lacking": gap.lacking, "per_week": gap.per_week,
                "officer_hours_per_week": gap.officer_hours,
            }
            for gap in told.gaps
        ],
    }  # fmt: skip
    if moves is not None:
        look = moves.outlook
        data["moves"] = [_move(move, shown=move.shown) for move in moves.moves]
        data["dropped"] = [_move(move, shown=False) for move in moves.dropped]
        data["outlook"] = {
            "response_min": look.response_min, "delayed": look.delayed, "mismatch": [one.overall for one in look.mismatch],
            "change_min": look.change_min._asdict(), "replications": look.replications,
        }  # fmt: skip
    return data


def _move(move: Move, *, shown: bool) -> dict[str, object]:
    return {
        "rule": move.rule, "crews": move.crews, "officers": list(move.officers), "from_pattern": move.before.id,
        "to_pattern": move.after.id, "from_station": move.origin.zh, "to_station": move.target.zh, "moved_h": move.moved_h,
        "nights": list(move.nights), "closed_min": move.closed_min, "simulated_min": move.simulated._asdict(), "shown": shown,
    }  # fmt: skip
