"""Laws of merging, on random documents."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from qinwu.duty.merging import Table, merge, plain, read_tree

Document = dict[str, Any]

_WORDS = st.sampled_from(["a", "b", "c"])
_ROWS = st.lists(
    st.fixed_dictionaries(
        {"id": _WORDS}, optional={"people": st.integers(0, 9), "staff": st.fixed_dictionaries({"sworn": st.integers(0, 9)})}
    ),
    min_size=1,
    max_size=3,
    unique_by=lambda row: str(row["id"]),
)
_DOCUMENTS = st.fixed_dictionaries(
    {},
    optional={
        "quote": st.text(max_size=3),
        "mechanisms": st.lists(_WORDS, unique=True, max_size=3),
        "squad": _ROWS,
        "dispatch": st.fixed_dictionaries({}, optional={"level_s": st.integers(0, 9), "order": _ROWS}),
    },
)


def tree(document: Document) -> Table:
    """Return a document as a tree of one file."""
    return read_tree(document, "", "f")


def merged(low: Table, high: Table) -> Table:
    """Return `high` over `low`, which must leave nothing to say."""
    findings: list[Any] = []
    both = merge(low, high, findings)
    assert not findings
    return both


@given(_DOCUMENTS, _DOCUMENTS, _DOCUMENTS)
def test_merging_is_associative(a: Document, b: Document, c: Document) -> None:
    """It does not matter whether a file extends two others or one that extends the other."""
    left = merged(merged(tree(a), tree(b)), tree(c))
    right = merged(tree(a), merged(tree(b), tree(c)))
    assert plain(left) == plain(right)


@given(_DOCUMENTS)
def test_nothing_changes_nothing(a: Document) -> None:
    """An empty file, and the file itself, change nothing."""
    assert plain(merged(tree(a), tree({}))) == plain(merged(tree({}), tree(a))) == plain(merged(tree(a), tree(a))) == a


@given(_DOCUMENTS, _DOCUMENTS)
def test_the_later_file_has_its_way(a: Document, b: Document) -> None:
    """Every value of the later file is in the result, items found by their ids."""
    both = plain(merged(tree(a), tree(b)))
    for row in b.get("squad", []):
        result = next(each for each in both["squad"] if each["id"] == row["id"])
        assert row.items() <= result.items()
    assert all(both["dispatch"][key] == value for key, value in b.get("dispatch", {}).items() if key == "level_s")
    assert set(a.get("mechanisms", [])) | set(b.get("mechanisms", [])) == set(both.get("mechanisms", []))


@given(_ROWS, _WORDS)
def test_removed_items_are_gone(rows: list[Document], name: str) -> None:
    """Removing leaves the other items in order, or says that there was nothing."""
    findings: list[Any] = []
    both = merge(tree({"squad": rows}), tree({"squad": [{"id": name, "remove": True}]}), findings)
    assert plain(both)["squad"] == [row for row in rows if row["id"] != name]
    assert len(findings) == (name not in [row["id"] for row in rows])
