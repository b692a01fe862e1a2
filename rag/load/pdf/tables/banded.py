"""Tables between rules across the page, or on shaded rows, without rules between their columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

from rag.load.pdf.records import RawPage, Word
from rag.load.pdf.tables.columns import Column, column_at, columns_between, columns_of, span_of
from rag.load.pdf.tables.draft import Draft
from rag.load.pdf.tables.heads import first_head, heads_above
from rag.load.pdf.tables.lines import Line, is_year, lines_of
from rag.load.pdf.tables.rulings import SNAP, Rule, places
from rag.load.pdf.tables.stream import SENTENCE, draft_of_lines

SAME = 6.0  # points: rules that begin and end as near to one another belong to one table
LEAST_WIDTH = 80.0  # points
MOST_GAP = 3.5  # of the size: white space within a table
MOST_BELOW = 3.5  # of the size: how far below the last rule a row may stand
LOW = 0.9  # of the page's height: its number may stand below


def frames_of(across: Sequence[Rule]) -> list[list[Rule]]:
    """Rules of one width below one another, in sets of two or more, the narrowest first."""
    sets: list[list[Rule]] = []
    for rule in across:
        if rule.end - rule.start < LEAST_WIDTH:
            continue
        for held in sets:
            if abs(held[-1].start - rule.start) <= SAME and abs(held[-1].end - rule.end) <= SAME:
                held.append(rule)
                break
        else:
            sets.append([rule])
    frames = sorted((held for held in sets if len(held) > 1), key=lambda held: held[0].end - held[0].start)
    return [held for number, held in enumerate(frames) if not any(_parts(wide, held) for wide in frames[number + 1 :])]


def _parts(wide: Sequence[Rule], frame: Sequence[Rule]) -> bool:
    """Whether a wider set has rules within a frame: the frame is no table of its own, but shading in another."""
    if wide[0].start > frame[0].start + SAME or wide[0].end < frame[0].end - SAME:
        return False
    return sum(frame[0].at < rule.at < frame[-1].at for rule in wide) > 1


def banded_tables(page: RawPage, frame: Sequence[Rule], free: set[int], across: Sequence[Rule]) -> Iterator[Draft]:
    """Tables between the rules of a frame."""
    left, right = min(rule.start for rule in frame), max(rule.end for rule in frame)
    bands: list[list[Line]] = []
    for above, below in pairwise([*frame, Rule(page.height, left, right)]):
        inside = [i for i in free if above.at < page.words[i].middle < below.at]
        middles = {i: (page.words[i].left + page.words[i].right) / 2 for i in inside}
        bands.append(lines_of(page.words, [i for i in inside if left - 2 <= middles[i] <= right + 2]))
    edges = _edges(frame)
    bands[-1] = _open_end(page, frame[-1], bands[-1], edges) if edges and right - left > 0.5 * page.width else []
    start = 0
    while start < len(bands):
        end, columns = _longest(page.words, bands, start, edges)
        if columns is None:
            start += 1
            continue
        held = [band for band in bands[start:end] if band]
        heads: Sequence[Line] = []
        if _is_head(held[0], columns) and len(held) > 1:
            if _has_numbers([line for band in held[1:] for line in band], columns) or stands_out(page.words, held):
                heads = held[0][first_head([*held[0], *held[1][:1]], len(held[0]), columns, across) :]
                held = held[1:]
        elif not _is_head(held[0], columns):
            heads = heads_above(page, free, held[0][0], columns, across)
        closed = frame[end] if end < len(frame) else None
        if closed is not None:
            held.append(_rows_below(page, free, held[-1][-1], columns))
        yield draft_of_lines(page, heads, [band for band in held if band], columns, across)
        start = end


def _rows_below(page: RawPage, free: set[int], last: Line, columns: Sequence[Column]) -> list[Line]:
    """Rows below the last rule or the last shaded row: a total, or a row that is not shaded."""
    left, right = columns[0].left - SAME, columns[-1].right + SAME
    near = [i for i in free if last.base < page.words[i].baseline < last.base + MOST_BELOW * last.size]
    rows: list[Line] = []
    for line in lines_of(page.words, [i for i in near if left <= page.words[i].left and page.words[i].right <= right]):
        apart = line.top - (rows[-1] if rows else last).bottom > line.size
        if apart or len(line.runs) < 2 or not _keeps([line], columns) or not _has_numbers([line], columns):
            break
        rows.append(line)
    return rows


def _open_end(page: RawPage, last: Rule, lines: Sequence[Line], edges: Sequence[float]) -> list[Line]:
    """Lines below the last rule that may belong to a table that goes on to the page's end: before a gap or prose."""
    held: list[Line] = []
    bottom = last.at
    for line in lines:
        footer = line.base > LOW * page.height and all(len(run.text) <= 12 for run in line.runs)
        crosses = any(run.left + 3 < edge < run.right - 3 for run in line.runs for edge in edges)
        heading = held and len(line.runs) == 1 and line.size > 1.1 * held[-1].size
        if line.top - bottom > MOST_GAP * line.size or footer or crosses or heading:
            break
        held.append(line)
        bottom = line.bottom
    return held


def _edges(frame: Sequence[Rule]) -> list[float]:
    """Places between columns, where pieces of at least two rules meet."""
    met = [places(rule.breaks) for rule in frame]
    return [place for place in places(x for row in met for x in row) if _agreed(place, met)]


def _agreed(place: float, met: Sequence[Sequence[float]]) -> bool:
    return sum(any(abs(x - place) <= SNAP for x in row) for row in met) > 1


def _longest(
    words: Sequence[Word], bands: Sequence[Sequence[Line]], start: int, edges: Sequence[float]
) -> tuple[int, list[Column] | None]:
    """As many bands from ``start`` as keep to the same columns: one past the last, and the columns."""
    if not _parted(bands[start]):
        return start, None
    first, body = bands[start], []
    columns, end = columns_of(first, edges), start + 1
    headed, numbers = _is_head(first, columns), False
    for number in range(start + 1, len(bands)):
        band = bands[number]
        if not band:
            continue
        if len(band) == 1 and len(band[0].runs) == 1:
            if len(band[0].runs[0].words) >= SENTENCE and body and band[0].top - body[-1].bottom > band[0].size:
                break
            body += band
            continue
        together = _columns(first, [*body, *band], edges)
        if not _parted(band) or len(together) < max(2, len(columns)) or not _keeps(band, together):
            break
        if headed and numbers and _is_head(band, together) and (_same_texts(first, band) or _is_bold(words, band)):
            break
        body += band
        columns, end = together, number + 1
        numbers = numbers or _has_numbers(band, columns)
    if end < start + 2 or len(columns) < 2 or _is_sentences(first, columns):
        return start, None
    named = _has_numbers(first, columns) or _is_head(first, columns) or len(columns) == 2
    return (end, columns) if named else (start, None)


def _columns(first: Sequence[Line], body: Sequence[Line], edges: Sequence[float]) -> list[Column]:
    """Columns of the lines; of those below the heads where heads that name several columns hide them."""
    if parted := columns_between([*first, *body], edges) or columns_between(body, edges):
        return parted
    below, both = columns_of(body, edges), columns_of([*first, *body])
    return below if len(below) > len(both) else both


def _same_texts(one: Sequence[Line], two: Sequence[Line]) -> bool:
    """Whether half the texts of the first are in the second: heads that are repeated."""
    texts = [run.text for line in one for run in line.runs]
    others = {run.text for line in two for run in line.runs}
    return sum(text in others for text in texts) >= 0.5 * len(texts)


def _is_bold(words: Sequence[Word], band: Sequence[Line]) -> bool:
    return all(words[i].bold for line in band for i in line.words)


def _has_numbers(band: Sequence[Line], columns: Sequence[Column]) -> bool:
    return any(run.value and column_at(columns, run) > 0 for line in band for run in line.runs)


def stands_out(words: Sequence[Word], bands: Sequence[Sequence[Line]]) -> bool:
    """Whether the first band is printed in another way than those below: bold, italic, or in another size or colour."""
    first, second = ([words[i] for line in band for i in line.words] for band in bands[:2])
    if abs(median(word.size for word in first) - median(word.size for word in second)) > 0.5:
        return True
    looks = (lambda word: word.bold, lambda word: word.italic, lambda word: word.color != second[-1].color)
    return any(
        sum(look(word) for word in first) > 0.8 * len(first) and sum(look(word) for word in second) < 0.4 * len(second)
        for look in looks
    )


def _parted(band: Sequence[Line]) -> bool:
    return any(len(line.runs) > 1 for line in band)


def _keeps(band: Sequence[Line], columns: Sequence[Column]) -> bool:
    """Whether few runs of the lines stand across columns."""
    if _is_sentences(band, columns):
        return False
    spans = [span_of(columns, run) for line in band for run in line.runs]
    return sum(first < last for first, last in spans) <= max(1, 0.25 * len(spans))


def _is_sentences(band: Sequence[Line], columns: Sequence[Column]) -> bool:
    """Whether lines of running text stand across the columns."""
    width = columns[-1].right - columns[0].left
    runs = [run for line in band for run in line.runs]
    return sum(run.right - run.left > 0.6 * width and len(run.words) >= SENTENCE for run in runs) > 1


def _is_head(band: Sequence[Line], columns: Sequence[Column]) -> bool:
    """Whether a band may name the columns: texts over half of them at least, and no numbers but years."""
    runs = [run for line in band for run in line.runs]
    if len(columns) < 2 or any(run.value and not is_year(run.text) and column_at(columns, run) > 0 for run in runs):
        return False
    named = {column_at(columns, run) for run in runs}
    return len(named) > 1 and len(named) >= 0.5 * len(columns)
