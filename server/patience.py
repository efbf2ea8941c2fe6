"""How long the collector waits for one request: slow or endless ones are cut off.

uvicorn has a limit for idle connections and for their number, none for a request that trickles in
byte by byte (slow loris) or for headers without end. This protocol adds both. Not covered: a peer
that opens connections and never finishes TLS holds each for asyncio's 60 seconds.
"""

from __future__ import annotations

from asyncio import AbstractEventLoop, TimerHandle, Transport
from typing import Any, cast

from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

LONGEST_HEAD = 32 << 10  #: bytes of request line and headers; genuine ones have about 1,000


class Patient(HttpToolsProtocol):
    """HTTP/1.1 with a deadline from the connection, or a request's first byte, to its last."""

    seconds = 30.0

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._deadline: TimerHandle | None = None
        self._head = 0  # bytes since the request began, while its headers are incomplete

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        """The clock runs from here: a connection that says nothing is cut as well."""
        super().connection_made(transport)
        self._arm()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is waited for any more."""
        self._disarm()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Count what comes before the headers are complete."""
        if self._head > LONGEST_HEAD:
            self.send_400_response("The headers are too long.")
            return
        self._head += len(data)
        super().data_received(data)

    def on_message_begin(self) -> None:
        """A request's first byte."""
        if self._deadline is None:
            self._arm()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """From here on the body's own limit counts."""
        self._head = -(1 << 62)
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The whole request is here."""
        self._head = 0
        self._disarm()
        super().on_message_complete()

    def shutdown(self) -> None:
        """The collector stops: a peer that is idle, and may stay so, is not waited for."""
        cycle = cast("RequestResponseCycle | None", self.cycle)  # None before the first request
        idle = cycle is None or cycle.response_complete
        if idle and not self.transport.get_write_buffer_size():
            self.transport.abort()
        else:
            super().shutdown()

    def _arm(self) -> None:
        self._deadline = self.loop.call_later(self.seconds, self._give_up)

    def _disarm(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _give_up(self) -> None:
        self._deadline = None
        if not self.transport.is_closing():
            self.transport.abort()


def patient(seconds: float) -> type[Patient]:
    """The protocol that waits at most ``seconds`` for a whole request to arrive."""
    return type("Patient", (Patient,), {"seconds": seconds})
