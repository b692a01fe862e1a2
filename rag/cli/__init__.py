"""The ``reportqa`` command.

Exit codes: 0 done; 1 something was refused or is wrong, said in one line on standard error;
2 the command line is wrong; 3 the question was answered with "the reports do not say";
130 interrupted.
"""

from __future__ import annotations

import argparse
import contextlib
import logging
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, entry_points, version
from typing import NoReturn

from rag.cli.commands import add_index_option, open_assistant, register
from rag.cli.llm import add_llm_options
from rag.cli.output import discard_output, flush, ready_output, say
from rag.cli.status import ABSTAINED, FAILED, INTERRUPTED, OK, USAGE
from rag.errors import RagError

__all__ = [
    "ABSTAINED",
    "FAILED",
    "INTERRUPTED",
    "OK",
    "USAGE",
    "add_index_option",
    "add_llm_options",
    "build_parser",
    "main",
    "open_assistant",
    "register",
]
_GROUP = "reportqa.commands"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code. A wrong command line and ``--help`` raise ``SystemExit``."""
    ready_output()
    parser = build_parser()
    args = parser.parse_args(argv)
    if not hasattr(args, "run"):
        parser.print_help()
        return USAGE
    logging.basicConfig(
        level=logging.DEBUG if args.debug else logging.ERROR, format="%(levelname)s %(name)s: %(message)s"
    )
    try:
        code = args.run(args)
        flush()
    except BrokenPipeError:  # the reader of our output, such as `head`, has left
        discard_output()
        return OK
    except KeyboardInterrupt:
        say("reportqa: interrupted; what was stored stays.")
        return INTERRUPTED
    except (RagError, ImportError, OSError) as error:
        if args.debug:
            raise
        say(f"reportqa: {_explained(error)}")
        return FAILED
    return code


def _explained(error: Exception) -> str:
    if isinstance(error, ImportError):
        return (
            f"{error}. The installation is not complete: `reportqa doctor` shows what is missing, "
            "`make install` installs it."
        )
    if isinstance(error, OSError):  # most are explained where they arise
        return f"{error.filename}: {error.strerror}." if error.filename else f"{error}."
    return str(error)


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, without the list of all options."""

    def error(self, message: str) -> NoReturn:
        self.exit(USAGE, f"{self.prog}: {message}. See `{self.prog} --help`.\n")


def build_parser() -> argparse.ArgumentParser:
    """The command line, with the subcommands of every installed part."""
    parser = _Parser(
        prog="reportqa",
        description="Ask a shelf of reports a question; every sentence of the answer is cited and checked.",
        epilog="Exit codes: 0 done, 1 refused or failed, 2 wrong usage, 3 the reports do not say.",
    )
    debug = {"action": "store_true", "help": "log what happens and show tracebacks"}
    parser.add_argument("--version", action="version", version=f"reportqa {_version()}")
    parser.add_argument("--debug", **debug)
    subparsers = parser.add_subparsers(title="commands", metavar="COMMAND")
    register(subparsers)
    for point in sorted(entry_points(group=_GROUP), key=lambda point: point.name):
        if point.value != f"{__name__}:register":
            try:
                point.load()(subparsers)
            except ImportError as error:  # the other commands, doctor among them, still work
                say(f"reportqa: the commands of {point.module} cannot be loaded: {error}.")
    for command in subparsers.choices.values():
        with contextlib.suppress(argparse.ArgumentError):  # it has its own
            command.add_argument("--debug", default=argparse.SUPPRESS, **debug)
    return parser


def _version() -> str:
    try:
        return version("reportqa")
    except PackageNotFoundError:  # run from its folder, not installed
        return "(not installed)"
