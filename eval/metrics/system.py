"""The metrics of a system, in the order of tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from eval.metrics.aggregate import F1, Aurc, Auroc, Mean, Percentile, Statistic

Group = Literal["retrieval", "answers", "citations", "abstention", "overall", "latency"]


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric of a system; ``label`` is a table's heading, ``statistic`` computes it from columns."""

    name: str
    label: str
    group: Group
    better: Literal["higher", "lower"]
    statistic: Statistic


def _mean(name: str, label: str, group: Group, better: Literal["higher", "lower"] = "higher") -> Metric:
    return Metric(name, label, group, better, Mean(name))


def _citation_level(level: str, what: str) -> tuple[Metric, ...]:
    precision, recall = f"cite_{level}_precision", f"cite_{level}_recall"
    return (
        _mean(precision, f"Citations that name a right {what}", "citations"),
        _mean(recall, f"Needed {what}s that are cited", "citations"),
        Metric(f"cite_{level}_f1", f"Cited {what}, F1", "citations", "higher", F1(precision, recall)),
    )


METRICS: tuple[Metric, ...] = (
    _mean("recall_at_1", "Evidence found in the first passage", "retrieval"),
    _mean("recall_at_5", "Evidence found in the first 5 passages", "retrieval"),
    _mean("recall_at_10", "Evidence found in the first 10 passages", "retrieval"),
    _mean("mrr_at_10", "Reciprocal rank of the first evidence (MRR@10)", "retrieval"),
    _mean("ndcg_at_10", "Ranking of the evidence (nDCG@10)", "retrieval"),
    _mean("right", "Right: all vital facts stated, or rightly abstained", "answers"),
    _mean("vital_recall", "Vital facts stated", "answers"),
    _mean("nugget_recall", "Facts stated, vital or not", "answers"),
    _mean("exact_match", "Exact match with a short answer", "answers"),
    _mean("token_f1", "Words shared with a short answer (token F1)", "answers"),
    _mean("figure_accuracy", "Right where figures are asked for", "answers"),
    _mean("answer_words", "Words in an answer", "answers", "lower"),
    *_citation_level("report", "report"),
    *_citation_level("section", "section"),
    *_citation_level("page", "page"),
    *_citation_level("quote", "passage"),
    _mean("coverage", "Sentences with a citation", "citations"),
    _mean("right_report_wrong_section", "Citations of the right report, wrong section", "citations", "lower"),
    _mean("unsupported", "Sentences that their quotes do not bear out", "citations", "lower"),
    _mean("wrong_figure", "Answers with a figure that are wrong", "citations", "lower"),
    _mean("abstain_precision", "Abstentions that were due", "abstention"),
    _mean("abstain_recall", "Unanswerable questions abstained on", "abstention"),
    Metric("abstain_f1", "Abstention, F1", "abstention", "higher", F1("abstain_precision", "abstain_recall")),
    Metric(
        "auroc",
        "Confidence parts answerable from not (AUROC)",
        "abstention",
        "higher",
        Auroc("confidence", "answerable"),
    ),
    Metric(
        "aurc",
        "Mean risk over all coverages (AURC)",
        "abstention",
        "lower",
        Aurc("confidence", right="right", answered="answered"),
    ),
    _mean("crag", "CRAG score, -1 to 1", "overall"),
    _mean("crag_invalid_credit", "CRAG score, due abstentions count 1", "overall"),
    _mean("answered", "Questions answered", "overall"),
    Metric("p50_ms", "Time of a question, median, ms", "latency", "lower", Percentile("total_ms", 50)),
    Metric("p95_ms", "Time of a question, 95th percentile, ms", "latency", "lower", Percentile("total_ms", 95)),
)
