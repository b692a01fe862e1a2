"""How well a reader reads: spans, abstention and claims, on examples that it was not trained on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from rag.train.claim_sets import Claim
from rag.train.measures import auc, best_f1, token_f1
from rag.train.reader_model import Runner
from rag.train.reader_rows import Row

LONGEST = 25  # tokens of an answer
_HAS_WEIGHT = 2.0  # of the answerable head beside the span head's margin
_BATCH = 32


@dataclass(frozen=True, slots=True)
class Prediction:
    """The best span's text, its score over that of no answer, and the answerable head's logit."""

    text: str
    margin: float
    has: float


def best_span(start: torch.Tensor, end: torch.Tensor) -> tuple[int, int, float]:
    """First and last token of the best span of at most :data:`LONGEST` tokens, and its margin.

    The margin is the span's score minus that of the first token, which stands for no answer
    (Rajpurkar et al. 2018; Devlin et al. 2019, section 4.3).
    """
    start, end = start.float(), end.float()
    scores = start[1:, None] + end[None, 1:]
    allowed = torch.ones_like(scores, dtype=torch.bool).triu().tril(LONGEST - 1)
    scores = scores.masked_fill(~allowed, -1e9)
    first, last = divmod(int(scores.argmax()), scores.shape[1])
    return first + 1, last + 1, float(scores.max() - start[0] - end[0])


@torch.no_grad()
def predict(runner: Runner, rows: Sequence[Row]) -> list[Prediction]:
    """Predictions in the rows' order."""
    made: dict[int, Prediction] = {}
    order = sorted(range(len(rows)), key=lambda i: len(rows[i].window))
    for at in range(0, len(order), _BATCH):
        part = order[at : at + _BATCH]
        read = runner.read([(rows[i].question, rows[i].window) for i in part])
        spans, has = read.spans.cpu(), read.has.cpu()
        for row, i in enumerate(part):
            first, last, margin = best_span(spans[row, :, 0], spans[row, :, 1])
            offsets = read.encodings[row].offsets
            # A padded token can win only where a passage is empty.
            inside = last < len(offsets)
            text = rows[i].window[offsets[first][0] : offsets[last][1]] if inside else ""
            made[i] = Prediction(text, margin, float(has[row]))
    return [made[i] for i in range(len(rows))]


def measure_rows(runner: Runner, rows: Sequence[Row]) -> dict[str, float]:
    """F1 where there is an answer, best F1 with abstention, and AUC of answerability by either head and both."""
    predictions = predict(runner, rows)
    answerable = [row.span is not None for row in rows]
    f1 = [
        max((token_f1(made.text, answer) for answer in row.answers), default=0.0)
        for made, row in zip(predictions, rows, strict=True)
    ]
    both = [made.margin + _HAS_WEIGHT * made.has for made in predictions]
    found = [value for value, has in zip(f1, answerable, strict=True) if has]
    return {
        "F1": float(np.mean(found)) if found else 0.0,
        "best F1": best_f1(f1, both, answerable),
        "AUC span": auc([made.margin for made in predictions], answerable),
        "AUC answerable": auc([made.has for made in predictions], answerable),
        "AUC both": auc(both, answerable),
    }


@torch.no_grad()
def measure_claims(runner: Runner, claims: Sequence[Claim]) -> dict[str, float]:
    """AUC of supported against the rest, and accuracy over the three labels."""
    chances = torch.cat(
        [
            runner.read([(claim.text, claim.premise) for claim in claims[at : at + _BATCH]]).entailment.float().cpu()
            for at in range(0, len(claims), _BATCH)
        ]
    ).softmax(-1)
    labels = np.array([claim.label for claim in claims])
    return {
        "AUC supported": auc(chances[:, 0].tolist(), list(labels == 0)),
        "accuracy": float((chances.argmax(-1).numpy() == labels).mean()),
    }


def measure(runner: Runner, held: Sequence[Row], made: Sequence[Row], claims: Sequence[Claim]) -> dict[str, float]:
    """All figures; sets that are empty give none."""
    figures: dict[str, float] = {}
    for name, rows in (("squad2 held", held), ("made held", made)):
        if rows:
            figures |= {f"{name} {key}": value for key, value in measure_rows(runner, rows).items()}
    if claims:
        figures |= {f"claims held {key}": value for key, value in measure_claims(runner, claims).items()}
    return figures
