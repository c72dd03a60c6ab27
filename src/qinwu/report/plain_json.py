"""Plain JSON: data for programs, with null for what is not a number. Equal data give equal bytes."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

from qinwu.report.writing import write_whole


def plain(value: Any) -> Any:
    """Return data with null for numbers that are none.

    >>> plain({"wait_s": [1.0, float("nan")]})
    {'wait_s': [1.0, None]}
    """
    if isinstance(value, dict):
        return {name: plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def write_plain_json(path: Path, data: Any) -> None:
    """Write data as one line of JSON.

    Raises
    ------
    QinwuError
        Where the file cannot be written.
    """
    text = json.dumps(plain(data), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    write_whole(path, f"{text}\n".encode())
