"""What the reader is trained on: questions with a window of their passage, and claims with their premise."""

from __future__ import annotations

import logging
import random
from collections import Counter
from dataclasses import asdict, dataclass

from rag.train.claim_sets import LABELS, Claim, all_claims
from rag.train.common import DataFolder, digest
from rag.train.reader_sets import Question, Span, all_questions, tables
from rag.train.shelves import all_shelves
from rag.train.windows import Windows

MADE, MADE_CLAIMS = "made/made.jsonl", "made/made_claims.jsonl"
_SEED, _MADE_SEED = 7, 3
_HELD_MADE, _HELD_CLAIMS = 600, 500  # of the rule-made ones, kept for measuring

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Row:
    """A question on a window; ``window[span[0]:span[1]]`` answers it, None says that nothing does.

    ``answers`` are all texts that count as right when the reader is measured.
    """

    question: str
    window: str
    span: Span | None
    answers: tuple[str, ...]
    source: str
    lang: str


@dataclass(frozen=True, slots=True)
class ReaderData:
    """What is learnt, and what is held back to measure with."""

    rows: tuple[Row, ...]
    claims: tuple[Claim, ...]
    held: tuple[Row, ...]
    held_made: tuple[Row, ...]
    held_claims: tuple[Claim, ...]

    @property
    def counts(self) -> dict[str, int]:
        """Rows and claims by source, and how many are unanswerable or held."""
        sources = Counter(one.source for one in (*self.rows, *self.claims))
        held = len(self.held) + len(self.held_made) + len(self.held_claims)
        return dict(sorted(sources.items())) | {"unanswerable": sum(not row.span for row in self.rows), "held": held}

    @property
    def digest(self) -> str:
        """SHA-256 of everything, so that two runs can be told to have seen the same."""
        return digest(asdict(self))


def build(data: DataFolder) -> ReaderData:
    """All rows and claims.

    Sets are read and cut in turn with one generator of random numbers: the order of the sets
    decides what is drawn. Rule-made rows are added when there are any.
    """
    rng = random.Random(_SEED)  # noqa: S311 - sampling, not secrets
    windows = Windows(rng)
    rows: list[Row] = []
    held: list[Row] = []
    for question in all_questions(data, rng):
        if row := cut(question, windows):
            (held if question.held else rows).append(row)
    rows += (_row(question, question.passage, 0) for question in tables(data.json("tatqa/tatqa_dataset_dev.json")))
    claims = list(all_claims(data, windows, rng))
    asked, stated = all_shelves(data, windows)
    rows += (_row(question, question.passage, 0) for question in asked)
    claims += stated
    rng.shuffle(rows)
    made, made_claims = _made(data)
    built = ReaderData(
        rows=(*rows, *made[_HELD_MADE:]),
        claims=(*claims, *made_claims[_HELD_CLAIMS:]),
        held=tuple(held),
        held_made=tuple(made[:_HELD_MADE]),
        held_claims=tuple(made_claims[:_HELD_CLAIMS]),
    )
    log.info("reader: %s", built.counts)
    return built


def cut(question: Question, windows: Windows) -> Row | None:
    """The question with a window of its passage that holds its first span whole; None without such a window."""
    if question.spans:
        window = windows.around(question.passage, *question.spans[0])
    else:
        window = windows.about(question.passage, question.text)
    return _row(question, window.text, window.start) if window else None


def _row(question: Question, window: str, offset: int) -> Row:
    answers = tuple(sorted({question.passage[start:end] for start, end in question.spans}))
    span = (question.spans[0][0] - offset, question.spans[0][1] - offset) if question.spans else None
    return Row(question.text, window, span, answers, question.source, question.lang)


def _made(data: DataFolder) -> tuple[list[Row], list[Claim]]:
    """Rule-made questions and claims in random order; none when the files are not there."""
    if not data.has(MADE):
        return [], []
    lines, claims = data.json_lines(MADE), data.json_lines(MADE_CLAIMS)
    for values in (lines, claims):
        random.Random(_MADE_SEED).shuffle(values)  # noqa: S311 - sampling, not secrets
    rows = []
    for line in lines:
        answers = line["answers"]
        span = (answers[0]["start"], answers[0]["start"] + len(answers[0]["text"])) if answers else None
        texts = tuple(answer["text"] for answer in answers)
        rows.append(Row(line["question"], line["context"], span, texts, "made", line["lang"]))
    made = [Claim(one["hypothesis"], one["premise"], LABELS.index(one["label"]), "made") for one in claims]
    return rows, made
