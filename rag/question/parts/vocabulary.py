"""The words by which comparisons are read; folded, both languages together."""

from __future__ import annotations

import re


def _any(table: str) -> str:
    return "|".join(table.split())


AUX = _any("did do does was were is are has have had")
# Longer ones first: the first that fits is taken.
PREPOSITION = (
    r"(?:according to|as of|as at|by the end of|at the end of|by|in|at|of|for|from|to|during|within|inside"
    r"|outside|under"
    r"|across|among|between|near|into|towards"
    r"|on|with|without|a fines de|a finales de|al final de|segun|dentro de|fuera de|entre"
    r"|en|de|del"
    r"|desde|durante|para|por|con|sin|al|a|hasta|hacia)"
)
SIDE = r"(?:inside|outside|within|without|above|below|under|over|dentro|fuera|con|sin|before|after|antes|despues)"
DETERMINER = r"(?:the|a|an|its|their|el|la|los|las|su|sus)"
# Adjectives of comparison, with what is asked of one side alone.
LARGER = {
    "larger": "large", "bigger": "big", "higher": "high", "lower": "low", "smaller": "small", "greater": "large",
    "longer": "long", "shorter": "short", "older": "old", "younger": "young", "cheaper": "expensive",
    "stronger": "strong", "worse": "bad", "better": "good", "wider": "wide", "deeper": "deep",
    "faster": "fast", "slower": "slow", "heavier": "heavy",
}  # fmt: skip
ER = "|".join(LARGER)
MORE = r"(?:more|fewer|less)"
MAS = r"(?:mas|menos)"
MAYOR = r"(?:mayor|menor|mejor|peor|superior|inferior)(?:es)?"
CHANGE = (
    r"(?:chang|develop|evol|differ|var(?:y|i)|compar|grow(?!th)|grew|rise|rose|risen|increas|fall|fell|drop"
    r"|declin|decreas|slow|improv"
    r"|worsen|shrink|shrank|shift|climb)\w*"
)
CAMBIO = (
    r"(?:cambi|vari|evolucion|crec|aument|disminuy|dismin|baj|subi|sub(?:e|io)|compar|difer|desarroll"
    r"|mejor|empeor|reduj)\w*"
)
_COUNTS = r"\d|an?\b|half|one|two|three|four|five|six|ten|twice|un[oa]?\b|la mitad|dos|tres|cien|mil"
COMPARATIVE = re.compile(
    rf"(?<!\bno )(?<!\bany )(?<!\bonce )\b(?:{MORE}|{ER}|{MAS}|{MAYOR})\b(?!\s+(?:than|de) (?:{_COUNTS}))(?!\s+\d)"
)
COMPARING = re.compile(
    r"\b(?:compar(?:e|es|ed|ing|ison|a|ar|ame|acion|ado|ada|ados|adas|an)\b|differ|difference|differences"
    r"|diferencias?|difieren?"
    r"|versus|vs|contrast|contraste|frente a|as opposed to|each$|respectively|cada un[oa]$|respectivamente)\b"
)
TOTAL = re.compile(
    r"\b(?:in total|altogether|combined|together|taken together|overall|in all|en total|en conjunto|sumad[oa]s"
    r"|juntos|juntas)\b"
)
TIMES = r"(?:years?|months?|quarters?|periods?|time|reports?|ano|anos|mes|meses|trimestre|periodo|epoca|informe)"
PLACES = (
    r"(?:regions?|countr(?:y|ies)|cit(?:y|ies)|districts?|provinces?|departments?|prisons?|camps?|places?"
    r"|areas?|towns?|states?"
    r"|locations?|region(?:es)?|pais(?:es)?|ciudad(?:es)?|distritos?|provincias?|departamentos?|lugar(?:es)?"
    r"|zonas?|municipios?"
    r"|campamentos?|localidad(?:es)?)"
)
# What parts the two that are compared.
AGAINST = (
    r"(?:versus|vs\.?|(?:as )?compared (?:to|with)|in comparison (?:to|with)|as opposed to|frente a|en comparacion con"
    r"|comparad[oa]s? con)"
)
MEASURE = (
    r"(?:numbers?|amounts?|totals?|shares?|percentages?|proportions?|rates?|sizes?|levels?|budgets?|costs?"
    r"|funding|population|prices?"
    r"|requirements?|targets?|figures?|averages?|growth|needs?"
    r"|numeros?|cantidad(?:es)?|montos?|total|porcentajes?|proporcion(?:es)?|tasas?|tamano|nivel(?:es)?"
    r"|presupuestos?|costos?"
    r"|financiamiento|poblacion|precios?|requerimientos?|metas?|cifras?|promedios?|crecimiento|necesidades?)"
)
# What ends a noun phrase: "more *children* were", "más *casos de dengue* en".
NP_END = (
    rf"(?:(?:{AUX}|{PREPOSITION}|than|que|who|which|y|and|los|las|el|la|se|to)\b|\w+ed\b"
    r"|\w+(?:tely|[tiu]ally|fully)\b|\x00|$)"
)
