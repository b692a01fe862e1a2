"""The routes to log in and out."""

from __future__ import annotations

import logging
import math
import re
from urllib.parse import parse_qs

import anyio
from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse

from ui.guard.asgi import Incoming
from ui.users.access import LoginAccess
from ui.users.page import CSS, POLICY, login_page, logout_page
from ui.users.words import WORDS, language_for

# A path on this server: "//host" and "/\\host" would lead to another.
_GOAL = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")
_HEADERS = {"content-security-policy": POLICY}
_AT_ONCE = 2  # passwords checked at once: each takes 46 MiB and a core

log = logging.getLogger(__name__)


def login_router(access: LoginAccess, title: str) -> APIRouter:
    """``/login``, ``/logout`` and their style sheet; ``title`` is as in :class:`ui.web.Site`."""
    router = APIRouter()
    limiter = anyio.CapacityLimiter(_AT_ONCE)

    @router.get("/login")
    async def form(request: Request) -> Response:
        goal = _goal(request.query_params.get("next", ""))
        if access.visitor(Incoming.of(request.scope)) is not None:
            return RedirectResponse(goal, 303)
        return HTMLResponse(login_page(title, _language(request), goal=goal), headers=_HEADERS)

    @router.post("/login")
    async def log_in(request: Request) -> Response:
        incoming, language = Incoming.of(request.scope), _language(request)
        fields = parse_qs((await request.body()).decode("utf-8", "replace"), keep_blank_values=True)
        name, password, goal = (fields.get(key, [""])[0] for key in ("user", "password", "next"))
        goal = _goal(goal)
        wait = math.ceil(access.lockout.begin(name, incoming.address))
        if wait:
            log.warning("Login of %r from %s refused for %d s", name[:80], incoming.address, wait)
            message = WORDS[language]["locked"].format(seconds=wait)
            page = login_page(title, language, goal=goal, message=message, name=name)
            return HTMLResponse(page, 429, headers={**_HEADERS, "retry-after": str(wait)})
        cookie = await anyio.to_thread.run_sync(access.log_in, name, password, incoming, limiter=limiter)
        if not cookie:
            log.warning("Failed login of %r from %s", name[:80], incoming.address)
            page = login_page(title, language, goal=goal, message=WORDS[language]["wrong"], name=name)
            return HTMLResponse(page, 401, headers=_HEADERS)
        access.lockout.succeeded(name, incoming.address)
        log.info("%r logged in from %s", name, incoming.address)
        return RedirectResponse(goal, 303, headers={"set-cookie": cookie})

    @router.get("/logout")
    async def leave(request: Request) -> Response:
        return HTMLResponse(logout_page(title, _language(request)), headers=_HEADERS)

    @router.post("/logout")
    async def log_out(request: Request) -> Response:
        cookie = access.log_out(Incoming.of(request.scope))
        return RedirectResponse("/login", 303, headers={"set-cookie": cookie, "clear-site-data": '"cache"'})

    @router.get("/login.css")
    async def style() -> Response:
        return PlainTextResponse(CSS, media_type="text/css")

    return router


def _goal(path: str) -> str:
    return path if _GOAL.fullmatch(path) and not path.startswith("/log") else "/"


def _language(request: Request) -> str:
    asked = request.query_params.get("lang", "")
    return asked if asked in WORDS else language_for(request.headers.get("accept-language", ""))
