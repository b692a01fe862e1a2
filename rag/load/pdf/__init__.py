"""PDF to text with its layout."""

from rag.load.pdf.read import MAX_PAGES, load_pdf

__all__ = ["MAX_PAGES", "load_pdf"]
