"""Questions in parts from end to end: invented reports, the real encoder, answers with their differences."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from conftest import HashEncoder
from samples import make_report, passages_of, year

from rag import Assistant, Verdict, build_index
from rag.cite import cite, verify_difference
from rag.facts import quantities
from rag.facts.difference import difference, reckons
from rag.matching import view_passages
from rag.question import analyse
from rag.question.parts import split
from rag.readers.compare import answer_compared
from rag.readers.constraints import Constraint
from rag.readers.extractive import _sentence
from rag.readers.figure import Counted, same_thing
from rag.readers.scored import Reading, Scored
from rag.schema import Draft, DraftSentence, Quote

OLD = """# Health

Partners vaccinated 12,300 children against measles in Sanaba in 2021. Clinics ran short of fuel.

# Food

Some 4,000 families received food baskets in Dori. About 26 per cent of households were food insecure.

# Funding

The appeal received US$ 41.6 million. It had asked for US$ 106 million.
"""
NEW = """# Health

Partners vaccinated 24,600 children against measles in Sanaba in 2023. The cold chain was repaired.

# Food

Some 5,500 families received food baskets in Dori. In Djibo, 1,200 families received food baskets.
About 31 per cent of households were food insecure.

# Hygiene

Women received 900 hygiene kits and men received none. Boys received 300 school bags. Girls received 450 school bags.

# Teachers

Partners trained 640 teachers in Dori. The training of teachers was funded by the Lake Fund.

# Challenges

The main challenges reported by teams were:

- Roads were cut by the floods for many weeks. Trucks had to wait in the capital until the water fell and drivers left.
- Fuel was dear and hard to find in all of the northern districts, and generators stood still in many of the clinics.
- Few nurses spoke the languages of the newly arrived families, and interpreters could not be found outside the capital.
- Vaccines spoiled because the cold chain broke twice in the hottest weeks of the year and spare parts came late.
- Permits for travel took more than a month to get and had to be asked for again at the border of every district.
- Phones did not work in most camps, so that lists of arrivals reached the coordination team days after they were made.
"""


@pytest.fixture(scope="module")
def shelf(tmp_path_factory, bundled_encoder):
    folder = tmp_path_factory.mktemp("shelf")
    (folder / "old.md").write_text(OLD, "utf-8")
    (folder / "new.md").write_text(NEW, "utf-8")
    entry = '["{0}"]\ntitle = "Sahel Relief – Annual Report {1}"\npublisher = "Sahel Relief"\nlanguage = "en"\n'
    entry += "period_start = {1}-01-01\nperiod_end = {1}-12-31\n"
    catalogue = entry.format("old", 2021) + entry.format("new", 2023)
    (folder / "reports.toml").write_text(catalogue, "utf-8")
    build_index(folder, folder / "index", encoder=bundled_encoder)
    with Assistant(folder / "index", encoder=bundled_encoder) as opened:
        yield opened


def kept(answer, assistant):
    """What every answer promises."""
    assert all(sentence.verdict is not Verdict.UNSUPPORTED and sentence.markers for sentence in answer.sentences)
    for citation in answer.citations:
        assert assistant.report_text(citation.report_id)[citation.start : citation.end] == citation.quote
    markers = [marker for sentence in answer.sentences for marker in sentence.markers]
    assert list(dict.fromkeys(markers)) == [citation.marker for citation in answer.citations]
    assert [passage.rank for passage in answer.passages] == list(range(1, len(answer.passages) + 1))
    assert len(answer.passages) <= 16


@pytest.mark.parametrize(
    ("question", "held", "last"),
    [
        (
            "How did the number of children vaccinated against measles in Sanaba change between 2021 and 2023?",
            ["12,300", "24,600"],
            "That is 12,300 more in 2023 than in 2021.",
        ),
        (
            "Were more children vaccinated against measles in 2021 or in 2023?",
            ["12,300", "24,600"],
            "That is 12,300 more in 2023 than in 2021.",
        ),
        (
            "Did more families receive food baskets in Dori or in Djibo in 2023?",
            ["5,500", "1,200"],
            "That is about 4,300 more in Dori than in Djibo.",
        ),
        (
            "What percentage of households were food insecure in 2021 and in 2023?",
            ["26 per cent", "31 per cent"],
            "That is about 5 percentage points more in 2023 than in 2021.",
        ),
        (
            "Did boys or girls receive more school bags?",
            ["300", "450"],
            "That is 150 more for girls than for boys.",
        ),
        (
            "¿Se vacunó a más niños contra el sarampión en 2021 o en 2023?",
            ["12,300", "24,600"],
            "Son 12.300 más en 2023 que en 2021.",
        ),
    ],
)
def test_each_side_and_the_difference(shelf, question, held, last):
    answer = shelf.query(question)
    kept(answer, shelf)
    assert answer.status == "answered"
    for figure, sentence in zip(held, answer.sentences, strict=False):
        assert figure in sentence.text, answer.text
    assert answer.sentences[-1].text == last, answer.text
    assert answer.sentences[-1].verdict is Verdict.SUPPORTED and len(answer.sentences[-1].markers) == 2


def test_a_part_without_an_answer_is_named(shelf):
    answer = shelf.query("How many children were vaccinated against measles in Sanaba in 2021 and in 2018?")
    kept(answer, shelf)
    assert "12,300" in answer.sentences[0].text and len(answer.sentences) == 1
    assert answer.unanswered == ("The reports do not say this for 2018.",)
    assert answer.text.endswith("The reports do not say this for 2018.")
    *pieces, final = shelf.stream("How many children were vaccinated against measles in Sanaba in 2021 and in 2018?")
    assert "".join(pieces) == final.text


def test_without_any_part_there_is_no_answer(shelf):
    answer = shelf.query("Were more children vaccinated against measles in 2015 or in 2018?")
    assert answer.status == "abstained" and answer.unanswered == ()


def test_amounts_of_different_things_are_not_subtracted():
    asked = analyse("How large was the funding ask?")
    counted = []
    for text in ("19% FUNDED: $28.25 M", "TOTAL REQUIREMENTS: $318.70 M", "Funding: $41.6 M"):
        (passage,) = passages_of(make_report(f"# Money\n\n{text}\n"))
        (view,) = view_passages(asked, [passage], HashEncoder())
        figure = next(found for found in quantities(text) if found.unit == "USD")
        held = replace(view.units[0], held=np.ones(len(asked.terms)))  # synonyms may hold every word of the question
        counted.append(Counted.of(figure, text, asked, view, held))
    funded, required, funding = counted
    assert not same_thing(funded, required)
    assert same_thing(funded, funding)


def test_two_wants(shelf):
    answer = shelf.query("How many teachers were trained in Dori, and who funded the training?")
    kept(answer, shelf)
    assert "640 teachers" in answer.text and "Lake Fund" in answer.text


def test_a_list_goes_on_in_the_next_chunk(shelf):
    answer = shelf.query("Which main challenges were reported by teams?")
    kept(answer, shelf)
    for word in ("Roads", "Trucks", "Fuel", "nurses", "Vaccines", "Permits", "Phones"):
        assert word in answer.text, answer.text


def test_figures_of_several_dates_come_latest_first(shelf):
    answer = shelf.query("How many children were vaccinated against measles in Sanaba?")
    kept(answer, shelf)
    assert ["24,600" in answer.sentences[0].text, "12,300" in answer.sentences[1].text] == [True, True]
    answer = shelf.query("How many families received food baskets in Dori?")
    assert [s.text[:8] for s in answer.sentences] == ["In 2023:", "In 2021:"], answer.text


ONE, TWO = "Partners reached 1,000 people in Dori.", "Partners reached 1,500 people in Djibo."


@pytest.mark.parametrize(
    ("sentence", "figures", "verdict"),
    [
        ("That is 500 more in Djibo than in Dori.", ("1,000", "1,500"), Verdict.SUPPORTED),
        ("Son 500 más en Djibo que en Dori.", ("1,000", "1,500"), Verdict.SUPPORTED),
        ("That is 600 more in Djibo than in Dori.", ("1,000", "1,500"), Verdict.UNSUPPORTED),  # reckoned wrong
        ("That is 500 fewer in Djibo than in Dori.", ("1,000", "1,500"), Verdict.UNSUPPORTED),  # the wrong way
        ("That is 500 more in Dori than in Djibo.", ("1,000", "1,500"), Verdict.UNSUPPORTED),  # sides exchanged
        ("That is 500 more in Djibo than in Dori.", ("1,001", "1,501"), Verdict.UNSUPPORTED),  # not in the quotes
        ("That is US$ 500 more in Djibo than in Dori.", ("1,000", "1,500"), Verdict.UNSUPPORTED),  # another unit
        ("That is 500 more in Djibo than in Dori, of 9 towns.", ("1,000", "1,500"), Verdict.UNSUPPORTED),
        ("That is 500 more in Djibo.", ("1,000", "1,500"), Verdict.UNSUPPORTED),
    ],
)
def test_a_computed_figure_is_reckoned_again(sentence, figures, verdict):
    assert verify_difference(sentence, figures, [(ONE, ""), (TWO, "")]) is verdict


def test_cite_checks_a_computed_sentence():
    passages = passages_of(
        make_report(f"# A\n\n{ONE}\n", id="a", period=year(2021)), make_report(f"# B\n\n{TWO}\n", id="b")
    )
    quotes = tuple(Quote(i, p.chunk.start, p.chunk.end) for i, p in enumerate(passages))
    right = DraftSentence("That is 500 more in Djibo than in Dori.", quotes, computed=("1,000", "1,500"))
    wrong = DraftSentence("That is 700 more in Djibo than in Dori.", quotes, computed=("1,000", "1,500"))
    plain = DraftSentence("That is 500 more in Djibo than in Dori.", quotes)
    sentences, _ = cite(Draft((right, wrong, plain)), passages)
    verdicts = [sentence.verdict for sentence in sentences]
    assert verdicts == [Verdict.SUPPORTED, Verdict.UNSUPPORTED, Verdict.UNSUPPORTED]


def test_differences_of_rounded_and_unlike_figures():
    exact, rounded, money, share = quantities("862,000 people, 1.54M people, US$ 3 million, 40%")
    found = difference(exact, rounded)
    assert found is not None and found.about and found.value == 680_000
    assert difference(exact, money) is None and difference(share, money) is None
    points = difference(share, share)
    assert points is not None and points.unit == "points" and points.value == 0
    assert reckons("That is the same in 2021 as in 2023.", [share, share])
    assert not reckons("That is the same in 2021 as in 2023.", [exact, rounded])


TOWNS = """# Floods

In Dori Locality, over 1,500 homes were destroyed and 570 damaged when the river rose.
In Djibo Locality, over 760 homes were destroyed and 1,270 damaged after heavy rains.
Some 900 goats were sold in Djibo at the market.
The canoes took 1,880 people ashore (459 at Arlit, 86 at Agadez).
"""


def scripted(question, scores, *, lacking=()):
    """A comparison of ``question`` over TOWNS: ``scores[side]`` holds a probability for each sentence, in order.

    Sentences lack the names ``lacking`` of the question.
    """
    parts = split(question)
    passages = passages_of(make_report(TOWNS))
    readings = []
    for part in parts.parts:
        asked = analyse(part.text)
        views = view_passages(asked, passages, HashEncoder())
        units = [(at, number, unit) for at, view in enumerate(views) for number, unit in enumerate(view.units)]
        failed = Constraint.NAME if lacking else None
        ranked = [
            Scored(at, number, unit, failed, failed is None, score, None, missing=tuple(lacking))
            for (at, number, unit), score in zip(units, scores[part.label], strict=True)
        ]
        ranked.sort(key=lambda one: -one.score)
        readings.append(Reading(asked, views, ranked, range(len(passages))))
    draft = answer_compared(parts, readings, 0.8, _sentence)
    return [sentence.text for sentence in draft.sentences if not sentence.computed], draft


HOMES = "How many homes were destroyed in Dori versus Djibo?"


def test_a_side_that_says_the_same_as_the_sure_one_is_answered():
    texts, draft = scripted(HOMES, {"Dori": [0.95, 0.1, 0.1, 0.1], "Djibo": [0.1, 0.3, 0.4, 0.1]})
    assert len(texts) == 2 and "1,500" in texts[0] and "760" in texts[1] and not draft.unanswered


def test_a_side_that_says_something_else_is_not():
    texts, draft = scripted(HOMES, {"Dori": [0.95, 0.1, 0.1, 0.1], "Djibo": [0.1, 0.1, 0.4, 0.1]})
    assert len(texts) == 1 and "1,500" in texts[0]
    assert draft.unanswered == ("The reports do not say this for Djibo.",)
    texts, draft = scripted(HOMES, {"Dori": [0.5, 0.1, 0.1, 0.1], "Djibo": [0.1, 0.3, 0.4, 0.1]})
    assert not texts  # nor may two that are unlikely vouch for one another


def test_sides_of_one_report_need_no_other_name():
    asked = "In Sahelia, how many homes were destroyed in Dori versus Djibo?"
    scores = {"Dori": [0.95, 0.1, 0.1, 0.1], "Djibo": [0.1, 0.85, 0.4, 0.1]}
    texts, draft = scripted(asked, scores, lacking=["Sahelia"])
    assert len(texts) == 2 and draft.confidence == 0.95
    assert scripted(asked, scores, lacking=["Djibo"])[0] == []
    assert scripted(asked, {**scores, "Djibo": [0.1, 0.1, 0.1, 0.1]}, lacking=["Sahelia"])[0] == []


def test_a_sentence_that_answers_both_sides_in_another_language_is_given_once():
    asked = "¿Cuántas personas llevaron las canoas hacia Arlit y cuántas hacia Agadez?"
    texts, draft = scripted(asked, {"Arlit": [0.1, 0.1, 0.1, 0.95], "Agadez": [0.1, 0.1, 0.1, 0.85]})
    assert len(texts) == 1 and "459" in texts[0] and not draft.unanswered
