"""Writing: a file is there whole or not at all."""

from __future__ import annotations

from pathlib import Path
from tempfile import NamedTemporaryFile

from qinwu.findings import Finding, Place, QinwuError
from qinwu.language import N_


def write_whole(path: Path, content: bytes) -> None:
    """Write `content` beside `path` and put it in place in one step.

    Raises
    ------
    QinwuError
        Where the folder does not exist or cannot be written.
    """
    try:
        with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}-", delete=False) as draft:
            draft.write(content)
        try:
            Path(draft.name).chmod(0o644)
            Path(draft.name).replace(path)
        except OSError:
            Path(draft.name).unlink(missing_ok=True)
            raise
    except OSError as error:
        message, remedy = N_("The file cannot be written: {reason}."), N_("Choose a folder that exists and may be written to.")
        values = {"reason": error.strerror or str(error)}
        raise QinwuError([Finding("cannot-write", "error", message, remedy, Place(path.as_posix()), values)]) from error
