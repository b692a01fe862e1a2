"""Word lists of general use in humanitarian reports, English and Spanish, all folded.

They are weak evidence: they tip a decision that the layout leaves open, and never make a
heading by themselves.
"""

from __future__ import annotations

# Headings that stand at the top level of many reports.
GENERIC_HEADINGS = frozenset(
    phrase.strip()
    for line in """
    abbreviations|acknowledgements|acronyms|annex|annexes|background|challenges|conclusion|conclusions
    contents|context|coordination|executive summary|financial considerations|financial situation|funding
    funding situation|funding status|gaps|gaps and challenges|good practices|highlights
    humanitarian context|humanitarian needs|humanitarian situation|introduction|key achievements
    key figures|key messages|lessons learned|lessons learnt|methodology|monitoring|national context
    needs|next steps|objectives|observations|operational context|overview|partners|partnerships
    priorities|recommendations|response|results|situation|situation overview|strategy|summary
    way forward|way ahead|antecedentes|avances|brechas|buenas practicas|cifras clave|conclusion
    conclusiones|contexto|contexto nacional|coordinacion|desafios|destacados|financiamiento|financiacion
    introduccion|lecciones aprendidas|mensajes clave|metodologia|necesidades|necesidades humanitarias
    objetivos|panorama general|presentacion|prioridades|proximos pasos|recomendaciones|respuesta
    respuesta humanitaria|resultados|resumen|resumen ejecutivo|retos|situacion|situacion humanitaria
    socios
    """.strip().splitlines()
    for phrase in line.split("|")
)

# Names of boxes beside the text: a heading of this name without a body heads no section.
BOX_LABELS = frozenset(
    """highlight highlights spotlight box recuadro destacado destacados infographic infografia
    focus""".split()
)

# A heading of these words with nothing under it holds the headings that follow.
CONTAINERS = frozenset(
    """projects programmes programs sectors sectoral sectorial interventions activities clusters areas
    pillars regions proyectos programas sectores sectorial intervenciones actividades areas pilares
    regiones""".split()
)

# First words of "Area of intervention 2." and the like, whose title may stand on the next line.
SERIES_WORDS = frozenset(
    """annex anexo annexe appendix apendice area axis eje chapter capitulo component componente goal meta
    module modulo objective objetivo outcome output producto resultado part parte phase fase pillar
    pilar priority prioridad section seccion sector step paso strategic strategy estrategia theme tema
    linea lineamiento""".split()
)
ANNEXES = frozenset(["annex", "anexo", "annexe", "appendix", "apendice", "annexes", "anexos"])

# Line starts that caption a picture or a table, rather than head a section.
CAPTION_WORDS = frozenset(
    """figure figura fig table tabla cuadro chart grafico grafica map mapa graph image imagen photo foto
    box""".split()
)
NOTE_WORDS = frozenset("""source sources note notes fuente fuentes nota notas abbreviations abreviaturas""".split())

REPORT_WORDS = frozenset(
    """report reports sitrep bulletin boletin informe reporte factsheet newsletter dashboard snapshot
    flash update actualizacion""".split()
)

# Words that leave a line open: what follows on the next line belongs to it.
JOINING_WORDS = frozenset(
    """a al and as at by con de del e el en for from in including into la las los of on or para per por
    que the to un una with y""".split()
)

# What humanitarian organisations are called; at least a few of them make a run of names a partner list.
ORGANISATIONS = frozenset(
    """acf acnudh acnur actionaid adra aecid care caritas cesvi cicr cruz roja drc echo fao ficr giz goal
    handicap helvetas hias icrc ifrc ilo intersos iom irc islamic lwf lwr malteser medair medecins
    mercy nrc ocha ohchr oim oit onusida oms ops oxfam padf paho plan pnud pma qrcs ret samaritan save
    solidarites tearfund tdh techo un unaids undp unesco unfpa unhabitat unhcr unicef unodc unops unrwa
    usaid unwomen warchild welthungerhilfe wash gbv nfi mhpss wfp who wvi world vision zoa""".split()
)

# Capitals of at most five letters that are words, not acronyms.
COMMON_SHORT = frozenset(
    """
    a age aged an and area areas as at basic by care cash child data death donor early fact first flow
    food for from funds girls goals head home host human in is key lack land last legal life list local
    main map men more name need needs new next no not note of off on one or other our out over page part
    per plan point pre pro range rate risk road rural safe shock site sites staff state step steps table
    team teams text than the their to total trade trend two type under unit up urban use users vs war
    was water way we were who why with women work world year years youth boys camps city cases costs
    entry gaps health hotel house labor media model north south east west peace phase power press price
    agua ano antes bajo base caja casa casos cifra clave como con costo curso dato datos de del desde e
    edad eje ejes el en entre era es estas este fase fin flujo fondo fuera gente hasta hogar hoja la las
    lista lo los mapa mas meta metas mesa mesos meses modo mujer niez ninas ninos nino norte nota nuevo
    o para pais pasos paz pobre por punto que red redes resto retos salud se sede segun sin sobre socio
    son su sur tabla tasa tema temas tipo un una unos uso vida y zona zonas
    """.split()
)
