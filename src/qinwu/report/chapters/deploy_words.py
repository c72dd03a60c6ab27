"""Words of the chapter about deployment: how each number is computed."""

from __future__ import annotations

from qinwu.language import N_

WHY = {
    "deploy.index": N_(
        "Half the sum of differences between the shares of staffed and of demanded hours over all places and hours of the week"
        " (dissimilarity index, Duncan & Duncan 1955): the share of duty hours that would have to be at another place or hour."
        " Cells with few calls are drawn towards what their place and hour say, so that the index errs on the low side."
    ),
    "deploy.floor": N_(
        "What luck alone would show: as many calls are drawn exactly where and when officers are staffed, and the index is taken"
        " of them in the same way. Only an index above what 95 of 100 such draws stay below says anything."
    ),
    "deploy.staffed": N_(
        "Crews on duty by the duty system, averaged over its cycle. The hours of a crew with a beat of its own belong to that"
        " beat; those of crews that serve several places are shared among them as calls of that hour are."
    ),
    "deploy.demanded": N_(
        "Calls of residents times officers needed times way, scene and writing up, in the hour they come; follow-up belongs to"
        " the place and is spread over 08:00 to 20:00, since it can wait (an assumption). Visits and inspections are not in it."
    ),
    "deploy.use": N_("Demanded hours divided by staffed hours: which part of duty time calls take."),
    "deploy.minutes": N_("Officer-minutes that a mean call asks for: way, scene, writing up and follow-up of all officers."),
    "deploy.gap": N_(
        "Minutes with fewer officers on a post than it must have, from the duty system's own watches; closing a gap costs the"
        " officers lacking times its length. A crew out on a call still counts as on duty."
    ),
    "deploy.gain": N_(
        "By how many minutes the mean response would be longer without this move, urgent calls weighing more (4 : 2 : 1 : 0.5,"
        " an assumption). Closed forms for each move; then paired simulation: the same calls and the same luck with and without"
        " it, with the 95 % interval. A move whose interval does not lie above 0 is dropped."
    ),
    "deploy.cost": N_(
        "Officer-hours a week that lie at another hour or station, officers affected, and their nights a week (duties with three"
        " hours or more between midnight and six), now and then. Hours a week stay as they are; rules of rest are kept."
    ),
}
"""How each kind of number is computed."""
