"""A row of a table or of key figures as a sentence: its label, and the figures asked for with their heads."""

from __future__ import annotations

import re

from rag.question import Question
from rag.readers.columns import chosen
from rag.remarks import Remark, remark
from rag.schema import BlockKind, Passage, Relation, RelationKind, Unit
from rag.text import fold, plain

# A raised figure behind a letter or a per cent sign reads as part of the word, in the quote too: it stays.
_NOTES = re.compile(r"(?:(?<=\d)[¹²³⁴⁵⁶⁷⁸⁹⁰]+|(?<=[\w%)])[*†‡]+)$")
_OF = {"en": "of", "es": "de"}


def row_wording(asked: Question, passage: Passage, unit: Unit) -> str:
    """What to show for a row; "" when it is best shown as it stands.

    With heads: "label, head: value" for the one column asked for, "label: head value; ..." for
    several, or for all where the question does not tell which. Without: every value, with what
    arithmetic shows of them, and a remark that the heads are missing.
    """
    if not unit.cells:
        lost = passage.chunk.kind is BlockKind.TABLE and not unit.heads
        return f"{_shown(passage, unit.start, unit.end)} {remark(Remark.NO_HEADS, asked.language)}" if lost else ""
    values = [_NOTES.sub("", _shown(passage, *cell)) for cell in unit.cells]
    before = _before(unit)
    if not any(values):
        return before
    if unit.heads:
        return _headed(asked, passage, unit, values, before)
    if len(values) < 2:
        return ""
    if passage.chunk.kind is BlockKind.FIGURES:
        return f"{_shown(passage, unit.start, unit.end)} {remark(Remark.NO_LABELS, asked.language)}"
    total = any(relation.kind is RelationKind.TOTAL_ROW for relation in unit.relations)
    if total:
        before = f"{before} {remark(Remark.TOTAL_ROW, asked.language)}".strip()
    shown = ", ".join(_related(values, unit.relations, passage.report.language, asked.language))
    return f"{before}: {shown} {remark(_kind(unit), asked.language)}".removeprefix(": ")


def _shown(passage: Passage, start: int, end: int) -> str:
    return plain(passage.chunk.text[start - passage.chunk.start : end - passage.chunk.start])


def _before(unit: Unit) -> str:
    # A figure in a title is no part of the quote, which must bear out all figures; half a title says nothing.
    title = plain(unit.title)
    parts = [
        "" if re.search(r"\d", title) or title.count("(") > title.count(")") else title,
        _NOTES.sub("", plain(unit.label).rstrip(" :")),
    ]
    return ", ".join(dict.fromkeys(part for part in parts if part))


def _headed(asked: Question, passage: Passage, unit: Unit, values: list[str], before: str) -> str:
    heads = [plain(head).rstrip(" :") for head in unit.heads]
    if len(heads) != len(values) or (len(heads) == 1 and re.search(r"\d", heads[0])):
        return ""
    places = chosen(asked, heads, values, " ".join((unit.title, unit.label, *passage.section)))
    places = tuple(place for place in places if values[place])
    if not places and _inline(passage, unit):
        return ""
    kept = [place for place in places or range(len(values)) if values[place]]
    if len(kept) == 1:
        return f"{', '.join(part for part in (before, heads[kept[0]]) if part)}: {values[kept[0]]}"
    shown = "; ".join(f"{heads[place]} {values[place]}".strip() for place in kept)
    return f"{before}: {shown}".removeprefix(": ")


def _inline(passage: Passage, unit: Unit) -> bool:
    """Whether each label of a key-figure row stands right before its figure, so that the text pairs them."""
    begin = unit.start
    for head, (start, end) in zip(unit.heads, unit.cells, strict=True):
        if fold(head) not in fold(_shown(passage, begin, start)):
            return False
        begin = end
    return passage.chunk.kind is BlockKind.FIGURES


def _kind(unit: Unit) -> Remark:
    kinds = {relation.kind for relation in unit.relations}
    if {RelationKind.SHARE, RelationKind.SUM} <= kinds:
        return Remark.BOTH
    if RelationKind.SHARE in kinds:
        return Remark.SHARE
    if RelationKind.SUM in kinds:
        return Remark.SUM
    return Remark.NO_HEADS


def _related(values: list[str], relations: tuple[Relation, ...], source: str, language: str) -> list[str]:
    """The values in order, every one once: "37 (36% of 103)", "12 − 4 = 8", "20 [total]".

    A figure given twice would not be borne out by a row that holds it once.
    """
    shown: dict[int, str] = {place: value for place, value in enumerate(values) if value}
    sums = [r for r in relations if r.kind is RelationKind.SUM and all(place in shown for place in (r.whole, *r.parts))]
    summed = {place for relation in sums for place in (relation.whole, *relation.parts)}
    for relation in relations:
        if relation.kind is not RelationKind.SHARE or not all(p in shown for p in (relation.whole, *relation.parts)):
            continue
        part, share = relation.parts
        whole = shown.get(relation.whole, "")
        if relation.whole in summed or not whole:
            shown[part] += f" ({shown.pop(share)})" if _adjoined(relation, sums) else ""
        else:
            shown[part] += f" ({shown.pop(share)} {_OF.get(source, 'of')} {shown.pop(relation.whole)})"
    for relation in sums:
        if len(relation.parts) == 2:
            first, second = sorted(relation.parts)
            place = min(relation.whole, first)
            formula = f"{shown.pop(relation.whole)} − {shown.pop(first)} = {shown.pop(second)}"
            shown[place] = formula
        else:
            shown[relation.whole] += f" {remark(Remark.TOTAL, language)}"
    return [shown[place] for place in sorted(shown)]


def _adjoined(relation: Relation, sums: list[Relation]) -> bool:
    """Whether a formula "whole − part = rest" shows the whole of a share beside its part."""
    return any(relation.whole == one.whole and relation.parts[0] in one.parts for one in sums)
