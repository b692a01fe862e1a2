"""The ``chat``, ``user`` and ``feedback`` commands."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from rag.cli import add_index_option, add_llm_options
from rag.config import Settings, local_path
from rag.errors import ConfigError
from ui.conversations import cli as feedback_cli
from ui.guard.hosts import is_loopback
from ui.users import cli as users_cli

if TYPE_CHECKING:
    from ui.web import Site


def register(subparsers: Any) -> None:
    """Add ``chat``, ``user`` and ``feedback`` to the subcommands of the ``reportqa`` parser."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "chat",
        help="ask questions in the browser",
        description="Serves the chat page, and endpoints for other programs, and prints the address.",
    )
    add_index_option(parser)
    add_llm_options(parser)
    parser.add_argument("--port", type=int, metavar="N", help="port (default: the first free one from 7860 on)")
    parser.add_argument("--host", default="127.0.0.1", metavar="H", help="address to listen on (default: %(default)s)")
    parser.add_argument(
        "--name", action="append", default=[], metavar="NAME", help="another name that the server goes by; repeatable"
    )
    login = parser.add_mutually_exclusive_group()
    login.add_argument(
        "--auth", type=local_path, metavar="FILE", help="let in only users of this file; `reportqa user` writes it"
    )
    login.add_argument("--no-auth", action="store_true", help="let in whoever reaches a --host beyond this machine")
    parser.add_argument(
        "--allow-changes", action="store_true", help="with --no-auth: whoever comes in may change the reports"
    )
    parser.add_argument("--certificate", type=local_path, metavar="FILE", help="certificate (PEM) to serve HTTPS with")
    parser.add_argument("--certificate-key", type=local_path, metavar="FILE", help="private key of --certificate (PEM)")
    parser.add_argument("--mcp", action="store_true", help="offer the tools query and reports to MCP clients")
    parser.set_defaults(run=run_chat)
    users_cli.register(subparsers)
    feedback_cli.register(subparsers)


def run_chat(args: argparse.Namespace) -> int:
    """Serve the page until Ctrl-C, then return 0. Raises ConfigError before the index is opened."""
    _check(args)
    site = _site(args)
    if args.auth and not is_loopback(args.host) and site.tls is None:
        _warn("passwords cross the network unencrypted: add --certificate, or put an HTTPS proxy in front.")
    # Late, so that the other commands start without the web server.
    from ui.opening import opened_parts
    from ui.web import launch

    with opened_parts(args) as parts:
        launch(parts, args.port, site=site)
    return 0


def _check(args: argparse.Namespace) -> None:
    if not (is_loopback(args.host) or args.no_auth or args.auth):
        raise ConfigError(
            f"With --host {args.host} other machines could read the reports. Leave --host out, let in users with "
            "--auth FILE (`reportqa user add` writes it), or add --no-auth to let anyone in."
        )
    if args.allow_changes and not args.no_auth:
        raise ConfigError("--allow-changes goes with --no-auth; with --auth FILE the admins may change the reports.")
    if bool(args.certificate) != bool(args.certificate_key):
        raise ConfigError("--certificate and --certificate-key go together: name both files.")


def _site(args: argparse.Namespace) -> Site:
    from ui.guard.access import LocalAccess
    from ui.serve import Tls
    from ui.users.access import LoginAccess, OpenAccess
    from ui.users.file import Users
    from ui.web import Site

    index = args.index or Settings.from_env().index_dir
    if args.auth:
        access = LoginAccess(Users(args.auth))
    else:
        access = LocalAccess() if is_loopback(args.host) else OpenAccess(allow_changes=args.allow_changes)
    tls = Tls(args.certificate, args.certificate_key) if args.certificate else None
    blocked = [index, *([args.auth] if args.auth else [])]
    return Site(args.host, names=args.name, access=access, mcp=args.mcp, tls=tls, blocked=blocked)


def _warn(text: str) -> None:
    sys.stderr.write(f"reportqa: {text}\n")
