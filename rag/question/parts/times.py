"""Several periods in one question: "in 2019, 2020 and 2024", "change between May 2020 and 2024"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.dates import DateMention, find_dates
from rag.question.parts.records import SLOT, Alternative, Frame
from rag.question.parts.vocabulary import AGAINST, COMPARATIVE, COMPARING, PREPOSITION, TOTAL
from rag.question.parts.words import flat, tidy

_AGAINST = rf"(?:{AGAINST}|against|contra|respecto (?:a|de))"
_NOUN = r"(?:\s+(?:end-year\s+)?(?:reports?|plans?|appeals?|years?|informes?|ones?))?"
_JOINT = re.compile(
    rf"{_NOUN}\s*,?\s*(?:(?:and|or|y|e|o|u|to|then|than|que|with|con|a|{_AGAINST})\b\.?\s*)?(?:{PREPOSITION}\s+)?"
    r"(?:(?:the|el|la|los|year|ano)\s+)*(?:(?:first|last|primeros|ultimos)\s+(?:\w+\s+)?(?:months|meses|weeks"
    r"|semanas)\s+(?:of|de)\s+)?"
    r"(?:(?:the|el)\s+)?(?:(?:that|one)?\s*(?:of|de)\s+)?"
)
_CONJUNCTION = re.compile(rf",|\b(?:and|or|y|e|o|u|to|then|than|que|with|con|a|{_AGAINST})\b")
_OR = re.compile(r"\b(?:or|o|u)\b")
_PART_OF = re.compile(
    r"(?:(?:the|los|las|el)\s+)?(?:(?:first|last|primeros|ultimos)\s+(?:\w+\s+)?(?:months|meses|weeks|semanas)"
    r"|(?:end|start|beginning|fines|finales|inicios|comienzos|principios))\s+(?:of|de|del)\s+(?:the\s+|ano\s+)?$"
)
_EDGE = re.compile(r"(?:the |el |los )?(?:end|start|beginning|fin|inicio|comienzo|principio)")
_BEFORE = re.compile(rf"\b(?:(?:from|desde|de|{PREPOSITION})\s+)(?:(?:the|el|la|year|ano)\s+)*$")
_RANGED = re.compile(
    r"\bhow (?:much |far |strongly )?(?:did|do|does|has|have|had)\b.*\b(?:chang|develop|evol|differ|var|compar"
    r"|grow|ris|fall|drop"
    r"|increas|decreas|declin)"
    r"|\b(?:change|difference|differ|development|increase|decrease|growth|drop|rise|fall)s?\b.*\b(?:between|from)\b"
    r"|\bcompar|^(?:did|has|have|is|was|were)\b.*\b(?:chang|rise|risen|ris|increas|grow|grew|fall|fell|drop"
    r"|declin|decreas|slow|improv"
    r"|worsen|shift|climb)"
    r"|\bcomo\b.*\b(?:cambi|vari|evolucion|crec|aument|disminu|baj|subi|compar)|\bcuanto\b.*\b(?:cambi|vari"
    r"|crec|aument|disminu|baj|subi)"
    r"|\b(?:cambio|diferencia|aumento|variacion|evolucion|disminucion)\b.*\b(?:entre|de)\b"
    r"|^(?:ha |han )?(?:cambi|aument|creci|disminu|baj|subi)"
)
_LED = re.compile(r"\b(?:between|from|entre|desde|de|del)\s+(?:(?:the|el)\s+)?$")
_STRETCH = re.compile(r"\b(?:between|from|entre|desde)\s+(?:(?:the|el)\s+)?$")
_ENDS = re.compile(r"\s*[-–—]\s*|\s+(?:to|through|until|till|and|a|al|hasta|y)\s+(?:(?:the|el)\s+)?", re.IGNORECASE)
_KEEPS = re.compile(
    r"\b(?:by|as of|as at|by the end of|at the end of|according to|segun|a fines de|a finales de)\s+(?:the\s+)?$"
)


@dataclass(frozen=True, slots=True)
class _Time:
    """A period as written at ``text[start:end]``; ``label`` says it with its year."""

    start: int
    end: int
    label: str


def by_period(text: str, language: str) -> Frame | None:
    """The question with a slot for each of the periods that it sets side by side; None when it names one."""
    asked = flat(text)
    mentions = find_dates(text)
    comparing = bool(COMPARATIVE.search(asked) or COMPARING.search(asked) or re.search(rf"\b{_AGAINST}", asked))
    times = _times(text, mentions, ranged=_both_ends(asked, mentions))
    for first in range(len(times)):
        last = first + 1
        while last < len(times) and _joined(asked, times[last - 1], times[last]):
            last += 1
        chain = times[first:last]
        if len({time.label for time in chain}) < 2:
            continue
        gaps = " ".join(asked[a.end : b.start] for a, b in zip(chain, chain[1:], strict=False))
        ranged = any(time.end == other.end for time, other in zip(chain, chain[1:], strict=False))
        if (
            not ranged
            and len(chain) == 2
            and _STRETCH.search(asked[: _begin(asked, chain[0])])
            and not _RANGED.search(asked)
        ):
            return None  # a stretch of time: "from November 2017 to the end of June 2018"
        chain = _one_year(chain)
        if TOTAL.search(asked) or (not comparing and not ranged and _OR.search(gaps)):
            return None
        return _framed(text, asked, chain, language)
    return _apart(text, asked, times, language) if comparing else None


def _joined(asked: str, one: _Time, other: _Time) -> bool:
    gap = asked[one.end : other.start]
    return one.end == other.end or (_JOINT.fullmatch(gap) is not None and _CONJUNCTION.search(gap) is not None)


def _both_ends(asked: str, mentions: Sequence[DateMention]) -> bool:
    """Whether a range stands for its two ends: "change between 2019 and 2023", not "arrived between 2019 and 2023"."""
    if not mentions or not _RANGED.search(asked):
        return False
    led = _LED.search(asked[: mentions[0].start])
    gaps = [asked[a.end : b.start] for a, b in zip(mentions, mentions[1:], strict=False)]
    return led is not None and all(re.fullmatch(r"\s+(?:to|a|hasta)\s+", gap) for gap in gaps)


def _times(text: str, mentions: Sequence[DateMention], *, ranged: bool) -> list[_Time]:
    found: list[_Time] = []
    for mention in mentions:
        written = text[mention.start : mention.end]
        ends = _ENDS.split(written) if ranged and mention.first != mention.last and not mention.vague else [written]
        if len(ends) == 2 and all(ends):
            years = (mention.first.year, mention.last.year)
            # Both stand at the place of the whole, so that one slot takes either.
            found += [
                _Time(mention.start, mention.end, _with_year(end, year)) for end, year in zip(ends, years, strict=True)
            ]
        else:
            found.append(_Time(mention.start, mention.end, _with_year(written, mention.last.year)))
    return found


def _begin(asked: str, time: _Time) -> int:
    """Where the phrase of a period begins: "the end of November"."""
    part = _PART_OF.search(asked[: time.start])
    return part.start() if part else time.start


def _one_year(chain: Sequence[_Time]) -> list[_Time]:
    """The chain with a year that only its last or its first gives at all: "in November and in December 2020"."""
    years = [re.search(r"\b\d{4}\b|/\d\d", time.label) for time in chain]
    given = {year.group() for year in years if year}
    if len(given) != 1 or (not years[0] and not years[-1]):
        return list(chain)
    shared = given.pop()
    of = " de" if any(f" de {shared}" in flat(time.label) for time in chain) else ""
    return [
        time if year else replace(time, label=f"{time.label}{of} {shared}")
        for time, year in zip(chain, years, strict=True)
    ]


def _with_year(written: str, year: int | None) -> str:
    return written if year is None or re.search(r"\d{4}|/\d\d", written) else f"{written} {year}"


def _framed(text: str, asked: str, chain: Sequence[_Time], language: str) -> Frame:
    start, end = chain[0].start, chain[-1].end
    before = _BEFORE.search(asked[:start])
    preposition = "en" if language == "es" else "in"
    alternatives = []
    for time in chain:
        part = _PART_OF.search(asked[: time.start])
        label = (text[part.start() : time.start] if part else "") + time.label
        kept = _KEEPS.search(asked[: part.start() if part else time.start])
        said = text[kept.start() : kept.end()].strip() if kept else preposition
        if not kept and _EDGE.match(flat(label)):
            said = "a" if language == "es" else "at" if flat(label).startswith("the ") else "at the"
        noun = re.match(_NOUN, asked[time.end :]) if kept else None
        named = text[time.end : time.end + noun.end()] if noun else ""
        alternatives.append(Alternative(f"{said} {label}{named}", re.sub(r"(?i)^(?:the|el|los) ", "", label)))
    if part := _PART_OF.search(asked[:start]):
        start = part.start()
        before = _BEFORE.search(asked[:start])
    noun = re.match(_NOUN, asked[end:])
    after = text[end + (noun.end() if noun and before and _KEEPS.search(asked[: chain[0].start]) else 0) :]
    bare = _attributive(asked, chain[0].start, end)
    if bare:
        alternatives = [Alternative(a.label, a.label) for a in alternatives]
        head = text[:start]
    else:
        head = text[: before.start() if before else start]
        head = re.sub(r"(?i)\b(?:both|either|tanto|between|entre|from|desde)\s+$", "", head)
    preposed = _preposed(asked, head)
    head = re.sub(r"[,:]\s*$", " ", head) if preposed else head
    return Frame(tidy(f"{head} {SLOT} {after}"), tuple(alternatives), preposed=preposed)


def _attributive(asked: str, start: int, end: int) -> bool:
    """Whether the periods stand before a noun as its adjective: "the 2023 and 2024 appeals"."""
    return bool(
        re.search(r"\b(?:the|of|its|their)\s+$", asked[:start]) and re.match(r"\s+[a-z]+", asked[end:])
    ) and not (
        re.match(r"\s+(?:and|or|in|for|of|by|with|to|from|than|was|were|is|are|did|has|have|report)\b", asked[end:])
    )


def _preposed(asked: str, head: str) -> bool:
    return (
        bool(re.search(r"[,:]\s*$", head))
        and re.match(r"(?:[^,]*, )?(?:\w+ )?(?:which|what|when|que|cuando|cual)\b", asked) is not None
    )


def _apart(text: str, asked: str, times: Sequence[_Time], language: str) -> Frame | None:
    """Two periods with words between them: "in 2024 ..., against 2023", "the 2024 appeal ... with the 2025 one"."""
    if len(times) < 2:
        return None
    left, right = times[-2], times[-1]
    lead = re.search(
        rf"[,;]?\s*\b(?:than|que|with|con|{_AGAINST})\s+(?:(?:{PREPOSITION})\s+)?(?:(?:the|that|those|el|la|los"
        rf"|las|of|de|del)\s+)*$",
        asked[: right.start],
    )
    if left.label == right.label or lead is None:
        return None
    after = re.sub(r"(?i)^\s+(?:ones?|appeal|plan|level|figure)\b", "", text[right.end :])
    said = text[left.start : left.end]
    head = text[: left.start]
    frame = tidy(f"{head}{SLOT}{text[left.end : lead.start()]} {after}")
    return Frame(frame, (Alternative(said, left.label), Alternative(right.label, right.label)))
