"""Public question sets as test sets, when their files are at hand.

No data comes with the project. The files' folder is given, or named by ``REPORTQA_EVAL_DATA``, or
found beside the repository; each adapter says which file below it must be there::

    data = data_folder(None)
    for name in present(data):
        test_set = load_public(name, data)

What an adapter dropped, and why, is logged at INFO.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import MappingProxyType

from eval.questions import TestSet
from eval.sets.claims import load_expertqa, load_wice
from eval.sets.clapnq import load_clapnq
from eval.sets.climretrieve import load_climretrieve
from eval.sets.financebench import load_financebench
from eval.sets.humset import load_humset_dev, load_humset_held, load_humset_parts
from eval.sets.mtrag import load_mtrag_un
from eval.sets.policyqa import load_policyqa
from eval.sets.reports import load_pdf
from eval.sets.rows import DataError
from eval.sets.squad import load_covid_qa, load_squad, load_xquad_es_en
from eval.sets.swaps import load_swaps
from eval.sets.tatqa import load_tatqa
from eval.sets.un import load_pdf_held, load_un_dev

__all__ = ["ADAPTERS", "FOLDER_VARIABLE", "Adapter", "DataError", "data_folder", "load_public", "present"]

FOLDER_VARIABLE = "REPORTQA_EVAL_DATA"
_BESIDE = Path(__file__).resolve().parents[2].parent / "shared" / "data"


@dataclass(frozen=True, slots=True)
class Adapter:
    """A public set: what must be there, below the data folder, what it is, and how it is read."""

    path: str
    about: str
    read: Callable[[Path], TestSet]

    def load(self, data: Path) -> TestSet:
        """The set from the data folder.

        :raises DataError: a file is missing or not what it should be.
        """
        if not (data / self.path).exists():
            raise DataError(f"{data / self.path} does not exist: put the set's files there.")
        return self.read(data)


def _squad(name: str, path: str, language: str, about: str) -> Adapter:
    return Adapter(path, about, partial(_read_squad, name, path, language))


def _read_squad(name: str, path: str, language: str, data: Path) -> TestSet:
    return load_squad(name, data / path, language)


ADAPTERS: Mapping[str, Adapter] = MappingProxyType(
    {
        "squad2": _squad("squad2", "squad2/part.json", "en", "SQuAD 2.0: Wikipedia, half unanswerable"),
        "xquad_en": _squad("xquad_en", "xquad/xquad.en.json", "en", "XQuAD: English questions and paragraphs"),
        "xquad_es_en": Adapter("xquad", "XQuAD: Spanish questions over English paragraphs", load_xquad_es_en),
        "squad_es": _squad("squad_es", "squad_es/v2.0.json", "es", "SQuAD-es 2.0: machine translated into Spanish"),
        "clapnq": Adapter("clapnq", "CLAPNQ: long answers from a passage, half unanswerable", load_clapnq),
        "covid_qa": Adapter("covid_qa/covid_qa.json", "COVID-QA: questions over whole papers", load_covid_qa),
        "policyqa": Adapter("policyqa/policyqa.json", "PolicyQA: websites' privacy policies", load_policyqa),
        "tatqa": Adapter("tatqa/tatqa_dataset_dev.json", "TAT-QA: financial tables with text", load_tatqa),
        "mtrag_un": Adapter("mtrag_un/reference.jsonl", "MTRAG-UN: last turns of conversations", load_mtrag_un),
        "wice": Adapter("wice/claim_dev.jsonl", "WiCE: claims of Wikipedia with labels of support", load_wice),
        "expertqa": Adapter(
            "expertqa/rand_val.jsonl", "ExpertQA: models' claims with labels of support", load_expertqa
        ),
        "swaps": Adapter("mtrag_un/reference.jsonl", "true sentences, and with one value changed by rule", load_swaps),
        "climretrieve": Adapter(
            "climretrieve/ClimRetrieve_base.xlsx", "ClimRetrieve: climate reports in PDF", load_climretrieve
        ),
        "financebench": Adapter(
            "financebench/financebench_open_source.jsonl", "FinanceBench: companies' filings in PDF", load_financebench
        ),
        "humset_dev": Adapter(
            "humanitarian/humset_texts.json", "reports on Latin America, with questions of our own", load_humset_dev
        ),
        "humset_held": Adapter(
            "humanitarian/humset_texts.json", "reports from many countries, for tests only", load_humset_held
        ),
        "humset_parts": Adapter(
            "humanitarian/humset_texts.json", "comparisons, lists and follow-ups of our own", load_humset_parts
        ),
        "pdf": Adapter("pdf", "reports in PDF as the product reads them, with questions of our own", load_pdf),
        "pdf_held": Adapter("pdf", "reports in PDF, with questions of our own for tests only", load_pdf_held),
        "un_dev": Adapter("pdf/un_en", "reports of the United Nations and WHO, with questions of our own", load_un_dev),
    }
)
"""The adapters by the name of their set."""


def data_folder(given: Path | None) -> Path | None:
    """The folder with public sets: ``given``, else ``REPORTQA_EVAL_DATA``, else ``shared/data`` beside the repository.

    None when neither is said and there is none.

    :raises DataError: the one given or named is no folder.
    """
    named = os.environ.get(FOLDER_VARIABLE, "")
    said = given if given is not None else Path(named).expanduser() if named else None
    if said is None:
        return _BESIDE if _BESIDE.is_dir() else None
    if not said.is_dir():
        source = "" if given is not None else f" ({FOLDER_VARIABLE})"
        raise DataError(f"{said}{source} is not a folder: give the one that holds the public sets.")
    return said


def present(data: Path) -> list[str]:
    """Names of the sets whose files are in ``data``, in the order of ``ADAPTERS``."""
    return [name for name, adapter in ADAPTERS.items() if (data / adapter.path).exists()]


def load_public(name: str, data: Path) -> TestSet:
    """The public set of that name.

    :raises DataError: there is no such set, or its files are missing or not what they should be.
    """
    if name not in ADAPTERS:
        raise DataError(f"There is no public set {name!r}: it is one of {', '.join(ADAPTERS)}.")
    return ADAPTERS[name].load(data)
