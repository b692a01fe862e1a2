"""Whether evidence that people marked in PDFs is found in what was read of them, on the page that they name.

    python -m eval.evidence [--data ../shared/data]

The rows are those of ClimRetrieve (sentences, paragraphs, cells) and FinanceBench (whole tables, mostly) whose PDF is
there. The product reads them beside plain text of the pages by pypdfium2. A row is found where all its letters and
digits stand in one piece; the last column, for tables, counts those of whose words nine in ten stand on the page.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.sets import data_folder
from eval.sets.climretrieve import file_key, marked_rows
from eval.sets.locate import Letters
from eval.sets.rows import read_lines
from rag.cli.output import print_line
from rag.load import load_report
from rag.text import fold
from rag.train.texts import page_texts

_MOST = 0.9


@dataclass(frozen=True, slots=True)
class Row:
    """Marked text and its page, counted from 1."""

    file: Path
    text: str
    page: int


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="folder of the public sets")
    args = parser.parse_args(argv)
    data = data_folder(args.data)
    if data is None:
        parser.error("no folder with public sets: name it with --data")
    print_line("evidence\tread by\trows\tin one piece\ton its page\tits words on the page")
    for name, rows in (("climretrieve", list(_climretrieve(data))), ("financebench", list(_financebench(data)))):
        for reader, read in (("reportqa", _as_read), ("pypdfium2", _as_plain)):
            pages = {file: read(file) for file in dict.fromkeys(row.file for row in rows)}
            counts = _counted(rows, pages)
            print_line(f"{name}\t{reader}\t{len(rows)}\t{counts['whole']}\t{counts['page']}\t{counts['words']}")
    return 0


def _climretrieve(data: Path) -> Iterator[Row]:
    files = {file_key(path.stem): path for path in (data / "climretrieve/pdf").glob("*.pdf")}
    rows = marked_rows(data / "climretrieve/ClimRetrieve_base.xlsx")
    here = (row for row in rows if file_key(row.report) in files and row.page)
    found = (Row(files[file_key(row.report)], row.relevant or row.context, row.page) for row in here)
    yield from dict.fromkeys(found)


def _financebench(data: Path) -> Iterator[Row]:
    for row in read_lines(data / "financebench/financebench_open_source.jsonl"):
        file = data / "financebench/pdf" / f"{Path(row.text('doc_name')).name}.pdf"
        if file.is_file():
            for item in row.rows("evidence"):
                yield Row(file, item.text("evidence_text"), item.whole("evidence_page_num") + 1)  # from 0 there


def _as_read(file: Path) -> list[str]:
    report = load_report(file)
    assert report.layout is not None
    pages = [""] * len(report.layout.pages)
    for part in report.layout.parts:
        # A part that goes on over the page's end is cut there, word by word.
        for word in re.finditer(r"\S+\s*", report.text[part.start : part.end]):
            page = report.layout.page_at(part.start + word.start())
            pages[(page or 1) - 1] += word.group()
        pages[(report.layout.page_at(part.start) or 1) - 1] += "\n"
    return pages


def _as_plain(file: Path) -> list[str]:
    return page_texts(file)


def _counted(rows: Sequence[Row], pages: Mapping[Path, Sequence[str]]) -> Counter[str]:
    counts: Counter[str] = Counter()
    letters = {file: [Letters(text) for text in texts] for file, texts in pages.items()}
    for row in rows:
        on = [number for number, page in enumerate(letters[row.file], start=1) if any(page.find_all(row.text))]
        counts["whole"] += bool(on)
        counts["page"] += row.page in on
        texts = pages[row.file]
        counts["words"] += row.page <= len(texts) and _share(row.text, texts[row.page - 1]) >= _MOST
    return counts


def _share(quote: str, page: str) -> float:
    wanted, there = (Counter(re.findall(r"\w+", fold(text))) for text in (quote, page))
    return (wanted & there).total() / max(wanted.total(), 1)


if __name__ == "__main__":
    sys.exit(main())
