"""Section detection: headings, their tree, and what stands under them.

``detect_sections`` finds them in a text alone, text → lines → furniture → runs → headings → tree → blocks, one module
each; ``sections_of`` takes the parts that a file's layout tells.
"""

from rag.sections.detect import detect_sections
from rag.sections.parted import sections_of

__all__ = ["VERSION", "detect_sections", "sections_of"]

VERSION = 3  # raised whenever the same text would be divided otherwise
