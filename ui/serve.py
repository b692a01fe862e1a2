"""A web server on one address that stops at once on Ctrl-C."""

from __future__ import annotations

import asyncio
import os
import socket
from dataclasses import dataclass
from pathlib import Path

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from rag.errors import ConfigError
from ui.guard import AsgiApp, Message, Receive, Scope, Send

DEFAULT_PORT = 7860
PORTS_TRIED = 100
_CONNECTIONS = 1_000  # each open page holds one or two
_HEADER_BYTES = 32_768
_HEADER_S = 10  # until a request's headers are whole, and until an idle connection is closed


@dataclass(frozen=True, slots=True)
class Tls:
    """Files in PEM form for HTTPS: ``certificate`` with its chain, and its ``key``."""

    certificate: Path
    key: Path


def listen(host: str, port: int | None) -> socket.socket:
    """Listen on ``port``, or without one on the first free port from 7860 on. Raises ConfigError."""
    if port is not None:
        try:
            return _bind(host, port)
        except OSError as error:
            hint = "Choose another with --port, or leave it out to take the next free one."
            raise ConfigError(f"Cannot listen on {host}, port {port}: {_reason(error)}. {hint}") from error
    reason = ""
    for candidate in range(DEFAULT_PORT, DEFAULT_PORT + PORTS_TRIED):
        try:
            return _bind(host, candidate)
        except OSError as error:
            reason = _reason(error)
    last = DEFAULT_PORT + PORTS_TRIED - 1
    raise ConfigError(
        f"Cannot listen on {host}, ports {DEFAULT_PORT} to {last}: {reason}. "
        "Name an address of this machine with --host and a free port with --port."
    )


def address(host: str, listener: socket.socket, tls: Tls | None = None) -> str:
    """Write what to open in the browser: ``http://127.0.0.1:7860``."""
    name = host.strip("[]")
    return f"{'https' if tls else 'http'}://{f'[{name}]' if ':' in name else name}:{listener.getsockname()[1]}"


def server(app: AsgiApp, tls: Tls | None = None) -> uvicorn.Server:
    """Make a server for ``app``; ``run(sockets=[listener])`` serves until Ctrl-C or ``should_exit``.

    Raises ConfigError when a file of ``tls`` cannot be used.
    """
    closing = _Closing(app)
    config = uvicorn.Config(
        closing,
        http=_Impatient,
        ssl_certfile=tls.certificate if tls else None,
        ssl_keyfile=tls.key if tls else None,
        limit_concurrency=_CONNECTIONS,
        h11_max_incomplete_event_size=_HEADER_BYTES,
        timeout_keep_alive=_HEADER_S,
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        ws="none",
        timeout_graceful_shutdown=2,
    )
    try:
        config.load()
    except OSError as error:  # ssl.SSLError is one
        raise ConfigError(f"The certificate or its key cannot be used: {error}. Both must be PEM files.") from error
    return _Server(config, closing)


def _reason(error: OSError) -> str:
    return error.strerror or str(error)


def _bind(host: str, port: int) -> socket.socket:
    if not 0 <= port < 65_536:  # the look-up below would take it modulo 65,536
        raise OSError("ports go from 1 to 65535")
    found = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
    family, kind, _, _, place = found[0]
    listener = socket.socket(family, kind)
    try:
        if os.name == "posix":  # elsewhere this would let two programs share a port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(place)
        # Listening from here on, the address can be opened as soon as it is printed.
        listener.listen(128)
    except OSError:
        listener.close()
        raise
    return listener


class _Closing:
    """Tells the application that its clients have gone once the server stops.

    An open page holds a stream for ever; without this, stopping would wait for it and then
    cancel it with a traceback.
    """

    def __init__(self, app: AsgiApp) -> None:
        self._app = app
        self.closed = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return

        async def receive_or_stop() -> Message:
            message = asyncio.ensure_future(receive())
            stop = asyncio.ensure_future(self.closed.wait())
            try:
                await asyncio.wait({message, stop}, return_when=asyncio.FIRST_COMPLETED)
                return message.result() if message.done() else {"type": "http.disconnect"}
            finally:
                message.cancel()
                stop.cancel()

        await self._app(scope, receive_or_stop, send)


class _Impatient(H11Protocol):
    """Closes a connection whose request headers do not arrive in time, which uvicorn would wait for."""

    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._set_timer()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._set_timer()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._set_timer()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        if self._timer is not None:
            self._timer.cancel()

    def _set_timer(self) -> None:
        is_waiting = self.conn.their_state is h11.IDLE
        if is_waiting and self._timer is None:
            self._timer = self.loop.call_later(_HEADER_S, self.transport.close)
        elif not is_waiting and self._timer is not None:
            self._timer.cancel()
            self._timer = None


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, closing: _Closing) -> None:
        super().__init__(config)
        self._closing = closing

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._closing.closed.set()
        await super().shutdown(sockets)
