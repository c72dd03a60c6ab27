"""Words: levels, kinds of posts, lines and loads as a chart's page says them."""

from __future__ import annotations

from qinwu.duty.organisation.loads import Kind
from qinwu.duty.units import Level, Line
from qinwu.language import N_
from qinwu.station.force import Post

LEVELS: dict[Level, str] = {
    "bureau": N_("bureau"),
    "sub_bureau": N_("sub-bureau"),
    "section": N_("sections"),
    "brigade": N_("brigades"),
    "station": N_("stations"),
    "outpost": N_("outposts"),
    "squad": N_("squads"),
}
POST_NAMES: dict[Post, str] = {
    "command": N_("command"),
    "administration": N_("desk"),
    "front_line": N_("front line"),
    "specialist": N_("specialists"),
}
COLOURS: dict[Post, str] = {
    "command": "#4a463f",
    "administration": "#dcae86",
    "front_line": "#12506f",
    "specialist": "#6aa2bf",
}
"""Colour of each kind of post, on every drawing of a chart."""
LINES: dict[Line, str] = {"command": N_("commands"), "coordinate": N_("must be asked"), "guide": N_("guides")}
LOADS: dict[Kind, str] = {
    "meeting": N_("meetings"),
    "assessment": N_("assessments"),
    "paperwork": N_("papers"),
    "ad_hoc": N_("ad-hoc operations"),
    "secondment": N_("secondments"),
}
