"""One command, ``qinwu``: make, import, check, explain, analyse, staff, plan, compare, validate, replay.

Heavy imports stay inside the commands, so that ``qinwu --help`` answers at once.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
from collections.abc import Iterable, Sequence
from datetime import datetime
from importlib.metadata import version
from io import TextIOWrapper
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal, NoReturn

from cyclopts import App, CycloptsError, Parameter

from qinwu.cli.answering import AS_USUAL, PAGE_ONLY, Asked, Files
from qinwu.cli.claiming import claims
from qinwu.cli.evaluating import evaluate
from qinwu.cli.forecasting import forecast
from qinwu.cli.judging import judge
from qinwu.cli.leading import leads
from qinwu.cli.organising import organisation
from qinwu.cli.plans import plan
from qinwu.cli.reforming import reform
from qinwu.cli.sampling import audit_sample
from qinwu.cli.serving import backup, purge, restore, serve
from qinwu.cli.terminal import console, say, show, show_health
from qinwu.cli.trying import compare, demo
from qinwu.cli.usage import show_panel, usage_finding
from qinwu.findings import Finding, Place, QinwuError, reason_of
from qinwu.language import LANGUAGES, N_, Language, default_language, translate
from qinwu.language import said as _

WRONG_INPUT = 2
INTERRUPTED = 130


app = App(
    name="qinwu",
    help=_("A duty system is a file: plan it, try it on the station's own calls, run it, judge it."),
    version=lambda: version("qinwu"),
    version_flags=["--version"],
    help_format="plaintext",
    help_formatter=show_panel,
    result_action="return_value",
)
app.command(plan)
app.command(evaluate)
app.command(claims, help=_("Check published figures: what follows from them, how strong they are, whether they fit each other."))
app.command(
    judge,
    help=_("Judge targets, scores and records: which targets can be met, what must not be set, what the figures hide."),
)
app.command(compare, help=_("Try duty systems on the station's own calls and write a report of what each would do."))
app.command(demo, help=_("Make the sample town, compare its duty systems, and open the report."))
app.command(
    reform,
    help=_("Try reforms before and after on the same calls: who gains, who loses, what it hangs on; without a name, list them."),
)
app.command(
    audit_sample,
    name="audit-sample",
    help=_("Draw calls at random to be checked, with the interval that will give; read the filled-in sheet back."),
)
app.command(
    organisation,
    help=_("Audit an organisation chart: layers, spans, front line, owners, commanders, hand-overs, hours lost."),
)
app.command(serve, help=_("Run the station's duty board, for the control room's browsers."))
app.command(backup, help=_("Copy the duty board of a station into one file, its trail verified."))
app.command(restore, help=_("Read a copy of a duty board into an empty one and verify it."))
app.command(purge, help=_("Delete what was over before a day from a duty board, its trail kept whole; says first what would go."))
app.command(
    forecast,
    help=_("Foretell the coming weeks: calls per hour with bands, places, and duty beside demand; never people."),
)
app.command(leads, help=_("Find calls about one incident, or cases that look like one series; a human confirms."))
app["--help"].help = _("Show what a command does and takes.")
app["--version"].help = _("Show the version.")

Folder = Annotated[Path, Parameter(help=_("The station folder."))]
Lang = Annotated[Language | None, Parameter(name="--lang", help=_("Language of what is written: zh or en."))]


@app.command(help=_("Make a new station folder, empty of calls or with a synthetic sample."))
def new(
    folder: Folder,
    *,
    sample: Annotated[
        Literal["town", "rural", "station13", "bureau"] | None,
        Parameter(help=_("Fill it with a synthetic station: town, rural, the 13-person station, or a bureau of nine stations.")),
    ] = None,
    seed: Annotated[int, Parameter(help=_("Seed of the synthetic station."))] = 2024,
    lang: Lang = None,
) -> None:
    """Make a station folder."""
    language = lang or default_language()
    if sample is None:
        from qinwu.station.skeleton import write_skeleton

        write_skeleton(folder)
        words = translate(
            "{folder} is ready, filled with examples. README.txt in it says what to replace, in which order.", language
        )
    else:
        from qinwu.station.sample import write_sample

        write_sample(folder, sample, seed)
        if sample != "bureau":
            from qinwu.judge.officers.sample_log import write_sample_log

            write_sample_log(folder, seed)
        words = translate("{folder} is ready. Look at station.toml and duty/, then: qinwu compare {folder}", language)
    say(words.format(folder=folder))


@app.command(name="import", help=_("Read call files of a known layout and put clean calls into a station folder."))
def import_(
    profile: Annotated[str, Parameter(help=_("Layout of the files, such as china_110; or a profile file."))],
    *files: Annotated[Path, Parameter(help=_("Call files: CSV, Excel or Parquet."))],
    into: Annotated[Path, Parameter(help=_("The station folder."))],
    lang: Lang = None,
) -> None:
    """Import call files."""
    from qinwu.station.importing import import_calls

    language = lang or default_language()
    result = import_calls(profile, files, into)
    show(result.findings, language)
    words = translate(
        "{kept} of {read} rows are calls, in {file}; {rejected} left out, each with its reason in {account}.", language
    )
    say(
        words.format(
            kept=len(result.calls),
            read=result.calls.rows_read,
            file=result.calls_file,
            rejected=len(result.calls.rejected),
            account=result.account_file,
        )
    )


@app.command(help=_("Check a station folder and its duty systems; report data health. Exit code 2 on errors."))
def check(folder: Folder, *, lang: Lang = None) -> None:
    """Check a station folder."""
    from qinwu.simulate.trial import check_folder

    language = lang or default_language()
    station, found = check_folder(folder)
    show(found, language)
    if station is not None and len(station.calls):
        from qinwu.station.health import health

        show_health(health(station.calls, station.config.policy.limit_min), language)
    errors = sum(finding.severity == "error" for finding in found)
    warnings = sum(finding.severity == "warning" for finding in found)
    say(translate("{errors} errors, {warnings} warnings.", language).format(errors=errors, warnings=warnings))
    if errors:
        raise SystemExit(WRONG_INPUT)


@app.command(help=_("Say in words who would go to a call, in what order, after what delay, and which line of which file says so."))
def explain(
    folder: Folder,
    system: Annotated[str, Parameter(help=_("Duty system: a name in duty/, or preset:ID."))],
    *,
    atom: Annotated[str, Parameter(help=_("Atom of the call."))],
    class_: Annotated[str, Parameter(name="--class", help=_("Class of the call."))],
    at: Annotated[datetime, Parameter(help=_("Local time of the call, such as 2025-03-05T22:30."))],
    priority: Annotated[int | None, Parameter(help=_("1 (most urgent) to 4; that of the class by default."))] = None,
    lang: Lang = None,
) -> None:
    """Explain who would go."""
    from qinwu.duty.explain import explain as explain_call
    from qinwu.simulate.trial import prepare_one

    station, loaded, plan = prepare_one(folder, system, even_without_calls=True)
    say(explain_call(station, loaded, plan, atom, class_, at, priority).text(lang or default_language()))


@app.command(help=_("Say by closed forms, in a second, what a duty system does in each hour of the week."))
def analyse(
    folder: Folder,
    system: Annotated[str, Parameter(help=_("Duty system: a name in duty/, or preset:ID; the current one by default."))] = "",
    *,
    hour: Annotated[int | None, Parameter(help=_("Only this hour of the week: 0 is Monday 00:00, 167 Sunday 23:00."))] = None,
    week: Annotated[bool, Parameter(negative="", help=_("All 168 hours of the week, not the average day."))] = False,
    files: Annotated[Files, Parameter(name="*")] = PAGE_ONLY,
    lang: Lang = None,
) -> None:
    """Analyse a duty system."""
    from qinwu.cli import answering

    answering.analyse(folder, system, hour, week, files, lang or default_language())


@app.command(help=_("Say how many officers are needed by hour and watch for stated targets, and whether the station has them."))
def staff(
    folder: Folder,
    system: Annotated[str, Parameter(help=_("Duty system: a name in duty/, or preset:ID; the current one by default."))] = "",
    *,
    asked: Annotated[Asked, Parameter(name="*")] = AS_USUAL,
    files: Annotated[Files, Parameter(name="*")] = PAGE_ONLY,
    lang: Lang = None,
) -> None:
    """Staff a station."""
    from qinwu.cli import answering

    answering.staff(folder, system, asked, files, lang or default_language())


@app.command(help=_("Simulate the current duty system on the real calls and say whether the model deserves trust."))
def validate(
    folder: Folder,
    *,
    system: Annotated[str, Parameter(help=_("Duty system; the current one by default."))] = "",
    seed: Annotated[int, Parameter(help=_("Seed of every draw."))] = 1,
    lang: Lang = None,
) -> None:
    """Compare the model with history."""
    from qinwu.simulate.history import validate_history
    from qinwu.simulate.trial import prepare_one

    station, loaded, _plan = prepare_one(folder, system)
    language = lang or default_language()
    report = validate_history(station, loaded.system, seed=seed)
    say(report.text(language))
    say("\n" + translate("To compare with these figures, put into station.toml:", language) + "\n")
    say(report.station_toml)
    say(translate("and into the duty file:", language) + "\n")
    say(report.duty_toml)


@app.command(help=_("Run an event trace again and verify it event by event. Exit code 1 where it differs."))
def replay(
    trace: Annotated[Path, Parameter(help=_("Trace file written by compare --trace."))],
    *,
    station: Annotated[Path, Parameter(help=_("The station folder the trace was made from."))],
    lang: Lang = None,
) -> None:
    """Verify a trace."""
    from qinwu.simulate.trace import replay_trace

    language = lang or default_language()
    result = replay_trace(trace, station)
    for name in result.changed_files:
        say(translate("Changed since the trace was made: {file}", language).format(file=name))
    if result.identical:
        say(translate("{count} events, every one the same.", language).format(count=result.events))
        return
    words = translate("Event {number} differs: the trace has {expected}, the replay {found}.", language)
    say(words.format(number=result.first_difference, expected=result.expected, found=result.found))
    raise SystemExit(1)


@app.command(help=_("List the duty systems that come with Qinwu, or of a station."))
def systems(folder: Annotated[Path | None, Parameter(help=_("The station folder."))] = None, *, lang: Lang = None) -> None:
    """List duty systems."""
    from rich.text import Text

    from qinwu.duty.reading import list_systems, preset_ids, read_system

    language = lang or default_language()
    names = list_systems(folder) if folder else tuple(f"preset:{preset}" for preset in preset_ids())
    for name in names:
        system = read_system(name, folder).system
        about = system.about.in_language(language) if system.about else ""
        console().print(Text.assemble((name, "bold"), f"  {system.name.in_language(language)}\n    {about}"))


def _with_sample_kind(arguments: Sequence[str]) -> list[str]:
    """Let ``--sample`` stand alone: it means the town."""
    words = list(arguments)
    for at, word in enumerate(words):
        alone = at + 1 == len(words) or words[at + 1].startswith("-")
        if word == "--sample" and alone:
            words[at] = "--sample=town"
    return words


def _language_of(arguments: Sequence[str]) -> Language:
    """Return the language that the command line asks for, also where the rest of it is wrong."""
    said = [
        word.removeprefix("--lang").lstrip("=") or following
        for word, following in pairwise([*arguments, ""])
        if word.startswith("--lang")
    ]
    return next((language for language in LANGUAGES if language in said), default_language())


def _write_what_can_be_shown() -> None:
    """Let a terminal that cannot show a sign show a question mark instead."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line: exit code 0 done, 1 a check failed, 2 wrong input (every problem named), 130 interrupted."""
    _write_what_can_be_shown()
    words = _with_sample_kind(sys.argv[1:] if arguments is None else arguments)
    try:
        app(words, exit_on_error=False, print_error=False)
    except CycloptsError as error:
        _refuse([usage_finding(error)], words)
    except QinwuError as error:
        _refuse(error.findings, words)
    except OSError as error:
        message, values = N_("The file cannot be used: {reason}."), {"reason": reason_of(error)}
        _refuse([Finding("file", "error", message, "", Place(str(error.filename or "")), values)], words)
    except KeyboardInterrupt:
        _leave_at_once()


def _leave_at_once() -> NoReturn:
    """Leave without waiting for what still computes: a compilation in a thread may last a minute and cannot be stopped."""
    busy = [thread for thread in threading.enumerate() if not thread.daemon and thread is not threading.main_thread()]
    if not busy:
        sys.exit(INTERRUPTED)
    for process in multiprocessing.active_children():
        process.terminate()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(INTERRUPTED)


def _refuse(findings: Iterable[Finding], arguments: Sequence[str]) -> NoReturn:
    """Show everything that is wrong, and leave."""
    show(findings, _language_of(arguments))
    sys.exit(WRONG_INPUT)
