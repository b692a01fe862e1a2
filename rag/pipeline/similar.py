"""Whether a report is one that the index holds already, in another file or another version.

Texts are compared by their word 5-grams. A sketch, the smallest 256 of their hashes, tells from which reports of the
index the text is worth comparing in full: 2 kB a report, and 30 ms to compare one with a thousand.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from rag.schema import Report, ReportInfo
from rag.text import fold, words

_GRAM = 5  # words
_SKETCH = 256  # hashes: the share of common 5-grams is estimated to within 0.03
_TYPE = np.dtype("<u8")
_SAME_FROM = 0.98  # a text extracted from another format
_VERSION_FROM = 0.5  # successive reports of a series share 0.05 at most, those made from one template more
_TITLED_FROM = 0.3  # with the same title, over the same period
_RELATED_FROM = 0.1  # with the same symbol
_WORTH_FROM = 0.2  # estimated
_MOST = 5
_SUFFIX = re.compile(r"/?\s*\b(rev|corr|add)\.?\s*(\d+)", re.IGNORECASE)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


@dataclass(frozen=True, slots=True)
class Likeness:
    """A report of the index that another one is like; ``why`` says in what, and what differs.

    ``same``: both hold the same words and numbers. ``beside``: one belongs with the other and does not take its place,
    as an addendum or a translation. ``newer``: whether the one compared is the newer; None where nothing shows it.
    """

    id: str
    why: str
    share: float
    same: bool = False
    beside: bool = False
    newer: bool | None = None


def shingles(text: str) -> np.ndarray:
    """Hashes of the word 5-grams of ``text``, uint64, ascending, each once; of a shorter text one for all its words."""
    hashed = np.fromiter((zlib.crc32(fold(word.group()).encode()) for word in words(text)), dtype=np.uint64)
    if not len(hashed):
        return np.empty(0, dtype=np.uint64)
    width = min(_GRAM, len(hashed))
    mixed = np.zeros(len(hashed) - width + 1, dtype=np.uint64)
    for offset in range(width):
        mixed = mixed * np.uint64(0x9E3779B97F4A7C15) + hashed[offset : offset + len(mixed)]
        mixed ^= mixed >> np.uint64(29)
    return np.unique(mixed * np.uint64(0xBF58476D1CE4E5B9))


def sketch(grams: np.ndarray) -> bytes:
    """The smallest of ``grams``, as stored (bottom-k sketch: Cohen and Kaplan 2007)."""
    return grams[:_SKETCH].astype(_TYPE).tobytes()


def jaccard(one: np.ndarray, other: np.ndarray) -> float:
    """Share of all hashes of two that both hold; 0 for two empty ones."""
    common = len(np.intersect1d(one, other, assume_unique=True))
    return common / max(len(one) + len(other) - common, 1)


def estimated(one: bytes, other: bytes) -> float:
    """What ``jaccard`` is about, from two sketches."""
    first, second = np.frombuffer(one, dtype=_TYPE), np.frombuffer(other, dtype=_TYPE)
    least = np.union1d(first, second)[:_SKETCH]
    both = np.isin(least, first, assume_unique=True) & np.isin(least, second, assume_unique=True)
    return float(both.mean()) if len(least) else 0.0


def alike(
    report: Report,
    grams: np.ndarray,
    stored: Mapping[str, ReportInfo],
    sketches: Mapping[str, bytes],
    text_of: Callable[[str], str],
) -> list[Likeness]:
    """Reports among ``stored`` that look like another version of ``report``, the most alike first.

    That is one with the same symbol but for its "/Rev.1"; one with much the same text, unless both state periods or
    symbols and these differ: then they are successive reports of a series.
    """
    own = sketch(grams)
    found = []
    for info in stored.values():
        if info.id == report.id:
            continue
        related = _related(report, info)
        if not related and (_apart(report, info) or estimated(own, sketches.get(info.id, b"")) < _WORTH_FROM):
            continue
        text = text_of(info.id)
        share = jaccard(grams, shingles(text))
        titled = bool(report.period) and report.period == info.period and fold(report.title) == fold(info.title)
        if related and report.language == info.language and _suffixes(report.symbol) == _suffixes(info.symbol):
            related = share >= _RELATED_FROM  # less, and one of the two only names the symbol
        if related or share >= (_TITLED_FROM if titled else _VERSION_FROM):
            same = share >= _SAME_FROM and not _differences(report, info) and _numbers(report.text) == _numbers(text)
            found.append(_likeness(report, info, share, titled, same))
    return sorted(found, key=lambda likeness: (-likeness.share, likeness.id))[:_MOST]


def _likeness(report: Report, info: ReportInfo, share: float, titled: bool, same: bool) -> Likeness:
    related = _related(report, info)
    translated = report.language != info.language
    if translated and related:
        why = [f"the same symbol, in another language ({report.language}, {info.language})"]
    elif related:
        both = report.symbol == info.symbol
        why = [f"the same symbol {info.symbol}" if both else f"symbols {report.symbol} and {info.symbol}"]
    else:
        why = ["the same title and period"] if titled else []
    if not translated:
        why.append("the same text" if same else f"{share:.0%} of the text in common")
    why += _differences(report, info)
    kinds = {kind for symbol in (report.symbol, info.symbol) for kind, _ in _suffixes(symbol)}
    beside = bool(related) and (translated or bool(kinds & {"add", "corr"}))
    return Likeness(info.id, ", ".join(why), share, same, beside, _newer(report, info))


def _bases(symbol: str) -> frozenset[str]:
    """Symbols without "/Rev.1" and the like; "A/79/947-S/2025/372" are two."""
    return frozenset(re.split(r"-(?=[A-Z]+/)", re.sub(r"[\s*]", "", _SUFFIX.sub("", symbol)).upper()))


def _suffixes(symbol: str) -> list[tuple[str, int]]:
    return sorted((kind.lower(), int(number)) for kind, number in _SUFFIX.findall(symbol))


def _related(report: ReportInfo, info: ReportInfo) -> bool:
    """Whether both carry the same symbol, but for "/Rev.1" and the like."""
    return bool(report.symbol and info.symbol) and bool(_bases(report.symbol) & _bases(info.symbol))


def _apart(report: ReportInfo, info: ReportInfo) -> bool:
    """Whether both state a symbol or a period, and another one."""
    symbols = bool(report.symbol and info.symbol) and not _related(report, info)
    return symbols or bool(report.period and info.period) and report.period != info.period


def _differences(report: ReportInfo, info: ReportInfo) -> list[str]:
    """What is stated otherwise of the two."""
    found = []
    if report.published and info.published and report.published != info.published:
        found.append(f"published {report.published} and {info.published}")
    if _related(report, info) and _suffixes(report.symbol) != _suffixes(info.symbol):
        found.append("another revision")
    return found


def _newer(report: ReportInfo, info: ReportInfo) -> bool | None:
    one, other = _suffixes(report.symbol), _suffixes(info.symbol)
    if _related(report, info) and one != other:
        return one > other
    if report.published and info.published and report.published != info.published:
        return report.published > info.published
    return None


def _numbers(text: str) -> frozenset[str]:
    return frozenset(_NUMBER.findall(text))


def advice(report_id: str, likeness: Likeness) -> str:
    """A sentence on what ``likeness`` means for a report that has gone in."""
    other = likeness.id
    if likeness.beside:
        return f"{report_id} belongs with {other} ({likeness.why}). Both are in the index."
    kind = {True: "a newer", False: "an older", None: "another"}[likeness.newer]
    keep = {
        True: f"to keep only the newer one: reportqa remove {other}",
        False: f"to keep only the newer one: reportqa remove {report_id}",
        None: f"to keep only one: reportqa remove {other}, or: reportqa remove {report_id}",
    }[likeness.newer]
    return f"{report_id} looks like {kind} version of {other} ({likeness.why}). Both are in the index; {keep}"
