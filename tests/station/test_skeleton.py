"""A new station folder is whole or not there at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from qinwu.findings import QinwuError
from qinwu.station.new_folder import write_new_folder
from qinwu.station.officers import read_force
from qinwu.station.skeleton import write_skeleton
from tests.station.folders import codes

FILES = ["README.txt", "atoms.geojson", "duty", "duty/base.toml", "duty/current.toml", "officers.csv", "station.toml", "venues.csv"]


def written(folder: Path) -> list[str]:
    """Return everything below a folder."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def test_it_is_made_with_the_folders_above(tmp_path: Path) -> None:
    """A new folder two levels down gets every file, and nothing is left beside it."""
    write_skeleton(tmp_path / "a" / "b")
    assert written(tmp_path / "a" / "b") == FILES
    assert written(tmp_path) == sorted(["a", "a/b", *(f"a/b/{name}" for name in FILES)])


def test_an_empty_folder_is_filled_and_stays_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder one stands in, empty, is filled in place."""
    monkeypatch.chdir(tmp_path)
    before = tmp_path.stat().st_ino
    write_skeleton(Path())
    assert written(tmp_path) == FILES
    assert tmp_path.stat().st_ino == before


def test_spreadsheets_read_its_tables_as_chinese(tmp_path: Path) -> None:
    """Tables start with the mark by which Excel knows UTF-8, and are read without a finding."""
    write_skeleton(tmp_path)
    assert (tmp_path / "officers.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert (tmp_path / "venues.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    force, findings = read_force(tmp_path / "officers.csv")
    assert (len(force), findings) == (18, ())


def test_every_setting_is_explained_in_chinese_first(tmp_path: Path) -> None:
    """Every file that is edited by hand opens with a Chinese comment, followed by an English one."""
    write_skeleton(tmp_path)
    for name in ("station.toml", "duty/base.toml", "duty/current.toml"):
        comments = [line for line in (tmp_path / name).read_text("utf-8").splitlines()[:5] if line.startswith("#")]
        assert any("\u4e00" <= sign <= "\u9fff" for sign in comments[0])
        assert any(line.isascii() for line in comments)


def test_half_a_folder_is_taken_away_again(tmp_path: Path) -> None:
    """What fails while it is written leaves nothing behind, whether the folder was there or not."""

    def fail(draft: Path) -> None:
        (draft / "half").write_text("half", encoding="utf-8")
        raise OSError(28, "No space left on device")

    (tmp_path / "there").mkdir()
    for name in ("new", "there"):
        with pytest.raises(QinwuError) as caught:
            write_new_folder(tmp_path / name, fail)
        assert codes(caught.value.findings) == ["cannot-write"]
        assert "the disk is full" in caught.value.findings[0].text("en")
        assert "磁盘已满" in caught.value.findings[0].text("zh")
    assert written(tmp_path) == ["there"]
