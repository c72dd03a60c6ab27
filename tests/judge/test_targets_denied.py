"""The deny-list: a forbidden target is refused under every name, what is good in itself is not, and every attempt is on record."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qinwu.findings import QinwuError
from qinwu.judge.targets.attempts import LOG, NOTHING_BEFORE, hash_of, log_attempts, verify_log
from qinwu.judge.targets.denied import Denial, denials, rule_for, rules
from qinwu.judge.targets.judging import judge_targets
from qinwu.judge.targets.measuring import Ledger
from qinwu.judge.targets.reading import LoadedCard, load_card, read_card
from tests.judge.target_cases import SYSTEM, card, indicator, spread, station

FORBIDDEN = {
    "detentions": ["刑拘数", "刑事拘留人数", "行政拘留数", "拘留數", "detentions", "DetaineesPerMonth", "xingju_shu"],
    "arrests": [
        "批捕率",
        "逮捕数",
        "抓获数",
        "抓獲人數",
        "打处数",
        "打 处 数",
        "打击处理数",
        "Arrests",
        "ａｒｒｅｓｔｓ",
        "arrest_rate",
        "zhuahuo_shu",
    ],
    "prosecutions": ["起诉率", "移送起诉数", "起訴數", "prosecutions", "prosecution rate", "qisulv"],
    "convictions": ["有罪判决率", "有罪判決率", "判刑人数", "conviction_rate", "Convicted"],
    "clearance": [
        "破案率",
        "破·案·率",
        "结案率",
        "結案率",
        "侦破数",
        "命案现案侦破",
        "clearance",
        "cases solved",
        "crimes cleared",
        "poanlv",
    ],
    "recorded_crime": [
        "发案数",
        "發案數",
        "万人发案率",
        "立案数",
        "刑事案件数",
        "recorded crime",
        "crime rate",
        "number of offences",
        "faan_shu",
    ],
    "fines": ["罚没额", "罰沒額", "罚款金额", "罚 款", "收缴数", "fines", "fine_income", "Penalties", "fakuan"],
    "case_returns": ["退查率", "退补率", "退查數", "case returns", "returned cases", "tuichalv"],
}
ALLOWED = [
    "紧急警情按时到场", "责任区走访次数", "场所检查", "纠纷回访率", "群众满意率", "见警率", "接处警及时率", "夜间值勤时长",
    "辖区巡逻时长", "盗窃警情按时到场", "in_time", "visits", "Urgent calls reached in time", "Calls with all stamps", "stamps",
    "response_p90", "night_hours", "Satisfied residents", "Disputes followed up", "Crime prevention talks", "refined_share",
    "called_back", "Patrol minutes", "in charge of schools", "training hours", "line of calls",
]  # fmt: skip
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(("rule", "name"), [(rule, name) for rule, names in FORBIDDEN.items() for name in names])
def test_a_forbidden_target_is_known_under_every_name(rule: str, name: str) -> None:
    """Simplified, traditional, full-width, spaced, dotted, English, pinyin: the rule that bans it is found."""
    found = rule_for(name)
    assert found is not None
    assert found[0].id == rule


@pytest.mark.parametrize("name", ALLOWED)
def test_what_is_good_in_itself_is_not_refused(name: str) -> None:
    """Names of service, prevention and care pass."""
    assert rule_for(name) is None


@given(st.sampled_from([name for names in FORBIDDEN.values() for name in names if "一" <= name[0] <= "龥"]), st.data())
def test_marks_between_characters_hide_nothing(name: str, data: st.DataObject) -> None:
    """Spaces and punctuation between any two characters of a Chinese name change nothing."""
    marks = [data.draw(st.sampled_from(["", " ", "·", "-", "（", "）", "_", "　", "*"])) for _ in name]
    assert rule_for("".join(sign + mark for sign, mark in zip(name, marks, strict=True))) is not None


def test_every_rule_says_who_bans_it() -> None:
    """A refusal without a source is an opinion."""
    assert {rule.id for rule in rules()} == set(FORBIDDEN)
    assert all(rule.source.zh and rule.source.en for rule in rules())


def test_what_a_formula_counts_gives_it_away() -> None:
    """An innocent name over a table of arrests, a column of fines, or calls of crimes is found by what it counts."""
    book = {"id": "book", "name": {"zh": "月报"}, "file": "逮捕登记.csv"}
    money = {"id": "money", "name": {"zh": "收入"}, "file": "m.csv", "columns": {"amount": "罚款金额"}}
    listed = [
        indicator("results", formula={"table": "book"}),
        indicator("income", formula={"table": "money", "sum": "amount"}),
        indicator("quiet", formula={"table": "calls", "where": "kind = 'enforcement'"}),
        indicator("thefts", formula={"table": "calls", "where": "call_class = 'theft'"}),
        indicator("disputes", formula={"table": "calls", "where": "kind = 'dispute'"}),
        indicator("fast", formula={"table": "calls", "of": "kind = 'enforcement'", "counted": "priority = 1"}),
    ]
    one = card(*listed, table=[book, money])
    ledger = Ledger.of(one, station(spread(31)), SYSTEM)
    calls = ledger.table("calls")
    assert calls is not None
    found = {each.indicator: each.rule.id for each in denials(one, [calls])}
    assert found == {"results": "arrests", "income": "fines", "quiet": "recorded_crime", "thefts": "recorded_crime"}


# ---------------------------------------------------------------------------------------------------------- cards and the log

CARD = """
name = { zh = "卡" }
"""
ROW = """
[[indicator]]
id = "{id}"
aim = "{aim}"
name = {{ zh = "{zh}" }}
formula = {{ table = "calls" }}
unit = {{ zh = "起" }}
level = "beat"
kind = "{kind}"
source = {{ zh = "试" }}
{more}
"""
SHOWN = "".join(
    ROW.format(id=aim, aim=aim, zh="警情", kind="reference", more="")
    for aim in ("few_crimes", "good_order", "stability", "satisfied")
)


def put(folder: Path, *rows: str) -> None:
    """Write a card into a folder."""
    (folder / "judge.toml").write_text(CARD + SHOWN + "".join(rows), encoding="utf-8")


def test_a_refused_attempt_is_on_record_with_its_line(tmp_path: Path) -> None:
    """The error names the row of the file and the rule's source; the log holds when, which file, indicator and rule."""
    wanted = 'target = 30\ncounter = "stability"'
    put(tmp_path, ROW.format(id="t1", aim="few_crimes", zh="刑 拘 数", kind="target", more=wanted))
    with pytest.raises(QinwuError) as raised:
        load_card(tmp_path, when=NOON)
    found = next(one for one in raised.value.findings if one.code == "forbidden-indicator")
    assert found.place.row == CARD.count("\n") + SHOWN.count("\n") + 2
    assert "2015" in found.text("zh")
    entry = json.loads((tmp_path / LOG).read_text(encoding="utf-8"))
    assert (entry["indicator"], entry["rule"], entry["file"], entry["number"]) == ("t1", "detentions", "judge.toml", 1)
    assert entry["when"] == "2026-03-01T12:00:00+00:00"


def test_an_attempt_on_a_card_with_other_errors_is_on_record_too(tmp_path: Path) -> None:
    """A wrong key elsewhere does not hide it: both are told."""
    rows = (
        ROW.format(id="t1", aim="few_crimes", zh="批捕率", kind="target", more='target = 30\ncounter = "stability"'),
        ROW.format(id="t2", aim="few_crimes", zh="走访", kind="target", more='taget = 30\ncounter = "stability"'),
    )
    put(tmp_path, *rows)
    with pytest.raises(QinwuError) as raised:
        load_card(tmp_path, when=NOON)
    assert {"forbidden-indicator", "unknown-key"} <= {one.code for one in raised.value.findings}
    assert len(verify_log(tmp_path).entries) == 1


def test_a_forbidden_number_may_be_shown_and_not_weighed(tmp_path: Path) -> None:
    """As a reference value it passes and nothing is logged; with a weight it is refused and logged."""
    put(tmp_path, ROW.format(id="t1", aim="few_crimes", zh="破案率", kind="reference", more=""))
    assert load_card(tmp_path, when=NOON).card.of("t1").kind == "reference"
    assert not (tmp_path / LOG).exists()
    put(tmp_path, ROW.format(id="t1", aim="few_crimes", zh="破案率", kind="reference", more="weight = 5"))
    with pytest.raises(QinwuError) as raised:
        load_card(tmp_path, when=NOON)
    assert {"forbidden-indicator", "reference-that-counts"} <= {one.code for one in raised.value.findings}
    assert len(verify_log(tmp_path).entries) == 1


def test_crimes_counted_among_calls_are_refused_once_the_calls_are_read(tmp_path: Path) -> None:
    """A target on the number of thefts called in is recorded crime by another name: refused and logged at judging."""
    thefts = indicator(
        "quiet",
        formula={"table": "calls", "where": "call_class = 'theft'"},
        kind="target",
        target=3,
        better="less",
        counter="shown_stability",
    )
    with pytest.raises(QinwuError) as raised:
        judge_targets(LoadedCard(card(thefts), "judge.toml"), station(spread(31), tmp_path), SYSTEM, when=NOON)
    assert [one.code for one in raised.value.findings] == ["forbidden-indicator"]
    assert [entry["rule"] for entry in verify_log(tmp_path).entries] == ["recorded_crime"]


@given(st.integers(2, 6), st.data())
def test_a_line_changed_taken_out_or_put_in_breaks_the_chain(count: int, data: st.DataObject) -> None:
    """Any single tampering but cutting off the end is found at the line after it; that one changes the last hash."""
    import tempfile

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for at in range(count):
            log_attempts(folder, "judge.toml", [Denial(f"t{at}", rules()[at % 8], "x")], NOON)
        sound = verify_log(folder)
        assert sound.holds
        assert len(sound.entries) == count
        lines = (folder / LOG).read_bytes().splitlines()
        assert sound.last == hash_of(lines[-1])
        at = data.draw(st.integers(0, count - 2))
        tampered = data.draw(st.sampled_from(["change", "remove", "insert", "cut"]))
        changed = {
            "change": [*lines[:at], lines[at].replace(b'"x"', b'"y"'), *lines[at + 1 :]],
            "remove": [*lines[:at], *lines[at + 1 :]],
            "insert": [*lines[: at + 1], lines[at], *lines[at + 1 :]],
            "cut": lines[:-1],
        }[tampered]
        (folder / LOG).write_bytes(b"\n".join(changed) + b"\n")
        found = verify_log(folder)
        assert found.last != sound.last if tampered == "cut" else not found.holds


def test_no_log_is_no_attempt(tmp_path: Path) -> None:
    """A folder without a log has none; a log that cannot be written stops the work."""
    assert verify_log(tmp_path).last == NOTHING_BEFORE
    (tmp_path / LOG).mkdir()
    with pytest.raises(QinwuError):
        log_attempts(tmp_path, "judge.toml", [Denial("t", rules()[0], "x")], NOON)


# ------------------------------------------------------------------------------------------------------------- cards by themselves


def test_everything_wrong_with_a_card_is_told_at_once(tmp_path: Path) -> None:
    """Aims missing, counters missing, strange or its own, references that count, targets below minimums, periods that overlap."""
    text = CARD + "".join(
        [
            ROW.format(id="a", aim="few_crimes", zh="走访", kind="target", more="target = 3\nminimum = 5"),
            ROW.format(id="b", aim="few_crimes", zh="走访", kind="minimum", more='minimum = 5\ncounter = "b"'),
            ROW.format(id="c", aim="few_crimes", zh="走访", kind="minimum", more='counter = "aa"'),
            ROW.format(id="d", aim="few_crimes", zh="走访", kind="reference", more="target = 5"),
            ROW.format(id="d", aim="few_crimes", zh="走访", kind="reference", more='asks = { task = "walk" }'),
            '[[table]]\nid = "calls"\nname = { zh = "台账" }\nfile = "calls.csv"\n',
            '[[period]]\nid = "p"\nkind = "month"\nfirst = 2025-01-01\nlast = 2025-01-31\n',
            '[[period]]\nid = "q"\nkind = "month"\nfirst = 2025-01-31\nlast = 2025-02-27\n',
            '[[period]]\nid = "r"\nkind = "week"\nfirst = 2025-02-01\nlast = 2025-01-27\n',
        ]
    )
    (tmp_path / "judge.toml").write_text(text, encoding="utf-8")
    with pytest.raises(QinwuError) as raised:
        read_card(tmp_path / "judge.toml")
    found = [one.code for one in raised.value.findings]
    assert found.count("aim-without-indicator") == 3
    assert found.count("duplicate-id") == 2
    assert {
        "no-counter", "own-counter", "unknown-counter", "missing-value", "reference-that-counts", "target-below-minimum",
        "duplicate-id", "unknown-task", "periods-overlap", "period-ends-early",
    } <= set(found)  # fmt: skip
    assert all(one.place.row for one in raised.value.findings if one.code != "aim-without-indicator")


def test_the_sample_card_is_sound_and_says_it_is_a_sample(tmp_path: Path) -> None:
    """Qinwu's own card has all four aims, names in both languages, nothing forbidden that counts, and the mark 示例."""
    loaded = load_card(tmp_path)
    assert loaded.shipped
    assert loaded.card.sample
    assert {one.aim for one in loaded.card.indicator} == {"few_crimes", "good_order", "stability", "satisfied"}
    assert all(one.name.zh and one.name.en for one in loaded.card.indicator)
    assert not [one for one in denials(loaded.card) if loaded.card.of(one.indicator).counts]
