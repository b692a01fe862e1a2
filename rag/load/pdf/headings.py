"""Which paragraphs are headings, and how they stand to one another."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from rag.layout import PartKind
from rag.load.pdf.paragraphs import Block
from rag.text import fold

_MAX_LINES, _MAX_WORDS, _MAX_LABELLED = 6, 40, 60
_LARGER = 1.09  # than running text
_LABEL = re.compile(
    r"(?P<decimal>(?:\d{1,2}|[IVX]{1,4})(?:\.\d{1,2}){1,3}\.?)|(?P<roman>(?=[IVXLC])[IVXL]{1,7}[.)]?)|"
    r"(?P<letter>[A-Z][.)])|(?P<digit>\d{1,2}[.)])|(?P<small>\(?[a-z][.)])"
)
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
_SENTENCE_WORDS = 12  # a paragraph of the body has at least as many


@dataclass(frozen=True, slots=True)
class Body:
    """How the running text of a document looks."""

    size: float
    color: int
    bold: bool


def body_of(blocks: Sequence[Block]) -> Body:
    """The look of most letters."""
    looks: Counter[tuple[float, int, bool]] = Counter()
    for block in blocks:
        for line in block.lines:
            looks[(round(line.size * 2) / 2, line.color, line.bold)] += len(line.text)
    if not looks:
        return Body(10.0, 0, False)
    sizes: Counter[float] = Counter()
    for (size, _, _), count in looks.items():
        sizes[size] += count
    size = sizes.most_common(1)[0][0]
    (_, color, bold), _ = max(((look, n) for look, n in looks.items() if look[0] == size), key=lambda entry: entry[1])
    return Body(size, color, bold)


Style = tuple[float, bool, bool, bool, bool, str]  # size, bold, italic, capitals, coloured, kind of label


def mark_headings(blocks: Sequence[Block], body: Body) -> None:
    """Set kind, level and number of the headings among the blocks of a document, in reading order."""
    italics = _italic_headings(blocks, body)
    found = [
        index
        for index, block in enumerate(blocks)
        if _may_be(block)
        and (_stands_out(block, body) or index in italics or _coloured(blocks, index, body))
        and not (_in_run(blocks, index) or _captioned(blocks, index))
    ]
    found = _without_cover(blocks, found)
    styles = {index: _style(blocks[index], body) for index in found}
    levels = _levels([styles[index] for index in found])
    for index in found:
        block = blocks[index]
        block.kind = PartKind.HEADING
        block.level = 1 if _ANNEX.match(block.text) else levels[styles[index]]
        block.number = _label(block)[1]


def _may_be(block: Block) -> bool:
    text = block.text
    words = text.split()
    if not block.lines or len(block.lines) > _MAX_LINES or CAPTION.match(text):
        return False
    if len(words) > (_MAX_LABELLED if _label(block)[0] else _MAX_WORDS):
        return False
    letters = sum(c.isalpha() for c in text)
    if letters < 3 or _NO_HEADING.search(text) or not block.lines[0].words[0].upright:
        return False
    label = _label(block)[0]
    rest = " ".join(words[1:]) if label else text
    if block.kind is PartKind.ITEM and not label:
        return False
    if _END.search(text) and not (label and text.count(".") < 3 and len(words) < 8):
        return False
    if _FIGURE.match(rest) or _VALUE.search(text):
        return False
    return not rest[:1].islower()


def _stands_out(block: Block, body: Body) -> bool:
    """Whether size, weight, capitals or colour set a paragraph apart from running text."""
    size = max(line.size for line in block.lines)
    bold = all(line.bold for line in block.lines) and not body.bold
    capitals = block.text.isupper() and sum(c.isalpha() for c in block.text) >= 4
    coloured = all(line.color != body.color for line in block.lines) and _vivid(block.lines[0].color)
    if size < 0.93 * body.size:
        return False
    if _label(block)[0] == "small":
        return len(block.lines) < 3 and (bold or all(line.italic for line in block.lines))
    if size >= _LARGER * body.size:
        if block.page is not None and block.page.ocr is not None and len(block.text.split()) < 2:
            return False
        return bold or coloured or capitals or size >= 1.25 * body.size or bool(_label(block)[0])
    if bold:
        return not block.text.endswith(":") or len(block.lines) == 1
    labelled = bool(_label(block)[0])
    return capitals and (coloured or block.gap > 0.5 or labelled)


def _coloured(blocks: Sequence[Block], index: int, body: Body) -> bool:
    """Whether a counted line stands out by colour alone from the text below it."""
    block = blocks[index]
    below = blocks[index + 1] if index + 1 < len(blocks) else block
    color = block.lines[0].color
    counted = _label(block)[0] not in ("", "small") and _vivid(color) and color != body.color
    return counted and bool(below.lines) and below.lines[0].color != color and block.size >= 0.93 * body.size


def _vivid(color: int) -> bool:
    """Whether it is neither black, grey nor white."""
    parts = color >> 16 & 255, color >> 8 & 255, color & 255
    return max(parts) - min(parts) > 40 or min(parts) > 245


def _italic_headings(blocks: Sequence[Block], body: Body) -> frozenset[int]:
    """Places of lines all in italics, alone above a paragraph."""
    found = []
    for index, block in enumerate(blocks[:-1]):
        below = blocks[index + 1]
        if (
            len(block.lines) == 1
            and block.lines[0].italic
            and below.lines
            and not below.lines[0].italic
            and block.size >= 0.95 * body.size
            and len(block.text.split()) <= 12
            and len(below.text.split()) >= _SENTENCE_WORDS
            and block.page is below.page
        ):
            found.append(index)
    return frozenset(found)


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
    return run >= 5 and not _label(block)[0]


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
        label = _label(block)[0]
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


def _label(block: Block) -> tuple[str, str]:
    """What kind of number a heading begins with, and that number; "" for none."""
    first = block.lines[0].words
    if len(first) < 2 and len(block.lines) < 2:
        return "", ""
    match = _LABEL.fullmatch(first[0].text)
    if not match or match.lastgroup is None:
        return "", ""
    kind = match.lastgroup
    if kind == "roman" and first[0].text in ("I", "C", "L"):  # words, unless a gap shows that they count
        apart = len(first) > 1 and first[1].left - first[0].right > 0.6 * first[0].size
        return ("roman", first[0].text) if apart else ("", "")
    if kind == "decimal":
        return f"decimal{first[0].text.strip('.').count('.')}", first[0].text
    return kind, first[0].text


_RANKS = ("roman", "letter", "digit", "decimal1", "decimal2", "decimal3", "", "small")


def _style(block: Block, body: Body) -> Style:
    size = round(median(line.size for line in block.lines) * 2) / 2
    if block.page is not None and block.page.ocr is not None:  # OCR's sizes are rough
        size = body.size * (1.5 if size > 1.35 * body.size else 1.0)
    capitals = block.text.isupper()
    bold = all(line.bold for line in block.lines)
    italic = all(line.italic for line in block.lines)
    color = _vivid(block.lines[0].color) and block.lines[0].color != body.color
    label = _label(block)[0]
    return size, bold, italic, capitals, color, label


def _levels(styles: Sequence[Style]) -> dict[Style, int]:
    """Level of each look: the larger, the further out; then capitals, weight and kind of number decide."""

    def order(style: Style) -> tuple[float, ...]:
        size, bold, italic, capitals, color, label = style
        return (-size, not bold and not color, not capitals, not bold, _RANKS.index(label), italic)

    ordered = sorted(set(styles), key=order)
    levels: dict[Style, int] = {}
    level = 0
    before: Style | None = None
    for style in ordered:
        if before is None or not _same_rank(before, style):
            level += 1
        levels[style] = level
        before = style
    return levels


def _same_rank(one: Style, two: Style) -> bool:
    """Whether headings of two looks stand side by side: alike but for a trifle in size."""
    labels = one[5] == two[5] or not (one[5] and two[5])
    return abs(one[0] - two[0]) < 0.75 and one[1:4] == two[1:4] and labels
