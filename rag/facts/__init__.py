"""What a citation check compares: quantities, dates and names of a text, whatever their notation.

``check`` holds a sentence against its evidence; ``quantities`` and ``names`` read one text.
English and Spanish; no model.
"""

from rag.facts.check import FactCheck, check, held_names, open_words
from rag.facts.names import Name, NameIndex, countries, names
from rag.facts.numbers import Quantity, quantities
from rag.facts.units import CURRENCIES

__all__ = [
    "CURRENCIES",
    "FactCheck",
    "Name",
    "NameIndex",
    "Quantity",
    "check",
    "countries",
    "held_names",
    "names",
    "open_words",
    "quantities",
]
