"""Words of evaluations: what each method is, how it is computed and where it comes from; verdicts and doubts."""

from __future__ import annotations

from dataclasses import dataclass

from qinwu.judge.evaluate.estimate import Interval, Method
from qinwu.judge.evaluate.evaluation import Doubt
from qinwu.language import N_
from qinwu.report.words import NONE, Speaker, number

METHODS: dict[Method, str] = {
    "ratio": N_("Against untreated places: the test that decides"),
    "wdd": N_("Weighted displacement difference, spread as measured"),
    "clustered": N_("Poisson difference in differences, errors by place"),
    "linear": N_("Linear difference in differences, errors by place"),
    "synthetic": N_("Synthetic control"),
    "wdd_poisson": N_("Weighted displacement difference, Poisson error"),
    "interrupted": N_("Interrupted series with season"),
    "before_after": N_("Before and after only"),
}
RULES: dict[Method, str] = {
    "ratio": N_(
        "After over before in the treated places, divided by the same in the untreated places: the Poisson difference in "
        "differences. Its error holds Poisson chance and the drift between places without any reform (DerSimonian & Laird 1986), "
        "and is multiplied by what the same test does on untreated places. Student's t, two-sided. It is the same in every "
        "evaluation and cannot be exchanged. It was chosen because it keeps to 5% where nothing happened: with one place treated "
        "it saw a difference in 4.8% to 4.9% of all places and starts of records of St. Louis, in 4.6% of Portland, and in 5.4% "
        "of San Antonio, which was not looked at when choosing."
    ),
    "wdd": N_(
        "Change of the treated places less that of untreated ones made equally large (Wheeler & Ratcliffe 2018); its variance is "
        "multiplied by how much more than Poisson untreated places spread."
    ),
    "clustered": N_(
        "The same ratio by regression with place and period effects, errors robust by place (Hausman, Hall & Griliches 1984). "
        "With few treated places its error is too small: on records without reform, three treated places, it saw a difference in "
        "about one draw of four."
    ),
    "linear": N_(
        "Counts by place and period on place and period effects, errors clustered by place, as in Di Tella & Schargrodsky 2004. A "
        "share of what the treated places would have had. Places of different size must change by equal numbers, which they "
        "seldom do."
    ),
    "synthetic": N_(
        "A mix of untreated places that ran like the treated ones before (Abadie, Diamond & Hainmueller 2010); p ranks misfit "
        "after over misfit before among untreated places."
    ),
    "wdd_poisson": N_(
        "The weighted displacement difference as published (Wheeler & Ratcliffe 2018), with the sum of counts as its variance. "
        "Places spread more than that: with one control place it saw a difference in about one draw of three where nothing "
        "happened."
    ),
    "interrupted": N_(
        "A step at the start beside trend and season in the treated places' own series (Bernal, Cummins & Gasparrini 2017), "
        "errors by Newey & West. Nothing is compared: whatever else happened at that time is in it."
    ),
    "before_after": N_(
        "Counts after against counts before in the treated places, as if nothing else changed and chance were Poisson's. On "
        "records without any reform this saw a difference in about one draw of three at a nominal 5% (34% to 38% with a year "
        "before and after; 60% with three years before). It is shown because it is what is usually published."
    ),
}
DOUBTS: dict[Doubt, str] = {
    "unlike_before": N_("Treated and untreated places did not run alike before the start (p {p}); what was expected is in doubt."),
    "moving_before": N_(
        "The treated places were moving away from the untreated ones before the start already; had that gone on, it alone would "
        "have made {gone_on} (p {p} among untreated places)."
    ),
    "placebo_times": N_("Starts that never were give a difference too: {found} of {count} in the time before."),
    "regression_to_mean": N_(
        "The year before the start was unusually bad in the treated places ({unusual} against earlier years, more than in {rank} "
        "of untreated ones). From that alone a change of {expected} was to be expected."
    ),
    "placebo_places": N_("Among untreated places taken as if treated, so large a difference is not rare (p {p})."),
    "methods_part": N_("Another method with comparison shows a difference the other way."),
    "one_place": N_("Only one place was treated: whatever else happened there at that time cannot be told from the reform."),
    "few_places": N_("Only {count} places are untreated: how places drift on their own is known badly."),
}
NEVER = N_(
    "Counts can show that these places differ from others, not why. Whatever else began in these places at that time is in "
    "the difference, and so is a change in what is reported or recorded."
)


@dataclass(frozen=True, slots=True)
class ShareSpeaker(Speaker):
    """Says shares as per cent."""

    def percent(self, share: float, *, signed: bool = False) -> str:
        """Return a share: whole per cent from ten on.

        >>> ShareSpeaker("en").percent(-0.184, signed=True), ShareSpeaker("en").percent(0.042)
        ('−18%', '4.2%')
        """
        text = number(share * 100.0, 0 if abs(share) >= 0.0995 else 1, signed=signed)
        return text if text == NONE else f"{text}%"

    def bounds(self, share: Interval) -> str:
        """Return an interval of shares; a dash where there is none."""
        low, high = self.percent(share.low, signed=True), self.percent(share.high, signed=True)
        return NONE if NONE in (low, high) else self.say(N_("{low} to {high}"), low=low, high=high)

    def chance(self, p: float) -> str:
        """Return a p value.

        >>> ShareSpeaker("en").chance(0.0004), ShareSpeaker("en").chance(0.031)
        ('< 0.001', '0.031')
        """
        return "< 0.001" if p < 0.001 else number(p, 3 if p < 0.1 else 2)

    def units(self, names: tuple[str, ...], most: int = 3) -> str:
        """Return names of units, or how many there are."""
        return self.listed(list(names)) if len(names) <= most else self.say(N_("{count} units"), count=len(names))
