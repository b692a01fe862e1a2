"""Citations: a draft's quotes resolved to spans of reports, and every sentence verified.

The verdict is the same for any sentence, whoever wrote it: figures, dates, units and names must occur
in the evidence (``rag.facts``), and enough of its words must. That is mechanical and knows wording only;
a cross-encoder, where there is one, may doubt it, but never makes good what is missing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from rag.entailment import borne_out
from rag.facts import check, held_names, open_words
from rag.facts.difference import reckons, without_figures, written
from rag.remarks import without_remarks
from rag.schema import Citation, CitedSentence, CrossEncoder, Draft, Passage, Quote, Verdict
from rag.text import fold, is_stop, language_of, plain, stem, words

# Shares of a sentence's content words that the evidence must hold.
_SUPPORTED_FROM = 0.8
_PARTLY_FROM = 0.5
_SHARE_FROM = 0.25  # of one quote among several
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


def cite(
    draft: Draft,
    passages: Sequence[Passage],
    text_of: Callable[[str], str] | None = None,
    model: CrossEncoder | None = None,
) -> tuple[tuple[CitedSentence, ...], tuple[Citation, ...]]:
    """Resolve and verify every sentence of ``draft``.

    Markers count from 1 in order of first appearance, one for each distinct span of a report. A
    sentence's verdict is that on all its quotes together. A citation's is that on its quote alone,
    but partly where the quote bears a share of what all together bear, and the best where several
    sentences cite it. ``text_of`` gives a report's text by id; without it quotes are cut from
    the chunks. ``model`` is as in :func:`verify`.

    :raises ValueError: if a quote names a passage that is not there or lies outside its chunk.
    """
    sentences: list[CitedSentence] = []
    cited: dict[tuple[str, int, int], Citation] = {}
    for sentence in draft.sentences:
        resolved = [(quote, *_resolve(quote, passages, text_of)) for quote in sentence.quotes]
        contexts = "\n".join(dict.fromkeys(_context(passage) for _, passage, _ in resolved))
        if sentence.computed is None:
            together = verify(sentence.text, [text for _, _, text in resolved], contexts, model)
        else:
            sides = [(text, _context(passage)) for _, passage, text in resolved]
            together = verify_difference(sentence.text, sentence.computed, sides)
        markers = []
        for quote, passage, text in resolved:
            key = (passage.chunk.report_id, quote.start, quote.end)
            # A quote of a computed sentence bears its own figure, which is what the sentence takes from it;
            # of a lone quote the verdict on all together is its own.
            whole = sentence.computed is not None or len(resolved) == 1
            verdict = together if whole else _alone(sentence.text, text, _context(passage), together, model)
            known = cited.get(key)
            if known is None:
                known = cited[key] = _citation(len(cited) + 1, passage, quote, text, verdict)
            elif _RANK[verdict] > _RANK[known.verdict]:
                cited[key] = replace(known, verdict=verdict)
            markers.append(known.marker)
        sentences.append(CitedSentence(sentence.text, tuple(dict.fromkeys(markers)), together))
    return tuple(sentences), tuple(cited.values())


def _alone(sentence: str, quote: str, context: str, together: Verdict, model: CrossEncoder | None) -> Verdict:
    verdict = verify(sentence, [quote], context, model)
    if verdict is Verdict.UNSUPPORTED and together is not verdict and coverage(sentence, [quote]) >= _SHARE_FROM:
        return Verdict.PARTLY
    return verdict


_RANK = {Verdict.UNSUPPORTED: 0, Verdict.PARTLY: 1, Verdict.SUPPORTED: 2}


def _resolve(quote: Quote, passages: Sequence[Passage], text_of: Callable[[str], str] | None) -> tuple[Passage, str]:
    if not 0 <= quote.passage < len(passages):
        raise ValueError(f"quote names passage {quote.passage} of {len(passages)}")
    passage = passages[quote.passage]
    chunk = passage.chunk
    if not chunk.start <= quote.start < quote.end <= chunk.end:
        raise ValueError(
            f"quote [{quote.start}, {quote.end}) lies outside its chunk [{chunk.start}, {chunk.end}) "
            f"of {chunk.report_id}"
        )
    if text_of is not None:
        return passage, text_of(chunk.report_id)[quote.start : quote.end]
    return passage, chunk.text[quote.start - chunk.start : quote.end - chunk.start]


def _context(passage: Passage) -> str:
    """Say what a reader of the quote knows besides: report, period, dates, headings, heads of a table."""
    report = passage.report
    parts = [report.title, report.publisher, *passage.section, passage.chunk.context]
    if report.period:
        parts.append(report.period.label)
    if report.published:
        parts.append(report.published.isoformat())
    return "\n".join(part for part in parts if part)


def _citation(marker: int, passage: Passage, quote: Quote, text: str, verdict: Verdict) -> Citation:
    report = passage.report
    return Citation(
        marker=marker,
        report_id=passage.chunk.report_id,
        report_title=report.title,
        published=report.published,
        section=passage.section,
        page=None,
        quote=text,
        start=quote.start,
        end=quote.end,
        score=quote.score,
        verdict=verdict,
    )


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
    if _foreign(sentence, evidence, context):
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


def _foreign(sentence: str, evidence: Sequence[str], context: str) -> bool:
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
