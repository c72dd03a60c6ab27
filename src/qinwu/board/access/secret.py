"""Secret: the key that signs sessions, made once and kept beside the database, readable by its owner only."""

from __future__ import annotations

import os
from pathlib import Path

from django.core.management.utils import get_random_secret_key

FILE = "secret-key"


def secret_key(folder: Path) -> str:
    """Return the key kept in `folder`, made at the first call; ``QINWU_SECRET_KEY`` goes before it."""
    given = os.environ.get("QINWU_SECRET_KEY", "")
    if given:
        return given
    folder.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(folder / FILE, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return (folder / FILE).read_text(encoding="utf-8")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        key = get_random_secret_key()
        file.write(key)
    return key
