"""Which paragraphs are headings, and how they stand to one another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from rag.layout import PartKind
from rag.load.pdf.looks import Body, is_vivid, label_of, levels_of, ranks_of, style_of
from rag.load.pdf.paragraphs import Block
from rag.load.pdf.told import Bookmark, told_levels
from rag.text import fold

_MAX_LINES, _MAX_WORDS, _MAX_LABELLED = 6, 40, 60
_LARGER = 1.09  # than running text
CAPTION = re.compile(
    r"(?:table(?:au)?|tabla|cuadro|figures?|figuras?|gr[aá]fic[oa]s?|graphique|chart|map|mapa|carte|box|recuadro|"
    r"encadr[eé]|exhibit|photo|source|fuente|sources|note|nota|foto)\b\.?\s*(?:n[°ºo.]\s*)?(?:[\dIVX]+[\w.]*|[:.])",
    re.IGNORECASE,
)
LEADER = re.compile(r"(?:\.\s?){5,}")
_NO_HEADING = re.compile(r"https?://|www\.|@\w|^\W*$|^[\d\W]+$|\.{4}|^[\[*]|^\((?![a-z]\))|^[“\"«]")
# "39 languages" and "US$ 550 million" are figures, "Current: 175" is a label with one; a year may begin a heading.
_FIGURE = re.compile(
    r"(?:US\s?\$|[$€£+~<>≈]|(?!(?:19|20)\d\d\b)\d)|(?:million|billion|mill[oó]n(?:es)?|millions?)$", re.I
)
_VALUE = re.compile(r":\s*[\d.,%\s]+$")
_GENERIC = frozenset(
    "summary introduction overview highlights background contents context foreword preface key messages key figures "
    "resumen introduccion antecedentes destacados contexto contenido panorama mensajes claves mensajes clave "
    "cifras destacadas resume contexte sommaire apercu faits saillants".split()
)
_ANNEX = re.compile(
    r"(?:annex(?:e?s)?|annexe|anexos?|appendix|appendices|ap[eé]ndices?|enclosure)\b(?:\s+(?:[IVX]+|\d+|[A-Z])\b|\s*$)",
    re.IGNORECASE,
)
_BARE_CAPTION = re.compile(r"\w+\.?\s*(?:n[°ºo.]\s*)?[\dIVX]+(?:\.\d+)*[.:]?")
_END = re.compile(r"[.;,]$")
_ENDS = 3.0  # points by which the line under a heading may differ from its ends
_SENTENCE_WORDS = 12  # a paragraph of the body has at least as many


def mark_headings(blocks: Sequence[Block], body: Body, bookmarks: Sequence[Bookmark] = ()) -> None:
    """Set kind, level and number of the headings among the blocks of a document, in reading order.

    ``bookmarks`` are the file's own outline.
    """
    italics = _italic_headings(blocks, body)
    lined = _underlined_headings(blocks, body)
    found = [
        index
        for index, block in enumerate(blocks)
        if _may_be(block)
        and (_stands_out(block, body) or index in italics or index in lined or _coloured(blocks, index, body))
        and not (_in_run(blocks, index) or _captioned(blocks, index))
    ]
    told = told_levels(blocks, bookmarks, found)
    found = sorted({*found, *(place for place in told if _may_be_told(blocks, place))})
    found = _without_cover(blocks, found)
    ranks = ranks_of([style_of(blocks[index], body) for index in found], [told.get(index, 0) for index in found])
    ranks = [1 if _ANNEX.match(blocks[index].text) else rank for index, rank in zip(found, ranks, strict=True)]
    for index, level in zip(found, levels_of(ranks), strict=True):
        block = blocks[index]
        block.kind, block.level = PartKind.HEADING, level
        block.number = label_of(block)[1]


def _may_be(block: Block) -> bool:
    text = block.text
    words = text.split()
    if not block.lines or len(block.lines) > _MAX_LINES or CAPTION.match(text):
        return False
    if len(words) > (_MAX_LABELLED if label_of(block)[0] else _MAX_WORDS):
        return False
    letters = sum(c.isalpha() for c in text)
    if letters < 3 or _NO_HEADING.search(text) or not block.lines[0].words[0].upright:
        return False
    label = label_of(block)[0]
    rest = " ".join(words[1:]) if label else text
    if block.kind is PartKind.ITEM and not label:
        return False
    if _END.search(text) and not (label and text.count(".") < 3 and len(words) < 8):
        return False
    if _FIGURE.match(rest) or _VALUE.search(text):
        return False
    return not rest[:1].islower()


def _may_be_told(blocks: Sequence[Block], index: int) -> bool:
    """Whether a paragraph that the author calls a heading may be one: no caption, contents or running text."""
    block = blocks[index]
    short = len(block.lines) <= _MAX_LINES and len(block.text.split()) <= _MAX_WORDS
    named = sum(c.isalpha() for c in block.text) >= 3 and not (CAPTION.match(block.text) or LEADER.search(block.text))
    return short and named and not _captioned(blocks, index) and block.kind is not PartKind.ITEM


def _stands_out(block: Block, body: Body) -> bool:
    """Whether size, weight, capitals or colour set a paragraph apart from running text."""
    size = max(line.size for line in block.lines)
    bold = all(line.bold for line in block.lines) and not body.bold
    capitals = block.text.isupper() and sum(c.isalpha() for c in block.text) >= 4
    coloured = all(line.color != body.color for line in block.lines) and is_vivid(block.lines[0].color)
    if size < 0.93 * body.size:
        return False
    if label_of(block)[0] == "small":
        return len(block.lines) < 3 and (bold or all(line.italic for line in block.lines))
    if size >= _LARGER * body.size:
        if block.page is not None and block.page.ocr is not None and len(block.text.split()) < 2:
            return False
        return bold or coloured or capitals or size >= 1.25 * body.size or bool(label_of(block)[0])
    if bold:
        return not block.text.endswith(":") or len(block.lines) == 1
    labelled = bool(label_of(block)[0])
    return capitals and (coloured or block.gap > 0.5 or labelled)


def _coloured(blocks: Sequence[Block], index: int, body: Body) -> bool:
    """Whether a counted line stands out by colour alone from the text below it."""
    block = blocks[index]
    below = blocks[index + 1] if index + 1 < len(blocks) else block
    color = block.lines[0].color
    counted = label_of(block)[0] not in ("", "small") and is_vivid(color) and color != body.color
    return counted and bool(below.lines) and below.lines[0].color != color and block.size >= 0.93 * body.size


def _italic_headings(blocks: Sequence[Block], body: Body) -> frozenset[int]:
    """Places of lines all in italics, alone above a paragraph."""
    return frozenset(
        index
        for index in _above_paragraphs(blocks, body)
        if blocks[index].lines[0].italic and not blocks[index + 1].lines[0].italic
    )


def _underlined_headings(blocks: Sequence[Block], body: Body) -> frozenset[int]:
    """Places of lines underlined from end to end, alone above a paragraph."""
    return frozenset(index for index in _above_paragraphs(blocks, body) if _is_underlined(blocks[index]))


def _above_paragraphs(blocks: Sequence[Block], body: Body) -> Iterator[int]:
    for index, (block, below) in enumerate(pairwise(blocks)):
        if (
            len(block.lines) == 1
            and below.lines
            and block.size >= 0.95 * body.size
            and len(block.text.split()) <= 12
            and len(below.text.split()) >= _SENTENCE_WORDS
            and block.page is below.page
        ):
            yield index


def _is_underlined(block: Block) -> bool:
    line = block.lines[0]
    return block.page is not None and any(
        abs(shape.left - line.left) < _ENDS
        and abs(shape.right - line.right) < _ENDS
        and 0 <= shape.top - line.base < 0.35 * line.size
        and shape.bottom - shape.top < 2
        for shape in block.page.shapes
        if not shape.picture
    )


def _in_run(blocks: Sequence[Block], index: int) -> bool:
    """Whether a short line is one of many of its look, one below the other: a list or a lost table."""
    block = blocks[index]
    look = (round(block.size), block.lines[0].bold)
    run = 0
    for step in (-1, 1):
        place = index + step
        while 0 <= place < len(blocks) and run < 8:
            other = blocks[place]
            same = other.lines and (round(other.size), other.lines[0].bold) == look and _may_be(other)
            if not same or other.page is not block.page:
                break
            run += 1
            place += step
    return run >= 5 and not label_of(block)[0]


def _captioned(blocks: Sequence[Block], index: int) -> bool:
    """Whether a line goes on the caption above it: "Figure II", then what it shows; or leads in a list of contents."""
    block = blocks[index]
    before = blocks[index - 1] if index else block
    above = before.text if before.page is block.page and before is not block else ""
    if CAPTION.match(above) and _BARE_CAPTION.fullmatch(above):
        return True
    below = blocks[index + 1].text if index + 1 < len(blocks) else ""
    return LEADER.search(below) is not None and LEADER.search(above) is not None


def _without_cover(blocks: Sequence[Block], found: Sequence[int]) -> list[int]:
    """Headings without the lines of the front: all above the first running text but what heads it."""
    first = next((index for index, block in enumerate(blocks) if _is_text(block)), None)
    if first is None or not blocks[first].lines or blocks[first].lines[0].page > 3:
        return list(found)
    above = [index for index in found if index < first]
    kept: list[int] = []
    for index in reversed(above):
        block = blocks[index]
        label = label_of(block)[0]
        generic = fold(block.text).strip(" :.") in _GENERIC or set(fold(block.text).split()) <= _GENERIC
        directly = index == (kept[-1] if kept else first) - 1
        largest = max(blocks[other].size for other in above)
        smaller = block.size < 0.85 * largest and not kept
        if directly and (label in ("roman", "digit", "letter", "decimal") or generic or smaller):
            kept.append(index)
        else:
            break
    return sorted(kept) + [index for index in found if index >= first]


def _is_text(block: Block) -> bool:
    return len(block.text.split()) >= _SENTENCE_WORDS and block.text.rstrip()[-1:] in ".:;" and len(block.lines) > 1
