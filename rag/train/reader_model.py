"""The reader: which words of a passage answer a question, whether any do, and whether it bears out a claim.

A cross-encoder over question and passage. The span head is BERT's (Devlin et al. 2019): a start and
an end score for each token, with the first token as the span of unanswerable questions (Rajpurkar
et al. 2018). A second head says from the first token whether there is an answer, a third whether
the passage supports, refutes or leaves open a claim.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Encoding, Tokenizer
from torch import nn
from transformers import BertModel

from rag.train.claim_sets import LABELS
from rag.train.loop import half
from rag.train.reader_sets import Span

_MASKED = -1e4


class Reader(nn.Module):
    """A BERT with three heads; the names of its parts are those of the weights' file."""

    def __init__(self, bert: BertModel) -> None:
        super().__init__()
        width = bert.config.hidden_size
        self.bert = bert
        self.span = nn.Linear(width, 2)
        self.has = nn.Linear(width, 1)
        self.nli = nn.Linear(width, len(LABELS))

    def forward(
        self, ids: torch.Tensor, mask: torch.Tensor, types: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Logits: tokens' start and end (batch, tokens, 2), answerable (batch), :data:`LABELS` (batch, 3)."""
        hidden = self.bert(input_ids=ids, attention_mask=mask, token_type_ids=types).last_hidden_state.float()
        first = hidden[:, 0]
        return self.span(hidden), self.has(first)[:, 0], self.nli(first)


@dataclass(frozen=True, slots=True)
class Read:
    """The heads' logits for some examples, and their tokens.

    ``spans`` lets only tokens of the passage and the first token through.
    """

    spans: torch.Tensor
    has: torch.Tensor
    entailment: torch.Tensor
    encodings: Sequence[Encoding]


class Runner:
    """Examples through a reader, on its device and in half precision."""

    def __init__(self, model: Reader, tokenizer: Path, tokens: int, device: torch.device) -> None:
        self.model = model.to(device)
        self.device = device
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(tokens, strategy="only_second")

    def read(self, texts: Sequence[tuple[str, str]]) -> Read:
        """Pairs of question and passage, or claim and premise, in order."""
        encodings = self._tokenizer.encode_batch(list(texts))
        shape = len(encodings), max(len(one.ids) for one in encodings)
        ids, mask, types = (torch.zeros(shape, dtype=torch.long) for _ in range(3))
        allowed = torch.zeros(shape, dtype=torch.bool)
        allowed[:, 0] = True
        for row, one in enumerate(encodings):
            length = len(one.ids)
            ids[row, :length] = torch.tensor(one.ids)
            mask[row, :length] = 1
            types[row, :length] = torch.tensor(one.type_ids)
            allowed[row, :length] |= torch.tensor([part == 1 for part in one.sequence_ids])
        with half(self.device):
            spans, has, entailment = self.model(ids.to(self.device), mask.to(self.device), types.to(self.device))
        return Read(spans.masked_fill(~allowed.to(self.device)[..., None], _MASKED), has, entailment, encodings)


def token_span(encoding: Encoding, span: Span | None) -> tuple[int, int]:
    """First and last token of the passage that overlap a span of its characters; (0, 0) for none or cut off."""
    if span is None:
        return 0, 0
    start, end = span
    hit = [
        i
        for i, (part, (first, last)) in enumerate(zip(encoding.sequence_ids, encoding.offsets, strict=True))
        if part == 1 and last > start and first < end
    ]
    return (hit[0], hit[-1]) if hit else (0, 0)
