"""Build the Chinese catalogue from its parts, or check that nothing is missing and nothing is stale.

Translations live in ``src/qinwu/locale/fragments/<room>.po``, one file a room. ``python tools/catalogue.py`` merges them into the
binary catalogue that is shipped; with ``--check`` it changes nothing and names every text without a translation.
"""

from __future__ import annotations

import ast
import io
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

PACKAGE = Path(__file__).parents[1] / "src" / "qinwu"
FRAGMENTS = PACKAGE / "locale" / "fragments"
CATALOGUE = PACKAGE / "locale" / "zh" / "LC_MESSAGES" / "qinwu.mo"
METHODS = [("**.j2", "jinja2.ext:babel_extract"), ("**.html", "jinja2.ext:babel_extract")]
KEYWORDS = {"N_": None, "_": None, "said": None, "translate": None}


def used_texts() -> dict[str, str]:
    """Return every text marked for people in the package, and where it stands first."""
    found: dict[str, str] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        for text, line in marked_in(path.read_text(encoding="utf-8")):
            found.setdefault(text, f"{path.relative_to(PACKAGE).as_posix()}:{line}")
    for name, line, message, _comments, _context in extract_from_dir(PACKAGE, METHODS, keywords=KEYWORDS):
        text = message[0] if isinstance(message, tuple) else message
        if text:
            found.setdefault(text, f"{name}:{line}")
    return found


def marked_in(source: str) -> Iterator[tuple[str, int]]:
    """Yield the texts that Python source marks, with their lines; also those inside f-strings.

    >>> list(marked_in("say(N_('row'))"))
    [('row', 1)]
    """
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in KEYWORDS and node.args:
            text = node.args[0]
            if isinstance(text, ast.Constant) and isinstance(text.value, str):
                yield text.value, node.lineno


def translations() -> Catalog:
    """Return one catalogue of all fragments."""
    merged = Catalog(locale="zh", project="qinwu", fuzzy=False)
    for path in sorted(FRAGMENTS.glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale="zh"):
                if message.id and message.string:
                    merged.add(message.id, message.string)
    return merged


def compiled(catalogue: Catalog) -> bytes:
    """Return the binary catalogue, without the time of its making."""
    catalogue.creation_date = catalogue.revision_date = datetime(2000, 1, 1, tzinfo=UTC)
    file = io.BytesIO()
    write_mo(file, catalogue)
    return file.getvalue()


def problems() -> Iterator[str]:
    """Name every text without a translation, and a shipped catalogue that is older than its parts."""
    catalogue = translations()
    for text, place in used_texts().items():
        if text not in catalogue:
            yield f"{place}: no Chinese for {text!r}"
    shipped = CATALOGUE.read_bytes() if CATALOGUE.exists() else b""
    if compiled(catalogue) != shipped:
        yield "the shipped catalogue is stale: run python tools/catalogue.py"


def main() -> int:
    """Build or check."""
    if "--check" in sys.argv:
        found = list(problems())
        sys.stdout.write("\n".join(found) + "\n" * bool(found))
        return 1 if found else 0
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    CATALOGUE.write_bytes(compiled(translations()))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
