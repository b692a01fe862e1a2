"""Fit the built-in reader's likelihood on development questions, and show what thresholds would do.

    python -m eval.fit peru seeds_retrieval un_dev --split dev

Logistic regression over every unit of the passages, weights never below zero: a unit is an answer when it
overlaps gold evidence by half of the shorter. Each question weighs the same, and so do its answering
and its other units. Scores are cross-validated by question group; nothing is written.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from eval.catalogue import load_sets
from eval.indexes import index_for
from eval.metrics.ranked import auroc
from eval.questions import TestQuestion
from rag.default import open_catalogue
from rag.matching import PassageView, view_passages
from rag.pipeline import Assistant
from rag.pipeline.opening import load_cross_encoder, load_encoder
from rag.question import analyse
from rag.readers import ExtractiveReader
from rag.readers.constraints import Constraint
from rag.readers.scored import Scored

FEATURES = ("held", "precision", "similarity", "kind", "rank", "place", "best", "part")
PENALTIES = (Constraint.KIND, Constraint.RELATION)
THRESHOLDS = (0.4, 0.5, 0.6, 0.66, 0.7, 0.74, 0.78, 0.82, 0.86, 0.9)
_FOLDS = 5
_STRENGTH = 0.004  # of the pull of weights to zero


@dataclass(frozen=True, slots=True)
class Case:
    """A question's units that may answer: their features, shape (units, features), and which answer."""

    group: str
    answerable: bool
    features: np.ndarray
    answers: np.ndarray


def collect(names: Sequence[str], split: str, data: Path | None) -> dict[str, list[Case]]:
    """The cases of each set; of a split only, where the set has one."""
    with open_catalogue() as store:
        texts = {info.id: store.report(info.id).text for info in store.reports()}
    encoder = load_encoder()
    reader = ExtractiveReader(encoder, cross_encoder=load_cross_encoder())
    found = {}
    for one in load_sets(names, texts, data, limit=400):
        questions = [question for question in one.questions if not split or question.split in ("", split)]
        with Assistant(index_for(one, None, encoder), encoder=encoder, reader=reader) as assistant:
            found[one.name] = [_case(question, assistant, reader, encoder) for question in questions]
        sys.stderr.write(f"{one.name}: {len(questions)} questions\n")
    return found


def _case(question: TestQuestion, assistant: Assistant, reader: ExtractiveReader, encoder: object) -> Case:
    asked = analyse(question.question)
    passages = assistant.search(question.question)
    views = view_passages(asked, passages, encoder) if passages and asked.terms else []
    scored = [one for one in reader.score(asked, views) if one.fit] if views else []
    features = np.array(
        [
            [*(getattr(one.features, name) for name in FEATURES), *(-float(one.failed is soft) for soft in PENALTIES)]
            for one in scored
        ]
    )
    answers = np.array([_answers(question, views[one.passage], one) for one in scored], dtype=bool)
    return Case(question.group, question.answerable, features.reshape(-1, len(FEATURES) + len(PENALTIES)), answers)


def _answers(question: TestQuestion, view: PassageView, scored: Scored) -> bool:
    unit = scored.unit.unit
    return any(
        span.report == view.passage.report.id
        and 2 * (min(span.end, unit.end) - max(span.start, unit.start))
        >= min(span.end - span.start, unit.end - unit.start)
        for span in question.evidence
    )


def fit(cases: Sequence[Case]) -> tuple[np.ndarray, float]:
    """Weights, shape (features,), and bias."""
    used = [case for case in cases if len(case.features)]
    features = np.concatenate([case.features for case in used])
    labels = np.concatenate([case.answers for case in used]).astype(float)
    shares = []
    for case in used:
        right, wrong = case.answers.sum(), (~case.answers).sum()
        share = np.where(case.answers, 1 / max(right, 1), 2 / max(wrong, 1))
        shares.append(share)
    share = np.concatenate(shares) / len(used)

    def loss(parameters: np.ndarray) -> tuple[float, np.ndarray]:
        weights, bias = parameters[:-1], parameters[-1]
        logits = features @ weights + bias
        chances = 1 / (1 + np.exp(-logits))
        value = float(share @ (np.logaddexp(0, logits) - labels * logits)) + _STRENGTH * float(weights @ weights) / 10
        slope = share * (chances - labels)
        return value, np.append(features.T @ slope + _STRENGTH * weights / 5, slope.sum())

    bounds = [(0, None)] * features.shape[1] + [(None, None)]
    best = minimize(loss, np.zeros(features.shape[1] + 1), jac=True, bounds=bounds, method="L-BFGS-B").x
    return best[:-1], float(best[-1])


def tops(cases: Sequence[Case], weights: np.ndarray, bias: float) -> list[tuple[bool, float, bool]]:
    """For each question: whether it is answerable, the likeliest unit's probability, whether that answers."""
    found = []
    for case in cases:
        if not len(case.features):
            found.append((case.answerable, 0.0, False))
            continue
        chances = 1 / (1 + np.exp(-(case.features @ weights + bias)))
        best = int(np.argmax(chances))
        found.append((case.answerable, float(chances[best]), bool(case.answers[best])))
    return found


def crag(found: Sequence[tuple[bool, float, bool]], threshold: float) -> float:
    """Mean of +1 for an answering unit, 0 below the threshold, -1 for another."""
    return float(np.mean([0 if chance < threshold else 1 if known and right else -1 for known, chance, right in found]))


def _crossed(cases: Sequence[Case]) -> list[tuple[bool, float, bool]]:
    groups = sorted({case.group for case in cases})
    fold_of = {group: number % _FOLDS for number, group in enumerate(groups)}
    found: list[tuple[bool, float, bool]] = []
    for fold in range(_FOLDS):
        kept = [case for case in cases if fold_of[case.group] != fold]
        found += tops([case for case in cases if fold_of[case.group] == fold], *fit(kept))
    return found


def _auroc(found: Sequence[tuple[bool, float, bool]]) -> float:
    known = np.array([answerable for answerable, _, _ in found], dtype=bool)
    return float(auroc(np.array([chance for _, chance, _ in found]), known, np.ones((1, len(found))))[0])


def main(argv: Sequence[str] | None = None) -> int:
    """Fit and print."""
    parser = argparse.ArgumentParser(prog="python -m eval.fit", description=__doc__.split("\n")[0])
    parser.add_argument("sets", nargs="+")
    parser.add_argument("--split", default="dev", choices=["dev", "test", ""])
    parser.add_argument("--data", type=Path)
    args = parser.parse_args(argv)
    cases = collect(args.sets, args.split, args.data)
    every = [case for found in cases.values() for case in found]
    weights, bias = fit(every)
    say = sys.stdout.write
    names = [*FEATURES, *(f"not {soft}" for soft in PENALTIES)]
    say(f"weights {dict(zip(names, weights.round(2).tolist(), strict=True))}, bias {bias:.2f}\n")
    for name, found in {**cases, "all": every}.items():
        for label, result in (("fitted", tops(found, weights, bias)), ("crossed", _crossed(found))):
            shares = "  ".join(f"{threshold:g} {crag(result, threshold):+.3f}" for threshold in THRESHOLDS)
            first = np.mean([right for known, _, right in result if known])
            say(f"{name:16} {label:8} AUROC {_auroc(result):.3f}  first answers {first:.3f}  CRAG {shares}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
