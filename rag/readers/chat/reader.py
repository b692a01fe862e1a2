"""The reader over a local LLM: prompt, stream, and the draft that the reply makes."""

from __future__ import annotations

import logging
import re
import secrets
import threading
from collections.abc import Iterator, Sequence

from rag.errors import ModelError, ModelOverflow
from rag.facts import check
from rag.prompts import CONDENSE_SYSTEM, CONDENSE_TURN, CONDENSE_USER, SENTINEL
from rag.readers.chat.attribute import Source, attributed, cited_quotes
from rag.readers.chat.context import Prompt, build_prompt
from rag.readers.chat.markers import Reply, ReplyParser
from rag.readers.chat.split import Said, statements
from rag.schema import ChatModel, Draft, DraftSentence, Message, Passage, Quote, Turn
from rag.text import fold, language_of

log = logging.getLogger(__name__)

_QUESTION_TOKENS = 128  # of a question on its own
_TURNS = 4  # last turns of the history that the model is shown
_TURN_CHARS = 400  # of an answer among them

_NOTES = {
    "en": {
        "unknown": "The model cited {keys}, which it was not given; that was left aside.",
        "looped": "The model began to repeat itself and was stopped.",
        "long": "The model did not come to an end and was stopped.",
        "abstains": "The model found no answer in the nearest passages.",
    },
    "es": {
        "unknown": "El modelo citó {keys}, que no se le dio; no se tuvo en cuenta.",
        "looped": "El modelo empezó a repetirse y se detuvo.",
        "long": "El modelo no llegaba a un final y se detuvo.",
        "abstains": "El modelo no encontró respuesta en los pasajes más cercanos.",
    },
}


class ChatReader:
    """Has a chat model write the answer from the passages, and finds the quotes for what it wrote.

    The draft is not verified: a sentence may have quotes that do not bear it out, or none. Safe to
    use from several threads if the model is.

    :param model: answers, and condenses follow-up questions; ``name`` is its name.
    """

    def __init__(self, model: ChatModel) -> None:
        self._model = model
        self._secret = secrets.token_bytes(32)
        self.name = model.name

    def read(self, question: str, passages: Sequence[Passage]) -> Draft:
        """See :class:`rag.schema.Reader`; as :meth:`stream` without the pieces."""
        *_, draft = self.stream(question, passages)
        assert isinstance(draft, Draft)
        return draft

    def stream(self, question: str, passages: Sequence[Passage]) -> Iterator[str | Draft]:
        """Yield the reply's text as it comes, without markers and thoughts, and last the draft.

        Closing the iterator stops the model. The answer is in the question's language; without
        passages the model is not asked.

        :raises ModelError: the model cannot be used, broke off, or gave nothing that can be used.
        """
        if not passages:
            yield Draft()
            return
        language = language_of(question)
        prompt = build_prompt(self._model, question, passages, language, self._secret)
        parser = ReplyParser(prompt.places)
        yield from self._taken(prompt.messages, prompt.max_tokens, parser)
        yield self._draft(parser.reply, prompt, passages, language)

    def _taken(self, messages: Sequence[Message], max_tokens: int, parser: ReplyParser) -> Iterator[str]:
        """Let ``parser`` read the model's reply to its end; yields the text that is certain as it comes."""
        stop = threading.Event()
        pieces = self._model.stream(messages, max_tokens=max_tokens, cancelled=stop.is_set)
        try:
            for piece in pieces:
                if new := parser.feed(piece):
                    yield new
                if parser.stopped:
                    break
        finally:
            stop.set()
            if close := getattr(pieces, "close", None):
                close()
        if rest := parser.close():
            yield rest

    def _draft(self, reply: Reply, prompt: Prompt, passages: Sequence[Passage], language: str) -> Draft:
        texts = "\n".join(passage.chunk.text for passage in passages)
        found = statements(reply, texts)
        words = _NOTES[language]
        notes = [words["looped"]] if reply.looped else [words["long"]] if reply.endless else []
        if reply.unknown:
            notes.append(words["unknown"].format(keys=", ".join(f"[{key}]" for key in reply.unknown[:5])))
        if found.abstains:
            if fold(SENTINEL) in fold(texts):
                raise ModelError(f"{self.name!r} gave no answer, in words that one of the passages tells it to write.")
            return Draft(reason=words["abstains"], notes=tuple(notes))
        if not found.said:
            raise ModelError(f"The reply of {self.name!r} holds no sentence.")
        sources = [Source(index, passages[index]) for index in prompt.places.values()]
        said = tuple(DraftSentence(one.text, _quotes(one, prompt, sources)) for one in found.said)
        return Draft(said, notes=tuple(notes))

    def condense(self, question: str, history: Sequence[Turn]) -> str:
        """The last question as it is asked without the turns before it; "" if the model made nothing fit of it.

        Fit is one line in the question's language, without figures, dates and names that neither the
        question nor the turns shown to the model hold.

        :raises ModelError: the model cannot be used or broke off.
        """
        turns = [turn for turn in history if turn.question.strip()][-_TURNS:]
        language = language_of(question, default=language_of(turns[-1].question) if turns else "en")
        if not turns:
            return ""
        prompt = self._conversation(question, turns, language)
        while turns and self._model.count_tokens(prompt[0].content + prompt[1].content) > self._room:
            turns = turns[1:]
            prompt = self._conversation(question, turns, language)
        if not turns:
            raise ModelOverflow(f"The context of {self.name!r} does not hold the question and one earlier turn.")
        parser = ReplyParser(())
        for _ in self._taken(prompt, self._most_tokens, parser):
            pass
        shown = [question, *(part for turn in turns for part in (turn.question, turn.answer))]
        return _standalone(parser.reply.text, language, shown)

    @property
    def _most_tokens(self) -> int:
        # A model that thinks first spends most of them so.
        return min(8 * _QUESTION_TOKENS, self._model.context_tokens // 3)

    @property
    def _room(self) -> int:
        return self._model.context_tokens - self._most_tokens - _QUESTION_TOKENS

    def _conversation(self, question: str, turns: Sequence[Turn], language: str) -> tuple[Message, Message]:
        shown = "\n".join(
            CONDENSE_TURN[language].format(question=turn.question, answer=turn.answer[:_TURN_CHARS]) for turn in turns
        )
        user = CONDENSE_USER[language].format(turns=shown, question=question)
        return Message("system", CONDENSE_SYSTEM[language]), Message("user", user)


def _quotes(said: Said, prompt: Prompt, sources: Sequence[Source]) -> tuple[Quote, ...]:
    """From the passages that a sentence cites; where they bear nothing of it, from the one that does."""
    cited = cited_quotes(said.text, [sources[prompt.places[key]] for key in said.keys])
    return cited or attributed(said.text, sources)


def _standalone(written: str, language: str, shown: Sequence[str]) -> str:
    lines = [line.strip() for line in written.splitlines() if line.strip()]
    if len(lines) != 1:
        return ""
    question = re.sub(r"^[^:?¿]{0,40}:\s*", "", lines[0]).strip(" \"'“”«»*`_")
    if not question or language_of(question, default=language) != language:
        return ""
    if check(question, shown).missing:
        log.info("a condensed question with facts of its own was left aside")
        return ""
    return question
