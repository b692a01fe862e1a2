"""Numbers written as words, in English and Spanish: "thirty-five", "dos mil", "two thirds", "second"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from rag.facts.units import ORDINAL, PERCENT
from rag.text import fold, language_of

_EN = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen"""
_ES = """cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciseis
    diecisiete dieciocho diecinueve veinte veintiuno veintidos veintitres veinticuatro veinticinco veintiseis
    veintisiete veintiocho veintinueve"""
_SMALL = {word: value for words in (_EN, _ES) for value, word in enumerate(words.split())}
_SMALL |= {"un": 1, "una": 1, "veintiun": 21, "veintiuna": 21}
_TENS = {
    word: 10 * value
    for words in (
        "twenty thirty forty fifty sixty seventy eighty ninety",
        "_ treinta cuarenta cincuenta sesenta setenta ochenta noventa",
    )
    for value, word in enumerate(words.split(), 2)
}
_HUNDREDS = {
    "hundred": 100,
    "cien": 100,
    "ciento": 100,
    "quinientos": 500,
    "setecientos": 700,
    "novecientos": 900,
}
_HUNDREDS |= {f"{_ES.split()[n]}cientos": 100 * n for n in (2, 3, 4, 6, 8)}
_HUNDREDS |= {word[:-2] + "as": value for word, value in _HUNDREDS.items() if word.endswith("os")}
_POWERS = {"thousand": 3, "mil": 3, "million": 6, "millon": 6, "millones": 6, "billion": 9}
_DOZEN = {"dozen", "docena"}
_WORDS = {**_SMALL, **_TENS, **_HUNDREDS, **_POWERS, **dict.fromkeys(_DOZEN, 12)}
_WRITTEN = "|".join(sorted(_WORDS, key=len, reverse=True)).replace("dieciseis", "diecis[eé]is")
for _plain, _accented in (
    ("millon|", "mill[oó]n|"),
    ("idos", "id[oó]s"),
    ("titres", "titr[eé]s"),
    ("tiun|", "ti[uú]n|"),
):
    _WRITTEN = _WRITTEN.replace(_plain, _accented)
_PHRASE = re.compile(
    rf"\b(?<!\bpor\s)(?:a\s{{1,4}}(?=hundred|thousand|million|billion|dozen))?(?:{_WRITTEN})"
    rf"(?:(?:[\s-]{{1,4}}|\s{{1,4}}(?:and|y)\s{{1,4}})(?:{_WRITTEN}))*\b(?!-19)",
    re.IGNORECASE,
)
_TOKEN = re.compile(rf"\b(?:{_WRITTEN}|and|y|a)\b", re.IGNORECASE)
_ORDINALS = {
    word: value
    for value, words in enumerate(
        [
            "first primer primero primera",
            "second segundo segunda",
            "third tercer tercero tercera",
            "fourth cuarto cuarta",
            "fifth quinto quinta",
            "sixth sexto sexta",
            "seventh septimo septima",
            "eighth octavo octava",
            "ninth noveno novena",
            "tenth decimo decima",
        ],
        1,
    )
    for word in words.split()
}
# "First, …" opens a list; "a third" is a share.
_ORDINAL = re.compile(
    r"(?<!\ba )\b(" + "|".join(_ORDINALS).replace("pti", "pt[ií]").replace("deci", "d[eé]ci") + r")\b(?!,|\s+of\s+all)",
    re.IGNORECASE,
)
_SHARE = re.compile(
    r"\b(?:(?P<n>two|three|dos|tres|one|un|a)[\s-]{1,4}(?P<d>thirds?|quarters?|fifths?|tercios?|cuart[oa]s?(?:\s+partes)?"
    r"|tercera\s+parte|cuarta\s+parte|quinta\s+parte|quintos?)(?=\s+(?:of|de|del)\b)"
    r"|(?P<half>half(?=\s+(?:of|the|all)\b)|(?<=la )mitad))\b",
    re.IGNORECASE,
)
_DENOMINATORS = {"thi": 3, "ter": 3, "qua": 4, "cua": 4, "fif": 5, "qui": 5}


def word_numbers(text: str) -> Iterator[tuple[int, int, Decimal, str]]:
    """Spans, values and units (``""``, ``"percent"`` for shares, ``"ordinal"``) of the numbers in words.

    "some", "several", a lone "one" and round words without a number ("hundreds of", "a few
    thousand") are none. Shares are exact to four places: "two thirds" is 66.6667 percent.
    """
    yield from _shares(text)
    spanish = None
    for match in _PHRASE.finditer(text):
        if fold(match.group()) == "once":  # "eleven" in Spanish
            spanish = language_of(text) == "es" if spanish is None else spanish
            if not spanish:
                continue
        for start, end, value in _compose(match):
            yield start, end, Decimal(value), ""
    for match in _ORDINAL.finditer(text):
        yield match.start(), match.end(), Decimal(_ORDINALS[fold(match.group(1))]), ORDINAL


def _shares(text: str) -> Iterator[tuple[int, int, Decimal, str]]:
    for match in _SHARE.finditer(text):
        if match["half"]:
            value = Decimal(50)
        else:
            over = {"two": 2, "dos": 2, "three": 3, "tres": 3}.get(match["n"].lower(), 1)
            value = (Decimal(100 * over) / _DENOMINATORS[fold(match["d"])[:3]]).quantize(Decimal("1.0000"))
        yield match.start(), match.end(), value, PERCENT


def _compose(phrase: re.Match[str]) -> Iterator[tuple[int, int, int]]:
    """Split a phrase into its numbers: one for "two hundred and five", two for "two and three"."""
    text, tokens = phrase.group(), list(_TOKEN.finditer(phrase.group()))
    start, end, total, group, after = tokens[0].start(), 0, 0, 0, ""
    open_, alone = False, True
    for token in tokens:
        word = fold(token.group())
        if word in ("and", "y", "a"):
            after = word
            continue
        value = _WORDS[word]
        if open_ and not _continues(word, value, group, total, after, text[token.start() - 1]):
            if not alone:
                yield phrase.start() + start, phrase.start() + end, total + group
            start, total, group, alone, open_ = token.start(), 0, 0, True, False
        bare = not open_ and after != "a"
        if word in _POWERS:
            size = 10 ** _POWERS[word]
            below = total % size + group
            total, group = total - total % size + (below or 1) * size, 0
        elif word in _HUNDREDS or word in _DOZEN:
            group = (group or 1) * value if value in (12, 100) and word not in ("cien", "ciento") else group + value
        else:
            group += value
        # A lone "one" or a round word without a number counts nothing.
        vague = bare and (value == 1 or word in ("hundred", "thousand", "million", "billion", "dozen", "millones"))
        alone = vague if not open_ else False
        if open_ and word in _POWERS | {"hundred": 1}:
            alone = False
        open_, end, after = True, token.end(), ""
    if not alone:
        yield phrase.start() + start, phrase.start() + end, total + group


def _continues(word: str, value: int, group: int, total: int, after: str, gap: str) -> bool:
    """Whether a word goes on with the number so far, as in "thirty" + "five"."""
    if word in _POWERS:
        return group > 0 or (total > 0 and 10 ** _POWERS[word] > total)
    if word == "hundred":
        return 0 < group < 100 and not after
    if word in _DOZEN:
        return 0 < group < 100 and not after
    if after == "y":
        return value < 10 and group % 10 == 0 and group % 100 >= 30
    if after == "and" and group % 100 == 0 and (group or total):
        return value < 100
    if after:
        return False
    if value < 10:
        return group % 10 == 0 and group % 100 != 10 and (group > 0 or total > 0)
    return group % 100 == 0 and (group > 0 or total > 0) and value < (100 if group else 1000)
