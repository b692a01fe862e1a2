"""Words of a page's picture, read by the ``tesseract`` program where that is installed."""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import groupby
from statistics import fmean, median
from typing import TYPE_CHECKING, NamedTuple

from rag.load.pdf.records import Word

if TYPE_CHECKING:
    from PIL.Image import Image

LANGUAGES = ("eng", "spa", "fra")
_PROGRAM = "tesseract"
_PAGE_S = 60.0  # a dense page takes 4 s on one core
_LIST_S = 10.0
# Of 100. On scanned reports, what is below is stamps, signatures and pieces of pictures read as letters: on ten pages
# 41 of 46 such words were none. Marks without a letter or digit are mostly specks of dust unless they are sure.
_MIN_CONFIDENCE = 30.0
_MIN_MARK_CONFIDENCE = 70.0
# Parts of the font's size that letters take: capitals, digits and tall letters above the baseline, others, and tails.
_TALL, _LOW, _TAIL = 0.72, 0.5, 0.21
_MAX_HEIGHTS = 6.0  # of the usual word, that the largest title has
_SAME_SIZE = 0.15  # lines of a paragraph differ by less when nothing but their letters does
_TAILED, _FLAT = frozenset("gjpqyçÇQ,;()[]{}/|"), frozenset("acemnorsuvwxzgpqy")


class _Seen(NamedTuple):
    """A word as Tesseract saw it, in pixels."""

    block: tuple[str, str]
    line: str
    left: float
    top: float
    right: float
    bottom: float
    confidence: float
    text: str


def read_page(image: Image, dpi: int, languages: tuple[str, ...]) -> tuple[list[Word], float] | None:
    """Words of a picture in reading order, in points from its top left corner, and how sure they are, 0 to 1.

    ``dpi`` is the picture's resolution. ``languages`` are tried in order as far as they are installed (see
    :data:`LANGUAGES`), English without any. ``Word.block`` counts paragraphs. The confidence is the mean over the
    words' characters, 0.0 where none is found. None when Tesseract is not installed or did not get through the page.
    """
    installed = installed_languages()
    if not installed:
        return None
    chosen = [name for name in languages if name in installed] or [installed[0]]
    picture = io.BytesIO()
    image.convert("L").save(picture, "PPM")  # plain pixels, which cost no time to pack
    command = [_PROGRAM, "stdin", "stdout", "--dpi", str(dpi), "-l", "+".join(chosen), "tsv"]
    told = _run(command, picture.getvalue(), _PAGE_S)
    if told is None:
        return None
    seen = _without_pictures([word for word in _parse(told) if _is_word(word)])
    if not seen:
        return [], 0.0
    sure = fmean([word.confidence for word in seen], weights=[len(word.text) for word in seen]) / 100
    return list(_words(seen, 72 / dpi)), min(sure, 1.0)


@lru_cache(maxsize=1)
def installed_languages() -> tuple[str, ...]:
    """Those of :data:`LANGUAGES` that Tesseract can read here; none when it is not installed."""
    told = _run([_PROGRAM, "--list-langs"], b"", _LIST_S) if shutil.which(_PROGRAM) else None
    names = (told or "").split()
    return tuple(name for name in LANGUAGES if name in names)


def _run(command: list[str], given: bytes, seconds: float) -> str | None:
    """What a program writes; None when it fails or takes too long."""
    environment = os.environ | {"OMP_THREAD_LIMIT": "1"}  # its threads wait for one another more than they help
    try:
        done = subprocess.run(  # noqa: S603 - a fixed program without a shell
            command, input=given, capture_output=True, timeout=seconds, env=environment, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.decode("utf-8", errors="replace")


def _parse(told: str) -> Iterable[_Seen]:
    for row in csv.DictReader(io.StringIO(told), delimiter="\t", quoting=csv.QUOTE_NONE):
        if row["level"] != "5" or not (row["text"] or "").strip():
            continue
        left, top, width, height = (float(row[name]) for name in ("left", "top", "width", "height"))
        place = (row["block_num"], row["par_num"])
        text = "".join(row["text"].split())
        yield _Seen(place, row["line_num"], left, top, left + width, top + height, float(row["conf"]), text)


def _is_word(word: _Seen) -> bool:
    least = _MIN_CONFIDENCE if any(map(str.isalnum, word.text)) else _MIN_MARK_CONFIDENCE
    return word.confidence >= least and word.right > word.left and word.bottom > word.top


def _without_pictures(seen: Sequence[_Seen]) -> list[_Seen]:
    """Without words many times as high as the others, which are pieces of pictures read as letters."""
    highest = _MAX_HEIGHTS * median([word.bottom - word.top for word in seen] or [0])
    return [word for word in seen if word.bottom - word.top <= highest]


def _words(seen: Sequence[_Seen], scale: float) -> Iterable[Word]:
    """Words in points, with the size that their letters show and boxes as high as that font's."""
    for number, (_, grouped) in enumerate(groupby(seen, key=lambda word: word.block)):
        lines = [list(line) for _, line in groupby(grouped, key=lambda word: word.line)]
        sizes = [median((word.bottom - word.top) / _share(word.text) for word in line) for line in lines]
        usual = median(sizes)
        for line, measured in zip(lines, sizes, strict=True):
            size = usual if abs(measured - usual) < _SAME_SIZE * usual else measured
            yield from (_word(word, size, scale, number) for word in line)


def _word(word: _Seen, size: float, scale: float, block: int) -> Word:
    top, bottom = word.top, word.bottom
    if any(map(str.isalnum, word.text)):  # where a dash or a quotation mark stands tells nothing of the line
        baseline = bottom - (_TAIL * size if _TAILED.intersection(word.text) else 0)
        top, bottom = max(min(top, baseline - _TALL * size), 0.0), max(bottom, baseline + _TAIL * size)
    box = (round(value * scale, 2) for value in (word.left, top, word.right, bottom))
    return Word(word.text, *box, size=round(size * scale * 2) / 2, block=block)


def _share(text: str) -> float:
    """How much of the font's size a word's letters take from top to bottom."""
    top = _LOW if _FLAT.issuperset(text) else _TALL
    return top + (_TAIL if _TAILED.intersection(text) else 0.0)
