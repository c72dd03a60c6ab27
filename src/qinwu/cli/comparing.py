"""The main job behind ``compare`` and ``demo``: options checked, systems tried, reports and traces written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from qinwu.cli.answering import read_with
from qinwu.cli.terminal import progress, say, stopped_by_ctrl_c
from qinwu.findings import Finding, Place, QinwuError
from qinwu.language import N_, Language, translate

if TYPE_CHECKING:
    from qinwu.report import Report
    from qinwu.simulate.outcome import Comparison
    from qinwu.simulate.trial import Trial


def prepared(folder: Path, systems: str, wrong: Sequence[Finding]) -> Trial:
    """Return what is to be tried, or raise everything wrong with it together with what is wrong already."""
    from qinwu.simulate.trial import prepare

    names = tuple(name.strip() for name in systems.split(",") if name.strip())
    return read_with(wrong, lambda: prepare(folder, names))


def keep_flows(folder: Path, name: str, language: Language) -> list[str]:
    """Write a duty system in each call flow into a station's folder, unless it stands there; return their names."""
    from qinwu.duty.reading import DUTY, SUFFIX, read_system
    from qinwu.plan.call_flows import call_flows, placed
    from qinwu.report.writing import write_whole

    names = []
    for file in call_flows(read_system(name, folder).system, name):
        kept, there = placed(file, folder)
        path = folder / DUTY / f"{kept.id}{SUFFIX}"
        if not there:
            write_whole(path, kept.text().encode("utf-8"))
            say(translate("Written: {file}", language).format(file=path))
        names.append(kept.id)
    return names


@dataclass(frozen=True)
class Run:
    """How to try: the options of ``compare`` that shape the run."""

    replications: int
    seed: int = 1
    calls: Literal["replay", "weeks", "sampled"] | None = None
    days: int | None = None
    weeks: int | None = None
    processes: int = 0
    engine: str = "local"

    def findings(self) -> list[Finding]:
        """Return what is wrong with the options."""
        from qinwu.simulate.engine import engine_named

        least = {"--replications": (self.replications, 1), "--days": (self.days, 1), "--weeks": (self.weeks, 1)}
        least |= {"--seed": (self.seed, 0), "--processes": (self.processes, 0)}
        message, remedy = N_("{option} must be at least {least}, not {value}."), N_("Give a larger number.")
        found = [
            Finding("too-small", "error", message, remedy, Place(), {"option": option, "least": at_least, "value": value})
            for option, (value, at_least) in least.items()
            if value is not None and value < at_least
        ]
        try:
            engine_named(self.engine, 1)
        except QinwuError as error:
            found += error.findings
        return found

    def of(self, trial: Trial, language: Language) -> Comparison:
        """Try every system of `trial`."""
        from qinwu.simulate.engine import engine_named
        from qinwu.simulate.trial import run_trial

        calls = len(trial.station.calls) * len(trial.plans) * self.replications
        words = translate("Trying {count} duty systems", language).format(count=len(trial.plans))
        patience = translate("compiling once: 20 s", language)
        with progress(words, self.replications, patience) as done, stopped_by_ctrl_c() as stop:
            return run_trial(
                trial, replications=self.replications, seed=self.seed, mode=self.calls, days=self.days, weeks=self.weeks,
                engine=engine_named(self.engine, self.processes, calls, stop), on_done=done,
            )  # fmt: skip


def report_of(trial: Trial, comparison: Comparison, elapsed_s: float) -> Report:
    """Return the report of a comparison that took `elapsed_s` seconds and ends now."""
    from qinwu.report import build_report

    systems = [loaded.system for loaded in trial.systems]
    return build_report(trial.station, systems, trial.plans, comparison, elapsed_s, datetime.now().astimezone())


def write_reports(report: Report, language: Language, html: Path, xlsx: Path | None, json: Path | None) -> None:
    """Say what the comparison shows, and write the files asked for, each whole or not at all."""
    from qinwu.report import headline, write_html, write_json, write_xlsx

    if report.comparison.interrupted:
        words = translate("Interrupted: the report rests on the {count} replications that were finished.", language)
        say(words.format(count=report.comparison.replications))
    say(headline(report, language))
    writers: dict[Path | None, Callable[[Path], None]] = {
        html: lambda path: write_html(path, report, language),
        xlsx: lambda path: write_xlsx(path, report, language),
        json: lambda path: write_json(path, report),
    }
    for path, write in writers.items():
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            write(path)
            say(translate("Written: {file}", language).format(file=path))


def write_traces(trial: Trial, comparison: Comparison, folder: Path, run: Run, language: Language) -> None:
    """Write the events of the first replication of every system into `folder`."""
    from qinwu.simulate.trace import write_trace

    folder.mkdir(parents=True, exist_ok=True)
    for name in trial.names:
        path, seed, mode = folder / f"{name}.parquet", comparison.seed, comparison.mode
        count = write_trace(path, trial.station, name, seed=seed, replication=0, mode=mode, days=run.days, weeks=run.weeks)
        say(translate("Written: {file}, {count} events", language).format(file=path, count=count))
