"""A conversation as Markdown, its citations as footnotes.

What reports, models and users wrote is escaped: it makes no link, image, heading, HTML or mathematics.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rag.schema import ReportInfo
from ui.conversations.records import Conversation
from ui.export.outline import Outline, Sentence, outline, summary_of, title_of
from ui.export.words import LABELS
from ui.words import WORDS

# Every character that begins something inline, in CommonMark and its common extensions; "@" begins an address.
_INLINE = re.compile(r"[\\`*_\[\]<>&~$|^@{}]")
# A viewer that turns bare addresses into links needs these whole.
_ADDRESS = re.compile(r":(?=//)|(?<=\bwww)\.|(?<=\bmailto):|(?<=\bxmpp):", re.IGNORECASE)
_BLOCK = re.compile(r"^(?:[#+=:%-]|\d+[.)])")


def conversation_markdown(conversation: Conversation, language: str = "en", reports: Sequence[ReportInfo] = ()) -> str:
    """The conversation, a heading for each question; footnotes, numbered through, have place, quote and verdict."""
    title, summary = title_of(conversation, language), summary_of(conversation, language)
    parts = [f"# {escaped(title)}", summary, LABELS[language]["made_by"]]
    number = 0
    for entry in conversation.entries:
        found = outline(entry, language, reports)
        notes = {source.marker: number + place for place, source in enumerate(found.sources, start=1)}
        number += len(notes)
        parts.extend(part for part in _turn(found, notes, language) if part)
    return "\n\n".join(parts) + "\n"


def escaped(text: str) -> str:
    """One line of text so that Markdown shows it as it is."""
    text = _INLINE.sub(r"\\\g<0>", text)
    text = _ADDRESS.sub(r"\\\g<0>", text)
    return _BLOCK.sub(lambda match: f"{match.group()[:-1]}\\{match.group()[-1]}", text)


def _turn(found: Outline, notes: dict[int, int], language: str) -> Iterator[str]:
    yield f"## {escaped(found.question)}"
    yield _labelled(found.lead)
    yield f"**{escaped(found.state)}**" if found.state else ""
    yield " ".join([*(_sentence(one, notes) for one in found.sentences), escaped(found.remainder)]).strip()
    if found.nearest:
        yield f"{WORDS[language]['nearest']}:"
        yield "\n".join(f"- {escaped(where)}: {escaped(excerpt)}" for where, excerpt in found.nearest)
    yield _labelled(found.facts)
    yield "\n".join(
        f"[^{notes[source.marker]}]: {escaped(source.where)}. “{escaped(source.quote)}” ({source.verdict})"
        for source in found.sources
    )


def _labelled(pairs: Sequence[tuple[str, str]]) -> str:
    return "\n".join(f"- {label}: {escaped(value)}" for label, value in pairs)


def _sentence(one: Sentence, notes: dict[int, int]) -> str:
    # A marker without a source stays to be seen.
    marks = "".join(f"[^{notes[marker]}]" if marker in notes else f"\\[{marker}\\]" for marker in one.markers)
    return f"{escaped(one.text)}{marks}" + (f" **({one.flag})**" if one.flag else "")
