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


def load_eml(data: bytes, path: Path) -> Content:
    """A message: its subject as heading, sender and day, then the text, of its HTML form where it has one.

    Attachments are named in a warning, not read.

    :raises ReportError: it is no message, or one without text.
    """
    message = email.message_from_bytes(data, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    if not any(name in message for name in ("from", "subject", "date", "received")):
        raise ReportError(f"{path} is no e-mail message: it has neither sender nor subject.")
    subject, sent = _header(message, "subject"), _sent(message)
    out = Composer()
    out.heading(subject, 1)
    out.paragraph(f"From: {_header(message, 'from')}" if message["from"] else "")
    out.paragraph(f"Date: {sent.date().isoformat()}" if sent else "")
    warnings = _write_body(message, out, path)
    names = [part.get_filename() or part.get_content_type() for part in message.iter_attachments()]
    if names:
        warnings.append(f"attachments were left out: {', '.join(names[:10])}; save and add them as files of their own")
    return out.content(title=subject, warnings=warnings, published=sent.date() if sent else None)


def _write_body(message: EmailMessage, out: Composer, path: Path) -> list[str]:
    try:
        body = message.get_body(preferencelist=("html", "plain"))
        text = body.get_content() if body is not None else ""
    except (LookupError, UnicodeError, ValueError, AttributeError) as error:
        raise ReportError(f"{path} is damaged: its text cannot be decoded ({error}).") from error
    if body is None or not str(text).strip():
        raise ReportError(f"{path} holds no text: if what matters is in an attachment, save and add that.")
    if body.get_content_subtype() == "html":
        return write_page(LexborHTMLParser(str(text)), out)
    for block in str(text).replace("\r\n", "\n").split("\n\n"):
        lines = [line for line in block.splitlines() if line.strip()]
        if lines and all(line.lstrip().startswith(("-", "*", "•")) for line in lines):
            for line in lines:
                out.item(line)
        else:
            out.paragraph(" ".join(lines))
    return []


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
