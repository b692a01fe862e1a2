"""The subcommands query, ingest, remove, reports, intake, sections, doctor and llm."""

from __future__ import annotations

import argparse
import json
import re
import sys
from calendar import monthrange
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from rag.cli import llm
from rag.cli.answer import format_answer
from rag.cli.ingest import run_ingest, run_remove
from rag.cli.intake import report_lines
from rag.cli.output import busy, print_data, print_line, progress_bars
from rag.cli.status import ABSTAINED, FAILED, OK
from rag.errors import QuestionError

if TYPE_CHECKING:
    from rag.pipeline import Assistant
    from rag.schema import ReportInfo
    from rag.store import Store

_DAY = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", re.ASCII)


def register(subparsers: argparse._SubParsersAction) -> None:
    """Add this module's commands."""
    command = subparsers.add_parser("query", help="answer one question")
    command.add_argument("question", help="in English or Spanish; '-' reads it from standard input")
    command.add_argument("--json", action="store_true", help="print the whole answer as JSON")
    command.add_argument(
        "--report", action="append", default=[], metavar="ID", help="search this report only (repeatable)"
    )
    command.add_argument("--publisher", default="", metavar="NAME", help="search this publisher's reports only")
    command.add_argument(
        "--since", type=_day, metavar="YYYY[-MM[-DD]]", help="reports that cover this day or later ones"
    )
    command.add_argument("--until", type=_last_day, metavar="YYYY[-MM[-DD]]", help="... this day or earlier ones")
    command.add_argument("-k", type=int, default=None, metavar="N", help="passages given to the reader (default: 8)")
    llm.add_llm_options(command)
    _finish(command, run_query)

    command = subparsers.add_parser(
        "ingest",
        help="add files or folders of reports to an index",
        description="Adds what is new and replaces what has changed. Reports whose files are gone from a "
        "given folder are removed. Reads .pdf, .docx, .pptx, .xlsx, .csv, .html, .htm, .eml, .txt and .md; of other "
        "files it says why not.",
    )
    command.add_argument("paths", nargs="+", metavar="PATH", help="a file or a folder of reports")
    _finish(command, run_ingest)

    command = subparsers.add_parser("remove", help="take reports out of an index; their files stay")
    command.add_argument("reports", nargs="+", metavar="REPORT", help="its id, see `reportqa reports`")
    _finish(command, run_remove)

    _finish(subparsers.add_parser("reports", help="list the reports of an index"), run_reports)

    command = subparsers.add_parser(
        "intake", help="say what was found in a report's file: pages, tables, OCR, other versions"
    )
    command.add_argument("reports", nargs="*", metavar="REPORT", help="its id, see `reportqa reports`; default: all")
    _finish(command, run_intake)

    command = subparsers.add_parser("sections", help="show the outline of a report")
    command.add_argument("report", metavar="REPORT", help="its id, see `reportqa reports`")
    _finish(command, run_sections)

    command = subparsers.add_parser("doctor", help="say what is installed, what is wrong and what to do")
    llm.add_llm_options(command, policy=False)
    _finish(command, run_doctor)

    llm.register(subparsers)


def add_index_option(command: argparse.ArgumentParser) -> None:
    """Add ``--index``, as every command that reads an index has it."""
    command.add_argument("--index", type=_folder, metavar="DIR", help="folder of the index (default: the seeds' index)")


def _finish(command: argparse.ArgumentParser, run: object) -> None:
    add_index_option(command)
    command.set_defaults(run=run)


@contextmanager
def open_assistant(args: argparse.Namespace) -> Iterator[Assistant]:
    """The index that ``--index`` names, or the default one, built now with a progress bar if need be.

    The model that ``--llm`` names writes its answers, until the block ends.
    """
    from rag.default import open_assistant as open_default

    with llm.opened_reader(args) as reader:
        with progress_bars() as progress:
            assistant = open_default(args.index, reader=reader, policy=args.policy, progress=progress)
        with assistant:
            yield assistant


def _open_catalogue(args: argparse.Namespace) -> Store:
    from rag.default import open_catalogue

    with progress_bars() as progress:
        return open_catalogue(args.index, progress=progress)


def run_query(args: argparse.Namespace) -> int:
    """``reportqa query``."""
    from rag.pipeline.checks import check_question
    from rag.text import language_of

    question = check_question(_question(args.question))  # before seconds go into loading the encoder
    options = {"k": args.k} if args.k is not None else {}
    with open_assistant(args) as assistant, busy("Loading the encoder, searching …"):
        answer = assistant.query(
            question,
            reports=args.report,
            publisher=args.publisher,
            since=args.since,
            until=args.until,
            **options,
        )
    if args.json:
        print_data(json.dumps(answer.to_dict(), ensure_ascii=False, indent=2))
    else:
        print_line(format_answer(answer, language_of(question)))
    return OK if answer.status == "answered" else ABSTAINED


def _question(given: str) -> str:
    try:
        question = sys.stdin.read() if given == "-" else given
        question.encode("utf-8")  # bytes that are no text come from the system as lone surrogates
    except UnicodeError:
        raise QuestionError("The question is not valid UTF-8: save or type it as UTF-8.") from None
    return question


def run_reports(args: argparse.Namespace) -> int:
    """``reportqa reports``."""
    with _open_catalogue(args) as store:
        for info in store.reports():
            period = info.period.label if info.period else "period unknown"
            print_line(f"{info.id}\t{info.title}\t{info.publisher or '-'}\t{period}\t{info.language}")
            print_line(f"\t{_origins(info)}")
    return OK


def run_intake(args: argparse.Namespace) -> int:
    """``reportqa intake``."""
    with _open_catalogue(args) as store, store.snapshot() as view:
        intakes = view.intakes()
        infos = {info.id: info for info in view.reports()}
        for name in args.reports or infos:
            info = infos.get(name) or view.report(name)  # which says what ids are like it
            for line in report_lines(info, intakes):
                print_line(line)
    return OK


def _origins(info: ReportInfo) -> str:
    """Which of a report's entries came from where: ``reports.toml: title, type; text: language``."""
    names: dict[str, list[str]] = {}
    for name, origin in sorted(info.origins.items()):
        names.setdefault(origin, []).append(name)
    return "; ".join(f"{origin}: {', '.join(found)}" for origin, found in names.items())


def run_sections(args: argparse.Namespace) -> int:
    """``reportqa sections``."""
    with _open_catalogue(args) as store:
        for section in store.sections(args.report):
            kinds = ", ".join(dict.fromkeys(block.kind.value for block in section.blocks)) or "no text"
            indent = "  " * (len(section.path) - 1)
            print_line(f"{indent}{section.path[-1]}\t[{section.start}:{section.end}]\t{kinds}")
    return OK


def run_doctor(args: argparse.Namespace) -> int:
    """``reportqa doctor``."""
    from rag.doctor import examine

    with busy("Looking at the installation, trying the encoder …"):
        findings = examine(args.index, llm=args.llm, model=args.model, context_tokens=args.llm_context)
    for finding in findings:
        print_line(f"{'ok   ' if finding.ok else 'WRONG'} {finding.subject}: {finding.text}")
    return OK if all(finding.ok for finding in findings) else FAILED


def _folder(text: str) -> Path:
    from rag.config import local_path

    if not text:
        raise argparse.ArgumentTypeError("it is empty: name a folder")
    return local_path(text)


def _day(text: str) -> date:
    return _parse_day(text)[0]


def _last_day(text: str) -> date:
    return _parse_day(text)[1]


def _parse_day(text: str) -> tuple[date, date]:
    """First and last day of ``2024``, ``2024-02`` or ``2024-02-29``."""
    if match := _DAY.fullmatch(text):
        year, month, day = (int(part) if part else None for part in match.groups())
        try:
            if day is not None:
                return date(year, month, day), date(year, month, day)
            last = month or 12
            return date(year, month or 1, 1), date(year, last, monthrange(year, last)[1])
        except ValueError:  # no such month or day
            pass
    raise argparse.ArgumentTypeError(f"{text!r} is no date: write 2024, 2024-02 or 2024-02-29")
