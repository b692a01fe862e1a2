"""Section detection: headings, their tree, and what stands under them.

``detect_sections`` runs text → lines → furniture → runs → headings → tree → blocks, one module each.
"""

from rag.sections.detect import detect_sections

__all__ = ["VERSION", "detect_sections"]

VERSION = 3  # raised whenever the same text would be divided otherwise
