"""JSON Schemas of the TOML files, so that editors complete and check them while they are written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from qinwu.station.config import StationConfig

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def station_schema() -> dict[str, Any]:
    """Return the JSON Schema of ``station.toml``."""
    return schema_of(StationConfig, "station.toml")


def schema_of(model: type[BaseModel], title: str) -> dict[str, Any]:
    """Return the JSON Schema of a file that `model` validates, titled with the file's name."""
    return {"$schema": _DIALECT, **model.model_json_schema(), "title": title}


def schema_text(schema: dict[str, Any]) -> str:
    """Return a schema as the text of its published file."""
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def write_schema(schema: dict[str, Any], path: Path) -> None:
    """Write a schema to `path`, making its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(schema_text(schema), encoding="utf-8")
