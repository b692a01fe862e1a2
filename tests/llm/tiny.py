"""A GGUF that llama.cpp runs: a Llama of two layers with random weights, one token for each byte."""

from __future__ import annotations

from pathlib import Path

import gguf
import numpy as np

WIDTH, LAYERS, HEADS, HEAD = 64, 2, 4, 16
CONTEXT = 2048
TEMPLATE = "{% for m in messages %}<{{ m.role }}>{{ m.content }}\n{% endfor %}<assistant>"
_SPECIAL = ["<unk>", "<s>", "</s>"]
_LETTERS = {*b"abcdefghijklmnopqrstuvwxyz ."}


def write(path: Path, *, seed: int = 0) -> Path:
    """Write the model. It answers any prompt with small letters, spaces and stops, and never comes to an end."""
    rng = np.random.default_rng(seed)
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_name("tiny")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(2 * WIDTH)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_rope_dimension_count(HEAD)
    writer.add_layer_norm_rms_eps(1e-5)
    _add_tokens(writer)
    vocabulary = len(_SPECIAL) + 256

    def tensor(name: str, *shape: int) -> None:
        writer.add_tensor(name, rng.normal(0, 0.1, shape).astype(np.float32))

    def ones(name: str) -> None:
        writer.add_tensor(name, np.ones(WIDTH, np.float32))

    # The first dimension is the same for every token, and tells letters from the rest at the end.
    embedding = rng.normal(0, 1, (vocabulary, WIDTH)).astype(np.float32)
    embedding[:, 0] = 4
    head = rng.normal(0, 1, (vocabulary, WIDTH)).astype(np.float32)
    head[:, 0] = [20 if token - len(_SPECIAL) in _LETTERS else -20 for token in range(vocabulary)]
    writer.add_tensor("token_embd.weight", embedding)
    writer.add_tensor("output.weight", head)
    ones("output_norm.weight")
    for layer in range(LAYERS):
        block = f"blk.{layer}"
        ones(f"{block}.attn_norm.weight")
        ones(f"{block}.ffn_norm.weight")
        for name in ("attn_q", "attn_k", "attn_v", "attn_output"):
            tensor(f"{block}.{name}.weight", WIDTH, WIDTH)
        tensor(f"{block}.ffn_gate.weight", 2 * WIDTH, WIDTH)
        tensor(f"{block}.ffn_up.weight", 2 * WIDTH, WIDTH)
        tensor(f"{block}.ffn_down.weight", WIDTH, 2 * WIDTH)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _add_tokens(writer: gguf.GGUFWriter) -> None:
    special = [gguf.TokenType.UNKNOWN, gguf.TokenType.CONTROL, gguf.TokenType.CONTROL]
    tokens = [*_SPECIAL, *(f"<0x{byte:02X}>" for byte in range(256))]
    writer.add_tokenizer_model("llama")
    writer.add_token_list(tokens)
    writer.add_token_scores([0.0] * len(tokens))
    writer.add_token_types([*special, *[gguf.TokenType.BYTE] * 256])
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_unk_token_id(0)
    writer.add_add_bos_token(True)
    writer.add_add_space_prefix(False)
    writer.add_chat_template(TEMPLATE)
