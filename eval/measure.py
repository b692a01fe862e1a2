"""One run from its plan: sets, indexes, system, provenance."""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from eval.catalogue import load_sets
from eval.indexes import index_for
from eval.judge import Judge
from eval.provenance import provenance
from eval.questions import TestSet
from eval.run import run_sets
from eval.runs import Run, load_run
from eval.systems import Baseline, ReportQA, System
from rag.config import Settings
from rag.default import open_catalogue
from rag.pipeline import Stages
from rag.pipeline.opening import load_cross_encoder, load_encoder
from rag.schema import Encoder, Progress


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A model behind an OpenAI-compatible address; its key is taken from ``REPORTQA_API_KEY``."""

    url: str
    model: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What to run: the sets and the system.

    ``index`` is the index of sets without documents of their own, None for the default one.
    ``split`` and ``limit`` cut each set, see ``load_sets``. ``baseline`` is ``""`` or
    ``"llamaindex"``, which takes an ``llm``. ``threshold`` None leaves the reader's own.
    """

    sets: tuple[str, ...] = ("peru",)
    index: Path | None = None
    data: Path | None = None
    split: str = ""
    limit: int = 0
    jobs: int = 1
    baseline: str = ""
    stages: Stages = Stages()
    threshold: float | None = None
    llm: Endpoint | None = None
    judge: Endpoint | None = None

    @property
    def system(self) -> dict[str, Any]:
        """What decides the answers besides code and encoder; ``name`` says what differs from the product."""
        if self.baseline:
            llm = asdict(self.llm) if self.llm else None
            return {"name": self.baseline + (f" + {self.llm.model}" if self.llm else ""), "llm": llm}
        parts = ["extractive"]
        parts += [f"{self.stages.retrieval} only"] if self.stages.retrieval != "hybrid" else []
        parts += [] if self.stages.rerank else ["no reranking"]
        parts += [] if self.stages.verify else ["no verification"]
        parts += [] if self.threshold is None else [f"threshold {self.threshold:g}"]
        parts += [] if self.stages.cross_encoder else ["no cross-encoder"]
        parts += [] if self.stages.parts else ["no parts"]
        return {"name": ", ".join(parts), "threshold": self.threshold, "stages": asdict(self.stages)}


def measure(plan: Plan, folder: Path, progress: Progress | None = None) -> Run:
    """Make the run, or finish it when ``folder`` holds a part of it.

    :raises RagError: a set, an index or a value of the plan is wrong, or ``folder`` holds another run.
    """
    with open_catalogue(plan.index, progress=progress) as store:
        texts = {info.id: store.report(info.id).text for info in store.reports()}
    sets = load_sets(plan.sets, texts, plan.data, split=plan.split, limit=plan.limit)
    settings = Settings.from_env()
    encoder = load_encoder(settings.encoder, settings.device)
    judge = Judge(plan.judge.url, plan.judge.model, _api_key()) if plan.judge else None
    about = {
        "system": plan.system,
        "judge": asdict(plan.judge) if plan.judge else None,
        "jobs": plan.jobs,
        **provenance(encoder),
    }

    def open_system(one: TestSet) -> System:
        return _system(plan, index_for(one, plan.index, encoder, progress), encoder)

    verifier = load_cross_encoder() if plan.stages.cross_encoder else None
    run_sets(sets, open_system, folder, about, jobs=plan.jobs, judge=judge, verifier=verifier, progress=progress)
    return load_run(folder)


def _api_key() -> str:
    return os.environ.get("REPORTQA_API_KEY", "")


def _system(plan: Plan, index_dir: Path, encoder: Encoder) -> System:
    if not plan.baseline:
        return ReportQA(index_dir, encoder, stages=plan.stages, threshold=plan.threshold)
    llm = None
    if plan.llm:
        from eval.baseline import make_llm

        llm = make_llm(plan.llm.url, plan.llm.model, _api_key())
    return Baseline(index_dir, encoder, llm=llm)
