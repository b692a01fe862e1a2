from rag.facts.numbers import Quantity, quantities
