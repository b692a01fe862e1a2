"""The ``reportqa`` command.

Exit codes: 0 done; 1 something was refused or is wrong, said in one line on standard error;
2 the command line is wrong; 3 the question was answered with "the reports do not say";
130 interrupted.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
import textwrap
from collections.abc import Sequence
from contextlib import contextmanager
from datetime import date
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import RagError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rag.pipeline import Assistant
    from rag.schema import Answer, Progress

OK, FAILED, USAGE, ABSTAINED, INTERRUPTED = 0, 1, 2, 3, 130
_GROUP = "reportqa.commands"
_WIDTH = 100


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code."""
    parser = build_parser()
    args = parser.parse_args(argv)
    if not hasattr(args, "run"):
        parser.print_help()
        return USAGE
    logging.basicConfig(
        level=logging.DEBUG if args.debug else logging.ERROR, format="%(levelname)s %(name)s: %(message)s"
    )
    try:
        return args.run(args)
    except RagError as error:
        if args.debug:
            raise
        _say(f"reportqa: {error}")
        return FAILED
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # the reader of our output, such as `head`, has left
        sys.stderr.close()
        return OK


def build_parser() -> argparse.ArgumentParser:
    """The command line, with the subcommands of every installed part."""
    parser = argparse.ArgumentParser(
        prog="reportqa",
        description="Ask a shelf of reports a question; every sentence of the answer is cited and checked.",
        epilog="Exit codes: 0 done, 1 refused or failed, 2 wrong usage, 3 the reports do not say.",
    )
    parser.add_argument("--debug", action="store_true", help="log what happens and show tracebacks")
    subparsers = parser.add_subparsers(title="commands", metavar="COMMAND")
    for point in sorted(entry_points(group=_GROUP), key=lambda point: point.name):
        point.load()(subparsers)
    return parser


def register(subparsers: argparse._SubParsersAction) -> None:
    """Add query, ingest, reports, sections and doctor."""
    command = subparsers.add_parser("query", help="answer one question")
    command.add_argument("question", help="in English or Spanish; '-' reads it from standard input")
    command.add_argument("--json", action="store_true", help="print the whole answer as JSON")
    command.add_argument(
        "--report", action="append", default=[], metavar="ID", help="search this report only (repeatable)"
    )
    command.add_argument("--publisher", default="", help="search this publisher's reports only")
    command.add_argument(
        "--since", type=_day, metavar="YYYY[-MM[-DD]]", help="reports that cover this day or later ones"
    )
    command.add_argument(
        "--until", type=_last_day, metavar="YYYY[-MM[-DD]]", help="... this day or earlier ones"
    )
    command.add_argument("-k", type=int, default=None, help="passages given to the reader (default 8)")
    _finish(command, run_query)

    command = subparsers.add_parser("ingest", help="add files or folders of reports to an index")
    command.add_argument("paths", nargs="+", metavar="PATH", help="a file or a folder")
    _finish(command, run_ingest)

    _finish(subparsers.add_parser("reports", help="list the reports of an index"), run_reports)

    command = subparsers.add_parser("sections", help="show the outline of a report")
    command.add_argument("report", metavar="REPORT", help="its id, see `reportqa reports`")
    _finish(command, run_sections)

    _finish(
        subparsers.add_parser("doctor", help="say what is installed, what is wrong and what to do"),
        run_doctor,
    )


def add_index_option(command: argparse.ArgumentParser) -> None:
    """Add ``--index``, as every command that reads an index has it."""
    command.add_argument(
        "--index", type=Path, metavar="DIR", help="folder of the index (default: the seeds' index)"
    )


def _finish(command: argparse.ArgumentParser, run: object) -> None:
    add_index_option(command)
    command.set_defaults(run=run)


def open_assistant(args: argparse.Namespace) -> Assistant:
    """The index that ``--index`` names, or the default one, built now with a progress bar if need be."""
    from rag.default import open_assistant as open_default

    with progress_bars() as progress:
        return open_default(args.index, progress=progress)


def run_query(args: argparse.Namespace) -> int:
    """``reportqa query``."""
    question = sys.stdin.read() if args.question == "-" else args.question
    options = {"k": args.k} if args.k is not None else {}
    from rag.pipeline.assistant import check_question

    check_question(question)  # before seconds go into loading the encoder
    with open_assistant(args) as assistant:
        answer = assistant.query(
            question,
            reports=args.report,
            publisher=args.publisher,
            since=args.since,
            until=args.until,
            **options,
        )
    _print(json.dumps(answer.to_dict(), ensure_ascii=False, indent=2) if args.json else format_answer(answer))
    return OK if answer.status == "answered" else ABSTAINED


def run_ingest(args: argparse.Namespace) -> int:
    """``reportqa ingest``."""
    from rag.config import Settings
    from rag.pipeline import build_index
    from rag.pipeline.opening import load_encoder

    settings = Settings.from_env()
    index_dir = args.index or settings.index_dir
    with progress_bars() as progress:
        result = build_index(
            args.paths, index_dir, encoder=load_encoder(settings.encoder, settings.device), progress=progress
        )
    for outcome in result.outcomes:
        line = f"{outcome.status}\t{outcome.report_id or outcome.path}"
        line += f"\t{outcome.reason}" if outcome.reason else ""
        (_say if outcome.status == "refused" else _print)(line)
    for warning in result.warnings:
        _say(f"warning\t{warning}")
    counts = {
        name: len(getattr(result, name)) for name in ("added", "replaced", "removed", "skipped", "refused")
    }
    _print(f"{index_dir}: " + ", ".join(f"{count} {name}" for name, count in counts.items()))
    return FAILED if result.refused else OK


def run_reports(args: argparse.Namespace) -> int:
    """``reportqa reports``."""
    with open_assistant(args) as assistant:
        for info in assistant.reports():
            period = info.period.label if info.period else "period unknown"
            _print(f"{info.id}\t{info.title}\t{info.publisher or '-'}\t{period}\t{info.language}")
            _print("\t" + ", ".join(f"{name}: {origin}" for name, origin in sorted(info.origins.items())))
    return OK


def run_sections(args: argparse.Namespace) -> int:
    """``reportqa sections``."""
    with open_assistant(args) as assistant:
        for section in assistant.sections(args.report):
            kinds = ", ".join(dict.fromkeys(block.kind.value for block in section.blocks)) or "no text"
            indent = "  " * (len(section.path) - 1)
            _print(f"{indent}{section.path[-1]}\t[{section.start}:{section.end}]\t{kinds}")
    return OK


def run_doctor(args: argparse.Namespace) -> int:
    """``reportqa doctor``."""
    from rag.doctor import examine

    findings = examine(args.index)
    for finding in findings:
        _print(f"{'ok   ' if finding.ok else 'WRONG'} {finding.subject}: {finding.text}")
    return OK if all(finding.ok for finding in findings) else FAILED


def format_answer(answer: Answer) -> str:
    """The answer as printed: text, then each citation with its source, verdict and quote."""
    lines = [textwrap.fill(line, _WIDTH) for line in answer.text.splitlines()]
    for citation in answer.citations:
        source = [citation.report_title, " > ".join(citation.section)]
        if citation.page:
            source.append(f"p. {citation.page}")
        lines.append("")
        lines.append(
            textwrap.fill(f"[{citation.marker}] {', '.join(source)} ({citation.verdict.value})", _WIDTH)
        )
        quote = " ".join(citation.quote.split())
        lines.append(textwrap.indent(textwrap.fill(f"“{quote}”", _WIDTH - 4), "    "))
    if not answer.citations and answer.passages:
        lines += ["", "Nearest passages:"]
        for passage in answer.passages[:3]:
            text = textwrap.shorten(" ".join(passage.chunk.text.split()), 160, placeholder=" …")
            source = f"  {passage.report.title}, {' > '.join(passage.section)}: {text}"
            lines.append(textwrap.fill(source, _WIDTH, subsequent_indent="    "))
    return "\n".join(lines)


@contextmanager
def progress_bars() -> Iterator[Progress | None]:
    """A progress callback that draws bars on standard error; None when that is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from tqdm import tqdm

    bars: dict[str, tqdm] = {}

    def show(stage: str, done: int, total: int) -> None:
        bar = bars.get(stage)
        if bar is None or bar.total != total or done < bar.n:
            if bar is not None:
                bar.close()
            bar = bars[stage] = tqdm(
                total=total,
                desc=stage,
                leave=False,
                position=list(bars).index(stage) if stage in bars else len(bars),
            )
        bar.update(done - bar.n)

    try:
        yield show
    finally:
        for bar in bars.values():
            bar.close()


def _day(text: str) -> date:
    return _parse_day(text)[0]


def _last_day(text: str) -> date:
    return _parse_day(text)[1]


def _parse_day(text: str) -> tuple[date, date]:
    """First and last day of ``2024``, ``2024-02`` or ``2024-02-29``."""
    from calendar import monthrange

    try:
        year, *rest = (int(part) for part in text.split("-"))
        if len(rest) == 2:
            return date(year, *rest), date(year, *rest)
        if len(rest) == 1:
            return date(year, rest[0], 1), date(year, rest[0], monthrange(year, rest[0])[1])
        if not rest:
            return date(year, 1, 1), date(year, 12, 31)
    except ValueError:
        pass
    raise argparse.ArgumentTypeError(f"{text!r} is no date: write 2024, 2024-02 or 2024-02-29")


def _print(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
