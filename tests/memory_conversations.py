"""Conversations of one test run, in a folder that goes with it."""

from __future__ import annotations

import atexit
import itertools
import shutil
import tempfile
from functools import cache
from pathlib import Path

from ui.conversations import Conversations

_numbers = itertools.count(1)


@cache
def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="reportqa-test-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


class MemoryConversations(Conversations):
    """Empty at first."""

    def __init__(self):
        super().__init__(_folder() / f"{next(_numbers)}.db")
