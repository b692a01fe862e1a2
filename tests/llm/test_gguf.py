"""The header of a GGUF file is read, and what is wrong with a file is said before it is loaded."""

import random
import struct

import pytest

from llm import tiny
from rag.errors import ModelError, ModelMissing
from rag.llm.engine import CONTEXTS, plan
from rag.llm.gguf import Header, read_header


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    return tiny.write(tmp_path_factory.mktemp("gguf") / "tiny.gguf")


def test_a_header_says_what_a_model_needs(whole):
    header = read_header(whole)
    assert (header.architecture, header.name, header.context_tokens) == ("llama", "tiny", tiny.CONTEXT)
    assert header.file_bytes == whole.stat().st_size
    # Keys and values of two layers and four heads, each of 16 numbers of two bytes.
    assert header.cache_bytes == 2 * 2 * 4 * 16 * 2 == 512
    assert header.vocabulary == 259


BROKEN = {
    "empty": (lambda raw: b"", "not a GGUF file"),
    "text": (lambda raw: b"not a model\n" * 100, "not a GGUF file"),
    "an archive": (lambda raw: b"PK\x03\x04" + raw[4:], "not a GGUF file"),
    "its name only": (lambda raw: b"GGUF", "damaged or cut off"),
    "cut in the header": (lambda raw: raw[:1000], "damaged or cut off"),
    "cut in the tensors": (lambda raw: raw[:-1], "not complete: .* Get it again"),
    "half": (lambda raw: raw[: len(raw) // 2], "not complete"),
    "version 1": (lambda raw: raw[:4] + struct.pack("<I", 1) + raw[8:], "version 1 is not known"),
    "the other order of bytes": (lambda raw: raw[:4] + struct.pack(">I", 3) + raw[8:], "version 50331648 is not known"),
    "too many entries": (lambda raw: raw[:16] + struct.pack("<Q", 1 << 60) + raw[24:], "damaged"),
    "too many tensors": (lambda raw: raw[:8] + struct.pack("<Q", 1 << 60) + raw[16:], "damaged"),
    "too long a text": (lambda raw: raw[:24] + struct.pack("<Q", 1 << 60) + raw[32:], "damaged"),
    "no language model": (lambda raw: raw.replace(b"llama.block_count", b"llama.block_cound"), "no language model"),
    "no tokenizer": (lambda raw: raw.replace(b"tokenizer.ggml.model", b"tokenizer.ggml.mode1"), "no language model"),
}


@pytest.mark.parametrize(("broken", "said"), BROKEN.values(), ids=BROKEN)
def test_what_is_wrong_with_a_file_is_said(whole, tmp_path, broken, said):
    path = tmp_path / "bad.gguf"
    path.write_bytes(broken(whole.read_bytes()))
    with pytest.raises(ModelMissing, match=said) as caught:
        read_header(path)
    assert str(path) in str(caught.value)


def test_no_file_and_no_permission(tmp_path):
    with pytest.raises(ModelMissing, match="no such file"):
        read_header(tmp_path / "none.gguf")
    with pytest.raises(ModelMissing, match="cannot be read: Is a directory"):
        read_header(tmp_path)


def test_any_damage_to_the_header_is_an_error_or_harmless(whole, tmp_path):
    """1,000 headers with some bytes changed: a header is read, or a ModelMissing is raised; nothing else."""
    raw, path, rng = whole.read_bytes(), tmp_path / "bad.gguf", random.Random(1)
    refused = 0
    for _ in range(1000):
        changed = bytearray(raw)
        for _ in range(rng.randint(1, 8)):
            changed[rng.randrange(8000)] = rng.randrange(256)
        path.write_bytes(changed)
        try:
            assert read_header(path).file_bytes == len(raw)
        except ModelMissing as error:
            assert str(path) in str(error)  # noqa: PT017
            refused += 1
    assert refused > 100


# --- what fits


def header(path, **changes):
    """Of a model of 4 thousand million weights at 4 bits, such as Qwen3-4B."""
    values = {
        "file_bytes": 2_500_000_000,
        "architecture": "qwen3",
        "name": "x",
        "context_tokens": 262_144,
        "cache_bytes": 36 * 8 * (128 + 128) * 2,
        "vocabulary": 151_936,
    }
    return Header(path, **{**values, **changes})


def test_more_memory_gives_a_longer_context_and_two_replies_at_once(tmp_path):
    path = tmp_path / "x.gguf"
    plans = [plan(header(path), gigabytes * 10**9) for gigabytes in (3.4, 4, 4.5, 7)]
    assert [(one.context_tokens, one.slots) for one in plans] == [(2048, 1), (4096, 1), (8192, 1), (8192, 2)]
    assert all(one.memory_bytes <= gigabytes * 10**9 for one, gigabytes in zip(plans, (3.4, 4, 4.5, 7), strict=True))


def test_a_model_that_does_not_fit_is_refused_with_the_figures(tmp_path):
    with pytest.raises(ModelError, match=r"needs 3.3 GB of memory \(2.5 GB for the file.* 3.0 GB are free"):
        plan(header(tmp_path / "x.gguf"), 3_000_000_000)
    with pytest.raises(ModelError, match="a context of 32768 tokens"):
        plan(header(tmp_path / "x.gguf"), 4_000_000_000, 32_768)


def test_the_context_asked_for_is_taken_or_refused(tmp_path):
    path = tmp_path / "x.gguf"
    assert plan(header(path), 10**11, 32_768).context_tokens == 32_768
    with pytest.raises(ModelError, match="at most 4096"):
        plan(header(path, context_tokens=4096), 10**11, 8192)
    assert plan(header(path, context_tokens=0), 10**11).context_tokens == CONTEXTS[0]
    assert plan(header(path, context_tokens=1000), 10**11).context_tokens == 1000
