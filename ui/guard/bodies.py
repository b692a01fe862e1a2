"""Bodies of requests, read no further than allowed."""

from __future__ import annotations

import asyncio
import json
from pathlib import PurePath
from typing import Any

from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.formparsers import MultiPartException

from ui.guard.asgi import Incoming, Message, Receive, Refusal
from ui.guard.limits import Limits

TOO_LARGE = Refusal(413, "The request is too large.", (("connection", "close"),))
_TOO_SLOW = Refusal(408, "The request came too slowly.", (("connection", "close"),))
_NOT_JSON = Refusal(400, "The request is not valid JSON.")


def check_length(request: Incoming, limit: int) -> None:
    """Refuse a body that says that it is longer than ``limit`` bytes. Raises Refusal."""
    given = request.header("content-length") or "0"
    if not (given.isascii() and given.isdigit()):
        raise Refusal(400, "The request is malformed.")
    if int(given) > limit:
        raise TOO_LARGE


class Body:
    """Passes a body on while counting it; what arrives too slowly or beyond ``limit`` raises Refusal.

    Once it has, ``refusal`` says why, whatever the application made of the exception. Without a body, ``is_whole``
    from the start: nothing is waited for then, whatever of the first message the application has missed.
    """

    def __init__(self, receive: Receive, limit: int, pause_s: float, *, is_whole: bool = False) -> None:
        self._receive = receive
        self._left = limit
        self._pause_s = pause_s
        self._is_whole = is_whole
        self.refusal: Refusal | None = None

    async def receive(self) -> Message:
        """The next message, as an application receives it."""
        if self.refusal is not None:
            raise self._given_up(self.refusal)
        if self._is_whole:  # what comes now is that the client leaves, however long that takes
            return await self._receive()
        try:
            message = await asyncio.wait_for(self._receive(), self._pause_s)
            if message["type"] == "http.request":
                self._is_whole = not message.get("more_body", False)
                self._take(message.get("body", b""))
        except TimeoutError:
            self.refusal = _TOO_SLOW
        except Refusal as refusal:
            self.refusal = refusal
        if self.refusal is not None:
            raise self._given_up(self.refusal)
        return message

    def _given_up(self, refusal: Refusal) -> Exception:
        """What the application is told."""
        return refusal

    def _take(self, data: bytes) -> None:
        self._left -= len(data)
        if self._left < 0:
            raise TOO_LARGE

    async def whole(self) -> bytes:
        """All of the body. Raises Refusal, also when the client leaves before the end."""
        parts = []
        while not self._is_whole:
            message = await self.receive()
            if message["type"] != "http.request":
                raise Refusal(400, "The request broke off.")
            parts.append(message.get("body", b""))
        return b"".join(parts)

    def again(self, data: bytes) -> Receive:
        """``receive`` for an application that is to read ``data``, which :meth:`whole` gave, once more."""
        waiting: list[Message] = [{"type": "http.request", "body": data, "more_body": False}]

        async def receive() -> Message:
            return waiting.pop() if waiting else await self._receive()

        return receive


class Upload(Body):
    """A multipart body whose files are few, not too large, and of allowed types."""

    def __init__(self, receive: Receive, limit: int, request: Incoming, limits: Limits) -> None:
        super().__init__(receive, limit, limits.body_s)
        self._limits = limits
        self._files = 0
        self._size = 0
        self._field, self._value = b"", b""
        kind, options = parse_options_header(request.header("content-type"))
        if kind != b"multipart/form-data" or b"boundary" not in options:
            raise Refusal(415, "Files are sent as multipart/form-data.")
        self._parser = MultipartParser(
            options[b"boundary"],
            {
                "on_part_begin": self._begin,
                "on_header_field": self._header_field,
                "on_header_value": self._header_value,
                "on_header_end": self._header_end,
                "on_part_data": self._data,
            },
        )

    def _take(self, data: bytes) -> None:
        super()._take(data)
        try:
            self._parser.write(data)
        except ValueError as error:  # python_multipart's own errors are subclasses of it
            raise Refusal(400, "The upload is malformed.") from error

    def _given_up(self, refusal: Refusal) -> Exception:
        return MultiPartException(refusal.words)  # then Gradio closes the files that it has begun

    def _begin(self) -> None:
        self._size = 0
        self._files += 1
        if self._files > self._limits.files:
            raise Refusal(413, f"Too many files at once: {self._limits.files} is the limit.")

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._field += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]
        if len(self._value) > 8 * self._limits.name_chars:
            raise Refusal(413, f"The file's name is too long: {self._limits.name_chars} characters is the limit.")

    def _header_end(self) -> None:
        field, value = self._field.lower(), self._value
        self._field, self._value = b"", b""
        if field == b"content-disposition":
            self._check_name(parse_options_header(value)[1].get(b"filename", b"").decode("utf-8", "replace"))

    def _check_name(self, name: str) -> None:
        limits = self._limits
        if len(name) > limits.name_chars:
            raise Refusal(413, f"The file's name is too long: {limits.name_chars} characters is the limit.")
        if limits.suffixes is not None and PurePath(name).suffix.lower() not in limits.suffixes:
            known = ", ".join(sorted(limits.suffixes))
            raise Refusal(415, f"{name[:80] or 'The file'}: its type is not read; {known} are.")

    def _data(self, data: bytes, start: int, end: int) -> None:
        self._size += end - start
        if self._size > self._limits.file_bytes:
            raise Refusal(413, f"The file is too large: {self._limits.file_bytes / 1e6:,.0f} MB is the limit.")


def parsed(data: bytes) -> Any:
    """JSON data. Raises Refusal."""
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise _NOT_JSON from error
