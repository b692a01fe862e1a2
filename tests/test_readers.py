"""The extractive reader on made-up reports: what it picks, how it words it, when it abstains."""

from __future__ import annotations

import re

import numpy as np
import pytest
from conftest import HashEncoder
from samples import make_report, passages_of, year

from rag.cite import cite
from rag.question import analyse
from rag.readers import ExtractiveReader
from rag.readers.features import defines
from rag.remarks import without_remarks
from rag.schema import ABSTAIN, Reading, Verdict

HEALTH = """# Situation

Heavy rains closed the road to Huaraz in March. Prices rose because fuel did not arrive.

# Health

Partners vaccinated 4,200 children against measles in Huaraz. The campaign lasted from March to May 2023.
The Mobile Health Unit (MHU) visited twelve villages. Two clinics were repaired with funds from the Red Cross.

# Shelter

- 350 tents were handed out in Yungay.
- Families also received blankets and stoves.
"""


class Lexical(HashEncoder):
    """Says that question and sentence are as alike as they share words, never less than 0.3."""

    def encode(self, texts):
        vectors = super().encode(texts)
        common = np.full((len(texts), 1), 0.65, dtype=np.float32)
        return np.hstack([vectors * np.sqrt(1 - 0.65**2), common])


@pytest.fixture
def read():
    reader = ExtractiveReader(Lexical())

    def ask(question: str, *reports):
        passages = passages_of(*(reports or [make_report(HEALTH, period=year(2023), title="Sitrep Áncash")]))
        return reader.read(question, passages), passages

    return ask


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("How many children were vaccinated against measles?", "Partners vaccinated 4,200 children"),
        ("When did the campaign run?", "The campaign lasted from March to May 2023."),
        ("What does MHU stand for?", "The Mobile Health Unit (MHU) visited twelve villages."),
        ("How many tents were handed out in Yungay?", "350 tents were handed out in Yungay."),
        ("Why did prices rise?", "Prices rose because fuel did not arrive."),
        (
            "Who paid for the repair of the clinics?",
            "Two clinics were repaired with funds from the Red Cross.",
        ),
    ],
)
def test_picks_the_sentence_that_answers(read, question, answer):
    draft, passages = read(question)
    assert without_remarks(draft.sentences[0].text).startswith(answer)
    sentences, citations = cite(draft, passages)
    assert {sentence.verdict for sentence in sentences} == {Verdict.SUPPORTED}
    assert all(c.quote in HEALTH and HEALTH[c.start : c.end] == c.quote for c in citations)


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("How many children were vaccinated against measles in 2019?", "They give this for 2023, not for 2019."),
        ("¿Cuántos niños fueron vacunados contra el sarampión en 2019?", "Lo dan para 2023, no para 2019."),
        ("How many clinics were closed in 2018?", "Nothing found is dated 2018; the nearest reports cover 2023."),
        (
            "How many children were vaccinated against measles in Trujillo and Huaraz?",
            "What comes nearest does not speak of Trujillo.",
        ),
        ("How many ships were sunk off Trujillo?", "No passage found speaks of Trujillo in this sense."),
        ("What does CEBAF stand for?", "CEBAF"),
        ("What will the weather be tomorrow?", ""),
    ],
)
def test_abstains_and_says_why(read, question, reason):
    draft, _ = read(question)
    assert draft.sentences == () and reason in draft.reason


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("How many tents were handed out in Yungay?", "This may be the answer: 350 tents"),
        ("¿Cuántas tents were handed out en Yungay?", "Esta puede ser la respuesta: 350 tents"),
    ],
)
def test_an_answer_near_the_threshold_says_may(read, question, words):
    sure, passages = read(question)
    near = ExtractiveReader(Lexical(), threshold=sure.confidence - 0.001).read(question, passages)
    far = ExtractiveReader(Lexical(), threshold=0.01).read(question, passages)
    assert near.sentences[0].text.startswith(words)
    assert far.sentences[0].text == "350 tents were handed out in Yungay."
    sentences, _ = cite(near, passages)
    assert sentences[0].verdict is Verdict.SUPPORTED


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (
            "Why did families return to Huaraz?",
            ["Water ran short in Yungay.", "As a result, many families had to return to Huaraz."],
        ),
        ("Why did the school in Ilo close?", ["The school in Ilo did close.", "This was due to a broken roof."]),
        ("Why did the market shut?", ["The market was shut because of strikes."]),
        ("Where did many families return to?", ["As a result, many families had to return to Huaraz."]),
    ],
)
def test_a_cause_is_taken_from_the_sentence_beside(read, question, answer):
    text = """# News

Rain fell. Water ran short in Yungay. As a result, many families had to return to Huaraz. Prices were stable.

# Schools

The school in Ilo did close. This was due to a broken roof. The market was shut because of strikes. This was due to pay.
"""
    passages = passages_of(make_report(text, period=year(2023)))
    draft = ExtractiveReader(Lexical(), threshold=0.0).read(question, passages)
    assert [without_remarks(sentence.text) for sentence in draft.sentences] == answer


def test_abstains_without_passages_or_content():
    reader = ExtractiveReader(HashEncoder())
    assert reader.read("How many people?", []).sentences == ()
    assert reader.read("what is it?", passages_of(make_report(HEALTH))).sentences == ()


def test_confidence_and_threshold_decide_what_is_answered(read):
    likely, passages = read("How many tents were handed out in Yungay?")
    unlikely, _ = read("How many tents were repaired in Yungay?")
    assert 0.0 <= unlikely.confidence < likely.confidence <= 1.0
    question = "How many tents were handed out in Yungay?"
    assert ExtractiveReader(Lexical(), threshold=1.0).read(question, passages).sentences == ()
    strict = ExtractiveReader(Lexical(), threshold=1.0).read(question, passages)
    assert strict.confidence == likely.confidence
    bold = ExtractiveReader(Lexical(), threshold=0.0).read("How many tents were repaired in Yungay?", passages)
    assert bold.sentences and bold.confidence == unlikely.confidence


class Knowing:
    """A cross-encoder that takes one word for the answer to everything."""

    def __init__(self, word: str) -> None:
        self._word = word

    def read(self, question, passages):
        return [self._reading(passage) for passage in passages]

    def _reading(self, passage):
        offsets = tuple(match.span() for match in re.finditer(r"\w+", passage))
        mass = np.array([float(passage[start:end] == self._word) for start, end in offsets]) + 1e-6
        return Reading(float(mass.max() > 0.5), offsets, mass / mass.sum())


def test_a_cross_encoder_tells_which_sentence_answers():
    text = "# Aid\n\nPartners distributed tents to families in Ilo. Partners distributed blankets to families in Ilo.\n"
    passages, question = passages_of(make_report(text)), "What was distributed to families in Ilo?"
    drafts = {
        word: ExtractiveReader(Lexical(), cross_encoder=Knowing(word), threshold=0.0).read(question, passages)
        for word in ("tents", "blankets", "nothing")
    }
    for word in ("tents", "blankets"):
        assert drafts[word].sentences[0].text == f"Partners distributed {word} to families in Ilo."
        assert drafts[word].confidence > drafts["nothing"].confidence


def test_a_list_is_given_whole(read):
    text = "# Goals\n\nThe programme has three goals:\n\n- Safe water.\n- Warm rooms.\n- Open schools.\n"
    draft, _ = read("What are the goals of the programme?", make_report(text))
    assert [s.text for s in draft.sentences] == ["Safe water.", "Warm rooms.", "Open schools."]


def test_a_cell_is_given_with_its_head_where_the_text_shows_it(read):
    text = "## Reach\n\n| Sector | Reached | Target |\n|---|---|---|\n| Health | 1,200 | 2,000 |\n| Food | 90 | 100 |\n"
    draft, passages = read("How many people were reached in Health?", make_report(text))
    assert draft.sentences[0].text == "Health, Reached: 1,200"
    sentences, _ = cite(draft, passages)
    assert sentences[0].verdict is Verdict.SUPPORTED


def test_a_row_without_heads_is_given_whole_and_says_so(read):
    rows = "HEALTH 320 K 127 K 12\nNUTRITION 65 K 29 K 7\nSHELTER 191 K 29 K 3\n"
    draft, passages = read("How many people did Nutrition reach?", make_report(f"# Figures\n\n{rows}"))
    row = "NUTRITION: 65 K, 29 K, 7 [the table's column heads are missing in the text]"
    assert draft.sentences[0].text == f"This may be the answer: {row}"
    assert cite(draft, passages)[0][0].verdict is Verdict.SUPPORTED


def test_one_sentence_for_each_period_compared(read):
    old = make_report("# Reach\n\nPartners assisted 500 migrants.\n", id="a", period=year(2020), title="Report 2020")
    new = make_report("# Reach\n\nPartners assisted 800 migrants.\n", id="b", period=year(2023), title="Report 2023")
    draft, _ = read("How did the number of migrants assisted change between 2020 and 2023?", new, old)
    assert [s.text for s in draft.sentences] == [
        "Partners assisted 500 migrants.",
        "Partners assisted 800 migrants.",
    ]


def test_the_right_years_report_answers(read):
    old = make_report("# Reach\n\nPartners assisted 500 migrants.\n", id="a", period=year(2020), title="Report 2020")
    new = make_report("# Reach\n\nPartners assisted 800 migrants.\n", id="b", period=year(2023), title="Report 2023")
    draft, passages = read("How many migrants were assisted in 2020?", new, old)
    assert passages[draft.sentences[0].quotes[0].passage].report.id == "a"
    assert len(draft.sentences) == 1


def test_an_answer_has_at_most_eighty_words(read):
    filler = ", and ".join(f"the team of valley {number} cleaned canals and repaired roofs" for number in range(20))
    text = f"# Work\n\nPartners trained 77 masons in Caraz, while {filler}.\n"
    draft, passages = read("How many masons were trained in Caraz?", make_report(text))
    shown = " ".join(sentence.text for sentence in draft.sentences)
    assert "77 masons" in shown and shown.endswith("…") and len(shown.split()) <= 81
    assert cite(draft, passages)[0][0].verdict is Verdict.SUPPORTED


SOME = """# Floods

In Ilo the floods reached 5,398 people (1,294 families) in two districts, above all indigenous communities.

| Town | People affected | Families affected | Indigenous population |
|---|---:|---:|---:|
| Moho | 10,578 | 2,895 | 9,520 |
"""


def test_certain_people_are_not_people_in_general(read):
    told, _ = read("How many people were affected by floods in Ilo?", make_report(SOME))
    assert "5,398" in told.sentences[0].text
    draft, _ = read("How many indigenous people were affected by floods in Ilo?", make_report(SOME))
    assert not draft.sentences and "others than those asked about" in (draft.reason or "")
    rows, _ = read("How many indigenous people were affected in Moho?", make_report(SOME))
    assert "9,520" in rows.sentences[0].text and "10,578" not in rows.sentences[0].text


def test_an_abbreviation_is_spelled_out_from_a_long_list(read):
    letters = "abcdefghijklmnopqrst"
    listed = "; ".join(f"{a}{b}K: {a} {b} kits of the district" for a in letters[:8] for b in letters[:5]).upper()
    text = f"# Notes\n\nThe regions are as follows: {listed}; and WCA: West and Central Africa.\n"
    draft, passages = read("What does WCA stand for?", make_report(text))
    (sentence,) = draft.sentences
    assert sentence.text == "… and WCA: West and Central Africa." and draft.confidence >= 0.8
    assert cite(draft, passages)[0][0].verdict is Verdict.SUPPORTED


@pytest.mark.parametrize(
    ("term", "text", "expected"),
    [
        ("who", "The World Health Organization (WHO) helped.", True),
        ("who", "WHO (World Health Organization) helped.", True),
        ("ptp", "the Temporary Residence Permit (PTP for its acronym in Spanish)", True),
        ("sis", "SIS stands for Comprehensive Health Insurance.", True),
        (
            "wca",
            "EAP: East Asia and the Pacific; HQ: head office; and WCA: West and Central Africa.",
            True,
        ),
        ("ira", "IRA – Infección respiratoria aguda", True),
        ("eap", "Offices: EAP: 12; WCA: 9", False),
        ("who", "WHO: the children came", False),
        ("who", "WHO helped.", False),
        ("who", "(WHO) helped", False),
        ("who", "those who (see below) came", False),
        ("emergency", "In the emergency (see annex) partners helped", False),
    ],
)
def test_definitions(term, text, expected):
    assert defines(term, text) is expected


def test_abstention_sentences_exist_in_every_language():
    assert {analyse(q).language for q in ("How many?", "¿Cuántos?")} == set(ABSTAIN)
