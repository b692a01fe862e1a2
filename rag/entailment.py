"""Whether evidence bears out a statement in meaning, as far as a cross-encoder tells.

Long evidence is read in windows, and the one that bears the statement out best counts: what is said once is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rag.schema import CrossEncoder, Support
from rag.text import sentence_spans

_WORDS = 110  # of a window, about what the model was trained on
_WINDOWS = 12  # of the beginning of the evidence


def borne_out(statement: str, evidence: Sequence[str], model: CrossEncoder) -> Support:
    """What ``model`` says of the window of ``evidence`` that supports ``statement`` most; of none, neutral."""
    windows = [window for text in evidence for window in _windows(text)][:_WINDOWS]
    found = model.judge(statement, windows) if windows else []
    return max(found, key=lambda support: support.supported, default=Support(0.0, 0.0, 1.0))


def _windows(text: str) -> Iterator[str]:
    """Whole sentences of up to ``_WORDS`` words, or one longer one; each begins in the midst of the one before."""
    spans = sentence_spans(text) or [(0, len(text))]
    lengths = [len(text[start:end].split()) for start, end in spans]
    first = 0
    while True:
        last, count = first + 1, lengths[first]
        while last < len(spans) and count + lengths[last] <= _WORDS:
            count, last = count + lengths[last], last + 1
        yield text[spans[first][0] : spans[last - 1][1]]
        if last == len(spans):
            return
        first = max(first + 1, (first + last) // 2)
