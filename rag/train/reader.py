"""Training of the reader; see :mod:`rag.train.reader_model` for what it is.

It starts from the bilingual encoder, whose embeddings stay as they are, so that words that were
seen in pairs only keep their meaning.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

from rag.train import reader_rows
from rag.train.claim_sets import Claim
from rag.train.common import DataFolder, Manifest, linear, required, sha256, stamp, versions
from rag.train.loop import WEIGHTS, Batch, Drawer, Pace, load_bert, load_weights, pick_device, prepare, train
from rag.train.reader_measures import measure
from rag.train.reader_model import Read, Reader, Runner, token_span
from rag.train.reader_rows import ReaderData, Row
from rag.train.vocabulary import TOKENIZER

# How often a source's questions are drawn.
SOURCE_WEIGHTS = {
    "squad2": 1.6,
    "squad_es": 1.2,
    "squad_es1": 0.8,
    "xquad": 0.7,
    "xquad_x": 1.0,
    "covid": 1.0,
    "policyqa": 0.4,
    "clapnq": 1.5,
    "qamr": 0.35,
    "fairytaleqa": 0.4,
    "derived_neg": 0.7,
    "squadshifts_new_wiki": 1.2,
    "nq_oracle": 1.0,
    "selqa": 0.7,
    "qed_dev": 1.0,
    "tatqa": 1.0,
    "made": 0.35,
    "shelves": 10.0,
    "shelves_other": 1.5,
    "shelves_unit": 8.0,
    "shelves_unit_other": 2.0,
}
CLAIM_WEIGHTS = {"made": 0.25, "wice": 4.0, "expertqa": 3.0, "shelves": 3.0}
_CLAIMS = 0.45  # of the others


@dataclass(frozen=True, slots=True)
class ReaderRecipe:
    """Hyperparameters; a batch's loss is (span + answerable) and entailment, each by its share of the batch."""

    seconds: float = 4_500
    seed: int = 0
    tokens: int = 256  # of question and passage; the passage gives way
    warmup: int = 200
    floor: float = 0.02
    head_rate: float = 1e-3
    rate: float = 2e-4
    decay: float = 0.01
    draw: int = 1_500  # examples drawn at a time and sorted by length
    characters: int = 16_000  # of a batch
    smallest: int = 8
    largest: int = 64
    held_sample: int = 700  # of the held questions, measured on the way
    sample_seed: int = 5
    save_seconds: float = 600


class Reading:
    """The reader's task; see :class:`rag.train.loop.Task`."""

    def __init__(self, runner: Runner, data: ReaderData, recipe: ReaderRecipe) -> None:
        self.model = runner.model
        self._runner, self._data, self._recipe = runner, data, recipe
        self._items: list[Row | Claim] = [*data.rows, *data.claims]
        weights = np.array([_weight(item) for item in self._items])
        self._chances = weights / weights.sum()
        self._lengths = np.array([sum(map(len, _texts(item))) for item in self._items])
        order = random.Random(recipe.seed)  # noqa: S311 - sampling, not secrets
        self._draw = Drawer(np.random.default_rng(recipe.seed + 1), order)
        self._queue: list[np.ndarray] = []
        size = min(recipe.held_sample, len(data.held))
        self._sample = random.Random(recipe.sample_seed).sample(data.held, size)  # noqa: S311 - sampling, not secrets
        runner.model.bert.embeddings.requires_grad_(False)
        named = list(runner.model.named_parameters())
        heads = [value for name, value in named if not name.startswith("bert.")]
        layers = [value for name, value in named if name.startswith("bert.encoder")]
        groups = [{"params": heads, "base": recipe.head_rate}, {"params": layers, "base": recipe.rate}]
        self.optimiser = torch.optim.AdamW(groups, lr=recipe.rate, weight_decay=recipe.decay, betas=(0.9, 0.98))

    def scale(self, step: int, fraction: float) -> float:
        """See :class:`rag.train.loop.Task`."""
        return linear(step, fraction, warmup=self._recipe.warmup, floor=self._recipe.floor)

    def resumed(self, step: int) -> None:
        """See :class:`rag.train.loop.Task`."""
        self._draw = Drawer(np.random.default_rng(step + 1), self._draw.order)

    def measure(self, *, final: bool) -> dict[str, float]:
        """See :class:`rag.train.loop.Task`."""
        data = self._data
        return measure(self._runner, data.held if final else self._sample, data.held_made, data.held_claims)

    def batch(self, step: int) -> Batch:
        """See :class:`rag.train.loop.Task`."""
        if not self._queue:
            self._queue = self._drawn()
        items = [self._items[i] for i in self._queue.pop()]
        read = self._runner.read([_texts(item) for item in items])
        asked = [(i, item) for i, item in enumerate(items) if isinstance(item, Row)]
        claimed = [(i, item) for i, item in enumerate(items) if isinstance(item, Claim)]
        loss, shown = torch.zeros((), device=self._runner.device), {}
        if asked:
            span, has = self._question_losses(read, asked)
            loss = loss + (span + has).float() * (len(asked) / len(items))
            shown |= {"span": span.item(), "answerable": has.item()}
        if claimed:
            labels = self._on_device([item.label for _, item in claimed])
            entailment = functional.cross_entropy(read.entailment[[i for i, _ in claimed]], labels)
            loss = loss + entailment.float() * (len(claimed) / len(items))
            shown["entailment"] = entailment.item()
        return Batch(loss, len(items), shown)

    def _question_losses(self, read: Read, asked: list[tuple[int, Row]]) -> tuple[torch.Tensor, torch.Tensor]:
        places = [i for i, _ in asked]
        spans = self._on_device([token_span(read.encodings[i], row.span) for i, row in asked])
        answerable = self._on_device([float(row.span is not None) for _, row in asked])
        start = functional.cross_entropy(read.spans[places][..., 0], spans[:, 0])
        end = functional.cross_entropy(read.spans[places][..., 1], spans[:, 1])
        return (start + end) / 2, functional.binary_cross_entropy_with_logits(read.has[places], answerable)

    def _on_device(self, values: Sequence[object]) -> torch.Tensor:
        return torch.tensor(values, device=self._runner.device)

    def _drawn(self) -> list[np.ndarray]:
        """Batches of like length and about as many characters, shuffled."""
        recipe, made, at = self._recipe, [], 0
        size = min(recipe.draw, len(self._items))
        chosen = self._draw.numbers.choice(len(self._items), size, p=self._chances, replace=False)
        chosen = chosen[np.argsort(self._lengths[chosen])]
        while at < len(chosen):
            longest = max(1, self._lengths[chosen[min(at + 31, len(chosen) - 1)]])
            count = max(recipe.smallest, min(recipe.largest, int(recipe.characters / longest)))
            made.append(chosen[at : at + count])
            at += count
        self._draw.order.shuffle(made)
        return made


def _texts(item: Row | Claim) -> tuple[str, str]:
    return (item.question, item.window) if isinstance(item, Row) else (item.text, item.premise)


def _weight(item: Row | Claim) -> float:
    if isinstance(item, Claim):
        return CLAIM_WEIGHTS.get(item.source, _CLAIMS)
    return SOURCE_WEIGHTS[item.source]


def run(
    data: DataFolder,
    out: Path,
    teacher: Path,
    *,
    start: Path | None = None,
    recipe: ReaderRecipe | None = None,
    seconds: float | None = None,
    threads: int | None = None,
) -> Manifest:
    """Train the reader into ``out/reader``.

    :param teacher: folder of the English encoder, which says how the network is built.
    :param start: weights, or a checkpoint, of the bilingual encoder or of a reader that is trained on;
        ``out/encoder``'s by default.
    :param seconds: in place of the recipe's.
    """
    recipe = recipe or ReaderRecipe()
    seconds = recipe.seconds if seconds is None else seconds
    folder = out / "reader"
    tokenizer = required(out / "vocabulary" / TOKENIZER, "vocabulary")
    weights = start or required(out / "encoder" / WEIGHTS, "encoder")
    folder.mkdir(parents=True, exist_ok=True)
    built = reader_rows.build(data)
    prepare(recipe.seed, threads)
    bert = load_bert(teacher)
    reader = Reader(bert)
    found = load_weights(weights)
    # An encoder's weights name its layers only, a reader's also its heads.
    (reader if any(name.startswith("bert.") for name in found) else bert).load_state_dict(found)
    runner = Runner(reader, tokenizer, recipe.tokens, pick_device())
    inputs = {"rows": built.digest, TOKENIZER: sha256(tokenizer), "start": sha256(weights)}
    mark = stamp(inputs, asdict(recipe))
    trained = train(Reading(runner, built, recipe), folder, seconds, Pace(50, recipe.save_seconds), stamp=mark)
    counts = built.counts | {"steps": trained.steps, "texts seen": trained.texts}
    chances = {"source_weights": SOURCE_WEIGHTS, "claim_weights": CLAIM_WEIGHTS}
    used = asdict(recipe) | chances | {"seconds": seconds, "device": runner.device.type} | inputs
    outputs = {WEIGHTS: sha256(folder / WEIGHTS)}
    manifest = Manifest("reader", used, data.hashes, outputs, counts, trained.metrics, versions())
    manifest.write(folder)
    return manifest
