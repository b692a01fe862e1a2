"""Office documents as reports: text documents, slides, spreadsheets."""

from rag.load.office.document import load_docx
from rag.load.office.sheets import load_csv, load_xlsx
from rag.load.office.slides import load_pptx

__all__ = ["load_csv", "load_docx", "load_pptx", "load_xlsx"]
