"""Citations: a draft's quotes resolved to spans of reports, and every sentence verified.

What a verdict means is said in ``rag.verify``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from rag.layout import Layout
from rag.schema import Citation, CitedSentence, CrossEncoder, Draft, Passage, Quote, Verdict
from rag.verify import context_of, coverage, verify, verify_difference

_SHARE_FROM = 0.25  # of one quote among several


def cite(
    draft: Draft,
    passages: Sequence[Passage],
    text_of: Callable[[str], str] | None = None,
    model: CrossEncoder | None = None,
    layout_of: Callable[[Passage], Layout | None] | None = None,
) -> tuple[tuple[CitedSentence, ...], tuple[Citation, ...]]:
    """Resolve and verify every sentence of ``draft``.

    Markers count from 1 in order of first appearance, one for each distinct span of a report. A
    sentence's verdict is that on all its quotes together. A citation's is that on its quote alone,
    but partly where the quote bears a share of what all together bear, and the best where several
    sentences cite it. ``text_of`` gives a report's text by id; without it quotes are cut from
    the chunks. ``model`` is as in :func:`verify`. ``layout_of`` gives the layout of a passage's report, from which
    come page, boxes, paragraph and OCR of a citation; without it these stay empty.

    :raises ValueError: if a quote names a passage that is not there or lies outside its chunk.
    """
    sentences: list[CitedSentence] = []
    cited: dict[tuple[str, int, int], Citation] = {}
    for sentence in draft.sentences:
        resolved = [(quote, *_resolve(quote, passages, text_of)) for quote in sentence.quotes]
        contexts = "\n".join(dict.fromkeys(context_of(passage) for _, passage, _ in resolved))
        if not resolved:
            together = Verdict.UNSUPPORTED  # whatever it says: words that say nothing need no evidence
        elif sentence.computed is None:
            together = verify(sentence.text, [text for _, _, text in resolved], contexts, model)
        else:
            sides = [(text, context_of(passage)) for _, passage, text in resolved]
            together = verify_difference(sentence.text, sentence.computed, sides)
        markers = []
        for quote, passage, text in resolved:
            key = (passage.chunk.report_id, quote.start, quote.end)
            # A quote of a computed sentence bears its own figure, which is what the sentence takes from it;
            # of a lone quote the verdict on all together is its own.
            whole = sentence.computed is not None or len(resolved) == 1
            verdict = together if whole else _alone(sentence.text, text, context_of(passage), together, model)
            known = cited.get(key)
            if known is None:
                known = cited[key] = _citation(len(cited) + 1, passage, quote, text, verdict, layout_of)
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


def _citation(
    marker: int,
    passage: Passage,
    quote: Quote,
    text: str,
    verdict: Verdict,
    layout_of: Callable[[Passage], Layout | None] | None,
) -> Citation:
    report = passage.report
    layout = (layout_of(passage) if layout_of else None) or Layout()
    number = layout.page_at(quote.start)
    page = layout.page(number) if number is not None else None
    return Citation(
        marker=marker,
        report_id=passage.chunk.report_id,
        report_title=report.title,
        published=report.published,
        section=passage.section,
        page=number,
        quote=text,
        start=quote.start,
        end=quote.end,
        score=quote.score,
        verdict=verdict,
        boxes=layout.boxes_of(quote.start, quote.end),
        paragraph=layout.number_at(quote.start),
        ocr=page.ocr if page else None,
    )
