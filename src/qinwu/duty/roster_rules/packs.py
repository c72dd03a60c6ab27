"""Packs: rule packs of Qinwu and of the user, read, laid over what they extend, and refused where their rules contradict."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import reduce
from pathlib import Path
from typing import Any, get_args

from qinwu.duty.merging import Leaf, Rows, Source, Table, merge, plain, read_tree
from qinwu.duty.roster_rules.contradictions import contradictions
from qinwu.duty.roster_rules.rules import AnyRule, Pack
from qinwu.findings import Finding, Place, QinwuError, did_you_mean, raise_on_errors
from qinwu.language import N_
from qinwu.station.toml_file import parse_toml, validate

PACKS = Path(__file__).parent / "packs"
SUFFIX = ".toml"
DEFAULT_PACK = "cn_mainland_sample"
KINDS = tuple(kind.model_fields["kind"].annotation.__args__[0] for kind in get_args(get_args(AnyRule)[0]))
"""The kinds of rules."""


def pack_ids() -> tuple[str, ...]:
    """Return the ids of the packs that come with Qinwu.

    >>> "tw_police_duty_act_2008" in pack_ids()
    True
    """
    return tuple(sorted(path.stem for path in PACKS.glob(f"*{SUFFIX}")))


def read_pack(name: str | Path = DEFAULT_PACK) -> Pack:
    """Return a rule pack with everything it extends.

    Parameters
    ----------
    name
        Id of a pack that comes with Qinwu, or the path of a TOML file.

    Raises
    ------
    QinwuError
        With everything that is wrong: no such pack, circles, broken TOML, unknown keys, wrong values, rules that contradict.
    """
    findings: list[Finding] = []
    trees = list(_with_extended(str(name), Path(), (), findings))
    raise_on_errors(findings)
    merged = reduce(lambda low, high: merge(_inheritable(low), high, findings), trees, Table({}, Source()))
    findings.extend(_unknown_kinds(merged))
    raise_on_errors(findings)
    pack = validate(plain(merged), Pack, trees[-1].source.file)
    raise_on_errors(replace(one, place=_place(merged, one)) for one in contradictions(pack))
    return pack


def _with_extended(name: str, beside: Path, chain: tuple[str, ...], findings: list[Finding]) -> Iterator[Table]:
    """Yield what a pack extends, the lowest first, and the pack itself."""
    path = _path_of(name, beside)
    if path is None or str(path) in chain:
        findings.append(_circle(name) if path else _unknown_pack(name))
        return
    label = path.stem if path.parent == PACKS else path.name
    try:
        data, text = parse_toml(path, label)
    except QinwuError as error:
        findings.extend(error.findings)
        return
    tree = read_tree(data, text, label)
    for low in _extends(data):
        yield from _with_extended(low, path.parent, (*chain, str(path)), findings)
    yield replace(tree, source=replace(tree.source, file=label))


def _path_of(name: str, beside: Path) -> Path | None:
    shipped = PACKS / f"{name}{SUFFIX}"
    if not name.endswith(SUFFIX):
        return shipped if shipped.is_file() else None
    return next((path for path in (beside / name, Path(name)) if path.is_file()), None)


def _extends(data: dict[str, Any]) -> list[str]:
    names = data.get("extends", [])
    return [name for name in names if isinstance(name, str)] if isinstance(names, list) else []


def _inheritable(tree: Table) -> Table:
    return Table({key: node for key, node in tree.items.items() if key not in ("id", "extends")}, tree.source)


def _unknown_kinds(merged: Table) -> Iterator[Finding]:
    rules = merged.items.get("rule")
    for rule in rules.items if isinstance(rules, Rows) else ():
        kind = rule.items.get("kind")
        value = kind.value if isinstance(kind, Leaf) else ""
        if value not in KINDS:
            guess = did_you_mean(str(value), KINDS)
            remedy = N_("Did you mean {guess}?") if guess else N_("Kinds of rules: {known}.")
            values = {"value": value, "guess": guess, "known": ", ".join(KINDS)}
            message = N_("There is no kind of rule {value}.")
            yield Finding("unknown-rule-kind", "error", message, remedy, rule.source.place(), values)


def _place(merged: Table, finding: Finding) -> Place:
    """Return where the rule stands that a contradiction names first."""
    rules = merged.items.get("rule")
    for rule in rules.items if isinstance(rules, Rows) else ():
        name = rule.items.get("id")
        if isinstance(name, Leaf) and name.value == finding.values.get("rule"):
            return rule.source.place()
    return finding.place


def _unknown_pack(name: str) -> Finding:
    known = pack_ids()
    guess = did_you_mean(name, known)
    remedy = N_("Did you mean {guess}?") if guess else N_("Packs: {known}; or give the path of your own .toml file.")
    values = {"value": name, "guess": guess, "known": ", ".join(known)}
    return Finding("unknown-pack", "error", N_("There is no rule pack {value}."), remedy, Place(key="--pack"), values)


def _circle(name: str) -> Finding:
    message, remedy = N_("Rule pack {value} extends itself."), N_("Take it out of extends.")
    return Finding("extends-circle", "error", message, remedy, Place(key="extends"), {"value": name})
