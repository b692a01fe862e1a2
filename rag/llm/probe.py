"""What an endpoint is, which models it has, and how long the context of one is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rag.errors import ModelMissing
from rag.llm import http
from rag.llm.faults import Faults
from rag.llm.key import Key

DEFAULT_CONTEXT = 4096
"""Tokens taken for the context of a model whose endpoint does not say: what Ollama gives by default."""

_TIMEOUT_S = 10.0
_SHOWN_MODELS = 10


@dataclass(frozen=True, slots=True)
class Found:
    """What an endpoint says of itself and of one model.

    ``server`` is its kind, ``""`` if not known. ``context_from`` says where ``context_tokens`` comes from.
    ``count_url`` is where it counts tokens, ``""`` if it does not. ``extra`` is for the body of requests.
    """

    server: str
    models: tuple[str, ...]
    model: str
    context_tokens: int
    context_from: str
    count_url: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Looked:
    """What one kind of server says; a context of 0 if it does not say."""

    server: str = ""
    context_tokens: int = 0
    context_from: str = ""
    count_url: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)


def probe(url: str, model: str, key: Key) -> Found:
    """Ask the endpoint at ``url`` for its models and the context length of ``model``.

    :param model: its name there; may be empty if the endpoint has one only.
    :raises ModelError: nothing answers, or it has no such model; the message says which it has.
    """
    with http.client(key, _TIMEOUT_S) as client:
        return _Probe(client, url, model, key).found()


class _Probe:
    def __init__(self, client: Any, url: str, model: str, key: Key) -> None:
        self._client, self._url, self._key = client, url, key
        self._root = re.sub(r"/v1$", "", url)
        self._faults = Faults(url, model, key)
        self._asked = model

    def found(self) -> Found:
        listed = self._models()
        model = self._chosen([entry["id"] for entry in listed])
        entry = next((one for one in listed if one["id"] == model), {})
        looks = (self._llama_cpp, self._ollama, self._lm_studio)
        looked = self._listed(entry) or next(filter(None, (look(model, entry) for look in looks)), _Looked())
        context, source = looked.context_tokens, looked.context_from
        if not context:
            context, source = DEFAULT_CONTEXT, "assumed, as the endpoint does not say"
        names = tuple(one["id"] for one in listed)
        return Found(looked.server, names, model, context, source, looked.count_url, looked.extra)

    def _models(self) -> list[dict[str, Any]]:
        """Entries of the models; empty if the endpoint has no such list."""
        import httpx

        try:
            response = self._client.get(f"{self._url}/models")
        except httpx.HTTPError as error:
            raise self._faults.explain(error) from error
        if response.status_code in (404, 405, 501):
            return []
        if not response.is_success:
            raise self._faults.status(response)
        try:
            entries = response.json()["data"] or []
            return [entry for entry in entries if isinstance(entry["id"], str)]
        except (ValueError, KeyError, TypeError) as error:
            raise self._faults.explain(error) from error

    def _chosen(self, names: Sequence[str]) -> str:
        if self._asked and (not names or self._asked in names):
            return self._asked
        if f"{self._asked}:latest" in names:  # Ollama's name for it
            return f"{self._asked}:latest"
        shown = ", ".join(names[:_SHOWN_MODELS]) + (" …" if len(names) > _SHOWN_MODELS else "")
        if self._asked:
            raise ModelMissing(f"{self._url} has no model {self._asked!r}. It has: {shown}.")
        if len(names) == 1:
            return names[0]
        if names:
            raise ModelMissing(f"{self._url} has several models. Name one with --model: {shown}.")
        raise ModelMissing(f"{self._url} does not say which models it has. Name one with --model.")

    def _listed(self, entry: Mapping[str, Any]) -> _Looked | None:
        """What the list of models says: vLLM, and what is served like it."""
        context = _number(entry, "max_model_len")
        if not context:
            return None
        if entry.get("owned_by") != "vllm":
            return _Looked("", context, "/v1/models")
        return _Looked("vLLM", context, "/v1/models", f"{self._root}/tokenize", _NO_THOUGHTS)

    def _llama_cpp(self, _: str, entry: Mapping[str, Any]) -> _Looked | None:
        props = self._page("GET", "/props")
        settings = props.get("default_generation_settings")
        if not isinstance(settings, dict):
            return None
        context = _number(settings, "n_ctx") or _number(entry.get("meta") or {}, "n_ctx")
        return _Looked("llama.cpp", context, "/props", f"{self._root}/tokenize", _NO_THOUGHTS)

    def _ollama(self, model: str, _: Mapping[str, Any]) -> _Looked | None:
        shown = self._page("POST", "/api/show", {"model": model})
        about = shown.get("model_info")
        if not isinstance(about, dict):
            return None
        most = max((_number(about, name) for name in about if name.endswith(".context_length")), default=0)
        # What the model was trained for is not what it runs with: Ollama cuts longer prompts without a word.
        running = (one for one in self._page("GET", "/api/ps").get("models") or () if isinstance(one, dict))
        loaded = max((_number(one, "context_length") for one in running if one.get("model") == model), default=0)
        own = re.search(r"^num_ctx\s+(\d+)", str(shown.get("parameters", "")), re.MULTILINE)
        source = "/api/ps" if loaded else "the model's num_ctx" if own else "Ollama's default"
        context = loaded or (int(own[1]) if own else DEFAULT_CONTEXT)
        return _Looked("Ollama", min(context, most or context), source, extra={"reasoning_effort": "none"})

    def _lm_studio(self, model: str, _: Mapping[str, Any]) -> _Looked | None:
        entries = self._page("GET", "/api/v0/models").get("data")
        for entry in entries if isinstance(entries, list) else ():
            if isinstance(entry, dict) and entry.get("id") == model:
                return _Looked("LM Studio", _number(entry, "loaded_context_length"), "/api/v0/models")
        return None

    def _page(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        """A page that only some servers have; empty if it is not there."""
        import httpx

        try:
            response = self._client.request(method, f"{self._root}{path}", json=body)
            found = response.json() if response.is_success else {}
        except (httpx.HTTPError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}


# Thinking costs a small model minutes, and its answer is checked anyway.
_NO_THOUGHTS = {"extra_body": {"chat_template_kwargs": {"enable_thinking": False}}}


def _number(values: Mapping[str, Any], name: str) -> int:
    found = values.get(name)
    return found if isinstance(found, int) and found > 0 else 0
