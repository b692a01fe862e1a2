"""Mutated files against every loader: ``python -m tests.fuzz_loaders --runs 2000``.

Samples are made on the fly; ``--real FOLDER`` adds real files (each at most ``--most`` bytes). Mutations are functions
of a number, so a finding can be made again. They run many at a time in one child process; when that dies or takes too
long, each is run by itself as ``load_report`` would. Expected is a report or a ``ReportError`` of one line, nothing
else. What a loader itself raised besides ``ReportError`` is counted by class: it is caught, but a reason in words would
be better.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path

from rag.child import ChildError, run_limited
from rag.errors import ReportError
from rag.load import LOADERS
from rag.load.apart import Apart
from rag.load.worker import order
from rag.load.worker import work as load

BATCH = 25
TOKENS = (
    b"\x00", b"\xff\xff\xff\xff", b"-1", b"99999999999999999999", b"/Kids [2 0 R]", b"/Length 4294967295", b"endobj",
    b"stream\n", b"<![CDATA[", b"&#x0;", b"<table>", b"</td>", b"<div>" * 50, b"((((", b"<<" * 40, b"\r\n\r\n", b'"',
    b"Content-Type: multipart/mixed; boundary=x\r\n", b"=?utf-8?q?=ff?=", b'rowspan="99999999"', b'gridSpan w:val="-5"',
    b"\xef\xbb\xbf", b"\xff\xfe", b"/Filter [/FlateDecode /LZWDecode]", b"/Rotate 37", b"[0 0 1e30 -1]", b"NaN",
)  # fmt: skip
PACKED = (".docx", ".pptx", ".xlsx")


def mutated(data: bytes, number: int, suffix: str) -> bytes:
    """``data`` with one to four changes that ``number`` decides; every second archive is changed inside of a part."""
    rng = random.Random(number)
    if suffix in PACKED and number % 2:
        return _inside(data, rng)
    return _changed(data, rng)


def _changed(data: bytes, rng: random.Random) -> bytes:
    for _ in range(rng.randint(1, 4)):
        if not data:
            return data
        at, size = rng.randrange(len(data)), min(rng.choice((1, 2, 8, 64, 1024)), len(data))
        data = rng.choice(CHANGES)(data, at, size, rng)
    return data


CHANGES = (
    lambda data, at, size, rng: data[:at],
    lambda data, at, size, rng: data[:at] + rng.randbytes(size) + data[at + size :],
    lambda data, at, size, rng: data[:at] + bytes(size) + data[at + size :],
    lambda data, at, size, rng: data[:at] + data[at + size :],
    lambda data, at, size, rng: data[:at] + data[at : at + size] * rng.choice((2, 3, 40)) + data[at + size :],
    lambda data, at, size, rng: data[:at] + bytes([data[at] ^ 1 << rng.randrange(8)]) + data[at + 1 :],
    lambda data, at, size, rng: data[:at] + rng.choice(TOKENS) + data[at:],
    lambda data, at, size, rng: data[:at] + rng.choice(TOKENS) + data[at + size :],
)


def _inside(data: bytes, rng: random.Random) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {entry.filename: archive.read(entry) for entry in archive.infolist()}
    name = rng.choice(sorted(name for name in parts if name.endswith((".xml", ".rels"))))
    parts[name] = _changed(parts[name], rng)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    return target.getvalue()


def work(ordered: bytes) -> bytes:
    """In the child: what came of each mutation, a word each, as JSON."""
    line, _, data = ordered.partition(b"\n")
    target, suffix, first, count = json.loads(line)
    return json.dumps([_tried(target, suffix, mutated(data, first + n, suffix)) for n in range(count)]).encode()


def _tried(target: str, suffix: str, data: bytes) -> str:
    try:
        load(order(target, f"fuzz{suffix}", data))
    except ReportError as error:
        stumbled = str(error).partition("the reader stopped at ")[2].partition(")")[0]
        return stumbled or ("refused" if "\n" not in str(error) else "a reason of several lines")
    return "read"


@dataclass(slots=True)
class Findings:
    """Of one loader: how often what came out, and what must not happen."""

    outcomes: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


def fuzz(suffix: str, samples: Iterable[bytes], runs: int, first: int = 0) -> Findings:
    """``runs`` mutations of each sample through the loader of ``suffix``."""
    loader, found = LOADERS[suffix], Findings()
    for data in samples:
        if not isinstance(loader, Apart):  # in this process, as in use
            for number in range(first, first + runs):
                found.outcomes[_in_process(suffix, mutated(data, number, suffix), found)] += 1
            continue
        for start in range(first, first + runs, BATCH):
            count = min(BATCH, first + runs - start)
            head = json.dumps([loader.target, suffix, start, count]).encode()
            limits = loader.limits(len(data))
            try:
                told = run_limited(
                    "tests.fuzz_loaders", head + b"\n" + data,
                    memory_bytes=limits.memory_bytes, cpu_s=limits.cpu_s, wall_s=limits.wall_s, max_output=1_000_000,
                )  # fmt: skip
                found.outcomes.update(json.loads(told))
            except ChildError as error:
                print(f"{suffix} {start}: {error}; one by one", file=sys.stderr)
                for number in range(start, start + count):
                    found.outcomes[_alone(loader, suffix, mutated(data, number, suffix), number, found)] += 1
    return found


def _alone(loader: Apart, suffix: str, data: bytes, number: int, found: Findings) -> str:
    started = time.monotonic()
    try:
        loader(data, Path(f"fuzz{suffix}"))
    except ReportError as error:
        return f"ended by itself: {str(error)[-200:]}" if "refused" not in str(error) else "refused"
    except Exception as error:  # that is what is looked for
        found.faults.append(f"{suffix} {number}: {error!r}")
    if time.monotonic() - started > 2 * loader.limits(len(data)).wall_s:
        found.faults.append(f"{suffix} {number}: it took {time.monotonic() - started:.0f} s")
    return "read"


def _in_process(suffix: str, data: bytes, found: Findings) -> str:
    try:
        LOADERS[suffix](data, Path(f"fuzz{suffix}"))
    except ReportError as error:
        return "refused" if "\n" not in str(error) else "a reason of several lines"
    except Exception as error:
        found.faults.append(repr(error))
    return "read"


def made_samples() -> dict[str, list[bytes]]:
    """A small file of each format."""
    sys.path.insert(0, str(Path(__file__).parent))
    from bad_files import WORDS, document, pdf, slides, workbook

    table = "<table><tr><th>Month</th><th>Cases</th></tr><tr><td>May</td><td>1,234</td></tr></table>"
    body = f"<body><h1>Floods</h1><p>{WORDS}</p>{table}</body>"
    page = f"<!DOCTYPE html><html><head><title>Floods</title></head>{body}</html>"
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["Date"] = "Floods", "a@b.org", "Mon, 7 Apr 2025 10:00:00 +0000"
    mail.set_content(WORDS)
    mail.add_alternative(page, subtype="html")
    return {
        ".pdf": [pdf(2)],
        ".docx": [document()],
        ".xlsx": [workbook()],
        ".pptx": [slides()],
        ".csv": [f'place,cases\nLima,12\n"Loreto, north",1.234\n{WORDS}\n'.encode()],
        ".html": [page.encode()],
        ".eml": [mail.as_bytes()],
        ".txt": [f"Floods\n\n{WORDS}\n".encode()],
        ".md": [f"# Floods\n\n{WORDS}\n\n| a | b |\n|---|---|\n| 1 | 2 |\n".encode()],
    }


def _real(folder: Path, suffix: str, most: int) -> Iterator[bytes]:
    for path in sorted(folder.rglob(f"*{suffix}")):
        if path.stat().st_size <= most:
            yield path.read_bytes()


def main() -> int:
    """Fuzz what the arguments name and print the counts; 1 when something happened that must not."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=2_000, help="mutations of each sample")
    parser.add_argument("--first", type=int, default=0, help="number of the first mutation")
    parser.add_argument("--formats", nargs="*", default=[], metavar="SUFFIX", help="such as .pdf; all without")
    parser.add_argument("--real", type=Path, help="a folder of real files to mutate as well")
    parser.add_argument("--most", type=int, default=400_000, help="bytes of a real file, at most")
    asked = parser.parse_args()
    faults = 0
    for suffix, samples in made_samples().items():
        if asked.formats and suffix not in asked.formats:
            continue
        started = time.monotonic()
        found = fuzz(suffix, samples, asked.runs, asked.first)
        if asked.real:
            for data in _real(asked.real, suffix, asked.most):
                more = fuzz(suffix, [data], max(asked.runs // 20, 1), asked.first)
                found.outcomes += more.outcomes
                found.faults += more.faults
        print(f"{suffix}: {found.outcomes.total()} runs in {time.monotonic() - started:.0f} s")
        for outcome, count in found.outcomes.most_common():
            print(f"    {count:6} {outcome}")
        for fault in found.faults:
            print(f"    FAULT {fault}")
        faults += len(found.faults)
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
