"""Where things are, and the few settings, read from the environment at the entry points only."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs

ROOT = Path(__file__).resolve().parents[1]
SEEDS = ROOT / "seeds"


@dataclass(frozen=True, slots=True)
class Settings:
    """What a user may set.

    ``index_dir``: folder of the index used when none is named. ``encoder``: folder of a
    sentence-transformers model, empty for the bundled one. ``device``: torch device, empty to choose.
    """

    index_dir: Path
    encoder: str = ""
    device: str = ""

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """From ``REPORTQA_INDEX``, ``REPORTQA_ENCODER`` and ``REPORTQA_DEVICE``; unset: the defaults."""
        environ = os.environ if environ is None else environ
        index = environ.get("REPORTQA_INDEX", "")
        return cls(
            index_dir=local_path(index) if index else default_index_dir(),
            encoder=environ.get("REPORTQA_ENCODER", ""),
            device=environ.get("REPORTQA_DEVICE", ""),
        )


def default_index_dir() -> Path:
    """``.index`` in a source checkout, so that each checkout has its own, else the user's data folder."""
    if (ROOT / "pyproject.toml").is_file() and os.access(ROOT, os.W_OK):
        return ROOT / ".index"
    return platformdirs.user_data_path("reportqa") / "index"


def models_dir() -> Path:
    """Where models that a user had downloaded are kept."""
    return platformdirs.user_data_path("reportqa") / "models"


def local_path(path: str | Path) -> Path:
    """``path`` from the root, ``~`` and ``..`` worked out, links kept, so that it means the same later on."""
    with contextlib.suppress(RuntimeError):  # a file that begins with "~" and is nobody's home
        path = Path(path).expanduser()
    return Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow links
