"""True sentences said otherwise, and the same with one figure, year, month, place or name changed.

Made by rule (``rag.train.claims``) from the passages of MTRAG-UN, which nothing is trained on. The evidence is the
sentence among its neighbours. A verdict that is right on both halves reads the figures, not the topic.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

from eval.questions import Claim, TestSet
from eval.sets.documents import clean, finish, one_line
from eval.sets.rows import read_lines
from rag.schema import Verdict
from rag.text import language_of, sentence_spans
from rag.train.claims import refuted, supported
from rag.train.names import Places
from rag.train.sources import usable

EACH = 500
"""So many claims of either kind."""
_KINDS = ("figure", "year", "month", "place", "organisation")
_OF_ONE = 2  # at most so many swaps of one sentence
_SEED = 20


def load_swaps(data: Path) -> TestSet:
    """``EACH`` sentences said otherwise (supported), and as many with one value changed (unsupported).

    :raises DataError: the file of MTRAG-UN is missing or not in its form.
    """
    path = data / "mtrag_un/reference.jsonl"
    passages: dict[str, str] = {}
    for task in read_lines(path):
        for context in task.rows("contexts"):
            passages.setdefault(context.text("document_id"), one_line(clean(context.text("text"))))
    rng = random.Random(_SEED)  # noqa: S311 - sampling, not secrets
    pairs = list(_pairs(passages, rng))
    rng.shuffle(pairs)
    kept = _even(pairs)
    claims = [claim for pair in kept for claim in pair]
    return finish("swaps", path, claims=claims)


def _pairs(passages: dict[str, str], rng: random.Random) -> Iterator[tuple[str, Claim, Claim]]:
    """Kind of swap, the sentence said otherwise, and with one value changed."""
    places = Places(passages.items())
    seen: set[str] = set()  # passages overlap
    for name, text in passages.items():
        sentences = [text[start:end] for start, end in sentence_spans(text)]
        for at, sentence in enumerate(sentences):
            if sentence in seen or not usable(sentence) or language_of(sentence) != "en":
                continue
            seen.add(sentence)
            evidence = " ".join(sentences[max(0, at - 1) : at + 2])
            same = supported(sentence, rng)
            changed = [(kind, said) for kind, said in refuted(sentence, text, name, places, rng) if kind in _KINDS]
            if not same:
                continue
            for kind, said in rng.sample(changed, min(_OF_ONE, len(changed))):
                id = f"{name}/{at}/{kind}"
                yield (
                    kind,
                    Claim(f"{id}/said", rng.choice(same), (evidence,), Verdict.SUPPORTED),
                    Claim(f"{id}/changed", said, (evidence,), Verdict.UNSUPPORTED),
                )


def _even(pairs: list[tuple[str, Claim, Claim]]) -> list[tuple[Claim, Claim]]:
    """``EACH`` of the pairs, the kinds in equal parts as far as they reach."""
    queues = {kind: [(same, changed) for found, same, changed in pairs if found == kind] for kind in _KINDS}
    kept: list[tuple[Claim, Claim]] = []
    while len(kept) < EACH and any(queues.values()):
        for queue in queues.values():
            if queue and len(kept) < EACH:
                kept.append(queue.pop())
    return kept
