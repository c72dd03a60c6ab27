"""``claims``: published figures checked, shown on the terminal and written to files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from qinwu.cli.answering import PAGE_ONLY, Files, between, read_with
from qinwu.cli.plans.running import Lang
from qinwu.cli.terminal import progress, say, show, show_sheet, stopped_by_ctrl_c
from qinwu.language import Language, default_language, translate
from qinwu.language import said as _

MOST_TRIES = 10_000
if TYPE_CHECKING:
    from qinwu.judge.claims.claim import Claim
    from qinwu.judge.claims.trying import Tried


def claims(
    file: Annotated[Path | None, Parameter(help=_("Claims: TOML, CSV or Excel; those of the articles by default."))] = None,
    *,
    tries: Annotated[int, Parameter(name="--try", help=_("How often to try claims without a figure on a synthetic station."))] = 0,
    seed: Annotated[int, Parameter(help=_("Seed of every draw."))] = 1,
    files: Annotated[Files, Parameter(name="*")] = PAGE_ONLY,
    lang: Lang = None,
) -> None:
    """Check a file of claims, that of the articles where none is given."""
    language, path = lang or default_language(), file
    files = files.of(path.parent if path else Path(), "claims", language)
    wrong = [*files.findings(), *between("--try", tries, 0, MOST_TRIES), *between("--seed", seed, 0, 2**62)]
    from qinwu.judge.claims.checking import check
    from qinwu.judge.claims.reading import read_claims, shipped_claims
    from qinwu.report.claims import ClaimsReport

    read = read_with(wrong, lambda: read_claims(path) if path else shipped_claims())
    show(read.findings, language)
    tried = _tried(read.claims, tries, seed, language) if tries else ()
    report = ClaimsReport(check(read), language, tried, datetime.now().astimezone())
    say(report.headline())
    for sheet in (report.tables.brief(), report.tables.rates(brief=True), report.tables.tries(brief=True)):
        if sheet is not None and sheet.rows:
            show_sheet(sheet)
    for each in report.crossing.all():
        say(f"{each.title}\n  {report.speaker.sentences(each.lines)}")
    for station in report.account.stations:
        say(station.table.name.in_language(language))
        for line in report.crossing.station_lines(station):
            say(f"  {line}")
    files.write(report, report.write_html)


def _tried(claims: Sequence[Claim], tries: int, seed: int, language: Language) -> tuple[Tried, ...]:
    """Return the claims that can be, tried on synthetic stations that are gone afterwards."""
    from qinwu.judge.claims.trying import try_claim
    from qinwu.simulate.engine import engine_named

    found = []
    with TemporaryDirectory() as folder:
        for claim in [claim for claim in claims if claim.trial is not None]:
            words = translate("Trying: {name}", language).format(name=claim.name.in_language(language))
            with progress(words, tries) as done, stopped_by_ctrl_c() as stop:
                engine = engine_named("local", 0, stop=stop)
                tried = try_claim(claim, Path(folder), replications=tries, seed=seed, engine=engine, on_done=done)
            found += [tried] if tried is not None else []
            if stop.is_set():
                break
    return tuple(found)
