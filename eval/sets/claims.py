"""Claims with people's labels of their support: WiCE and ExpertQA.

Of both only the half is measured that the shipped reader has not learnt from; an article's or a question's
claims lie in one half.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from eval.questions import Claim, TestSet
from eval.sets.documents import clean, finish, one_line
from eval.sets.rows import REMEDY, DataError, Row, read_lines
from rag.schema import Verdict
from rag.train.claim_sets import LINK, MARKER, learnt

_WICE = {
    "supported": Verdict.SUPPORTED,
    "partially_supported": Verdict.PARTLY,
    "not_supported": Verdict.UNSUPPORTED,
}
_EXPERTQA = {
    "Complete": Verdict.SUPPORTED,
    "Partial": Verdict.PARTLY,
    "Incomplete": Verdict.UNSUPPORTED,
    "Missing": Verdict.UNSUPPORTED,
}


def load_wice(data: Path) -> TestSet:
    """Sentences of Wikipedia against the article they cite: the evidence is all of its sentences.

    :raises DataError: the file is missing or not in WiCE's form.
    """
    path = data / "wice/claim_dev.jsonl"
    claims = []
    for row in read_lines(path):
        label = row.text("label")
        if learnt(row.row("meta").text("claim_title")):
            continue
        if label not in _WICE:
            raise DataError(f"{row.where}: 'label' is {label!r}, not one of {', '.join(_WICE)}. {REMEDY}")
        evidence = tuple(filter(None, (clean(text).strip() for text in row.texts("evidence"))))
        claims.append(Claim(row.row("meta").text("id"), one_line(row.text("claim")), evidence, _WICE[label]))
    return finish("wice", path, claims=claims)


def load_expertqa(data: Path) -> TestSet:
    """Sentences of language models' answers against the passages they cite.

    Only claims with a label of support and with the text of a passage: evidence that is a bare link,
    which people could follow, holds nothing to judge by. Citation markers are taken out of the
    claims, and the link before a passage out of the evidence.

    :raises DataError: the file is missing or not in ExpertQA's form.
    """
    path = data / "expertqa/rand_val.jsonl"
    dropped = Counter[str]()
    claims = []
    for number, row in enumerate(read_lines(path), start=1):
        if learnt(row.text("question")):
            continue
        answers = row.row("answers")
        for system in row.raw("answers"):
            for place, item in enumerate(answers.row(system).rows("claims"), start=1):
                claim = _expertqa_claim(item, f"{number}/{system}/{place}")
                if isinstance(claim, Claim):
                    claims.append(claim)
                else:
                    dropped[claim] += 1
    return finish("expertqa", path, claims=claims, dropped=dropped)


def _expertqa_claim(item: Row, id: str) -> Claim | str:
    """The claim, or why it is left out."""
    label = _EXPERTQA.get(str(item.raw("support")))
    if label is None:
        return "no label of support"
    given = item.texts("evidence")
    evidence = tuple(filter(None, (clean(LINK.sub("", text)).strip() for text in given)))
    if not evidence:
        return "evidence is a bare link" if given else "no evidence"
    text = one_line(MARKER.sub("", item.text("claim_string")))
    return Claim(id, text, evidence, label) if text else "no text"
