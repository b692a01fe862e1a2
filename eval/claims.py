"""The verifier on claims whose support people have labelled."""

from __future__ import annotations

from eval.questions import Claim
from eval.records import ClaimRecord
from rag.cite import coverage, verify
from rag.entailment import borne_out
from rag.schema import CrossEncoder, Verdict

_STEP = {Verdict.UNSUPPORTED: 0.0, Verdict.PARTLY: 1.0, Verdict.SUPPORTED: 2.0}
_MEANING = 2.0  # weight of what the model says beside that of wording


def judge_claim(set_name: str, claim: Claim, model: CrossEncoder | None) -> ClaimRecord:
    """The verdict, and a score: its step (0, 1, 2), the share of words held (0 to 1), and what ``model`` says.

    The last is twice the probability of support, 0 without a model.
    """
    verdict = verify(claim.text, claim.evidence, model=model)
    score = _STEP[verdict] + coverage(claim.text, claim.evidence)
    if model is not None:
        score += _MEANING * borne_out(claim.text, claim.evidence, model).supported
    return ClaimRecord(set_name, claim.id, claim.label, verdict, round(score, 4))
