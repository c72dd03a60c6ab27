"""Why: how each figure of a chart's page is computed, from what, and which source asks for it."""

from __future__ import annotations

from qinwu.duty.organisation.audit import Audit
from qinwu.duty.organisation.norms import ASSUMPTION, SOURCES
from qinwu.duty.organisation.posts import Ratio
from qinwu.duty.organisation.shares import FRONT_LINE
from qinwu.language import N_
from qinwu.report.words import Speaker

ARTICLE = N_("article on county bureaus, 《县级公安机关机构改革》")
STATIONS = N_("article on stations, 《对公安派出所改革的认识》")
CHAIN = N_("Regulations of internal duty of the People's Police (2021): orders follow the chain of command")

RULES: dict[str, tuple[str, str]] = {
    "posts": (
        N_("Posts of a unit itself, without the units below it, by what they are for."),
        N_("the chart or the officers file"),
    ),
    "front_line": (FRONT_LINE, N_("article on Henan and Daqing: 48.5% to 89%")),
    "headquarters": (
        N_(
            "Posts of units of headquarters (by level: bureau, sub-bureau, section, unless the chart says otherwise) of all posts; "
            "their front-line posts are left out."
        ),
        STATIONS,
    ),
    "specialist": (N_("Posts of brigades and the squads below them, of all posts."), N_("做专警种: the four structural aims")),
    "grassroots": (
        N_("Posts of stations, outposts and their squads, and front-line posts of headquarters, of all posts."),
        N_("做强基层: the four structural aims"),
    ),
    "beat": (
        N_("Officers who answer for a beat, of all posts; where the chart draws no beats, front-line posts of community units."),
        N_("做实基础: the four structural aims"),
    ),
    "top_heavy": (
        N_("Headquarters posts divided by front-line posts, 头重脚轻. Above 1 the head is heavier."),
        ARTICLE,
    ),
    "command": (
        N_("Command posts of all posts: fewer layers mean fewer command posts, better pay wants more of them."),
        N_("article on Henan and Daqing: 增加了干部的比例"),
    ),
    "layers": (N_("The longest chain of units from the top down, counted."), N_("减少管理层级: fewer layers")),
    "below": (N_("Units and squads directly under one unit."), SOURCES["span"]),
    "each": (N_("Posts of a unit that are not command, divided by its command posts."), SOURCES["span"]),
    "without": (
        N_("The chart with every unit of that level taken out; what was under them comes under the unit above."),
        N_("减少管理层级: fewer layers"),
    ),
    "inverted": (
        N_(
            "Headquarters against grassroots posts at and below a level; inside stations command and desks against the front line. "
            "Inverted where the first outnumber the second or pass the limit."
        ),
        STATIONS,
    ),
    "mirrors": (N_("Units whose chart row names the section above that they copy."), ARTICLE),
    "merge": (N_("Mirrored units under one parent with the same function, a duty in common, or few posts each."), ARTICLE),
    "duty": (
        N_("A unit owns what its duties list. Two stations are no overlap, nor is a unit that only guides the other."),
        ARTICLE,
    ),
    "basis": (
        N_("What the duty's basis names, compared with the ten powers of 1954 and their present successors."),
        N_("Regulation on police stations of 1954, repealed 2009; People's Police Law article 6"),
    ),
    "authority": (
        N_("The parent as the relation says, and every tie into the unit: who may order, who must ask, who advises."),
        N_("条块: articles on Yunnan and Kunming"),
    ),
    "settles": (
        N_("The line superior's order comes first; what superiors cannot agree on goes to the nearest unit above all of them."),
        CHAIN,
    ),
    "answering": (
        N_("A unit must be able to order all its indicator needs, by an unbroken line of command or a tie of command."),
        N_("责权利相一致: article on small areas"),
    ),
    "roll_up": (
        N_("Beats and squads of the unit and of all units below it: what its result is the sum of."),
        N_("article on small areas: the chief answers first"),
    ),
    "hand_overs": (
        N_(
            "Call-taker to dispatcher and each level beyond, plus every crew that must be asked, plus passing on what is left; "
            "expected where each tier has a crew free."
        ),
        N_("the order rules of the duty system"),
    ),
    "lost_s": (
        N_("Seconds of each further level, plus hand-over and asking: a refusal leads to the next tier, the last is asked again."),
        N_("the order rules of the duty system and their assumptions"),
    ),
    "orphan": (N_("Calls that leave work, and no follow-up rule names who does it."), ARTICLE),
    "senders": (N_("The dispatcher, and each unit whose squads can only be asked."), N_("统一指挥: article on basic-level reform")),
    "load": (
        N_("Hours of the load table for a unit and those below it, divided by their posts; of the hours they work a week."),
        ARTICLE,
    ),
    "ad_hoc": (N_("Ad-hoc operations and secondments of the hours a unit works a week."), ARTICLE),
    "ordered": (N_("Hours of the load table by who ordered them."), ARTICLE),
    "diverted": (
        N_("Hours a member spends at other work, of the hours of a week, against the squad's own limit."),
        N_("容易挪用警力: article on Yunnan"),
    ),
    "controls": (
        N_("The five controls: a norm, a target, a supervising branch, the chief's assessment, an order that ends it."),
        N_("防挪用五法: article on Yunnan"),
    ),
    "hops": (N_("Units between one and the unit that holds its money, along the chart."), N_("article on Henan and Daqing: 经费")),
    "findings": (
        N_("Everything below that is worse than its norm (warnings), and what may deserve a look (notes)."),
        N_("the rule named in each"),
    ),
    "chart": (
        N_("A box for each unit with its posts; ties that reach in from elsewhere bulge to the right."),
        N_("the chart or the officers file"),
    ),
}
"""By key: the rule, and its source."""


def explained(audit: Audit, speaker: Speaker) -> dict[str, str]:
    """Return the rule, the inputs and the source behind every kind of figure."""
    given = inputs(audit, speaker)
    said = {}
    for key, (rule, source) in RULES.items():
        parts = [speaker.say(rule)]
        if key in given:
            parts.append(speaker.say(N_("Inputs: {inputs}."), inputs=given[key]))
        parts.append(speaker.say(N_("Source: {source}."), source=speaker.say(source)))
        said[key] = speaker.sentences(parts)
    return said


def inputs(audit: Audit, speaker: Speaker) -> dict[str, str]:
    """Return the numbers that went into the figures that have few."""
    shares, norms = audit.shares, audit.norms
    ratios = ("front_line", "headquarters", "specialist", "grassroots", "beat", "command")
    found = {name: counted(getattr(shares, name), speaker) for name in ratios}
    found["top_heavy"] = f"{shares.headquarters.part} ÷ {shares.front_line.part}"
    found["layers"] = " → ".join(names(audit, audit.shape.deepest, speaker))
    norm = speaker.say(N_("norm {norm} to one, at most {most}"), norm=f"{norms.span:g}", most=f"{norms.span_most:g}")
    found |= {"below": norm, "each": norm}
    found["inverted"] = speaker.say(N_("limit {limit}"), limit=f"{norms.headquarters:.0%}")
    found["mirrors"] = speaker.say(N_("limit {limit}"), limit=f"{norms.mirrored:.0%}")
    hours = speaker.say(N_("{hours} hours a week an officer"), hours=f"{norms.hours:g}")
    alarms = {"load": norms.lost, "ad_hoc": norms.ad_hoc}
    for key, limit in alarms.items():
        found[key] = speaker.listed([hours, speaker.say(N_("limit {limit}"), limit=f"{limit:.0%}")])
    return found | {"diverted": hours}


def counted(ratio: Ratio, speaker: Speaker) -> str:
    """Return both counts of a share."""
    return speaker.say(N_("{part} of {whole} posts"), part=ratio.part, whole=ratio.whole)


def names(audit: Audit, units: tuple[str, ...], speaker: Speaker) -> list[str]:
    """Return units in words."""
    by_id = {unit.id: unit.name for unit in audit.system.unit}
    return [by_id[unit].in_language(speaker.language) if unit in by_id else unit for unit in units]


NORM_NAMES: dict[str, str] = {
    "span": N_("span of control"),
    "span_most": N_("span that is too wide from here on"),
    "headquarters": N_("headquarters share at most"),
    "mirrored": N_("share of mirrored units at most"),
    "hours": N_("hours a week"),
    "lost": N_("hours lost at most"),
    "ad_hoc": N_("ad-hoc hours at most"),
    "hops": N_("levels to the money at most"),
    "small": N_("a section is small up to"),
}


def norm_rows(audit: Audit, speaker: Speaker) -> list[tuple[str, str, str, bool]]:
    """Return every norm: its name, value, source, and whether it is an assumption."""
    rows = []
    for key, source in SOURCES.items():
        value = getattr(audit.norms, key)
        text = f"{value:.0%}" if isinstance(value, float) and value < 1 else f"{value:g}"
        changed = key in audit.norms.changed
        said = N_("as asked for") if changed else N_("assumption") if source == ASSUMPTION else source
        rows.append((speaker.say(NORM_NAMES[key]), text, speaker.say(said), source == ASSUMPTION and not changed))
    return rows
