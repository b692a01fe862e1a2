"""A local LLM: behind an OpenAI-compatible endpoint, or in a .gguf file that llama.cpp runs.

with open_model("http://127.0.0.1:11434/v1", "qwen3:4b") as model:
    for piece in model.stream(messages, max_tokens=300, cancelled=lambda: False):
        ...
"""

from __future__ import annotations

from pathlib import Path

from rag.errors import ConfigError
from rag.llm.endpoint import Endpoint, Patience
from rag.llm.engine import LocalEngine
from rag.llm.key import read_key

__all__ = ["Endpoint", "LocalEngine", "Patience", "open_model"]

_LEAST_CONTEXT = 512  # tokens; less holds no passage


def open_model(
    spec: str, model: str = "", *, context_tokens: int = 0, patience: Patience | None = None
) -> Endpoint | LocalEngine:
    """The model at an address or in a file; close it after use.

    :param spec: ``http://…`` or ``https://…``, the address of an OpenAI-compatible API, or the path of a .gguf file.
    :param model: its name at the address; not needed where there is only one.
    :param context_tokens: how many tokens prompt and answer may have together; 0 to ask the endpoint, or
        for a file to take what fits the machine.
    :raises ConfigError: ``spec`` is neither, or a value cannot work.
    :raises ModelError: the model cannot be used; the message says why and what to do.
    """
    if context_tokens and context_tokens < _LEAST_CONTEXT:
        raise ConfigError(f"--llm-context {context_tokens}: a context needs at least {_LEAST_CONTEXT} tokens.")
    if spec.lower().startswith(("http://", "https://")):
        return Endpoint.open(spec, model, key=read_key(), context_tokens=context_tokens, patience=patience)
    path = Path(spec).expanduser()
    if path.suffix.lower() != ".gguf" and not path.is_file():
        raise ConfigError(
            f'"{spec}" is neither the address of an API, such as http://127.0.0.1:11434/v1, nor a .gguf file.'
        )
    if model:
        raise ConfigError(f"--model {model} is for an address; {path} holds one model only. Leave it out.")
    return LocalEngine(path, context_tokens=context_tokens, patience=patience)
