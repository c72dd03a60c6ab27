"""Audit: everything that can be read off a chart, from one duty system (and its officers) to one frozen value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from qinwu.duty.organisation.accountability import Answering, RollUp, accountability_findings, answering, roll_up
from qinwu.duty.organisation.calls import Passed, call_findings, calls
from qinwu.duty.organisation.command import Authority, Hops, authorities, budget_findings, budget_hops, command_findings
from qinwu.duty.organisation.diversion import Diverted, diversion_findings, diversions
from qinwu.duty.organisation.duties import Matrix, duty_findings, matrix
from qinwu.duty.organisation.layers import Shape, Without, shape, span_findings, trade_off
from qinwu.duty.organisation.legal import Basis, legal_basis, legal_findings
from qinwu.duty.organisation.loads import Loads, load_findings, loads
from qinwu.duty.organisation.mirrors import Mirrors, mirror_findings, mirrors
from qinwu.duty.organisation.norms import Norms
from qinwu.duty.organisation.posts import Establishment, establish
from qinwu.duty.organisation.shares import Shares, share_findings, shares
from qinwu.duty.system import DutySystem
from qinwu.findings import Finding
from qinwu.station.config import CallClass
from qinwu.station.force import Force

GRAVITY = {"error": 0, "warning": 1, "note": 2}


@dataclass(frozen=True)
class Audit:
    """What a chart says of itself, topic by topic, and what is doubtful about it, warnings first.

    Parameters
    ----------
    system, norms
        What was audited, and what it was held against.
    establishment
        Posts by unit.
    shape, without
        Layers and spans, and what they would be without each level.
    shares
        Front line, headquarters, specialists, grassroots, beats, command.
    mirrors
        Copies of the level above.
    matrix, basis
        Who owns which duty, and what each rests on.
    authorities, hops
        Who may order whom, and how far the money is.
    calls
        Hand-overs of a call of each class.
    answering, roll_up
        Indicators whose unit cannot order what they need, and what each unit's result is made of.
    loads, diversions
        Hours lost, and specialists at other work.
    findings
        What is doubtful.
    """

    system: DutySystem
    norms: Norms
    establishment: Establishment
    shape: Shape
    without: tuple[Without, ...]
    shares: Shares
    mirrors: Mirrors
    matrix: Matrix
    basis: tuple[Basis, ...]
    authorities: tuple[Authority, ...]
    hops: tuple[Hops, ...]
    calls: tuple[Passed, ...]
    answering: tuple[Answering, ...]
    roll_up: tuple[RollUp, ...]
    loads: Loads
    diversions: tuple[Diverted, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def flagged(self) -> frozenset[str]:
        """Units and squads that a warning names."""
        places = [finding.place.key.split(".") for finding in self.findings if finding.severity == "warning"]
        named = {place[1] for place in places if place[0] in ("unit", "squad") and len(place) > 1}
        named |= {unit for each in self.matrix.with_two for unit in each.overlapping}
        named |= {each.unit for each in self.answering if each.beyond}
        return frozenset(named | {each.squad for each in self.diversions if each.over})


def audit(system: DutySystem, force: Force | None = None, norms: Norms | None = None, classes: Sequence[CallClass] = ()) -> Audit:
    """Return the audit of a chart.

    Parameters
    ----------
    system
        A duty system; one without crews does. Units, parents, ties and duties that do not exist are not its business:
        :func:`qinwu.duty.organisation.checks.chart_findings` refuses them.
    force
        Its officers; they are counted where the chart states no posts.
    norms
        What is held to be too much.
    classes
        Classes of calls; without them hand-overs are told for each order rule.
    """
    held = norms or Norms()
    posts = establish(system, force)
    found = Audit(
        system=system,
        norms=held,
        establishment=posts,
        shape=shape(system, posts),
        without=trade_off(system, posts),
        shares=shares(system, posts),
        mirrors=mirrors(system, posts, held),
        matrix=matrix(system),
        basis=legal_basis(system),
        authorities=authorities(system, posts),
        hops=budget_hops(system),
        calls=calls(system, classes),
        answering=answering(system),
        roll_up=roll_up(system, posts),
        loads=loads(system, posts, held),
        diversions=diversions(system, held),
    )
    findings = sorted(_findings(found), key=lambda finding: GRAVITY[finding.severity])
    return replace(found, findings=tuple(findings))


def _findings(found: Audit) -> Iterator[Finding]:
    """Yield what is doubtful, topic by topic."""
    system, norms = found.system, found.norms
    yield from share_findings(found.shares, system, norms)
    yield from span_findings(found.shape, norms)
    yield from command_findings(found.authorities, system)
    yield from duty_findings(found.matrix, system)
    yield from accountability_findings(found.answering, system)
    yield from call_findings(found.calls, system)
    yield from mirror_findings(found.mirrors, system, norms)
    yield from load_findings(found.loads, system, norms)
    yield from diversion_findings(found.diversions)
    yield from legal_findings(found.basis, system)
    yield from budget_findings(found.hops, system, norms)
