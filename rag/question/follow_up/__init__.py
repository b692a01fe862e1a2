"""Follow-up questions: what "and in 2019?" asks once the questions before it are known.

General rules over the function words of English and Spanish; no model, and nothing about reports.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.question.follow_up.complete import complete
from rag.schema import Turn

__all__ = ["standalone"]


def standalone(question: str, history: Sequence[Turn]) -> str:
    """``question`` as it would be asked without the turns before it.

    What it leaves out is taken from the last question, which may itself have been a follow-up;
    a time, place, group, organisation or interrogative that it gives replaces the earlier one. A
    question that stands by itself comes back unchanged. The result is in the question's language
    as far as function words go, also when the earlier turns are in the other.

    :param history: earlier turns, oldest first.
    """
    earlier, answer = "", ""
    for turn in history:
        if turn.question.strip():
            earlier, answer = complete(turn.question, earlier, answer) if earlier else turn.question, turn.answer
    return complete(question, earlier, answer) if earlier else question
