"""Gradio, imported only when a page is made, set up to keep to itself."""

from __future__ import annotations

import atexit
import logging
import os
import shutil
import tempfile
from pathlib import Path
from types import ModuleType

_TEMP = "GRADIO_TEMP_DIR"
_made: list[Path] = []

log = logging.getLogger(__name__)


def gradio() -> ModuleType:
    """Gradio, with its telemetry off and a temporary folder of its own, see :func:`temp_folder`."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    temp_folder()  # Gradio reads where it is while it is imported
    import gradio as module

    return module


def temp_folder() -> Path:
    """The folder of this process for uploads, open to its user alone, removed when the process ends."""
    if not _made:
        folder = Path(tempfile.mkdtemp(prefix="reportqa-")).resolve()  # mkdtemp makes it with mode 0700
        _made.append(folder)
        os.environ[_TEMP] = str(folder)
        atexit.register(_remove, folder)
    return _made[0]


def _remove(folder: Path) -> None:
    try:
        shutil.rmtree(folder)
    except OSError as error:  # nothing more can be done while the process ends
        log.warning("Could not remove %s: %s", folder, error)
