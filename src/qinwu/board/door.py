"""Door: how long and how large the head of a request may be; who says nothing or never ends is shown out.

uvicorn, with httptools, reads a head however long it is and waits for it as long as it takes.
"""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MOST_BYTES = 65_536
"""Address and headers together, about; what one reading of the network brings may be on top."""
PATIENCE_S = 20.0
TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


class Door(HttpToolsProtocol):
    """The protocol of uvicorn, with a limit of size and of time for the head of each request."""

    _timer: asyncio.TimerHandle | None = None
    _in_head = False
    _size = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as the class above has it
        """Wait for the first request, but not for ever."""
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._wait_no_more()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on, unless the head has become too large."""
        super().data_received(data)
        if self._in_head:
            self._size += len(data)
            if self._size > MOST_BYTES and not self.transport.is_closing():
                self.transport.write(TOO_LARGE)
                self.transport.close()
        elif self._timer is None and self.timeout_keep_alive_task is None and (self.cycle is None or self.cycle.response_complete):
            self._wait()  # something came that begins no request, such as an empty line

    def on_message_begin(self) -> None:
        """Begin to count and to wait."""
        super().on_message_begin()
        self._in_head, self._size = True, 0
        self._wait()

    def on_headers_complete(self) -> None:
        """Wait no more: from here on it is a matter of the body."""
        self._in_head = False
        self._wait_no_more()
        super().on_headers_complete()

    def _wait(self) -> None:
        self._wait_no_more()
        self._timer = self.loop.call_later(PATIENCE_S, self.timeout_keep_alive_handler)

    def _wait_no_more(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
