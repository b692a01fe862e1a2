"""Ask a system the questions of sets, and keep a record of each as it is done.

A run can be stopped at any moment, killed too: the same call goes on with what is missing.
"""

from __future__ import annotations

import json
import logging
import os
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import closing
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from eval.claims import judge_claim
from eval.judge import Judge
from eval.questions import TestQuestion, TestSet, to_row
from eval.records import Record, record_of, record_row
from eval.runs import CLAIMS, QUESTIONS, RECORDS, RUN, RunError, read_lines
from eval.systems import RETRIEVED, System
from rag.errors import RagError
from rag.schema import CrossEncoder, Progress

log = logging.getLogger(__name__)

_SAME = ("system", "encoder", "code", "sets", "judge")  # of run.json: what may not change when a run goes on


def run_sets(
    sets: Sequence[TestSet],
    open_system: Callable[[TestSet], System],
    folder: Path,
    about: Mapping[str, Any],
    *,
    jobs: int = 1,
    judge: Judge | None = None,
    verifier: CrossEncoder | None = None,
    progress: Progress | None = None,
) -> None:
    """Ask every question of ``sets`` that ``folder`` has no record of yet.

    :param open_system: gives the system that answers a set's questions; it is closed after the set.
    :param about: what produces the run, for ``run.json``: ``system``, ``encoder``, ``code``, ``machine`` …
    :param jobs: questions at a time.
    :param judge: an LLM that judges the answers besides.
    :param verifier: judges the meaning of claims; None goes by their wording.
    :raises RunError: ``folder`` holds a run of other sets, or of another system.

    What a system raises on a question is recorded as an error, and the run goes on.
    """
    about = {**about, "sets": {one.name: _fingerprint(one) for one in sets}}
    about = _begin(folder, json.loads(json.dumps(about)), sets)
    started = time.monotonic()
    try:
        for one in sets:
            if one.questions:
                _ask_all(one, open_system, folder, jobs, judge, progress)
            if one.claims:
                _judge_claims(one, folder, verifier, progress)
    finally:
        about["seconds"] = round(about.get("seconds", 0.0) + time.monotonic() - started, 1)
        _write(folder / RUN, json.dumps(about, ensure_ascii=False, indent=1))


def _fingerprint(one: TestSet) -> dict[str, Any]:
    rows = [to_row(question) for question in one.questions]
    rows += [{"id": claim.id, "text": claim.text, "label": claim.label} for claim in one.claims]
    texts = [[document.id, document.text] for document in one.documents]
    data = json.dumps([rows, texts, *([one.files_state] if one.files else [])], sort_keys=True)
    return {
        "questions": len(one.questions),
        "claims": len(one.claims),
        "documents": len(one.documents) + len(one.files),
        "sha256": sha256(data.encode()).hexdigest(),
    }


def _begin(folder: Path, about: dict[str, Any], sets: Iterable[TestSet]) -> dict[str, Any]:
    """Make the folder, or check that what it holds is the same run."""
    if (folder / RUN).is_file():
        before = json.loads((folder / RUN).read_text("utf-8"))
        for key in _SAME:
            if before.get(key) != about.get(key):
                raise RunError(
                    f"{folder} holds a run with another {key}: {_brief(before.get(key))}, "
                    f"now {_brief(about.get(key))}. Name another folder with --out, or remove this one."
                )
        return before
    if folder.is_dir() and any(folder.iterdir()):
        raise RunError(f"{folder} is not empty and holds no run. Name another folder with --out.")
    folder.mkdir(parents=True, exist_ok=True)
    lines = (json.dumps({"set": one.name, **to_row(q)}, ensure_ascii=False) for one in sets for q in one.questions)
    _write(folder / QUESTIONS, "".join(f"{line}\n" for line in lines))
    _write(folder / RUN, json.dumps(about, ensure_ascii=False, indent=1))  # last: with it the folder is a run
    return about


def _brief(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 160 else f"{text[:157]}..."


def _write(path: Path, text: str) -> None:
    """Replace a file whole or not at all."""
    partial = path.with_name(f"{path.name}.partial")
    partial.write_text(text, "utf-8")
    partial.replace(path)


class _Lines:
    """A file that whole lines are appended to, from several threads."""

    def __init__(self, path: Path) -> None:
        if path.is_file():  # a line cut short by a kill goes: that question is asked again
            os.truncate(path, path.read_bytes().rfind(b"\n") + 1)
        self._file = path.open("a", encoding="utf-8")
        self._lock = threading.Lock()

    def append(self, row: Mapping[str, Any]) -> None:
        """Write a row so that a kill after the call does not lose it."""
        with self._lock:
            self._file.write(json.dumps(row, ensure_ascii=False) + "\n")
            self._file.flush()

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def _ask_all(
    one: TestSet,
    open_system: Callable[[TestSet], System],
    folder: Path,
    jobs: int,
    judge: Judge | None,
    progress: Progress | None,
) -> None:
    done = {row["id"] for row in read_lines(folder / RECORDS) if row["set"] == one.name}
    left = [question for question in one.questions if question.id not in done]
    if not left:
        return
    count = len(one.questions) - len(left)
    with closing(open_system(one)) as system, closing(_Lines(folder / RECORDS)) as lines:
        pool = ThreadPoolExecutor(jobs)

        def ask(question: TestQuestion) -> None:
            lines.append(record_row(_ask(one.name, question, system, judge)))

        try:
            for future in as_completed([pool.submit(ask, question) for question in left]):
                future.result()
                count += 1
                if progress is not None:
                    progress(one.name, count, len(one.questions))
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _ask(set_name: str, question: TestQuestion, system: System, judge: Judge | None) -> Record:
    try:
        answer = system.ask(question.question, question.history)
        found = system.retrieve(answer.searched_for or question.question, RETRIEVED)
        record = record_of(set_name, question.id, answer, found)
    except Exception as error:  # whatever a reader raises is its answer to this question
        log.debug("question %s of %s", question.id, set_name, exc_info=True)
        return Record(set_name, question.id, "error", error=f"{type(error).__name__}: {error}")
    if judge is None:
        return record
    try:
        return replace(record, judged=judge.judge(question, record))
    except RagError as error:
        log.warning("The judge gave nothing on question %s: %s", question.id, error)
        return record


def _judge_claims(one: TestSet, folder: Path, verifier: CrossEncoder | None, progress: Progress | None) -> None:
    done = {row["id"] for row in read_lines(folder / CLAIMS) if row["set"] == one.name}
    with closing(_Lines(folder / CLAIMS)) as lines:
        for number, claim in enumerate(one.claims, start=1):
            if claim.id not in done:
                lines.append(record_row(judge_claim(one.name, claim, verifier)))
            if progress is not None:
                progress(one.name, number, len(one.claims))
