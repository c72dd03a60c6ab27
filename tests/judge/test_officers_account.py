"""The account of a station: rosters and patterns that stand in for a log, hours taken elsewhere, and who sees what."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from math import fsum
from pathlib import Path
from typing import Any

import pytest

from qinwu.duty.system import DutySystem
from qinwu.findings import QinwuError
from qinwu.judge.officers.accounting import OfficersAccount, Sources, account_officers
from qinwu.judge.officers.log import DutyLog, Entry
from qinwu.judge.officers.log_file import read_log
from qinwu.judge.officers.log_writing import as_table
from qinwu.judge.officers.planned import read_roster
from qinwu.judge.officers.sample_log import MONTHS, sample_log, write_sample_log
from qinwu.judge.officers.sources import Asked, account_station, months_of, read_sources
from qinwu.judge.officers.terms import TERMS, read_terms
from qinwu.language import LANGUAGES, Language
from qinwu.plan.roster.people import Wish
from qinwu.plan.roster.planning import RosterPlan
from qinwu.report.chapters.chapter import Chapter
from qinwu.report.chapters.judge_report import judge_report
from qinwu.report.chapters.officers import officers_chapter
from qinwu.report.chapters.officers_own import own_hours_chapter
from qinwu.report.plans.roster import Told, roster_report
from qinwu.station.sample import write_sample
from qinwu.station.station import Station
from tests.judge.officers_cases import MARCH, ZONE, entry, log_file
from tests.plan.roster_cases import MONDAY, NIGHT, drawn, need, officers, pack, question
from tests.stations import nine_atom_system, nine_atoms

APRIL = date(2026, 4, 1)


def accounted(
    rows: list[Entry], system: DutySystem | None = None, months: tuple[date, ...] = (MARCH,), **more: Any
) -> OfficersAccount:
    """Return the account of a log at the station of nine atoms, where P01 to P04 have beats."""
    sources = Sources(DutyLog(tuple(rows), (), "log.csv"), **more)
    return account_officers(nine_atoms(), system or nine_atom_system(), (MARCH,), sources)


def test_without_a_log_the_pattern_stands_in_and_says_so() -> None:
    """One day in two of 24 hours: 31 days of March come to 15 or 16 duties, and the page says that nobody logged them."""
    found = account_officers(nine_atoms(), nine_atom_system(), (MARCH,))
    assert not found.from_log
    assert found.planned.pattern
    worked = {one.officer: one.worked_h for one in found.accounts}
    assert set(worked) == {f"P0{number}" for number in range(1, 9)} | {f"A0{number}" for number in range(1, 5)}
    # Duties start at eight: of 31 days each group has 15 or 16, and the last runs on into April.
    assert sorted(set(worked.values())) == [15 * 24 + 8.0, 15 * 24 + 16.0]
    assert all(one.planned_h == one.worked_h for one in found.accounts)
    chapter = officers_chapter(found, nine_atom_system(), "en")
    assert chapter.lead[0].startswith("No log of duty is kept yet")


def test_the_pattern_goes_on_from_month_to_month() -> None:
    """March and April by the pattern have every hour of their 61 days once for the two groups."""
    found = account_officers(nine_atoms(), nine_atom_system(), (MARCH, APRIL))
    for month, days in ((MARCH, 31), (APRIL, 30)):
        hours = [one.worked_h for one in found.accounts if one.month == month]
        assert min(hours) + max(hours) == days * 24.0


def roster_file(path: Path, **changes: Any) -> Path:
    """Write part of what ``qinwu plan roster --json`` writes."""
    data = {
        "plan": "roster",
        "first": "2026-03-01",
        "days": 31,
        "watches": [{"id": "night", "start": "20:00", "hours": 12}],
        "duties": [
            {"date": "2026-03-02", "officer": "P01", "watch": "night", "post": "duty"},
            {"date": "2026-03-31", "officer": "P02", "watch": "night", "post": "duty"},
        ],
        "wishes": [
            {"officer": "P01", "date": "2026-03-05", "what": "off", "granted": True},
            {"officer": "P01", "date": "2026-03-06", "what": "off", "granted": False},
        ],
        "claim": "kept out",
    }
    path.write_text(json.dumps({**data, **changes}), encoding="utf-8")
    return path


def test_a_roster_gives_planned_hours_and_wishes(tmp_path: Path) -> None:
    """Planned hours of the roster stand beside those of the log; a duty of the last night is half of April."""
    planned = read_roster(roster_file(tmp_path / "roster.json"), nine_atom_system(), ZONE)
    found = accounted([entry("duty", "2 20", "3 10")], planned=planned)
    hours = {one.officer: (one.planned_h, one.worked_h) for one in found.accounts}
    assert "officers-of-others" not in [one.code for one in found.findings]
    assert hours == {"P01": (12.0, 14.0), "P02": (4.0, 0.0)}
    lead = own_hours_chapter(found, nine_atom_system(), "P01", "en").lead
    assert [line for line in lead if line.startswith("Wish")] == [
        "Wish for 2026-03-05 (off): granted.",
        "Wish for 2026-03-06 (off): not granted.",
    ]


def test_what_the_planner_writes_is_read(tmp_path: Path) -> None:
    """A roster planned, written as data and read again: duties with their clocks, a leader on call as standby, wishes."""
    asked = question(pack(), [need(NIGHT, 1)], officers(2), 7, wishes=[Wish("S1", MONDAY), Wish("S2", MONDAY)])
    report = roster_report(Told(nine_atoms(), RosterPlan(asked, drawn(asked, "N......", ".T....."), None), "en"))
    report.write_json(tmp_path / "roster.json")
    planned = read_roster(tmp_path / "roster.json", nine_atom_system(), ZONE)
    assert [(one.officer, one.kind, one.start.astimezone(ZONE).strftime("%d %H"), one.hours) for one in planned.entries] == [
        ("S1", "duty", "05 20", 12.0),
        ("S2", "duty", "06 08", 24.0),
    ]
    assert [(one.officer, one.granted) for one in planned.wishes] == [("S1", False), ("S2", True)]
    data = json.loads((tmp_path / "roster.json").read_text("utf-8"))
    data["duties"][0]["counts"] = 0.5
    (tmp_path / "roster.json").write_text(json.dumps(data), encoding="utf-8")
    assert [one.kind for one in read_roster(tmp_path / "roster.json", nine_atom_system(), ZONE).entries] == ["standby", "duty"]


def test_officers_seconded_in_have_their_ledger_at_home(tmp_path: Path) -> None:
    """A roster may have guests: they are named, and get no account here."""
    duties = [{"date": "2026-03-02", "officer": "G01", "watch": "night", "post": "duty"}]
    planned = read_roster(roster_file(tmp_path / "roster.json", duties=duties), nine_atom_system(), ZONE)
    found = account_officers(nine_atoms(), nine_atom_system(), (MARCH,), Sources(planned=planned))
    assert not found.accounts
    assert [one.values["officers"] for one in found.findings if one.code == "officers-of-others"] == ["G01"]
    assert officers_chapter(found, nine_atom_system(), "en").title == "Nothing is known of officers' hours"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"plan": "beats"}, "no-roster-file"),
        ({"watches": []}, "unknown-watch"),
        ({"days": 0}, "wrong-value"),
        ({"watches": [{"id": "night", "start": "25:00", "hours": 12}]}, "wrong-value"),
    ],
)
def test_a_file_that_is_no_roster_is_refused(tmp_path: Path, changes: dict[str, Any], code: str) -> None:
    """Another plan, watches that nobody describes, impossible numbers."""
    with pytest.raises(QinwuError) as raised:
        read_roster(roster_file(tmp_path / "roster.json", **changes), nine_atom_system(), ZONE)
    assert [one.code for one in raised.value.findings] == [code]
    (tmp_path / "text.json").write_text("not json", encoding="utf-8")
    with pytest.raises(QinwuError):
        read_roster(tmp_path / "text.json", nine_atom_system(), ZONE)


def test_hours_taken_elsewhere_are_those_of_beats_and_squads() -> None:
    """P01, accountable for the south-west, is seconded for five working days by the county: 40 beat-hours of that beat."""
    rows = [
        entry("secondment", "9 00", "16 00", row=2, by="县公安局"),
        entry("campaign", "3 19", "3 23", officer="P05", row=3),
        *(entry("duty", f"{day} 08", f"{day} 20", officer="P05", row=10 + day) for day in range(16, 21)),
    ]
    found = accounted(rows)
    assert found.taken.by_beat == {"sw": 40.0}
    assert found.taken.by_squad == {"community": 40.0, "duty": 4.0}
    assert found.taken.ordered == (("县公安局", 40.0), ("", 4.0))
    assert [(week.monday.day, week.ad_hoc_h, week.worked_h) for week in found.taken.weeks] == [
        (2, 4.0, 4.0),
        (9, 40.0, 40.0),
        (16, 0.0, 60.0),
    ]
    codes = [one.code for one in found.findings]
    assert codes.count("ad-hoc-week") == 2
    assert codes.count("ordered-by-nobody") == 1


def test_specialists_off_their_work_are_held_to_their_limit() -> None:
    """A squad with a limit of a tenth that spends 4 of 16 hours on other work is over it, by the log and not by the file (M68)."""
    data = nine_atom_system().model_dump()
    squads = [{**one, "diversion": {"limit": 0.1, "norm": "局发1号"}} if one["id"] == "duty" else one for one in data["squad"]]
    system = DutySystem.model_validate({**data, "squad": squads})
    rows = [entry("duty", "2 08", "2 20", officer="P05", row=2), entry("off_specialty", "3 08", "3 12", officer="P06", row=3)]
    found = accounted(rows, system)
    (squad,) = found.taken.squads
    assert (squad.squad, squad.share, squad.limit, squad.over) == ("duty", 0.25, 0.1, True)
    assert "diverted" in [one.code for one in found.findings]


def busy() -> OfficersAccount:
    """Return an account with time off, nights, a break of a hard rule, and hours taken elsewhere."""
    rows = [
        entry("duty", f"{day} 08", f"{day + 1} 08", officer=name, row=day) for name in ("P01", "P02") for day in range(1, 30, 3)
    ]
    rows += [
        entry("overtime", "2 08", "2 14", row=40),
        entry("comp", "18 00", "19 00", row=41),
        entry("campaign", "20 19", "20 23", officer="P02", row=42, by="县公安局"),
        entry("duty", "5 08", "5 20", officer="P05", row=43),
    ]
    return accounted(rows)


def everything(chapter: Chapter) -> str:
    """Return all text of a chapter: title, lead, numbers, drawings, tables, data."""
    parts = [chapter.title, *chapter.lead, *(f"{key.label}{key.text}{key.remark}" for key in chapter.keys)]
    parts += [picture.svg + picture.name + picture.remark for one in chapter.drawings for picture in one.pictures]
    parts += [str(shown.sheet) for shown in chapter.tables]
    return "\n".join([*parts, json.dumps(chapter.data, ensure_ascii=False, default=str)])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_chapter_names_nobody_unless_asked(language: Language) -> None:
    """Groups, rules and rows of the log, but no officer's code where balances and load stand; the chief may ask for them."""
    account = busy()
    plain = officers_chapter(account, nine_atom_system(), language)
    named = officers_chapter(account, nine_atom_system(), language, named=True)
    for table in plain.tables:
        assert "P01" not in str(table.sheet)
    for one in plain.drawings:
        assert not any("P01" in picture.svg for picture in one.pictures)
    assert "accounts" not in plain.data
    assert "P01" in everything(named)
    assert len(named.drawings) == len(plain.drawings) + 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_ones_own_page_names_nobody_else(language: Language) -> None:
    """Hours, time off row by row, nights, rules: of P01 only, with the way to object, and data that add up."""
    chapter = own_hours_chapter(busy(), nine_atom_system(), "P01", language)
    text = everything(chapter)
    assert not any(other in text for other in ("P02", "P05", "A01", "C01"))
    assert any("P01" in line and ("行号" in line or "its number" in line) for line in chapter.lead)
    lines = chapter.data["lines"]
    assert fsum(line["owed_h"] for line in lines) == pytest.approx(chapter.data["months"][-1]["balance_h"])
    assert {line["rule"] for line in lines} == {"beyond", "overtime", "taken"}
    assert [line["row"] for line in lines if line["rule"] == "overtime"] == [40]


def test_an_officer_without_hours_is_told() -> None:
    """A page of somebody the log does not know is refused with the nearest code."""
    with pytest.raises(QinwuError) as raised:
        own_hours_chapter(busy(), nine_atom_system(), "P0", "en")
    assert raised.value.findings[0].code == "no-hours-of-officer"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_has_its_explanation(language: Language) -> None:
    """Columns, drawings and numbers on top point to explanations of the chapter; keys begin with its id."""
    account, system = busy(), nine_atom_system()
    for chapter in (officers_chapter(account, system, language, named=True), own_hours_chapter(account, system, "P01", language)):
        used = {key for shown in chapter.tables for key in shown.keys if key} | {one.why for one in chapter.drawings}
        used |= {key.why for key in chapter.keys}
        assert used <= set(chapter.why)
        assert all(key.startswith(f"{chapter.id}-") for key in chapter.why)
        for shown in chapter.tables:
            assert {len(row) for row in shown.sheet.rows} <= {len(shown.sheet.header)}
            assert len(shown.keys) == len(shown.sheet.header) == len(shown.sheet.widths)


def test_the_report_can_be_written(tmp_path: Path) -> None:
    """The chapter and the own page become a page, a workbook and data."""
    account, system = busy(), nine_atom_system()
    report = judge_report(nine_atoms(), [officers_chapter(account, system, "zh", named=True)], "zh")
    own = judge_report(nine_atoms(), [own_hours_chapter(account, system, "P01", "zh")], "zh", kind="own-page")
    for number, one in enumerate((report, own)):
        one.write_html(tmp_path / f"{number}.html")
        one.write_xlsx(tmp_path / f"{number}.xlsx")
        one.write_json(tmp_path / f"{number}.json")
    data = json.loads((tmp_path / "1.json").read_text("utf-8"))
    assert data["own-hours"]["officer"] == "P01"
    assert "补休台账" in (tmp_path / "1.html").read_text("utf-8")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the sample station of thirteen, with a log."""
    path = tmp_path_factory.mktemp("judge") / "station"
    write_sample(path, "station13")
    write_sample_log(path)
    return path


def test_a_sample_station_comes_with_a_log(folder: Path) -> None:
    """The synthetic log can be read without an error, holds the kinds of hours a ledger needs, and is the same every time."""
    from qinwu.simulate.trial import prepare_one

    station, loaded, _ = prepare_one(folder)
    found = account_station(station, loaded.system, Asked(now=datetime(2026, 1, 1, tzinfo=UTC)))
    assert found.from_log
    assert found.months == MONTHS
    assert not [one for one in found.findings if one.severity == "error"]
    hours = {kind: fsum(one.kinds[kind] for one in found.accounts) for kind in found.accounts[0].kinds}
    assert all(hours[kind] > 0.0 for kind in ("duty", "overtime", "training", "meeting", "campaign", "off_specialty"))
    before = (folder / "duty-log.csv").read_bytes()
    write_sample_log(folder)
    assert (folder / "duty-log.csv").read_bytes() == before


def test_terms_and_rules_of_the_folder_hold(folder: Path) -> None:
    """A station's own terms and rules stand in its folder; those that come with Qinwu hold where it has none."""
    from qinwu.simulate.trial import prepare_one

    station, loaded, _ = prepare_one(folder)
    assert read_sources(station, loaded.system)[1].terms == read_terms()
    text = (TERMS / "cn_mainland_sample.toml").read_text("utf-8").replace('id = "cn_mainland_sample"', 'id = "ours"')
    (folder / "duty-terms.toml").write_text(text, encoding="utf-8")
    rules = 'id = "ours"\nextends = ["rest_minimum"]\nname = { zh = "本所" }\nabout = { zh = "本所规定" }\n'
    (folder / "duty-rules.toml").write_text(rules, encoding="utf-8")
    _, sources = read_sources(station, loaded.system)
    assert sources.terms is not None
    assert sources.pack is not None
    assert (sources.terms.id, sources.pack.id) == ("ours", "ours")


def test_a_log_written_is_the_log_read(tmp_path: Path) -> None:
    """The sheet of a synthetic log gives back its rows: clocks, whole days, and secondments without a return."""
    station: Station = nine_atoms()
    planned = account_officers(station, nine_atom_system(), MONTHS).planned.entries
    rows = sample_log(planned, MONTHS, ZONE, 3)
    header, *lines = [",".join(row) for row in as_table(rows, ZONE)]
    path = log_file(tmp_path / "log.csv", *lines, header=header)
    read = read_log(path, station.force.by_id(), "Asia/Shanghai", datetime(2026, 1, 1, tzinfo=UTC))
    told = [one for one in read.findings if one.code != "no-return-date"]
    assert not told

    def plain(entries: tuple[Entry, ...]) -> set[tuple[object, ...]]:
        return {(one.officer, one.kind, one.start, None if one.open else one.end) for one in entries}

    assert plain(read.entries) == plain(rows)


def test_months_are_those_of_the_log() -> None:
    """By default the last three months of a log; without one the month of the last call, or what is asked for."""
    rows = [*(entry("duty", f"{day} 08", f"{day} 16") for day in (-120, -90, 2, 40)), entry("leave", "90 00", "92 00")]
    log = DutyLog(tuple(rows), (), "log.csv")
    station = nine_atoms()
    assert months_of(log, station, ZONE, Asked()) == (date(2026, 2, 1), MARCH, APRIL)
    asked = Asked(since=date(2026, 1, 15), until=date(2026, 2, 3))
    assert months_of(log, station, ZONE, asked) == (date(2026, 1, 1), date(2026, 2, 1))
    assert months_of(None, station, ZONE, Asked(now=datetime(2026, 5, 5, tzinfo=UTC))) == (date(2026, 5, 1),)
