"""The process of one comparison: ``python -m qinwu.board.plans.comparing_process KEY``, begun by the board, then on its own.

It yields to everything else on the machine, tells how far it is in the row of its job, and begins the next in the line at its end.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from qinwu.findings import QinwuError
from qinwu.language import LANGUAGES, N_, translate

if TYPE_CHECKING:
    from qinwu.board.models import Job
    from qinwu.board.plans.comparing import Question
    from qinwu.report.report import Report
    from qinwu.simulate.outcome import Comparison
    from qinwu.simulate.trial import Trial

NICE = "10"
"""How far the process stands back, where ``QINWU_NICE`` says nothing else."""
PATIENCE_S = 20.0
"""How long to wait until whoever began this process has written so."""
TELL_EVERY_S = 0.5
READING, TRYING = 0.03, 0.75
"""Shares of the whole at which the files are read and everything has been tried; what remains is writing."""


def main(key: str) -> None:
    """Run the comparison of that key to its end, whatever the end is."""
    if hasattr(os, "nice"):
        os.nice(int(os.environ.get("QINWU_NICE", NICE)))
    # A server begun in the background hands on that it ignores this signal; here it means: stop with what there is.
    stop = Event()
    signal.signal(signal.SIGINT, lambda _signal, _frame: stop.set())
    import django

    django.setup()
    comparing = import_module("qinwu.board.plans.comparing")
    job = _own(key)
    if job is None:
        return
    question: Question = comparing.Question.of(job)
    try:
        if comparing.is_stopped(job):
            raise KeyboardInterrupt
        whole = _compare(job, question, stop)
        comparing.end(job, "done" if whole else "stopped")
    except KeyboardInterrupt:
        comparing.end(job, "stopped")
    except QinwuError as error:
        comparing.end(job, "failed", "\n".join(finding.text(question.language) for finding in error.findings))
    except Exception:
        words = N_("The program failed; {file} in the folder of the comparison says where.")
        comparing.end(job, "failed", translate(words, question.language).format(file="log.txt"))
        raise
    finally:
        comparing.tend()


def _own(key: str) -> Job | None:
    """Return the job, once the row says that this process is its own; None where it never does."""
    models = import_module("qinwu.board.models")
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        job: Job | None = models.Job.objects.filter(key=key, state="running").first()
        if job is not None:
            return job
        time.sleep(0.1)
    return None


def _compare(job: Job, question: Question, stop: Event) -> bool:
    """Compare until `stop` is set, and write what was found; return whether all that was asked for was done."""
    from qinwu.simulate.engine import engine_named
    from qinwu.simulate.trial import prepare, run_trial

    folder = Path(os.environ["QINWU_STATION"])
    tell = _Teller(job, question)
    tell(0.0, N_("Reading the station's files"))
    trial = prepare(folder, question.systems[1:], question.systems[0])
    tell(READING, N_("Trying {count} duty systems"), count=len(trial.plans))
    started = time.monotonic()
    calls = len(trial.station.calls) * len(trial.plans) * question.replications
    engine = engine_named("local", 0, calls, stop)
    comparison = run_trial(trial, replications=question.replications, engine=engine, on_done=tell.tried(started))
    _write(job, _report(trial, comparison, time.monotonic() - started), tell)
    return not comparison.interrupted


def _report(trial: Trial, comparison: Comparison, elapsed_s: float) -> Report:
    from zoneinfo import ZoneInfo

    from qinwu.board.clock import now
    from qinwu.report import build_report

    systems = [loaded.system for loaded in trial.systems]
    made = now().astimezone(ZoneInfo(trial.station.config.time_zone))  # as every other time of the board, wherever the server is
    return build_report(trial.station, systems, trial.plans, comparison, elapsed_s, made)


def _write(job: Job, report: Report, tell: _Teller) -> None:
    """Write pages, workbooks, and last what was found: where that is, everything is."""
    from qinwu.report import write_html, write_xlsx
    from qinwu.report.plain_json import write_plain_json
    from qinwu.report.summary import as_data, script_hash, summarise

    comparing = import_module("qinwu.board.plans.comparing")
    found: dict[str, object] = {"script": script_hash(), "elapsed_s": report.elapsed_s}
    for number, language in enumerate(LANGUAGES):
        tell(TRYING + (1.0 - TRYING) * number / len(LANGUAGES), N_("Writing the report"))
        write_html(comparing.page_of(job, language), report, language)
        write_xlsx(comparing.workbook_of(job, language), report, language)
        found[language] = as_data(summarise(report, language))
    write_plain_json(comparing.folder_of(job) / comparing.FOUND, found)


class _Teller:
    """Tells how far a comparison is, in the words of whoever asked, not more often than anybody could read."""

    def __init__(self, job: Job, question: Question) -> None:
        self._job = job
        self._question = question
        self._told = 0.0

    def __call__(self, share: float, text: str, **values: object) -> None:
        """Tell a share of the whole and what is being done."""
        self._told = time.monotonic()
        comparing = import_module("qinwu.board.plans.comparing")
        comparing.progress(self._job, share, translate(text, self._question.language).format(**values))

    def tried(self, started: float) -> Callable[[int], None]:
        """Return what tells how often all systems were tried, and about how long it will take yet."""
        asked = self._question.replications

        def done(count: int) -> None:
            if time.monotonic() - self._told < TELL_EVERY_S and count < asked:
                return
            share = count / asked
            left_s = (time.monotonic() - started) * (1.0 - share) / share
            words = N_("Tried {count} of {asked} times, about {minutes} min to go")
            self(READING + (TRYING - READING) * share, words, count=count, asked=asked, minutes=f"{left_s / 60.0:.1f}")

        return done


if __name__ == "__main__":
    main(sys.argv[1])
