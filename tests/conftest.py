"""What holds for all tests: none is timed, also not by hypothesis."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
