"""How a picked unit is put into the answer, and how an abstention gives its reason."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.periods import overlap
from rag.question import Question, Want
from rag.readers.cells import row_wording
from rag.readers.constraints import Constraint
from rag.schema import Passage, Unit, UnitKind
from rag.text import fold, plain, stem, words

_CLAUSE = re.compile(r"[;:]\s+|,\s+(?=and\b|which\b|while\b|y\b|mientras\b)|\s+[–—]\s+")

_REASONS = {
    "en": {
        "nothing": "No passage was found for this question.",
        "period": "Nothing found is dated {asked}; the nearest reports cover {covered}.",
        "name": "No passage found speaks of {names} in this sense.",
        "kind": "Passages on the topic were found, but none gives {kind}.",
        "weak": "The nearest passages do not hold what is asked for.",
    },
    "es": {
        "nothing": "No se encontró ningún pasaje para esta pregunta.",
        "period": "Nada de lo encontrado corresponde a {asked}; los informes más cercanos cubren {covered}.",
        "name": "Ningún pasaje encontrado habla de {names} en este sentido.",
        "kind": "Se encontraron pasajes sobre el tema, pero ninguno da {kind}.",
        "weak": "Los pasajes más cercanos no contienen lo que se pregunta.",
    },
}
_KINDS = {
    "en": {
        Want.COUNT: "a number", Want.MONEY: "an amount", Want.PERCENT: "a share", Want.DURATION: "a duration",
        Want.DATE: "a date", Want.PLACE: "a place", Want.WHO: "a name", Want.DEFINITION: "a definition",
    },
    "es": {
        Want.COUNT: "una cifra", Want.MONEY: "un monto", Want.PERCENT: "un porcentaje", Want.DURATION: "una duración",
        Want.DATE: "una fecha", Want.PLACE: "un lugar", Want.WHO: "un nombre", Want.DEFINITION: "una definición",
    },
}  # fmt: skip


def wording(asked: Question, passage: Passage, unit: Unit, max_words: int) -> tuple[int, int, str]:
    """Offsets of the quote in the report, and the sentence to show for it.

    A row of a table or of key figures is given as ``rag.readers.cells`` says; everything else
    verbatim. A sentence over ``max_words`` is cut to the clauses that bear on the question, with
    "…" where it was cut.
    """
    raw = _raw(passage, unit.start, unit.end)
    if unit.kind is UnitKind.ROW:
        row = row_wording(asked, passage, unit)
        if row:
            return unit.start, unit.end, row
    if len(plain(raw).split()) <= max_words:
        return unit.start, unit.end, plain(raw)
    return _clauses(asked, passage, unit, max_words)


def _raw(passage: Passage, start: int, end: int) -> str:
    return passage.chunk.text[start - passage.chunk.start : end - passage.chunk.start]


def _clauses(asked: Question, passage: Passage, unit: Unit, max_words: int) -> tuple[int, int, str]:
    raw = _raw(passage, unit.start, unit.end)
    cuts = [0, *(match.end() for match in _CLAUSE.finditer(raw)), len(raw)]
    wanted = asked.stems

    def value(first: int, last: int) -> float:
        stems = {stem(fold(word.group()), passage.report.language) for word in words(raw[cuts[first] : cuts[last]])}
        length = len(raw[cuts[first] : cuts[last]].split())
        return len(stems & wanted) - length / 1000 if length <= max_words else -1.0

    spans = [(first, last) for first in range(len(cuts) - 1) for last in range(first + 1, len(cuts))]
    first, last = max(spans, key=lambda span: value(*span))
    if value(first, last) < 0:
        return unit.start, unit.end, plain(raw)
    span = raw[cuts[first] : cuts[last]].rstrip(" ;:,\n–—")
    text = ("… " if first else "") + plain(span) + (" …" if last < len(cuts) - 1 else "")
    return unit.start + cuts[first], unit.start + cuts[first] + len(span), text


def reason_to_abstain(asked: Question, passages: Sequence[Passage], failing: Constraint | None) -> str:
    """Why there is no answer, in the question's language; names the constraint that failed."""
    phrases = _REASONS[asked.language]
    if not passages:
        return phrases["nothing"]
    if failing is Constraint.PERIOD:
        known = {p.report.period for p in passages if p.report.period}
        others = {period for period in known if not any(overlap(period, one) for one in asked.periods)}
        covered = sorted(period.label for period in others)
        if covered:
            wanted = ", ".join(period.label for period in asked.periods)
            return phrases["period"].format(asked=wanted, covered=", ".join(covered))
    if failing is Constraint.NAME:
        names = ", ".join(asked.text[name.start : name.end] for name in asked.names)
        return phrases["name"].format(names=names)
    kinds = [_KINDS[asked.language][want] for want in Want if want in asked.wants and want in _KINDS["en"]]
    if failing is Constraint.KIND and kinds:
        return phrases["kind"].format(kind=kinds[0])
    return phrases["weak"]
