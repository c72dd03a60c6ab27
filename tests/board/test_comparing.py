"""Comparing: systems handed in and tried by a process of its own; what happens to it is told, what it found can be signed."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from qinwu.findings import QinwuError
from tests.board.conftest import START, clock
from tests.board.test_calls import proposed, taken

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.test import Client

    from qinwu.board.in_force import InForce
    from qinwu.board.models import Job

PATIENCE_S = 240.0


@pytest.fixture(autouse=True)
def hardly_standing_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the processes of these tests have their share of a machine that is busy with tests."""
    monkeypatch.setenv("QINWU_NICE", "1")


@pytest.fixture
def tidy(force: InForce) -> Iterator[Path]:
    """Return the folder of duty files; what a test puts there is taken away, what it changes is put back."""
    folder = force.station.folder / "duty"
    kept = {path: path.read_bytes() for path in folder.glob("*.toml")}
    yield folder
    for path in folder.glob("*.toml"):
        if path not in kept:
            path.unlink()
    for path, content in kept.items():
        if not path.is_file() or path.read_bytes() != content:
            path.write_bytes(content)


@pytest.fixture
def chief(force: InForce) -> User:
    """Return the account of a chief."""
    from qinwu.board.views.account import make_account

    user: User = make_account("signer", "correct-horse-battery", ["chief"])
    return user


def ended(job: Job) -> Job:
    """Wait until a comparison has ended."""
    from qinwu.board.plans import comparing

    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        job.refresh_from_db()
        if job.state not in ("waiting", "running"):
            return job
        time.sleep(0.5)
        comparing.tend()  # as every page that shows it does
    raise TimeoutError(job.state, job.step)


def upload(desk: Client, content: bytes, name: str = "", file: str = "in.toml") -> Any:
    """Hand a file in on the page."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    return desk.post("/comparisons/hand-in", {"file": SimpleUploadedFile(file, content), "name": name})


def test_a_file_is_handed_in_and_none_is_overwritten(seat: Callable[..., Client], tidy: Path) -> None:
    """Handed in under a name that is taken it becomes the next version; asked for by a taken name it is refused."""
    desk = seat("planner")
    content = (tidy / "sector.toml").read_bytes()
    before = {path.name: path.read_bytes() for path in tidy.glob("*.toml")}
    answer = upload(desk, content)
    assert answer["Location"] == "/systems/of/sector_2"
    assert b'id = "sector_2"' in (tidy / "sector_2.toml").read_bytes()
    assert "sector_2" in desk.get("/systems").content.decode()
    refused = upload(desk, content, "Sector")
    assert refused.status_code == 422
    assert "sector_3 is free" in refused.content.decode().casefold()
    after = {path.name: path.read_bytes() for path in tidy.glob("*.toml")}
    assert {name: after[name] for name in before} == before
    assert set(after) - set(before) == {"sector_2.toml"}


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"\x00\xff\xfe", ""),
        (b"x = 1" + b" " * 1_000_000, ""),
        (b'id = "x"\nextends = ["base", "preset:sector"]\n[dispatch]\nspeed = 3\n', ""),
        (b'id = "x"\nextends = ["../../secrets"]\n', ""),
        (b'id = "../station"\n', ""),
        (b'id = "x"\nlayer = true\nname = { zh = "x", en = "x" }\n', ""),
    ],
)
def test_what_does_not_fit_is_told_and_nothing_is_kept(seat: Callable[..., Client], tidy: Path, content: bytes, name: str) -> None:
    """Rubbish, too large, a wrong key, sources and ids that lead elsewhere, a mere layer: a page that says so, no file."""
    before = sorted(path.name for path in tidy.parent.rglob("*.toml"))
    answer = upload(seat("planner"), content, name)
    assert answer.status_code == 422
    assert 'class="wrong"' in answer.content.decode()
    assert sorted(path.name for path in tidy.parent.rglob("*.toml")) == before


@pytest.mark.parametrize("name", ["../evil", "/elsewhere/evil", "a/b", "..", "con/../x", "x\x00", ".hidden"])
def test_no_name_leads_out_of_the_folder(seat: Callable[..., Client], tidy: Path, name: str) -> None:
    """A good file under a bad name is refused."""
    before = sorted(tidy.parent.parent.rglob("*.toml"))
    assert upload(seat("planner"), (tidy / "sector.toml").read_bytes(), name).status_code in (400, 422)
    assert sorted(tidy.parent.parent.rglob("*.toml")) == before


def test_a_preset_is_taken_in_and_differs_from_nothing(seat: Callable[..., Client], tidy: Path) -> None:
    """A preset that the station has no file for is laid over its own files; one that does not fit is refused."""
    from qinwu.board.plans.duty_files import standings

    desk = seat("planner")
    assert "sector" not in [one.name for one in standings().presets]
    (tidy / "sector.toml").unlink()
    assert "sector" in [one.name for one in standings().presets]
    assert desk.post("/systems/take-in", {"preset": "sector"})["Location"] == "/systems/of/sector"
    assert (tidy / "sector.toml").is_file()
    assert desk.get("/systems/of/sector").status_code == 200
    assert desk.post("/systems/take-in", {"preset": "kunming"}).status_code == 422
    assert desk.post("/systems/take-in", {"preset": "../../x"}).status_code == 422


def test_a_comparison_from_the_page_to_the_signature(seat: Callable[..., Client], force: InForce) -> None:
    """Asked on the page, run by its own process at low priority, read and signed with the reason it gives; the trail names it."""
    import psutil

    from qinwu.board.models import Job, SystemInForce, TrailEntry
    from qinwu.board.plans import comparing

    desk = seat("chief")
    assert desk.post("/comparisons/ask", {"systems": [], "effort": "quick"}).status_code == 422
    assert desk.post("/comparisons/ask", {"systems": ["nothing"], "effort": "quick"}).status_code == 422
    assert desk.post("/comparisons/ask", {"systems": ["sector"], "effort": "forever"}).status_code == 422
    assert not Job.objects.exists()
    address = desk.post("/comparisons/ask", {"systems": ["sector", "pairs"], "effort": "quick"})["Location"]
    job = Job.objects.get()
    if job.state == "running" and os.name == "posix":
        until = time.monotonic() + 10.0
        while (process := psutil.Process(job.process)).nice() == 0 and time.monotonic() < until:
            time.sleep(0.05)
        assert process.nice() > 0
    assert ended(job).state == "done", job.told
    page = desk.get(address)
    text = page.content.decode()
    found = comparing.found_by(job)
    assert found is not None
    assert found["en"]["systems"] == [force.loaded.system.id, "sector", "pairs"]
    assert found["en"]["replications"] == 5
    assert found["en"]["headline"]["claim"] in text.replace("&#34;", '"')
    assert "frame-src 'self'" in page["Content-Security-Policy"]
    report = desk.get(f"{address}/report")
    policy = report["Content-Security-Policy"]
    assert policy.startswith("sandbox allow-scripts;")
    assert "allow-same-origin" not in policy
    assert "script-src 'sha256-" in policy
    assert report["X-Frame-Options"] == "SAMEORIGIN"
    assert b"<!DOCTYPE html>" in report.content
    assert b"<time>2026-03-04 10:00</time>" in report.content
    assert desk.get(f"{address}/workbook").content.startswith(b"PK")
    form = desk.get(f"/systems/of/sector?comparison={job.pk}").content.decode()
    assert f"Comparison {str(job.key)[:8]}" in form
    signed = desk.post("/systems/sign", {"name": "sector", "reason": "as compared", "comparison": job.pk, "page": "one"})
    assert signed.status_code == 302
    assert SystemInForce.objects.get().name == "sector"
    entry = TrailEntry.objects.filter(action="system.sign").latest("number")
    assert json.loads(entry.content)["comparison"] == str(job.key)
    assert desk.post(f"{address}/delete").status_code == 302
    assert desk.get(f"{address}/report").status_code == 404
    assert found["en"]["headline"]["claim"] in desk.get(address).content.decode().replace("&#34;", '"')


def test_only_one_runs_and_a_stop_ends_it(force: InForce, seat: Callable[..., Client]) -> None:
    """The second waits; stopped while waiting it never begins; the running one, stopped, ends with what it has."""
    from qinwu.board.models import Job
    from qinwu.board.plans import comparing

    first = comparing.ask(["sector", "pairs", "merged"], "thorough", "planner", "en")
    second = comparing.ask(["sector"], "quick", "planner", "en")
    assert (first.state, second.state) == ("running", "waiting")
    comparing.stop(second, "planner")
    second.refresh_from_db()
    assert second.state == "stopped"
    until = time.monotonic() + PATIENCE_S
    while "times" not in first.step and first.state == "running" and time.monotonic() < until:
        time.sleep(0.1)
        first.refresh_from_db()
    assert 0.0 < first.share < 1.0
    comparing.stop(first, "planner")
    assert ended(first).state == "stopped"
    found = comparing.found_by(first)
    assert found is not None
    assert 0 < found["en"]["replications"] < found["en"]["asked"] == 100
    assert Job.objects.filter(state="running").count() == 0


def test_a_dead_process_is_told_and_the_line_goes_on(force: InForce) -> None:
    """Killed, it is told as failed by whoever looks; the next begins; the same question can be asked again."""
    from qinwu.board.plans import comparing

    first = comparing.ask(["sector"], "thorough", "planner", "en")
    second = comparing.ask(["pairs"], "quick", "planner", "en")
    assert first.process is not None
    os.kill(first.process, signal.SIGKILL)
    until = time.monotonic() + 10.0
    while comparing.is_alive(first) and time.monotonic() < until:
        time.sleep(0.05)
    comparing.tend()
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.state == "failed"
    assert "switched off" in first.told
    assert second.state == "running"
    third = comparing.again(first, "planner")
    assert third.state == "waiting"
    assert comparing.Question.of(third).systems == comparing.Question.of(first).systems
    comparing.stop(third, "planner")
    comparing.stop(second, "planner")
    assert ended(second).state == "stopped"


def test_a_comparison_goes_on_when_the_server_starts_again(force: InForce) -> None:
    """Its process gone with the machine, it is begun anew as the server starts; what nobody stopped is not told as failed."""
    from qinwu.board.models import Job
    from qinwu.board.plans import comparing

    asked = {"systems": ["one_beat", "sector"], "replications": 5, "language": "en", "checksums": ["", ""]}
    job = Job.objects.create(
        kind="compare", question=json.dumps(asked), asked_by="x", asked_at=START, state="running", process=os.getpid()
    )
    comparing.resume()
    job.refresh_from_db()
    assert (job.state, comparing.is_alive(job)) == ("running", True)
    comparing.resume()
    assert Job.objects.get().process == job.process
    assert ended(job).state == "done"


def test_what_ends_again_and_again_is_not_begun_for_ever(force: InForce) -> None:
    """A comparison that has begun three times and never ended is told as failed as the server starts."""
    from qinwu.board import trail
    from qinwu.board.models import Job
    from qinwu.board.plans import comparing

    asked = {"systems": ["one_beat", "sector"], "replications": 5, "language": "en", "checksums": ["", ""]}
    job = Job.objects.create(
        kind="compare", question=json.dumps(asked), asked_by="x", asked_at=START, state="running", process=os.getpid()
    )
    for _ in range(comparing.MOST_BEGINNINGS):
        trail.record("system", "comparison.begin", str(job.key))
    comparing.resume()
    job.refresh_from_db()
    assert job.state == "failed"


def test_another_process_of_that_number_is_not_taken_for_it(force: InForce) -> None:
    """After a restart of the machine another process may have its number: the job is told as failed all the same."""
    from qinwu.board.models import Job
    from qinwu.board.plans import comparing

    asked = {"systems": ["one_beat", "sector"], "replications": 5, "language": "en", "checksums": ["", ""]}
    job = Job.objects.create(
        kind="compare", question=json.dumps(asked), asked_by="x", asked_at=START, state="running", process=os.getpid()
    )
    assert not comparing.is_alive(job)
    comparing.tend()
    job.refresh_from_db()
    assert job.state == "failed"


def test_a_comparison_that_cannot_be_made_says_why(force: InForce, tidy: Path) -> None:
    """A file broken between asking and reading ends the comparison with what is wrong, by row and key."""
    from qinwu.board.models import Job
    from qinwu.board.plans import comparing

    (tidy / "pairs.toml").write_text((tidy / "pairs.toml").read_text() + "\nnonsense = 1\n")
    with pytest.raises(QinwuError, match="nonsense"):
        comparing.ask(["pairs"], "quick", "planner", "en")
    asked = {"systems": ["one_beat", "pairs"], "replications": 5, "language": "en", "checksums": ["", ""]}
    job = Job.objects.create(kind="compare", question=json.dumps(asked), asked_by="x", asked_at=START)
    comparing.tend()
    assert ended(job).state == "failed"
    assert "nonsense" in job.told


def test_a_broken_file_is_told_and_another_signature_mends_it(
    seat: Callable[..., Client], force: InForce, chief: User, tidy: Path
) -> None:
    """With the file in force broken every page says so and leads the chief to the page that says why and lets another be signed."""
    from qinwu.board.plans.signing import sign

    sign("sector", None, "trial", chief)
    desk = seat("chief")
    assert desk.get("/").status_code == 200
    (tidy / "sector.toml").write_text('id = "sector"\nextends = ["base", "preset:sektor"]\n')
    trouble = desk.get("/")
    assert trouble.status_code == 503
    assert 'href="/systems"' in trouble.content.decode()
    page = desk.get("/systems")
    assert page.status_code == 200
    text = page.content.decode()
    assert "can no longer be obeyed" in text
    assert "preset:sektor" in text
    assert "can no longer be obeyed" in desk.get("/systems/of/sector").content.decode()
    assert desk.get("/systems/of/pairs").status_code == 200
    assert desk.get("/comparisons").status_code == 200
    assert desk.post("/systems/sign", {"name": "sector", "reason": "again"}).status_code == 422
    assert desk.post("/systems/sign", {"name": "pairs", "reason": "mended"}).status_code == 302
    assert desk.get("/").status_code == 200


def test_a_broken_station_is_told_on_the_page(seat: Callable[..., Client], force: InForce) -> None:
    """Even with station.toml broken the page of duty systems opens and says what is wrong."""
    desk = seat("chief")
    path = force.station.folder / "station.toml"
    kept = path.read_bytes()
    try:
        path.write_text("this is = = no toml")
        page = desk.get("/systems")
        assert page.status_code == 200
        assert "station.toml" in page.content.decode()
        assert desk.get("/systems/of/sector").status_code == 200
        assert desk.get("/comparisons").status_code == 200
    finally:
        path.write_bytes(kept)


def test_a_new_file_does_not_look_like_a_change_of_the_old(force: InForce, chief: User, tidy: Path) -> None:
    """What is signed counts as changed when a file it is read from changes, not when another comes in."""
    from qinwu.board.plans.duty_files import hand_in
    from qinwu.board.plans.signing import changed_since_signed, sign

    sign("sector", None, "trial", chief)
    hand_in((tidy / "pairs.toml").read_bytes(), "in.toml", "", "planner")
    assert not changed_since_signed()
    (tidy / "local.toml").write_text((tidy / "local.toml").read_text() + "\n")
    assert changed_since_signed()


def test_back_in_two_clicks(seat: Callable[..., Client], force: InForce, chief: User) -> None:
    """The page offers the system before the present one with a reason filled in; signed, it is in force again."""
    from qinwu.board.plans.signing import name_before, name_in_force, sign

    assert name_before() == ""
    sign("sector", None, "trial", chief)
    assert name_before() == force.station.config.current
    sign("pairs", START + timedelta(days=3), "next trial", chief)
    assert name_before() == force.station.config.current
    desk = seat("chief")
    text = desk.get("/systems").content.decode()
    assert "from 2026-03-07 10:00" in text
    reason = text.split('name="reason"')[1].split('value="')[1].split('"')[0]
    assert reason.startswith("Back to")
    assert desk.post("/systems/sign", {"name": name_before(), "reason": reason}).status_code == 302
    assert name_in_force() == force.station.config.current
    with clock(START + timedelta(days=4)):
        assert name_in_force() == "pairs"
        assert name_before() == force.station.config.current


def test_a_crew_on_a_call_stays_on_it_when_its_system_goes(seat: Callable[..., Client], force: InForce, chief: User) -> None:
    """Told before signing, the crew can be stamped afterwards, by its officer too, and its officers go nowhere else."""
    from qinwu.board.crew_names import crew_names
    from qinwu.board.dispatch import sendings
    from qinwu.board.dispatch.at_hand import at_hand
    from qinwu.board.in_force import in_force
    from qinwu.board.plans.changing_over import left_over
    from qinwu.board.plans.duty_files import standings
    from qinwu.board.plans.signing import sign
    from qinwu.board.roster.in_crew import crews_of

    call = taken(force)
    (sending,) = sendings.send(force, call, [line.order for line in proposed(force, call).going][:1], "dispatcher")
    officers = force.plan.crews[force.crew(sending.crew)].officers
    other = next(each for each in standings().systems if each.plan and sending.crew not in {label.id for label in each.plan.crews})
    page = seat("chief").get(f"/systems/of/{other.name}").content.decode()
    assert crew_names(force, "en")[sending.crew] in page
    assert "stays on its call" in page
    with clock(START + timedelta(minutes=1)):
        sign(other.name, None, "trial", chief)
        after = in_force()
        assert left_over(after) == {sending.crew: officers}
        assert sending.crew in crews_of(after, officers[0], START + timedelta(minutes=1))
        hand = at_hand(after, START + timedelta(minutes=1))
        assert not any(set(officers) & set(names) for names in hand.officers)
        desk = seat("sergeant")
        assert desk.post(f"/sendings/{sending.pk}/stamp", {"stamp": "acknowledged"}).status_code == 302
        sending.refresh_from_db()
        assert sending.acknowledged is not None
        sendings.stamp(sending, "over", "sergeant")
        assert left_over(after) == {}


def test_a_file_outside_cannot_be_signed(force: InForce, chief: User, tmp_path: Path) -> None:
    """The path of a file, even of a good one, is no name of a duty system."""
    from qinwu.board.plans.signing import sign

    path = tmp_path / "x.toml"
    path.write_bytes((force.station.folder / "duty" / "sector.toml").read_bytes())
    with pytest.raises(QinwuError) as refused:
        sign(str(path), None, "mine", chief)
    assert {finding.code for finding in refused.value.findings} == {"unknown-system"}


def test_one_button_compares_three_call_flows(seat: Callable[..., Client], tidy: Path) -> None:
    """The planner's button keeps three duty files and tries them with the one in force; pressed twice, it keeps no more."""
    from qinwu.board.models import Job
    from qinwu.board.plans.comparing import Question

    desk = seat("planner")
    answer = desk.post("/comparisons/flows", {"system": "one_beat", "effort": "quick"})
    job = ended(Job.objects.get(pk=answer["Location"].rsplit("/", 1)[1]))
    assert job.state == "done", job.told
    flows = ("one_beat_flow11", "one_beat_flow12", "one_beat_flow22")
    assert Question.of(job).systems == ("one_beat", *flows)
    assert "one taking, two dispatching" in desk.get(f"/comparisons/{job.pk}").content.decode()
    again = desk.post("/comparisons/flows", {"system": "one_beat", "effort": "quick"})
    second = Job.objects.get(pk=again["Location"].rsplit("/", 1)[1])
    assert Question.of(second).systems == ("one_beat", *flows)
    desk.post(f"/comparisons/{second.pk}/stop")
    ended(second)
    assert {path.stem for path in tidy.glob("one_beat_flow*.toml")} == set(flows)


@pytest.mark.parametrize("form", [{"system": "never", "effort": "quick"}, {"system": "one_beat", "effort": "never"}])
def test_call_flows_of_nothing_are_refused(seat: Callable[..., Client], tidy: Path, form: dict[str, str]) -> None:
    """A system or an effort that there is not is said, and no file is kept."""
    answer = seat("planner").post("/comparisons/flows", form)
    assert answer.status_code == 422
    assert not list(tidy.glob("*_flow*.toml"))
