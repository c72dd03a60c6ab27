"""Doors: who may open which page, what a locked account is told, what no page may hold."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from tests.board.conftest import PASSWORD
from tests.board.test_calls import taken

if TYPE_CHECKING:
    from django.test import Client

    from qinwu.board.in_force import InForce

OPEN = {"calendar", "login", "login-code", "first-run", "healthz", "logout", "open", "open-in"}
ROLES = ("call_taker", "dispatcher", "officer", "sergeant", "chief", "planner", "inspector", "administrator")


def pages() -> list[tuple[str, str, Any]]:
    """Return name, address and view of every page, with values filled in."""
    from django.urls import URLPattern

    from qinwu.board.urls import urlpatterns

    found = []
    for pattern in urlpatterns:
        if not isinstance(pattern, URLPattern):
            continue  # the interface for other systems has doors of its own
        address = re.sub(r"<\w+:(\w+)>", lambda word: "{number}" if word[1] == "number" else "1", "/" + str(pattern.pattern))
        found.append((str(pattern.name), address, pattern.callback))
    return found


@pytest.mark.parametrize("role", ROLES)
def test_the_matrix_of_pages_and_roles(seat: Callable[..., Client], force: InForce, role: str) -> None:
    """Every page: refused with 403 to a role without its right, never to one with it; reading and writing alike."""
    from qinwu.board.access.roles import ROLES as RIGHTS_OF

    number = taken(force).number
    client = seat(role)
    rights = RIGHTS_OF[role][1]
    for name, address, view in pages():
        right = getattr(view, "right", None) or ("see_board" if name == "events" else None)
        if name in OPEN:
            continue
        assert right is not None, f"{name} has no guard"
        for method in (client.get, client.post):
            status = method(address.format(number=number)).status_code
            allowed = right in rights
            assert (status != 403) or not allowed or view.object_rule, (name, role, status)
            assert allowed or status in (403, 405), (name, role, status)


def test_strangers_are_sent_to_the_login(force: InForce, seat: Callable[..., Client]) -> None:
    """Without a session every guarded page leads to the login page, the stream is closed."""
    from django.test import Client

    seat("officer")
    for name, address, _view in pages():
        answer = Client().get(address.format(number="20260304-0001"))
        if name not in OPEN | {"events"}:
            assert answer.status_code == 302, name
            assert answer["Location"].startswith("/login")
        if name == "events":
            assert answer.status_code == 403


def test_the_first_run_makes_one_administrator(force: InForce) -> None:
    """The first account is made on the first page, with a password that passes; afterwards that page is gone."""
    from django.contrib.auth import get_user_model
    from django.test import Client

    client = Client()
    assert client.get("/", follow=True).redirect_chain[-1][0] == "/first-run"
    short = client.post("/first-run", {"username": "chief", "password": "short", "again": "short"})
    assert short.status_code == 422
    assert client.post("/first-run", {"username": "chief", "password": PASSWORD, "again": PASSWORD}).status_code == 302
    assert {group.name for group in get_user_model().objects.get().groups.all()} == {"administrator", "chief"}
    assert client.get("/").status_code == 200
    again = Client().post("/first-run", {"username": "thief", "password": PASSWORD, "again": PASSWORD})
    assert again.status_code == 302
    assert get_user_model().objects.count() == 1


def test_five_wrong_passwords_lock_the_account(force: InForce, seat: Callable[..., Client]) -> None:
    """After five wrong passwords the right one is refused too, and the page says for how long."""
    from django.test import Client

    seat("officer")
    client = Client()
    for _ in range(5):
        client.post("/login", {"username": "officer", "password": "wrong"})
    locked = client.post("/login", {"username": "officer", "password": PASSWORD})
    assert locked.status_code == 429
    assert "15 minutes" in locked.content.decode()


def test_logging_in_leads_only_to_this_site(force: InForce, seat: Callable[..., Client]) -> None:
    """A link that would lead elsewhere after the login leads to the board."""
    from django.test import Client

    seat("officer")
    answer = Client().post("/login", {"username": "officer", "password": PASSWORD, "next": "https://elsewhere.example/"})
    assert answer["Location"] == "/"


def test_pages_say_what_a_browser_may_do(force: InForce, seat: Callable[..., Client]) -> None:
    """No inline script, no frame, no other origin; and a form from elsewhere is refused."""
    from django.test import Client

    seat("officer")
    page = Client().get("/login")
    policy = page["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy
    assert page["X-Frame-Options"] == "DENY"
    assert Client(enforce_csrf_checks=True).post("/login", {"username": "officer", "password": PASSWORD}).status_code == 403


def test_no_table_has_a_field_about_residents(force: InForce) -> None:
    """No model has a field that the guards would refuse in a file: names, telephones, addresses, tracks, lists of people."""
    from django.apps import apps

    from qinwu.station.guards import category_of

    fields = [(model.__name__, field.name) for model in apps.get_app_config("board").get_models() for field in model._meta.fields]
    assert len(fields) > 30
    # The name of a duty system, and what one watch writes to the next, in which long numbers are masked.
    allowed = {("SystemInForce", "name"), ("Handover", "note")}
    assert [one for one in fields if category_of(one[1]) and one not in allowed] == []


def test_the_administrator_makes_and_closes_accounts(force: InForce, seat: Callable[..., Client]) -> None:
    """An account made on the page logs in with its role; closed, it does not; the own account stays."""
    from django.contrib.auth import get_user_model
    from django.test import Client

    desk = seat("administrator")
    form = {"username": "wang", "password": PASSWORD, "role": ["dispatcher"], "officer": force.station.force.officers[0].id}
    assert desk.post("/accounts/make", form).status_code == 302
    assert desk.post("/accounts/make", form | {"role": []}).status_code == 422
    wang = Client()
    assert wang.post("/login", {"username": "wang", "password": PASSWORD}).status_code == 302
    assert wang.get("/calls/new").status_code == 200
    users = get_user_model().objects
    assert desk.post(f"/accounts/{users.get(username='wang').pk}/roles", {"role": ["planner"]}).status_code == 302
    assert wang.get("/calls/new").status_code == 403
    assert desk.post(f"/accounts/{users.get(username='wang').pk}/close").status_code == 302
    assert wang.get("/").status_code == 302
    own = users.get(username="administrator").pk
    assert desk.post(f"/accounts/{own}/close").status_code == 409
    assert desk.post(f"/accounts/{own}/roles", {"role": ["planner"]}).status_code == 409


def test_a_token_is_shown_once_and_ends(force: InForce, seat: Callable[..., Client]) -> None:
    """The secret of a token is on the page once and works until the token is ended; only its hash is kept."""
    from django.test import Client

    from qinwu.board.models import Token

    seat("dispatcher")
    desk = seat("administrator")
    page = desk.post("/tokens/make", {"username": "dispatcher", "purpose": "112 centre"}).content.decode()
    secret = page.split("<code>")[1].split("</code>")[0]
    assert secret not in desk.get("/accounts").content.decode()
    headers = {"Authorization": f"Bearer {secret}"}
    assert Client().get("/api/calls", headers=headers).status_code == 200
    token = Token.objects.get()
    assert secret not in {token.digest, token.purpose}
    desk.post(f"/tokens/{token.pk}/end")
    assert Client().get("/api/calls", headers=headers).status_code == 401


def test_what_is_not_there_or_no_longer_good_is_told_in_the_readers_words(seat: Callable[..., Client]) -> None:
    """A wrong address, a stale form and a foreign host are answered in words of the board, never in Django's own English."""
    from django.test import Client

    client = seat("dispatcher")
    lost = client.get("/nowhere")
    assert (lost.status_code, "There is no such page" in lost.content.decode()) == (404, True)
    stranger = Client(enforce_csrf_checks=True, headers={"cookie": "qinwu_language=zh"})
    stale = stranger.post("/login", {"username": "officer", "password": PASSWORD})
    assert (stale.status_code, "这张表单已失效" in stale.content.decode()) == (403, True)
    foreign = Client(headers={"host": "elsewhere.example", "cookie": "qinwu_language=zh"}).get("/login")
    assert (foreign.status_code, "指挥台读不懂这个请求" in foreign.content.decode()) == (400, True)
