"""How far evidence bears out a sentence.

The verdict is the same for any sentence, whoever wrote it: figures, dates, units and names must occur
in the evidence (``rag.facts``), and enough of its words must. That is mechanical and knows wording only;
a cross-encoder, where there is one, may doubt it, but never makes good what is missing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.entailment import borne_out
from rag.facts import check, held_names, open_words
from rag.facts.difference import reckons, without_figures, written
from rag.facts.names import names
from rag.glossary import synonyms, translations
from rag.remarks import without_remarks
from rag.schema import CrossEncoder, Passage, Verdict
from rag.text import fold, is_stop, language_of, plain, stem, stems_in_all, words

# Shares of a sentence's content words that the evidence must hold.
_SUPPORTED_FROM = 0.8
_PARTLY_FROM = 0.5
# Probability of support below which meaning is in doubt. Of true sentences said otherwise by rule, one in a hundred
# falls below (eval/LOG.md).
_DOUBTED_BELOW = 0.1
# Words that join or attribute and say nothing of the matter, folded.
_FILLERS = frozenset(
    """moreover furthermore additionally however therefore thus indeed according report reports reported
    stated states said respectively ademas asimismo embargo informe informes""".split()
)
_TABULAR = re.compile(r"[|\t]|[^.!?)\s]\s*$")
_QUOTES = str.maketrans("“”«»‘’–—", '""""\'\'--', "\u00ad")
_JOINED_BEFORE = re.compile(r"[\w$€£%+#]$|[0-9][.,]$")
_JOINED_AFTER = re.compile(r"[\w%]|[.,][0-9]|\s%")
_STOP = re.compile(r"[.,;:!?)](?![0-9])|$")
# A quotation that begins right after one of these says something else than the whole.
_TURNS = frozenset(
    """not no never without nor neither than over about nearly almost fewer less more under up to at least some
    around above below approximately nunca sin ni mas menos casi hasta unos unas""".split()
)


def context_of(passage: Passage) -> str:
    """Say what a reader of the quote knows besides: report, period, dates, headings, heads of a table."""
    report = passage.report
    parts = [report.title, report.publisher, *passage.section, passage.chunk.context]
    if report.period:
        parts.append(report.period.label)
    if report.published:
        parts.append(report.published.isoformat())
    return "\n".join(part for part in parts if part)


def verify(sentence: str, evidence: Sequence[str], context: str = "", model: CrossEncoder | None = None) -> Verdict:
    """Say how far ``evidence`` bears out ``sentence``, whoever wrote it.

    Supported: it stands in the evidence word for word (but for white space, Markdown, quotes, case
    and accents), or all its facts hold and at least four fifths of its content words occur. Partly:
    all facts occur but one of them in another sense, or fewer words do; always for a sentence in
    another language than the evidence, whose words cannot be compared. Unsupported: a fact is
    missing, or more than half of the words are. ``context`` (title, period, section) may
    bear names and dates, and figures only as part of a column's head ("Children 5–17"). What the
    reader remarks on a table's layout is left aside. A sentence in other words than the evidence
    that ``model`` finds hardly borne out is partly supported at best.
    """
    sentence = _without_heads(without_remarks(sentence), context)
    if not _comparable(sentence):
        return Verdict.UNSUPPORTED
    if any(_contains(text, sentence) for text in evidence):
        return Verdict.SUPPORTED
    facts = check(sentence, evidence, context=context)
    if facts.missing:
        return Verdict.UNSUPPORTED
    if foreign(sentence, evidence, context):
        return Verdict.PARTLY
    share = coverage(sentence, evidence, context)
    if share < _PARTLY_FROM:
        return Verdict.UNSUPPORTED
    if share < _SUPPORTED_FROM or facts.doubts:
        return Verdict.PARTLY
    if model is None or any(_TABULAR.search(text) for text in evidence):
        return Verdict.SUPPORTED  # rows are no sentences, and the model has read sentences
    doubted = borne_out(sentence, evidence, model).supported < _DOUBTED_BELOW
    return Verdict.PARTLY if doubted else Verdict.SUPPORTED


def verify_difference(sentence: str, figures: tuple[str, str], sides: Sequence[tuple[str, str]]) -> Verdict:
    """Say whether a sentence states the difference of two cited figures, by reckoning it again.

    Each of ``figures`` must stand, as written, in the quote of its side (quote and context), the
    sentence's one figure must be their difference, and the dates and names on either side of "than"
    must be those of the side whose figure it is. Supported if so, unsupported if anything is amiss.
    """
    if len(sides) != 2:
        return Verdict.UNSUPPORTED
    found = [written(quote, figure) for figure, (quote, _) in zip(figures, sides, strict=True)]
    halves = re.split(r"\b(?:than|as|que)\b", without_figures(sentence))
    if None in found or len(halves) != 2 or not reckons(sentence, [figure for figure in found if figure]):
        return Verdict.UNSUPPORTED
    # "more in 2024 than in 2019": what stands first goes with the second figure, from which the first is taken.
    borne = all(
        not check(half, [quote], context=context).missing
        for half, (quote, context) in zip(reversed(halves), sides, strict=True)
    )
    return Verdict.SUPPORTED if borne else Verdict.UNSUPPORTED


def _without_heads(sentence: str, context: str) -> str:
    """``sentence`` without the heads of columns that hold figures and stand in it as in ``context``."""
    for line in context.splitlines():
        heads = line.rpartition(": ")[2].split(" | ") if " | " in line else []
        for head in heads:
            if re.search(r"\d", head) and re.search(r"[^\W\d_]|\d\s?[-–+]", head):
                sentence = re.sub(rf"(?<![\w.,]){re.escape(head)}(?=:| )", "", sentence)
    return sentence


def coverage(sentence: str, evidence: Sequence[str], context: str = "") -> float:
    """Share of the content words of ``sentence`` that occur in ``evidence`` or ``context``, by stem, 0 to 1.

    Words of figures and dates are left to the fact check; a sentence of nothing else gives 1. Names
    count as held in any form that the fact check accepts.
    """
    language = language_of(sentence)
    stated = _stems(open_words(sentence), language)
    held = set().union(*(_stems(text, language) for text in (*evidence, context)))
    held |= _stems(" ".join(held_names(sentence, [*evidence, context])), language)
    return sum(word in held for word in stated) / len(stated) if stated else 1.0


def _stems(text: str, language: str) -> set[str]:
    folded = [fold(match.group()) for match in words(plain(text))]
    return {
        stem(word, language) for word in folded if not word[0].isdigit() and not is_stop(word) and word not in _FILLERS
    }


def coverage_across(sentence: str, evidence: Sequence[str]) -> float:
    """As ``coverage`` for a sentence in the other language than its evidence, as far as the glossary goes.

    Share of the content words that have a translation or occur as they are (cognates) whose stems the
    evidence holds; names, figures and dates are left to the fact check. 0 when no word is known.
    """
    language = language_of(sentence)
    open_ = open_words(sentence)
    for name in names(sentence):
        open_ = open_[: name.start] + " " * (name.end - name.start) + open_[name.end :]
    said = [word for match in words(plain(open_)) if not is_stop(word := fold(match.group()))]
    said = [word for word in said if not word[0].isdigit() and word not in _FILLERS]
    held = stems_in_all("\n".join(map(plain, evidence)))
    known = borne = 0
    for word, others in zip(said, translations(said, language), strict=True):
        others = others | synonyms(word, language)
        found = stem(word, language) in held or bool(others & held)
        known += found or bool(others)
        borne += found
    return borne / known if known else 0.0


def foreign(sentence: str, evidence: Sequence[str], context: str = "") -> bool:
    """Whether the sentence is in another language than the evidence, or, where that does not tell, the context."""
    language = language_of(" ".join(evidence), default="") or language_of(context, default="")
    return language_of(sentence, default=language) != language and bool(language)


def _contains(evidence: str, sentence: str) -> bool:
    """Whether ``sentence`` stands in ``evidence`` as whole words, with nothing around that changes it."""
    whole, part = _comparable(evidence), _comparable(sentence).rstrip(" .;:,!")
    position = whole.find(part) if part else -1
    while position >= 0:
        end = position + len(part)
        before, after = whole[max(0, position - 30) : position], whole[end : end + 2]
        # "300 children" in "1,300 children", "26" in "26 per cent", "5" in "$5".
        cut = _JOINED_BEFORE.search(before) or (_JOINED_AFTER.match(after) if after else None)
        if part[-1].isdigit() and after and not _STOP.match(after):
            cut = cut or True
        opens = not before.strip() or before.rstrip()[-1] in ".!?:;"
        if not cut and (opens or not _TURNS.intersection(re.findall(r"[^\W\d_]+", before)[-2:])):
            return True
        position = whole.find(part, position + 1)
    return False


def _comparable(text: str) -> str:
    return fold(plain(text).translate(_QUOTES))
