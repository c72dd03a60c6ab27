"""Score acts: showing a sheet to whom it is about, objecting to a line, answering, signing; and the records all that makes.

The board keeps only what was done. Sheets are computed by :mod:`qinwu.judge.score` from the card, the station's tables and these
records joined with those of the station's files; nothing that is done here changes a number.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import cast

from django.db import transaction
from django.db.models import QuerySet

from qinwu.board import trail
from qinwu.board.beat.judged import Bench
from qinwu.board.clock import now
from qinwu.board.in_force import InForce
from qinwu.board.models import Objection, ScoreRecord
from qinwu.findings import Finding, Place, QinwuError
from qinwu.judge.score import records as book
from qinwu.judge.score.scored import Scored
from qinwu.judge.score.sheet import ScoreSheet
from qinwu.language import N_
from qinwu.station.guards import masked

SHOWN, SIGNED, VETO = "shown", "signed", "veto"
CONCERNED = ("officer", "beat")
"""Levels whose sheets are about one officer."""


def today_at(force: InForce) -> date:
    """Return the day at the station."""
    return _day(force, now())


def _day(force: InForce, at: datetime) -> date:
    return at.astimezone(force.zone).date()


def sheets(force: InForce, bench: Bench, period: str = "") -> Scored | None:
    """Return the sheets of a period with everything the files and the board know of them; None where nothing is scored.

    Raises
    ------
    QinwuError
        The record does not cover the period.
    """
    return bench.scored(book.joined(bench.filed, of_board(force)), today_at(force), period)


def of_board(force: InForce) -> book.Records:
    """Return what was done on the board, as records of scores."""
    raised = tuple(
        book.Objection(
            id=f"board-{each.pk}",
            officer=each.officer,
            line=each.line,
            reason=each.reason,
            state=cast("book.State", each.state),
            answered_by=each.answered_by,
            day=_day(force, each.at),
            period=each.period,
        )
        for each in Objection.objects.all()
    )
    done = tuple(
        book.Signature(each.owner, each.period, cast("book.Act", each.act), each.line, each.post or each.by, _day(force, each.at))
        for each in ScoreRecord.objects.all()
    )
    return book.Records(raised, done)


def concerns(scored: Scored, sheet: ScoreSheet, officer: str) -> bool:
    """Return whether a sheet is an officer's own: in the own name, or that of the own beat."""
    return bool(officer) and concerned(scored, sheet) == officer


def concerned(scored: Scored, sheet: ScoreSheet) -> str:
    """Return the one officer whom a sheet is about, '' where it is about a sector, a squad or the station."""
    if sheet.level not in CONCERNED:
        return ""
    return sheet.owner if sheet.level == "officer" else scored.standing.officer_of_beat(sheet.owner)


def show(sheet: ScoreSheet, by: str) -> None:
    """Show a sheet to whom it is about: the time to object begins.

    Raises
    ------
    QinwuError
        It was shown already.
    """
    with transaction.atomic():
        trail.lock()
        if sheet.shown is not None or _done(sheet, SHOWN).exists():
            raise _refused("shown-already", N_("This sheet was shown already."), N_("Load the page again."))
        _keep(sheet, SHOWN, "", "", by)
        trail.record(by, "score.show", sheet.owner, period=sheet.period, level=sheet.level)


def object_to(sheet: ScoreSheet, officer: str, line: str, reason: str, by: str) -> Objection:
    """Keep an officer's objection to one line of the own sheet.

    Raises
    ------
    QinwuError
        The sheet was not shown yet, the time is over, there is no such line, an objection is open, or the reason is missing.
    """
    wrong = list(_objection_problems(sheet, line, reason))
    if wrong:
        raise QinwuError(wrong)
    with transaction.atomic():
        trail.lock()
        if Objection.objects.filter(officer=officer, period=sheet.period, line=line, state="open").exists():
            raise _refused("open-already", N_("An objection to this line is open."), N_("Wait for the answer."), "line")
        kept = Objection.objects.create(
            officer=officer, period=sheet.period, line=line, reason=masked(reason.strip())[: book.LONGEST], at=now()
        )
        trail.record(by, "score.object", sheet.owner, period=sheet.period, line=line, reason=kept.reason)
    return kept


def _objection_problems(sheet: ScoreSheet, line: str, reason: str) -> list[Finding]:
    found = []
    if sheet.until is None:
        message, remedy = N_("This sheet has not been shown to you yet."), N_("You may object once it was.")
        found.append(_finding("not-shown", message, remedy))
    elif sheet.today > sheet.until:
        message, remedy = N_("The time to object ended on {until}."), N_("Speak to the chief.")
        found.append(_finding("too-late", message, remedy, until=sheet.until.isoformat()))
    elif sheet.stage == "final":
        found.append(_finding("final", N_("This sheet is final."), N_("Speak to the chief.")))
    if line not in {one.line.id for one in sheet.lines}:
        found.append(_finding("no-line", N_("The sheet has no line {line}."), N_("Choose from the list."), "line", line=line))
    if not reason.strip():
        found.append(_finding("no-reason", N_("The reason is missing."), N_("Say why in a few words."), "reason"))
    return found


def answer(objection: Objection, upheld: bool, reason: str, by: str) -> None:
    """Uphold an objection, so that the line is struck, or reject it, with a reason either way; once.

    Raises
    ------
    QinwuError
        It was answered already, or the reason is missing.
    """
    if not reason.strip():
        raise _refused("no-reason", N_("The reason is missing."), N_("Say why in a few words."), "answer")
    with transaction.atomic():
        trail.lock()
        objection.refresh_from_db()
        if objection.state != "open":
            raise _refused("answered", N_("This objection has been answered already."), N_("Load the page again."))
        objection.state, objection.answered_by = "upheld" if upheld else "rejected", by
        objection.answered_at, objection.answer = now(), masked(reason.strip())[: book.LONGEST]
        objection.save(update_fields=["state", "answered_by", "answered_at", "answer"])
        values = {"period": objection.period, "line": objection.line, "state": objection.state, "answer": objection.answer}
        trail.record(by, "score.answer", objection.officer, **values)


def sign(sheet: ScoreSheet, post: str, by: str) -> None:
    """Sign a sheet for a post, once everybody was heard; each post is another person's.

    Raises
    ------
    QinwuError
        Somebody has still to be heard, the post does not sign or has signed, or the account signed for another.
    """
    with transaction.atomic():
        trail.lock()
        if sheet.stage != "to_sign":
            raise _refused("not-to-sign", _WHY_NOT.get(sheet.stage, N_("This sheet is final.")), N_("Load the page again."))
        if post not in sheet.missing or _done(sheet, SIGNED).filter(post=post).exists():
            raise _refused("no-post", N_("{post} has not to sign this sheet."), N_("Choose from the list."), "post", post=post)
        if _done(sheet, SIGNED).filter(by=by).exists():
            message, remedy = N_("You have signed this sheet for another post."), N_("Let whoever holds this post sign.")
            raise _refused("signed-twice", message, remedy, "post")
        _keep(sheet, SIGNED, "", post, by)
        trail.record(by, "score.sign", sheet.owner, period=sheet.period, post=post, points=round(sheet.points, 3))


_WHY_NOT = {
    "draft": N_("This sheet was not shown to whom it is about."),
    "shown": N_("The time to object is not over."),
    "objected": N_("An objection is open."),
}


def sign_veto(sheet: ScoreSheet, line: str, by: str) -> None:
    """Put a veto in force whose condition is met: only a signature does that, and only once everybody was heard.

    Raises
    ------
    QinwuError
        No veto is proposed on that line, or somebody has still to be heard.
    """
    found = next((one for one in sheet.lines if one.line.id == line and one.status == "proposed"), None)
    if found is None:
        raise _refused("no-veto", N_("No veto is proposed on the line {line}."), N_("Load the page again."), "line", line=line)
    with transaction.atomic():
        trail.lock()
        if sheet.stage != "to_sign":
            raise _refused("not-to-sign", _WHY_NOT.get(sheet.stage, N_("This sheet is final.")), N_("Load the page again."))
        if _done(sheet, VETO).filter(line=line).exists():
            raise _refused("no-veto", N_("No veto is proposed on the line {line}."), N_("Load the page again."), "line", line=line)
        _keep(sheet, VETO, line, found.line.applied_by, by)
        trail.record(by, "score.veto", sheet.owner, period=sheet.period, line=line, post=found.line.applied_by)


def _done(sheet: ScoreSheet, act: str) -> QuerySet[ScoreRecord]:
    return ScoreRecord.objects.filter(owner=sheet.owner, period=sheet.period, act=act)


def _keep(sheet: ScoreSheet, act: str, line: str, post: str, by: str) -> None:
    ScoreRecord.objects.create(owner=sheet.owner, period=sheet.period, act=act, line=line, post=post, by=by, at=now())


def _refused(code: str, message: str, remedy: str, key: str = "", **values: object) -> QinwuError:
    return QinwuError([_finding(code, message, remedy, key, **values)])


def _finding(code: str, message: str, remedy: str, key: str = "", **values: object) -> Finding:
    return Finding(code, "error", message, remedy, Place(key=key), values)
