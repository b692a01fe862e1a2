"""The ``feedback`` command."""

from __future__ import annotations

import argparse
import json
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.cli import FAILED, OK, add_index_option
from rag.cli.output import print_line, say
from rag.config import Settings, local_path
from rag.errors import ConfigError
from ui.conversations.store import Conversations, conversations_path

if TYPE_CHECKING:
    from ui.conversations.records import Entry
    from ui.conversations.testset import Exported


def register(subparsers: Any) -> None:
    """Add ``feedback`` to the subcommands of the ``reportqa`` parser."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "feedback",
        help="what users said of answers in the browser",
        description="Lists what users said of answers, or writes it as a test set for `reportqa eval run`.",
    )
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    what = "list judged questions, with reason and correction"
    command = actions.add_parser("list", help=what, description=f"{what.capitalize()}.")
    add_index_option(command)
    command.set_defaults(run=run_list)
    what = "write judged questions as a test set"
    command = actions.add_parser("export", help=what, description=f"{what.capitalize()}.")
    command.add_argument("file", type=local_path, metavar="FILE", help="the set, JSON lines (.jsonl); replaced")
    add_index_option(command)
    command.set_defaults(run=run_export)


def run_list(args: argparse.Namespace) -> int:
    """``reportqa feedback list``: day, good or bad, question, reason and correction, with tabs between them."""
    judged = _judged(args)
    for _, _, entry in judged:
        said = entry.feedback
        if said is not None:
            fields = [f"{said.at:%Y-%m-%d}", "good" if said.good else "bad", entry.question, said.reason]
            print_line("\t".join(" ".join(field.split()) for field in [*fields, said.correction]))
    if not judged:
        say("No answer has been judged yet.")
    return OK


def run_export(args: argparse.Namespace) -> int:
    """``reportqa feedback export``; FAILED when nothing could be exported, and then no file is written."""
    # Late, so that the other commands start without the evaluation.
    from rag.default import open_catalogue
    from ui.conversations.testset import test_set

    if args.file.suffix != ".jsonl":
        raise ConfigError(f"{args.file} is no name of a test set: it has to end in .jsonl for `reportqa eval run`.")
    judged = _judged(args)
    if not judged:
        raise ConfigError("No answer has been judged yet: thumbs up or down under an answer in `reportqa chat`.")
    with open_catalogue(args.index) as store:
        exported = test_set(judged, store)
    if exported.questions:
        _write(args.file, exported)
    _report(args.file, exported)
    return OK if exported.questions else FAILED


def _judged(args: argparse.Namespace) -> list[tuple[str, str, Entry]]:
    path = conversations_path(args.index or Settings.from_env().index_dir)
    if not path.is_file():
        return []
    with closing(Conversations(path)) as conversations:
        return list(conversations.judged())


def _write(path: Path, exported: Exported) -> None:
    from eval.questions import to_row

    lines = (json.dumps(to_row(question), ensure_ascii=False) + "\n" for question in exported.questions)
    new = path.with_name(f"{path.name}.new")
    new.write_text("".join(lines), "utf-8")
    new.replace(path)


def _report(path: Path, exported: Exported) -> None:
    answerable = sum(question.answerable for question in exported.questions)
    count = len(exported.questions)
    print_line(f"{path}: {count} questions, {answerable} answerable and {count - answerable} unanswerable.")
    if exported.left_out:
        print_line(f"Left out: {len(exported.left_out)}.")
    for question, reason in exported.left_out:
        print_line(f"- {' '.join(question.split())}: {reason}")
    for question in exported.unplaced:
        say(f"No place in the reports holds the correction, so the test has no evidence: {question}")
