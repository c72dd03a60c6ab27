"""The page of a plan: one self-contained HTML file."""

from __future__ import annotations

from qinwu.report.answer_page import render
from qinwu.report.plans.plan_report import PlanReport


def page(report: PlanReport) -> str:
    """Return the page as text."""
    return render(
        report.template,
        report,
        dict(report.why),
        kind="plan",
        kicker=report.kicker,
        claim=report.claim,
        deck=list(report.deck),
        report=report,
        proof=report.proof_sheet,
    )
