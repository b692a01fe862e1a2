"""Negations and opposites: "not", "increased" against "decreased", "regular" against "irregular"."""

from __future__ import annotations

from collections.abc import Sequence

from rag.text import LANGUAGES, fold, is_stop, sentence_spans, stem, words

_NEGATIONS = frozenset(
    """not no never without neither nor none cannot can't don't doesn't didn't isn't aren't wasn't
    weren't won't hasn't haven't hadn't nunca sin ni jamas tampoco ningun ninguna ninguno nadie""".split()
)
_QUANTIFIED = frozenset("""than more less fewer only later longer menos mas solo""".split())  # "no more than 300"
# Each line: words of one direction, bar, words of the other; compared as stems.
_OPPOSITES = """increased increase rising rose risen growing growth grew climbed surged higher upward aumentó
 aumento incrementó incremento creció crecieron crecimiento subió subieron|decreased decrease declined dropped
 fell fallen reduced reduction shrank lower downward disminuyó disminución descendió redujo reducción
 cayó cayeron bajó bajaron
opened reopened abrió reabrió|closed shut cerró clausuró
accepted approved granted allowed authorized permitted aceptó aprobó autorizó permitió|rejected denied
 refused prohibited banned forbade rechazó negó denegó prohibió
began started launched resumed inició comenzó lanzó reanudó|ended stopped ceased halted suspended
 cancelled terminó cesó suspendió canceló
improved improving improvement mejoró mejora|worsened worsening deteriorated aggravated empeoró
 deterioró agravó
gained won ganó|lost loss losing perdió pérdida
supported apoyó|opposed opuso
succeeded success logró|failed failure fracasó
arrived arrivals arriving llegaron llegó|departed departures departing salieron salió
north northern norte|south southern sur
east eastern este oriental|west western oeste occidental
male men boys hombres varones|female women girls mujeres
majority mayoría|minority minoría
highest máximo|lowest mínimo"""
_PREFIXES = ("un", "in", "im", "ir", "il", "non", "dis", "de")


def _sides() -> dict[str, tuple[int, int]]:
    """Stem → number of its pair and side."""
    found = {}
    for number, pair in enumerate(_OPPOSITES.replace("\n ", " ").split("\n")):
        for side, group in enumerate(pair.split("|")):
            for word in group.split():
                found.update({stem(fold(word), language): (number, side) for language in LANGUAGES})
    return found


_SIDE = _sides()


def flips(sentence: str, evidence: Sequence[str], language: str) -> list[str]:
    """Words of ``sentence`` whose opposite, or negation, stands in its place in ``evidence``.

    Looks only at the sentences of the evidence that share the most words with ``sentence``, and
    only at words that these do not also use in the same sense.
    """
    stated = _Sense(sentence, language)
    parts = [_Sense(text[a:b], language) for text in evidence for a, b in sentence_spans(text)]
    shared = [len(stated.stems & part.stems) for part in parts]
    best = max(shared, default=0)
    if best == 0:
        return []
    near = [part for part, count in zip(parts, shared, strict=True) if count * 4 >= best * 3]
    found = []
    for word in sorted(stated.stems):
        if any(word in part.stems for part in near):
            same = any(word in part.stems and (word in part.negated) == (word in stated.negated) for part in near)
            if not same:
                found.append(word)
        elif any(_opposed(word, part) for part in near):
            found.append(word)
    return found


class _Sense:
    """Content stems of a sentence and those of them that are negated."""

    def __init__(self, text: str, language: str) -> None:
        folded = [fold(match.group()) for match in words(text)]
        self.stems = {stem(word, language) for word in folded if not is_stop(word) and not word[0].isdigit()}
        self.negated: set[str] = set()
        for index, word in enumerate(folded):
            if word not in _NEGATIONS and not word.endswith("n't"):
                continue
            if index + 1 < len(folded) and folded[index + 1] in _QUANTIFIED:
                continue
            scope = [stem(other, language) for other in folded[index + 1 : index + 8] if not is_stop(other)][:2]
            self.negated.update(scope[:1] if word in ("no", "sin", "without") and language == "en" else scope)
        self.sides = {_SIDE[word] for word in self.stems if word in _SIDE}


def _opposed(word: str, part: _Sense) -> bool:
    side = _SIDE.get(word)
    if side and (side[0], 1 - side[1]) in part.sides and side not in part.sides:
        return True
    bare = next((word[len(prefix) :] for prefix in _PREFIXES if word.startswith(prefix)), "")
    return (len(bare) > 3 and bare in part.stems) or (
        len(word) > 3 and any(prefix + word in part.stems for prefix in _PREFIXES)
    )
