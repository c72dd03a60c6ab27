"""Rules that every duty system must keep at its station. A new rule is a function in one of these files and a line in ``RULES``.

A rule takes the station and the loaded system and yields findings with the file and line of the value at fault. Its docstring
names the mechanism it guards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from qinwu.duty.reading import LoadedSystem
from qinwu.duty.response_plan import ResponsePlan
from qinwu.duty.rules.accountability import beat_officers_exist, one_accountable_officer_on_every_date
from qinwu.duty.rules.assumptions import assumptions_explain_the_figures_in_force
from qinwu.duty.rules.atoms import beats_have_atoms, every_atom_in_one_beat
from qinwu.duty.rules.compiled import it_compiles, try_to_compile
from qinwu.duty.rules.crews import crews_can_have_their_sworn_officers, every_priority_has_crews
from qinwu.duty.rules.filters import filters_name_known_calls, functional_beats_name_known_things
from qinwu.duty.rules.orders import every_order_is_reached, tiers_can_mean_somebody
from qinwu.duty.rules.organisation import (
    chart_names_exist,
    one_line_superior_each,
    one_root,
    parents_exist,
    spans_of_units,
    units_exist,
)
from qinwu.duty.rules.pairs import partners_are_neighbours, two_beats_in_one_pair
from qinwu.duty.rules.partners import partners_take_what_they_may
from qinwu.duty.rules.postings import officers_are_in_units, postings_name_what_exists
from qinwu.duty.rules.roster import duty_hours_are_lawful, groups_differ, work_has_its_time
from qinwu.duty.rules.sectors import beats_in_one_sector, sectors_of_adjacent_beats, sergeants_are_members, spans_of_sergeants
from qinwu.duty.rules.shape import beats_are_contiguous
from qinwu.duty.rules.squads import heads_exist, nobody_in_two_squads
from qinwu.duty.rules.stands_alone import a_layer_needs_a_base
from qinwu.duty.rules.training import training_effects_concern_somebody
from qinwu.duty.rules.venues import every_venue_has_one_owner, functional_beats_have_officers
from qinwu.findings import Finding, QinwuError, raise_on_errors
from qinwu.station.station import Station

Rule = Callable[[Station, LoadedSystem], Iterable[Finding]]

RULES: tuple[Rule, ...] = (
    a_layer_needs_a_base,
    every_atom_in_one_beat,
    beats_have_atoms,
    beats_are_contiguous,
    one_accountable_officer_on_every_date,
    beat_officers_exist,
    beats_in_one_sector,
    sectors_of_adjacent_beats,
    sergeants_are_members,
    spans_of_sergeants,
    two_beats_in_one_pair,
    partners_are_neighbours,
    every_venue_has_one_owner,
    functional_beats_have_officers,
    functional_beats_name_known_things,
    one_root,
    parents_exist,
    one_line_superior_each,
    units_exist,
    chart_names_exist,
    spans_of_units,
    officers_are_in_units,
    postings_name_what_exists,
    nobody_in_two_squads,
    heads_exist,
    crews_can_have_their_sworn_officers,
    every_priority_has_crews,
    partners_take_what_they_may,
    training_effects_concern_somebody,
    groups_differ,
    duty_hours_are_lawful,
    work_has_its_time,
    filters_name_known_calls,
    every_order_is_reached,
    tiers_can_mean_somebody,
    assumptions_explain_the_figures_in_force,
    it_compiles,
)


def check_system(station: Station, loaded: LoadedSystem) -> tuple[Finding, ...]:
    """Return everything wrong or doubtful about a duty system at a station, each finding once.

    Parameters
    ----------
    station
        What there is.
    loaded
        The duty system with the sources of its values.
    """
    return _once(finding for rule in RULES for finding in rule(station, loaded))


def compile_checked(station: Station, loaded: LoadedSystem) -> tuple[ResponsePlan, tuple[Finding, ...]]:
    """Return the response plan of a duty system that keeps every rule, and the warnings; compiles once.

    Raises
    ------
    QinwuError
        With every finding of :func:`check_system`, when any of them is an error.
    """
    plan, compiling = try_to_compile(station, loaded)
    static = [finding for rule in RULES if rule is not it_compiles for finding in rule(station, loaded)]
    findings = raise_on_errors(_once([*static, *compiling]))
    if plan is None:
        raise QinwuError(findings)
    return plan, findings


def _once(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    found: dict[str, Finding] = {}
    for finding in findings:
        found.setdefault(repr(finding), finding)
    return tuple(found.values())
