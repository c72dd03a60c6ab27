"""Writers for the kill test: take calls one after the other, and say on a pipe which were acknowledged."""

from __future__ import annotations

import os
import sys
import uuid
from pathlib import Path
from threading import Thread


def write(force: object, count: int) -> None:
    """Take calls; print the key of each after it was kept, never before."""
    from django.db import connection

    from qinwu.board.clock import now
    from qinwu.board.dispatch import calls

    for _ in range(count):
        taken = calls.Taken(uuid.uuid4(), "help", force.plan.atoms[0], now())  # type: ignore[attr-defined]
        calls.take(force, taken, "writer")  # type: ignore[arg-type]
        os.write(1, f"{taken.key}\n".encode())
    connection.close()


def main() -> None:
    """Write with many threads at once until killed."""
    import django

    django.setup()
    from qinwu.board.in_force import in_force

    force = in_force()
    os.write(1, b"ready\n")
    threads = [Thread(target=write, args=(force, 1000)) for _ in range(int(sys.argv[1]))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))
    main()
