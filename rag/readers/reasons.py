"""Why a question is not answered: the constraint of it that the nearest units fail, in the question's language."""

from __future__ import annotations

from collections.abc import Sequence

from rag.periods import in_words, overlap, time_of
from rag.question import Question, Want
from rag.readers.constraints import Constraint
from rag.readers.scored import Scored
from rag.schema import Passage, Period

_NEAREST = 3  # units that must fail the same constraint for it to be the reason
_PHRASES = {
    "en": {
        "nothing": "No passage was found for this question.",
        "period": "Nothing found is dated {asked}; the nearest reports cover {covered}.",
        "other period": "They give this for {found}, not for {asked}.",
        "name": "No passage found speaks of {names} in this sense.",
        "other name": "What comes nearest does not speak of {names}.",
        "side": "What comes nearest counts others than those asked about.",
        "kind": "Passages on the topic were found, but none gives {kind}.",
        "weak": "The nearest passages do not hold what is asked for.",
    },
    "es": {
        "nothing": "No se encontró ningún pasaje para esta pregunta.",
        "period": "Nada de lo encontrado corresponde a {asked}; los informes más cercanos cubren {covered}.",
        "other period": "Lo dan para {found}, no para {asked}.",
        "name": "Ningún pasaje encontrado habla de {names} en este sentido.",
        "other name": "Lo más cercano no habla de {names}.",
        "side": "Lo más cercano cuenta a otros que aquellos por los que se pregunta.",
        "kind": "Se encontraron pasajes sobre el tema, pero ninguno da {kind}.",
        "weak": "Los pasajes más cercanos no contienen lo que se pregunta.",
    },
}
_KINDS = {
    "en": {
        Want.COUNT: "a number", Want.MONEY: "an amount", Want.PERCENT: "a share", Want.DURATION: "a duration",
        Want.DATE: "a date", Want.PLACE: "a place", Want.WHO: "a name", Want.DEFINITION: "a definition",
    },
    "es": {
        Want.COUNT: "una cifra", Want.MONEY: "un monto", Want.PERCENT: "un porcentaje", Want.DURATION: "una duración",
        Want.DATE: "una fecha", Want.PLACE: "un lugar", Want.WHO: "un nombre", Want.DEFINITION: "una definición",
    },
}  # fmt: skip


def reason_to_abstain(
    asked: Question, passages: Sequence[Passage], ranked: Sequence[Scored] = (), threshold: float = 1.0
) -> str:
    """Why there is no answer; names the constraint that the units likeliest to answer fail.

    ``ranked`` are the units of ``passages``, best first. One that would answer, as likely as ``threshold``
    or more, but for its time or a name, is said to be what the reports have instead.
    """
    phrases = _PHRASES[asked.language]
    if not passages:
        return phrases["nothing"]
    nearest = ranked[:_NEAREST]
    failures = {choice.failed for choice in nearest}
    failing = nearest[0].failed if nearest and nearest[0].score >= threshold else None
    would_do = failing in (Constraint.PERIOD, Constraint.NAME, Constraint.SIDE)
    if not would_do:
        failing = failures.pop() if len(failures) == 1 else None
    if failing is Constraint.PERIOD and (said := _other_time(asked, passages, nearest[0] if would_do else None)):
        return said
    if failing is Constraint.NAME:
        lacking = [name for name in nearest[0].missing if would_do or all(name in one.missing for one in nearest)]
        names = ", ".join(lacking or nearest[0].missing)
        return phrases["other name" if would_do else "name"].format(names=names)
    if failing is Constraint.SIDE:
        return phrases["side"]
    kinds = [_KINDS[asked.language][want] for want in Want if want in asked.wants and want in _KINDS["en"]]
    if failing in (Constraint.KIND, Constraint.BOTH) and kinds:
        return phrases["kind"].format(kind=kinds[0])
    return phrases["weak"]


def _other_time(asked: Question, passages: Sequence[Passage], choice: Scored | None) -> str:
    """That the reports speak of other times: of the unit's, which would answer, or of those that they cover."""
    phrases, language = _PHRASES[asked.language], asked.language
    wanted = _listed(asked.periods, language)
    if choice:
        found = time_of(passages[choice.passage], choice.unit.text)
        if found and not any(overlap(found, one) for one in asked.periods):
            return phrases["other period"].format(found=in_words(found, language), asked=wanted)
    known = {passage.report.period for passage in passages if passage.report.period}
    others = [period for period in known if not any(overlap(period, one) for one in asked.periods)]
    return phrases["period"].format(asked=wanted, covered=_listed(others, language)) if others else ""


def _listed(periods: Sequence[Period], language: str) -> str:
    ordered = sorted(set(periods), key=lambda period: (period.start, period.end))
    return ", ".join(dict.fromkeys(in_words(period, language) for period in ordered))
