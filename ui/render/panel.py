"""What the source panel shows: a quote in its section, on its page, or the whole report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import quote as url_quote

from rag.layout import Page
from rag.schema import Box, ReportInfo, Section
from ui.render.body import Body
from ui.render.parts import attributes, button, icon, joined, pressed, section_path
from ui.words import WORDS

CONTEXT = 6_000  # characters shown on each side of a quote; nearly all sections are shown whole
PICTURE = 1_200  # pixels that a page's picture is wide


@dataclass(frozen=True, slots=True)
class Place:
    """A quote in its report. ``page`` and ``boxes`` are empty where the format has no pages."""

    report: ReportInfo
    start: int
    end: int
    section: tuple[str, ...] = ()
    page: int | None = None
    paragraph: str = ""
    ocr: float | None = None
    boxes: tuple[Box, ...] = ()


def render_source(
    place: Place, body: Body, around: tuple[int, int], *, paged: bool = False, language: str = "en"
) -> str:
    """Make a quote in its surroundings, the span ``around`` of the report's text.

    ``paged`` offers the page's picture as well.
    """
    first, last = max(around[0], place.start - CONTEXT), min(around[1], place.end + CONTEXT)
    cut = ("… " if first > around[0] else "", " …" if last < around[1] else "")
    shown = f"{cut[0]}{body.html(first, last, (place.start, place.end))}{cut[1]}"
    text = f'<div class="rq-passage-text" lang="{escape(place.report.language)}">{shown}</div>'
    return _head(place, language, view="text" if paged else "") + text


def render_lost(title: str = "", *, language: str = "en", gone: bool = False) -> str:
    """Make what stands where a report has changed since it was cited, or is ``gone``.

    The page, which still has title and quote, fills them in.
    """
    reason = WORDS[language]["report_gone" if gone else "quote_gone"]
    return (
        f'<h3 class="rq-panel-title">{escape(title)}</h3><p class="rq-note">{reason}</p>'
        f'<div class="rq-passage-text" lang=""><mark data-lost></mark></div>'
    )


def render_page(place: Place, page: Page, pages: int, *, language: str = "en") -> str:
    """Make the picture of ``page``, one of ``pages``, with the quote's boxes on it marked."""
    words = WORDS[language]
    source = f"/page/{url_quote(place.report.id, safe='')}/{page.number}.png?width={PICTURE}"
    if page.width and page.height:
        boxes = "".join(_box(box, page) for box in place.boxes if box.page == page.number)
        described = words["picture_of" if boxes else "page_of"].format(page.number, pages)
        picture = (
            f'<div class="rq-desk"><div class="rq-sheet" style="aspect-ratio:{page.width:g}/{page.height:g}">'
            f"<img{attributes(src=source, alt=described, data_failed=words['no_picture'])}>{boxes}</div></div>"
        )
    else:
        picture = f'<p class="rq-note">{words["no_picture"]}</p>'
    turns = "".join(
        button(
            words[label],
            kind="rq-tool",
            drawing=icon(name),
            quiet=True,
            data_view="page",
            data_page=number,
            disabled=not 1 <= number <= pages,
        )
        for name, label, number in (
            ("previous", "previous_page", page.number - 1),
            ("next", "next_page", page.number + 1),
        )
    )
    larger = button(
        words["enlarge"], kind="rq-tool", drawing=icon("enlarge"), quiet=True, data_act="enlarge", aria_pressed="false"
    )
    count = f'<p class="rq-turning"><span>{words["page_of"].format(page.number, pages)}</span>{larger}{turns}</p>'
    return _head(place, language, view="page") + count + picture


def render_report(
    report: ReportInfo, text: str, sections: Sequence[Section], *, marked: tuple[int, int] | None, language: str = "en"
) -> str:
    """Make the whole text of a report with an outline; ``marked`` is the span of a quote in it, if there is one.

    Outline entries lead to ``section-N`` ids, N being the section's ordinal.
    """
    words = WORDS[language]
    ordered = sorted(sections, key=lambda section: (section.start, section.ordinal))
    outline = "".join(
        f'<li style="--rq-level:{len(section.path) - 1}"><a href="#section-{section.ordinal}">'
        f"{escape(' '.join(section.path[-1].split()))}</a></li>"
        for section in ordered
        if section.path
    )
    back = button(words["back_to_quote"], kind="rq-link", data_view="text") if marked else ""
    contents = (
        f'<details class="rq-outline"><summary>{words["outline"]}</summary>'
        f'<nav aria-label="{words["outline"]}"><ol>{outline}</ol></nav></details>'
        if outline
        else ""
    )
    return (
        f'<h3 class="rq-panel-title">{escape(report.title)}</h3><p class="rq-meta">{_about(report)}</p>'
        f'<p class="rq-row rq-views">{back}</p>{contents}<div class="rq-whole" lang="{escape(report.language)}">'
        f"{_body(text, ordered, marked)}</div>"
    )


def _body(text: str, sections: Sequence[Section], marked: tuple[int, int] | None) -> str:
    """The text in stretches between the starts of sections, each with its id; a marked span may run over several."""
    body = Body.of(text, sections)
    starts = [(section.start, f"section-{section.ordinal}") for section in sections]
    if not starts or starts[0][0] > 0:
        starts.insert(0, (0, ""))
    ends = [start for start, _ in starts[1:]] + [len(text)]
    return "".join(
        f"<div{attributes(id=name or None)}>{body.html(start, end, marked)}</div>"
        for (start, name), end in zip(starts, ends, strict=True)
    )


def _head(place: Place, language: str, *, view: str) -> str:
    """Title and place of a quote; ``view`` "" where there is only one."""
    words = WORDS[language]
    page = f"{words['page']} {place.page}" if place.page is not None else ""
    paragraph = f"{words['paragraph']} {place.paragraph}" if place.paragraph else ""
    ocr = f"{words['ocr']} {round(100 * place.ocr)} %" if place.ocr is not None else ""
    where = joined([section_path(place.section), ", ".join(part for part in (page, paragraph) if part), ocr])
    views = "".join(
        button(
            words[f"view_{name}"],
            kind="rq-view",
            data_view=name,
            data_page=place.page if name == "page" else None,
            aria_pressed=pressed(name == view),
        )
        for name in ("text", "page")
        if view
    )
    whole = button(words["whole_report"], kind="rq-link", data_view="report")
    return (
        f'<h3 class="rq-panel-title">{escape(place.report.title)}</h3><p class="rq-meta">{_about(place.report)}</p>'
        f'<p class="rq-meta rq-panel-where">{where}</p>'
        f'<div class="rq-row rq-views">{f"<span class=rq-switch>{views}</span>" if views else ""}{whole}</div>'
    )


def _about(report: ReportInfo) -> str:
    published = report.published.isoformat() if report.published else ""
    return joined([report.publisher, report.period.label if report.period else "", published])


def _box(box: Box, page: Page) -> str:
    """A rectangle over the picture, in per cent of the page so that it fits at any width."""
    left, top = 100 * box.left / page.width, 100 * box.top / page.height
    width, height = 100 * (box.right - box.left) / page.width, 100 * (box.bottom - box.top) / page.height
    return (
        f'<span class="rq-box" style="left:{left:.2f}%;top:{top:.2f}%;width:{width:.2f}%;height:{height:.2f}%"></span>'
    )
