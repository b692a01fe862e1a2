"""Chat messages in OpenAI's form, to a question and back."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from rag.errors import QuestionError
from rag.schema import Answer, Turn
from ui.api.asking import Asked
from ui.api.records import answer_record, sources_of, without_sources

MODEL = "reportqa"


def asked_in(messages: Any) -> Asked:
    """The question in ``messages``: the last of the user's, with what was said before it.

    Of content in parts the text counts; system and tool messages do not. Raises QuestionError.
    """
    if not isinstance(messages, list):
        raise QuestionError("messages: must be a list of messages, each with a role and content.")
    said = [(str(_field(message, "role")), _text(_field(message, "content"))) for message in messages]
    users = [number for number, (role, _) in enumerate(said) if role == "user"]
    if not users:
        raise QuestionError("messages: there is no message of the role user, so there is no question.")
    return Asked(said[users[-1]][1], tuple(_turns(said[: users[-1]])))


def _field(message: Any, name: str) -> Any:
    if not isinstance(message, dict) or name not in message:
        raise QuestionError(f"messages: each message is an object with role and content; one has no {name}.")
    return message[name]


def _text(content: Any) -> str:
    if content is None or isinstance(content, str):
        return content or ""
    if not isinstance(content, list):
        raise QuestionError("messages: content must be a text or a list of parts.")
    parts = [part for part in content if isinstance(part, dict) and part.get("type") == "text"]
    return "\n".join(str(part.get("text", "")) for part in parts)


def _turns(said: Sequence[tuple[str, str]]) -> Iterator[Turn]:
    """A question and the answer that follows it; questions without an answer say nothing."""
    question = ""
    for role, text in said:
        if role == "user":
            question = text
        elif role == "assistant" and question:
            yield Turn(question, without_sources(text))
            question = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to one request: ``model`` is the name that it asked for."""

    question: str
    model: str
    id: str = field(default_factory=lambda: f"chatcmpl-{uuid.uuid4().hex}")
    created: int = field(default_factory=lambda: int(time.time()))

    def whole(self, answer: Answer) -> dict[str, Any]:
        """A ``chat.completion`` object."""
        message = {"role": "assistant", "content": self.text(answer), "refusal": None}
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
        usage = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}
        return {**self._head("chat.completion"), "choices": [choice], "usage": usage, **_extra(answer)}

    def chunk(self, text: str, *, is_first: bool = False) -> dict[str, Any]:
        """A ``chat.completion.chunk`` object with a piece of the text."""
        delta = {"role": "assistant", "content": text} if is_first else {"content": text}
        return self._chunk(delta, None)

    def end(self, answer: Answer) -> dict[str, Any]:
        """The last chunk, with the citations."""
        return {**self._chunk({}, "stop"), **_extra(answer)}

    def text(self, answer: Answer) -> str:
        """Text of the answer with its markers, what the user is to know about it, and below it the sources."""
        parts = [answer.text, *answer.notes, sources_of(answer, self.question)]
        return "\n\n".join(part for part in parts if part)

    def _chunk(self, delta: dict[str, str], reason: str | None) -> dict[str, Any]:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": reason}
        return {**self._head("chat.completion.chunk"), "choices": [choice]}

    def _head(self, kind: str) -> dict[str, Any]:
        return {"id": self.id, "object": kind, "created": self.created, "model": self.model}


def _extra(answer: Answer) -> dict[str, Any]:
    """Fields that OpenAI does not have; its clients pass them on or leave them."""
    whole = answer_record(answer)
    return {"citations": whole["citations"], "reportqa": whole}
