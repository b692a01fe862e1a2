"""Routes of the source panel: a quote in its section, on its page, the whole report, and pictures of pages.

They answer whoever the guard lets in; all are for reading.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from rag.errors import RagError
from rag.layout import Layout
from rag.schema import ReportInfo, Section
from ui import render
from ui.page import Assistant
from ui.render.parts import digest
from ui.words import known_language

if TYPE_CHECKING:
    from fastapi import APIRouter

MAX_WIDTH = 2_000  # pixels of a page's picture

View = Literal["text", "page", "report"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a panel is to show: a span of a report, its text hashed in ``check`` ("": not known), and how.

    ``page`` is the number of the page to show, 0 for that of the quote.
    """

    report: str
    start: int = 0
    end: int = 0
    check: str = ""
    view: View = "text"
    page: int = 0
    language: str = "en"


def source(assistant: Assistant, wanted: Wanted) -> str:
    """What a panel shows, as HTML; a report or quote that is gone is said so. Never raises RagError."""
    language = wanted.language
    try:
        info = next((one for one in assistant.reports() if one.id == wanted.report), None)
        if info is None:
            return render.render_lost(language=language, gone=True)
        text = assistant.report_text(info.id)
        quote = text[wanted.start : wanted.end]
        if not quote or (wanted.check and digest(quote) != wanted.check):
            return render.render_lost(info.title, language=language)
        if wanted.view == "report":
            span = (wanted.start, wanted.end)
            return render.render_report(info, text, assistant.sections(info.id), marked=span, language=language)
        return _quote(assistant, info, text, wanted)
    except RagError:
        # Removed between two of the look-ups.
        return render.render_lost(language=language, gone=True)


def _quote(assistant: Assistant, info: ReportInfo, text: str, wanted: Wanted) -> str:
    layout = assistant.layout(info.id)
    section = _section(assistant, info.id, wanted.start)
    place = _place(info, section, layout, wanted)
    number = wanted.page or place.page
    page = layout.page(number) if layout and number else None
    if wanted.view == "page" and page is not None and layout is not None:
        return render.render_page(place, page, len(layout.pages), language=wanted.language)
    first = min(section.start, wanted.start) if section else wanted.start
    last = max(section.end, wanted.end) if section else wanted.end
    body = render.Body.of(text, assistant.sections(info.id))
    paged = layout is not None and any(page.width for page in layout.pages)
    return render.render_source(place, body, (first, last), paged=paged, language=wanted.language)


def _section(assistant: Assistant, report_id: str, offset: int) -> Section | None:
    try:
        return assistant.section_at(report_id, offset)
    except RagError:
        return None  # the quote stands alone then


def _place(info: ReportInfo, section: Section | None, layout: Layout | None, wanted: Wanted) -> render.Place:
    path = section.path if section else ()
    if layout is None:
        return render.Place(info, wanted.start, wanted.end, path)
    number = layout.page_at(wanted.start)
    page = layout.page(number) if number is not None else None
    return render.Place(
        info,
        wanted.start,
        wanted.end,
        path,
        page=number,
        paragraph=layout.number_at(wanted.start),
        ocr=page.ocr if page else None,
        boxes=layout.boxes_of(wanted.start, wanted.end),
    )


def panel_router(assistant: Assistant) -> APIRouter:
    """The routes ``/source`` and ``/page/{report}/{number}.png``."""
    from fastapi import APIRouter, HTTPException, Query, Response  # late, as the web server is

    router = APIRouter()

    @router.get("/source")
    def show_source(
        report: str,
        start: int = Query(ge=0),
        end: int = Query(ge=0),
        check: str = "",
        view: View = "text",
        page: int = Query(0, ge=0),
        language: str = "en",
    ) -> Response:
        wanted = Wanted(report, start, end, check, view, page, known_language(language))
        return Response(source(assistant, wanted), media_type="text/html", headers={"cache-control": "no-store"})

    @router.get("/page/{report}/{number}.png")
    def show_page(report: str, number: int, width: int = Query(1_200, ge=100, le=MAX_WIDTH)) -> Response:
        try:
            picture = assistant.page_picture(report, number, width)
        except RagError as error:
            raise HTTPException(404, str(error)) from error
        return Response(picture, media_type="image/png", headers={"cache-control": "private, max-age=600"})

    # The annotations are strings, and the names in them are local to this function.
    return router
