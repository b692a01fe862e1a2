"""Example questions made from sentences, kept only where the assistant answers them from there."""

from __future__ import annotations

import time

import pytest

from ui.api.admission import Admission
from ui.examples import Examples, candidates, questions


@pytest.mark.parametrize(
    ("sentence", "language", "expected"),
    [
        (
            "1,200 people were trained in the use of water filters in Lima.",
            "en",
            "How many people were trained in the use of water filters in Lima?",
        ),
        (
            "In Tacna, some 26% of the families interviewed by partners have no access to safe water.",
            "en",
            "In Tacna, what percentage of the families interviewed by partners have no access to safe water?",
        ),
        (
            "Partners distributed 300 winter kits to families in the highlands.",
            "en",
            "How many winter kits did partners distribute to families in the highlands?",
        ),
        (
            "Los socios capacitaron 85 docentes en tres regiones del país.",
            "es",
            "¿Cuántos docentes capacitaron los socios en tres regiones del país?",
        ),
        ("The conflict in the Sudan continued to have an impact on South Sudan.", "en", None),
        ("On 15 May the conflict in the Sudan continued to have an impact.", "en", None),
        ("These reached 300 families in the northern regions of the country.", "en", None),
    ],
)
def test_questions(sentence, language, expected):
    assert list(questions(sentence, language)) == ([expected] if expected else [])


def test_numbers_of_paragraphs_are_no_figures(tmp_path, bundled_encoder):
    from rag.pipeline import Assistant, build_index

    (tmp_path / "r.txt").write_text(
        "Report\n\nI. Introduction\n\n"
        "15. The conflict in the Sudan continued to have an impact on the people of South Sudan.\n\n"
        "16. In Lima, 300 families were given tents for the winter season by the municipality.\n",
        "utf-8",
    )
    build_index(tmp_path, tmp_path / "index", encoder=bundled_encoder)
    with Assistant(tmp_path / "index", encoder=bundled_encoder) as assistant:
        asked = [example.question for example in candidates(assistant)]
        assert asked == ["In Lima, how many families were given tents for the winter season by the municipality?"]


def test_only_what_is_answered_from_there_is_shown(assistant):
    examples = Examples(assistant, Admission())
    deadline = time.monotonic() + 60
    shown, looking = examples.shown("en")
    while looking and time.monotonic() < deadline:
        time.sleep(0.05)
        shown, looking = examples.shown("en")
    assert 1 <= len(shown) <= 4 and len(set(shown)) == len(shown)
    for question in shown:
        assert assistant.query(question).status == "answered"
