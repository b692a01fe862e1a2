"""A web server on one address that stops at once on Ctrl-C."""

from __future__ import annotations

import asyncio
import os
import socket

import uvicorn

from rag.errors import ConfigError
from ui.guard import AsgiApp, Message, Receive, Scope, Send

DEFAULT_PORT = 7860
PORTS_TRIED = 100


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


def address(host: str, listener: socket.socket) -> str:
    """Write what to open in the browser: ``http://127.0.0.1:7860``."""
    name = host.strip("[]")
    return f"http://{f'[{name}]' if ':' in name else name}:{listener.getsockname()[1]}"


def server(app: AsgiApp) -> uvicorn.Server:
    """Make a server for ``app``; ``run(sockets=[listener])`` serves until Ctrl-C or ``should_exit``."""
    closing = _Closing(app)
    config = uvicorn.Config(
        closing,
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        ws="none",
        timeout_graceful_shutdown=2,
    )
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


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, closing: _Closing) -> None:
        super().__init__(config)
        self._closing = closing

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._closing.closed.set()
        await super().shutdown(sockets)
