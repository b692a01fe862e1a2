"""A local LLM on the command line: the options that name it, and the subcommand ``llm``."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rag.cli.output import busy, print_line
from rag.cli.status import OK
from rag.errors import ConfigError

if TYPE_CHECKING:
    from rag.schema import Reader


def register(subparsers: argparse._SubParsersAction) -> None:
    """Add the subcommand ``llm``."""
    parser = subparsers.add_parser("llm", help="get a model's file")
    command = parser.add_subparsers(metavar="COMMAND", required=True).add_parser(
        "get",
        help="download a model, only now and only this",
        description="Downloads a .gguf file into the user's data folder, goes on where an earlier try stopped, checks "
        "its SHA-256 and prints where it is. Without NAME, lists the models known by name.",
    )
    command.add_argument("model", nargs="?", default="", metavar="NAME|URL", help="a known model, or a .gguf's address")
    command.add_argument("--sha256", default="", metavar="HEX", help="what the file's SHA-256 has to be")
    command.add_argument("--debug", default=argparse.SUPPRESS, action="store_true", help=argparse.SUPPRESS)
    command.set_defaults(run=run_get)


def add_llm_options(command: argparse.ArgumentParser, *, policy: bool = True) -> None:
    """Add the options that name a model, as every command that can use one has them."""
    group = command.add_argument_group("a local LLM writes the answer")
    group.add_argument(
        "--llm", default="", metavar="URL|FILE", help="address of an OpenAI-compatible API, or a .gguf file"
    )
    group.add_argument("--model", default="", metavar="NAME", help="its name there, if there are several")
    group.add_argument(
        "--llm-context", type=int, default=0, metavar="N", help="tokens of its context (default: what it says itself)"
    )
    if policy:
        group.add_argument(
            "--policy",
            choices=("strict", "mark"),
            default="strict",
            help="sentences that the reports do not bear out are left out, or marked (default: %(default)s)",
        )


@contextmanager
def opened_reader(args: argparse.Namespace) -> Iterator[Reader | None]:
    """The reader over the model that ``--llm`` names; None without one.

    :raises RagError: the options do not fit together, or the model cannot be used.
    """
    if not args.llm:
        if args.model or args.llm_context:
            raise ConfigError("--model and --llm-context are for a local LLM: name it with --llm.")
        yield None
        return
    if args.llm_context < 0:
        raise ConfigError(f"--llm-context {args.llm_context}: give a number of tokens.")
    from rag.llm import open_model
    from rag.readers.chat import ChatReader

    with busy("Connecting the model …"):
        model = open_model(args.llm, args.model, context_tokens=args.llm_context)
    with model:
        yield ChatReader(model)


def run_get(args: argparse.Namespace) -> int:
    """``reportqa llm get``."""
    from rag.config import models_dir
    from rag.llm.download import get, listed

    if not args.model:
        for one in listed():
            print_line(f"{one.name}\t{one.ram_gb} GB of memory\t{one.file_gb} GB\t{one.licence}\t{one.languages}")
        return OK
    got = get(args.model, models_dir(), sha256=args.sha256)
    said = "as it should be" if got.checked else "which nothing was there to compare with"
    print_line(f"{got.path}\nSHA-256 {got.sha256}, {said}")
    print_line(f"Use it: reportqa query --llm '{got.path}' QUESTION")
    return OK
