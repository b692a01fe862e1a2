"""What a container may use is respected."""

import os

import pytest

from rag.llm.machine import available_memory, threads


def group(tmp_path, **files):
    for name, text in files.items():
        (tmp_path / name.replace("_", ".")).write_text(f"{text}\n")
    return tmp_path


def test_the_limit_of_a_container_counts_less_its_file_cache(tmp_path):
    stat = "anon 5\nfile 40000000\ninactive_file 30000000\nactive_file 10000000\nworkingset_refault_file 999999999"
    folder = group(tmp_path, memory_max=200_000_000, memory_current=100_000_000, memory_stat=stat)
    assert available_memory(folder) == 140_000_000


def test_without_a_limit_it_is_the_machines(tmp_path):
    everything = available_memory(tmp_path / "none")
    assert everything > 100_000_000
    folder = group(tmp_path, memory_max="max", memory_current=1, memory_stat="")
    assert available_memory(folder) == pytest.approx(everything, rel=0.5)


def test_threads_are_the_cores_that_may_be_used(tmp_path):
    free = threads(tmp_path / "none")
    assert 1 <= free <= len(os.sched_getaffinity(0))
    assert threads(group(tmp_path, cpu_max="150000 100000")) == 1
    assert threads(group(tmp_path, cpu_max="max 100000")) == free
    assert threads(group(tmp_path, cpu_max="20000 100000")) == 1
