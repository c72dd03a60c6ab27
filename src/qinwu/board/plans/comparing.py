"""Comparing: duty systems tried on common calls by a process of its own, one comparison after the other, each with its report.

A comparison is a :class:`Job`. Whoever looks at the line of jobs keeps it going: a job whose process died is told so, and the next
one is begun. Its files lie in ``board/reports/KEY`` of the station folder.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import psutil
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from qinwu.board import trail
from qinwu.board.clock import now
from qinwu.board.in_force import checksum
from qinwu.board.models import Job, TrailEntry
from qinwu.board.plans.duty_files import standings
from qinwu.board.plans.signing import name_in_force
from qinwu.findings import Finding, Place, QinwuError
from qinwu.language import N_, Language, translate

KIND = "compare"
PROCESS = "qinwu.board.plans.comparing_process"
MOST_SYSTEMS = 8
"""The one in force among them: more than a page can show beside each other."""

EFFORTS: dict[str, int] = {"quick": 5, "usual": 30, "thorough": 100}
"""How often all systems are tried."""

MOST_BEGINNINGS = 3
FOUND, STOP = "found.json", "stop"
Ended = Literal["done", "failed", "stopped"]

_children: list[subprocess.Popen[bytes]] = []
"""Processes begun here, so that they are not left as zombies when they end."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a comparison asks: systems by name, the one in force first, how often to try them, and the reader's language.

    ``checksums`` are of the files that decided about each system when it was asked.
    """

    systems: tuple[str, ...]
    replications: int
    language: Language
    checksums: tuple[str, ...]

    @classmethod
    def of(cls, job: Job) -> Question:
        """Return the question of a job."""
        asked = json.loads(job.question)
        return cls(tuple(asked["systems"]), asked["replications"], asked["language"], tuple(asked["checksums"]))


def jobs() -> QuerySet[Job]:
    """Return all comparisons, the newest first."""
    return Job.objects.filter(kind=KIND)


def folder_of(job: Job) -> Path:
    """Return where the files of a comparison lie."""
    return Path(settings.STATE) / "reports" / str(job.key)


def page_of(job: Job, language: Language) -> Path:
    """Return where the page of a comparison lies."""
    return folder_of(job) / f"comparison.{language}.html"


def workbook_of(job: Job, language: Language) -> Path:
    """Return where the workbook of a comparison lies."""
    return folder_of(job) / f"comparison.{language}.xlsx"


def found_by(job: Job) -> dict[str, Any] | None:
    """Return what a comparison found, by language, with the hash of the script of its page; None where it found nothing."""
    try:
        found: dict[str, Any] = json.loads((folder_of(job) / FOUND).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found


def bytes_of(job: Job) -> int:
    """Return how much room the report of a comparison takes."""
    return sum(path.stat().st_size for path in folder_of(job).glob("*") if path.name != FOUND)


def ask(systems: Sequence[str], effort: str, by: str, language: Language) -> Job:
    """Put a comparison in the line, and begin it if it is the first.

    Parameters
    ----------
    systems
        Names of duty systems of the station; that in force is always compared with, named or not.
    effort
        A key of `EFFORTS`.
    by
        Who asks.
    language
        In which progress is told.

    Raises
    ------
    QinwuError
        Too few or too many systems, or one that does not fit the station.
    """
    chosen = tuple(dict.fromkeys((name_in_force(), *systems)))
    wrong = list(_wrong(chosen, effort))
    if wrong:
        raise QinwuError(wrong)
    checksums = [_checksum(name) for name in chosen]
    return _put({"systems": chosen, "replications": EFFORTS[effort], "language": language, "checksums": checksums}, by)


def _checksum(name: str) -> str:
    one = standings().of(name)
    return checksum(Path(settings.STATION), one.loaded.files if one and one.loaded else None)


def changed_since(job: Job) -> tuple[str, ...]:
    """Return the systems of a comparison whose files, or those of the station, were changed after it was asked."""
    question = Question.of(job)
    pairs = zip(question.systems, question.checksums, strict=True)
    return tuple(name for name, kept in pairs if kept != _checksum(name))


def again(job: Job, by: str) -> Job:
    """Put the question of an older comparison in the line again, against what is in force now."""
    question = Question.of(job)
    effort = next((name for name, count in EFFORTS.items() if count == question.replications), "usual")
    return ask(question.systems, effort, by, question.language)


def _put(asked: dict[str, Any], by: str) -> Job:
    with transaction.atomic():
        trail.lock()
        job = Job.objects.create(kind=KIND, question=json.dumps(asked, ensure_ascii=False), asked_by=by, asked_at=now())
        trail.record(by, "comparison.ask", str(job.key), systems=asked["systems"], replications=asked["replications"])
    tend()
    job.refresh_from_db()
    return job


def _wrong(chosen: tuple[str, ...], effort: str) -> list[Finding]:
    found: list[Finding] = []
    if not 2 <= len(chosen) <= MOST_SYSTEMS:
        message, remedy = N_("{count} duty systems were chosen."), N_("Choose from 1 to {most} beside the one in force.")
        values = {"count": len(chosen) - 1, "most": MOST_SYSTEMS - 1}
        found.append(Finding("wrong-number", "error", message, remedy, Place(key="systems"), values))
    found += effort_findings(effort)
    known = standings()
    for name in chosen[1:]:
        one = known.of(name)
        if one is None:
            message, remedy = N_("There is no duty system {value}."), N_("Choose from the list.")
            found.append(Finding("unknown-system", "error", message, remedy, Place(key="systems"), {"value": name[:80]}))
        elif one.plan is None:
            found += one.findings
    return found


def effort_findings(effort: str) -> list[Finding]:
    """Return what is wrong with a word for how often to try."""
    if effort in EFFORTS:
        return []
    message, remedy = N_("{word} is not in the list."), N_("Choose from the list.")
    return [Finding("unknown-effort", "error", message, remedy, Place(key="effort"), {"word": effort[:40]})]


def tend() -> None:
    """Keep the line going: tell of jobs whose process died, and begin the next where none runs."""
    _children[:] = [child for child in _children if child.poll() is None]
    if not jobs().filter(state__in=("waiting", "running")).exists():
        return
    with transaction.atomic():
        trail.lock()
        running = list(jobs().filter(state="running"))
        for job in [each for each in running if not is_alive(each)]:
            running.remove(job)
            if is_stopped(job):
                _end(job, "stopped")
                continue
            words = N_("It ended without a result: the machine was switched off, or its process was ended.")
            _end(job, "failed", translate(words, Question.of(job).language))
        waiting = jobs().filter(state="waiting").order_by("asked_at", "id").first()
        if not running and waiting is not None:
            _begin(waiting)


def resume() -> None:
    """Put comparisons that ended with the machine or the service in the line again, and go on with the line; as the server starts.

    One that has begun :data:`MOST_BEGINNINGS` times is left to fail: it may be what the machine cannot bear.
    """
    with transaction.atomic():
        trail.lock()
        for job in jobs().filter(state="running"):
            begun = TrailEntry.objects.filter(action="comparison.begin", subject=str(job.key)).count()
            if not is_alive(job) and not is_stopped(job) and begun < MOST_BEGINNINGS:
                job.state, job.share, job.step = "waiting", 0.0, ""
                job.save()
                trail.record("system", "comparison.resume", str(job.key))
    tend()


def _begin(job: Job) -> None:
    """Begin a job: a process that is on its own from here on, whatever becomes of the server."""
    folder = folder_of(job)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "log.txt").open("ab") as log:
        child = subprocess.Popen(
            [sys.executable, "-m", PROCESS, str(job.key)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            env=os.environ
            | {"QINWU_STATION": str(settings.STATION), "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"]},
        )
    _children.append(child)
    job.state, job.started, job.process = "running", now(), child.pid
    job.step = translate(N_("Beginning"), Question.of(job).language)
    job.save()
    trail.record("system", "comparison.begin", str(job.key))


def is_alive(job: Job) -> bool:
    """Return whether the process of a job runs; another process that got its number since does not count."""
    return _process(job) is not None


def _process(job: Job) -> psutil.Process | None:
    try:
        process = psutil.Process(job.process)
        if process.status() != psutil.STATUS_ZOMBIE and str(job.key) in process.cmdline():
            return process
    except (psutil.Error, ValueError, TypeError):
        pass
    return None


def stop(job: Job, by: str) -> None:
    """Stop a comparison: one in the line leaves it, one that runs ends with what it has found so far."""
    with transaction.atomic():
        trail.lock()
        job.refresh_from_db()
        if job.state not in ("waiting", "running"):
            return
        trail.record(by, "comparison.stop", str(job.key))
        if job.state == "waiting":
            _end(job, "stopped")
            return
        (folder_of(job) / STOP).touch()
        if (process := _process(job)) is not None:
            with suppress(psutil.Error):
                process.send_signal(signal.SIGINT if os.name == "posix" else signal.SIGTERM)
    tend()


def is_stopped(job: Job) -> bool:
    """Return whether somebody asked to stop a comparison that had begun: a file says so, for a signal may come too early."""
    return (folder_of(job) / STOP).exists()


def end(job: Job, state: Ended, told: str = "") -> None:
    """Write down how a comparison ended."""
    with transaction.atomic():
        trail.lock()
        job.refresh_from_db()
        if job.state == "running":
            _end(job, state, told)


def _end(job: Job, state: Ended, told: str = "") -> None:
    job.state, job.ended, job.told, job.step = state, now(), told, ""
    if state == "done":
        job.share = 1.0
    job.save()
    trail.record("system", f"comparison.{state}", str(job.key), told=told)


def progress(job: Job, share: float, step: str) -> None:
    """Tell how far a comparison is; nothing anybody decides by, so the trail has no entry of it."""
    Job.objects.filter(pk=job.pk, state="running").update(share=min(1.0, share), step=step[:200])


def delete_report(job: Job, by: str) -> None:
    """Delete page and workbook of a comparison that has ended; what it found stays, for signatures rest on it."""
    with transaction.atomic():
        trail.lock()
        job.refresh_from_db()
        if job.state in ("waiting", "running"):
            message, remedy = N_("This comparison has not ended."), N_("Stop it first.")
            raise QinwuError([Finding("not-ended", "error", message, remedy, Place())])
        for path in folder_of(job).glob("*"):
            if path.name != FOUND:
                path.unlink()
        if not any(folder_of(job).glob("*")):
            shutil.rmtree(folder_of(job), ignore_errors=True)
        trail.record(by, "comparison.delete", str(job.key))
