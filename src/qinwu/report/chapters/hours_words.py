"""Words of the chapter about calls per hour: kinds of day, methods, and how each number is computed."""

from __future__ import annotations

from qinwu.forecast.hours.backtest import DECAYED, EIGHT_WEEKS, FORETOLD, HARMONIC, LAST_WEEK
from qinwu.language import N_
from qinwu.station.holidays import HOLIDAY, ORDINARY, WORKDAY

KIND_WORDS = {ORDINARY: "", HOLIDAY: N_("holiday"), WORKDAY: N_("worked instead")}

METHOD_WORDS = {
    FORETOLD: N_("This forecast: mean of the next two"),
    HARMONIC: N_("Harmonic Poisson regression"),
    DECAYED: N_("Decayed hour-of-week mean"),
    EIGHT_WEEKS: N_("Naive: mean of the last eight weeks"),
    LAST_WEEK: N_("Naive: same hour last week"),
}

WHY = {
    "hours.told": N_(
        "Calls of residents only. Mean of two methods: a Poisson regression with waves of the year, the week and the day,"
        " a trend that dies down, holidays and worked weekend days; and the mean of each hour of the week in which recent"
        " weeks weigh more. A holiday has the hours of a Sunday, a weekend day that is worked those of a day of the week."
        " Both are brought to the level of the last weeks."
    ),
    "hours.band": N_(
        "Negative binomial, as wide as forecasts made a week ahead were off in the past: nine counts of ten should lie"
        " inside. Hours, days and weeks each have a spread of their own. Further than a week ahead bands are too narrow"
        " rather than too wide."
    ),
    "hours.officer": N_(
        "Calls foretold times the officer-minutes of a mean call of a resident: officers needed times way, scene and"
        " writing up, as the duty system in force sends them. Follow-up can wait and is told apart."
    ),
    "hours.error": N_(
        "Sum of how far hours were off, without sign, divided by all calls of those hours. Each week was foretold from"
        " the days before it alone. Intervals: weeks drawn with replacement, 95 %."
    ),
    "hours.deviance": N_(
        "Mean Poisson deviance of an hour: 0 were every hour foretold exactly; near 1 is as good as chance allows. Where"
        " hours bring less than a call, this tells methods apart and the error does not: whoever foretells 0 has the"
        " smallest error."
    ),
    "hours.less": N_(
        "Deviance less that of the eight-week average, week by week; below 0 with its whole interval means better, above 0 worse."
    ),
    "hours.share": N_(
        "Share of each place in all calls, those of a year ago weighing half; half a call is given to each place"
        " beforehand. Places have too few calls for weeks of their own, so that each has the station's week times its"
        " share. The band knows how little is known of the share."
    ),
    "hours.past": N_("What had been foretold for each past week from the days before it, and what came."),
}
"""How each kind of number is computed."""
