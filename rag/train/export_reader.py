"""A trained reader as the files that reportqa runs, made as ``rag.train.export`` makes the encoder's.

python -m rag.train.export_reader STATE_DICT.pt TOKENIZER.json OUT_DIR [--and STATE_DICT.pt]

With several state dicts the mean of their weights is exported, which is better than each of them where they come
from one start (Wortsman et al. 2022, "Model soups").
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
from torch import nn
from transformers import BertConfig, BertModel

from rag.errors import EncoderError
from rag.onnx_model import MODEL, Description
from rag.train.export import SHAPE, Rows, tokenizer_text, traced, written
from rag.train.loop import load_weights
from rag.train.reader_model import Reader

NAME = "reportqa-minilm-reader"
MAX_TOKENS = 256
SOURCE = "rag.train: the bilingual encoder's weights trained further on questions and statements with their passages"
_PER_TEXT, _PER_TOKEN = {0: "texts"}, {0: "texts", 1: "tokens"}
_OUTPUTS = {"start": _PER_TOKEN, "end": _PER_TOKEN, "answers": _PER_TEXT, "support": _PER_TEXT}


class _Pair(nn.Module):
    """Tokens of a question and a passage to the logits of the heads."""

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self.bert = reader.bert
        self.heads = nn.ModuleDict({"span": reader.span, "has": reader.has, "nli": reader.nli})
        self.words = Rows(reader.bert.embeddings.word_embeddings.weight.detach())

    def forward(self, ids: torch.Tensor, mask: torch.Tensor, types: torch.Tensor) -> tuple[torch.Tensor, ...]:
        states = self.bert(
            inputs_embeds=self.words(ids),
            attention_mask=(1.0 - mask.to(torch.float32)[:, None, None, :]) * -1e9,
            token_type_ids=types,
        ).last_hidden_state
        spans = self.heads["span"](states)
        first = states[:, 0]
        return spans[:, :, 0], spans[:, :, 1], self.heads["has"](first)[:, 0], self.heads["nli"](first)


def export(weights: Mapping[str, torch.Tensor], tokenizer: Path, folder: Path) -> Description:
    """Write ``model.onnx``, ``tokenizer.json`` and ``model.json`` to ``folder``, and say what they hold.

    :raises EncoderError: ``weights`` are not those of a reader.
    """
    graph = traced(_model(weights), ("input_ids", "attention_mask", "token_type_ids"), _OUTPUTS)
    dimension = SHAPE["hidden_size"]
    return written(
        graph, tokenizer_text(tokenizer), folder, name=NAME, dimension=dimension, max_tokens=MAX_TOKENS, source=SOURCE
    )


def mean(several: Sequence[Mapping[str, torch.Tensor]]) -> dict[str, torch.Tensor]:
    """The mean of each weight. Raises ``EncoderError`` where they are not of one network."""
    try:
        return {key: torch.stack([one[key].float() for one in several]).mean(0) for key in several[0]}
    except (KeyError, RuntimeError) as error:
        raise EncoderError(f"These weights are not of one network: {error}") from error


def _model(weights: Mapping[str, torch.Tensor]) -> _Pair:
    try:
        rows = len(weights["bert.embeddings.word_embeddings.weight"])
        reader = Reader(BertModel(BertConfig(vocab_size=rows, **SHAPE), add_pooling_layer=False))
        reader.load_state_dict({key: value.float() for key, value in weights.items()})
    except (KeyError, TypeError, AttributeError, RuntimeError) as error:
        raise EncoderError(f"These are not the weights of a reader: {error}") from error
    reader.bert.set_attn_implementation("eager")
    return _Pair(reader).eval()


def main(argv: Sequence[str] | None = None) -> int:
    """Export, and say how large the result is."""
    parser = argparse.ArgumentParser(prog="python -m rag.train.export_reader", description="Export a trained reader.")
    parser.add_argument("weights", type=Path, metavar="STATE_DICT.pt")
    parser.add_argument("tokenizer", type=Path, metavar="TOKENIZER.json")
    parser.add_argument("folder", type=Path, metavar="OUT_DIR")
    parser.add_argument("--and", type=Path, action="append", default=[], dest="others", metavar="STATE_DICT.pt")
    args = parser.parse_args(argv)
    weights = mean([load_weights(path) for path in (args.weights, *args.others)])
    made = export(weights, args.tokenizer, args.folder)
    size = (args.folder / MODEL).stat().st_size / 1e6
    sys.stdout.write(f"{made.name}: {size:.1f} MB, SHA-256 {made.model_sha256}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
