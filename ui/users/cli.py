"""The ``user`` command."""

from __future__ import annotations

import argparse
import getpass
import sys
from typing import Any

import tomlkit

from rag.cli import OK
from rag.cli.output import print_line
from rag.config import local_path
from rag.errors import ConfigError

_ACTIONS = {
    "add": "add a user; asks for the password, or reads it from standard input",
    "password": "set another password; open sessions of the user end",
    "key": "make an API key and print it, this once; the former one ends",
    "remove": "remove a user; open sessions of the user end",
}


def register(subparsers: Any) -> None:
    """Add ``user`` to the subcommands of the ``reportqa`` parser."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "user",
        help="who may log in to the chat page",
        description="Changes the file that `reportqa chat --auth FILE` reads; the server sees a change at once.",
    )
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    for action, what in _ACTIONS.items():
        command = actions.add_parser(action, help=what, description=what.capitalize() + ".")
        command.add_argument("name", metavar="NAME")
        _add_users(command)
        if action == "add":
            command.add_argument("--admin", action="store_true", help="the user may add, change and delete reports")
        command.set_defaults(run=_RUN[action])
    command = actions.add_parser("list", help="list the users", description="Lists the users.")
    _add_users(command)
    command.set_defaults(run=_list)


def _add_users(command: argparse.ArgumentParser) -> None:
    command.add_argument("--users", type=local_path, required=True, metavar="FILE", help="the users' file (TOML)")


def _add(args: argparse.Namespace) -> int:
    from ui.users.file import check_name, edited

    check_name(args.name)
    with edited(args.users) as users:
        if args.name in users:
            raise ConfigError(f"{args.users} has a user {args.name!r} already; `reportqa user password` changes it.")
        user = tomlkit.table()
        user["password"] = _new_password()
        user["admin"] = args.admin
        users[args.name] = user
    print_line(f"Added {args.name}.")
    return OK


def _password(args: argparse.Namespace) -> int:
    from ui.users.file import edited

    with edited(args.users) as users:
        _known(users, args)["password"] = _new_password()
    print_line(f"Changed the password of {args.name}.")
    return OK


def _key(args: argparse.Namespace) -> int:
    from ui.users.file import edited
    from ui.users.passwords import hash_key, new_key

    key = new_key()
    with edited(args.users) as users:
        _known(users, args)["key"] = hash_key(key)
    print_line(key)
    return OK


def _remove(args: argparse.Namespace) -> int:
    from ui.users.file import edited

    with edited(args.users) as users:
        _known(users, args)
        del users[args.name]
    print_line(f"Removed {args.name}.")
    return OK


def _list(args: argparse.Namespace) -> int:
    from ui.users.file import read_users

    for user in sorted(read_users(args.users).values(), key=lambda user: user.name):
        notes = [word for word, holds in (("admin", user.admin), ("API key", user.key)) if holds]
        print_line(f"{user.name} ({', '.join(notes)})" if notes else user.name)
    return OK


def _known(users: Any, args: argparse.Namespace) -> Any:
    if args.name not in users:
        known = ", ".join(users) or "none"
        raise ConfigError(f"{args.users} has no user {args.name!r}. It has: {known}.")
    return users[args.name]


def _new_password() -> str:
    """Hash of a password that is typed twice, or is the first line of standard input."""
    from ui.users.passwords import hash_password

    if not sys.stdin.isatty():
        return hash_password(sys.stdin.readline().rstrip("\r\n"))
    password = getpass.getpass("Password: ")
    hashed = hash_password(password)
    if getpass.getpass("The same again: ") != password:
        raise ConfigError("The two passwords differ; nothing was changed.")
    return hashed


_RUN = {"add": _add, "password": _password, "key": _key, "remove": _remove}
