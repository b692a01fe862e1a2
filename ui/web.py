"""The whole application behind one address: pages, login, endpoints for programs, and the guard in front."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from rag.load import LOADERS, MAX_FILE_BYTES
from ui.api.admission import ANSWERS, Admission
from ui.api.asking import Assistant, Desk
from ui.guard import Guard
from ui.guard.access import Access, LocalAccess
from ui.guard.limits import RATES, Limits
from ui.style import CSS, FONTS, MONO_FONTS
from ui.toolkit import gradio, temp_folder
from ui.users.identity import user_of

if TYPE_CHECKING:
    import gradio as gr
    from fastapi import APIRouter, FastAPI

    from ui.conversations import Conversations
    from ui.page import Assistant as PageAssistant
    from ui.serve import Tls
    from ui.shelf import Desk as ShelfDesk

_CLEANED_EVERY_S, _KEPT_S = 3600, 86_400  # uploads and downloads in the temporary folder

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Site:
    """How an assistant is served.

    :param host: address to listen on. :param names: other names of the server, a proxy's say.
    :param access: who may come in; by default everybody, so leave it out on a loopback address only.
    :param mcp: whether the MCP endpoint is there. :param tls: for HTTPS.
    :param blocked: folders and files that are never given out, whatever else is allowed.
    :param routers: further routes; they must be listed in ``ui.guard.routes`` as well.
    :param title: of the page; empty for the usual words, in the page's language.
    """

    host: str = "127.0.0.1"
    names: Sequence[str] = ()
    access: Access | None = None
    mcp: bool = False
    tls: Tls | None = None
    blocked: Sequence[Path] = ()
    routers: Sequence[APIRouter] = ()
    title: str = ""


def web_app(
    page: gr.Blocks,
    *,
    assistant: Assistant,
    admission: Admission | None = None,
    site: Site | None = None,
    limits: Limits | None = None,
) -> Guard:
    """Make ``page`` an ASGI application, with the login and the API for ``assistant``.

    ``admission`` is the one that ``page`` was made with. ``limits`` stand in for the usual ones, which on a
    loopback address without a login do not count requests.
    """
    from fastapi import FastAPI  # noqa: F811 - late, see ui.toolkit

    from ui.api.openai import api_router
    from ui.users.access import LoginAccess
    from ui.users.login import login_router

    site = site or Site()
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.include_router(api_router(Desk(assistant, admission or Admission())))
    for router in site.routers:
        app.include_router(router)
    access = site.access or LocalAccess()
    if isinstance(access, LoginAccess):
        app.include_router(login_router(access, site.title))
    rates = {} if isinstance(access, LocalAccess) else RATES
    usual = Limits(rates=rates, suffixes=frozenset(LOADERS), file_bytes=MAX_FILE_BYTES)
    return Guard(
        _mounted(app, page, site),
        site.host,
        access=access,
        limits=limits or usual,
        names=site.names,
        folder=temp_folder(),
        questions=[number for number, event in page.fns.items() if _asks(event)],
        mcp=site.mcp,
    )


def _asks(event: gr.blocks.BlockFunction) -> bool:
    return event.concurrency_id == ANSWERS or event.api_name == "query"


def _mounted(app: FastAPI, page: gr.Blocks, site: Site) -> FastAPI:
    gr = gradio()
    page.delete_cache = (_CLEANED_EVERY_S, _KEPT_S)
    return gr.mount_gradio_app(
        app,
        page,
        path="/",
        theme=_theme(gr),
        css=CSS,
        footer_links=[],
        allowed_paths=[],
        blocked_paths=[str(path) for path in site.blocked],
        auth_dependency=user_of,  # so that Gradio, too, keeps users apart
        max_file_size=MAX_FILE_BYTES,
        show_error=False,
        ssr_mode=False,
        run_history=False,
        enable_monitoring=False,
        mcp_server=site.mcp,
        pwa=False,
    )


def _theme(gr: ModuleType) -> gr.themes.Base:
    theme = gr.themes.Default(primary_hue="blue", neutral_hue="slate", font=FONTS, font_mono=MONO_FONTS)
    # Gradio's blue is too light under white letters (3.7:1); this one gives 6.7:1.
    shades = dict.fromkeys(("button_primary_background_fill", "button_primary_background_fill_dark"), "*primary_700")
    return theme.set(**shades, button_primary_background_fill_hover="*primary_800")


@dataclass(frozen=True, slots=True)
class Parts:
    """What is served: an assistant, where conversations are kept, and, to change the reports, a desk."""

    assistant: PageAssistant
    conversations: Conversations
    desk: ShelfDesk | None = None


def whole_app(parts: Parts, site: Site, *, admission: Admission | None = None, limits: Limits | None = None) -> Guard:
    """The pages and the API of ``parts`` as one ASGI application; the arguments are those of :func:`web_app`."""
    from ui.app import make_app
    from ui.downloads import download_router
    from ui.panel import panel_router

    assistant, conversations = parts.assistant, parts.conversations
    admission = admission or Admission()
    page = make_app(assistant, conversations=conversations, desk=parts.desk, title=site.title, admission=admission)
    routers = [*site.routers, panel_router(assistant), download_router(conversations, assistant)]
    site = replace(site, routers=routers)
    return web_app(page, assistant=assistant, admission=admission, site=site, limits=limits)


def launch(parts: Parts, port: int | None = None, *, site: Site | None = None) -> None:
    """Serve the pages until Ctrl-C, after printing their address.

    Without ``port``, the first free one from 7860 on is taken. Raises ConfigError when ``port``
    is taken, ``site.host`` is not an address of this machine, or ``site.tls`` cannot be used.
    """
    from ui import serve

    site = site or Site()
    with serve.listen(site.host, port) as listener:
        server = serve.server(whole_app(parts, site), site.tls)
        print(serve.address(site.host, listener, site.tls), flush=True)  # noqa: T201 - what a user waits for
        try:
            server.run(sockets=[listener])
        except KeyboardInterrupt:
            log.info("Stopped")
