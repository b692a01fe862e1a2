"""The ``chat`` command."""

from __future__ import annotations

import argparse
from typing import Any

from rag.cli import add_index_option, add_llm_options, open_assistant
from rag.errors import ConfigError
from ui.guard import is_loopback


def register(subparsers: Any) -> None:
    """Add ``chat`` to the subcommands of the ``reportqa`` parser."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "chat",
        help="ask questions in the browser",
        description="Serves the chat page on this machine and prints its address.",
    )
    add_index_option(parser)
    add_llm_options(parser)
    parser.add_argument("--port", type=int, metavar="N", help="port (default: the first free one from 7860 on)")
    parser.add_argument("--host", default="127.0.0.1", metavar="H", help="address to listen on (default: %(default)s)")
    parser.add_argument(
        "--no-auth",
        action="store_true",
        help="allow a --host that other machines can reach, although there is no login yet",
    )
    parser.set_defaults(run=run_chat)


def run_chat(args: argparse.Namespace) -> int:
    """Serve the page until Ctrl-C, then return 0. Raises ConfigError before the index is opened."""
    if not is_loopback(args.host) and not args.no_auth:
        raise ConfigError(
            f"With --host {args.host} other machines could read the reports, and there is no login yet. "
            "Leave --host out, or add --no-auth to let anyone in."
        )
    # Late, so that the other commands start without the web server.
    from ui.app import launch

    with open_assistant(args) as assistant:
        assistant.warm_up()  # so that the first question is answered as fast as the next
        launch(assistant, args.host, args.port)
    return 0
