"""Moves of crews told: duty beside demand today, who moves from where to where, the gain and the cost of each."""

from __future__ import annotations

from datetime import datetime

import numpy as np

from qinwu.forecast.deploy.deployment import Deployment
from qinwu.language import N_, Language
from qinwu.plan.deploy.answer import Moves
from qinwu.report.answer_page import KeyFigure
from qinwu.report.chapters.deploy import deploy_chapter
from qinwu.report.plans.plan_report import PlanReport
from qinwu.report.words import Speaker, number


def deploy_report(told: Deployment, moves: Moves, language: Language, made: datetime | None = None) -> PlanReport:
    """Return moves of crews as a page, a workbook and data."""
    speaker = Speaker(language)
    chapter = deploy_chapter(told, language, moves)
    return PlanReport(
        kind="deploy",
        station=told.station,
        language=language,
        claim=_claim(moves, speaker),
        deck=(chapter.title + speaker.say(N_(".")), *chapter.lead),
        keys=(*_keys(moves, speaker), *chapter.keys),
        drawings=chapter.drawings,
        tables=chapter.tables,
        proof=moves.proof if moves.moves else None,
        why=chapter.why,
        notes=chapter.notes,
        data=dict(chapter.data),
        made=made,
    )


def _claim(moves: Moves, speaker: Speaker) -> str:
    """Return the answer in one sentence."""
    if not moves.moves:
        return speaker.say(N_("No move of whole crews shows a gain: the duty system stays as it is."))
    look = moves.outlook
    gain = -look.change_min.mean if np.isfinite(look.change_min.mean) else look.response_min[0] - look.response_min[1]
    text = N_("Moving {crews} crews lets callers wait {gain} minutes less on average, without one officer-hour more.")
    return speaker.say(text, crews=sum(move.crews for move in moves.moves), gain=number(gain, 1))


def _keys(moves: Moves, speaker: Speaker) -> tuple[KeyFigure, ...]:
    """Return the numbers about moves."""
    if not moves.moves:
        return ()
    hours, people = number(moves.moved_h, 0), str(moves.people)
    then = moves.outlook.mismatch[1].overall
    return (
        KeyFigure(speaker.say(N_("officer-hours a week that move")), hours, "", "deploy.cost"),
        KeyFigure(speaker.say(N_("officers affected")), people, "", "deploy.cost"),
        KeyFigure(speaker.say(N_("duty hours at the wrong hour or place, with the moves")), f"{then:.0%}", "", "deploy.index"),
    )
