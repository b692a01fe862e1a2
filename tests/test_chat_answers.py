"""Ugly replies of a model to the answers that are made of them, over a real server on the loopback."""

from __future__ import annotations

import pytest
from chat_samples import PREGUNTA, QUESTION, filled, write_shelf
from llm.server import Drop, End, Refusal, Thought, overflow, serve

from rag.llm import Patience, open_model
from rag.pipeline import Assistant, build_index
from rag.readers.chat import ChatReader
from rag.remarks import without_remarks
from rag.schema import Answer, Message, Verdict

TEACHERS = "Partners trained 500 teachers in Lima."
TENTS = "Partners put up 40 tents in Tacna and 25 tents in Cusco."
HEALTH = "A total of 3,021 people received medical consultations in Arequipa."
BUILT_IN = "Partners trained 500 teachers in Lima during March 2024."
ONE_OUT = "One sentence that the model wrote was left out, as the reports do not bear it out."
TWO_OUT = "2 sentences that the model wrote were left out, as the reports do not bear them out."
NOTHING = "The reports bear out nothing of what the model wrote, so the built-in reader answered."
FAILED = "The model did not answer, so the built-in reader did. "
LOOPED = "The model began to repeat itself and was stopped."


def unknown(keys: str) -> str:
    return f"The model cited {keys}, which it was not given; that was left aside."


T, S, H, D, B = "{500 teachers}", "{40 tents}", "{3,021}", "{Dengue}", "{budget}"

TAUGHT, STOOD = f"{TEACHERS} [{T}]", f"{TENTS} [{S}]"

# The reply, with {phrase} for the key of the passage that holds the phrase; the sentences left; the notes.
ROWS = {
    "good": (f"Partners trained 500 teachers in Lima [{T}].", [TEACHERS], []),
    "two in an order of its own": (f"{TENTS[:-1]} [{S}]. {TEACHERS[:-1]} [{T}].", [TENTS, TEACHERS], []),
    "marker behind the stop": (f"{TAUGHT} {STOOD}", [TEACHERS, TENTS], []),
    "marker before the sentence": (f"[{T}] {TEACHERS}\n[{S}] {TENTS}", [TEACHERS, TENTS], []),
    "corner brackets": (f"{TEACHERS[:-1]} 【{T}】.", [TEACHERS], []),
    "round brackets": (f"{TEACHERS[:-1]} ({T}).", [TEACHERS], []),
    "doubled brackets": (f"{TEACHERS[:-1]} [[{T}]].", [TEACHERS], []),
    "two keys, one bears nothing": (f"{TEACHERS[:-1]} [{T}, {H}].", [TEACHERS], []),
    "source named": (f"{TEACHERS[:-1]} [source: {T}].", [TEACHERS], []),
    "wrong figure": (f"Partners trained 800 teachers in Lima [{T}]. {STOOD}", [TENTS], [ONE_OUT]),
    "wrong figure alone": (f"Partners trained 800 teachers in Lima [{T}].", [BUILT_IN], [NOTHING]),
    "wrong scale": (f"The shelter budget was $2.1 billion [{B}]. {STOOD}", [TENTS], [ONE_OUT]),
    "wrong currency": (f"The shelter budget was €2.1 million [{B}]. {STOOD}", [TENTS], [ONE_OUT]),
    "wrong year": (f"Partners trained 500 teachers in Lima in March 2023 [{T}]. {STOOD}", [TENTS], [ONE_OUT]),
    "wrong month": (f"Partners trained 500 teachers in Lima in May 2021 [{T}]. {STOOD}", [TENTS], [ONE_OUT]),
    "wrong direction": (f"Dengue cases were 79% lower [{D}]. {STOOD}", [TENTS], [ONE_OUT]),
    "denied": (f"Dengue cases were not 79% higher [{D}]. {STOOD}", [TENTS], [ONE_OUT]),
    "another place": (f"Partners trained 500 teachers in Puno [{T}]. {STOOD}", [TENTS], [ONE_OUT]),
    "places swapped in a quote":
        (f"Partners put up 25 tents in Tacna and 40 tents in Cusco [{S}]. {TAUGHT}", [TEACHERS], [ONE_OUT]),
    "place of another sentence": (f"Partners trained 500 teachers in Tacna [{T}]. {STOOD}", [TENTS], [ONE_OUT]),
    "figure of something else": (f"Partners put up 500 tents in Tacna [{S}, {T}]. {TAUGHT}", [TEACHERS], [ONE_OUT]),
    "figure given twice":
        (f"Partners put up 40 tents in Tacna and 40 tents in Cusco [{S}]. {TAUGHT}", [TEACHERS], [ONE_OUT]),
    "wrong passage cited": (f"{TEACHERS[:-1]} [{H}].", [TEACHERS], []),
    "invented key": (f"{TEACHERS[:-1]} [k1].", [TEACHERS], [unknown("[k1]")]),
    "number for a key": (f"{TEACHERS[:-1]} [1]. Tents fell [2].", [TEACHERS], [unknown("[1], [2]"), ONE_OUT]),
    "invented key beside a good one": (f"{TEACHERS[:-1]} [{T}, k7].", [TEACHERS], [unknown("[k7]")]),
    "invented key, invented fact": ("The mayor of Lima resigned [k1].", [BUILT_IN], [unknown("[k1]"), NOTHING]),
    "no marker": (TEACHERS, [TEACHERS], []),
    "no marker, nothing bears it": (f"{TEACHERS} The weather was fine.", [TEACHERS], [ONE_OUT]),
    "half a marker at the end": (f"{TAUGHT} {TENTS} [k", [TEACHERS, TENTS], []),
    "a sentence cut off": (f"{TAUGHT} Partners also", [TEACHERS], [ONE_OUT]),
    "list": (f"- Partners trained 500 teachers in Lima [{T}]\n- 40 tents stood in Tacna [{S}]",
             ["Partners trained 500 teachers in Lima", "40 tents stood in Tacna"], []),
    "numbered list": (f"1. {TAUGHT}\n2. {STOOD}", [TEACHERS, TENTS], []),
    "led in and signed off": (f"Here is what the partners did:\n\n{TAUGHT}\n\nSources: [{T}], [{S}]", [TEACHERS], []),
    "table": (f"| Place | Tents |\n|---|---:|\n| Tacna | 40 [{S}] |\n| Cusco | 25 [{S}] |",
              ["Tacna: Tents 40", "Cusco: Tents 25"], []),
    "table with a wrong cell": (f"| Place | Tents |\n|---|---|\n| Tacna | 40 [{S}] |\n| Cusco | 40 [{S}] |",
                                ["Tacna: Tents 40"], [ONE_OUT]),
    "bold, heading": (f"## Answer\n\n**Partners trained 500 teachers in Lima** [{T}].", [TEACHERS], []),
    "prefix": (f"Answer: {TAUGHT}", [TEACHERS], []),
    "Spanish quote": ("En Nariño, 1.250 niños y niñas recibieron atención jurídica de los socios [{Nariño}].",
                      ["En Nariño, 1.250 niños y niñas recibieron atención jurídica de los socios."], []),
    "Spanish figure in English notation": ("Partners distributed 3,400 hygiene kits in Cúcuta [{3.400}].",
                                           ["Partners distributed 3,400 hygiene kits in Cúcuta."], []),
    "Spanish figure wrong": (f"Partners distributed 3,500 hygiene kits in Cúcuta [{{3.400}}]. {TAUGHT}",
                             [TEACHERS], [ONE_OUT]),
    "other language, other matter": (f"In Cúcuta, 3,400 soldiers died [{{3.400}}]. {TAUGHT}", [TEACHERS], [ONE_OUT]),
    "thoughts in tags": (f"<think>800 teachers? No [{S}].</think>\n{TAUGHT}", [TEACHERS], []),
    "thoughts that only end": (f"Let me see, 800 teachers [{S}]\n</think>\n{TAUGHT}", [TEACHERS], []),
    "nothing but thoughts": ("<think>500 teachers, I think", [BUILT_IN],
                             [f"{FAILED}The reply of 'scripted' holds no sentence."]),
    "in a code fence": (f"```\n{TEACHERS}\n```", [TEACHERS], []),
    "marker in code": (f"`{TENTS[:-1]} [{H}]`. {TAUGHT}", [TEACHERS], [ONE_OUT]),
    "said again": (f"{TAUGHT} {TAUGHT}", [TEACHERS], []),
    "loop of sentences": (f"{TAUGHT} " + "The camp in Lima is safe. " * 60, [TEACHERS], [LOOPED, ONE_OUT]),
    "loop of a true sentence": (f"{TAUGHT} " * 60, [TEACHERS], [LOOPED]),
    "loop of words": (f"{TAUGHT} Partners trained " + "500 teachers " * 200, [TEACHERS], [LOOPED]),
    "link": (f"Partners trained [500 teachers](https://evil.example/?q=teachers) in Lima [{T}].", [TEACHERS], []),
    "image": (f"![p](https://evil.example/p.png){TAUGHT}", [TEACHERS], []),
    "HTML": (f"<p onclick=alert(1)>{TEACHERS[:-1]} <b>[{T}]</b>.</p>", [TEACHERS], []),
    "apology and no fact": ("I am sorry, I cannot help with that.", [BUILT_IN], [NOTHING]),
    "two wrong": (f"The mayor resigned. Partners trained 9 teachers [{T}]. {STOOD}", [TENTS], [TWO_OUT]),
    "sentinel behind an answer": (f"{TAUGHT} NOT IN THE REPORTS", [TEACHERS], []),
}  # fmt: skip
ABSTAINS = {
    "sentinel": "NOT IN THE REPORTS",
    "sentinel with a stop, bold": "**NOT IN THE REPORTS.**",
    "sentinel in small letters": "not in the reports",
    "sentinel plus chatter": f"NOT IN THE REPORTS. The passages speak of teachers [{T}].",
    "chatter plus sentinel": "I have read all the passages. NOT IN THE REPORTS",
    "sentinel after thoughts": "<think>Nothing here.</think>NOT IN THE REPORTS",
}


@pytest.fixture(scope="module")
def shelf(tmp_path_factory, bundled_encoder):
    folder = tmp_path_factory.mktemp("shelf")
    build_index(write_shelf(folder / "reports"), folder / "index", encoder=bundled_encoder)
    return folder / "index"


class World:
    """Assistants over a server that replies with ``template``, in pieces of ``size`` characters, or with ``steps``."""

    def __init__(self) -> None:
        self.template, self.size, self.steps = "", 7, None

    def script(self, request):
        if self.steps is not None:
            return self.steps
        messages = [Message(one["role"], one["content"]) for one in request.messages]
        text = filled(self.template, messages)
        return [text[start : start + self.size] for start in range(0, len(text), self.size)] or [End()]


@pytest.fixture(scope="module")
def world(shelf, bundled_encoder):
    one = World()
    patience = Patience(first_token_s=20, next_token_s=20, loading_s=0)
    with serve(one.script) as server, open_model(server.url, patience=patience) as model:
        one.server = server
        with (
            Assistant(shelf, encoder=bundled_encoder, reader=ChatReader(model)) as one.strict,
            Assistant(shelf, encoder=bundled_encoder, reader=ChatReader(model), policy="mark") as one.mark,
            Assistant(shelf, encoder=bundled_encoder) as one.built_in,
        ):
            yield one
    assert server.broken_off == 0 or server.requests


def without_time(answer: Answer) -> dict:
    return {name: value for name, value in answer.to_dict().items() if name != "timings_s"}


@pytest.mark.parametrize("name", ROWS)
@pytest.mark.parametrize("size", [1, 7, 10_000])
def test_ugly_replies(world, name, size):
    template, sentences, notes = ROWS[name]
    world.template, world.size, world.steps = template, size, None
    answer = world.strict.query(QUESTION)
    assert [without_remarks(sentence.text) for sentence in answer.sentences] == sentences
    assert list(answer.notes) == notes
    assert answer.status == "answered" and answer.reader == ("extractive" if sentences == [BUILT_IN] else "scripted")
    assert all(s.verdict is not Verdict.UNSUPPORTED and s.markers for s in answer.sentences)
    texts = {info.id: world.strict.report_text(info.id) for info in world.strict.reports()}
    assert all(texts[c.report_id][c.start : c.end] == c.quote for c in answer.citations)
    if size == 7:
        *pieces, last = world.strict.stream(QUESTION)
        assert without_time(last) == without_time(answer) and all(isinstance(piece, str) for piece in pieces)


@pytest.mark.parametrize("name", ABSTAINS)
def test_abstaining_replies(world, name):
    world.template, world.steps = ABSTAINS[name], None
    answer = world.strict.query(QUESTION)
    assert (answer.status, answer.sentences, answer.citations, answer.notes) == ("abstained", (), (), ())
    assert answer.text == "The reports do not say. The model found no answer in the nearest passages."
    assert answer.passages and answer.reader == "scripted"
    spanish = world.strict.query(PREGUNTA)
    assert spanish.text == "Los informes no lo dicen. El modelo no encontró respuesta en los pasajes más cercanos."


@pytest.mark.parametrize(
    ("steps", "says"),
    [
        ([End()], "sent no reply"),
        ([" ", "\n\n", End()], "holds no sentence"),
        ([Thought("Hm."), End()], "holds no sentence"),
        (Refusal(500, "out of memory"), "500"),
        (Refusal(401, "no key"), "401"),
        (Refusal(404, "no such model"), "has no model"),
        (Refusal(429, "busy"), "429"),
        (overflow(9000), "context"),
        ([TEACHERS, Drop()], ""),
        ([TEACHERS, Drop(quietly=True)], ""),
        ([Drop()], ""),
        ([b"data: {broken\n\n"], ""),
    ],
)
def test_a_model_that_fails_leaves_the_built_in_answer_with_the_reason(world, steps, says, caplog):
    world.steps = steps
    answer = world.strict.query(QUESTION)
    alone = world.built_in.query(QUESTION)
    assert answer.text == alone.text and answer.citations == alone.citations and answer.reader == "extractive"
    (note,) = answer.notes
    assert note.startswith(FAILED) and says in note
    assert any("scripted" in record.message for record in caplog.records)
    *_, last = world.strict.stream(QUESTION)
    assert last.text == alone.text
    spanish = world.strict.query(PREGUNTA)
    assert spanish.notes[0].startswith("El modelo no respondió, y lo hizo el lector incorporado. ")


def test_bad_utf8_is_no_reason_to_fall(world):
    choice = b'{"index":0,"delta":{"content":" caf\xff\xfe "}}'
    about = b'"object":"chat.completion.chunk","id":"1","created":0,"model":"scripted"'
    event = b'data: {"choices":[' + choice + b"]," + about + b"}\n\n"
    world.steps = [event, f"\n\n{TEACHERS}"]
    answer = world.strict.query(QUESTION)
    assert answer.status == "answered" and "teachers in Lima" in answer.text


@pytest.mark.parametrize(
    ("reply", "verdicts", "notes"),
    [
        (f"{TAUGHT}", ["supported"], 0),
        (f"Partners trained 800 teachers in Lima [{T}]. {STOOD}", ["unsupported", "supported"], 1),
        (f"Partners trained 500 teachers in Tacna [{T}].", ["unsupported"], 1),
        (f"{STOOD} The weather was fine.", ["supported", "unsupported"], 1),
        ("The weather was fine.", ["unsupported"], 1),
    ],
)
def test_mark_keeps_every_sentence_with_its_verdict(world, reply, verdicts, notes):
    world.template, world.size, world.steps = reply, 7, None
    answer = world.mark.query(QUESTION)
    assert [sentence.verdict.value for sentence in answer.sentences] == verdicts and answer.reader == "scripted"
    doubtful = [sentence.text for sentence in answer.sentences if sentence.verdict is Verdict.UNSUPPORTED]
    assert list(answer.notes) == [f"Not borne out by the reports: “{text}”" for text in doubtful]
    assert len(answer.notes) == notes and answer.text == " ".join(answer.text.split())
    *_, last = world.mark.stream(QUESTION)
    assert without_time(last) == without_time(answer)


def test_the_answer_is_in_the_language_of_the_question(world):
    world.template, world.steps = f"Los socios capacitaron a 500 maestros en Lima [{T}].", None
    answer = world.strict.query(PREGUNTA)
    assert [(s.text, s.verdict) for s in answer.sentences] == [
        ("Los socios capacitaron a 500 maestros en Lima.", Verdict.PARTLY)
    ]
    assert answer.citations[0].quote == BUILT_IN
    system = world.server.requests[-1].system
    assert "en español" in system and "in English" not in system
