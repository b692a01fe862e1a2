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
        "held": 0.64,
        "precision": 3.21,
        "similarity": 2.02,
        "kind": 0.22,
        "rank": 1.83,
        "place": 3.57,
        "best": 0.80,
        "part": 2.21,
        "same_time": 0.47,
        "same_country": 0.44,
    },
    -7.50,
    {Constraint.KIND: 1.00, Constraint.RELATION: 0.11},
)
READ_ALONE = Again(0.87, 1.51, -2.08)
ALONE = 6  # units that are read by themselves
# Probabilities from which a unit is an answer.
MATCHED_THRESHOLD, CLOSE_THRESHOLD = 0.36, 0.5
UNSURE = 0.4  # of the way from the threshold to certainty, in which an answer is given as one that may be
