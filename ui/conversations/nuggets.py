"""What an answer to a judged question must state: its figures, else its words, in the form that `eval` looks for."""

from __future__ import annotations

import re
from decimal import Decimal

from eval.questions import Nugget
from rag.facts import Quantity, quantities
from rag.question import analyse
from rag.question.patterns import Want
from rag.text import fold, is_stop, sentence_spans, words

FIGURE_WANTS = frozenset({Want.COUNT, Want.MONEY, Want.PERCENT, Want.DURATION})
SHORT = 6  # words of a correction up to which it is looked for as it is written

_SCALES = (
    (Decimal(10**6), ("M", " M", " million", " millones", " millón")),
    (Decimal(10**3), ("K", " K", " thousand", " mil")),
)
_PERCENT = ("%", " %", " per cent", " percent", " por ciento")


def figure_nuggets(question: str, sentence: str) -> list[Nugget]:
    """What an approved sentence states of the figures asked for; none where the question asks for no figure.

    A sentence often gives more figures than were asked for, and which one was is not known: any of them counts. Those
    that stand in the question say nothing.
    """
    asked = analyse(question)
    if not asked.wants & FIGURE_WANTS:
        return []
    found = [one for one in quantities(sentence) if one.value not in asked.figures]
    aliases = [spelling for one in found for spelling in spellings(one, sentence)]
    return [Nugget(sentence, tuple(dict.fromkeys(aliases)))] if aliases else []


def correction_nuggets(correction: str) -> list[Nugget]:
    """What a correction says must be stated: each figure of a sentence, or without figures its content words.

    :returns: nothing when it holds neither.
    """
    return [
        nugget
        for start, end in sentence_spans(correction)
        for nugget in _of_correction(" ".join(correction[start:end].split()))
    ]


def spellings(quantity: Quantity, text: str) -> list[str]:
    """A quantity of ``text`` as written there, then in other notations, English and Spanish; each once."""
    written = text[quantity.start : quantity.end].strip()
    found = [written]
    if quantity.unit == "percent":
        found += [number + sign for number in _decimals(quantity.value) for sign in _PERCENT]
    elif quantity.unit != "ordinal":
        found += _grouped(quantity.value)
        for scale, names in _SCALES:
            if quantity.value >= scale and quantity.step > 1:  # written with a scale, or a round number
                found += [number + name for number in _decimals(quantity.value / scale) for name in names]
                break
    return list(dict.fromkeys(found))


def _of_correction(sentence: str) -> list[Nugget]:
    if found := quantities(sentence):
        return [Nugget(sentence, tuple(spellings(one, sentence))) for one in found]
    if not sentence or all(is_stop(fold(word.group())) for word in words(sentence)):
        return []
    if len(sentence.split()) <= SHORT:
        return [Nugget(sentence, (sentence.rstrip("."),))]
    content = dict.fromkeys(word.group() for word in words(sentence) if not is_stop(fold(word.group())))
    return [Nugget(sentence, pattern="(?s)^" + "".join(rf"(?=.*\b{re.escape(word)}\b)" for word in content))]


def _decimals(value: Decimal) -> list[str]:
    """``1.54`` and ``1,54``, without zeros at the end."""
    plain = f"{value.normalize():f}"
    return [plain, plain.replace(".", ",")] if "." in plain else [plain]


def _grouped(value: Decimal) -> list[str]:
    """A whole number with each mark between thousands, and without; the others as decimals."""
    if value != value.to_integral_value():
        return _decimals(value)
    grouped = f"{int(value):,}"
    return list(dict.fromkeys([str(int(value)), grouped, grouped.replace(",", "."), grouped.replace(",", " ")]))
