"""Folders of small reports, and what must hold of every index that is built from them."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from rag.pipeline.opening import dense_index
from rag.store import Store

TOWNS = ("Loja", "Piura", "Cusco", "Tacna", "Puno", "Ica", "Lima", "Huaraz", "Arequipa", "Iquitos")


def report_text(number: int, version: int = 1, sentences: int = 12) -> str:
    town = TOWNS[number % len(TOWNS)]
    lines = [f"Situation report on {town}", "", "## Health", ""]
    lines += [
        f"In round {version}, partners {number} of {town} vaccinated {version * 1000 + number * 10 + line} "
        f"children in district {line}."
        for line in range(sentences)
    ]
    lines += ["", "## Shelter", "", f"Some {version * 77 + number} families of {town} were given tents."]
    return "\n".join(lines) + "\n"


def write_reports(folder: Path, count: int, version: int = 1, sentences: int = 12) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"report{number}.txt" for number in range(count)]
    for number, path in enumerate(paths):
        path.write_text(report_text(number, version, sentences), encoding="utf-8")
    return paths


def statuses(result) -> dict[str, str]:
    """Status by report id, or by file name where there is no id."""
    return {outcome.report_id or Path(outcome.path).name: outcome.status for outcome in result.outcomes}


def texts(index: Path) -> dict[str, str]:
    """Text of every report in the index, after a check that everything in it fits together."""
    with Store.open(index) as store, store.snapshot() as view:
        reports = {info.id: view.report(info.id) for info in view.reports()}
        ids, vectors = view.vectors()
        assert list(ids) == list(view.chunk_ids()) and view.chunk_count == len(ids)
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=1e-4)
        owned = dict.fromkeys(reports, 0)
        for chunk, info, path in view.lookup(ids).values():
            text = reports[info.id].text
            section = view.sections(info.id)[chunk.section]
            assert text[chunk.start : chunk.end] == chunk.text and section.path == path
            assert section.start <= chunk.start < chunk.end <= section.end
            for unit in chunk.units:
                assert chunk.start <= unit.start < unit.end <= chunk.end
            owned[info.id] += 1
        assert all(owned.values()), f"reports without chunks: {owned}"
        assert len(dense_index(view)[0]) == len(ids)
        return {name: report.text for name, report in reports.items()}
