"""Rule packs: those shipped, a user's own, and packs that contradict themselves."""

from __future__ import annotations

from pathlib import Path

import pytest

from qinwu.duty.roster_rules.contradictions import most_week_hours
from qinwu.duty.roster_rules.packs import KINDS, pack_ids, read_pack
from qinwu.duty.roster_rules.rules import DutyLength, WeekHours
from qinwu.findings import QinwuError

HEAD = 'id = "own"\nname = { zh = "本所", en = "Own" }\nabout = { zh = "本所", en = "Own" }\n'
RULE = 'name = { zh = "甲", en = "A" }\ntext = { zh = "甲", en = "A" }\n'


def written(folder: Path, text: str) -> str:
    """Write a pack and return its path."""
    path = folder / "own.toml"
    path.write_text(HEAD + text, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("name", pack_ids())
def test_shipped_packs_say_where_each_rule_comes_from(name: str) -> None:
    """Every rule has words in both languages, a source and a mark; figures without official text are marked as such."""
    pack = read_pack(name)
    for rule in pack.rule:
        assert rule.text.zh
        assert rule.text.en
        assert rule.name.en
        assert rule.source
        assert rule.mark
        assert rule.mark != "official" or "示例" not in rule.source.replace("折算比例为示例", "")
    assert {getattr(rule, "kind", "") for rule in pack.rule} <= set(KINDS)


def test_what_the_rules_together_allow() -> None:
    """Eight hours on five days are 40; the directive's 48; 24-hour duty with 11 hours of rest would be 115 without the limits."""
    assert most_week_hours(read_pack("tw_police_duty_act_2008"))[0] == 40
    assert most_week_hours(read_pack("cn_labour_baseline"))[0] == 40
    assert most_week_hours(read_pack("rest_minimum"))[0] == 48
    assert most_week_hours(read_pack("cn_mainland_sample"))[0] == pytest.approx(168 * 24 / 35)


def test_a_pack_of_ones_own_is_laid_over_another(tmp_path: Path) -> None:
    """One figure changed, one rule removed, the rest as it was."""
    text = 'extends = ["cn_mainland_sample"]\n[[rule]]\nid = "week-56"\nmost = 60\n[[rule]]\nid = "off-2"\nremove = true\n'
    pack, base = read_pack(written(tmp_path, text)), read_pack("cn_mainland_sample")
    changed = next(rule for rule in pack.of(WeekHours) if rule.id == "week-56")
    assert (changed.most, changed.of, len(pack.rule)) == (60, "long", len(base.rule) - 1)
    assert pack.of(DutyLength) == base.of(DutyLength)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (f'[[rule]]\nid = "a"\nkind = "week_hours"\nmost = 40\nleast = 44\n{RULE}', "rules-contradict"),
        (
            f'[[rule]]\nid = "a"\nkind = "week_hours"\nleast = 41\n{RULE}'
            f'[[rule]]\nid = "b"\nkind = "week_days_off"\nleast = 2\n{RULE}'
            f'[[rule]]\nid = "c"\nkind = "duty_length"\nmost = 8\n{RULE}',
            "rules-contradict",
        ),
        (f'[[rule]]\nid = "a"\nkind = "week_hour"\nmost = 40\n{RULE}', "unknown-rule-kind"),
        (f'[[rule]]\nid = "a"\nkind = "week_hours"\nmots = 40\n{RULE}', "unknown-key"),
        (f'[[rule]]\nid = "a"\nkind = "night_run"\nmost = 0\n{RULE}', "wrong-value"),
        ('[[watch]]\nid = "w"\nstart = "08:00"\nhours = 8\n', "pack-with-gaps"),
        (
            f'[[rule]]\nid = "a"\nkind = "duty_length"\nmost = 8\n{RULE}[[watch]]\nid = "w"\nstart = "08:00"\nhours = 24\n',
            "watch-breaks-pack",
        ),
        ('extends = ["own.toml"]\n', "extends-circle"),
        ('extends = ["cn_mainland"]\n', "unknown-pack"),
    ],
)
def test_packs_that_cannot_be_kept_are_refused(tmp_path: Path, text: str, code: str) -> None:
    """What is wrong is named with its remedy, in the file where it stands."""
    with pytest.raises(QinwuError) as refused:
        read_pack(written(tmp_path, text))
    found = next(one for one in refused.value.findings if one.code == code)
    assert found.text("en")
    assert found.text("zh")
    assert found.severity == "error"


def test_an_unknown_pack_is_guessed() -> None:
    """A slip of the pen gets the name that was meant."""
    with pytest.raises(QinwuError) as refused:
        read_pack("cn_mainland_sampel")
    assert refused.value.findings[0].values["guess"] == "cn_mainland_sample"
