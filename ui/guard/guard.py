"""The middleware itself: one request through all checks."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import anyio

from ui.guard import routes
from ui.guard.access import Access, LocalAccess
from ui.guard.asgi import AsgiApp, Incoming, Receive, Refusal, Scope, Send
from ui.guard.bodies import Body, Upload, check_length, parsed
from ui.guard.files import FILE_ROUTE, is_harmless, is_kept, tidied
from ui.guard.headers import Response
from ui.guard.hosts import Hosts
from ui.guard.limits import Buckets, Limits, Sessions
from ui.guard.routes import Route, Routes
from ui.users.identity import Visitor, with_visitor
from ui.users.words import words_for

log = logging.getLogger(__name__)
_FORBIDDEN = Refusal(403)
_PROXY = (b"x-forwarded-", b"forwarded", b"x-gradio-server")  # headers that only a proxy would set


class Guard:
    """Wraps ``app``, which is bound to ``host``, and answers what may not pass by itself.

    :param access: who may come in; everybody who reaches a loopback address by default.
    :param names: other names that the server goes by, such as those of a proxy in front of it.
    :param folder: where Gradio keeps its files; without one no file is given out.
    :param questions: numbers of the Gradio events that ask a question, counted as such.
    :param mcp: whether the MCP endpoint is answered.
    """

    def __init__(
        self,
        app: AsgiApp,
        host: str = "127.0.0.1",
        *,
        access: Access | None = None,
        limits: Limits | None = None,
        names: Sequence[str] = (),
        folder: Path | None = None,
        questions: Collection[int] = (),
        mcp: bool = False,
    ) -> None:
        self._app = app
        self._hosts = Hosts(host, names)
        self._access = access or LocalAccess()
        self._limits = limits or Limits(rates={})
        self._buckets = Buckets(self._limits.rates)
        self._sessions = Sessions()
        self._folder = folder
        self._questions = frozenset(questions)
        login = routes.LOGIN if self._access.has_login else ()
        self._routes = Routes(routes.GRADIO, routes.OURS, login, routes.MCP if mcp else ())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, answer, or (for a websocket, which the pages do not use) close."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
        else:
            request = Incoming.of(scope)
            try:
                await self._answer(request, scope, receive, send)
            except Refusal as refusal:
                await refusal.answer(Response(send).send, request.path)

    async def _answer(self, request: Incoming, scope: Scope, receive: Receive, send: Send) -> None:
        route = self._routes.find(request.method, request.path)
        if route is None or not self._is_kept_file(request):
            raise _FORBIDDEN
        visitor = self._access.visitor(request)
        # A page of another site cannot know a key, so what carries one comes from a program.
        by_key = visitor is not None and visitor.by_key and not request.headers.get("origin")
        if not by_key and not self._hosts.sent(request):
            raise _FORBIDDEN
        if visitor is None and not route.open:
            raise self._no_visitor(request)
        sender = visitor.name if visitor is not None and self._access.has_login else request.address
        if request.method not in routes.READ:
            self._count(route.kind, sender, request)
        check_length(request, route.max_body)
        passing, body = await self._body(route, request, receive, visitor, sender)
        cookie = self._access.cookie(request, visitor)
        response = Response(send, store=route.kind == "asset", cookie=cookie)
        await self._pass_on(_handed_on(scope, visitor), passing, response, body)

    async def _pass_on(self, scope: Scope, receive: Receive, response: Response, body: Body) -> None:
        async def send(message: Any) -> None:
            if body.refusal is None:  # else what the application makes of it is dropped
                await response.send(message)

        try:
            await self._app(scope, receive, send)
        except Exception:
            if body.refusal is None:
                raise
        if body.refusal is not None and not response.has_started:
            await body.refusal.answer(response.send, scope["path"])

    def _no_visitor(self, request: Incoming) -> Refusal:
        if request.method in routes.READ and "text/html" in ",".join(request.headers.get("accept", ())):
            return Refusal(303, "See /login", (("location", f"/login?next={quote(request.path)}"),))
        words = words_for(request.header("accept-language"))
        return Refusal(401, words["log_in_again"], (("www-authenticate", "Bearer"),))

    def _is_kept_file(self, request: Incoming) -> bool:
        if not request.path.startswith(FILE_ROUTE):
            return True
        return self._folder is not None and is_kept(request.path.removeprefix(FILE_ROUTE), self._folder)

    def _count(self, kind: routes.Kind, sender: str, request: Incoming) -> None:
        wait = math.ceil(self._buckets.wait(kind, sender))
        if wait:
            log.warning("Too many requests of %s: %s", sender, request.path)
            words = words_for(request.header("accept-language"))["too_many"].format(seconds=wait)
            raise Refusal(429, words, (("retry-after", str(wait)),))

    async def _body(
        self, route: Route, request: Incoming, receive: Receive, visitor: Visitor | None, sender: str
    ) -> tuple[Receive, Body]:
        """``receive`` for the application, and the body that it reads from."""
        if route.kind == "upload":
            await self._check_upload(visitor)
            upload = Upload(receive, route.max_body, request, self._limits)
            return upload.receive, upload
        body = Body(receive, route.max_body, self._limits.body_s, is_whole=not request.has_body)
        if request.path.startswith("/gradio_api/") and visitor is not None:
            _, heartbeat, session = request.path.partition("/heartbeat/")
            self._check_session(session if heartbeat else request.parameter("session_hash"), visitor)
            if request.method == "POST":
                data = await body.whole()
                self._check_data(parsed(data), visitor, sender, request)
                return body.again(data), body
        return body.receive, body

    async def _check_upload(self, visitor: Visitor | None) -> None:
        if self._folder is None or visitor is None or not visitor.is_admin:
            raise _FORBIDDEN
        if await anyio.to_thread.run_sync(tidied, self._folder, time.time()) > self._limits.folder_bytes:
            log.error("%s is full", self._folder)
            raise Refusal(413, "Too many uploads are kept already. Try again later, or restart the server.")

    def _check_data(self, data: Any, visitor: Visitor, sender: str, request: Incoming) -> None:
        if not is_harmless(data, self._folder):
            raise _FORBIDDEN
        if isinstance(data, dict):
            self._check_session(data.get("session_hash"), visitor)
            if data.get("method") == "tools/call" or data.get("fn_index") in self._questions:
                self._count("question", sender, request)

    def _check_session(self, session: Any, visitor: Visitor) -> None:
        if isinstance(session, str) and session and not self._sessions.is_of(session, visitor.name):
            raise _FORBIDDEN


def _handed_on(scope: Scope, visitor: Visitor | None) -> Scope:
    """``scope`` with who sent it, and without what a proxy would add, which Gradio builds addresses from."""
    headers = [pair for pair in scope["headers"] if not pair[0].lower().startswith(_PROXY)]
    scope = {**scope, "headers": headers}
    return scope if visitor is None else with_visitor(scope, visitor)
