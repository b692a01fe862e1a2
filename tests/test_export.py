"""Torch to ONNX: the files that the bundled encoder is made of."""

import json
import re

import numpy as np
import pytest
import torch
from conftest import ROOT
from encoder_samples import MINILM
from transformers import BertConfig, BertModel

from rag import EncoderError, embed
from rag.onnx_model import OnnxModel
from rag.onnx_model.files import DESCRIPTION, MODEL, TOKENIZER, Description, sha256
from rag.train import export, export_reader

WORDS = {
    "version": "1.0",
    "truncation": {"direction": "Right", "max_length": 4, "strategy": "LongestFirst", "stride": 0},
    "padding": {"strategy": {"Fixed": 9}, "direction": "Right", "pad_to_multiple_of": None,
                "pad_id": 0, "pad_type_id": 0, "pad_token": "[UNK]"},
    "added_tokens": [],
    "normalizer": None,
    "pre_tokenizer": {"type": "Whitespace"},
    "post_processor": None,
    "decoder": None,
    "model": {"type": "WordLevel", "vocab": {"[UNK]": 0, "agua": 1, "water": 2, "food": 3}, "unk_token": "[UNK]"},
}  # fmt: skip
SENTENCES = [
    line
    for path in sorted((ROOT / "seeds").glob("*.txt"))
    for line in path.read_text("utf-8").splitlines()
    if 40 < len(line) < 400
][:40]


def tiny(words=4, places=32):
    torch.manual_seed(7)
    config = BertConfig(
        vocab_size=words, hidden_size=64, num_hidden_layers=1, num_attention_heads=2, intermediate_size=128,
        max_position_embeddings=places,
    )  # fmt: skip
    return BertModel(config, add_pooling_layer=False).eval()


@pytest.fixture
def tokenizer(tmp_path):
    path = tmp_path / "words.json"
    path.write_text(json.dumps(WORDS))
    return path


def test_an_exported_minilm_gives_the_vectors_of_sentence_transformers(tmp_path):
    model = BertModel.from_pretrained(MINILM, add_pooling_layer=False)
    torch.save(model.state_dict(), tmp_path / "weights.pt")
    model = export.load_model(tmp_path / "weights.pt")
    export.export(model, MINILM / TOKENIZER, tmp_path / "made", name="minilm", source="a test")
    assert len(SENTENCES) == 40
    made = embed.load(str(tmp_path / "made")).encode(SENTENCES)
    exact = embed.load(str(MINILM), "cpu").encode(SENTENCES)
    cosines = np.sum(made * exact, axis=1)
    assert cosines.mean() > 0.999 and cosines.min() > 0.99
    np.testing.assert_allclose(export.fidelity(model, tmp_path / "made", SENTENCES[:5]), cosines[:5], atol=1e-4)
    assert (tmp_path / "made" / MODEL).stat().st_size < 25_000_000


def test_the_same_weights_make_the_same_files(tmp_path, tokenizer):
    folders = [tmp_path / "one", tmp_path / "two"]
    first, again = (export.export(tiny(), tokenizer, folder, name="t", max_tokens=8) for folder in folders)
    assert first == again == Description.read(folders[0])
    assert first.model_sha256 == sha256(folders[1] / MODEL)
    encoder = embed.load(str(folders[1]))
    assert (encoder.name, encoder.dimension, encoder.fingerprint) == ("t", 64, first.model_sha256)
    assert encoder.count_tokens("agua water food " * 9) == 27, "the tokenizer's own limits are left out"


def test_another_tokenizer_is_another_fingerprint(tmp_path, tokenizer):
    first = export.export(tiny(), tokenizer, tmp_path / "one", max_tokens=8)
    words = json.loads(tokenizer.read_text())
    words["model"]["vocab"] = {"[UNK]": 0, "agua": 2, "water": 1, "food": 3}
    tokenizer.write_text(json.dumps(words))
    assert export.export(tiny(), tokenizer, tmp_path / "two", max_tokens=8).model_sha256 != first.model_sha256


def test_padding_changes_no_vector(tmp_path, tokenizer):
    import onnxruntime

    export.export(tiny(), tokenizer, tmp_path / "made", max_tokens=8)
    session = onnxruntime.InferenceSession(tmp_path / "made" / MODEL, providers=["CPUExecutionProvider"])
    both = {"input_ids": np.array([[1, 2, 3], [2, 0, 0]]), "attention_mask": np.array([[1, 1, 1], [1, 0, 0]])}
    short = {"input_ids": np.array([[2]]), "attention_mask": np.array([[1]])}
    np.testing.assert_allclose(session.run(None, both)[0][1], session.run(None, short)[0][0], atol=1e-5)


def test_what_does_not_fit_is_refused(tmp_path, tokenizer):
    with pytest.raises(EncoderError, match="numbers 4 tokens from 0 to 3, the model has 3"):
        export.export(tiny(words=3), tokenizer, tmp_path / "made")
    with pytest.raises(EncoderError, match="256 tokens is too long: the model knows 32 places"):
        export.export(tiny(), tokenizer, tmp_path / "made")
    assert not (tmp_path / "made").exists()
    for weights in ({}, {"embeddings.word_embeddings.weight": torch.ones(2, 3)}, tiny().state_dict(), [1]):
        torch.save(weights, tmp_path / "weights.pt")
        with pytest.raises(EncoderError, match="weights.pt does not hold the weights of a MiniLM"):
            export.load_model(tmp_path / "weights.pt")


def test_the_command_says_how_faithful_the_result_is(tmp_path, tokenizer, monkeypatch, capsys):
    monkeypatch.setattr(export, "SHAPE", {"hidden_size": 64, "num_hidden_layers": 1, "num_attention_heads": 2,
                                           "intermediate_size": 128, "max_position_embeddings": 300})  # fmt: skip
    torch.save(tiny(places=300).state_dict(), tmp_path / "weights.pt")
    (tmp_path / "texts.txt").write_text("agua food\nwater\n")
    argv = [str(tmp_path / "weights.pt"), str(tokenizer), str(tmp_path / "made"), "--name", "t", "--texts",
            str(tmp_path / "texts.txt")]  # fmt: skip
    assert export.main(argv) == 0
    out = capsys.readouterr().out
    assert out.startswith("t: 0.") and re.search(r"cosine with the 32-bit model on 2 texts: mean (1\.0000|0\.99)", out)
    assert (tmp_path / "made" / DESCRIPTION).is_file()


def test_a_reader_is_exported_with_its_heads(tmp_path, tokenizer):
    torch.manual_seed(0)
    bert = BertModel(BertConfig(vocab_size=4, **export.SHAPE), add_pooling_layer=False).eval()
    weights = {f"bert.{key}": value for key, value in bert.state_dict().items()}
    for name, size in {"span": 2, "has": 1, "nli": 3}.items():
        weights |= {f"{name}.weight": torch.randn(size, 384), f"{name}.bias": torch.zeros(size)}
    made = export_reader.export(weights, tokenizer, tmp_path / "made")
    assert (tmp_path / "made" / MODEL).stat().st_size < 14e6  # 10.6 million weights, in 8 bits with their scales
    ids, types = torch.tensor([[1, 2, 3, 1]]), torch.tensor([[0, 0, 1, 1]])
    with torch.no_grad():
        hidden = bert(input_ids=ids, token_type_ids=types).last_hidden_state[0]
    exact = [hidden @ weights["span.weight"][0], hidden @ weights["span.weight"][1]]
    exact += [hidden[0] @ weights["has.weight"][0], weights["nli.weight"] @ hidden[0]]
    model = OnnxModel(tmp_path / "made")
    assert model.described == made
    for found, wanted in zip(model.run(ids[0].tolist(), types[0].tolist()), exact, strict=True):
        assert np.allclose(found, wanted.numpy(), atol=0.05 * float(torch.stack(exact[:2]).abs().max()))
    del weights["has.bias"]
    with pytest.raises(EncoderError, match="not the weights of a reader"):
        export_reader.export(weights, tokenizer, tmp_path / "other")


def test_the_mean_of_several_weights_is_exported():
    one, other = {"a": torch.tensor([0.0, 2.0])}, {"a": torch.tensor([1.0, 4.0])}
    assert export_reader.mean([one, other])["a"].tolist() == [0.5, 3.0]
    with pytest.raises(EncoderError, match="not of one network"):
        export_reader.mean([one, {"b": torch.tensor([1.0])}])
