"""What shows only when crews are made and orders become rows."""

from __future__ import annotations

from qinwu.duty.compile import compile_with_findings
from qinwu.duty.reading import LoadedSystem
from qinwu.duty.response_plan import ResponsePlan
from qinwu.findings import Finding, QinwuError
from qinwu.station.station import Station


def it_compiles(station: Station, loaded: LoadedSystem) -> tuple[Finding, ...]:
    """Return the findings of compiling: unknown names, crews without sworn officer (M23), officers on duty twice (M27).

    Also hours without duty (M56), calls nobody goes to, and complements that are never met (M2, M5).
    """
    return try_to_compile(station, loaded)[1]


def try_to_compile(station: Station, loaded: LoadedSystem) -> tuple[ResponsePlan | None, tuple[Finding, ...]]:
    """Return the response plan, None where there can be none, and all findings with their files and lines."""
    try:
        plan, findings = compile_with_findings(station, loaded.system)
    except QinwuError as error:
        return None, loaded.located(error.findings)
    return plan, loaded.located(findings)
