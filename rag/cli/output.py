"""What is written to the terminal or a pipe: lines, errors, progress."""

from __future__ import annotations

import io
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from rag.errors import ConfigError

if TYPE_CHECKING:
    from rag.schema import Progress

# A report's text may hold sequences that a terminal obeys; line ends and tabs are wanted.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")

_WIDTH = 80  # of the bar
_BAR = "{desc} {n_fmt}/{total_fmt} |{bar}| {elapsed}{postfix}"


def ready_output() -> None:
    """Let characters that the terminal's encoding lacks be escaped, where they would stop the command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def print_line(text: str) -> None:
    """Write a line of the result."""
    print_data(_CONTROL.sub("\N{REPLACEMENT CHARACTER}", text))


def print_data(text: str) -> None:
    """Write a line of the result for another program, unchanged."""
    with _writing():
        sys.stdout.write(f"{text}\n")


def flush() -> None:
    """Bring the result to where it goes; raises ``BrokenPipeError`` or ``ConfigError``."""
    with _writing():
        sys.stdout.flush()


def say(text: str) -> None:
    """Write a line on standard error."""
    with suppress(OSError):  # there is nowhere left to say it
        sys.stderr.write(f"{_CONTROL.sub(' ', text)}\n")


def discard_output() -> None:
    """Drop what is still unwritten, so that the interpreter does not stumble over it at its end."""
    with suppress(OSError):  # no real file, such as in a test
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextmanager
def _writing() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        discard_output()
        raise ConfigError(f"The output cannot be written: {error.strerror}.") from error


@contextmanager
def busy(text: str) -> Iterator[None]:
    """Show a line on standard error for as long as the block takes, when that is a terminal."""
    if not sys.stderr.isatty():
        yield
        return
    sys.stderr.write(text)
    sys.stderr.flush()
    try:
        yield
    finally:
        sys.stderr.write(f"\r{' ' * len(text)}\r")
        sys.stderr.flush()


@contextmanager
def progress_bars() -> Iterator[Progress | None]:
    """A progress callback that draws a bar on standard error; None when that is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from tqdm import tqdm

    bar: tqdm | None = None
    outer = ""

    def show(stage: str, done: int, total: int) -> None:
        """Draw the first stage that is heard of as the bar, what goes on within it beside it."""
        nonlocal bar, outer
        if bar is None:
            outer, bar = stage, tqdm(total=total, desc=stage, leave=False, ncols=_WIDTH, bar_format=_BAR)
        if stage == outer:
            bar.n, bar.total = done, total
            bar.set_postfix_str("")
        elif total == 1:
            bar.set_postfix_str("" if done else stage)
        else:
            bar.set_postfix_str(f"{stage} {done}/{total}")

    try:
        yield show
    finally:
        if bar is not None:
            bar.close()
