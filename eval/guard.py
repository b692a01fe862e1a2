"""What the guard lets through of a model that lies in every third sentence, and what it costs.

    python -m eval.guard [--data ../shared/data] [--sentences 100] [--sets un_dev humset_dev seeds_retrieval]

A scripted model writes sentences with figures from the passages that the product's own search finds for the
questions of the sets: word for word or said otherwise by rule (``rag.train.claims``), in an order of its own, each
with its key. In every third one a figure is changed, to one that is not in the passage and to another one that is,
in turn. Printed: how many of the changed ones are in the answers (policy strict), how many of the true ones are not,
the time that finding quotes and verifying takes for a sentence, and the time to the first piece of text beside that
of the model alone. Then, for sentences without any key, what the thresholds of attribution would do.
No model is loaded: what a real one writes is not measured here.
"""

from __future__ import annotations

import argparse
import logging
import random
import re
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.catalogue import load_sets
from eval.indexes import index_for
from rag import embed
from rag.cli.output import print_line
from rag.default import open_catalogue
from rag.errors import QuestionError
from rag.pipeline import Assistant
from rag.readers.chat import ChatReader
from rag.readers.chat.attribute import Source, attributed
from rag.schema import Message, Passage
from rag.text import fold, language_of, plain, sentence_spans
from rag.train.claims import supported
from rag.train.sources import usable

_EACH = 5  # sentences of a reply
_DELAY_S = 0.2  # of the model's first piece, as a small one on a processor has it
_THRESHOLDS = (0.5, 0.6, 0.7, 0.8, 0.9)
_NUMBER = re.compile(r"(?<![\w.,-])\d{1,3}(?:(?:,\d{3})+|\d*)(?:\.\d+)?(?![.,]?\w|-)")


@dataclass(frozen=True, slots=True)
class Wrote:
    """A sentence of the scripted model: its passage's text, and how it was changed ("" if it is true)."""

    text: str
    passage: str
    change: str


class Writer:
    """The scripted model: its reply is a function of the prompt and of how much it has written before."""

    name, context_tokens = "scripted", 8192

    def __init__(self) -> None:
        self.wrote: list[Wrote] = []
        self._seen: set[str] = set()
        self._count = 0

    def count_tokens(self, text: str) -> int:
        """About one for three characters."""
        return len(text) // 3

    def stream(self, messages: Sequence[Message], *, max_tokens: int, cancelled: Callable[[], bool]) -> Iterator[str]:
        """Yield the reply in words."""
        user = messages[-1].content
        shown = user.split(user.splitlines()[0])[1]
        parts = re.split(r"^\[(k\d+)\] .*\n", shown, flags=re.MULTILINE)[1:]
        rng = random.Random(user.rpartition("-----")[2])  # noqa: S311 - sampling, not secrets
        written = [
            (key, one) for key, text in zip(parts[::2], parts[1::2], strict=True) for one in self._sentences(text, rng)
        ]
        rng.shuffle(written)
        self.wrote = [one for _, one in written[:_EACH]]
        time.sleep(_DELAY_S)
        for key, one in written[:_EACH]:
            self._seen.add(one.text)
            for word in one.text[:-1].split(" "):
                yield f"{word} "
            yield f"[{key}]. "

    def _sentences(self, text: str, rng: random.Random) -> Iterator[Wrote]:
        for start, end in sentence_spans(text):
            sentence = re.sub(r"^\d{1,3}[.)]? (?=[A-Z])", "", plain(text[start:end]))  # a paragraph's number
            if not usable(sentence) or sentence in self._seen or not _NUMBER.search(sentence):
                continue
            self._seen.add(sentence)
            said = rng.choice([sentence, *supported(sentence, rng)] if language_of(sentence) == "en" else [sentence])
            if not _NUMBER.search(said):
                continue
            self._count += 1
            change = ("figure that is not there", "figure of something else")[self._count % 2]
            lie = _changed(said, text, change, rng) if self._count % 3 == 0 else ""
            yield Wrote(lie or said, text, change if lie else "")


def _changed(said: str, text: str, change: str, rng: random.Random) -> str:
    """``said`` with one figure changed: to another of ``text`` where that is asked for and there is one."""
    # A year in a day's place makes a date coarser ("of 2019, August"), not wrong.
    there = sorted(number for number in set(_NUMBER.findall(text)) if not re.fullmatch(r"(?:19|20)\d\d", number))
    stated = {_value(number) for number in _NUMBER.findall(said)}
    others = (
        [number for number in there if _value(number) not in stated] if change == "figure of something else" else []
    )
    found = rng.choice(list(_NUMBER.finditer(said)))
    made = [f"{_value(found[0]) * factor + 1:,.0f}" for factor in (0.3, 0.6, 1.1, 1.5, 2, 10)]
    other = rng.choice(others or [number for number in made if number not in there])
    return said[: found.start()] + other + said[found.end() :]


def _value(number: str) -> float:
    return float(number.replace(",", ""))


def _key(text: str) -> str:
    return "".join(re.findall(r"\w", fold(text)))


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--sentences", type=int, default=100)
    parser.add_argument("--sets", nargs="+", default=["un_dev", "humset_dev", "seeds_retrieval"])
    args = parser.parse_args()
    logging.disable(logging.WARNING)
    encoder = embed.load()
    with open_catalogue() as store:
        texts = {info.id: store.report(info.id).text for info in store.reports()}
    survived, written, checking, added = Counter[str](), Counter[str](), [], []
    pool: list[tuple[str, Passage, list[Passage]]] = []
    for name in args.sets:
        one = load_sets([name], texts, args.data)[0]
        writer = Writer()
        done = 0
        with Assistant(index_for(one, None, encoder), encoder=encoder, reader=ChatReader(writer)) as assistant:
            for question in one.questions:
                if done >= args.sentences / len(args.sets):
                    break
                writer.wrote, started = [], time.perf_counter()
                try:
                    stream = assistant.stream(question.question)
                    answer = next(stream)
                    first = time.perf_counter() - started
                    *_, answer = answer, *stream
                except QuestionError:
                    continue
                if not writer.wrote:
                    continue
                done += len(writer.wrote)
                kept = {_key(sentence.text) for sentence in answer.sentences if answer.reader == writer.name}
                for wrote in writer.wrote:
                    written[wrote.change or "true"] += 1
                    survived[wrote.change or "true"] += _key(wrote.text) in kept
                    if _key(wrote.text) in kept if wrote.change else _key(wrote.text) not in kept:
                        print_line(f"{'SURVIVED' if wrote.change else 'lost'}\t{wrote.text}\n\t{wrote.passage!r}")
                pool += _bare(list(answer.passages))
                spent = answer.timings_s["read"] + answer.timings_s["verify"] - _DELAY_S
                checking.append(1000 * spent / len(writer.wrote))
                added.append(1000 * (first - answer.timings_s["retrieve"] - _DELAY_S))
    for kind, count in written.items():
        print_line(f"{kind}\t{count} written, {survived[kind]} in the answers")
    print_line(
        f"finding quotes and verifying, ms for a sentence\t{statistics.median(checking):.1f} (most {max(checking):.1f})"
    )
    print_line(f"added to the time to the first text, ms\t{statistics.median(added):.1f} (most {max(added):.1f})")
    _attribution(pool)


def _bare(passages: list[Passage]) -> Iterator[tuple[str, Passage, list[Passage]]]:
    """Sentences without figures of the passages, each said otherwise, with its passage and all of them."""
    for passage in passages:
        for start, end in sentence_spans(passage.chunk.text):
            sentence = plain(passage.chunk.text[start:end])
            if usable(sentence) and not _NUMBER.search(sentence) and language_of(sentence) == "en":
                rng = random.Random(sentence)  # noqa: S311 - sampling, not secrets
                yield rng.choice(supported(sentence, rng) or [sentence]), passage, passages


def _attribution(pool: Sequence[tuple[str, Passage, list[Passage]]]) -> None:
    """Without keys: where a sentence is put; and among another question's passages, without its own, whether at all."""
    print_line(f"threshold\tright passage (of {len(pool)})\tanother\tuncited\tof another question, cited")
    for least in _THRESHOLDS:
        counts = Counter[str]()
        for number, (said, own, passages) in enumerate(pool):
            quotes = attributed(said, [Source(index, one) for index, one in enumerate(passages)], least)
            found = [passages[quote.passage].chunk for quote in quotes]
            counts["uncited" if not found else "right" if own.chunk in found else "another"] += 1
            others = [one for one in pool[(number + len(pool) // 2) % len(pool)][2] if one.chunk != own.chunk]
            counts["foreign"] += bool(attributed(said, [Source(index, one) for index, one in enumerate(others)], least))
        print_line("\t".join([str(least), *(str(counts[name]) for name in ("right", "another", "uncited", "foreign"))]))


if __name__ == "__main__":
    main()
