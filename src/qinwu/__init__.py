"""Qinwu 勤务: a duty system is a file; plan it, try it on the station's own calls, run it, judge it.

A duty system says who goes, in what order:

>>> import qinwu
>>> system = qinwu.read_system("preset:one_beat").system
>>> print(system.name.en)
One officer, one beat
>>> [tier.who for tier in system.dispatch.order[0].tiers]
['own_beat', 'station', 'neighbour']

A station folder is read whole, with every problem of every file at once:

>>> from pathlib import Path
>>> qinwu.read_station(Path("nowhere"))
Traceback (most recent call last):
qinwu.findings.QinwuError: There is no folder nowhere. qinwu new --sample makes a station folder to start from.

Both together are tried on the same calls: ``run_trial(prepare(folder, ["pairs", "three_squads"]), replications=30)``.

By closed forms instead, in a second: ``analyse(station, plan, read_source(station)).hours``; see :mod:`qinwu.queueing`.

Planners take what is asked and what may be spent: ``plan_beats(BeatQuestion(...), Effort(60.0)).proof``; see :mod:`qinwu.plan`.

Forecasts learn from what residents reported: ``forecast_hours(count_calls(...), ...)``; see :mod:`qinwu.forecast.hours`.

Names are imported when first used, so that ``import qinwu`` costs nothing.
"""

from typing import TYPE_CHECKING

from qinwu.lazy import names_from

if TYPE_CHECKING:
    from qinwu.duty.compile import compile_plan as compile_plan
    from qinwu.duty.explain import explain as explain
    from qinwu.duty.reading import LoadedSystem as LoadedSystem
    from qinwu.duty.reading import list_systems as list_systems
    from qinwu.duty.reading import preset_ids as preset_ids
    from qinwu.duty.reading import read_system as read_system
    from qinwu.duty.response_plan import ResponsePlan as ResponsePlan
    from qinwu.duty.rules import check_system as check_system
    from qinwu.duty.system import DutySystem as DutySystem
    from qinwu.findings import Finding as Finding
    from qinwu.findings import QinwuError as QinwuError
    from qinwu.forecast.deploy.deployment import foresee_deploy as foresee_deploy
    from qinwu.forecast.hours.counting import count_calls as count_calls
    from qinwu.forecast.hours.forecasting import forecast_hours as forecast_hours
    from qinwu.forecast.leads.case_leads import link_cases as link_cases
    from qinwu.forecast.leads.duplicates import find_duplicates as find_duplicates
    from qinwu.forecast.places.foreseeing import foresee_places as foresee_places
    from qinwu.plan.beats.planning import BeatQuestion as BeatQuestion
    from qinwu.plan.beats.planning import plan_beats as plan_beats
    from qinwu.plan.effort import Effort as Effort
    from qinwu.plan.pairs.planning import plan_pairs as plan_pairs
    from qinwu.plan.posts.planning import plan_posts as plan_posts
    from qinwu.plan.proof import Proof as Proof
    from qinwu.plan.roster.planning import plan_roster as plan_roster
    from qinwu.plan.rounds.planning import plan_rounds as plan_rounds
    from qinwu.queueing.analysis import Analysis as Analysis
    from qinwu.queueing.analysis import analyse as analyse
    from qinwu.queueing.cube import hypercube as hypercube
    from qinwu.simulate.outcome import Comparison as Comparison
    from qinwu.simulate.trial import Trial as Trial
    from qinwu.simulate.trial import check_folder as check_folder
    from qinwu.simulate.trial import prepare as prepare
    from qinwu.simulate.trial import run_trial as run_trial
    from qinwu.station.folder import read_station as read_station
    from qinwu.station.importing import import_calls as import_calls
    from qinwu.station.sample import write_sample as write_sample
    from qinwu.station.station import Station as Station

_HOME = {
    "Analysis": "queueing.analysis",
    "BeatQuestion": "plan.beats.planning",
    "Comparison": "simulate.outcome",
    "DutySystem": "duty.system",
    "Effort": "plan.effort",
    "Finding": "findings",
    "LoadedSystem": "duty.reading",
    "Proof": "plan.proof",
    "QinwuError": "findings",
    "ResponsePlan": "duty.response_plan",
    "Station": "station.station",
    "Trial": "simulate.trial",
    "analyse": "queueing.analysis",
    "check_folder": "simulate.trial",
    "check_system": "duty.rules",
    "compile_plan": "duty.compile",
    "count_calls": "forecast.hours.counting",
    "explain": "duty.explain",
    "find_duplicates": "forecast.leads.duplicates",
    "forecast_hours": "forecast.hours.forecasting",
    "foresee_deploy": "forecast.deploy.deployment",
    "foresee_places": "forecast.places.foreseeing",
    "hypercube": "queueing.cube",
    "import_calls": "station.importing",
    "link_cases": "forecast.leads.case_leads",
    "list_systems": "duty.reading",
    "plan_beats": "plan.beats.planning",
    "plan_pairs": "plan.pairs.planning",
    "plan_posts": "plan.posts.planning",
    "plan_roster": "plan.roster.planning",
    "plan_rounds": "plan.rounds.planning",
    "preset_ids": "duty.reading",
    "prepare": "simulate.trial",
    "read_station": "station.folder",
    "read_system": "duty.reading",
    "run_trial": "simulate.trial",
    "write_sample": "station.sample",
}
__all__ = list(_HOME)
__getattr__ = names_from(__name__, _HOME)
