"""A .gguf file run by llama.cpp in a child process, asked like any other endpoint."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Self

from rag.errors import ModelBroke, ModelError, ModelMissing
from rag.llm import machine
from rag.llm.endpoint import Endpoint, Patience
from rag.llm.gguf import Header, read_header
from rag.llm.key import FILE_VARIABLE, VARIABLE, Key
from rag.llm.probe import Found
from rag.schema import Message

CONTEXTS = (8192, 4096, 2048)
"""Tokens for the context of a model, the first that fits its training and the memory."""

_SLOTS = 2  # replies written at once, where the memory allows
_BATCH = 512  # tokens read at once; the engine keeps the scores of the whole vocabulary for each
_BESIDE = 200_000_000  # bytes that the engine takes beside model, context and scores
_STOP_S = 5.0  # to end by itself before it is killed
_ENDING_S = 0.3
_LOG_LINES = 60


@dataclass(frozen=True, slots=True)
class Plan:
    """How a model is run: tokens of context for each request, requests at once, bytes that this takes."""

    context_tokens: int
    slots: int
    memory_bytes: int


def plan(header: Header, available: int, context_tokens: int = 0) -> Plan:
    """The most context and requests at once that fit into ``available`` bytes.

    :param context_tokens: as the user wants it; 0 to choose.
    :raises ModelError: not even the smallest fits, or the model was trained for less.
    """
    trained = header.context_tokens or CONTEXTS[0]
    if context_tokens > trained:
        raise ModelError(f"{header.path}: the model takes at most {trained} tokens; --llm-context {context_tokens}.")
    wanted = (context_tokens,) if context_tokens else tuple(dict.fromkeys(min(one, trained) for one in CONTEXTS))
    for context in wanted:
        for slots in (_SLOTS, 1):
            needed = _needed(header, context * slots)
            if needed <= available:
                return Plan(context, slots, needed)
    raise ModelError(
        f"{header.path}: the model needs {_gb(_needed(header, wanted[-1]))} of memory "
        f"({_gb(header.file_bytes)} for the file, the rest for a context of {wanted[-1]} tokens), and "
        f"{_gb(available)} are free. Close other programs, take a smaller model, or a shorter context: --llm-context."
    )


def _needed(header: Header, tokens: int) -> int:
    return header.file_bytes + tokens * header.cache_bytes + 4 * _BATCH * header.vocabulary + _BESIDE


def _gb(count: int) -> str:
    return f"{count / 1e9:.1f} GB"


class LocalEngine:
    """A model in a file; see :class:`rag.schema.ChatModel`. Safe to use from several threads.

    The engine is a process of its own: when it crashes, or the system ends it for want of memory, the reply
    under way breaks off with ``ModelBroke``, and the next one starts it anew. It ends with :meth:`close`, and
    whenever this process does.

    :param path: of a .gguf file.
    :param context_tokens: for prompt and answer; 0 to take what fits, see :func:`plan`.
    :raises ModelError: the file is no model that can be run, the memory does not suffice, the extra
        ``reportqa[llm]`` is not installed, or the engine does not load it.
    """

    def __init__(self, path: Path, *, context_tokens: int = 0, patience: Patience | None = None) -> None:
        if find_spec("xllamacpp") is None or find_spec("psutil") is None:
            raise ModelError(f"{path}: to run a .gguf file, install the engine: pip install 'reportqa[llm]'")
        self._header = read_header(path)
        self.plan = plan(self._header, machine.available_memory(), context_tokens)
        self._patience = patience
        self._lock = threading.Lock()
        self._closed = False
        self.name = self._header.path.stem
        self.context_tokens = self.plan.context_tokens
        self._child = _Child(self._header, self.plan)
        self._endpoint = self._child.connect(patience)

    @property
    def pid(self) -> int:
        """Of the engine's process."""
        return self._child.pid

    @property
    def found(self) -> Found:
        """What the engine says of itself."""
        return self._endpoint.found

    def close(self) -> None:
        """End the engine; a reply under way breaks off. May be called again."""
        with self._lock:
            self._closed = True
            self._endpoint.close()
            self._child.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def count_tokens(self, text: str) -> int:
        """Exact."""
        return self._ready()[1].count_tokens(text)

    def stream(self, messages: Sequence[Message], *, max_tokens: int, cancelled: Callable[[], bool]) -> Iterator[str]:
        """See :class:`rag.schema.ChatModel`."""
        child, endpoint = self._ready()
        try:
            yield from endpoint.stream(messages, max_tokens=max_tokens, cancelled=cancelled)
        except ModelError as error:
            # A connection breaks a moment before the system reports the end.
            wait_s = _ENDING_S if isinstance(error, ModelBroke | ModelMissing) else 0
            if (ending := child.ended(wait_s)) and not self._closed:
                if isinstance(error, ModelMissing):  # it ended before it was asked anything
                    yield from self._ready()[1].stream(messages, max_tokens=max_tokens, cancelled=cancelled)
                    return
                raise ModelBroke(
                    f"The engine that runs {self.name!r} {ending}. The next question starts it anew."
                ) from error
            raise

    def _ready(self) -> tuple[_Child, Endpoint]:
        """The engine, started anew if it has ended."""
        with self._lock:
            if self._closed:
                raise ModelBroke(f"The engine that runs {self.name!r} was closed.")
            if self._child.ended():
                self._endpoint.close()
                self._child.stop()
                self._child = _Child(self._header, self.plan)
                self._endpoint = self._child.connect(self._patience)
            return self._child, self._endpoint


class _Child:
    """The engine's process."""

    def __init__(self, header: Header, plan: Plan) -> None:
        self._path, self._key = header.path, secrets.token_hex(24)
        self._name, self._context = header.path.stem, plan.context_tokens
        self._log: deque[str] = deque(maxlen=_LOG_LINES)
        asked = {
            "path": str(header.path.absolute()),
            "name": self._name,
            "context": plan.context_tokens,
            "slots": plan.slots,
            "threads": machine.threads(),
            "key": self._key,
        }
        command = [sys.executable, "-P", str(Path(__file__).with_name("child.py"))]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(  # noqa: S603 - our own file
            command, stdin=pipe, stdout=pipe, stderr=pipe, env=_environment(), start_new_session=True
        )
        self.pid = self._process.pid
        self._logging = threading.Thread(target=self._keep_log, daemon=True)
        self._logging.start()
        self._send(asked)

    def connect(self, patience: Patience | None) -> Endpoint:
        """Wait until the model is loaded."""
        assert self._process.stdout is not None
        try:
            line = self._process.stdout.readline()  # ends with the process at the latest
            if not line:
                self._process.wait()
                self._logging.join()
                raise ModelError(f"{self._path}: the engine cannot run this model: {self._reason()}")
            url = f"{json.loads(line)['url']}/v1"
            return Endpoint.open(url, self._name, key=Key(self._key), context_tokens=self._context, patience=patience)
        except BaseException:
            self.stop()
            raise

    def ended(self, wait_s: float = 0.0) -> str:
        """How the process has ended, in words; "" while it runs, and still does after ``wait_s``."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(wait_s)
        code = self._process.returncode
        if code is None:
            return ""
        return "was killed, most likely as memory ran out" if code == -9 else f"crashed (exit code {code})"

    def stop(self) -> None:
        """Have it end, by force if need be."""
        assert self._process.stdin and self._process.stdout
        with suppress(OSError):
            self._process.stdin.close()
        try:
            self._process.wait(_STOP_S)
        except subprocess.TimeoutExpired:  # it was still loading
            self._process.kill()
            self._process.wait()
        self._logging.join()
        self._process.stdout.close()

    def _send(self, asked: dict[str, object]) -> None:
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):  # connect() says what happened
            self._process.stdin.write(f"{json.dumps(asked)}\n".encode())
            self._process.stdin.flush()

    def _keep_log(self) -> None:
        assert self._process.stderr is not None
        with self._process.stderr as lines:
            for line in lines:
                self._log.append(line.decode("utf-8", "replace").strip())

    def _reason(self) -> str:
        """What the engine's log says of its failure."""
        code = self._process.returncode
        if code == -9:
            return "it was killed, most likely as memory ran out."
        errors = [line.partition(": ")[2] or line for line in self._log if " E " in line or "rror:" in line]
        return f"{errors[0] if errors else f'exit code {code}'}"


def _environment() -> dict[str, str]:
    """Ours, without keys, and without what could lead the engine elsewhere."""
    hidden = (VARIABLE, FILE_VARIABLE, "LLAMA_", "HF_")
    return {name: value for name, value in os.environ.items() if not name.startswith(hidden)}
