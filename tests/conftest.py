"""What holds for all tests: none is timed, also not by hypothesis; what is compiled once is kept for workers, commands and runs."""

from __future__ import annotations

import os
import sys

from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

# Where Python may not keep what it compiled, each worker compiles all tests anew, and each command they start all of the program.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
