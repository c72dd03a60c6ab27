"""Locks: the second factor with real codes, own passwords, sessions, limits, measures, headers."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.board.conftest import PASSWORD
from tests.board.test_calls import proposed, taken

if TYPE_CHECKING:
    from django.test import Client

    from qinwu.board.in_force import InForce

OTHER = "another-long-battery"


def code_of(name: str, ahead: int = 0) -> str:
    """Return the code that the device of an account shows now, or so many steps ahead."""
    from django_otp.oath import totp
    from django_otp.plugins.otp_totp.models import TOTPDevice

    device = TOTPDevice.objects.get(user__username=name)
    return f"{totp(device.bin_key, drift=ahead):06d}"


def wrong_code(name: str) -> str:
    """Return six digits that no step near now shows."""
    near = {code_of(name, step) for step in range(-3, 4)}
    return next(
        code for code in ("000000", "111111", "222222", "333333", "444444", "555555", "666666", "777777") if code not in near
    )


def patient() -> None:
    """Let the seconds pass that a wrong code costs, without waiting for them."""
    from django_otp.plugins.otp_static.models import StaticDevice
    from django_otp.plugins.otp_totp.models import TOTPDevice

    for kind in (StaticDevice, TOTPDevice):
        kind.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)


def switched_on(client: Client, name: str) -> list[str]:
    """Switch the second factor on and return the recovery codes."""
    client.get("/account/second-factor")
    page = client.post("/account/second-factor", {"code": code_of(name)}).content.decode()
    return [part.split("</code>")[0] for part in page.split("<code>")[1:]]


def with_password(name: str, password: str = PASSWORD) -> Client:
    """Return a browser in which the password has been given."""
    from django.test import Client

    client = Client()
    client.post("/login", {"username": name, "password": password})
    return client


def test_the_published_codes_come_out(force: InForce) -> None:
    """The algorithm gives the values of RFC 6238, appendix B, for its secret and times."""
    from django_otp.oath import TOTP

    for at, expected in ((59, 94287082), (1111111109, 7081804), (1234567890, 89005924), (20000000000, 65353130)):
        device = TOTP(b"12345678901234567890", digits=8)
        device.time = at
        assert device.token() == expected


def test_a_password_alone_opens_nothing_once_the_factor_is_on(force: InForce, seat: Callable[..., Client]) -> None:
    """After switching on, the password leads to the code page only; the right code opens the board, once."""
    codes = switched_on(seat("dispatcher"), "dispatcher")
    assert len(set(codes)) == 10
    client = with_password("dispatcher")
    assert client.get("/").status_code == 302
    assert client.post("/login/code", {"code": wrong_code("dispatcher")}).status_code == 401
    patient()
    code = code_of("dispatcher", 1)
    assert client.post("/login/code", {"code": f" {code[:3]} {code[3:]}"}).status_code == 302
    assert client.get("/").status_code == 200
    again = with_password("dispatcher")
    assert again.post("/login/code", {"code": code}).status_code == 401


def test_a_code_without_a_password_is_worth_nothing(force: InForce, seat: Callable[..., Client]) -> None:
    """Nobody reaches the code page who has not given the password, and not five minutes after it."""
    from django.test import Client

    switched_on(seat("dispatcher"), "dispatcher")
    assert Client().post("/login/code", {"code": code_of("dispatcher", 1)})["Location"] == "/login"
    slow = with_password("dispatcher")
    session = slow.session
    session["waits_for_code"] = session["waits_for_code"] | {"at": time.time() - 301}
    session.save()
    assert slow.post("/login/code", {"code": code_of("dispatcher", 1)})["Location"] == "/login"


def test_wrong_codes_lock_the_account(force: InForce, seat: Callable[..., Client]) -> None:
    """Five wrong codes lock the account: the right code is refused, and so is the right password."""
    switched_on(seat("dispatcher"), "dispatcher")
    client = with_password("dispatcher")
    for _ in range(5):
        patient()
        client.post("/login/code", {"code": wrong_code("dispatcher")})
    patient()
    locked = client.post("/login/code", {"code": code_of("dispatcher", 1)})
    assert (locked.status_code, locked["Retry-After"]) == (429, "900")
    assert with_password("dispatcher").get("/login/code").status_code == 302


def test_a_wrong_code_costs_time(force: InForce, seat: Callable[..., Client]) -> None:
    """The right code within a second of a wrong one is refused: nobody tries a thousand a second."""
    switched_on(seat("dispatcher"), "dispatcher")
    client = with_password("dispatcher")
    client.post("/login/code", {"code": wrong_code("dispatcher")})
    assert client.post("/login/code", {"code": code_of("dispatcher", 1)}).status_code == 401


def test_a_recovery_code_opens_once(force: InForce, seat: Callable[..., Client]) -> None:
    """A recovery code logs in once and is written into the trail; new codes end the old ones, the page never shows them again."""
    from qinwu.board.models import TrailEntry

    desk = seat("dispatcher")
    codes = switched_on(desk, "dispatcher")
    assert not any(code in desk.get("/account").content.decode() for code in codes)
    client = with_password("dispatcher")
    assert client.post("/login/code", {"code": codes[0].upper()}).status_code == 302
    assert client.get("/").status_code == 200
    assert TrailEntry.objects.filter(action="factor.recovery").count() == 1
    assert with_password("dispatcher").post("/login/code", {"code": codes[0]}).status_code == 401
    patient()
    fresh = client.post("/account/recovery-codes", {"code": codes[1]})
    assert fresh.status_code == 200
    assert client.get("/").status_code == 200
    assert with_password("dispatcher").post("/login/code", {"code": codes[2]}).status_code == 401


def test_a_role_can_ask_for_it(force: InForce, seat: Callable[..., Client]) -> None:
    """Where the role asks, nothing opens but the page that switches it on; it cannot be switched off; the trail says who asked."""
    from qinwu.board.models import TrailEntry

    desk, chief = seat("administrator"), seat("chief")
    assert chief.get("/").status_code == 200
    desk.post("/accounts/second-factor", {"role": ["chief", "nonsense"]})
    assert TrailEntry.objects.get(action="factor.require").content == '{"after": ["chief"], "before": []}'
    assert chief.get("/")["Location"] == "/account/second-factor"
    assert chief.get("/events").status_code == 403
    assert chief.post("/account/password", {})["Location"] == "/account/second-factor"
    assert chief.get("/account/second-factor").status_code == 200
    switched_on(chief, "chief")
    assert chief.get("/").status_code == 200
    assert chief.post("/account/second-factor/off", {"code": code_of("chief", 1)}).status_code == 409
    desk.post("/accounts/second-factor", {"role": []})
    assert chief.post("/account/second-factor/off", {"code": code_of("chief", 1)}).status_code == 302
    assert with_password("chief").get("/").status_code == 200


def test_the_secret_is_a_picture_of_our_own(force: InForce, seat: Callable[..., Client]) -> None:
    """The picture is an SVG of this site without script; it and the secret are gone once the factor is on."""
    client = seat("officer")
    page = client.get("/account/second-factor").content.decode()
    picture = client.get("/account/second-factor.svg")
    assert picture["Content-Type"] == "image/svg+xml"
    assert picture["Cache-Control"] == "no-store"
    assert b"<svg" in picture.content
    assert b"<script" not in picture.content
    secret = page.split("<code>")[1].split("</code>")[0]
    switched_on(client, "officer")
    assert client.get("/account/second-factor.svg").status_code == 404
    assert secret not in client.get("/account").content.decode()


def test_a_lost_device_is_taken_off_by_the_administrator(force: InForce, seat: Callable[..., Client]) -> None:
    """Taken off, the password opens the account again; its sessions have ended, the trail says who did it."""
    from django.contrib.auth import get_user_model

    from qinwu.board.models import TrailEntry

    desk, lost = seat("administrator"), seat("dispatcher")
    switched_on(lost, "dispatcher")
    pk = get_user_model().objects.get(username="dispatcher").pk
    assert desk.post(f"/accounts/{pk}/take-device-off").status_code == 302
    assert lost.get("/")["Location"].startswith("/login")
    assert with_password("dispatcher").get("/").status_code == 200
    assert TrailEntry.objects.filter(action="factor.off", actor="administrator", subject="dispatcher").count() == 1


def test_a_new_password_ends_the_other_sessions(force: InForce, seat: Callable[..., Client]) -> None:
    """Rules are told before and after; the session that changed the password goes on, the others have ended."""
    from qinwu.board.access.passwords import rules

    here = seat("officer")
    there = with_password("officer")
    assert there.get("/").status_code == 200
    page = unescape(here.get("/account").content.decode())
    assert all(rule in page for rule in rules("en"))
    form = {"old": PASSWORD, "password": OTHER, "again": OTHER}
    assert here.post("/account/password", form | {"old": "wrong"}).status_code == 422
    weak = here.post("/account/password", form | {"password": "12345", "again": "1234"})
    assert weak.status_code == 422
    assert weak.content.decode().count("<li>") >= len(rules("en")) + 4
    assert here.post("/account/password", form).status_code == 200
    assert here.get("/").status_code == 200
    assert there.get("/").status_code == 302
    assert with_password("officer").get("/").status_code == 302
    assert with_password("officer", OTHER).get("/").status_code == 200


def test_rules_are_told_in_the_readers_language(force: InForce) -> None:
    """Django's words for the rules come in Chinese and in English."""
    from qinwu.board.access.passwords import rules, weaknesses

    assert any("10 characters" in rule for rule in rules("en"))
    assert any("10" in rule and "字符" in rule for rule in rules("zh"))
    assert len(weaknesses("wang", "12345", "zh")) == 3


def test_sessions_are_listed_and_ended(force: InForce, seat: Callable[..., Client]) -> None:
    """The administrator sees who is logged in since when, and ends it; closing an account ends its sessions."""
    from django.contrib.auth import get_user_model
    from django.contrib.sessions.models import Session

    from qinwu.board.models import TrailEntry

    desk = seat("administrator")
    seat("officer")
    one, two = with_password("officer"), with_password("officer")
    officer = get_user_model().objects.get(username="officer")
    assert "since" in desk.get("/accounts").content.decode()
    assert desk.post(f"/accounts/{officer.pk}/end-sessions").status_code == 302
    assert one.get("/").status_code == two.get("/").status_code == 302
    assert TrailEntry.objects.get(action="account.sessions").content == '{"ended": 3}'
    back = with_password("officer")
    desk.post(f"/accounts/{officer.pk}/close")
    assert back.get("/").status_code == 302
    assert not any(each.get_decoded().get("_auth_user_id") == str(officer.pk) for each in Session.objects.all())
    assert desk.get("/accounts").status_code == 200


def test_logins_from_an_address_are_limited(force: InForce, settings_of: Callable[..., None]) -> None:
    """The third of two allowed logins is told how long to wait, whatever name it gives; another address is not."""
    from django.test import Client

    from qinwu.board.views.account import make_account

    make_account("wang", PASSWORD, ["dispatcher"])
    settings_of(login="2/1h")
    client = Client()
    assert [client.post("/login", {"username": f"u{n}", "password": "x"}).status_code for n in range(3)] == [401, 401, 429]
    told = client.post("/login", {"username": "wang", "password": PASSWORD})
    assert told.status_code == 429
    assert 0 < int(told["Retry-After"]) <= 3600
    assert client.get("/login").status_code == 200
    elsewhere = client.post("/login", {"username": "wang", "password": PASSWORD}, REMOTE_ADDR="10.0.0.9")
    assert elsewhere.status_code == 302


def test_new_calls_of_an_account_are_limited(force: InForce, seat: Callable[..., Client], settings_of: Callable[..., None]) -> None:
    """More new calls than the limit are refused with a page; another account goes on."""
    settings_of(new_call="1/1h")
    one, other = seat("dispatcher"), seat("call_taker")
    form = {"call_class": "help", "atom": force.plan.atoms[0]}
    assert one.post("/calls/new", form).status_code == 302
    refused = one.post("/calls/new", form)
    assert (refused.status_code, "Retry-After" in refused) == (429, True)
    assert one.get("/calls/new").status_code == 200
    assert other.post("/calls/new", form).status_code == 302


def test_a_token_is_limited(force: InForce, settings_of: Callable[..., None]) -> None:
    """A token that asks too often gets one problem and the seconds to wait; another token does not."""
    from django.test import Client

    from qinwu.board.clock import now
    from qinwu.board.models import Token
    from qinwu.board.views.account import make_account

    user = make_account("other", PASSWORD, ["dispatcher"])
    first, second = ({"Authorization": f"Bearer {Token.make(user, 'test', now())}"} for _ in range(2))
    settings_of(api="2/1h")
    answers = [Client().get("/api/calls", headers=first) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].json()[0]["code"] == "too-often"
    assert int(answers[2]["Retry-After"]) > 0
    assert Client().get("/api/calls", headers=second).status_code == 200


@pytest.fixture
def settings_of() -> Any:
    """Return what changes the limits for one test."""
    from django.test import override_settings

    changed: list[Any] = []

    def change(**limits: str) -> None:
        from django.conf import settings

        override = override_settings(QINWU_LIMITS=settings.QINWU_LIMITS | limits)
        override.enable()
        changed.append(override)

    yield change
    for override in reversed(changed):
        override.disable()


def test_measures_count_what_is_there(force: InForce, seat: Callable[..., Client]) -> None:
    """Measures tell the calls, the open ones by priority, the trail and how long pages took; Prometheus' own reader reads them."""
    from prometheus_client.parser import text_string_to_metric_families

    from qinwu.board.trail import verify

    call = taken(force)
    client = seat("administrator")
    client.get("/account")
    families = {one.name: one for one in text_string_to_metric_families(client.get("/metrics").content.decode())}
    assert families["qinwu_calls_taken"].samples[0].value == 1
    waiting = {each.labels["priority"]: each.value for each in families["qinwu_open_calls"].samples}
    assert waiting == {str(priority): float(priority == call.priority) for priority in (1, 2, 3, 4)}
    assert families["qinwu_trail_entries"].samples[0].value == verify().entries
    assert families["qinwu_database_bytes"].samples[0].value > 10_000
    assert families["qinwu_listeners"].samples[0].value == 0
    assert any(each.labels.get("view") == "my-account" for each in families["qinwu_request_seconds"].samples)


def test_measures_are_for_those_who_may(force: InForce, seat: Callable[..., Client]) -> None:
    """A token of an inspector reads the measures; one of an officer, a wrong one and none do not, wherever they come from."""
    from django.contrib.auth import get_user_model
    from django.test import Client

    from qinwu.board.clock import now
    from qinwu.board.models import Token

    seen = {}
    for role in ("inspector", "officer"):
        seat(role)
        secret = Token.make(get_user_model().objects.get(username=role), "prometheus", now())
        seen[role] = Client().get("/metrics", headers={"Authorization": f"Bearer {secret}"}).status_code
    assert seen == {"inspector": 200, "officer": 403}
    for wrong in ("Bearer x", "Basic eDp5", "Bearer"):
        assert Client().get("/metrics", headers={"Authorization": wrong}).status_code == 401
    assert Client().get("/metrics")["Location"].startswith("/login")


def test_every_answer_tells_the_browser_what_it_may(force: InForce, seat: Callable[..., Client]) -> None:
    """Devices are shut, pages stay out of caches and off other sites, cookies are for this site only."""
    from django.test import Client

    from qinwu.board.views.account import make_account

    make_account("wang", PASSWORD, ["dispatcher"])
    for address in ("/login", "/healthz", "/nowhere", "/api/calls"):
        answer = Client().get(address)
        assert "geolocation=()" in answer["Permissions-Policy"], address
        assert answer["Cross-Origin-Opener-Policy"] == answer["Cross-Origin-Resource-Policy"] == "same-origin"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Cache-Control"] == "no-store"
    cookies = with_password("wang").cookies
    assert {name: bool(each["httponly"]) for name, each in cookies.items() if "session" in name} == {"sessionid": True}
    assert {each["samesite"] for each in cookies.values()} == {"Strict"}


@pytest.mark.parametrize(
    "address", ["/calls/%00", "/calls/1?x=%00", "/sendings/99999999999999999999999999/stamp", "/calls/" + "x" * 5000]
)
def test_impossible_addresses_are_told_so(force: InForce, seat: Callable[..., Client], address: str) -> None:
    """NUL characters, numbers no database holds and endless names are 400 or 404, never a fault of the program."""
    client = seat("dispatcher")
    assert client.get(address).status_code in (400, 404, 405)
    assert client.post(address).status_code in (400, 404, 405)


def test_nul_characters_in_forms_are_no_fault(force: InForce, seat: Callable[..., Client]) -> None:
    """A NUL character in any field of any form is refused, on every database; an invisible one in a name is told."""
    from django.test import Client

    desk = seat("administrator")
    assert Client().post("/login", {"username": "a\0b", "password": "c"}).status_code == 400
    form = {"username": "wang", "password": PASSWORD, "role": ["officer", "x\0"]}
    assert desk.post("/accounts/make", form).status_code == 400
    assert desk.post("/account/second-factor", {"code": "\0"}).status_code == 400
    assert desk.post("/accounts/make", form | {"role": "officer", "username": "wa\u200bng"}).status_code == 422
    assert desk.post("/accounts/make", form | {"role": "officer", "username": "w" * 151}).status_code == 422


@pytest.mark.parametrize("tls", ["", "1"])
def test_every_warning_for_a_server_is_answered(station_folder: Path, tls: str) -> None:
    """Django's own check for servers finds nothing, with HTTPS in front and on one machine without."""
    ran = subprocess.run(
        [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING"],
        env={**os.environ, "QINWU_TLS": tls},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-2000:]


def test_with_a_proxy_in_front_cookies_and_pages_stay_on_https(station_folder: Path) -> None:
    """With --tls HTTP leads to HTTPS, browsers are told to stay there, and cookies are bound to the host."""
    program = """
import django; django.setup()
from django.test import Client
from django.test.utils import setup_test_environment
setup_test_environment()
plain, client = Client().get("/login"), Client()
secure = client.get("/first-run", headers={"X-Forwarded-Proto": "https"})
secure = client.get("/login", headers={"X-Forwarded-Proto": "https"}) if secure.status_code == 302 else secure
print(plain.status_code, plain["Location"], secure.status_code, secure["Strict-Transport-Security"])
print({name: (bool(each["secure"]), each["path"], each["domain"]) for name, each in client.cookies.items()})
print(Client().get("/healthz").status_code)
"""
    with_tls, words = {**os.environ, "QINWU_TLS": "1"}, [sys.executable, "-c", program]
    told = subprocess.run(words, env=with_tls, capture_output=True, text=True, timeout=120, check=False)
    assert told.returncode == 0, told.stderr[-2000:]
    assert told.stdout.splitlines() == [
        "301 https://testserver/login 200 max-age=31536000",
        "{'__Host-csrf': (True, '/', '')}",
        "200",
    ]


def test_an_officer_stamps_the_own_crew_only(force: InForce, seat: Callable[..., Client]) -> None:
    """On the page and through the interface alike: another's crew is 403 and nothing is stamped, the own one is."""
    from django.contrib.auth import get_user_model
    from django.test import Client

    from qinwu.board.clock import now
    from qinwu.board.dispatch import sendings
    from qinwu.board.models import Token

    call = taken(force)
    sending = sendings.send(force, call, [proposed(force, call).going[0].order], "tester")[0]
    inside = force.plan.crews[force.crew(sending.crew)].officers
    other = next(officer.id for officer in force.station.force if officer.id not in inside)
    for officer, expected in ((other, 403), (inside[0], 200)):
        get_user_model().objects.filter(username="officer").delete()
        client = seat("officer", officer)
        secret = Token.make(get_user_model().objects.get(username="officer"), "radio", now())
        headers = {"Authorization": f"Bearer {secret}"}
        address = f"/api/calls/{call.number}/stamps"
        for stamp in ("acknowledged", "acknowledged"):
            body = {"crew": sending.crew, "stamp": stamp}
            assert Client().post(address, body, content_type="application/json", headers=headers).status_code == expected
        page = client.post(f"/sendings/{sending.pk}/stamp", {"stamp": "en_route"})
        assert page.status_code == (403 if expected == 403 else 302)
        sending.refresh_from_db()
        assert (sending.acknowledged is None, sending.en_route is None) == (expected == 403, expected == 403)


def test_the_interface_follows_a_call_to_its_end(force: InForce, seat: Callable[..., Client]) -> None:
    """Statuses, crews and closing, each told twice, end as if told once; what does not fit is refused with its reason."""
    from django.contrib.auth import get_user_model
    from django.test import Client

    from qinwu.board.clock import now
    from qinwu.board.dispatch import sendings
    from qinwu.board.models import Token, TrailEntry

    seat("dispatcher")
    headers = {"Authorization": f"Bearer {Token.make(get_user_model().objects.get(username='dispatcher'), 'radio', now())}"}
    client = Client()

    def send(what: str, **body: str) -> Any:
        return client.post(f"/api/calls/{call.number}/{what}", body, content_type="application/json", headers=headers)

    first, call = taken(force), taken(force)
    crew = sendings.send(force, call, [proposed(force, call).going[0].order], "tester")[0].crew
    assert [one["number"] for one in client.get(f"/api/calls?since={first.number}", headers=headers).json()] == [call.number]
    stands = {one["id"]: one for one in client.get("/api/crews", headers=headers).json()}
    assert (stands[crew]["state"], stands[crew]["call"]) == ("on_the_way", call.number)
    assert send("close", result="handled").json()[0]["code"] == "crew-on-call"
    assert send("stamps", crew=crew, stamp="acknowledged", at="2026-03-04T09:00:00+08:00").json()[0]["code"] == "stamp-order"
    assert send("stamps", crew=crew, stamp="acknowledged", at="2026-03-04T12:00:00+08:00").json()[0]["code"] == "future-time"
    for stamp in sendings.STAMPS * 2:
        assert send("stamps", crew=crew, stamp=stamp).status_code == 200
    assert TrailEntry.objects.filter(action="sending.stamp").count() == len(sendings.STAMPS)
    for _ in range(2):
        assert send("close", result="handled").json()["result"] == "handled"
    assert send("close", result="case").json()[0]["code"] == "closed-otherwise"
    assert TrailEntry.objects.filter(action="call.close").count() == 1


def test_a_million_entries_do_not_slow_the_answer_that_all_is_well(force: InForce, seat: Callable[..., Client]) -> None:
    """The state of health is asked with one step into the index of the trail's numbers, not by counting its rows."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(
        connection,
    ) as asked:
        answer = Client().get("/healthz").json()
    assert answer == {"status": "ok", "entries": 0}
    assert len(asked) == 1
    assert "COUNT" not in asked[0]["sql"]
    assert "LIMIT 1" in asked[0]["sql"]


def test_counts_go_on_where_the_disk_has_filled(tmp_path: Path) -> None:
    """A count that began in the file goes on in the process once nothing can be written; nobody is told "too often"."""
    from qinwu.board.access.counts import FILE, SharedCounts

    counts = SharedCounts(str(tmp_path), {})
    assert counts.add("door", 1, 60)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, ((tmp_path / f"{FILE}-wal").stat().st_size, hard))
    try:
        assert not counts.add("door", 1, 60)
        assert [counts.incr("door"), counts.incr("door")] == [1, 2]
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert counts.incr("door") == 2
