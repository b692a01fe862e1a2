"""A model's reply as it comes: markers, thoughts, code, loops, and what is made of its text."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.readers.chat.clean import shown, without_addresses
from rag.readers.chat.markers import MOST_CHARS, Reply, ReplyParser
from rag.readers.chat.split import Said, statements

KEYS = ("k12", "k40", "k77")
SITE = "All reports are at https://example.org/peru, or write to response@example.org."


def parsed(text: str, sizes=(1,)) -> tuple[str, Reply]:
    """What is shown while ``text`` comes in pieces of these sizes by turns, and the reply."""
    parser, streamed, start, turn = ReplyParser(KEYS), [], 0, 0
    while start < len(text):
        size = sizes[turn % len(sizes)]
        streamed.append(parser.feed(text[start : start + size]))
        start, turn = start + size, turn + 1
    return "".join([*streamed, parser.close()]), parser.reply


def cited(text: str) -> list[tuple[str, ...]]:
    return [mark.keys for mark in parsed(text)[1].marks]


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("A [k12].", [("k12",)]),
        ("A [k12, k40].", [("k12", "k40")]),
        ("A [k12; k40 and k77].", [("k12", "k40", "k77")]),
        ("A 【k12】.", [("k12",)]),
        ("A ［k12］.", [("k12",)]),
        ("A (k12).", [("k12",)]),
        ("A (k12, k40).", [("k12", "k40")]),
        ("A [[k12]].", [("k12",)]),
        ("A [K12].", [("k12",)]),
        ("A [ k12 ].", [("k12",)]),
        ("A [^k12].", [("k12",)]),
        ("A [source: k12].", [("k12",)]),
        ("A [fuente k12 y k40].", [("k12", "k40")]),
        ("A [k12][k40].", [("k12",), ("k40",)]),
        ("A [k12, k12].", [("k12",)]),
        ("A [k12, k99].", [("k12",)]),
        ("A [**k12**].", [("k12",)]),
        ("A [k12", []),
        ("A [k99].", []),
        ("A [sic] (40) [see annex k].", []),
        ("`A [k12]`", []),
        ("``A ` [k12]``", []),
        ("```\nA [k12]\n```", []),
        ("```python\nA [k12]\n```\nB [k40]", [("k40",)]),
        ("It`s A [k12]\nB [k40]", [("k40",)]),
        ("<think>A [k12]</think>B [k40]", [("k40",)]),
        ("A [k12]</think>B [k40]", [("k40",)]),
        ("A [k12] <think>B [k40]", [("k12",)]),
        ("A [<b>k12</b>]", []),
    ],
)
def test_markers(text, keys):
    assert cited(text) == keys


@pytest.mark.parametrize(
    ("text", "shown_text"),
    [
        ("A [k12].", "A ."),
        ("In 2024.[k12]500 people", "In 2024. 500 people"),
        ("A [k1", "A "),
        ("A [", "A "),
        ("A [12", "A "),
        ("A (see", "A (see"),
        ("A [sic", "A [sic"),
        ("[[k12]] B", " B"),
        ("a [b] c (d) < 5 > `e`", "a [b] c (d) < 5 > e"),
        ("<think>no</think>yes", "yes"),
        ("```json\n{}\n```", "{}\n"),
        ("```A\n", ""),
        ("<thi", "<thi"),
    ],
)
def test_text_without_markers(text, shown_text):
    assert parsed(text)[1].text == shown_text


def test_unknown_keys_are_reported_as_written_and_never_made_known():
    reply = parsed("A [k1]. B [k121]. C [1]. D [k40, 2]. E (3). F [k1].")[1]
    assert reply.unknown == ("k1", "k121", "1", "2")
    assert [mark.keys for mark in reply.marks] == [("k40",)]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Partners trained 500. " + "The camp is safe. " * 50, "Partners trained 500. "),
        ("Partners trained 500.\n" + "very " * 200, "Partners trained 500.\n"),
        ("ha" * 500, ""),
        ("- Tents were put up [k12]\n" * 50, "- Tents were put up"),
    ],
)
def test_loops_are_cut(text, kept):
    parser = ReplyParser(KEYS)
    parser.feed(text)
    assert parser.stopped and parser.reply.looped
    assert parser.reply.text.startswith(kept) and len(parser.reply.text) < len(text) / 5


@pytest.mark.parametrize("text", ["Lima | 5 | 5 | 5 |\n" * 2, "No. No. No. No. No.", "| --- | --- | --- |\n" * 2])
def test_what_is_no_loop(text):
    assert parsed(text)[1] == Reply(text, (), ())


def test_a_reply_without_end_is_cut():
    parser = ReplyParser(KEYS)
    for number in range(10_000):
        parser.feed(f"Sentence {number}. ")
    assert parser.stopped and parser.reply.endless and len(parser.reply.text) <= MOST_CHARS


PIECES = st.sampled_from(
    "[k12] [k40, k12] 【k77】 (k12) [k9] [ ] ( ) [k k12 , ` `` ``` ```json\n <think> </think> < > \n | - A. word 500 é"
    " 。 ha ha ha ha ha ha ha ha ha ha ha ha ha ha ha ha".split(" ")
)
TEXTS = st.lists(PIECES | st.text(max_size=4), max_size=60).map("".join) | st.text(
    alphabet="[]()k12<>/thin`\n .,", max_size=300
)


@settings(max_examples=300, deadline=None)
@given(TEXTS, st.lists(st.integers(1, 9), min_size=1, max_size=6))
def test_the_result_does_not_depend_on_the_pieces(text, sizes):
    assert parsed(text, sizes) == parsed(text) == parsed(text, [max(1, len(text))])


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_only_given_keys_are_cited_and_nothing_is_made_up(text):
    streamed, reply = parsed(text)
    assert {key for mark in reply.marks for key in mark.keys} <= set(KEYS)
    assert all(0 <= mark.at <= len(reply.text) for mark in reply.marks)
    made = len(reply.text.replace(" ", "").replace("\n", ""))
    assert made <= len(text.replace(" ", "").replace("\n", ""))
    assert streamed.endswith(reply.text) or reply.looped


@pytest.mark.parametrize(
    "unit",
    [
        *"[ ( 【 [[ [k [k12 [k12, [k12] ` `` ``` < <t <think> </think> <think [, (k12".split(),
        *"]] a[b(c <[`( [a;b.c [1,2,3,".split(),
        *("```\n", " ", "\n", "[ ", "a. ", "| "),
    ],
)
def test_the_time_for_a_character_has_a_bound(unit):
    def seconds(length: int) -> float:
        # Varied, so that it is not cut as a loop before it hurts.
        text = "".join(f"{unit}{number if number % 7 == 0 else ''}" for number in range(length // len(unit)))
        parsers = [ReplyParser(KEYS) for _ in range(1 + len(text) // MOST_CHARS)]
        started = time.perf_counter()
        for number, parser in enumerate(parsers):
            for start in range(number * MOST_CHARS, (number + 1) * MOST_CHARS, 50):
                parser.feed(text[start : start + 50])
            parser.close()
            statements(parser.reply, SITE)
        return time.perf_counter() - started

    length = 40_000
    assert seconds(length) / length < 100e-6


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("One [k12]. Two [k40].", [("One.", "k12"), ("Two.", "k40")]),
        ("One. [k12] Two. [k40]", [("One.", "k12"), ("Two.", "k40")]),
        ("[k12] One.\n[k40] Two.", [("One.", "k12"), ("Two.", "k40")]),
        ("One.\nTwo.\n[k12]", [("One.", ""), ("Two.", "k12")]),
        ("- One [k12]\n- Two\n* Three [k40]", [("One", "k12"), ("Two", ""), ("Three", "k40")]),
        ("1. One [k12]\n2) Two [k40]", [("One", "k12"), ("Two", "k40")]),
        ("- [k12] One\n- [k40] Two", [("One", "k12"), ("Two", "k40")]),
        ("| Place | Tents |\n|---|---|\n| Tacna | 40 [k12] |\n| Cusco | 25 | [k40]",
         [("Tacna: Tents 40", "k12"), ("Cusco: Tents 25", "k40")]),
        ("Answer: One [k12].", [("One.", "k12")]),
        ("**Respuesta:** Tiendas [k12].", [("Tiendas.", "k12")]),
        ("The needs are:\n- Food [k12]", [("Food", "k12")]),
        ("One [k12].\n\nSources: [k12], [k40]", [("One.", "k12")]),
        ("One [k12]. One [k40].", [("One.", "k12 k40")]),
        ("**One** and _two_ [k12].", [("One and two.", "k12")]),
        ("A line that\ngoes on [k12].", [("A line that goes on.", "k12")]),
        ("", []),
        ("[k12]", []),
        ("It was so [k12].", []),
        ("---\n***", []),
    ],
)  # fmt: skip
def test_sentences_and_their_keys(text, said):
    found = statements(parsed(text)[1], SITE)
    assert not found.abstains
    assert found.said == tuple(Said(sentence, tuple(keys.split())) for sentence, keys in said)


@pytest.mark.parametrize(
    ("text", "abstains"),
    [
        ("NOT IN THE REPORTS", True),
        ("not in the reports.", True),
        ("**NOT IN THE REPORTS**", True),
        ("NOT IN THE REPORTS. They speak of Peru [k12].", True),
        ("I read all the passages. NOT IN THE REPORTS", True),
        ("<think>Hm.</think>\nNOT IN THE REPORTS", True),
        ("One [k12]. NOT IN THE REPORTS", False),
        ("That is not in the reports of the ministry [k12].", False),
    ],
)
def test_the_sentinel(text, abstains):
    found = statements(parsed(text)[1], SITE)
    assert found.abstains is abstains and bool(found.said) is not abstains


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ("See [here](https://evil.example/?q=1) now", "See here now"),
        ("See ![x](https://evil.example/p.png) now", "See now"),
        ("See ![x][1] now\n[1]: https://evil.example", "See now"),
        ("See https://evil.example/a?b=c. Now", "See Now"),
        ("See www.evil.example now", "See now"),
        ("See evil.com/path now", "See now"),
        ("Write to spy@evil.example now", "Write to now"),
        ("See https://example.org/peru now", "See https://example.org/peru now"),
        ("See https://example.org/peru?q=1 now", "See now"),
        ("Write to response@example.org.", "Write to response@example.org."),
        ("<b>Bold</b> <img src=x onerror=alert(1)> text", "Bold text"),
        ("<script>alert(1)</script>text", "text"),
        ("text <img src=x onerror=", "text"),
        ("&lt;img src=x&gt; text &amp; more", "text & more"),
        ("<|im_start|>system text", "system text"),
        ("pas\u200bsage\u202e \x1b[31mred\x07", "passage [31mred"),
        ("\U000e0041\U000e0042tags", "tags"),
        ("[x](javascript:alert(1)) y", "x y"),
        ("5 < 6 and 7 > 3", "5 < 6 and 7 > 3"),
        ("(https://evil.example) y", "y"),
    ],
)
def test_nothing_that_acts_is_left(written, left):
    blanked = without_addresses(written, SITE)
    assert len(blanked) == len(written) and shown(blanked) == left
