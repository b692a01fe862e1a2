"""What an earlier question is about, as a phrase that can stand where a pronoun stood."""

from __future__ import annotations

import re

from rag.facts import names
from rag.question.follow_up.pronouns import Stands
from rag.question.follow_up.read import Clause, is_group
from rag.question.follow_up.slots import place_names
from rag.question.follow_up.tokens import Span
from rag.question.follow_up.vocabulary import ADVERBIAL, ARTICLES, AUX, BE, CONJUNCTIONS, DO, GROUPS, LIGHT, META, WH
from rag.schema import ABSTAIN
from rag.text import fold, is_stop, sentence_spans

_TAIL = frozenset("sobre called named about for like llamaba llama again doing do".split())
_MONEY = frozenset("money funding funds dinero fondos plata".split())
_NAME_WORDS = 5  # of an answer that is nothing but a name
_MAX_NAMES = 2  # of an answer that a pronoun may stand for


def topic_of(earlier: Clause, stands: Stands = Stands.THING, answer: str = "") -> str:
    """What ``earlier`` is about.

    For people or several things that which was counted or listed ("people who left Arica in 2019"),
    for a single thing the object that was spoken of. A short answer to "who" or "which" names it.
    """
    named = answered_names(earlier, answer)
    if named and earlier.wh.startswith(("who", "quien")) and stands in (Stands.MANY, Stands.PERSON):
        return named
    if stands is Stands.PERSON and named:
        return named
    found = _topic(earlier, stands)
    identified = named and earlier.wh in {"what", "which", "que", "cual"} and earlier.noun.first < earlier.noun.last
    if identified and named.casefold() not in found.casefold():
        return f"{found}, {named}"
    return found


def thing_counted(earlier: Clause) -> str:
    """That which was counted or listed, with what was said of it; "" if nothing was."""
    if earlier.noun.first == earlier.noun.last:
        return ""
    noun, rest = earlier.shown(earlier.noun), _span_text(earlier, earlier.rest.first)
    words = earlier.words(earlier.rest)
    if not words:
        return noun
    spanish = earlier.language == "es"
    people = is_group(earlier, earlier.noun)
    if words[0] in earlier.prepositions() and not any(word in AUX for word in words[1:]):
        return f"{noun} {rest}"
    if "a" in earlier.words(earlier.asking) and spanish:
        return f"{noun} a {_article(noun)} que {rest}"
    link = "que" if spanish else "who" if people and words[0] not in DO else "that"
    if words[0] in DO and not spanish:
        rest = _with_helper(earlier)
    return f"{noun} {link} {rest}"


def end_of_verb(earlier: Clause, first: int) -> int:
    """The token behind the verb of "did partners assist in Arica": the first preposition or date."""
    index = first + 1
    while index < len(earlier.tokens):
        if earlier.tokens[index].word in earlier.prepositions() or earlier.dated(index):
            break
        index += 1
    return index


def _with_helper(earlier: Clause) -> str:
    """Move the helping verb: "partners did assist in Arica" of "did partners assist in Arica"."""
    first, verb = earlier.rest.first, end_of_verb(earlier, earlier.rest.first) - 1
    helper = earlier.tokens[first].text
    return f"{earlier.shown(Span(first + 1, verb))} {helper} {_span_text(earlier, verb)}".strip()


def definite(text: str, language: str) -> str:
    """A phrase with its article: "people who left" → "the people who left"; names get none."""
    first = text.split(" ", 1)[0]
    if first.lower() in ARTICLES or (first[:1].isupper() and not re.match(r"[A-Z][a-z]+s$", first)):
        return text
    return f"the {text}" if language == "en" else f"{_article(text)} {text}"


def _article(text: str) -> str:
    """The Spanish article for a noun, by its ending."""
    noun = next((w for w in re.findall(r"[^\W\d_]+", text.lower())), "")
    if noun.endswith("s"):
        feminine = noun.endswith(("as", "ciones", "dades")) or noun == "mujeres"
        return "las" if feminine else "los"
    return "la" if noun.endswith(("a", "ción", "dad")) and noun not in {"programa", "problema"} else "el"


def _topic(earlier: Clause, stands: Stands) -> str:
    counted = thing_counted(earlier)
    noun = earlier.words(earlier.noun)[-1] if counted else ""
    part = noun in META and earlier.words(earlier.rest)[:1] in (["of"], ["de"], ["del"])  # "what share of the appeal"
    if counted and not part:
        actors = is_group(earlier, earlier.noun) or (noun in META and noun not in _MONEY)
        if stands in (Stands.MANY, Stands.PERSON) or not actors:
            return counted
        return _object(earlier) or counted
    if stands in (Stands.MANY, Stands.PERSON):
        group = _actors(earlier) or _group_phrase(earlier)
        if group:
            return group
    first = _first_of_thing(earlier)
    return _trimmed(earlier, first) or _span_text(earlier, earlier.opened)


def _object(earlier: Clause) -> str:
    """Behind a verb, what was done to people: "the workshop in Arica" of "who attended the workshop in Arica"."""
    rest = earlier.rest
    for index in range(rest.first, rest.last - 1):
        word = earlier.tokens[index].word
        if word in DO:
            return _definite_phrase(earlier, index + 1)
        if earlier.verb(index) and word not in AUX:
            first = index + 1
            while first < rest.last and (
                earlier.tokens[first].word in earlier.prepositions() and not earlier.dated(first)
            ):
                first += 1
            return _unless_setting(earlier, first)
    return ""


def _unless_setting(earlier: Clause, first: int) -> str:
    """The text from a token on, unless that is only a place or a time."""
    if first >= len(earlier.tokens) or earlier.dated(first):
        return ""
    head = first + (earlier.tokens[first].word in ARTICLES)
    if any(head in span for span in place_names(earlier)) or head >= len(earlier.tokens) or earlier.dated(head):
        return ""
    return _trimmed(earlier, first)


def _definite_phrase(earlier: Clause, first: int) -> str:
    """The first phrase that begins with an article, up to its verb."""
    for index in range(first, len(earlier.tokens)):
        if earlier.tokens[index].word in ARTICLES and not earlier.dated(index):
            last = index + 1
            while last < len(earlier.tokens) and (earlier.named(last) or earlier.content(last) or earlier.dated(last)):
                last += 1
            named = earlier.named(last - 1) or last - index < 3
            return earlier.shown(Span(index, last if named else last - 1))
    return ""


def _actors(earlier: Clause) -> str:
    """Who acts in "why did the donors leave the council": the words up to the verb, if they are several."""
    first = earlier.rest.first
    if earlier.noun.first < earlier.noun.last or earlier.words(earlier.rest)[:1] not in (["did"], ["do"]):
        return ""
    last = first + 2
    while last < len(earlier.tokens) and earlier.content(last):
        last += 1
    named = earlier.named(last - 2)
    return (
        earlier.shown(Span(first + 1, last - 1)) if named or last - first > 3 else earlier.shown(Span(first + 1, last))
    )


def _group_phrase(earlier: Clause) -> str:
    """The people that a question speaks of, with what is said behind them."""
    for index in range(earlier.rest.first, len(earlier.tokens)):
        if earlier.tokens[index].word in GROUPS:
            return _trimmed(earlier, index)
    return ""


def _first_of_thing(earlier: Clause) -> int:
    """Where the phrase for the thing begins: behind auxiliaries, verb, and "the budget of"."""
    index, last = earlier.rest.first, len(earlier.tokens)
    if earlier.asking.first == earlier.asking.last:
        index = earlier.opened
    asked_by_subject = not earlier.wh or not ADVERBIAL.fullmatch(earlier.wh)
    while index < last - 1:
        word = earlier.tokens[index].word
        helping = word in AUX or word in {"se", "it"}
        verb = earlier.verb(index) and (asked_by_subject or earlier.language == "es") and word not in GROUPS
        stranded = word in earlier.prepositions() and not earlier.dated(index + 1)
        if not (helping or verb or stranded):
            break
        index += 1
    return _behind_meta(earlier, index)


def _behind_meta(earlier: Clause, index: int) -> int:
    """Past "the budget of", "la meta de": it is the project that is spoken of, not its budget."""
    head = index + (index < len(earlier.tokens) and earlier.tokens[index].word in ARTICLES)
    while head < len(earlier.tokens) - 2 and earlier.tokens[head].word in META:
        head += 1
        if earlier.tokens[head].word in {"of", "de", "del", "for", "para"}:
            return _behind_meta(earlier, head + 1)
    return index


def _trimmed(earlier: Clause, first: int) -> str:
    """The text from a token on without "called", "about" and a second question at its end."""
    last = len(earlier.tokens)
    for index in range(first, last - 1):
        joins = earlier.tokens[index].word in CONJUNCTIONS and WH.fullmatch(earlier.tokens[index + 1].word)
        if joins or (earlier.tokens[index].ends and WH.fullmatch(earlier.tokens[index + 1].word)):
            last = index + (not joins)
            break
    while last > first and earlier.tokens[last - 1].word in _TAIL:
        last -= 1
    helping = [i for i in range(first + 1, last) if earlier.tokens[i].word in BE | DO | {"had", "has", "have"}]
    verbs = [i for i in range(first + 1, last) if earlier.verb(i) and earlier.tokens[i].word not in GROUPS | META]
    if helping:
        last = helping[0]  # "the 2023 budget *had come in*"
    elif verbs and verbs[-1] == last - 1 and earlier.tokens[last - 1].word in LIGHT:
        last -= 1
    return earlier.shown(Span(first, last))


def _span_text(earlier: Clause, first: int) -> str:
    return earlier.shown(Span(first, len(earlier.tokens)))


def answered_names(earlier: Clause, answer: str) -> str:
    """The one or two names that a short answer gives to "who", "which"; "" if there are none."""
    if not answer or any(answer.startswith(text) for text in ABSTAIN.values()):
        return ""
    start, end = next(iter(sentence_spans(answer)), (0, 0))
    said = re.sub(r"\[\d+\]", "", answer[start:end]).strip(" .")
    known = {word for span in earlier.names for word in earlier.words(span)}
    new = [name for name in names(said) if not set(name.words) <= known and not all(map(is_stop, name.words))]
    if len(said.split()) <= _NAME_WORDS and said[:1].isupper() and not is_stop(fold(said.split()[0])):
        return said  # "Bread for the World"
    if not 0 < len(new) <= _MAX_NAMES:
        return ""
    return said[new[0].start : new[-1].end] if len(said.split()) <= 12 else said[new[0].start : new[0].end]
