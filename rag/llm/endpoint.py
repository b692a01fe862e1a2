"""A chat model behind an OpenAI-compatible endpoint, asked through LlamaIndex's client."""

from __future__ import annotations

import asyncio
import logging
import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Self

from rag.errors import ModelBroke, ModelError, ModelTimeout
from rag.llm import http
from rag.llm.faults import Faults
from rag.llm.key import Key
from rag.llm.probe import Found, probe
from rag.llm.tokens import upper_estimate
from rag.schema import Message

_LOOK_S = 0.05  # how often a waiting stream looks whether it was cancelled
_REFUSED_PAUSES_S = (0.2, 0.6)  # before trying again where nothing listened
_LOADING_PAUSE_S = 0.5  # before trying again where a model was being loaded
_COUNTS_KEPT = 4096
_COUNT_TIMEOUT_S = 5.0

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds to wait: for the first piece of a reply, for the next one, and for a model to be loaded (HTTP 503).

    The first piece comes when the whole prompt was read: minutes, for a large model on a small processor.
    """

    first_token_s: float = 300.0
    next_token_s: float = 60.0
    loading_s: float = 30.0


class Endpoint:
    """One model of an endpoint; see :class:`rag.schema.ChatModel`. Safe to use from several threads.

    :param url: of the API, as :func:`rag.llm.http.base_url` gives it.
    :param found: what :func:`rag.llm.probe.probe` found there.
    :param context_tokens: overrules what was found; 0 to take that.
    """

    def __init__(
        self, url: str, found: Found, *, key: Key, context_tokens: int = 0, patience: Patience | None = None
    ) -> None:
        self.url, self.found, self.name = url, found, found.model
        self.context_tokens = context_tokens or found.context_tokens
        self._patience = patience or Patience()
        self._faults = Faults(url, found.model, key)
        self._http = http.streaming_client(key)
        self._chat = _client(url, found, self._http)
        self._counting = http.client(key, _COUNT_TIMEOUT_S) if found.count_url else None
        self._counted = lru_cache(_COUNTS_KEPT)(self._count)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="llm", daemon=True)
        self._thread.start()

    @classmethod
    def open(
        cls, url: str, model: str = "", *, key: Key, context_tokens: int = 0, patience: Patience | None = None
    ) -> Endpoint:
        """Ask the endpoint what it has, and connect to its ``model``.

        :raises ConfigError: ``url`` is no address of an API.
        :raises ModelError: nothing answers there, or it has no such model.
        """
        url = http.base_url(url)
        return cls(url, probe(url, model, key), key=key, context_tokens=context_tokens, patience=patience)

    def close(self) -> None:
        """Break off what is under way. May be called again."""
        if self._loop.is_closed():
            return
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        if self._counting:
            self._counting.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def count_tokens(self, text: str) -> int:
        """Exact where the server counts (llama.cpp, vLLM), else :func:`upper_estimate`."""
        return self._counted(text)

    def stream(self, messages: Sequence[Message], *, max_tokens: int, cancelled: Callable[[], bool]) -> Iterator[str]:
        """See :class:`rag.schema.ChatModel`.

        It is tried again only before the first piece, where nothing listened (twice, within a second) or
        the model was being loaded. Closing the iterator breaks off the reply, as ``cancelled`` does.
        """
        if cancelled():
            return
        if self._loop.is_closed():
            raise ModelBroke(f"The connection to {self.url} was closed.")
        pieces: queue.SimpleQueue[_Event] = queue.SimpleQueue()
        running = asyncio.run_coroutine_threadsafe(self._send(list(messages), max_tokens, pieces), self._loop)
        begun = False
        try:
            while True:
                limit = self._patience.next_token_s if begun else self._patience.first_token_s
                event = self._next(pieces, running, limit, cancelled, begun)
                if event is None or event is _DONE:
                    return
                if isinstance(event, Exception):
                    raise self._explained(event)
                begun = True
                if event:
                    yield event
        finally:
            running.cancel()

    def _next(
        self,
        pieces: queue.SimpleQueue[_Event],
        running: Future[None],
        limit: float,
        cancelled: Callable[[], bool],
        begun: bool,
    ) -> _Event | None:
        """What comes next; None once cancelled."""
        deadline = time.monotonic() + limit
        while not cancelled():
            left = deadline - time.monotonic()
            if left <= 0:
                what = "stopped sending for" if begun else "sent nothing for"
                raise ModelTimeout(f"{self.name!r} at {self.url} {what} {limit:g} s.")
            try:
                return pieces.get(timeout=min(_LOOK_S, left))
            except queue.Empty:
                if running.done() and pieces.empty():
                    raise ModelBroke(f"The connection to {self.url} was closed.") from None
        return None

    async def _send(self, messages: list[Message], max_tokens: int, pieces: queue.SimpleQueue[_Event]) -> None:
        """Put the pieces of the reply into the queue ("" for a sign of life), and last how it ended."""
        started, tries = time.monotonic(), 0
        while True:
            try:
                finished = begun = False
                async for piece, end in self._reply(messages, max_tokens):
                    begun, finished = True, finished or end
                    if piece is not None:
                        pieces.put(piece)
                if not finished:
                    raise ModelBroke(
                        f"{self.url} ended the reply in the middle."
                        if begun
                        else f"{self.url} sent no reply. Does its address end in /v1?"
                    )
                return pieces.put(_DONE)
            except Exception as error:  # whatever it is goes to the thread that waits
                pause = None if begun else self._pause(error, tries, time.monotonic() - started)
                if pause is None:
                    return pieces.put(error)
                log.info("%s: trying again in %s s", self.url, pause)
                tries += 1
                await asyncio.sleep(pause)

    async def _reply(self, messages: list[Message], max_tokens: int) -> Any:
        """Yield (piece, whether it is the last); a thought is a piece of "", what tells nothing is None."""
        from llama_index.core.llms import ChatMessage

        asked = [ChatMessage(role=one.role, content=one.content) for one in messages]
        async for chunk in await self._chat.astream_chat(asked, max_tokens=max_tokens):
            choices = chunk.raw.choices if chunk.raw else ()
            alive = chunk.delta or chunk.additional_kwargs.get("thinking_delta")
            yield (chunk.delta or "") if alive else None, any(choice.finish_reason for choice in choices)

    def _pause(self, error: Exception, tries: int, waited_s: float) -> float | None:
        """Seconds after which to try again; None where that would not help."""
        import httpx
        import openai

        if isinstance(error, openai.APIConnectionError) and isinstance(error.__cause__, httpx.ConnectError):
            return _REFUSED_PAUSES_S[tries] if tries < len(_REFUSED_PAUSES_S) else None
        loading = isinstance(error, openai.APIStatusError) and error.status_code == 503
        return _LOADING_PAUSE_S if loading and waited_s < self._patience.loading_s else None

    def _explained(self, error: Exception) -> ModelError:
        explained = self._faults.explain(error)
        log.info("%s: %s", type(explained).__name__, explained)
        explained.__suppress_context__ = True  # it may hold what the endpoint said, unshortened
        return explained

    async def _stop(self) -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await self._http.aclose()

    def _count(self, text: str) -> int:
        if self._counting is None:
            return upper_estimate(text)
        vllm = self.found.server == "vLLM"
        body = {"model": self.name, "prompt": text} if vllm else {"content": text}
        try:
            response = self._counting.post(self.found.count_url, json={**body, "add_special_tokens": False})
            counted = response.json()
            return int(counted["count"]) if vllm else len(counted["tokens"])
        except Exception as error:  # an estimate will do
            log.info("%s does not count tokens: %s", self.url, type(error).__name__)
            return upper_estimate(text)


class _Done:
    """The reply came to its end."""


_DONE = _Done()
_Event = str | Exception | _Done


def _client(url: str, found: Found, sending: Any) -> Any:
    """LlamaIndex's client, which never learns the key: it would show it."""
    import openai.resources.chat.completions  # noqa: F401 - now, and not with the first question
    from llama_index.llms.openai_like import OpenAILike

    return OpenAILike(
        model=found.model,
        api_base=url,
        api_key="unused",
        is_chat_model=True,
        context_window=found.context_tokens,
        temperature=0.0,  # the same question gives the same answer
        max_retries=0,
        additional_kwargs=dict(found.extra),
        async_http_client=sending,
    )
