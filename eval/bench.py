"""Benchmark: retrieval against plain LlamaIndex, answers, and what each step costs, in one run.

    python -m eval.bench            # everything, about three minutes
    python -m eval.bench --fast     # no LlamaIndex baseline and no cold starts

Timings are for this machine; quote the ratios.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from eval.metrics import Span, cites_section, crag_score, evidence_recall, reciprocal_rank, states_all
from eval.questions import SETS, TestQuestion, read_questions
from rag import Assistant, build_index
from rag.config import SEEDS
from rag.embed import SentenceTransformerEncoder
from rag.schema import Encoder
from rag.text import LANGUAGES

KS = (1, 5, 8)
_ROUNDS = 3  # times each question is asked for the timings

Retrieve = Callable[[str, int], list[Span]]
Sets = Mapping[str, Sequence[TestQuestion]]


def main(argv: Sequence[str] | None = None) -> int:
    """Run the benchmark and print its tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fast", action="store_true", help="no LlamaIndex baseline and no cold starts")
    args = parser.parse_args(argv)
    sets = _sets()
    questions = [question for members in sets.values() for question in members]
    encoder = SentenceTransformerEncoder.bundled()
    started = time.perf_counter()
    encoder.encode(["warm up"])
    loading = time.perf_counter() - started
    with tempfile.TemporaryDirectory() as folder:
        index = Path(folder) / "index"
        started = time.perf_counter()
        build_index(SEEDS, index, encoder=encoder)
        building = time.perf_counter() - started
        with Assistant(index, encoder=encoder) as assistant:
            _say("## Time and memory")
            _timings(assistant, questions)
            _say("\n## Retrieval: share of the evidence found at k, mean over answerable questions")
            if not args.fast:
                _retrieval("LlamaIndex, dense, 1024/200", _baseline(encoder), sets)
            _retrieval("reportqa", lambda question, k: _spans(assistant, question, k), sets)
            _say("\n## Answers of the built-in reader")
            _answers(assistant, sets)
        _say(f"\nencoder load {loading:.1f} s; index of the seeds built in {building:.1f} s with a loaded encoder")
        _say(f"peak resident memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
        if not args.fast:
            _cold(index)
    return 0


def _sets() -> Sets:
    """The questions that development saw in both its halves, and those that it never saw."""
    seen = read_questions(SETS / "seeds_retrieval.jsonl")
    return {
        "seen, first half": [question for question in seen if question.split == "dev"],
        "seen, second half": [question for question in seen if question.split == "test"],
        "held out": read_questions(SETS / "seeds_heldout.jsonl"),
    }


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _baseline(encoder: Encoder) -> Retrieve:
    from eval.baseline import LlamaIndexBaseline

    return LlamaIndexBaseline(sorted(SEEDS.glob("*.txt")), encoder).retrieve


def _spans(assistant: Assistant, question: str, k: int) -> list[Span]:
    found = assistant.search(question, k=k)
    return [(passage.chunk.report_id, passage.chunk.start, passage.chunk.end) for passage in found]


def _retrieval(name: str, retrieve: Retrieve, sets: Sets) -> None:
    """One line for each set and language, and one for all."""
    parts = [
        (f"{set_name} {language}", [q for q in questions if q.answerable and q.language == language])
        for set_name, questions in sets.items()
        for language in LANGUAGES
    ]
    parts.append(("all", [question for _, questions in parts for question in questions]))
    runs = {question.id: retrieve(question.question, max(KS)) for question in parts[-1][1]}
    for label, part in parts:
        recalls = [statistics.mean(evidence_recall(question, runs[question.id][:k]) for question in part) for k in KS]
        rank = statistics.mean(reciprocal_rank(question, runs[question.id]) for question in part)
        shown = "  ".join(f"@{k} {recall:.3f}" for k, recall in zip(KS, recalls, strict=True))
        _say(f"{name:28} {label:20} n={len(part):3}  {shown}  MRR {rank:.3f}")


def _answers(assistant: Assistant, sets: Sets) -> None:
    for name, questions in sets.items():
        answers = [assistant.query(question.question) for question in questions]
        pairs = [(q, a) for q, a in zip(questions, answers, strict=True) if q.answerable]
        right = [(q, a) for q, a in pairs if a.status == "answered" and states_all(q, a.text)]
        refused = sum(a.status == "abstained" for _, a in pairs)
        others = [a for q, a in zip(questions, answers, strict=True) if not q.answerable]
        _say(
            f"{name:16} answerable {len(pairs)}: right {len(right)}, of these section right "
            f"{sum(cites_section(q, a) for q, a in right)}, refused {refused}, wrong "
            f"{len(pairs) - len(right) - refused}; unanswerable {len(others)}: abstained "
            f"{sum(a.status == 'abstained' for a in others)}; CRAG score {crag_score(questions, answers):+.2f}"
        )


def _timings(assistant: Assistant, questions: Sequence[TestQuestion]) -> None:
    """The first round meets sentences not encoded before, the others meet them again."""
    for name in ["first time asked"] + ["asked again"] * (_ROUNDS - 1):
        taken = [assistant.query(question.question).timings_s for question in questions]
        parts = ", ".join(
            f"{part} p50 {_quantile(taken, part, 50):.0f} p95 {_quantile(taken, part, 95):.0f} ms"
            for part in ("retrieve", "read", "verify", "total")
        )
        _say(f"{name}: {parts}")


def _quantile(taken: Sequence[dict[str, float]], part: str, percent: int) -> float:
    values = sorted(timing[part] for timing in taken)
    return 1000 * values[min(len(values) - 1, len(values) * percent // 100)]


def _cold(index: Path) -> None:
    """Whole commands in fresh processes, with their parts."""
    question = "How many teachers attended the workshop?"
    for name, command in {
        "python -c pass": ["-c", "pass"],
        "import sentence_transformers": ["-c", "import sentence_transformers"],
        "reportqa reports": ["-m", "rag", "reports", "--index", str(index)],
        "reportqa query": ["-m", "rag", "query", question, "--index", str(index)],
    }.items():
        started = time.perf_counter()
        subprocess.run([sys.executable, *command], check=True, capture_output=True)  # noqa: S603
        _say(f"cold {name}: {time.perf_counter() - started:.1f} s")


if __name__ == "__main__":
    sys.exit(main())
