"""Claims whose support people have judged: the entailment sets, and the halves of WiCE and ExpertQA that are learnt.

The other halves are what the verdict is measured with; :func:`learnt` parts them, and ``eval`` asks
it, too. Only topics tell apart what is learnt from what is measured: claims of one never part.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from rag.train.common import DataFolder
from rag.train.windows import Windows, long_words

LABELS = ("supported", "refuted", "neutral")
WICE, EXPERTQA = "wice/claim_dev.jsonl", "expertqa/rand_val.jsonl"
# At most so many claims of each entailment set.
CLAIM_SETS = {
    "nli_fever_dev": 6_000,
    "nli_fever_symmetric": 1_500,
    "nli_fool_me_twice": 4_000,
    "nli_begin": 3_000,
    "nli_summedits": 4_230,
}
_LONG_PREMISE = 170  # words; longer ones are cut
_BESIDE = ("nli_fever_dev", "nli_fool_me_twice")  # whose claims are put beside each other's premises
_OFTEN = 40  # a word in more premises than this says nothing of a topic
# Before a passage that ExpertQA cites, or all there is of it; and behind what it is cited for.
LINK = re.compile(r"\A\s*\[\d+\]\s*https?://\S+\s*")
MARKER = re.compile(r"\s*\[\d+\]")
_NEAREST = 2  # windows of unsupported claims


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence and a premise that supports it, refutes it or does neither: ``LABELS[label]``."""

    text: str
    premise: str
    label: int
    source: str


def learnt(topic: str) -> bool:
    """Whether claims of a topic (an article's title, a question) are learnt; the others measure."""
    return sha256(topic.encode()).digest()[0] % 2 == 0


def all_claims(data: DataFolder, windows: Windows, rng: random.Random) -> Iterator[Claim]:
    """The claims of every set, in an order that ``rng`` depends on."""
    for name, most in CLAIM_SETS.items():
        rows = data.json_lines(f"qa/{name}.jsonl.gz")
        rng.shuffle(rows)
        found = list(_collected(rows, name, most, windows))
        yield from found
        if name in _BESIDE:
            yield from _beside(found)
    yield from wikipedia(data.json_lines(WICE), windows)
    yield from experts(data.json_lines(EXPERTQA), windows)


def _collected(rows: Sequence[Mapping[str, Any]], name: str, most: int, windows: Windows) -> Iterator[Claim]:
    count = 0
    for row in rows:
        premise = row["premise"]
        if len(premise.split()) > _LONG_PREMISE:
            window = windows.about(premise, row["hypothesis"])
            if window is None or name == "nli_summedits":  # one edited word may lie outside the window
                continue
            premise = window.text
        yield Claim(row["hypothesis"], premise, LABELS.index(row["label"]), name)
        count += 1
        if count >= most:
            return


def _beside(claims: Sequence[Claim]) -> Iterator[Claim]:
    """Every claim with the premise of another one that shares most rare words with it: neutral.

    These sets know supported and refuted only, from which no model learns what is not said.
    """
    holding: defaultdict[str, list[int]] = defaultdict(list)
    premises = list(dict.fromkeys(claim.premise for claim in claims))
    for number, premise in enumerate(premises):
        for word in sorted(long_words(premise)):
            holding[word].append(number)
    for claim in claims:
        shared: defaultdict[int, float] = defaultdict(float)
        for word in sorted(long_words(claim.text)):
            if len(holding[word]) <= _OFTEN:
                for number in holding[word]:
                    shared[number] += 1 / len(holding[word])
        own = long_words(claim.premise)
        others = [(score, n) for n, score in shared.items() if len(long_words(premises[n]) & own) < len(own) / 2]
        if others:
            yield Claim(claim.text, premises[max(others)[1]], LABELS.index("neutral"), f"{claim.source}_beside")


def wikipedia(rows: Sequence[Mapping[str, Any]], windows: Windows) -> Iterator[Claim]:
    """WiCE's claims: over the sentences that bear them out, and over those most alike that do not."""
    for row in rows:
        if not learnt(row["meta"]["claim_title"]):
            continue
        sentences, text = row["evidence"], row["claim"]
        bearing = sorted({number for numbers in row["supporting_sentences"][:1] for number in numbers})
        if bearing:
            label = LABELS.index("supported" if row["label"] == "supported" else "neutral")
            premise = " ".join(sentences[number] for number in bearing)
            if len(premise.split()) <= _LONG_PREMISE:
                yield Claim(text, premise, label, "wice")
                yield Claim(text, _with_neighbours(sentences, bearing), label, "wice")
        all_bearing = {number for numbers in row["supporting_sentences"] for number in numbers}
        rest = " ".join(sentence for number, sentence in enumerate(sentences) if number not in all_bearing)
        if rest and (window := windows.about(rest, text)):
            yield Claim(text, window.text, LABELS.index("neutral"), "wice")


def _with_neighbours(sentences: Sequence[str], bearing: Sequence[int]) -> str:
    near = sorted({n for one in bearing for n in (one - 1, one, one + 1) if 0 <= n < len(sentences)})
    return " ".join(sentences[n] for n in near)


def experts(rows: Sequence[Mapping[str, Any]], windows: Windows) -> Iterator[Claim]:
    """ExpertQA's claims over the windows most like them of what they cite; partly supported ones are left out."""
    for row in rows:
        if not learnt(row["question"]):
            continue
        for answer in row["answers"].values():
            for item in answer["claims"]:
                label = {"Complete": 0, "Incomplete": 2, "Missing": 2}.get(str(item["support"]))
                evidence = " ".join(LINK.sub("", text) for text in item["evidence"]).strip()
                text = " ".join(MARKER.sub("", item["claim_string"]).split())
                if label is None or not evidence or not text:
                    continue
                drawn = [windows.about(evidence, text) for _ in range(_NEAREST if label else 1)]
                for premise in sorted({window.text for window in drawn if window}):
                    yield Claim(text, premise, label, "expertqa")
