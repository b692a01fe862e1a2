"""The heads of columns: lines above the first row of figures."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.sections.cells import Cell
from rag.text import fold

# What the first column of a table may list, folded, English, Spanish and French.
_LISTED = frozenset(
    """activity actividad actividades age ages area areas category categoria camp campamento cantones ciudad city
    cluster clusters community comunidad country countries departamento departamentos department departement
    description descripcion district districts distrito distritos donor donors donante edad estado gender genero group
    grupo grupos indicador indicadores indicateur indicateurs indicator indicators item items localidad location
    locations lugar mes modalidad modality month municipality municipio municipios nacionalidad name nationality
    nombre objective objetivo organisation organizacion organization output pais paises parroquia partner period
    periodo poblacion population province provinces provincia provincias rango region regiones regions resultado
    sector sectores sectors service servicio sex sexo site sites sitio socio source state status subsector theme tipo
    type ubicacion village year zona zone zones""".split()
)
_PIECE = re.compile(r"\S+")
_NUMBER_OF = re.compile(r"^(?:of|de)\s+(?=\w)")
_NOTE = re.compile(r"(?<=[\w%)])\s?[*†‡¹²³⁴⁵⁶⁷⁸⁹⁰]+$")


def lists(text: str) -> bool:
    """Whether a head says what the rows of a table are: "Sector", "Department of origin"."""
    first, *rest = fold(text).split() or [""]
    # A capital behind the first word begins another head: "Department People affected".
    return first.strip(".:/") in _LISTED and not any(word[0].isupper() for word in text.split()[1:]) and len(rest) < 5


def split_heads(text: str, kinds: Sequence[str]) -> tuple[str, ...]:
    """The heads of the columns in a text that lost its tab stops: "District Tents handed out Blankets".

    :param kinds: of the columns of figures, as from ``cells.shape``.

    A head begins at each capital, digit or per cent sign outside brackets. () unless that gives one
    for each column and a first that says what the rows are.
    """
    pieces: list[str] = []
    for match in _PIECE.finditer(text):
        word = match.group()
        # "June 2024" is one head, "2023 2024" are two.
        follows = len(pieces) > 1 and pieces[-1][-1].isalpha()
        opens = word[0].isupper() or word[0] in "%#" or (word[0].isdigit() and not follows)
        if pieces and (not opens or _open(pieces[-1])):
            pieces[-1] += f" {word}"
        else:
            pieces.append(word)
    return tally(pieces, kinds)


def tally(pieces: Sequence[str], kinds: Sequence[str]) -> tuple[str, ...]:
    """The heads of the columns of figures among ``pieces``, () where these do not fit the columns."""
    if len(pieces) != len(kinds) + 1 or not lists(pieces[0]) or any(map(_open, pieces)):
        return ()
    heads = tuple(map(without_note, pieces[1:]))
    fits = all(kind in "%-" or not head.startswith("%") for head, kind in zip(heads, kinds, strict=True))
    return heads if fits and len(set(heads)) == len(heads) else ()


def _open(piece: str) -> bool:
    return piece.count("(") > piece.count(")")


def without_note(head: str) -> str:
    """A head without the mark of a footnote ("Reached¹", "Received*"), and what is left of "# of partners"."""
    return _NUMBER_OF.sub("", _NOTE.sub("", head))


def merged_heads(lines: Sequence[Sequence[Cell]]) -> list[str]:
    """One head for each column from one line or several: "People" over "reached" is "People reached".

    A cell of an upper line stands over the empty ones right of it too. A lone one in the middle is
    centred over all columns or over some, nobody can tell: it is left out.
    """
    width = max((len(line) for line in lines), default=0)
    parts: list[list[str]] = [[] for _ in range(width)]
    for line in lines:
        filled = [place for place, cell in enumerate(line) if place and cell.text]
        below, spread = line is lines[-1], ""
        if not below and len(filled) == 1 and filled[0] > 1:
            continue
        for place, cell in enumerate(line):
            own = without_note(cell.text)
            spread = own or (spread if place > 1 and not below else "")
            if spread:
                parts[place].append(spread)
    return [" ".join(dict.fromkeys(found)) for found in parts]
