"""What reading one file may cost: memory, processor time, time on the clock, and size of what comes out."""

from __future__ import annotations

from dataclasses import dataclass

MAX_RESULT_BYTES = 200_000_000  # 200 MB: text of 20 MB, and 24 bytes for the place of each of its words
MAX_TEXT_CHARS = 20_000_000  # about 7,000 pages
_MEMORY_BYTES = 1_500_000_000  # 1.5 GB of address space; Python, numpy and a PDF reader take 0.3 GB of it
_SECONDS = 60.0
_SECONDS_PER_MB = 20.0  # 1 MB is about 100 pages of text, which take a slow machine 10 s


@dataclass(frozen=True, slots=True)
class Limits:
    """For one file. ``cpu_s`` is the reader's own, ``wall_s`` includes the programs that it waits for, such as OCR."""

    memory_bytes: int = _MEMORY_BYTES
    cpu_s: float = _SECONDS
    wall_s: float = _SECONDS
    result_bytes: int = MAX_RESULT_BYTES


def limits_for(size: int, *, wall_s_per_mb: float = _SECONDS_PER_MB) -> Limits:
    """Limits for a file of ``size`` bytes; a megabyte more adds ``wall_s_per_mb`` to the time on the clock."""
    megabytes = size / 1e6
    return Limits(cpu_s=_SECONDS + _SECONDS_PER_MB * megabytes, wall_s=_SECONDS + wall_s_per_mb * megabytes)
