"""How headings look, and which level their looks give them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from statistics import median

from rag.load.pdf.paragraphs import Block

MAX_LEVEL = 6
_LABEL = re.compile(
    r"(?P<decimal>(?:\d{1,2}|[IVX]{1,4})(?:\.\d{1,2}){1,3}\.?)|(?P<roman>(?=[IVXLC])[IVXL]{1,7}[.)]?)|"
    r"(?P<letter>[A-Z][.)])|(?P<digit>\d{1,2}[.)])|(?P<small>\(?[a-z][.)])"
)


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


def is_vivid(color: int) -> bool:
    """Whether it is neither black, grey nor white."""
    parts = color >> 16 & 255, color >> 8 & 255, color & 255
    return max(parts) - min(parts) > 40 or min(parts) > 245


def label_of(block: Block) -> tuple[str, str]:
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


def style_of(block: Block, body: Body) -> Style:
    """The look of a heading."""
    size = round(median(line.size for line in block.lines) * 2) / 2
    if block.page is not None and block.page.ocr is not None:  # OCR's sizes are rough
        size = body.size * (1.5 if size > 1.35 * body.size else 1.0)
    capitals = block.text.isupper()
    bold = all(line.bold for line in block.lines)
    italic = all(line.italic for line in block.lines)
    color = is_vivid(block.lines[0].color) and block.lines[0].color != body.color
    label = label_of(block)[0]
    return size, bold, italic, capitals, color, label


def ranks_of(styles: Sequence[Style], told: Sequence[int]) -> list[int]:
    """Rank of each heading, the lower the further out; ``told`` are the levels that the author gives them, 0 for none.

    The author's word comes first; then the larger, the further out; then capitals, weight and kind of number decide.
    """

    def order(style: Style) -> tuple[float, ...]:
        size, bold, italic, capitals, color, label = style
        return (-size, not bold and not color, not capitals, not bold, _RANKS.index(label), italic)

    said = _said(styles, told)
    outer: dict[Style, int] = {}  # level by the author, or that of the next larger look
    for style in sorted(set(styles), key=order):
        outer[style] = said.get(style) or max(outer.values(), default=0)
    keys = [(level if said and level else outer[style], style) for style, level in zip(styles, told, strict=True)]
    ranks: dict[tuple[int, Style], int] = {}
    rank, before = 0, None
    for key in sorted(set(keys), key=lambda key: (key[0], *order(key[1]))):
        if before is None or not _same_rank(before, key, said):
            rank += 1
        ranks[key] = rank
        before = key
    return [ranks[key] for key in keys]


def _said(styles: Sequence[Style], told: Sequence[int]) -> dict[Style, int]:
    """The level that the author gives most headings of a look; empty where all have one level."""
    if len({level for level in told if level}) < 2:
        return {}
    counts: dict[Style, Counter[int]] = {}
    for style, level in zip(styles, told, strict=True):
        if level:
            counts.setdefault(style, Counter())[level] += 1
    return {style: count.most_common(1)[0][0] for style, count in counts.items()}


def levels_of(ranks: Sequence[int]) -> list[int]:
    """Level of each heading: one below that which it stands under; ``ranks`` are in reading order."""
    levels: list[int] = []
    stack: list[int] = []
    for rank in ranks:
        while stack and stack[-1] >= rank:
            stack.pop()
        stack.append(rank)
        levels.append(min(len(stack), MAX_LEVEL))
    return levels


def _same_rank(one: tuple[int, Style], two: tuple[int, Style], said: Collection[Style]) -> bool:
    """Whether headings stand side by side: by the author's word, or alike but for a trifle in size."""
    (level, look), (other_level, other) = one, two
    if level != other_level:
        return False
    if look in said and other in said and look[5] == other[5]:
        return True
    labels = look[5] == other[5] or not (look[5] and other[5])
    return abs(look[0] - other[0]) < 0.75 and look[1:4] == other[1:4] and labels
