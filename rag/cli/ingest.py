"""The subcommands ingest and remove, which change an index."""

from __future__ import annotations

import argparse

from rag.cli.intake import summary
from rag.cli.output import print_line, progress_bars, say
from rag.cli.status import FAILED, OK


def run_ingest(args: argparse.Namespace) -> int:
    """``reportqa ingest``."""
    from rag.config import Settings
    from rag.pipeline import build_index
    from rag.pipeline.opening import load_encoder

    settings = Settings.from_env()
    index_dir = args.index or settings.index_dir
    with progress_bars() as progress:
        result = build_index(
            args.paths, index_dir, encoder=load_encoder(settings.encoder, settings.device), progress=progress
        )
    for outcome in result.outcomes:
        if outcome.reason == "unchanged":  # they are counted below
            continue
        intake = outcome.intake
        told = (outcome.reason, summary(intake) if intake else "")
        line = "\t".join(part for part in (outcome.status, outcome.report_id or outcome.path, *told) if part)
        (say if outcome.status == "refused" else print_line)(line)
    for warning in result.warnings:
        say(f"warning\t{warning}")
    counts = {name: len(getattr(result, name)) for name in ("added", "replaced", "removed", "skipped", "refused")}
    print_line(f"{index_dir}: " + ", ".join(f"{count} {name}" for name, count in counts.items()))
    return FAILED if result.refused else OK


def run_remove(args: argparse.Namespace) -> int:
    """``reportqa remove``."""
    from rag.config import Settings
    from rag.pipeline.build import remove_reports

    index_dir = args.index or Settings.from_env().index_dir
    for info in remove_reports(args.reports, index_dir):
        print_line(f"removed\t{info.id}\t{info.path} stays; ingesting it adds the report again")
    return OK
