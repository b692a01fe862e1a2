"""What is inert: a model's text without links, images, HTML and hidden characters.

A model that was talked into it could send what it was asked to whoever it was told, in an address that
is shown or fetched; so no address stays but those that the passages hold letter for letter.
"""

from __future__ import annotations

import re
import unicodedata
from html import unescape

from rag.text import plain

_SCRIPT = re.compile(r"<(script|style|iframe|svg)\b[^<>]*>[^<]*(?:</\1\s*>|$)", re.IGNORECASE)
_TAG = re.compile(r"<[a-zA-Z/!?|][^<>]*(?:>|$)|\|>")
_IMAGE = re.compile(r"!\[[^\[\]]{0,300}\](?:\([^()]{0,2000}\)?|\[[^\[\]]{0,300}\])?")
_LINK = re.compile(
    r"\[(?P<text>[^\[\]]{0,300})\](?:\([^()]{0,2000}(?:\([^()]{0,500}\)[^()]{0,500})?\)?|\[[^\[\]]{0,100}\])"
)
_REFERENCE = re.compile(r"^[ \t]*\[[^\[\]]{1,100}\]:.*$", re.MULTILINE)
_ADDRESS = re.compile(
    r"\b(?:(?:https?|ftp|file|ws|data|javascript|vbscript|mailto|tel):[^\s<>()]+|www\.[^\s<>()]+"
    r"|[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{1,100}"
    r"|(?:[\w-]{1,63}\.){1,5}(?:[a-z]{2,12}/[^\s<>()]*|(?:com|org|net|int|info|io|example|ru|cn|xyz|top)\b))",
    re.IGNORECASE,
)
_INSTEAD = re.compile(r"\(\s*\)|\[\s*\]|!\s*(?=\s|$)(?<=\s!)")
_BEFORE_STOP = re.compile(r"\s+(?=[.,;:!?…](?:\s|$))")


def without_addresses(text: str, passages: str) -> str:
    """``text`` with links, images, HTML and addresses blanked, of the same length.

    A link's words stay. An address stays if it stands in ``passages``.
    """
    for pattern in (_SCRIPT, _TAG, _IMAGE, _REFERENCE):
        text = pattern.sub(_blank, text)
    text = _LINK.sub(lambda link: f" {link['text']} ".ljust(len(link[0])), text)
    return _ADDRESS.sub(lambda found: found[0] if _stands(found[0], passages) else _blank(found), text)


def _blank(found: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", found[0])


def _stands(address: str, passages: str) -> bool:
    return address.rstrip(".,;:!?)*_'\"") in passages


def shown(text: str) -> str:
    """A sentence on one line as it is shown: without Markdown, entities and characters that cannot be seen."""
    text = unescape(text)
    text = "".join(c for c in text if c.isspace() or unicodedata.category(c) not in ("Cc", "Cf", "Co", "Cn", "Cs"))
    text = plain(_TAG.sub(" ", _SCRIPT.sub(" ", text)))
    text = _BEFORE_STOP.sub("", _INSTEAD.sub(" ", text))
    return re.sub(r"([.!?])\.+$", r"\1", " ".join(text.split()))
