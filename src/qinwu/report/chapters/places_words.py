"""Words of the chapter about places: methods, guards, and how each number is computed."""

from __future__ import annotations

from qinwu.language import N_

METHOD_WORDS = {
    "count": N_("Last year's count"),
    "kernel": N_("Decayed kernel, chosen on past windows"),
    "self_exciting": N_("Self-exciting process"),
    "near_repeat": N_("Near repeat"),
    "portfolio": N_("Portfolio of methods"),
    "own_slow": N_("Own place, memory of years"),
    "own_slowest": N_("Own place, memory of the whole record"),
    "near_year": N_("With near places, memory of a year"),
    "near_slow": N_("With near places, memory of years"),
    "near_slowest": N_("With near places, memory of the whole record"),
    "wide_slow": N_("With places all around, memory of years"),
}

GUARD_WORDS = {
    "origin": N_("Only residents teach"),
    "exploration": N_("Places drawn by lot"),
    "cap": N_("Cap for each place"),
    "urns": N_("Two equal places"),
    "reporting": N_("Unequal reporting"),
    "need": N_("Need beside patrol"),
    "small": N_("Small numbers"),
    "expiry": N_("The list expires"),
}

WHY = {
    "places.expected": N_(
        "Reports of residents expected in the place in the days of the list: a weighed sum of several methods. Weights cannot be"
        " negative and are learnt on past windows only (Poisson stacking on the places that could have been chosen), so that no"
        " method is believed that would not have been right before; the kernel chosen on past windows gives the other half."
    ),
    "places.band": N_(
        "Nine of ten numbers should lie between fewest and most: a negative binomial as wide as past windows were off. Where fewer"
        " than five reports are known nothing is told."
    ),
    "places.share": N_(
        "Share of patrol. Hot places share it as the expected reports do, none above the cap; a fixed share goes to places drawn by"
        " lot among all others, so that what nobody reports has a chance to be seen."
    ),
    "places.hits": N_(
        "Each method chose as many places before each past window as the list has, knowing nothing of what came after. Hits are"
        " reports that came in them. PAI: their share of all reports over their share of the area; 1 is no better than chance. PEI:"
        " hits over the most that as many places could have had; 1 is hindsight. Intervals (95 %) from windows drawn again."
    ),
    "places.overlap": N_("Mean share of the chosen places that had been chosen in the window before, too."),
    "places.tenths": N_(
        "All places in order of what was foreseen, cut into ten equal groups, over all past windows: what came should be near what"
        " was foreseen in each."
    ),
    "places.guards": N_("The guards run with every forecast; without their report there is no result."),
    "places.urns": N_(
        "Two equal places, fifty rounds, played with the very method of this list (Ensign et al. 2018): patrol goes where the"
        " forecast is highest and finds incidents there. The number is how far the share of a place is from one half in the last"
        " ten rounds; up to 10 points pass."
    ),
    "places.need": N_(
        "Need is the share of last year's reports of residents, patrol the share that the list sends. A part that has at least 5 %"
        " of the need and gets less than a third of its share is named."
    ),
    "places.weight": N_("Share of the reports expected in the hot places that each method contributes."),
}
