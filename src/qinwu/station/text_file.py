"""Text files as people really save them: UTF-8 with or without mark, GB18030, UTF-16 from spreadsheet programs."""

from __future__ import annotations

from pathlib import Path

from qinwu.findings import Finding, Place, QinwuError, reason_of
from qinwu.language import N_

_ENCODINGS = ("utf-8-sig", "gb18030")


def read_bytes(path: Path, label: str = "") -> bytes:
    """Return the bytes of `path`; raise `QinwuError` where it is missing or cannot be opened."""
    name = label or path.name
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise QinwuError([_missing(name, path)]) from None
    except OSError as error:
        values = {"reason": reason_of(error)}
        message = N_("The file cannot be opened: {reason}.")
        remedy = N_("Check its name and your permission to read it.")
        raise QinwuError([Finding("unreadable-file", "error", message, remedy, Place(name), values)]) from None


def read_text(path: Path, label: str = "") -> str:
    """Return the text of `path`, trying UTF-8 and then GB18030; raise `QinwuError` where neither fits."""
    return decode(read_bytes(path, label), label or path.name)


def decode(content: bytes, file: str) -> str:
    """Return `content` as text: UTF-16 where a mark says so, else UTF-8, else GB18030."""
    encodings = ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else _ENCODINGS
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    message = N_("The file is neither UTF-8 nor GB18030 text.")
    remedy = N_("Save it again as UTF-8; a spreadsheet must be saved as .xlsx or as CSV.")
    raise QinwuError([Finding("unknown-encoding", "error", message, remedy, Place(file))])


def _missing(name: str, path: Path) -> Finding:
    message = N_("The file does not exist: {path}.")
    remedy = N_("Put the file there, or correct its name in station.toml.")
    return Finding("missing-file", "error", message, remedy, Place(name), {"path": path.as_posix()})
