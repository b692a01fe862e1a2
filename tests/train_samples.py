"""A data folder and a teacher of a few kilobytes, with every file and form that training reads."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

ENGLISH = {
    "water": "agua",
    "house": "vivienda",
    "houses": "viviendas",
    "health": "salud",
    "school": "escuela",
    "people": "personas",
    "arrived": "llegaron",
    "food": "alimentos",
}
PLACES = ("lima", "tacna", "ilo", "piura")
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789.,?¿"
VOCABULARY = (
    *("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"),
    *(f"[unused{i}]" for i in range(6)),
    *("的", "##я", "и"),
    *LETTERS,
    *(f"##{letter}" for letter in LETTERS),
    *ENGLISH,
    *PLACES,
    *("the", "in", "who", "when"),
)


def teacher(folder: Path) -> Path:
    """A random BERT of one layer with a WordPiece tokenizer, saved as all-MiniLM-L6-v2 is."""
    import torch
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import BertConfig, BertModel

    torch.manual_seed(0)
    ids = {token: i for i, token in enumerate(VOCABULARY)}
    config = BertConfig(
        vocab_size=len(ids),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=256,
    )
    BertModel(config).save_pretrained(folder)
    tokenizer = Tokenizer(models.WordPiece(ids, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    tokenizer.enable_truncation(128)
    tokenizer.save(str(folder / "tokenizer.json"))
    return folder


def squad(questions: list[dict], context: str = "the people arrived in lima. the school in ilo.") -> dict:
    return {"data": [{"paragraphs": [{"context": context, "qas": questions}]}]}


def asked(key: str, answer: str = "lima", start: int = 22, **more: object) -> dict:
    answers = [{"text": answer, "answer_start": start}] if answer else []
    return {"id": key, "question": f"who arrived in {key}?", "answers": answers, **more}


def data(root: Path) -> Path:
    """Every file that the three steps need."""
    pairs = [
        (f"the {a} {b} in {place}", f"{ENGLISH[a]} {ENGLISH[b]} {place}", source)
        for place, source in zip(PLACES, ("sahana", "tatoeba", "ocds", "python_docs_es"), strict=True)
        for a in ENGLISH
        for b in ENGLISH
        if a != b
    ]
    lines = "".join("\t".join(pair) + "\n" for pair in pairs) + "no translation\t\tsahana\n"
    _write(root / "parallel_es/pairs.tsv.gz", lines)
    _write(root / "parallel_es/words.tsv", "water\tagua\tomw\n")
    _write(root / "parallel_es/humanitarian_terms.tsv", "school\tescuela\n")
    texts = [{"lead_id": 7, "text": "the people arrived in lima. " * 40}, {"lead_id": 8, "text": f"8\n\n{SITREP}"}]
    _json(root / "humanitarian/humset_texts.json", texts)
    supported, beside = claim("supported"), ["Fish is dear.", "It rained for 3 days.", "The school in ilo opened."]
    for name, row in (
        ("wice/claim_dev.jsonl", _judged(beside) | {"claim": "The school is in ilo.", "supporting_sentences": [[2]]}),
        ("expertqa/rand_val.jsonl", _cited(supported["hypothesis"], supported["premise"])),
    ):
        _write(root / name, json.dumps(row) + "\n")
    article = squad([asked("a"), asked("b", "", is_impossible=True), asked("c", "ilo", 3)])
    for name in ("squad_es/v2.0.json", "squad_es/v1.1.json", "xquad/xquad.en.json", "xquad/xquad.es.json"):
        _json(root / name, article)
    _json(root / "squad2/part.json", {"data": article["data"] * 4})
    for name in ("covid_qa/covid_qa.json", "policyqa/policyqa.json"):
        _json(root / name, article)
    for name, sentences in (("answerable", ["the school in ilo."]), ("unanswerable", [])):
        row = {"input": "where?", "output": [{"selected_sentences": sentences}], "passages": [{"text": ARTICLE}]}
        _write(root / f"clapnq/{name}.jsonl", json.dumps(row) + "\n")
    table = {"table": [["year", "people"], ["2023", "350"]]}
    cell = {"question": "how many?", "answer": ["350"], "answer_type": "span", "answer_from": "table"}
    _json(root / "tatqa/tatqa_dataset_dev.json", [{"table": table, "questions": [cell]}])
    for name in ("qamr", "fairytaleqa", "derived_neg", "squadshifts_new_wiki", "nq_oracle", "selqa", "qed_dev"):
        rows = [question(f"{name}:qamr:{i}", "lima" if i else "") for i in range(3)]
        _write(root / f"qa/{name}.jsonl.gz", "".join(json.dumps(row) + "\n" for row in rows))
    for name in ("fever_dev", "fever_symmetric", "fool_me_twice", "begin", "summedits"):
        rows = [claim(label) for label in ("supported", "refuted", "neutral")]
        _write(root / f"qa/nli_{name}.jsonl.gz", "".join(json.dumps(row) + "\n" for row in rows))
    return root


def shelves(path: Path) -> Path:
    """Two questions of a shelf of one report, the second one with a near miss only."""
    entry = {"shelf": "s", "lang": "en", "nuggets": [], "evidence": [], "distractors": [], "answerable": True}
    quote = "Tumbes received 1,200 shelter kits in May 2023."
    span = {"report": "8", "quote": quote, "start": SITREP.index(quote), "end": SITREP.index(quote) + len(quote)}
    near = {"report": "8", "quote": "Tacna received 90 hygiene kits in May 2023."}
    stated = [{"text": "Tumbes got 1,200 shelter kits"}]
    asked = "How many kits for a home went to Tumbes?"
    first = entry | {"id": "s-1", "question": asked, "evidence": [span | {"answer": "1,200 shelter kits"}]}
    first |= {"nuggets": stated, "distractors": [near]}
    second = entry | {"id": "s-2", "question": "How many kits for a home went to Tacna?", "answerable": False}
    second |= {"distractors": [near]}
    _write(path, "".join(json.dumps(row) + "\n" for row in (first, second)))
    return path


def _judged(evidence: list[str]) -> dict:
    return {"label": "supported", "evidence": evidence, "meta": {"claim_title": LEARNT}}


def _cited(text: str, evidence: str) -> dict:
    items = [{"claim_string": f"{text} [1]", "evidence": [f"[1] https://a.example/b {evidence}"], "support": said}
             for said in ("Complete", "Incomplete", "Partial", None)]  # fmt: skip
    return {"question": LEARNT, "answers": {"some_model": {"claims": items}}}


LEARNT, MEASURED = "a", "e"  # topics of either half, see rag.train.claim_sets.learnt
SITREP = (
    "Situation Report 3\n\nShelter\n\nTumbes received 1,200 shelter kits in May 2023. Partners trained builders.\n\n"
    "Water\n\nTacna received 90 hygiene kits in May 2023. Wells were repaired by volunteers.\n"
)
ARTICLE = "the people arrived in lima. the school in ilo."


def question(key: str, answer: str) -> dict:
    answers = [{"text": answer, "start": ARTICLE.index(answer)}] if answer else []
    return {"id": key, "question": "who?", "context": ARTICLE, "answers": answers, "impossible": not answer}


def claim(label: str) -> dict:
    return {"premise": ARTICLE, "hypothesis": f"the people arrived {label}", "label": label}


def _json(path: Path, value: object) -> None:
    _write(path, json.dumps(value))


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    content = text.encode()
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
