"""The gold labels agree with the seed reports, with the outlines and with each other."""

from __future__ import annotations

import json
import tomllib
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
SEEDS = ROOT / "seeds"
TEXTS = {path.stem: path.read_bytes().decode("utf-8") for path in sorted(SEEDS.glob("*.txt"))}

TOML_KEYS = {
    "title": str,
    "publisher": str,
    "type": str,
    "period_start": date,
    "period_end": date,
    "published": date,
    "language": str,
}
QUESTION_TYPES = {
    "fact",
    "table",
    "figure",
    "definition",
    "list",
    "cause",
    "period",
    "comparison",
    "unanswerable",
}


def read_rows(path: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (ROOT / path).read_text(encoding="utf-8").splitlines()]


OUTLINES: dict[str, list[list[str]]] = json.loads((ROOT / "tests/data/outlines.json").read_text(encoding="utf-8"))
SECTION_GOLD = read_rows("tests/data/section_gold.jsonl")
RETRIEVAL = read_rows("eval/sets/seeds_retrieval.jsonl")
FIRST = read_rows("eval/sets/first_questions.jsonl")
HELD_OUT = read_rows("eval/sets/seeds_heldout.jsonl")


def test_catalogue_has_every_seed_and_only_the_allowed_keys() -> None:
    catalogue = tomllib.loads((SEEDS / "reports.toml").read_text(encoding="utf-8"))
    assert catalogue.keys() == TEXTS.keys()
    for entry in catalogue.values():
        assert entry.keys() <= TOML_KEYS.keys()
        assert all(type(value) is TOML_KEYS[key] for key, value in entry.items())
        assert entry["title"]
        assert entry["period_start"] <= entry["period_end"]


def test_section_gold_covers_every_section_of_the_outlines() -> None:
    assert OUTLINES.keys() == TEXTS.keys()
    labelled = {(row["report"], tuple(row["section"])) for row in SECTION_GOLD}
    outlined = {(report, tuple(path)) for report, paths in OUTLINES.items() for path in paths}
    assert labelled == outlined
    assert len(SECTION_GOLD) >= 60


def test_section_gold_quotes_occur_once() -> None:
    assert [row for row in SECTION_GOLD if TEXTS[row["report"]].count(row["quote"]) != 1] == []


@pytest.mark.parametrize(
    "rows", [RETRIEVAL, FIRST, HELD_OUT], ids=["seeds_retrieval", "first_questions", "seeds_heldout"]
)
class TestQuestions:
    def test_ids_and_questions_are_unique(self, rows: list[dict[str, Any]]) -> None:
        assert len({row["id"] for row in rows}) == len(rows)
        assert len({row["question"] for row in rows}) == len(rows)

    def test_types_and_languages_are_known(self, rows: list[dict[str, Any]]) -> None:
        assert {row["type"] for row in rows} <= QUESTION_TYPES
        assert {row["lang"] for row in rows} <= {"en", "es"}

    def test_evidence_stands_once_at_its_offsets_in_a_known_section(self, rows: list[dict[str, Any]]) -> None:
        for span in (span for row in rows for span in row["evidence"]):
            text = TEXTS[span["report"]]
            assert text[span["start"] : span["end"]] == span["quote"]
            assert text.count(span["quote"]) == 1
            assert span["section"] in OUTLINES[span["report"]]

    def test_only_answerable_rows_have_answers_and_evidence(self, rows: list[dict[str, Any]]) -> None:
        for row in rows:
            assert row["answerable"] == (row["type"] != "unanswerable")
            assert bool(row["evidence"]) == bool(row["answers"]) == row["answerable"]
            assert all(aliases and all(aliases) for aliases in row["answers"])


def test_answers_stand_in_their_evidence() -> None:
    """Each required fact has an alias that occurs in the quoted text."""
    for row in RETRIEVAL + FIRST + HELD_OUT:
        quoted = " ".join(" ".join(span["quote"].split()) for span in row["evidence"])
        for aliases in row["answers"]:
            assert any(alias.casefold() in quoted.casefold() for alias in aliases), row["id"]


def test_comparisons_have_evidence_from_two_reports() -> None:
    for row in RETRIEVAL:
        if row["type"] == "comparison":
            assert len({span["report"] for span in row["evidence"]}) == 2


def test_twins_share_split_answers_and_evidence() -> None:
    pairs = defaultdict(list)
    for row in RETRIEVAL:
        if "pair" in row:
            pairs[row["pair"]].append(row)
    for twins in pairs.values():
        assert [row["lang"] for row in twins] == ["en", "es"]
        assert all(twins[0][key] == twins[1][key] for key in ("split", "type", "answers", "evidence"))


def test_split_is_even() -> None:
    assert len(RETRIEVAL) >= 60
    for kind in QUESTION_TYPES:
        halves = Counter(row["split"] for row in RETRIEVAL if row["type"] == kind)
        assert halves.keys() == {"dev", "test"}
        assert abs(halves["dev"] - halves["test"]) <= 2


def test_held_out_questions_are_new() -> None:
    assert not {row["question"] for row in HELD_OUT} & {row["question"] for row in RETRIEVAL + FIRST}


def test_no_evidence_is_in_both_halves() -> None:
    spans = [(row["split"], span) for row in RETRIEVAL for span in row["evidence"]]
    for half, a in spans:
        for other, b in spans:
            if half != other and a["report"] == b["report"]:
                assert a["end"] <= b["start"] or b["end"] <= a["start"]
