"""Load: people who ask at the same time, through the same HTTP calls as the page makes in a browser.

    python -m eval.load                          # 20 people for two minutes, over the seeds, on this machine
    python -m eval.load --users 5 --seconds 30
    python -m eval.load --url http://127.0.0.1:7860

Without ``--url`` the page is served by a process of its own over a new index of the seeds. Each person asks as soon
as the last answer is there, which is far more than people do. Prints what failed, how long answers took, and how
many there were; returns 1 when anything failed.
"""

from __future__ import annotations

import argparse
import itertools
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from eval.check import load_questions
from eval.questions import SETS
from rag import build_index
from rag.cli.output import print_line
from rag.config import SEEDS

_IN_ONE = 4  # questions in a conversation
_PATIENCE_S = 120.0


@dataclass(slots=True)
class Seen:
    """What all people saw together: seconds to each checked answer, and why others failed."""

    seconds: list[float] = field(default_factory=list)
    failures: Counter[str] = field(default_factory=Counter)
    opened: list[float] = field(default_factory=list)

    def lines(self, elapsed: float) -> Iterator[str]:
        """The report."""
        answers = len(self.seconds)
        yield f"answers   {answers} in {elapsed:.0f} s, {answers / elapsed:.2f} a second"
        yield f"errors    {self.failures.total()}"
        for reason, number in self.failures.most_common():
            yield f"          {number} × {reason}"
        for name, values in (("answer", self.seconds), ("page", self.opened)):
            if values:
                shares = "  ".join(f"p{share} {_percentile(values, share):.2f} s" for share in (50, 95, 99))
                yield f"{name:<9} {shares}  longest {max(values):.2f} s"


def _percentile(values: Sequence[float], share: int) -> float:
    """The smallest value that ``share`` per cent of all are no larger than."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * share // 100) - 1)]


class Failed(Exception):
    """A call was not answered as a browser needs it."""


class Person:
    """One open page."""

    def __init__(self, address: str, number: int) -> None:
        self._client = httpx.Client(base_url=address, trust_env=False, timeout=_PATIENCE_S)
        self._sessions = (f"load{number}x{count}" for count in itertools.count())
        self._session, self._conversation, self._question = "", "", 0
        self._ask: dict[str, Any] = {}  # the page's events
        self._follow: dict[str, Any] = {}
        self._values: dict[int, Any] = {}  # of the page's components

    def close(self) -> None:
        """Close the page."""
        self._client.close()

    def open(self) -> None:
        """Load the page."""
        self._checked(self._client.get("/"))
        config = self._checked(self._client.get("/config")).json()
        self._session, self._conversation = next(self._sessions), ""
        self._values = {part["id"]: part["props"].get("value") for part in config["components"]}
        ids = {part["props"].get("elem_id"): part["id"] for part in config["components"]}
        self._question = ids["rq-question"]
        listening = [event for event in config["dependencies"] if event["backend_fn"]]
        self._ask = next(event for event in listening if [self._question, "submit"] in event["targets"])
        self._follow = next(event for event in listening if [ids["rq-conversation"], "follow"] in event["targets"])
        for event in listening:
            if any(name == "load" for _, name in event["targets"]):
                self._run(event)

    def ask(self, question: str) -> None:
        """Ask, and wait for the checked answer. Raises Failed."""
        self._values[self._question] = question
        states = [value for value in self._run(self._ask) if isinstance(value, dict) and "turns" in value]
        if len(states) != 1 or not states[0]["id"]:
            raise Failed("a question made no conversation")
        self._conversation = states[0]["id"]
        if states[0]["busy"]:
            self._run(self._follow, {"id": self._conversation})

    def check(self) -> None:
        """Look at what was kept. Raises Failed when the last question has no answer."""
        kept = self._checked(self._client.get(f"/download/{self._conversation}.json")).json()
        last = kept["entries"][-1]
        if not last.get("answer"):
            raise Failed(f"no answer: {last.get('error')}")

    def _run(self, event: dict[str, Any], about: dict[str, Any] | None = None) -> list[Any]:
        """Start an event and read its stream to the end; the page then holds what it put out last, which is given."""
        body = {
            "data": [self._values[number] for number in event["inputs"]],
            "event_data": about,
            "fn_index": event["id"],
            "trigger_id": event["targets"][0][0],
            "session_hash": self._session,
        }
        key = self._checked(self._client.post("/gradio_api/queue/join", json=body)).json()["event_id"]
        data = self._ended(key)["data"]
        for number, value in zip(event["outputs"], data, strict=True):
            is_update = isinstance(value, dict) and value.get("__type__") == "update"
            if not is_update or "value" in value:
                self._values[number] = value["value"] if is_update else value
        return data

    def _ended(self, key: str) -> dict[str, Any]:
        """What an event put out when it was done."""
        with self._client.stream("GET", "/gradio_api/queue/data", params={"session_hash": self._session}) as stream:
            if stream.status_code != 200:
                raise Failed(f"queue/data {stream.status_code}")
            for line in stream.iter_lines():
                message = json.loads(line.removeprefix("data: ")) if line.startswith("data: ") else {}
                if message.get("event_id") == key and message.get("msg") == "process_completed":
                    if not message["success"]:
                        raise Failed(f"an event: {message['output'].get('error')}")
                    return message["output"]
        raise Failed("the stream ended before its event")

    def _checked(self, response: httpx.Response) -> httpx.Response:
        if response.status_code != 200:
            raise Failed(f"{response.request.url.path.split('/')[-1] or 'page'} {response.status_code}")
        return response


def _use(address: str, number: int, questions: Sequence[str], until: float, seen: Seen, lock: threading.Lock) -> None:
    """One person's two minutes."""
    person = Person(address, number)
    try:
        for count in itertools.count():
            if time.monotonic() >= until:
                return
            started = time.perf_counter()
            try:
                if count % _IN_ONE == 0:
                    person.open()
                    with lock:
                        seen.opened.append(time.perf_counter() - started)
                    started = time.perf_counter()
                person.ask(questions[(7 * number + count) % len(questions)])
                taken = time.perf_counter() - started
                person.check()
                with lock:
                    seen.seconds.append(taken)
            except (Failed, httpx.HTTPError) as error:
                with lock:
                    seen.failures[f"{type(error).__name__}: {error}"] += 1
    finally:
        person.close()


@contextmanager
def served() -> Iterator[str]:
    """The real page over the seeds, in a process of its own; gives its address."""
    with tempfile.TemporaryDirectory() as folder:
        build_index(SEEDS, Path(folder) / "index")
        command = [sys.executable, "-m", "rag", "chat", "--index", str(Path(folder) / "index")]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own
            try:
                assert process.stdout is not None
                yield process.stdout.readline().strip()
            finally:
                process.terminate()


def main(argv: Sequence[str] | None = None) -> int:
    """Run and print; 0 when nothing failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--users", type=int, default=20, metavar="N", help="people at the same time (%(default)s)")
    parser.add_argument("--seconds", type=float, default=120, metavar="S", help="how long they ask (%(default)s)")
    parser.add_argument("--url", default="", metavar="URL", help="a page that is served already, without a login")
    args = parser.parse_args(argv)
    questions = [question.question for question in load_questions(SETS / "seeds_heldout.jsonl")]
    seen, lock = Seen(), threading.Lock()
    with nullcontext(args.url) if args.url else served() as address, ThreadPoolExecutor(args.users) as pool:
        started = time.monotonic()
        for number in range(args.users):
            pool.submit(_use, address, number, questions, started + args.seconds, seen, lock)
        pool.shutdown(wait=True)
        elapsed = time.monotonic() - started
    print_line(f"{args.users} people")
    for line in seen.lines(elapsed):
        print_line(line)
    return 1 if seen.failures else 0


if __name__ == "__main__":
    raise SystemExit(main())
