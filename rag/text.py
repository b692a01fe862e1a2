"""Words and sentences, in English and Spanish.

The common ground of sections, chunking, search and reading: how a word is folded and stemmed,
which words say nothing, where a sentence ends.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

import snowballstemmer

LANGUAGES = ("en", "es")

# Function words, with the question words and fillers of questions ("please", "según").
STOP_WORDS: dict[str, frozenset[str]] = {
    "en": frozenset(
        """a about above after again against all also am an and any are as at be because been before being below
        between both but by can could did do does doing down during each etc few for from further give given had has
        have having he her here hers him his how i if in into is it its itself just many me more most much my no nor
        not now of off on once only or other our out over own per please same say says she should so some such tell
        than that the their theirs them then there these they this those through to too under until up upon us very
        was we were what when where whether which while who whom whose why will with within without would you
        your""".split()
    ),
    "es": frozenset(
        """a al algo algunas algunos ante antes como con contra cual cuales cuando cuanta cuantas cuanto cuantos de del
        desde donde durante e el ella ellas ellos en entre era eran es esa esas ese eso esos esta estaba estado estan
        estar estas este esto estos fue fueron ha han hasta hay hubo la las le les lo los mas me mi mis mucho muchos
        muy nada ni no nos nosotros o os otra otras otro otros para pero poco por porque que quien quienes se segun ser
        si sido sin sobre son su sus tambien tan tanto te tenia tiene tienen toda todas todo todos tras tu un una unas
        uno unos ya y""".split()
    ),
}

_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’][^\W\d_]{1,2}\b)?|\w+")
# Things that end in a full stop without ending a sentence; compared folded.
_ABBREVIATIONS = frozenset(
    """al approx apdo arq av avda cf ch col dept dr dra dpto ed eds eg ej esp est etc fig figs gen gob hon ibid ie
    inc ing jr lic lt ltd mr mrs ms mt op p pag para paras pp prof prov rev sec sgt sr sra sres st ste tel
    univ vol vols vs""".split()
)
_NUMBERED = frozenset("n no nos nº n° num nums nro art".split())  # abbreviations only before a number
_IRREGULAR = {"children": "child", "women": "woman", "men": "man", "people": "person", "mujeres": "mujer"}
_MONTHS = frozenset("jan feb mar apr jun jul aug sep sept oct nov dec ene abr ago dic".split())
_STEMMERS = {"en": "english", "es": "spanish", "fr": "french"}  # reports, not questions, may be in French
_LOOK_BACK = 40  # characters before a full stop that decide what it is
_END = re.compile(r"([.!?…]+)([\"'”’»)\]*_¹²³⁴⁵⁶⁷⁸⁹⁰]*)(\s+|$|(?=[A-ZÁÉÍÓÚÑ¿¡“«][a-záéíóúñ]))")


def fold(text: str) -> str:
    """Lower case without accents, same length class but not offset-preserving."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.replace("’", "'"))
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()


def words(text: str) -> Iterator[re.Match[str]]:
    """Matches of the words and numbers of ``text`` in order; spans index into ``text``."""
    return _WORD.finditer(text)


@lru_cache(maxsize=65_536)
def stem(word: str, language: str) -> str:
    """Snowball stem of one folded word; numbers and words of other languages pass unchanged."""
    if word[0].isdigit() or language not in _STEMMERS:
        return word
    word = word.removesuffix("'s")
    return fold(_stemmer(language).stemWord(_IRREGULAR.get(word, word)))


@lru_cache(maxsize=4)
def _stemmer(language: str) -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer(_STEMMERS[language])


def is_stop(folded: str) -> bool:
    """Whether a folded word carries no content in either language."""
    return folded in STOP_WORDS["en"] or folded in STOP_WORDS["es"]


def terms(text: str, language: str) -> list[str]:
    """Search terms of ``text`` in order: folded, stemmed, stop words dropped, repeats kept.

    A hyphenated word gives its parts, a number loses its thousands separators ("1,234" → "1234").
    """
    return [re.sub(r"[.,](?=\d{3}\b)", "", found) if found[0].isdigit() else found for found in stems(text, language)]


def stems(text: str, language: str) -> list[str]:
    """Stems of the content words of ``text`` in one language, in order, repeats kept; numbers as written."""
    folded = (fold(match.group()) for match in words(text))
    return [stem(word, language) for word in folded if word and not is_stop(word)]


def stems_in_all(text: str) -> frozenset[str]:
    """Stems of every word of ``text``, function words included, in each language."""
    return frozenset(stem(fold(match.group()), language) for match in words(text) for language in LANGUAGES)


def language_of(text: str, default: str = "en") -> str:
    """``"en"`` or ``"es"`` by counting function words; ``default`` when there are none of either.

    Words that both languages use ("a", "me", "no") are not counted.
    """
    folded = [fold(match.group()) for match in words(text[:20_000])]
    shared = STOP_WORDS["en"] & STOP_WORDS["es"]
    counts = {code: sum(word in STOP_WORDS[code] - shared for word in folded) for code in LANGUAGES}
    if "¿" in text or "¡" in text:
        counts["es"] += 2
    return max(counts, key=counts.__getitem__) if len(set(counts.values())) > 1 else default


def sentence_spans(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """Spans of the sentences in ``text[start:end]``, trimmed of white space, in order.

    Line breaks inside a sentence do not end it. A full stop ends one unless it stands after an
    abbreviation, an initial or a digit that goes on. A missing space after the stop
    ("…and Arequipa.The project…") is seen when a capitalised word follows.
    """
    end = len(text) if end is None else end
    spans, begin = [], start
    for match in _END.finditer(text, start, end):
        if match.group(1) == "." and not _ends_sentence(text, begin, match, end):
            continue
        spans.append((begin, match.end(2)))
        begin = match.end()
    spans.append((begin, end))
    trimmed = (_trim(text, *span) for span in spans)
    return [(first, last) for first, last in trimmed if first < last]


def _ends_sentence(text: str, begin: int, stop: re.Match[str], end: int) -> bool:
    nearby = text[max(begin, stop.start() - _LOOK_BACK) : stop.start()]
    word = re.search(r"[^\s(“\"'«]*$", nearby).group()
    following = text[stop.end() : stop.end() + 1] if stop.end() < end else ""
    folded = fold(word).replace(".", "")
    if folded in _ABBREVIATIONS or folded in _MONTHS:
        # "etc." may end a sentence: a capital after it decides.
        return folded == "etc" and following.isupper()
    if folded in _NUMBERED:
        return not following.isdigit()
    if len(word) == 1 and word.isupper():  # an initial, unless it closes the text
        return not following
    if re.fullmatch(r"(?:[A-Za-z]\.)+[A-Za-z]", word):  # U.S., e.g.
        return following.isupper() and word.lower() not in {"e.g", "i.e", "u.s", "u.n", "p.ej", "ee.uu"}
    if (
        re.fullmatch(r"\(?[\dIVXivx]{1,4}", nearby.strip()) and stop.start() - begin < _LOOK_BACK
    ):  # a list item's number
        return False
    return not following.islower()


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*\)")
_EMPHASIS = re.compile(r"(?<![\w\\])([*_]{1,3})(?=\S)|(?<=[^\s\\])([*_]{1,3})(?!\w)|(?<=\w)\*\*(?=\w)")
_PAGE_NUMBER = re.compile(r"\n[ \t]*\d{1,3}[ \t]*\n(?=\s*\S)")
BULLET = "[-–—*•·▪◦‣●○■□➢►\uf0a7\uf0b7\uf0d8]"  # the last three as Word's symbol fonts leave them
_BULLET = re.compile(rf"^[ \t]*{BULLET}[ \t]+", re.MULTILINE)


def plain(text: str) -> str:
    """``text`` as a reader wants to see it, on one line.

    Markdown emphasis, links, headings, bullets and escapes are dropped, and so is a page number
    on a line of its own inside the text; every word and figure stays as it is.
    """
    text = _PAGE_NUMBER.sub("\n", text)
    text = _BULLET.sub("", text)
    text = re.sub(r"^[ \t]*#{1,6}[ \t]+", "", text, flags=re.MULTILINE)
    text = _LINK.sub(r"\1", text)
    text = _EMPHASIS.sub("", text)
    text = re.sub(r"\\([$%#&_*\[\]()])", r"\1", text)
    return " ".join(text.split())
