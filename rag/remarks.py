"""What the built-in reader adds to a quotation: how far the text shows a row's columns, and that it is not sure.

A remark speaks of the layout of the source, or of the answer, not of the matter, so that no quote can bear it out; the
check of citations leaves it aside, and only these very words.
"""

from __future__ import annotations

from enum import StrEnum


class Remark(StrEnum):
    """What is said of a row or of one of its figures."""

    NO_HEADS = "no heads"
    NO_LABELS = "no labels"
    SHARE = "share"
    SUM = "sum"
    BOTH = "both"
    TOTAL = "total"
    TOTAL_ROW = "total row"


_WORDS = {
    "en": {
        Remark.NO_HEADS: "the table's column heads are missing in the text",
        Remark.NO_LABELS: "the labels of these figures are missing in the text",
        Remark.SHARE: "the table's column heads are missing in the text; the shares were inferred by arithmetic",
        Remark.SUM: "the table's column heads are missing in the text; the sum was inferred by arithmetic",
        Remark.BOTH: "the table's column heads are missing in the text; shares and sum were inferred by arithmetic",
        Remark.TOTAL: "total",
        Remark.TOTAL_ROW: "total of the rows above, inferred by arithmetic",
    },
    "es": {
        Remark.NO_HEADS: "el texto no conserva los encabezados de las columnas de la tabla",
        Remark.NO_LABELS: "el texto no conserva los rótulos de estas cifras",
        Remark.SHARE: (
            "el texto no conserva los encabezados de las columnas de la tabla; los porcentajes se dedujeron por cálculo"
        ),
        Remark.SUM: "el texto no conserva los encabezados de las columnas de la tabla; la suma se dedujo por cálculo",
        Remark.BOTH: (
            "el texto no conserva los encabezados de las columnas de la tabla; "
            "los porcentajes y la suma se dedujeron por cálculo"
        ),
        Remark.TOTAL: "total",
        Remark.TOTAL_ROW: "total de las filas anteriores, deducido por cálculo",
    },
}
_ALL = sorted({f"[{words}]" for phrases in _WORDS.values() for words in phrases.values()}, key=len, reverse=True)

_UNSURE = {"en": "This may be the answer:", "es": "Esta puede ser la respuesta:"}


def unsure(sentence: str, language: str) -> str:
    """``sentence`` as one that may be the answer, in English or Spanish."""
    return f"{_UNSURE[language]} {sentence}"


def remark(kind: Remark, language: str) -> str:
    """The remark in brackets, in English or Spanish."""
    return f"[{_WORDS[language][kind]}]"


def without_remarks(sentence: str) -> str:
    """``sentence`` without any remark of this module."""
    for words in _UNSURE.values():
        sentence = sentence.removeprefix(f"{words} ")
    for words in _ALL if "[" in sentence else ():
        sentence = sentence.replace(f" {words}", "").replace(words, "")
    return sentence
