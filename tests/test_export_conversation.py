"""Exports of conversations: golden files for text and Markdown, Word read back, JSON, and nothing that acts.

To renew the golden files after looking at the difference: REPORTQA_RENEW=1 pytest tests/test_export_conversation.py
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import docx
import pytest
from export_samples import NOON, REPORTS, conversation, everything, hostile

from rag.saved import answer_from
from ui.conversations import Conversation, Entry, Scope
from ui.export import (
    FORMAT,
    conversation_docx,
    conversation_json,
    conversation_markdown,
    copy_text,
    file_name,
)
from ui.export.words import LABELS
from ui.words import LANGUAGES

GOLDEN = Path(__file__).parent / "data" / "export"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def golden(name: str, text: str) -> None:
    path = GOLDEN / name
    if os.environ.get("REPORTQA_RENEW"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    assert text == path.read_text("utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
def test_markdown(language):
    golden(f"conversation.{language}.md", conversation_markdown(conversation(), language, REPORTS))


@pytest.mark.parametrize("language", LANGUAGES)
def test_text_to_copy(language):
    texts = [copy_text(entry, language, REPORTS) for entry in everything()]
    golden(f"copied.{language}.txt", "\n=====\n".join(texts) + "\n")


def test_every_label_is_there_in_each_language():
    assert all(LABELS[language].keys() == LABELS["en"].keys() for language in LANGUAGES)
    assert all(label for labels in LABELS.values() for label in labels.values())


class TestMarkdownIsInert:
    @pytest.fixture(scope="class")
    def parsed(self):
        markdown_it = pytest.importorskip("markdown_it")
        parser = markdown_it.MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
        return parser.parse(re.sub(r"^\[\^(\d+)\]: ", r"(note \1) ", conversation_markdown(hostile()), flags=re.M))

    def test_report_and_model_text_makes_no_markup(self, parsed):
        inner = [child.type for token in parsed for child in token.children or ()]
        kinds = {token.type for token in parsed} | set(inner)
        for wrong in ("link_open", "image", "html_block", "html_inline", "code_inline", "fence", "code_block"):
            assert wrong not in kinds
        assert inner.count("strong_open") == len(hostile().entries)  # the states and one verdict
        for wrong in ("s_open", "em_open", "table_open", "blockquote_open", "ordered_list_open", "hr"):
            assert wrong not in kinds

    def test_headings_are_the_title_and_the_questions(self, parsed):
        headings = [token.tag for token in parsed if token.type == "heading_open"]
        assert headings == ["h1"] + ["h2"] * len(hostile().entries)

    def test_what_is_shown_is_what_was_written(self, parsed):
        shown = "\n".join(
            "".join(child.content for child in token.children) for token in parsed if token.type == "inline"
        )
        for text in (
            "<script>window.pwned=1</script>",
            "![](https://evil.example/p.png)",
            "[x]: https://evil.example",
            "&lt;b&gt;",
        ):
            assert text in shown

    def test_only_this_programs_footnotes_are_defined(self):
        text = conversation_markdown(hostile())
        numbers = [int(number) for number in re.findall(r"^\[\^(\d+)\]: ", text, re.MULTILINE)]
        assert numbers == list(range(1, len(numbers) + 1))
        assert {int(number) for number in re.findall(r"(?<!\\)\[\^(\d+)\](?!:)", text)} == set(numbers)

    def test_a_bare_address_is_broken_up(self):
        text = conversation_markdown(hostile())
        assert not re.search(r"https?://|www\.|[^\\]@", text)


class TestWord:
    @pytest.fixture(scope="class")
    def data(self):
        return conversation_docx(conversation(), "en", REPORTS)

    @pytest.fixture(scope="class")
    def parts(self, data):
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            assert file.testzip() is None
            return {name: file.read(name) for name in file.namelist()}

    def test_it_opens_with_title_and_a_heading_for_each_question(self, data):
        document = docx.Document(io.BytesIO(data))
        headings = [(p.style.name, p.text) for p in document.paragraphs if p.style.name.startswith("Heading")]
        assert headings == [
            ("Heading 1", "Teachers and more"),
            ("Heading 2", "And how many teachers there?"),
            *(("Heading 2", entry.question) for entry in everything()[1:]),
        ]
        assert document.core_properties.title == "Teachers and more"
        assert document.core_properties.author == ""

    def test_it_says_what_the_markdown_says(self, data):
        said = "\n".join(p.text for p in docx.Document(io.BytesIO(data)).paragraphs)
        for text in (
            "Searched in: Refugee and Migrant Response in Peru: January to February 2024 · gone · Working group",
            "Searched for: How many teachers attended the workshop?",
            "As of: January–February 2024",
            "Note: A sentence was left out",
            "The reports do not say how many came from Cusco.",
            "(partly supported)",
            "No answer in the reports",
            "The reports do not say.",
            "Nearest passages:",
            "The model did not answer. Start it.",
            "The answer was stopped.",
            "The answer was not finished.",
        ):
            assert text in said

    def test_each_source_is_a_footnote_that_the_text_refers_to(self, parts):
        notes = ElementTree.fromstring(parts["word/footnotes.xml"])
        texts = {note.get(f"{W}id"): "".join(note.itertext()).strip() for note in notes if note.get(f"{W}type") is None}
        body = ElementTree.fromstring(parts["word/document.xml"])
        assert [mark.get(f"{W}id") for mark in body.iter(f"{W}footnoteReference")] == list(texts) == ["1", "2"]
        assert texts["1"].startswith("Refugee and Migrant Response in Peru: January to February 2024, published")
        assert "p. 4, para. 23, OCR 84 %. “Partners organized a workshop for 500 teachers" in texts["1"]
        assert texts["1"].endswith("” (supported)") and texts["2"].endswith("” (partly supported)")

    def test_a_second_mark_of_a_footnote_refers_to_the_first(self, parts):
        body = ElementTree.fromstring(parts["word/document.xml"])
        (field,) = body.iter(f"{W}fldSimple")
        names = [mark.get(f"{W}name") for mark in body.iter(f"{W}bookmarkStart")]
        assert field.get(f"{W}instr").split()[:2] == ["NOTEREF", names[0]]
        assert "".join(field.itertext()) == "1"
        assert "[9]" in "".join(body.itertext())  # a marker without source

    def test_styles_and_parts_that_it_names_are_there(self, parts):
        styles = ElementTree.fromstring(parts["word/styles.xml"])
        known = {style.get(f"{W}styleId") for style in styles.iter(f"{W}style")}
        for name in ("word/document.xml", "word/footnotes.xml"):
            root = ElementTree.fromstring(parts[name])
            used = {e.get(f"{W}val") for kind in ("pStyle", "rStyle") for e in root.iter(f"{W}{kind}")}
            assert used <= known
        assert b"/word/footnotes.xml" in parts["[Content_Types].xml"]
        assert b'Target="footnotes.xml"' in parts["word/_rels/document.xml.rels"]

    def test_the_same_conversation_gives_the_same_bytes_in_any_process(self, data):
        code = (
            "import sys, hashlib; sys.path.insert(0, 'tests')\n"
            "from export_samples import *\nfrom ui.export import conversation_docx\n"
            "print(hashlib.sha256(conversation_docx(conversation(), 'en', REPORTS)).hexdigest())"
        )
        command = [sys.executable, "-c", code]
        root = Path(__file__).resolve().parents[1]
        env = {**os.environ, "PYTHONHASHSEED": "7", "PYTHONPATH": str(root)}
        done = subprocess.run(command, cwd=root, env=env, capture_output=True, text=True, check=True)
        assert done.stdout.strip() == hashlib.sha256(data).hexdigest()

    def test_hostile_text_is_text(self):
        data = conversation_docx(hostile())
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            names = file.namelist()
            links = [name for name in names if name.endswith(".rels") and b"External" in file.read(name)]
            body = ElementTree.fromstring(file.read("word/document.xml"))
        assert links == []
        fields = [element.get(f"{W}instr") for element in body.iter(f"{W}fldSimple")]
        assert all(field.startswith(" NOTEREF _Ref_note_") for field in fields)
        assert not list(body.iter(f"{W}hyperlink")) and not list(body.iter(f"{W}instrText"))
        assert "<script>window.pwned=1</script>" in "".join(body.itertext())


@pytest.mark.parametrize("make", [conversation_markdown, conversation_docx])
def test_control_characters_are_left_out(make):
    entry = Entry(1, "a\x00b\x1b[31mc\x0bd\ufffee\x85f", NOON, Scope(), error="\x08g")
    made = make(conversation(entry, title="\x01t"))
    text = made if isinstance(made, str) else "\n".join(p.text for p in docx.Document(io.BytesIO(made)).paragraphs)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\ufffe]", text)
    assert "ab" in text


@pytest.mark.parametrize("make", [conversation_markdown, conversation_docx])
def test_an_empty_conversation_can_be_exported(make):
    assert make(Conversation("x", "", NOON, NOON), "es")


def test_json_holds_all_and_its_answers_can_be_read_back():
    data = json.loads(conversation_json(conversation()))
    assert data["format"] == FORMAT == "reportqa conversation 1"
    assert [row["question"] for row in data["entries"]] == [entry.question for entry in everything()]
    for row, entry in zip(data["entries"], everything(), strict=True):
        assert (answer_from(row["answer"]) if row["answer"] else None) == entry.answer
        assert (row["error"], row["stopped"]) == (entry.error, entry.stopped)
    first = data["entries"][0]
    assert first["scope"] == {
        "reports": ["peru", "gone"],
        "publisher": "Working group",
        "since": "2023-01-01",
        "until": "2024-12-31",
    }
    assert first["feedback"] == {"good": False, "reason": "r", "correction": "c", "at": "2024-05-01T12:00:00+00:00"}


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("How many? ¡Más!", "how-many-mas.md"),
        ("../../etc/passwd", "etc-passwd.md"),
        ("a\x00\r\nb\"; x='y'", "a-b-x-y.md"),
        ("CON", "conversation-con.md"),
        ("com1", "conversation-com1.md"),
        ("", "conversation.md"),
        ("¿?", "conversation.md"),
        ("данные", "conversation.md"),
        (".hidden", "hidden.md"),
        ("word " * 40, "word-" * 11 + "word.md"),
    ],
)
def test_names_of_files_are_safe_anywhere(title, name):
    assert file_name(title, "md") == name
