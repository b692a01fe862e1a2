"""Whether a passage speaks to a model: if so it bears nothing out, whoever repeats it.

What a passage orders to be said stands in that passage word for word, so that a comparison with it proves
nothing. These patterns know the usual forms, in English and Spanish; the rest of the guard does not rely on them.
"""

from __future__ import annotations

import re

_EN = r"""
\b(?:ignore|disregard|forget|override|bypass|discard)\b[^.!?\n]{0,60}\b(?:instructions?|prompts?|rules?|messages?|context
|passages?|directions?|guidelines?|everything|above|previous|prior|earlier)\b
|\b(?:new|updated?|real|actual|hidden|secret|important|urgent)\s+(?:system\s+)?(?:instructions?|prompt|task|orders?)\b
|\b(?:system|developer|hidden|initial)\s+(?:prompt|message|override|instructions?|note)\b
|\b(?:note|message|instructions?|attention|notice|reminder)\s+(?:to|for)\s+(?:the\s+|all\s+|any\s+)?(?:ai|llms?|language
\s+models?|models?|assistants?|chatbots?|bots?|readers?\s+model)\b
|\b(?:you|ai|llms?|the\s+(?:assistant|model|chatbot|ai)|assistants?|models?|chatbots?)\s+(?:must|should|shall|will|are\s+(?:to|now
|required\s+to|an?\s+(?:ai|assistant|model)))\b[^.!?\n]{0,60}
\b(?:answer|say|write|respond|reply|state|output|print|cite|claim|tell|report\s+that|pretend|act|behave|insert|include
|append|repeat|conclude|recommend|ignore|unrestricted|free)\b
|\btell\s+(?:the|every|any)\s+(?:user|reader)\b|\byou\s+are\s+now\b|\bas\s+an?\s+(?:ai|language\s+model|assistant)\b|\bact\s+as\b[^.!?\n]{0,40}\b(?:ai|model|assistant|dan)\b
|(?:^|[.!?:;>\]"“”'\n]\s*|\b(?:and|then|instead|please|now|only|simply|just|always)[\s,]+)(?:(?:say|write|answer|reply|output|repeat|append
|insert|cite|pretend|conclude|(?:end|begin|start)\s+(?:your|the|every)\s+(?:answer|reply|sentence))\b[^.!?\n]{0,40}
(?:\bthat\b|\bwith\b|\bonly\b|:|["“'‘«]|\bthe\s+(?:user|following|question|answer)\b|\bthis\b|\bhttps?|!\[|<)|respond\s+(?:with|only|that|:)
|(?:print|display|render|embed|fetch|visit|load|open|send|call|include|translate|encode)\b[^.!?\n]{0,40}(?:\bhttps?|www\.|!\[|<|["“«]|\byour\b|\bthe\s+(?:user|question|following)\b))
|\b(?:your|the)\s+(?:answer|reply|response|output)\s+(?:must|should|is|has\s+to|shall|begins|starts)\b
|\b(?:if|when)\s+(?:you\s+are\s+asked|(?:anyone|someone|the\s+user|a\s+user)\s+asks|asked\b[^.!?\n]{0,60},\s*(?:say|answer|write|reply))\b|\bwhen\s+answering\b|\bwhen\s+summari[sz]ing\b
|\b(?:correct|right|true|final|only\s+valid)\s+answer\s*(?:is\b|:)
|\bfor\s+(?:ai|llm|model|assistant)\s+(?:use|readers?|systems?|assistants?|models?)\b
|\b(?:jailbreak|dan\s+mode|developer\s+mode|debug\s+mode|admin(?:istrator)?\s+override)\b
"""
_ES = r"""
\b(?:ignor[ae]|ignor[ae]d|olvid[ae]|omit[ae]|descart[ae]|desobede[cz]e|haz\s+caso\s+omiso\s+de)\b[^.!?\n]{0,60}\b(?:instrucci[oó]n(?:es)?|reglas?
|mensajes?|indicaci[oó]n(?:es)?|anterior(?:es)?|pasajes?|contexto|todo)\b
|\b(?:nuevas?|verdaderas?|importantes?)\s+(?:instrucci[oó]n(?:es)?|[oó]rden(?:es)?)\b|\b(?:mensaje|instrucci[oó]n|nota)\s+(?:del\s+sistema
|(?:para|a)\s+(?:el|la|los|todo)\s*(?:modelo|asistente|ia|lector\s+autom[aá]tico)s?)\b
|\b(?:debes|tienes\s+que|est[aá]s\s+obligado\s+a|el\s+(?:asistente|modelo)\s+debe)\b[^.!?\n]{0,60}\b(?:responder|decir|escribir|citar|afirmar|repetir)\b
|(?:^|[.!?:;>\]"“”'\n]\s*|\b(?:y|luego|ahora|solo|s[oó]lo|siempre)[\s,]+)(?:di|responde|escribe|contesta|repite|cita|afirma|incluye|a[nñ]ade|imprime|muestra
|traduce|visita)\b[^.!?\n]{0,40}(?:\bque\b|\bcon\b|:|["“'‘«]|\bal\s+usuario\b|\bsolo\b|\bs[oó]lo\b|\bhttps?)
|\b(?:la\s+)?respuesta\s+(?:correcta|final|verdadera)\s*(?:es\b|:)|\b(?:eres|act[uú]a)\s+(?:ahora|como)\b[^.!?\n]{0,40}
|\b(?:al|si|cuando)\s+(?:te\s+)?(?:responder|preguntan|pregunten|resumir)\b
"""
# Turns and marks of chats, fake fences and keys, what fetches: no report has reason to write these.
_FORMS = r"""
<\|[^|>]{1,40}\|?>|\[/?INST\]|<</?SYS>>|</?(?:s|system|user|assistant|instructions?|think|tool_call|im_start|im_end|start_of_turn|end_of_turn)>
|^\s*(?:\#{1,6}\s*)?(?:system|assistant|user|human|ai|instruction|sistema|asistente|usuario)\s*:|\[k\d{1,4}[a-z]?\]
|^\s*(?:-{3,}|={3,})\s*(?:end|begin|fin|inicio)\b|!\[[^\]\n]*\]\(|<img\b|<script\b|<a\s|javascript:|<!--|\{\{|\bNOT\s+IN\s+THE\s+REPORTS\b
"""
_ORDER = re.compile(
    "|".join(re.sub(r"\n", "", part.strip()) for part in (_EN, _ES, _FORMS)), re.IGNORECASE | re.MULTILINE
)


def gives_orders(text: str) -> bool:
    """Whether ``text`` speaks to a model."""
    return _ORDER.search(text) is not None
