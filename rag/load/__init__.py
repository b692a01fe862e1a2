"""Load: files and folders to Reports.

``find_files`` lists what there is to read, with each folder's ``reports.toml``; ``load_report``
reads one file::

    for source in find_files(["reports/"]).sources:
        report = load_report(source.path, source.metadata)

Text and Markdown are read in this process; every other format in a child process with limits on memory and time
(``apart``), after its first bytes (``sniff``) and its archive (``archive``) were looked at.
"""

from rag.load.catalogue import CATALOGUE_NAME, KEYS, Metadata, parse_table, read_catalogue
from rag.load.corrections import corrected, marked, overruled, read_corrections, save_corrections, saved_corrections
from rag.load.decode import MAX_FILE_BYTES, Content
from rag.load.filename import report_id
from rag.load.files import LOADERS, Found, Loader, Skipped, Source, find_files
from rag.load.pdf.ocr import installed_languages as ocr_languages
from rag.load.report import BY_HAND, load_report

VERSION = 1  # raise it with every change to what files are read as: then they are read again

__all__ = [
    "BY_HAND",
    "CATALOGUE_NAME",
    "KEYS",
    "LOADERS",
    "MAX_FILE_BYTES",
    "VERSION",
    "Content",
    "Found",
    "Loader",
    "Metadata",
    "Skipped",
    "Source",
    "corrected",
    "find_files",
    "load_report",
    "marked",
    "ocr_languages",
    "overruled",
    "parse_table",
    "read_catalogue",
    "read_corrections",
    "report_id",
    "save_corrections",
    "saved_corrections",
]
