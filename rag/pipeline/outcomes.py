"""What became of the files that were to go into an index."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rag.schema import Intake

Status = Literal["added", "replaced", "removed", "skipped", "refused"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file or folder. ``reason`` is empty for an added report.

    ``intake`` is what was found in a report that is added or replaced, None for others.
    """

    path: str
    report_id: str
    status: Status
    reason: str = ""
    intake: Intake | None = None


@dataclass(frozen=True, slots=True)
class IngestResult:
    """What ``build_index`` did, in order; ``warnings`` are about files that went in all the same."""

    outcomes: tuple[Outcome, ...]
    warnings: tuple[str, ...] = ()

    def _with(self, status: Status) -> tuple[Outcome, ...]:
        return tuple(outcome for outcome in self.outcomes if outcome.status == status)

    @property
    def added(self) -> tuple[Outcome, ...]:
        """Reports that are new in the index."""
        return self._with("added")

    @property
    def replaced(self) -> tuple[Outcome, ...]:
        """Reports whose file or metadata had changed."""
        return self._with("replaced")

    @property
    def removed(self) -> tuple[Outcome, ...]:
        """Reports whose file is gone from a folder that was given."""
        return self._with("removed")

    @property
    def skipped(self) -> tuple[Outcome, ...]:
        """Files that needed nothing: unchanged, duplicates, formats that are not read."""
        return self._with("skipped")

    @property
    def refused(self) -> tuple[Outcome, ...]:
        """Files and folders that could not be read, each with its reason."""
        return self._with("refused")
