"""The users' file: names, hashes of passwords and of API keys, and who is an admin."""

from __future__ import annotations

import logging
import os
import re
import stat
import tempfile
import threading
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from rag.errors import ConfigError
from ui.users.identity import LOCAL, VISITOR
from ui.users.passwords import is_hash

_NAME = re.compile(r"[^\W_][\w.@+-]{0,63}")
_KEY = re.compile(r"sha256:[0-9a-f]{64}")
_FIELDS = {"password": str, "admin": bool, "key": str}
_HEADING = "Users of reportqa. Change it with `reportqa user`; what is saved holds at once."

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class User:
    """``password`` and ``key`` are hashes; without a ``key`` the user has no API key."""

    name: str
    password: str = field(repr=False)
    admin: bool = False
    key: str = field(default="", repr=False)


def read_users(path: Path) -> dict[str, User]:
    """Users by name. Raises ConfigError: the file is missing, malformed, or others may read it."""
    return _users(_read(path), path)


def check_name(name: str) -> None:
    """Raises ConfigError for a name that a user cannot have."""
    if not _NAME.fullmatch(name) or name == LOCAL or name.startswith(VISITOR):
        raise ConfigError(
            f"{name!r} cannot be the name of a user: take up to 64 letters, digits and . _ @ + -, beginning with a "
            f"letter or digit, other than {LOCAL!r} and {VISITOR + '…'!r}."
        )


@contextmanager
def edited(path: Path) -> Iterator[Any]:
    """The table of users (tomlkit) to change; written whole, with its comments, at the block's end.

    A file that is not there yet is made, open to its owner alone. Raises ConfigError as :func:`read_users`.
    """
    try:
        document = tomlkit.parse(_read(path).decode()) if path.exists() else tomlkit.document()
    except (TOMLKitError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is not valid TOML: {error}. Correct it.") from error
    if path.exists():
        read_users(path)  # no change to a file that is wrong
    else:
        document.add(tomlkit.comment(_HEADING))
    if "users" not in document:
        document.add("users", tomlkit.table(is_super_table=True))
    yield document["users"]
    data = tomlkit.dumps(document).encode()
    _users(data, path)
    _write(path, data)


class Users:
    """The users of a file, read again when it has changed; safe to use from several threads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._seen = _state(path)
        self._users = read_users(path)
        if not self._users:
            raise ConfigError(f"{path} holds no users: add one with `reportqa user add NAME --users {path}`.")

    def find(self, name: str) -> User | None:
        """The user of that name, as the file is now."""
        return self._current().get(name)

    def with_key(self, hashed: str) -> User | None:
        """The user whose API key has that hash."""
        return next((user for user in self._current().values() if user.key == hashed), None)

    def _current(self) -> Mapping[str, User]:
        with self._lock:
            state = _state(self._path)
            if state != self._seen:
                self._seen = state
                try:
                    self._users = read_users(self._path)
                except ConfigError as error:
                    # A slip of the pen should not end everybody's session; a file that is gone should.
                    log.error("%s What it held before goes on.", error)
                    if state is None:
                        self._users = {}
            return self._users


def _state(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            data = file.read()
    except FileNotFoundError as error:
        hint = f"Add a user with `reportqa user add NAME --users {path}`."
        raise ConfigError(f"There is no file {path}. {hint}") from error
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}.") from error
    if os.name == "posix" and stat.S_IMODE(mode) & 0o077:
        raise ConfigError(f"Other users of this machine may open {path}: run `chmod 600 {path}` first.")
    return data


def _users(data: bytes, path: Path) -> dict[str, User]:
    try:
        tables = tomllib.loads(data.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is not valid TOML: {error}. Correct it.") from error
    users = tables.pop("users", {})
    if tables or not isinstance(users, dict):
        raise ConfigError(f"{path} may hold only tables [users.NAME]; it holds {', '.join(tables) or 'users'}.")
    return {name: _user(name, table, path) for name, table in users.items()}


def _user(name: str, table: Any, path: Path) -> User:
    where = f"{path}, [users.{name}]"
    try:
        check_name(name)
    except ConfigError as error:
        raise ConfigError(f"{path}: {error}") from error
    if not isinstance(table, dict):
        raise ConfigError(f"{where}: must be a table.")
    for key, value in table.items():
        if key not in _FIELDS:
            raise ConfigError(f"{where}: there is no {key!r}; {', '.join(_FIELDS)} may stand there.")
        if not isinstance(value, _FIELDS[key]):
            raise ConfigError(f"{where}: {key} must be {'true or false' if _FIELDS[key] is bool else 'a text'}.")
    if not is_hash(table.get("password", "")):
        hint = f"Write it with `reportqa user password {name} --users {path}`."
        raise ConfigError(f"{where}: password is not an Argon2id hash. {hint}")
    if table.get("key") and not _KEY.fullmatch(table["key"]):
        hint = f"Make a new one with `reportqa user key {name} --users {path}`."
        raise ConfigError(f"{where}: key is not the hash of an API key. {hint}")
    return User(name, **table)


def _write(path: Path, data: bytes) -> None:
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")  # with mode 0600
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise ConfigError(f"{path} cannot be written: {error.strerror}.") from error
