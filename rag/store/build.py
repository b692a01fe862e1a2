"""How an index was built: what may be put into it and asked of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rag.errors import StoreMismatch


@dataclass(frozen=True, slots=True)
class Build:
    """The encoder (``fingerprint`` is that of its weights) and the settings, chunk sizes among them."""

    encoder_name: str
    dimension: int
    fingerprint: str
    settings: Mapping[str, object]

    @classmethod
    def of(cls, *, encoder_name: str, dimension: int, fingerprint: str, settings: Mapping[str, object]) -> Build:
        """Take ``settings`` as they come back from JSON, so that tuple and list compare equal."""
        return cls(encoder_name, dimension, fingerprint, json.loads(json.dumps(dict(settings))))

    def check(self, other: Build, folder: Path) -> None:
        """Raise ``StoreMismatch`` that names both values where ``other`` differs from this, as stored."""
        for label, stored, wanted in (
            ("encoder", self.encoder_name, other.encoder_name),
            ("vector dimension", self.dimension, other.dimension),
            ("encoder fingerprint", self.fingerprint, other.fingerprint),
            *(
                (f"setting {key!r}", self.settings.get(key), other.settings.get(key))
                for key in sorted({*self.settings, *other.settings})
            ),
        ):
            if stored != wanted:
                raise StoreMismatch(
                    f"The index in {folder} was built with {label} {stored!r}, but now it is {wanted!r}. "
                    "Go back to the former, or build another index: reportqa ingest PATH --index DIR"
                )
