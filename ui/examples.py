"""Example questions made from the reports at hand, each one that the assistant answers from where it was made."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, zip_longest
from typing import Protocol

from rag.errors import RagError
from rag.schema import Answer, BlockKind, ReportInfo, Section, Verdict
from rag.text import sentence_spans
from ui.api.admission import Admission

SHOWN = 4
TRIED = 24  # questions that are tried before fewer examples are shown
PER_REPORT = 6
WORDS = (7, 20)  # that a question has, at least and at most

log = logging.getLogger(__name__)

_ABOUT = (
    r"a total of|some|about|around|approximately|more than|over|nearly|almost|at least|"
    r"un total de|unas|unos|más de|cerca de|casi|al menos"
)
_NUMBER = rf"(?:(?:{_ABOUT}) )?\d(?:[\d.,]*\d)?"
_LEAD = r"(?:(?:Also|In addition|Additionally|Además|Asimismo|También), )?(?:(?P<lead>[A-ZÁÉÍÓÚ][^,;:\d]{3,70}), )?"
_END = r"(?:[.,;:(].*)?$"
# A sentence that begins with its figure: what stands behind it asks for it.
_COUNTED = re.compile(rf"{_LEAD}{_NUMBER} (?P<rest>(?-i:[a-záéíóúñ])[^.,;:()\[\]]{{15,120}}){_END}", re.IGNORECASE)
_SHARE = re.compile(
    rf"{_LEAD}(?:{_NUMBER}|El \d[\d.,]*) ?(?:%|per cent|percent|por ciento) (?:of|de) "
    rf"(?P<rest>[^.,;:()\[\]]{{15,110}}){_END}",
    re.IGNORECASE,
)
_VERB = re.compile(
    r"\b(?:were|was|are|is|have|had|has|lack|live|need|remain|received|attended|[a-z]{3,}ed|"
    r"fueron|son|están|han|viven|tienen|necesitan|[a-z]{3,}(?:aron|ieron))\b"
)
# What partners did to so many: past tense and the form that stands after "did".
_DEEDS = {
    "reached": "reach",
    "assisted": "assist",
    "supported": "support",
    "trained": "train",
    "distributed": "distribute",
    "provided": "provide",
    "received": "receive",
    "conducted": "conduct",
    "organized": "organize",
    "delivered": "deliver",
}
_DEEDS_ES = "distribuyeron|atendieron|capacitaron|asistieron|entregaron|realizaron|apoyaron|organizaron"
_VAGUE = r"(?!(?:This|These|Those|That|It|They|Which|Estos|Estas|Este|Esta|Esto)\b)"
_SUBJECT = rf"{_VAGUE}(?P<who>[^\W\d][^,;:.\d]{{2,50}}?)"
_NOUN = r"(?P<noun>[^\W\d][^\d.,;:()]{3,40}?)"
_DID = re.compile(
    rf"{_LEAD}{_SUBJECT} (?P<verb>{'|'.join(_DEEDS)}) {_NUMBER} {_NOUN}"
    rf"(?P<rest> (?:in|to|for|with|on|from) [^.,;:()]{{4,70}})?{_END}"
)
_DID_ES = re.compile(
    rf"{_LEAD}{_SUBJECT} (?P<verb>{_DEEDS_ES}) {_NUMBER} {_NOUN}"
    rf"(?P<rest> (?:en|a|para|con|sobre) [^.,;:()]{{4,70}})?{_END}"
)
_FEMININE = re.compile(r"(?:[^m]as|ciones|siones|dades)$|^(?:mujeres|madres)$")


class Assistant(Protocol):
    """What examples are made with."""

    def query(self, question: str) -> Answer:
        """Answer. Raises RagError."""
        ...

    def reports(self) -> Sequence[ReportInfo]:
        """List the reports in the index. Raises RagError."""
        ...

    def report_text(self, report_id: str) -> str:
        """Give the full text of a report. Raises RagError."""
        ...

    def sections(self, report_id: str) -> Sequence[Section]:
        """Give the sections of a report in text order. Raises RagError."""
        ...


@dataclass(frozen=True, slots=True)
class Example:
    """A question with the span of the report that it was made from."""

    question: str
    language: str
    report_id: str
    start: int
    end: int


class Examples:
    """Examples for the reports now in the index, found in the background once for each state of the index.

    Finding them takes places of ``admission``, as the questions of programs do.
    """

    def __init__(self, assistant: Assistant, admission: Admission) -> None:
        self._assistant = assistant
        self._admission = admission
        self._lock = threading.Lock()
        self._state: object = None
        self._found: tuple[Example, ...] = ()
        self._finding = False

    def shown(self, language: str) -> tuple[tuple[str, ...], bool]:
        """At most four questions, those in ``language`` first, and whether more are being looked for."""
        try:
            state = tuple((report.id, report.sha256) for report in self._assistant.reports())
        except RagError:
            return (), False
        with self._lock:
            if state != self._state:
                self._state, self._found, self._finding = state, (), bool(state)
                if state:
                    threading.Thread(target=self._find, args=(state,), name="examples", daemon=True).start()
            ordered = sorted(self._found, key=lambda one: one.language != language)
            return tuple(one.question for one in ordered[:SHOWN]), self._finding

    def _find(self, state: object) -> None:
        try:
            for example in islice(candidates(self._assistant), TRIED):
                if self._is_enough(state):
                    return
                with self._admission.place("program"):  # whoever asks goes before or beside
                    answer = self._assistant.query(example.question)
                if is_answered(answer, example):
                    with self._lock:
                        if self._state == state:
                            self._found = (*self._found, example)
        except RagError as error:
            log.warning("No example questions could be made: %s", error)
        finally:
            with self._lock:
                if self._state == state:
                    self._finding = False

    def _is_enough(self, state: object) -> bool:
        with self._lock:
            per_language = [sum(one.language == language for one in self._found) for language in ("en", "es")]
            return self._state != state or max(per_language) >= SHOWN


def is_answered(answer: Answer, example: Example) -> bool:
    """Whether the answer is one supported sentence or more and cites where the question was made."""
    return answer.status == "answered" and any(
        citation.verdict is Verdict.SUPPORTED
        and citation.report_id == example.report_id
        and citation.start < example.end
        and example.start < citation.end
        for citation in answer.citations
    )


def candidates(assistant: Assistant) -> Iterator[Example]:
    """Questions made by rule, from all reports in turn. Raises RagError."""
    made = [islice(_of_report(assistant, report), PER_REPORT) for report in assistant.reports()]
    for row in zip_longest(*made):
        yield from (example for example in row if example is not None)


def questions(sentence: str, language: str) -> Iterator[str]:
    """Questions for the figures of a sentence (on one line); none for one that no rule fits."""
    rules = ((_SHARE, _share), (_COUNTED, _how_many), (_DID_ES if language == "es" else _DID, _how_many_did))
    for rule, write in rules:
        match = rule.match(sentence)
        if match is None or (rule is _COUNTED and not _VERB.search(match["rest"])):
            continue
        question = " ".join(write(match, language).split()).replace(" ?", "?")
        if WORDS[0] <= len(question.split()) <= WORDS[1] and not re.search(r"\d", match["rest"] or ""):
            yield question
        return


def _of_report(assistant: Assistant, report: ReportInfo) -> Iterator[Example]:
    text = assistant.report_text(report.id)
    for start, end in _sentences(assistant.sections(report.id), text):
        for question in questions(_plain(text[start:end]), report.language):
            yield Example(question, report.language, report.id, start, end)


def _plain(sentence: str) -> str:
    """On one line, without list marks, emphasis and the number of a counted paragraph."""
    line = " ".join(sentence.replace("*", "").split())
    return re.sub(r"^[-•●–\s]+|^\d+\) |^\d{1,3}\. +(?=[“\"¿]?[A-ZÁÉÍÓÚÑ])", "", line)


def _sentences(sections: Iterable[Section], text: str) -> Iterator[tuple[int, int]]:
    for section in sections:
        for block in section.blocks:
            if block.kind in (BlockKind.PROSE, BlockKind.LIST):
                yield from sentence_spans(text, block.start, block.end)


def _how_many(match: re.Match[str], language: str) -> str:
    return f"{_opening(match, match['rest'], language)} {match['rest']}?"


def _share(match: re.Match[str], language: str) -> str:
    what = "¿qué porcentaje de" if language == "es" else "what percentage of"
    return f"{_led(match, what)} {match['rest']}?"


def _how_many_did(match: re.Match[str], language: str) -> str:
    opening, rest = _opening(match, match["noun"], language), match["rest"] or ""
    if language == "es":
        return f"{opening} {match['noun']} {match['verb']} {_lower(match['who'])}{rest}?"
    return f"{opening} {match['noun']} did {_lower(match['who'])} {_DEEDS[match['verb']]}{rest}?"


def _opening(match: re.Match[str], counted: str, language: str) -> str:
    if language != "es":
        return _led(match, "how many")
    return _led(match, f"¿cuánt{'as' if _FEMININE.search(counted.split()[0]) else 'os'}")


def _led(match: re.Match[str], opening: str) -> str:
    """``opening`` behind what the sentence says first, or with a capital where that is nothing."""
    lead = match["lead"]
    if lead and re.match(r"(?:In|Between|During|Since|En|Durante|Entre|Desde) (?!total|addition|general)", lead):
        return f"{lead}, {opening}"
    return re.sub(r"[a-z]", lambda first: first.group().upper(), opening, count=1)


def _lower(subject: str) -> str:
    """A subject as it stands inside a sentence: articles and common openings lose their capital."""
    first, _, rest = subject.partition(" ")
    plain = first.lower() in {"the", "partners", "los", "las", "el", "la", "organizations", "socios"}
    return f"{first.lower() if plain else first} {rest}".strip()
