"""A chat model whose reply is a function of its prompt, and a small shelf for it to write from."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from rag.schema import Message

PERU = """# Peru situation report, May 2024

## Education

Partners trained 500 teachers in Lima during March 2024. Over 300 children received school kits in Tacna.

## Health

A total of 3,021 people received medical consultations in Arequipa. Dengue cases were 79% higher than in the same \
period of 2023.

## Shelter

Partners put up 40 tents in Tacna and 25 tents in Cusco. The shelter budget was $2.1 million.

## Contact

Write to response@example.org or see https://example.org/peru for all reports on the response of partners in 2024.
"""
COLOMBIA = """# Informe de situación de Colombia, mayo de 2024

## Protección

En Nariño, 1.250 niños y niñas recibieron atención jurídica de los socios. Los socios distribuyeron 3.400 kits de \
higiene en Cúcuta.
"""
QUESTION = "What did partners do in 2024?"
PREGUNTA = "¿Qué hicieron los socios en 2024?"

Reply = Callable[[Sequence[Message]], str]


def write_shelf(folder: Path, *more: str) -> Path:
    """A folder of the sample reports and ``more``."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, text in enumerate([PERU, COLOMBIA, *more]):
        (folder / f"report{number}.md").write_text(text, "utf-8")
    return folder


def passages_of(messages: Sequence[Message]) -> dict[str, str]:
    """Text of each passage in a prompt, with its source, by key."""
    user = messages[-1].content
    fence = user.splitlines()[0]
    shown = user.split(fence)[1]
    given = "|".join(re.findall(r"\bk\d{2,3}\b", messages[0].content)) or "none"  # a report may hold others
    parts = re.split(rf"^\[({given})\] ", shown, flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def filled(template: str, messages: Sequence[Message]) -> str:
    """``template`` with ``{phrase}`` replaced by the key of the passage that holds the phrase."""
    passages = passages_of(messages)

    def key(found: re.Match[str]) -> str:
        return next(key for key, text in passages.items() if found[1] in text)

    return re.sub(r"\{([^{}]+)\}", key, template)


def saying(template: str) -> Reply:
    """Replies with ``template``, see :func:`filled`."""
    return lambda messages: filled(template, messages)


class ScriptedModel:
    """``reply`` is called with the messages; its text comes in pieces of ``size`` characters.

    ``error`` is raised after ``after`` pieces. ``prompts`` are the messages that came; ``given`` are
    the pieces that were taken; ``closed`` counts the streams that ended or were closed.
    """

    name = "scripted"

    def __init__(
        self,
        reply: Reply,
        *,
        size: int = 5,
        context_tokens: int = 8192,
        error: Exception | None = None,
        after: int = 0,
    ) -> None:
        self.reply, self.size, self.context_tokens = reply, size, context_tokens
        self.error, self.after = error, after
        self.prompts: list[list[Message]] = []
        self.limits: list[int] = []
        self.given: list[str] = []
        self.closed = 0

    def count_tokens(self, text: str) -> int:
        return len(text.split()) + 1

    def stream(self, messages: Sequence[Message], *, max_tokens: int, cancelled: Callable[[], bool]) -> Iterator[str]:
        self.prompts.append(list(messages))
        self.limits.append(max_tokens)
        try:
            text = self.reply(messages)
            for number, start in enumerate(range(0, len(text), self.size)):
                if cancelled():
                    return
                if self.error and number == self.after:
                    raise self.error
                self.given.append(text[start : start + self.size])
                yield self.given[-1]
            if self.error:
                raise self.error
        finally:
            self.closed += 1
