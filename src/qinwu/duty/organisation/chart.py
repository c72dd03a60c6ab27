"""Chart: an organisation file, read: TOML with ``[[unit]]`` tables (a duty file does), or a sheet with a row for each unit."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from qinwu.duty.organisation.checks import chart_findings
from qinwu.duty.organisation.sheet import read_sheet_chart
from qinwu.duty.reading import LoadedSystem, read_system
from qinwu.findings import Finding, QinwuError, raise_on_errors
from qinwu.station.force import Force
from qinwu.station.officers import read_force

TOML = ".toml"


@dataclass(frozen=True)
class Chart:
    """A chart as a duty system that knows where its values stand, its officers where there are any, and what was noticed."""

    loaded: LoadedSystem
    force: Force | None = None
    findings: tuple[Finding, ...] = ()


def read_chart(path: Path, officers: Path | None = None) -> Chart:
    """Return the chart in a TOML file or a CSV or Excel sheet.

    Parameters
    ----------
    path
        ``.toml``, read with everything it extends; anything else is read as a sheet. Levels that a sheet does not state are
        guessed from the names, and said so in a finding.
    officers
        A sheet of officers to compare the posts with, per unit and kind.

    Raises
    ------
    QinwuError
        With everything that is wrong with all files: broken or empty, circles, no top, unknown units and duties, posts that are
        not the officers.
    """
    found: list[Finding] = []
    force = None
    if officers is not None:
        try:
            force, more = read_force(officers)
            found += more
        except QinwuError as error:
            found += error.findings
    try:
        loaded, more = (read_system(path), ()) if path.suffix.lower() == TOML else read_sheet_chart(path)
    except QinwuError as error:
        raise QinwuError([*found, *error.findings]) from None
    found += [*more, *chart_findings(loaded, force)]
    return Chart(loaded, force, raise_on_errors(found))
