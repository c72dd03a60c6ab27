"""Bulletins and leads: news of a place that ends by itself, read once; calls that people say belong together, or not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from qinwu.findings import QinwuError
from tests.board.conftest import PASSWORD, START, clock
from tests.board.test_calls import taken

if TYPE_CHECKING:
    from django.test import Client

    from qinwu.board.in_force import InForce

HOUR = timedelta(hours=1)


def draft(force: InForce, **changes: Any) -> Any:
    """Return a bulletin about the first beat, of something an hour ago, that ends in a day."""
    from qinwu.board.work.bulletins import Draft

    usual: dict[str, Any] = {
        "title": "Cars broken into", "text": "Two nights, look at the west gate.", "kind": "series", "beat": force.plan.beats[0],
        "atom": "", "happened": START - HOUR, "end": START + 24 * HOUR,
    }  # fmt: skip
    return Draft(**(usual | changes))


def form(force: InForce, **changes: str) -> dict[str, str]:
    """Return the same as a form sends it."""
    usual = {
        "title": "Cars broken into", "text": "Two nights, look at the west gate.", "kind": "series", "beat": force.plan.beats[0],
        "atom": "", "happened": "2026-03-04T09:00", "end": "2026-03-05T10:00",
    }  # fmt: skip
    return usual | changes


def account(name: str, officer: str = "", role: str = "officer") -> Any:
    """Return an account."""
    from qinwu.board.views.account import make_account

    return make_account(name, PASSWORD, [role], officer=officer, language="en")


@contextmanager
def at(hours: float) -> Iterator[datetime]:
    """Let the board stand some hours after its beginning."""
    moment = START + timedelta(hours=hours)
    with clock(moment):
        yield moment


def test_a_bulletin_ends_by_itself(force: InForce) -> None:
    """It is in force until its end and not a moment longer, wherever it is asked for; then nobody changes it."""
    from qinwu.board.work.bulletins import at_place, change, over, publish, running, withdraw

    bulletin = publish(force, draft(force), "sergeant")
    atom = next(atom for atom, beat in zip(force.plan.atoms, force.plan.area.beat_of, strict=True) if beat == 0)
    for hours, there in ((0.01, True), (23.99, True), (24.0, False)):
        moment = START + timedelta(hours=hours)
        assert list(running(moment)) == ([bulletin] if there else [])
        assert at_place(force, atom, moment) == ([bulletin] if there else [])
        assert bool(over(moment)) != there
    with at(25):
        with pytest.raises(QinwuError, match="has ended"):
            change(force, bulletin, draft(force, end=START + 48 * HOUR), "sergeant")
        with pytest.raises(QinwuError, match="has ended"):
            withdraw(bulletin, "sergeant")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Ring 139 1234 5678 when you see it", "long-number"),
        ("身份证 11010119900101123X 的人", "long-number"),
        ("The suspect fled north", "about-person"),
        ("一名男子持刀", "about-person"),
        ("重点人员聚集", "about-person"),
        ("张某住在北门", "about-person"),
        ("豫A12345 被盗", "about-person"),
    ],
)
def test_numbers_and_persons_are_refused(seat: Callable[..., Client], force: InForce, text: str, code: str) -> None:
    """A telephone, an identity number, a description or a list of persons: refused with the words, nothing is kept."""
    from qinwu.board.models import Bulletin
    from qinwu.board.work.bulletins import problems

    assert code in {one.code for one in problems(force, draft(force, text=text), START)}
    assert code in {one.code for one in problems(force, draft(force, title=text), START)}
    answer = seat("sergeant").post("/bulletins/publish", form(force, text=text))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "speaks of a person" in page or "telephone or identity number" in page
    assert re.search(r"<textarea[^>]*>" + re.escape(text), page), "the form keeps what was typed"
    assert not Bulletin.objects.exists()


@pytest.mark.parametrize(
    "text",
    [
        "民族路施工，绕行河堤路",
        "接到冒充公检法电话的报警增多，提醒群众",
        "某小区车库三天三起",
        "A001 的卷帘门坏了",
        "call 20260304-0001 of 2026-03-04 10:30",
    ],
)
def test_places_are_not_persons(force: InForce, text: str) -> None:
    """A street, a kind of swindle, an estate, an atom and the number of a call may stand in a bulletin."""
    from qinwu.board.work.bulletins import problems

    assert list(problems(force, draft(force, text=text), START)) == []


def test_everything_wrong_is_said_at_once(force: InForce) -> None:
    """Unknown kind, beat and atom, an end in the past, a time to come, an empty title: six problems, nothing kept."""
    from qinwu.board.work.bulletins import LONGEST, problems, publish

    wrong = draft(force, title=" ", kind="rumour", beat="B99", atom="nowhere", end=START - HOUR, happened=START + HOUR)
    codes = {"no-title", "unknown-kind", "unknown-beat", "unknown-atom", "ends-before-now", "happens-later"}
    with pytest.raises(QinwuError) as refused:
        publish(force, wrong, "sergeant")
    assert {one.code for one in refused.value.findings} == codes
    long = draft(force, end=START + LONGEST + HOUR, text="x" * 401)
    assert {one.code for one in problems(force, long, START)} == {"runs-too-long", "too-long"}
    elsewhere = next(atom for atom, beat in zip(force.plan.atoms, force.plan.area.beat_of, strict=True) if beat == 1)
    assert [one.code for one in problems(force, draft(force, atom=elsewhere), START)] == ["atom-outside-beat"]


def test_what_was_read_is_not_rewritten(force: InForce) -> None:
    """Until somebody else has read it a bulletin can be changed; afterwards only its end."""
    from qinwu.board.work.bulletins import change, publish, read

    sergeant = account("sergeant", role="sergeant")
    bulletin = publish(force, draft(force), "sergeant")
    read(bulletin, sergeant)
    change(force, bulletin, draft(force, title="Cars broken into, twice"), "sergeant")
    read(bulletin, account("officer"))
    with pytest.raises(QinwuError, match="only its end"):
        change(force, bulletin, draft(force, title="Something else"), "sergeant")
    change(force, bulletin, draft(force, title="Cars broken into, twice", end=START + 30 * HOUR), "sergeant")
    bulletin.refresh_from_db()
    assert (bulletin.title, bulletin.end) == ("Cars broken into, twice", START + 30 * HOUR)


def test_reading_is_recorded_once(seat: Callable[..., Client], force: InForce) -> None:
    """Opening it twice is one reading, in the trail too; looking at it after its end is a look, not a reading."""
    from qinwu.board.models import BulletinRead, TrailEntry
    from qinwu.board.work.bulletins import publish

    bulletin = publish(force, draft(force), "sergeant")
    officer, other = seat("officer"), seat("call_taker")
    assert "1 of 1 bulletins you have not read" in officer.get("/bulletins").content.decode()
    for _ in range(2):
        assert "west gate" in officer.get(f"/bulletins/{bulletin.pk}").content.decode()
    assert "all read by you" in officer.get("/bulletins").content.decode()
    with at(25):
        assert "kept as it was" in other.get(f"/bulletins/{bulletin.pk}").content.decode()
    assert BulletinRead.objects.count() == 1
    actions = TrailEntry.objects.filter(subject=str(bulletin.pk), action__startswith="bulletin.").values_list("action", flat=True)
    assert list(actions) == ["bulletin.publish", "bulletin.read", "bulletin.view", "bulletin.view"]


def test_the_own_beat_comes_first(seat: Callable[..., Client], force: InForce) -> None:
    """An officer sees what is about the own beat first, then the station's, then that of other beats."""
    from qinwu.board.access.reach import officers_of
    from qinwu.board.work.bulletins import publish

    own, officer = next((beat, officer) for beat, officer in officers_of(force).items() if beat != force.plan.beats[0])
    for title, beat in (("Mine", own), ("Elsewhere", force.plan.beats[0]), ("Everybody", "")):
        publish(force, draft(force, title=title, beat=beat), "sergeant")
    page = seat("officer", officer=officer).get("/bulletins").content.decode()
    places = [page.index(f"<b>{title}</b>") for title in ("Mine", "Everybody", "Elsewhere")]
    assert places == sorted(places)
    assert page.count("own beat") == 1


def test_news_stands_beside_a_call_at_its_place(seat: Callable[..., Client], force: InForce) -> None:
    """On the page of a call stand the bulletins of its atom and beat, read by being shown; those of other beats do not."""
    from qinwu.board.models import BulletinRead
    from qinwu.board.work.bulletins import publish

    beat = force.plan.area.beat_of.tolist()[0]
    here = publish(force, draft(force, title="At this very place", beat="", atom=force.plan.atoms[0]), "sergeant")
    publish(force, draft(force, title="In this beat", beat=force.plan.beats[beat]), "sergeant")
    publish(force, draft(force, title="Far away", beat=force.plan.beats[beat - 1]), "sergeant")
    page = seat("dispatcher").get(f"/calls/{taken(force).number}").content.decode()
    assert page.index("At this very place") < page.index("In this beat")
    assert "Far away" not in page
    assert here.pk in BulletinRead.objects.values_list("bulletin_id", flat=True)
    assert BulletinRead.objects.count() == 2


def test_how_long_news_takes_to_each_team(force: InForce) -> None:
    """Two bulletins of an hour ago, read in one squad after 5 and 35 minutes: median 80; the other squad missed them all."""
    from qinwu.board.work.bulletins import information_lags, publish, read, team_of

    label = next(label for label in force.plan.crews if label.squad and label.officers)
    patrol, office = account("one", officer=label.officers[0]), account("clerk", role="call_taker")
    account("another", officer=label.officers[0])
    for minutes in (5, 35):
        bulletin = publish(force, draft(force), "sergeant")
        with at(minutes / 60):
            read(bulletin, patrol)
    with at(1):
        now_running = {one.team: one for one in information_lags(force, START + HOUR, START - HOUR)}
    assert set(now_running) == {label.squad}, "who has not read what still runs counts neither way"
    with at(30) as moment:
        found = {one.team: one for one in information_lags(force, moment, START - HOUR)}
    squad, rest = found[label.squad], found[team_of(force, "")]
    assert squad.median_min == pytest.approx(80.0, abs=0.1)
    assert (squad.news, squad.never, squad.readings, squad.not_read) == (2, 0, 4, 2)
    assert (rest.median_min, rest.never, rest.not_read) == (float("inf"), 2, 2)
    assert office.is_active


def test_who_may_write(seat: Callable[..., Client], force: InForce) -> None:
    """Officers and call-takers read; sergeant, dispatcher and chief write, change and withdraw, on the page."""
    from qinwu.board.models import Bulletin

    for role in ("officer", "call_taker", "planner", "inspector"):
        assert seat(role).post("/bulletins/publish", form(force)).status_code == 403
    desk = seat("dispatcher")
    assert desk.post("/bulletins/publish", form(force)).status_code == 302
    pk = Bulletin.objects.get().pk
    assert desk.post(f"/bulletins/{pk}/change", form(force, title="Vans broken into")).status_code == 302
    assert Bulletin.objects.get().title == "Vans broken into"
    assert desk.post(f"/bulletins/{pk}/change", form(force, end="tomorrow")).status_code == 422
    assert desk.post(f"/bulletins/{pk}/withdraw").status_code == 302
    assert desk.post(f"/bulletins/{pk}/withdraw").status_code == 409
    assert "withdrawn" in desk.get("/bulletins").content.decode()


def crime(force: InForce, hours: float, atom: str = "") -> Any:
    """Take a call about a crime some hours before the beginning."""
    kind = next(one.id for one in force.station.config.call_class if one.kind == "enforcement")
    received = START - timedelta(hours=hours)
    with clock(received + timedelta(minutes=1)):
        return taken(force, call_class=kind, atom=atom or force.plan.atoms[0], received=received)


def test_pairs_come_with_reasons_and_lots_do_not(force: InForce) -> None:
    """Break-ins at one place at one hour lead the list of series, before those far apart; the record stands beside them."""
    from qinwu.board.dispatch.leads import find

    near = [crime(force, hours).number for hours in (24, 48)]
    far = crime(force, 37, force.plan.atoms[-1]).number
    found = find(force, START)
    first = found.series[0]
    assert {first.one, first.two} == set(near)
    assert found.from_record > 100
    assert first.probability is None, "nothing is confirmed, so nothing is called probable"
    assert first.times > 10.0
    assert first.evidence.metres == 0.0
    assert far not in {first.one, first.two}


def test_a_call_told_twice_is_named_with_a_probability(force: InForce) -> None:
    """Two calls of a rare class within minutes at one place get the probability that the record teaches, and its reasons."""
    from qinwu.board.dispatch.leads import find
    from qinwu.forecast.leads.duplicates import pairs_among

    kind = min(force.duplicates.share, key=lambda name: force.duplicates.share[name])  # type: ignore[union-attr]
    one = taken(force, call_class=kind, received=START - timedelta(minutes=9))
    two = taken(force, call_class=kind, received=START - timedelta(minutes=5))
    found = find(force, START)
    from qinwu.board.dispatch.leads import _placed

    said = pairs_among(_placed(force, [one, two]), force.duplicates, least=0.0)  # type: ignore[arg-type]
    assert len(said) == 1
    named = [(pair.one, pair.two, pair.probability) for pair in found.repeats]
    assert named == ([(one.number, two.number, said[0].probability)] if said[0].probability >= 0.05 else [])
    assert set(said[0].reasons) == {"distance", "minutes", "class", "rarity", "quiet"}


def test_somebody_decides_once(seat: Callable[..., Client], force: InForce) -> None:
    """A pair is decided on the page, by a named person, once; it leaves the list, and the trail has it."""
    from qinwu.board.dispatch.leads import find
    from qinwu.board.models import Link, TrailEntry

    one, two = crime(force, 24), crime(force, 48)
    desk = seat("sergeant")
    assert "Perhaps one series" in desk.get("/leads").content.decode()
    sent = {"one": one.number, "two": two.number, "kind": "series", "reason": "same window"}
    assert desk.post("/leads/decide", sent).status_code == 302
    again = desk.post("/leads/decide", {**sent, "one": two.number, "two": one.number, "kind": "none"})
    assert again.status_code == 409
    assert "sergeant has decided" in again.content.decode()
    link = Link.objects.get()
    assert (link.kind, link.by, link.reason) == ("series", "sergeant", "same window")
    assert TrailEntry.objects.filter(action="lead.decide").count() == 1
    assert find(force, START).series == ()
    assert seat("officer").post("/leads/decide", sent).status_code == 403
    assert desk.post("/leads/decide", {**sent, "kind": "maybe"}).status_code == 409
    third = crime(force, 72)
    named = desk.post("/leads/decide", {**sent, "two": third.number, "reason": "same suspect"})
    assert "speaks of a person" in named.content.decode()


def test_confirmed_calls_stand_together(seat: Callable[..., Client], force: InForce) -> None:
    """A series confirmed pair by pair is shown whole on the page of each of its calls, and what was ruled out is not."""
    from qinwu.board.dispatch.decided import decide

    first, second, third, other = (crime(force, hours) for hours in (24, 48, 72, 96))
    for one, two, kind in ((first, second, "series"), (second, third, "series"), (third, other, "none")):
        decide(one, two, kind, "sergeant", None)
    page = seat("dispatcher").get(f"/calls/{first.number}").content.decode()
    beside = page.split("Belongs together with")[1].split("</section>")[0]
    assert second.number in beside
    assert third.number in beside
    assert other.number not in beside


def test_entered_twice_is_counted(force: InForce) -> None:
    """A call told twice leaves the queue where no crew was sent to it; with a crew it stays, and counts as one that cost a crew."""
    from qinwu.board.dispatch import sendings
    from qinwu.board.dispatch.decided import decide, entered_twice
    from tests.board.test_calls import proposed

    first, second, third = (taken(force, received=START - timedelta(minutes=minutes)) for minutes in (9, 6, 3))
    sendings.send(force, third, [proposed(force, third).going[0].order], "tester")
    decide(first, second, "duplicate", "sergeant", 0.4)
    decide(third, first, "duplicate", "sergeant", 0.3)
    second.refresh_from_db()
    third.refresh_from_db()
    assert second.same_as == first
    assert second.closed is not None
    assert third.same_as is None
    found = entered_twice(START - HOUR)
    assert (found.calls, found.twice, found.with_crew) == (3, 2, 1)


def test_how_the_leads_held(force: InForce) -> None:
    """Three of four decided pairs belong together: 75 %, from 30 to 95, beside what the program had said."""
    from qinwu.board.dispatch.decided import decide, held

    calls = [crime(force, 24 * day) for day in range(1, 6)]
    kinds = (("series", 0.8), ("series", 0.6), ("duplicate", None), ("none", 0.4))
    for at_, (kind, said) in enumerate(kinds):
        decide(calls[at_], calls[at_ + 1], kind, "sergeant", said)
    found = held()
    assert (found.decided, found.confirmed) == (4, 3)
    assert (found.low, found.high) == pytest.approx((0.301, 0.954), abs=0.001)
    assert found.said == pytest.approx(0.6)
    assert found.by_kind == {"duplicate": 1, "series": 2, "none": 1}


def test_decisions_flow_back(seat: Callable[..., Client], force: InForce, tmp_path: Path) -> None:
    """The decided pairs, taken out in either language, are read by what teaches leads: yes, no, and who signed."""
    from qinwu.board.dispatch.decided import decide
    from qinwu.board.models import Member
    from qinwu.forecast.leads.confirming import read_decisions

    calls = [crime(force, hours) for hours in (24, 48, 72, 96)]
    for (one, two), kind in (((0, 1), "series"), ((1, 2), "none"), ((2, 3), "duplicate")):
        decide(calls[one], calls[two], kind, "sergeant", None)
    ids = [call.number for call in calls]
    chief = seat("chief")
    for language in ("zh", "en"):
        Member.objects.update(language=language)
        file = tmp_path / f"{language}.csv"
        file.write_bytes(chief.get("/leads/confirmed.csv").content)
        read = read_decisions(file, ids)
        assert read.together == ((0, 1),)
        assert read.apart == ((1, 2),)
        assert read.findings == ()


def test_confirmed_series_teach(force: InForce) -> None:
    """With eight confirmed pairs in four series the next pair comes with a probability."""
    from qinwu.board.dispatch.decided import decide
    from qinwu.board.dispatch.leads import find

    atoms = force.plan.atoms[:: max(1, len(force.plan.atoms) // 6)][:5]
    series = [[crime(force, 24 * day + 2 * place, atom) for day in (1, 2, 3)] for place, atom in enumerate(atoms)]
    for calls in series[:4]:
        for one, two in ((0, 1), (1, 2)):
            decide(calls[one], calls[two], "series", "sergeant", None)
    found = find(force, START)
    assert found.calibrated
    assert all(0.0 < pair.probability < 1.0 for pair in found.series if pair.probability is not None)
    assert found.series[0].probability == max(pair.probability or 0.0 for pair in found.series)
    assert {found.series[0].one, found.series[0].two} <= {call.number for calls in series for call in calls}
