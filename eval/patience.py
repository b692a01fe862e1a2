"""How long people wait: from a page's load to ready, from Enter to the first text and to the checked answer.

    python -m eval.patience                        # medians of 5, in headless Chromium over the seeds
    python -m eval.patience --times 9 --url http://127.0.0.1:7860

Without ``--url`` the page is served by a process of its own over a new index of the seeds. Each time is a new window
with an empty cache and a question that was not asked before. Needs Playwright and a Chromium on the path.
The first text is what a chat model has written so far; the built-in reader writes nothing before its answer.
"""

from __future__ import annotations

import argparse
import shutil
import time
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from eval.check import load_questions
from eval.load import served
from eval.questions import SETS
from rag.cli.output import print_line

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_PATIENCE_MS = 120_000
_TEXT = ".rq-provisional, .rq-answer, .rq-error"
_ANSWER = ".rq-answer, .rq-error"


@dataclass(frozen=True, slots=True)
class Wait:
    """Seconds of one visit: until the question box can be used, and from Enter to the first text and to the answer."""

    ready: float
    text: float
    answer: float


def measure(browser: Browser, address: str, question: str) -> Wait:
    """Open the page in a new window and ask."""
    context = browser.new_context(reduced_motion="reduce")
    context.set_default_timeout(_PATIENCE_MS)
    try:
        page = context.new_page()
        started = time.perf_counter()
        page.goto(address)
        page.locator(".rq-welcome").wait_for()
        page.fill("#rq-question textarea", question)
        ready = time.perf_counter() - started
        started = time.perf_counter()
        page.press("#rq-question textarea", "Enter")
        page.locator(_TEXT).first.wait_for()
        text = time.perf_counter() - started
        page.locator(_ANSWER).first.wait_for()
        return Wait(ready, text, time.perf_counter() - started)
    finally:
        context.close()


def lines(waits: Sequence[Wait]) -> list[str]:
    """The report: medians, with the shortest and the longest."""
    rows = (
        ("page load to ready", [wait.ready for wait in waits]),
        ("Enter to first text", [wait.text for wait in waits]),
        ("Enter to checked answer", [wait.answer for wait in waits]),
    )
    return [f"{name:<24} {median(values):.2f} s  ({min(values):.2f} to {max(values):.2f})" for name, values in rows]


def main(argv: Sequence[str] | None = None) -> int:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=5, metavar="N", help="visits (%(default)s)")
    parser.add_argument("--url", default="", metavar="URL", help="a page that is served already, without a login")
    args = parser.parse_args(argv)
    from playwright.sync_api import sync_playwright  # late: only this command needs it

    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    questions = [question.question for question in load_questions(SETS / "seeds_heldout.jsonl")]
    with nullcontext(args.url) if args.url else served() as address, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        waits = [measure(browser, address, questions[number % len(questions)]) for number in range(args.times)]
        browser.close()
    print_line(f"{args.times} visits")
    for line in lines(waits):
        print_line(line)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
