"""Two wants in one question: "how many children got kits, and who paid for them?"."""

from __future__ import annotations

import re

from rag.question.parts.records import Part, Split
from rag.question.parts.words import flat, tidy

_ASKS = (
    r"(?:how (?:many|much|long|often|far|large|big|high)|what|who|whom|whose|when|where|which|why|cuant[oa]s?"
    r"|que|quien(?:es)?|cuando"
    r"|donde|cual(?:es)?|como|por que)"
)
_FIRST = re.compile(rf"^(?:[^,?]{{0,40}}, |(?:to|for|by|in|from|with|at|a|en|de|por|para|con|desde)\s+)?{_ASKS}\b")
_SECOND = re.compile(
    rf"\s*[,;?]?\s*\b(?:and|y|e)\b,?\s+(?P<second>(?:(?:to|for|by|in|from|with|at|on|of|a|en|de|por|para|con"
    rf"|desde|since|until)\s+)?{_ASKS}\b.*)$"
)
# Behind these an interrogative begins a clause of its own sentence: "... and say how", "those who came and who left".
_INSIDE = re.compile(r"\b(?:those|people|persons|personas|ones|learn|know|decide|say|los|las|quienes)\s*$")
_POINTS = re.compile(
    r"\b(?:it|its|they|them|their|theirs|that|this|those|these|there|he|she|his|her|ello|eso|esto|ellos|ellas"
    r"|estos|estas|esos|esas|alli"
    r"|los|las|lo|la|su|sus)\b"
)
_WH_PHRASE = re.compile(
    rf"^(?:(?:to|for|by|in|from|with|at|a|en|de|por|para|con|desde)\s+)?{_ASKS}\b\s*(?:(?:did|do|does|was|were"
    rf"|is|are|has|have|had|fue|fueron)\s+)?"
)


def by_want(text: str, language: str) -> Split | None:
    """The two questions of one; None when there is but one. The second says in brackets what it is about."""
    asked = flat(text)
    match = _SECOND.search(asked)
    if match is None or not _FIRST.match(asked) or _INSIDE.search(asked[: match.start()]):
        return None
    first, second = tidy(text[: match.start()]), tidy(text[match.start("second") :])
    if len(first.split()) < 3 or len(second.split()) < 2:
        return None
    about = first[_WH_PHRASE.match(asked).end() :] if _WH_PHRASE.match(asked) else first  # type: ignore[union-attr]
    # A second question with a topic of its own needs no other.
    stands = len(second.split()) > 7 and not _POINTS.search(flat(second))
    opening = "¿" if language == "es" else ""
    later = second if stands else f"{second} ({about})"
    return Split(
        (
            Part(f"{opening}{first}?", _label(first), _label(first)),
            Part(f"{opening}{later[:1].upper()}{later[1:]}?", _label(second), _label(second)),
        ),
        compared=False,
    )


def _label(question: str) -> str:
    return question[:1].lower() + question[1:] if not question[:2].isupper() else question
