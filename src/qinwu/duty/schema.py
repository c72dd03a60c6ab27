"""JSON Schema of duty files, for editors: a file may say only part of a duty system, the rest comes from what it extends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qinwu.duty.merging import IDENTITIES, REMOVE
from qinwu.duty.system import DutySystem
from qinwu.station.schema import schema_of

TITLE = "duty/*.toml"
_REMOVE = {"type": "boolean", "description": "true takes the item of this id away from what the file extends."}


def duty_schema() -> dict[str, Any]:
    """Return the JSON Schema of the files of a ``duty`` folder, in which only the ids are required."""
    schema = schema_of(DutySystem, TITLE)
    tables = {name: _partial(table) for name, table in schema["$defs"].items()}
    return {**schema, "required": ["id"], "$defs": tables}


def _partial(table: Mapping[str, Any]) -> dict[str, Any]:
    """Return the schema of a table; an item that merges by its id needs nothing else, and may be removed."""
    properties, required = table.get("properties", {}), table.get("required", [])
    identity = next((name for name in IDENTITIES if name in properties), "")
    if not identity:
        return dict(table)
    return {**table, "properties": {**properties, REMOVE: _REMOVE}, "required": [name for name in required if name == identity]}
