"""A short, repeatable part of the fuzzing; ``python -m tests.fuzz_loaders`` does more."""

from __future__ import annotations

import fuzz_loaders
import pytest

SAMPLES = fuzz_loaders.made_samples()


@pytest.mark.parametrize("suffix", SAMPLES)
def test_mutated_files_give_a_report_or_a_reason(suffix):
    found = fuzz_loaders.fuzz(suffix, SAMPLES[suffix], runs=20, first=7_000)
    assert found.faults == [] and found.outcomes.total() == 20
    assert not found.outcomes["a reason of several lines"]


def test_a_mutation_is_a_function_of_its_number():
    data = SAMPLES[".docx"][0]
    for number in (1, 2):
        assert fuzz_loaders.mutated(data, number, ".docx") == fuzz_loaders.mutated(data, number, ".docx") != data


def test_a_reader_that_dies_is_found_and_stops_nothing(monkeypatch):
    from rag.load import LOADERS
    from rag.load.apart import Apart

    monkeypatch.setitem(LOADERS, ".eml", Apart("tests.loader_fakes:crash"))
    found = fuzz_loaders.fuzz(".eml", [b"Subject: Floods\n\nText"], runs=2)
    assert found.faults == [] and found.outcomes.total() == 2
    assert any("SIGSEGV" in outcome for outcome in found.outcomes)
