"""What shows only when crews are made and orders become rows."""

from __future__ import annotations

from qinwu.duty.compile import compile_with_findings
from qinwu.duty.reading import LoadedSystem
from qinwu.findings import Finding, QinwuError
from qinwu.station.station import Station


def it_compiles(station: Station, loaded: LoadedSystem) -> tuple[Finding, ...]:
    """Return the findings of compiling: unknown names, crews without sworn officer (M23), officers on duty twice (M27).

    Also hours without duty (M56), calls nobody goes to, and complements that are never met (M2, M5).
    """
    try:
        findings = compile_with_findings(station, loaded.system)[1]
    except QinwuError as error:
        findings = error.findings
    return loaded.located(findings)
