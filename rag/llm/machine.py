"""What the machine has for a model: memory and processors, also inside a container."""

from __future__ import annotations

import os
from pathlib import Path

_GROUP = Path("/sys/fs/cgroup")  # version 2; where it is missing there is no such limit


def available_memory(group: Path = _GROUP) -> int:
    """Bytes that can be used without swapping, within the limit of a container."""
    import psutil

    free = psutil.virtual_memory().available
    try:
        limit, used = int(_text(group / "memory.max")), int(_text(group / "memory.current"))
        # The file cache counts as used, and is given up when memory is needed.
        lines = (line.split() for line in _text(group / "memory.stat").splitlines())
        cached = sum(int(value) for name, value in lines if name in ("active_file", "inactive_file"))
    except (OSError, ValueError):  # none, or "max"
        return free
    return max(0, min(free, limit - used + cached))


def threads(group: Path = _GROUP) -> int:
    """Processor cores that a model may use: real ones, those of this process, within the limit of a container."""
    import psutil

    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    found = [allowed, psutil.cpu_count(logical=False) or allowed]
    try:
        quota, period = _text(group / "cpu.max").split()
        found.append(max(1, int(quota) // int(period)))
    except (OSError, ValueError):
        pass
    return min(found)


def _text(path: Path) -> str:
    return path.read_text("ascii").strip()
