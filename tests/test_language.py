"""Everything said to people is said in Chinese and in English."""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from pathlib import Path
from string import Formatter

import pytest

from qinwu.language import default_language, translate

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))
catalogue = pytest.importorskip("catalogue")

HAN = r"[\u4e00-\u9fff]"
NARROW_STOP = re.compile(rf"{HAN}[,;:?!]|[,;?!]{HAN}|{HAN}\(|\){HAN}")
TRANSLATIONS: dict[str, str] = {message.id: message.string for message in catalogue.translations() if message.id}


def places(text: str) -> list[str]:
    """Return the names in {braces}, in alphabetical order, each as often as it stands there."""
    return sorted(name for _, name, _, _ in Formatter().parse(text) if name is not None)


def test_every_text_has_chinese_and_the_shipped_catalogue_is_fresh() -> None:
    """No text marked for people is without a translation, and what is shipped was built from all of them."""
    assert list(catalogue.problems()) == []


def test_translations_fill_the_same_places() -> None:
    """A Chinese text names exactly the values that its English one names."""
    different = {english: chinese for english, chinese in TRANSLATIONS.items() if set(places(chinese)) != set(places(english))}
    assert different == {}


def test_no_fragment_contradicts_another() -> None:
    """A text translated in two fragments reads the same in both."""
    from babel.messages.pofile import read_po

    said = defaultdict(set)
    for path in catalogue.FRAGMENTS.glob("*.po"):
        with path.open("rb") as file:
            for message in read_po(file, locale="zh"):
                said[message.id].add(message.string)
    del said[""]
    assert [english for english, chinese in said.items() if len(chinese) > 1] == []


def test_chinese_is_written_with_chinese_stops() -> None:
    """Next to a Chinese character stand full-width commas, colons, question marks and brackets."""
    assert [chinese for chinese in TRANSLATIONS.values() if NARROW_STOP.search(chinese)] == []


def test_no_translation_is_left_over() -> None:
    """Fragments hold nothing that the package no longer says."""
    assert sorted(set(TRANSLATIONS) - set(catalogue.used_texts())) == []


def test_the_language_follows_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chinese is the language unless QINWU_LANG asks for English."""
    monkeypatch.delenv("QINWU_LANG", raising=False)
    assert default_language() == "zh"
    monkeypatch.setenv("QINWU_LANG", "en_GB.UTF-8")
    assert default_language() == "en"


def test_a_text_without_translation_stays_english() -> None:
    """What the catalogue lacks is shown in English rather than not at all."""
    assert translate("no such text", "zh") == "no such text"
    assert translate("error", "zh") == "错误"
    assert translate("error", "en") == "error"
