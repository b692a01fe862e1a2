"""Every figure, date, unit and name of a sentence against its evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from rag.dates import DateMention, blank_markup, find_dates
from rag.facts.bind import Label, labels, misbound
from rag.facts.compare import Match, match_date, match_quantity
from rag.facts.names import Name, NameIndex, names_of
from rag.facts.numbers import Quantity, quantities_of
from rag.facts.polarity import flips
from rag.facts.units import CURRENCY_WORDS, PERCENT_WORDS, QUALIFIER_WORDS, unit_of
from rag.text import fold, language_of, stem, words

_MOST_FIGURES = 64  # of a sentence whose labels are compared; beyond it is no sentence


@dataclass(frozen=True, slots=True)
class FactCheck:
    """What evidence lacks of a sentence, quoted from the sentence.

    ``missing``: figures, dates and names that the evidence does not hold or contradicts.
    ``doubts``: those that it holds in another sense: a dropped "more than", a figure that counts
    something else there, a word whose opposite stands there.
    ``contrary``: figures that stand there with other words or another place, or less often, days for
    which other days stand there, and words whose opposite does. Who writes freely must not be believed on these.
    """

    missing: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    contrary: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Facts:
    """A text with everything in it that can be compared."""

    shown: str
    quantities: tuple[Quantity, ...]
    dates: tuple[DateMention, ...]
    names: tuple[Name, ...]
    units: frozenset[str]


@lru_cache(maxsize=256)
def _read(text: str) -> _Facts:
    shown = blank_markup(text)
    dates = tuple(find_dates(shown))
    spans = [(mention.start, mention.end) for mention in dates]
    found = tuple(quantities_of(shown, spans))
    spans += [(quantity.start, quantity.end) for quantity in found]
    units = {unit_of(match.group()) for match in (*PERCENT_WORDS.finditer(shown), *CURRENCY_WORDS.finditer(shown))}
    return _Facts(shown, found, dates, tuple(names_of(shown, spans)), frozenset(units))


def check(sentence: str, evidence: Sequence[str], *, context: str = "") -> FactCheck:
    """Compare a sentence with evidence and say what does not hold.

    Figures must occur in ``evidence`` itself; names, years and full dates may also come from
    ``context`` (title, period, section, heads of a table). Notation, language and Markdown make
    no difference. Meaning is judged only as far as ``FactCheck.doubts`` says.
    """
    stated, around = _read(sentence), _read(context)
    held = [_read(text) for text in evidence]
    missing: list[str] = []
    doubts: list[str] = []
    _check_quantities(stated, held, around, missing, doubts)
    _check_dates(stated, held, around, missing, doubts)
    index = NameIndex([*evidence, context])
    missing += [stated.shown[name.start : name.end] for name in stated.names if index.lacks(name)]
    language = language_of(sentence)
    bound_to_others = _misbound(stated, held, language)
    turned = flips(stated.shown, [facts.shown for facts in held], language)
    doubts += bound_to_others + turned
    contrary = _overused(stated, held) + _elsewhere(stated, held, language) + bound_to_others + turned
    contrary += _other_days(stated, held, around)
    return FactCheck(_unique(missing), _unique(doubts), _unique(contrary))


def open_words(sentence: str) -> str:
    """``sentence`` with its markup, dates, and figures with their qualifiers replaced by spaces."""
    facts = _read(sentence)
    characters = list(facts.shown)
    for found in (*facts.quantities, *facts.dates):
        characters[found.start : found.end] = " " * (found.end - found.start)
    for quantity in facts.quantities:
        start = max(0, quantity.start - 48)
        for match in words(facts.shown[start : quantity.start]) if quantity.qualifier else ():
            if fold(match.group()) in QUALIFIER_WORDS:
                characters[start + match.start() : start + match.end()] = " " * len(match.group())
    return "".join(characters)


def held_names(sentence: str, evidence: Sequence[str]) -> list[str]:
    """List the names of ``sentence`` that occur in ``evidence``, as ``sentence`` writes them."""
    facts, index = _read(sentence), NameIndex(evidence)
    return [facts.shown[name.start : name.end] for name in facts.names if not index.lacks(name)]


def _check_quantities(
    stated: _Facts, held: Sequence[_Facts], around: _Facts, missing: list[str], doubts: list[str]
) -> None:
    units = around.units.union(*(facts.units for facts in held))
    found = [quantity for facts in held for quantity in _readings(facts)]
    counts = Counter(quantity.value for quantity in found)
    used: Counter[Decimal] = Counter()
    matches: dict[tuple[object, ...], Match] = {}
    for quantity in stated.quantities:
        written = stated.shown[quantity.start : quantity.end]
        key = (quantity.value, quantity.unit, quantity.qualifier, quantity.step)
        if key not in matches:
            matches[key] = max((match_quantity(quantity, other, units) for other in found), default=Match.NONE)
        best = matches[key]
        used[quantity.value] += 1
        if best is Match.NONE:
            missing.append(written)
        elif best is Match.PARTLY or used[quantity.value] > max(counts[quantity.value], 1):
            doubts.append(written)


def _readings(facts: _Facts) -> list[Quantity]:
    """All quantities of a text; also its bare years and the parts of "12 500", which may be two cells."""
    found = list(facts.quantities)
    for quantity in facts.quantities:
        parts = facts.shown[quantity.start : quantity.end].split(" ")
        if len(parts) > 1 and all(part.isdigit() for part in parts):
            found += [Quantity(quantity.start, quantity.end, Decimal(part)) for part in parts]
    for mention in facts.dates:
        written = facts.shown[mention.start : mention.end]
        if written.isdigit():
            found.append(Quantity(mention.start, mention.end, Decimal(written)))
    return found


def _check_dates(stated: _Facts, held: Sequence[_Facts], around: _Facts, missing: list[str], doubts: list[str]) -> None:
    inside = [mention for facts in held for mention in facts.dates]
    everywhere = inside + list(around.dates)
    years = frozenset(
        year for mention in everywhere for year in (mention.first.year, mention.last.year) if year is not None
    )
    plain = {
        facts.shown[quantity.start : quantity.end]
        for facts in held
        for quantity in facts.quantities
        if not quantity.unit
    }
    counts = Counter((mention.first, mention.last) for mention in everywhere)
    used: Counter[object] = Counter()
    for mention in stated.dates:
        written = stated.shown[mention.start : mention.end]
        key = (mention.first, mention.last)
        used[key] += 1
        whole = mention.first.year is not None or mention.first.month is None
        best = match_date(mention, everywhere if whole else inside, years)
        if best is Match.NONE and written not in plain:
            missing.append(written)
        elif best is Match.PARTLY or used[key] > max(counts[key], 1):
            doubts.append(written)


def _misbound(stated: _Facts, held: Sequence[_Facts], language: str) -> list[str]:
    if not stated.quantities:
        return []
    known: list[Label] = [label for facts in held for label in labels(facts.shown, facts.quantities, language)]
    found = []
    for label in labels(stated.shown, stated.quantities[:_MOST_FIGURES], language):
        right = [other for other in known if match_quantity(label.quantity, other.quantity) is not Match.NONE]
        others = [other for other in known if other.quantity.value != label.quantity.value]
        if misbound(label, right, others):
            found.append(stated.shown[label.quantity.start : label.quantity.end])
    return found


def _overused(stated: _Facts, held: Sequence[_Facts]) -> list[str]:
    """Figures that the sentence gives to more things than the evidence does, "40 in Lima and 40 in Tacna"."""
    counts = Counter(quantity.value for facts in held for quantity in _readings(facts))
    used: Counter[Decimal] = Counter()
    found = []
    for quantity in stated.quantities:
        used[quantity.value] += 1
        if used[quantity.value] > max(counts[quantity.value], 1):
            found.append(stated.shown[quantity.start : quantity.end])
    return found


def _elsewhere(stated: _Facts, held: Sequence[_Facts], language: str) -> list[str]:
    """Figures with the name that the evidence gives to another figure: "500 in Tacna" for "500 in Lima, 40 in Tacna".

    Only where the evidence names something beside the figure itself, and the sentence none of it.
    """
    if not stated.names or len(stated.quantities) > _MOST_FIGURES:
        return []
    known = [label for facts in held for label in _named(facts, language)]
    found = []
    for quantity, names in _named(stated, language):
        right = [others for other, others in known if match_quantity(quantity, other) is not Match.NONE]
        wrong = frozenset().union(*(others for other, others in known if other.value != quantity.value))
        if right and all(mine and not names & mine and names & (wrong - mine) for mine in right):
            found.append(stated.shown[quantity.start : quantity.end])
    return found


def _other_days(stated: _Facts, held: Sequence[_Facts], around: _Facts) -> list[str]:
    """Days that only the context gives, such as that of publication, where the evidence gives others."""
    inside = [mention for facts in held for mention in facts.dates]
    everywhere = [*inside, *around.dates]
    years = frozenset(mention.last.year for mention in everywhere if mention.last.year is not None)
    if not any(mention.last.day for mention in inside):
        return []
    return [
        stated.shown[mention.start : mention.end]
        for mention in stated.dates
        if mention.last.day and match_date(mention, inside, years) is Match.NONE
    ]


def _named(facts: _Facts, language: str) -> list[tuple[Quantity, frozenset[str]]]:
    """Each figure with the stems of the names that label it."""
    named = {stem(word, language) for name in facts.names for word in name.words}
    return [(label.quantity, label.all & named) for label in labels(facts.shown, facts.quantities, language)]


def _unique(found: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(" ".join(text.split()) for text in found))
