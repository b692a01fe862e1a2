"""The key of an endpoint: from the environment or from a file that is nobody else's to read."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path

from rag.errors import ConfigError

VARIABLE = "REPORTQA_LLM_KEY"
FILE_VARIABLE = "REPORTQA_LLM_KEY_FILE"


class Key:
    """A key that shows itself to :meth:`header` and :meth:`hide` only, never in a log or message."""

    __slots__ = ("_value",)

    def __init__(self, value: str = "") -> None:
        self._value = value

    def __bool__(self) -> bool:
        return bool(self._value)

    def __repr__(self) -> str:
        return "Key(set)" if self._value else "Key(none)"

    def __reduce__(self) -> str:
        raise TypeError("a key is not written down")

    def header(self) -> dict[str, str]:
        """The request header that carries it; none without a key."""
        return {"Authorization": f"Bearer {self._value}"} if self._value else {}

    def hide(self, text: str) -> str:
        """``text`` with the key, where an endpoint repeats it, replaced."""
        return text.replace(self._value, "***") if self._value else text


def read_key(environ: Mapping[str, str] | None = None) -> Key:
    """The key in ``REPORTQA_LLM_KEY``, else in the file that ``REPORTQA_LLM_KEY_FILE`` names; none if neither is set.

    :raises ConfigError: both are set, the file cannot be read or others can read it, or it holds no key.
    """
    environ = os.environ if environ is None else environ
    value, name = environ.get(VARIABLE, ""), environ.get(FILE_VARIABLE, "")
    if value and name:
        raise ConfigError(f"Both {VARIABLE} and {FILE_VARIABLE} are set: unset one of them.")
    if name:
        return Key(_checked(_read(Path(name).expanduser()), name))
    return Key(_checked(value, VARIABLE)) if value else Key()


def _read(path: Path) -> str:
    try:
        with path.open(encoding="utf-8") as file:
            mode = os.fstat(file.fileno()).st_mode
            if os.name == "posix" and stat.S_IMODE(mode) & 0o077:
                raise ConfigError(
                    f"{path}: others can read or change this key file (mode {stat.S_IMODE(mode):04o}). "
                    f"Make it yours alone: chmod 600 {path}"
                )
            return file.read(10_000).strip()
    except OSError as error:
        raise ConfigError(f"{path}: the key file in {FILE_VARIABLE} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError:
        raise ConfigError(f"{path}: the key file is no text. Write the key into it, and nothing else.") from None


def _checked(value: str, source: str) -> str:
    """The key itself, never shown; ``source`` is named in the error."""
    if not value or not value.isascii() or not value.isprintable() or " " in value:
        raise ConfigError(f"{source} holds no usable key: it is empty or has spaces or unusual characters.")
    return value
