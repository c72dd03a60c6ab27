"""The page of a chart: one self-contained HTML file."""

from __future__ import annotations

from typing import NamedTuple

from qinwu.duty.organisation.posts import drawn_units
from qinwu.duty.units import POSTS, Posts
from qinwu.language import N_
from qinwu.report.answer_page import framed
from qinwu.report.figures.bars import Part, stacked_bar
from qinwu.report.organisation import OrganisationReport
from qinwu.report.organisation_chart import chart_legend, draw_chart
from qinwu.report.organisation_words import COLOURS, LEVELS, POST_NAMES

LIGHT = ("command", "front_line")
HEADQUARTERS, BRANCHES, GRASSROOTS = "#b3612a", "#a1c5d8", "#12506f"


class Bar(NamedTuple):
    """One bar: what it shows, a remark, which explanation it has, and its drawing."""

    name: str
    remark: str
    why: str
    svg: str


def page(report: OrganisationReport) -> str:
    """Return the page as text."""
    units = drawn_units(report.audit.system, report.audit.establishment)
    shown = report.shown()
    return framed(
        "organisation.html.j2",
        report,
        report.subject,
        report.why(),
        synthetic=report.synthetic,
        kind="plan organisation",
        kicker=report.kicker,
        claim=report.claim(),
        deck=list(report.deck()),
        report=report,
        chart=draw_chart(units, report.audit.flagged, report.language),
        legend=chart_legend(report.language, ties=any(unit.ties for unit in units)),
        bars=bars(report),
        findings=report.told(),
        open_tables=[each for each in shown if not each.folded],
        folded_tables=[each for each in shown if each.folded],
    )


def bars(report: OrganisationReport) -> list[Bar]:
    """Return the posts as bars: all by kind, the three spheres, and headquarters against grassroots at each level."""
    audit = report.audit
    if not audit.establishment.all.total:
        return []
    found = [_by_kind(report, audit.establishment.all)]
    shares = audit.shares
    names = (N_("headquarters"), N_("specialist branches"), N_("grassroots"))
    whole = (shares.headquarters.part, shares.specialist.part, shares.grassroots.part)
    if whole[0] or whole[1]:
        found.append(_spheres(report, report.say(N_("headquarters, branches, grassroots")), "", "headquarters", names, whole))
    for each in shares.inversions:
        inside = each.level == "station"
        said = (N_("command and desks"), N_("specialists"), N_("front line")) if inside else names
        counts = (each.headquarters, each.specialist, each.grassroots)
        if not inside and counts in (whole, (0, 0, each.grassroots)):
            continue
        name = report.say(N_("inside {level}") if inside else N_("{level} and below"), level=report.say(LEVELS[each.level]))
        remark = report.say(N_("inverted")) if each.inverted else ""
        found.append(_spheres(report, name, remark, "inverted", said, counts))
    return found


def _by_kind(report: OrganisationReport, posts: Posts) -> Bar:
    parts = [
        Part(count / posts.total, str(count), COLOURS[kind], kind in LIGHT, f"{report.say(POST_NAMES[kind])} {count}")
        for kind in POSTS
        if (count := getattr(posts, kind))
    ]
    name = report.say(N_("all posts by what they are for"))
    return Bar(name, "", "posts", stacked_bar(parts, name))


def _spheres(
    report: OrganisationReport, name: str, remark: str, why: str, names: tuple[str, str, str], counts: tuple[int, int, int]
) -> Bar:
    colours = ((HEADQUARTERS, True), (BRANCHES, False), (GRASSROOTS, True))
    parts = [
        Part(count / sum(counts), f"{report.say(word)} {count}", colour, light, f"{report.say(word)} {count}")
        for word, count, (colour, light) in zip(names, counts, colours, strict=True)
        if count
    ]
    return Bar(name, remark, why, stacked_bar(parts, name))
