"""``compare`` and ``demo``: duty systems tried on common calls, told on a page."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from qinwu.cli.comparing import Run, keep_flows, prepared, report_of, write_reports, write_traces
from qinwu.cli.plans.running import Folder, Lang
from qinwu.cli.targets import writable_findings
from qinwu.cli.terminal import show
from qinwu.findings import raise_on_errors
from qinwu.language import default_language
from qinwu.language import said as _

SHOWN_WARNINGS = 12
DEMO_FOLDER = "qinwu-demo"
DEMO_REPLICATIONS = 20


def compare(
    folder: Folder,
    *,
    systems: Annotated[str, Parameter(help=_("Duty systems, separated by commas; all of duty/ by default."))] = "",
    call_flows: Annotated[
        str,
        Parameter(help=_("Also this duty system with calls taken and dispatched on 1-1, 1-2 and 2-2 levels, written to duty/.")),
    ] = "",
    days: Annotated[int | None, Parameter(help=_("Use only the last so many days of calls."))] = None,
    replications: Annotated[int, Parameter(help=_("How often to run; more gives narrower intervals."))] = 30,
    seed: Annotated[int, Parameter(help=_("Seed: the same seed gives the same result on any engine."))] = 1,
    calls: Annotated[
        Literal["replay", "weeks", "sampled"] | None,
        Parameter(help=_("replay: the exact calls; weeks: whole weeks redrawn; sampled: drawn from fitted rates.")),
    ] = None,
    weeks: Annotated[int | None, Parameter(help=_("Length of one run in weeks; that of the record by default."))] = None,
    processes: Annotated[int, Parameter(help=_("Processes to use; 0 chooses."))] = 0,
    engine: Annotated[str, Parameter(help=_("local, or dask://host:port."))] = "local",
    html: Annotated[Path | None, Parameter(help=_("Report page; reports/compare.html in the folder by default."))] = None,
    xlsx: Annotated[Path | None, Parameter(help=_("Excel workbook."))] = None,
    json: Annotated[Path | None, Parameter(help=_("JSON file."))] = None,
    trace: Annotated[Path | None, Parameter(help=_("Folder for event traces of the first replication."))] = None,
    lang: Lang = None,
) -> None:
    """Compare duty systems."""
    language = lang or default_language()
    page = html or folder / "reports" / f"compare.{language}.html"
    run = Run(replications, seed, calls, days, weeks, processes, engine)
    if call_flows:
        systems = ",".join([*systems.split(","), *keep_flows(folder, call_flows, language)])
    trial = prepared(folder, systems, [*run.findings(), *writable_findings(page, xlsx, json, folder=trace)])
    show([f for f in (*trial.station.findings, *trial.findings) if f.severity != "note"], language, SHOWN_WARNINGS)
    started = time.monotonic()
    comparison = run.of(trial, language)
    write_reports(report_of(trial, comparison, time.monotonic() - started), language, page, xlsx, json)
    if trace is not None:
        write_traces(trial, comparison, trace, run, language)


def demo(
    folder: Annotated[Path, Parameter(help=_("Where to make it."))] = Path(DEMO_FOLDER),
    *,
    replications: Annotated[int, Parameter(help=_("How often to run; more gives narrower intervals."))] = DEMO_REPLICATIONS,
    open_it: Annotated[bool, Parameter(name="--open", help=_("Open the report in the browser."))] = True,
    lang: Lang = None,
) -> None:
    """Show what Qinwu does."""
    import webbrowser

    from qinwu.station.sample import write_sample

    language = lang or default_language()
    run, page = Run(replications), folder / "reports" / f"compare.{language}.html"
    raise_on_errors([*run.findings(), *writable_findings(page)])
    if not (folder / "station.toml").exists():
        write_sample(folder)
    trial = prepared(folder, "", ())
    started = time.monotonic()
    comparison = run.of(trial, language)
    write_reports(report_of(trial, comparison, time.monotonic() - started), language, page, page.with_suffix(".xlsx"), None)
    if open_it:
        webbrowser.open(page.resolve().as_uri())
