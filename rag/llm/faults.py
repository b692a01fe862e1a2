"""What went wrong between us and an endpoint, as one of the errors that a user is shown."""

from __future__ import annotations

import json
import re
from typing import Any

from rag.errors import ModelBroke, ModelError, ModelMissing, ModelOverflow, ModelRefused, ModelTimeout
from rag.llm.key import Key

_SHOWN = 200  # characters of what an endpoint said
_TOO_LONG = re.compile(
    r"exceed_context_size|context_length_exceeded"
    r"|(?:exceed|maximum|larger|greater|longer|too (?:long|large|small)|overflow|does not fit)[^\n]{0,60}\bcontext\b"
    r"|\bcontext\b[^\n]{0,80}(?:exceed|maximum|overflow|too (?:long|large|small))"
    r"|prompt (?:is )?too long",
    re.IGNORECASE,
)
_NO_MODEL = re.compile(
    r"model\b[^\n]{0,120}(?:not found|not exist|unknown|no such|not loaded)|no such model", re.IGNORECASE
)


class Faults:
    """Turns what the client raises into a ``ModelError``.

    :param url: of the endpoint.
    :param model: its name there.
    :param key: kept out of every message.
    """

    def __init__(self, url: str, model: str, key: Key) -> None:
        self._url, self._model, self._key = url, model, key

    def explain(self, error: Exception) -> ModelError:
        """The error to raise in its place."""
        import httpx
        import openai

        if isinstance(error, ModelError):
            return error
        if isinstance(error, openai.APIStatusError):
            return self._status(error.status_code, error.response)
        if isinstance(error, openai.APIConnectionError):  # a timeout too
            return self._connection(error.__cause__ or error)
        if isinstance(error, openai.APIError):  # the endpoint says so in the middle of a reply
            return self._said(str(error.message))
        if isinstance(error, httpx.HTTPError):
            return self._connection(error)
        if isinstance(error, UnicodeDecodeError):
            return ModelBroke(f"{self._url} sent bytes that are no UTF-8. Is it an OpenAI-compatible API?")
        return ModelBroke(
            f"{self._url} did not answer as an OpenAI-compatible API does ({type(error).__name__}). "
            "Does its address end in /v1?"
        )

    def status(self, response: Any) -> ModelError:
        """The error for an answer to a plain request that is no success."""
        return self._status(response.status_code, response)

    def _connection(self, cause: BaseException) -> ModelError:
        import httpx

        if isinstance(cause, httpx.ConnectTimeout | httpx.ConnectError | httpx.UnsupportedProtocol):
            return ModelMissing(
                f"Nothing answers at {self._url} ({self._brief(str(cause))}). "
                "Start the server of the model, or correct the address."
            )
        if isinstance(cause, httpx.TimeoutException):
            return ModelTimeout(f"{self._url} did not answer in time.")
        return ModelBroke(f"{self._url} broke the connection off ({self._brief(str(cause)) or type(cause).__name__}).")

    def _status(self, code: int, response: Any) -> ModelError:
        message = _message(response)
        said = self._brief(message)
        if 300 <= code < 400:
            place = self._brief(response.headers.get("location", "elsewhere"))
            return ModelRefused(f"{self._url} sends on to {place}, which was not named. If it is right, name it.")
        if code in (400, 413, 422, 500) and (_TOO_LONG.search(message) or _TOO_LONG.search(response.text)):
            return self._overflow(said)
        if code in (400, 404) and _NO_MODEL.search(message):
            return ModelMissing(f"{self._url} has no model {self._model!r}: {said}")
        if code in (401, 403):
            hint = "refuses the key that was given" if self._key else "wants a key: set REPORTQA_LLM_KEY"
            return ModelRefused(f"{self._url} {hint} (HTTP {code}: {said}).")
        if code == 404:
            return ModelRefused(f"{self._url} has no chat there (HTTP 404: {said}). Does its address end in /v1?")
        return ModelRefused(f"{self._url} answered with HTTP {code}: {said or 'without a reason'}.")

    def _said(self, message: str) -> ModelError:
        said = self._brief(message)
        if _TOO_LONG.search(said):
            return self._overflow(said)
        return ModelBroke(f"{self._url} broke off its reply: {said or 'without a reason'}.")

    def _overflow(self, said: str) -> ModelOverflow:
        return ModelOverflow(
            f"The context of {self._model!r} is too small for the question with its passages: {said}. "
            "Serve it with a longer one, or say how long it is with --llm-context."
        )

    def _brief(self, text: str) -> str:
        """What an endpoint said, without the key, on one line and not long."""
        line = " ".join("".join(one if one.isprintable() else " " for one in self._key.hide(text)).split())
        return (line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…").rstrip(".")


def _message(response: Any) -> str:
    """The message of an error: ``{"error": {"message": …}}``, ``{"error": …}``, ``{"message": …}``, or the text."""
    try:
        body = json.loads(response.content)
    except ValueError:
        return re.sub(r"<[^>]*>", " ", response.text)
    error = body.get("error", body) if isinstance(body, dict) else body
    if isinstance(error, dict):
        return " ".join(str(error[name]) for name in ("message", "detail") if isinstance(error.get(name), str))
    return str(error)
