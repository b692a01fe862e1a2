"""The estimate is never below the tokenizers' own counts, and not far above them."""

import pytest

from rag.llm.tokens import upper_estimate

# Text, and its tokens by the tokenizers of Qwen 2, Llama 3 and Mistral 7B.
COUNTED = [
    ("Over 300 refugees were supported.", 9, 7, 9),
    ("En Nariño, 1.250 niños y niñas recibieron atención jurídica.", 22, 20, 26),
    ("EDUCATION 103.3 K 37.4 K 36.2% $22.68 M", 29, 23, 30),
    ("\n*\n%\n\n**\n%\n\n", 5, 5, 12),
    ("pgwftlthwzcrpgjmiqglnkxabggtf", 19, 19, 19),
    ("https://data.unhcr.org/en/documents/details/104522?x=3f9bcb83e559fe55", 34, 26, 40),
    ("😀🎉🇵🇪", 4, 11, 11),
    ("Huancavelica Zarumilla Shipibo-Conibo N'Djamena", 15, 15, 21),
    ("    \t\n  ", 2, 2, 4),
    ("", 0, 0, 0),
]


@pytest.mark.parametrize(("text", "qwen", "llama", "mistral"), COUNTED)
def test_never_fewer(text, qwen, llama, mistral):
    assert upper_estimate(text) >= max(qwen, llama, mistral)


def test_prose_is_not_estimated_at_more_than_two_and_a_half_times():
    for text, *counts in COUNTED[:2]:
        assert upper_estimate(text) <= 2.5 * max(counts)


def test_what_is_no_text_counts_too():
    assert upper_estimate("\ud800 half a pair") > 0
    assert upper_estimate("a" * 1000) == 1001
