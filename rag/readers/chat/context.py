"""The prompt: rules, passages as quoted data that fit the model's context, the question."""

from __future__ import annotations

import hashlib
import hmac
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.errors import ModelOverflow
from rag.prompts import PASSAGE, SENTINEL, SYSTEM, USER
from rag.schema import ChatModel, Message, Passage, UnitKind

MOST_ANSWER_TOKENS = 1_024  # what thinks aloud needs more than its answer
_OF_CONTEXT = 3  # the answer's part of the context: one in so many
_AROUND = 32  # tokens that a chat's template puts around its messages, at most
# What engines or models may take for a turn or a tool of the chat, though it stands in a passage.
_CONTROL = re.compile(r"<(?=[|/!]?[\w|｜])|\[(?=/?(?:INST|TOOL|AVAILABLE_TOOLS))", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Prompt:
    """Messages for a model; ``places`` gives for each key the index of its passage."""

    messages: tuple[Message, ...]
    places: dict[str, int]
    max_tokens: int


def build_prompt(model: ChatModel, question: str, passages: Sequence[Passage], language: str, secret: bytes) -> Prompt:
    """The prompt with as many passages as fit, the best first.

    Keys and the lines around the passages follow from ``secret`` and all that the prompt holds: no
    report can hold them, while the same question gives the same prompt again. Where not even the
    best passage fits, it is cut after as many of its units as do.

    :raises ModelOverflow: not even the first unit of the best passage fits.
    """
    stamp = hmac.new(secret, repr((question, [passage.chunk.text for passage in passages])).encode(), hashlib.sha256)
    keys, fence = _keys(stamp.digest(), passages), f"----- {stamp.hexdigest()[:20]} -----"
    answer = min(MOST_ANSWER_TOKENS, model.context_tokens // _OF_CONTEXT)
    room = model.context_tokens - answer - _AROUND
    entries = [_entry(key, passage) for key, passage in zip(keys, passages, strict=True)]

    def prompt(texts: Sequence[str]) -> Prompt:
        shown = keys[: len(texts)]
        system = SYSTEM[language].format(keys=", ".join(shown), fence=fence, sentinel=SENTINEL)
        user = USER[language].format(fence=fence, passages="\n\n".join(texts), question=_defused(question))
        messages = (Message("system", system), Message("user", user))
        return Prompt(messages, {key: place for place, key in enumerate(shown)}, answer)

    whole = prompt(entries)
    if _tokens(model, whole) <= room:  # mostly: one count for all
        return whole
    room -= _tokens(model, prompt([]))
    kept, used = 0, 0
    for entry in entries:
        used += model.count_tokens(entry) + 8  # its key among the rules, and the lines between
        if used > room:
            break
        kept += 1
    if kept:
        return prompt(entries[:kept])
    return prompt([_cut(model, keys[0], passages[0], room)])


def _tokens(model: ChatModel, prompt: Prompt) -> int:
    return model.count_tokens("\n".join(message.content for message in prompt.messages))


def _keys(digest: bytes, passages: Sequence[Passage]) -> list[str]:
    """Distinct keys that stand in no passage: a letter and two digits, more where there are too few of these."""
    rng = random.Random(digest)  # noqa: S311 - the digest is secret
    held = "\n".join(f"{one.chunk.text}\n{one.chunk.context}\n{one.report.title}" for one in passages).lower()
    taken = set(re.findall(r"k\d+", held))
    digits = 2
    while len(free := [key for n in range(10 ** (digits - 1), 10**digits) if (key := f"k{n}") not in taken]) < len(
        passages
    ):
        digits += 1
    return rng.sample(free, len(passages))


def _entry(key: str, passage: Passage, text: str | None = None) -> str:
    report, chunk = passage.report, passage.chunk
    row = bool(chunk.units) and chunk.units[0].kind is UnitKind.ROW
    # A row means nothing without the title and the heads of its table, which its context holds.
    about = chunk.context.splitlines() if row and chunk.context else [report.title, " > ".join(passage.section)]
    parts = [part for part in about if part]
    if report.period and report.period.label not in parts[0]:
        parts.insert(1, report.period.label)
    if report.published:
        parts.insert(1, f"published {report.published.isoformat()}")
    shown = chunk.text if text is None else text
    shown = shown if row else " ".join(shown.split())
    return PASSAGE.format(key=key, source=_defused(" · ".join(parts)), text=_defused(shown))


def _defused(text: str) -> str:
    """``text`` in which nothing looks like a mark of a chat's template."""
    return _CONTROL.sub(lambda mark: {"<": "‹", "[": "("}[mark[0]], text)


def _cut(model: ChatModel, key: str, passage: Passage, room: int) -> str:
    chunk = passage.chunk
    for unit in reversed(chunk.units):
        entry = _entry(key, passage, chunk.text[: unit.end - chunk.start])
        if model.count_tokens(entry) + 8 <= room:
            return entry
    raise ModelOverflow(
        f"The context of {model.name!r}, {model.context_tokens:,} tokens, does not hold the question and one passage: "
        "start the model with a longer context."
    )
