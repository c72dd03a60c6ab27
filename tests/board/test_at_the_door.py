"""At the door of a served board, two processes: slow and huge requests hold nobody up, and who is shut out hears nothing more."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat

import httpx
import pytest

from tests.board.conftest import PASSWORD
from tests.board.serving import Server

pytestmark = pytest.mark.slow
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a board with a chief and an officer."""
    server = Server(tmp_path_factory.mktemp("door") / "town", "en", "--workers", "2")
    server.start()
    with httpx.Client(base_url=server.address) as first:
        first.get("/first-run")
        assert sent(first, "/first-run", username="chief", password=PASSWORD, again=PASSWORD).status_code == 302
    yield server.address
    server.stop()


@pytest.fixture(scope="module")
def chief(address: str) -> Iterator[httpx.Client]:
    """Return a browser in which the chief is logged in."""
    with httpx.Client(base_url=address, timeout=60) as client:
        log_in(client, "chief")
        yield client


def sent(client: httpx.Client, path: str, **form: str) -> httpx.Response:
    """Send a form as a browser does."""
    token = client.cookies.get("csrftoken", "")
    return client.post(path, data={**form, "csrfmiddlewaretoken": token}, headers={"Referer": str(client.base_url)})


def log_in(client: httpx.Client, name: str) -> None:
    """Log an account in."""
    client.get("/login")
    assert sent(client, "/login", username=name, password=PASSWORD).status_code == 302


def connected(address: str, words: str) -> socket.socket:
    """Return a connection on which these words were said."""
    host, port = address.removeprefix("http://").split(":")
    found = socket.create_connection((host, int(port)), timeout=60)
    found.sendall(words.encode())
    return found


def heard(connection: socket.socket) -> bytes:
    """Return what is answered until the other side closes."""
    found = b""
    with connection:
        while part := connection.recv(65536):
            found += part
    return found


def is_cut_off(connection: socket.socket, words: Iterator[bytes]) -> bool:
    """Return whether the other side closes while all this is said."""
    with connection:
        try:
            for each in words:
                connection.sendall(each)
        except OSError:
            return True
    return False


def token_of(chief: httpx.Client) -> str:
    """Return a token of the chief."""
    chief.get("/accounts")
    page = sent(chief, "/tokens/make", username="chief", purpose="door").text
    found = re.search(r"[\w-]{43}(?=<)", page)
    assert found is not None
    return found[0]


def test_slow_senders_hold_nobody_up(address: str) -> None:
    """Sixteen forms that come in a letter at a time: pages are answered as if they were not there."""
    words = f"POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {FORM}\r\nContent-Length: 900\r\n\r\na"
    slow = [connected(address, words) for _ in range(16)]
    answers = [httpx.get(f"{address}/login", timeout=10).status_code for _ in range(6)]
    for one in slow:
        one.close()
    assert answers == [200] * 6


def test_slow_readers_hold_nobody_up(address: str) -> None:
    """Sixteen browsers that ask for a map again and again and read nothing: pages are answered all the same."""
    page = httpx.get(f"{address}/static/vendor/maplibre-gl-6.17.0/maplibre-gl.mjs")
    assert page.status_code == 200
    words = "GET /static/vendor/maplibre-gl-6.17.0/maplibre-gl.mjs HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 8
    slow = [connected(address, words) for _ in range(16)]
    answers = [httpx.get(f"{address}/login", timeout=20).status_code for _ in range(6)]
    for one in slow:
        one.close()
    assert answers == [200] * 6


@pytest.mark.parametrize("path", ["/login", "/events", "/api/calls", "/comparisons/hand-in"])
def test_what_is_too_large_is_refused_before_it_is_read(address: str, path: str) -> None:
    """A body that says it has a gigabyte is refused at once, one that does not say so after the limit."""
    said = connected(address, f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Length: 1000000000\r\n\r\n")
    assert heard(said).startswith(b"HTTP/1.1 413 ")
    unsaid = connected(address, f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n")
    assert is_cut_off(unsaid, repeat(b"10000\r\n" + b"a" * 65536 + b"\r\n", 400))


def test_heads_end(address: str) -> None:
    """A head larger than any browser's is refused, and one that never ends is shown out."""
    never = connected(address, "GET /login HTTP/1.1\r\nHost:")
    nothing = connected(address, "\r\n")
    large = connected(address, "GET /login HTTP/1.1\r\nHost: 127.0.0.1\r\n")
    assert is_cut_off(large, repeat(b"X-Long: " + b"a" * 9000 + b"\r\n", 1000))
    assert heard(never) == heard(nothing) == b""


def test_a_body_in_pieces_is_read(address: str, chief: httpx.Client) -> None:
    """A call that another system sends in pieces, without saying how long it is, is read as if it had said so."""
    body = [b'{"key": "not-a-', b'key"}']
    headers = {"Authorization": f"Bearer {token_of(chief)}", "Content-Type": "application/json"}
    answer = httpx.post(f"{address}/api/calls", content=iter(body), headers=headers)
    assert answer.status_code == 422
    assert "key" in {one["key"] for one in answer.json()}


def test_a_closed_account_hears_nothing_more(address: str, chief: httpx.Client) -> None:
    """The stream of an account that is closed ends within a minute, that of another goes on."""
    chief.get("/accounts")
    assert sent(chief, "/accounts/make", username="eaves", password=PASSWORD, role="dispatcher").status_code == 302
    number = re.search(r'action="/accounts/(\d+)/close"', chief.get("/accounts").text)
    assert number is not None
    with httpx.Client(base_url=address, timeout=60) as officer:
        log_in(officer, "eaves")
        with officer.stream("GET", "/events?parts=queue") as ours, chief.stream("GET", "/events?parts=queue") as other:
            lines, others = ours.iter_lines(), other.iter_lines()
            assert next(lines).startswith("retry")
            assert sent(chief, f"/accounts/{number[1]}/close").status_code == 302
            began = time.monotonic()
            assert sum(1 for _ in lines) > 0
            assert time.monotonic() - began < 60
            until = time.monotonic() + 6
            assert any(line for line in others if line or time.monotonic() > until)
        assert officer.get("/events").status_code == 403
    assert chief.head("/events").status_code == 405


def test_nobody_says_where_he_asks_from(address: str) -> None:
    """Last, for nobody logs in afterwards: without a proxy headers do not say where a request is from, whichever process counts."""

    def knock(number: int) -> int:
        with httpx.Client(base_url=address, timeout=60) as client:
            client.get("/login")
            headers = {"X-Forwarded-For": f"10.0.0.{number}", "X_Forwarded_For": f"10.0.0.{number}", "Referer": address}
            form = {"username": f"nobody{number}", "password": "x", "csrfmiddlewaretoken": client.cookies["csrftoken"]}
            return client.post("/login", data=form, headers=headers).status_code

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(knock, range(40)))
    assert found.count(401) <= 30
    assert found.count(401) + found.count(429) == 40
