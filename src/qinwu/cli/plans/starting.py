"""Earlier plans to start from: the JSON files that planners write."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from qinwu.findings import Finding, Place, QinwuError
from qinwu.language import N_
from qinwu.station.text_file import read_bytes


def earlier_plan(path: Path, kind: str) -> dict[str, Any]:
    """Return the data of a plan of this kind that ``--json`` wrote.

    Raises
    ------
    QinwuError
        The file is missing, no JSON, or of another plan.
    """
    try:
        data = json.loads(read_bytes(path).decode("utf-8"))
    except ValueError:
        data = None
    if not isinstance(data, dict) or data.get("plan") != kind:
        message, remedy = N_("This is no plan to start from."), N_("Give the file that --json wrote when it was planned.")
        raise QinwuError([Finding("no-plan-to-start-from", "error", message, remedy, Place(path.name))])
    return data
