"""The ``eval`` command: check sets, run them, compare runs, report, and the quality gate."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.cli import FAILED, OK, add_index_option
from rag.cli.output import print_line, progress_bars, say
from rag.errors import ConfigError

if TYPE_CHECKING:
    from eval.measure import Plan


def register(subparsers: Any) -> None:
    """Add ``eval`` to the subcommands of the ``reportqa`` parser."""
    parser = subparsers.add_parser("eval", help="measure answers, citations and abstentions on test sets")
    parser.set_defaults(run=lambda args: parser.print_help() or OK)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    _add_run(commands)
    compare = _add(commands, "compare", "say what got better and what got worse between two runs", run_compare)
    compare.add_argument("before", type=Path, metavar="A", help="folder of a run")
    compare.add_argument("after", type=Path, metavar="B", help="folder of another run over the same sets")
    report = _add(commands, "report", "write report.html and report.md into a run's folder", run_report)
    report.add_argument("folder", type=Path, metavar="DIR", help="folder of a run")
    check = _add(commands, "check", "look for mistakes in a test set", run_check)
    check.add_argument("file", type=Path, metavar="FILE", help="a set, JSON lines")
    add_index_option(check)
    sets = _add(commands, "sets", "list the test sets that can be run", run_list)
    _add_data(sets)
    gate = _add(commands, "gate", "fail when quality has fallen below the recorded floor", run_gate)
    gate.add_argument("--record", action="store_true", help="record what is measured now as the floor")


def _add(commands: Any, name: str, text: str, run: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(name, help=text, description=f"{text.capitalize()}.")
    command.set_defaults(run=partial(_run, run))
    return command


def _run(run: Callable[[argparse.Namespace], int], args: argparse.Namespace) -> int:
    """Run a command; what it needs besides is not installed with the product."""
    try:
        return run(args)
    except ModuleNotFoundError as error:
        raise ConfigError(
            f"Evaluation needs more than is installed ({error}): pip install 'reportqa[eval]', in a clone `make eval`."
        ) from error


def _add_data(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--data", type=Path, metavar="DIR", help="folder of the public question sets (default: $REPORTQA_EVAL_DATA)"
    )


def _add_run(commands: Any) -> None:
    command = _add(commands, "run", "ask the questions of test sets and score the answers", run_run)
    command.add_argument("sets", nargs="*", default=["peru"], metavar="SET", help="a name or a .jsonl file (peru)")
    add_index_option(command)
    _add_data(command)
    command.add_argument("--out", type=Path, metavar="DIR", help="folder of the run; one that was stopped goes on")
    command.add_argument("--split", choices=["dev", "test"], default="", help="only this half of each set")
    command.add_argument("--limit", type=_count, default=0, metavar="N", help="N questions of each, drawn at random")
    command.add_argument("--jobs", type=_count, default=1, metavar="N", help="questions at a time (1)")
    system = command.add_argument_group("what is measured")
    system.add_argument("--reader", choices=["extractive"], default="extractive", help="who answers (%(default)s)")
    system.add_argument("--threshold", type=_probability, metavar="P", help="the reader's, 0 never abstains on doubt")
    system.add_argument("--retrieval", choices=["hybrid", "dense", "lexical"], default="hybrid")
    system.add_argument("--no-rerank", action="store_true", help="passages in the retriever's order")
    system.add_argument("--no-cross-encoder", action="store_true", help="the reader goes by words and vectors alone")
    system.add_argument("--no-parts", action="store_true", help="comparisons are searched and read as one question")
    system.add_argument("--no-verify", action="store_true", help="keep sentences that their quotes do not bear out")
    system.add_argument("--baseline", choices=["llamaindex"], default="", help="plain LlamaIndex in place of reportqa")
    for name, what in (("llm", "for the baseline's answers"), ("judge", "that judges nuggets and support")):
        system.add_argument(f"--{name}", default="", metavar="URL", help=f"OpenAI-compatible endpoint {what}")
        system.add_argument(f"--{name}-model", default="", metavar="NAME", help="its model")


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("a number above 0 is expected")
    return number


def _probability(text: str) -> float:
    number = float(text)
    if not 0 <= number <= 1:
        raise argparse.ArgumentTypeError("a number between 0 and 1 is expected")
    return number


def run_run(args: argparse.Namespace) -> int:
    """``reportqa eval run``."""
    from eval.measure import measure
    from eval.report.markdown import summary

    plan = _plan(args)
    folder = args.out or Path("artifacts") / "eval" / f"{datetime.now():%Y%m%d-%H%M%S}"
    try:
        with progress_bars() as progress:
            run = measure(plan, folder, progress)
    except KeyboardInterrupt:
        say(f"Stopped; what is done is kept. To go on, give the same command with --out {folder}")
        raise
    print_line(summary(run))
    print_line(f"{folder}: `reportqa eval report {folder}` writes the report.")
    return OK


def _plan(args: argparse.Namespace) -> Plan:
    from eval.measure import Endpoint, Plan
    from rag.pipeline import Stages

    if args.llm and not args.baseline:
        raise ConfigError("--llm is the baseline's: give --baseline llamaindex as well.")
    endpoints = {}
    for name in ("llm", "judge"):
        url, model = getattr(args, name), getattr(args, f"{name}_model")
        if bool(url) != bool(model):
            raise ConfigError(f"--{name} and --{name}-model go together: give the endpoint and the model.")
        endpoints[name] = Endpoint(url, model) if url else None
    return Plan(
        sets=tuple(args.sets),
        index=args.index,
        data=args.data,
        split=args.split,
        limit=args.limit,
        jobs=args.jobs,
        baseline=args.baseline,
        stages=Stages(
            args.retrieval, not args.no_rerank, not args.no_verify, not args.no_cross_encoder, not args.no_parts
        ),
        threshold=args.threshold,
        **endpoints,
    )


def run_compare(args: argparse.Namespace) -> int:
    """``reportqa eval compare``."""
    from eval.compare import as_markdown, compare
    from eval.runs import load_run

    print_line(as_markdown(compare(load_run(args.before), load_run(args.after))))
    return OK


def run_report(args: argparse.Namespace) -> int:
    """``reportqa eval report``."""
    from eval.report import write_report
    from eval.runs import load_run

    for path in write_report(load_run(args.folder)):
        print_line(str(path))
    return OK


def run_check(args: argparse.Namespace) -> int:
    """``reportqa eval check``."""
    from eval.check import describe, load_questions
    from rag.default import open_catalogue

    with open_catalogue(args.index) as store:
        texts = {info.id: store.report(info.id).text for info in store.reports()}
    print_line(describe(load_questions(args.file, texts)))
    return OK


def run_list(args: argparse.Namespace) -> int:
    """``reportqa eval sets``."""
    from eval.catalogue import listed

    for line in listed(args.data):
        print_line(line)
    return OK


def run_gate(args: argparse.Namespace) -> int:
    """``reportqa eval gate``."""
    from eval.gate import fallen, gate_run, read_floors, record_floors, shown

    with progress_bars() as progress:
        run = gate_run(progress)
    if args.record:
        print_line(f"recorded in {record_floors(run)}")
        return OK
    floors = read_floors()
    print_line(shown(run, floors))
    misses = fallen(run, floors)
    for line in misses:
        say(line)
    return FAILED if misses else OK
