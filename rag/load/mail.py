"""E-mail messages."""

from __future__ import annotations

import email
import email.policy
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

from rag.errors import ReportError
from rag.load.compose import Composer
from rag.load.decode import Content
from rag.load.web import write_page

_MAX_LEVEL = 4  # of messages in messages


def load_eml(data: bytes, path: Path) -> Content:
    """A message: its subject as heading, sender and day, then the text, of its HTML form where it has one.

    So are the messages in it, a level below. Attachments are named in a warning, not read.

    :raises ReportError: it is no message, or one without text.
    """
    message = email.message_from_bytes(data, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    if not any(name in message for name in ("from", "subject", "date", "received")):
        raise ReportError(f"{path} is no e-mail message: it has neither sender nor subject.")
    reader = _Reader()
    try:
        reader.message(message, 1)
    except (LookupError, UnicodeError, ValueError, AttributeError) as error:
        raise ReportError(f"{path} is damaged: its text cannot be decoded ({error}).") from error
    if not reader.has_text:
        raise ReportError(f"{path} holds no text: if what matters is in an attachment, save and add that.")
    warnings = [*dict.fromkeys(reader.warnings)]
    if names := reader.left_out:
        warnings.append(f"attachments were left out: {', '.join(names[:10])}; save and add them as files of their own")
    sent = _sent(message)
    return reader.out.content(
        title=_header(message, "subject"), warnings=warnings, published=sent.date() if sent else None
    )


class _Reader:
    """Writes a message and the messages in it."""

    def __init__(self) -> None:
        self.out = Composer()
        self.warnings: list[str] = []
        self.left_out: list[str] = []
        self.has_text = False

    def message(self, message: EmailMessage, level: int) -> None:
        """Write a message under its subject."""
        sent = _sent(message)
        self.out.heading(_header(message, "subject"), level)
        self.out.paragraph(f"From: {_header(message, 'from')}" if message["from"] else "")
        self.out.paragraph(f"Date: {sent.date().isoformat()}" if sent else "")
        self._part(message, level)

    def _part(self, part: EmailMessage, level: int) -> None:
        kind = part.get_content_type()
        named = part.is_attachment() or (self.has_text and part.get_filename())
        if kind in ("multipart/alternative", "multipart/related"):
            body = part.get_body(preferencelist=("html", "plain"))
            if isinstance(body, EmailMessage):
                self._text(body)
        elif kind == "message/rfc822" and level < _MAX_LEVEL:
            for inner in part.iter_parts():
                self.message(inner, level + 1)
        elif part.get_content_maintype() == "multipart":
            for inner in part.iter_parts():
                self._part(inner, level)
        elif kind in ("text/plain", "text/html") and not named:
            self._text(part)
        else:
            self.left_out.append(part.get_filename() or kind)

    def _text(self, body: EmailMessage) -> None:
        text = str(body.get_content())
        self.has_text = self.has_text or bool(text.strip())
        if body.get_content_subtype() == "html":
            self.warnings += write_page(LexborHTMLParser(text), self.out)
        else:
            _write_plain(text, self.out)


def _write_plain(text: str, out: Composer) -> None:
    for block in text.replace("\r\n", "\n").split("\n\n"):
        lines = [line for line in block.splitlines() if line.strip()]
        if lines and all(line.lstrip().startswith(("-", "*", "•")) for line in lines):
            for line in lines:
                out.item(line)
        else:
            out.paragraph(" ".join(lines))


def _header(message: EmailMessage, name: str) -> str:
    try:
        return str(message[name] or "")
    except (ValueError, UnicodeError, AttributeError, IndexError):  # a header that the standard library stumbles over
        return ""


def _sent(message: EmailMessage) -> datetime | None:
    try:
        return message["date"].datetime if message["date"] is not None else None
    except (ValueError, AttributeError, TypeError, OverflowError, IndexError):
        return None
