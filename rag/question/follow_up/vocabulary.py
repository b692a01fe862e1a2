"""The words by which follow-up questions are read; folded, both languages together.

General vocabulary only: nothing here knows a report, a place or a topic.
"""

from __future__ import annotations

import re


def _set(table: str) -> frozenset[str]:
    return frozenset(table.split())


# "And ...", "what about ...": the question goes on from the one before.
OPENERS = re.compile(
    r"(?:(?:and|but|or|so|then|also|ok|okay|now|plus|y|e|o|u|pero|entonces|ahora|tambien|ademas|bueno|vale)\b[\s,]*)*"
    r"(?:(?:what|how) about|what of|(?:the )?same (?:question )?(?:for|in|with)|(?:and|but) (?:also|then)"
    r"|que (?:hay|tal)(?: (?:de|con|en))?|que pas(?:a|o) con(?= los| las| el| la| [^\s]+\s*\?*$)"
    r"|lo mismo (?:para|con|de(?!s)|en(?= \d)))?(?=\W|$)[\s,:]*"
)
CLOSERS = _set(
    "only just solo please then instead too also though exactly precisely tambien exactamente entonces ahora"
)

# What is said in a conversation without asking anything.
CHATTER = _set(
    """thanks thank you much very ok okay hello hi yes no great good perfect tell me more details please bye and but
    gracias muchas hola si no bien vale perfecto dime dame mas detalles por favor adios y pero"""
)

# Words that stand for a thing, people, a place or a time named before.
THING = _set("it its this that eso esto aquello ello")
MANY = _set("they them their theirs these those ellos ellas")
PERSON = _set("he she him her his ella")
THERE = _set("there alli alla ahi")
POSSESSIVE = _set("its their his her su sus")
CLITICS = _set("lo la los las les le")
DEMONSTRATIVE = _set(
    """this that these those same said such este esta estos estas ese esa esos esas aquel aquella aquellos aquellas
    dicho dicha dichos dichas mismo misma"""
)
POINTING = _set("este esta estos estas ese esa esos esas aquel aquella aquellos aquellas")  # also alone
# Nouns that say nothing by themselves behind "this", "the", "dicho".
GENERIC = _set(
    """programme program project plan campaign initiative activity activities intervention response appeal
    survey study workshop event service services report process operation scheme policy law measure measures decision
    group organisation organization agency fund centre center amount figure number total money sum funds budget
    programa proyecto campana iniciativa actividad actividades intervencion respuesta llamamiento encuesta estudio
    taller evento servicio servicios informe proceso operacion medida medidas politica ley decision grupo
    organizacion agencia fondo centro monto cifra numero dinero suma fondos presupuesto"""
)
TIMES = _set("year month period quarter time date day week ano mes periodo trimestre fecha dia semana epoca")
PLACES = _set(
    """place city town district region province department country area village camp lugar ciudad pueblo distrito region
    provincia departamento pais zona aldea campamento"""
)
AREAS = PLACES | _set(
    """north south east west northern southern eastern western coast border capital highlands jungle rural urban
    norte sur este oeste costa frontera capital sierra selva abroad elsewhere"""
)

# Who is asked about rather than what.
GROUPS = _set(
    """people persons person individuals women woman men man girls girl boys boy children child kids minors adolescents
    teenagers youth adults elderly families family households refugees refugee migrants migrant returnees
    displaced beneficiaries residents survivors
    personas persona gente individuos mujeres mujer hombres hombre ninas nina ninos nino menores adolescentes jovenes
    adultos adultas ancianos mayores familias familia hogares refugiados refugiadas refugiado migrantes migrante
    desplazados beneficiarios beneficiarias residentes sobrevivientes"""
)
QUALIFIERS = _set(
    "young older old disabled pregnant lactating adult unaccompanied female male host local embarazadas lactantes"
)

# What can be asked of any topic: alone, these name none.
META = _set(
    """donor donors partner partners organisation organisations organization organizations agency agencies ministry
    date dates year years month months place places reason reasons cause causes goal goals aim aims objective objectives
    purpose result results outcome budget cost costs funding money amount total duration name source sources number
    percentage percent share dollars main exact exactly approximately period full target targets size status day
    donante donantes socio socios organizacion organizaciones agencia agencias ministerio fecha fechas ano anos mes
    meses lugar lugares razon razones causa causas motivo motivos objetivo objetivos meta metas fin proposito resultado
    resultados presupuesto costo costos costes monto duracion nombre fuente fuentes numero porcentaje proporcion
    dolares soles principal principales exacta exacto periodo tamano plata dinero fondos dia"""
)
# What can happen to any topic; the value joins the topic to the verb when no pronoun does.
LIGHT: dict[str, str] = {
    **dict.fromkeys("pay pays paid paying".split(), "for"),
    **dict.fromkeys("participate participated participates joined join took take part involved".split(), "in"),
    **dict.fromkeys("benefit benefits benefited benefitted".split(), "from"),
    **dict.fromkeys(
        """fund funds funded financed finance finances sponsor sponsored support supported give gave donate donated
        lead leads led run runs ran implement implemented implements coordinate coordinated organise organised organize
        organized manage manages managed carried carry launch launched start started begin began open opened close
        closed end ended finish finished last lasted happen happened change changed increase increased
        decrease decreased rise rose fall fell grow grew drop dropped cost spent reach reached assist assisted
        receive received attend attended come came decided decide said say found did done work works worked
        more less fewer many affected succeed""".split(),
        "",
    ),
    **dict.fromkeys("pago paga pagaron pagan participo participaron participan".split(), "por"),
    **dict.fromkeys(
        """financio financia financiaron financian apoyo apoyaron dono donaron dirige dirigio dirigen lidera lidero
        ejecuto ejecuta ejecutaron implemento implementaron implementa coordino coordina coordinaron organizo
        organizaron gestiona gestiono lanzo lanzaron empezo empezaron comenzo comenzaron inicio iniciaron abrio
        abrieron cerro cerraron termino terminaron acabo duro duraron dura ocurrio ocurrieron paso sucedio cambio
        cambiaron aumento aumentaron disminuyo bajo subio costo cuesta costaron gasto gastaron alcanzo alcanzaron
        atendio atendieron asistio asistieron asistio recibio recibieron beneficio beneficiaron llego llegaron
        decidio decidieron hizo hicieron trabaja trabajan trabajo menos mas fueron""".split(),
        "",
    ),
}
LIGHT["participo"] = LIGHT["participaron"] = LIGHT["participan"] = "en"

# What is done to things rather than to people: "who paid for them?" means the tents.
THINGS = _set(
    """cost costs pay pays paid buy bought deliver delivered distribute distributed made weigh contain contained
    cuesta cuestan costo costaron pago paga pagan pagaron compro compraron entrego entregaron repartio repartieron
    distribuyo distribuyeron contienen contenian"""
)

# What a number does: "did it rise?" means the number of those counted.
COMPARES = _set("compare compared differ compara comparado difiere")
CHANGES = COMPARES | _set(
    """increase increased rise rose fall fell drop dropped change changed grow grew decrease decreased decline declined
    double doubled aumento aumentaron subio bajo disminuyo cambio crecio"""
)
AUX = _set(
    """is are was were be been being do does did has have had can could will would should may might must
    es son era eran sea fue fueron ha han habia habian hay hubo se estan estaba estaban puede pueden"""
)
DO = _set("do does did")
BE = _set("is are was were es son era eran fue fueron")
VERBS = _set(
    """got came come went go took take gave made make found left lost met held kept sent spent paid put ran run saw said
    sought taught told thought won wrote led began became built bought brought chose fell felt flew grew knew rose sold
    stood need needed needs live lives lived living work works want receive receives benefit pays costs
    vive viven trabaja trabajan recibe reciben hace hacen hizo hicieron pudo pudieron tuvo tuvieron puso dio dieron
    fue vino quiso quisieron dijo trajo financia dirige lidera ejecuta paga incluye tiene tienen pide cubre"""
)
NOT_VERBS = _set("need seed feed speed weed breed united hundred red displaced disabled integrated")
PREPOSITIONS = {
    "en": _set(
        """in at by for from with without to of on under within outside inside during since until till about against
        among between near across around through throughout into over per beyond through before after towards via as"""
    ),
    "es": _set(
        """en a al por para desde con sin de del hasta durante sobre contra entre hacia bajo segun dentro fuera ante
        tras mediante"""
    ),
}
LOCATIVE = _set("in at near across around throughout within from to into en a al desde hacia por de del of entre")
SCOPE = _set("under within outside inside beyond dentro fuera bajo")
CONJUNCTIONS = _set("and or y e o u &")
SUBORDINATE = _set(
    """when while after before because if than though although that which who where whose cuando mientras porque si
    aunque"""
)
ARTICLES = _set("the a an el la los las un una unos unas lo")

WH = re.compile(
    r"(?:how (?:many|much|long|often|far|big|large|old|come)|how|who(?:m|se)?|what|which|when|where|why"
    r"|cuant[oa]s?(?: tiempo)?|quien(?:es)?|cual(?:es)?|cuando|donde|adonde|como|por que|que)(?:'s|s)?(?=\W|$)"
)
# Interrogatives that ask for a circumstance, not for who or what takes part.
ADVERBIAL = re.compile(
    r"(?:how (?:long|often|come|far)|how|when|where|why|cuando|donde|adonde|como|por que|cuanto tiempo)"
)
DETERMINERS = re.compile(r"(?:how (?:many|much)|what|which|whose|cuant[oa]s?|que)$")
COUNTS = re.compile(r"(?:how (?:many|much)|cuant[oa]s?)$")

# Function words of one language in the other, as far as they make a question.
INTO_SPANISH: dict[str, str] = {
    "how many": "cuántas", "how much": "cuánto", "how long": "cuánto tiempo", "how": "cómo", "who": "quién",
    "whom": "quién", "what": "qué", "which": "qué", "when": "cuándo", "where": "dónde", "why": "por qué",
    "in": "en", "at": "en", "on": "en", "of": "de", "by": "por", "for": "para", "from": "desde", "with": "con",
    "without": "sin", "to": "a", "under": "bajo", "within": "dentro de", "outside": "fuera de", "during": "durante",
    "since": "desde", "until": "hasta", "about": "sobre", "against": "contra", "among": "entre", "between": "entre",
    "people": "personas", "persons": "personas", "women": "mujeres", "men": "hombres", "children": "niños",
    "girls": "niñas", "boys": "niños", "families": "familias", "households": "hogares", "refugees": "refugiados",
    "migrants": "migrantes", "and": "y", "or": "o", "is": "es", "are": "son", "was": "fue", "were": "fueron",
    "that": "que",
}  # fmt: skip
INTO_ENGLISH: dict[str, str] = {
    "cuánto tiempo": "how long", "cuántas": "how many", "cuántos": "how many", "cuánto": "how much",
    "cuánta": "how much", "quiénes": "who", "quién": "who", "qué": "what", "cuál": "what", "cuáles": "what",
    "cuándo": "when", "dónde": "where", "por qué": "why", "cómo": "how", "en": "in", "de": "of", "del": "of the",
    "por": "by", "para": "for", "desde": "from", "con": "with", "sin": "without", "a": "to", "al": "to the",
    "bajo": "under", "durante": "during", "hasta": "until", "sobre": "about", "contra": "against", "entre": "among",
    "y": "and", "o": "or", "es": "is", "son": "are", "fue": "was", "fueron": "were", "que": "that", "el": "the",
    "personas": "people", "mujeres": "women", "hombres": "men", "niños": "children", "niñas": "girls",
    "familias": "families", "hogares": "households", "refugiados": "refugees", "migrantes": "migrants",
    "la": "the", "los": "the", "las": "the",
}  # fmt: skip
