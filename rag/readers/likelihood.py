"""How likely a unit is the answer: logistic regressions, fitted on labelled sentences with eval.fit (eval/LOG.md)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from rag.readers.constraints import Constraint
from rag.readers.features import Features

_TINY = 1e-6  # of a probability whose odds are taken


@dataclass(frozen=True, slots=True)
class Likelihood:
    """Logistic regression of being the answer on features by name, less something for a constraint failed."""

    weights: Mapping[str, float]
    bias: float
    penalties: Mapping[Constraint, float] = field(default_factory=dict)

    def probability(self, features: Features, failed: Constraint | None) -> float:
        """How likely a unit with these features is the answer, 0 to 1."""
        logit = self.bias + sum(weight * getattr(features, name) for name, weight in self.weights.items())
        logit -= self.penalties.get(failed, 0.0) if failed else 0.0
        return 1.0 / (1.0 + math.exp(-logit))


@dataclass(frozen=True, slots=True)
class Again:
    """Logistic regression on a probability's log-odds and on what reading the unit by itself gave, 0 to 1."""

    first: float
    alone: float
    bias: float

    def probability(self, chance: float, alone: float) -> float:
        """How likely the unit is the answer, 0 to 1; never lower for a higher ``chance`` or ``alone``."""
        kept = min(max(chance, _TINY), 1.0 - _TINY)
        return 1.0 / (1.0 + math.exp(-(self.first * math.log(kept / (1.0 - kept)) + self.alone * alone + self.bias)))


# The second with a cross-encoder.
MATCHED = Likelihood({"held": 3.67, "precision": 2.60, "similarity": 2.06, "kind": 2.31, "rank": 3.26}, -8.22)
READ_CLOSELY = Likelihood(
    {
        "held": 1.26,
        "precision": 3.29,
        "similarity": 1.36,
        "kind": 0.77,
        "rank": 1.34,
        "place": 3.99,
        "best": 1.01,
        "part": 2.49,
    },
    -6.81,
    {Constraint.KIND: 0.86, Constraint.RELATION: 0.36},
)
READ_ALONE = Again(1.0, 0.0, 0.0)
ALONE = 6  # units that are read by themselves
# Probabilities from which a unit is an answer.
MATCHED_THRESHOLD, CLOSE_THRESHOLD = 0.36, 0.78
UNSURE = 0.2  # of the way from the threshold to certainty, in which an answer is given as one that may be
