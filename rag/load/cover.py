"""The front of a report: its masthead, title and kind."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rag.dates import find_dates
from rag.load.head import HeadLine
from rag.load.names import find_type, is_publisher, type_spans
from rag.text import fold

_COVER_LINES = 30  # lines with words on them, within which a title must come
_MAX_TITLE_WORDS = 36  # the longest titles, of letters to the Security Council, have 33
_MAX_TITLE_LINES = 6
_MAX_ADDED_WORDS = 10
_KIND_WITHIN, _MIN_KIND_WORDS = 6, 5
_FULL_LINE = 45  # characters of a title in capitals that fill a line, so that the next one goes on

_MASTHEAD = re.compile(
    r"(?:.*\b)?distr\.?:|original:|english$|spanish$|(?:agenda )?item \d|.*\bsession\b.{0,12}$|[a-z-]+ year$|"
    r"for (?:decision|information|action|discussion)$|\W*(?:page|pagina|pag\.?) \d|(?:©|photo|foto|updated )|"
    r".*(?:https?://|www\.)|.*@\w+\.|.*\bdata as (?:of|rec|rep)|(?:executive|governing) (?:board|council)$|"
    r"(?:published|issued|publication date|date(?: of \w+)?|creation date|updated?|sources?|contact)\s?:|"
    r"(?:language|fecha(?: de \w+)?|publicado|actualizado|fuentes?|contacto|date de \w+)\s?[:(|]|"
    r"(?:date de (?:publication|rapportage|redaction|parution)|(?:provinces|zones de sante) touchees)\b|"
    r"(?:pays|provinces?|zones? de sante)(?:/\w+)?\s?[:|]|original ?:|"
    r"(?:(?:reporting )?period|period[eo])(?: [\w ]+)?\s?:|"
    r"(?:this|the present) (?:document|report) |est[ea] (?:documento|informe|publicacion) "
)  # matched against folded lines
# "S/2025/153" alone or at a line's end, and printers' numbers such as "25-07314 (E)".
_DISTRIBUTION = re.compile(r"\bdistr\.|\boriginal ?: ?\w+$")
_SYMBOL = re.compile(r"(?:.*\s)?[A-Z]{1,5}/[\w./()-]*\d[\w./()*-]*$|\*?\d{2}-?\d{5}\*?(?!\w)")
_GENERIC = frozenset(
    heading.strip()
    for heading in """
    current situation; humanitarian situation; health situation; in numbers; operational updates
    key developments
    summary; executive summary; introduction; background; context; contents; table of contents; overview
    highlights; key highlights; review highlights; key figures; key messages; situation; situation overview
    situation in numbers; response; needs; coordination; funding; funding status; funding situation; foreword
    preface; acknowledgements; abstract; annex; national context
    resumen; resumen ejecutivo; introduccion; antecedentes; contexto; contexto nacional; contenido; indice
    panorama; panorama general; destacados; puntos destacados; cifras clave; mensajes clave; situacion
    respuesta; necesidades; coordinacion; financiamiento; prologo; anexo
    resume; resume executif; contexte; sommaire; table des matieres; apercu; faits saillants; points saillants
    messages cles; chiffres cles; reponse; besoins; financement; avant-propos; annexe""".replace("\n", ";").split(";")
)  # headings of sections, folded
_BODY = re.compile(r"(?:[IVX]{1,5}|[A-Z]|\d{1,2})[.)](?:\s|$)|[-*•▪●–]\s+\w|\|")
_SENTENCE_STARTS = frozenset("""a as in on the this el en la los las un""".split())
# Words that a title's broken line ends with or goes on with.
_LINKS = """
about addressed against among and at between by during for from into its of or per pursuant since their
through to towards under upon van von der with within without & al ante como con contra de del desde durante
e entre hacia hasta o para por segun sin sobre su sus tras una y
    au aux dans des du et ou par pour sous sur vers"""
_JOINING = _SENTENCE_STARTS.union(_LINKS.split())
_SENTENCE = re.compile(  # what sentences have and titles lack
    r"\b(?:is|are|was|were|will|has|have|had|been|es|son|fue|fueron|ha|han|hay|ser[aá]n?|est|sont|ont|[eé]t[eé])\b|"
    r"^(?:In|On|At|Since|Over|As|Following|According|Durante|En|Desde|Seg[uú]n) (?:[^,]+, |of \d)"
)
_NO_TITLE = re.compile(
    r"(?:microsoft|untitled|sin t[ií]tulo|sans titre|document\d*\b|layout|template|plantilla|print)|.*\.\w{2,5}$|.*://",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"\b(?:report|reporte|informe|rapport|sit-?rep|update)\b.{0,20}(?:\bn[o°º]\.?|#) ?\d+$", re.IGNORECASE
)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_WORD = re.compile(r"[^\W\d_]{3,}")


def find_title(lines: Sequence[HeadLine]) -> str:
    """Title of the report from its front, ``""`` when there is none.

    The first top-level Markdown heading, else the first line that reads like a title, else the
    one before a line with the kind of report, which is added: "Central African Republic: Report
    of the Secretary-General". Titles that were broken into lines are joined.
    """
    blocks = list(_blocks(lines[_after_masthead(lines) :])) or list(_blocks(lines))
    if not blocks:
        return next((line.text for line in lines if _names_report(line.text)), "")
    kind = next((number for number, block in enumerate(blocks[:8]) if _only_kind(block.text)), None)
    chosen = next((number for number, block in enumerate(blocks) if block.level == 1), None)
    if chosen is None:
        chosen = max(kind - 1, 0) if kind is not None else _first_of_kind(blocks)
    title, following = blocks[chosen].text, blocks[chosen + 1 : chosen + 2]
    if not following:
        return title
    if chosen == kind:  # the kind comes first: "Situation report no. 3", then what it is about
        other = blocks[chosen].level or following[0].level or find_type(following[0].text)
        return title if other else f"{title}: {following[0].text}"
    added = following[0].text
    if _NUMBERED.search(title) and len(added.split()) >= _MIN_KIND_WORDS and not following[0].level:
        return f"{title}: {added}"  # "Peru: Situation report no. 3", then what it is about
    if not find_type(title) and find_type(added) and len(added.split()) <= _MAX_ADDED_WORDS:
        return added if fold(title) in fold(added) else f"{title}: {added}"
    return _fuller(blocks, chosen)


def _first_of_kind(blocks: Sequence[HeadLine]) -> int:
    """The first block that begins with the kind of report and goes on, where none before it names one; else 0."""
    for number, block in enumerate(blocks[:_KIND_WITHIN]):
        if spans := type_spans(block.text):
            begins = any(start == 0 for start, _ in spans) and len(block.text.split()) >= _MIN_KIND_WORDS
            return number if begins else 0
    return 0


def _after_masthead(lines: Sequence[HeadLine]) -> int:
    """Where the lines begin that follow the distribution and language of a United Nations document."""
    ends = [number for number, line in enumerate(lines[:_COVER_LINES], 1) if _DISTRIBUTION.search(fold(line.text))]
    return ends[-1] if ends else 0


def _fuller(blocks: Sequence[HeadLine], chosen: int) -> str:
    """A title of one word, such as a country, gives way to the next line if that contains it."""
    title = blocks[chosen].text
    for block in blocks[chosen + 1 : chosen + 3]:
        if len(title.split()) == 1 and fold(title) in fold(block.text).split():
            return block.text
    return title


def _blocks(lines: Sequence[HeadLine]) -> Iterator[HeadLine]:
    """Title-like lines before the body begins, broken ones joined."""
    rows = number = found = 0
    shown = lines[:_COVER_LINES]
    while number < len(shown):
        line = shown[number]
        number += 1
        if is_masthead(line.text) or _is_date(line.text) or (fold(line.text) in _GENERIC and not found):
            continue
        if is_figures(line.text):
            rows += len(_NUMBER.findall(line.text)) > 1 or found > 0
            if rows > 1:  # a table or a block of key figures
                return
            continue
        if _BODY.match(line.text) or fold(line.text) in _GENERIC or line.text[0].islower():
            return
        joined, count = line.text, 1
        while number < len(shown) and _wraps(joined, shown[number]):
            joined, count, number = f"{joined} {shown[number].text}", count + 1, number + 1
        if _is_prose(joined) or count > _MAX_TITLE_LINES:
            return
        found += 1
        yield HeadLine(joined, line.level, line.after_blank)


def is_masthead(line: str) -> bool:
    """Whether a line at the front is a document symbol, an organisation, an agenda item or the like."""
    return bool(_MASTHEAD.match(fold(line)) or _SYMBOL.match(line)) or is_publisher(line)


def is_figures(line: str) -> bool:
    """Whether a line holds figures rather than words: "1.54M", "HEALTH 320.0 K 127.0 K"."""
    words, numbers = len(_WORD.findall(line)), len(_NUMBER.findall(_undated(line)))
    return not words or numbers > max(1, words)


def _is_date(line: str) -> bool:
    rest = re.sub(r"\b(?:as (?:of|at)|al)\b", "", _undated(line), flags=re.IGNORECASE)
    return rest != line and not re.search(r"[^\W\d_]{2,}|\d", rest)


def _undated(line: str) -> str:
    for mention in reversed(find_dates(line)):
        line = line[: mention.start] + line[mention.end :]
    return line


def _wraps(title: str, following: HeadLine) -> bool:
    """Whether a title goes on in the next line."""
    if following.after_blank or following.level:
        return False
    last, first = fold(title).split()[-1].strip("(),"), fold(following.text).split()[0]
    if last in _JOINING or title.endswith((",", "-", "/")):
        return True
    if is_masthead(following.text) or _BODY.match(following.text):
        return False
    if following.text[0].islower() or following.text[0] == "(":
        return True
    capitals = following.text.isupper() and title.isupper()  # tells nothing about where a sentence starts
    if capitals and len(title) >= _FULL_LINE and not find_type(following.text):
        return True
    if first in _JOINING and (capitals or first not in _SENTENCE_STARTS):
        return True
    return any(start < len(title) < end for start, end in type_spans(f"{title} {following.text}"))


def _is_prose(line: str) -> bool:
    count = len(line.split())
    return (
        count > _MAX_TITLE_WORDS
        or line.endswith((".", ";", ":"))
        or (count > 5 and _SENTENCE.search(line) is not None)
        or (count > 8 and re.search(r"[a-záéíóúñ)]\. [A-ZÁÉÍÓÚÑ]", line) is not None)
    )


def _only_kind(line: str) -> bool:
    """Whether a line says no more than the kind of report, with its number or date."""
    for start, end in type_spans(line):
        rest = _undated(f"{line[:start]} {line[end:]}")
        if all(fold(word) in _JOINING for word in _WORD.findall(rest)):
            return True
    return False


def _names_report(line: str) -> bool:
    """Whether a line among figures or in the body names the report: its kind first, or kind and date only."""
    if not find_type(line, own_line=True) or _is_prose(line):
        return False
    begins = any(start == 0 for start, _ in type_spans(line)) and len(line.split()) > 2
    return begins or (bool(find_dates(line)) and len(line.split()) <= 10)


def is_title(line: str, stem: str) -> bool:
    """Whether a title among a file's properties is one: not empty, a program's, nor the file's name again."""
    return (
        len(_WORD.findall(line)) > 1
        and not _NO_TITLE.match(line)
        and fold(re.sub(r"\W|_", "", line)) != fold(re.sub(r"\W|_", "", stem))
    )


def own_line_type(lines: Sequence[HeadLine]) -> str:
    """Kind of report that begins or ends a short line near the front, ``""`` when there is none."""
    for line in lines:
        undated = _undated(line.text)
        ends = (re.search(r"\w", undated), re.search(r"[^\W\d_][^A-Za-z]*$", undated))
        is_sentence = line.text.endswith((".", ",")) or line.text[0].islower() or _SENTENCE.search(line.text)
        if None in ends or is_sentence or len(line.text.split()) > 10:
            continue
        first, last = ends[0].start(), ends[1].start()
        if any(start == first or start <= last < end for start, end in type_spans(undated)):
            kind = find_type(undated, own_line=True)
            if kind:
                return kind
    return ""
