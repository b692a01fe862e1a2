"""A question and a passage read together: where the answer stands, whether there is one, what is borne out.

One small model with three heads (``rag.train``): the span of the answer and whether there is one at all
(Rajpurkar et al. 2018, SQuAD 2.0), and whether a passage bears out a statement (entailment).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from rag.onnx_model import MODELS, OnnxModel, each
from rag.schema import Reading, Support

FOLDER = MODELS / "reader"
_REMEMBERED = 256  # readings, of about 20 kB


class BundledCrossEncoder:
    """The reader model that comes with the installation; loaded on first use, safe to use from several threads.

    :param threads: passages read at a time; None for as many as this process may use cores.
    :raises EncoderError: files are missing, altered or describe no model.
    """

    def __init__(self, folder: Path = FOLDER, *, threads: int | None = None) -> None:
        self._model = OnnxModel(folder)
        self._threads = threads
        # A passage is read to be ranked and then, with the same question, to be answered from.
        self._read_before = lru_cache(maxsize=_REMEMBERED)(self._reading)

    def read(self, question: str, passages: Sequence[str]) -> list[Reading]:
        """See :class:`rag.schema.CrossEncoder`; of a passage that is too long the end is not read."""
        return each(lambda passage: self._read_before(question, passage), passages, self._threads)

    def judge(self, statement: str, passages: Sequence[str]) -> list[Support]:
        """See :class:`rag.schema.CrossEncoder`."""
        return each(lambda passage: self._support(statement, passage), passages, self._threads)

    def _reading(self, question: str, passage: str) -> Reading:
        tokens = self._model.tokens(question, passage)
        ids, types, offsets = (self._model.cut(part) for part in (tokens.ids, tokens.type_ids, tokens.offsets))
        start, end, answers, _ = self._model.run(ids, types)
        # The passage lies between the separators; a question as long as the model leaves none of it.
        inside = [place for place in range(len(ids) - 1) if types[place] == 1]
        mass = (_softmax(start[inside]) + _softmax(end[inside])) / 2
        return Reading(1.0 / (1.0 + float(np.exp(-answers))), tuple(offsets[place] for place in inside), mass)

    def _support(self, statement: str, passage: str) -> Support:
        tokens = self._model.tokens(statement, passage)
        *_, support = self._model.run(self._model.cut(tokens.ids), self._model.cut(tokens.type_ids))
        return Support(*(float(share) for share in _softmax(support)))


def _softmax(logits: np.ndarray) -> np.ndarray:
    """Probabilities of logits; of none, none."""
    if not len(logits):
        return logits
    powers = np.exp(logits - logits.max())
    return powers / powers.sum()
