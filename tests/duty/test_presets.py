"""Presets: whole, fair, explained, and at home in a town of the sample's size."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from qinwu.duty.crews import form_crews
from qinwu.duty.hours import pattern_hours
from qinwu.duty.reading import PRESETS, LoadedSystem, key_path, layer_ids, preset_ids, read_preset, read_system
from qinwu.duty.rules import check_system
from qinwu.duty.rules.assumptions import figures, reason_for
from qinwu.duty.staffing import staff
from qinwu.duty.system import DutySystem
from qinwu.station.station import Station
from tests.stations import town, town_base

MECHANISMS = Path(__file__).parents[2].parent / "shared" / "design" / "mechanisms.md"
WEEK_HOURS = 42.0
SWORN = {"merged": 20, "two_teams": 17}
"""Sworn officers who answer calls, of 19 at the front line: one more from a desk, or two fewer for the control room."""


@pytest.fixture(scope="module")
def station() -> Station:
    """Return a town with the head count of the sample."""
    return town()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a station folder whose duty files lay each preset over the town's base."""
    folder = tmp_path_factory.mktemp("town")
    (folder / "duty").mkdir()
    (folder / "duty" / "base.toml").write_text(town_base(), encoding="utf-8")
    for preset in preset_ids():
        text = f'id = "{preset}"\nextends = ["base", "preset:{preset}"]\n'
        (folder / "duty" / f"{preset}.toml").write_text(text, encoding="utf-8")
        mixed = f'id = "{preset}_plus"\nextends = ["base", "preset:{preset}", "preset:plus_functional"]\n'
        mixed += '[[beat]]\nid = "F1"\nofficer = "P19"\n'
        (folder / "duty" / f"{preset}_plus.toml").write_text(mixed, encoding="utf-8")
    return folder


def hours_by_kind(station: Station, system: DutySystem) -> dict[str, float]:
    """Return the duty hours a week of all sworn officers and of all auxiliaries in crews."""
    crews, _ = form_crews(system, staff(station.force, system, station_day()), ())
    patterns = {pattern.id: pattern_hours(system, pattern) for pattern in system.pattern}
    found = {"sworn": 0.0, "auxiliary": 0.0}
    for crew in crews:
        for officer in crew.officers:
            found[officer.kind] += patterns[crew.pattern]
    return found


def station_day() -> date:
    """Return any day: the town's beats have one officer each for ever."""
    return date(2024, 1, 1)


@pytest.mark.parametrize("preset", preset_ids())
def test_a_preset_tells_what_it_is(preset: str) -> None:
    """Every preset has its own id, both names, a text to read aloud in both languages, mechanisms and their quote."""
    system = read_preset(preset).system
    assert system.id == preset
    assert system.name.zh
    assert system.name.en
    assert system.about is not None
    assert len(system.about.zh) > 40
    assert len(system.about.en) > 80
    assert system.mechanisms
    assert system.quote
    assert not system.layer


@pytest.mark.real
@pytest.mark.skipif(not MECHANISMS.exists(), reason="the design pages are not beside the checkout")
@pytest.mark.parametrize("preset", [*preset_ids(), "plus_functional"])
def test_quotes_are_verbatim(preset: str) -> None:
    """The quote stands in the row of one of the mechanisms the preset names."""
    system = read_preset(preset).system
    table = MECHANISMS.read_text(encoding="utf-8").split("### 1.1")[0]
    rows = dict(re.findall(r"^\| (\d+) \|(.*)$", table, flags=re.MULTILINE))
    assert any(f"「{system.quote}」" in rows[mechanism.removeprefix("M")] for mechanism in system.mechanisms)


@pytest.mark.parametrize("preset", [*preset_ids(), *layer_ids()])
def test_every_figure_has_its_reason(preset: str) -> None:
    """Every number in a preset stands under the key of an assumption, in its own file or one it extends."""
    loaded = read_preset(preset)
    reasons = {loaded.positions(key_path(one.key)): number for number, one in enumerate(loaded.system.assumption)}
    bare = [path for path, _ in figures(loaded.system) if reason_for(path, reasons) is None]
    assert not bare
    assert all(one.why.zh and one.why.en for one in loaded.system.assumption)


@pytest.mark.parametrize("preset", preset_ids())
def test_nobody_works_longer_for_the_sake_of_a_result(preset: str) -> None:
    """Every pattern in use is 42 to 42.5 hours a week."""
    system = read_preset(preset).system
    used = {rule.pattern for rule in system.crews}
    hours = [pattern_hours(system, pattern) for pattern in system.pattern if pattern.id in used]
    assert len(hours) == len(used)
    assert all(WEEK_HOURS <= each <= WEEK_HOURS + 0.5 for each in hours)


@pytest.mark.parametrize("preset", preset_ids())
def test_systems_have_the_same_hours(preset: str, station: Station, folder: Path) -> None:
    """In the town every preset puts the whole front line on duty for the same hours, but for the posts it moves openly."""
    hours = hours_by_kind(station, read_system(preset, folder).system)
    assert hours["sworn"] == pytest.approx(SWORN.get(preset, 19) * WEEK_HOURS, rel=0.01)
    assert hours["auxiliary"] == pytest.approx((13 if preset == "two_teams" else 14) * WEEK_HOURS, rel=0.01)


NIGHT = {"merged": 5.0, "two_teams": 2.75}
"""Sworn officers on duty at 02:00 on average where the organisation itself changes it: all in one roster, or beats by day only."""


@pytest.mark.parametrize("preset", preset_ids())
def test_nights_are_alike(preset: str, station: Station, folder: Path) -> None:
    """About as many sworn officers are on duty at night under every preset, so that no system wins by its clock alone."""
    system = read_system(preset, folder).system
    crews, _ = form_crews(system, staff(station.force, system, station_day()), ())
    over_night = {watch.id for watch in system.watch if watch.hours == 24 or watch.start == "20:00"}
    share = {pattern.id: sum(day in over_night for day in pattern.days) / len(pattern.days) for pattern in system.pattern}
    assert sum(crew.sworn * share[crew.pattern] for crew in crews) == pytest.approx(NIGHT.get(preset, 3.6), abs=0.2)


@pytest.mark.parametrize("preset", preset_ids())
def test_beat_work_does_not_vanish(preset: str, station: Station, folder: Path) -> None:
    """Beat visits are about 120 hours a week in the town under every preset, whoever does them."""
    system = read_system(preset, folder).system
    (visits,) = (work for work in system.work if work.id == "beat_visit")
    crews, _ = form_crews(system, staff(station.force, system, station_day()), ())
    beats = sum(beat.kind == "geographic" for beat in system.beat)
    assert visits.hours_per_week * (beats if visits.who == "beats" else len(crews)) == pytest.approx(120, rel=0.1)


@pytest.mark.parametrize("preset", preset_ids())
def test_a_preset_keeps_every_rule(preset: str, station: Station, folder: Path) -> None:
    """Laid over the town, every preset passes all rules without a word: cover round the clock, complements, references."""
    findings = [finding.text("en") for finding in check_system(station, read_system(preset, folder))]
    assert findings == []


@pytest.mark.parametrize("preset", [preset for preset in preset_ids() if preset != "functional"])
def test_a_specialist_goes_with_any_system(preset: str, station: Station, folder: Path) -> None:
    """M8: with the layer on top, the specialist the station names goes first to venue calls; nothing else changes."""
    plain, mixed = read_system(preset, folder).system, read_system(f"{preset}_plus", folder).system
    first, *others = mixed.dispatch.order
    assert first.id == "venues"
    assert first.tiers[0].who == "specialist"
    assert tuple(others) == plain.dispatch.order
    assert {squad.id for squad in mixed.squad} == {squad.id for squad in plain.squad} | {"venues"}
    errors = [finding for finding in check_system(station, read_system(f"{preset}_plus", folder)) if finding.severity == "error"]
    assert errors == []


def test_preset_files_say_who_they_are() -> None:
    """The name of a preset's file is its id."""
    for name in [*preset_ids(), *layer_ids()]:
        assert read_preset(name).system.id == name
        assert (PRESETS / f"{name}.toml").is_file()


def test_what_each_organisation_changes() -> None:
    """The differences the articles describe, as data."""
    systems = {preset: read_preset(preset).system for preset in preset_ids()}
    tiers = {preset: [tier.who for tier in system.dispatch.order[-1].tiers] for preset, system in systems.items()}
    assert tiers["one_beat"] == ["own_beat", "station", "neighbour"]
    assert tiers["sector"] == ["own_beat", "sector", "station", "neighbour"]
    assert systems["sector"].dispatch.order[0].tiers[1].who == "sergeant"
    assert systems["pairs"].dispatch.order[0].support[0].who == "partner"
    assert systems["pairs"].crews[0].together == "pair"
    assert tiers["split_lines"][0] == "squad:patrol"
    assert {squad.id: squad.line for squad in systems["split_lines"].squad}["community"] == "coordinate"
    assert all(squad.line == "command" for squad in systems["three_squads"].squad)
    assert all(tier.hand_over_s == 0 for tier in systems["three_squads"].dispatch.order[-1].tiers[:-1])
    assert tiers["merged"] == ["station", "neighbour"]
    assert systems["merged"].dispatch.levels == systems["one_beat"].dispatch.levels - 1
    assert tiers["hub_outposts"][:3] == ["own_beat", "outpost", "hub"]
    kunming = next(order for order in systems["kunming"].dispatch.order if order.id == "disputes_and_help")
    assert kunming.tiers[2].refusal > 0


def test_a_preset_alone_lacks_beats(station: Station) -> None:
    """Without the station's own files a preset has nobody to answer for anything, and says so."""
    codes = {finding.code for finding in check_system(station, read_preset("one_beat")) if finding.severity == "error"}
    assert "no-beats" in codes


def test_a_layer_alone_is_told(station: Station) -> None:
    """A layer cannot be compared as if it were a system."""
    assert "layer-alone" in {finding.code for finding in check_system(station, read_preset("plus_functional"))}


def test_a_new_figure_asks_for_its_reason(station: Station, folder: Path) -> None:
    """Overriding a preset's figure without saying why leaves a note at the new figure."""
    text = 'id = "own"\nextends = ["base", "preset:one_beat"]\n[dispatch]\nturnout_s = 30\n'
    (folder / "duty" / "own.toml").write_text(text, encoding="utf-8")
    loaded: LoadedSystem = read_system("own", folder)
    (finding,) = check_system(station, loaded)
    assert (finding.code, finding.severity, finding.place.row) == ("figure-without-its-reason", "note", 4)
    assert finding.values == {"file": "preset:common", "key": "dispatch.turnout_s"}
