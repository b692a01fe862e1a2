"""What a question asks for: kind of answer, period, names, and the words that carry its content."""

from rag.question.analyse import Question, Term, analyse
from rag.question.patterns import Want

__all__ = ["Question", "Term", "Want", "analyse"]
