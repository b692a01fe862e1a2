"""How well reports in PDF are read: paragraphs under their headings, on their pages, with all words, and how fast.

    python -m eval.reading [--data ../shared/data] [--fast]

The gold is ``pdf/un_report_paragraphs.jsonl`` (numbered paragraphs with headings and page; derived, not reviewed) and,
for words, what ``pdftotext`` of poppler finds. ``--fast`` leaves out the timings, which are to be read as ratios to
pdfplumber and pypdf used plainly in the same run.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import time
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from eval.sets import data_folder
from eval.sets.locate import Letters
from rag.errors import RagError
from rag.load import load_report
from rag.schema import Report, Section
from rag.sections import sections_of
from rag.text import fold

_PROGRAMS = {  # each prints the number of pages; run as processes of their own, for the peak of memory
    "reportqa": "from rag.load import load_report; n = len(load_report(path).layout.pages)",
    "pdfplumber": "import pdfplumber; n = len([page.extract_text() for page in pdfplumber.open(path).pages])",
    "pypdf": "import pypdf; n = len([page.extract_text() for page in pypdf.PdfReader(path).pages])",
}
_PEAK = "; import resource; print(n, max(resource.getrusage(who).ru_maxrss for who in (0, -1)))"


@dataclass(slots=True)
class Counts:
    """Paragraphs: in the gold, found in one piece, under their headings, on their page, with their number."""

    gold: int = 0
    found: int = 0
    section: int = 0
    page: int = 0
    number: int = 0
    wrong: list[str] = field(default_factory=list)

    def __iadd__(self, other: Counts) -> Counts:
        for name in ("gold", "found", "section", "page", "number"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        return self


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="folder of the public sets")
    parser.add_argument("--fast", action="store_true", help="no timings")
    parser.add_argument("--misses", action="store_true", help="print each paragraph under other headings")
    args = parser.parse_args(argv)
    data = data_folder(args.data)
    if data is None or not (data / "pdf").is_dir():
        parser.error("no folder with public sets: name it with --data")
    files = sorted((data / "pdf").rglob("*.pdf"))
    reports = dict(_read(files))
    _paragraphs(data / "pdf" / "un_report_paragraphs.jsonl", reports, args.misses)
    if shutil.which("pdftotext"):
        _words(files, reports)
    if not args.fast:
        _speed([path for path in files if path.stem in reports])
    return 0


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _read(files: Sequence[Path]) -> Iterator[tuple[str, Report]]:
    for path in files:
        try:
            yield path.stem, load_report(path)
        except RagError as error:
            _say(f"refused: {error}")


def _paragraphs(path: Path, reports: Mapping[str, Report], misses: bool) -> None:
    gold: dict[str, list[dict[str, str]]] = {}
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        gold.setdefault(Path(row["file"]).stem, []).append(row)
    total = Counts()
    _say("paragraphs\tgold\tfound\tsection\tpage\tnumber")
    for stem, rows in gold.items():
        if stem in reports:
            counts = _counted(reports[stem], rows)
            total += counts
            _say(f"{stem}\t{counts.gold}\t{counts.found}\t{counts.section}\t{counts.page}\t{counts.number}")
            if misses:
                _say("\n".join(counts.wrong))
    shares = [getattr(total, name) / max(total.gold, 1) for name in ("found", "section", "page", "number")]
    _say(f"all\t{total.gold}\t" + "\t".join(f"{share:.3f}" for share in shares))


def _counted(report: Report, rows: Sequence[Mapping[str, str]]) -> Counts:
    letters, sections = Letters(report.text), sections_of(report.text, report.id, report.layout.parts)
    counts = Counts(gold=len(rows))
    for row in rows:
        place = next(letters.find_all(row["text"]), None)
        if place is None:
            # A footnote or a table between its lines: its first words tell where it stands.
            place = next(letters.find_all(" ".join(row["text"].split()[:12])), None)
        else:
            counts.found += 1
        if place is None:
            counts.wrong.append(f"  {row['para']}: not found")
            continue
        path = _path_at(sections, place[0])
        wanted = "".join(row[key] for key in ("section", "subsection", "subsubsection"))
        right = _is_path(path, _bare(wanted))
        counts.section += right
        counts.page += report.layout.page_at(place[0]) == int(row["page"])
        counts.number += report.layout.number_at(place[0]) == str(row["para"])
        if not right:
            counts.wrong.append(f"  {row['para']}: {' > '.join(path)}  for  {wanted}")
    return counts


def _path_at(sections: Sequence[Section], offset: int) -> tuple[str, ...]:
    return next((s.path for s in sections for block in s.blocks if block.start <= offset < block.end), ())


def _is_path(path: Sequence[str], label: str) -> bool:
    """Whether a label names a path: its headings stand there in order, the innermost at the end.

    More may stand between them, as the labels glue a heading to the first one below it where no text parts them, and
    keep that for the headings that follow.
    """
    place = 0
    for heading in map(_bare, path[:-1]):
        place = label.find(heading, place) + len(heading)
        if place < len(heading):
            return False
    return bool(path) and label[place:].endswith(_bare(path[-1])) and bool(_bare(path[-1]))


def _bare(heading: str) -> str:
    return re.sub(r"[\W_]+", "", fold(heading))


def _words(files: Sequence[Path], reports: Mapping[str, Report]) -> None:
    """Words of pdftotext that the report's text lacks, and words that it has more; furniture counts as lost."""
    _say("words\tpdftotext\tlost\tmore\tin order")
    for path in files:
        if path.stem not in reports:
            continue
        plain = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, check=False).stdout  # noqa: S603, S607
        theirs, ours = _tokens(plain.decode("utf-8", "replace")), _tokens(reports[path.stem].text)
        lost, more = Counter(theirs) - Counter(ours), Counter(ours) - Counter(theirs)
        follows = set(zip(ours, ours[1:], strict=False))
        kept = [pair in follows for pair in zip(theirs, theirs[1:], strict=False)]
        n = max(len(theirs), 1)
        order = sum(kept) / max(len(kept), 1)
        _say(f"{path.stem}\t{len(theirs)}\t{lost.total() / n:.3f}\t{more.total() / n:.3f}\t{order:.3f}")


def _tokens(text: str) -> list[str]:
    return re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold())


def _speed(files: Sequence[Path]) -> None:
    _say("speed\tpages\tpages/s\tpeak MB")
    measured: dict[str, tuple[int, float, float]] = {}
    for name, program in _PROGRAMS.items():
        pages, seconds, peak = 0, 0.0, 0.0
        for path in files:
            started = time.perf_counter()
            command = [sys.executable, "-c", f"import sys; path = sys.argv[1]; {program}{_PEAK}", str(path)]
            done = subprocess.run(command, capture_output=True, check=False, text=True)  # noqa: S603
            seconds += time.perf_counter() - started
            if done.returncode == 0:
                count, memory = done.stdout.split()[-2:]
                pages, peak = pages + int(count), max(peak, float(memory) / 1024)
        measured[name] = (pages, seconds, peak)
        _say(f"{name}\t{pages}\t{pages / seconds:.1f}\t{peak:.0f}")


if __name__ == "__main__":
    sys.exit(main())
