"""Chinese first, English complete: gettext catalogues behind two functions.

The catalogue key is the English text; ``locale/zh/LC_MESSAGES/qinwu.mo`` holds the Chinese. Text that is stored and
rendered later is marked with :func:`N_` so that the extractor finds it.
"""

from __future__ import annotations

import gettext
import os
from functools import cache
from pathlib import Path
from typing import Literal

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")
_CATALOGUES = Path(__file__).parent / "locale"


def N_(text: str) -> str:  # noqa: N802 - gettext's own name for the marker
    """Mark `text` for the catalogue and return it unchanged."""
    return text


@cache
def _catalogue(language: Language) -> gettext.NullTranslations:
    return gettext.translation("qinwu", _CATALOGUES, languages=[language], fallback=True)


def translate(text: str, language: Language) -> str:
    """Return `text` in `language`; the English text itself where the catalogue has no entry."""
    return text if language == "en" or not text else _catalogue(language).gettext(text)


def default_language() -> Language:
    """Return ``en`` where ``QINWU_LANG`` asks for it, else ``zh``."""
    return "en" if os.environ.get("QINWU_LANG", "zh").lower().startswith("en") else "zh"


def said(text: str) -> str:
    """Return `text` in the language of this process: what its command line says, and what a demonstration writes down."""
    return translate(text, default_language())
