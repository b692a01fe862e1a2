"""Fit the built-in reader's likelihood on development questions, and show what thresholds would do.

    python -m eval.fit peru seeds_retrieval un_dev --split dev

Logistic regression over every unit of the passages, weights never below zero: a unit is an answer when it
overlaps gold evidence by half of the shorter. Each question weighs the same, and so do its answering
and its other units. A second one, over the units that were read by themselves, all alike, adds what that gave and makes
the probability mean what it says. Scores are cross-validated by question group; nothing is written.
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

FEATURES = ("held", "precision", "similarity", "kind", "rank", "place", "best", "part", "same_time", "same_country")
PENALTIES = (Constraint.KIND, Constraint.RELATION)
THRESHOLDS = (0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7, 0.8)
_FOLDS = 5
_STRENGTH = 0.004  # of the pull of weights to zero


@dataclass(frozen=True, slots=True)
class Case:
    """A question's units that may answer: their features, shape (units, features), and which answer.

    ``alone`` is what reading each by itself gave, shape (units,), NaN for those that were not.
    """

    group: str
    answerable: bool
    features: np.ndarray
    answers: np.ndarray
    alone: np.ndarray


@dataclass(frozen=True, slots=True)
class Fitted:
    """Weights of the first regression, shape (features,), its bias, and weights and bias of the second, shape (3,)."""

    weights: np.ndarray
    bias: float
    again: np.ndarray

    def chances(self, case: Case) -> np.ndarray:
        """Probability of each unit of ``case``, shape (units,)."""
        logits = case.features @ self.weights + self.bias
        return 1 / (1 + np.exp(-(self.again[0] * logits + self.again[1] * _filled(case.alone) + self.again[2])))


def _filled(alone: np.ndarray) -> np.ndarray:
    return np.where(np.isnan(alone), np.nanmin(alone) if np.isfinite(alone).any() else 0.0, alone)


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
    alone = np.array([np.nan if one.alone is None else one.alone for one in scored])
    return Case(
        question.group, question.answerable, features.reshape(-1, len(FEATURES) + len(PENALTIES)), answers, alone
    )


def _answers(question: TestQuestion, view: PassageView, scored: Scored) -> bool:
    unit = scored.unit.unit
    return any(
        span.report == view.passage.report.id
        and 2 * (min(span.end, unit.end) - max(span.start, unit.start))
        >= min(span.end - span.start, unit.end - unit.start)
        for span in question.evidence
    )


def fit(cases: Sequence[Case]) -> Fitted:
    """Both regressions."""
    used = [case for case in cases if len(case.features)]
    features = np.concatenate([case.features for case in used])
    labels = np.concatenate([case.answers for case in used]).astype(float)
    shares = []
    for case in used:
        right, wrong = case.answers.sum(), (~case.answers).sum()
        shares.append(np.where(case.answers, 1 / max(right, 1), 2 / max(wrong, 1)))
    weights, bias = _regression(features, labels, np.concatenate(shares) / len(used))
    alone = np.concatenate([case.alone for case in used])
    read = ~np.isnan(alone)
    if not read.any():
        return Fitted(weights, bias, np.array([1.0, 0.0, 0.0]))
    both = np.stack([features[read] @ weights + bias, alone[read]], axis=1)
    again, level = _regression(both, labels[read], np.full(int(read.sum()), 1 / read.sum()))
    return Fitted(weights, bias, np.append(again, level))


def _regression(features: np.ndarray, labels: np.ndarray, share: np.ndarray) -> tuple[np.ndarray, float]:
    """Weights, shape (features,), and bias; ``share`` is how much each row counts."""

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


def tops(cases: Sequence[Case], fitted: Fitted) -> list[tuple[bool, float, bool]]:
    """For each question: whether it is answerable, the likeliest unit's probability, whether that answers."""
    found = []
    for case in cases:
        if not len(case.features):
            found.append((case.answerable, 0.0, False))
            continue
        chances = fitted.chances(case)
        best = int(np.argmax(chances))
        found.append((case.answerable, float(chances[best]), bool(case.answers[best])))
    return found


def reliability(found: Sequence[tuple[bool, float, bool]]) -> str:
    """Share of likeliest units that answer, by their probability in tenths, with how many there are."""
    said = []
    for tenth in range(10):
        inside = [right for _, chance, right in found if tenth <= 10 * chance < tenth + 1]
        said.append(f"{tenth / 10:.1f} {np.mean(inside):.2f} ({len(inside)})" if inside else "")
    return "  ".join(filter(None, said))


def crag(found: Sequence[tuple[bool, float, bool]], threshold: float) -> float:
    """Mean of +1 for an answering unit, 0 below the threshold, -1 for another."""
    return float(np.mean([0 if chance < threshold else 1 if known and right else -1 for known, chance, right in found]))


def _crossed(cases: Sequence[Case]) -> list[tuple[bool, float, bool]]:
    groups = sorted({case.group for case in cases})
    fold_of = {group: number % _FOLDS for number, group in enumerate(groups)}
    found: list[tuple[bool, float, bool]] = []
    for fold in range(_FOLDS):
        kept = [case for case in cases if fold_of[case.group] != fold]
        found += tops([case for case in cases if fold_of[case.group] == fold], fit(kept))
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
    fitted = fit(every)
    say = sys.stdout.write
    names = [*FEATURES, *(f"not {soft}" for soft in PENALTIES)]
    say(f"weights {dict(zip(names, fitted.weights.round(2).tolist(), strict=True))}, bias {fitted.bias:.2f}\n")
    say(f"read alone: weights {fitted.again[:2].round(2).tolist()}, bias {fitted.again[2]:.2f}\n")
    for name, found in {**cases, "all": every}.items():
        for label, result in (("fitted", tops(found, fitted)), ("crossed", _crossed(found))):
            shares = "  ".join(f"{threshold:g} {crag(result, threshold):+.3f}" for threshold in THRESHOLDS)
            first = np.mean([right for known, _, right in result if known])
            say(f"{name:16} {label:8} AUROC {_auroc(result):.3f}  first answers {first:.3f}  CRAG {shares}\n")
    say(f"likeliest units that answer, by probability: {reliability(_crossed(every))}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
