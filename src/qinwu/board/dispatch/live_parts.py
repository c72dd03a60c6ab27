"""Live parts: parts of pages that look alike to all readers of a language, drawn once for each change and given to everybody."""

from __future__ import annotations

import json

from qinwu.board.clock import now
from qinwu.board.dispatch.at_hand import at_hand
from qinwu.board.dispatch.drawing import NOW
from qinwu.board.dispatch.figures import day_figures
from qinwu.board.in_force import in_force
from qinwu.board.pages import drawn
from qinwu.board.views.board import parts
from qinwu.board.views.maps import moving_in
from qinwu.language import Language

TEMPLATES = {name: f"board/{name}.html.j2" for name in ("clock", "headline", "queue", "crews", "figures")}
MOVING = "moving"
"""What moves on the map, as GeoJSON."""
NAMES = frozenset({*TEMPLATES, MOVING})


def draw(names: frozenset[str], language: Language) -> dict[str, str]:
    """Return some parts as they look now, by name, and the board's time as ``now``; names that no part has are left out.

    What the page's own clocks fill in is left to them: a line changes only when something happened to its call or crew.

    Parameters
    ----------
    names
        Of `NAMES`.
    language
        Whose words they are in.
    """
    force, at = in_force(), now()
    hand = at_hand(force, at)
    values = parts(force, hand, at, language)
    if "figures" in names:
        values["figures"] = day_figures(force, at)
    values["live"] = True
    found = {name: drawn(template, language, **values) for name, template in TEMPLATES.items() if name in names}
    if MOVING in names:
        features = ",\n".join(json.dumps(each) for each in moving_in(force, hand, language))
        found[MOVING] = f'{{"type": "FeatureCollection", "features": [\n{features}\n]}}'
    return found | {NOW: str(at.timestamp())}
