"""The published schema of duty files."""

from __future__ import annotations

import json
from pathlib import Path

from qinwu.duty.schema import duty_schema
from qinwu.duty.system import DutySystem
from qinwu.station.schema import schema_text

PUBLISHED = Path(__file__).parents[2] / "docs" / "schema" / "duty.schema.json"


def test_the_published_schema_is_up_to_date() -> None:
    """The file in docs is what the models say."""
    assert PUBLISHED.read_text(encoding="utf-8") == schema_text(duty_schema())


def test_a_file_may_say_only_part() -> None:
    """Nothing but ids is required of what merges by id, which may be removed too; a tier still needs its word."""
    schema = duty_schema()
    assert schema["required"] == ["id"]
    assert set(schema["properties"]) == set(DutySystem.model_fields)
    tables = schema["$defs"]
    assert tables["Watch"]["required"] == ["id"]
    assert tables["Assumption"]["required"] == ["key"]
    assert tables["Order"]["properties"]["remove"]["type"] == "boolean"
    assert tables["Tier"]["required"] == ["who"]
    assert json.dumps(schema)
