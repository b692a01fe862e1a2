"""A follow-up question by itself: by a model where there is one, by rules otherwise."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from rag.errors import ModelError, ModelOverflow
from rag.pipeline.checks import MAX_QUESTION_CHARS
from rag.pipeline.writing import ModelReader
from rag.question import follow_up
from rag.schema import Reader, Turn

log = logging.getLogger(__name__)


def standalone(asked: str, history: Sequence[Turn], reader: Reader) -> tuple[str, ModelError | None]:
    """The question to search for, and why the model could not be asked for it, if so.

    What a model or the rules make of it is taken only if it is no longer than a question may be, and
    not empty.
    """
    by_rules = follow_up.standalone(asked, history)
    if len(by_rules) > MAX_QUESTION_CHARS:
        by_rules = asked
    if not history or not isinstance(reader, ModelReader):
        return by_rules, None
    try:
        condensed = reader.condense(asked, history)
    except ModelOverflow as error:  # of the conversation; the passages may fit
        log.info("follow-up question taken by rules: %s", error)
        return by_rules, None
    except ModelError as error:
        return by_rules, error
    return (condensed if condensed and len(condensed) <= MAX_QUESTION_CHARS else by_rules), None
