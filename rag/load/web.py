"""Web pages saved as HTML. Nothing that a page names is fetched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser, LexborNode

from rag.errors import ReportError
from rag.load.compose import Composer
from rag.load.decode import Content, decode_text

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]{3,20})", re.IGNORECASE)
_NO_CONTENT = (
    "script,style,noscript,template,iframe,object,embed,svg,canvas,audio,video,form,button,select,input,textarea,"
    "nav,footer,aside,dialog,[hidden],[aria-hidden=true],[role=navigation],[role=banner],[role=contentinfo],"
    "[role=search],head"
)
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0|opacity\s*:\s*0(?:\.0*)?\s*(?:;|$)", re.I
)
_INLINE = frozenset(
    "a abbr acronym b bdi bdo big br cite code data del dfn em font i img ins kbd label mark q s samp small span "
    "strike strong sub sup time tt u var wbr -text".split()
)
_MARK, _UNIT = re.compile(r"\[?(?:\d{1,3}|[a-z*†])\]?"), re.compile(r"\b[kcm]?m$")
_MAX_DEPTH = 400  # a page nested deeper was not written by anybody
_MAX_SPAN = 100  # columns or rows
_SCRIPTS = "script,[onclick],[onload],[onerror],[onmouseover]"


def load_html(data: bytes, path: Path) -> Content:
    """A web page: headings, paragraphs, lists and tables of its main part, without menus and hidden text.

    :raises ReportError: it is not text, or holds none.
    """
    html, warnings = _decoded(data, path)
    out = Composer()
    tree = LexborHTMLParser(html)
    title, published = page_facts(tree)
    said = [*warnings, *write_page(tree, out)]
    content = out.content(title=title, warnings=said, published=published)
    if not content.text:
        raise ReportError(f"{path} holds no text: open it in a browser and save it again, or as PDF.")
    return content


def _decoded(data: bytes, path: Path) -> tuple[str, tuple[str, ...]]:
    stated = _CHARSET.search(data[:4096])
    if stated:
        try:
            return data.decode(stated.group(1).decode("ascii")), ()
        except (LookupError, UnicodeDecodeError):
            pass  # the page states what it is not
    return decode_text(data, path)


def page_facts(tree: LexborHTMLParser) -> tuple[str, date | None]:
    """Title and day of publication as the page's head states them."""
    title = tree.css_first("title")
    stated = ""
    for selector in ("meta[property='article:published_time']", "meta[name='date']", "meta[name='DC.date']"):
        node = tree.css_first(selector)
        stated = stated or ((node.attributes.get("content") or "") if node else "")
    try:
        published = date.fromisoformat(stated[:10])
    except ValueError:
        published = None
    return (title.text(strip=True) if title else ""), published


def write_page(tree: LexborHTMLParser, out: Composer) -> list[str]:
    """Write the page's main part into ``out``; returns warnings."""
    warnings = ["scripts in it are ignored"] if tree.css_first(_SCRIPTS) else []
    for node in tree.css(_NO_CONTENT):
        if node.tag != "head" and node.tag != "html" and node.tag != "body":
            node.decompose()
    hidden = [node for node in tree.css("[style]") if _HIDDEN.search(node.attributes.get("style") or "")]
    if any(node.text(strip=True) for node in hidden):
        warnings.append("hidden text was left out")
    for node in [*hidden, *filter(_is_note_mark, tree.css("sup"))]:
        node.decompose()
    mains = tree.css("main") or tree.css("article")
    for node in mains if len(mains) == 1 else [tree.body] if tree.body else []:
        _Writer(out).write(node)
    return warnings


class _Writer:
    """Walks a page; text between two blocks is a paragraph."""

    def __init__(self, out: Composer) -> None:
        self._out = out
        self._line: list[str] = []
        self._count: int | None = None  # of the items of an ordered list

    def write(self, node: LexborNode) -> None:
        self._inside(node, 0)
        self._flush()

    def _inside(self, node: LexborNode, depth: int) -> None:
        for child in node.iter(include_text=True):
            tag = child.tag
            if tag == "-text":
                self._line.append(child.text_content or "")
            elif tag in _INLINE:
                self._line.append(" " if tag == "br" else child.text(separator=""))
            elif depth > _MAX_DEPTH:
                self._line.append(child.text(separator=" "))
            else:
                self._flush()
                self._block(child, tag or "", depth)
                self._flush()

    def _block(self, node: LexborNode, tag: str, depth: int) -> None:
        if re.fullmatch(r"h[1-6]", tag):
            self._out.heading(node.text(separator=" "), int(tag[1]))
        elif tag == "li":
            self._item(node, depth)
        elif tag in ("ol", "ul"):
            self._list(node, depth + 1)
        elif tag == "table" and not node.css_first("table table") and _is_data(node):
            caption = node.css_first("caption")
            self._out.table(list(_rows(node)), title=caption.text(separator=" ") if caption else "", heads=_heads(node))
        else:
            self._inside(node, depth + 1)

    def _item(self, node: LexborNode, depth: int) -> None:
        lists = node.css("ul,ol")
        own = "".join(
            child.text_content or "" if child.tag == "-text" else f" {child.text(separator=' ')} "
            for child in node.iter(include_text=True)
            if child.tag not in ("ul", "ol")
        )
        if self._count is not None:
            self._count += 1
        if own.strip():
            self._out.item(f"{'•' if self._count is None else f'{self._count}.'} {own}")
        for inner in lists:
            if inner.parent is not None and inner.parent.mem_id == node.mem_id:
                self._list(inner, depth + 1)

    def _list(self, node: LexborNode, depth: int) -> None:
        before, self._count = self._count, 0 if node.tag == "ol" else None
        self._inside(node, depth)
        self._count = before

    def _flush(self) -> None:
        self._out.paragraph("".join(self._line))
        self._line = []


def _is_note_mark(node: LexborNode) -> bool:
    """Whether a raised number refers to a note: behind a figure, it would read as one more digit."""
    before = node.prev
    unit = before is not None and before.tag == "-text" and _UNIT.search(before.text_content or "")
    return bool(_MARK.fullmatch(node.text(strip=True))) and not unit


def _is_data(node: LexborNode) -> bool:
    """Whether a table holds data, not the page's layout."""
    if node.attributes.get("role") == "presentation":
        return False
    widths = [len(row) for row in _rows(node)]
    return len(widths) > 1 and max(widths) > 1


def _rows(node: LexborNode) -> Iterator[list[str]]:
    """Cells of each row; those that another one spans are empty."""
    covered: dict[int, int] = {}  # by column, how many further rows a cell above covers
    for row in node.css("tr"):
        cells: list[str] = []
        for cell in row.css("td,th"):
            while covered.get(len(cells), 0):
                covered[len(cells)] -= 1
                cells.append("")
            wide, high = _span(cell, "colspan"), _span(cell, "rowspan")
            covered |= {column: high - 1 for column in range(len(cells), len(cells) + wide)}
            cells += [cell.text(separator=" "), *[""] * (wide - 1)]
        for column in range(len(cells), max(covered, default=-1) + 1):
            covered[column] = max(covered.get(column, 0) - 1, 0)
        yield cells


def _span(cell: LexborNode, name: str) -> int:
    said = cell.attributes.get(name) or "1"
    return max(1, min(int(said), _MAX_SPAN)) if said.isascii() and said.isdigit() else 1


def _heads(node: LexborNode) -> int | None:
    rows = node.css("thead tr")
    if rows:
        return len(rows)
    first = node.css_first("tr")
    return 1 if first is not None and first.css_first("th") and not first.css_first("td") else None
