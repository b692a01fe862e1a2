"""Training of the small models, on a few kilobytes of made-up data."""

from __future__ import annotations

import json
import random
import re
import shlex

import numpy as np
import pytest
from conftest import ROOT

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")

import train_samples as samples  # noqa: E402
from hypothesis import given, settings  # noqa: E402
from hypothesis import strategies as st  # noqa: E402
from tokenizers import Tokenizer  # noqa: E402

from rag.errors import ConfigError  # noqa: E402
from rag.train import __main__ as command  # noqa: E402
from rag.train import (  # noqa: E402
    card,
    claim_sets,
    distil,
    licences,
    loop,
    measures,
    pairs,
    reader,
    reader_measures,
    reader_model,
    reader_rows,
    reader_sets,
    shelves,
    vocabulary,
    windows,
)
from rag.train.common import Budget, DataFolder, Manifest, cosine, linear, sha256  # noqa: E402


@pytest.fixture(scope="module")
def teacher(tmp_path_factory):
    return samples.teacher(tmp_path_factory.mktemp("teacher"))


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shelves, "QUESTIONS", samples.shelves(tmp_path_factory.mktemp("shelves") / "shelves.jsonl"))
        yield samples.data(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def made(teacher, data, tmp_path_factory):
    """What ``vocabulary`` writes."""
    folder = tmp_path_factory.mktemp("out") / "vocabulary"
    vocabulary.build(DataFolder(data), folder, teacher)
    return folder


# Vocabulary


def test_vocabulary_keeps_size_and_ids(teacher, made):
    before = Tokenizer.from_file(str(teacher / "tokenizer.json")).get_vocab()
    after = Tokenizer.from_file(str(made / "tokenizer.json")).get_vocab()
    assert sorted(after.values()) == sorted(before.values())
    kept = {token for token in before if not (token.startswith("[unused") or token in ("的", "##я", "и"))}
    assert {token: after[token] for token in kept} == {token: before[token] for token in kept}
    assert np.load(made / "embeddings.npy").shape == (len(before), 16)


def test_new_words_become_whole_tokens(teacher, made):
    old, new = (Tokenizer.from_file(str(folder / "tokenizer.json")) for folder in (teacher, made))
    words = set(new.get_vocab()) - set(old.get_vocab())
    assert {"agua", "vivienda", "salud", "escuela"} <= words and len(words) <= 9
    for word in words:
        assert new.encode(word.title(), add_special_tokens=False).tokens == [word]
        assert len(old.encode(word, add_special_tokens=False).tokens) > 1
    assert new.encode("¿Água?", add_special_tokens=False).tokens == ["¿", "agua", "?"]


def test_new_words_start_at_their_translations(teacher, made):
    new = Tokenizer.from_file(str(made / "tokenizer.json"))
    vectors = np.load(made / "embeddings.npy")
    alignment = json.loads((made / "alignment.json").read_text())
    assert [word for word, _ in alignment["agua"]] == ["water"]
    ids = new.get_vocab()
    np.testing.assert_allclose(vectors[ids["agua"]], vectors[ids["water"]], rtol=1e-6)


def test_alignment_picks_the_word_that_goes_along():
    corpus = [
        ("water is life", "el agua es vida"),
        ("clean water for all", "agua limpia para todos"),
        ("the water came late", "el agua llego tarde"),
        ("life is hard", "la vida es dura"),
        ("a good life for all", "una buena vida para todos"),
        ("the house is late", "la casa tarde"),
    ]
    found = vocabulary.align(
        [pairs.Pair(en, es, "x") for en, es in corpus], {"agua", "vida", "todos", "casa"}, vocabulary.VocabularyRecipe()
    )
    assert found["agua"] == (vocabulary.Translation("water", 1.0),)
    assert found["vida"][0].word == "life"
    assert {one.word for one in found["todos"]} == {"for", "all"}
    assert "casa" not in found  # seen once: chance


def test_a_word_without_translation_starts_at_its_pieces():
    vectors = np.arange(12, dtype=np.float32).reshape(4, 3)
    started = vocabulary.start_vectors(vectors, {0: "zeta"}, {}, lambda word: [2, 3])
    np.testing.assert_array_equal(started[0], vectors[2:].mean(0))
    np.testing.assert_array_equal(started[1:], vectors[1:])


def test_two_entries_never_get_one_text():
    tokenizer = {"model": {"vocab": {"a": 0, "b": 1}}}
    with pytest.raises(ValueError, match="text of another"):
        vocabulary.replace_entries(tokenizer, {0: "b"})


# Pairs


def test_neighbours_are_joined_but_for_tatoeba(data):
    parallel = pairs.read_parallel(DataFolder(data))
    assert all(pair.es for pair in parallel.sentences)
    made = pairs.training_pairs(parallel, random.Random(1))
    sources_made = {pair.source for pair in made}
    assert {"sahana+", "python_docs_es+", "words", "terms"} <= sources_made and "tatoeba+" not in sources_made
    spanish = {pair.es for pair in parallel.sentences}
    joined = next(pair for pair in made if pair.source == "ocds+")
    assert joined.en.count("in ilo") == joined.es.count("ilo") > 1 and joined.es not in spanish
    assert made == pairs.training_pairs(parallel, random.Random(1))


# Windows


SENTENCES = st.lists(
    st.builds(
        lambda words, end: " ".join(words).capitalize() + end,
        st.lists(st.sampled_from("water aid No. 3.5 U.S. agua Lima 1,200 etc. and".split()), min_size=1, max_size=40),
        st.sampled_from([". ", "? ", ".\n", "\n\n", " "]),
    ),
    min_size=1,
    max_size=25,
)


@settings(max_examples=150, deadline=None)
@given(SENTENCES, st.data(), st.integers(0, 10_000))
def test_windows_keep_spans_exact(sentences, draw, seed):
    passage = "".join(sentences)
    start = draw.draw(st.integers(0, len(passage) - 1))
    end = draw.draw(st.integers(start + 1, min(len(passage), start + 60)))
    question = reader_sets.Question("how much water?", passage, ((start, end),), "x")
    row = reader_rows.cut(question, windows.Windows(random.Random(seed)))
    if row is not None:
        assert row.window[slice(*row.span)] == passage[start:end] == row.answers[0]
        assert row.window in passage and len(row.window.split()) <= 115 + 40 + 40
    unanswerable = reader_rows.cut(
        reader_sets.Question("water?", passage, (), "x"), windows.Windows(random.Random(seed))
    )
    assert unanswerable is None or (unanswerable.span is None and unanswerable.window in passage)


def test_a_short_passage_is_kept_whole_and_a_long_one_is_cut_around_the_answer():
    cutter = windows.Windows(random.Random(0))
    assert cutter.around("Aid came. It helped.", 0, 3) == windows.Window("Aid came. It helped.", 0)
    passage = " ".join(f"Sentence {i} has {'eleven' if i == 71 else 'seven'} words in it." for i in range(100))
    start = passage.index("Sentence 50")
    window = cutter.around(passage, start, start + 11)
    assert window and 115 <= len(window.text.split()) <= 140 and "Sentence 50 " in window.text
    about = cutter.about(passage, "Which sentence has eleven words?")
    assert about and "Sentence 71 " in about.text and passage.startswith(about.text, about.start)
    assert cutter.about("word " * 400, "word?") is None  # one sentence, too long


# Rows


def test_rows_of_every_set(data):
    folder = DataFolder(data)
    built = reader_rows.build(folder)
    assert set(built.counts) >= set(reader_sets.MORE_SETS) | set(claim_sets.CLAIM_SETS) | {"xquad_x", "tatqa", "covid"}
    assert all(row.window[slice(*row.span)] in row.answers for row in built.rows if row.span)
    assert {claim.source for claim in built.claims} >= {"wice", "expertqa", "shelves"}
    assert len(built.held) == 3  # of the fourth article; there is no ninth
    assert built.digest == reader_rows.build(DataFolder(data)).digest
    assert "made/made.jsonl" not in folder.hashes and "qa/qamr.jsonl.gz" in folder.hashes


def test_made_rows_are_read_when_there_are_any(data, tmp_path):
    questions = [samples.question(str(i), "lima") | {"lang": "en"} for i in range(610)]
    (tmp_path / "made.jsonl").write_text("".join(json.dumps(row) + "\n" for row in questions))
    (tmp_path / "made_claims.jsonl").write_text(
        "".join(json.dumps(samples.claim("neutral")) + "\n" for _ in range(510))
    )
    folder = DataFolder(data, {"made": tmp_path})
    built = reader_rows.build(folder)
    assert (len(built.held_made), len(built.held_claims), built.counts["made"]) == (600, 500, 20)
    assert folder.hashes["made/made.jsonl"] == sha256(tmp_path / "made.jsonl")


def test_a_wrong_offset_is_put_right_and_a_missing_answer_dropped():
    content = samples.squad([samples.asked("a", "the", 20), samples.asked("b", "nowhere")])
    (found,) = reader_sets.squad(content, "x")
    assert found.spans == ((28, 31),)


def test_hand_written_questions_are_learnt_over_what_the_search_finds(data):
    cutter = windows.Windows(random.Random(0))
    asked, stated = shelves.all_shelves(DataFolder(data), cutter)
    answered = [one for one in asked if one.spans]
    assert {one.passage[slice(*one.spans[0])] for one in answered} == {"1,200 shelter kits"}
    assert {one.text for one in answered} == {"How many kits for a home went to Tumbes?"}
    assert any(one.passage.startswith("Situation Report 3") for one in answered)  # under its headings
    near = [one for one in asked if not one.spans and "90 hygiene kits" in one.passage]
    assert {one.text for one in near} == {
        "How many kits for a home went to Tumbes?",
        "How many kits for a home went to Tacna?",
    }
    assert [(claim.premise.split()[0], claim_sets.LABELS[claim.label]) for claim in stated] == [
        ("Tumbes", "supported"), ("Tacna", "neutral"),
    ]  # fmt: skip


def test_only_half_of_the_judged_claims_is_learnt(data):
    cutter = windows.Windows(random.Random(0))
    rows = DataFolder(data).json_lines(claim_sets.WICE)
    found = list(claim_sets.wikipedia(rows, cutter))
    assert [(claim.premise, claim_sets.LABELS[claim.label]) for claim in found] == [
        ("The school in ilo opened.", "supported"),
        ("It rained for 3 days. The school in ilo opened.", "supported"),
        ("Fish is dear. It rained for 3 days.", "neutral"),
    ]
    rows[0]["meta"]["claim_title"] = samples.MEASURED
    assert not list(claim_sets.wikipedia(rows, cutter))
    cited = DataFolder(data).json_lines(claim_sets.EXPERTQA)
    found = list(claim_sets.experts(cited, cutter))
    assert [claim_sets.LABELS[claim.label] for claim in found] == ["supported", "neutral"]
    assert all("http" not in claim.premise and "[" not in claim.text for claim in found)
    cited[0]["question"] = samples.MEASURED
    assert not list(claim_sets.experts(cited, cutter))


def test_claims_are_put_beside_premises_that_do_not_bear_them_out():
    claims = [
        claim_sets.Claim(f"{city} has a harbour", f"{city} lies on the {sea} and has a harbour", 0, "x")
        for city, sea in (("Paita", "Pacific"), ("Callao", "Pacific"))
    ]
    found = list(claim_sets._beside(claims))
    assert all(claim_sets.LABELS[one.label] == "neutral" and one.source == "x_beside" for one in found)
    assert all(one.text.split()[0] not in one.premise for one in found)


def test_a_reader_is_trained_on_from_its_own_weights(data, teacher, tmp_path):
    first = reader_model.Reader(loop.load_bert(teacher))
    torch.save(first.state_dict(), tmp_path / "reader.pt")
    recipe = reader.ReaderRecipe(rate=0.0, head_rate=0.0, decay=0.0, draw=8, smallest=2, largest=2)
    folder = tmp_path / "out"
    (folder / "vocabulary").mkdir(parents=True)
    (folder / "vocabulary" / vocabulary.TOKENIZER).write_bytes((teacher / "tokenizer.json").read_bytes())
    reader.run(DataFolder(data), folder, teacher, start=tmp_path / "reader.pt", recipe=recipe, seconds=0.2, threads=1)
    kept = loop.load_weights(folder / "reader" / loop.WEIGHTS)
    assert all(torch.equal(kept[name], value) for name, value in first.state_dict().items())


def test_rows_whose_licence_is_unclear_are_left_out():
    rows = [samples.question(f"derived_neg:{parent}:1", "") for parent in ("subjqa_books", "friendsqa", "qamr")]
    assert len(list(reader_sets.collected(rows, "derived_neg", 10))) == 1


# Clock and loop


def test_schedules_warm_up_and_end_low_at_the_budget():
    now = [100.0]
    budget = Budget(60, used=15, clock=lambda: now[0])
    assert (budget.used, budget.fraction, budget.over) == (15, 0.25, False)
    now[0] += 45
    assert budget.over and budget.fraction == 1
    assert cosine(1_000, budget.fraction, warmup=300, floor=0.03) == pytest.approx(0.03)
    assert linear(1_000, budget.fraction, warmup=200, floor=0.02) == 0.02
    assert cosine(30, 0, warmup=300, floor=0.03) == pytest.approx(0.1)
    assert linear(19, 0, warmup=200, floor=0.02) == pytest.approx(0.1)
    now[0] += 1_000
    assert budget.fraction == 1
    with pytest.raises(ConfigError):
        Budget(0)


class Killed(Exception):
    """Stands for the end of a process."""


def by_step(task_class):
    """The task with a clock on which every step takes a second, and that may die at a step."""

    class Stepped(task_class):
        seconds, dies_at, resumed_at, rates = 0.0, None, None, ()

        def batch(self, step):
            if step == self.dies_at:
                raise Killed
            self.seconds += 1
            self.rates = (*self.rates, self.optimiser.param_groups[0]["lr"])
            return super().batch(step)

        def resumed(self, step):
            self.resumed_at = step
            super().resumed(step)

        def train(self, folder, seconds, save_seconds=100.0, stamp="x"):
            pace = loop.Pace(1, save_seconds)
            return loop.train(self, folder, seconds, pace, stamp=stamp, clock=lambda: self.seconds)

    return Stepped


ENCODER = distil.EncoderRecipe(
    warmup=1, embedding_rate=0.005, rate=0.002, batch=16, pair_batches=3, text_batch=8, text_batches=1, long_batch=8
)
READER = reader.ReaderRecipe(warmup=1, head_rate=0.02, rate=0.005, draw=24, smallest=8, largest=8)


@pytest.fixture
def encoder_task(teacher, data, made, tmp_path):
    def build():
        loop.prepare(0)
        folder, device = DataFolder(data), torch.device("cpu")
        some = pairs.training_pairs(pairs.read_parallel(folder), random.Random(1))[:64]
        texts = [pair.en for pair in some][:16]
        english = distil.Embedder(loop.load_bert(teacher), teacher / "tokenizer.json", 32, device)
        targets = distil.teacher_vectors(english, [*(pair.en for pair in some), *texts], tmp_path)
        student = distil.Embedder(loop.load_bert(teacher), made / "tokenizer.json", 32, device)
        test = measures.read_xquad(folder)
        return by_step(distil.Distillation)(student, some, texts, targets, test, ENCODER)

    return build


@pytest.fixture
def reader_task(teacher, data, made):
    def build():
        loop.prepare(0)
        model = reader_model.Reader(loop.load_bert(teacher))
        runner = reader_model.Runner(model, made / "tokenizer.json", 64, torch.device("cpu"))
        return by_step(reader.Reading)(runner, reader_rows.build(DataFolder(data)), READER)

    return build


@pytest.fixture(params=["encoder_task", "reader_task"])
def build_task(request):
    return request.getfixturevalue(request.param)


def fixed_loss(task, build_task):
    """Loss of the weights of ``task`` on the first batches that a new task draws."""
    fresh = build_task()
    fresh.model.load_state_dict(task.model.state_dict())
    with torch.no_grad():
        return np.mean([fresh.batch(1).loss.item() for _ in range(4)])


def test_three_steps_lower_the_loss(build_task, tmp_path):
    task = build_task()
    before = fixed_loss(task, build_task)
    trained = task.train(tmp_path, 3)
    assert (trained.steps, trained.seconds) == (3, 3) and trained.metrics
    assert fixed_loss(task, build_task) < before
    assert set(loop.load_weights(tmp_path / loop.WEIGHTS)) == set(task.model.state_dict())


def test_a_killed_run_goes_on_at_its_checkpoint_and_ends_at_the_budget(build_task, tmp_path):
    task = build_task()
    task.dies_at = 6
    with pytest.raises(Killed):
        task.train(tmp_path, 10, save_seconds=3.5)
    assert loop.read_curve(tmp_path / loop.CURVE)[-1]["step"] == 6
    again = build_task()
    trained = again.train(tmp_path, 10, save_seconds=3.5)
    assert again.resumed_at == 4 and (trained.steps, trained.seconds) == (10, 10)
    assert len(again.rates) == 6 and again.rates == tuple(sorted(again.rates, reverse=True))
    steps = [point["step"] for point in loop.read_curve(tmp_path / loop.CURVE)]
    assert steps == sorted(steps) and steps[0] == 0 and steps[-1] == 10
    # A finished run is only measured again, and one on other data is not gone on with.
    finished = build_task()
    assert finished.train(tmp_path, 10).steps == 10 and finished.rates == ()
    with pytest.raises(ConfigError, match="another --out"):
        build_task().train(tmp_path, 20, stamp="other data")


def test_embeddings_of_the_reader_stay(reader_task, tmp_path):
    task = reader_task()
    before = {name: value.clone() for name, value in task.model.state_dict().items()}
    task.train(tmp_path, 3)
    after = task.model.state_dict()
    changed = {name.split(".")[1] for name in before if not torch.equal(before[name], after[name])}
    assert "embeddings" not in changed and "encoder" in changed


def test_a_curve_survives_a_line_that_was_cut_off(tmp_path):
    path = tmp_path / loop.CURVE
    path.write_text('{"step": 1}\n{"step": 2}\n{"ste')
    assert loop.read_curve(path) == [{"step": 1}, {"step": 2}]


# Reader


def test_token_span_and_best_span_are_each_others_inverse(made):
    tokenizer = Tokenizer.from_file(str(made / "tokenizer.json"))
    encoding = tokenizer.encode("who?", samples.ARTICLE)
    start = samples.ARTICLE.index("lima")
    first, last = reader_model.token_span(encoding, (start, start + 4))
    assert encoding.tokens[first] == encoding.tokens[last] == "lima"
    assert reader_model.token_span(encoding, None) == reader_model.token_span(encoding, (900, 904)) == (0, 0)
    scores = torch.full((2, len(encoding.ids)), -3.0)
    scores[0, first] = scores[1, last] = 4.0
    assert reader_measures.best_span(*scores) == (first, last, 14.0)


def test_spans_never_end_before_they_start_or_grow_too_long():
    start, end = torch.zeros(60), torch.zeros(60)
    start[50] = end[10] = 5.0
    first, last, _ = reader_measures.best_span(start, end)
    assert first <= last < first + reader_measures.LONGEST


# Measures


def test_measures():
    vectors = np.eye(12, dtype=np.float32)
    assert measures.retrieval(vectors, vectors, range(12)) == (1.0, 1.0)
    second = np.array([[0.5, 1.0]], dtype=np.float32)
    ndcg, first = measures.retrieval(second, np.eye(2, dtype=np.float32), [0])
    assert (ndcg, first) == (pytest.approx(1 / np.log2(3)), 0.0)
    assert measures.token_f1("The 350 families.", "350 families") == 1.0
    assert measures.token_f1("350", "350 families") == pytest.approx(2 / 3)
    assert measures.token_f1("", "x") == 0.0
    assert measures.auc([0.1, 0.9, 0.4], [False, True, False]) == 1.0
    assert measures.auc([0.1], [True]) == 0.5
    assert measures.best_f1([0.8, 0.0], [2.0, 1.0], [True, False]) == pytest.approx(0.9)


# Card and command


def test_the_card_names_every_data_file_with_its_hash_and_licence(tmp_path):
    hashes = {name: f"{i:064x}" for i, name in enumerate(("xquad/xquad.en.json", "qa/qamr.jsonl.gz", "odd/file.txt"))}
    before = Manifest("vocabulary", {"least": 4}, {"squad_es/v2.0.json": "f" * 64}, {"tokenizer.json": "0" * 64})
    own = Manifest("encoder", {"seed": 0, "weights": {"a|b": 1}}, hashes, {"final.pt": "1" * 64}, metrics={"x": 0.5})
    before.write(tmp_path)
    assert Manifest.read(tmp_path) == before
    curve = tuple({"step": i, "seconds": i, "losses": {"mse": 1 / (i + 1)}} for i in range(100))
    text = card.render(card.Card("Encoder", "What it does.", (before, own), curve, ("A limit.",)))
    for name, value in (hashes | before.data).items():
        assert re.search(rf"\| `{re.escape(name)}` \|.*\| `{value}` \|", text)
    assert "CC BY-SA 4.0" in text and "not recorded" in text and "- A limit." in text
    assert r"a\|b 1" in text and "| 99 | 99 | 0.01 |" in text and len(text.splitlines()) < 80


def test_every_file_that_is_read_has_its_source(data):
    folder = DataFolder(data)
    reader_rows.build(folder)
    pairs.read_parallel(folder)
    pairs.english_texts(folder, random.Random(1))
    assert all(licences.source_of(name) is not licences.UNKNOWN for name in [*folder.hashes, reader_rows.MADE])


def test_the_three_commands(teacher, data, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(command, "teacher_folder", lambda: teacher)
    common = ["--data", str(data), "--out", str(tmp_path)]
    assert command.main(["encoder", *common]) == command.FAILED
    assert "run `python -m rag.train vocabulary`" in capsys.readouterr().err
    assert command.main(["vocabulary", *common]) == 0
    assert command.main(["encoder", *common, "--minutes", "0.01"]) == 0
    assert command.main(["reader", *common, "--minutes", "0.01"]) == 0
    for step in card.STEPS:
        text = (tmp_path / step / card.CARD).read_text()
        manifest = Manifest.read(tmp_path / step)
        assert all(name in text and value in text for name, value in manifest.data.items())
        assert all(sha256(tmp_path / step / name) == value for name, value in manifest.outputs.items())
    assert "Recipe: vocabulary" in text and "Recipe: encoder" in text and "Curve" in text
    elsewhere = Manifest.read(tmp_path / "reader")
    elsewhere.recipe["start"] = "f" * 64
    elsewhere.write(tmp_path / "reader")
    assert "Recipe: encoder" not in card.write(tmp_path, "reader").read_text()
    (data / "xquad" / "xquad.es.json").rename(tmp_path / "gone")
    try:
        assert command.main(["reader", *common]) == command.FAILED
    finally:
        (tmp_path / "gone").rename(data / "xquad" / "xquad.es.json")
    assert "lacks xquad/xquad.es.json" in capsys.readouterr().err


def test_the_commands_of_the_readme_are_right():
    lines = re.findall(r"^python -m rag\.train (.*?) *(?:#.*)?$", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)
    assert [command.parser().parse_args(shlex.split(line)).run.__name__.strip("_") for line in lines] == list(
        card.STEPS
    )
