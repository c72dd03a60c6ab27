"""Bodies: what is sent to a page, read whole by the event loop before a thread works on it, with a limit of size and of time."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from qinwu.duty.drafts import MOST_BYTES as MOST_OF_A_FILE

MOST_BYTES = MOST_OF_A_FILE + 100_000
"""A little more than a duty file, the largest of all, may have: one just too large is told so by the page that knows what it is."""
PATIENCE_S = 30.0
"""For the whole body."""

Message = dict[str, Any]


class RefusedBody(Exception):  # noqa: N818  # it is no fault
    """What is sent is not read to its end; `status` and `text` say why, `closes` whether to speak with the sender any longer."""

    def __init__(self, status: int, text: str, *, closes: bool) -> None:
        super().__init__(status)
        self.status, self.text, self.closes = status, text, closes

    def messages(self) -> tuple[Message, Message]:
        """Return the answer."""
        body = self.text.encode()
        headers = [
            (b"content-type", b"text/plain; charset=utf-8"),
            (b"content-length", str(len(body)).encode()),
            (b"cache-control", b"no-store"),
            (b"x-content-type-options", b"nosniff"),
            *([(b"connection", b"close")] if self.closes else []),
        ]
        start = {"type": "http.response.start", "status": self.status, "headers": headers}
        return start, {"type": "http.response.body", "body": body}


async def whole(scope: Mapping[str, Any], receive: Any) -> bytes | None:
    """Return the body of a request, None where the sender hung up.

    Raises
    ------
    RefusedBody
        It is larger than :data:`MOST_BYTES`, or takes longer than :data:`PATIENCE_S`.
    """
    said = dict(scope["headers"]).get(b"content-length", b"")
    if said.isdigit() and int(said) > MOST_BYTES:
        raise _too_large(closes=False)
    try:
        async with asyncio.timeout(PATIENCE_S):
            return await _whole(receive)
    except TimeoutError:
        text = "The request came too slowly: {seconds:.0f} seconds are enough. 请求发送得太慢：限 {seconds:.0f} 秒。"
        raise RefusedBody(408, text.format(seconds=PATIENCE_S), closes=True) from None


async def _whole(receive: Any) -> bytes | None:
    found = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        found += message.get("body", b"")
        if len(found) > MOST_BYTES:
            raise _too_large(closes=True)
        if not message.get("more_body", False):
            return bytes(found)


def _too_large(*, closes: bool) -> RefusedBody:
    text = "What is sent is too large: at most {most:,} bytes are read. 发送的内容过大：最多读取 {most:,} 字节。"
    return RefusedBody(413, text.format(most=MOST_BYTES), closes=closes)


def measured(headers: Sequence[tuple[bytes, bytes]], body: bytes) -> list[tuple[bytes, bytes]]:
    """Return headers that say how long the body is: one sent in pieces did not, and WSGI would read none of it."""
    kept = [(name, value) for name, value in headers if name not in (b"content-length", b"transfer-encoding")]
    return [*kept, (b"content-length", str(len(body)).encode())] if body else kept


def given(body: bytes, receive: Any) -> Any:
    """Return what gives the body at once, and whatever else comes afterwards."""
    left = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        message: Message = left.pop() if left else await receive()
        return message

    return again
